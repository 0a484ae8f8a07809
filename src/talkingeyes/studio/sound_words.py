"""The words of a project's sounds, from files that lie beside them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from talkingeyes.audio.words import beside, read_words
from talkingeyes.errors import TalkingEyesError
from talkingeyes.studio.contents import Sound
from talkingeyes.studio.folders import inside_of

SPEAKS_OF_WORDS = (".textgrid", ".vtt", ".srt")
"""Other suffixes may hold something else, and nobody is told that they do."""


def words_of(folder: Path, sound: Sound) -> dict[str, Any]:
    """Words of a sound: ``words``, and ``words_problem`` where a file was meant to hold them and cannot be read.

    Args:
        folder: of the project.
        sound: of it. The file has the name of the recording, and lies beside it; where the recording was dropped on the
            page and has another name here, it has the name of the sound and lies in the folder.
    """
    places = [(Path(sound.path).parent, Path(sound.path).stem), (Path(), Path(sound.name).stem)]
    problem = None
    for place, stem in places:
        try:
            found = beside(inside_of(folder, place.as_posix(), "words"), stem)
        except (TalkingEyesError, OSError):
            continue
        for path in found:
            try:
                words = read_words(inside_of(folder, (place / path.name).as_posix(), "words"))
            except TalkingEyesError as error:
                problem = problem or (str(error) if path.suffix.lower() in SPEAKS_OF_WORDS else None)
                continue
            return {"words": [{"from_s": w.from_s, "to_s": w.to_s, "text": w.text} for w in words]}
    return {"words": [], **({"words_problem": problem} if problem else {})}
