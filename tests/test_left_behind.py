"""What killed processes leave behind is swept by the next run into the folder; what others still write is not."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from talkingeyes import files
from talkingeyes.data.build import build
from talkingeyes.data.plan import videos_below
from talkingeyes.errors import OutputError
from talkingeyes.files import locked, sha256_of, write_whole
from tests.data.fakes import fake, tree

WRITES = """
import sys, time
from pathlib import Path
from talkingeyes.files import write_whole
def slow(aside):
    aside.write_bytes(b"half")
    print("begun", flush=True)
    time.sleep(60)
write_whole(Path(sys.argv[1]), slow)
"""


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "_swept", set())


def writer(target: Path) -> "subprocess.Popen[bytes]":
    process = subprocess.Popen([sys.executable, "-c", WRITES, str(target)], stdout=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.readline()
    return process


def put(aside: Path) -> None:
    aside.write_bytes(b"whole")


def asides(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.iterdir() if p.name.startswith("."))


def test_a_killed_process_is_swept_after_and_a_living_one_is_not(tmp_path: Path) -> None:
    dead, living = writer(tmp_path / "a.mp4"), writer(tmp_path / "b.mp4")
    try:
        dead.kill()
        dead.wait()
        others = [".talkingeyes-mine", ".talkingeyes-0123456789abcdef.npz", ".other-0123456789ab.npz"]
        for name in others:
            (tmp_path / name).write_bytes(b"x")
        assert len(asides(tmp_path)) == 5
        write_whole(tmp_path / "c.npz", put)
        left = asides(tmp_path)
        assert len(left) == 4 and set(others) < set(left)  # the dead one's is gone, the living one's is there
        assert (tmp_path / "c.npz").read_bytes() == b"whole"
    finally:
        living.send_signal(signal.SIGTERM)
        living.kill()
        living.wait()


def test_a_link_of_that_name_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "kept").write_bytes(b"kept")
    (tmp_path / ".talkingeyes-0123456789ab.npz").symlink_to("kept")
    write_whole(tmp_path / "c.npz", put)
    assert (tmp_path / "kept").read_bytes() == b"kept"


def test_a_writer_that_names_its_temporary_file_names_the_target(tmp_path: Path) -> None:
    def refuses(aside: Path) -> None:
        raise OutputError(f"{aside.name}: the video cannot be encoded (No space left on device)")

    with pytest.raises(OutputError, match=r"^\S*film\.mp4: the video cannot be encoded \(No space"):
        write_whole(tmp_path / "film.mp4", refuses)


def test_a_set_whose_first_file_was_being_written_is_begun_again(tmp_path: Path) -> None:
    def in_process(make, tasks):
        yield from map(make, tasks)

    out = tmp_path / "set"
    out.mkdir()
    for name in (".talkingeyes-0123456789ab.json", ".lock"):
        (out / name).write_bytes(b'{"half')
    report = build(videos_below(tree(tmp_path / "videos", 3)), out, engine=in_process, make_one=fake)
    assert report.made == 3 and asides(out) == [".lock"]


def test_a_run_whose_first_file_was_being_written_is_begun_again(tmp_path: Path) -> None:
    pytest.importorskip("torch", reason="torch is not installed; the extra train brings it")
    from talkingeyes.train.run import _held

    run = tmp_path / "run"
    run.mkdir()
    (run / ".talkingeyes-0123456789ab.json").write_bytes(b'{"half')
    with _held(run):
        assert asides(run) == [".lock"]
    (run / "thesis.doc").write_bytes(b"x")
    with pytest.raises(OutputError, match=r"thesis\.doc"), _held(run):
        pass


def test_a_lock_is_held_by_one_and_dropped_by_a_kill(tmp_path: Path) -> None:
    code = (
        "import sys, time\nfrom pathlib import Path\nfrom talkingeyes.files import locked\n"
        "with locked(Path(sys.argv[1]), 'busy'):\n    print('held', flush=True)\n    time.sleep(60)\n"
    )
    process = subprocess.Popen([sys.executable, "-c", code, str(tmp_path / ".lock")], stdout=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.readline()
    with pytest.raises(OutputError, match="busy"), locked(tmp_path / ".lock", "busy"):
        pass
    process.kill()
    process.wait()
    with locked(tmp_path / ".lock", "busy"):
        assert sha256_of(tmp_path / ".lock").startswith("e3b0c442")


def test_fitting_starts_no_compiler(tmp_path: Path) -> None:
    pytest.importorskip("mediapipe", reason="mediapipe is not installed; the extra video brings it")
    for name in ("ldconfig", "gcc", "cc", "ld", "objdump"):
        shim = tmp_path / name
        shim.write_text(f"#!/bin/sh\necho {name} >> {tmp_path}/called\nexit 1\n")
        shim.chmod(0o755)
    code = (
        "from talkingeyes.fit import landmarks; landmarks._solutions(); import sys; print('sounddevice' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "False" and not (tmp_path / "called").exists()
