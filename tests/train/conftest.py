"""A small data set on the disk, and `talkingeyes train` of the toy stage, here or in processes of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from talkingeyes.data.build import build
from talkingeyes.data.dataset import open_dataset
from talkingeyes.data.plan import videos_below
from talkingeyes.data.split import SplitSettings, save_split, split
from tests.data.fakes import fake, tree

ROOT = Path(__file__).parents[2]


def in_process(make, tasks):
    for task in tasks:
        yield make(task)


def make_set(folder: Path, clips: int) -> Path:
    """A set of random clips, each of its own person."""
    out = folder / "set"
    build(videos_below(tree(folder / "videos", clips)), out, engine=in_process, make_one=fake, clips_per_shard=8)
    data = open_dataset(out)
    choice = SplitSettings("file", (), 0.2, 0.2, 0)
    save_split(data, choice, split(data, choice))
    return out


@pytest.fixture(scope="session")
def toy_set(tmp_path_factory) -> Path:
    return make_set(tmp_path_factory.mktemp("toy"), 12)


def environment(**more: str) -> dict[str, str]:
    quiet = {k: v for k, v in os.environ.items() if k not in ("RANK", "WORLD_SIZE", "LOCAL_RANK")}
    return {**quiet, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1", **more}


def toy(*words: object, **more: str) -> subprocess.CompletedProcess[str]:
    """`talkingeyes train` of the toy stage in a process of its own."""
    command = [sys.executable, "-m", "tests.train.toy", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, env=environment(**more), cwd=ROOT, timeout=300)


def files_of(run: Path, stage: str = "toy") -> dict[str, bytes]:
    """Every file of a stage but TensorBoard's, and what is exported."""
    found = [p for p in (run / stage).iterdir() if p.is_file()] + sorted((run / "onnx").rglob("*.*"))
    return {str(p.relative_to(run)): p.read_bytes() for p in sorted(found) if p.is_file()}


def log_of(run: Path, stage: str = "toy") -> list[dict]:
    return [json.loads(line) for line in (run / stage / "log.jsonl").read_text().splitlines()]
