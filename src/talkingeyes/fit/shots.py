"""A film with cuts: who is followed in each shot, and which shots show the same person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.errors import VideoError
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
    """

    pictures: NDArray[np.int64]
    landmarks_px: Array
    person: NDArray[np.int64]
    shot_person: NDArray[np.int64]
    cuts: list[int]

    def people(self) -> list[int]:
        """The persons' numbers."""
        return sorted(set(self.person.tolist()))

    def person_at(self, pictures: NDArray[np.int64]) -> NDArray[np.int64]:
        """Whose shot each picture belongs to."""
        return self.shot_person[np.searchsorted(self.cuts, pictures, side="right")]


def follow(people: People, cuts: list[int], wanted: int | None, camera: Camera, kind: TrackerKind = MESH) -> Shots:
    """The speaker of each shot (or the person of a number, counted from the left in each shot).

    Raises:
        VideoError: no face at all, or no person of that number.
    """
    if not cuts:
        who = people.choose(wanted)
        return _together([who], [0], np.zeros(1, np.int64), [])
    chosen: list[Person | None] = []
    failed: VideoError | None = None
    for start, stop in zip([0, *cuts], [*cuts, None], strict=True):
        try:
            chosen.append(people.between(start, stop).choose(wanted))
        except VideoError as error:
            chosen.append(None)
            failed = error
    seen = [who for who in chosen if who is not None]
    if not seen:
        assert failed is not None
        raise failed
    numbers = _sorted_out(seen, camera, kind)
    ahead = iter(numbers)
    shot_person = np.array([-1 if who is None else next(ahead) for who in chosen])
    known = np.flatnonzero(shot_person >= 0)
    nearest = known[np.abs(np.arange(len(chosen))[:, None] - known).argmin(axis=1)]
    return _together(seen, numbers, shot_person[nearest], cuts)


def _together(seen: list[Person], numbers: list[int], shot_person: NDArray[np.int64], cuts: list[int]) -> Shots:
    return Shots(
        np.concatenate([np.array(who.pictures, np.int64) for who in seen]),
        np.concatenate([np.array(who.landmarks_px, np.float32) for who in seen]),
        np.concatenate([np.full(len(who.pictures), n) for who, n in zip(seen, numbers, strict=True)]),
        shot_person,
        cuts,
    )


def _sorted_out(seen: list[Person], camera: Camera, kind: TrackerKind) -> list[int]:
    """A person's number per shot: long shots found the persons, short ones join the nearest."""
    order = sorted(range(len(seen)), key=lambda i: -len(seen[i].pictures))
    faces = [_frontal(who, camera, kind) for who in seen]
    founders: list[int] = []
    numbers = [0] * len(seen)
    for i in order:
        away = [float(np.sqrt(np.mean((faces[i] - faces[j]) ** 2))) for j in founders]
        if not founders or (min(away) > _SAME_FACE and len(seen[i].pictures) >= _ENOUGH_PICTURES):
            founders.append(i)
            numbers[i] = len(founders) - 1
        else:
            numbers[i] = int(np.argmin(away))
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
