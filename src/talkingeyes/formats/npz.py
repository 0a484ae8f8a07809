"""The npz form of a motion: plain arrays, no pickle, the same bytes for the same motion."""

from __future__ import annotations

import io
from pathlib import Path

from talkingeyes.errors import SettingError, argument
from talkingeyes.formats.flame import flame_motion, is_flame
from talkingeyes.formats.job import ExportJob
from talkingeyes.motion import Motion
from talkingeyes.npz import read_npz_arrays


def write_npz(job: ExportJob, target: Path) -> None:
    """Write the job's take as npz (`Motion.save_npz`; docs/conventions.md lists the keys).

    Raises:
        OSError: the file cannot be written.
    """
    packed = io.BytesIO()  # a zip that meets a full disk half-way complains again when it is thrown away
    job.motion.save_npz(packed)
    target.write_bytes(packed.getbuffer())


def read_npz(path: Path, *, fps: float | None = None) -> Motion:
    """Read an npz, checked; never unpickles. Its keys decide, not its name: a motion, or FLAME parameters.

    Args:
        path: the file.
        fps: the rate of FLAME parameters that carry none.

    Raises:
        FormatError: the file is no npz, is damaged, holds objects or breaks a channel's contract.
        SettingError: ``fps`` for a file that carries its own.
    """
    arrays = read_npz_arrays(path)
    if is_flame(set(arrays)):
        return flame_motion(arrays, path.name, fps)
    motion = Motion.from_arrays(arrays, path.name)
    if fps is not None:
        raise SettingError(
            f"{path.name}: carries its own frame rate, {motion.fps:g}; {argument('fps')} is for files without one"
        )
    return motion
