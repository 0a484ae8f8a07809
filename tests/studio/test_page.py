"""The studio's page in real Chromium on a real server: from a dropped recording to exported files."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scripts.chromium import browser, find_chromium

pytest.importorskip("starlette", reason="the studio's server is not installed; talkingeyes[studio] brings it")
pytest.importorskip("playwright", reason="the browser tests need the playwright package (extra dev)")

import talkingeyes as te
from tests.cli.recordings import spoken, write_wav
from tests.studio.opened import WAIT_MS, Opened
from tests.studio.serving import Studio, studio

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(find_chromium() is None, reason="no Chromium here (Debian: apt install chromium)"),
]
AXE = Path(__file__).parents[2] / "viewer" / "node_modules" / "axe-core" / "axe.min.js"
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    with browser("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream") as running:
        yield running


@pytest.fixture(scope="module")
def voice(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_wav(tmp_path_factory.mktemp("voice") / "voice.wav", spoken(5.0))


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    with studio(tmp_path_factory.mktemp("studio") / "My film") as running:
        yield running


LANE_Y = {"voice": 44.0, "gaze": 128.0, "blinks": 160.0, "head": 237.0}


@pytest.fixture(scope="module")
def page(chromium: Any, server: Studio, voice: Path) -> Iterator[Opened]:
    """A page with a recording and three takes, made as a newcomer would."""
    opened = Opened(chromium, server)
    assert "Drop a recording here" in opened.inner_text("#welcome")
    opened.set_input_files("#sound-file", str(voice))
    opened.wait_for_selector("#welcome .primary")
    opened.click("#welcome .primary")
    opened.wait("s.share === 1")
    yield opened
    assert [text for text in opened.problems if "WebGL" not in text and "GPU" not in text] == []
    opened.context.close()


@pytest.fixture
def fresh(page: Opened) -> Opened:
    """Its first take as it was made; whatever other tests did."""
    first = page.locator("#takes .take").first
    first.click()
    page.wait("s.share === 1")
    while page.locator("#takes .take").first.locator(".edited").count():
        page.change(lambda: page.click("#undo"))
    page.api("select", None)
    page.api("setRange", None)
    page.api("show", 0, 5)
    page.click("#tab-direct")
    page.mouse.move(5, 5)
    return page


def test_three_takes_are_there_and_differ(page: Opened, server: Studio) -> None:
    assert page.locator("#takes .take").count() == 3
    takes = server.told("project")["takes"]
    assert len({take["seed"] for take in takes.values()}) == 3


def test_a_glance_that_is_dragged_moves_and_undo_brings_it_back(fresh: Opened) -> None:
    items = [i for i in fresh.items if i["kind"] == "shift"]
    room = [min(i["to_s"] - i["from_s"], a["to_s"] - a["from_s"]) for a, i in pairwise(items)]
    wide = items[1 + int(np.argmax(room))]
    assert max(room) > 0.2
    x, y = fresh.place((wide["from_s"] + wide["to_s"]) / 2, LANE_Y["gaze"])

    def drag() -> None:
        fresh.mouse.move(x, y)
        fresh.mouse.down()
        fresh.keyboard.down("Alt")  # without snapping
        fresh.mouse.move(x + 10, y, steps=5)
        fresh.mouse.up()
        fresh.keyboard.up("Alt")

    fresh.change(drag)
    per_pixel = 5 / fresh.locator("#plots").bounding_box()["width"]
    moved = next(i for i in fresh.items if i["key"] == wide["key"])
    assert moved["from_s"] - wide["from_s"] == pytest.approx(10 * per_pixel, abs=2 * per_pixel)
    fresh.change(lambda: fresh.keyboard.press("Control+z"))
    assert next(i for i in fresh.items if i["key"] == wide["key"])["from_s"] == wide["from_s"]


def test_a_double_click_adds_a_blink_and_delete_takes_it_out(fresh: Opened) -> None:
    blinks = [i for i in fresh.items if i["kind"] == "blink"]
    free = next(
        t for t in np.arange(0.5, 4.5, 0.1) if all(t < b["from_s"] - 0.5 or t > b["to_s"] + 0.2 for b in blinks)
    )
    fresh.change(lambda: fresh.mouse.dblclick(*fresh.place(float(free), LANE_Y["blinks"])))
    fresh.wait("i.filter((one) => one.kind === 'blink').length === a", len(blinks) + 1)
    fresh.wait("s.selected !== undefined && s.selected.startsWith('blink@')")
    fresh.change(lambda: fresh.keyboard.press("Delete"))
    assert len([i for i in fresh.items if i["kind"] == "blink"]) == len(blinks)


def test_a_painted_range_is_rolled_again_and_the_rest_stays(fresh: Opened, server: Studio) -> None:
    before = [fresh.api("gazeAt", t) for t in (0.2, 4.8)]
    (x0, y), (x1, _) = fresh.place(1.5, LANE_Y["voice"]), fresh.place(3.5, LANE_Y["voice"])
    fresh.mouse.move(x0, y)
    fresh.mouse.down()
    fresh.mouse.move(x1, y, steps=4)
    fresh.mouse.up()
    fresh.wait("s.range !== undefined && Math.abs(s.range[0] - 1.5) < 0.1 && Math.abs(s.range[1] - 3.5) < 0.1")
    fresh.change(lambda: fresh.click('[data-key="reroll"]'))
    take = server.told("project")["takes"][fresh.state["take"]]
    assert [edit["do"] for edit in take["edits"]] == ["reroll"] and take["edits"][0]["channel"] == "gaze"
    assert [fresh.api("gazeAt", t) for t in (0.2, 4.8)] == before


def test_a_click_on_the_picture_is_where_the_eyes_look(fresh: Opened, server: Studio) -> None:
    box = fresh.locator(".seat canvas").bounding_box()
    fresh.api("setRange", [2.0, 3.2])
    fresh.change(lambda: fresh.mouse.click(box["x"] + 0.75 * box["width"], box["y"] + 0.5 * box["height"]))
    edit = server.told("project")["takes"][fresh.state["take"]]["edits"][-1]
    assert edit["do"] == "look" and edit["yaw_deg"] > 8, "right on the screen is the character's left"
    fresh.page.wait_for_function(
        "([yaw]) => Math.abs(window.talkingeyesStudio.gazeAt(2.6)[0] - yaw) < 0.5",
        arg=[edit["yaw_deg"]],
        timeout=WAIT_MS,
    )
    assert np.abs(np.subtract(fresh.api("gazeAt", 2.6), (edit["yaw_deg"], edit["pitch_deg"]))).max() < 0.5


def test_what_is_exported_looks_where_the_edit_asked(fresh: Opened, tmp_path: Path) -> None:
    fresh.api("seek", 1.0)
    fresh.change(lambda: fresh.keyboard.press("g"))
    fresh.wait("s.selected !== undefined && s.selected.startsWith('shift@')")
    for key, value in (("yaw", "17"), ("pitch", "-6"), ("lasts", "0.8")):
        field = fresh.locator(f'[data-key="{key}"]')
        field.fill(value)
        fresh.change(lambda field=field: field.press("Tab"))
    fresh.click("#tab-export")
    fresh.check('input[value="unity"]')
    fresh.wait_for_selector(".losses li")
    fresh.click('[data-key="export"]')
    fresh.wait_for_function("() => document.querySelectorAll('.files .file-link').length >= 2", timeout=WAIT_MS)
    kept = set()
    for link in fresh.locator(".files .file-link").all():
        with fresh.expect_download() as download:
            link.click()
        path = tmp_path / download.value.suggested_filename
        download.value.save_as(path)
        kept.add(path.suffix)
        if path.suffix not in (".glb", ".csv"):
            continue
        motion = te.load(path)
        gaze = np.degrees(motion.gaze_in_space_rad()[round(1.5 * motion.fps)])
        assert np.abs(gaze - (17, -6)).max() < 0.5, path.name
    assert kept >= {".glb", ".csv"}


def test_a_slider_shows_before_it_is_saved_and_can_be_reset(fresh: Opened, server: Studio) -> None:
    fresh.click("#tab-amounts")
    slider = fresh.locator('input[name="head_amount"]')
    with fresh.expect_response(lambda answer: answer.url.endswith("/preview")) as shown:
        fresh.change(lambda: slider.fill("1.8"))
    assert shown.value.status == 200
    take = fresh.state["take"]
    assert server.told("project")["takes"][take]["settings"]["head_amount"] == 1.8
    assert fresh.locator(".slider.changed input").get_attribute("name") == "head_amount"
    fresh.change(lambda: fresh.click('[data-key="reset head_amount"]'))
    assert "head_amount" not in server.told("project")["takes"][take]["settings"]
    fresh.change(lambda: fresh.click('[data-key="mood shy"]'))
    assert server.told("project")["takes"][take]["settings"]["mood"] == "shy"
    fresh.change(lambda: fresh.click('[data-key="mood neutral"]'))


def test_two_takes_stand_side_by_side(fresh: Opened) -> None:
    fresh.keyboard.press("v")
    fresh.wait("s.other !== undefined")
    fresh.wait_for_function("() => document.querySelectorAll('.seat canvas').length === 2")
    names = "() => [...document.querySelectorAll('.seat-name')].filter((one) => one.innerText).length === 2"
    fresh.wait_for_function(names)  # written as the next picture is drawn
    assert [text for text in fresh.locator(".seat-name").all_inner_texts() if text] == ["Take 1", "Take 2"]
    fresh.keyboard.press("v")
    fresh.wait_for_function("() => document.querySelectorAll('.seat canvas').length === 1")


def test_the_keyboard_alone_is_enough(fresh: Opened, server: Studio) -> None:
    press = fresh.keyboard.press
    fresh.evaluate("() => document.activeElement.blur()")
    press("Home")
    for _ in range(2):
        press("Shift+ArrowRight")
    fresh.wait("Math.abs(s.time - 2) < 0.02")
    for key in ("g", "n"):
        fresh.change(lambda key=key: press(key))
    fresh.wait("s.selected !== undefined && s.selected.startsWith('edit:')")
    for _ in range(2):
        fresh.change(lambda: press("Alt+ArrowRight"))
    edits = server.told("project")["takes"][fresh.state["take"]]["edits"]
    assert [e["do"] for e in edits] == ["shift.add", "nod"] and edits[1]["at_s"] > 2
    press("i")
    press("Shift+ArrowRight")
    press("o")
    fresh.wait("s.range !== undefined")
    fresh.change(lambda: press("r"))
    press("Escape")
    fresh.change(lambda: press("*"))
    assert server.told("project")["takes"][fresh.state["take"]]["starred"] is True
    fresh.change(lambda: press("*"))
    fresh.focus("#events .event")
    press("Enter")
    fresh.wait("s.selected !== undefined")
    press("?")
    assert fresh.locator("#help").is_visible()
    press("Escape")
    fresh.focus("#tab-direct")
    press("ArrowRight")
    assert fresh.get_attribute("#tab-amounts", "aria-selected") == "true"


def test_no_part_of_the_page_fails_axe(fresh: Opened) -> None:
    if not AXE.exists():
        pytest.skip("needs the viewer's packages (cd viewer && npm ci)")
    fresh.page.evaluate(AXE.read_text() + "; window.axe = axe;")  # past the page's own policy
    fresh.api("setRange", [1.0, 2.0])
    for theme in ("light", "dark"):
        for tab in ("direct", "amounts", "export"):
            fresh.click(f"#tab-{tab}")
            fresh.wait_for_timeout(150)
            found = fresh.page.evaluate("() => window.axe.run().then((r) => r.violations)")
            told = [(v["id"], node["target"], node.get("failureSummary")) for v in found for node in v["nodes"]]
            assert told == [], (theme, tab)
        fresh.click("#theme")


def test_a_phone_shows_everything_without_scrolling_sideways(chromium: Any, page: Opened, server: Studio) -> None:
    phone = Opened(chromium, server, "&theme=dark", **PHONE)
    phone.wait("s.share === 1")
    color = phone.evaluate("() => getComputedStyle(document.body).backgroundColor")
    assert sum(float(part) for part in color[4:-1].split(",")) / 3 < 64
    assert phone.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    for part in ("#play", "#takes", "#plots", "#tab-export", "#record", "#theme", "#undo"):
        box = phone.locator(part).bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= 390, part
    phone.context.close()


def test_names_are_text_whatever_they_hold(chromium: Any, page: Opened, server: Studio) -> None:
    hostile = '<img src=x onerror="document.title=1"> & <script>'
    sound = page.state["sound"]
    name = server.told("project")["sounds"][sound]["name"]
    page.change(lambda: server.told(f"sounds/{sound}", {"name": hostile}, method="PATCH"))
    page.wait_for_function("(name) => document.querySelector('.line-name').textContent === name", arg=hostile)
    assert page.locator("#lines img").count() == 0
    page.change(lambda: server.told(f"sounds/{sound}", {"name": name}, method="PATCH"))


def test_a_wrong_token_is_said(chromium: Any, server: Studio) -> None:
    context = chromium.new_context()
    page = context.new_page()
    page.goto(f"http://127.0.0.1:{server.port}/studio#token=wrong")
    page.wait_for_function("() => document.querySelector('#loading')?.textContent.includes('open the address')")
    context.close()


def test_the_microphone_becomes_a_recording(chromium: Any, page: Opened, server: Studio) -> None:
    before = set(server.told("project")["sounds"])
    page.click("#record")
    page.wait_for_function("() => document.querySelector('#record').textContent.startsWith('Stop')")
    page.wait_for_timeout(1500)
    page.change(lambda: page.click("#record"))
    (new,) = set(server.told("project")["sounds"]) - before
    assert server.told(f"sounds/{new}/speech")["duration_s"] > 0.5
    page.click('.line-open[data-key="line s1"]')


def test_a_server_that_was_killed_comes_back_with_everything(chromium: Any, voice: Path, tmp_path: Path) -> None:
    folder = tmp_path / "project"
    with studio(folder) as first:
        port, token = first.port, first.token
        opened = Opened(chromium, first, viewport={"width": 820, "height": 620})
        opened.set_input_files("#sound-file", str(voice))
        opened.wait_for_selector("#welcome .primary")
        first.stop(signal.SIGKILL)
        opened.wait("s.link === 'down'")
        assert "does not answer" in opened.inner_text("#link")
    with studio(folder) as second:
        assert (second.port, second.token) == (port, token)
        opened.wait("s.link === 'up' && s.sound !== undefined")
        assert opened.locator(".line").count() == 1
        opened.context.close()


def test_an_amount_of_a_long_take_shows_at_once_and_is_planned_in_a_job(chromium: Any, tmp_path: Path) -> None:
    folder = tmp_path / "long"
    folder.mkdir()
    write_wav(folder / "long.wav", spoken(24.0))
    (folder / "long.vtt").write_text("WEBVTT\n\n00:01.250 --> 00:02.000\nhello\n")
    with studio(folder) as server:
        opened = Opened(chromium, server, viewport={"width": 1280, "height": 800})
        opened.click("#welcome .primary")
        opened.wait("s.share === 1")
        opened.click("#tab-amounts")
        with opened.expect_response(lambda answer: answer.url.endswith("/preview")):
            opened.locator('input[name="eye_contact"]').fill("0.2")
        opened.wait("s.revision >= 5 && s.share === 1 && !s.planning")
        take = opened.state["take"]
        own = te.animate(folder / "long.wav", seed=0, eye_contact=0.2)
        gaze = np.degrees(own.gaze_in_space_rad())
        for time in (2.0, 12.0, 22.0):
            assert np.abs(gaze[round(30 * time)] - opened.api("gazeAt", time)).max() < 0.05
        assert server.told("project")["takes"][take]["settings"] == {"eye_contact": 0.2}
        assert [text for text in opened.problems if "WebGL" not in text and "GPU" not in text] == []
        opened.context.close()
