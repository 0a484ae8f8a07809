"""How fast an editor can be: a take is planned once, then edited and rendered again and again.

    python benchmarks/edit_speed.py RECORDING

Prints one JSON object of milliseconds, the median and the largest of 20 runs, of processor time.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

import talkingeyes as te
from talkingeyes.generate.planned import PlannedTake

RUNS = 20


def ten_edits(take: PlannedTake, from_s: float) -> list[dict[str, Any]]:
    """Looks, shifts, blinks, nods and a held head within twenty seconds."""
    looks = [
        {"do": "look", "from_s": from_s + 3 * i, "to_s": from_s + 3 * i + 1, "yaw_deg": 10 * i - 20} for i in range(5)
    ]
    more = [{"do": "shift.add", "at_s": from_s + 1.7 + 3 * i, "yaw_deg": 12, "pitch_deg": -4} for i in range(2)]
    rest = [
        {"do": "blink.add", "at_s": from_s + 5.2},
        {"do": "nod", "at_s": from_s + 8.0},
        {"do": "head.hold", "from_s": from_s + 12, "to_s": from_s + 14},
    ]
    return [*looks, *more, *rest]


def milliseconds(work: Callable[[], Any]) -> dict[str, float]:
    """Median and largest of `RUNS` runs."""
    took = []
    for _ in range(RUNS):
        begun = time.process_time()
        work()
        took.append(1000 * (time.process_time() - begun))
    return {"median": round(float(np.median(took)), 1), "largest": round(max(took), 1)}


def main(path: Path) -> None:
    """Measure one recording."""
    begun = time.process_time()
    take = te.plan_take(path, seed=1)
    planned_s = time.process_time() - begun
    middle = max(0.0, take.duration_s / 2 - 10)
    edits = ten_edits(take, middle)
    edited = take.edited(edits)
    frames = range(round(middle * take.fps), round((middle + 2) * take.fps))
    rolls = iter(range(10**6))
    results = {
        "duration_s": round(take.duration_s, 1),
        "planned_s": round(planned_s, 2),
        "one look": milliseconds(lambda: take.edited(edits[:1])),
        "ten edits": milliseconds(lambda: take.edited(edits)),
        "two seconds rendered": milliseconds(lambda: edited.motion(frames)),
        "all of it rendered": milliseconds(edited.motion),
        "gaze of 2.5 s re-rolled, new seed": milliseconds(
            lambda: take.edited(
                [{"do": "reroll", "channel": "gaze", "from_s": middle, "to_s": middle + 2.5, "seed": next(rolls)}]
            )
        ),
    }
    print(json.dumps(results, indent=1))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
