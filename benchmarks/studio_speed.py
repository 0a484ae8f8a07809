"""How fast the studio answers: previews over HTTP, and the timeline in a real browser without a graphics processor.

    python benchmarks/studio_speed.py RECORDING [--minutes .25 1 30] [--no-page]

The recording is repeated to so many minutes. Prints one JSON object for each length: wall times in milliseconds
(median and largest) of the first answer and, of an amount, until all twenty seconds in sight are there and until what
is saved is planned; and of the page how long its own work took for each event (Event Timing) and every task above 50 ms
(Long Tasks). The load of the machine is told beside, for all of it is wall time.
"""

from __future__ import annotations

import argparse
import json
import os
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
from tests.studio.serving import Studio, frames_of, studio

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


def milliseconds(served: Studio, work: Callable[[int], Any]) -> dict[str, float]:
    """Median and largest wall time of `RUNS` different requests, and the processor time of the server for each."""
    took, before = [], processor_ms(served)
    for i in range(RUNS):
        begun = time.perf_counter()
        work(i)
        took.append(1000 * (time.perf_counter() - begun))
    each = (processor_ms(served) - before) / RUNS
    return {"median": round(float(np.median(took))), "largest": round(max(took)), "processor": round(each)}


def processor_ms(served: Studio) -> float:
    """Processor time that the server has taken so far; 0 where the system does not tell."""
    stat = Path(f"/proc/{served.process.pid}/stat")
    if not stat.exists():
        return 0.0
    user, system = stat.read_text().rsplit(")", 1)[1].split()[11:13]
    return 1000 * (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def previews(served: Studio, take: str, middle_s: float) -> dict[str, Any]:
    """Of edits in the middle of the take, with twenty seconds in view."""
    view = [max(0.0, middle_s - 10), middle_s + 10]

    def asked(edit: Callable[[int], dict[str, Any]]) -> dict[str, float]:
        return milliseconds(
            served,
            lambda i: served.told(f"takes/{take}/preview", {"edits": [edit(i)], "view": view}),
        )

    return {
        "glance": asked(lambda i: {"do": "shift.add", "at_s": middle_s + 0.3 * i, "yaw_deg": 15, "pitch_deg": -5}),
        "blink": asked(lambda i: {"do": "blink.add", "at_s": middle_s + 0.3 * i}),
        "re-roll of 2 s": asked(
            lambda i: {"do": "reroll", "channel": "gaze", "from_s": middle_s, "to_s": middle_s + 2, "seed": i + 1}
        ),
    }


AMOUNTS = {"eye_contact": 0.3, "gaze_activity": 1.4, "head_amount": 0.6, "blink_rate": 1.5, "smile": 0.1}


def amounts(served: Studio, take: str, view: tuple[float, float]) -> dict[str, Any]:
    """Of each amount: the first answer, and all of what is in sight, each time for a value that is new."""

    def asked(settings: dict[str, float], from_s: float) -> tuple[bool, float]:
        header, _ = frames_of(served.told(f"takes/{take}/preview", {"settings": settings, "view": [from_s, view[1]]}))
        return header["more"], header.get("part", [0, 0])[1]

    def whole(settings: dict[str, float]) -> None:
        more, at_s = asked(settings, view[0])
        while more:
            more, at_s = asked(settings, at_s)

    found = {}
    for name, value in AMOUNTS.items():
        first = milliseconds(served, lambda i, n=name, v=value: asked({n: v + 0.05 * i}, view[0]))
        rest = milliseconds(served, lambda i, n=name, v=value: whole({n: v + 0.03 * i + 0.01}))
        found[name] = {"first": first, "in sight": rest}
    return found


def saved(served: Studio, take: str) -> dict[str, Any]:
    """Letting go of a slider: the answer, and the whole take as it is then."""
    begun = time.perf_counter()
    answer = served.told(f"takes/{take}", {"settings": {"eye_contact": 0.45}, "what": "eye contact"}, method="PATCH")
    answered = time.perf_counter()
    if "job" in answer:
        served.job(answer["job"])
    served.events(take)
    return {"answer_ms": round(1000 * (answered - begun)), "planned_s": round(time.perf_counter() - begun, 2)}


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
    parser.add_argument("--minutes", type=float, nargs="+", default=[0.25, 1.0, 30.0])
    parser.add_argument("--no-page", action="store_true", help="without the browser")
    args = parser.parse_args()
    for minutes in args.minutes:
        print(json.dumps(measured(args.recording, minutes, page=not args.no_page), indent=1), flush=True)


def measured(recording: Path, minutes: float, *, page: bool) -> dict[str, Any]:
    """One length."""
    with tempfile.TemporaryDirectory() as folder:
        lines = Path(folder) / "lines"
        lines.mkdir()
        repeated(recording, minutes, lines / "long.wav")
        with studio(lines) as served:
            begun = time.perf_counter()
            (take,) = served.told("takes", {"sound": "s1", "count": 1})["ids"]
            shifts = len(served.events(take)["shifts"])
            planned_s, middle_s = round(time.perf_counter() - begun, 1), 30 * minutes
            view = (max(0.0, middle_s - 10), min(60 * minutes, middle_s + 10))
            return {
                "minutes": minutes, "shifts": shifts, "planned_s": planned_s,
                "edits_ms": previews(served, take, middle_s),
                "amounts_ms": amounts(served, take, view), "saved": saved(served, take),
                **({"timeline": timeline(served)} if page else {}), "load": round(os.getloadavg()[0], 1),
            }  # fmt: skip


if __name__ == "__main__":
    main()
