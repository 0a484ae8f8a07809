"""Every stage of the table, for real: a generated data set, the tiny preset, the shipped form of what was trained."""

import json
from pathlib import Path

import pytest
import torch

from talkingeyes.cli import main
from talkingeyes.train import stages
from talkingeyes.weights import load_network
from tests.train.conftest import files_of, trained


@pytest.fixture(autouse=True)
def _one_thread():
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


def test_every_stage_trains_and_ships_and_a_run_in_parts_is_the_same(talking_set, tmp_path, capsys):
    whole = trained(capsys, talking_set, tmp_path / "whole")
    assert list(whole["stages"]) == list(stages.STAGES)
    for folder in whole["exported"]:
        network = load_network(Path(folder))
        assert network.manifest.licence
        for name in network.models:
            assert network.session(name)
    assert {Path(folder).name for folder in whole["exported"]} == {"learned", "face", "scan_path"}
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
    deaf = [name for name in stages.STAGES if stages.stage_kind(name).hears == ("light",)]
    assert deaf
    for name in deaf:
        words = [tmp_path / "c.json", "--data", talking_set, "--out", tmp_path / "run", "--stages", name]
        assert main(["train", *map(str, words)]) == 2
        assert f"the stage {name} hears light speech, not local" in capsys.readouterr().err
