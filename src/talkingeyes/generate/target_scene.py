"""Where an object of a glTF scene is over time, seen from the character in it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.avatar.gltf import Glb, reading
from talkingeyes.avatar.load import MAX_AVATAR_BYTES
from talkingeyes.avatar.nodes import Nodes, decompose
from talkingeyes.avatar.plain import read_gltf
from talkingeyes.avatar.rig import find_rig
from talkingeyes.errors import FormatError
from talkingeyes.files import readable
from talkingeyes.formats.keys import Tracks
from talkingeyes.rotations import matrix_from_quaternion, matrix_from_ypr
from talkingeyes.wording import cut, quoted

Floats = NDArray[Any]
RATE_HZ = 50.0
MAX_SECONDS = 90_000.0


def node_track(path: Path, node: str) -> tuple[Floats | None, Floats]:
    """A node's place over time.

    Args:
        path: a .glb, .gltf or .vrm. Where it holds a character with eyes, places are from the middle between them, in
            the character's axes; else from the scene's origin, in the scene's.
        node: its name.

    Returns:
        ((n,) times in seconds, or None where it stands still; (n, 3) metres).

    Raises:
        FormatError: a scene that cannot be read, or without such a node.
    """
    readable(path, "a scene is a .glb, .gltf or .vrm file", max_bytes=MAX_AVATAR_BYTES)
    glb = read_gltf(path)
    with reading(path.name):
        nodes = Nodes.of(glb.document, path.name)
        index = _index(nodes, node, path.name)
        times_s, world = _world(glb, nodes, index, path.name)
    origin, axes = _character(glb, path.name)
    points = (world - origin) @ axes
    if times_s is None or float(np.ptp(points, axis=0).max()) == 0:
        return None, points[:1]
    return times_s, points


def _index(nodes: Nodes, name: str, where: str) -> int:
    found = [i for i, entry in enumerate(nodes.entries) if entry.get("name") == name]
    if len(found) == 1:
        return found[0]
    if found:
        raise FormatError(
            f"{where}: {len(found)} nodes are called {quoted(name)}; give the one that is meant its own name"
        )
    known = sorted({str(e["name"]) for e in nodes.entries if isinstance(e.get("name"), str) and e["name"]})
    raise FormatError(f"{where}: has no node {quoted(name)}; it has {cut(', '.join(known) or 'none with a name', 300)}")


def _world(glb: Glb, nodes: Nodes, index: int, where: str) -> tuple[Floats | None, Floats]:
    """The node's place in the scene, moved by the last animation that moves it or a node above it."""
    chain = [index, *nodes.above(index)]
    animation = _animation(glb, set(chain))
    if animation is None:
        return None, nodes.world[index, :3, 3][None]
    tracks = Tracks(glb, animation, where)
    ends = [float(glb.read_accessor(s["input"])[-1]) for s in animation["samplers"]]
    end_s = max(ends)
    if not 0 <= end_s <= MAX_SECONDS:
        raise FormatError(f"{where}: its animation ends at {end_s:g} s; 0 to {MAX_SECONDS:g} is accepted")
    times_s = np.arange(int(np.ceil(end_s * RATE_HZ)) + 1) / RATE_HZ
    points = np.zeros((len(times_s), 3))
    for at in chain:
        translation, rotation, scale = decompose(nodes.entries[at])
        moved, turned, scaled = (tracks.sampled(at, path, times_s) for path in ("translation", "rotation", "scale"))
        turns = rotation if turned is None else matrix_from_quaternion(turned)
        points = points * (scale if scaled is None else scaled)
        points = np.einsum("...ij,tj->ti", turns, points) if turns.ndim == 2 else np.einsum("tij,tj->ti", turns, points)
        points = points + (translation if moved is None else moved)
    return times_s, points


def _animation(glb: Glb, chain: set[int]) -> dict[str, Any] | None:
    paths = ("translation", "rotation", "scale")
    for animation in reversed(glb.document.get("animations", [])):
        targets = [channel["target"] for channel in animation["channels"]]
        if any(t.get("node") in chain and t.get("path") in paths for t in targets):
            return animation
    return None


def _character(glb: Glb, name: str) -> tuple[Floats, Floats]:
    """(3,) the middle between the eyes and (3, 3) the character's axes as columns; the scene's own without one."""
    try:
        rig = find_rig(glb, name)
    except FormatError:
        return np.zeros(3), np.eye(3)
    if rig.places_m is None:
        return np.zeros(3), np.eye(3)
    return rig.places_m.mean(axis=0), matrix_from_ypr([rig.facing_rad, 0.0, 0.0])
