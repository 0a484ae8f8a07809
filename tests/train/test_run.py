"""A run may be stopped anywhere and goes on to the same bytes; several processes give the loss of one."""

import errno
import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
import torch
from torch import distributed

from talkingeyes import files
from talkingeyes.cli import main
from talkingeyes.errors import ModelError, OutputError, SettingError
from talkingeyes.train import checkpoint, stages
from talkingeyes.train.config import TrainConfig
from talkingeyes.train.loop import train_stage
from talkingeyes.train.process_group import ALONE, process_group
from talkingeyes.train.run import train
from talkingeyes.train.stage import Context
from talkingeyes.train.training_log import Silent
from talkingeyes.weights import load_network
from tests.train.conftest import ROOT, environment, files_of, log_of, make_set, toy
from tests.train.toy import Toy, ToyConfig, tiny


@pytest.fixture(autouse=True)
def _only_the_toy(monkeypatch):
    monkeypatch.setattr(stages, "STAGES", {"toy": "tests.train.toy"})
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


def trained(data: Path, run: Path, seed: int = 3, progress=None, **changes):
    config = TrainConfig(seed=seed, stages={"toy": tiny(**changes)})
    return train(config, data, run, group=ALONE, progress=progress or Silent())


@pytest.fixture(scope="module")
def whole(toy_set, tmp_path_factory):
    """What a run that nothing stops leaves."""
    patch = pytest.MonkeyPatch()
    patch.setattr(stages, "STAGES", {"toy": "tests.train.toy"})
    run = tmp_path_factory.mktemp("whole") / "run"
    trained(toy_set, run)
    patch.undo()
    return files_of(run)


def test_a_run_learns_and_ships_what_it_learned(toy_set, tmp_path):
    report = trained(toy_set, tmp_path / "run")
    first, *_, last = [row["loss"] for row in log_of(tmp_path / "run") if row["part"] == "val"]
    assert last < first / 3
    assert report.stages["toy"].best["loss"] == pytest.approx(last)
    network = load_network(tmp_path / "run" / "onnx" / "toy")
    assert network.manifest.scores == {"loss": report.stages["toy"].best["loss"]}
    assert network.run("toy", {"x": np.ones((1, 6), np.float32)})["y"].shape == (1, 2)
    board = tmp_path / "run" / "toy" / "tensorboard"
    assert [p.name for p in board.iterdir()] == ["events.out.tfevents.talkingeyes"]  # no machine, no time
    figures = {(f.step, f.tag): f.value for f in drawn(board)}
    for row in log_of(tmp_path / "run"):
        for name, value in row.items():
            if name not in ("step", "part"):
                assert figures[row["step"], f"{row['part']}/{name}"] == pytest.approx(value, rel=1e-6)


class Figure(NamedTuple):
    step: int
    tag: str
    value: float


def drawn(board: Path) -> list[Figure]:
    """What TensorBoard reads."""
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    events = EventAccumulator(str(board))
    events.Reload()
    return [Figure(e.step, tag, e.value) for tag in events.Tags()["scalars"] for e in events.Scalars(tag)]


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(toy_set, whole, tmp_path):
    trained(toy_set, tmp_path / "again")
    trained(toy_set, tmp_path / "other", seed=4)
    assert files_of(tmp_path / "again") == whole
    other = files_of(tmp_path / "other")
    assert other["onnx/toy/toy.onnx"] != whole["onnx/toy/toy.onnx"]


def test_training_leaves_torchs_own_generator_alone(toy_set, tmp_path):
    torch.manual_seed(11)
    before = torch.get_rng_state()
    trained(toy_set, tmp_path / "run", steps=12)
    assert torch.equal(torch.get_rng_state(), before)


class Stop(Silent):
    """Dies, as by kill -9, after a step."""

    def __init__(self, at: int) -> None:
        self.at = at

    def step(self, stage, done, loss):
        if done == self.at:
            os.kill(os.getpid(), signal.SIGKILL)


class Broken(Silent):
    """A bug."""

    def step(self, stage, done, loss):
        if done == 25:
            raise ZeroDivisionError


def killed(work) -> None:
    """Do some work in a copy of this process that must be killed by SIGKILL before it is done."""
    child = os.fork()
    if child == 0:
        try:
            work()
        finally:
            os._exit(7)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL


@pytest.mark.parametrize("at", [1, 20, 33, 59, 60])
def test_killed_after_a_step_it_goes_on_to_the_same_bytes(toy_set, whole, tmp_path, at):
    killed(lambda: trained(toy_set, tmp_path / "run", progress=Stop(at)))
    report = trained(toy_set, tmp_path / "run")
    assert report.stages["toy"].resumed_at == (at - 1) // 20 * 20
    assert files_of(tmp_path / "run") == whole


@pytest.mark.parametrize("write", range(1, 19, 4))
@pytest.mark.parametrize("moment", ["before", "inside", "after"])
def test_killed_in_a_checkpoint_it_goes_on_to_the_same_bytes(toy_set, whole, tmp_path, monkeypatch, write, moment):
    """In all there are 6 x 2 files of best and 3 x 2 of last: kill before, half-way through, or after one of them."""
    count = 0

    def write_whole(target, fill, inputs=()):
        nonlocal count
        count += 1
        due = count == write
        if due and moment == "before":
            os.kill(os.getpid(), signal.SIGKILL)

        def half(aside: Path) -> None:
            fill(aside)
            if due and moment == "inside":
                aside.write_bytes(aside.read_bytes()[: aside.stat().st_size // 2])
                os.kill(os.getpid(), signal.SIGKILL)

        files.write_whole(target, half, inputs)
        if due and moment == "after":
            os.kill(os.getpid(), signal.SIGKILL)

    with monkeypatch.context() as patch:
        patch.setattr(checkpoint, "write_whole", write_whole)
        killed(lambda: trained(toy_set, tmp_path / "run"))
    trained(toy_set, tmp_path / "run")
    assert files_of(tmp_path / "run") == whole
    assert not list((tmp_path / "run").rglob(".talkingeyes-*"))


def test_a_command_killed_from_outside_at_any_time_goes_on(toy_set, tmp_path):
    longer = tmp_path / "longer.json"
    longer.write_text(json.dumps({"stages": {"toy": {"steps": 400}}}))
    words = [longer, "--data", toy_set, "--out", tmp_path / "run", "--preset", "tiny", "--device", "cpu"]
    command = [sys.executable, "-m", "tests.train.toy", *map(str, words)]
    process = subprocess.Popen(command, env=environment(), cwd=ROOT, stdout=subprocess.DEVNULL)
    while not (tmp_path / "run" / "toy" / "last.json").exists():
        assert process.poll() is None
        time.sleep(0.001)
    process.kill()
    assert process.wait() == -signal.SIGKILL
    done = toy(*words, "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["stages"]["toy"]["resumed_at"] in range(20, 400, 20)
    plain = TrainConfig(stages={"toy": tiny(steps=400)})
    train(plain, toy_set, tmp_path / "whole", group=ALONE, progress=Silent())
    assert files_of(tmp_path / "run") == files_of(tmp_path / "whole")


def test_a_finished_run_trains_nothing_and_exports_again(toy_set, whole, tmp_path):
    trained(toy_set, tmp_path / "run")
    (tmp_path / "run" / "onnx" / "toy" / "toy.onnx").unlink()
    report = trained(toy_set, tmp_path / "run", progress=Stop(1))
    assert report.stages["toy"].resumed_at == 60
    assert files_of(tmp_path / "run") == whole


@pytest.mark.parametrize("failing", range(1, 19, 3))
def test_a_full_disk_in_a_checkpoint_leaves_the_earlier_ones(toy_set, whole, tmp_path, monkeypatch, failing):
    count = 0

    def write_whole(target, fill, inputs=()):
        nonlocal count
        count += 1

        def full(aside: Path) -> None:
            fill(aside)
            if count == failing:
                aside.write_bytes(aside.read_bytes()[:100])
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        files.write_whole(target, full, inputs)

    with monkeypatch.context() as patch:
        patch.setattr(checkpoint, "write_whole", write_whole)
        with pytest.raises(OutputError, match=r"No space left on device.*earlier checkpoints are whole") as caught:
            trained(toy_set, tmp_path / "run")
    assert "\n" not in str(caught.value)
    for which in ("last", "best"):
        found = checkpoint.load(tmp_path / "run" / "toy", which)
        assert found is None or found.step % 10 == 0
    trained(toy_set, tmp_path / "run")
    assert files_of(tmp_path / "run") == whole


def test_a_loss_that_is_not_a_number_stops_the_run_and_says_where(toy_set, tmp_path, monkeypatch):
    monkeypatch.setenv("TOY_NAN_AT", "37")
    with pytest.raises(ModelError, match=r"toy: .*loss.* is not finite in step 38"):
        trained(toy_set, tmp_path / "run")
    assert checkpoint.load(tmp_path / "run" / "toy", "last").step == 20
    assert checkpoint.load(tmp_path / "run" / "toy", "best").step == 30


@pytest.mark.parametrize("changes", [{"best_step": None}, {"best": []}, {"best": {}}, {"begun": 1}, {"begun": {}}])
def test_a_checkpoint_with_other_facts_is_one_line(toy_set, tmp_path, changes):
    with pytest.raises(ZeroDivisionError):
        trained(toy_set, tmp_path / "run", progress=Broken())
    path = tmp_path / "run" / "toy" / "last.json"
    head = json.loads(path.read_text())
    head["facts"] |= changes
    path.write_text(json.dumps(head))
    with pytest.raises((ModelError, SettingError), match=r"last\.json: .*(which checkpoint was|begun)"):
        trained(toy_set, tmp_path / "run")


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"seed": 4}, "begun with seed = 3, now 4"),
        ({"learning_rate": 1e-4}, "learning_rate = 0.01, now 0.0001"),
        ({"steps": 80}, "steps = 60, now 80"),
        ({"model": ToyConfig(width=8)}, "width = 16, now 8"),
    ],
)
def test_other_settings_need_another_folder(toy_set, tmp_path, changes, says):
    trained(toy_set, tmp_path / "run")
    with pytest.raises(SettingError, match=says):
        trained(toy_set, tmp_path / "run", **changes)


def test_other_data_needs_another_folder(toy_set, tmp_path):
    trained(toy_set, tmp_path / "run", steps=20, warmup_steps=0)
    other = make_set(tmp_path, 9)
    with pytest.raises(SettingError, match="begun with data"):
        trained(other, tmp_path / "run", steps=20, warmup_steps=0)


def test_a_folder_of_something_else_and_one_in_use_are_left_alone(toy_set, tmp_path):
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "a.jpg").touch()
    with pytest.raises(OutputError, match=r"holds 'a\.jpg' but no run"):
        trained(toy_set, tmp_path / "photos")

    class Second(Silent):
        def begin(self, stage, first, steps):
            with pytest.raises(OutputError, match="another training"):
                trained(toy_set, tmp_path / "run")

    trained(toy_set, tmp_path / "run", steps=5, progress=Second())


def torchrun(processes: int, *words: object) -> subprocess.CompletedProcess[str]:
    command = [
        sys.executable, "-m", "torch.distributed.run", "--nproc-per-node", processes,
        "--rdzv-backend", "c10d", "--rdzv-endpoint", "localhost:0", "-m", "tests.train.toy", *words,
    ]  # fmt: skip
    return subprocess.run(
        [*map(str, command)], capture_output=True, text=True, env=environment(), cwd=ROOT, timeout=300
    )


def test_two_processes_give_the_loss_of_one(toy_set, tmp_path):
    """Without dropout nothing is drawn per process, so the two differ by the rounding of sums only."""
    settings = tmp_path / "exact.json"
    settings.write_text(json.dumps({"stages": {"toy": {"model": {"dropout": 0.0, "masked": 0.0}}}}))
    words = [settings, "--data", toy_set, "--preset", "tiny", "--device", "cpu"]
    assert main(["train", *map(str, words), "--out", str(tmp_path / "one"), "-q"]) == 0
    done = torchrun(2, *words, "--out", tmp_path / "two", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["stages"]["toy"]["steps"] == 60  # one process speaks
    one, two = log_of(tmp_path / "one"), log_of(tmp_path / "two")
    assert [(row["step"], row["part"]) for row in one] == [(row["step"], row["part"]) for row in two]
    for ours, theirs in zip(one, two, strict=True):
        assert theirs["loss"] == pytest.approx(ours["loss"], rel=1e-4)


def test_a_process_whose_peer_died_says_so_in_one_line(monkeypatch):
    monkeypatch.setattr(distributed, "init_process_group", lambda backend: None)
    monkeypatch.setattr(distributed, "destroy_process_group", lambda: None)
    for name, value in (("RANK", "1"), ("WORLD_SIZE", "2"), ("LOCAL_RANK", "1")):
        monkeypatch.setenv(name, value)
    with pytest.raises(ModelError, match="another process of this training ended"), process_group("cpu") as group:
        assert (group.rank, group.size, group.is_main) == (1, 2, False)
        raise RuntimeError("[gloo/pair.cc:553] Connection closed by peer [127.0.0.1]")
    with pytest.raises(RuntimeError, match="a bug"), process_group("cpu"):
        raise RuntimeError("a bug")


@pytest.mark.parametrize(("name", "value"), [("RANK", "x"), ("WORLD_SIZE", "-1"), ("RANK", "7")])
def test_variables_that_torchrun_would_not_set(monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingError, match="torchrun"), process_group("cpu"):
        pass


def test_rows_must_be_shared_equally(toy_set, tmp_path):
    stage = Toy(Context(toy_set, tmp_path, 0, tiny()))
    with pytest.raises(SettingError, match="batch_size 16 of toy: cannot be shared by 3"):
        train_stage(stage, tiny(), tmp_path, seed=0, group=replace(ALONE, size=3), progress=Silent(), begun={})
