"""Two hundred damaged inputs of every kind in limited children; `make fuzz` tries tens of thousands."""

import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fuzz.kinds import KINDS

EACH = 200
GROUPS = {
    "motions": [".npz", ".flame.npz", ".csv", ".json", ".bvh"],
    "avatars": [".vrma", ".glb", "mapping"],
    "edits": ["edits", "project"],
    "batches": ["lines", "table of lines", "ledger"],
    "sets": ["fixations", "shard", "set"],
    "weights": ["weights", "face weights"],
    "weights of gaze": ["gaze weights"],
    "task files": [".task"],
    "sounds": [".wav", ".mp3", ".ogg", ".flac", ".m4a"],
    "films": [".mp4", ".mkv", ".avi"],
}
"""What one child tries, so that none takes long."""


def test_every_kind_is_tried() -> None:
    assert sorted(kind for group in GROUPS.values() for kind in group) == sorted(KINDS)


@pytest.mark.parametrize("group", GROUPS)
def test_damaged_inputs_are_read_or_refused_in_one_line(group: str) -> None:
    kinds = [kind for kind in GROUPS[group] if importlib.util.find_spec(KINDS[kind].needs)]
    if not kinds:
        pytest.skip(f"needs {KINDS[GROUPS[group][0]].needs}")
    count = EACH * len(kinds)
    done = subprocess.run(
        [sys.executable, "-m", "tests.fuzz.runner", str(count), "1", *kinds],
        capture_output=True, text=True, check=False, timeout=300, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    found = json.loads(done.stdout)
    assert found["read"] + found["refused"] == count and found["peak_mb"] < 1024
