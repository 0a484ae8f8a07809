"""What a glTF avatar offers to a motion: bones with rest frames, morph targets, facing, and what turns the eyes."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.avatar import names
from talkingeyes.avatar.eye_range import EyeRange
from talkingeyes.avatar.eye_rig import eyes_of, head_places, textured_expressions
from talkingeyes.avatar.eyeballs import LOOKS, Eyeball, LidShapes, lid_share
from talkingeyes.avatar.eyes import SIDES, Eye, plan_eyes
from talkingeyes.avatar.geometry import check_meshes, moved_nodes, pieces
from talkingeyes.avatar.gltf import Glb, reading
from talkingeyes.avatar.mapping import FACINGS, RigMapping
from talkingeyes.avatar.morphs import MorphMesh, bind, by_mapping, morph_meshes
from talkingeyes.avatar.nodes import Nodes
from talkingeyes.errors import FormatError
from talkingeyes.rig import EYE_LOOK_UP_DOWN_RAD, LID_FOLLOWS_GAZE_PER_RAD
from talkingeyes.rotations import matrix_from_ypr
from talkingeyes.wording import quoted

Array = NDArray[Any]
BONE_ROLES = names.BONE_ROLES
EYES = ("LeftEye", "RightEye")
_NOTHING = RigMapping("")


@dataclass(frozen=True)
class Bone:
    """A bone of the avatar.

    Attributes:
        node: index of its glTF node.
        rest: (3, 3) its own rest rotation in model space (reflected where an ancestor is mirrored).
        parent_rest: (3, 3) its parent's.
        above: the role of the nearest bone above it that a motion turns; None where there is none.
    """

    node: int
    rest: Array
    parent_rest: Array
    above: str | None = None


@dataclass(frozen=True)
class AvatarRig:
    """What was found.

    Attributes:
        bones: role (one of `BONE_ROLES`) -> bone.
        morphs: meshes with a target that is driven, or that is kept at rest (`resting`).
        facing_rad: how far the face is turned about +Y away from +Z in the file (VRM 0.x: pi).
        eye_bones_turn: whether the eye bones turn the eyes (they exist, move something, and no mapping says otherwise).
        eye_looks: whether eyeLook targets are driven.
        eyeballs: side -> eye that eyeLook targets turn, where the targets must aim it.
        lid_follows_gaze_per_rad: closure per radian of downward gaze that eyeLookDown shows; 0 where it is not driven.
        source: how the bones were found, for people.
        eyes: side -> eye as measured on the mesh.
        eye_range: how far the eyes turn; None: as far as the motion does.
        eye_shares: side -> share of the iris that its bone carries, where that is not all of it.
        resting: (node, target) -> recipe of eyeLook targets that stay at rest, because bones turn those eyes already.
        head_moves: whether the head's or the neck's bone moves something that is drawn.
        places_m: (2, 3) left and right eye in model space at rest; where there are none, where a head would have them.
        by_texture: ``"look"``, ``"blink"``, ``"mouth"``: what VRM expressions show by moving or tinting textures alone.
    """

    bones: dict[str, Bone]
    morphs: tuple[MorphMesh, ...]
    facing_rad: float = 0.0
    eye_bones_turn: bool = True
    eye_looks: bool = True
    eyeballs: Mapping[str, Eyeball] = field(default_factory=dict)
    lid_follows_gaze_per_rad: float = LID_FOLLOWS_GAZE_PER_RAD
    source: str = "names"
    eyes: Mapping[str, Eye] = field(default_factory=dict)
    eye_range: EyeRange | None = None
    eye_shares: Mapping[str, float] = field(default_factory=dict)
    resting: Mapping[tuple[int, int], names.Recipe] = field(default_factory=dict)
    head_moves: bool = True
    places_m: Array | None = None
    by_texture: frozenset[str] = frozenset()

    def has(self, role: str) -> bool:
        """Whether the avatar has this bone."""
        return role in self.bones

    def drives(self, coefficient: str) -> bool:
        """Whether a target shows this coefficient."""
        return any(n == coefficient for m in self.morphs for recipe in m.recipes.values() for n, _ in recipe)

    def local_from_model(self, role: str, rotation: Array) -> Array:
        """Local rotations of a bone that turn it by ``rotation``, given in the character's axes over the bone above it.

        ``local = P^-1 R G`` with P and G the parent's and the bone's rest rotations (docs/conventions.md, "glTF").
        """
        bone, facing = self.bones[role], matrix_from_ypr([self.facing_rad, 0.0, 0.0])
        return bone.parent_rest.T @ (facing @ rotation @ facing.T) @ bone.rest

    def model_from_local(self, role: str, local: Array) -> Array:
        """Inverse of `local_from_model`."""
        bone, facing = self.bones[role], matrix_from_ypr([self.facing_rad, 0.0, 0.0])
        return facing.T @ (bone.parent_rest @ local @ bone.rest.T) @ facing


def find_rig(glb: Glb, name: str, mapping: RigMapping | None = None) -> AvatarRig:
    """Find bones by mapping, VRM humanoid table or name, morph targets by mapping, name or VRM expression.

    Raises:
        FormatError: the node graph is no tree, the geometry cannot be read, the mapping names what is not there, or
            nothing of the avatar could show a motion.
    """
    mapping = mapping or _NOTHING
    with reading(name):
        nodes = Nodes.of(glb.document, name)
        check_meshes(glb.document, nodes, name)
        found = _find(glb, nodes, mapping)
    if not (found.eye_bones_turn or found.head_moves or found.morphs):
        raise FormatError(_nothing_moves(glb, nodes, name, found))
    return found


def _nothing_moves(glb: Glb, nodes: Nodes, name: str, found: AvatarRig) -> str:
    bones = [nodes.label(i) for i in range(min(len(nodes.entries), 8))]
    targets = [t for m in morph_meshes(glb.document, nodes) for t in m.names if t][:6]
    still = "a static mesh without bones or morph targets; " if not glb.document.get("skins") and not targets else ""
    idle = "bones of head and eyes that move nothing; " if found.bones else ""
    return (
        f"{name}: nothing to animate, neither eyes nor head nor mouth ({still}{idle}looked for bones Head, LeftEye and "
        "RightEye, eye.L, J_Adj_L_FaceEye, .. and for ARKit, VRM or Ready Player Me morph targets): "
        f"found nodes {', '.join(bones) or 'none'} and morph targets {', '.join(targets) or 'none'}; "
        "name them in a mapping (talkingeyes rig)"
    )


def _find(glb: Glb, nodes: Nodes, mapping: RigMapping) -> AvatarRig:
    chosen, source = _choose_bones(glb, nodes, mapping)
    meshes = morph_meshes(glb.document, nodes)
    morphs = bind(glb.document, meshes) if mapping.morphs is None else by_mapping(meshes, mapping.morphs, mapping.where)
    facing_rad = _facing_rad(glb.document, nodes, chosen, mapping)
    rig = AvatarRig(_bones(nodes, chosen), morphs, facing_rad, source=source)
    return _settle_eyes(glb, nodes, rig, mapping)


def _choose_bones(glb: Glb, nodes: Nodes, mapping: RigMapping) -> tuple[dict[str, int], str]:
    """Role -> node: what the mapping says, else the VRM table, else names."""
    chosen, source = _vrm_bones(glb.document, len(nodes.entries)), "VRM humanoid table"
    by_name = _bones_by_name(glb.document, nodes)
    if not chosen:
        chosen, source = by_name, "names"
    for role, wanted in mapping.bones.items():
        chosen.pop(role, None)
        if wanted is None:
            continue
        found = [i for i in range(len(nodes.entries)) if wanted in (i, nodes.entries[i].get("name"))]
        if not found:
            there = ", ".join(nodes.label(i) for i in range(min(8, len(nodes.entries))))
            raise FormatError(
                f"{mapping.where}: {role} asks for a bone {quoted(wanted)}, the avatar has none of that name "
                f"(its {len(nodes.entries)} nodes begin with {there})"
            )
        chosen[role], source = found[0], "mapping"
    if {"Neck", "Head"} <= chosen.keys() - mapping.bones.keys() and chosen["Neck"] not in nodes.above(chosen["Head"]):
        del chosen["Neck"]
    return chosen, source


def _vrm_bones(document: dict[str, Any], count: int) -> dict[str, int]:
    extensions = document.get("extensions", {})
    new = extensions.get("VRMC_vrm", {}).get("humanoid", {}).get("humanBones", {})
    table = {bone: entry["node"] for bone, entry in new.items()}
    old = extensions.get("VRM", {}).get("humanoid", {}).get("humanBones", [])
    table |= {entry["bone"]: entry["node"] for entry in old}
    return {role: table[b] for b, role in names.VRM_BONES.items() if b in table and 0 <= table[b] < count}


def _bones_by_name(document: dict[str, Any], nodes: Nodes) -> dict[str, int]:
    """Joints of skins before plain nodes, plain nodes before meshes; the neck is the nearest one above the head."""
    joints = {j for skin in document.get("skins", []) for j in skin["joints"]}
    candidates: dict[str, list[int]] = {}
    for index, node in enumerate(nodes.entries):
        role = names.role_of_bone(str(node.get("name", "")))
        if role is not None:
            candidates.setdefault(role, []).append(index)
    chosen = {
        role: min(found, key=lambda i: (i not in joints, "mesh" in nodes.entries[i], i))
        for role, found in candidates.items()
    }
    if "Head" in chosen and "Neck" in candidates:
        above = [i for i in nodes.above(chosen["Head"]) if i in candidates["Neck"]]
        chosen = {**chosen, "Neck": above[0]} if above else {r: i for r, i in chosen.items() if r != "Neck"}
    return chosen


def _bones(nodes: Nodes, chosen: dict[str, int]) -> dict[str, Bone]:
    role_of = {index: role for role, index in chosen.items()}
    bones = {}
    for role in BONE_ROLES:
        if role in chosen:
            index = chosen[role]
            parent = nodes.frame(nodes.parents[index])
            above = next((role_of[i] for i in nodes.above(index) if i in role_of), None)
            bones[role] = Bone(index, parent @ nodes.own_rotation(index), parent, above)
    return bones


def _facing_rad(document: dict[str, Any], nodes: Nodes, chosen: dict[str, int], mapping: RigMapping) -> float:
    """By mapping, by the VRM version, else by where the left eye is from the right one, to the nearest quarter turn."""
    if mapping.faces is not None:
        return float(np.radians(FACINGS[mapping.faces]))
    extensions = document.get("extensions", {})
    if "VRM" in extensions and "VRMC_vrm" not in extensions:
        return float(np.pi)
    if not all(role in chosen for role in EYES):
        return 0.0
    across = nodes.world[chosen["LeftEye"], :3, 3] - nodes.world[chosen["RightEye"], :3, 3]
    quarters = np.arctan2(-across[2], across[0]) / (np.pi / 2)
    level = abs(across[1]) < 0.2 * np.hypot(across[0], across[2])
    return float(np.round(quarters) % 4 * (np.pi / 2)) if level and abs(quarters - np.round(quarters)) < 0.2 else 0.0


def _settle_eyes(glb: Glb, nodes: Nodes, rig: AvatarRig, mapping: RigMapping) -> AvatarRig:
    """What shall turn the eyes (`plan_eyes`, or the mapping), and what that leaves to the lids."""
    eye_nodes = {side: rig.bones[f"{side}Eye"].node for side in SIDES if f"{side}Eye" in rig.bones}
    to_character = matrix_from_ypr([rig.facing_rad, 0.0, 0.0]).T
    eyes = eyes_of(glb, nodes, rig.morphs, eye_nodes, to_character)
    both = len(eye_nodes) == len(SIDES)
    plan = plan_eyes(eyes, bones=both and mapping.eyes in (None, "bones", "both"))
    rig = _rested(rig, plan.resting)
    looks = any(rig.drives(f"eyeLook{look}{side}") for look in LOOKS for side in SIDES)
    looks = looks and mapping.eyes in (None, "morphs", "both")
    share = _lid_share(glb, nodes, rig) if looks else None
    moved = moved_nodes(glb, nodes)
    return replace(
        rig,
        eye_bones_turn=plan.bones,
        eye_looks=looks,
        eyeballs=plan.eyeballs if looks else {},
        lid_follows_gaze_per_rad=(share or 0.0) / EYE_LOOK_UP_DOWN_RAD,
        eyes=eyes,
        eye_range=mapping.eye_range or plan.reach,
        eye_shares=plan.shares,
        head_moves=any(rig.bones[role].node in moved for role in ("Head", "Neck") if role in rig.bones),
        places_m=_places_m(glb, nodes, rig, eyes, to_character),
        by_texture=textured_expressions(glb.document),
    )


def _places_m(glb: Glb, nodes: Nodes, rig: AvatarRig, eyes: Mapping[str, Eye], to_character: Array) -> Array | None:
    """Where the eyes turn, or the iris where that lies far behind it, else where the head's size says they would be."""
    places = []
    for side in SIDES:
        bone, eye = rig.bones.get(f"{side}Eye"), eyes.get(side)
        if eye is not None and (eye.slides or bone is None):
            places.append(eye.middle)
        elif bone is not None:
            places.append(nodes.world[bone.node, :3, 3])
    if len(places) == len(SIDES):
        return np.stack(places)
    head = rig.bones.get("Head", rig.bones.get("Neck"))
    return None if head is None else head_places(glb, nodes, head.node, to_character)


def _rested(rig: AvatarRig, places: Collection[Any]) -> AvatarRig:
    """The rig without the recipes of these (node, target)."""
    resting = {(m.node, i): r for m in rig.morphs for i, r in m.recipes.items() if (m.node, i) in places}
    kept = (replace(m, recipes={i: r for i, r in m.recipes.items() if (m.node, i) not in resting}) for m in rig.morphs)
    return replace(rig, morphs=tuple(kept), resting=resting)


def _lid_share(glb: Glb, nodes: Nodes, rig: AvatarRig) -> float | None:
    def both() -> Iterator[LidShapes]:
        for mesh in rig.morphs:
            for side in ("Left", "Right"):
                blink, down = mesh.target_of(f"eyeBlink{side}"), mesh.target_of(f"eyeLookDown{side}")
                if blink is not None and down is not None:
                    for piece in pieces(glb, nodes, mesh.node):
                        yield LidShapes(piece.positions, piece.delta(blink), piece.delta(down), piece.labels)

    return lid_share(both())
