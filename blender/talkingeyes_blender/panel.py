"""The sidebar panel, its settings, and the import operator."""

from __future__ import annotations

from pathlib import Path

import bpy
from bpy.props import BoolProperty, EnumProperty, IntProperty, PointerProperty, StringProperty
from bpy_extras.io_utils import ImportHelper

from . import rig
from .lib.errors import TalkingEyesError
from .lib.formats import arkit, arkit_json, bvh, npz

READERS = {".npz": npz.read_npz, ".csv": arkit.read_csv, ".json": arkit_json.read_json, ".bvh": bvh.read_bvh}
ROLES = {"Neck": "neck", "Head": "head", "LeftEye": "left_eye", "RightEye": "right_eye"}


class Settings(bpy.types.PropertyGroup):
    """What the motion goes onto; empty bone names are found by name."""

    armature: PointerProperty(type=bpy.types.Object, name="Armature", poll=lambda _, o: o.type == "ARMATURE")
    neck: StringProperty(name="Neck", description="Leave empty to find it by name")
    head: StringProperty(name="Head", description="Leave empty to find it by name")
    left_eye: StringProperty(name="Left eye", description="The character's own left; leave empty to find it by name")
    right_eye: StringProperty(name="Right eye", description="Leave empty to find it by name")
    start: IntProperty(name="Start frame", default=1)
    eye_looks: BoolProperty(
        name="eyeLook shapes",
        default=True,
        description="Drive eyeLook shapes too; those that would turn eyes which bones turn already stay at rest",
    )
    faces: EnumProperty(
        name="Faces",
        items=[
            ("AUTO", "by the eyes", "From where the left eye is"),
            ("-Y", "-Y", "Towards the front view, as Blender's characters do"),
            ("+Y", "+Y", "Towards the back view"),
        ],
    )

    def named_bones(self) -> dict[str, str]:
        """Role -> bone for the names that the user gave."""
        return {role: name for role, field in ROLES.items() if (name := getattr(self, field))}


class ImportMotion(bpy.types.Operator, ImportHelper):
    """Put a TalkingEyes motion onto the armature and the selected meshes."""

    bl_idname = "talkingeyes.import_motion"
    bl_label = "Import motion"
    bl_options = {"REGISTER", "UNDO"}  # noqa: RUF012 - Blender reads a plain set
    filter_glob: StringProperty(default="*.npz;*.csv;*.json;*.bvh", options={"HIDDEN"})

    def execute(self, context: bpy.types.Context) -> set[str]:
        """Read, find, write keys."""
        settings, path = context.scene.talkingeyes, Path(self.filepath)
        reader = READERS.get(path.suffix.lower())
        if reader is None or not path.is_file():
            self.report({"ERROR"}, f"{path.name}: {', '.join(READERS)} files are accepted")
            return {"CANCELLED"}
        try:
            motion = reader(path)
            target = rig.find_target(context, settings.armature, settings.named_bones(), settings.faces)
            done = rig.animate(context.scene, target, motion, path.stem, settings.start, looks=settings.eye_looks)
        except TalkingEyesError as error:
            self.report({"ERROR"}, str(error))
            return {"CANCELLED"}
        self.report({"INFO"}, done)
        return {"FINISHED"}


class Panel(bpy.types.Panel):
    """3D View > Sidebar > TalkingEyes."""

    bl_label = "TalkingEyes"
    bl_idname = "VIEW3D_PT_talkingeyes"
    bl_space_type = "VIEW_3D"
    bl_region_type = "UI"
    bl_category = "TalkingEyes"

    def draw(self, context: bpy.types.Context) -> None:
        """Armature, bones, options, button."""
        layout, settings = self.layout, context.scene.talkingeyes
        layout.use_property_split = True
        layout.prop(settings, "armature")
        armature = settings.armature or rig.selected_armature(context)
        if armature is not None:
            found = rig.bones_by_name(armature)
            for role, field in ROLES.items():
                layout.prop_search(settings, field, armature.pose, "bones", text=role)
                if not getattr(settings, field):
                    layout.label(text=f"      {found.get(role, 'not found')}")
        layout.prop(settings, "faces")
        layout.prop(settings, "eye_looks")
        layout.prop(settings, "start")
        layout.operator(ImportMotion.bl_idname, icon="HIDE_OFF")
        layout.label(text=f"{len(rig.face_meshes(context, armature))} meshes with shape keys")


CLASSES = (Settings, ImportMotion, Panel)


def register() -> None:
    """Make the classes known."""
    for each in CLASSES:
        bpy.utils.register_class(each)
    bpy.types.Scene.talkingeyes = PointerProperty(type=Settings)


def unregister() -> None:
    """Forget the classes."""
    del bpy.types.Scene.talkingeyes
    for each in reversed(CLASSES):
        bpy.utils.unregister_class(each)
