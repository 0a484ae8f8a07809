"""USD: the avatar as a skinned UsdSkel character with blend shapes, and the motion as its animation.

One self-contained file (``.usda`` as text, ``.usdc`` binary). It cannot hold textures: their colours are written at the
vertices.
"""
# pyright: reportAttributeAccessIssue=false
# (usd-core has no type stubs)

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.avatar.nodes import Nodes, decompose
from talkingeyes.avatar.pose import avatar_rotations, continuous, target_weights
from talkingeyes.avatar.rig import AvatarRig
from talkingeyes.errors import FormatError, OutputError
from talkingeyes.extras import missing
from talkingeyes.formats.glb import job_avatar
from talkingeyes.formats.job import ExportJob
from talkingeyes.motion import Motion
from talkingeyes.preview.scene import Scene, Surface, sampled
from talkingeyes.rotations import quaternion_from_matrix

Array = NDArray[Any]
_INFLUENCES = 4
_MOVES_M = 1e-7
_MARGIN_M = 0.1
"""How far the head leans out of its box at rest."""


@dataclass(frozen=True)
class Joints:
    """Nodes of the avatar that become joints, parents first.

    Attributes:
        nodes: their numbers.
        paths: their UsdSkel names, ``Chest/Neck/Head``.
    """

    nodes: tuple[int, ...]
    paths: tuple[str, ...]

    def row(self, node: int) -> int:
        """Where a node stands."""
        return self.nodes.index(node)


def write_usd(job: ExportJob, target: Path) -> None:
    """Write the job's avatar with the job's motion.

    Raises:
        MissingExtraError: usd-core is not installed.
        FormatError: the avatar cannot be animated or drawn, or the motion holds nothing that it can show.
        OutputError: USD cannot write the file.
    """
    try:
        from pxr import Tf, Usd, UsdGeom
    except ImportError:
        raise missing("usd", "writing USD", "pxr") from None
    glb, rig = job_avatar(job)
    scene = Scene.of(glb, rig, job.avatar_name)
    stage = Usd.Stage.CreateInMemory()
    UsdGeom.SetStageUpAxis(stage, UsdGeom.Tokens.y)
    UsdGeom.SetStageMetersPerUnit(stage, 1.0)
    motion = job.motion
    stage.SetTimeCodesPerSecond(motion.fps)
    stage.SetFramesPerSecond(motion.fps)
    stage.SetStartTimeCode(0)
    stage.SetEndTimeCode(motion.num_frames - 1)
    stage.SetMetadata("documentation", "TalkingEyes")
    _Character(stage, scene, rig).write(motion)
    try:
        stage.GetRootLayer().Export(str(target))
    except Tf.ErrorException as error:
        raise OutputError(f"{target.name}: USD cannot write it ({str(error).splitlines()[0][:80]})") from None


def remark_usd(job: ExportJob) -> str:
    """What the line about a written file adds."""
    return f"{job.motion.fps:g} time codes a second; Blender ignores that: set its scene to the same rate"


def joints_of(scene: Scene) -> Joints:
    """Joints of skins, bones that a motion turns, nodes that carry meshes, and everything above these."""
    nodes = scene.nodes
    wanted = {b.node for b in scene.rig.bones.values()}
    wanted |= {j for joints, _ in scene.skins for j in joints}
    wanted |= {s.node for s in scene.surfaces if s.skin is None}
    for node in list(wanted):
        wanted.update(nodes.above(node))
    names = _unique({n: nodes.label(n) for n in sorted(wanted)})
    ordered = sorted(wanted, key=lambda n: (len(nodes.above(n)), n))
    paths = ("/".join([*(names[a] for a in reversed(nodes.above(n))), names[n]]) for n in ordered)
    return Joints(tuple(ordered), tuple(paths))


def _unique(labels: Mapping[int, str]) -> dict[int, str]:
    """Labels as USD identifiers, each once."""
    out: dict[int, str] = {}
    for key, label in labels.items():
        name = re.sub(r"[^A-Za-z0-9_]", "_", label)
        name = name if re.match(r"[A-Za-z_]", name) else f"_{name}"
        out[key] = name if name not in out.values() else f"{name}_{key}"
    return out


class _Character:
    """Writes one avatar into a stage."""

    def __init__(self, stage: Any, scene: Scene, rig: AvatarRig) -> None:
        from pxr import Kind, Usd, UsdGeom, UsdSkel

        self._stage, self._scene, self._rig = stage, scene, rig
        self._joints = joints_of(scene)
        self._world = scene.world({})
        self._root = UsdSkel.Root.Define(stage, "/Avatar")
        stage.SetDefaultPrim(self._root.GetPrim())
        Usd.ModelAPI(self._root.GetPrim()).SetKind(Kind.Tokens.component)
        UsdGeom.Scope.Define(stage, "/Avatar/Materials")
        self._skeleton = UsdSkel.Skeleton.Define(stage, "/Avatar/Skeleton")
        self._materials: dict[tuple[int, bool], Any] = {}
        self._tokens: dict[str, tuple[int, int]] = {}

    def write(self, motion: Motion) -> None:
        """Skeleton, meshes, then the animation.

        Raises:
            FormatError: the motion holds nothing that the avatar can show.
        """
        from pxr import UsdSkel

        self._write_skeleton()
        boxes = [self._write_mesh(number, s) for number, s in enumerate(self._scene.surfaces)]
        low, high = np.min([b[0] for b in boxes], axis=0), np.max([b[1] for b in boxes], axis=0)
        self._root.CreateExtentAttr(_vectors(np.stack([low - _MARGIN_M, high + _MARGIN_M])))
        animation = UsdSkel.Animation.Define(self._stage, "/Avatar/Skeleton/Animation")
        self._write_animation(animation, motion)
        api = UsdSkel.BindingAPI.Apply(self._skeleton.GetPrim())
        api.CreateAnimationSourceRel().SetTargets([animation.GetPath()])

    def _write_skeleton(self) -> None:
        from pxr import Gf, UsdSkel, Vt

        nodes = self._scene.nodes
        self._skeleton.CreateJointsAttr(Vt.TokenArray(self._joints.paths))
        bind = [Gf.Matrix4d(self._world[n].T.tolist()) for n in self._joints.nodes]
        self._skeleton.CreateBindTransformsAttr(Vt.Matrix4dArray(bind))
        rest = [Gf.Matrix4d(_own(nodes, n).T.tolist()) for n in self._joints.nodes]
        self._skeleton.CreateRestTransformsAttr(Vt.Matrix4dArray(rest))
        UsdSkel.BindingAPI.Apply(self._skeleton.GetPrim())

    def _write_mesh(self, number: int, surface: Surface) -> tuple[Array, Array]:
        """Its corners, in the skeleton's space at rest."""
        from pxr import UsdGeom, UsdShade, UsdSkel, Vt

        points, normals = self._scene.posed(surface, {}, self._world)
        name = _unique({0: surface.finish.name or "mesh"})[0]
        mesh = UsdGeom.Mesh.Define(self._stage, f"/Avatar/{name}_{number}")
        mesh.CreatePointsAttr(_vectors(points))
        mesh.CreateFaceVertexCountsAttr(Vt.IntArray.FromNumpy(np.full(len(surface.triangles), 3, np.int32)))
        mesh.CreateFaceVertexIndicesAttr(Vt.IntArray.FromNumpy(surface.triangles.astype(np.int32).ravel()))
        mesh.CreateNormalsAttr(_vectors(normals))
        mesh.SetNormalsInterpolation(UsdGeom.Tokens.vertex)
        mesh.CreateSubdivisionSchemeAttr(UsdGeom.Tokens.none)
        mesh.CreateDoubleSidedAttr(surface.finish.two_sided)
        low, high = points.min(axis=0), points.max(axis=0)
        mesh.CreateExtentAttr(_vectors(np.stack([low, high])))
        colours = _vertex_colours(surface)
        mesh.CreateDisplayColorPrimvar(UsdGeom.Tokens.vertex).Set(_vectors(colours[:, :3]))
        clear = surface.finish.blends or surface.finish.cutoff > 0
        if clear:
            opacity = Vt.FloatArray.FromNumpy(np.ascontiguousarray(colours[:, 3], np.float32))
            mesh.CreateDisplayOpacityPrimvar(UsdGeom.Tokens.vertex).Set(opacity)
        UsdShade.MaterialBindingAPI.Apply(mesh.GetPrim()).Bind(self._material(surface, clear))
        binding = UsdSkel.BindingAPI.Apply(mesh.GetPrim())
        binding.CreateSkeletonRel().SetTargets([self._skeleton.GetPath()])
        rows, weights = self._influences(surface)
        count = rows.shape[1]
        binding.CreateJointIndicesPrimvar(False, count).Set(Vt.IntArray.FromNumpy(rows.astype(np.int32).ravel()))
        binding.CreateJointWeightsPrimvar(False, count).Set(Vt.FloatArray.FromNumpy(weights.ravel()))
        self._write_blend_shapes(mesh, binding, surface, points)
        return low, high

    def _influences(self, surface: Surface) -> tuple[Array, Array]:
        """(V, K) joint rows and weights."""
        if surface.skin is None or surface.joints is None or surface.weights is None:
            count = len(surface.positions)
            return np.full((count, 1), self._joints.row(surface.node)), np.ones((count, 1), np.float32)
        table = np.array([self._joints.row(j) for j in self._scene.skins[surface.skin][0]])
        return table[surface.joints[:, :_INFLUENCES]], surface.weights[:, :_INFLUENCES].astype(np.float32)

    def _write_blend_shapes(self, mesh: Any, binding: Any, surface: Surface, rest: Array) -> None:
        from pxr import UsdSkel, Vt

        labels = self._labels(surface.node)
        tokens, paths = [], []
        for index in surface.targets:
            full = np.zeros(max(surface.targets) + 1)
            full[index] = 1.0
            moved, _ = self._scene.posed(surface, {surface.node: full}, self._world)
            delta = moved - rest
            rows = np.flatnonzero(np.abs(delta).max(axis=1) > _MOVES_M)
            if not len(rows):
                continue
            name = labels[index]
            self._tokens.setdefault(name, (surface.node, index))
            shape = UsdSkel.BlendShape.Define(self._stage, mesh.GetPath().AppendChild(name))
            shape.CreateOffsetsAttr(_vectors(delta[rows]))
            shape.CreatePointIndicesAttr(Vt.IntArray.FromNumpy(rows.astype(np.int32)))
            tokens.append(name)
            paths.append(shape.GetPath())
        if tokens:
            binding.CreateBlendShapesAttr(Vt.TokenArray(tokens))
            binding.CreateBlendShapeTargetsRel().SetTargets(paths)

    def _labels(self, node: int) -> dict[int, str]:
        """Names of a node's targets; those of the second mesh and later carry its number where weights could differ."""
        mesh = next((m for m in self._rig.morphs if m.node == node), None)
        names = mesh.names if mesh is not None else ()
        count = max((max(s.targets, default=-1) + 1 for s in self._scene.surfaces if s.node == node), default=0)
        plain = _unique({i: (names[i] if i < len(names) and names[i] else f"shape{i}") for i in range(count)})
        taken = {name for name, (owner, _) in self._tokens.items() if owner != node}
        return {i: f"{name}_{node}" if name in taken else name for i, name in plain.items()}

    def _material(self, surface: Surface, clear: bool) -> Any:
        """A preview surface that takes its colour from the vertices."""
        from pxr import Sdf, UsdShade

        key = (id(surface.finish), clear)
        if key in self._materials:
            return self._materials[key]
        path = f"/Avatar/Materials/{_unique({0: surface.finish.name or 'material'})[0]}_{len(self._materials)}"
        material = UsdShade.Material.Define(self._stage, path)
        shader = UsdShade.Shader.Define(self._stage, f"{path}/Surface")
        shader.CreateIdAttr("UsdPreviewSurface")
        shader.CreateInput("roughness", Sdf.ValueTypeNames.Float).Set(surface.finish.roughness)
        shader.CreateInput("metallic", Sdf.ValueTypeNames.Float).Set(0.0)
        reads = [("Colour", "float3", "displayColor", "diffuseColor", Sdf.ValueTypeNames.Color3f)]
        if clear:
            reads.append(("Opacity", "float", "displayOpacity", "opacity", Sdf.ValueTypeNames.Float))
        for part, kind, primvar, into, wanted in reads:
            reader = UsdShade.Shader.Define(self._stage, f"{path}/{part}")
            reader.CreateIdAttr(f"UsdPrimvarReader_{kind}")
            reader.CreateInput("varname", Sdf.ValueTypeNames.String).Set(primvar)
            given = Sdf.ValueTypeNames.Float3 if kind == "float3" else Sdf.ValueTypeNames.Float
            shader.CreateInput(into, wanted).ConnectToSource(reader.CreateOutput("result", given))
        material.CreateSurfaceOutput().ConnectToSource(shader.CreateOutput("surface", Sdf.ValueTypeNames.Token))
        self._materials[key] = material
        return material

    def _write_animation(self, animation: Any, motion: Motion) -> None:
        from pxr import Gf, Vt

        rig, nodes = self._rig, self._scene.nodes
        turns = {
            rig.bones[role].node: continuous(quaternion_from_matrix(rig.local_from_model(role, rotation)))
            for role, rotation in avatar_rotations(motion, rig).items()
        }
        tables = target_weights(motion, rig)
        shapes = {name: at for name, at in self._tokens.items() if at[0] in tables}
        if not turns and not shapes:
            raise FormatError(f"this avatar can show none of the motion's channels ({', '.join(motion.channels)})")
        turned = [n for n in self._joints.nodes if n in turns]
        animation.CreateJointsAttr(Vt.TokenArray([self._joints.paths[self._joints.row(n)] for n in turned]))
        parts = [decompose(nodes.entries[n]) for n in turned]
        animation.CreateTranslationsAttr(_vectors(np.array([p[0] for p in parts]).reshape(-1, 3)))
        animation.CreateScalesAttr(Vt.Vec3hArray([Gf.Vec3h(*map(float, p[2])) for p in parts]))
        rotations = animation.CreateRotationsAttr()
        animation.CreateBlendShapesAttr(Vt.TokenArray(list(shapes)))
        weights = animation.CreateBlendShapeWeightsAttr()
        columns = np.array([tables[node][:, index] for node, index in shapes.values()]).reshape(
            len(shapes), motion.num_frames
        )
        for frame in range(motion.num_frames):
            if turned:
                each = (turns[n][frame] for n in turned)
                rotations.Set(Vt.QuatfArray([Gf.Quatf(float(q[3]), *map(float, q[:3])) for q in each]), frame)
            if shapes:
                weights.Set(Vt.FloatArray.FromNumpy(np.ascontiguousarray(columns[:, frame], np.float32)), frame)


def _own(nodes: Nodes, node: int) -> Array:
    out = np.eye(4)
    translation, rotation, scale = decompose(nodes.entries[node])
    out[:3, :3], out[:3, 3] = rotation * scale, translation
    return out


def _vectors(values: Array) -> Any:
    from pxr import Vt

    return Vt.Vec3fArray.FromNumpy(np.ascontiguousarray(values, np.float32))


def _vertex_colours(surface: Surface) -> Array:
    """(V, 4) linear colour and opacity at the vertices, the texture's included."""
    colour = np.tile(surface.finish.colour, (len(surface.positions), 1))
    if surface.colours is not None:
        colour[:, :3] *= surface.colours
    if surface.finish.texture is not None and surface.uv is not None:
        colour *= sampled(surface.finish.texture, surface.uv)
    return np.clip(colour, 0, 1)
