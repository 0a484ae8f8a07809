"""Blender add-on: a TalkingEyes motion (.npz .csv .json .bvh) onto the selected armature and meshes.

The folder ``lib`` is made by ``scripts/build_blender_addon.py`` from the package's own modules.
"""

from . import panel

bl_info = {
    "name": "TalkingEyes",
    "author": "The TalkingEyes developers",
    "version": (0, 1, 0),
    "blender": (4, 2, 0),
    "location": "3D View > Sidebar > TalkingEyes",
    "description": "Import gaze, blinks, head and face motion onto your own rig",
    "category": "Animation",
}


def register() -> None:
    """Called by Blender when the add-on is switched on."""
    panel.register()


def unregister() -> None:
    """Called by Blender when the add-on is switched off."""
    panel.unregister()
