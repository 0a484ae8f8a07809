"""What turns an avatar's eyes, measured on its mesh as it is deformed: bones, morph targets, or both, and how far.

Plain arrays in, so that a glTF file and a scene in Blender are judged by the same rule. All lengths are the file's own,
all axes the character's (+X to its left, +Y up, +Z out of the face).
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.avatar.eye_range import EyeRange, slide_range
from talkingeyes.avatar.eyeballs import LOOKS, Eyeball, rigid_turn, turned_eyeball
from talkingeyes.avatar.geometry import connected_pieces
from talkingeyes.avatar.names import Recipe
from talkingeyes.rotations import axis_angle_from_matrix, matrix_from_ypr

Array = NDArray[Any]
SIDES = ("Left", "Right")

_CARRIED = 0.49  # share of a vertex's weights on the eye bone, and below it, that makes it a part of the eye
_LID = 0.2  # what a blink moves by more than this share of its longest way is lid, whatever else moves it
_STILL_RAD = 0.0044  # a quarter of a degree: less is not turning
_PROBE_RAD = 0.1745  # the bones are turned by 10 degrees to see what follows
_WHOLE = 0.995  # share of the weights that is taken for all: 35 degrees are less than a quarter of a degree off
_IRIS = 0.5  # what lies further in front than this share of the half depth is taken for the iris
_SLIDES = 3.0  # distance of the pivot behind the eye, over half the eye's width, from which it slides more than turns


@dataclass(frozen=True)
class Patch:
    """A part of the avatar that is drawn, at rest.

    Attributes:
        mesh: what holds its weights: a glTF node, an object in Blender.
        points: (V, 3).
        edges: (E, 2) vertex numbers.
        shares: side -> (V,) how much of each vertex the eye bone and what hangs below it move, 0..1.
        looks: target -> what drives it, and (V, 3) how a weight of 1 moves the vertices; those with an eyeLook in it.
        blink: (V,) how far blinks move each vertex.
    """

    mesh: Hashable
    points: Array
    edges: Array
    shares: Mapping[str, Array]
    looks: Mapping[Hashable, tuple[Recipe, Array]]
    blink: Array

    def __post_init__(self) -> None:
        tables = (self.points, self.blink, *self.shares.values(), *(delta for _, delta in self.looks.values()))
        if not all(len(table) == len(self.points) and np.isfinite(table).all() for table in tables):
            raise ValueError("the tables of a mesh differ in length or hold what is no number")

    @cached_property
    def labels(self) -> Array:
        """(V,) number of the connected piece that each vertex belongs to."""
        return connected_pieces(self.points, self.edges)

    def look_delta(self, look: str, side: str) -> Array | None:
        """(V, 3) how eyeLook `look` of a side moves the vertices at 1, alone; None where it drives nothing here."""
        found = [
            min(gain, 1.0) * delta
            for recipe, delta in self.looks.values()
            for name, gain in _whole(recipe)
            if name == f"eyeLook{look}{side}"
        ]
        return np.sum(found, axis=0) if found else None


def _whole(recipe: Recipe) -> Iterator[tuple[str, float]]:
    """A target for both eyes is driven by both coefficients together: each at its part, the target at the sum."""
    total = sum(gain for _, gain in recipe if gain > 0)
    return ((name, total) for name, gain in recipe if gain > 0)


@dataclass(frozen=True)
class Eye:
    """One eye as measured.

    Attributes:
        by_bone: degrees that it turns per degree of its bone; 0 where no bone moves it.
        by_shapes: look -> degrees that the target alone turns it at 1.
        slides: whether a flat iris slides over the face rather than turns about a point inside the eye.
        centre: (3,) the point that it turns about.
        middle: (3,) of its vertices at rest.
        resting: (mesh, target) of the eyeLook targets that would turn it again where its bone does and, on their
            meshes, of those that move nothing.
        eyeball: how the eyeLook targets aim it, where they alone turn it about a point inside.
        reach: how far it may turn; None: as far as the motion does.
        size: the eye's width.
        shift: look -> share of its width by which the target moves it at 1.
        share: of the iris's weights that are on the bone; a bone that moves half of it must turn twice as far.
    """

    by_bone: float
    by_shapes: Mapping[str, float]
    slides: bool
    centre: Array
    middle: Array
    resting: frozenset[tuple[Hashable, Hashable]] = frozenset()
    eyeball: Eyeball | None = None
    reach: EyeRange | None = None
    size: float = 0.0
    shift: Mapping[str, float] = field(default_factory=dict)
    share: float = 1.0


@dataclass(frozen=True)
class EyePlan:
    """What shall turn the eyes, so that they turn once.

    Attributes:
        bones: whether the eye bones do.
        resting: (mesh, target) that stay at rest.
        eyeballs: side -> how the eyeLook targets aim it, where they turn both eyes alone.
        reach: how far the eyes turn; None: as far as the motion does.
        shares: side -> `Eye.share` of eyes that their bones carry in part.
    """

    bones: bool
    resting: frozenset[tuple[Hashable, Hashable]] = frozenset()
    eyeballs: Mapping[str, Eyeball] = field(default_factory=dict)
    reach: EyeRange | None = None
    shares: Mapping[str, float] = field(default_factory=dict)


def plan_eyes(eyes: Mapping[str, Eye], *, bones: bool) -> EyePlan:
    """Bones or morph targets turn the eyes, never both.

    Where bones do, the eyeLook targets that would turn an eye again stay at rest; those that move lids alone are
    driven, so that the lids still follow on avatars whose eyes are meshes of their own.

    Args:
        eyes: as measured.
        bones: whether the avatar has both eye bones and may use them.
    """
    if bones and any(eye.by_bone > 0 for eye in eyes.values()):
        ranges = [eye.reach for eye in eyes.values() if eye.reach is not None]
        resting = frozenset().union(*(eye.resting for eye in eyes.values()))
        shares = {side: eye.share for side, eye in eyes.items() if eye.by_bone > 0 and eye.share < 1}
        return EyePlan(True, resting, reach=EyeRange.narrowest(ranges) if ranges else None, shares=shares)
    balls = {side: eye.eyeball for side, eye in eyes.items() if eye.eyeball is not None}
    return EyePlan(False, eyeballs=balls if len(balls) == len(SIDES) else {})


def measure_eyes(
    patches: Sequence[Patch], pivots: Mapping[str, Array], author: EyeRange | None = None
) -> dict[str, Eye]:
    """Each eye that something turns, by side.

    Args:
        patches: everything that is drawn.
        pivots: side -> (3,) where the eye bone is.
        author: how far the avatar's own tables let the eye bones turn.
    """
    reach = max((float(p.blink.max(initial=0.0)) for p in patches), default=0.0)
    eyes = {}
    for side in SIDES:
        eye = None
        if side in pivots:
            eye = _carried_eye(patches, side, pivots[side], _LID * reach, author)
        eye = eye or _shape_eye(patches, side, _LID * reach)
        if eye is not None:
            eyes[side] = eye
    return eyes


def _lid_free(patch: Patch, lid: float) -> Array:
    return patch.blink <= lid if lid > 0 else np.ones(len(patch.points), bool)


# ------------------------------------------------------------------ eyes on bones


def _carried_eye(patches: Sequence[Patch], side: str, pivot: Array, lid: float, author: EyeRange | None) -> Eye | None:
    """The eye that a bone carries; None where it carries nothing but lids."""
    carried = [(p, np.flatnonzero((p.shares[side] > _CARRIED) & _lid_free(p, lid))) for p in patches]
    carried = [(p, rows) for p, rows in carried if len(rows)]
    if not carried:
        return None
    points = np.concatenate([p.points[rows] for p, rows in carried])
    shares = np.concatenate([p.shares[side][rows] for p, rows in carried])
    low, high = points.min(axis=0), points.max(axis=0)
    middle, half = (low + high) / 2, float((high - low)[:2].max() / 2)
    away = float(np.linalg.norm(middle - pivot))
    slides = away > _SLIDES * half > 0
    shapes, shifts = {}, {}
    for look in LOOKS:
        moved = _moved(carried, look, side)
        if moved is not None:
            shifts[look] = float(np.linalg.norm(moved.mean(axis=0))) / max(2 * half, 1e-12)
            shapes[look] = _turned_deg(points, moved, shifts[look] * 2 * half / max(away, 1e-12) if slides else None)
    resting = _resting(patches, carried, _STILL_RAD * _rms(points - pivot))
    own = author
    if slides and own is None and set(LOOKS) <= shapes.keys():
        own = EyeRange(*np.radians([(shapes["Out"] + shapes["In"]) / 2, shapes["Up"], shapes["Down"]]).tolist())
    reach = slide_range((low, high), pivot, _seats(patches, (low, high), side), own) if slides else None
    return Eye(
        _follows(points, shares, pivot),
        shapes,
        reach is not None,
        pivot,
        middle,
        resting,
        None,
        reach,
        2 * half,
        shifts,
        _share_of_iris(points, shares),
    )


def _resting(
    patches: Sequence[Patch], carried: Sequence[tuple[Patch, Array]], least: float
) -> frozenset[tuple[Hashable, Hashable]]:
    """(mesh, target) of the looks that turn the eye again, and of those on their meshes that move nothing at all."""
    again = {
        (patch.mesh, target)
        for patch, rows in carried
        for target, (_, delta) in patch.looks.items()
        if _rms(delta[rows]) > least
    }
    meshes = {mesh for mesh, _ in again}
    every = {(p.mesh, target) for p in patches if p.mesh in meshes for target in p.looks}
    moving = {(p.mesh, target) for p in patches for target, (_, delta) in p.looks.items() if np.any(delta)}
    return frozenset(again | (every - moving))


def _moved(carried: Iterable[tuple[Patch, Array]], look: str, side: str) -> Array | None:
    """(V, 3) how a look moves the eye's vertices; None where it leaves them."""
    parts = []
    for patch, rows in carried:
        delta = patch.look_delta(look, side)
        parts.append(np.zeros((len(rows), 3)) if delta is None else delta[rows])
    moved = np.concatenate(parts)
    return moved if np.any(moved) else None


def _turned_deg(points: Array, moved: Array, slid_rad: float | None) -> float:
    """By how much a look turns the eye: about its own middle, or by how far it slides, seen from the pivot."""
    if slid_rad is not None:
        return float(np.degrees(slid_rad))
    turn = rigid_turn(points - points.mean(axis=0), moved, most_left=1.0)
    return 0.0 if turn is None else float(np.degrees(np.linalg.norm(axis_angle_from_matrix(turn))))


def _follows(points: Array, shares: Array, pivot: Array) -> float:
    """Degrees that the eye turns per degree of its bone, as linear blend skinning moves it."""
    turn = matrix_from_ypr([_PROBE_RAD, 0.0, 0.0])
    moved = shares[:, None] * ((points - pivot) @ (turn - np.eye(3)).T)
    return _turned_deg(points, moved, None) / float(np.degrees(_PROBE_RAD))


def _share_of_iris(points: Array, shares: Array) -> float:
    """Mean share of what lies in front; 1 where it is all but whole, and no less than a half: led twice as far."""
    depth = points[:, 2]
    front = depth >= (depth.min() + depth.max()) / 2 + _IRIS * np.ptp(depth) / 2
    share = float(shares[front].mean())
    return 1.0 if share > _WHOLE else max(share, 0.5)


def _seats(patches: Sequence[Patch], box: tuple[Array, Array], side: str) -> Iterator[tuple[Array, Array]]:
    """Boxes of the connected pieces near an eye that it does not carry: the white that a drawn iris slides over."""
    middle, size = (box[0] + box[1]) / 2, float((box[1] - box[0])[:2].max())
    for patch in patches:
        near = np.all(np.abs(patch.points - middle) < 1.5 * size, axis=1) & (patch.shares[side] < _CARRIED)
        if not near.any():
            continue
        order = np.argsort(patch.labels, kind="stable")
        labels, starts = np.unique(patch.labels[order], return_index=True)
        low, high = (f.reduceat(patch.points[order], starts) for f in (np.minimum, np.maximum))
        wanted = np.isin(labels, patch.labels[near])
        yield from zip(low[wanted], high[wanted], strict=True)


# ------------------------------------------------------------------ eyes that morph targets alone turn


def _shape_eye(patches: Sequence[Patch], side: str, lid: float) -> Eye | None:
    """The largest piece that all four looks of a side turn; None where there is none."""
    found: list[tuple[int, Eyeball, Array]] = []
    for patch in patches:
        deltas = _alone(patch, side)
        if set(deltas) != set(LOOKS):
            continue
        moved = (np.linalg.norm(deltas["Out"], axis=1) > 0) & _lid_free(patch, lid)
        for label in np.unique(patch.labels[moved]):
            rows = np.flatnonzero(patch.labels == label)
            eyeball = turned_eyeball(patch.points[rows], {look: d[rows] for look, d in deltas.items()})
            if eyeball is not None and np.mean(moved[rows]) > 0.5:
                found.append((len(rows), eyeball, patch.points[rows]))
    if not found:
        return None
    _, eyeball, points = max(found, key=lambda each: each[0])
    half = float(np.ptp(points, axis=0)[:2].max() / 2)
    away = float(np.linalg.norm((points.min(axis=0) + points.max(axis=0)) / 2 - eyeball.pivot))
    slides = away > _SLIDES * half
    degrees = {
        look: float(np.degrees(2 * np.arcsin(min(np.linalg.norm(f) / 2, 1)))) for look, f in eyeball.front.items()
    }
    return Eye(
        0.0, degrees, slides, eyeball.pivot, eyeball.centre_m, eyeball=None if slides else eyeball, size=2 * half
    )


def _alone(patch: Patch, side: str) -> dict[str, Array]:
    """Look -> delta of the target that shows it alone, at gain 1."""
    names = {f"eyeLook{look}{side}": look for look in LOOKS}
    return {
        names[recipe[0][0]]: delta
        for recipe, delta in patch.looks.values()
        if len(recipe) == 1 and recipe[0][1] == 1.0 and recipe[0][0] in names
    }


def _rms(vectors: Array) -> float:
    return float(np.sqrt(np.mean(np.sum(np.square(vectors), axis=1)))) if len(vectors) else 0.0


def in_model_space(eye: Eye, to_model: Array) -> Eye:
    """The eye with its centre in another frame, (3, 3)."""
    ball = eye.eyeball
    moved = None if ball is None else replace(ball, centre_m=to_model @ ball.centre_m)
    return replace(eye, centre=to_model @ eye.centre, middle=to_model @ eye.middle, eyeball=moved)
