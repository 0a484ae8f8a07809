"""A few hundred damaged inputs of every format in a limited child; `make fuzz` tries tens of thousands."""

import json
import subprocess
import sys
from pathlib import Path


def test_damaged_inputs_are_read_or_refused_in_one_line() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.fuzz.runner", "1100", "1"],
        capture_output=True, text=True, check=False, timeout=300, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    found = json.loads(done.stdout)
    assert found["read"] + found["refused"] == 1100 and found["peak_mb"] < 1024
