"""A batch may be stopped anywhere: nothing lost, nothing twice, bad lines named, the same bytes in the end."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

import talkingeyes as te
from talkingeyes.batch import BatchReport, BatchSettings, Lines, Watcher, lines_of, run_batch
from talkingeyes.batch.make import LineTask, make_line
from talkingeyes.cli import main
from talkingeyes.engines import LocalEngine, Outcome
from talkingeyes.errors import OutputError, SettingError
from tests.batch.fakes import deadly, fake
from tests.cli.recordings import spoken, write_wav

ROOT = Path(__file__).parents[2]
KILLED = """
import sys
from pathlib import Path
from talkingeyes.batch import lines_of, run_batch
from tests.batch.fakes import slow
if __name__ == "__main__":
    run_batch(lines_of([sys.argv[1]], ["npz", "csv"]), Path(sys.argv[2]), make=slow)
"""


def in_process(make: Any, tasks: Iterable[LineTask]) -> Iterator[Outcome]:
    for task in tasks:
        yield make(task)


class Seen(Watcher):
    def __init__(self) -> None:
        self.ids: list[str] = []

    def ended(self, row: Any) -> None:
        self.ids.append(row["id"])


@pytest.fixture(scope="module")
def recordings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("lines")
    for i in range(6):
        write_wav(folder / f"l{i}.wav", spoken(0.5 + 0.1 * i))
    return folder


@pytest.fixture
def names(tmp_path: Path) -> Path:
    """Recordings by name alone, for lines that are not really made."""
    folder = tmp_path / "names"
    folder.mkdir()
    for name in ("a", "b", "c", "d"):
        (folder / f"{name}.wav").write_bytes(name.encode())
    return folder


def run(lines: Lines, out: Path, watcher: Watcher | None = None, **settings: Any) -> BatchReport:
    own = BatchSettings(**settings)
    return run_batch(lines, out, settings=own, engine=in_process, watcher=watcher, make=fake)


def files_of(folder: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in folder.rglob("*") if p.is_file() and p.suffix in (".npz", ".csv", ".glb")}


def test_a_line_is_what_animate_makes(recordings: Path, tmp_path: Path) -> None:
    table = recordings / "own.csv"
    table.write_text("audio,id,seed,character,look,formats\nl1.wav,s1/one,7,Mia,0-0.3 camera,npz glb\n")
    report = run_batch(lines_of([str(table)], ["npz"]), tmp_path / "out", engine=in_process)
    assert (report.made, report.failed) == (1, [])
    alone = te.animate(recordings / "l1.wav", seed=7, character="Mia", look="0-0.3 camera")
    for suffix in (".npz", ".glb"):
        te.save(alone, tmp_path / f"one{suffix}")
        assert (tmp_path / "out" / "s1" / f"one{suffix}").read_bytes() == (tmp_path / f"one{suffix}").read_bytes()


def test_a_batch_that_was_killed_goes_on_to_the_same_bytes(recordings: Path, tmp_path: Path) -> None:
    whole, out = tmp_path / "whole", tmp_path / "out"
    lines = lines_of([str(recordings)], ["npz", "csv"])
    run_batch(lines, whole, engine=in_process)
    words = [sys.executable, "-c", KILLED, str(recordings), str(out)]
    child, ledger = subprocess.Popen(words, cwd=ROOT), out / "ledger.jsonl"
    while child.poll() is None and (not ledger.exists() or ledger.read_bytes().count(b"\n") < 2):
        time.sleep(0.01)
    child.send_signal(signal.SIGKILL)
    child.wait()
    ledger.write_bytes(ledger.read_bytes() + b'{"id": "l5", "error"')  # a row that was cut off
    seen = Seen()
    report = run_batch(lines, out, engine=in_process, watcher=seen)
    assert report.made == len(seen.ids) == 6 - report.found_done
    assert report.found_done >= 2
    assert files_of(out) == files_of(whole)
    rows = [json.loads(line) for line in ledger.read_text().splitlines()]
    assert [row["id"] for row in rows] == [line.id for line in lines.good]
    assert not [row for row in rows if "error" in row]
    assert not list(out.glob(".talkingeyes-*"))


def test_a_bad_line_stops_no_other_and_the_status_says_so(
    recordings: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "silent.wav").write_bytes(b"")
    rows = [
        {"audio": str(recordings / "l0.wav"), "id": "good"}, {"audio": "gone.wav"}, {"audio": "silent.wav"},
        {"audio": str(recordings / "l0.wav"), "id": "dancing", "role": "dancing"}, {"id": "no audio"},
        {"audio": str(recordings / "l1.wav"), "id": "also good"},
    ]  # fmt: skip
    (tmp_path / "lines.jsonl").write_text("\n".join(json.dumps(row) for row in rows))
    argv = ["batch", str(tmp_path / "lines.jsonl"), "-o", str(tmp_path / "out"), "--jobs", "1"]
    assert main([*argv, "--json"]) == 1
    printed = capsys.readouterr()
    assert printed.err == ""
    events = [json.loads(line) for line in printed.out.splitlines()]
    assert [event["event"] for event in events] == ["begin", *["line"] * 6, "end"]
    assert sorted(row["id"] for row in events[-1]["failed"]) == ["dancing", "gone", "no audio", "silent"]
    assert events[-1]["made"] == 2
    assert sorted(path.name for path in (tmp_path / "out").glob("*.npz")) == ["also good.npz", "good.npz"]
    assert main(argv) == 1
    printed = capsys.readouterr()
    assert "0 made, 2 found done, 4 failed, of 6" in printed.out
    told = [line for line in printed.err.splitlines() if line.startswith("talkingeyes: error: ")]
    assert len(told) == 4
    assert any("dancing: role is 'dancing'" in line for line in told)


def test_only_what_changed_is_made_again(names: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"

    def made(formats: tuple[str, ...] = ("npz",), **settings: Any) -> list[str]:
        seen = Seen()
        run(lines_of([str(names)], formats), out, seen, **settings)
        return seen.ids

    assert made() == ["a", "b", "c", "d"]
    assert made() == []
    (names / "b.wav").write_bytes(b"other")
    assert made() == ["b"]
    os.utime(names / "a.wav", (1, 1))
    ledger = out / "ledger.jsonl"
    rows = [json.loads(line) for line in ledger.read_text().splitlines()]
    from talkingeyes.files import sha256_of

    for row in rows:
        row["audio_sha256"] = sha256_of(names / f"{row['id']}.wav")
    ledger.write_text("".join(json.dumps(row) + "\n" for row in rows))
    assert made() == [], "touched, but the same bytes"
    (out / "c.npz").unlink()
    (names / "e.wav").write_bytes(b"new")
    assert made() == ["c", "e"]
    assert made(wishes={"seed": 3}) == ["a", "b", "c", "d", "e"]
    assert made(("npz", "csv"), wishes={"seed": 3}) == ["a", "b", "c", "d", "e"]
    assert made(("npz", "csv"), wishes={"seed": 3}, only="all") == ["a", "b", "c", "d", "e"]
    (names / "bad.wav").write_bytes(b"bad")
    assert made(("npz", "csv"), wishes={"seed": 3}) == ["bad"]
    (names / "f.wav").write_bytes(b"new")
    assert made(("npz", "csv"), wishes={"seed": 3}, only="failed") == ["bad"]


def test_one_process_makes_many_lines_and_a_dead_one_is_named(names: Path, tmp_path: Path) -> None:
    (names / "deadly.wav").write_bytes(b"x")
    lines = lines_of([str(names)], ["npz"])
    report = run_batch(lines, tmp_path / "out", engine=LocalEngine(1), make=deadly)
    assert report.made == 4
    ((name, reason),) = report.failed
    assert name == "deadly"
    assert "its worker died 3 times (SIGKILL)" in reason
    rows = [json.loads(line) for line in (tmp_path / "out" / "ledger.jsonl").read_text().splitlines()]
    makers = {row["id"]: row["notes"][0] for row in rows if "notes" in row}
    assert makers["a"] == makers["b"] == makers["c"]


def test_a_folder_of_something_else_and_one_at_work_are_left_alone(names: Path, tmp_path: Path) -> None:
    lines = lines_of([str(names)], ["npz"])
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "novel.txt").touch()
    with pytest.raises(OutputError, match=r"holds 'novel\.txt' but no batch"):
        run(lines, tmp_path / "mine")

    class Second(Watcher):
        def begin(self, lines_: int, to_do: int) -> None:
            with pytest.raises(OutputError, match="another batch"):
                run(lines, tmp_path / "out")

    run(lines, tmp_path / "out", Second())


def test_settings_that_are_wrong_are_refused_before_the_work(names: Path, tmp_path: Path) -> None:
    for settings, words in (({"only": "new"}, "only is 'new'"), ({"wishes": {"fps": 7}}, "fps is 7")):
        with pytest.raises(SettingError, match=words):
            run(lines_of([str(names)], ["npz"]), tmp_path / "out", **settings)
    assert make_line.__module__ == "talkingeyes.batch.make", "workers can be told where it is"
