"""BVH: head and eyes as joints, degrees, channels Yrotation Xrotation Zrotation (docs/conventions.md, "BVH")."""

from __future__ import annotations

import math
from array import array
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes import rig
from talkingeyes.avatar.names import role_of_bone
from talkingeyes.errors import FormatError
from talkingeyes.files import readable
from talkingeyes.formats.job import ExportJob
from talkingeyes.motion import MAX_FRAMES, Motion
from talkingeyes.rotations import fraction_of, matrix_from_ypr, ypr_from_matrix
from talkingeyes.wording import cut

Array = NDArray[Any]
MAX_BVH_BYTES = 1 << 30
MAX_HIERARCHY, MAX_JOINTS, MAX_CHANNELS, MAX_NAME = 16 << 20, 10_000, 9, 200
"""Characters of the hierarchy, its joints, channels of one joint, and characters of a joint's name."""

_JOINTS = ("Neck", "Head", "LeftEye", "RightEye")
_OFFSETS_CM = {"Neck": (0, 0, 0), "Head": (0, 9, 2), "LeftEye": (3.15, 5.3, 7.5), "RightEye": (-3.15, 5.3, 7.5)}
_CHANNELS = "CHANNELS 3 Yrotation Xrotation Zrotation"
_EXACT_DIGITS = 9
"""A frame time with fewer decimals is taken for the nearest usual rate."""
_KNOWN_RATES = (23.976023976, 24.0, 25.0, 29.97002997, 30.0, 50.0, 59.94005994, 60.0, 120.0)


def write_bvh(job: ExportJob, target: Path) -> None:
    """Write head and eyes of the job's take: joints Neck, Head, LeftEye, RightEye, offsets in centimetres.

    Raises:
        FormatError: the motion has neither head nor eyes.
        OSError: the file cannot be written.
    """
    motion = job.motion
    if motion.head_rad is None and motion.eyes_rad is None:
        raise FormatError(f"a .bvh holds head and eyes; this motion has {', '.join(motion.channels)}")
    head = matrix_from_ypr(np.zeros((motion.num_frames, 3)) if motion.head_rad is None else motion.head_rad)
    neck = fraction_of(head, rig.NECK_SHARE)
    eyes = np.zeros((motion.num_frames, 2, 2)) if motion.eyes_rad is None else motion.eyes_rad
    turns = [neck, np.swapaxes(neck, -1, -2) @ head, matrix_from_ypr(eyes[:, 0]), matrix_from_ypr(eyes[:, 1])]
    angles = np.degrees(np.concatenate([ypr_from_matrix(turn) * [1, -1, 1] for turn in turns], axis=1))
    with target.open("w", encoding="ascii", newline="\n") as file:
        file.write(_hierarchy())
        file.write(f"MOTION\nFrames: {motion.num_frames}\nFrame Time: {1 / motion.fps:.10f}\n")
        for row in np.round(angles, 6) + 0.0:
            file.write(" ".join(f"{value:.6f}" for value in row) + "\n")


def _hierarchy() -> str:
    lines = ["HIERARCHY"]
    for depth, name in enumerate(("Neck", "Head")):
        lines += _opening("ROOT" if depth == 0 else "JOINT", name, depth)
    for name in ("LeftEye", "RightEye"):
        lines += _opening("JOINT", name, 2)
        lines += ["      End Site", "      {", "        OFFSET 0 0 1.2", "      }", "    }"]
    return "\n".join([*lines, "  }", "}", ""])


def _opening(kind: str, name: str, depth: int) -> list[str]:
    pad, offset = "  " * depth, " ".join(f"{v:g}" for v in _OFFSETS_CM[name])
    return [f"{pad}{kind} {name}", f"{pad}{{", f"{pad}  OFFSET {offset}", f"{pad}  {_CHANNELS}"]


@dataclass
class _Joint:
    name: str
    parent: int | None
    channels: list[tuple[str, int]] = field(default_factory=list)

    def add_to_name(self, word: str) -> None:
        """A further word of a name with spaces."""
        if len(self.name) > MAX_NAME:
            raise ValueError("a name without end")
        self.name += f" {word}"


def read_bvh(path: Path) -> Motion:
    """Read head and eyes of a BVH: ours, or any whose joints are named like a head and eyes.

    The head's rotation is the product of all joints from the root to the head; without eye joints there are no eyes.

    Raises:
        FormatError: not a BVH, damaged, or without a head and eyes.
    """
    where = path.name
    readable(path, "a BVH file is accepted", max_bytes=MAX_BVH_BYTES)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise FormatError(f"{where}: is not text; a BVH file is accepted") from None
    hierarchy, found, motion_text = text.partition("MOTION")
    if not found or not hierarchy.lstrip().startswith("HIERARCHY"):
        raise FormatError(f"{where}: is no BVH (HIERARCHY .. MOTION)")
    joints = _joints(hierarchy, where)
    table, fps = _frames(motion_text, sum(len(j.channels) for j in joints), where)
    roles: dict[str, int] = {}
    for index, joint in enumerate(joints):
        role = role_of_bone(joint.name)
        if role is not None:
            roles.setdefault(role, index)
    channels: dict[str, Any] = {}
    if "Head" in roles:
        channels["head_rad"] = ypr_from_matrix(_world(joints, roles["Head"], table))
    if "LeftEye" in roles and "RightEye" in roles:
        base = np.eye(3) if "Head" not in roles else np.swapaxes(_world(joints, roles["Head"], table), -1, -2)
        eyes = [ypr_from_matrix(base @ _world(joints, roles[e], table))[:, :2] for e in ("LeftEye", "RightEye")]
        channels["eyes_rad"] = np.stack(eyes, axis=1)
    if not channels:
        names = ", ".join(cut(j.name, 40) for j in joints[:8])
        raise FormatError(f"{where}: no joint Head, nor LeftEye and RightEye; its joints begin with {names}")
    return Motion(fps=fps, meta={"generator": "BVH", "source": {"name": where}}, **channels)


def _joints(hierarchy: str, where: str) -> list[_Joint]:
    """The joints in file order, each with its channels and their columns; end sites are left out."""
    if len(hierarchy) > MAX_HIERARCHY:
        raise FormatError(f"{where}: a hierarchy of {len(hierarchy)} characters; {MAX_HIERARCHY} are accepted")
    words = hierarchy.split()
    joints: list[_Joint] = []
    stack: list[int | None] = []
    current: int | None = None
    column, at = 0, 1
    try:
        while at < len(words):
            word = words[at]
            if word in ("ROOT", "JOINT"):
                joints.append(_Joint(words[at + 1], stack[-1] if stack else None))
                current, at = len(joints) - 1, at + 2
            elif word == "End":
                current, at = None, at + 2
            elif word == "{":
                stack.append(current)
                at += 1
            elif word == "}":
                stack.pop()
                at += 1
            elif word == "OFFSET":
                at += 4
            elif word == "CHANNELS" and current is not None:
                names = _channel_names(words, at + 1)
                joints[current].channels = [(name, column + i) for i, name in enumerate(names)]
                column, at = column + len(names), at + 2 + len(names)
            else:
                joints[-1].add_to_name(word)
                at += 1
    except (IndexError, ValueError):
        raise FormatError(f"{where}: its hierarchy is damaged near word {at}") from None
    if not joints or stack or len(joints) > MAX_JOINTS:
        raise FormatError(f"{where}: its hierarchy is damaged (no joints, more than {MAX_JOINTS}, or open braces)")
    return joints


def _channel_names(words: list[str], at: int) -> list[str]:
    count = int(words[at])
    names = words[at + 1 : at + 1 + count]
    if not 0 <= count == len(names) <= MAX_CHANNELS:
        raise ValueError(f"{count} channels")
    return names


def _frames(text: str, width: int, where: str) -> tuple[Array, float]:
    lines = text.strip().splitlines()
    try:
        count = int(lines[0].split(":")[1][:20])
        step_s = float(lines[1].split(":")[1])
        numbers = array("d")
        for line in lines[2:]:
            numbers.extend(map(float, line.split()))
        table = np.array(numbers, float)
    except (IndexError, ValueError) as error:
        raise FormatError(f"{where}: its frames are damaged ({str(error)[:60]})") from None
    if not (0.001 <= step_s <= 1 and 1 <= count <= MAX_FRAMES):
        raise FormatError(
            f"{where}: {count} frames of {step_s:g} s; 1 frame or more at 1 to 1000 per second is accepted"
        )
    if table.size != count * width or not np.isfinite(table).all():
        raise FormatError(f"{where}: {table.size} finite numbers expected to be {count} frames of {width} channels")
    digits = len(lines[1].split(".")[-1].strip())
    near = [rate for rate in _KNOWN_RATES if math.isclose(rate * step_s, 1, rel_tol=2e-5)]
    fps = near[0] if near and digits < _EXACT_DIGITS else 1 / step_s
    return table.reshape(count, width), round(fps, 5)


def _world(joints: list[_Joint], index: int, table: Array) -> Array:
    """(T, 3, 3) rotation of a joint in space, away from its rest."""
    turn = np.broadcast_to(np.eye(3), (len(table), 3, 3))
    chain: list[int] = []
    at: int | None = index
    while at is not None:
        chain.append(at)
        at = joints[at].parent
    for joint in reversed(chain):
        own = np.broadcast_to(np.eye(3), turn.shape)
        for name, column in joints[joint].channels:
            if name.endswith("rotation"):
                own = own @ _about(name[0].upper(), np.radians(table[:, column]))
        turn = turn @ own
    return turn


def _about(axis: str, angle_rad: Array) -> Array:
    zero = np.zeros_like(angle_rad)
    columns = {"Y": (angle_rad, zero, zero), "X": (zero, -angle_rad, zero), "Z": (zero, zero, angle_rad)}
    return matrix_from_ypr(np.stack(columns.get(axis, (zero, zero, zero)), axis=-1))
