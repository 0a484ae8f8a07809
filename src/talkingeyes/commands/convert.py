"""``talkingeyes convert``: a motion file becomes another format."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

from talkingeyes.commands.avatar import Character, add_avatar_arguments
from talkingeyes.commands.console import Console
from talkingeyes.commands.outputs import Outputs
from talkingeyes.commands.recording import sound_notes
from talkingeyes.errors import SettingError

HELP = "between motion formats"
EPILOG = """examples:
  talkingeyes convert speech.npz speech.csv               for Unreal's Live Link Face import
  talkingeyes convert capture.csv capture.glb             a face capture onto the built-in avatar
  talkingeyes convert speech.npz talk.glb --avatar me.glb onto your own character
  talkingeyes convert speech.npz page.html --audio speech.wav
  talkingeyes convert speech.npz preview.mp4 --audio speech.wav
  talkingeyes convert capture.csv capture.npz --fps 59.94 --resample 30
"""


@dataclass(frozen=True)
class Options:
    """The arguments of ``talkingeyes convert``, one field each."""

    source: str
    output: list[str]
    audio: str | None
    fps: float | None
    resample: float | None
    avatar: str | None
    mapping: str | None
    mouth: str


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    from talkingeyes.formats.table import suffixes_read, suffixes_written

    add = parser.add_argument
    add("source", metavar="IN", help=f"a motion file: {suffixes_read()}")
    add("output", metavar="OUT", nargs="+", help=f"a file to make: {suffixes_written()}")
    add("--audio", metavar="FILE", help="the recording, for a page or video with sound")
    add(
        "--fps",
        type=float,
        metavar="F",
        help="the rate of a file that carries none, or of a .csv instead of its timecodes'",
    )
    add("--resample", type=float, metavar="F", help="write at F frames per second, linear between frames")
    add_avatar_arguments(parser)


def run(options: Options, console: Console) -> int:
    """Convert one motion file.

    Raises:
        TalkingEyesError: the input, a setting or every output is unusable.
    """
    source, audio = Path(options.source), Path(options.audio) if options.audio else None
    character = Character.of(options.avatar, options.mapping, options.mouth)
    inputs = [source, *([audio] if audio else []), *character.inputs]
    outputs = Outputs.checked(options.output, 1, inputs, console)
    if options.resample is not None and not 1 <= options.resample <= 1000:
        raise SettingError(f"--resample is {options.resample:g}; 1 to 1000 frames per second are accepted")

    from talkingeyes.formats import ExportJob, channel_of, load
    from talkingeyes.formats.notes import notes_of

    character.check(outputs)
    with console.progress(2 + len(outputs.wanted)) as progress:
        progress.step(f"reading {source.name}")
        motion = load(source, fps=options.fps)
        notes = notes_of(motion, source.name)
        if options.resample is not None:
            motion = motion.resample(options.resample)
        speech = None
        if audio is not None and outputs.wants_sound():
            from talkingeyes.audio import load_speech

            progress.step(f"listening to {audio.name}")
            speech = load_speech(audio, channel=channel_of(motion, audio))
            notes = (*notes, *sound_notes(speech))
        outputs.write(character.put_into(ExportJob((motion,), audio, speech, source.stem)), progress)
    for note in notes:
        console.note(note)
    shown = character.report(motion, console)
    files = outputs.report()
    console.result(
        {
            "source": str(source),
            "fps": motion.fps,
            "frames": motion.num_frames,
            "notes": list(notes),
            "files": files,
            "errors": outputs.errors,
            **shown,
        }
    )
    return outputs.status
