"""A small data set on the disk, and `talkingeyes train` of the toy stage, here or in processes of its own."""

from __future__ import annotations

import importlib.resources
import json
import os
import subprocess
import sys
import wave
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch

import talkingeyes as te
from talkingeyes.audio.decode import MonoStream
from talkingeyes.cli import main
from talkingeyes.data.build import build
from talkingeyes.data.dataset import open_dataset
from talkingeyes.data.make import facts, motion_facts, sound_facts
from talkingeyes.data.plan import videos_below
from talkingeyes.data.sample import Sample
from talkingeyes.data.split import SplitSettings, save_split, split
from talkingeyes.engines import Outcome
from tests.data.fakes import fake, tree

ROOT = Path(__file__).parents[2]
NEEDS = "transformers is not installed; talkingeyes[encoders] brings it"


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
    return {**quiet, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'src'}", "OMP_NUM_THREADS": "1", **more}


def toy(*words: object, **more: str) -> subprocess.CompletedProcess[str]:
    """`talkingeyes train` of the toy stage in a process of its own."""
    command = [sys.executable, "-m", "tests.train.toy", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, env=environment(**more), cwd=ROOT, timeout=300)


def files_of(run: Path, stage: str = "toy") -> dict[str, bytes]:
    """Every file of a stage, and what is exported."""
    found = list((run / stage).rglob("*")) + sorted((run / "onnx").rglob("*.*"))
    return {str(p.relative_to(run)): p.read_bytes() for p in sorted(found) if p.is_file()}


def log_of(run: Path, stage: str = "toy") -> list[dict]:
    return [json.loads(line) for line in (run / stage / "log.jsonl").read_text().splitlines()]


def trained(capsys, data: Path, run: Path, *more: str) -> dict:
    words = ["--data", data, "--out", run, "--preset", "tiny", "--device", "cpu", "--json", *more]
    status = main(["train", *map(str, words)])
    printed = capsys.readouterr()
    assert status == 0, printed.err
    return json.loads(printed.out)


SECONDS, CLIPS = 9.0, 10


def write_sound(path: Path, samples: np.ndarray) -> None:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes((np.clip(samples, -1, 1) * 32_767).astype("<i2").tobytes())


def generated(task, beat=lambda share: None) -> Outcome:
    """A clip whose motion the statistical generator made for its sound."""
    path = task.root / task.item.path
    speech, motion = te.load_speech(path), te.animate(path, seed=task.index, model="statistical")
    row = facts(task, **motion_facts(motion), **sound_facts(speech, "none"), role="speaking", seen_share=1.0)
    return Outcome(task.index, Sample(motion, speech, row=row).members())


@pytest.fixture(scope="session")
def talking_set(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("talking")
    sample = importlib.resources.files("talkingeyes") / "assets" / "sample.opus"
    with importlib.resources.as_file(sample) as path:
        samples = np.concatenate(list(MonoStream(path)))
    videos = folder / "videos"
    videos.mkdir()
    for i, start in enumerate(np.linspace(0, len(samples) / 16_000 - SECONDS, CLIPS)):
        cut = samples[int(start * 16_000) : int((start + SECONDS) * 16_000)]
        write_sound(videos / f"clip{i}.mp4", cut)  # found by its name, decoded by its content
    out = folder / "set"
    build(videos_below(videos), out, engine=in_process, make_one=generated)
    choice = SplitSettings("file", (), 0.2, 0.1, 0)
    save_split(open_dataset(out), choice, split(open_dataset(out), choice))
    return out


def small_hubert(transformers, folder: Path, seed: int) -> Path:
    torch.manual_seed(seed)
    config = transformers.HubertConfig(
        hidden_size=16, num_hidden_layers=2, num_attention_heads=2, intermediate_size=32, conv_dim=(8,) * 7,
        num_conv_pos_embeddings=16, num_conv_pos_embedding_groups=4,
    )  # fmt: skip
    transformers.HubertModel(config).save_pretrained(folder, safe_serialization=True)
    return folder


@pytest.fixture(scope="session")
def network(tmp_path_factory) -> Path:
    """A HuBERT of the right form, small and untrained, as `save_pretrained` writes it."""
    transformers = pytest.importorskip("transformers", reason=NEEDS)
    return small_hubert(transformers, tmp_path_factory.mktemp("hubert") / "net", seed=4)


@pytest.fixture
def one_thread() -> Iterator[None]:
    """Small networks are slower on several threads."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)
