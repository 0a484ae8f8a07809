"""Power spectra of many short windows."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

_AT_ONCE = 1 << 15
"""Numbers transformed at once (256 kB): what stays in the processor's cache."""


def power(rows: NDArray[np.floating]) -> NDArray[Any]:
    """Squared magnitudes of the discrete Fourier transform of each row, the same bits for any number of rows.

    Args:
        rows: (n, width).

    Returns:
        (n, width // 2 + 1), float64 or, with numpy 2, of the precision of ``rows``.
    """
    step = max(1, _AT_ONCE // rows.shape[1])
    if len(rows) <= step:
        return _power(rows)
    return np.concatenate([_power(rows[i : i + step]) for i in range(0, max(1, len(rows)), step)])


def _power(rows: NDArray[np.floating]) -> NDArray[Any]:
    spectrum = np.fft.rfft(rows)
    parts = spectrum.view(spectrum.real.dtype)
    np.square(parts, out=parts)
    return parts[:, 0::2] + parts[:, 1::2]
