"""Hostile files that once stopped a command: the development data's, where it is, each named after itself."""

import json
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from talkingeyes.cli import main

HOSTILE = Path(__file__).parents[2].parent / "shared" / "data" / "cases" / "hostile"
CASES = json.loads((HOSTILE / "min" / "CASES.json").read_text()) if HOSTILE.is_dir() else []
CASES = [(f"min/{name}", words) for name, words, _ in CASES if "build" not in words]
if HOSTILE.is_dir():
    CASES += [(f"amplify/{p.name}", ["rig", p.name]) for p in sorted((HOSTILE / "amplify").glob("*.glb"))]
    CASES += [("amplify/gap_23h.mka", ["info", "gap_23h.mka"])]
    CASES += [("terminal/esc.glb", ["rig", "esc.glb"]), ("terminal/esc.npz", ["info", "esc.npz"])]


@pytest.fixture(autouse=True)
def _at_once() -> Iterator[None]:
    def stop(*_: object) -> None:
        raise AssertionError("takes more than a minute")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(60)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.mark.shared
@pytest.mark.skipif(not CASES, reason="the development data is not beside the checkout")
@pytest.mark.parametrize(("name", "words"), CASES or [("none", [])])
def test_a_hostile_file_is_read_or_refused_in_one_line(
    name: str, words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for source in ((HOSTILE / name), HOSTILE / "min" / "s.wav"):
        if source.is_dir():
            shutil.copytree(source, tmp_path / source.name)
        elif source.exists():
            shutil.copy(source, tmp_path / source.name)
    monkeypatch.chdir(tmp_path)
    status = main(words)
    printed = capsys.readouterr()
    assert (status, printed.err.count("\n")) in ((0, 0), (2, 1))
    assert len(printed.err) < 1200 and all(c.isprintable() or c == "\n" for c in printed.err + printed.out)
