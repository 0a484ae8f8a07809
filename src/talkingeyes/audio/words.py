"""Times of the words of a recording, from a file beside it: what transcribers and aligners write.

| suffix | from |
| --- | --- |
| `.TextGrid` | Praat, the Montreal Forced Aligner: the tier named words, else the one with the most intervals |
| `.json` | Whisper and its kin: objects with start, end and word or text, at any depth |
| `.vtt` `.srt` | subtitles: each cue, or, where a cue marks the times of its words, these |
| `.csv` `.tsv` | columns start, end, word (or text, label), in any order; without a header in that order |

Times are seconds, those of subtitles clock times.
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from talkingeyes.errors import FormatError
from talkingeyes.files import readable
from talkingeyes.plain_json import parse_json
from talkingeyes.wording import printable, quoted

MOST_BYTES = 64 << 20
MOST_WORDS = 500_000
MOST_LETTERS = 200
_STARTS, _ENDS = ("start", "start_s", "begin", "from", "start_time", "xmin"), ("end", "end_s", "to", "end_time", "xmax")
_TEXTS = ("word", "text", "label", "value")


Row = tuple[float, float, str]


@dataclass(frozen=True)
class Word:
    """One word, or a few that are said together.

    Attributes:
        from_s: when it begins.
        to_s: when it ends.
        text: as it is written.
    """

    from_s: float
    to_s: float
    text: str


def beside(folder: Path, stem: str) -> list[Path]:
    """The files of a folder that may hold the words of a recording, the likeliest first: its name, another suffix."""
    found = [path for path in folder.iterdir() if path.stem == stem and path.suffix.lower() in READERS]
    return sorted(found, key=lambda path: list(READERS).index(path.suffix.lower()))


def read_words(path: str | Path) -> list[Word]:
    """The words of a file, in order.

    Raises:
        FormatError: it is none of those that are accepted, damaged, or holds no words.
    """
    path = readable(path, "a file with times of words is accepted", FormatError, MOST_BYTES)
    read = READERS.get(path.suffix.lower())
    if read is None:
        raise FormatError(f"{path.name}: {', '.join(READERS)} are accepted as times of words")
    found = []
    for begin, end, text in read(_text_of(path), path.name):
        shown = printable(" ".join(str(text).split()))[:MOST_LETTERS]
        if shown and math.isfinite(begin) and math.isfinite(end) and 0 <= begin <= end:
            found.append(Word(float(begin), float(end), shown))
        if len(found) > MOST_WORDS:
            raise FormatError(f"{path.name}: more than {MOST_WORDS} words")
    if not found:
        raise FormatError(f"{path.name}: holds no words with times")
    return sorted(found, key=lambda word: (word.from_s, word.to_s))


def _text_of(path: Path) -> str:
    data = path.read_bytes()
    wide = data[:2] in (b"\xff\xfe", b"\xfe\xff")  # Praat writes UTF-16 where a text is not ASCII
    try:
        return data.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError:
        raise FormatError(f"{path.name}: is no text in UTF-8 or UTF-16") from None


# -- Praat -----------------------------------------------------------------------------------------------------------

_TOKEN = re.compile(r'"((?:[^"]|"")*)"|<exists>|(?<![\w.])[-+]?\d+(?:\.\d*)?(?:[eE][-+]?\d+)?(?![\w.\]])')


def _textgrid(text: str, where: str) -> Iterator[Row]:
    """Long and short TextGrids alike: without the names of fields, both are the same numbers and texts."""
    if "ooTextFile" not in text[:200]:
        raise FormatError(f"{where}: is no TextGrid of Praat")
    tokens = [m[1].replace('""', '"') if m[1] is not None else m[0] for m in _TOKEN.finditer(text)]
    tiers: list[tuple[str, list[Row]]] = []
    at = 0
    while at < len(tokens):
        if tokens[at] == "IntervalTier" and at + 5 <= len(tokens):
            rows, at, name = *_tier(tokens, at + 1, where), tokens[at + 1]
            tiers.append((name, rows))
        else:
            at += 1
    named = [rows for name, rows in tiers if "word" in name.lower()]
    yield from max(named or [rows for _, rows in tiers] or [[]], key=len)


def _tier(tokens: Sequence[str], at: int, where: str) -> tuple[list[Row], int]:
    """Intervals of a tier, whose name is at a token, and the token after them."""
    try:
        count = int(tokens[at + 3])
        rows = []
        for i in range(at + 4, at + 4 + 3 * count, 3):
            rows.append((float(tokens[i]), float(tokens[i + 1]), tokens[i + 2]))
    except (ValueError, IndexError):
        raise FormatError(f"{where}: its tier {quoted(tokens[at])} is damaged") from None
    return rows, at + 4 + 3 * count


# -- subtitles -------------------------------------------------------------------------------------------------------

_CLOCK = r"(?:(\d{1,3}):)?(\d{1,2}):(\d{2})[.,](\d{1,3})"
_CUE = re.compile(rf"^\s*{_CLOCK}\s*-->\s*{_CLOCK}")
_WITHIN = re.compile(rf"<{_CLOCK}>")
_TAG = re.compile(r"<[^<>]{0,200}>|\{\\[^{}]{0,200}\}")


def _seconds(hours: str | None, minutes: str, seconds: str, part: str) -> float:
    return 3600 * int(hours or 0) + 60 * int(minutes) + int(seconds) + int(part) / 10 ** len(part)


def _subtitles(text: str, where: str) -> Iterator[Row]:
    for block in re.split(r"\n\s*\n", text.replace("\r\n", "\n").replace("\r", "\n")):
        lines = block.split("\n")
        for i, line in enumerate(lines):
            match = _CUE.match(line)
            if match is not None:
                groups = match.groups()
                yield from _cue(_seconds(*groups[:4]), _seconds(*groups[4:]), " ".join(lines[i + 1 :]))
                break


def _cue(begin_s: float, end_s: float, text: str) -> Iterator[Row]:
    """A cue, or its words where it marks their times."""
    pieces = _WITHIN.split(text)
    times = [begin_s, *(_seconds(*pieces[i : i + 4]) for i in range(1, len(pieces), 5)), end_s]
    for i, piece in enumerate(pieces[::5]):
        yield times[i], times[i + 1], _TAG.sub("", piece)


# -- tables and JSON -------------------------------------------------------------------------------------------------


def _table(text: str, where: str) -> Iterator[Row]:
    first = text.split("\n", 1)[0]
    try:
        rows = list(csv.reader(io.StringIO(text), delimiter=max("\t;,", key=first.count)))
    except csv.Error as error:
        raise FormatError(f"{where}: is no table of words ({error})") from None
    header = [name.strip().lower() for name in rows[0]] if rows else []
    named = all(any(name in header for name in names) for names in (_STARTS, _ENDS, _TEXTS))
    begin, end, word = (_column(header, names) for names in (_STARTS, _ENDS, _TEXTS)) if named else (0, 1, 2)
    for number, row in enumerate(rows[1:] if named else rows, 2 if named else 1):
        if not any(row):
            continue
        try:
            yield float(row[begin]), float(row[end]), row[word]
        except (ValueError, IndexError):
            raise FormatError(f"{where}: line {number} has no start, end and word") from None


def _column(header: Sequence[str], names: Sequence[str]) -> int:
    return next(header.index(name) for name in names if name in header)


def _json(text: str, where: str) -> Iterator[Row]:
    yield from _rows_of(parse_json(text, where, FormatError))


def _rows_of(value: Any) -> Iterator[Row]:
    """Of an object that holds words these, else its own text; whatever lies deeper where it is none."""
    if isinstance(value, list):
        for one in value:
            yield from _rows_of(one)
    elif isinstance(value, Mapping):
        inside = [row for one in value.values() if isinstance(one, list | Mapping) for row in _rows_of(one)]
        own = _row_of(value)
        if inside or own is None:
            yield from inside
        else:
            yield own


def _row_of(value: Mapping[str, Any]) -> Row | None:
    begin, end, text = (next((value[n] for n in names if n in value), None) for names in (_STARTS, _ENDS, _TEXTS))
    if isinstance(begin, bool) or isinstance(end, bool) or not isinstance(text, str):
        return None
    return (begin, end, text) if isinstance(begin, int | float) and isinstance(end, int | float) else None


READERS: Mapping[str, Callable[[str, str], Iterator[Row]]] = {
    ".textgrid": _textgrid, ".json": _json, ".vtt": _subtitles, ".srt": _subtitles, ".csv": _table, ".tsv": _table,
}  # fmt: skip
"""By suffix, the likeliest first."""
