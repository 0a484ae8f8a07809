"""Preview videos: the rasteriser's properties, pictures that show the motion, and files in sync with their sound."""

from __future__ import annotations

import struct
import zlib
from dataclasses import replace
from importlib import resources
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from talkingeyes.audio.decode import MonoStream
from talkingeyes.avatar.gltf import Glb
from talkingeyes.avatar.load import open_avatar
from talkingeyes.avatar.looks import avatar_bytes
from talkingeyes.avatar.pose import avatar_rotations, target_weights
from talkingeyes.cli import main
from talkingeyes.errors import FormatError
from talkingeyes.formats import ExportJob, save, video, write
from talkingeyes.motion import Motion
from talkingeyes.preview.painter import Painter
from talkingeyes.preview.raster import NOTHING, corner_shares, cover
from talkingeyes.preview.scene import Scene
from tests.avatar_rigs import KINDS, build

SAMPLE = Path(str(resources.files("talkingeyes").joinpath("assets", "sample.opus")))
SIDE = 160


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(video, "PICTURE_PX", SIDE)


def still(eyes_deg=(0.0, 0.0), lids: float = 0.0, frames: int = 1, fps: float = 25.0) -> Motion:
    eyes = np.tile(np.radians(eyes_deg), (frames, 2, 1))
    return Motion(fps=fps, eyes_rad=eyes, lids=np.full((frames, 2), lids), head_rad=np.zeros((frames, 3)))


# ---------------------------------------------------------------- the rasteriser


def test_triangles_of_a_grid_cover_every_pixel_once():
    """No cracks and no pixel twice, for a grid of corners at arbitrary places."""
    rng = np.random.default_rng(0)
    count, side = 9, 40
    x, y = np.meshgrid(np.linspace(0, side, count), np.linspace(0, side, count))
    points = np.stack([x, y], axis=-1)
    points[1:-1, 1:-1] += rng.uniform(-1.5, 1.5, (count - 2, count - 2, 2))
    flat = points.reshape(-1, 2)
    corner = np.arange(count * count).reshape(count, count)
    a, b, c, d = corner[:-1, :-1], corner[:-1, 1:], corner[1:, 1:], corner[1:, :-1]
    faces = np.concatenate([np.stack([a, b, c], -1).reshape(-1, 3), np.stack([a, c, d], -1).reshape(-1, 3)])
    drawn = np.zeros((side, side), int)
    for face in faces:
        drawn += cover(flat[face][None], np.ones((1, 3)), (side, side)).triangle != NOTHING
    assert (drawn == 1).all()


def test_the_nearest_triangle_wins_and_values_are_linear_across_it():
    corners = np.array([[[2, 2], [60, 4], [8, 58]], [[0, 0], [64, 0], [0, 64]]], float)
    near = np.array([[2.0, 1.0, 1.0], [1.5, 1.5, 1.5]])
    covered = cover(corners, near, (64, 64))
    place, triangle, shares = corner_shares(covered)
    pixels = np.stack([place % 64, place // 64], axis=1) + 0.5
    at = np.einsum("nk,nkc->nc", shares, corners[triangle])
    np.testing.assert_allclose(at, pixels, atol=1e-3)
    depth = np.einsum("nk,nk->n", shares, near[triangle])
    np.testing.assert_allclose(covered.nearness.ravel()[place], depth, rtol=1e-4)
    first = cover(corners[:1], near[:1], (64, 64))
    assert (covered.triangle[first.nearness > 1.5001] == 0).all()
    assert set(np.unique(covered.triangle)) == {NOTHING, 0, 1}


def test_what_is_behind_the_camera_outside_or_without_area_is_not_drawn():
    corners = np.array([[[1, 1], [9, 1], [1, 9]], [[20, 20], [30, 20], [20, 30]], [[1, 1], [5, 5], [9, 9]]], float)
    near = np.array([[1.0, 0.0, 1.0], [1.0, 1.0, 1.0], [1.0, 1.0, 1.0]])
    assert (cover(corners, near, (10, 10)).triangle == NOTHING).all()


# ---------------------------------------------------------------- pictures


def drawn(motion: Motion, avatar: Path | None = None, closeness: float = 3.0) -> np.ndarray:
    glb, rig = open_avatar(avatar)
    painter = Painter(Scene.of(glb, rig, "avatar"), (SIDE, 2 * SIDE), closeness=closeness)
    turns = {
        rig.bones[role].node: rig.local_from_model(role, r)[0] for role, r in avatar_rotations(motion, rig).items()
    }
    return painter.picture(turns, {n: w[0] for n, w in target_weights(motion, rig).items()}).astype(float)


def blueness(picture: np.ndarray) -> np.ndarray:
    """Where the irises are: bluer than red, and not the grey around the head."""
    return (picture[..., 2] - picture[..., 0] > 15) & (picture.max(axis=-1) < 190)


def middle_of(mask: np.ndarray) -> np.ndarray:
    return np.array([np.mean(axis) for axis in np.nonzero(mask)][::-1])


def test_looking_left_is_to_the_right_in_the_picture_and_up_is_up():
    ahead, left, up = (middle_of(blueness(drawn(still(e)))) for e in ((0, 0), (20, 0), (0, 14)))
    assert left[0] - ahead[0] > 3
    assert abs(left[1] - ahead[1]) < 2
    assert up[1] - ahead[1] < -1


def test_a_blink_hides_the_eyes():
    assert blueness(drawn(still())).sum() > 100
    assert blueness(drawn(still(lids=1.0))).sum() == 0


@pytest.mark.parametrize("kind", ["vrm 0", "morphs only, other reach, no neck", "mirrored", "faces backwards, no vrm"])
def test_other_avatars_are_drawn_from_the_front(kind: str, tmp_path: Path):
    """Whatever their facing, scale and handedness: both irises are seen, and looking left moves them to the right."""
    (tmp_path / "in.glb").write_bytes(build(KINDS[kind]).to_bytes())
    ahead, left = (drawn(still(e), tmp_path / "in.glb", 2.0) for e in ((0, 0), (20, 0)))
    blue = [(p[..., 2] > 1.5 * p[..., 0]) & (p[..., 2] > 60) for p in (ahead, left)]
    assert blue[0].sum() > 50
    assert middle_of(blue[1])[0] - middle_of(blue[0])[0] > 1


def with_picture(content: bytes) -> bytes:
    """The built-in avatar with other bytes as the picture of its eyes."""
    glb = Glb.from_bytes(avatar_bytes())
    image = next(i for i in glb.document["images"] if i["name"] == "eye")
    image["bufferView"] = glb.add_view(content)
    return glb.to_bytes()


def png_of_size(width: int, height: int) -> bytes:
    """A PNG that claims a size and holds next to nothing."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 64)) + chunk(b"IEND", b"")


@pytest.mark.parametrize("content", [b"no picture", png_of_size(60_000, 60_000)], ids=["garbage", "claims 14 GB"])
def test_damaged_pictures_in_an_avatar_are_one_clear_error(content: bytes, tmp_path: Path):
    (tmp_path / "bad.glb").write_bytes(with_picture(content))
    with pytest.raises(FormatError, match=r"bad\.glb: picture 1 of the avatar is damaged"):
        save(still(), tmp_path / "out.mp4", avatar=tmp_path / "bad.glb")
    assert not (tmp_path / "out.mp4").exists()


def test_damaged_geometry_is_refused_or_drawn_but_never_crashes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Accessors, nodes and skins with wrong numbers: our own error, or a picture."""
    monkeypatch.setattr(video, "PICTURE_PX", 16)
    rng = np.random.default_rng(0)
    whole, refused = build(KINDS["random axes"]).to_bytes(), 0
    for trial in range(60):
        glb = Glb.from_bytes(whole)
        part = glb.document[str(rng.choice(["accessors", "bufferViews", "nodes", "skins", "meshes"]))]
        spoil(part[int(rng.integers(len(part)))], rng)
        (tmp_path / "bad.glb").write_bytes(glb.to_bytes())
        try:
            save(still(), tmp_path / f"{trial}.mp4", avatar=tmp_path / "bad.glb")
        except FormatError:
            refused += 1
    assert 10 < refused < 60


def spoil(entry: dict[str, Any], rng: np.random.Generator) -> None:
    """One number somewhere in it becomes another."""
    key = str(rng.choice(sorted(entry)))
    if isinstance(entry[key], dict):
        spoil(entry[key], rng)
    elif isinstance(entry[key], list) and entry[key]:
        place = int(rng.integers(len(entry[key])))
        if isinstance(entry[key][place], dict):
            spoil(entry[key][place], rng)
        else:
            entry[key][place] = int(rng.choice([0, 1, 7, 10_000]))
    else:
        entry[key] = int(rng.choice([0, 1, 3, 5121, 5126, 100_000]))


# ---------------------------------------------------------------- files


def pictures_of(path: Path) -> tuple[list[np.ndarray], list[float]]:
    with av.open(str(path)) as container:
        frames = list(container.decode(video=0))
    return [f.to_ndarray(format="rgb24") for f in frames], [float(f.time) for f in frames]


def moving(frames: int = 20) -> Motion:
    t = np.linspace(0, 1, frames)
    eyes = np.stack([np.stack([0.3 * np.sin(6 * t), 0 * t], axis=1)] * 2, axis=1)
    return Motion(fps=25, eyes_rad=eyes, lids=np.zeros((frames, 2)), head_rad=np.zeros((frames, 3)))


def test_frames_and_sound_are_in_their_places(tmp_path: Path):
    """One picture per frame at its time; the sound begins at t = 0 and ends with the pictures."""
    motion = moving()
    save(motion, tmp_path / "out.mp4", audio=SAMPLE)
    pictures, times = pictures_of(tmp_path / "out.mp4")
    np.testing.assert_allclose(times, motion.times_s, atol=1e-4)
    glb, rig = open_avatar(None)
    painter = Painter(Scene.of(glb, rig, "a"), (SIDE, SIDE), closeness=video.CLOSENESS)
    turns, weights = avatar_rotations(motion, rig), target_weights(motion, rig)
    for frame in (0, 7, 19):
        local = {rig.bones[r].node: rig.local_from_model(r, v)[frame] for r, v in turns.items()}
        own = painter.picture(local, {n: w[frame] for n, w in weights.items()})
        assert np.abs(own.astype(float) - pictures[frame]).mean() < 3
    rate = 16_000
    heard, said = (np.concatenate(list(MonoStream(p, rate))) for p in (tmp_path / "out.mp4", SAMPLE))
    assert len(heard) / rate == pytest.approx(motion.duration_s, abs=0.05)
    count = int(0.8 * rate)
    product = np.fft.irfft(np.fft.rfft(heard[:count], 2 * count) * np.conj(np.fft.rfft(said[:count], 2 * count)))
    offset = int(np.argmax(product))
    assert abs(offset if offset < count else offset - 2 * count) <= 8


def test_the_same_motion_gives_the_same_bytes(tmp_path: Path):
    for name in ("a", "b"):
        save(moving(4), tmp_path / f"{name}.mp4", audio=SAMPLE)
    assert (tmp_path / "a.mp4").read_bytes() == (tmp_path / "b.mp4").read_bytes()


def test_takes_and_own_avatars_and_silence(tmp_path: Path):
    (tmp_path / "me.glb").write_bytes(build(KINDS["plain"]).to_bytes())
    told: list[float] = []
    job = ExportJob((moving(3), moving(2)), avatar_path=tmp_path / "me.glb", progress=told.append)
    files = write(job, tmp_path / "two.mp4")
    assert [f.name for f in files] == ["two-1.mp4", "two-2.mp4"]
    assert [len(pictures_of(f)[0]) for f in files] == [3, 2]
    assert told[-1] == pytest.approx(1)
    with av.open(str(files[0])) as container:
        assert not container.streams.audio


def test_the_command_line_makes_previews(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    save(moving(3), tmp_path / "m.npz")
    assert main(["convert", str(tmp_path / "m.npz"), str(tmp_path / "m.mp4"), "--audio", str(SAMPLE)]) == 0
    with av.open(str(tmp_path / "m.mp4")) as container:
        assert container.streams.audio and container.streams.video[0].codec_context.name in ("h264", "mpeg4")
    assert main(["convert", str(tmp_path / "m.mp4"), str(tmp_path / "again.npz")]) == 2
    assert "cannot be read as motion" in capsys.readouterr().err


def test_long_motions_are_refused_before_any_work_and_fast_ones_slowed(tmp_path: Path):
    long = Motion(fps=1, lids=np.zeros((601, 2)))
    with pytest.raises(FormatError, match="at most 10 minutes"):
        save(long, tmp_path / "long.mp4")
    with pytest.raises(FormatError, match="nothing a video could show"):
        save(Motion(fps=25, head_pos_m=np.zeros((3, 3))), tmp_path / "nothing.mp4")
    assert not list(tmp_path.iterdir())
    save(replace(moving(6), fps=120.0), tmp_path / "fast.mp4")
    assert len(pictures_of(tmp_path / "fast.mp4")[0]) == 3


def test_cut_out_surfaces_hide_what_is_behind_them_pixel_by_pixel(tmp_path: Path):
    """A wall in front of both eyes, most of whose vertices are far behind them."""
    ahead, seen = Motion(fps=25, eyes_rad=np.zeros((2, 2, 2))), {}
    for mode in ("no wall", "MASK"):
        glb = build(KINDS["plain"])
        for material in glb.document["materials"]:
            material |= {"alphaMode": "MASK", "alphaCutoff": 0.5}
        if mode == "MASK":
            wall = [[x, y, 0.2] for x in (-0.1, 0.1) for y in (1.4, 1.7)] + [[0, 1.5, -1.0]] * 9
            primitive = {
                "attributes": {"POSITION": glb.add_accessor(np.array(wall, "<f4"), "VEC3", bounds=True)},
                "indices": glb.add_accessor(np.array([0, 2, 1, 1, 2, 3, 4, 5, 6], "<u2"), "SCALAR"),
                "material": next(i for i, m in enumerate(glb.document["materials"]) if m["name"] == "Head"),
            }
            node = glb.add("nodes", {"mesh": glb.add("meshes", {"primitives": [primitive]})})
            glb.document["scenes"][0]["nodes"].append(node)
        (tmp_path / "me.glb").write_bytes(glb.to_bytes())
        seen[mode] = int(blueness(drawn(ahead, tmp_path / "me.glb")).sum())
    assert seen["no wall"] > 50
    assert seen["MASK"] == 0
