"""What the page's file holds: motion that unpacks to what was packed, nothing foreign, no text that becomes code."""

from __future__ import annotations

import base64
import json
import re
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from talkingeyes.errors import FormatError
from talkingeyes.formats.html import ANGLE_STEP_RAD, COEFFICIENT_STEP, pack_motion, write_html
from talkingeyes.formats.job import ExportJob
from talkingeyes.motion import Motion
from talkingeyes.rig import FACE_NAMES

HOSTILE = "</title></script><script>window.pwned=1</script><img src=x onerror='pwned=1'>&amp;<!-- \u2028 ' \" \ud800"


def random_motion(frames: int = 90, fps: float = 30.0, seed: int = 0, **meta: Any) -> Motion:
    """Every channel different from every other, so that a swap shows."""
    rng = np.random.default_rng(seed)
    return Motion(
        fps=fps,
        head_rad=rng.uniform(-0.6, 0.6, (frames, 3)),
        eyes_rad=rng.uniform(-0.5, 0.5, (frames, 2, 2)),
        lids=rng.uniform(0, 1, (frames, 2)),
        face=rng.uniform(0, 1, (frames, len(FACE_NAMES))),
        face_names=FACE_NAMES,
        meta={"model": "random", "seed": seed, "role": "speaking", **meta},
    )


def unpack(table: list[dict[str, Any]], block: bytes, frames: int) -> dict[str, np.ndarray]:
    """The page's own decoding (viewer/src/payload.ts), written again."""
    planes = np.frombuffer(zlib.decompress(block), np.uint8).astype(np.int64).reshape(2, len(table), frames)
    coded = planes[0] | planes[1] << 8
    steps = np.cumsum((coded >> 1) ^ -(coded & 1), axis=1).astype(np.int16)
    return {channel["name"]: steps[i] * channel["step"] for i, channel in enumerate(table)}


def page_of(tmp_path: Path, *takes: Motion, title: str = "A title") -> str:
    target = tmp_path / "page.html"
    write_html(ExportJob(takes, title=title), target)
    return target.read_text("utf-8")


def data_of(page: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/json" id="te-data">(.*?)</script>', page)
    assert found
    return json.loads(found[1])


def test_packed_motion_unpacks_to_the_motion() -> None:
    motion = random_motion()
    values = unpack(*pack_motion(motion), motion.num_frames)
    assert motion.head_rad is not None and motion.eyes_rad is not None and motion.lids is not None
    for index, axis in enumerate(("Yaw", "Pitch", "Roll")):
        np.testing.assert_allclose(values[f"head{axis}"], motion.head_rad[:, index], atol=ANGLE_STEP_RAD)
    for side, name in enumerate(("left", "right")):
        np.testing.assert_allclose(values[f"{name}EyeYaw"], motion.eyes_rad[:, side, 0], atol=ANGLE_STEP_RAD)
        np.testing.assert_allclose(values[f"{name}EyePitch"], motion.eyes_rad[:, side, 1], atol=ANGLE_STEP_RAD)
        np.testing.assert_allclose(values[f"{name}Lid"], motion.lids[:, side], atol=COEFFICIENT_STEP)
    for name in FACE_NAMES:
        np.testing.assert_allclose(values[name], motion.coefficient(name), atol=COEFFICIENT_STEP)


def test_a_head_that_turned_round_is_wrapped() -> None:
    motion = Motion(fps=30, head_rad=np.linspace([-9.0, 0, 0], [9.0, 0, 0], 50))
    yaw = unpack(*pack_motion(motion), 50)["headYaw"]
    assert motion.head_rad is not None
    np.testing.assert_allclose(np.exp(1j * yaw), np.exp(1j * motion.head_rad[:, 0]), atol=2e-4)


def test_gaze_alone_moves_both_eyes() -> None:
    gaze = np.random.default_rng(1).uniform(-0.3, 0.3, (20, 2))
    values = unpack(*pack_motion(Motion(fps=90, gaze_rad=gaze)), 20)
    np.testing.assert_allclose(values["leftEyeYaw"], gaze[:, 0], atol=ANGLE_STEP_RAD)
    np.testing.assert_allclose(values["rightEyePitch"], gaze[:, 1], atol=ANGLE_STEP_RAD)


def test_a_motion_without_anything_to_show_is_refused() -> None:
    with pytest.raises(FormatError, match="nothing a page could show"):
        pack_motion(Motion(fps=30, head_pos_m=np.zeros((5, 3))))


def test_the_same_takes_give_the_same_bytes(tmp_path: Path) -> None:
    takes = (random_motion(seed=1), random_motion(seed=2))
    assert page_of(tmp_path, *takes) == page_of(tmp_path, *takes)


def test_the_page_asks_for_nothing_and_runs_only_its_own_script(tmp_path: Path) -> None:
    page = page_of(tmp_path, random_motion())
    found = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', page)
    assert found
    policy = {part.split()[0]: part.split()[1:] for part in found[1].split("; ")}
    assert policy["default-src"] == ["'none'"]
    assert policy["base-uri"] == policy["form-action"] == ["'none'"]
    for directive in ("script-src", "style-src"):
        assert all(re.fullmatch(r"'sha256-[A-Za-z0-9+/=]{44}'", source) for source in policy[directive])
    allowed = {
        source
        for name, sources in policy.items()
        if not name.endswith("-src") or name[:6] not in ("script", "style-")
        for source in sources
    }
    assert allowed <= {"'none'", "data:", "blob:"}
    markup = re.sub(r"<(script|style)\b[^>]*>.*?</\1>", "", page, flags=re.DOTALL)
    assert not re.search(r"(src|href)\s*=\s*[\"'](?!data:)", markup)


def test_no_text_of_a_user_becomes_markup(tmp_path: Path) -> None:
    hostile = random_motion(source={"name": HOSTILE}, **{HOSTILE: HOSTILE})
    page = page_of(tmp_path, hostile, title=HOSTILE)
    plain = page_of(tmp_path, random_motion())
    assert len(re.findall(r"<script", page)) == len(re.findall(r"<script", plain))
    assert "<img" not in page
    data = data_of(page)
    assert data["title"].startswith("</title></script><script>window.pwned=1</script><img")
    assert data["takes"][0]["provenance"]["source.name"] == data["title"]


def test_provenance_keeps_plain_entries_and_shortens_long_ones(tmp_path: Path) -> None:
    motion = random_motion(partner={"yaw_deg": 1.5, "deep": {"deeper": 1}}, note="x" * 9999, empty="", marks=[1, 2])
    provenance = data_of(page_of(tmp_path, motion))["takes"][0]["provenance"]
    assert provenance["partner.yaw_deg"] == "1.5"
    assert provenance["seed"] == "0"
    assert len(provenance["note"]) == 300
    assert not {"partner.deep", "empty", "marks"} & provenance.keys()


def test_an_hour_of_slow_motion_stays_small() -> None:
    frames = 108_000
    time_s = np.arange(frames) / 30
    head = np.stack([np.sin(time_s), np.cos(0.7 * time_s), np.sin(0.2 * time_s)], axis=1) * 0.1
    _, block = pack_motion(Motion(fps=30, head_rad=head, lids=np.zeros((frames, 2))))
    assert len(block) < 6 * frames


def test_the_avatar_arrives_whole(tmp_path: Path) -> None:
    found = re.search(r'id="te-avatar">([A-Za-z0-9+/=]+)</script>', page_of(tmp_path, random_motion()))
    assert found
    assert zlib.decompress(base64.b64decode(found[1]))[:4] == b"glTF"
