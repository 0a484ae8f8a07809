"""Which face: the steady large one among several, followed by place from picture to picture; cuts of the film."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.errors import VideoError

Array = NDArray[Any]

_JOIN_SHARE = 0.6
_STAYED_SHARE = 0.35
"""A face that moved by less than this share of its width from one picture to the next was followed."""
_FORGET_PICTURES = 75
_CUT_LEVEL = 18.0
_CUT_RATIO = 5.0
_GREY = np.full(3, 1 / 3, np.float32)


@dataclass
class Person:
    """One followed face.

    Attributes:
        pictures: indices of the pictures it was seen in.
        landmarks_px: its landmarks there, (478, 2) each.
    """

    pictures: list[int]
    landmarks_px: list[Array]

    @property
    def weight(self) -> float:
        """Pictures times size: the speaker is large and stays."""
        return sum(face_width(points) for points in self.landmarks_px)

    @property
    def middle_x(self) -> float:
        """Mean horizontal place."""
        return float(np.mean([points[:, 0].mean() for points in self.landmarks_px]))


def face_width(points_px: Array) -> float:
    """Width of a face in pixels, from its landmarks."""
    across = points_px[:, 0]
    return float(across.max() - across.min())


class People:
    """Sort the faces of successive pictures into persons by where they are."""

    def __init__(self) -> None:
        self._people: list[Person] = []

    def add(self, picture: int, faces: Array) -> None:
        """Take the faces of one picture, (F, 478, 2)."""
        free = list(range(len(self._people)))
        for points in sorted(faces, key=face_width, reverse=True):
            middle, width = points.mean(axis=0), face_width(points)
            gaps = [(self._gap(self._people[i], picture, middle) / width, i) for i in free]
            gap, best = min(gaps, default=(np.inf, -1))
            if gap < _JOIN_SHARE:
                free.remove(best)
                person = self._people[best]
            else:
                person = Person([], [])
                self._people.append(person)
            person.pictures.append(picture)
            person.landmarks_px.append(points)

    def between(self, start: int, stop: int | None) -> People:
        """The same faces in the pictures from ``start`` up to ``stop``, sorted out anew."""
        faces: dict[int, list[Array]] = {}
        for person in self._people:
            for picture, points in zip(person.pictures, person.landmarks_px, strict=True):
                if picture >= start and (stop is None or picture < stop):
                    faces.setdefault(picture, []).append(points)
        out = People()
        for picture in sorted(faces):
            out.add(picture, np.array(faces[picture]))
        return out

    @staticmethod
    def _gap(person: Person, picture: int, middle: Array) -> float:
        if picture - person.pictures[-1] > _FORGET_PICTURES or picture == person.pictures[-1]:
            return np.inf
        return float(np.linalg.norm(person.landmarks_px[-1].mean(axis=0) - middle))

    def choose(self, wanted: int | None) -> Person:
        """The speaker, or the person of a number: 1 is the leftmost of those seen in a fifth of the pictures or more.

        Raises:
            VideoError: no face at all, or no person of that number.
        """
        if not self._people:
            raise VideoError("no face was found; a video of a person who looks roughly at the camera is accepted")
        if wanted is None:
            return max(self._people, key=lambda p: p.weight)
        most = max(len(p.pictures) for p in self._people)
        steady = sorted((p for p in self._people if len(p.pictures) >= most / 5), key=lambda p: p.middle_x)
        if not 1 <= wanted <= len(steady):
            raise VideoError(f"person {wanted} of {len(steady)}: 1 to {len(steady)} are accepted, 1 is the leftmost")
        return steady[wanted - 1]


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
