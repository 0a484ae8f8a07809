"""An avatar as arrays that can be posed and drawn: morph targets, then linear blend skinning, as glTF says."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.avatar.geometry import read_values
from talkingeyes.avatar.gltf import Glb, reading
from talkingeyes.avatar.nodes import Nodes, decompose
from talkingeyes.avatar.rig import AvatarRig
from talkingeyes.errors import FormatError

Array = NDArray[Any]
MAX_TRIANGLES = 2_000_000
_TEXTURE_SIDE, _LARGEST_PICTURE_PX = 1024, 8192 * 8192


@dataclass(frozen=True)
class Finish:
    """What a surface looks like, from its glTF material.

    Attributes:
        name: of the material, lower case.
        colour: (4,) linear base colour and opacity.
        texture: (H, W, 4) linear colour and opacity, or None.
        roughness: 0 mirror .. 1 matt.
        blends: whether it is seen through.
        cutoff: opacity below which nothing is drawn; 0 draws all.
        two_sided: whether its back is drawn.
        unlit: whether its colour is shown as it is.
    """

    name: str
    colour: Array
    texture: Array | None
    roughness: float
    blends: bool
    cutoff: float
    two_sided: bool
    unlit: bool


@dataclass(frozen=True)
class Surface:
    """One primitive at a node.

    Attributes:
        node: the node that shows it.
        skin: its skin, or None.
        positions, normals: (V, 3) at rest in the mesh's own space.
        triangles: (F, 3).
        colours: (V, 3) linear factors of the vertices, or None.
        uv: (V, 2), or None.
        joints, weights: (V, 4) of the skin.
        targets: morph target -> (rows, (R, 3) positions, (R, 3) normals or None) that it adds.
        finish: its material.
    """

    node: int
    skin: int | None
    positions: Array
    normals: Array
    triangles: Array
    colours: Array | None
    uv: Array | None
    joints: Array | None
    weights: Array | None
    targets: Mapping[int, tuple[Array, Array, Array | None]]
    finish: Finish


@dataclass
class Scene:
    """All surfaces of an avatar, and what is needed to pose them."""

    nodes: Nodes
    rig: AvatarRig
    surfaces: list[Surface]
    skins: list[tuple[list[int], Array]]
    _own: list[tuple[Array, Array, Array]] = field(default_factory=list)

    @classmethod
    def of(cls, glb: Glb, rig: AvatarRig, name: str) -> Scene:
        """Read an avatar.

        Raises:
            FormatError: the geometry cannot be read, is too much, or a picture in it is damaged.
        """
        with reading(name):
            nodes = Nodes.of(glb.document, name)
            finishes = _finishes(glb)
            surfaces = [
                _surface(glb, index, node, primitive, finishes)
                for index, node in enumerate(nodes.entries)
                if "mesh" in node
                for primitive in glb.document["meshes"][node["mesh"]]["primitives"]
                if primitive.get("mode", 4) == 4 and "POSITION" in primitive.get("attributes", {})
            ]
            count = sum(len(s.triangles) for s in surfaces)
            if not 0 < count <= MAX_TRIANGLES:
                raise FormatError(f"{name}: {count} triangles; 1 to {MAX_TRIANGLES} can be drawn")
            skins = [_skin(glb, skin) for skin in glb.document.get("skins", [])]
            return cls(nodes, rig, surfaces, skins, [decompose(n) for n in nodes.entries])

    def world(self, rotations: Mapping[int, Array]) -> Array:
        """(N, 4, 4) transforms of all nodes, with the rotations of some replaced: node -> (3, 3)."""
        out = self.nodes.world.copy()
        if not rotations:
            return out
        changed: set[int] = set()
        for index in _downwards(self.nodes.parents):
            parent = self.nodes.parents[index]
            if index not in rotations and parent not in changed:
                continue
            changed.add(index)
            translation, own, scale = self._own[index]
            local = np.eye(4)
            local[:3, :3], local[:3, 3] = rotations.get(index, own) * scale, translation
            out[index] = local if parent is None else out[parent] @ local
        return out

    def posed(self, surface: Surface, weights: Mapping[int, Array], world: Array) -> tuple[Array, Array]:
        """(V, 3) positions and normals in model space.

        Args:
            surface: one of ours.
            weights: node -> (targets,) weights.
            world: as `world` gives it.
        """
        positions, normals = surface.positions, surface.normals
        active = weights.get(surface.node)
        moving = [i for i in surface.targets if active is not None and active[i] != 0.0]
        if moving:
            assert active is not None
            positions, normals = positions.copy(), normals.copy()
            for index in moving:
                rows, place, turn = surface.targets[index]
                positions[rows] += np.float32(active[index]) * place
                if turn is not None:
                    normals[rows] += np.float32(active[index]) * turn
        if surface.skin is None or surface.joints is None or surface.weights is None:
            matrix = world[surface.node]
            return _transformed(positions, normals, np.broadcast_to(matrix, (1, 4, 4)), None)
        joints, inverse = self.skins[surface.skin]
        matrices = (world[joints] @ inverse).astype(np.float32)
        blended = (surface.weights[:, :, None] * matrices[:, :3].reshape(-1, 12)[surface.joints]).sum(axis=1)
        return _transformed(positions, normals, None, blended.reshape(-1, 3, 4))


def _transformed(positions: Array, normals: Array, one: Array | None, each: Array | None) -> tuple[Array, Array]:
    if each is not None:
        out = np.einsum("vij,vj->vi", each[:, :, :3], positions) + each[:, :, 3]
        turned = np.einsum("vij,vj->vi", each[:, :, :3], normals)
    else:
        assert one is not None
        matrix = one[0].astype(np.float32)
        out = positions @ matrix[:3, :3].T + matrix[:3, 3]
        turned = normals @ np.linalg.inv(one[0][:3, :3] + 1e-12 * np.eye(3)).astype(np.float32)
    length = np.linalg.norm(turned, axis=1, keepdims=True)
    return out, turned / np.maximum(length, 1e-12)


def _downwards(parents: tuple[int | None, ...]) -> list[int]:
    """Node numbers, parents before children."""
    children: dict[int | None, list[int]] = {}
    for index, parent in enumerate(parents):
        children.setdefault(parent, []).append(index)
    order = list(children.get(None, []))
    for index in order:
        order.extend(children.get(index, []))
    return order


def _surface(glb: Glb, index: int, node: dict[str, Any], primitive: dict[str, Any], finishes: list[Finish]) -> Surface:
    attributes = primitive["attributes"]
    positions = read_values(glb, attributes["POSITION"]).astype(np.float32)
    if "indices" in primitive:
        corners = glb.read_accessor(primitive["indices"]).astype(np.int64)
    else:
        corners = np.arange(len(positions))
    triangles = corners[: len(corners) // 3 * 3].reshape(-1, 3)
    if len(triangles) and triangles.max() >= len(positions):
        raise FormatError("a triangle names a vertex that does not exist")
    skin = node.get("skin")
    if skin is not None and "JOINTS_0" in attributes:
        most = int(glb.read_accessor(attributes["JOINTS_0"]).max(initial=0))
        if most >= len(glb.document["skins"][skin]["joints"]):
            raise FormatError("a vertex names a joint that does not exist")
    normals = (
        read_values(glb, attributes["NORMAL"]).astype(np.float32)
        if "NORMAL" in attributes
        else _flat_normals(positions, triangles)
    )
    skinned = "skin" in node and {"JOINTS_0", "WEIGHTS_0"} <= attributes.keys()
    weights = read_values(glb, attributes["WEIGHTS_0"]).astype(np.float32) if skinned else None
    if weights is not None:
        weights /= np.maximum(weights.sum(axis=1, keepdims=True), 1e-6)
    colours = read_values(glb, attributes["COLOR_0"])[:, :3].astype(np.float32) if "COLOR_0" in attributes else None
    return _checked(
        Surface(
            index,
            node["skin"] if skinned else None,
            positions,
            normals,
            triangles,
            colours,
            read_values(glb, attributes["TEXCOORD_0"]).astype(np.float32) if "TEXCOORD_0" in attributes else None,
            glb.read_accessor(attributes["JOINTS_0"]).astype(np.int64) if skinned else None,
            weights,
            dict(_targets(glb, primitive, positions.shape)),
            finishes[primitive.get("material", len(finishes) - 1)],
        )
    )


def _checked(surface: Surface) -> Surface:
    """The surface, if all its tables fit each other.

    Raises:
        FormatError: they do not.
    """
    count = len(surface.positions)
    each = (surface.normals, surface.joints, surface.weights, surface.colours, surface.uv)
    lengths = [len(table) for table in each if table is not None]
    if any(length != count for length in lengths) or not all(np.isfinite(t).all() for t in each if t is not None):
        raise FormatError("the tables of a mesh differ in length or hold NaN")
    if not np.isfinite(surface.positions).all():
        raise FormatError("a mesh has vertices at NaN or infinity")
    return surface


def _targets(glb: Glb, primitive: dict[str, Any], shape: tuple[int, ...]) -> Any:
    for index, target in enumerate(primitive.get("targets", [])):
        if "POSITION" not in target:
            continue
        place = read_values(glb, target["POSITION"]).astype(np.float32)
        turn = read_values(glb, target["NORMAL"]).astype(np.float32) if "NORMAL" in target else None
        if place.shape != shape or (turn is not None and turn.shape != shape) or not np.isfinite(place).all():
            raise FormatError("a morph target does not fit its mesh")
        rows = np.flatnonzero(np.abs(place).max(axis=1) > 0)
        if len(rows):
            yield index, (rows, place[rows], turn[rows] if turn is not None else None)


def _flat_normals(positions: Array, triangles: Array) -> Array:
    a, b, c = (positions[triangles[:, i]] for i in range(3))
    out = np.zeros_like(positions)
    for corner in range(3):
        np.add.at(out, triangles[:, corner], np.cross(b - a, c - a))
    return out / np.maximum(np.linalg.norm(out, axis=1, keepdims=True), 1e-12)


def _skin(glb: Glb, skin: dict[str, Any]) -> tuple[list[int], Array]:
    joints = [int(j) for j in skin["joints"]]
    if not joints or not 0 <= min(joints) <= max(joints) < len(glb.document["nodes"]):
        raise FormatError("a skin names a joint that does not exist")
    inverse = np.tile(np.eye(4), (len(joints), 1, 1))
    if "inverseBindMatrices" in skin:
        inverse = glb.read_accessor(skin["inverseBindMatrices"]).reshape(-1, 4, 4).swapaxes(1, 2).astype(float)
    if len(inverse) < len(joints) or not np.isfinite(inverse).all():
        raise FormatError("a skin lacks inverse bind matrices")
    return joints, inverse[: len(joints)]


def _finishes(glb: Glb) -> list[Finish]:
    """One per material, and the one of surfaces that name none."""
    pictures: dict[int, Array | None] = {}
    return [_finish(glb, m, pictures) for m in [*glb.document.get("materials", []), {"name": ""}]]


def _finish(glb: Glb, material: dict[str, Any], pictures: dict[int, Array | None]) -> Finish:
    surface = material.get("pbrMetallicRoughness", {})
    texture = None
    if "baseColorTexture" in surface:
        source = _picture_of(glb.document["textures"][surface["baseColorTexture"]["index"]])
        if source is not None:
            if source not in pictures:
                pictures[source] = _picture(glb, source)
            texture = pictures[source]
    mode = material.get("alphaMode", "OPAQUE")
    return Finish(
        str(material.get("name", "")).lower(),
        np.array(surface.get("baseColorFactor", (1.0, 1.0, 1.0, 1.0)), np.float32).reshape(4),
        texture,
        float(surface.get("roughnessFactor", 1.0)),
        mode == "BLEND",
        float(material.get("alphaCutoff", 0.5)) if mode == "MASK" else 0.0,
        bool(material.get("doubleSided", False)),
        bool({"KHR_materials_unlit", "VRMC_materials_mtoon"} & set(material.get("extensions", {}))),
    )


def _picture_of(texture: dict[str, Any]) -> int | None:
    webp = texture.get("extensions", {}).get("EXT_texture_webp", {})
    return texture.get("source", webp.get("source"))


def _picture(glb: Glb, index: int) -> Array | None:
    """(H, W, 4) linear colour; None where it is of a kind that cannot be decoded here."""
    import av
    from av.error import FFmpegError

    image = glb.document["images"][index]
    if "bufferView" not in image:
        return None
    view = glb.document["bufferViews"][image["bufferView"]]
    start = view.get("byteOffset", 0)
    content = bytes(glb.binary[start : start + view["byteLength"]])
    formats = {"image/png": "png_pipe", "image/jpeg": "jpeg_pipe", "image/webp": "webp_pipe"}
    form = formats.get(image.get("mimeType", ""))
    if form is None:
        return None
    try:
        with av.open(io.BytesIO(content), "r", format=form) as container:
            if not container.streams.video or container.streams.video[0].codec_context is None:
                raise ValueError("no picture")
            container.streams.video[0].codec_context.options = {"max_pixels": str(_LARGEST_PICTURE_PX)}
            frame = next(container.decode(video=0))
            shrink = max(1.0, max(frame.width, frame.height) / _TEXTURE_SIDE)
            size = {"width": max(1, round(frame.width / shrink)), "height": max(1, round(frame.height / shrink))}
            pixels = frame.reformat(format="rgba", **size).to_ndarray()  # type: ignore[union-attr]
    except (FFmpegError, StopIteration, ValueError) as error:
        raise FormatError(f"picture {index} of the avatar is damaged ({str(error)[:60]})") from None
    out = pixels.astype(np.float32) / 255
    out[..., :3] = linear(out[..., :3])
    return out


def linear(srgb: Array) -> Array:
    """SRGB 0..1 -> linear light (IEC 61966-2-1)."""
    return np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4).astype(np.float32)


def sampled(texture: Array, uv: Array) -> Array:
    """(N, 4) bilinear, repeating."""
    height, width = texture.shape[:2]
    texels = texture.reshape(-1, texture.shape[2])
    x, y = uv[:, 0] * width - 0.5, uv[:, 1] * height - 0.5
    left, top = np.floor(x).astype(np.int64), np.floor(y).astype(np.int64)
    across, down = (x - left)[:, None], (y - top)[:, None]
    rows, columns = (top % height * width, (top + 1) % height * width), (left % width, (left + 1) % width)
    upper = texels.take(rows[0] + columns[0], axis=0) * (1 - across)
    upper += texels.take(rows[0] + columns[1], axis=0) * across
    lower = texels.take(rows[1] + columns[0], axis=0) * (1 - across)
    lower += texels.take(rows[1] + columns[1], axis=0) * across
    return upper * (1 - down) + lower * down
