"""Run with a Python that has bpy: where the vertices of each material are, as Blender deforms them.

Usage: python blender_reads_materials.py FPS FRAME,FRAME,.. FILE ... (.glb .usda .usdc)
Prints RESULT and JSON: file -> one object per frame: material -> mean position in glTF's axes.
"""

import json
import sys

import bpy
from mathutils import Matrix, Vector

TO_GLTF = Matrix(((1, 0, 0), (0, 0, 1), (0, -1, 0)))


def main() -> None:
    fps, frames = int(sys.argv[1]), [int(f) for f in sys.argv[2].split(",")]
    out = {}
    for path in sys.argv[3:]:
        bpy.ops.wm.read_factory_settings(use_empty=True)
        bpy.context.scene.render.fps = fps
        if path.endswith((".usda", ".usdc")):
            bpy.ops.wm.usd_import(filepath=path)
        else:
            bpy.ops.import_scene.gltf(filepath=path)
        out[path] = [means_at(frame) for frame in frames]
    print("\nRESULT " + json.dumps(out))


def means_at(frame: int) -> dict[str, list[float]]:
    bpy.context.scene.frame_set(frame)
    graph = bpy.context.evaluated_depsgraph_get()
    means = {}
    for thing in [o for o in bpy.data.objects if o.type == "MESH" and o.data.materials]:
        shape = thing.evaluated_get(graph)
        mesh = shape.to_mesh()
        for slot, material in enumerate(thing.data.materials):
            used = {v for p in mesh.polygons if p.material_index == slot for v in p.vertices}
            if used:
                total = sum(((shape.matrix_world @ mesh.vertices[v].co) for v in used), Vector())
                means[material.name] = list(TO_GLTF @ (total / len(used)))
        shape.to_mesh_clear()
    return means


if __name__ == "__main__":
    main()
