"""Lines that are made at once, or that die."""

from __future__ import annotations

import os
import signal
import time

from talkingeyes.batch.make import LineTask, make_line
from talkingeyes.engines import Outcome, ProgressShare


def fake(task: LineTask, beat: ProgressShare = lambda _: None) -> Outcome:
    """A file that tells what was asked for, and which process made it."""
    if task.line.id.startswith("bad"):
        return Outcome(task.index, reason="is bad")
    for name in task.line.files:
        path = task.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{task.line.id} {dict(task.line.options)} {task.wishes.get('seed')}")
    sizes = {name: (task.folder / name).stat().st_size for name in task.line.files}
    told = {"seconds": 0.0, "duration_s": 1.0, "audio_sha256": "", "notes": [f"{os.getpid()}"], "files": sizes}
    return Outcome(task.index, told=told)


def deadly(task: LineTask, beat: ProgressShare = lambda _: None) -> Outcome:
    """One line kills whoever makes it."""
    if task.line.id.startswith("deadly"):
        os.kill(os.getpid(), signal.SIGKILL)
    return fake(task)


def unhurried(task: LineTask, beat: ProgressShare = lambda _: None) -> Outcome:
    """Takes its time."""
    time.sleep(0.1)
    return fake(task)


def slow(task: LineTask, beat: ProgressShare = lambda _: None) -> Outcome:
    """The real thing, slowly enough to be killed in the middle."""
    time.sleep(0.05)
    return make_line(task, beat)
