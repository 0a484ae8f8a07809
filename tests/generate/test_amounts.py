"""Amounts: 1 changes nothing, more is more, what is held is not touched, nonsense is named."""

from dataclasses import fields

import numpy as np
import pytest

import talkingeyes as te
from talkingeyes import rotations
from talkingeyes.audio import Speech
from talkingeyes.errors import SettingError
from talkingeyes.generate.amounts import CHANNEL_OF, MOODS, RANGES, Amounts, Held, amounts_of
from talkingeyes.generate.cues import cues_of
from talkingeyes.generate.plan import STEP_S
from talkingeyes.generate.statistical import StatisticalGenerator, plan_of
from talkingeyes.generate.streams import Streams
from talkingeyes.motion import Motion

from .conftest import make_speech
from .test_takes import assert_limits, npz_bytes

MODELS = ("statistical", "default")


@pytest.fixture(scope="module", params=MODELS)
def plain(request: pytest.FixtureRequest, speech: Speech) -> tuple[str, Motion]:
    return request.param, te.animate(speech, seed=3, model=request.param)


def test_the_tables_name_every_amount() -> None:
    assert set(RANGES) == set(CHANNEL_OF) == {f.name for f in fields(Amounts)}
    assert all(low <= getattr(Amounts, name) <= high for name, (low, high) in RANGES.items())


def test_the_default_changes_no_byte_and_is_not_recorded(speech: Speech, plain: tuple[str, Motion]) -> None:
    model, motion = plain
    named = te.animate(speech, seed=3, model=model, eye_contact=1, smile=0.0)
    assert (
        npz_bytes(named) == npz_bytes(te.animate(speech, seed=3, model=model, amounts=Amounts())) == npz_bytes(motion)
    )
    assert "amounts" not in motion.meta and "character" not in motion.meta


@pytest.mark.parametrize("mood", MOODS)
def test_a_mood_is_its_amounts_and_what_is_given_beside_it_counts(speech: Speech, mood: str) -> None:
    by_mood = te.animate(speech, seed=3, mood=mood, smile=0.3)
    by_name = te.animate(speech, seed=3, amounts=amounts_of({"smile": 0.3}, mood))
    assert npz_bytes(by_mood) == npz_bytes(by_name)
    assert by_mood.meta["amounts"] == {**MOODS[mood].changed, "smile": 0.3}
    assert_limits(by_mood)


def test_a_still_head_is_perfectly_still_and_its_eyes_live(speech: Speech, plain: tuple[str, Motion]) -> None:
    model, motion = plain
    still = te.animate(speech, seed=3, model=model, head_amount=0)
    assert still.head_rad is not None and motion.head_rad is not None and not still.head_rad.any()
    a, b = (rotations.direction_from_yaw_pitch(m.gaze_in_space_rad()) for m in (motion, still))
    apart = np.degrees(rotations.angle_between_rad(a, b))
    beyond = np.maximum(np.degrees(np.hypot(*motion.gaze_in_space_rad().T)) - 25, 0)
    assert np.percentile(apart - beyond, 90) < 1, "the eyes look where they looked, as far as they reach"
    assert (beyond == 0).mean() > 0.3
    half = te.animate(speech, seed=3, model=model, head_amount=0.5)
    assert half.head_rad is not None
    np.testing.assert_allclose(half.head_rad, motion.head_rad / 2, atol=1e-6)


@pytest.mark.parametrize("model", MODELS)
def test_brows_lids_and_smile_are_exact(speech: Speech, model: str) -> None:
    plain = te.animate(speech, seed=3, model=model)
    more = te.animate(speech, seed=3, model=model, brow=0.5, lid_openness=0.7, smile=0.3)
    assert plain.lids is not None and more.lids is not None
    np.testing.assert_allclose(more.coefficient("browInnerUp"), plain.coefficient("browInnerUp") / 2, atol=1e-6)
    np.testing.assert_allclose(1 - more.lids, 0.7 * (1 - plain.lids), atol=1e-6)
    added = more.coefficient("mouthSmileLeft") - plain.coefficient("mouthSmileLeft")
    assert added.min() >= -1e-6 and 0.25 < added.max() < 0.4
    assert more.head_rad is not None and plain.head_rad is not None and np.array_equal(more.head_rad, plain.head_rad)


def test_wide_eyes_close_when_they_blink(speech: Speech) -> None:
    wide = te.animate(speech, seed=3, lid_openness=1.5)
    assert wide.lids is not None
    for side, name in enumerate(("eyeWideLeft", "eyeWideRight")):
        shown = wide.coefficient(name)
        np.testing.assert_allclose(shown, 0.5 * (1 - wide.lids[:, side]), atol=1e-6)
    assert "eyeWideLeft" not in te.animate(speech, seed=3).face_names


def share_on_partner(speech: Speech, **options: float) -> float:
    cues = cues_of(speech, "speaking", round(speech.duration_s / STEP_S), mouth="none")
    inside = []
    for seed in range(3):
        plan = plan_of(StatisticalGenerator(amounts=Amounts(**options)), cues, Streams.from_seed(seed))
        onset = np.array([max(s.onset_s, 0.0) for s in plan.gaze] + [speech.duration_s])
        on = np.array([np.hypot(*s.target_rad) < np.radians(8) for s in plan.gaze])
        inside.append(float(np.sum(np.diff(onset) * on) / speech.duration_s))
    return float(np.mean(inside))


def shifts_of(speech: Speech, **options: float) -> int:
    cues = cues_of(speech, "speaking", round(speech.duration_s / STEP_S), mouth="none")
    generator = StatisticalGenerator(amounts=Amounts(**options))
    return sum(len(plan_of(generator, cues, Streams.from_seed(seed)).gaze) for seed in range(3))


def test_eye_contact_is_monotone_and_spans_people() -> None:
    speech = make_speech(200.0)
    shares = [share_on_partner(speech, eye_contact=amount) for amount in (0, 1, 2)]
    assert all(np.diff(shares) > 0), shares
    odds = [np.log(s / (1 - s)) for s in shares]
    assert 0.5 < odds[1] - odds[0] < 2.7 and 0.5 < odds[2] - odds[1] < 2.7, odds


def test_gaze_activity_is_how_often_the_gaze_shifts() -> None:
    speech = make_speech(90.0)
    counts = [shifts_of(speech, gaze_activity=amount) for amount in (0.5, 1, 2)]
    assert counts[0] < 0.75 * counts[1] and counts[2] > 1.3 * counts[1], counts


def test_a_slow_gaze_still_keeps_marks(speech: Speech) -> None:
    for model in MODELS:
        te.animate(speech, seed=2, model=model, gaze_activity=0.1, look="3.0-4.5 yaw=20,pitch=-5; 8-9 camera")


def test_blinks_come_as_often_as_asked() -> None:
    speech = make_speech(120.0)
    cues = cues_of(speech, "speaking", round(speech.duration_s / STEP_S), mouth="none")
    counts = {}
    for rate in (0.0, 0.5, 1.0, 2.0):
        generator = StatisticalGenerator(amounts=Amounts(blink_rate=rate))
        counts[rate] = sum(len(plan_of(generator, cues, Streams.from_seed(s)).blinks) for s in range(2))
    for rate, count in counts.items():
        assert count == pytest.approx(rate * counts[1.0], rel=0.35)


@pytest.mark.parametrize("name", RANGES)
@pytest.mark.parametrize("value", [-0.1, 5, float("nan"), float("inf"), "much", True])
def test_a_value_out_of_range_is_named(name: str, value: object) -> None:
    with pytest.raises(SettingError, match=rf"{name} is .*; {RANGES[name][0]:g} to {RANGES[name][1]:g} is accepted"):
        Amounts(**{name: value})  # type: ignore[arg-type]


@pytest.mark.parametrize("name", RANGES)
def test_an_amount_of_what_is_kept_is_refused_and_a_mood_leaves_it_alone(speech: Speech, name: str) -> None:
    take = te.animate(speech, seed=3)
    value = RANGES[name][0] + 0.7 * (RANGES[name][1] - RANGES[name][0])
    with pytest.raises(SettingError, match=f"{name} changes the {CHANNEL_OF[name]} and keep holds it"):
        te.animate(speech, keep=[CHANNEL_OF[name]], keep_from=take, **{name: value})
    for mood in MOODS:
        held = Held([CHANNEL_OF[name]])
        assert not {n for n in amounts_of({}, mood, held).changed if CHANNEL_OF[n] == CHANNEL_OF[name]}


def test_amounts_of_a_face_that_is_not_shown_are_refused(speech: Speech) -> None:
    for amount in ({"brow": 2.0}, {"smile": 0.2}, {"lid_openness": 1.2}):
        with pytest.raises(SettingError, match=f"{next(iter(amount))} of .* is shown by the face, which is none"):
            te.animate(speech, face="none", **amount)
    te.animate(speech, face="none", mood="lively", lid_openness=0.8)
    lips = te.animate(speech, seed=9)
    with pytest.raises(SettingError, match="smile moves the mouth"):
        te.animate(speech, face=lips, smile=0.2)
    wide = te.animate(speech, seed=3, face=lips, mood="lively", lid_openness=1.3)
    assert wide.coefficient("eyeWideLeft").max() == pytest.approx(0.3, abs=0.01)


def test_two_ways_at_once_and_unknown_moods_are_refused(speech: Speech) -> None:
    with pytest.raises(SettingError, match="one of the two ways"):
        te.animate(speech, amounts=Amounts(), mood="calm")
    with pytest.raises(SettingError, match=r"mood is 'gloomy'; calm, lively, .*attentive are accepted"):
        te.animate(speech, mood="gloomy")
