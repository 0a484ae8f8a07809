"""What a test says: figures with intervals and bands, a verdict, and why."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from talkingeyes.evaluate.pool import Estimate, Pool
from talkingeyes.evaluate.reference import Reference

PASS = "pass"  # noqa: S105
FAIL = "fail"
NOT_ENOUGH = "not enough data"
NOT_APPLICABLE = "not applicable"
REPORTED = "reported"
VERDICTS = (PASS, FAIL, NOT_ENOUGH, NOT_APPLICABLE, REPORTED)


@dataclass(frozen=True)
class Figure:
    """One number of a test.

    Attributes:
        name: what it is.
        value: the number, NaN where it could not be computed.
        low: lower end of the 95 % interval, NaN without one.
        high: upper end.
        unit: "deg", "s", ...; empty for shares and ratios.
        band: the accepted range in words; empty for a figure that is only reported.
        ok: inside the band; None where it is only reported or cannot be judged.
        band_low: the band's lower end for drawing, NaN where it is open.
        band_high: its upper end.
    """

    name: str
    value: float
    low: float = math.nan
    high: float = math.nan
    unit: str = ""
    band: str = ""
    ok: bool | None = None
    band_low: float = math.nan
    band_high: float = math.nan

    def to_json(self) -> dict[str, Any]:
        """Plain values; None for NaN and infinity."""
        return {
            "name": self.name, "value": _number(self.value), "low": _number(self.low), "high": _number(self.high),
            "unit": self.unit, "band": self.band, "ok": self.ok,
        }  # fmt: skip


@dataclass(frozen=True)
class Outcome:
    """A test's verdict with its figures; ``why`` is one sentence for a reader."""

    verdict: str
    why: str
    figures: tuple[Figure, ...] = ()


@dataclass(frozen=True)
class Evidence:
    """What all tests look at: the pools by role and the real reference."""

    speaking: Pool
    listening: Pool
    everyone: Pool
    reference: Reference


def _number(value: float) -> float | None:
    return round(float(value), 6) if math.isfinite(value) else None


def figure(
    name: str,
    estimate: Estimate | float,
    band: tuple[float | None, float | None] | None = None,
    unit: str = "",
    *,
    bound: bool = False,
) -> Figure:
    """A figure judged against a closed band (None = open side); ``bound`` judges the interval's lower end."""
    e = estimate if isinstance(estimate, Estimate) else Estimate(float(estimate), math.nan, math.nan)
    if band is None:
        return Figure(name, e.value, e.low, e.high, unit)
    low, high = band
    judged = e.low if bound else e.value
    ok = None if math.isnan(judged) else (low is None or judged >= low) and (high is None or judged <= high)
    ends = (math.nan if low is None else low, math.nan if high is None else high)
    return Figure(name, e.value, e.low, e.high, unit, band_text(band, unit, bound), ok, *ends)


def band_text(band: tuple[float | None, float | None], unit: str = "", bound: bool = False) -> str:
    """The band in words."""
    low, high = band
    tail = f" {unit}" if unit else ""
    if low is None:
        return f"<= {high:g}{tail}"
    if high is None:
        return f"95 % bound >= {low:g}{tail}" if bound else f">= {low:g}{tail}"
    return f"{low:g} to {high:g}{tail}"


def judge(figures: Sequence[Figure], note: str = "") -> Outcome:
    """Fail if any judged figure is outside; not enough data if any cannot be judged; else pass."""
    judged = [f for f in figures if f.band]
    outside = [f for f in judged if f.ok is False]
    unknown = [f for f in judged if f.ok is None]
    if outside:
        why = "; ".join(f"{f.name} {text(f.value)}, band {f.band}" for f in outside)
        return Outcome(FAIL, _with(why, note), tuple(figures))
    if unknown or not judged:
        names = ", ".join(f.name for f in unknown) or "every figure"
        return Outcome(NOT_ENOUGH, _with(f"{names} cannot be computed from so little", note), tuple(figures))
    return Outcome(PASS, note, tuple(figures))


def lacking(found: str, needed: str, figures: Sequence[Figure] = ()) -> Outcome:
    """Too little data; the figures are shown but not judged."""
    shown = tuple(replace(f, ok=None) for f in figures)
    return Outcome(NOT_ENOUGH, f"{found}; {needed} needed", shown)


def absent(why: str) -> Outcome:
    """A channel or a kind of recording that the test needs is missing."""
    return Outcome(NOT_APPLICABLE, why)


def _with(why: str, note: str) -> str:
    return f"{why} ({note})" if note else why


def text(value: float) -> str:
    """A number for a reader: three significant digits."""
    if math.isnan(value):
        return "n/a"
    return f"{value:.3g}" if abs(value) < 1000 else f"{value:.0f}"
