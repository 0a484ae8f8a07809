"""Following something that moves: smooth pursuit with limits, and saccades that catch up.

Pursuit keeps up with targets of up to about 40 deg/s and then falls behind; errors beyond a degree or two are made up
for by saccades, not more often than five a second (Lisberger 1987; de Brouwer 2002).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from talkingeyes import rotations
from talkingeyes.generate import saccade
from talkingeyes.generate.plan import PLAN_RATE_HZ, GazePath, GazeShift
from talkingeyes.generate.targets import Target

Floats = NDArray[np.float64]

FASTEST_RAD_S = np.radians(40.0)
QUICKEST_RAD_S2 = np.radians(300.0)
"""The eyes gather speed no faster."""
PULL_PER_S = 4.0
"""Error that pursuit makes up for in a second, over the error."""
CATCH_UP_RAD = np.radians(1.5)
APART_S = 0.2
"""A saccade that catches up comes no sooner after the last."""


def following(
    target: Target, from_s: float, to_s: float, before_rad: Floats, earliest_s: float = -1e9
) -> list[GazeShift]:
    """The shifts of a look at a target: one where it stands still, more where it moves too fast to be followed.

    Args:
        target: what is looked at.
        from_s: the gaze is on it from here on.
        to_s: end of the look.
        before_rad: (2,) where the gaze comes from.
        earliest_s: the first saccade starts no sooner; the gaze may then be late.

    Returns:
        Shifts in time order, held until ``to_s``.
    """
    gaze, distance = target.at(np.array([from_s]))
    onset_s = max(from_s - saccade.travel_s(before_rad, gaze[0]), earliest_s)
    stay_s = to_s - onset_s
    if not target.moves:
        return [GazeShift(onset_s, float(gaze[0, 0]), float(gaze[0, 1]), float(distance[0]), stay_s, to_s)]
    times_s = onset_s + np.arange(max(2, int(np.ceil((to_s - onset_s) * PLAN_RATE_HZ)) + 1)) / PLAN_RATE_HZ
    goal, far = target.at(times_s)
    return _pieces(_Chase(times_s, goal, far), onset_s, before_rad, to_s)


class _Chase:
    """A target's track at `PLAN_RATE_HZ`, and the eyes' own way after it from a sample on."""

    def __init__(self, times_s: Floats, goal_rad: Floats, distance_m: Floats) -> None:
        self.times_s, self.goal, self.distance = times_s, goal_rad, distance_m
        self.speed = np.gradient(goal_rad, axis=0) * PLAN_RATE_HZ

    def from_sample(self, first: int) -> tuple[Floats, int]:
        """(n, 2) the gaze from sample ``first`` on, where it is on the target, to the sample where it must catch up."""
        dt = 1 / PLAN_RATE_HZ
        gaze, speed = [self.goal[first]], _within(self.speed[first], FASTEST_RAD_S)
        for i in range(first + 1, len(self.times_s)):
            error = self.goal[i] - gaze[-1]
            apart = float(np.hypot(error[0] * np.cos(self.goal[i, 1]), error[1]))
            if apart > CATCH_UP_RAD and (i - first) * dt >= APART_S:
                return np.array(gaze), i
            wanted = _within(self.speed[i] + PULL_PER_S * (error - self.speed[i] * dt), FASTEST_RAD_S)
            speed = speed + _within(wanted - speed, QUICKEST_RAD_S2 * dt)
            gaze.append(gaze[-1] + speed * dt)
        return np.array(gaze), len(self.times_s)


def _pieces(chase: _Chase, onset_s: float, before_rad: Floats, to_s: float) -> list[GazeShift]:
    shifts: list[GazeShift] = []
    came_from = before_rad
    while True:
        lands_s, first = onset_s, 0
        for _ in range(3):  # where it lands decides how long it takes
            first = min(int(np.ceil((lands_s - chase.times_s[0]) * PLAN_RATE_HZ - 1e-9)), len(chase.times_s) - 1)
            lands_s = onset_s + saccade.travel_s(came_from, chase.goal[first])
        gaze, last = chase.from_sample(first)
        path = GazePath(float(chase.times_s[first]), gaze, chase.distance[first : first + len(gaze)])
        yaw, pitch = chase.goal[first]
        shifts.append(
            GazeShift(onset_s, float(yaw), float(pitch), float(chase.distance[first]), to_s - onset_s, to_s, path)
        )
        if last >= len(chase.times_s):
            return shifts
        onset_s, came_from = float(chase.times_s[last]), gaze[-1]


def _within(vector: Floats, most: float) -> Floats:
    size = float(np.hypot(*vector))
    return vector if size <= most else vector * (most / size)


def apart_rad(one_rad: Floats, two_rad: Floats) -> float:
    """Angle between two directions (2,)."""
    one, two = (rotations.direction_from_yaw_pitch(a) for a in (one_rad, two_rad))
    return float(rotations.angle_between_rad(one, two))
