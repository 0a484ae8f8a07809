"""One line -> its files. Runs in a worker, which makes one line after the other: networks are loaded once."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from talkingeyes.audio import Speech, load_speech
from talkingeyes.audio.samples import channel_number
from talkingeyes.batch.lines import Line
from talkingeyes.engines import FOR_NOW, Outcome, ProgressShare
from talkingeyes.errors import MissingExtraError, OutputError, TalkingEyesError
from talkingeyes.extras import require
from talkingeyes.formats import ExportJob, format_of, write
from talkingeyes.generate.planned import planned
from talkingeyes.generate.request import resolve
from talkingeyes.wording import one_line

_FAULTS = (ArithmeticError, AssertionError, LookupError, MemoryError, OSError, RuntimeError, TypeError, ValueError)
"""What a damaged recording can set off in a decoder: the line is named, the others go on."""


@dataclass(frozen=True)
class LineTask:
    """What a worker is given.

    Attributes:
        index: its number in this run.
        line: what to make.
        folder: of the batch.
        wishes: keywords of `talkingeyes.animate` for all lines; a line's own come before them.
        avatar: the character's file, and the look of the built-in one.
    """

    index: int
    line: Line
    folder: Path
    wishes: Mapping[str, Any]
    avatar: tuple[Path | None, str]


def make_line(task: LineTask, beat: ProgressShare = lambda _: None) -> Outcome:
    """Make one line's files; each is whole or not there.

    Args:
        task: which.
        beat: is called with the share that is done.

    Returns:
        What was made (`Outcome.told`: seconds, the recording's length and hash, files with their sizes, notes), or why
        there is nothing.
    """
    begun = time.perf_counter()
    try:
        told = _made(task, beat)
    except (MissingExtraError, ImportError) as error:
        return Outcome(task.index, reason=one_line(str(error)), fatal=True)
    except TalkingEyesError as error:
        return Outcome(task.index, reason=one_line(str(error)))
    except _FAULTS as error:
        blame = FOR_NOW if isinstance(error, MemoryError | OSError) else ""
        return Outcome(task.index, reason=one_line(f"{blame}unexpected {type(error).__name__}: {error}"))
    return Outcome(task.index, told={"seconds": round(time.perf_counter() - begun, 3), **told})


def _made(task: LineTask, beat: ProgressShare) -> dict[str, Any]:
    line = task.line
    options = resolve({**task.wishes, **line.options})
    speech = load_speech(line.audio, channel=channel_number(line.channel))
    take = planned(speech, options, options.seed, progress=_sometimes(beat))
    job = ExportJob((take.motion(),), line.audio, speech, Path(line.id).name, progress=beat)
    job = replace(job, avatar_path=task.avatar[0], look=task.avatar[1])
    files = _written(job, [task.folder / name for name in line.files], beat)
    return {
        "duration_s": round(speech.duration_s, 4), "audio_sha256": speech.sha256, "notes": _notes(speech),
        "files": {name: path.stat().st_size for name, path in zip(line.files, files, strict=True)},
    }  # fmt: skip


def _written(job: ExportJob, paths: Sequence[Path], beat: ProgressShare) -> Sequence[Path]:
    for path in paths:
        form = format_of(path)
        if form is not None and form.extra:
            require(form.extra, f"writing {form.suffix}")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise OutputError(f"{path.parent}: cannot be made ({error.strerror})") from None
        write(job, path)
        beat(1.0)
    return paths


def _notes(speech: Speech) -> list[str]:
    return [] if speech.voice.any() else ["nobody speaks in it"]


def _sometimes(beat: ProgressShare, every_s: float = 1.0) -> Callable[[float], None]:
    """The same, called at most so often: a step takes less than a message does."""
    last = time.monotonic()

    def tell(share: float) -> None:
        nonlocal last
        if time.monotonic() - last > every_s:
            last = time.monotonic()
            beat(share)

    return tell
