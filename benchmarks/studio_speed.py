"""How fast the studio answers: previews over HTTP, and the timeline in a real browser without a graphics processor.

    python benchmarks/studio_speed.py RECORDING [--minutes 30]

The recording is repeated to so many minutes. Prints one JSON object: wall times in milliseconds (median and largest),
and of the page how long its own work took for each event (Event Timing) and every task above 50 ms (Long Tasks).
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
import wave
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from scripts.chromium import browser
from tests.studio.serving import Studio, studio

from talkingeyes.audio.decode import SAMPLE_RATE_HZ, MonoStream

RUNS = 5
WATCH = """() => {
  window.taken = []; window.long = [];
  new PerformanceObserver((list) => { for (const e of list.getEntries()) window.taken.push(e.processingEnd - e.processingStart); })
    .observe({ type: "event", durationThreshold: 16 });
  new PerformanceObserver((list) => { for (const e of list.getEntries()) window.long.push(e.duration); }).observe({ type: "longtask" });
}"""  # noqa: E501


def repeated(path: Path, minutes: float, target: Path) -> None:
    """A recording repeated to a length, as 16 kHz mono."""
    once = np.concatenate(list(MonoStream(path)))
    count = round(minutes * 60 * SAMPLE_RATE_HZ)
    samples = np.tile(once, -(-count // len(once)))[:count]
    with wave.open(str(target), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE_HZ)
        file.writeframes((32767 * np.clip(samples, -1, 1)).astype("<i2").tobytes())


def milliseconds(work: Callable[[int], Any]) -> dict[str, float]:
    """Median and largest of `RUNS` different requests."""
    took = []
    for i in range(RUNS):
        begun = time.perf_counter()
        work(i)
        took.append(1000 * (time.perf_counter() - begun))
    return {"median": round(float(np.median(took))), "largest": round(max(took))}


def previews(served: Studio, take: str, middle_s: float) -> dict[str, Any]:
    """Of edits in the middle of the take, with twenty seconds in view."""
    view = [max(0.0, middle_s - 10), middle_s + 10]

    def asked(edit: Callable[[int], dict[str, Any]]) -> dict[str, float]:
        return milliseconds(
            lambda i: served.told(f"takes/{take}/preview", {"edits": [edit(i)], "view": view}),
        )

    return {
        "glance": asked(lambda i: {"do": "shift.add", "at_s": middle_s + 0.3 * i, "yaw_deg": 15, "pitch_deg": -5}),
        "blink": asked(lambda i: {"do": "blink.add", "at_s": middle_s + 0.3 * i}),
        "re-roll of 2 s": asked(
            lambda i: {"do": "reroll", "channel": "gaze", "from_s": middle_s, "to_s": middle_s + 2, "seed": i + 1}
        ),
        "amount": milliseconds(
            lambda i: served.told(f"takes/{take}/preview", {"settings": {"head_amount": 0.5 + 0.1 * i}, "view": view})
        ),
    }


def timeline(served: Studio) -> dict[str, Any]:
    """Zooming, hovering, painting and panning, event by event."""
    with browser() as chromium:
        page = chromium.new_context(viewport={"width": 1280, "height": 800}).new_page()
        page.goto(f"http://127.0.0.1:{served.port}/studio#token={served.token}")
        page.evaluate("() => window.talkingeyesStudio.ready")
        page.wait_for_function("() => window.talkingeyesStudio.state().share === 1", timeout=600_000)
        page.evaluate(WATCH)
        box = page.locator("#plots").bounding_box()
        assert box is not None
        x, y = box["x"] + box["width"] / 2, box["y"]
        for _ in range(12):
            page.mouse.move(x, y + 100)
            page.mouse.wheel(0, -200)
            page.wait_for_timeout(30)
        for i in range(40):
            page.mouse.move(x - 300 + 15 * i, y + 128)
        page.mouse.move(x, y + 45)
        page.mouse.down()
        for i in range(30):
            page.mouse.move(x + 8 * i, y + 45)
        page.mouse.up()
        for _ in range(12):
            page.mouse.wheel(300, 0)
            page.wait_for_timeout(30)
        page.wait_for_timeout(500)
        taken, long = page.evaluate("() => [window.taken, window.long]")
    return {"longest_event_ms": round(max(taken, default=0.0), 1), "tasks_above_50_ms": [round(t) for t in long]}


def main() -> None:
    """Measure one length."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("recording", type=Path)
    parser.add_argument("--minutes", type=float, default=30.0)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        repeated(args.recording, args.minutes, Path(folder) / "long.wav")
        with studio(Path(folder)) as served:
            begun = time.perf_counter()
            made = served.told("takes", {"sound": "s1", "count": 1})
            take = made["ids"][0]
            shifts = len(served.events(take)["shifts"])
            planned_s = round(time.perf_counter() - begun, 1)
            found = previews(served, take, args.minutes * 30)
            print(
                json.dumps(
                    {
                        "minutes": args.minutes, "shifts": shifts, "planned_s": planned_s, "preview_ms": found,
                        "timeline": timeline(served),
                    },
                    indent=1,
                )
            )  # fmt: skip


if __name__ == "__main__":
    main()
