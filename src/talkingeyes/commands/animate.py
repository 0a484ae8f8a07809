"""``talkingeyes animate``: a recording becomes motion."""

from __future__ import annotations

import argparse
import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from talkingeyes.commands.amounts import Direction, add_amount_arguments, direction_of
from talkingeyes.commands.avatar import Character, add_avatar_arguments
from talkingeyes.commands.console import Console
from talkingeyes.commands.edits import Editing, add_edit_arguments, edit_inputs, edit_notes, editing_of
from talkingeyes.commands.outputs import Outputs
from talkingeyes.commands.recording import recorded, sound_notes
from talkingeyes.commands.sampling import Drawing, add_sampling_arguments, sampling_of
from talkingeyes.errors import SettingError
from talkingeyes.extras import require

if TYPE_CHECKING:
    from talkingeyes.audio import Speech
    from talkingeyes.motion import Motion
    from talkingeyes.train.encoders import Listener

HELP = "speech -> gaze, blinks, head and mouth"
EPILOG = """examples:
  talkingeyes animate speech.wav                          a page with the animated avatar: speech.html
  talkingeyes animate speech.mp3 -o speech.glb -o speech.csv
  talkingeyes animate speech.wav --avatar me.vrm -o me.glb your own character (talkingeyes rig me.vrm shows what it has)
  talkingeyes animate call.wav --channel left -o left.glb  one voice per channel: the left one
  talkingeyes animate - -o piped.html < speech.wav        a recording that is piped in
  talkingeyes animate speech.wav --takes 3 --seed 7       one page with three takes (seeds 7, 8 and 9)
  talkingeyes animate speech.wav --look "0.0-1.5 camera; 3.0-4.2 yaw=20,pitch=-5"
  talkingeyes animate speech.wav --look "1.0-2.0 @screen" --target screen=-.3,-.1,.8
  talkingeyes animate speech.wav --seed 7 --edits edits.json --reroll gaze=3.0-5.5:9     (docs/directing.md)
  talkingeyes animate speech.wav --temperature 1.2 --guidance 2    livelier, and more by the voice
  talkingeyes animate speech.wav --character Mia --mood shy --head-amount 0.5
  talkingeyes animate speech.wav --face lipsync.csv -o all.csv     keep your lip-sync, add eyes, blinks and head
  talkingeyes animate speech.wav --seed 8 --keep head,blinks,mouth --from speech.npz -o new_eyes.npz
"""


@dataclass(frozen=True)
class Options(Drawing, Direction, Editing):
    """The arguments of ``talkingeyes animate``, one field each."""

    speech: str
    output: list[str] | None
    takes: int
    seed: int
    fps: float | None
    model: str
    role: str
    look: str | None
    keep: str | None
    keep_from: str | None
    channel: str | None
    face: str
    face_fps: float | None
    encoder: str | None
    avatar: str | None
    mapping: str | None
    mouth: str


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    from talkingeyes.formats.table import suffixes_written

    add = parser.add_argument
    add(
        "speech",
        metavar="SPEECH",
        help="a recording: wav, flac, mp3, ogg, opus, m4a, or a video with sound; - reads one from standard input",
    )
    add(
        "-o",
        "--output",
        metavar="OUT",
        action="append",
        help=f"a file to make; the suffix picks the format ({suffixes_written()}); may be given several times; "
        "default: SPEECH.html in the current folder",
    )
    add(
        "--channel",
        metavar="left|right|N",
        help="only this channel of the recording, where each holds another voice (default: all of them mixed)",
    )
    add("--takes", type=int, default=1, metavar="N", help="make N takes, of the seeds S, S + 1, ... (default 1)")
    add("--seed", type=int, default=0, metavar="S", help="the same seed gives the same bytes (default 0)")
    add("--fps", type=float, metavar="F", help="frames per second, 24 to 120 (default 30, or the kept take's)")
    add(
        "--model",
        default="default",
        metavar="default|joint|statistical|FOLDER",
        help="how motion is generated: the package's trained gaze (default), one Transformer for gaze and head, "
        "tables, or a folder of your own (talkingeyes train)",
    )
    add(
        "--role",
        choices=("speaking", "listening"),
        default="speaking",
        help="whether the voice is the character's own, or the other person's (default speaking)",
    )
    add("--look", metavar="MARKS", help='timed look-at targets, e.g. "0.0-1.5 camera; 3.0-4.2 yaw=20,pitch=-5"')
    add("--keep", metavar="CHANNELS", help="with --from: keep these of gaze,head,blinks,mouth and re-roll the others")
    add("--from", dest="keep_from", metavar="MOTION", help="the earlier take that --keep keeps channels of")
    add(
        "--face",
        default="generate",
        metavar="generate|none|FILE",
        help="the mouth: from the voice (default), none, your own lip-sync track, untouched (.csv .json .npz), mouth "
        "shapes with times (.json .tsv .marks), or a folder of face weights (talkingeyes train)",
    )
    add("--face-fps", type=float, metavar="F", help="the rate of a --face FILE that carries none (default: --fps)")
    add(
        "--encoder",
        metavar="FOLDER",
        help="the local speech encoder (HuBERT, wav2vec2, WavLM) that a --model of yours was trained with",
    )
    add_avatar_arguments(parser)
    add_edit_arguments(parser)
    add_amount_arguments(parser)
    add_sampling_arguments(parser)


def run(options: Options, console: Console) -> int:
    """Animate one recording and write every output.

    Raises:
        TalkingEyesError: the recording, a setting or every output is unusable.
    """
    from talkingeyes.generate.takes import MAX_TAKES

    if not 1 <= options.takes <= MAX_TAKES:
        raise SettingError(f"--takes is {options.takes}; 1 to {MAX_TAKES} are accepted")
    with recorded(options.speech) as speech_path:
        return _animate(options, speech_path, console)


def _animate(options: Options, speech_path: Path, console: Console) -> int:
    from talkingeyes.audio import load_speech
    from talkingeyes.audio.samples import channel_number
    from talkingeyes.formats import ExportJob
    from talkingeyes.generate.request import FACES, resolve
    from talkingeyes.generate.takes import make_takes

    character = Character.of(options.avatar, options.mapping, options.mouth)
    brought = options.face not in FACES
    own = [Path(name) for name in (options.keep_from, options.face if brought else None) if name]
    inputs = [speech_path, *own, *character.inputs, *edit_inputs(options)]
    names = options.output or [f"{speech_path.stem}.html"]
    outputs = Outputs.checked(names, options.takes, inputs, console)
    asked = {
        "seed": options.seed,
        "fps": options.fps,
        "model": options.model,
        "role": options.role,
        "look": options.look,
        "keep": options.keep or (),
        "keep_from": options.keep_from,
        "face": options.face,
        "face_fps": options.face_fps,
        "sampling": sampling_of(options, options.model),
        **editing_of(options),
        **direction_of(options),
    }
    character.check(outputs)
    channel = channel_number(options.channel)
    request = resolve(asked)  # refuses a wrong setting before a long recording is read
    listener = _listener(options)

    with console.progress(2 + len(outputs.wanted)) as progress:
        progress.step(f"listening to {speech_path.name}")
        speech = load_speech(speech_path, channel=channel)
        if listener is not None:
            request = replace(request, encoder_features=listener.heard(speech_path, speech))
        progress.step(f"animating {options.takes} takes" if options.takes > 1 else "animating")
        events: list[dict[str, Any]] = []
        planned_as = (lambda take: events.append(take.events())) if options.events else None
        takes = make_takes(speech, request, options.takes, lambda n, of: progress.part(n / of), planned_as)
        outputs.write(character.put_into(ExportJob(tuple(takes), speech_path, speech, speech_path.stem)), progress)
    notes = [*sound_notes(speech), *_face_notes(takes[0]), *edit_notes(takes)]
    for note in notes:
        console.note(note)
    shown = character.report(takes[0], console)
    files = outputs.report()
    result = _result(speech, takes, files, outputs.errors)
    for row, listed in zip(result["takes"], events, strict=False):
        row["events"] = listed
    console.result({**result, "notes": notes, **shown})
    return outputs.status


def _listener(options: Options) -> Listener | None:
    """The speech encoder that the model needs, loaded; None where it needs none."""
    from talkingeyes.generate.encoder_features import missing_encoder_error
    from talkingeyes.generate.model_choice import encoder_of

    spec = encoder_of(options.model)
    if spec is None:
        if options.encoder is not None:
            raise SettingError(f"--encoder is for a model trained with a speech encoder; {options.model} needs none")
        return None
    if options.encoder is None:
        raise missing_encoder_error(options.model, spec)
    os.environ.setdefault("TORCH_CPP_LOG_LEVEL", "ERROR")  # read when torch is first imported; its hints are for us
    require("encoders", "a local speech encoder")
    from talkingeyes.train.encoders import listener_for

    return listener_for(spec, options.encoder)


def _face_notes(take: Motion) -> list[str]:
    face = take.meta.get("face")
    return [str(note) for note in face.get("notes", ())] if isinstance(face, dict) else []


def _result(speech: Speech, takes: list[Motion], files: list[dict[str, Any]], errors: list[str]) -> dict[str, Any]:
    return {
        "speech": {"name": speech.source_name, "sha256": speech.sha256, "duration_s": speech.duration_s},
        "takes": [
            {"seed": take.meta["seed"], "fps": take.fps, "frames": take.num_frames, "duration_s": take.duration_s}
            for take in takes
        ],
        "files": files,
        "errors": errors,
    }
