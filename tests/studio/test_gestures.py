"""What hands do on the studio's timeline becomes edits that the engine does: the page's code in Node, real takes."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import talkingeyes as te
from talkingeyes.generate.edits.read import edits_of
from talkingeyes.generate.planned import PlannedTake
from tests.cli.recordings import spoken

ROOT = Path(__file__).parents[2]
MODULES = ROOT / "viewer" / "node_modules"
RATE_HZ = 16_000
Run = Callable[..., Any]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Runs one piece of the page's work; or many at once, given as a list."""
    esbuild, node = MODULES / ".bin" / "esbuild", shutil.which("node")
    if node is None or not esbuild.exists():
        pytest.skip("needs Node and the viewer's packages (cd viewer && npm ci)")
    folder = tmp_path_factory.mktemp("gestures")
    bundle = folder / "gestures.mjs"
    entry = ROOT / "tests" / "studio" / "gestures.js"
    command = [str(esbuild), str(entry), "--bundle", "--platform=node", "--format=esm", f"--outfile={bundle}",
               "--log-level=error"]  # fmt: skip
    subprocess.run(command, check=True, cwd=ROOT / "viewer", env={"PATH": str(Path(node).parent)})

    def runner(jobs: list[dict[str, Any]] | None = None, **job: Any) -> Any:
        (folder / "job.json").write_text(json.dumps(jobs or [job]))
        done = subprocess.run(
            [node, str(bundle), str(folder / "job.json")], capture_output=True, text=True, check=False
        )
        assert "RESULT " in done.stdout, done.stderr[-3000:]
        results = json.loads(done.stdout.rsplit("RESULT ", 1)[1])
        return results if jobs else results[0]

    return runner


@pytest.fixture(scope="module")
def take() -> PlannedTake:
    return te.plan_take(spoken(12.0), rate_hz=RATE_HZ, seed=3)


def told(take: PlannedTake) -> dict[str, Any]:
    return {"duration_s": take.duration_s, **take.events()}


def middle_shift(take: PlannedTake) -> dict[str, Any]:
    """The one of the first half with most room before and after it."""
    shifts = take.events()["shifts"]
    room = [
        (min(s["lasts_s"], s["at_s"] - b["at_s"]), s) for b, s in pairwise(shifts) if s["at_s"] < take.duration_s / 2
    ]
    widest, shift = max(room, key=lambda pair: pair[0])
    assert widest > 0.3
    return shift


def test_every_event_is_an_item_that_says_what_it_is(run: Run, take: PlannedTake) -> None:
    items = run(work="items", events=told(take), list=[])
    events = take.events()
    assert {i["key"] for i in items} == {e["id"] for e in (*events["shifts"], *events["blinks"])}
    assert [i["from_s"] for i in items] == sorted(i["from_s"] for i in items)
    assert all(i["said"].startswith(("Look ", "Blink ")) and not i["edited"] for i in items)


def test_a_glance_that_is_dragged_leaves_at_its_new_time(run: Run, take: PlannedTake) -> None:
    shift = middle_shift(take)
    to_s = shift["at_s"] + 0.1
    given = {"events": told(take), "key": shift["id"], "name": "moved"}
    once = run(work="gesture", list=[], args=[to_s], **given)
    twice = run(work="gesture", list=once, args=[to_s - 0.15], **given)
    assert len(once) == len(twice) == 1, "a second drag takes the place of the first"
    for edits, expected in ((once, to_s), (twice, to_s - 0.15)):
        after = next(s for s in take.edited(edits).events()["shifts"] if s["id"] == shift["id"])
        assert after["at_s"] == pytest.approx(expected, abs=2e-3)


def test_the_end_of_a_look_says_how_long_it_lasts(run: Run, take: PlannedTake) -> None:
    shift = middle_shift(take)
    ends_s = shift["lands_s"] + shift["lasts_s"]
    later = [s["at_s"] for s in take.events()["shifts"] if s["at_s"] > ends_s + 0.3]
    gap_s, end_s = max((b - a, (a + b) / 2) for a, b in pairwise(later))  # far from every other shift
    assert gap_s > 0.4
    edits = run(
        work="gesture", events=told(take), list=[], key=shift["id"], name="stretched", args=[shift["at_s"], end_s]
    )
    after = next(s for s in take.edited(edits).events()["shifts"] if s["id"] == shift["id"])
    assert after["lands_s"] + after["lasts_s"] == pytest.approx(end_s, abs=0.05)


def test_where_one_clicks_is_where_the_eyes_look(run: Run, take: PlannedTake) -> None:
    place = run(work="list", name="reachable", args=[18.0, -7.0])
    assert place == {"yaw_deg": 18.0, "pitch_deg": -7.0}
    shift = middle_shift(take)
    edits = run(work="gesture", events=told(take), list=[], key=shift["id"], name="retargeted", args=[place])
    again = run(
        work="gesture", events=told(take), list=edits, key=shift["id"], name="retargeted", args=[{"target": "camera"}]
    )
    assert [e["do"] for e in edits] == ["shift.retarget"] and again[0] == {
        "do": "shift.retarget", "event": shift["id"], "target": "camera"
    }  # fmt: skip
    motion = take.edited(edits).motion()
    frame = round((shift["lands_s"] + 0.5 * min(shift["lasts_s"], 0.4)) * motion.fps)
    gaze = np.degrees(motion.gaze_in_space_rad()[frame])
    assert np.abs(gaze - (18.0, -7.0)).max() < 0.5


def test_what_is_out_of_reach_is_brought_to_the_border(run: Run, take: PlannedTake) -> None:
    for yaw, pitch in ((80.0, 0.0), (-50.0, 33.0), (0.0, -70.0), (59.0, 34.0)):
        place = run(work="list", name="reachable", args=[yaw, pitch])
        assert (place["yaw_deg"] / 60) ** 2 + (place["pitch_deg"] / 35) ** 2 <= 1
        edits_of([{"do": "look", "from_s": 0.5, "to_s": 1.0, **place}])
        take.edited([{"do": "look", "from_s": 0.5, "to_s": 1.0, **place}])


def test_what_was_added_goes_without_a_trace(run: Run, take: PlannedTake) -> None:
    mine: list[dict[str, Any]] = [
        {"do": "shift.add", "at_s": 2.5, "yaw_deg": 12, "pitch_deg": 3},
        {"do": "blink.add", "at_s": 3.1},
        {"do": "nod", "at_s": 1.5},
        {"do": "smile", "from_s": 1.0, "to_s": 2.0, "amount": 0.4},
        {"do": "look", "from_s": 4.0, "to_s": 4.8, "yaw_deg": -14, "pitch_deg": 2},
    ]
    edited = take.edited(mine)
    items = run(work="items", events=told(edited), list=mine)
    added = [i for i in items if i["edited"]]
    assert {i["kind"] for i in added} == {"shift", "blink", "nod", "smile", "look"}
    for item in added:
        left = run(work="gesture", events=told(edited), list=mine, key=item["key"], name="removed", args=[])
        assert len(left) == len(mine) - 1 and all(edit in mine for edit in left)
        take.edited(left)


def test_a_generated_event_is_taken_out_by_an_edit(run: Run, take: PlannedTake) -> None:
    blink = take.events()["blinks"][0]
    moved = [{"do": "blink.move", "event": blink["id"], "to_s": blink["at_s"] + 0.2}]
    edited = take.edited(moved)
    left = run(work="gesture", events=told(edited), list=moved, key=blink["id"], name="removed", args=[])
    assert left == [{"do": "blink.delete", "event": blink["id"]}]
    assert blink["id"] not in {b["id"] for b in take.edited(left).events()["blinks"]}


def test_a_blink_becomes_as_deep_as_asked_however_often(run: Run, take: PlannedTake) -> None:
    edits: list[dict[str, Any]] = []
    blink = next(b for b in take.events()["blinks"] if b["closure"] > 0.5)
    for closure in (0.4, 0.7, 0.25):
        now = next(b for b in take.edited(edits).events()["blinks"] if b["id"] == blink["id"])
        args = [now["closure"], closure]
        edits = run(work="gesture", events=told(take), list=edits, key=blink["id"], name="deepened", args=args)
        assert len(edits) == 1
        after = next(b for b in take.edited(edits).events()["blinks"] if b["id"] == blink["id"])
        assert after["closure"] == pytest.approx(closure, abs=0.02)


def test_a_range_is_rolled_again_in_place_of_the_last_roll(run: Run, take: PlannedTake) -> None:
    one = run(work="list", name="rerolled", args=[[], ["gaze", "head"], 2.0, 4.0, 5])
    two = run(work="list", name="rerolled", args=[one, ["gaze"], 2.0, 4.0, 9])
    assert [(e["channel"], e["seed"]) for e in two] == [("head", 5), ("gaze", 9)]
    before, after = take.motion(), take.edited(two).motion()
    assert before.head_rad is not None and after.head_rad is not None
    assert np.array_equal(before.head_rad[:60], after.head_rad[:60]) and not np.array_equal(
        before.head_rad, after.head_rad
    )


def test_places_are_told_as_one_sees_them(run: Run) -> None:
    cases = [(0, 0), (20, 0), (-20, 0), (0, 12), (14, -14)]
    shown = run([{"work": "place", "yaw": yaw, "pitch": pitch} for yaw, pitch in cases])
    assert [text for text, _ in shown] == ["viewer", "→ 20°", "← 20°", "↑ 12°", "↘ 20°"]
    assert shown[1][1] == "20 degrees to the character's left" and shown[3][1] == "12 degrees up"


def test_snapping_takes_the_nearest_time_that_means_something(run: Run) -> None:
    speech = {"turns": [[1.0, 3.0]], "pauses": [[3.0, 3.6]], "words": [{"from_s": 1.2, "to_s": 1.5, "text": "so"}]}
    times = [1.04, 1.18, 1.36, 3.57, 9.0, 0.0]
    assert run(work="snap", speech=speech, times=times, within=0.06) == [1.0, 1.2, None, 3.6, None, None]


def test_extremes_of_any_stretch_are_those_of_its_values(run: Run) -> None:
    rng = np.random.default_rng(4)
    values, new = rng.normal(size=1000).astype(np.float32), rng.normal(size=70).astype(np.float32)
    ranges = [sorted(map(int, rng.integers(0, 1001, 2))) for _ in range(40)]
    ranges = [r for r in ranges if r[0] < r[1]]
    change = {"first": 333, "values": new.tolist()}
    found = run(work="extremes", values=values.tolist(), change=change, ranges=ranges)
    values[333:403] = new
    assert np.allclose(found, [(values[a:b].min(), values[a:b].max()) for a, b in ranges])


def test_the_view_stays_in_the_recording(run: Run) -> None:
    steps = [
        ["zoom", 4, 10],
        ["zoom", 0.001, 10],
        ["show", -5, 10],
        ["show", 1795, 30],
        ["fit"],
        ["fit", [60, 70]],
        ["zoom", 1e9, 60],
    ]
    spans = run(work="view", duration=1800, steps=steps)
    assert all(0 <= a < b <= 1800 + 1e-9 for a, b in spans)
    assert (
        spans[1] == spans[4] == [0, 1800] and spans[5] == pytest.approx([59, 71]) and spans[6][1] - spans[6][0] >= 0.5
    )
