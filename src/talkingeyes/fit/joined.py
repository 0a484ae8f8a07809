"""One motion from several people's: each frame from the person whose shot it shows."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes import rig
from talkingeyes.fit import smooth
from talkingeyes.motion import Motion

if TYPE_CHECKING:
    from talkingeyes.fit.fit import FitDiagnostics

Array = NDArray[Any]


def joined(parts: list[tuple[Motion, FitDiagnostics]], owner: NDArray[np.int64]) -> tuple[Motion, FitDiagnostics]:
    """Put the fits of several people together.

    Args:
        parts: whole-length fits, each right where its person is shown.
        owner: (T,) which part each frame is taken from.

    Returns:
        Motion and diagnostics of the whole; ``meta`` is that of the part with most frames, with each person's own fit
        beside it under ``people``.
    """
    main = int(np.bincount(owner).argmax())
    motion, seen = parts[main]
    arrays = {f.name: _picked([getattr(m, f.name) for m, _ in parts], owner) for f in fields(Motion)}
    told = {name: value for name, value in arrays.items() if value is not None}
    own = [m.meta["fit"] for m, _ in parts]
    fit = {**motion.meta["fit"], "frames_seen": sum(one["frames_seen"] for one in own)}
    whole = replace(motion, **told, meta={**motion.meta, "fit": fit, "people": own})
    assert whole.head_rad is not None and whole.eyes_rad is not None
    eyes = whole.eyes_rad.astype(float)
    for eye in range(2):
        eyes[:, eye] = smooth.limit_speed(eyes[:, eye], 0.97 * rig.LIMITS.eye_speed_rad_s / motion.fps)
    head = smooth.limit_speed(whole.head_rad.astype(float), 0.97 * rig.LIMITS.head_speed_rad_s / motion.fps)
    steps = np.concatenate([s.steps[owner[s.steps] == k] for k, (_, s) in enumerate(parts)])
    seen_arrays = {f.name: _picked([getattr(s, f.name) for _, s in parts], owner) for f in fields(seen)}
    diagnostics = {name: value for name, value in seen_arrays.items() if value is not None and name != "steps"}
    return replace(whole, head_rad=head, eyes_rad=eyes), replace(seen, **diagnostics, steps=np.sort(steps))


def _picked(values: list[Any], owner: NDArray[np.int64]) -> Array | None:
    """Row by row from the owner's array; None for what is not one row per frame."""
    if not all(isinstance(v, np.ndarray) and v.ndim and len(v) == len(owner) for v in values):
        return None
    return np.stack(values)[owner, np.arange(len(owner))]
