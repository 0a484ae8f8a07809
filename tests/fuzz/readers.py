"""What reads an input where the command line would do more than is of interest here, by the name in `kinds.KINDS`."""

import functools
from collections.abc import Callable
from pathlib import Path

import numpy as np

import talkingeyes as te
from talkingeyes.generate.planned import PlannedTake

TYPES = {"tensor(float)": np.float32, "tensor(int64)": np.int64, "tensor(bool)": np.bool_, "tensor(double)": np.float64}


def fixations(path: Path) -> None:
    from talkingeyes.data.fixations import source_of

    source_of(path)


def lines(path: Path) -> None:
    from talkingeyes.batch import lines_of

    lines_of([str(path)], ["npz"])


def ledger(path: Path) -> None:
    """What an earlier batch left, read by the next one."""
    from talkingeyes.batch import lines_of, run_batch
    from talkingeyes.batch.make import LineTask
    from talkingeyes.engines import Outcome

    def none(task: LineTask) -> Outcome:
        return Outcome(task.index, reason="is not made here")

    run_batch(lines_of([str(path / "in")], ["npz"]), path, engine=lambda make, tasks: map(make, tasks), make=none)


def shard(path: Path) -> None:
    from talkingeyes.data.shards import read_shard

    read_shard(path)


def samples(path: Path) -> None:
    """Everything that training reads of a set."""
    from talkingeyes.data.dataset import open_dataset

    data = open_dataset(path)
    data.facts()
    for _, sample in data.samples():
        assert sample.row


def networks(path: Path) -> None:
    """Every network of a folder, run once on zeros."""
    from talkingeyes.weights import load_network

    network = load_network(path)
    for name in network.models:
        feeds = {}
        for taken in network.session(name).get_inputs():
            shape = [min(n, 64) if isinstance(n, int) and n > 0 else 2 for n in (taken.shape or [])]
            feeds[taken.name] = np.zeros(shape[:5], TYPES.get(taken.type, np.float32))
        network.run(name, feeds)


def _voice() -> np.ndarray:
    return np.sin(np.arange(8000) / 9).astype(np.float32) / 4


def gaze(path: Path) -> None:
    """Half a second of gaze by the networks of a folder."""
    te.animate(_voice(), rate_hz=16000, model=str(path), face="none")


def mouth(path: Path) -> None:
    """Half a second of a mouth by the network of a folder."""
    te.animate(_voice(), rate_hz=16000, model="statistical", face=str(path))


def task(path: Path) -> None:
    """The trial alone: what passes it would run in this process and leave threads, after which no fork is safe."""
    from talkingeyes.fit.landmarks import read_task, try_first

    try_first(read_task(path), np.zeros((48, 64, 3), np.uint8))


def sound(path: Path) -> None:
    from talkingeyes.audio.decode import MonoStream

    for block in MonoStream(path):
        assert np.isfinite(block).all()


def film(path: Path) -> None:
    """Every picture and its time, as `fit` reads them."""
    from talkingeyes.fit.video import Film, timing

    shown = Film(path)
    times_s = [time_s for time_s, _ in shown.pictures(0.5)]
    timing(times_s, shown.sound_start_s, shown.stated_fps, shown.tick_s, shown.declared_hz)
    for _ in shown.looks(2, 4):
        pass


@functools.lru_cache(maxsize=1)
def _take() -> PlannedTake:
    return te.plan_take(_voice(), rate_hz=16000, model="statistical")


def edits(path: Path) -> None:
    """Edits on half a second."""
    _take().edited(path).motion()


def project(path: Path) -> None:
    """A project opened, and what its takes are made of."""
    from talkingeyes.studio.project import Project

    found = Project.open(path)
    for take in found.contents.takes:
        found.options(take)
    found.undo()


READERS: dict[str, Callable[[Path], None]] = {
    "FIXATIONS": fixations, "SHARD": shard, "SAMPLES": samples, "NETWORKS": networks, "GAZE": gaze, "MOUTH": mouth,
    "TASK": task, "SOUND": sound, "FILM": film, "EDITS": edits, "PROJECT": project, "LINES": lines, "LEDGER": ledger,
}  # fmt: skip
