"""``.mp4``: a preview of the motion on the avatar, with the recording's sound.

The pictures are drawn by `draw`, in numpy: a preview must work wherever the package installs, and neither a browser nor
an OpenGL driver can be counted on there (docs/log.md compares them).
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.avatar.pose import avatar_rotations, target_weights
from talkingeyes.avatar.rig import AvatarRig
from talkingeyes.errors import FormatError
from talkingeyes.formats.glb import job_avatar
from talkingeyes.formats.job import ExportJob
from talkingeyes.motion import Motion
from talkingeyes.preview.film import write_film
from talkingeyes.preview.painter import Painter
from talkingeyes.preview.scene import Scene

Array = NDArray[Any]

PICTURE_PX = 512
"""Height and width."""
CLOSENESS = 1.15
MAX_FPS = 60.0
MAX_DURATION_S = 600.0
_MAX_WORKERS = 8


def write_mp4(job: ExportJob, target: Path) -> None:
    """Write the motion on the job's avatar as a video with the job's recording.

    Raises:
        FormatError: the avatar cannot be animated or drawn, or the motion is too long or shows nothing.
        AudioError: the recording cannot be read.
        OutputError: the video cannot be encoded.
        OSError: the target cannot be written.
    """
    motion = job.motion
    if motion.duration_s > MAX_DURATION_S:
        raise FormatError(
            f"a preview lasts at most {MAX_DURATION_S / 60:.0f} minutes, the motion {motion.duration_s / 60:.1f}: "
            "write .html, which has no such limit, or cut the recording"
        )
    if motion.eyes_rad is None and motion.head_rad is None and motion.gaze_rad is not None:
        motion = replace(motion, eyes_rad=np.repeat(motion.gaze_rad[:, None, :], 2, axis=1))  # as the page shows it
    if all(channel is None for channel in (motion.eyes_rad, motion.head_rad, motion.lids, motion.face)):
        raise FormatError("this motion has nothing a video could show: no eyes, gaze, head, lids or face")
    if motion.fps > MAX_FPS:
        motion = motion.resample(MAX_FPS)
    glb, rig = job_avatar(job)
    painter = Painter(Scene.of(glb, rig, job.avatar_name), (PICTURE_PX, PICTURE_PX), closeness=CLOSENESS)
    sound = job.audio_path if job.embed_audio else None
    write_film(_pictures(painter, rig, motion, job.progress), motion.fps, sound, target, job.channel)


def _pictures(
    painter: Painter, rig: AvatarRig, motion: Motion, progress: Callable[[float], None] | None
) -> Iterator[Array]:
    """Every frame in order, drawn by several threads: numpy lets them run side by side."""
    turns = {rig.bones[role].node: rig.local_from_model(role, r) for role, r in avatar_rotations(motion, rig).items()}
    weights = target_weights(motion, rig)

    def draw(frame: int) -> Array:
        return painter.picture({n: r[frame] for n, r in turns.items()}, {n: w[frame] for n, w in weights.items()})

    workers = max(1, min(_MAX_WORKERS, os.cpu_count() or 1))
    with ThreadPoolExecutor(workers) as pool:
        ahead: deque[Future[Array]] = deque()
        try:
            for frame in range(motion.num_frames + workers):
                if frame < motion.num_frames:
                    ahead.append(pool.submit(draw, frame))
                if frame >= workers:
                    yield ahead.popleft().result()
                    if progress is not None:
                        progress((frame - workers + 1) / motion.num_frames)
        finally:
            for drawn in ahead:
                drawn.cancel()
