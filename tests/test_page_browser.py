"""The page in Chromium, from disk and without network: poses, sound, takes, keys, scrubbing, themes, phones."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scripts.chromium import browser, find_chromium

from talkingeyes import rig, rotations
from talkingeyes.audio import load_speech
from talkingeyes.avatar.pose import morph_weights
from talkingeyes.formats.html import write_html
from talkingeyes.formats.job import ExportJob
from talkingeyes.motion import Motion
from tests.test_page import HOSTILE, random_motion

pytest.importorskip("playwright", reason="the browser tests need the playwright package (extra dev)")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(find_chromium() is None, reason="no Chromium here (Debian: apt install chromium)"),
]

TOLERANCE_RAD = math.radians(0.1)
SAMPLE = Path(str(resources.files("talkingeyes").joinpath("assets", "sample.opus")))


@dataclass
class Opened:
    """A page in the browser, and what it should not have done."""

    page: Any
    errors: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def api(self, call: str, *arguments: Any) -> Any:
        return self.page.evaluate(f"(a) => window.talkingeyes.{call}(...a)", list(arguments))

    @property
    def state(self) -> dict[str, Any]:
        return self.api("state")

    def settle(self) -> None:
        """Wait until what was asked for is drawn."""
        self.page.evaluate("() => new Promise(r => requestAnimationFrame(() => requestAnimationFrame(r)))")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    with browser() as running:
        yield running


@pytest.fixture(scope="module")
def takes() -> tuple[Motion, ...]:
    return tuple(random_motion(frames=330, seed=seed) for seed in (7, 8, 9))


@pytest.fixture(scope="module")
def talk(tmp_path_factory: pytest.TempPathFactory, takes: tuple[Motion, ...]) -> Path:
    """A page with three takes, sound, turns and pauses."""
    target = tmp_path_factory.mktemp("page") / "a page & its name.html"
    write_html(ExportJob(takes, SAMPLE, load_speech(SAMPLE), "A talk"), target)
    return target


@pytest.fixture
def open_page(chromium: Any) -> Iterator[Any]:
    with ExitStack() as stack:

        def opener(target: Path, settings: str = "", **context: Any) -> Opened:
            made = chromium.new_context(**{"viewport": {"width": 900, "height": 640}, **context})
            stack.callback(made.close)
            made.set_offline(True)
            opened = Opened(made.new_page())
            opened.page.on("pageerror", lambda error: opened.errors.append(str(error)))
            opened.page.on(
                "console", lambda m: opened.errors.append(m.text) if m.type in ("error", "warning") else None
            )
            opened.page.on("request", lambda request: opened.requests.append(request.url))
            opened.page.goto(f"{target.as_uri()}#{settings}")
            opened.page.evaluate("() => window.talkingeyes.ready")
            return opened

        yield opener


@pytest.fixture(scope="module")
def opened(chromium: Any, talk: Path) -> Iterator[Opened]:
    """One page for the tests that only read from it."""
    context = chromium.new_context(viewport={"width": 480, "height": 640})
    page = context.new_page()
    page.goto(f"{talk.as_uri()}#ui=0")
    page.evaluate("() => window.talkingeyes.ready")
    yield Opened(page)
    context.close()


def angle_off(rows: list[float], expected: np.ndarray) -> float:
    """Angle between a rotation of the page (row-major) and a matrix, radians."""
    relative = np.array(rows).reshape(3, 3).T @ expected
    return float(np.linalg.norm(rotations.axis_angle_from_matrix(relative)))


def test_opens_from_disk_without_a_request_or_an_error(open_page: Any, talk: Path) -> None:
    opened = open_page(talk, "t=1")
    opened.page.keyboard.press("Space")
    opened.page.wait_for_timeout(400)
    foreign = [url for url in opened.requests if not url.startswith(("file:", "blob:", "data:"))]
    assert foreign == []
    assert [url for url in opened.requests if url.startswith("file:")] == [talk.as_uri()]
    assert [error for error in opened.errors if "GPU stall due to ReadPixels" not in error] == []


@pytest.mark.parametrize("take", [0, 1])
def test_bones_turn_to_the_angles_of_the_motion(opened: Opened, takes: tuple[Motion, ...], take: int) -> None:
    motion = takes[take]
    assert motion.head_rad is not None and motion.eyes_rad is not None
    heads, eyes = rotations.matrix_from_ypr(motion.head_rad), rotations.matrix_from_ypr(motion.eyes_rad)
    opened.api("setTake", take)
    for frame in np.random.default_rng(0).integers(0, motion.num_frames, 12):
        pose = opened.api("poseAt", frame / motion.fps)
        assert angle_off(pose["head"], heads[frame]) < TOLERANCE_RAD
        for side in (0, 1):
            assert angle_off(pose["eyes"][side], eyes[frame, side]) < TOLERANCE_RAD
            np.testing.assert_allclose(
                pose["eyeYawPitch"][side], motion.eyes_rad[frame, side], rtol=0, atol=TOLERANCE_RAD
            )


def test_left_stays_left_and_the_sum_of_head_and_eye_is_the_gaze(opened: Opened, takes: tuple[Motion, ...]) -> None:
    motion = takes[0]
    opened.api("setTake", 0)
    pose = opened.api("poseAt", 40 / motion.fps)
    left, right = pose["eyePositions"]
    assert left[0] > right[0], "the character's left eye is at +X"
    directions = [np.array(pose["head"]).reshape(3, 3) @ np.array(eye).reshape(3, 3)[:, 2] for eye in pose["eyes"]]
    gaze = rotations.yaw_pitch_from_direction(np.mean(directions, axis=0))
    np.testing.assert_allclose(gaze, motion.gaze_in_space_rad()[40], rtol=0, atol=TOLERANCE_RAD)


def test_between_frames_the_pose_lies_between(opened: Opened, takes: tuple[Motion, ...]) -> None:
    motion = takes[0]
    assert motion.eyes_rad is not None and motion.lids is not None
    opened.api("setTake", 0)
    pose = opened.api("poseAt", 100.5 / motion.fps)
    before, after = rotations.matrix_from_ypr(motion.eyes_rad[100:102, 0])
    middle = before @ rotations.fraction_of(before.T @ after, 0.5)
    assert angle_off(pose["eyes"][0], middle) < TOLERANCE_RAD
    assert pose["morphs"]["jawOpen"] == pytest.approx(motion.coefficient("jawOpen")[100:102].mean(), abs=2e-3)


def test_shapes_have_the_weights_that_the_glb_has(opened: Opened, takes: tuple[Motion, ...]) -> None:
    motion = takes[1]
    expected = morph_weights(motion)
    opened.api("setTake", 1)
    for frame in range(0, motion.num_frames, 41):
        morphs = opened.api("poseAt", frame / motion.fps)["morphs"]
        assert set(rig.ARKIT_NAMES) - morphs.keys() <= {"tongueOut"}, "the avatar has ARKit's shapes"
        for name in morphs.keys() & expected.keys():
            assert morphs[name] == pytest.approx(expected[name][frame], abs=1e-3), name


def test_a_take_is_switched_at_once_and_keeps_the_time(open_page: Any, talk: Path) -> None:
    opened = open_page(talk, "t=2&take=3")
    assert opened.state["take"] == 2
    assert "seed 9" in opened.page.inner_text("#subtitle")
    opened.page.keyboard.press("2")
    opened.settle()
    assert (opened.state["take"], opened.state["time"]) == (1, 2)
    opened.page.click("#takes button >> nth=0")
    opened.settle()
    assert (opened.state["take"], opened.state["time"]) == (0, 2)
    assert "seed 7" in opened.page.inner_text("#subtitle")
    pressed = opened.page.eval_on_selector_all("#takes button", "b => b.map(x => x.getAttribute('aria-pressed'))")
    assert pressed == ["true", "false", "false"]
    opened.page.keyboard.press("]")
    assert opened.state["take"] == 1


def test_keys_play_step_and_jump(open_page: Any, talk: Path) -> None:
    opened = open_page(talk, "t=1")
    press = opened.page.keyboard.press
    press("ArrowRight")
    assert opened.state["time"] == pytest.approx(31 / 30)
    press("ArrowLeft")
    press("ArrowLeft")
    assert opened.state["time"] == pytest.approx(29 / 30)
    press("Shift+ArrowRight")
    assert opened.state["time"] == pytest.approx(59 / 30)
    press("End")
    assert opened.state["time"] == opened.state["duration"] == pytest.approx(11)
    press("Home")
    assert opened.state["time"] == 0
    press("Space")
    assert opened.state["playing"]
    opened.page.wait_for_function("() => window.talkingeyes.state().time > 0.1")
    press("Space")
    assert not opened.state["playing"]
    stopped = opened.state["time"]
    opened.page.wait_for_timeout(200)
    assert opened.state["time"] == stopped


def test_the_picture_keeps_to_the_sound(open_page: Any, talk: Path) -> None:
    opened = open_page(talk)
    assert opened.state["soundTime"] == 0, "Chromium plays the sound of the page"
    opened.page.keyboard.press("m")
    opened.api("play")
    opened.page.wait_for_function("() => window.talkingeyes.state().soundTime > 1")
    state = opened.state
    assert state["muted"] and state["playing"]
    assert state["time"] == pytest.approx(state["soundTime"], abs=0.15)


def test_plays_without_sound_and_loops(open_page: Any, tmp_path: Path) -> None:
    target = tmp_path / "silent.html"
    write_html(ExportJob((random_motion(frames=15),), title="Short"), target)
    opened = open_page(target)
    assert opened.state["soundTime"] is None
    assert not opened.page.is_visible("#mute") and not opened.page.is_visible("#takes")
    opened.page.keyboard.press("l")
    opened.page.keyboard.press("Space")
    opened.page.evaluate("() => { window.latest = 0; }")
    went_back = "const t = talkingeyes.state().time, back = t < window.latest; window.latest = t; return back;"
    opened.page.wait_for_function(f"() => {{ {went_back} }}")
    assert opened.state["playing"], "it went back to the start"
    opened.page.keyboard.press("l")
    opened.page.wait_for_function("() => !window.talkingeyes.state().playing")
    assert opened.state["time"] == pytest.approx(0.5)


def test_dragging_the_timeline_scrubs(open_page: Any, talk: Path) -> None:
    opened = open_page(talk)
    box = opened.page.locator(".gaze .plot").bounding_box()
    middle = box["y"] + box["height"] / 2
    opened.page.mouse.move(box["x"] + 5, middle)
    opened.page.mouse.down()
    opened.page.mouse.move(box["x"] + box["width"] / 2, middle, steps=4)
    assert opened.state["time"] == pytest.approx(5.5, abs=0.05)
    opened.page.mouse.move(box["x"] + box["width"] + 300, middle)
    opened.page.mouse.up()
    assert opened.state["time"] == pytest.approx(11)
    assert float(opened.page.get_attribute("#timeline", "aria-valuemax")) == pytest.approx(11)


def test_the_timeline_zooms_around_the_pointer_and_pans(open_page: Any, talk: Path) -> None:
    opened = open_page(talk)
    box = opened.page.locator(".gaze .plot").bounding_box()
    at = (box["x"] + box["width"] / 2, box["y"] + 20)
    opened.page.mouse.move(*at)
    opened.page.mouse.wheel(0, -900)
    opened.settle()
    assert "zoomed" in opened.page.get_attribute("#timeline", "class")
    opened.page.mouse.click(*at)
    assert opened.state["time"] == pytest.approx(5.5, abs=0.05), "what is under the pointer stays there"
    opened.page.mouse.wheel(5000, 0)
    opened.settle()
    opened.page.mouse.click(box["x"] + box["width"] - 2, at[1])
    assert opened.state["time"] == pytest.approx(11, abs=0.05)
    opened.page.keyboard.press("0")
    opened.settle()
    assert "zoomed" not in opened.page.get_attribute("#timeline", "class")


def test_a_click_on_the_picture_plays_and_a_drag_only_turns_the_camera(open_page: Any, talk: Path) -> None:
    opened = open_page(talk, "t=1")
    box = opened.page.locator("#view").bounding_box()
    opened.page.mouse.move(box["x"] + 100, box["y"] + 150)
    opened.page.mouse.down()
    opened.page.mouse.move(box["x"] + 220, box["y"] + 160, steps=3)
    opened.page.mouse.up()
    assert not opened.state["playing"]
    opened.page.mouse.click(box["x"] + 100, box["y"] + 150)
    assert opened.state["playing"]
    opened.page.keyboard.press("f")
    assert not opened.page.is_visible("#timeline")
    assert opened.errors == []


def test_light_and_dark(open_page: Any, talk: Path) -> None:
    opened = open_page(talk, color_scheme="dark")

    def brightness() -> float:
        color = opened.page.evaluate("() => getComputedStyle(document.body).backgroundColor")
        return sum(float(part) for part in color[4:-1].split(",")) / 3

    assert brightness() < 64
    opened.page.keyboard.press("t")
    assert brightness() > 192
    opened.page.click("#theme")
    assert brightness() < 64


def test_a_phone_shows_everything_without_scrolling_sideways(open_page: Any, talk: Path) -> None:
    opened = open_page(talk, viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True)
    assert opened.page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    for part in ("#title", "#view", "#play", "#takes button >> nth=2", ".gaze .plot", ".lids .plot", "#theme"):
        box = opened.page.locator(part).bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= 390, part
        assert box["y"] + box["height"] <= 844, part
    box = opened.page.locator(".head .plot").bounding_box()
    opened.page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + 20)
    assert opened.state["time"] == pytest.approx(5.5, abs=0.1)
    opened.page.touchscreen.tap(*(opened.page.locator("#takes button >> nth=1").bounding_box()[k] + 8 for k in "xy"))
    assert opened.state["take"] == 1


def test_a_hostile_title_is_text(open_page: Any, tmp_path: Path) -> None:
    target = tmp_path / "hostile.html"
    motion = random_motion(frames=10, model=HOSTILE, role=HOSTILE, **{HOSTILE: HOSTILE})
    write_html(ExportJob((motion, motion), title=HOSTILE), target)
    opened = open_page(target)
    opened.page.click("#about-open")
    assert opened.page.inner_text("h1").startswith("</title></script><script>window.pwned=1")
    assert opened.page.inner_text("dialog h2").startswith("</title></script>")
    assert opened.page.title().startswith("</title></script><script>")
    assert opened.page.evaluate("() => window.pwned") is None
    assert opened.page.locator("img").count() == 0


def test_the_bare_view_is_only_the_avatar(open_page: Any, talk: Path) -> None:
    opened = open_page(talk, "ui=0&t=3&closeness=2&azimuth=30")
    for part in ("#title", "#play", "#poster", "#timeline"):
        assert not opened.page.is_visible(part)
    box = opened.page.locator("#view").bounding_box()
    assert (box["width"], box["height"]) == (900, 640)


def test_an_hour_opens_and_zooms(open_page: Any, tmp_path: Path) -> None:
    frames = 108_000
    head = np.random.default_rng(0).normal(0, 0.05, (frames, 3))
    target = tmp_path / "hour.html"
    write_html(ExportJob((Motion(fps=30, head_rad=head, lids=np.zeros((frames, 2))),), title="An hour"), target)
    opened = open_page(target, "t=1800")
    assert opened.state["time"] == 1800
    assert "0:30:00.00" in opened.page.inner_text("#clock")
    for key in ("0", "+", "-", "End"):
        opened.page.keyboard.press(key)
        opened.settle()
    assert opened.state["time"] == pytest.approx(3600)
    assert opened.errors == []
