"""Edits do what they say, within half a degree and a frame; everything else keeps its bytes."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import talkingeyes as te
from talkingeyes import rotations
from talkingeyes.errors import EditsError
from talkingeyes.generate.edits.read import Edits, edits_of
from talkingeyes.generate.edits.table import KINDS
from talkingeyes.generate.planned import PlannedTake
from talkingeyes.motion import Motion

from ..conftest import make_speech
from ..test_takes import assert_limits, npz_bytes
from .conftest import DURATION_S, changed_frames, off_target_deg, open_eyes


def shift_near(take: PlannedTake, at_s: float) -> dict:
    """The shift of more than 3 deg nearest to a time."""
    shifts = [e for e in take.events()["shifts"] if e["size_deg"] > 3]
    return min(shifts, key=lambda e: abs(e["at_s"] - at_s))


def blink_in(take: PlannedTake) -> dict:
    return take.events()["blinks"][2]


def one_of_each(take: PlannedTake) -> dict[str, dict]:
    shift, blink = shift_near(take, 10)["id"], blink_in(take)
    return {
        "shift.add": {"at_s": 10.0, "yaw_deg": 20, "pitch_deg": 4},
        "shift.move": {"event": shift, "to_s": shift_near(take, 10)["at_s"] + 0.03},
        "shift.retarget": {"event": shift, "yaw_deg": -25, "pitch_deg": -8},
        "shift.delete": {"event": shift},
        "look": {"from_s": 9.0, "to_s": 11.0, "yaw_deg": 30, "pitch_deg": -10},
        "stay": {"event": shift, "lasts_s": 2.0},
        "blink.add": {"at_s": 10.0},
        "blink.move": {"event": blink["id"], "to_s": 10.0},
        "blink.delete": {"event": blink["id"]},
        "blink.scale": {"event": blink["id"], "by": 0.4},
        "nod": {"at_s": 10.0, "size_deg": 8, "count": 2},
        "tilt": {"from_s": 9.0, "to_s": 11.0, "roll_deg": 10},
        "head.hold": {"from_s": 9.0, "to_s": 11.0},
        "brows": {"from_s": 9.0, "to_s": 11.0, "amount": 0.6},
        "smile": {"from_s": 9.0, "to_s": 11.0, "amount": 0.5},
        "offset": {"channel": "head", "from_s": 9.0, "to_s": 11.0, "pitch_deg": 8},
        "reroll": {"channel": "head", "from_s": 9.0, "to_s": 11.0, "seed": 5},
    }


def test_no_edits_are_the_same_bytes(take: PlannedTake, plain: Motion) -> None:
    assert npz_bytes(te.animate(take.speech, seed=3, fps=60, edits=[])) == npz_bytes(plain)
    assert npz_bytes(take.edited([{"do": "blink.add", "at_s": 3}]).edited(None).motion()) == npz_bytes(plain)


@pytest.mark.parametrize("do", KINDS)
def test_every_edit_changes_its_neighbourhood_alone(take: PlannedTake, plain: Motion, do: str) -> None:
    edit = {"do": do, **one_of_each(take)[do]}
    edited = take.edited([edit])
    motion = edited.motion()
    changed = changed_frames(motion, plain) / 60
    assert len(changed)
    assert_limits(motion)
    spans = take.changed_s(edited)
    told = np.zeros(len(changed), bool)
    for begin, end in spans:
        told |= (changed >= begin - 1e-6) & (changed <= end + 1 / 60)
    assert told.all(), "a frame differs that changed_s does not tell"
    assert sum(end - begin for begin, end in spans) < 6


def test_the_same_edits_are_the_same_bytes_through_animate_too(take: PlannedTake) -> None:
    every = one_of_each(take)
    edits = [{"do": do, **every[do]} for do in KINDS if do not in ("shift.delete", "stay", "blink.delete")]
    animated = te.animate(take.speech, seed=3, fps=60, edits=edits)
    assert npz_bytes(take.edited(edits).motion()) == npz_bytes(animated)
    assert animated.meta["edits"] == {"version": 1, "edits": edits}


@pytest.mark.parametrize("place", [(0, 0), (25, -5), (-40, 10), (58, 0), (0, -33), (10, 30)])
@pytest.mark.parametrize("from_s", [0.0, 0.2, 9.0, DURATION_S - 2])
def test_a_look_is_at_its_place_within_half_a_degree(
    take: PlannedTake, place: tuple[float, float], from_s: float
) -> None:
    to_s = from_s + 2
    edit = {"do": "look", "from_s": from_s, "to_s": to_s, "yaw_deg": place[0], "pitch_deg": place[1]}
    motion = take.edited([edit]).motion()
    held = (motion.times_s >= from_s + 0.02) & (motion.times_s <= to_s - 0.02) & open_eyes(motion)
    if from_s == 0.2:
        held &= motion.times_s > 0.4
    assert off_target_deg(motion, *place)[held].max() < 0.5
    assert_limits(motion)


def test_the_head_follows_a_look_far_aside_and_comes_back(take: PlannedTake, plain: Motion) -> None:
    motion = take.edited([{"do": "look", "from_s": 9, "to_s": 11.5, "yaw_deg": 45}]).motion()
    assert motion.head_rad is not None and plain.head_rad is not None
    more = np.degrees(motion.head_rad[:, 0] - plain.head_rad[:, 0])
    assert more[round(10.5 * 60)] > 15
    # A head that has far to go starts up to a second before the eyes.
    assert np.abs(more[: round(8.0 * 60)]).max() == 0 and np.abs(more[round(12.6 * 60) :]).max() == 0


def test_edited_gaze_moves_by_saccades(take: PlannedTake) -> None:
    edits = [
        {"do": "look", "from_s": 9, "to_s": 11, "yaw_deg": 20},
        {"do": "shift.add", "at_s": 14, "yaw_deg": -15},
    ]
    motion = take.edited(edits).motion()
    direction = rotations.direction_from_yaw_pitch(motion.gaze_in_space_rad())
    speed = np.degrees(rotations.angle_between_rad(direction[1:], direction[:-1])) * 60
    fast = np.concatenate([[0], (speed > 40).astype(int), [0]])
    runs = np.flatnonzero(np.diff(fast)).reshape(-1, 2)
    assert (runs[:, 1] - runs[:, 0]).max() <= 14
    moving = [(a, b) for a, b in runs if 8.7 * 60 < a < 9.1 * 60]
    assert len(moving) >= 1 and moving[-1][1] / 60 <= 9.03


def test_events_are_named_by_id_by_about_their_time_or_by_what_is_nearest(take: PlannedTake) -> None:
    shift = shift_near(take, 10)
    about = f"shift@{shift['at_s'] + 0.004:.3f}"
    made = [
        npz_bytes(take.edited([{"do": "shift.delete", **name}]).motion().replace(meta={}))
        for name in ({"event": shift["id"]}, {"event": about}, {"near_s": shift["at_s"] + 0.01})
    ]
    assert made[0] == made[1] == made[2]


def test_an_id_stays_when_its_event_is_moved(take: PlannedTake) -> None:
    shift = shift_near(take, 10)
    moved = {"do": "shift.move", "event": shift["id"], "to_s": shift["at_s"] + 0.03}
    again = take.edited([moved, {"do": "shift.retarget", "event": shift["id"], "yaw_deg": 22}])
    found = next(e for e in again.events()["shifts"] if e["id"] == shift["id"])
    assert found["at_s"] == pytest.approx(shift["at_s"] + 0.03, abs=2e-4) and found["yaw_deg"] == pytest.approx(22)


def test_a_stay_lasts_as_long_as_it_says(take: PlannedTake) -> None:
    shift = shift_near(take, 10)
    for lasts_s in (0.3, 1.7, 4.0):
        events = take.edited([{"do": "stay", "event": shift["id"], "lasts_s": lasts_s}]).events()["shifts"]
        assert next(e for e in events if e["id"] == shift["id"])["lasts_s"] == pytest.approx(lasts_s, abs=0.13)


def test_blinks_are_added_moved_scaled_and_taken_out(take: PlannedTake, plain: Motion) -> None:
    blink = blink_in(take)
    at = slice(round(blink["at_s"] * 60), round((blink["at_s"] + blink["lasts_s"]) * 60))
    assert plain.lids is not None
    gone = take.edited([{"do": "blink.delete", "event": blink["id"]}]).motion().lids
    less = take.edited([{"do": "blink.scale", "event": blink["id"], "by": 0.5}]).motion().lids
    more = take.edited([{"do": "blink.add", "at_s": 10.0, "closure": 0.9, "lasts_s": 0.4}]).motion().lids
    assert gone is not None and less is not None and more is not None
    assert gone[at].max() < 0.12 and less[at].max() == pytest.approx(plain.lids[at].max() / 2, abs=0.08)
    assert more[600:625].max() == pytest.approx(0.9, abs=0.05)


def test_a_held_head_is_still_and_a_nod_goes_down(take: PlannedTake) -> None:
    held = take.edited([{"do": "head.hold", "from_s": 9, "to_s": 12}]).motion().head_rad
    nods = take.edited(
        [{"do": "head.hold", "from_s": 9, "to_s": 12}, {"do": "nod", "at_s": 10.5, "size_deg": 9}]
    ).motion()
    assert held is not None and nods.head_rad is not None
    assert np.degrees(np.ptp(held[580:680], axis=0)).max() < 1e-3
    assert np.degrees(held[630, 1] - nods.head_rad[630, 1]) == pytest.approx(9, abs=0.3)
    assert off_target_deg(nods, 0, 0).shape == (nods.num_frames,)


def test_parts_of_an_edited_take_equal_the_whole(take: PlannedTake) -> None:
    edited = take.edited([{"do": "look", "from_s": 9, "to_s": 11, "yaw_deg": 30}])
    whole, part = edited.motion(), edited.motion(range(500, 700))
    for name, channel in part.channels.items():
        assert np.array_equal(channel, whole.channels[name][500:700])


def test_edits_that_contradict_are_refused_by_number_field_and_what_is_accepted(take: PlannedTake) -> None:
    shift = shift_near(take, 10)
    cases: list[tuple[list[dict], int, str, str]] = [
        ([{"do": "shift.move", "event": shift["id"], "to_s": 20.0}], 0, "to_s", "between its neighbours, is accepted"),
        ([{"do": "blink.add", "at_s": 1.0}, {"do": "shift.delete", "event": "shift@99.000"}], 1, "event", "nearest is"),
        ([{"do": "shift.delete", "near_s": 500.0}], 0, "near_s", "within 0.25 s"),
        ([{"do": "blink.add", "at_s": 30.0}], 0, "at_s", "ends at 24.00 s"),
        ([{"do": "tilt", "from_s": 1, "to_s": 1.2, "roll_deg": 20}], 0, "to_s", "at least"),
        ([{"do": "nod", "at_s": 1, "size_deg": 20, "period_s": 0.3}], 0, "period_s", "at least"),
        ([{"do": "look", "from_s": 1, "to_s": 2, "target": "moon"}], 0, "target", "'moon'"),
        ([{"do": "shift.delete", "event": "shift@-1.000"}], 0, "event", "only shift.retarget is accepted"),
    ]
    for edits, index, field, words in cases:
        with pytest.raises(EditsError) as caught:
            take.edited(edits)
        assert caught.value.index == index and caught.value.field == field
        assert words in str(caught.value) and f"edit {index + 1} of {len(edits)}" in str(caught.value)


def test_a_look_that_a_held_head_puts_out_of_reach_is_refused(take: PlannedTake) -> None:
    hold = {"do": "offset", "channel": "head", "yaw_deg": -40}
    with pytest.raises(EditsError, match=r"edit 2 of 2 \(look\): cannot be reached"):
        take.edited([hold, {"do": "look", "from_s": 9, "to_s": 11, "yaw_deg": 30}])


def lenient(edits: list[dict]) -> Edits:
    return replace(edits_of(edits), lenient=True)


def test_lenient_edits_that_do_not_apply_are_left_out_and_named(take: PlannedTake) -> None:
    shift = shift_near(take, 10)
    good = [{"do": "offset", "channel": "head", "yaw_deg": -40}, {"do": "blink.add", "at_s": 3.0}]
    idle = [
        {"do": "shift.retarget", "event": "shift@99.000", "yaw_deg": 5},
        {"do": "shift.move", "event": shift["id"], "to_s": 20.0},
        {"do": "look", "from_s": 9, "to_s": 11, "yaw_deg": 30},
        {"do": "blink.delete", "near_s": 500.0},
        {"do": "shift.add", "at_s": 12.0, "target": "moon"},
    ]
    found = take.edited(lenient([good[0], *idle, good[1]]))
    assert [row["edit"] for row in found.events()["left_out"]] == [1, 2, 3, 4, 5]
    assert found.now.plan.gaze == take.edited(good).now.plan.gaze
    for name, channel in take.edited(good).motion().channels.items():
        assert np.array_equal(channel, found.motion().channels[name])
    for number, line in enumerate(found.motion().meta["edits"]["left_out"], 2):
        assert f"edit {number} of 7 " in line and "does not apply now" in line
    with pytest.raises(EditsError, match=r"edit 1 of 1 .*ends at 24\.00 s"):
        take.edited(lenient([{"do": "blink.add", "at_s": 30.0}]))


def test_what_a_take_does_not_make_itself_is_not_edited(take: PlannedTake, plain: Motion) -> None:
    cases: list[tuple[dict, dict[str, Any], str]] = [
        ({"do": "nod", "at_s": 1}, {"keep": ("head",), "keep_from": plain}, "keep holds it"),
        ({"do": "smile", "from_s": 1, "to_s": 2, "amount": 0.2}, {"face": "none"}, "which is none"),
    ]
    for edit, options, words in cases:
        with pytest.raises(EditsError, match=words):
            te.animate(take.speech, fps=60, edits=[edit], **options)


def test_gaze_edits_beside_a_kept_head_leave_it_as_it_is(take: PlannedTake, plain: Motion) -> None:
    edit = {"do": "look", "from_s": 9, "to_s": 11, "yaw_deg": 20}
    other = te.animate(take.speech, seed=9, fps=60, keep=("head",), keep_from=plain, edits=[edit])
    assert np.array_equal(other.channels["head_rad"], plain.channels["head_rad"])
    held = (other.times_s >= 9.02) & (other.times_s < 10.98) & open_eyes(other)
    assert off_target_deg(other, 20, 0)[held].max() < 0.5


@pytest.mark.parametrize("model", ["joint", "statistical"])
def test_other_models_are_edited_too(model: str) -> None:
    take = te.plan_take(make_speech(8), seed=2, model=model)
    edits = [
        {"do": "look", "from_s": 3, "to_s": 4, "yaw_deg": 25},
        {"do": "reroll", "channel": "gaze", "from_s": 5, "to_s": 7, "seed": 3},
        {"do": "reroll", "channel": "head", "from_s": 5, "to_s": 7, "seed": 3},
    ]
    motion = take.edited(edits).motion()
    held = (motion.times_s >= 3.05) & (motion.times_s < 3.95) & open_eyes(motion)
    assert off_target_deg(motion, 25, 0)[held].max() < 0.5
    changed = changed_frames(motion, take.motion()) / 30
    assert changed.max() < 7
