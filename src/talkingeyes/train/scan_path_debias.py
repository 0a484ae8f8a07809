"""Free running brought back to people: two numbers per character and state.

Trained on what people did before, a network is right one look at a time and still drifts when it believes only itself
(exposure bias; Bengio et al. 2015, Scheduled Sampling): on the partner for long, it expects to stay. So while chains
run freely two biases are found by stochastic approximation (Robbins & Monro 1951): on the log hazard of looking away,
until the chain is averted as much as the person was, and on the log hazard of any shift, until it makes as
many looks. Chains are compared as the eye tracker would have seen them (`evaluate.tracker`), for it loses large shifts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.evaluate.eye_tracker import Fixations
from talkingeyes.evaluate.observer import of_shifts
from talkingeyes.evaluate.tracker import Tracker, merged, split_at_breaks
from talkingeyes.generate.cues import UNKNOWN_S, Cues, bridged, time_since_pause
from talkingeyes.generate.plan import PLAN_RATE_HZ, STEP_S
from talkingeyes.generate.scanpath.conditions import STATES
from talkingeyes.generate.scanpath.network import ScanPathModel
from talkingeyes.generate.scanpath.process import ScanPathProcess
from talkingeyes.generate.scanpath.rows import AVERTED_DEG
from talkingeyes.train.scan_path_rows import Looks, without_blinks

Array = NDArray[Any]

CHAINS = 2
GAINS = ((0.18, 0.7), (0.15, 0.6), (0.1, 0.5), (0.07, 0.3))
"""Of contact and activity; a unit of contact moves the log odds of being averted by about 4."""
LIMIT = 1.0
"""Largest bias, log hazard ratio."""
SHARED_FROM, SHARED_GAINS, SHARED_STEP = 4, (0.1, 0.6), (0.12, 0.25)
"""From which round on all biases of a state are moved together, by how much of what is off, and by how much at most."""
MERGED_DEG = {"speaking": 0.0, "listening": 1.0}
"""Smaller shifts do not count. Who listens rests, and small shifts are the tracker's noise as much as his; of who
speaks sight is lost after every third shift, so that looks at one place seldom join."""
LEAST_SEEN_S = 5.0
PHRASE_S, PAUSE_LOG_S = (1.0, 5.0), (-0.7, 0.5)
"""Phrases and pauses of somebody who talks on: uniform, log-normal."""
OWN_S = 60.0
"""Somebody seen for so long counts half, the average of all the other half."""
SHARE_RANGE = (0.01, 0.97)


@dataclass(frozen=True)
class Habits:
    """What of a gaze is matched: log odds of being averted, log of looks a second; of how many seconds."""

    averted: float
    rate: float
    seen_s: float

    @property
    def share(self) -> float:
        """Of time, averted."""
        return float(1 / (1 + np.exp(-self.averted)))


def habits_of(pieces: Sequence[Fixations]) -> Habits:
    """Of fixations off the partner of one state."""
    pieces = [merged(piece, MERGED_DEG[piece.state]) for piece in pieces]
    length = np.concatenate([p.end_s - p.start_s for p in pieces])
    place = np.concatenate([np.hypot(p.yaw_deg, p.pitch_deg) for p in pieces])
    share = float(np.clip((length * (place > AVERTED_DEG)).sum() / max(length.sum(), 1e-9), *SHARE_RANGE))
    rate = max(len(length), 1) / max(float(length.sum()), 1e-9)
    return Habits(float(np.log(share / (1 - share))), float(np.log(rate)), float(length.sum()))


def fixations_of(looks: Looks) -> Fixations:
    """The same looks as an eye tracker's table."""
    end = looks.start_s + looks.dwell_s
    return Fixations(looks.person, STATES[looks.state], looks.start_s, end, *looks.look_deg.T)


def _without_blinks(piece: Fixations) -> Fixations:
    """The same with looks that a blink interrupted as one, as the people's own are."""
    place = np.stack([piece.yaw_deg, piece.pitch_deg], axis=1)
    start, dwell, joined = without_blinks(piece.start_s, piece.end_s - piece.start_s, place)
    return replace(piece, start_s=start, end_s=start + dwell, yaw_deg=joined[:, 0], pitch_deg=joined[:, 1])


def targets(everybody: Sequence[Looks], names: Sequence[str]) -> dict[tuple[int, str], Habits]:
    """Each person's habits per state, drawn to the average of the state where little of somebody was seen."""
    own = {
        (names.index(looks.person), STATES[looks.state]): habits_of([fixations_of(looks)])
        for looks in everybody
        if looks.state < 2
    }
    out = {}
    for (person, state), habit in own.items():
        same = [h for (_, s), h in own.items() if s == state]
        weight = habit.seen_s / (habit.seen_s + OWN_S)
        mean = [float(np.mean([getattr(h, name) for h in same])) for name in ("averted", "rate")]
        out[person, state] = replace(
            habit, averted=weight * habit.averted + (1 - weight) * mean[0],
            rate=weight * habit.rate + (1 - weight) * mean[1],
        )  # fmt: skip
    return out


def tracker_of(everybody: Sequence[Looks], state: str) -> Tracker:
    """What the tracker lost of the looks of one state; what lies between two recordings is no loss."""
    tracked = [fixations_of(looks) for looks in everybody if STATES[looks.state] == state]
    return Tracker.fitted([piece for looks in tracked for piece in split_at_breaks(looks)])


def debiased(
    model: ScanPathModel, everybody: Sequence[Looks], names: Sequence[str], rounds: int, chain_s: float, seed: int = 0
) -> tuple[dict[tuple[int, str], list[float]], dict[str, float]]:
    """Biases of free running.

    Args:
        model: with characters in the order of ``names``.
        everybody: the people's looks.
        names: of the people.
        rounds: of free running.
        chain_s: length of a chain.
        seed: of the chains.

    Returns:
        (contact, activity) by character and state, and how far free running was off before and after.
    """
    wanted = targets(everybody, names)
    trackers = {state: tracker_of(everybody, state) for state in STATES[:2]}
    biases = {key: [0.0, 0.0] for key in wanted}
    apart: list[float] = []
    for turn in range(rounds + 1):
        off: list[list[float]] = []
        seen_off: dict[str, list[Array]] = {state: [] for state in STATES[:2]}
        for (index, state), goal in wanted.items():
            rng = np.random.default_rng([seed, turn, index, STATES.index(state)])
            chains = _chains(model, index, state, biases[index, state], chain_s, rng)
            found = habits_of(chains)
            seen = habits_of([_without_blinks(p) for p in trackers[state].seen(chains, rng) or chains])
            if seen.seen_s > LEAST_SEEN_S:
                seen_off[state].append(np.array([seen.share, goal.share, seen.rate - goal.rate]))
            off.append([found.averted - goal.averted, found.rate - goal.rate])
            if turn < rounds:
                if turn >= SHARED_FROM:
                    continue
                moved = np.array(biases[index, state]) + np.array(GAINS[turn]) * (off[-1][0], -off[-1][1])
                biases[index, state] = np.clip(moved, -LIMIT, LIMIT).tolist()
        apart.append(float(np.abs(off).mean()))
        if SHARED_FROM <= turn < rounds:
            _move_together(biases, seen_off)
    return biases, {"habits_off_before": apart[0], "habits_off": apart[-1]}


def _move_together(biases: dict[tuple[int, str], list[float]], seen_off: Mapping[str, Sequence[Array]]) -> None:
    """Move all biases of each state by what the chains, seen through the tracker, are off in the mean."""
    for state, off in seen_off.items():
        if not off:
            continue
        seen, goal, rate = np.mean(off, axis=0)
        apart = np.log(seen / (1 - seen)) - np.log(goal / (1 - goal))
        mean = np.array([apart * SHARED_GAINS[0], -rate * SHARED_GAINS[1]])
        step = np.clip(mean, -np.array(SHARED_STEP), SHARED_STEP)
        for key in biases:
            if key[1] == state:
                biases[key] = np.clip(np.array(biases[key]) + step, -LIMIT, LIMIT).tolist()


def _chains(
    model: ScanPathModel, index: int, state: str, bias: Sequence[float], chain_s: float, rng: np.random.Generator
) -> list[Fixations]:
    alone = model.alone(index, bias={state: (float(bias[0]), float(bias[1]))})
    cues = chain_cues(state, chain_s, rng)
    found = []
    for chain in range(CHAINS):
        process = ScanPathProcess(alone)
        gaze, shifts = process.start(cues, rng)
        for step in range(int(chain_s / STEP_S)):
            shifts += process.step(cues, gaze, step, rng)
        found.append(of_shifts(shifts, chain_s, f"chain {chain}", state))
    return found


def chain_cues(state: str, duration_s: float, rng: np.random.Generator) -> Cues:
    """Cues of somebody who talks on with pauses, or who listens, of whose voice nothing else is known.

    The eye-tracked people talked alone for minutes: what their pauses did to their gaze is part of their habits, so the
    chains pause as well (phrases of 1 to 5 s, pauses of about half a second).
    """
    frames = int(duration_s * PLAN_RATE_HZ) + 3 * PLAN_RATE_HZ
    zeros, never = np.zeros(frames), np.full(frames, UNKNOWN_S)
    voice, at = np.zeros(frames, bool), 0
    while at < frames and state == "speaking":
        phrase, pause = rng.uniform(*PHRASE_S), rng.lognormal(*PAUSE_LOG_S)
        voice[at : at + round(phrase * PLAN_RATE_HZ)] = True
        at += round((phrase + pause) * PLAN_RATE_HZ)
    nothing: Mapping[str, Any] = {"loudness": zeros, "accent": zeros, "pitch": zeros, "brightness": zeros}
    return Cues(
        role="speaking" if state == "speaking" else "listening", uttering=bridged(voice, round(0.5 * PLAN_RATE_HZ)),
        turn_starts_in_s=never, turn_ends_in_s=never, since_pause_s=time_since_pause(voice),
        hesitation=np.zeros(frames, bool), **nothing,
    )  # fmt: skip
