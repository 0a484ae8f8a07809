"""Mouth shapes with their times become a mouth: Rhubarb's cues, Azure's viseme events, Amazon Polly's speech marks.

Shapes overlap as in speech (Cohen & Massaro 1993, "Modeling coarticulation in synthetic visual speech"): each has a
dominance that is full during its own time and eases away on both sides; a frame shows the mean of the shapes, weighted
by dominance. Lips that must meet assert themselves (`viseme_table.STRENGTH`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.errors import FormatError
from talkingeyes.files import readable
from talkingeyes.formats.categories import numbers
from talkingeyes.formats.timecode import seconds_of
from talkingeyes.formats.viseme_table import RHUBARB, SETS, SHAPES, STRENGTH
from talkingeyes.motion import Motion
from talkingeyes.rig import FACE_NAMES

Floats = NDArray[np.float64]

DEFAULT_FPS = 30.0
"""Mouth shapes have no frames: any rate will do."""
ANY_RATE = "any: mouth shapes have times, not frames"
"""``meta["fps_source"]`` of these motions."""
EASE_S = 0.045
"""A neighbour's dominance has fallen to 1/e this long outside its own time."""
LAST_S = 0.15
"""Length of a last shape whose end is not told."""
MAX_TSV_BYTES = 64 << 20
MAX_DURATION_S = 24 * 3600.0
LONGEST_PAUSE_S = 600
"""Seconds that few mouth shapes may last together."""

_LISTS = ("mouthcues", "visemes", "speechmarks", "marks", "cues", "events", "data")
_TIMES = ("start", "starttime", "startms", "audiooffset", "audiooffsetms", "offset", "offsetms", "time", "timems",
          "timestamp", "timestampms", "t")  # fmt: skip
_ENDS = ("end", "endtime", "endms")
_SHAPES = ("visemeid", "viseme", "value", "shape", "mouthshape", "id")
_OPENING = ("jawOpen", "mouthLowerDown", "mouthUpperUp", "mouthFunnel")
_REACH_S = 4 * EASE_S
NAMES: tuple[str, ...] = tuple(
    name
    for name in FACE_NAMES
    if any(name.removesuffix("Left").removesuffix("Right") in shape or name in shape for shape in SHAPES.values())
)


@dataclass(frozen=True)
class Cue:
    """One mouth shape (`viseme_table.SHAPES`) from ``start_s`` to ``end_s``."""

    start_s: float
    end_s: float
    shape: str


def holds_visemes(data: Any) -> bool:
    """Whether parsed JSON is a list of mouth shapes with times."""
    entries = _entries(data)
    return bool(entries) and _key(entries[0], _TIMES) is not None and _key(entries[0], _SHAPES) is not None


def motion_of_visemes(data: Any, where: str, fps: float | None, meta: Mapping[str, Any]) -> Motion:
    """The mouth of parsed JSON for which `holds_visemes` is true.

    Args:
        data: Rhubarb's object with ``mouthCues``; a list of Azure's events (``audioOffset`` in ticks of 100 ns or
            milliseconds, ``visemeId``); Polly's speech marks (milliseconds), of which those of the type viseme are
            read; or a list like these with Oculus' names.
        where: the file's name, for errors.
        fps: frames per second of the motion; 30 if not given.
        meta: goes into the motion.

    Raises:
        FormatError: an unknown mouth shape, times that run backwards or are no numbers.
    """
    entries = _entries(data)
    time_key, shape_key = _key(entries[0], _TIMES), _key(entries[0], _SHAPES)
    assert time_key is not None and shape_key is not None
    times = numbers([entry.get(time_key) for entry in entries], time_key, where)
    marks = any(entry.get("type") == "viseme" for entry in entries)
    cues = isinstance(data, dict) and "mouthCues" in data
    starts_s = times / 1000 if marks else times if cues else seconds_of(times, time_key)
    unit = float(starts_s[-1] / times[-1]) if times[-1] else 1.0
    end_key = _key(entries[0], _ENDS)
    ends_s = numbers([e.get(end_key) for e in entries], end_key, where) * unit if end_key is not None else None
    shapes = [str(entry.get(shape_key)) for entry in entries]
    tool = "Rhubarb" if cues else "Polly" if marks else _tool_of(shapes, where)
    return motion_of_cues(_cues(starts_s, ends_s, shapes, tool, where), fps, {**meta, **_told(tool)})


def read_tsv(path: Path, *, fps: float | None = None) -> Motion:
    """The mouth of Rhubarb's tab-separated output: a time in seconds and a mouth shape per line.

    Args:
        path: the file.
        fps: frames per second of the motion; 30 if not given.

    Raises:
        FormatError: not such a file.
    """
    where = path.name
    readable(path, "lines of time, tab, mouth shape (Rhubarb) are accepted", max_bytes=MAX_TSV_BYTES)
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise FormatError(f"{where}: is not text; lines of time, tab, mouth shape (Rhubarb) are accepted") from None
    times, shapes = [], []
    for number, line in enumerate(lines, start=1):
        cells = line.split()
        if not cells:
            continue
        try:
            times.append(float(cells[0]))
            shapes.append(cells[1])
        except (IndexError, ValueError):
            raise FormatError(
                f"{where}: line {number} is {line[:40]!r}; a time in seconds, a tab and a mouth shape are accepted"
            ) from None
    if not times:
        raise FormatError(f"{where}: holds no mouth shapes")
    tool = "Rhubarb" if set(shapes) <= set(RHUBARB) else _tool_of(shapes, where)
    cues = _cues(numbers(times, "time", where), None, shapes, tool, where)
    return motion_of_cues(cues, fps, {**_told(tool), "source": {"name": where}})


def motion_of_cues(cues: Sequence[Cue], fps: float | None, meta: Mapping[str, Any]) -> Motion:
    """A mouth that goes through the cues, which must be in order and may leave gaps, in which it rests."""
    rate = DEFAULT_FPS if fps is None else fps
    count = max(1, math.ceil(cues[-1].end_s * rate - 1e-6))
    bare = list(dict.fromkeys(name for shape in SHAPES.values() for name in shape))
    weights, total = np.zeros((count, len(bare))), np.full(count, 1e-9)
    closed = np.zeros(count)
    for cue in _without_gaps(cues):
        first = max(0, math.floor((cue.start_s - _REACH_S) * rate))
        last = min(count, math.ceil((cue.end_s + _REACH_S) * rate) + 1)
        now_s = np.arange(first, last) / rate
        outside = np.maximum(np.maximum(cue.start_s - now_s, now_s - cue.end_s), 0) / EASE_S
        dominance = STRENGTH.get(cue.shape, 1.0) * np.exp(-outside * outside)
        target = np.array([SHAPES[cue.shape].get(name, 0.0) for name in bare])
        weights[first:last] += dominance[:, None] * target
        total[first:last] += dominance
        if cue.shape == "closed":
            closed[first:last] += dominance
    values = weights / total[:, None]
    share = np.clip((closed / total - 0.3) / 0.45, 0, 1)
    for name in _OPENING:
        values[:, bare.index(name)] *= 1 - share * share * (3 - 2 * share)
    places = [bare.index(n if n in bare else n.removesuffix("Left").removesuffix("Right")) for n in NAMES]
    return Motion(fps=rate, face=values[:, places], face_names=NAMES, meta=dict(meta))


def _without_gaps(cues: Sequence[Cue]) -> list[Cue]:
    out, now_s = [], 0.0
    for cue in cues:
        if cue.start_s > now_s + 1e-6:
            out.append(Cue(now_s, cue.start_s, "rest"))
        out.append(cue)
        now_s = max(now_s, cue.end_s)
    return [*out, Cue(now_s, now_s + 1.0, "rest")]


def _told(tool: str) -> dict[str, Any]:
    return {"generator": f"mouth shapes ({tool})", "fps_source": ANY_RATE}


def _entries(data: Any) -> list[dict[str, Any]]:
    """The objects that hold mouth shapes; of speech marks of several types only those."""
    if isinstance(data, dict):
        data = next((v for k, v in data.items() if k.lower() in _LISTS and isinstance(v, list)), [])
    entries = [entry for entry in data if isinstance(entry, dict)] if isinstance(data, list) else []
    return [entry for entry in entries if entry.get("type", "viseme") == "viseme"]


def _key(entry: Mapping[str, Any], accepted: Sequence[str]) -> str | None:
    spelt = {key.lower().replace("_", ""): key for key in entry}
    return next((spelt[name] for name in accepted if name in spelt), None)


def _tool_of(shapes: Sequence[str], where: str) -> str:
    used = {_plain(shape) for shape in shapes}
    tool = next((tool for tool, table in SETS.items() if used <= set(table)), None)
    if tool is None:
        best = min(SETS, key=lambda t: len(used - set(SETS[t])))
        wrong = sorted(used - set(SETS[best]))[0]
        accepted = ", ".join(f"{name} ({' '.join(list(table)[:3])} ..)" for name, table in SETS.items())
        raise FormatError(f"{where}: the mouth shape {wrong[:20]!r} is not known; those of {accepted} are accepted")
    return tool


def _plain(shape: str) -> str:
    return shape.removeprefix("viseme_").strip()


def _cues(starts_s: Floats, ends_s: Floats | None, shapes: Sequence[str], tool: str, where: str) -> list[Cue]:
    table = SETS[tool]
    unknown = next((s for s in shapes if _plain(s) not in table), None)
    if unknown is not None:
        raise FormatError(f"{where}: {unknown[:20]!r} is no mouth shape of {tool}; {' '.join(table)} are accepted")
    backwards = np.flatnonzero(np.diff(starts_s) < 0)
    if len(backwards) or starts_s[0] < 0:
        raise FormatError(
            f"{where}: its times run backwards (mouth shape {int(backwards[0]) + 1 if len(backwards) else 0})"
        )
    last_s = float(starts_s[-1] if ends_s is None else max(starts_s[-1], ends_s[-1]))
    if not last_s <= min(MAX_DURATION_S, LONGEST_PAUSE_S + len(starts_s)):
        most = f"a day, and {LONGEST_PAUSE_S} s more than a second per mouth shape, are accepted"
        raise FormatError(f"{where}: {len(starts_s)} mouth shapes last {last_s:.6g} s; {most}")
    follows = np.append(starts_s[1:], starts_s[-1] + LAST_S)
    ends = follows if ends_s is None else np.clip(np.minimum(ends_s, np.append(starts_s[1:], np.inf)), starts_s, None)
    return [Cue(float(a), float(b), table[_plain(s)]) for a, b, s in zip(starts_s, ends, shapes, strict=True)]
