"""Puts the parts together: morphs, skin weights, colours, and the GLB with its bones."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.spatial import KDTree

from avatar import paint
from avatar.clothes import shirt
from avatar.ears import ear
from avatar.expressions import BROW_LEFT, control_morphs, friendly
from avatar.eyes import eye_parts
from avatar.form import ControlMesh, control_mesh
from avatar.hair import both_brows, brows, haircut, hidden_under
from avatar.lids import EYE_CENTRE, ROWS
from avatar.looks import Face, Look, widened
from avatar.mesh import Array, Part, joined, smoothstep, vertex_normals
from avatar.mouth import mouth_parts
from avatar.png import png_bytes
from avatar.sculptor import jaw_opened
from avatar.skin import Skin, build_skin
from talkingeyes.avatar.gltf import ARRAY_BUFFER, ELEMENT_ARRAY_BUFFER, Glb
from talkingeyes.rig import ARKIT_NAMES

BONES: dict[str, tuple[str | None, tuple[float, float, float]]] = {
    "Chest": (None, (0.0, -235.0, -105.0)),
    "Neck": ("Chest", (0.0, -138.0, -102.0)),
    "Head": ("Neck", (0.0, -52.0, -82.0)),
    "LeftEye": ("Head", (EYE_CENTRE[0], EYE_CENTRE[1], EYE_CENTRE[2])),
    "RightEye": ("Head", (-EYE_CENTRE[0], EYE_CENTRE[1], EYE_CENTRE[2])),
}
"""Bone -> parent and rest position (millimetres, model space); every rest rotation is the identity."""

MATERIALS: dict[str, dict[str, object]] = {
    "skin": {"roughnessFactor": 0.66},
    "eye": {"roughnessFactor": 0.14, "texture": "eye"},
    "cornea": {"roughnessFactor": 0.03, "baseColorFactor": [1.0, 1.0, 1.0, 0.06], "blend": True},
    "lid_shadow": {"roughnessFactor": 1.0, "texture": "shadow", "blend": True},
    "mouth": {"roughnessFactor": 0.55, "specular": 0.25},
    "lining": {"roughnessFactor": 1.0, "unlit": True},
    "hair": {"roughnessFactor": 0.78},
    "hair_strands": {"roughnessFactor": 0.88},
    "hair_fine": {"roughnessFactor": 0.7, "doubleSided": True},
    "cloth": {"roughnessFactor": 0.9},
}

FACE_PARTS = ("skin", "lining", "brows", "lashes", "mouth", "lid_shadows")
LINING_FROM_ROW = 2
OTHER_MESHES = (("Eyes", ("eyeballs", "corneas")), ("Hair", ("hair", "strands")), ("Clothes", ("shirt",)))
MORPH_TOLERANCE_MM = {"skin": 0.10, "lining": 0.3}
"""Displacements below this are dropped, by material; 0.15 elsewhere."""
NORMAL_TOLERANCE = 0.03
MORPHS_WITH_NORMALS = frozenset(
    n for n in ARKIT_NAMES if n.startswith(("eye", "jawOpen", "mouthSmile", "mouthFunnel", "mouthPucker", "cheekPuff"))
) - {"eyeLookInLeft", "eyeLookInRight", "eyeLookOutLeft", "eyeLookOutRight"}


def build_parts(look: Look) -> dict[str, Part]:
    """Every part of the avatar by name."""
    control = friendly(control_mesh(look.face))
    skin = build_skin(control)
    head = _skin_part(control, skin)
    normals = vertex_normals(head.positions, head.triangles)
    rim = skin.positions[skin.lid_grids[0][0]]
    parts = {**eye_parts(rim, look), "mouth": joined("mouth", mouth_parts())}
    parts["hair"], parts["strands"] = haircut(look.cut, look.hair)
    parts["shirt"] = shirt(look.cloth)
    parts["brows"] = both_brows(_brow_on(control, skin, head, normals, look))
    left_ear = ear()
    ears = joined("ears", [left_ear, left_ear.mirrored()])
    _paint(control, skin, head, ears, parts, look)
    face, parts["lining"] = _split_lining(skin, head, look)
    parts["skin"] = joined("skin", [face, ears])
    return {name: part if name == "shirt" else warped(part, look.face) for name, part in parts.items()}


def warped(part: Part, shape: Face) -> Part:
    """A finished part with the breadth and length of a face; morphs and normals turn with it."""
    moved = widened(part.positions, shape)
    if part.normals is not None:
        step = 0.05
        columns = [(widened(part.positions + step * axis, shape) - moved) / step for axis in np.eye(3)]
        turned = np.linalg.solve(np.stack(columns, axis=-1).swapaxes(1, 2), part.normals[..., None])[..., 0]
        part.normals = turned / np.linalg.norm(turned, axis=1, keepdims=True)
    part.morphs = {n: widened(part.positions + d, shape) - moved for n, d in part.morphs.items()}
    part.positions = moved
    return part


def _split_lining(skin: Skin, head: Part, look: Look) -> tuple[Part, Part]:
    """The mouth's inside as a part of its own: an unlit dark, which no lamp behind the head can reach."""
    inside = (skin.mouth_row[skin.triangles] >= LINING_FROM_ROW).all(axis=1)
    normals = vertex_normals(head.positions, head.triangles)
    covered = hidden_under(head.positions, look.cut)[skin.triangles].all(axis=1)
    face, lining = (_picked(head, skin.triangles[chosen], normals) for chosen in (~inside & ~covered, inside))
    lining.name, lining.material = "lining", "lining"
    row = skin.mouth_row[np.unique(skin.triangles[inside])]
    lining.colours = np.array((0.105, 0.019, 0.017)) * (0.38 + 0.62 * smoothstep(8, LINING_FROM_ROW, row))[:, None]
    return face, lining


def _picked(part: Part, triangles: Array, normals: Array) -> Part:
    """Some of a part's triangles with the vertices they use."""
    used = np.unique(triangles)
    return Part(
        part.name,
        part.material,
        part.positions[used],
        np.searchsorted(used, triangles),
        bones={b: w[used] for b, w in part.bones.items()},
        colours=None if part.colours is None else part.colours[used],
        morphs={m: d[used] for m, d in part.morphs.items()},
        normals=normals[used],
    )


def _skin_part(control: ControlMesh, skin: Skin) -> Part:
    part = Part("skin", "skin", skin.positions.copy(), skin.triangles)
    _press_nostrils(part)
    lining = skin.mouth_lower[:, None] > 0
    for name, delta in control_morphs(control).items():
        part.morphs[name] = skin.follow @ delta
    rows = np.where(skin.mouth_row >= 0, skin.mouth_lower, 0)
    part.morphs["jawOpen"] = part.morphs["jawOpen"] + np.where(lining, jaw_opened(skin.positions, rows), 0)
    for name, move in (("jawForward", (0, -0.8, 6.0)), ("jawLeft", (6.5, 0, -0.4)), ("jawRight", (-6.5, 0, -0.4))):
        part.morphs[name] = part.morphs[name] + rows[:, None] * move
    for name, delta in skin.lid_deltas.items():
        part.morphs[name] = part.morphs.get(name, 0) + delta
    p = skin.positions
    height = p[:, 1] + 0.8 * (p[:, 2] + 98.0)
    head = smoothstep(-152, -88, height)
    chest = smoothstep(-176, -215, p[:, 1])
    part.bones = {"Head": head * (1 - chest), "Neck": (1 - head) * (1 - chest), "Chest": chest}
    return part


def _press_nostrils(part: Part) -> None:
    """Hollow the nostrils."""
    for side in (1, -1):
        away = (part.positions - paint.NOSTRIL * (side, 1, 1)) / paint.NOSTRIL_SIZE
        depth = np.exp(-1.2 * (away**2).sum(axis=1))
        part.positions += depth[:, None] * np.array([0.0, 4.2, -1.2])


def _brow_on(control: ControlMesh, skin: Skin, head: Part, normals: Array, look: Look) -> Part:
    pairs = np.array(BROW_LEFT)
    low, high = control.positions[pairs[:, 0]], control.positions[pairs[:, 1]]
    front = np.flatnonzero((skin.lid_row < 0) & (skin.mouth_row < 0) & (head.positions[:, 2] > -60))
    centre = low * 0.62 + high * 0.38
    tall = np.array([3.6, 3.5, 3.1, 2.5, 1.6]) * look.brow_height
    part = brows(head.positions[front], normals[front], centre, tall, look.brow)
    distance, near = KDTree(head.positions[front]).query(part.positions, k=4)
    weight = 1 / (distance + 0.2) ** 2
    weight /= weight.sum(axis=1, keepdims=True)
    for name, delta in head.morphs.items():
        moved = (delta[front][near] * weight[..., None]).sum(axis=1)
        if np.abs(moved).max() > 0.1:
            part.morphs[name] = moved
    return part


def _paint(control: ControlMesh, skin: Skin, head: Part, ears: Part, parts: dict[str, Part], look: Look) -> None:
    """Vertex colours with occlusion by everything that does not move much."""
    solids = [head, ears, parts["hair"], parts["shirt"], parts["eyeballs"]]
    scene = joined("scene", solids)
    normals = np.concatenate([vertex_normals(s.positions, s.triangles) for s in solids])
    seen = paint.ambient_occlusion(scene.positions, normals, scene.triangles)
    lips = smoothstep(0.42, 0.80, skin.follow @ paint.lip_share(len(control.positions)))
    srgb = paint.skin_colours(skin, control.positions, lips, look)
    start = 0
    colours = []
    for solid in solids:
        colours.append(seen[start : start + len(solid.positions)])
        start += len(solid.positions)
    lid = (skin.lid_row >= 0) & (skin.lid_row <= ROWS)
    open_ = np.where(lid, np.maximum(colours[0], 0.55), colours[0])
    head.colours = paint.shaded(srgb, np.clip(open_ * 1.35, 0, 1))
    ear_srgb = np.tile(np.array(look.skin) * (0.985, 0.93, 0.91), (len(ears.positions), 1))
    ears.colours = paint.shaded(ear_srgb, np.clip(colours[1] * 1.3, 0, 1))
    for name, seen_part in (("hair", colours[2]), ("shirt", colours[3])):
        part = parts[name]
        assert part.colours is not None
        part.colours = part.colours * (0.58 + 0.42 * np.clip(seen_part * 1.2, 0, 1))[:, None]


@dataclass
class _Writer:
    """Writes parts into one GLB."""

    glb: Glb
    joints: list[str]
    look: Look

    def __post_init__(self) -> None:
        self.materials: dict[str, int] = {}
        self.textures: dict[str, int] = {}

    def material(self, name: str) -> int:
        if name not in self.materials:
            look = MATERIALS[name]
            pbr: dict[str, object] = {
                "metallicFactor": look.get("metallicFactor", 0.0),
                "roughnessFactor": look["roughnessFactor"],
            }
            if "texture" in look:
                pbr["baseColorTexture"] = {"index": self.texture(str(look["texture"]))}
            if "baseColorFactor" in look:
                pbr["baseColorFactor"] = look["baseColorFactor"]
            entry: dict[str, object] = {"name": name, "pbrMetallicRoughness": pbr}
            if look.get("blend"):
                entry["alphaMode"] = "BLEND"
            if "specular" in look:
                entry["extensions"] = {"KHR_materials_specular": {"specularFactor": look["specular"]}}
                self.use_extension("KHR_materials_specular")
            if look.get("unlit"):
                entry["extensions"] = {"KHR_materials_unlit": {}}
                self.use_extension("KHR_materials_unlit")
            if look.get("doubleSided"):
                entry["doubleSided"] = True
            self.materials[name] = self.glb.add("materials", entry)
        return self.materials[name]

    def use_extension(self, name: str) -> None:
        """Declare an extension (none of them is required to show the avatar)."""
        used = self.glb.document.setdefault("extensionsUsed", [])
        if name not in used:
            used.append(name)

    def texture(self, name: str) -> int:
        if name not in self.textures:
            pixels = paint.eye_texture(self.look) if name == "eye" else paint.shadow_texture()
            if "samplers" not in self.glb.document:
                self.glb.add("samplers", {"magFilter": 9729, "minFilter": 9987, "wrapS": 33071, "wrapT": 33071})
            view = self.glb.add_view(png_bytes(pixels))
            image = self.glb.add("images", {"name": name, "mimeType": "image/png", "bufferView": view})
            self.textures[name] = self.glb.add("textures", {"sampler": 0, "source": image})
        return self.textures[name]

    def primitive(self, part: Part, *, morphs: bool) -> dict[str, object]:
        glb, count = self.glb, len(part.positions)
        normals = part.normals if part.normals is not None else vertex_normals(part.positions, part.triangles)
        positions = metres(part.positions)
        attributes = {
            "POSITION": glb.add_accessor(positions, "VEC3", target=ARRAY_BUFFER, bounds=True),
            "NORMAL": glb.add_accessor(unit(normals), "VEC3", target=ARRAY_BUFFER),
        }
        if part.uv is not None:
            attributes["TEXCOORD_0"] = glb.add_accessor(part.uv.astype("<f4"), "VEC2", target=ARRAY_BUFFER)
        if part.colours is not None:
            rgba = np.concatenate([np.clip(part.colours, 0, 1), np.ones((count, 1))], axis=1)
            attributes["COLOR_0"] = glb.add_accessor(
                np.round(rgba * 255).astype("<u1"), "VEC4", target=ARRAY_BUFFER, normalized=True
            )
        joints, weights = self.skinning(part)
        attributes["JOINTS_0"] = glb.add_accessor(joints, "VEC4", target=ARRAY_BUFFER)
        attributes["WEIGHTS_0"] = glb.add_accessor(weights, "VEC4", target=ARRAY_BUFFER, normalized=True)
        index = part.triangles.astype("<u2").ravel()
        entry: dict[str, object] = {
            "attributes": attributes,
            "indices": glb.add_accessor(index, "SCALAR", target=ELEMENT_ARRAY_BUFFER),
            "material": self.material(part.material),
        }
        if morphs:
            entry["targets"] = self.targets(part, normals)
        return entry

    def skinning(self, part: Part) -> tuple[Array, Array]:
        """(V, 4) joint indices and weights in 255ths that sum to 255."""
        table = np.zeros((len(part.positions), len(self.joints)))
        for bone, weight in part.bones.items():
            table[:, self.joints.index(bone)] = weight
        order = np.argsort(-table, axis=1, kind="stable")[:, :4]
        weights = np.round(np.take_along_axis(table, order, axis=1) * 255).astype(int)
        weights[:, 0] += 255 - weights.sum(axis=1)
        joints = np.where(weights > 0, order, 0)
        return joints.astype("<u1"), weights.astype("<u1")

    def targets(self, part: Part, normals: Array) -> list[dict[str, int]]:
        """All 52 morph targets; untouched ones share one accessor of zeros."""
        zero = self.glb.add_sparse_accessor(np.zeros((len(part.positions), 3), "<f4"), "VEC3", bounds=True)
        tolerance = MORPH_TOLERANCE_MM.get(part.material, 0.15)
        out = []
        for name in ARKIT_NAMES:
            delta = part.morphs.get(name)
            if delta is None or np.abs(delta).max() <= tolerance:
                out.append({"POSITION": zero, "NORMAL": zero})
                continue
            position = self.glb.add_sparse_accessor(metres(delta), "VEC3", tolerance=tolerance / 1000, bounds=True)
            turned = zero
            if name in MORPHS_WITH_NORMALS and part.material in ("skin", "mouth"):
                change = unit(vertex_normals(part.positions + delta, part.triangles)) - unit(normals)
                turned = self.glb.add_sparse_accessor(change, "VEC3", tolerance=NORMAL_TOLERANCE)
            out.append({"POSITION": position, "NORMAL": turned})
        return out


def metres(millimetres: Array) -> Array:
    """Millimetres -> metres, rounded to the micrometre."""
    return np.round(millimetres / 1000.0, 6).astype("<f4")


def unit(normals: Array) -> Array:
    """Unit float32 vectors."""
    rounded = np.round(normals, 5)
    return (rounded / np.linalg.norm(rounded, axis=1, keepdims=True)).astype("<f4")


def write_glb(parts: dict[str, Part], look: Look, copyright_line: str) -> bytes:
    """The avatar as a GLB: one skin over five bones, one mesh with the 52 morph targets, and three without."""
    asset = {"version": "2.0", "generator": "talkingeyes scripts/build_avatar.py", "copyright": copyright_line}
    glb = Glb({"asset": asset, "scene": 0, "scenes": [{"name": "Avatar"}]})
    joints = list(BONES)
    nodes: list[dict[str, object]] = []
    for name, (parent, place) in BONES.items():
        origin = BONES[parent][1] if parent else (0.0, 0.0, 0.0)
        offset = np.round((np.array(place) - origin) / 1000.0, 6)
        nodes.append({"name": name, "translation": offset.tolist()})
        if parent:
            nodes[joints.index(parent)].setdefault("children", []).append(len(nodes) - 1)  # type: ignore[union-attr]
    inverse = np.tile(np.eye(4), (len(joints), 1, 1))
    for i, name in enumerate(joints):
        inverse[i, 3, :3] = -_world(nodes, joints, name)
    bind = glb.add_accessor(inverse.reshape(-1, 16).astype("<f4"), "MAT4")
    glb.add("skins", {"name": "Rig", "inverseBindMatrices": bind, "joints": list(range(len(joints))), "skeleton": 0})
    writer = _Writer(glb, joints, look)
    for mesh_name, names in (("Face", FACE_PARTS), *OTHER_MESHES):
        morphs = mesh_name == "Face"
        mesh: dict[str, object] = {
            "name": mesh_name,
            "primitives": [writer.primitive(parts[n], morphs=morphs) for n in names],
        }
        if morphs:
            mesh["weights"] = [0.0] * len(ARKIT_NAMES)
            mesh["extras"] = {"targetNames": list(ARKIT_NAMES)}
        nodes.append({"name": mesh_name, "mesh": glb.add("meshes", mesh), "skin": 0})
    glb.document["nodes"] = nodes
    glb.document["scenes"][0]["nodes"] = [0, *range(len(joints), len(nodes))]
    return glb.to_bytes()


def _world(nodes: list[dict[str, object]], joints: list[str], name: str) -> Array:
    """Rest position in model space, summed from the rounded node translations."""
    total, at = np.zeros(3), name
    while at is not None:
        total = total + np.array(nodes[joints.index(at)]["translation"])
        at = BONES[at][0]
    return total
