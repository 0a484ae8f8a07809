"""The page of `talkingeyes serve` in real Chromium, with a microphone that plays a recording."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scripts.chromium import browser, find_chromium

pytest.importorskip("starlette", reason="the live server is not installed; talkingeyes[live] brings it")
pytest.importorskip("playwright", reason="the browser tests need the playwright package (extra dev)")

from tests.cli.recordings import spoken, write_wav
from tests.live.serving import TOKEN, Served, served

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(find_chromium() is None, reason="no Chromium here (Debian: apt install chromium)"),
]
POSE = "() => window.talkingeyesLive.pose()"


@pytest.fixture(scope="module")
def server() -> Iterator[Served]:
    with served("--sessions", "8") as running:
        yield running


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_wav(tmp_path_factory.mktemp("voice") / "voice.wav", spoken(6.0))


@pytest.fixture(scope="module")
def speaking(recording: Path) -> Iterator[Any]:
    """A browser whose microphone says the recording over and over."""
    with browser(
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-audio-capture={recording}",
    ) as running:
        yield running


@pytest.fixture(scope="module")
def live(speaking: Any, server: Served) -> Iterator[Any]:
    """One page for the tests that leave it as it was: to load an avatar without a graphics processor takes seconds."""
    with opened(speaking, server, viewport={"width": 900, "height": 420}) as page:
        page.wait_for_function("() => window.talkingeyesLive.status() === 'Live'")
        yield page


@contextmanager
def opened(chromium: Any, server: Served, settings: str = "", **context: Any) -> Iterator[Any]:
    made = chromium.new_context(**{"viewport": {"width": 900, "height": 640}, **context})
    page = made.new_page()
    page.problems, page.requested = [], []
    page.on("pageerror", lambda error: page.problems.append(str(error)))
    page.on("console", lambda m: page.problems.append(m.text) if m.type in ("error", "warning") else None)
    page.on("request", lambda request: page.requested.append(request.url))
    page.goto(f"http://127.0.0.1:{server.port}/#token={TOKEN}{settings}")
    page.evaluate("() => window.talkingeyesLive.ready")
    try:
        yield page
    finally:
        made.close()


def poses(page: Any, seconds: float) -> list[dict[str, Any]]:
    end_s, found = time.monotonic() + seconds, []
    while time.monotonic() < end_s:
        if (pose := page.evaluate(POSE)) is not None:
            found.append(pose)
        page.wait_for_timeout(60)
    return found


def test_a_wrong_token_is_said(speaking: Any, server: Served) -> None:
    page = speaking.new_page()
    page.goto(f"http://127.0.0.1:{server.port}/#token=wrong")
    page.wait_for_function("() => document.querySelector('#status')?.textContent.includes('token')")
    page.close()


def test_light_and_dark_and_a_phone(speaking: Any, server: Served) -> None:
    phone = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
    with opened(speaking, server, "&theme=dark", **phone) as page:
        color = page.evaluate("() => getComputedStyle(document.body).backgroundColor")
        assert sum(float(part) for part in color[4:-1].split(",")) / 3 < 64
        assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
        for part in ("#view", "#mic", "#look", "#interrupt", "#sliders input >> nth=3", "#theme", "#avatar"):
            box = page.locator(part).bounding_box()
            assert box["x"] >= 0 and box["x"] + box["width"] <= 390, part
        page.click("#theme")
        color = page.evaluate("() => getComputedStyle(document.body).backgroundColor")
        assert sum(float(part) for part in color[4:-1].split(",")) / 3 > 192


def test_who_speaks_into_the_page_moves_the_avatar(live: Any, server: Served) -> None:
    page = live
    page.click("#mic")
    page.wait_for_function("() => document.querySelector('#mic').getAttribute('aria-pressed') === 'true'")
    page.wait_for_function("() => window.talkingeyesLive.pose().morphs.jawOpen > 0.05", timeout=15_000)
    seen = poses(page, 5)
    for name in ("headYawPitchRoll",):
        assert np.ptp([pose[name] for pose in seen], axis=0).max() > 0.01, "the head's bone turns"
    assert np.ptp([pose["eyeYawPitch"] for pose in seen], axis=0).max() > 0.03, "the eyes' bones turn"
    assert np.ptp([pose["morphs"]["jawOpen"] for pose in seen]) > 0.05, "the mouth moves"
    assert float(page.get_attribute(".meter", "aria-valuenow")) > 0, "the level is shown"
    assert page.inner_text("#latency").endswith(" ms") and page.inner_text("#frames").endswith("/ s")
    assert page.inner_text("#role") in ("speaking", "listening")
    page.click("#mic")
    page.wait_for_function("() => document.querySelector('#mic').getAttribute('aria-pressed') === 'false'")
    problems = [text for text in page.problems if "GPU stall" not in text]
    assert problems == []
    own = (f"http://127.0.0.1:{server.port}/", f"ws://127.0.0.1:{server.port}/", "blob:", "data:")
    assert [url for url in page.requested if not url.startswith(own)] == []


def test_a_file_that_is_dropped_is_the_avatars_voice(live: Any, server: Served, recording: Path) -> None:
    page = live
    page.set_input_files("#file", str(recording))
    page.wait_for_function("() => window.talkingeyesLive.pose().morphs.jawOpen > 0.05", timeout=15_000)
    page.click("#interrupt")
    page.set_input_files("#file", {"name": "no.wav", "mimeType": "audio/wav", "buffer": b"no sound"})
    page.wait_for_function("() => document.querySelector('#notice').textContent.includes('holds no sound')")


def test_buttons_and_sliders_direct_the_avatar(live: Any, server: Served) -> None:
    page = live
    before, refused = server.metric("received_bytes_total"), server.metric("errors_total")
    for button in ("#look", "#release", "#interrupt"):
        page.click(button)
    slider = page.locator('#sliders input[name="blink_rate"]')
    slider.fill("2")
    slider.dispatch_event("change")
    page.mouse.click(100, 300)  # beside the avatar: there it looks
    page.wait_for_timeout(300)
    assert server.metric("received_bytes_total") > before
    assert server.metric("errors_total") == refused, page.inner_text("#notice")
    assert page.locator("#sliders input").count() == 4


def test_no_microphone_and_no_permission_are_said_clearly(live: Any, server: Served) -> None:
    page = live
    for name, said in (("NotAllowedError", "not allowed"), ("NotFoundError", "No microphone was found")):
        page.evaluate(
            "(name) => { navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', name)); }",
            name,
        )
        page.click("#mic")
        page.wait_for_function("(t) => document.querySelector('#notice').textContent.includes(t)", arg=said)
        assert page.inner_text("#mic") == "Use the microphone"


def test_a_microphone_that_is_allowed_late_speaks_to_another_session(speaking: Any) -> None:
    with served("--idle", "1.5") as server, opened(speaking, server) as page:
        page.evaluate(
            """() => {
                const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
                const answer = new Promise((resolve) => { window.allow = resolve; });
                navigator.mediaDevices.getUserMedia = (wish) => answer.then(() => ask(wish));
            }"""
        )
        page.click("#mic")
        page.wait_for_function("() => window.talkingeyesLive.status().includes('no message for')")
        page.evaluate("() => window.allow()")
        page.wait_for_function("() => window.talkingeyesLive.status() === 'Live'")
        before = page.evaluate("() => window.talkingeyesLive.frames()")
        page.wait_for_function("(n) => window.talkingeyesLive.frames() > n + 20", arg=before, timeout=15_000)
        assert server.metric("sessions_total") >= 2  # a slow machine may idle before the button is pressed, too
        assert page.locator("#notice").is_hidden(), "what was said of the first session is over"
