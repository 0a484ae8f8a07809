"""Re-rolled ranges: other bytes inside, the same outside, and nothing jumps at the joins."""

import numpy as np
import pytest

from talkingeyes import rotations
from talkingeyes.generate.edits.reroll import blinks, gaze
from talkingeyes.generate.planned import PlannedTake
from talkingeyes.motion import Motion
from talkingeyes.rig import LIMITS

from ..test_takes import assert_limits, npz_bytes
from .conftest import DURATION_S, changed_frames

RANGES = [(0.0, 2.5), (3.0, 5.5), (7.31, 8.37), (11.0, 19.0), (20.0, DURATION_S)]
SHOWN_BY = {"gaze": "eyes_rad", "head": "head_rad", "blinks": "lids", "mouth": "face"}


def rerolled(take: PlannedTake, channels: str, span: tuple[float, float], seed: int) -> Motion:
    names = channels.split(",")
    return take.edited(
        [{"do": "reroll", "channel": name, "from_s": span[0], "to_s": span[1], "seed": seed} for name in names]
    ).motion()


@pytest.mark.parametrize("span", RANGES)
@pytest.mark.parametrize("channels", ["gaze", "head", "blinks", "mouth", "gaze,head,blinks,mouth"])
def test_outside_the_bytes_stay_and_nothing_jumps(
    take: PlannedTake, plain: Motion, channels: str, span: tuple[float, float]
) -> None:
    for seed in (8, 9):
        motion = rerolled(take, channels, span, seed)
        times_s = changed_frames(motion, plain) / 60
        assert (times_s >= span[0]).all() and (times_s < span[1]).all()
        assert_limits(motion)
        for name in SHOWN_BY.values():
            if name not in (SHOWN_BY[c] for c in channels.split(",")) and name != "eyes_rad":
                assert np.array_equal(motion.channels[name], plain.channels[name])
        assert_smooth(motion)


def assert_smooth(motion: Motion) -> None:
    """Gaze moves by saccades of human length, the head with the acceleration of a neck, lids as fast as they blink."""
    assert motion.head_rad is not None and motion.lids is not None
    direction = rotations.direction_from_yaw_pitch(motion.gaze_in_space_rad())
    speed = np.degrees(rotations.angle_between_rad(direction[1:], direction[:-1])) * motion.fps
    runs = np.flatnonzero(np.diff(np.concatenate([[0], (speed > 40).astype(int), [0]]))).reshape(-1, 2)
    assert (runs[:, 1] - runs[:, 0]).max(initial=0) <= 14
    turn = np.linalg.norm(np.diff(motion.head_rad, axis=0), axis=1) * motion.fps
    assert turn.max() < LIMITS.head_speed_rad_s and np.degrees(np.abs(np.diff(turn)).max()) * motion.fps < 2500
    assert np.abs(np.diff(motion.lids, axis=0)).max() * motion.fps < 35


@pytest.mark.parametrize("channel", ["gaze", "head", "blinks"])
def test_the_same_seed_is_the_same_bytes_and_others_differ(take: PlannedTake, channel: str) -> None:
    one, again, other = (rerolled(take, channel, (11.0, 19.0), seed) for seed in (4, 4, 5))
    assert npz_bytes(one) == npz_bytes(again)
    assert not np.array_equal(one.channels[SHOWN_BY[channel]], other.channels[SHOWN_BY[channel]])


def test_several_ranges_are_what_each_of_them_is_alone(take: PlannedTake) -> None:
    spans = [(3.0, 5.5), (11.0, 14.0)]
    both = take.edited(
        [{"do": "reroll", "channel": "gaze", "from_s": a, "to_s": b, "seed": 7} for a, b in spans]
    ).motion()
    for a, b in spans:
        alone, inside = rerolled(take, "gaze", (a, b), 7), slice(round(a * 60), round(b * 60))
        assert np.array_equal(alone.channels["eyes_rad"][inside], both.channels["eyes_rad"][inside])


def test_what_is_directed_stays_through_a_re_roll(take: PlannedTake) -> None:
    look = {"do": "look", "from_s": 12, "to_s": 13, "yaw_deg": 20}
    roll = {"do": "reroll", "channel": "gaze", "from_s": 11, "to_s": 15, "seed": 6}
    motion, without = take.edited([look, roll]).motion(), take.edited([look]).motion()
    assert np.array_equal(motion.channels["eyes_rad"][722:778], without.channels["eyes_rad"][722:778])
    times_s = changed_frames(motion, without) / 60
    assert len(times_s) and times_s.min() >= 11 and times_s.max() < 15


def test_a_re_rolled_head_follows_the_gaze_that_is_there(take: PlannedTake) -> None:
    look = {"do": "look", "from_s": 12.5, "to_s": 15, "yaw_deg": 45}
    roll = {"do": "reroll", "channel": "head", "from_s": 11, "to_s": 17, "seed": 6}
    motion = take.edited([look, roll]).motion()
    assert motion.head_rad is not None
    assert np.degrees(motion.head_rad[(14 * 60), 0]) > 8


def test_no_blink_is_cut_at_the_ends_of_a_range(take: PlannedTake) -> None:
    from talkingeyes.generate.edits.events import lid_events_of

    events = lid_events_of(take.base.blinks)
    cut = events[3].blink.onset_s + 0.1
    new = [event.blink for event in lid_events_of(take.base.blinks)][:1]
    kept = blinks(events, new, cut, cut + 4)
    assert events[3] in kept


def test_a_range_too_short_for_anything_new_changes_nothing(take: PlannedTake) -> None:
    from talkingeyes.generate.edits.events import looks_of

    looks = looks_of(take.base.gaze)
    assert gaze(looks, list(take.base.gaze), 5.0, 5.1, DURATION_S) == looks
