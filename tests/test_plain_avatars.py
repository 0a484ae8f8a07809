"""Avatars in several files or compressed become one plain GLB that says the same; nothing else is read."""

from __future__ import annotations

import base64
import copy
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from talkingeyes.avatar.compressed import DRACO, _draco_counts, decode_draco
from talkingeyes.avatar.geometry import read_values
from talkingeyes.avatar.gltf import Glb, dtype_of, width_of
from talkingeyes.avatar.load import open_avatar
from talkingeyes.avatar.plain import read_gltf
from talkingeyes.errors import FormatError, MissingExtraError
from talkingeyes.formats import save
from talkingeyes.formats.html_avatar import PageAvatar
from talkingeyes.motion import Motion
from tests.avatar_rigs import KINDS, build
from tests.test_glb import validations

SHARED = Path(__file__).parents[2] / "shared" / "data"
PIXEL = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=")


def rig() -> Glb:
    glb = build(KINDS["plain"])
    glb.document["buffers"] = [{"byteLength": len(glb.binary)}]
    return glb


def motion(frames: int = 5) -> Motion:
    eyes = np.linspace(-0.3, 0.3, frames * 4).reshape(frames, 2, 2)
    return Motion(fps=30, eyes_rad=eyes, head_rad=np.zeros((frames, 3)), lids=np.zeros((frames, 2)))


def meshopt_rig(extension: str, version: int) -> Glb:
    """The rig with every buffer view compressed; the buffer that it stands in for has no bytes."""
    meshopt = pytest.importorskip("meshopt", reason="the extra avatars is not installed")
    glb = rig()
    corners = {p["indices"] for m in glb.document["meshes"] for p in m["primitives"]}
    out = Glb(copy.deepcopy(glb.document))
    corner_views = {glb.document["accessors"][i]["bufferView"]: i for i in corners}
    body = bytearray()
    for index, view in enumerate(out.document["bufferViews"]):
        start, length = view.get("byteOffset", 0), view["byteLength"]
        content = np.frombuffer(bytes(glb.binary[start : start + length]), np.uint8)
        mode, stride = "ATTRIBUTES", view.get("byteStride", 4)
        if index in corner_views and length % 12 == 0 and version == 0:
            stride = dtype_of(glb.document["accessors"][corner_views[index]]["componentType"]).itemsize
            mode = "TRIANGLES" if length // stride % 3 == 0 else "INDICES"
        if length % stride:
            continue
        rows = content.view(np.uint16 if stride == 2 else np.uint32) if mode != "ATTRIBUTES" else None
        table = rows if rows is not None else content.reshape(-1, stride)
        coded = meshopt.encode_gltf_buffer(table, mode, version if mode == "ATTRIBUTES" else 0)
        entry = {"buffer": 0, "byteOffset": len(body), "byteLength": len(coded), "mode": mode, "byteStride": stride}
        view |= {"buffer": 1, "extensions": {extension: {**entry, "count": length // stride}}}
        body += coded + b"\0" * (-len(coded) % 4)
    for view in out.document["bufferViews"]:
        if "extensions" not in view:
            start = view.get("byteOffset", 0)
            view |= {"buffer": 0, "byteOffset": len(body)}
            body += glb.binary[start : start + view["byteLength"]] + b"\0" * (-view["byteLength"] % 4)
    out.binary = body
    stands_in = {"byteLength": len(glb.binary), "extensions": {extension: {"fallback": True}}}
    out.document["buffers"] = [{"byteLength": len(body)}, stands_in]
    out.document |= {"extensionsUsed": [extension], "extensionsRequired": [extension]}
    return out


def draco_rig() -> Glb:
    """The rig with every primitive without morph targets Draco-compressed."""
    draco = pytest.importorskip("DracoPy", reason="the extra avatars is not installed")
    glb = rig()
    for primitive in [p for m in glb.document["meshes"] for p in m["primitives"]]:
        if primitive.get("targets"):
            continue
        points = glb.read_accessor(primitive["attributes"]["POSITION"]).astype(np.float32)
        faces = glb.read_accessor(primitive["indices"]).reshape(-1, 3).astype(np.uint32)
        numbers = {"POSITION": 0, "JOINTS_0": 7, "WEIGHTS_0": 8}
        kept = {a: i for a, i in primitive["attributes"].items() if a in numbers}
        more = {numbers[a]: glb.read_accessor(i) for a, i in kept.items() if a != "POSITION"}
        coded = draco.encode(
            points, faces=faces, quantization_bits=20, preserve_order=True, generic_attributes=more or None
        )
        numbers["POSITION"] = next(a["unique_id"] for a in draco.decode(coded).attributes if a["attribute_type"] == 0)
        attributes = {a: numbers[a] for a in kept}
        primitive["extensions"] = {DRACO: {"bufferView": glb.add_view(coded), "attributes": attributes}}
        for index in (*kept.values(), primitive["indices"]):
            glb.document["accessors"][index].pop("bufferView", None)
            glb.document["accessors"][index].pop("byteOffset", None)
        primitive["attributes"] = kept
    glb.document |= {"extensionsUsed": [DRACO], "extensionsRequired": [DRACO]}
    return glb


def same(before: Glb, after: Glb, tolerance_m: float = 0.0) -> None:
    assert len(before.document["accessors"]) == len(after.document["accessors"])
    corners = {p["indices"] for m in before.document["meshes"] for p in m["primitives"]}
    for index in range(len(before.document["accessors"])):
        found, wanted = read_values(after, index), read_values(before, index)
        if index in corners:
            found, wanted = turned(found), turned(wanted)
        np.testing.assert_allclose(found, wanted, rtol=0, atol=tolerance_m)


def turned(corners: np.ndarray) -> np.ndarray:
    """Triangles that begin at their smallest corner: codecs keep their order and winding, not where they begin."""
    triangles = corners.reshape(-1, 3)
    first = triangles.argmin(axis=1)[:, None]
    return np.take_along_axis(triangles, (first + np.arange(3)) % 3, axis=1)


@pytest.mark.parametrize(("extension", "version"), [("EXT_meshopt_compression", 0), ("KHR_meshopt_compression", 1)])
def test_meshopt_views_hold_what_they_held_before(tmp_path: Path, extension: str, version: int):
    path = tmp_path / "small.glb"
    path.write_bytes(meshopt_rig(extension, version).to_bytes())
    read = read_gltf(path)
    same(rig(), read)
    assert "extensionsUsed" not in read.document
    assert "extensionsRequired" not in read.document
    assert len(read.document["buffers"]) == 1
    _, found = open_avatar(path)
    assert found.has("LeftEye")


def test_draco_primitives_hold_what_they_held_before(tmp_path: Path):
    path = tmp_path / "small.glb"
    path.write_bytes(draco_rig().to_bytes())
    read = read_gltf(path)
    same(rig(), read, 1e-5)
    assert "extensionsUsed" not in read.document
    assert not any(p.get("extensions") for m in read.document["meshes"] for p in m["primitives"])


def test_what_is_written_of_compressed_avatars_is_valid(tmp_path: Path):
    sources = {"draco": draco_rig(), "meshopt": meshopt_rig("EXT_meshopt_compression", 0), "plain": rig()}
    for name, glb in sources.items():
        (tmp_path / f"{name}.glb").write_bytes(glb.to_bytes())
        save(motion(), tmp_path / f"{name}.out.glb", avatar=tmp_path / f"{name}.glb")
    *compressed, before = validations([tmp_path / f"{name}.out.glb" for name in sources])
    for after in compressed:
        assert after["numErrors"] <= before["numErrors"], after["messages"][:3]
        assert after["numWarnings"] <= before["numWarnings"], after["messages"][:3]


def test_a_page_gets_the_plain_file(tmp_path: Path):
    path = tmp_path / "small.glb"
    path.write_bytes(meshopt_rig("EXT_meshopt_compression", 0).to_bytes())
    same(rig(), Glb.from_bytes(PageAvatar.of(path, None).content))


@pytest.mark.parametrize(("module", "make"), [("DracoPy", draco_rig), ("meshopt", None)])
def test_a_missing_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: str, make):
    path = tmp_path / "small.glb"
    path.write_bytes((make() if make else meshopt_rig("EXT_meshopt_compression", 0)).to_bytes())
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(MissingExtraError, match=r"^small\.glb: .*compressed meshes needs \w+: .*\[avatars\]") as caught:
        open_avatar(path)
    assert "\n" not in str(caught.value)


def test_plain_data_beside_compressed_ones_need_no_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    glb = draco_rig()
    whole = rig()
    whole.document["meshes"] = [
        {**m, "primitives": [{**p, **({"extensions": q["extensions"]} if "extensions" in q else {})}
                             for p, q in zip(m["primitives"], n["primitives"], strict=True)]}
        for m, n in zip(whole.document["meshes"], glb.document["meshes"], strict=True)
    ]  # fmt: skip
    whole.document["extensionsUsed"] = [DRACO]
    monkeypatch.setitem(sys.modules, "DracoPy", None)
    (tmp_path / "both.glb").write_bytes(whole.to_bytes())
    same(rig(), read_gltf(tmp_path / "both.glb"))


@pytest.mark.parametrize("kind", ["draco", "meshopt"])
def test_damaged_compressed_data_are_refused_in_one_line(tmp_path: Path, kind: str):
    glb = draco_rig() if kind == "draco" else meshopt_rig("EXT_meshopt_compression", 0)
    path, rng = tmp_path / "bad.glb", np.random.default_rng(5)
    for _ in range(30):
        spoilt = bytearray(glb.binary)
        for at in rng.integers(0, len(spoilt), 40):
            spoilt[at] = rng.integers(256)
        path.write_bytes(_with(glb.document, bytes(spoilt)))
        try:
            open_avatar(path)
        except FormatError as error:
            assert str(error).startswith("bad.glb")
            assert "\n" not in str(error)


@pytest.mark.parametrize("count", [10**9, -1, "x", 2.5])
def test_a_view_that_asks_for_too_much_is_refused_before_it_is_made(tmp_path: Path, count: Any):
    glb = meshopt_rig("EXT_meshopt_compression", 0)
    entry = next(v["extensions"] for v in glb.document["bufferViews"] if "extensions" in v)
    entry["EXT_meshopt_compression"]["count"] = count
    (tmp_path / "bad.glb").write_bytes(glb.to_bytes())
    with pytest.raises(FormatError, match=r"^bad\.glb: "):
        open_avatar(tmp_path / "bad.glb")


def test_a_draco_header_that_promises_too_much_is_refused():
    draco = pytest.importorskip("DracoPy", reason="the extra avatars is not installed")
    points = np.random.default_rng(1).random((5, 3), np.float32)
    faces = np.array([[0, 1, 2], [2, 3, 4]], np.uint32)
    for level in (0, 7):
        coded = draco.encode(points, faces=faces, compression_level=level, preserve_order=level == 0)
        assert sorted(_draco_counts(coded))[-1] <= 6
        at = 11 if level == 0 else 12
        spoilt = coded[:at] + b"\xff\xff\xff\xff\x0f" + coded[at + 1 :]
        with pytest.raises(FormatError, match="elements"):
            decode_draco(spoilt, "bad.glb")


def _with(document: dict[str, Any], binary: bytes) -> bytes:
    return Glb(copy.deepcopy(document), binary).to_bytes()


def spread(folder: Path, uri: str = "me%20too.bin", picture: str = "skin.png") -> Path:
    """The rig as .gltf with its buffer and a picture beside it."""
    glb = rig()
    glb.document["buffers"] = [{"byteLength": len(glb.binary), "uri": uri}]
    glb.document |= {"images": [{"uri": picture}], "textures": [{"source": 0}]}
    (folder / "me too.bin").write_bytes(bytes(glb.binary) + b"more")
    (folder / "skin.png").write_bytes(PIXEL)
    path = folder / "me.gltf"
    path.write_text(json.dumps(glb.document), encoding="utf-8-sig")
    return path


def test_a_gltf_with_its_files_beside_it_is_an_avatar(tmp_path: Path):
    path = spread(tmp_path)
    read = read_gltf(path)
    picture = read.document["images"][0]
    assert picture["mimeType"] == "image/png"
    view = read.document["bufferViews"][picture["bufferView"]]
    assert bytes(read.binary[view["byteOffset"] :][: view["byteLength"]]) == PIXEL
    same(rig(), read)
    save(motion(), tmp_path / "out.glb", avatar=path)
    assert open_avatar(tmp_path / "out.glb")[1].has("LeftEye")
    (found,) = validations([tmp_path / "out.glb"])
    assert found["numErrors"] == 0, found["messages"][:3]


def test_data_uris_are_read(tmp_path: Path):
    body = base64.b64encode(bytes(rig().binary)).decode()
    path = spread(tmp_path, f"data:application/octet-stream;base64,{body}")
    (tmp_path / "me too.bin").unlink()
    same(rig(), read_gltf(path))


@pytest.mark.parametrize(
    "uri",
    ["../secret.bin", "/etc/hostname", "%2e%2e/secret.bin", "file:///etc/hostname", "http://a.example/x.bin",
     "C:\\x.bin", "..\\secret.bin", "link.bin", "linked/secret.bin", "me%00too.bin", "missing.bin", ".", "",
     "data:,", "data:;base64,*", "data:", 5, None, "loop.bin", "x" * 5000],
)  # fmt: skip
def test_nothing_outside_the_folder_is_read(tmp_path: Path, uri: Any):
    folder = tmp_path / "in"
    folder.mkdir()
    (tmp_path / "secret.bin").write_bytes(bytes(rig().binary))
    (folder / "link.bin").symlink_to(tmp_path / "secret.bin")
    (folder / "linked").symlink_to(tmp_path)
    (folder / "loop.bin").symlink_to("loop.bin")
    inside = isinstance(uri, str) and uri.startswith("data:")
    for given in ("buffer",) if inside else ("buffer", "picture"):
        path = spread(folder, uri) if given == "buffer" else spread(folder, picture=uri)
        with pytest.raises(FormatError, match=r"^me\.gltf: ") as caught:
            open_avatar(path)
        assert "\n" not in str(caught.value)


def test_links_inside_the_folder_are_followed(tmp_path: Path):
    path = spread(tmp_path, "link.bin")
    (tmp_path / "link.bin").symlink_to("me too.bin")
    same(rig(), read_gltf(path))


@pytest.mark.shared
@pytest.mark.parametrize("name", ["vroid.glb", "Teacher_Naoki.glb"])
def test_compressed_avatars_of_the_web_are_read_and_written_valid(tmp_path: Path, name: str):
    path = SHARED / "avatars" / name
    if not path.exists():
        pytest.skip("the development data is not beside the checkout")
    pytest.importorskip("meshopt", reason="the extra avatars is not installed")
    pytest.importorskip("DracoPy", reason="the extra avatars is not installed")
    save(motion(), tmp_path / "out.glb", avatar=path)
    written = Glb.from_bytes((tmp_path / "out.glb").read_bytes())
    assert not {"KHR_draco_mesh_compression", "EXT_meshopt_compression"} & set(written.document["extensionsUsed"])
    assert all(width_of(a["type"]) for a in written.document["accessors"])
    before, after = validations([path, tmp_path / "out.glb"])
    assert after["numErrors"] == 0, after["messages"][:3]
    assert after["numWarnings"] <= before["numWarnings"]
