"""Multi-TPC (Lee and Deng; three people talking): head and smoothed eye angles at 60 Hz, ``head_eye_angleN.txt``.

Five columns in degrees without a header: head roll, pitch, yaw, eye pitch, eye yaw. The head's are those of row-major
matrices (``Head_rotate_N.txt``: yaw = asin(R02), pitch = atan2(-R12, R22), roll = atan2(-R01, R00)), so that pitch is +
down and yaw + to the left. Which eye column is which is not agreed on by the set itself; counter-rotation against the
head speaks for the last one being yaw. Eyes are smoothed: there are no true saccades in them, which the motion's
``meta.slow_gaze`` says.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from talkingeyes.data.columns import ColumnMapping
from talkingeyes.data.make import Task
from talkingeyes.data.mapped import sample_of, tables_below
from talkingeyes.data.plan import Found, Source
from talkingeyes.data.sample import Sample
from talkingeyes.errors import SettingError

MAPPING = ColumnMapping(
    files="head_eye_angle*",
    fps=60.0,
    groups={"head": {"roll": "0", "pitch": "-1", "yaw": "2"}, "eyes": {"pitch": "-3", "yaw": "4"}},
    role="dialogue",
    header=False,
)


def source_of(folder: Path) -> Source:
    """Every ``head_eye_angleN.txt`` (perhaps .gz) of a tree; N of the folder it lies in is the speaker.

    Raises:
        SettingError: no such folder, or none in it.
    """
    if not folder.is_dir():
        raise SettingError(f"{folder}: is no folder; a folder of Multi-TPC's head_eye_angle files is accepted")
    files = tables_below(folder, MAPPING.files)
    found = [
        Found(path, speakers=(f"{path.parent.resolve().name} {path.name.partition('.')[0][-1]}",)) for path in files
    ]
    return Source(folder, "multi-tpc", tuple(found))


def read(task: Task) -> Sample:
    """One person of one take.

    Raises:
        FormatError: not such a table.
    """
    sample = sample_of(task, MAPPING, "Multi-TPC")
    return replace(sample, motion=sample.motion.replace(meta={**sample.motion.meta, "slow_gaze": True}))
