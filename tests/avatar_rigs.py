"""Small rigged heads that vary what real avatars vary: names, bone axes, rest pose, scale, facing, bones or morphs."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from talkingeyes.avatar.gltf import Glb
from talkingeyes.rotations import matrix_from_axis_angle, matrix_from_ypr, quaternion_from_matrix

EYE_M, RADIUS_M = np.array([0.03, 0.06, 0.08]), 0.012
JOINTS = ("Root", "Neck", "Head", "LeftEye", "RightEye")
PLACES_M = {"Root": (0, 0, 0), "Neck": (0, 1.4, 0), "Head": (0, 1.5, 0)}
PLACES_M |= {"LeftEye": (0.03, 1.56, 0.08), "RightEye": (-0.03, 1.56, 0.08)}
PARENTS = {"Neck": "Root", "Head": "Neck", "LeftEye": "Head", "RightEye": "Head"}


@dataclass(frozen=True)
class RigKind:
    """What one synthetic avatar is like.

    Attributes:
        bones: role -> name of the bone; roles that are missing have no bone (their vertices follow the one above).
        axes_seed: bones get random rest axes (the same rest pose); None: all aligned.
        world: (3, 3) rotation and a scale above the skeleton, as exporters of Z-up or centimetre tools leave them.
        scale: length of a metre in the file.
        turned: the face looks along -Z.
        looks: what eyeLook targets move: nothing (there are none), "lids", "eyes" (and lids), "both" as a bone does.
        look_deg: how far a full eyeLook target turns the eye, sideways and up or down.
        spelling: ARKit name -> name of the target.
        vrm: 0, 1 or None.
        skinned: whether the eyes are skinned or hang below their bones.
        matrix_nodes: whether nodes have a matrix instead of translation, rotation, scale.
        mirrored: whether the skeleton stands below a node with scale -1 on x (and is built to look right there).
        blinks_only: whether the face has no other targets than blinks.
        flat: depth of the eyes over their width; 1 is round.
        off: share of the looks' movement of the eyes that is no rotation.
        drawn: flat irises on bones far behind them, over whites that stay.
        carried: share of the eyes' weights that is on their bones; the head has the rest.
        one_mesh: whether eyes and face are one mesh, so that its targets move both.
    """

    bones: dict[str, str] = field(default_factory=lambda: {n: n for n in JOINTS})
    axes_seed: int | None = None
    world: tuple[float, float, float] = (0.0, 0.0, 0.0)
    scale: float = 1.0
    turned: bool = False
    looks: str = "lids"
    look_deg: tuple[float, float] = (35.0, 28.0)
    spelling: str = "{base}{Side}"
    vrm: int | None = None
    skinned: bool = True
    matrix_nodes: bool = False
    mirrored: bool = False
    blinks_only: bool = False
    flat: float = 1.0
    off: float = 0.0
    drawn: bool = False
    one_mesh: bool = False
    carried: float = 1.0


def build(kind: RigKind) -> Glb:
    """The avatar as a GLB with meshes Face (lids), EyesLeft, EyesRight; materials Iris*, Sclera*, Lid*."""
    return _Builder(kind).glb


class _Builder:
    def __init__(self, kind: RigKind) -> None:
        self.kind, self.glb = kind, Glb()
        self.document = self.glb.document
        self.rng = np.random.default_rng(kind.axes_seed)
        self.facing = matrix_from_ypr([np.pi if kind.turned else 0.0, 0, 0])
        self.nodes: dict[str, int] = {}
        self.frames: dict[str, np.ndarray] = {}
        self.materials = {
            n: self.glb.add(
                "materials", {"name": n, "pbrMetallicRoughness": {"baseColorFactor": c}, "doubleSided": True}
            )
            for n, c in (
                ("ScleraLeft", [0.9, 0.9, 0.9, 1]),
                ("ScleraRight", [0.9, 0.9, 0.9, 1]),
                ("IrisLeft", [0.1, 0.2, 0.5, 1]),
                ("IrisRight", [0.1, 0.2, 0.5, 1]),
                ("LidLeft", [0.7, 0.5, 0.4, 1]),
                ("LidRight", [0.7, 0.5, 0.4, 1]),
                ("Head", [0.7, 0.5, 0.4, 1]),
            )
        }
        self.skeleton()
        self.skin = self.make_skin()
        self.targets: list[str] = []
        self.eyes: list[dict] = []
        for side in ("Left", "Right"):
            self.eye(side)
        self.face()
        self.document["scenes"] = [
            {"nodes": [i for i in range(len(self.document["nodes"])) if i not in self.children()]}
        ]
        self.document["scene"] = 0
        if kind.vrm is not None:
            self.vrm()

    def children(self) -> set[int]:
        return {c for n in self.document["nodes"] for c in n.get("children", [])}

    def place(self, point_m) -> np.ndarray:
        """A point of the character, as it stands in the file's model space."""
        return self.facing @ np.asarray(point_m, float) * self.kind.scale

    def carrier(self, role: str) -> str:
        while role not in self.kind.bones and role in PARENTS:
            role = PARENTS[role]
        return role

    def skeleton(self) -> None:
        top = np.eye(4)
        top[:3, :3] = matrix_from_axis_angle(self.kind.world) * self.kind.scale
        if self.kind.mirrored:
            top[:3, 0] *= -1
        self.frames["Armature"] = top
        self.nodes["Armature"] = self.glb.add("nodes", self.entry("Armature", top))
        for role in JOINTS:
            if role not in self.kind.bones:
                continue
            parent = self.carrier(PARENTS[role]) if role in PARENTS else "Armature"
            model = np.eye(4)
            axes = self.rng.normal(size=3) if self.kind.axes_seed is not None else np.zeros(3)
            model[:3, :3] = matrix_from_axis_angle(axes) * self.kind.scale
            if self.kind.mirrored:
                model[:3, 0] *= -1
            model[:3, 3] = self.place(self.bone_m(role))
            self.frames[role] = model
            local = np.linalg.inv(self.frames[parent]) @ model
            self.nodes[role] = self.glb.add("nodes", self.entry(self.kind.bones[role], local))
            self.document["nodes"][self.nodes[parent]].setdefault("children", []).append(self.nodes[role])

    def bone_m(self, role: str) -> np.ndarray:
        """Where a bone is; those of drawn eyes are far behind them and closer together."""
        moved = role.endswith("Eye") and self.kind.drawn
        return np.array(PLACES_M[role]) * ((0.4, 1, 0.1) if moved else (1, 1, 1))

    def entry(self, name: str, matrix: np.ndarray) -> dict:
        if self.kind.matrix_nodes:
            return {"name": name, "matrix": matrix.T.ravel().tolist()}
        scale = np.linalg.norm(matrix[:3, :3], axis=0)
        if np.linalg.det(matrix[:3, :3]) < 0:
            scale[0] *= -1
        quaternion = quaternion_from_matrix(matrix[:3, :3] / scale)
        parts = {"translation": matrix[:3, 3], "rotation": quaternion, "scale": scale}
        return {"name": name, **{k: v.tolist() for k, v in parts.items()}}

    def make_skin(self) -> int:
        joints = [r for r in JOINTS if r in self.kind.bones]
        self.joints = joints
        inverse = np.stack([np.linalg.inv(self.frames[r]).T for r in joints]).reshape(-1, 16)
        accessor = self.glb.add_accessor(inverse.astype("<f4"), "MAT4")
        return self.glb.add("skins", {"joints": [self.nodes[r] for r in joints], "inverseBindMatrices": accessor})

    def eye(self, side: str) -> None:
        centre = np.array(PLACES_M[f"{side}Eye"])
        points, cap, rest = _drawn_eye() if self.kind.drawn else _sphere()
        points = points * (1, 1, self.kind.flat)
        role = self.carrier(f"{side}Eye")
        moves = self.look_moves(points + centre - self.turned_about_m(side), side)
        primitives = []
        for material, triangles in ((f"Iris{side}", cap), (f"Sclera{side}", rest)):
            used, indices = np.unique(triangles, return_inverse=True)
            still = self.kind.drawn and material.startswith("Sclera")
            own = {n: d[used] * (0 if still else 1) for n, d in moves.items()}
            carrier = self.carrier("Head") if still else role
            place = points[used] + centre
            primitives.append((place, indices.reshape(-1, 3), material, carrier, own))
        if self.kind.one_mesh:
            self.eyes += primitives
            return
        made = [self.primitive(*parts) for parts in primitives]
        self.mesh(f"Eyes{side}", made, list(moves), role)

    def turned_about_m(self, side: str) -> np.ndarray:
        return self.bone_m(f"{side}Eye")

    def look_moves(self, points: np.ndarray, side: str) -> dict[str, np.ndarray]:
        """How the looks turn points about the origin, a part of it not rigidly."""
        if self.kind.looks not in ("eyes", "both"):
            return {}
        yaw, pitch = np.radians(self.kind.look_deg)
        out = 1 if side == "Left" else -1
        angles = {"Out": (out * yaw, 0), "In": (-out * yaw, 0), "Up": (0, pitch), "Down": (0, -pitch)}
        moves = {}
        for look, angle in angles.items():
            turned = points @ (matrix_from_ypr(angle) - np.eye(3)).T
            noise = self.rng.normal(size=points.shape)
            noise -= noise.mean(axis=0)
            moves[f"eyeLook{look}{side}"] = turned + noise * self.kind.off * np.sqrt(
                np.sum(turned**2) / np.sum(noise**2)
            )
        return moves

    def face(self) -> None:
        """Two lids that blinks lower by a centimetre and looking down lowers by 4 mm, and a box for the head."""
        names = [f"eyeBlink{s}" for s in ("Left", "Right")]
        if self.kind.looks != "none" and not self.kind.blinks_only:
            names += [f"eyeLook{k}{s}" for s in ("Left", "Right") for k in ("Out", "In", "Up", "Down")]
        if not self.kind.blinks_only:
            names += ["jawOpen", "browInnerUp"]
        primitives = [
            self.primitive(*parts, {n: moves.get(n, np.zeros_like(parts[0])) for n in names})
            for *parts, moves in self.eyes
        ]
        for side in ("Left", "Right"):
            x = np.linspace(-0.014, 0.014, 5)
            lid = np.stack([np.tile(x, 2), np.repeat([0.014, 0.018], 5), np.full(10, 0.015)], axis=1)
            lid += np.array(PLACES_M[f"{side}Eye"])
            rows = [[i, i + 1, i + 5] for i in range(4)] + [[i + 1, i + 6, i + 5] for i in range(4)]
            fall = np.zeros_like(lid)
            fall[:5, 1] = -0.020
            moves = {n: np.zeros_like(lid) for n in names}
            moves[f"eyeBlink{side}"] = fall
            if f"eyeLookDown{side}" in moves:
                moves[f"eyeLookDown{side}"] = 0.4 * fall
            primitives.append(self.primitive(lid, np.array(rows), f"Lid{side}", self.carrier("Head"), moves))
        box = np.array([[x, y, z] for x in (-0.07, 0.07) for y in (-0.1, 0.12) for z in (-0.12, 0.06)])
        box += np.array([0, 1.53, 0])
        sides = [
            [0, 1, 3],
            [0, 3, 2],
            [4, 6, 7],
            [4, 7, 5],
            [0, 4, 5],
            [0, 5, 1],
            [2, 3, 7],
            [2, 7, 6],
            [0, 2, 6],
            [0, 6, 4],
            [1, 5, 7],
            [1, 7, 3],
        ]
        still = {n: np.zeros_like(box) for n in names}
        primitives.append(self.primitive(box, np.array(sides), "Head", self.carrier("Head"), still))
        self.mesh("Face", primitives, names, self.carrier("Head"))

    def primitive(self, points, triangles, material: str, role: str, moves: dict[str, np.ndarray]) -> dict:
        placed = np.array([self.place(p) for p in points])
        directed = {n: d @ self.facing.T * self.kind.scale for n, d in moves.items()}
        if not self.skins(role):
            inverse = np.linalg.inv(self.frames[role])
            placed = placed @ inverse[:3, :3].T + inverse[:3, 3]
            directed = {n: d @ inverse[:3, :3].T for n, d in directed.items()}
        add = self.glb.add_accessor
        attributes = {"POSITION": add(placed.astype("<f4"), "VEC3", bounds=True)}
        if self.skins(role):
            joints = np.zeros((len(points), 4), "<u1")
            joints[:, 0] = self.joints.index(role)
            joints[:, 1] = self.joints.index(self.carrier("Head"))
            attributes["JOINTS_0"] = add(joints, "VEC4")
            own = self.kind.carried if role.endswith("Eye") else 1.0
            attributes["WEIGHTS_0"] = add(np.tile(np.array([own, 1 - own, 0, 0], "<f4"), (len(points), 1)), "VEC4")
        out = {
            "attributes": attributes,
            "indices": add(triangles.astype("<u2").ravel(), "SCALAR"),
            "material": self.materials[material],
        }
        if moves:
            out["targets"] = [{"POSITION": add(d.astype("<f4"), "VEC3", bounds=True)} for d in directed.values()]
        return out

    def skins(self, role: str) -> bool:
        return self.kind.skinned or not role.endswith("Eye")

    def mesh(self, name: str, primitives: list[dict], names: list[str], role: str) -> None:
        entry: dict = {"name": name, "primitives": primitives}
        if names:
            entry["extras"] = {"targetNames": [self.spell(n) for n in names]}
        node: dict = {"name": name, "mesh": self.glb.add("meshes", entry)}
        if self.skins(role):
            node["skin"] = self.skin
        index = self.glb.add("nodes", node)
        if not self.skins(role):
            self.document["nodes"][self.nodes[role]].setdefault("children", []).append(index)
        if name == "Face":
            self.face_node, self.targets = index, names

    def spell(self, name: str) -> str:
        side = next((s for s in ("Left", "Right") if name.endswith(s)), "")
        base = name.removesuffix(side)
        return (
            self.kind.spelling.format(base=base, Base=base[0].upper() + base[1:], Side=side, S=side[:1])
            if side
            else name
        )

    def vrm(self) -> None:
        """Humanoid table and blinks as expressions; the targets themselves have names that mean nothing."""
        bones = {"hips": "Root", "neck": "Neck", "head": "Head", "leftEye": "LeftEye", "rightEye": "RightEye"}
        table = {b: self.nodes[r] for b, r in bones.items() if r in self.nodes}
        mesh = self.document["nodes"][self.face_node]["mesh"]
        index = {s: self.targets.index(f"eyeBlink{s}") for s in ("Left", "Right")}
        meta = {"name": "test", "version": "1", "authors": ["test"], "licenseUrl": "https://vrm.dev/licenses/1.0/"}
        if self.kind.vrm == 1:
            preset = {
                f"blink{s}": {"morphTargetBinds": [{"node": self.face_node, "index": i, "weight": 1.0}]}
                for s, i in index.items()
            }
            extension = {
                "specVersion": "1.0",
                "meta": meta,
                "humanoid": {"humanBones": {b: {"node": n} for b, n in table.items()}},
            }
            self.document["extensions"] = {"VRMC_vrm": {**extension, "expressions": {"preset": preset}}}
        else:
            groups = [
                {
                    "name": f"Blink_{s[0]}",
                    "presetName": f"blink_{s[0].lower()}",
                    "binds": [{"mesh": mesh, "index": i, "weight": 100}],
                }
                for s, i in index.items()
            ]
            humanoid = {"humanBones": [{"bone": b, "node": n} for b, n in table.items()]}
            self.document["extensions"] = {
                "VRM": {"humanoid": humanoid, "blendShapeMaster": {"blendShapeGroups": groups}}
            }
        self.document["extensionsUsed"] = list(self.document["extensions"])


def _drawn_eye() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A disc of 5 mm about +Z in front of a plate of 28 x 20 mm: points, triangles of the iris and of the white."""
    turns = 2 * np.pi * np.arange(16) / 16
    disc = [[0, 0, RADIUS_M], *([0.005 * np.cos(a), 0.005 * np.sin(a), RADIUS_M] for a in turns)]
    plate = [[x, y, RADIUS_M - 0.003] for x in (-0.014, 0.014) for y in (-0.010, 0.010)]
    cap = [[0, 1 + k, 1 + (k + 1) % 16] for k in range(16)]
    return np.array(disc + plate), np.array(cap), np.array([[17, 19, 18], [18, 19, 20]])


def _sphere() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Points of an eyeball around the origin, triangles of the iris (about +Z) and of the rest."""
    rings, sectors = 10, 14
    points = [np.array([0.0, 0.0, 1.0])]
    for ring in range(1, rings):
        a = np.pi * ring / rings
        turns = 2 * np.pi * np.arange(sectors) / sectors
        points += [np.array([np.sin(a) * np.cos(b), np.sin(a) * np.sin(b), np.cos(a)]) for b in turns]
    points.append(np.array([0.0, 0.0, -1.0]))
    at = lambda ring, k: 1 + (ring - 1) * sectors + k % sectors  # noqa: E731
    cap = [[0, at(1, k), at(1, k + 1)] for k in range(sectors)]
    rest = [[len(points) - 1, at(rings - 1, k + 1), at(rings - 1, k)] for k in range(sectors)]
    for ring in range(1, rings - 1):
        band = [[at(ring, k), at(ring + 1, k), at(ring + 1, k + 1)] for k in range(sectors)]
        band += [[at(ring, k), at(ring + 1, k + 1), at(ring, k + 1)] for k in range(sectors)]
        (cap if ring < 3 else rest).extend(band)
    return np.array(points) * RADIUS_M, np.array(cap), np.array(rest)


NAMED = {"Root": "hips"}
DRAWN: dict[str, RigKind] = {
    "drawn, on bones": RigKind(looks="none", drawn=True),
    "drawn, bones and morphs slide the iris": RigKind(looks="both", drawn=True, look_deg=(6.0, 4.0), axes_seed=15),
    "drawn, one mesh": RigKind(looks="both", drawn=True, look_deg=(6.0, 4.0), one_mesh=True),
}
"""Eyes whose irises slide over the face: they move once, in proportion, and keep in their whites."""
KINDS: dict[str, RigKind] = {
    "plain": RigKind(),
    "random axes": RigKind(axes_seed=3),
    "eyes half carried by their bones": RigKind(carried=0.5),
    "eyes carried by four fifths, which shapes turn too": RigKind(carried=0.8, looks="both", axes_seed=4),
    "eyes carried by nineteen of twenty": RigKind(carried=0.95),
    "z-up armature in centimetres": RigKind(
        bones={
            "Root": "hip",
            "Neck": "CC_Base_NeckTwist01",
            "Head": "CC_Base_Head",
            "LeftEye": "CC_Base_L_Eye",
            "RightEye": "CC_Base_R_Eye",
        },
        axes_seed=5,
        world=(-np.pi / 2, 0, 0),
        scale=100.0,
        spelling="{Base}_{S}",
    ),
    "mixamo names, eyes hang below bones": RigKind(
        bones={n: f"mixamorig:{n}" for n in JOINTS},
        axes_seed=8,
        skinned=False,
        looks="none",
    ),
    "blender names, no eyeLook": RigKind(
        bones={"Root": "root", "Neck": "neck", "Head": "head", "LeftEye": "eye.L", "RightEye": "eye.R"},
        axes_seed=9,
        looks="none",
        spelling="{base}_{S}",
    ),
    "morphs only": RigKind(bones={"Root": "Root", "Neck": "Neck", "Head": "Head"}, looks="eyes"),
    "morphs only, other reach, no neck": RigKind(
        bones={"Root": "Root", "Head": "Head"},
        looks="eyes",
        look_deg=(45.0, 40.0),
        axes_seed=2,
        scale=100.0,
    ),
    "bones and morphs that turn the eye": RigKind(looks="both", axes_seed=4),
    "flat eyes on bones": RigKind(looks="none", flat=0.35, axes_seed=13),
    "flat, bones and morphs turn the eye": RigKind(looks="both", flat=0.35, off=0.02, look_deg=(23.5, 23.5)),
    "bones and morphs turn the eye, 9 % not rigidly": RigKind(looks="both", off=0.09, look_deg=(23.5, 23.5)),
    "bones and morphs turn the eye, one mesh": RigKind(looks="both", one_mesh=True, axes_seed=14),
    "flat, morphs only": RigKind(
        bones={"Root": "Root", "Neck": "Neck", "Head": "Head"}, looks="eyes", flat=0.35, look_deg=(40.0, 36.0)
    ),
    "vrm 0": RigKind(
        bones={
            "Root": "J_Bip_C_Hips",
            "Neck": "J_Bip_C_Neck",
            "Head": "J_Bip_C_Head",
            "LeftEye": "J_Adj_L_FaceEye",
            "RightEye": "J_Adj_R_FaceEye",
        },
        vrm=0,
        turned=True,
        looks="none",
        spelling="shape_{S}",
        blinks_only=True,
    ),
    "vrm 1": RigKind(
        bones={"Root": "a", "Neck": "b", "Head": "c", "LeftEye": "d", "RightEye": "e"},
        vrm=1,
        axes_seed=6,
        looks="none",
        spelling="shape_{S}",
        blinks_only=True,
    ),
    "faces backwards, no vrm": RigKind(turned=True, axes_seed=11),
    "matrices": RigKind(axes_seed=12, matrix_nodes=True),
    "mirrored": RigKind(mirrored=True),
}
