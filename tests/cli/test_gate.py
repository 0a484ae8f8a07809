"""A pipe, or a link to a device without end, as any input of any command: one line, at once."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

import talkingeyes as te
from talkingeyes.avatar.looks import DEFAULT_LOOK, avatar_bytes

from .outcomes import refused

COMMANDS = (
    "info pipe.wav", "info pipe.npz", "info pipe.csv", "info pipe.json", "info pipe.bvh", "info pipe.glb",
    "info pipe.vrm", "info pipe.vrma", "info pipe.flame.npz", "info pipe",
    "animate pipe.wav", "animate speech.wav --avatar pipe.glb",
    "animate speech.wav --avatar me.glb --mapping pipe.json",
    "animate speech.wav --face pipe.csv", "animate speech.wav --face pipe.npz",
    "animate speech.wav --keep head --from pipe.npz",
    "convert pipe.npz o.csv", "convert m.npz o.html --audio pipe.wav", "convert m.npz o.glb --avatar pipe.glb",
    "convert m.npz o.glb --avatar me.glb --mapping pipe.json",
    "evaluate pipe.npz", "evaluate m.npz --audio pipe.wav", "rig pipe.glb", "rig default --mapping pipe.json",
    "fit pipe.mp4", "dataset import fixations pipe.csv set", "dataset import fixations pipe.csv.gz set",
)  # fmt: skip


@pytest.fixture(autouse=True)
def _at_once() -> Iterator[None]:
    """A command that waits for the pipe is stopped after ten seconds, which no assertion forgives."""

    def stop(*_: object) -> None:
        raise AssertionError("the command waits for a pipe or reads a device without end")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(10)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.mark.parametrize("kind", ["pipe", "device"])
@pytest.mark.parametrize("command", COMMANDS)
def test_no_command_waits_for_a_pipe(
    command: str, kind: str, here: Path, speech: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("speech.wav").symlink_to(speech)
    te.save(te.Motion(30.0, lids=[[0.0, 0.0]] * 30), "m.npz")  # type: ignore[arg-type]
    Path("me.glb").write_bytes(avatar_bytes(DEFAULT_LOOK))
    pipe = next(word for word in command.split() if word.startswith("pipe"))
    os.mkfifo(pipe) if kind == "pipe" else Path(pipe).symlink_to("/dev/zero")
    refused(capsys, command.split(), "not an ordinary file")


@pytest.mark.parametrize("name", ["dataset.json", "plan.jsonl", "split.json", "shards/a-00000.json"])
def test_no_pipe_in_a_data_set_is_waited_for(name: str, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("set/shards").mkdir(parents=True)
    head = '{"format": "talkingeyes-dataset", "format_version": 1, "settings": {}}'
    Path("set/dataset.json").write_text(head) if name != "dataset.json" else None
    os.mkfifo(f"set/{name}")
    refused(capsys, ["dataset", "info", "set"], "not an ordinary file")
