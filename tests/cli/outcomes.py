"""What a command leaves behind and says."""

import subprocess
import sys
from pathlib import Path

import pytest

from talkingeyes.cli import main


def names(folder: Path) -> set[str]:
    return {p.name for p in folder.iterdir()}


def refused(capsys: pytest.CaptureFixture[str], argv: list[str], *said: str) -> None:
    """The command fails with exit status 2 and exactly one line that holds every text of ``said``."""
    assert main(argv) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.count("\n") == 1 and printed.err.startswith("talkingeyes: error: ")
    for text in said:
        assert text in printed.err


def run(*words: str, **options: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "talkingeyes", *words], capture_output=True, text=True, timeout=60, **options
    )  # type: ignore[call-overload]
