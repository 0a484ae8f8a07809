"""``talkingeyes info``: what a motion file or a recording holds."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from talkingeyes.commands.console import Console
from talkingeyes.errors import FormatError
from talkingeyes.wording import cut

if TYPE_CHECKING:
    from talkingeyes.audio import Speech
    from talkingeyes.motion import Motion

HELP = "what a file is: channels, length, provenance"
EPILOG = """examples:
  talkingeyes info speech.npz                             channels, frame rate, who made it from what
  talkingeyes info speech.wav                             length, share of voice, turns and pauses
  talkingeyes info speech.npz --json
  talkingeyes info speech.npz --events --json             gaze shifts and blinks, as edits name them
"""
_SHOWN = 400
"""Characters of one entry of ``meta`` that are shown; ``--json`` prints all."""


@dataclass(frozen=True)
class Options:
    """The arguments of ``talkingeyes info``, one field each."""

    file: str
    events: bool


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    from talkingeyes.formats.table import suffixes_read

    parser.add_argument("file", metavar="FILE", help=f"a motion file ({suffixes_read()}) or a recording")
    parser.add_argument(
        "--events", action="store_true", help="list the gaze shifts and blinks of a motion, with ids that edits accept"
    )


def run(options: Options, console: Console) -> int:
    """Say what one file holds.

    Raises:
        TalkingEyesError: the file is neither a readable motion nor a readable recording.
    """
    from talkingeyes.formats import format_of, load
    from talkingeyes.formats.table import suffixes_read

    path, form = Path(options.file), format_of(options.file)
    if form is not None and form.read is None and path.is_file():
        raise FormatError(
            f"{path}: a {form.suffix} file is only written; info reads motion ({suffixes_read()}) and recordings"
        )
    if form is not None and form.read is not None:
        motion = load(path)
        data = _motion_data(motion)
        if options.events:
            from talkingeyes.generate.edits.seen import events_of

            data["events"] = events_of(motion)
    else:
        from talkingeyes.audio import load_speech

        data = _speech_data(load_speech(path))
    data = {"file": str(path), **data}
    for line in _lines(data):
        console.say(line)
    console.result(data)
    return 0


def _motion_data(motion: Motion) -> dict[str, Any]:
    import numpy as np

    def span_deg(channel: Any) -> list[float]:
        low, high = np.degrees([channel.min(), channel.max()])
        return [round(float(low), 1), round(float(high), 1)]

    ranges: dict[str, list[float]] = {}
    if motion.head_rad is not None:
        for i, angle in enumerate(("yaw", "pitch", "roll")):
            ranges[f"head_{angle}"] = span_deg(motion.head_rad[:, i])
    if motion.eyes_rad is not None:
        for i, angle in enumerate(("yaw", "pitch")):
            ranges[f"eyes_{angle}"] = span_deg(motion.eyes_rad[:, :, i])
    return {
        "kind": "motion",
        "fps": motion.fps,
        "frames": motion.num_frames,
        "duration_s": round(motion.duration_s, 6),
        "channels": {name: list(channel.shape[1:]) for name, channel in motion.channels.items()},
        "face_names": list(motion.face_names),
        "range_deg": ranges,
        "meta": dict(motion.meta),
    }


def _speech_data(speech: Speech) -> dict[str, Any]:
    return {
        "kind": "recording",
        "duration_s": round(speech.duration_s, 6),
        "voice_share": round(float(speech.voice.mean()), 4) if len(speech.voice) else 0.0,
        "turns": len(speech.turns),
        "pauses": len(speech.pauses),
        "sha256": speech.sha256,
    }


def _lines(data: dict[str, Any]) -> list[str]:
    """The same facts for people."""
    if data["kind"] == "recording":
        return [
            f"{data['file']}: recording, {data['duration_s']:.2f} s",
            f"  voice       {data['voice_share']:.0%} of the time, {data['turns']} turns, {data['pauses']} pauses",
            f"  sha256      {data['sha256']}",
        ]
    face = f", {len(data['face_names'])} face coefficients" if data["face_names"] else ""
    lines = [
        f"{data['file']}: motion, {data['frames']} frames at {data['fps']:g} fps, {data['duration_s']:.2f} s",
        f"  channels    {', '.join(data['channels'])}{face}",
    ]
    lines += [f"  {name:<11} {low:g} to {high:g} deg" for name, (low, high) in data["range_deg"].items()]
    lines += [_event_line(row) for rows in data.get("events", {}).values() if isinstance(rows, list) for row in rows]
    lines += [f"  {cut(name):<11} {cut(_short(value), _SHOWN)}" for name, value in data["meta"].items()]
    return lines


def _event_line(row: dict[str, Any]) -> str:
    what = f"closes {row.get('closure', 0.0):.2f}"
    if "yaw_deg" in row:
        what = f"to yaw {row['yaw_deg']:.1f}, pitch {row['pitch_deg']:.1f} deg"
    return f"  {row['id']:<16} {row['at_s']:8.3f} s  {what}, lasts {row['lasts_s']:.2f} s"


def _short(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} {_short(item)}" for key, item in value.items())
    if isinstance(value, list):
        return ", ".join(_short(item) for item in value)
    return cut(str(value))
