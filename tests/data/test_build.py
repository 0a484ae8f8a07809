"""A build may be stopped anywhere: nothing lost, nothing twice, bad files named, the same bytes in the end."""

import errno
import importlib.util
import json
import os
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import av
import numpy as np
import pytest

from talkingeyes.data import make as make_module
from talkingeyes.data import store as store_module
from talkingeyes.data.build import Told, build
from talkingeyes.data.dataset import open_dataset
from talkingeyes.data.make import MakeSettings
from talkingeyes.data.plan import videos_below
from talkingeyes.engines import FOR_NOW, LocalEngine, Outcome
from talkingeyes.errors import MissingExtraError, ModelError, OutputError, SettingError
from talkingeyes.fit.landmarks import TASK_PARTS
from tests.data.fakes import deadly, fake, shard_bytes, tree

ROOT = Path(__file__).parents[2]


def in_process(make, tasks):
    """An engine without processes."""
    for task in tasks:
        yield make(task)


def backwards(make, tasks):
    for task in reversed(list(tasks)):
        yield make(task)


def run(folder, out, **more):
    return build(videos_below(folder), out, **{"engine": in_process, "clips_per_shard": 5, "make_one": fake, **more})


def paths_of(out):
    return [entry.row["path"] for _, entry in open_dataset(out).entries()]


@pytest.fixture
def videos(tmp_path):
    return tree(tmp_path / "videos")


@pytest.fixture
def whole(videos, tmp_path):
    """What an uninterrupted build makes."""
    run(videos, tmp_path / "whole")
    return shard_bytes(tmp_path / "whole")


def test_order_and_engine_do_not_change_a_byte(videos, whole, tmp_path):
    run(videos, tmp_path / "back", engine=backwards)
    run(videos, tmp_path / "local", engine=LocalEngine(2))
    assert len(whole) == 6
    assert shard_bytes(tmp_path / "back") == shard_bytes(tmp_path / "local") == whole


def test_a_build_that_was_killed_goes_on_to_the_same_bytes(videos, whole, tmp_path):
    out = tmp_path / "out"
    code = (
        "from pathlib import Path; import sys\n"
        "from talkingeyes.data.build import build\nfrom talkingeyes.data.plan import videos_below\n"
        "from tests.data.fakes import slow\n"
        "if __name__ == '__main__':\n"
        "    build(videos_below(Path(sys.argv[1])), Path(sys.argv[2]), clips_per_shard=5, make_one=slow)\n"
    )
    child = subprocess.Popen([sys.executable, "-c", code, str(videos), str(out)], cwd=ROOT)
    limit = time.monotonic() + 60
    while time.monotonic() < limit and not (len(list(out.glob("shards/*.json"))) >= 1 and list(out.glob("staged/*/*"))):
        time.sleep(0.01)
    child.kill()
    child.wait()
    before = {name: data for name, data in shard_bytes(out).items() if name.endswith(".json")}
    assert 1 <= len(before) < 3
    (out / "staged" / "videos-00002").mkdir(exist_ok=True)
    (out / "staged" / "videos-00002" / ".talkingeyes-half.tar").write_bytes(b"half")
    report = run(videos, out)
    assert shard_bytes(out) == whole
    assert report.found_done >= 5
    assert report.made + report.found_done == 12
    assert not list((out / "staged").iterdir())


def test_killed_workers_lose_nothing(videos, whole, tmp_path):
    class Killer(Told):
        killed = 0

        def made(self, item, outcome):
            import multiprocessing

            if self.killed < 2:
                for child in multiprocessing.active_children():
                    os.kill(child.pid, signal.SIGKILL)
                self.killed += 1

    killer = Killer()
    report = run(videos, tmp_path / "out", engine=LocalEngine(1), told=killer)
    assert killer.killed == 2
    assert report.made == 12
    assert shard_bytes(tmp_path / "out") == whole


def test_a_clip_that_kills_its_workers_is_named_and_the_others_are_made(videos, tmp_path):
    for name in ("kill.mp4", "once.mp4", "crash.mp4"):
        (videos / name).write_bytes(name.encode())
    report = run(videos, tmp_path / "out", engine=LocalEngine(1), make_one=deadly)
    reasons = dict(report.rejected)
    assert reasons.keys() == {"kill.mp4", "crash.mp4"}
    assert "died 3 times" in reasons["kill.mp4"]
    assert "SIGKILL" in reasons["kill.mp4"]
    assert "KeyError: a bug" in reasons["crash.mp4"]
    assert report.made == 13
    assert "once.mp4" in paths_of(tmp_path / "out")


def test_a_corrupt_video_is_named_and_stays_out(videos, tmp_path):
    (videos / "bad.mp4").write_bytes(b"corrupt")
    (videos / "unreadable.mp4").symlink_to(videos / "nowhere.mp4")
    report = run(videos, tmp_path / "out", make_one=lambda t, b=None: _named(t))
    assert {path for path, _ in report.rejected} == {"bad.mp4", "unreadable.mp4"}
    assert report.made == 12
    data = open_dataset(tmp_path / "out")
    assert {r.path for _, r in data.rejected} == {"bad.mp4", "unreadable.mp4"}
    assert data.pending == 0
    assert run(videos, tmp_path / "out").made == 0


def _named(task):
    try:
        return fake(task)
    except OSError as error:
        return Outcome(task.index, reason=f"{error.strerror}")


@pytest.mark.parametrize("fails_at", [1, 3, 7, 11])
def test_a_full_disk_leaves_earlier_shards_and_the_build_goes_on_later(videos, whole, tmp_path, monkeypatch, fails_at):
    out, calls = tmp_path / "out", 0
    write = store_module._write

    def full(path, data):
        nonlocal calls
        calls += 1
        if calls == fails_at + 1:  # the first call writes dataset.json
            path.write_bytes(data[: len(data) // 2])
            raise OSError(errno.ENOSPC, "No space left on device", str(path))
        write(path, data)

    monkeypatch.setattr(store_module, "_write", full)
    with pytest.raises(OutputError, match="No space left"):
        run(videos, out)
    monkeypatch.undo()
    for name, data in shard_bytes(out).items():
        assert data == whole[name]
    assert not list(out.rglob(".talkingeyes-*"))
    report = run(videos, out)
    assert report.found_done == fails_at - 1
    assert shard_bytes(out) == whole


def test_a_full_disk_while_a_shard_is_written(videos, whole, tmp_path, monkeypatch):
    from talkingeyes.data import shards

    out, append, calls = tmp_path / "out", shards._append, 0

    def full(file, key, members):
        nonlocal calls
        if type(file).__name__ != "BytesIO":
            calls += 1
            if calls == 8:
                raise OSError(errno.ENOSPC, "No space left on device", file.name)
        return append(file, key, members)

    monkeypatch.setattr(shards, "_append", full)
    with pytest.raises(OutputError, match="No space left"):
        run(videos, out)
    monkeypatch.undo()
    assert shard_bytes(out) == {k: v for k, v in whole.items() if k.startswith("videos-00000")}
    assert run(videos, out).made == 2
    assert shard_bytes(out) == whole


def test_the_same_content_is_never_twice(videos, tmp_path):
    shutil.copy(videos / "show0" / "clip00.mp4", videos / "zz.mp4")
    shutil.copy(videos / "show0" / "clip00.mp4", videos / "a.mp4")
    report = run(videos, tmp_path / "out")
    assert sorted(report.rejected) == [
        ("show0/clip00.mp4", "same content as videos/a.mp4"),
        ("zz.mp4", "same content as videos/a.mp4"),
    ]
    assert len(paths_of(tmp_path / "out")) == len(set(paths_of(tmp_path / "out"))) == 12
    assert len(open_dataset(tmp_path / "out").rejected) == 2


def test_a_tree_that_grew_gets_new_shards_and_the_old_ones_stay(videos, whole, tmp_path):
    run(videos, tmp_path / "out")
    (videos / "show0" / "aa.mp4").write_bytes(b"new")
    report = run(videos, tmp_path / "out")
    assert (report.made, report.found_done) == (1, 12)
    grown = shard_bytes(tmp_path / "out")
    assert {k: grown[k] for k in whole} == whole
    assert "videos-00003.tar" in grown


def test_a_damaged_staged_clip_is_made_again(videos, whole, tmp_path):
    out = tmp_path / "out"

    def stops(make, tasks):
        for task in list(tasks)[:3]:
            yield make(task)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(videos, out, engine=stops)
    staged = sorted(out.glob("staged/*/*.tar"))
    assert len(staged) == 3
    staged[0].write_bytes(staged[0].read_bytes()[:700])
    run(videos, out)
    assert shard_bytes(out) == whole


def test_two_trees_in_one_set_and_refusals(videos, tmp_path):
    out = tmp_path / "out"
    run(videos, out)
    run(tree(tmp_path / "more", 3), out)
    assert len(open_dataset(out)) == 12  # the same content, under another origin, is not taken twice
    with pytest.raises(SettingError, match="begun with min_seen"):
        run(videos, out, settings=MakeSettings(min_seen=0.9))
    with pytest.raises(SettingError, match="among its own videos"):
        run(videos, videos)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "thesis.doc").write_text("x")
    with pytest.raises(OutputError, match=r"thesis\.doc"):
        run(videos, tmp_path / "other")
    with pytest.raises(SettingError, match="holds no video"):
        videos_below(tmp_path / "other")


def test_only_one_build_writes_a_set(videos, tmp_path):
    out = tmp_path / "out"

    class Second(Told):
        def begin(self, clips):
            with pytest.raises(OutputError, match="another build"):
                run(videos, out)

    run(videos, out, told=Second())


def test_a_missing_package_stops_the_build_and_rejects_nothing(videos, tmp_path):
    def missing(make, tasks):
        yield Outcome(0, reason="install talkingeyes[video]", fatal=True)

    with pytest.raises(MissingExtraError, match="video"):
        run(videos, tmp_path / "out", engine=missing)
    assert run(videos, tmp_path / "out").made == 12


def task_file(path, detector=b"junk" * 100):
    with zipfile.ZipFile(path, "w") as bundle:
        for part in TASK_PARTS:
            bundle.writestr(part, detector)
    return path


def test_a_task_file_belongs_to_the_set_and_reaches_every_clip(videos, tmp_path):
    ours, others = task_file(tmp_path / "ours.task"), task_file(tmp_path / "others.task", b"x")
    seen = []

    def looking(task, beat=None):
        seen.append((task.landmarker, task.settings.landmarker))
        return fake(task)

    out = tmp_path / "out"
    report = build(videos_below(videos, ours), out, engine=in_process, make_one=looking)
    assert report.made == 12
    assert set(seen) == {(ours, store_module.Store(out).settings()["landmarker"])}
    assert seen[0][1].startswith("face landmarker ours.task sha256 ")
    with pytest.raises(SettingError, match="--landmarker"):
        run(videos, out)
    with pytest.raises(SettingError, match="landmarker"):
        build(videos_below(videos, others), out, engine=in_process, make_one=fake)
    assert build(videos_below(videos, ours), out, engine=in_process, make_one=fake).found_done == 12


def test_a_set_from_before_task_files_goes_on(videos, tmp_path):
    out = tmp_path / "out"
    run(videos, out)
    head = out / "dataset.json"
    told = json.loads(head.read_text())
    del told["settings"]["landmarker"]
    head.write_text(json.dumps(told))
    assert run(videos, out).found_done == 12
    assert run(videos, out, settings=MakeSettings()).found_done == 12


@pytest.mark.skipif(importlib.util.find_spec("mediapipe") is None, reason="needs talkingeyes[video]")
def test_a_task_file_of_no_use_stops_the_build_and_rejects_nothing(tmp_path):
    videos = tmp_path / "films"
    videos.mkdir()
    with av.open(str(videos / "one.mp4"), "w") as film:
        stream = film.add_stream("mpeg4", rate=25)
        stream.width, stream.height, stream.pix_fmt = 64, 64, "yuv420p"
        for _ in range(8):
            film.mux(stream.encode(av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), np.uint8))))
        film.mux(stream.encode(None))
    source = videos_below(videos, task_file(tmp_path / "junk.task"))
    with pytest.raises(ModelError, match=r"junk\.task"):
        build(source, tmp_path / "out", engine=in_process)
    assert not open_dataset(tmp_path / "out").rejected


def unpacked(task, beat=None):
    import no_such_package_of_ours  # noqa: F401 # pyright: ignore[reportMissingImports]


def test_a_package_that_workers_miss_stops_the_build_and_poisons_nothing(videos, whole, tmp_path):
    """Case dataset-poisoned: nothing is left out for it, and the build goes on once it is installed."""
    with pytest.raises(MissingExtraError, match="no_such_package_of_ours"):
        run(videos, tmp_path / "out", engine=LocalEngine(1), make_one=unpacked)
    assert run(videos, tmp_path / "out").made == 12
    assert shard_bytes(tmp_path / "out") == whole


def killed(task, beat=None):
    """What happens to clips 1, 4 and 7 on a machine that is short of memory."""
    number = int(task.item.path[-6:-4])
    if number in (1, 4):
        return Outcome(task.index, reason=f"{FOR_NOW}its worker died 3 times (SIGKILL)")
    if number == 7:  # as a version before this one noted a missing package
        return Outcome(task.index, reason="its worker died 3 times (exit status 1: ModuleNotFoundError: no cv2)")
    return Outcome(task.index, reason="no face") if number == 2 else fake(task)


def faceless(task, beat=None):
    return Outcome(task.index, reason="no face") if task.item.path.endswith("02.mp4") else fake(task)


def test_what_the_machine_failed_is_tried_again_by_the_next_build(videos, tmp_path):
    run(videos, tmp_path / "never", make_one=faceless)
    out, tried = tmp_path / "out", []
    assert run(videos, out, make_one=killed).made == 8
    first = open_dataset(out)
    assert len(first) == 8 and first.pending == 0  # the set can be used meanwhile
    report = run(videos, out, make_one=lambda task, beat=None: tried.append(task.item.path) or fake(task))
    assert sorted(path[-6:-4] for path in tried) == ["01", "04", "07"]
    assert (report.made, report.found_done) == (3, 9)
    assert shard_bytes(out) == shard_bytes(tmp_path / "never")
    assert run(videos, out).made == 0


def test_a_kill_while_a_shard_is_opened_again_loses_nothing(videos, tmp_path, monkeypatch):
    run(videos, tmp_path / "never", make_one=faceless)
    out = tmp_path / "out"
    run(videos, out, make_one=killed)
    before, stage, count = shard_bytes(out), store_module.Store.stage, 0

    def stops(self, item, outcome):
        nonlocal count
        count += 1
        if count == 3:
            raise KeyboardInterrupt
        stage(self, item, outcome)

    monkeypatch.setattr(store_module.Store, "stage", stops)
    with pytest.raises(KeyboardInterrupt):
        run(videos, out)
    monkeypatch.undo()
    assert shard_bytes(out) == before
    run(videos, out)
    assert shard_bytes(out) == shard_bytes(tmp_path / "never")


def short(task, beat=None):
    if task.item.path.endswith("05.mp4"):
        raise OSError(errno.EMFILE, "Too many open files")
    raise MemoryError


def test_a_machine_that_runs_short_is_not_the_files_fault(videos, tmp_path, monkeypatch):
    monkeypatch.setattr(make_module, "_video", short)
    report = run(videos, tmp_path / "out", make_one=make_module.make)
    assert len(report.rejected) == 12 and all(reason.startswith(FOR_NOW) for _, reason in report.rejected)
    monkeypatch.undo()
    assert run(videos, tmp_path / "out").made == 12
