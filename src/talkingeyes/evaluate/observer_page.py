"""The observer's part of the report: a table, what gave the motion away, real windows beside generated ones."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.evaluate.courses import RATE_HZ
from talkingeyes.evaluate.eye_tracker import Fixations
from talkingeyes.evaluate.gaze_features import Windows
from talkingeyes.evaluate.observed import Observed

Array = NDArray[Any]

WIDTH, HEIGHT = 300, 84
SHOWN = 3
GAZE_DEG = 32.0
YAW, PITCH, ROLL = "var(--c0)", "var(--c1)", "var(--c2)"
"""Colours of the page's style."""


def section(found: Sequence[Observed]) -> str:
    """The section's HTML."""
    rows = "".join(
        f"<tr><td>{escape(o.name)}</td><td><b>{o.seen.auc:.2f}</b> &plusmn; {o.seen.spread:.2f}</td>"
        f"<td>{_floor(o)}</td><td>{o.seen.windows[0]} / {o.seen.windows[1]}</td>"
        f"<td class=muted>{'<br>'.join(map(escape, o.seen.told()))}</td></tr>"
        for o in found
    )
    top = "<tr><th>asked about<th>AUC<th>people against people<th>windows, real / generated<th>told by</tr>"
    drawn = "".join(_pictures(o) for o in found if ", all shifts" not in o.name)
    return (
        "<p>A classifier is shown windows of people and of this motion and asked which is which, on people and takes "
        "it has not learned from. .5: it cannot tell; 1: it always can. Yaw blue, pitch orange, roll green.</p>"
        f"<div class=scroll><table>{top}{rows}</table></div>{drawn}"
    )


def _floor(o: Observed) -> str:
    return f"{o.floor:.2f} &plusmn; {o.floor_spread:.2f}" if np.isfinite(o.floor) else ""


def _pictures(o: Observed) -> str:
    """Six windows: three of people above three generated, drawn evenly from what was compared."""
    if o.seen.real is None or o.seen.generated is None:
        return ""
    cells = []
    for side, windows in (("people", o.seen.real), ("generated", o.seen.generated)):
        for piece in _chosen(windows):
            svg = gaze_plot(piece) if isinstance(piece, Fixations) else course_plot(piece)
            cells.append(f"<figure>{svg}<figcaption>{side}</figcaption></figure>" if svg else "")
    return f"<h3>{escape(o.name)}</h3><div class=pictures>{''.join(cells)}</div>"


def _chosen(windows: Windows) -> list[Any]:
    index = np.linspace(0, len(windows.pieces) - 1, 2 * SHOWN + 1)[1::2] if windows.pieces else []
    return [windows.pieces[round(i)] for i in index]


def _svg(body: str, name: str) -> str:
    return f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(name)}">{body}</svg>'


def _line(x: Array, y: Array, colour: str) -> str:
    points = " ".join(f"{a:.1f},{b:.1f}" for a, b in zip(x, y, strict=True))
    return f'<polyline class="curve" style="stroke:{colour}" points="{points}"/>'


def gaze_plot(window: Fixations) -> str:
    """Looks as level lines over time, within 32 deg; lost tracking is a gap."""
    span = max(float(window.end_s[-1]), 1.0)
    body = [f'<line class="grid" x1="0" x2="{WIDTH}" y1="{HEIGHT / 2}" y2="{HEIGHT / 2}"/>']
    for values, colour in ((window.yaw_deg, YAW), (window.pitch_deg, PITCH)):
        y = HEIGHT / 2 * (1 - np.clip(values / GAZE_DEG, -1, 1))
        for a, b, at in zip(window.start_s / span * WIDTH, window.end_s / span * WIDTH, y, strict=True):
            body.append(_line(np.array([a, b]), np.array([at, at]), colour))
    return _svg("".join(body), "gaze over time")


def course_plot(window: Any) -> str:
    """Head angles around their mean within 12 deg, or the first two columns of another channel, over time."""
    name = next((n for n in ("head", "lids", "face") if n in window), None)
    if name is None:
        return ""
    values = np.asarray(window[name])[:, :3]
    if name == "head":
        values = values - values.mean(axis=0)
        y = HEIGHT / 2 * (1 - np.clip(values / 12.0, -1, 1))
    else:
        y = (HEIGHT - 4) * (1 - np.clip(values, 0, 1)) + 2
    x = np.arange(len(values)) / RATE_HZ
    x = x / max(float(x[-1]), 0.1) * WIDTH
    return _svg(
        "".join(_line(x, y[:, i], c) for i, c in zip(range(y.shape[1]), (YAW, PITCH, ROLL), strict=False)), name
    )
