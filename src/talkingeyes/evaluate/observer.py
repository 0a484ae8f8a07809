"""The observer: a classifier that is asked which windows are of people and which are generated.

    from talkingeyes.evaluate.eye_tracker import read_fixations
    from talkingeyes.evaluate.observer import gaze_auc, of_shifts

    real = [p for p in read_fixations(table) if p.state == "SPEAK"]
    generated = [of_shifts(plan.gaze, seconds, f"take {i}", "SPEAK") for i, plan in enumerate(plans)]
    seen = gaze_auc(real, generated)          # 10 s windows, shifts below 1 deg merged, tracker's losses imposed
    print(seen.auc, seen.told())              # 0.5: nobody can tell; 1.0: everybody can

A classifier two-sample test (Lopez-Paz & Oquab 2017): gradient boosting on named features, cross-validated over people
*and* takes, so that it never judges somebody whom it has learned from. What it was told by is put into words.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.errors import MissingExtraError, SettingError
from talkingeyes.evaluate.eye_tracker import Fixations, partner_of
from talkingeyes.evaluate.gaze_features import Windows, centred, gaze_windows
from talkingeyes.evaluate.tracker import Tracker, completed
from talkingeyes.generate import saccade
from talkingeyes.generate.plan import GazeShift
from talkingeyes.motion import Motion

Array = NDArray[Any]

FOLDS = 5
ROUNDS = 3
"""Divisions into folds; the AUC is their mean."""
TOLD = 6
LEAST_GROUPS = 2
SHIFT_DEG_S = 30.0
"""Faster gaze is a shift: above pursuit and the eyes' drift, below the peak of a saccade of half a degree."""


@dataclass(frozen=True)
class Tell:
    """One thing that gave the generated side away.

    Attributes:
        name: of the feature.
        weight: fall of the AUC when it is shuffled.
        real: its median in people's windows.
        generated: its median in generated windows.
        alone: AUC of this feature by itself.
    """

    name: str
    weight: float
    real: float
    generated: float
    alone: float

    def words(self) -> str:
        """A sentence for a reader."""
        more = "more" if self.generated > self.real else "less"
        return f"{self.name}: {more}, {self.generated:.2g} against people's {self.real:.2g} (alone {self.alone:.2f})"


@dataclass(frozen=True, eq=False)
class Seen:
    """What the observer said.

    Attributes:
        auc: mean over folds and rounds; .5 cannot tell, 1 always can.
        spread: standard deviation over folds and rounds.
        windows: how many of people, how many generated.
        groups: how many people, how many takes.
        tells: what gave it away, the weightiest first.
        real: the people's windows.
        generated: the generated ones.
    """

    auc: float
    spread: float
    windows: tuple[int, int]
    groups: tuple[int, int]
    tells: tuple[Tell, ...] = ()
    real: Windows | None = field(default=None, repr=False)
    generated: Windows | None = field(default=None, repr=False)

    def told(self) -> list[str]:
        """What gave it away, in words."""
        return [t.words() for t in self.tells]


def two_sample(real: Windows, generated: Windows, *, seed: int = 0, rounds: int = ROUNDS, tells: bool = True) -> Seen:
    """Train and test the observer.

    Args:
        real: windows of people; their groups are people.
        generated: windows of takes; their groups are takes.
        seed: of folds and classifier.
        rounds: divisions into folds.
        tells: also say by what.

    Raises:
        MissingExtraError: scikit-learn is not installed.
        SettingError: a side has fewer than two groups.
    """
    count = min(len(np.unique(w.groups)) for w in (real, generated))
    if count < LEAST_GROUPS:
        raise SettingError("the observer needs two people and two takes or more with whole windows")
    x, y, weight = _joined(real, generated)
    groups = np.concatenate([real.groups, generated.groups])
    rng = np.random.default_rng(seed)
    found, drops = [], []
    for _ in range(rounds):
        fold = folds_of(groups, y, min(FOLDS, count), rng)
        for k in range(fold.max() + 1):
            train, test = fold != k, fold == k
            if min(len(np.unique(y[part])) for part in (train, test)) < 2:
                continue  # takes that bear people's names stay with them, and may all be in one fold
            model = _fitted(x[train], y[train], weight[train], int(rng.integers(2**31)))
            found.append(auc(y[test], model(x[test]), weight[test]))
            if tells and len(drops) < FOLDS:
                drops.append(_drops(model, x[test], y[test], weight[test], found[-1], rng))
    listed = _tells(real, generated, np.mean(drops, axis=0)) if drops else ()
    sides = [len(np.unique(w.groups)) for w in (real, generated)]
    if not found:
        raise SettingError("takes and people bear the same names in every fold; name the takes differently")
    return Seen(
        float(np.mean(found)), float(np.std(found)), (len(real.values), len(generated.values)),
        (sides[0], sides[1]), listed, real, generated,
    )  # fmt: skip


def _joined(real: Windows, generated: Windows) -> tuple[Array, Array, Array]:
    """Features, labels (1 = generated) and weights that make both sides equal."""
    if not real.names or real.names != generated.names:
        raise SettingError("the observer was given no windows, or windows with different features")
    sizes = len(real.values), len(generated.values)
    y = np.repeat([0, 1], sizes)
    weight = np.repeat([0.5 * sum(sizes) / sizes[0], 0.5 * sum(sizes) / sizes[1]], sizes)
    return np.concatenate([real.values, generated.values]), y, weight


def folds_of(groups: Array, y: Array, count: int, rng: np.random.Generator) -> Array:
    """(N,) fold of each window: both sides spread over all, every group in one.

    A name that both sides share is one person in two conditions and stays in one fold: else the observer would know
    the person and not the condition.
    """
    fold = np.full(len(groups), -1)
    for side in (0, 1):
        names, sizes = np.unique(groups[(y == side) & (fold < 0)], return_counts=True)
        load = np.zeros(count)
        noise = rng.uniform(0, 0.5 * sizes.max(initial=1), len(names))
        for i in np.argsort(-(sizes + noise)):
            k = int(np.argmin(load + rng.uniform(0, 1e-3, count)))
            load[k] += sizes[i]
            fold[groups == names[i]] = k
    return fold


def _fitted(x: Array, y: Array, weight: Array, seed: int) -> Callable[[Array], Array]:
    """A trained observer: features -> how generated it looks."""
    try:
        from sklearn.ensemble import HistGradientBoostingClassifier
    except ImportError:
        raise MissingExtraError("the observer needs scikit-learn: pip install 'talkingeyes[evaluate]'") from None
    leaf = int(np.clip(0.05 * np.bincount(y.astype(int)).min(), 4, 15))
    model = HistGradientBoostingClassifier(
        max_iter=80, learning_rate=0.1, max_leaf_nodes=8, min_samples_leaf=leaf, l2_regularization=1.0,
        max_features=0.5, early_stopping=False, random_state=seed,  # pyright: ignore[reportArgumentType]
    )  # fmt: skip
    model.fit(x, y, sample_weight=weight)
    return lambda rows: model.decision_function(rows)


def auc(y: Array, score: Array, weight: Array | None = None) -> float:
    """Area under the receiver's curve: P(a generated window scores above a real one), ties count half."""
    w = np.ones(len(y)) if weight is None else weight
    values, place = np.unique(score, return_inverse=True)
    below = np.bincount(place, weights=w * (y == 0), minlength=len(values))
    above = np.bincount(place, weights=w * (y == 1), minlength=len(values))
    total = below.sum() * above.sum()
    return float(np.sum(above * (np.cumsum(below) - 0.5 * below)) / total) if total else float("nan")


def _drops(
    model: Callable[[Array], Array], x: Array, y: Array, weight: Array, whole: float, rng: np.random.Generator
) -> Array:
    """(F,) fall of the AUC when a feature is shuffled (permutation importance, Breiman 2001)."""
    out = np.zeros(x.shape[1])
    for f in range(x.shape[1]):
        mixed = x.copy()
        mixed[:, f] = rng.permutation(mixed[:, f])
        out[f] = whole - auc(y, model(mixed), weight)
    return out


def _tells(real: Windows, generated: Windows, drops: Array) -> tuple[Tell, ...]:
    listed = []
    for f in np.argsort(-drops)[:TOLD]:
        a, b = real.values[:, f], generated.values[:, f]
        a, b = a[np.isfinite(a)], b[np.isfinite(b)]
        if drops[f] <= 0 or not a.size or not b.size:
            continue
        alone = auc(np.repeat([0, 1], (a.size, b.size)), np.concatenate([a, b]))
        centre = np.mean if np.median(a) == np.median(b) else np.median
        listed.append(Tell(real.names[f], float(drops[f]), float(centre(a)), float(centre(b)), max(alone, 1 - alone)))
    return tuple(listed)


# -- gaze ---------------------------------------------------------------------------------------------------------


def of_shifts(shifts: Sequence[GazeShift], end_s: float, name: str, state: str = "SPEAK") -> Fixations:
    """The looks of a plan: from each saccade's end to the next one's start, in degrees off the partner."""
    onset = np.array([s.onset_s for s in shifts])
    target = np.degrees(np.array([[s.yaw_rad, s.pitch_rad] for s in shifts]).reshape(-1, 2))
    size = np.hypot(*np.diff(target, axis=0, prepend=target[:1]).T)
    start = np.maximum(onset + np.where(size > 0, saccade.duration_s(np.radians(size)), 0.0), 0.0)
    end = np.append(onset[1:], end_s)
    keep = (end > start) & (start < end_s)
    return Fixations(name, state, start[keep], np.minimum(end[keep], end_s), target[keep, 0], target[keep, 1])


def of_motion(motion: Motion, name: str, state: str = "SPEAK") -> Fixations:
    """The looks of a motion's gaze in space, relative to its partner: what lies between its gaze shifts.

    A look's place is the median of its frames, so that noise and slow drift do not count as shifts.
    """
    gaze = np.degrees(motion.gaze_in_space_rad())
    partner = motion.meta.get("partner") or {}
    gaze = gaze - np.array([float(partner.get("yaw_deg", 0.0)), float(partner.get("pitch_deg", 0.0))])
    step = np.hypot(*np.diff(gaze, axis=0).T) * motion.fps
    slow = np.concatenate([[False], np.concatenate([[True], step < SHIFT_DEG_S]), [False]]).astype(int)
    begin, end = np.flatnonzero(np.diff(slow) == 1), np.flatnonzero(np.diff(slow) == -1)
    place = np.array([np.median(gaze[a:b], axis=0) for a, b in zip(begin, end, strict=True)]).reshape(-1, 2)
    return Fixations(name, state, begin / motion.fps, end / motion.fps, place[:, 0], place[:, 1])


def by_person(pieces: Sequence[Fixations]) -> dict[str, list[Fixations]]:
    """Pieces by participant, each centred on its own densest place near the partner."""
    table: dict[str, list[Fixations]] = {}
    for piece in pieces:
        if len(piece.start_s):
            table.setdefault(piece.participant, []).append(piece)
    return table


@dataclass(frozen=True)
class GazeTest:
    """How gaze is asked for.

    Attributes:
        window_s: length of a window.
        merge_deg: smaller shifts are merged on both sides; 0 keeps all.
        impose: the tracker's losses are imposed on the generated side (off where it has been through a tracker).
        most: windows of one person or take.
        seed: of everything random.
        rounds: divisions into folds.
        tells: say by what.
    """

    window_s: float = 10.0
    merge_deg: float = 1.0
    impose: bool = True
    most: int = 40
    seed: int = 0
    rounds: int = ROUNDS
    tells: bool = True


def gaze_auc(
    real: Sequence[Fixations],
    generated: Sequence[Fixations],
    test: GazeTest | None = None,
    *,
    partners_deg: dict[str, tuple[float, float]] | None = None,
    **options: Any,
) -> Seen:
    """How well generated gaze is told from tracked gaze.

    Args:
        real: tracked fixations of one state (`eye_tracker.read_fixations`), ``participant`` says whose.
        generated: looks of takes (`of_shifts`, or any events in the same form), ``participant`` names the take.
        test: how it is asked; or its fields as keyword arguments.
        partners_deg: where the partner of each real participant is; found from ``real`` itself without it. Give
            `eye_tracker.partner_of` of all states: people who speak rest their eyes on other things too.
        **options: fields of `GazeTest`.

    Raises:
        MissingExtraError: scikit-learn is not installed.
        SettingError: too few people or takes.
    """
    asked = replace(test or GazeTest(), **options)
    rng = np.random.default_rng(asked.seed)
    people = people_windows(real, asked, rng, partners_deg=partners_deg)
    shown = Tracker.fitted(real).seen(generated, rng) if asked.impose else generated
    takes = {who: centred(own) for who, own in by_person(shown).items()}
    made = gaze_windows(takes, asked.window_s, merge_deg=asked.merge_deg, most=asked.most, rng=rng)
    return two_sample(people, made, seed=asked.seed, rounds=asked.rounds, tells=asked.tells)


def people_windows(
    real: Sequence[Fixations],
    asked: GazeTest,
    rng: np.random.Generator,
    *,
    partners_deg: dict[str, tuple[float, float]] | None = None,
    change: Callable[[Fixations], Fixations] | None = None,
) -> Windows:
    """Windows of tracked people."""
    partner = partners_deg or partner_of(list(real))
    people = {who: centred(own, partner[who]) for who, own in by_person(real).items()}
    return gaze_windows(people, asked.window_s, merge_deg=asked.merge_deg, most=asked.most, rng=rng, change=change)


def retracked(real: Sequence[Fixations]) -> list[Fixations]:
    """People's gaze with the gaps filled, to be lost anew: what remains to be told is the model of the tracker."""
    return [completed(p) for p in real]
