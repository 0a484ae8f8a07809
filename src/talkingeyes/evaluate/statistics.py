"""The statistics behind the scorecard, in numpy only: survival, divergence, ranks, circular shifts, bootstrap draws."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[Any]

MIN_AT_RISK = 5


def kaplan_meier_quantile(duration_s: ArrayLike, ended: ArrayLike, share: float) -> float:
    """Time by which ``share`` of the bouts have ended (Kaplan & Meier 1958), censored bouts counted while they lasted.

    Args:
        duration_s: (N,) how long each bout was seen.
        ended: (N,) True where the end was seen, False where the bout was cut (censored).
        share: 0..1; .5 is the median.

    Returns:
        The smallest time with survival <= 1 - share; infinity if survival never falls so far, NaN without bouts.
    """
    duration, event = np.asarray(duration_s, float), np.asarray(ended, bool)
    if duration.size == 0:
        return float("nan")
    order = np.lexsort((~event, duration))  # at equal times an end comes before a cut
    at_risk = duration.size - np.arange(duration.size)
    survival = np.cumprod(1 - event[order] / at_risk)
    reached = np.flatnonzero(survival <= 1 - share + 1e-12)
    return float(duration[order][reached[0]]) if reached.size else float("inf")


def kaplan_meier_curve(duration_s: ArrayLike, ended: ArrayLike, at_s: ArrayLike) -> Array:
    """Survival S(t) at the times ``at_s``; NaN where fewer than `MIN_AT_RISK` bouts are left."""
    duration, event = np.asarray(duration_s, float), np.asarray(ended, bool)
    if duration.size == 0:
        return np.full(np.shape(at_s), np.nan)
    order = np.lexsort((~event, duration))
    survival = np.cumprod(1 - event[order] / (duration.size - np.arange(duration.size)))
    index = np.searchsorted(duration[order], np.asarray(at_s, float), side="right")
    left = duration.size - np.searchsorted(duration[order], np.asarray(at_s, float), side="left")
    return np.where(left >= MIN_AT_RISK, np.concatenate([[1.0], survival])[index], np.nan)


def jensen_shannon_bits(p: ArrayLike, q: ArrayLike) -> float:
    """Jensen-Shannon divergence of two histograms in bits, 0 (equal) to 1 (disjoint)."""
    a, b = np.asarray(p, float), np.asarray(q, float)
    a, b = a / a.sum(), b / b.sum()
    middle = (a + b) / 2

    def divergence(x: Array) -> float:
        seen = x > 0
        return float(np.sum(x[seen] * np.log2(x[seen] / middle[seen])))

    return (divergence(a) + divergence(b)) / 2


def ranks(values: ArrayLike) -> Array:
    """Average ranks 0..N-1; ties share their mean rank."""
    x = np.asarray(values, float)
    _, inverse, counts = np.unique(x, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    return (ends - (counts + 1) / 2)[inverse]


def spearman(a: ArrayLike, b: ArrayLike) -> float:
    """Rank correlation; NaN with fewer than 3 pairs or a constant side."""
    return pearson(ranks(a), ranks(b))


def pearson(a: ArrayLike, b: ArrayLike) -> float:
    """Correlation; NaN with fewer than 3 pairs or a constant side."""
    x, y = np.asarray(a, float), np.asarray(b, float)
    if x.size < 3 or np.ptp(x) == 0 or np.ptp(y) == 0:
        return float("nan")
    x, y = x - x.mean(), y - y.mean()
    return float(np.sum(x * y) / np.sqrt(np.sum(x * x) * np.sum(y * y)))


def skewness(values: ArrayLike) -> float:
    """Third standardised moment; NaN with fewer than 3 values or no spread."""
    x = np.asarray(values, float)
    if x.size < 3 or np.ptp(x) == 0:
        return float("nan")
    x = x - x.mean()
    return float(np.mean(x**3) / np.mean(x**2) ** 1.5)


def variation(values: ArrayLike) -> float:
    """Coefficient of variation SD / mean; NaN with fewer than 3 values."""
    x = np.asarray(values, float)
    return float(x.std() / x.mean()) if x.size >= 3 and x.mean() > 0 else float("nan")


def sign_flip_p(differences: ArrayLike, rng: np.random.Generator, draws: int = 5000) -> float:
    """One-sided p that the mean difference exceeds 0, by random sign flips (Fisher's randomisation test)."""
    d = np.asarray(differences, float)
    d = d[np.isfinite(d)]
    if d.size == 0:
        return float("nan")
    flips = rng.integers(0, 2, (draws, d.size)) * 2 - 1
    return float((1 + np.sum(flips @ d >= d.sum() - 1e-12)) / (draws + 1))


def percentile(values: ArrayLike, percent: float) -> float:
    """Percentile; NaN when empty."""
    x = np.asarray(values, float)
    return float(np.percentile(x, percent)) if x.size else float("nan")


def median(values: ArrayLike) -> float:
    """Median; NaN when empty."""
    return percentile(values, 50)


def circular_correlation(a: ArrayLike, b: ArrayLike) -> Array:
    """Correlation of ``a`` with ``b`` circularly shifted: entry k is corr(a[t + k], b[t]); (T,) by FFT.

    A peak at k > 0 means that ``a`` follows ``b`` by k frames.
    """
    x, y = np.asarray(a, float), np.asarray(b, float)
    sx, sy = x.std(), y.std()
    if x.size < 2 or sx == 0 or sy == 0:
        return np.zeros(x.size)
    product = np.fft.irfft(np.fft.rfft((x - x.mean()) / sx) * np.conj(np.fft.rfft((y - y.mean()) / sy)), x.size)
    return product / x.size


def resample_groups(count: int, replicates: int, rng: np.random.Generator) -> Array:
    """(replicates, count) indices of a bootstrap over ``count`` groups."""
    return rng.integers(0, count, (replicates, count))
