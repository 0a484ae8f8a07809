"""Small inline SVG plots for the report, in numpy and text only; colours are the page's CSS variables."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

WIDTH, HEIGHT = 340, 220
LEFT, RIGHT, TOP, BOTTOM = 44, 10, 12, 34


@dataclass(frozen=True)
class Series:
    """One curve: points (x, y), the CSS colour and a name for the tooltip."""

    name: str
    colour: str
    x: Sequence[float] | Array
    y: Sequence[float | None] | Array


@dataclass(frozen=True)
class Axis:
    """A range with ticks; logarithmic where ``log``."""

    label: str
    low: float
    high: float
    ticks: tuple[float, ...]
    log: bool = False

    def at(self, value: float, start: float, end: float) -> float:
        """Position of a value between two pixels, kept inside."""
        a, b, v = self.low, self.high, min(max(value, self.low), self.high)
        if self.log:
            a, b, v = math.log(a), math.log(b), math.log(v)
        return start + (v - a) / (b - a) * (end - start)


def colour(index: int) -> str:
    """The page's colour of an input."""
    return f"var(--c{index % 6})"


REAL = "var(--real)"


def _x(axis: Axis, value: float) -> float:
    return axis.at(value, LEFT, WIDTH - RIGHT)


def _y(axis: Axis, value: float) -> float:
    return axis.at(value, HEIGHT - BOTTOM, TOP)


def frame(x: Axis, y: Axis, body: str, title: str) -> str:
    """A plot with axes around its body."""
    parts = [f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(title)}">']
    for tick in y.ticks:
        at = _y(y, tick)
        parts.append(f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{at:.1f}" y2="{at:.1f}"/>')
        parts.append(f'<text class="tick" x="{LEFT - 5}" y="{at + 3:.1f}" text-anchor="end">{_tick(tick)}</text>')
    for tick in x.ticks:
        at = _x(x, tick)
        parts.append(
            f'<text class="tick" x="{at:.1f}" y="{HEIGHT - BOTTOM + 13}" text-anchor="middle">{_tick(tick)}</text>'
        )
    base = HEIGHT - BOTTOM
    parts.append(f'<line class="axis" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{base}" y2="{base}"/>')
    middle = (LEFT + WIDTH - RIGHT) / 2
    parts.append(f'<text class="label" x="{middle}" y="{HEIGHT - 5}" text-anchor="middle">{escape(x.label)}</text>')
    parts.append(
        f'<text class="label" transform="translate(10 {(TOP + base) / 2}) rotate(-90)" text-anchor="middle">'
        f"{escape(y.label)}</text>"
    )
    return "".join([*parts, body, "</svg>"])


def _tick(value: float) -> str:
    return f"{value:g}" if abs(value) >= 1e-3 or value == 0 else f"1e{round(math.log10(abs(value)))}"


def lines(x: Axis, y: Axis, series: Sequence[Series], title: str) -> str:
    """Curves; gaps where a value is missing."""
    body = []
    for s in series:
        points = [(a, b) for a, b in zip(s.x, s.y, strict=True) if b is not None and math.isfinite(b)]
        path = " ".join(f"{_x(x, a):.1f},{_y(y, b):.1f}" for a, b in points)
        hint = f"<title>{escape(s.name)}</title>"
        body.append(f'<polyline class="curve" style="stroke:{s.colour}" points="{path}">{hint}</polyline>')
    return frame(x, y, "".join(body), title)


def scatter(x: Axis, y: Axis, series: Sequence[Series], curves: Sequence[Series], title: str) -> str:
    """Points, with dashed curves of what is expected."""
    body = []
    for s in series:
        dots = "".join(
            f'<circle cx="{_x(x, a):.1f}" cy="{_y(y, float(b or 0)):.1f}" r="1.8"/>'
            for a, b in zip(s.x, s.y, strict=True)
        )
        body.append(f'<g class="dots" style="fill:{s.colour}"><title>{escape(s.name)}</title>{dots}</g>')
    for s in curves:
        path = " ".join(f"{_x(x, a):.1f},{_y(y, float(b or 0)):.1f}" for a, b in zip(s.x, s.y, strict=True))
        body.append(f'<polyline class="curve dashed" style="stroke:{s.colour}" points="{path}"/>')
    return frame(x, y, "".join(body), title)


def histogram(x: Axis, y: Axis, edges: Array, series: Sequence[Series], title: str) -> str:
    """Step lines of densities over bins; the first series is filled (real people)."""
    body = []
    for i, s in enumerate(series):
        points = []
        for a, b, value in zip(edges[:-1], edges[1:], s.y, strict=True):
            at = _y(y, float(value or 0))
            points += [f"{_x(x, float(a)):.1f},{at:.1f}", f"{_x(x, float(b)):.1f},{at:.1f}"]
        base = _y(y, y.low)
        if i == 0 and s.colour == REAL:
            corners = (
                f"{_x(x, float(edges[0])):.1f},{base:.1f} {' '.join(points)} {_x(x, float(edges[-1])):.1f},{base:.1f}"
            )
            body.append(f'<polygon class="filled" points="{corners}"><title>{escape(s.name)}</title></polygon>')
        else:
            body.append(
                f'<polyline class="curve" style="stroke:{s.colour}" points="{" ".join(points)}">'
                f"<title>{escape(s.name)}</title></polyline>"
            )
    return frame(x, y, "".join(body), title)


def heat(counts: Array, yaw_edges: Array, pitch_edges: Array, ink: str, title: str) -> str:
    """Where the gaze goes: (yaw bins, pitch bins) shares as squares, their opacity by a root of the share."""
    offset, size, height = 33, 274, 206
    total = counts.sum()
    top = float(counts.max()) if total > 0 else 1.0
    step_x, step_y = size / counts.shape[0], height / counts.shape[1]
    cells = []
    for i, j in np.argwhere(counts > 0.00002 * max(float(total), 1e-12)):
        opacity = (float(counts[i, j]) / top) ** 0.4
        # +X, the character's left, is to the right as seen from the front (docs/conventions.md).
        cells.append(
            f'<rect x="{i * step_x:.1f}" y="{height - (j + 1) * step_y:.1f}" width="{step_x + 0.3:.1f}" '
            f'height="{step_y + 0.3:.1f}" opacity="{max(opacity, 0.08):.2f}"/>'
        )
    cx = -yaw_edges[0] / (yaw_edges[-1] - yaw_edges[0]) * size
    cy = height + pitch_edges[0] / (pitch_edges[-1] - pitch_edges[0]) * height
    radius = 8 / (yaw_edges[-1] - yaw_edges[0]) * size
    ring = f'<circle class="partner" cx="{cx:.1f}" cy="{cy:.1f}" r="{radius:.1f}"/>'
    span = f"{yaw_edges[-1]:g} deg"
    return (
        f'<svg viewBox="{-offset} 0 {WIDTH} {height + 14}" role="img" aria-label="{escape(title)}">'
        f'<rect class="field" width="{size}" height="{height}"/><g style="fill:{ink}">{"".join(cells)}</g>{ring}'
        f'<text class="tick" x="2" y="{height + 11}">-{span}</text>'
        f'<text class="tick" x="{size - 2}" y="{height + 11}" text-anchor="end">{span}</text></svg>'
    )


def rose(series: Sequence[Series], title: str) -> str:
    """Shares of the eight step directions as closed curves."""
    middle_x, middle_y, radius = WIDTH / 2, HEIGHT / 2, 84
    top = max([0.25, *(float(max(v or 0 for v in s.y)) for s in series)])
    body = []
    for ring in (0.1, 0.2):
        body.append(f'<circle class="ring" cx="{middle_x}" cy="{middle_y}" r="{ring / top * radius:.1f}"/>')
        body.append(
            f'<text class="tick" x="{middle_x + 3}" y="{middle_y - ring / top * radius - 2:.1f}">{ring:.0%}</text>'
        )
    for text, x, y in (("left", 98, 3), ("up", 0, -95), ("right", -98, 3), ("down", 0, 101)):
        body.append(f'<text class="label" x="{middle_x + x}" y="{middle_y + y}" text-anchor="middle">{text}</text>')
    for s in series:
        points = []
        for i, share in enumerate(s.y):
            r = float(share or 0) / top * radius
            angle = i * math.pi / 4
            points.append(f"{middle_x + r * math.cos(angle):.1f},{middle_y - r * math.sin(angle):.1f}")
        kind = "filled" if s.colour == REAL else "curve"
        style = "" if s.colour == REAL else f' style="stroke:{s.colour}"'
        body.append(
            f'<polygon class="{kind}"{style} points="{" ".join(points)}"><title>{escape(s.name)}</title></polygon>'
        )
    return f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(title)}">{"".join(body)}</svg>'


@dataclass(frozen=True)
class Mark:
    """One input's figure on a gauge."""

    name: str
    colour: str
    value: float
    low: float
    high: float
    judged: bool


def gauge(band: tuple[float, float], marks: Sequence[Mark], title: str) -> str:
    """A figure's band as a bar with every input's value and interval on it."""
    width, height, left, right = 300, 16 + 12 * len(marks), 8, 292
    ends = [v for v in band if math.isfinite(v)]
    values = [v for m in marks for v in (m.value, m.low, m.high) if math.isfinite(v)]
    low, high = min([*ends, *values, 0.0]) if ends else 0.0, max([*ends, *values]) if ends or values else 1.0
    pad = 0.12 * (high - low) or 0.5
    low, high = (low - pad if low < 0 else low), high + pad

    def at(value: float) -> float:
        return left + (min(max(value, low), high) - low) / (high - low) * (right - left)

    a = at(band[0]) if math.isfinite(band[0]) else left
    b = at(band[1]) if math.isfinite(band[1]) else right
    parts = [f'<svg class="gauge" viewBox="0 0 {width} {height}" role="img" aria-label="{escape(title)}">']
    parts.append(f'<rect class="rail" x="{left}" y="2" width="{right - left}" height="{height - 14}" rx="3"/>')
    parts.append(f'<rect class="band" x="{a:.1f}" y="2" width="{max(b - a, 1.5):.1f}" height="{height - 14}" rx="3"/>')
    for end in ends:
        anchor = "start" if at(end) < 24 else "end" if at(end) > 276 else "middle"
        parts.append(f'<text class="tick" x="{at(end):.1f}" y="{height - 2}" text-anchor="{anchor}">{end:g}</text>')
    for i, m in enumerate(marks):
        y = 8 + 12 * i
        if not math.isfinite(m.value):
            continue
        if math.isfinite(m.low):
            ends_at = f'x1="{at(m.low):.1f}" x2="{at(m.high):.1f}" y1="{y}" y2="{y}"'
            parts.append(f'<line class="whisker" style="stroke:{m.colour}" {ends_at}/>')
        fill = m.colour if m.judged else "var(--card)"
        parts.append(
            f'<circle cx="{at(m.value):.1f}" cy="{y}" r="4" style="fill:{fill};stroke:{m.colour}" stroke-width="1.5">'
            f"<title>{escape(m.name)}</title></circle>"
        )
    return "".join([*parts, "</svg>"])
