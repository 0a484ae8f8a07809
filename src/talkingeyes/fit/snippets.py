"""Parts of a film's pictures that are kept in the first pass, to learn a person from before the second."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.fit.faces import face_width

Array = NDArray[Any]

LEARN_PICTURES = 24
"""So many pictures are enough to learn a person from."""
_MARGIN = 0.4
"""Round the faces, in face widths."""


class Snippets:
    """Parts with faces of pictures from all over the film, to learn from: at most twice as many as are needed."""

    def __init__(self) -> None:
        self._step, self._parts = 1, dict[int, tuple[NDArray[np.uint8], int, int]]()
        self._size = (0, 0)

    def add(self, picture: int, image: NDArray[np.uint8], faces: Array) -> None:
        """Take the part of one picture that holds its faces, if it is its turn."""
        self._size = image.shape[:2]
        if picture % self._step or not len(faces):
            return
        margin = _MARGIN * max(face_width(points) for points in faces)
        low = np.maximum(faces.min(axis=(0, 1)) - margin, 0).astype(int)
        x, y = (faces.max(axis=(0, 1)) + margin).astype(int)
        self._parts[picture] = (image[low[1] : max(y, 0), low[0] : max(x, 0)].copy(), int(low[0]), int(low[1]))
        if len(self._parts) > 2 * LEARN_PICTURES:
            self._step *= 2
            self._parts = {number: part for number, part in self._parts.items() if number % self._step == 0}

    def __contains__(self, picture: int) -> bool:
        return picture in self._parts

    def image(self, picture: int) -> NDArray[np.uint8]:
        """The picture, black where nothing was kept."""
        part, x, y = self._parts[picture]
        whole = np.zeros((*self._size, 3), np.uint8)
        whole[y : y + part.shape[0], x : x + part.shape[1]] = part
        return whole
