"""What a take of the learned generator is, and everything that its next step needs to know."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.generate.blinks import BlinkState
from talkingeyes.generate.face import FaceState
from talkingeyes.generate.gaze_bias import place_features, settled
from talkingeyes.generate.head import HeadState
from talkingeyes.generate.plan import ShiftQueue

Floats = NDArray[Any]


@dataclass(frozen=True)
class TakeStyle:
    """Who a take is.

    Attributes:
        style: (S,) standardised.
        biases: (FLOORS, BIASES).
        past: (rows,) gaze tokens of the time before the recording.
        past_gaze_deg: (2,) gaze before them.
        mirrored: half of the takes look to the right where the others look to the left.
    """

    style: Floats
    biases: Floats
    past: NDArray[np.int64]
    past_gaze_deg: Floats
    mirrored: bool

    @property
    def side(self) -> tuple[float, float]:
        """What yaw and pitch of a gaze are multiplied by."""
        return (-1.0, 1.0) if self.mirrored else (1.0, 1.0)


@dataclass(frozen=True)
class ShiftTargets:
    """Where the shifts of the vocabulary land.

    Attributes:
        gaze_rad: (2,) from there.
        places_rad: (N, 2) to there.
        share: (N,) when within the step.
        features: (1 + N, BIASES) see `gaze_bias.place_features`.
    """

    gaze_rad: Floats
    places_rad: Floats
    share: Floats
    features: Floats


def landings_of(gaze_rad: Floats, side: tuple[float, float], target_deg: Floats, share: Floats) -> ShiftTargets:
    """Targets (N, 2) of a network that works in degrees and left and right as ``side`` says, settled."""
    gaze_deg = np.degrees(gaze_rad) * side
    places_deg = settled(gaze_deg, target_deg.astype(float))
    return ShiftTargets(gaze_rad, np.radians(places_deg) * side, share, place_features(gaze_deg, places_deg))


@dataclass
class LearnedState:
    """Everything that a step needs from the steps before it."""

    index: int
    cache: Floats
    deaf_cache: Floats
    filled: Floats
    life: TakeStyle
    begun: int
    token: int
    latent: Floats
    target_rad: Floats
    shifted_s: float
    turned_s: float
    landed_s: float
    next_mark: int
    turn_handled_s: float
    hold_until_s: float
    distance_m: float
    blinks: BlinkState
    head: HeadState
    face: FaceState
    landings: ShiftTargets | None = None
    queue: ShiftQueue = field(default_factory=lambda: ShiftQueue([]))
