"""Eyes that morph targets turn: how far, about which point, and the weights that aim them; lids that looks move."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.rotations import axis_angle_from_matrix

Array = NDArray[Any]

LOOKS = ("Out", "In", "Up", "Down")
_MIN_VERTICES, _MIN_ANGLE_RAD, _MIN_AXIS = 8, 0.08, 0.9
_MAX_LEFT = 0.2  # share of a look's movement that is no rotation: avatars of the web have 9 to 10 %
_APART, _MEET, _MIN_PAIRS = 0.6, 0.15, 4  # of lid margins; lengths are shares of the blink's longest way


@dataclass(frozen=True)
class Eyeball:
    """One eye that morph targets turn, in the character's axes.

    Attributes:
        front: look (one of `LOOKS`) -> (3,) how far a weight of 1 moves the point one radius in front of the centre, in
            radii.
        centre_m: (3,) middle of its vertices at rest.
        pivot: (3,) the point that the looks turn it about.
    """

    front: Mapping[str, Array]
    centre_m: Array
    pivot: Array


def turned_eyeball(points: Array, deltas: Mapping[str, Array]) -> Eyeball | None:
    """How four looks turn one connected piece; None where they do not turn it, each about its own axis.

    Args:
        points: (V, 3) at rest, in the character's axes.
        deltas: look -> (V, 3) how a weight of 1 moves them.
    """
    if set(deltas) != set(LOOKS) or len(points) < _MIN_VERTICES:
        return None
    centre = points.mean(axis=0)
    front, turns = {}, {}
    for look, moved in deltas.items():
        turn = rigid_turn(points - centre, moved)
        if turn is None:
            return None
        axis_angle = axis_angle_from_matrix(turn)
        angle = float(np.linalg.norm(axis_angle))
        along = 1 if look in ("Out", "In") else 0
        if angle < _MIN_ANGLE_RAD or abs(axis_angle[along]) < _MIN_AXIS * angle:
            return None
        turns[look] = turn - np.eye(3)
        front[look] = turns[look][:, 2]
    system = np.concatenate([turns[look] for look in LOOKS])
    shifts = np.concatenate([turns[look] @ centre - deltas[look].mean(axis=0) for look in LOOKS])
    return Eyeball(front, centre, np.linalg.lstsq(system, shifts, rcond=None)[0])


def rigid_turn(points: Array, moved: Array, most_left: float = _MAX_LEFT) -> Array | None:
    """The rotation that takes points about their middle to ``points + moved`` up to a shift (Kabsch).

    Args:
        points: (V, 3) about their middle.
        moved: (V, 3).
        most_left: share of the movement that may be something else.

    Returns:
        (3, 3), or None where nothing moves or too much is left.
    """
    after = points + moved - moved.mean(axis=0)
    u, _, v = np.linalg.svd(after.T @ points)
    turn = u @ np.diag([1.0, 1.0, np.linalg.det(u @ v)]) @ v
    size = float(np.sqrt(np.mean(np.sum((after - points) ** 2, axis=1))))
    left = float(np.sqrt(np.mean(np.sum((after - points @ turn.T) ** 2, axis=1))))
    return turn if size > 0 and left <= most_left * size else None


def look_weights(eyeball: Eyeball, direction: Array, side: str) -> dict[str, Array]:
    """Weights of the looks that point an eyeball along ``direction``: blending is linear, so a plain system of three.

    Args:
        eyeball: as measured.
        direction: (T, 3) unit vectors in the head.
        side: ``"Left"`` or ``"Right"``.

    Returns:
        The four looks -> (T,) in 0..1.
    """
    count = len(direction)
    weights = {look: np.zeros(count) for look in LOOKS}
    outward = direction[:, 0] * (1 if side == "Left" else -1) >= 0
    upward = direction[:, 1] >= 0
    for side_look, side_rows in (("Out", outward), ("In", ~outward)):
        for high_look, high_rows in (("Up", upward), ("Down", ~upward)):
            rows = np.flatnonzero(side_rows & high_rows)
            if not len(rows):
                continue
            system = np.zeros((len(rows), 3, 3))
            system[:, :, 0] = direction[rows]
            system[:, :, 1], system[:, :, 2] = -eyeball.front[side_look], -eyeball.front[high_look]
            solved = np.linalg.solve(system, np.broadcast_to(np.array([[0.0], [0.0], [1.0]]), (len(rows), 3, 1)))
            weights[side_look][rows], weights[high_look][rows] = solved[:, 1, 0], solved[:, 2, 0]
    return {look: np.clip(values, 0.0, 1.0) for look, values in weights.items()}


@dataclass(frozen=True)
class LidShapes:
    """One mesh that closes an eye.

    Attributes:
        rest: (V, 3) positions at rest.
        blink: (V, 3) how eyeBlink = 1 moves them.
        down: (V, 3) how eyeLookDown = 1 does.
        labels: (V,) number of the connected piece that each vertex belongs to.
    """

    rest: Array
    blink: Array
    down: Array
    labels: Array


def lid_share(shapes: Iterable[LidShapes]) -> float | None:
    """How much of a blink looking down does: by how much it narrows the opening, over how much a blink does.

    The opening is what shuts an eye. Where the lower lid sinks with the gaze too, the upper lid's way alone says more
    than the eye shows, and a blink that counts on it stays open. Meshes without a lower lid are judged by the upper
    lid's way: there it is the same.

    Returns:
        0 .. 0.95, or None where nothing blinks.
    """
    shapes = list(shapes)
    openings = [narrowing for shape in shapes for narrowing in _narrowings(shape)]
    if openings:
        largest = max(size for size, _, _ in openings)  # the skin, not a row of lashes
        down = sum(down for size, down, _ in openings if size >= 0.5 * largest)
        blink = sum(blink for size, _, blink in openings if size >= 0.5 * largest)
    else:
        down, blink = (sum(values) for values in zip(*map(_along_blink, shapes), strict=True)) if shapes else (0.0, 0.0)
    return min(max(down / blink, 0.0), 0.95) if blink > 0 else None


def _narrowings(shape: LidShapes) -> Iterator[tuple[int, float, float]]:
    """Of each connected piece whose lids meet: its vertices, and what looking down and a blink take off the opening.

    Lid margins are pairs of vertices that are apart at rest and together when shut.
    """
    length = np.linalg.norm(shape.blink, axis=1)
    reach = float(length.max(initial=0.0))
    shut, movers = shape.rest + shape.blink, length > 0.5 * reach
    for label in np.unique(shape.labels[movers]):
        rows = np.flatnonzero(shape.labels == label)
        upper = rows[movers[rows]]
        low, high = shut[upper].min(axis=0) - _MEET * reach, shut[upper].max(axis=0) + _MEET * reach
        near = rows[np.all((shut[rows] >= low) & (shut[rows] <= high), axis=1)]
        apart = np.linalg.norm(shape.rest[upper][:, None] - shape.rest[near], axis=2)
        left = np.where(apart > _APART * reach, np.linalg.norm(shut[upper][:, None] - shut[near], axis=2), np.inf)
        nearest = left.argmin(axis=1)
        meets = left[np.arange(len(upper)), nearest] < _MEET * reach
        upper, lower = upper[meets], near[nearest[meets]]
        gap = shape.rest[lower] - shape.rest[upper]
        blink = float(np.sum((shape.blink[upper] - shape.blink[lower]) * gap))
        if len(upper) >= _MIN_PAIRS and blink > 0:
            yield len(rows), float(np.sum((shape.down[upper] - shape.down[lower]) * gap)), blink


def _along_blink(shape: LidShapes) -> tuple[float, float]:
    """Way of the vertices that a blink moves most, along it: of looking down, and of the blink."""
    length = np.linalg.norm(shape.blink, axis=1)
    lids = length > 0.5 * length.max(initial=0.0)
    return float(np.sum(shape.blink[lids] * shape.down[lids])), float(np.sum(shape.blink[lids] ** 2))
