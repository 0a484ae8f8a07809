"""Edits of the head: nods, tilts, holds and offsets, as smooth movements of a neck."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.generate.edits.ranges import weights
from talkingeyes.generate.edits.read import Edit
from talkingeyes.generate.head.nods import HeadBeat
from talkingeyes.generate.head.process import LARGEST_STEP_RAD, within_limits
from talkingeyes.generate.plan import PLAN_RATE_HZ

Floats = NDArray[Any]

FASTEST_DEG_S = 120.0
"""Peak speed of what an edit adds."""
HOLD_RAMP_S = 0.35


def with_edit(head_rad: Floats, edit: Edit, duration_s: float) -> Floats:
    """(n, 3) the head with one edit.

    Raises:
        EditsError: it cannot be done.
    """
    for name in ("at_s", "from_s", "to_s"):
        if edit.get(name, 0.0) > duration_s + 0.05:
            raise edit.refused(f"{name} is {edit[name]:g}; the take ends at {duration_s:.2f} s", name)
    return _DO[edit.do](head_rad, edit, duration_s)


def calmed(head_rad: Floats, was_rad: Floats) -> Floats:
    """An edited head that is nowhere faster than a neck can be: what was changed is spread out where it would be.

    Each stretch that was changed is calmed on its own, so that what is elsewhere keeps its bytes.
    """
    head_rad = np.where(head_rad == was_rad, was_rad, within_limits(head_rad))
    change = head_rad - was_rad
    for first, last in _stretches(change.any(axis=1)):
        change[first:last] = _spread(change[first:last], was_rad[first:last])
    return was_rad + change


_SPREADS, _WIDTH = 6, 7
_ASIDE = _SPREADS * (_WIDTH // 2) + 1
"""Rows beside a change that spreading it out may reach."""


def _stretches(changed: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """First and last row (exclusive) of each stretch that was changed, with what lies beside it."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], changed, [False]]).astype(np.int8))).reshape(-1, 2)
    out: list[tuple[int, int]] = []
    for first, last in edges.tolist():
        first, last = max(0, first - _ASIDE), min(len(changed), last + _ASIDE)
        if out and first <= out[-1][1]:
            out[-1] = (out[-1][0], last)
        else:
            out.append((first, last))
    return out


def _spread(change: Floats, was_rad: Floats) -> Floats:
    """A change that is spread out until no step of the head is too large."""
    for _ in range(_SPREADS):
        if np.linalg.norm(np.diff(was_rad + change, axis=0), axis=1).max(initial=0.0) <= LARGEST_STEP_RAD:
            break
        padded = np.pad(change, ((_WIDTH // 2, _WIDTH // 2), (0, 0)), mode="edge")
        change = np.stack([np.convolve(padded[:, k], np.ones(_WIDTH) / _WIDTH, "valid") for k in range(3)], 1)
    return change


def _nod(head_rad: Floats, edit: Edit, duration_s: float) -> Floats:
    size, period = np.radians(edit["size_deg"]), edit["period_s"]
    fastest = np.degrees(abs(size)) * np.pi / period
    if fastest > FASTEST_DEG_S:
        least = np.degrees(abs(size)) * np.pi / FASTEST_DEG_S
        raise edit.refused(
            f"period_s is {period:g}; at least {least:.2f} is accepted for {edit['size_deg']:g} deg", "period_s"
        )
    beat = HeadBeat(edit["at_s"] - period / 2, 2 * period, int(edit["count"]), np.array([0.0, -size, 0.0]))
    first, last = np.clip(np.array([beat.start_s, beat.end_s]) * PLAN_RATE_HZ, 0, len(head_rad)).astype(int)
    out = head_rad.copy()
    out[first : last + 1] += beat.at(np.arange(first, min(last + 1, len(out))) / PLAN_RATE_HZ)
    return out


def _tilt(head_rad: Floats, edit: Edit, duration_s: float) -> Floats:
    return _moved(head_rad, edit, np.radians([0.0, 0.0, edit["roll_deg"]]), duration_s)


def _offset(head_rad: Floats, edit: Edit, duration_s: float) -> Floats:
    return _moved(
        head_rad, edit, np.radians([edit.get(f"{axis}_deg", 0.0) for axis in ("yaw", "pitch", "roll")]), duration_s
    )


def _moved(head_rad: Floats, edit: Edit, by_rad: Floats, duration_s: float) -> Floats:
    """The head turned by so much within the edit's range."""
    from_s, to_s = edit.get("from_s", 0.0), edit.get("to_s", duration_s)
    size = float(np.degrees(np.linalg.norm(by_rad)))
    needs_s = 1.875 * size / FASTEST_DEG_S
    ramps = (from_s > 0) + (to_s < duration_s - 0.02)
    if to_s - from_s < ramps * needs_s + 0.1:
        least = ramps * needs_s + 0.1
        raise edit.refused(
            f"the range is {to_s - from_s:.2f} s; at least {least:.2f} s is accepted for {size:g} deg", "to_s"
        )
    ramp_s = min(max(0.28 + 0.016 * size, needs_s), (to_s - from_s) / 2)
    return head_rad + weights(len(head_rad), from_s, _end(to_s, duration_s), ramp_s)[:, None] * by_rad


def _hold(head_rad: Floats, edit: Edit, duration_s: float) -> Floats:
    from_s, to_s = edit["from_s"], edit["to_s"]
    weight = weights(len(head_rad), from_s, _end(to_s, duration_s), HOLD_RAMP_S)
    inside = np.flatnonzero(weight > 0)
    if not len(inside):
        return head_rad
    still = head_rad[inside[min(len(inside) - 1, int(HOLD_RAMP_S * PLAN_RATE_HZ / 2) if from_s > 0 else 0)]]
    return head_rad + weight[:, None] * (still - head_rad)


def _end(to_s: float, duration_s: float) -> float:
    """A range that reaches the take's end covers the samples beyond it too."""
    return to_s if to_s < duration_s - 0.02 else 1e9


_DO: dict[str, Callable[[Floats, Edit, float], Floats]] = {
    "nod": _nod,
    "tilt": _tilt,
    "head.hold": _hold,
    "offset": _offset,
}
