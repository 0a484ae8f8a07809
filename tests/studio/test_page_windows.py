"""Two windows on one project in real Chromium: each sees what the other does, and neither undoes the other's work."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from scripts.chromium import browser, find_chromium

pytest.importorskip("starlette", reason="the studio's server is not installed; talkingeyes[studio] brings it")
pytest.importorskip("playwright", reason="the browser tests need the playwright package (extra dev)")

from tests.cli.recordings import spoken, write_wav
from tests.studio.opened import WAIT_MS, Opened
from tests.studio.serving import Studio, studio

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(find_chromium() is None, reason="no Chromium here (Debian: apt install chromium)"),
]
Windows = tuple[Opened, Opened]
SMALL = {"viewport": {"width": 700, "height": 420}}


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    with browser() as running:
        yield running


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    recording = write_wav(tmp_path_factory.mktemp("windows") / "voice.wav", spoken(4.0))
    with studio(recording) as running:
        made = running.told("takes", {"sound": "s1", "count": 1})
        assert running.job(made["job"])["state"] == "done"
        yield running


@pytest.fixture(scope="module")
def both(chromium: Any, server: Studio) -> Iterator[Windows]:
    opened = Opened(chromium, server, **SMALL), Opened(chromium, server, **SMALL)
    yield opened
    for window in opened:
        window.context.close()


@pytest.fixture
def windows(both: Windows, server: Studio) -> Windows:
    """Both windows, on a take without edits."""
    ((take, entry),) = server.told("project")["takes"].items()
    if entry["edits"]:
        server.told(f"takes/{take}", {"what": "begin again", "edits": []}, method="PATCH")
    for window in both:
        window.wait("!i.some((item) => item.edited) && i.length > 0 && s.share === 1 && !s.planning")
    return both


def kinds(server: Studio) -> list[str]:
    """What the edits of the one take do."""
    (take,) = server.told("project")["takes"].values()
    return [edit["do"] for edit in take["edits"]]


def press(window: Opened, key: str, at_s: float) -> None:
    window.api("seek", at_s)
    window.keyboard.press(key)


def test_each_window_sees_the_other_and_both_edits_are_kept(windows: Windows, server: Studio) -> None:
    one, two = windows
    press(one, "g", 1.0)
    two.wait("i.some((item) => item.key === 'shift@1.000') && s.share === 1 && !s.planning")
    press(two, "b", 2.5)
    one.wait("i.some((item) => item.key === 'blink@2.500') && s.share === 1 && !s.planning")
    assert kinds(server) == ["shift.add", "blink.add"]
    for time in (0.9, 1.2, 1.5):
        assert one.api("gazeAt", time) == two.api("gazeAt", time)
    press(one, "Control+z", 1.0)
    two.wait("!i.some((item) => item.key === 'blink@2.500')")
    assert kinds(server) == ["shift.add"], "the undo is the project's: it takes back what was done last, in any window"


def test_an_edit_of_what_another_window_has_changed_is_refused_and_can_be_made_again(
    windows: Windows, server: Studio
) -> None:
    one, two = windows
    held: list[Any] = []
    path = f"**/api/takes/{two.state['take']}"
    two.page.route(path, lambda route: held.append(route))
    press(two, "b", 2.5)
    while not held:
        two.wait_for_timeout(20)
    press(two, "n", 3.0)  # built on the one before it, which will be refused
    one.change(lambda: press(one, "g", 1.0))  # while the other's edit is on its way
    held[0].continue_()
    two.page.unroute(path)
    two.wait_for_function(
        "() => document.querySelector('#toasts .error')?.innerText.includes('another window')", timeout=WAIT_MS
    )
    assert kinds(server) == ["shift.add"], "nothing of the first window's is lost"
    two.wait("i.some((item) => item.key === 'shift@1.000') && s.share === 1 && !s.planning")
    assert not [item for item in two.items if item["key"] == "blink@2.500" or item["kind"] == "nod"]
    press(two, "b", 2.5)
    one.wait("i.some((item) => item.key === 'blink@2.500')")
    assert kinds(server) == ["shift.add", "blink.add"]


def test_a_window_of_another_server_sees_the_same_project(windows: Windows, server: Studio, chromium: Any) -> None:
    one, _ = windows
    with studio(server.folder) as second:
        assert second.port != server.port
        two = Opened(chromium, second, **SMALL)
        two.wait("s.share === 1")
        press(one, "g", 1.0)
        two.wait("i.some((item) => item.key === 'shift@1.000') && s.share === 1 && !s.planning")
        press(two, "n", 3.0)
        one.wait("i.some((item) => item.kind === 'nod')")
        assert kinds(second) == kinds(server) == ["shift.add", "nod"]
        two.context.close()


def test_an_edit_whose_target_is_gone_is_named_and_applies_again_when_it_is_back(
    windows: Windows, server: Studio
) -> None:
    one, _ = windows
    one.change(lambda: server.told("targets/screen", {"place": [0.4, 0.0, 0.9]}, method="PUT"))
    one.api("setRange", [1.0, 2.5])
    one.change(lambda: one.click('[data-key="target screen"]'))
    one.wait("i.some((item) => item.kind === 'look')")
    there = one.api("gazeAt", 1.8)
    one.click('[data-key="remove target screen"]')
    for window in windows:
        window.wait("!i.some((item) => item.kind === 'look') && s.share === 1 && !s.planning")
        assert "Look at 1.00 s" in window.inner_text(".left-out")
        assert "no target 'screen'" in window.inner_text(".left-out")
    assert kinds(server) == ["look"]
    assert one.api("gazeAt", 1.8) != there
    server.told("targets/screen", {"place": [0.4, 0.0, 0.9]}, method="PUT")
    for window in windows:
        window.wait("i.some((item) => item.kind === 'look') && s.share === 1 && !s.planning")
        assert window.locator(".left-out").count() == 0
        assert window.api("gazeAt", 1.8) == there
