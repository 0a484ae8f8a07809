"""All that the observer is asked at once: gaze by role, head, head with loudness, eyes with head, blinks, mouth."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.errors import FormatError, SettingError
from talkingeyes.evaluate import course_features as noticed
from talkingeyes.evaluate import eye_fit
from talkingeyes.evaluate.courses import Course, Cut, Features, course_of, course_windows
from talkingeyes.evaluate.eye_tracker import Fixations, partner_of, read_fixations
from talkingeyes.evaluate.gaze_features import Windows, centred, gaze_windows
from talkingeyes.evaluate.lid_features import blink_features, one_blink, one_blink_features
from talkingeyes.evaluate.lid_tracker import LidTracker
from talkingeyes.evaluate.observer import GazeTest, Seen, by_person, of_motion, people_windows, two_sample
from talkingeyes.evaluate.recording import Recording
from talkingeyes.evaluate.reference import recordings_from_folder
from talkingeyes.evaluate.tracker import Tracker

Array = NDArray[Any]

STATES = {"speaking": "SPEAK", "listening": "LISTEN"}
FLOOR_DRAWS = 4
MOST_REAL, MOST_MADE = 8, 14
"""Windows of one clip and of one take, where courses are compared."""


@dataclass(frozen=True)
class CourseTest:
    """One question about courses: the channels, the length of a window, what is noticed in it, where windows lie."""

    name: str
    needs: tuple[str, ...]
    window_s: float
    features: Features
    cut: Cut | None = None


COURSE_TESTS: tuple[CourseTest, ...] = (
    CourseTest("head, 4 s", ("head",), 4.0, noticed.head_features),
    CourseTest("head with loudness, 4 s", ("head", "loudness"), 4.0, noticed.head_voice_features),
    CourseTest("eyes and head, 4 s", ("head", "gaze"), 4.0, noticed.eyes_head_features),
    CourseTest("blinks, 8 s", ("lids",), 8.0, blink_features),
    CourseTest("one blink, 1.2 s", ("lids",), 1.2, one_blink_features, one_blink),
    CourseTest("mouth, 4 s", ("face",), 4.0, noticed.mouth_features),
)


@dataclass(frozen=True)
class People:
    """Real people to compare with.

    Attributes:
        fixations: eye-tracked, all states.
        recordings: fitted or captured motion with its sound where it is known.
    """

    fixations: tuple[Fixations, ...] = ()
    recordings: tuple[Recording, ...] = ()


@dataclass(frozen=True)
class Observed:
    """One question and its answer.

    Attributes:
        name: what was looked at and for how long.
        seen: the answer.
        floor: AUC of people against other people, mean of several divisions.
        floor_spread: SD over the divisions.
    """

    name: str
    seen: Seen
    floor: float = float("nan")
    floor_spread: float = float("nan")

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return {
            "name": self.name, "auc": round(self.seen.auc, 4), "spread": round(self.seen.spread, 4),
            "floor": _number(self.floor), "floor_spread": _number(self.floor_spread),
            "windows": list(self.seen.windows), "groups": list(self.seen.groups),
            "tells": [vars(t) for t in self.seen.tells],
        }  # fmt: skip

    def line(self) -> str:
        """For a terminal."""
        floor = f"people {self.floor:.2f}" if np.isfinite(self.floor) else ""
        why = f"; {self.seen.told()[0]}" if self.seen.tells else ""
        return f"{self.name:<28} AUC {self.seen.auc:.2f} +- {self.seen.spread:.2f} {floor}{why}"


def _number(value: float) -> float | None:
    return round(value, 4) if np.isfinite(value) else None


@dataclass(frozen=True)
class Asking:
    """What is asked, and how hard.

    Attributes:
        gaze_windows_s: lengths of gaze windows.
        merges_deg: smaller shifts are merged; 0 keeps all.
        floor: also people against people.
        rounds: divisions into folds.
        seed: of everything random.
    """

    gaze_windows_s: tuple[float, ...] = (10.0, 20.0)
    merges_deg: tuple[float, ...] = (1.0, 0.0)
    floor: bool = True
    rounds: int = 2
    seed: int = 0


def read_people(paths: Sequence[Path]) -> People:
    """Real people from tables of fixations (.csv, .csv.gz) and folders of motions (.npz).

    Raises:
        FormatError: neither of them.
    """
    fixations: list[Fixations] = []
    recordings: list[Recording] = []
    for path in paths:
        if path.is_dir():
            folders = [p for p in (path, *sorted(path.iterdir())) if p.is_dir() and any(p.glob("*.npz"))]
            if not folders:
                raise FormatError(f"{path}: holds no motion (.npz) of real people")
            for folder in folders:
                own = recordings_from_folder(folder)
                recordings += [replace(r, recording_id=f"{folder.name}/{r.name}") for r in own]
        else:
            fixations += read_fixations(path)
    return People(tuple(fixations), tuple(recordings))


def observe(
    recordings: Sequence[Recording],
    people: People,
    asking: Asking | None = None,
    *,
    looks: Mapping[str, Sequence[Fixations]] | None = None,
    only: Sequence[str] | None = None,
    progress: Callable[[str], None] | None = None,
) -> list[Observed]:
    """Ask everything that both sides have data for.

    Args:
        recordings: generated motion; each take is a group of its own.
        people: real people.
        asking: what is asked.
        looks: by role, looks of generated gaze where they are known better than from the motion (a plan's shifts).
        only: the questions about courses that are asked, by name; all of them without it.
        progress: told what is asked next.
    """
    asked, tell = asking or Asking(), progress or (lambda _: None)
    out: list[Observed] = []
    made = looks if looks is not None else _looks(recordings)
    for role, state in STATES.items():
        real = [p for p in people.fixations if p.state == state]
        if not real or not made.get(role):
            continue
        partner = partner_of(list(people.fixations))
        for window_s in asked.gaze_windows_s:
            for merge_deg in asked.merges_deg:
                name = f"gaze {role}, {window_s:g} s{'' if merge_deg else ', all shifts'}"
                tell(name)
                test = GazeTest(window_s, merge_deg, seed=asked.seed, rounds=asked.rounds)
                _append(out, name, *gaze_sides(real, made[role], test, partner), asked)
    speaking = [r for r in recordings if r.role == "speaking"]
    theirs = [course_of(r, r.recording_id) for r in people.recordings]
    ours = courses_by_fits(speaking, people.recordings, asked.seed) if theirs else []
    for test in COURSE_TESTS:
        if only is not None and test.name not in only:
            continue
        tell(test.name)
        rng = np.random.default_rng(asked.seed)
        real_windows = windows_of(theirs, test, MOST_REAL, rng)
        made_windows = windows_of(ours, test, MOST_MADE, rng)
        _append(out, test.name, real_windows, made_windows, asked)
    return out


def windows_of(courses: Sequence[Course], test: CourseTest, most: int, rng: np.random.Generator) -> Windows:
    """What is noticed in the windows of one question."""
    return course_windows(courses, test.window_s, test.needs, test.features, most=most, rng=rng, cut=test.cut)


def courses_by_fits(made: Sequence[Recording], people: Sequence[Recording], seed: int = 0) -> list[Course]:
    """Takes with lids and gaze as fits of these people would have seen them (`lid_tracker`, `eye_fit`)."""
    tracker, rng = LidTracker.fitted(people), np.random.default_rng(seed)
    courses = [course_of(r if tracker is None else tracker.seen(r, rng), r.name) for r in made]
    return [eye_fit.through(c, rng) for c in courses] if eye_fit.is_fitted(people) else courses


def gaze_sides(
    real: Sequence[Fixations], made: Sequence[Fixations], test: GazeTest, partner: dict[str, tuple[float, float]]
) -> tuple[Windows, Windows]:
    """Windows of people, and of takes as a tracker would have seen them."""
    rng = np.random.default_rng(test.seed)
    people = people_windows(real, test, rng, partners_deg=partner)
    shown = Tracker.fitted(real).seen(made, rng) if test.impose else made
    takes = {who: centred(own) for who, own in by_person(shown).items()}
    return people, gaze_windows(takes, test.window_s, merge_deg=test.merge_deg, most=test.most, rng=rng)


def _append(out: list[Observed], name: str, real: Windows, made: Windows, asked: Asking) -> None:
    """The answer, where both sides have two groups with windows or more."""
    if min(len(np.unique(w.groups)) for w in (real, made)) < 2:
        return
    seen = two_sample(real, made, seed=asked.seed, rounds=asked.rounds)
    floor = floor_of(real, asked.seed) if asked.floor else (float("nan"), float("nan"))
    out.append(Observed(name, seen, *floor))


def floor_of(real: Windows, seed: int = 0, draws: int = FLOOR_DRAWS) -> tuple[float, float]:
    """AUC of half of the people against the other half: mean and SD over random halves."""
    names, rng = np.unique(real.groups), np.random.default_rng(seed)
    found = []
    for _ in range(draws if len(names) >= 4 else 0):
        half = np.isin(real.groups, rng.permutation(names)[: len(names) // 2])
        sides = [Windows(real.names, real.values[k], real.groups[k]) for k in (half, ~half)]
        found.append(two_sample(*sides, seed=seed, rounds=1, tells=False).auc)
    return (float(np.mean(found)), float(np.std(found))) if found else (float("nan"), float("nan"))


def _looks(recordings: Sequence[Recording]) -> dict[str, list[Fixations]]:
    out: dict[str, list[Fixations]] = {}
    for r in recordings:
        if r.role in STATES and (r.motion.eyes_rad is not None or r.motion.gaze_rad is not None):
            out.setdefault(r.role, []).append(of_motion(r.motion, r.name, STATES[r.role]))
    return out


@dataclass(frozen=True)
class Control:
    """Gaze that must be told from people's (or must not), by changing people's own."""

    name: str
    least_auc: float
    change: Callable[[Fixations], Fixations] = field(repr=False)


def shuffled(window: Fixations) -> Fixations:
    """The same looks in another order: where to is kept, returning is not."""
    order = np.random.default_rng(len(window.start_s)).permutation(len(window.start_s))
    return replace(window, yaw_deg=window.yaw_deg[order], pitch_deg=window.pitch_deg[order])


def narrowed(window: Fixations) -> Fixations:
    """A fifth narrower."""
    return replace(window, yaw_deg=0.8 * window.yaw_deg, pitch_deg=0.8 * window.pitch_deg)


def mirrored(window: Fixations) -> Fixations:
    """Left and right exchanged."""
    return replace(window, yaw_deg=-window.yaw_deg)


def frozen(window: Fixations) -> Fixations:
    """Eyes that hold the partner."""
    return replace(window, yaw_deg=0 * window.yaw_deg, pitch_deg=0 * window.pitch_deg)


def noise(window: Fixations) -> Fixations:
    """Places at random, as wide as people's."""
    draws = np.random.default_rng(len(window.start_s)).normal(0, 7, (2, len(window.start_s)))
    return replace(window, yaw_deg=draws[0], pitch_deg=draws[1])


GAZE_CONTROLS: tuple[Control, ...] = (
    Control("order shuffled", 0.75, shuffled),
    Control("a fifth narrower", 0.6, narrowed),
    Control("mirrored", 0.4, mirrored),
    Control("frozen on the partner", 0.95, frozen),
    Control("places at random", 0.95, noise),
)
"""With the least AUC that the observer must reach; mirrored is reported (people's own sides differ)."""


def gaze_controls(people: People, state: str = "SPEAK", test: GazeTest | None = None) -> dict[str, float]:
    """AUC of each control, and of people seen twice through the model of the tracker, which must stay low."""
    from talkingeyes.evaluate.observer import retracked

    asked = test or GazeTest(rounds=1, tells=False)
    real = [p for p in people.fixations if p.state == state]
    if not real:
        raise SettingError(f"the observer's controls need eye-tracked people in the state {state}")
    partner, rng = partner_of(list(people.fixations)), np.random.default_rng(asked.seed)
    same = people_windows(real, asked, rng, partners_deg=partner)
    out = {}
    for control in GAZE_CONTROLS:
        other = people_windows(real, asked, rng, partners_deg=partner, change=control.change)
        out[control.name] = two_sample(same, other, seed=asked.seed, rounds=1, tells=False).auc
    again = Tracker.fitted(real).seen(retracked(real), rng, noise_deg=0.0)  # theirs has its noise already
    other = people_windows(again, asked, rng, partners_deg=partner)
    out["people through the tracker's model"] = two_sample(same, other, seed=asked.seed, rounds=1, tells=False).auc
    return out
