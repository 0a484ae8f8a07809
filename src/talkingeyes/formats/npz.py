"""The npz form of a motion: plain arrays, no pickle, the same bytes for the same motion."""

from __future__ import annotations

import io
from pathlib import Path

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


def read_npz(path: Path) -> Motion:
    """Read an npz, checked; never unpickles. Its keys decide: a motion, or FLAME parameters.

    Raises:
        FormatError: the file is no npz, is damaged, holds objects or breaks a channel's contract.
    """
    from talkingeyes.formats.flame import is_flame, read_flame

    arrays = read_npz_arrays(path)
    return read_flame(path) if is_flame(set(arrays)) else Motion.from_arrays(arrays, path.name)
