"""Run with a Python that has bpy: puts a motion on imported avatars with the add-on and prints where materials are.

Usage: python blender_runs_addon.py ADDON_FOLDER MOTION FPS FRAME,FRAME,.. FILE.glb ...
Prints RESULT and JSON: file -> one object per frame: material -> mean position in glTF's axes.
"""

import json
import sys

import bpy

from blender_reads_materials import means_at


def main() -> None:
    folder, motion, fps, frames = sys.argv[1], sys.argv[2], int(sys.argv[3]), [int(f) for f in sys.argv[4].split(",")]
    sys.path.insert(0, folder)
    import talkingeyes_blender

    out = {}
    for path in sys.argv[5:]:
        bpy.ops.wm.read_factory_settings(use_empty=True)
        talkingeyes_blender.register()
        bpy.context.scene.render.fps = fps
        bpy.ops.import_scene.gltf(filepath=path)
        bpy.ops.object.select_all(action="SELECT")
        bpy.context.scene.talkingeyes.start = 0
        assert bpy.ops.talkingeyes.import_motion(filepath=motion) == {"FINISHED"}
        out[path] = [means_at(frame) for frame in frames]
        talkingeyes_blender.unregister()
    print("\nRESULT " + json.dumps(out))


if __name__ == "__main__":
    main()
