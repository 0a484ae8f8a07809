"""Run with a Python that has bpy: imports a GLB and prints what Blender makes of it as JSON.

Usage: python blender_reads_glb.py FILE.glb FPS FRAME [FRAME ...]
Rotations are given in glTF's axes, in model space, away from the rest pose.
"""

import json
import sys

import bpy
from mathutils import Matrix

TO_GLTF = Matrix(((1, 0, 0), (0, 0, 1), (0, -1, 0)))


def main() -> None:
    path, fps, frames = sys.argv[1], int(sys.argv[2]), [int(f) for f in sys.argv[3:]]
    bpy.ops.wm.read_factory_settings(use_empty=True)
    bpy.context.scene.render.fps = fps
    bpy.ops.import_scene.gltf(filepath=path)
    armature = next(o for o in bpy.data.objects if o.type == "ARMATURE")
    face = next(o for o in bpy.data.objects if o.type == "MESH" and o.data.shape_keys)
    eyes = next(o for o in bpy.data.objects if o.type == "MESH" and o.name.startswith("Eyes"))
    out = {
        "bones": [b.name for b in armature.data.bones],
        "shape_keys": [k.name for k in face.data.shape_keys.key_blocks][1:],
        "frames": [pose_at(f, armature, face, eyes) for f in frames],
    }
    print("\nRESULT " + json.dumps(out))


def pose_at(frame: int, armature, face, eyes) -> dict:
    bpy.context.scene.frame_set(frame)
    rotations = {}
    for name in ("Neck", "Head", "LeftEye", "RightEye"):
        world = armature.matrix_world.to_3x3().normalized()
        posed = world @ armature.pose.bones[name].matrix.to_3x3()
        rest = world @ armature.data.bones[name].matrix_local.to_3x3()
        turn = TO_GLTF @ (posed @ rest.inverted()) @ TO_GLTF.transposed()
        rotations[name] = [list(row) for row in turn]
    graph = bpy.context.evaluated_depsgraph_get()
    shape = eyes.evaluated_get(graph)
    mesh = shape.to_mesh()
    points = [TO_GLTF @ (shape.matrix_world @ v.co) for v in mesh.vertices]
    rest = [TO_GLTF @ (eyes.matrix_world @ v.co) for v in eyes.data.vertices]
    pupils = {
        side: max((i for i in range(len(rest)) if rest[i].x * sign > 0), key=lambda i: rest[i].z)
        for side, sign in (("left", 1), ("right", -1))
    }
    result = {
        "rotations": rotations,
        "pupils": {side: list(points[i]) for side, i in pupils.items()},
        "weights": {k.name: k.value for k in face.data.shape_keys.key_blocks[1:]},
    }
    shape.to_mesh_clear()
    return result


main()
