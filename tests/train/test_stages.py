"""Every stage of the table, for real: a generated data set, the tiny preset, the shipped form of what was trained."""

import importlib.resources
import json
import wave
from pathlib import Path

import numpy as np
import pytest
import torch

import talkingeyes as te
from talkingeyes.audio.decode import MonoStream
from talkingeyes.cli import main
from talkingeyes.data.build import build
from talkingeyes.data.dataset import open_dataset
from talkingeyes.data.make import Outcome, facts, motion_facts, sound_facts
from talkingeyes.data.plan import videos_below
from talkingeyes.data.sample import Sample
from talkingeyes.data.split import SplitSettings, save_split, split
from talkingeyes.train import stages
from talkingeyes.weights import load_network
from tests.train.conftest import files_of, in_process

SECONDS, CLIPS = 6.0, 10


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


@pytest.fixture(scope="module")
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


@pytest.fixture(autouse=True)
def _one_thread():
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


def trained(capsys, data: Path, run: Path, *more: str) -> dict:
    words = ["--data", data, "--out", run, "--preset", "tiny", "--device", "cpu", "--json", *more]
    status = main(["train", *map(str, words)])
    printed = capsys.readouterr()
    assert status == 0, printed.err
    return json.loads(printed.out)


def test_every_stage_trains_and_ships_and_a_run_in_parts_is_the_same(talking_set, tmp_path, capsys):
    whole = trained(capsys, talking_set, tmp_path / "whole")
    assert list(whole["stages"]) == list(stages.STAGES)
    for folder in whole["exported"]:
        network = load_network(Path(folder))
        assert network.manifest.licence
        for name in network.models:
            assert network.session(name)
    assert {Path(folder).name for folder in whole["exported"]} == {"learned", "face"}
    for name in stages.STAGES:
        trained(capsys, talking_set, tmp_path / "parts", "--stages", name)
    for name in stages.STAGES:
        assert files_of(tmp_path / "whole", name) == files_of(tmp_path / "parts", name)


def test_a_stage_without_those_it_needs_says_which(talking_set, tmp_path, capsys):
    words = ["--data", talking_set, "--out", tmp_path / "run", "--preset", "tiny", "--stages", "translator"]
    assert main(["train", *map(str, words)]) == 2
    assert "train the stage 'gaze_vqvae' first" in capsys.readouterr().err


def test_a_stage_refuses_an_encoder_that_it_does_not_hear(talking_set, tmp_path, capsys):
    encoder = {"kind": "local", "folder": str(tmp_path), "sound": str(tmp_path)}
    (tmp_path / "c.json").write_text(json.dumps({"encoder": encoder}))
    deaf = [name for name in stages.STAGES if "local" not in stages.stage_kind(name).hears]
    for name in deaf:
        words = [tmp_path / "c.json", "--data", talking_set, "--out", tmp_path / "run", "--stages", name]
        assert main(["train", *map(str, words)]) == 2
        assert f"the stage {name} hears light speech, not local" in capsys.readouterr().err
