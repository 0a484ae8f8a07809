"""Lists of edits drawn at random: whatever they are, limits hold, and what they do not touch keeps its bytes."""

from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from talkingeyes.errors import EditsError
from talkingeyes.generate.planned import PlannedTake
from talkingeyes.motion import Motion

from ..test_takes import assert_limits
from .conftest import DURATION_S, changed_frames, off_target_deg, open_eyes


def drawn(take: PlannedTake, rng: np.random.Generator) -> dict[str, Any]:
    """One edit."""

    def number(low: float, high: float) -> float:
        return round(float(rng.uniform(low, high)), 3)

    events = take.events()
    shift, blink = (events[kind][int(rng.integers(1, len(events[kind])))] for kind in ("shifts", "blinks"))
    begin = number(0, DURATION_S - 1)
    span = {"from_s": begin, "to_s": min(DURATION_S, begin + number(0.3, 4))}
    place = {"yaw_deg": number(-42, 42), "pitch_deg": number(-20, 18)}
    roll = {**span, "seed": int(rng.integers(9))}
    choices: list[dict[str, Any]] = [
        {"do": "shift.add", "at_s": begin, **place},
        {"do": "shift.move", "event": shift["id"], "to_s": max(0, shift["at_s"] + number(-0.3, 0.3))},
        {"do": "shift.retarget", "event": shift["id"], **place},
        {"do": "shift.delete", "event": shift["id"]},
        {"do": "look", **span, **place},
        {"do": "stay", "event": shift["id"], "lasts_s": number(0.05, 4)},
        {"do": "blink.scale", "event": blink["id"], "by": 0.5},
        {"do": "nod", "at_s": begin, "size_deg": number(-8, 8)},
        {"do": "head.hold", **span},
        {"do": "offset", "channel": "gaze", **span, "yaw_deg": number(-15, 15)},
        {"do": "reroll", "channel": "gaze", **roll},
        {"do": "reroll", "channel": "head", **roll},
    ]
    return choices[int(rng.integers(len(choices)))]


@pytest.mark.parametrize("seed", range(16))
def test_any_list_of_edits_keeps_the_limits_and_what_it_does_not_touch(
    take: PlannedTake, plain: Motion, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    edits: list[dict[str, Any]] = []
    edited = take
    for _ in range(int(rng.integers(2, 6))):
        edit = drawn(take, rng)
        try:
            edited = take.edited([*edits, edit])
        except EditsError as error:
            assert error.index == len(edits) or "cannot be reached" in str(error)
            continue
        edits.append(edit)
    edited = take.edited(edits)
    motion = edited.motion()
    assert_limits(motion)
    assert all(one.onset_s <= two.onset_s for one, two in pairwise(edited.now.looks))
    changed = changed_frames(motion, plain) / 60
    told = np.zeros(len(changed), bool)
    for begin, end in take.changed_s(edited):
        told |= (changed >= begin - 1e-6) & (changed <= end + 1 / 60)
    assert told.all()
    if edits and edits[-1]["do"] == "reroll":
        moved = changed_frames(motion, take.edited(edits[:-1]).motion()) / 60
        assert ((moved >= edits[-1]["from_s"]) & (moved < edits[-1]["to_s"])).all()
    if edits and edits[-1]["do"] == "look":
        look = edits[-1]
        held = (motion.times_s > max(look["from_s"], 0.3) + 0.1) & (motion.times_s < look["to_s"] - 0.02)
        off = off_target_deg(motion, look["yaw_deg"], look["pitch_deg"])
        assert off[held & open_eyes(motion)].max(initial=0) < 0.5
