"""Which face: the steady large one among several, followed by place from picture to picture; cuts of the film."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.errors import VideoError
from talkingeyes.fit.identity import Look, Stretch, look_of, sorted_out

Array = NDArray[Any]

_JOIN_SHARE = 0.6
_STAYED_SHARE = 0.35
"""A face that moved by less than this share of its width from one picture to the next was followed."""
_LOST_PICTURES = 3
"""A face that was not found for longer is looked at anew when it comes back (`talkingeyes.fit.identity`)."""
_PACE_PICTURES = 3
_CROWD_UNLIKE, _ALONE_UNLIKE = 0.2, 0.35
"""A face that looks more different from one picture to the next is another one: among several, and alone. Stretches
that are broken for nothing are joined again."""
_LOOK_EVERY, _FIRST_LOOKS = 5, 10
_FIRST_PICTURES = 25
_MOST_STRETCHES, _MOST_LOOKS = 100, 32
_CUT_LEVEL = 18.0
_CUT_RATIO = 5.0
_GREY = np.full(3, 1 / 3, np.float32)


@dataclass
class Person:
    """One followed face.

    Attributes:
        pictures: indices of the pictures it was seen in.
        landmarks_px: its landmarks there, (478, 2) each.
        identity: who of the film's people it is.
    """

    pictures: list[int]
    landmarks_px: list[Array]
    identity: int = 0

    @property
    def weight(self) -> float:
        """Pictures times size: the speaker is large and stays."""
        return sum(face_width(points) for points in self.landmarks_px)

    @property
    def middle_x(self) -> float:
        """Mean horizontal place."""
        return float(np.mean([points[:, 0].mean() for points in self.landmarks_px]))

    @property
    def first_x(self) -> float:
        """The same where it is first seen."""
        return float(np.mean([points[:, 0].mean() for points in self.landmarks_px[:_FIRST_PICTURES]]))

    def between(self, start: int, stop: int | None) -> Person:
        """The same person in the pictures from ``start`` up to ``stop``."""
        first, last = np.searchsorted(self.pictures, [start, np.iinfo(np.int64).max if stop is None else stop])
        return Person(self.pictures[first:last], self.landmarks_px[first:last], self.identity)


def face_width(points_px: Array) -> float:
    """Width of a face in pixels, from its landmarks."""
    across = points_px[:, 0]
    return float(across.max() - across.min())


class People:
    """Sort the faces of successive pictures into persons: by place from picture to picture, then by their looks."""

    def __init__(self) -> None:
        self._stretches: list[_Followed] = []
        self._sorted: dict[tuple[int, ...], list[Person]] = {}

    def add(self, picture: int, faces: Array, image: NDArray[np.uint8] | None = None) -> None:
        """Take the faces of one picture, (F, 478, 2); with the picture they are known by their looks too."""
        self._sorted.clear()
        if len(faces) == 0:
            return
        live = [one for one in self._stretches if 0 < picture - one.pictures[-1] <= _LOST_PICTURES]
        crowded = max(len(faces), len(live)) > 1
        looked = crowded or any(one.wants_look() for one in live)
        looks = [look_of(image, points) if looked and image is not None else None for points in faces]
        free = set(range(len(live)))
        gaps = [
            (live[i].gap(picture, points, look, crowded), -face_width(points), k, i)
            for k, (points, look) in enumerate(zip(faces, looks, strict=True))
            for i in free
        ]
        owner: dict[int, _Followed] = {}
        for gap, _, k, i in sorted(gaps):
            if gap < 1 and k not in owner and i in free:
                owner[k] = live[i]
                free.remove(i)
        for k in sorted(range(len(faces)), key=lambda k: -face_width(faces[k])):
            one = owner.get(k)
            if one is None:
                one = _Followed(picture > 0)
                self._stretches.append(one)
            look = looks[k]
            if look is None and image is not None and not one.pictures:
                look = look_of(image, faces[k])
            one.take(picture, faces[k], look)

    def persons(self, cuts: Sequence[int] = ()) -> list[Person]:
        """Everybody, in the order in which they come; a stretch is broken at cuts, over which places say nothing."""
        key = tuple(cuts)
        if key not in self._sorted:
            parts = [part for one in self._stretches for part in one.broken_at(key)]
            parts = sorted(parts, key=lambda one: -len(one.pictures))[:_MOST_STRETCHES]
            parts.sort(key=lambda one: one.pictures[0])
            groups = sorted_out([one.stretch() for one in parts], key)
            self._sorted[key] = [_one_person([parts[i] for i in group], n) for n, group in enumerate(groups)]
        return self._sorted[key]

    def choose(self, wanted: int | None, cuts: Sequence[int] = ()) -> Person:
        """The speaker, or the person of a number: shot by shot from the left, who is seen in a fifth of it or more.

        Raises:
            VideoError: no face at all, or no person of that number.
        """
        everybody = self.persons(cuts)
        if not everybody:
            raise VideoError("no face was found; a video of a person who looks roughly at the camera is accepted")
        if wanted is None:
            return max(everybody, key=lambda p: p.weight)
        numbered: list[Person] = []
        for start, stop in zip([0, *cuts], [*cuts, None], strict=True):
            parts = [(p, p.between(start, stop)) for p in everybody]
            most = max(len(part.pictures) for _, part in parts)
            steady = [(p, part) for p, part in parts if part.pictures and len(part.pictures) >= most / 5]
            steady.sort(key=lambda pair: pair[1].first_x)
            numbered += [p for p, _ in steady if all(p is not known for known in numbered)]
        if not 1 <= wanted <= len(numbered):
            raise VideoError(
                f"person {wanted} of {len(numbered)}: 1 to {len(numbered)} are accepted, 1 is the leftmost"
            )
        return numbered[wanted - 1]


class _Followed:
    """One face while it is followed without doubt."""

    def __init__(self, came_later: bool) -> None:
        self.pictures: list[int] = []
        self.landmarks_px: list[Array] = []
        self._middles: list[Array] = []
        self._looks: dict[int, Look] = {}
        self._recent: Look | None = None
        self._came_later = came_later

    def wants_look(self) -> bool:
        """Whether its look is taken now, where nobody else is near: now and then, and at once where it came later."""
        return len(self.pictures) % _LOOK_EVERY == 0 or (self._came_later and len(self.pictures) < _FIRST_LOOKS)

    def take(self, picture: int, points: Array, look: Look | None) -> None:
        """One more picture of it."""
        self.pictures.append(picture)
        self.landmarks_px.append(points)
        self._middles.append(points.mean(axis=0))
        if look is not None:
            self._looks[picture] = look
            self._recent = look if self._recent is None else self._recent.fading_into(look)

    def gap(self, picture: int, points: Array, look: Look | None, crowded: bool) -> float:
        """How far a face of ``picture`` is from this one: below 1 it can be it; in a crowd all go on as they went."""
        place = self._middles[-1]
        if crowded and len(self._middles) > _PACE_PICTURES:
            pace = (self._middles[-1] - self._middles[-1 - _PACE_PICTURES]) / (
                self.pictures[-1] - self.pictures[-1 - _PACE_PICTURES]
            )
            place = place + pace * (picture - self.pictures[-1])
        far = float(np.linalg.norm(points.mean(axis=0) - place)) / face_width(points) / _JOIN_SHARE
        if look is None or self._recent is None or far >= 1:
            return far
        unlike = self._recent.unlike(look) / (_CROWD_UNLIKE if crowded else _ALONE_UNLIKE)
        return (far + unlike) / 2 if unlike < 1 else np.inf

    def broken_at(self, cuts: Sequence[int]) -> list[_Followed]:
        """The parts between the cuts."""
        edges = [0, *np.searchsorted(self.pictures, cuts).tolist(), len(self.pictures)]
        if len(set(edges)) == 2:
            return [self]
        out = []
        for first, stop in pairwise(edges):
            if stop > first:
                part = _Followed(came_later=True)
                for i in range(first, stop):
                    part.take(self.pictures[i], self.landmarks_px[i], self._looks.get(self.pictures[i]))
                out.append(part)
        return out

    def stretch(self) -> Stretch:
        """What `identity` needs to know of it."""
        width = float(np.median([face_width(points) for points in self.landmarks_px]))
        looks = list(self._looks.values())
        return Stretch(self.pictures, self._middles, width, looks[:: -(-len(looks) // _MOST_LOOKS)] if looks else [])


def _one_person(parts: list[_Followed], identity: int) -> Person:
    """The stretches of one person, in order of the pictures."""
    rows = [(picture, points) for one in parts for picture, points in zip(one.pictures, one.landmarks_px, strict=True)]
    rows.sort(key=lambda row: row[0])
    return Person([picture for picture, _ in rows], [points for _, points in rows], identity)


def arrived(faces: Array, before: Array) -> bool:
    """Whether a face of (F, 478, 2) is none of those of the picture before: it came, or was lost for a while."""
    gone = [points.mean(axis=0) for points in before]
    for points in faces:
        near = [np.linalg.norm(points.mean(axis=0) - middle) < _STAYED_SHARE * face_width(points) for middle in gone]
        if not any(near):
            return True
    return False


class CutFinder:
    """Cuts: the whole picture changes at once, far more than it usually does."""

    def __init__(self) -> None:
        self._last: Array | None = None
        self._size, self._grid = (0, 0), np.ix_([0], [0])
        self._changes: list[float] = []

    def add(self, image: NDArray[np.uint8]) -> bool:
        """Take one (H, W, 3) picture; whether it changed so much from the last that it may begin a shot."""
        if image.shape[:2] != self._size:
            self._size = image.shape[:2]
            self._grid = np.ix_(*(np.linspace(0, length - 1, 32).astype(int) for length in self._size))
        small = image[self._grid].astype(np.float32) @ _GREY
        if self._last is not None:
            self._changes.append(float(np.abs(small - self._last).mean()))
        first, self._last = self._last is None, small
        return first or self._changes[-1] > _CUT_LEVEL

    def cuts(self) -> list[int]:
        """Indices of the first picture after each cut."""
        change = np.array(self._changes)
        usual = np.median(change) if len(change) else 0.0
        return [int(i) + 1 for i in np.flatnonzero(change > max(_CUT_LEVEL, _CUT_RATIO * usual))]
