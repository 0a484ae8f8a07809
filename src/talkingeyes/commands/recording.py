"""The recording that a command is given: a file, or ``-`` for what is piped in; and what is worth a word about it."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from talkingeyes.errors import AudioError, TalkingEyesError

if TYPE_CHECKING:
    from talkingeyes.audio import Speech

STANDARD_INPUT = "-"
_NAME, _SAID = "stdin", "standard input"
_HARDLY = 0.02
"""Share of the time below which a voice is hardly one."""


@contextmanager
def recorded(name: str) -> Iterator[Path]:
    """The file that a recording lies in: its own, or for ``-`` a temporary one with what is piped in.

    Raises:
        AudioError: nothing is piped in, or the temporary folder is full.
    """
    if name != STANDARD_INPUT:
        yield Path(name)
        return
    with tempfile.TemporaryDirectory(prefix="talkingeyes-") as folder:
        path = Path(folder) / _NAME
        _keep(path)
        try:
            yield path
        except TalkingEyesError as error:
            raise type(error)(str(error).replace(str(path), _SAID)) from None


def _keep(path: Path) -> None:
    if sys.stdin is None or sys.stdin.isatty():
        raise AudioError(
            "- is a recording that is piped in, and nothing is; for instance: talkingeyes animate - < a.wav"
        )
    try:
        with path.open("wb") as file:
            shutil.copyfileobj(sys.stdin.buffer, file, 1 << 20)
    except OSError as error:
        raise AudioError(f"{_SAID}: cannot be kept in {path.parent.parent} ({error.strerror or error})") from None


def sound_notes(speech: Speech) -> list[str]:
    """What is worth a word: nobody speaks, or hardly anybody."""
    share = float(speech.voice.mean()) if len(speech.voice) else 0.0
    if share >= _HARDLY:
        return []
    how = "no voice" if not share else f"hardly any voice ({share * speech.duration_s:.1f} s)"
    which = f"channel {speech.channel} of {speech.source_name}" if speech.channel else speech.source_name
    return [f"{how} was heard in {which}: is it the right recording? --channel picks one of several voices' channels"]
