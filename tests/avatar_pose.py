"""Poses the built-in avatar's vertices from its GLB alone, as a viewer would: morphs, then linear blend skinning."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from talkingeyes.avatar.gltf import Glb
from talkingeyes.avatar.looks import avatar_bytes


@dataclass
class Primitive:
    """One drawn piece; arrays in metres, names of morphs as in the mesh."""

    mesh: str
    material: str
    positions: np.ndarray
    normals: np.ndarray
    triangles: np.ndarray
    joints: np.ndarray
    weights: np.ndarray
    morphs: dict[str, np.ndarray] = field(default_factory=dict)


class Avatar:
    """The shipped GLB, read through its accessors."""

    def __init__(self, data: bytes | None = None) -> None:
        self.glb = Glb.from_bytes(data if data is not None else avatar_bytes())
        self.document = self.glb.document
        self.nodes = {n["name"]: i for i, n in enumerate(self.document["nodes"])}

    @cached_property
    def primitives(self) -> list[Primitive]:
        read = self.glb.read_accessor
        out = []
        for mesh in self.document["meshes"]:
            names = mesh.get("extras", {}).get("targetNames", [])
            for p in mesh["primitives"]:
                a = p["attributes"]
                out.append(
                    Primitive(
                        mesh["name"],
                        self.document["materials"][p["material"]]["name"],
                        read(a["POSITION"]).astype(float),
                        read(a["NORMAL"]).astype(float),
                        read(p["indices"]).reshape(-1, 3).astype(int),
                        read(a["JOINTS_0"]).astype(int),
                        read(a["WEIGHTS_0"]) / 255.0,
                        {
                            n: read(t["POSITION"]).astype(float)
                            for n, t in zip(names, p.get("targets", []), strict=True)
                        },
                    )
                )
        return out

    def piece(self, material: str) -> Primitive:
        return next(p for p in self.primitives if p.material == material)

    def rest_origins(self) -> dict[str, np.ndarray]:
        """Rest position of every bone in model space (rest rotations are the identity)."""
        nodes, origins = self.document["nodes"], {}

        def walk(index: int, origin: np.ndarray) -> None:
            origin = origin + np.array(nodes[index].get("translation", (0, 0, 0)))
            origins[nodes[index]["name"]] = origin
            for child in nodes[index].get("children", []):
                walk(child, origin)

        walk(self.nodes["Chest"], np.zeros(3))
        return origins

    @staticmethod
    def morphed(piece: Primitive, weights: dict[str, float]) -> np.ndarray:
        positions = piece.positions.copy()
        for name, weight in weights.items():
            if weight:
                positions += weight * piece.morphs[name]
        return positions
