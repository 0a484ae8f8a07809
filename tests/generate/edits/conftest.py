"""One planned take for every test of edits, and what a viewer sees of the difference."""

import numpy as np
import pytest

import talkingeyes as te
from talkingeyes import rotations
from talkingeyes.generate.planned import PlannedTake
from talkingeyes.motion import Motion

from ..conftest import make_speech

DURATION_S = 24.0


@pytest.fixture(scope="session")
def take() -> PlannedTake:
    return te.plan_take(make_speech(DURATION_S), seed=3, fps=60)


@pytest.fixture(scope="session")
def plain(take: PlannedTake) -> Motion:
    return take.motion()


def changed_frames(one: Motion, two: Motion) -> np.ndarray:
    """Numbers of the frames in which any channel differs in any bit."""
    differs = np.zeros(one.num_frames, bool)
    for name, channel in one.channels.items():
        differs |= (channel != two.channels[name]).reshape(one.num_frames, -1).any(axis=1)
    return np.flatnonzero(differs)


def off_target_deg(motion: Motion, yaw_deg: float, pitch_deg: float) -> np.ndarray:
    """(T,) how far the gaze is from a place."""
    gaze = rotations.direction_from_yaw_pitch(motion.gaze_in_space_rad())
    goal = rotations.direction_from_yaw_pitch(np.radians([yaw_deg, pitch_deg]))
    return np.degrees(rotations.angle_between_rad(gaze, goal))


def open_eyes(motion: Motion) -> np.ndarray:
    """(T,) where no blink moves the eyes."""
    assert motion.lids is not None
    return motion.lids.max(axis=1) < 0.2
