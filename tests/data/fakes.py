"""Makers that take milliseconds instead of a fit, some of them deadly. Imported by worker processes."""

import hashlib
import os
import signal
import sys
import time
from pathlib import Path

import numpy as np

from talkingeyes.audio import FEATURE_RATE_HZ, Speech
from talkingeyes.data.make import Task, facts, motion_facts, sound_facts
from talkingeyes.data.sample import Sample
from talkingeyes.engines import Outcome
from talkingeyes.motion import Motion

PEOPLE = 6


def motion_of(rng: np.random.Generator, frames: int = 50) -> Motion:
    walk = np.cumsum(rng.normal(0, 0.01, (frames, 3)), axis=0)
    eyes = np.repeat(rng.normal(0, 0.1, (frames, 1, 2)), 2, axis=1)
    return Motion(
        fps=25.0,
        head_rad=walk,
        eyes_rad=eyes,
        lids=rng.uniform(0, 1, (frames, 2)),
        confidence=rng.uniform(0.5, 1, (frames, 5)),
        meta={"confidence_columns": ["head", "eye_left", "eye_right", "lids", "face"]},
    )


def speech_of(rng: np.random.Generator, duration_s: float = 2.0) -> Speech:
    count = int(duration_s * FEATURE_RATE_HZ)

    def column() -> np.ndarray:
        return rng.uniform(0, 1, count).astype(np.float32)

    return Speech(
        source_name="sound.wav",
        sha256="0" * 64,
        duration_s=duration_s,
        loudness_db=column(),
        loudness=column(),
        pitch_hz=column(),
        voice=rng.uniform(size=count) > 0.3,
        brightness=column(),
        log_mel=rng.normal(size=(count, 40)).astype(np.float32),
        peak=column(),
        turns=np.array([[0.0, 1.8]]),
        pauses=np.zeros((0, 2)),
    )


def traits_of(person: int, rng: np.random.Generator) -> dict[str, np.ndarray]:
    own = np.random.default_rng(1000 + person)
    return {
        name: (own.normal(size=width) + rng.normal(0, 0.3, (2, width))).astype(np.float32)
        for name, width in (("shape", 30), ("look", 60), ("voice", 20))
    }


def person_of(path: str) -> int:
    return int(hashlib.sha256(Path(path).stem.encode()).hexdigest(), 16) % PEOPLE


def sample_of(task: Task, content: bytes) -> Sample:
    rng = np.random.default_rng(int(hashlib.sha256(content).hexdigest()[:12], 16))
    motion, speech = motion_of(rng), speech_of(rng)
    row = facts(task, **motion_facts(motion), **sound_facts(speech, "none"), role="speaking", seen_share=1.0)
    return Sample(motion, speech, traits_of(person_of(task.item.path), rng), row=row)


def fake(task: Task, beat=lambda share: None) -> Outcome:
    content = (task.root / task.item.path).read_bytes()
    beat(0.5)
    if b"corrupt" in content:
        return Outcome(task.index, reason="cannot be read as a video")
    return Outcome(task.index, sample_of(task, content).members())


def slow(task: Task, beat=lambda share: None) -> Outcome:
    time.sleep(0.05)
    return fake(task, beat)


def deadly(task: Task, beat=lambda share: None) -> Outcome:
    """A file named kill* ends its worker every time, once* only the first time, crash* with a traceback."""
    path = task.root / task.item.path
    if path.name.startswith("crash"):
        sys.stderr.write("Traceback\nKeyError: a bug\n")
        sys.stderr.flush()
        os._exit(3)
    died = path.with_suffix(".died")
    if path.name.startswith("kill") or (path.name.startswith("once") and not died.exists()):
        died.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return fake(task, beat)


def tree(folder: Path, count: int = 12) -> Path:
    """A tree of files that stand for videos."""
    for i in range(count):
        path = folder / f"show{i % 3}" / f"clip{i:02d}.mp4"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"video %d" % i)
    return folder


def shard_bytes(out: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in sorted((out / "shards").iterdir())}
