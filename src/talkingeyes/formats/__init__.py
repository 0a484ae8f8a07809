"""Writing and reading motion files: one table by suffix, each format's module loaded on first use."""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from talkingeyes.avatar.looks import LOOKS, chosen
from talkingeyes.errors import FormatError, LossWarning, OutputError, SettingError, argument
from talkingeyes.files import check_target, readable, sha256_of, write_whole
from talkingeyes.formats.job import ExportJob
from talkingeyes.formats.table import FORMATS, Format, format_of, suffixes_read, suffixes_written

if TYPE_CHECKING:
    from talkingeyes.motion import Motion

__all__ = [
    "FORMATS", "LOOKS", "ExportJob", "Format", "convert", "format_of", "load", "remark_on", "save", "targets_of",
    "write",
]  # fmt: skip


def targets_of(path: str | Path, takes: int) -> tuple[Path, ...]:
    """The files that ``takes`` takes become: one, or NAME-1.glb, NAME-2.glb, ... where a file holds one take.

    Raises:
        OutputError: the suffix is not known, or only read.
    """
    path = Path(path)
    form = format_of(path)
    if form is None:
        came = f"the suffix {path.suffix!r} is not known" if path.suffix else "has no suffix"
        raise OutputError(f"{path}: {came}; the suffix picks the format: {suffixes_written()}")
    if form.write is None:
        raise OutputError(f"{path}: {form.suffix} ({form.what}) is only read; written are {suffixes_written()}")
    if takes == 1 or form.holds_takes:
        return (path,)
    end = len(path.name) - len(form.suffix)
    return tuple(path.with_name(f"{path.name[:end]}-{i + 1}{path.name[end:]}") for i in range(takes))


def write(job: ExportJob, path: str | Path, *, inputs: Iterable[Path] = ()) -> tuple[Path, ...]:
    """Write a job's takes; each file is whole or not there.

    Args:
        job: the takes and, for pages, the recording.
        path: the suffix picks the format.
        inputs: files that must not be overwritten, beside the job's own recording.

    Returns:
        The files written (`targets_of`).

    Raises:
        OutputError: an unknown suffix, a target that cannot be written, a full disk, or a target that is an input.
        TalkingEyesError: what the format's own writer refuses.
    """
    targets = targets_of(path, len(job.takes))
    form = format_of(path)
    assert form is not None and form.write is not None
    own = (job.audio_path, job.avatar_path, job.mapping_path)
    kept = (*inputs, *(path for path in own if path is not None))
    for target in targets:
        check_target(target, kept)
    writer = form.writer()
    for index, target in enumerate(targets):
        part = job if len(targets) == 1 else job.only(index)
        write_whole(target, lambda aside, part=part: writer(part, aside), kept)
    return targets


def remark_on(job: ExportJob, path: str | Path) -> str:
    """What there is to say about a file that a job was written to: how it was made, or what its readers do not do."""
    form = format_of(path)
    return form.remark_on(job) if form is not None else ""


def save(  # noqa: PLR0913 - what the command line's flags are, by name
    motion: Motion | Sequence[Motion],
    path: str | Path,
    *,
    audio: str | Path | None = None,
    title: str | None = None,
    embed_audio: bool = True,
    avatar: str | Path | None = None,
    mapping: str | Path | None = None,
    mouth: str = "auto",
) -> tuple[Path, ...]:
    """Write a motion, or several takes, in the format that the suffix names (`FORMATS`).

    Args:
        motion: one motion or a sequence of takes; formats that hold one take get NAME-1.glb, NAME-2.glb, ...
        path: the file to make or replace; never half-written.
        audio: the recording, which a page or video plays; never overwritten.
        title: what a page calls itself; the recording's or the file's name otherwise.
        embed_audio: whether a page or video carries the sound inside.
        avatar: the character (.glb or .vrm) for formats that show one, or a look of the built-in one (`LOOKS`).
        mapping: a mapping file (`talkingeyes rig`) where the character's names say too little.
        mouth: what carries the mouth in a .vrma: "vowels", "arkit", or "auto": by what ``avatar`` has.

    Returns:
        The files written.

    Warns:
        LossWarning: the avatar cannot show all of the motion, in the words of the command line's ``note:``.

    Raises:
        OutputError: an unknown suffix, a target that cannot be written, a full disk, or a target that is the input.
        AudioError: ``audio`` cannot be read.
        SettingError: an empty sequence of takes.
    """
    from talkingeyes.motion import Motion

    takes = (motion,) if isinstance(motion, Motion) else tuple(motion)
    if not takes:
        raise SettingError("save was given no takes; one motion or more is accepted")
    form, audio_path, speech = format_of(path), Path(audio) if audio is not None else None, None
    if form is not None and form.carries_sound and audio_path is not None:
        from talkingeyes.audio import load_speech

        check_target(Path(path), (audio_path,))
        speech = load_speech(audio_path, channel=channel_of(takes[0], audio_path))
    name = title if title is not None else (audio_path or Path(path)).stem
    look, avatar_path = chosen(avatar)
    mapping_path = Path(mapping) if mapping is not None else None
    job = ExportJob(takes, audio_path, speech, name, embed_audio, avatar_path, mapping_path, look=look, vrm_mouth=mouth)
    written = write(job, path)
    if avatar_path is not None and form is not None and form.takes_avatar:
        _warn_of_losses(job)
    return written


def convert(
    source: str | Path | Motion,
    *outputs: str | Path,
    fps: float | None = None,
    resample: float | None = None,
    audio: str | Path | None = None,
    avatar: str | Path | None = None,
    mapping: str | Path | None = None,
) -> tuple[Path, ...]:
    """Read a motion of any format and write it in others.

    Args:
        source: a motion file, or a motion.
        outputs: files to make; each suffix picks the format.
        fps: the rate of a file that carries none; see `load`.
        resample: frames per second of what is written, linear between frames; None: as they come.
        audio: see `save`.
        avatar: see `save`.
        mapping: see `save`.

    Returns:
        The files written.

    Raises:
        FormatError, OutputError, SettingError: see `load` and `save`.
    """
    from talkingeyes.motion import Motion

    if not outputs:
        raise SettingError("convert was given no file to make; one or more is accepted")
    if resample is not None and not 1 <= resample <= 1000:
        raise SettingError(f"{argument('resample')} is {resample:g}; 1 to 1000 frames per second are accepted")
    motion = source if isinstance(source, Motion) else load(source, fps=fps)
    motion = motion if resample is None else motion.resample(resample)
    own = [] if isinstance(source, Motion) else [Path(source)]
    for path in outputs:
        check_target(Path(path), own)
    made = [save(motion, path, audio=audio, avatar=avatar, mapping=mapping) for path in outputs]
    return tuple(path for paths in made for path in paths)


def _warn_of_losses(job: ExportJob) -> None:
    from talkingeyes.avatar.load import open_avatar
    from talkingeyes.avatar.losses import loss_note, losses

    _, rig = open_avatar(job.avatar_path, job.mapping_path, job.look)
    found = dict.fromkeys(loss for take in job.takes for loss in losses(rig, take))
    if found:
        warnings.warn(loss_note(job.avatar_name, tuple(found)), LossWarning, stacklevel=3)


def channel_of(motion: Motion, audio: Path) -> int | None:
    """The channel of a recording that a motion was made from, from 1; None: all, or another recording."""
    source = motion.meta.get("source")
    if not isinstance(source, dict) or not audio.is_file():
        return None
    channel = source.get("channel")
    if type(channel) is not int or channel < 1 or sha256_of(audio) != source.get("sha256"):
        return None
    return channel


def load(path: str | Path, *, fps: float | None = None) -> Motion:
    """Read a motion from any format that `FORMATS` has a reader for.

    Args:
        path: the suffix picks the format.
        fps: the rate of a file that carries none; it also overrides timecodes of a .csv and keys of an animation.

    Raises:
        FormatError: no such file, no ordinary file, a suffix that is not read, or a file that does not hold its format.
        SettingError: ``fps`` for a file that carries its own rate.
    """
    path, form = Path(path), format_of(path)
    readable(path, f"a motion file is accepted ({suffixes_read()})")
    if form is None or form.read is None:
        raise FormatError(f"{path}: cannot be read as motion; {suffixes_read()} are accepted")
    if fps is not None and not (math.isfinite(fps) and 1 <= fps <= 1000):
        raise SettingError(f"fps is {fps!r}; 1 to 1000 is accepted")
    if fps is not None and not form.takes_rate:
        raise SettingError(
            f"{path}: a {form.suffix} file carries its own frame rate; {argument('fps')} is for files without one"
        )
    reader = form.reader()
    try:
        return reader(path) if fps is None else reader(path, fps=fps)
    except FormatError as error:  # what is wrong with a channel does not know in which file
        raise error if path.name in str(error) else type(error)(f"{path.name}: {error.args[0]}") from None
