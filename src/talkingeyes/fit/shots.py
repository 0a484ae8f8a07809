"""A film with cuts: who is followed in each shot, and which shots show the same person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.fit.camera import Camera
from talkingeyes.fit.face import in_head_frame
from talkingeyes.fit.faces import People, Person
from talkingeyes.fit.head import fit_head, unbiased
from talkingeyes.fit.trackers import MESH, TrackerKind

Array = NDArray[Any]

_SAME_FACE = 0.03
"""Root mean square distance of two faces' frontal landmarks over their spread: halves of one clip lie at .012 in the
median (95 % below .034), clips of one man in other rooms at .025, different people at .054 (5 % below .028). Parting a
person only costs calibration time; joining two spoils both."""
_ENOUGH_PICTURES = 25
_OTHER_SHARE = 0.2
_PRESENT_SHARE = 0.5
"""Who is followed stays so in a shot in which another is larger or seen for longer, but not by more than this."""
_DESCRIBED_PICTURES = 60


@dataclass(frozen=True)
class Shots:
    """Who is followed.

    Attributes:
        pictures: (M,) pictures in which somebody is followed, in order.
        landmarks_px: (M, 478, 2) float32.
        person: (M,) 0, 1, ..: which person, the one seen longest first.
        shot_person: person of each shot, one more than there are cuts.
        cuts: first pictures after each cut.
        others: how many other people are in the film for a fifth as much.
        only_others: pictures in which one of them is seen, and nobody who is followed.
    """

    pictures: NDArray[np.int64]
    landmarks_px: Array
    person: NDArray[np.int64]
    shot_person: NDArray[np.int64]
    cuts: list[int]
    others: int = 0
    only_others: int = 0

    def people(self) -> list[int]:
        """The persons' numbers."""
        return sorted(set(self.person.tolist()))

    def person_at(self, pictures: NDArray[np.int64]) -> NDArray[np.int64]:
        """Whose shot each picture belongs to."""
        return self.shot_person[np.searchsorted(self.cuts, pictures, side="right")]


def follow(people: People, cuts: list[int], wanted: int | None, camera: Camera, kind: TrackerKind = MESH) -> Shots:
    """The person who is seen most, in shots without them who is; or the person of a number (`People.choose`) only.

    Raises:
        VideoError: no face at all, or no person of that number.
    """
    who = people.choose(wanted, cuts)
    everybody = people.persons(cuts)
    if not cuts:
        return _together([who], [0], np.zeros(1, np.int64), [], everybody)
    chosen = [_in_shot(who, everybody, shot, wanted) for shot in zip([0, *cuts], [*cuts, None], strict=True)]
    seen = [one for one in chosen if one is not None]
    numbers = _sorted_out(seen, camera, kind)
    ahead = iter(numbers)
    shot_person = np.array([-1 if who is None else next(ahead) for who in chosen])
    known = np.flatnonzero(shot_person >= 0)
    nearest = known[np.abs(np.arange(len(chosen))[:, None] - known).argmin(axis=1)]
    return _together(seen, numbers, shot_person[nearest], cuts, everybody)


def _in_shot(who: Person, everybody: list[Person], shot: tuple[int, int | None], wanted: int | None) -> Person | None:
    """Who is followed in one shot: the person who is followed at all, wherever they are; who speaks there, else."""
    mine = who.between(*shot)
    if wanted is not None:
        return mine if mine.pictures else None
    largest = max((one.between(*shot) for one in everybody), key=lambda one: one.weight)
    best = mine if mine.weight >= _PRESENT_SHARE * largest.weight else largest
    return best if best.pictures else None


def _together(
    seen: list[Person], numbers: list[int], shot_person: NDArray[np.int64], cuts: list[int], everybody: list[Person]
) -> Shots:
    pictures = np.concatenate([np.array(who.pictures, np.int64) for who in seen])
    mine = {who.identity for who in seen}
    least = _OTHER_SHARE * sum(who.weight for who in seen)
    others = [one for one in everybody if one.identity not in mine and one.weight >= least]
    theirs = {picture for one in others for picture in one.pictures}
    return Shots(
        pictures,
        np.concatenate([np.array(who.landmarks_px, np.float32) for who in seen]),
        np.concatenate([np.full(len(who.pictures), n) for who, n in zip(seen, numbers, strict=True)]),
        shot_person,
        cuts,
        len(others),
        len(theirs.difference(pictures.tolist())),
    )


def _sorted_out(seen: list[Person], camera: Camera, kind: TrackerKind) -> list[int]:
    """A person's number per shot: long shots found the persons, short ones join the nearest."""
    order = sorted(range(len(seen)), key=lambda i: -len(seen[i].pictures))
    faces = [_frontal(who, camera, kind) for who in seen]
    founders: list[int] = []
    numbers = [0] * len(seen)
    known: dict[int, int] = {}
    for i in order:
        if seen[i].identity in known:
            numbers[i] = known[seen[i].identity]
            continue
        away = [float(np.sqrt(np.mean((faces[i] - faces[j]) ** 2))) for j in founders]
        if not founders or (min(away) > _SAME_FACE and len(seen[i].pictures) >= _ENOUGH_PICTURES):
            founders.append(i)
            numbers[i] = len(founders) - 1
        else:
            numbers[i] = int(np.argmin(away))
        known[seen[i].identity] = numbers[i]
    return numbers


def _frontal(who: Person, camera: Camera, kind: TrackerKind) -> Array:
    """(N, 2) rigid landmarks seen from the front, median over the shot, centred and of unit spread."""
    some = np.unique(np.linspace(0, len(who.pictures) - 1, _DESCRIBED_PICTURES).astype(int))
    landmarks = np.array([who.landmarks_px[i] for i in some], np.float32)
    at = np.median(in_head_frame(landmarks, unbiased(fit_head(landmarks, camera, kind)), camera), axis=0)[
        kind.rigid_known()
    ]
    at = at - at.mean(axis=0)
    return at / np.sqrt(np.mean(at**2))
