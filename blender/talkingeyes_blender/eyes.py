"""What turns the eyes of a character in Blender, measured by the same rule as a glTF avatar's (`lib.avatar.eyes`)."""

from __future__ import annotations

from collections.abc import Iterator

import bpy
import numpy as np

from .lib.avatar.eyes import SIDES, EyePlan, Patch, measure_eyes, plan_eyes
from .lib.avatar.names import Recipe


def planned(
    scene: bpy.types.Scene,
    armature: bpy.types.Object | None,
    bones: dict[str, str],
    recipes: dict[str, dict[str, Recipe]],
    facing: np.ndarray,
) -> EyePlan:
    """What shall turn the eyes of what was chosen.

    Args:
        scene: its meshes that the armature moves, and those with recipes, are looked at.
        armature: None where there are shape keys alone.
        bones: role -> bone.
        recipes: mesh object -> shape key -> what drives it.
        facing: (3, 3) the character's axes in Blender's world.
    """
    below: dict[str, set[str]] = {}
    pivots = {}
    for side in SIDES:
        bone = armature.data.bones[bones[f"{side}Eye"]] if armature and f"{side}Eye" in bones else None
        if armature is not None and bone is not None:
            below[side] = {bone.name, *(b.name for b in bone.children_recursive)}
            pivots[side] = facing.T @ np.array(armature.matrix_world @ bone.head_local)
    meshes = [o for o in scene.objects if o.type == "MESH" and (o.name in recipes or _moved_by(o, armature))]
    patches = [_patch(o, armature, recipes.get(o.name, {}), below, facing) for o in meshes]
    return plan_eyes(measure_eyes(patches, pivots), bones=len(pivots) == len(SIDES))


def _moved_by(mesh: bpy.types.Object, armature: bpy.types.Object | None) -> bool:
    return armature is not None and armature in (mesh.find_armature(), mesh.parent)


def _patch(
    mesh: bpy.types.Object,
    armature: bpy.types.Object | None,
    recipes: dict[str, Recipe],
    below: dict[str, set[str]],
    facing: np.ndarray,
) -> Patch:
    world = np.array(mesh.matrix_world)
    turn = facing.T @ world[:3, :3]
    keys = mesh.data.shape_keys
    rest = coordinates(keys, keys.reference_key.name) if keys else _vertices(mesh)
    edges = np.zeros(2 * len(mesh.data.edges), np.int32)
    mesh.data.edges.foreach_get("vertices", edges)
    looks, blink = {}, np.zeros(len(rest))
    for key, recipe in recipes.items():
        names = [name for name, gain in recipe if gain > 0]
        if any(name.startswith(("eyeLook", "eyeBlink")) for name in names):
            delta = (coordinates(keys, key) - rest) @ turn.T
            if any(name.startswith("eyeLook") for name in names):
                looks[key] = (recipe, delta)
            else:
                blink = np.maximum(blink, np.linalg.norm(delta, axis=1))
    shares = {side: _share(mesh, armature, names) for side, names in below.items()}
    points = rest @ turn.T + facing.T @ world[:3, 3]
    return Patch(mesh.name, points, edges.reshape(-1, 2), shares, looks, blink)


def _share(mesh: bpy.types.Object, armature: bpy.types.Object | None, names: set[str]) -> np.ndarray:
    """(V,) how much of each vertex these bones move."""
    count = len(mesh.data.vertices)
    if mesh.parent_type == "BONE" and mesh.parent == armature and mesh.find_armature() is None:
        return np.full(count, float(mesh.parent_bone in names))
    ours = {group.index for group in mesh.vertex_groups if group.name in names}
    deforming = {g.index for g in mesh.vertex_groups if armature and g.name in armature.data.bones}
    if not ours:
        return np.zeros(count)
    return np.array(list(_shares(mesh, ours, deforming)))


def _shares(mesh: bpy.types.Object, ours: set[int], deforming: set[int]) -> Iterator[float]:
    for vertex in mesh.data.vertices:
        own = total = 0.0
        for element in vertex.groups:
            total += element.weight if element.group in deforming else 0.0
            own += element.weight if element.group in ours else 0.0
        yield own / total if total > 0 else 0.0


def _vertices(mesh: bpy.types.Object) -> np.ndarray:
    flat = np.zeros(len(mesh.data.vertices) * 3)
    mesh.data.vertices.foreach_get("co", flat)
    return flat.reshape(-1, 3)


def coordinates(keys: bpy.types.Key, name: str) -> np.ndarray:
    """(V, 3) a shape key's vertices in the object's space."""
    points = keys.key_blocks[name].data
    flat = np.zeros(len(points) * 3)
    points.foreach_get("co", flat)
    return flat.reshape(-1, 3)
