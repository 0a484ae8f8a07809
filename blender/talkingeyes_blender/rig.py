"""Finds bones and shape keys of the selected character and writes a motion's keys onto them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import bpy
import numpy as np
from mathutils import Quaternion

from . import eyes as eyes_here
from .lib import rotations
from .lib.avatar import eyeballs, geometry, morphs
from .lib.avatar import names as target_names
from .lib.avatar.eye_range import led
from .lib.avatar.eyes import SIDES, EyePlan
from .lib.avatar.pose import continuous, morph_weights
from .lib.errors import FormatError
from .lib.motion import Motion
from .lib.rig import EYE_LOOK_UP_DOWN_RAD, NECK_SHARE

TO_BLENDER = np.array([[1.0, 0.0, 0.0], [0.0, 0.0, -1.0], [0.0, 1.0, 0.0]])
"""The character's axes (+X left, +Y up, +Z out of the face) in Blender's world: it faces -Y."""
EYES = ("LeftEye", "RightEye")


@dataclass(frozen=True)
class Target:
    """What a motion goes onto.

    Attributes:
        armature: None where shape keys alone are animated.
        bones: role -> name.
        meshes: those with shape keys.
        facing: (3, 3) the character's axes in Blender's world.
        plan: what turns the eyes, as measured.
    """

    armature: bpy.types.Object | None
    bones: dict[str, str]
    meshes: list[bpy.types.Object]
    facing: np.ndarray
    plan: EyePlan


def selected_armature(context: bpy.types.Context) -> bpy.types.Object | None:
    """The active or selected armature, or the one that deforms the active mesh."""
    chosen = [o for o in (context.view_layer.objects.active, *context.selected_objects) if o is not None]
    armatures = [o for o in chosen if o.type == "ARMATURE"]
    armatures += [a for o in chosen if o.type == "MESH" and (a := o.find_armature()) is not None]
    return armatures[0] if armatures else None


def bones_by_name(armature: bpy.types.Object) -> dict[str, str]:
    """Role -> bone, by the names that the command line knows too; deforming bones before controls."""
    found: dict[str, str] = {}
    for bone in sorted(armature.data.bones, key=lambda b: not b.use_deform):
        role = target_names.role_of_bone(bone.name)
        if role is not None:
            found.setdefault(role, bone.name)
    return found


def face_meshes(context: bpy.types.Context, armature: bpy.types.Object | None) -> list[bpy.types.Object]:
    """Selected meshes with shape keys, and those that the armature deforms or carries."""
    meshes = [o for o in context.scene.objects if o.type == "MESH" and o.data.shape_keys]
    return [o for o in meshes if o.select_get() or (armature is not None and armature in (o.find_armature(), o.parent))]


def find_target(
    context: bpy.types.Context, armature: bpy.types.Object | None, named: dict[str, str], faces: str
) -> Target:
    """Put together what was chosen and what is found.

    Raises:
        FormatError: nothing to animate is selected, or a bone does not exist.
    """
    armature = armature or selected_armature(context)
    bones = bones_by_name(armature) if armature is not None else {}
    for role, name in named.items():
        if armature is None or name not in armature.data.bones:
            raise FormatError(f"{role}: there is no bone {name!r} in the armature")
        bones[role] = name
    meshes = face_meshes(context, armature)
    if not bones and not meshes:
        raise FormatError("select an armature with a head and eyes, or meshes with ARKit shape keys")
    turned = faces == "+Y" or (faces == "AUTO" and armature is not None and _faces_back(armature, bones))
    around = np.diag([-1.0, -1.0, 1.0]) if turned else np.eye(3)
    facing = around @ TO_BLENDER
    plan = eyes_here.planned(context.scene, armature, bones, {m.name: recipes(m) for m in meshes}, facing)
    return Target(armature, bones, meshes, facing, plan)


def _faces_back(armature: bpy.types.Object, bones: dict[str, str]) -> bool:
    if not all(role in bones for role in EYES):
        return False
    left, right = (armature.matrix_world @ armature.data.bones[bones[role]].head_local for role in EYES)
    return left.x < right.x


def animate(scene: bpy.types.Scene, target: Target, motion: Motion, name: str, start: int, *, looks: bool) -> str:
    """Write the keys as new actions; what was there before stays in the file under its own name.

    Returns:
        A line for people.

    Raises:
        FormatError: the target can show nothing of the motion.
    """
    frames = start + motion.times_s * (scene.render.fps / scene.render.fps_base)
    bones = _animate_bones(target, motion, name, frames)
    shapes = sum(_animate_shapes(mesh, target.plan, motion, name, frames, looks=looks) for mesh in target.meshes)
    if not bones and not shapes:
        raise FormatError(f"nothing here can show this motion ({', '.join(motion.channels)})")
    scene.frame_end = max(scene.frame_end, int(np.ceil(frames[-1])))
    return f"{motion.num_frames} frames on {bones} bones and {shapes} shape keys"


def _animate_bones(target: Target, motion: Motion, name: str, frames: np.ndarray) -> int:
    armature = target.armature
    if armature is None:
        return 0
    turns = _turns(motion, target.bones, target.plan)
    if not turns:
        return 0
    world = np.array(armature.matrix_world.to_3x3().normalized())
    axes = world.T @ target.facing
    _new_action(armature, f"TalkingEyes {name}")
    role_of = {bone: role for role, bone in target.bones.items()}
    for role, turn in turns.items():
        pose = armature.pose.bones[target.bones[role]]
        above = next((role_of[b.name] for b in pose.bone.parent_recursive if role_of.get(b.name) in turns), None)
        relative = turn if above is None else np.swapaxes(turns[above], -1, -2) @ turn
        rest = np.array(pose.bone.matrix_local.to_3x3())
        local = rest.T @ (axes @ relative @ axes.T) @ rest
        _key_rotation(armature, pose, rotations.quaternion_from_matrix(local), frames)
    return len(turns)


def _turns(motion: Motion, bones: dict[str, str], plan: EyePlan) -> dict[str, np.ndarray]:
    """(T, 3, 3) how far each bone turns in space, in the character's axes."""
    turns: dict[str, np.ndarray] = {}
    head = np.eye(3)
    if motion.head_rad is not None and ("Head" in bones or "Neck" in bones):
        head = rotations.matrix_from_ypr(motion.head_rad)
        if "Neck" in bones:
            turns["Neck"] = rotations.fraction_of(head, NECK_SHARE) if "Head" in bones else head
        if "Head" in bones:
            turns["Head"] = head
    if motion.eyes_rad is not None and plan.bones:
        eyes_rad = motion.eyes_rad if plan.reach is None else plan.reach.shown(motion.eyes_rad)
        for side, role in enumerate(EYES):
            share = plan.shares.get(SIDES[side], 1.0)
            turns[role] = head @ rotations.matrix_from_ypr(led(eyes_rad[:, side], share))
    return turns


def _key_rotation(armature: bpy.types.Object, pose: bpy.types.PoseBone, xyzw: np.ndarray, frames: np.ndarray) -> None:
    """Keys in the bone's own rotation mode."""
    xyzw = continuous(xyzw)
    mode = pose.rotation_mode
    if mode in ("QUATERNION", "AXIS_ANGLE"):
        pose.rotation_mode = "QUATERNION"
        path, values = "rotation_quaternion", np.roll(xyzw, 1, axis=1)
    else:
        path, rows = "rotation_euler", []
        for x, y, z, w in xyzw:
            turn = Quaternion((w, x, y, z))
            rows.append(turn.to_euler(mode, rows[-1]) if rows else turn.to_euler(mode))
        values = np.array(rows)
    full = pose.path_from_id(path)
    for index, column in enumerate(values.T):
        _write_curve(armature, full, index, frames, column)


def _animate_shapes(
    mesh: bpy.types.Object, plan: EyePlan, motion: Motion, name: str, frames: np.ndarray, *, looks: bool
) -> int:
    keys = mesh.data.shape_keys
    driven = {key: recipe for key, recipe in recipes(mesh).items() if (mesh.name, key) not in plan.resting}
    known = {part for recipe in driven.values() for part, _ in recipe}
    looks = looks and any(name.startswith("eyeLook") for name in known)
    follows = _lid_follows(mesh, driven) if looks else 0.0
    weights = morph_weights(motion, follows, looks=looks, eyeballs=plan.eyeballs)
    shown = {key: recipe for key, recipe in driven.items() if any(n in weights for n, _ in recipe)}
    if not shown:
        return 0
    _new_action(keys, f"TalkingEyes {name} {mesh.name}")
    for key, recipe in shown.items():
        mixed = sum(gain * weights[n] for n, gain in recipe if n in weights)
        _write_curve(keys, keys.key_blocks[key].path_from_id("value"), -1, frames, np.clip(mixed, 0, 1))
    return len(shown)


def recipes(mesh: bpy.types.Object) -> dict[str, target_names.Recipe]:
    """Shape key -> the coefficients that drive it, by the names that the command line knows too."""
    names = tuple(key.name for key in mesh.data.shape_keys.key_blocks[1:])
    bound = morphs.bind({}, [morphs.MorphMesh(0, names, (0.0,) * len(names))])
    return {names[index]: recipe for found in bound for index, recipe in found.recipes.items()}


def _lid_follows(mesh: bpy.types.Object, driven: dict[str, target_names.Recipe]) -> float:
    """Closure per radian of downward gaze that the eyeLookDown shapes show."""
    keys = mesh.data.shape_keys
    named = {recipe[0][0]: key for key, recipe in driven.items()}
    edges = np.zeros(2 * len(mesh.data.edges), np.int32)
    mesh.data.edges.foreach_get("vertices", edges)
    rest, shapes = eyes_here.coordinates(keys, keys.reference_key.name), []
    labels = geometry.connected_pieces(rest, edges.reshape(-1, 2))
    for side in ("Left", "Right"):
        if {f"eyeBlink{side}", f"eyeLookDown{side}"} <= named.keys():
            blink, down = (
                eyes_here.coordinates(keys, named[f"{look}{side}"]) - rest for look in ("eyeBlink", "eyeLookDown")
            )
            shapes.append(eyeballs.LidShapes(rest, blink, down, labels))
    return (eyeballs.lid_share(shapes) or 0.0) / EYE_LOOK_UP_DOWN_RAD


def _new_action(owner: bpy.types.ID, name: str) -> None:
    """A fresh action on an armature or a key block; the one before it is kept."""
    data = owner.animation_data or owner.animation_data_create()
    if data.action is not None:
        data.action.use_fake_user = True
    data.action = bpy.data.actions.new(name)


def _write_curve(owner: bpy.types.ID, path: str, index: int, frames: np.ndarray, values: np.ndarray) -> None:
    """One curve, linear between its keys."""
    owner.keyframe_insert(path, index=index, frame=frames[0])
    at = max(index, 0)
    curve = next(c for c in _curves(owner) if c.data_path == path and c.array_index == at)
    curve.keyframe_points.clear()
    curve.keyframe_points.add(len(frames))
    curve.keyframe_points.foreach_set("co", np.stack([frames, values], axis=1).astype(np.float32).ravel())
    linear = bpy.types.Keyframe.bl_rna.properties["interpolation"].enum_items["LINEAR"].value
    curve.keyframe_points.foreach_set("interpolation", np.full(len(frames), linear, np.int32))
    curve.update()


def _curves(owner: bpy.types.ID) -> Iterable[bpy.types.FCurve]:
    """The curves of an owner's action, in Blender 5 (slots) and before."""
    data = owner.animation_data
    if hasattr(data.action, "fcurves"):
        return data.action.fcurves
    from bpy_extras import anim_utils

    return anim_utils.action_get_channelbag_for_slot(data.action, data.action_slot).fcurves
