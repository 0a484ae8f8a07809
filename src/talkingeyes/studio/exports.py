"""Export from the studio: a preset for each program, what it loses, and the files."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from talkingeyes.avatar.load import open_avatar
from talkingeyes.avatar.losses import losses
from talkingeyes.errors import SettingError
from talkingeyes.extras import require
from talkingeyes.formats import ExportJob, format_of, remark_on, write
from talkingeyes.generate.planned import PlannedTake
from talkingeyes.wording import quoted

MOST_TAKES = 1000


@dataclass(frozen=True)
class Preset:
    """Files for one program.

    Attributes:
        name: for machines.
        label: the program.
        suffixes: of the files, in order.
        help: what to do with them there.
        loses: what does not come over, in lines for people.
    """

    name: str
    label: str
    suffixes: tuple[str, ...]
    help: str
    loses: tuple[str, ...] = ()

    @property
    def files(self) -> str:
        """The files, for people."""
        return " + ".join(suffix[1:].upper() for suffix in self.suffixes)


_NO_CONVERGENCE = "Eyes are stored as look-in, look-out, up and down amounts: angles beyond ARKit's range are cut."
_RATE = "Timecodes count whole frames."
PRESETS: tuple[Preset, ...] = (
    Preset(
        "unreal", "Unreal MetaHuman", (".csv",),
        "Import the table as a take of Live Link Face.",
        (_NO_CONVERGENCE, _RATE),
    ),
    Preset("unity", "Unity", (".glb", ".csv"), "Drop the .glb into the project (glTFast), or read the table."),
    Preset("blender", "Blender", (".glb", ".bvh"), "Import the .glb; the add-on puts the .bvh on a rig of your own."),
    Preset("three", "three.js, Babylon", (".glb",), "Load it with GLTFLoader and play its animation."),
    Preset(
        "vrm", "VRM", (".vrma",), "Play it on any VRM 1.0 avatar.",
        ("Without ARKit shapes on the avatar, the mouth is five vowels.", "The gaze is one direction for both eyes."),
    ),
    Preset("vtube", "VTube Studio and other ARKit puppets", (".csv", ".json"), "Amounts of the 52 ARKit shapes."),
    Preset(
        "usd", "Maya, Houdini, Omniverse", (".usda",), "Reference the stage; blend shapes and skeleton are animated.",
        ("No textures.",),
    ),
    Preset("film", "A film to show", (".mp4",), "The avatar speaks, with sound."),
    Preset("page", "A page to send", (".html",), "Avatar, sound and curves in one file that opens anywhere."),
    Preset("data", "Data, without loss", (".npz", ".csv"), "Every channel as arrays."),
)  # fmt: skip


def preset_of(name: Any) -> Preset:
    """A preset by its name.

    Raises:
        SettingError: there is none.
    """
    found = next((p for p in PRESETS if p.name == name), None)
    if found is None:
        raise SettingError(f"preset is {quoted(name)}; {', '.join(p.name for p in PRESETS)} are accepted")
    return found


def suffixes_of(preset: Preset, formats: Any) -> tuple[str, ...]:
    """What is written: the preset's files, or those that were asked for by suffix.

    Raises:
        SettingError: a format that is not written.
    """
    if formats is None:
        return preset.suffixes
    if not isinstance(formats, list) or not 1 <= len(formats) <= 16 or not all(isinstance(f, str) for f in formats):
        raise SettingError(f"format is {quoted(formats)}; a list of suffixes is accepted")
    suffixes = tuple("." + f.lower().removeprefix(".") for f in formats)
    for suffix in suffixes:
        form = format_of(Path("take" + suffix))
        if form is None or form.write is None or form.suffix != suffix:
            raise SettingError(f"format is {quoted(suffix)}, which is not written")
    return suffixes


def losses_of(preset: Preset, avatar: Path | None, look: str) -> list[str]:
    """What will be lost, in lines for people."""
    lines = list(preset.loses)
    if any((form := format_of(Path("x" + s))) is not None and form.takes_avatar for s in preset.suffixes):
        _, rig = open_avatar(avatar, None, look)
        lines += [f"{loss.part}: {loss.why}" for loss in losses(rig)]
    return lines


def file_name(text: str, known: Sequence[str] = ()) -> str:
    """A name for files out of what people typed: letters, digits, - and _; a number where it is taken."""
    plain = re.sub(r"[^\w-]+", "-", text, flags=re.ASCII).strip("-_")[:60] or "take"
    name, count = plain, 1
    while name in known:
        count += 1
        name = f"{plain}-{count}"
    return name


def export(  # noqa: PLR0913 - what an export is made of
    take: PlannedTake,
    sound: Path,
    suffixes: Sequence[str],
    target: Path,
    *,
    avatar: Path | None,
    look: str,
    range_s: tuple[float, float] | None = None,
    step: Callable[[], None],
) -> tuple[list[Path], list[str]]:
    """Write one take.

    Args:
        take: planned, at the frame rate that is wanted.
        sound: its recording.
        suffixes: of the files.
        target: without a suffix.
        avatar: the character; None: a look of the built-in one.
        look: which.
        range_s: only these seconds, without sound.
        step: is called after each file.

    Returns:
        The files, and what there is to say about them.
    """
    motion = take.motion()
    if range_s is not None:
        frames = range(max(0, int(range_s[0] * take.fps)), min(take.frames, int(range_s[1] * take.fps) + 1))
        if not len(frames):
            raise SettingError(f"range {range_s[0]:g} to {range_s[1]:g} s lies outside the take")
        motion = take.motion(frames)
    job = ExportJob((motion,), sound, take.speech, target.name, avatar_path=avatar, look=look)
    if range_s is not None:
        job = replace(job, audio_path=None, speech=None)
    made, told = [], []
    for suffix in suffixes:
        path = target.with_name(target.name + suffix)
        form = format_of(path)
        if form is not None and form.extra:
            require(form.extra, f"writing {suffix}")
        made += write(job, path)
        if remark := remark_on(job, path):
            told.append(f"{path.name}: {remark}")
        step()
    return made, told
