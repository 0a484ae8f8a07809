"""Where the vertices of each material are, from pygltflib's reading of a file and numpy alone: none of our own code."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from pygltflib import GLTF2

TYPES = {5120: "i1", 5121: "u1", 5122: "i2", 5123: "u2", 5125: "u4", 5126: "f4"}
WIDTHS = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4, "MAT4": 16}


def read_materials(path: Path, times_s: list[float]) -> list[dict[str, np.ndarray]]:
    """Material -> mean position in model space, at each time of the file's last animation."""
    gltf = GLTF2().load_binary(str(path))
    return [Pose(gltf, time).means() for time in times_s]


def values(gltf: GLTF2, index: int) -> np.ndarray:
    accessor = gltf.accessors[index]
    dtype, width = np.dtype("<" + TYPES[accessor.componentType]), WIDTHS[accessor.type]
    out = np.zeros((accessor.count, width), dtype)
    if accessor.bufferView is not None:
        out = _view(gltf, accessor.bufferView, accessor.byteOffset or 0, dtype, width, accessor.count)
    if accessor.sparse:
        i, v = accessor.sparse.indices, accessor.sparse.values
        kind = np.dtype("<" + TYPES[i.componentType])
        rows = _view(gltf, i.bufferView, i.byteOffset or 0, kind, 1, accessor.sparse.count)[:, 0]
        out[rows] = _view(gltf, v.bufferView, v.byteOffset or 0, dtype, width, accessor.sparse.count)
    return out / np.iinfo(dtype).max if accessor.normalized and dtype.kind != "f" else out


def _view(gltf: GLTF2, view_index: int, offset: int, dtype: np.dtype, width: int, count: int) -> np.ndarray:
    view = gltf.bufferViews[view_index]
    start, blob = (view.byteOffset or 0) + offset, gltf.binary_blob()
    stride = view.byteStride or dtype.itemsize * width
    return np.ndarray((count, width), dtype, blob, start, (stride, dtype.itemsize)).copy()


def turn(q: np.ndarray) -> np.ndarray:
    x, y, z, w = q / np.linalg.norm(q)
    return np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
            [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
            [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
        ]
    )


class Pose:
    """A file at one time of its last animation."""

    def __init__(self, gltf: GLTF2, time_s: float) -> None:
        self.gltf = gltf
        self.rotations, self.weights = {}, {}
        animation = gltf.animations[-1]
        for channel in animation.channels:
            sampler = animation.samplers[channel.sampler]
            times, table = values(gltf, sampler.input)[:, 0], values(gltf, sampler.output).astype(float)
            row = int(np.argmin(np.abs(times - time_s)))  # times asked for are key times
            if channel.target.path == "rotation":
                self.rotations[channel.target.node] = table[row]
            else:
                self.weights[channel.target.node] = table.reshape(len(times), -1)[row]
        self.world = [np.eye(4) for _ in gltf.nodes]
        for root in gltf.scenes[gltf.scene or 0].nodes:
            self.walk(root, np.eye(4))

    def walk(self, index: int, above: np.ndarray) -> None:
        node = self.gltf.nodes[index]
        own = np.eye(4)
        if node.matrix:
            own = np.array(node.matrix).reshape(4, 4).T
        else:
            own[:3, :3] = turn(np.array(self.rotations.get(index, node.rotation or [0, 0, 0, 1]), float))
            own[:3, :3] *= np.array(node.scale or [1, 1, 1])
            own[:3, 3] = node.translation or [0, 0, 0]
        self.world[index] = above @ own
        for child in node.children or []:
            self.walk(child, self.world[index])

    def means(self) -> dict[str, np.ndarray]:
        out = {}
        for index, node in enumerate(self.gltf.nodes):
            if node.mesh is None:
                continue
            for primitive in self.gltf.meshes[node.mesh].primitives:
                name = self.gltf.materials[primitive.material].name
                out[name] = self.points(index, primitive).mean(axis=0)
        return out

    def points(self, index: int, primitive) -> np.ndarray:
        node = self.gltf.nodes[index]
        points = values(self.gltf, primitive.attributes.POSITION).astype(float)
        for weight, target in zip(self.weights.get(index, []), primitive.targets or [], strict=False):
            position = target["POSITION"] if isinstance(target, dict) else target.POSITION
            if weight and position is not None:
                points = points + weight * values(self.gltf, position)
        if node.skin is None:
            return points @ self.world[index][:3, :3].T + self.world[index][:3, 3]
        skin = self.gltf.skins[node.skin]
        bind = values(self.gltf, skin.inverseBindMatrices).reshape(-1, 4, 4).transpose(0, 2, 1)
        matrices = np.stack([self.world[j] @ b for j, b in zip(skin.joints, bind, strict=True)])
        joints = values(self.gltf, primitive.attributes.JOINTS_0).astype(int)
        raw = values(self.gltf, primitive.attributes.WEIGHTS_0)
        shares = raw / {"f": 1, "u": np.iinfo(raw.dtype).max if raw.dtype.kind == "u" else 1}[raw.dtype.kind]
        mixed = np.einsum("vk,vkij->vij", shares, matrices[joints])
        return np.einsum("vij,vj->vi", mixed[:, :3, :3], points) + mixed[:, :3, 3]
