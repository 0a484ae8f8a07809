"""Controls: motion that must fail, each by the tests named for it. If one passes, the scorecard is broken."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from talkingeyes.audio import FEATURE_RATE_HZ, Speech
from talkingeyes.audio.speech import find_pauses, find_turns
from talkingeyes.evaluate import published
from talkingeyes.evaluate.actor import eyes_for, perform, synthetic_speech
from talkingeyes.evaluate.outcome import FAIL, PASS, Outcome
from talkingeyes.evaluate.recording import Recording
from talkingeyes.evaluate.reference import Reference, load_reference
from talkingeyes.evaluate.scorecard import score

SMOOTH_S = 0.080
PEOPLE = 6
SECONDS = 150.0
NOISE_SD_DEG = 7.0
"""Per axis: the SD of real people's gaze while speaking (15 eye-tracked people: 9.9 deg over both axes)."""
ASKED_OF_PEOPLE = tuple(range(1, 20))


@dataclass(frozen=True)
class Control:
    """Motion and the tests it must fail (or pass, for the positive control)."""

    name: str
    what: str
    tests: tuple[int, ...]
    expected: str
    build: Callable[[Sequence[Recording]], list[Recording]]


@dataclass(frozen=True)
class ControlResult:
    """What the tests said about a control."""

    control: Control
    outcomes: dict[int, Outcome]

    @property
    def caught(self) -> bool:
        """Every named test gave the expected verdict."""
        return all(o.verdict == self.control.expected for o in self.outcomes.values())

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        verdicts = {str(n): {"verdict": o.verdict, "why": o.why} for n, o in self.outcomes.items()}
        return {
            "name": self.control.name, "what": self.control.what, "expected": self.control.expected,
            "caught": self.caught, "tests": verdicts,
        }  # fmt: skip


def people(count: int = PEOPLE, seconds: float = SECONDS) -> list[Recording]:
    """Synthetic people with all couplings: the ground the controls are broken out of."""
    talking = [perform(seconds, 30.0, seed).recording for seed in range(count)]
    return [*talking, perform(seconds, 30.0, 100, role="listening").recording]


def frozen(base: Sequence[Recording]) -> list[Recording]:
    """Eyes hold the partner for ever."""
    out = []
    for r in base:
        head = r.motion.head_rad if r.motion.head_rad is not None else np.zeros((r.motion.num_frames, 3))
        eyes = eyes_for(np.zeros((r.motion.num_frames, 2)), head)
        out.append(replace(r, motion=r.motion.replace(eyes_rad=eyes)))
    return out


def white_noise(base: Sequence[Recording]) -> list[Recording]:
    """Eyes jump at random in every frame, as far as real gaze spreads."""
    rng = np.random.default_rng(7)
    out = []
    for r in base:
        noise = np.clip(rng.normal(0, NOISE_SD_DEG, (r.motion.num_frames, 1, 2)), -45, 45)
        eyes = np.radians(np.repeat(noise, 2, axis=1))
        out.append(replace(r, motion=r.motion.replace(eyes_rad=eyes)))
    return out


def smoothed(base: Sequence[Recording]) -> list[Recording]:
    """The same gaze, Gaussian-smoothed with sigma 80 ms."""
    return [published.smoothed(r, SMOOTH_S) for r in base]


def rolled(speech: Speech, seconds: float) -> Speech:
    """The same sound, circularly shifted in time."""
    by = round(seconds * FEATURE_RATE_HZ)
    tracks = ("loudness_db", "loudness", "pitch_hz", "voice", "brightness", "log_mel", "peak")
    moved: dict[str, Any] = {name: np.roll(getattr(speech, name), by, axis=0) for name in tracks}
    return replace(speech, turns=find_turns(moved["voice"]), pauses=find_pauses(moved["voice"]), **moved)


def shuffled_audio(base: Sequence[Recording]) -> list[Recording]:
    """Each motion with its sound shifted in time by a third or so."""
    rng = np.random.default_rng(11)
    return [
        replace(r, speech=rolled(r.speech, r.motion.duration_s * rng.uniform(0.25, 0.75)))
        for r in base
        if r.speech is not None
    ]


def crossed(base: Sequence[Recording]) -> list[Recording]:
    """The eyes of one clip in the head of the next."""
    out = []
    whole = [r for r in base if r.motion.head_rad is not None and r.motion.eyes_rad is not None]
    for r, other in zip(whole, [*whole[1:], whole[0]], strict=True):
        head = other.motion.head_rad
        assert head is not None
        frames = np.arange(r.motion.num_frames) % len(head)
        out.append(replace(r, motion=r.motion.replace(head_rad=head[frames])))
    return out


def _seeds(base: Sequence[Recording]) -> list[int]:
    return list(range(200, 200 + PEOPLE))


CONTROLS: tuple[Control, ...] = (
    Control("synthetic person", "all couplings in place: must pass", ASKED_OF_PEOPLE, PASS, list),
    Control("frozen gaze", "eyes hold the partner", (6, 8), FAIL, frozen),
    Control("white noise", "eyes jump at random in every frame", (2, 6), FAIL, white_noise),
    Control("smoothed gaze", "Gaussian, sigma 80 ms", (4,), FAIL, smoothed),
    Control("shuffled audio", "the sound shifted in time", (10, 16, 19), FAIL, shuffled_audio),
    Control("crossed clips", "eyes of one clip, head of another", (11, 12), FAIL, crossed),
    Control("SadTalker", "blinks after a uniform wait of 10-69 frames", (13, 15), FAIL,
            lambda base: published.sadtalker(SECONDS, _seeds(base))),
    Control("LAM_Audio2Expression", "metronome blinks, no sideways gaze", (7, 15), FAIL,
            lambda base: published.lam(SECONDS, _seeds(base))),
    Control("EmoFace", "glances of at most 83 ms", (9,), FAIL, lambda base: published.emoface(SECONDS, _seeds(base))),
    Control("UniLS", "Savitzky-Golay (9, 3) at 25 fps", (4,), FAIL,
            lambda base: published.unils(SECONDS, _seeds(base))),
    Control("Audio2Face-3D", "one table of saccades for all takes", (21,), FAIL,
            lambda base: published.audio2face(synthetic_speech(60.0, np.random.default_rng(5)), 10, 300)),
)  # fmt: skip


def run_controls(reference: Reference | None = None, base: Sequence[Recording] | None = None) -> list[ControlResult]:
    """Score every control.

    Args:
        reference: real people; the package's own when None.
        base: recordings with sound, head and eyes that the first controls are broken out of; `people` when None.

    Returns:
        One result per control; `ControlResult.caught` must hold for all.
    """
    reference = reference if reference is not None else load_reference()
    base = people() if base is None else base
    results = []
    for control in CONTROLS:
        card = score(control.build(base), reference, name=control.name, only=control.tests, curves=False)
        results.append(ControlResult(control, {r.test.number: r.outcome for r in card.results}))
    return results
