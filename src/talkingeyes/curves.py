"""A motion for people and for tables: its curves as SVG, its columns in degrees by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from talkingeyes.errors import OutputError
from talkingeyes.files import write_whole

Array = NDArray[Any]

WIDTH, ROW, LEFT, RIGHT, GAP = 900, 96, 76, 96, 14
MOST_POINTS = 1500
"""Points of a curve: longer motion is drawn by the lowest and highest value of each stretch."""
_STEPS_S, _MOST_TICKS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 60, 120, 300, 600, 3600, 36_000), 12
_COLOURS = ("#3b82f6", "#f97316", "#10b981")
_PANELS = (
    ("eyes in the head (°)", ("eye_yaw_deg", "eye_pitch_deg")),
    ("head (°)", ("head_yaw_deg", "head_pitch_deg", "head_roll_deg")),
    ("gaze in space (°)", ("gaze_yaw_deg", "gaze_pitch_deg")),
    ("lids (closure)", ("lid_left", "lid_right")),
    ("mouth", ("jawOpen", "mouthSmileLeft", "mouthPucker")),
)


class HasChannels(Protocol):
    """What is drawn: a `Motion`."""

    @property
    def face_names(self) -> tuple[str, ...]:
        """Of the columns of ``face``."""
        ...

    @property
    def channels(self) -> dict[str, Array]:
        """By field name."""
        ...

    @property
    def times_s(self) -> Array:
        """(T,)."""
        ...

    def gaze_in_space_rad(self) -> Array:
        """(T, 2) yaw and pitch."""
        ...


@dataclass(frozen=True)
class Curves:
    """Curves of a motion; a notebook shows them.

    Attributes:
        svg: the picture as text.
    """

    svg: str

    def _repr_svg_(self) -> str:
        return self.svg

    def save(self, path: str | Path) -> Path:
        """Write the picture.

        Args:
            path: ends in .svg.

        Raises:
            OutputError: another suffix, or it cannot be written.
        """
        path = Path(path)
        if path.suffix.lower() != ".svg":
            raise OutputError(f"{path}: curves are an SVG picture; a name that ends in .svg is accepted")
        write_whole(path, lambda aside: _write(aside, self.svg), ())
        return path


def columns(motion: HasChannels) -> dict[str, Array]:
    """(T,) per column: ``time_s``, angles in degrees, positions in metres, lids and coefficients 0 to 1.

    Left and right are the character's own; yaw is positive to its left, pitch upward (docs/formats.md).
    """
    found: dict[str, Array] = {"time_s": np.asarray(motion.times_s, float)}
    channels = motion.channels
    if (eyes := channels.get("eyes_rad")) is not None:
        for side, name in enumerate(("left", "right")):
            for axis, angle in enumerate(("yaw", "pitch")):
                found[f"eye_{name}_{angle}_deg"] = np.degrees(eyes[:, side, axis])
    if "eyes_rad" in channels or "gaze_rad" in channels:
        gaze = np.degrees(motion.gaze_in_space_rad())
        found |= {"gaze_yaw_deg": gaze[:, 0], "gaze_pitch_deg": gaze[:, 1]}
    if (head := channels.get("head_rad")) is not None:
        found |= {f"head_{angle}_deg": np.degrees(head[:, k]) for k, angle in enumerate(("yaw", "pitch", "roll"))}
    if (place := channels.get("head_pos_m")) is not None:
        found |= {f"head_{axis}_m": place[:, k] for k, axis in enumerate("xyz")}
    for channel, name in (("lids", "lid"), ("lids_raw", "lid_raw")):
        if (lids := channels.get(channel)) is not None:
            found |= {f"{name}_left": lids[:, 0], f"{name}_right": lids[:, 1]}
    if (confidence := channels.get("confidence")) is not None:
        found |= {f"confidence_{k}": confidence[:, k] for k in range(confidence.shape[1])}
    if (filled := channels.get("filled")) is not None:
        found |= {f"filled_{k}": filled[:, k] for k in range(filled.shape[1])}
    if (face := channels.get("face")) is not None:
        found |= {name: face[:, k] for k, name in enumerate(motion.face_names)}
    return found


def curves_of(motion: HasChannels, level: Array | None = None) -> Curves:
    """Curves of eyes, head, gaze, lids and mouth over time, one row each.

    Args:
        motion: what is drawn.
        level: loudness per frame or of any evenly spaced times, drawn above them.
    """
    table = columns(motion)
    if "eye_left_yaw_deg" in table:
        for angle in ("yaw", "pitch"):
            table[f"eye_{angle}_deg"] = (table[f"eye_left_{angle}_deg"] + table[f"eye_right_{angle}_deg"]) / 2
    end_s = float(table["time_s"][-1])
    rows = [(title, {n: table[n] for n in names if n in table}) for title, names in _PANELS]
    if level is not None:
        rows.insert(0, ("voice", {"level": np.asarray(level, float)}))
    drawn = [_row(title, lines, i) for i, (title, lines) in enumerate((t, ls) for t, ls in rows if ls)]
    height = len(drawn) * (ROW + GAP) + 26
    text = "font-family:system-ui,sans-serif;font-size:11px;fill:#808488"
    body = "".join(drawn) + _clock(end_s, height - 12)
    return Curves(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="100%" role="img" '
        f'aria-label="curves of a motion" style="max-width:{WIDTH}px;{text}">{body}</svg>'
    )


def _row(title: str, lines: Mapping[str, Array], index: int) -> str:
    top = index * (ROW + GAP) + 8
    low = min(0.0, *(float(np.min(line)) for line in lines.values()))
    high = max(0.0, *(float(np.max(line)) for line in lines.values()))
    high = high if high - low > 1e-6 else low + 1.0
    parts = [
        f'<rect x="{LEFT}" y="{top}" width="{WIDTH - LEFT - RIGHT}" height="{ROW}" fill="#8881"/>',
        f'<text x="{LEFT}" y="{top + 11}" dx="4">{escape(title)}</text>',
    ]
    for value in (low, high):
        at = top + ROW - (value - low) / (high - low) * ROW
        parts.append(f'<text x="{LEFT - 6}" y="{at + 4:.1f}" text-anchor="end">{value:.3g}</text>')
    for k, (name, line) in enumerate(lines.items()):
        colour = _COLOURS[k % len(_COLOURS)]
        points = _points(line, top, low, high)
        label = name.removesuffix("_deg").replace("_", " ")
        parts.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="1.2"/>')
        parts.append(
            f'<text x="{WIDTH - RIGHT + 6}" y="{top + 14 + 15 * k}" style="fill:{colour}">{escape(label)}</text>'
        )
    return "".join(parts)


def _points(line: Array, top: float, low: float, high: float) -> str:
    values, position = _thinned(np.asarray(line, float))
    x = LEFT + position * (WIDTH - LEFT - RIGHT)
    y = top + ROW - (values - low) / (high - low) * ROW
    return " ".join(f"{a:.1f},{b:.1f}" for a, b in zip(x, y, strict=True))


def _thinned(line: Array) -> tuple[Array, Array]:
    """Values and their places, 0 to 1; of each stretch of a long line its extremes, so that no blink is lost."""
    count = len(line)
    place = np.arange(count) / max(count - 1, 1)
    if count <= MOST_POINTS:
        return line, place
    keep: list[int] = []
    for part in np.array_split(np.arange(count), MOST_POINTS // 2):
        keep += sorted({int(part[np.argmin(line[part])]), int(part[np.argmax(line[part])])})
    return line[keep], place[keep]


def _clock(end_s: float, y: float) -> str:
    step = next(
        s for s in (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 60, 120, 300, 600, 3600, 36000) if end_s / s <= 12 or s == 36000
    )
    ticks: Sequence[float] = np.arange(0.0, end_s + 1e-9, step).tolist()
    scale = (WIDTH - LEFT - RIGHT) / max(end_s, 1e-9)
    return "".join(f'<text x="{LEFT + t * scale:.1f}" y="{y}" text-anchor="middle">{t:g} s</text>' for t in ticks)


def _write(aside: Path, text: str) -> None:
    aside.write_text(text, encoding="utf-8")
