"""Frames on the wire: what goes out comes back, the schema holds, and hostile messages are one clear error each."""

import json
import math
from typing import Any

import msgpack
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from talkingeyes.errors import FormatError
from talkingeyes.formats.arkit_table import table_of
from talkingeyes.live import frames
from talkingeyes.live.frame_rows import arkit_weights
from talkingeyes.live.frames import Frame, Hello
from talkingeyes.motion import Motion
from talkingeyes.rig import ARKIT_NAMES, FACE_NAMES


def moving(count: int = 12, start: int = 0) -> Motion:
    """Every channel moves, some beyond what exporters allow."""
    rng = np.random.default_rng(start)
    return Motion(
        fps=30.0,
        head_rad=rng.normal(0, 0.3, (count, 3)),
        eyes_rad=rng.normal(0, 0.4, (count, 2, 2)),
        lids=rng.random((count, 2)),
        face=rng.random((count, len(FACE_NAMES))),
        face_names=FACE_NAMES,
        meta={"start_frame": start, "role": "speaking"},
    )


def of_frame(**changes: Any) -> dict[str, Any]:
    return {**frames.as_data(frames.frames_of(moving(1), "a")[0]), **changes}


def test_the_weights_are_those_of_our_live_link_files() -> None:
    motion = moving()
    np.testing.assert_allclose(arkit_weights(motion), table_of(motion)[:, :52], atol=1e-6)


def test_frames_are_numbered_from_where_the_session_is() -> None:
    found = frames.frames_of(moving(3, start=60), "a")
    assert [frame.number for frame in found] == [60, 61, 62]
    assert [frame.time_s for frame in found] == [2.0, 2.033333, 2.066667]
    assert found[0].role == "speaking"


def test_a_frame_comes_back_whole() -> None:
    for frame in frames.frames_of(moving(), "a"):
        assert frames.decode(frames.encode(frame, "json")) == frame
        back = frames.decode(frames.encode(frame, "msgpack"))
        assert isinstance(back, Frame)
        assert (back.session, back.number, back.time_s, back.role) == ("a", frame.number, frame.time_s, frame.role)
        for name in ("head_rad", "eyes_rad", "lids", "weights"):
            np.testing.assert_allclose(getattr(back, name), getattr(frame, name), atol=1e-7)


def test_a_frame_far_into_a_day_keeps_its_time() -> None:
    frame = frames.frames_of(moving(1, start=24 * 3600 * 30 + 1))[0]
    back = frames.decode(frames.encode(frame, "msgpack"))
    assert isinstance(back, Frame)
    assert back.time_s == frame.time_s


@pytest.mark.parametrize("form", frames.FORMS)
def test_a_hello_comes_back_whole(form: str) -> None:
    hello = Hello("a", 29.97, ARKIT_NAMES, {"gaze": 0.12, "mouth": 0.15})
    assert frames.decode(frames.encode(hello, form)) == hello


def test_left_stays_left_and_up_stays_up() -> None:
    eyes = np.zeros((1, 2, 2))
    eyes[..., 0], eyes[..., 1] = 0.2, 0.1  # to the character's left, and up
    frame = frames.frames_of(Motion(fps=30, eyes_rad=eyes, lids=np.array([[1.0, 0.0]])))[0]
    weights = dict(zip(ARKIT_NAMES, frame.weights, strict=True))
    assert weights["eyeLookOutLeft"] > 0.2
    assert weights["eyeLookInRight"] > 0.2
    assert weights["eyeLookUpLeft"] > 0.1
    assert weights["eyeLookOutRight"] == weights["eyeLookInLeft"] == weights["eyeLookDownRight"] == 0
    assert (weights["eyeBlinkLeft"], weights["eyeBlinkRight"]) == (1.0, 0.0)


@pytest.mark.parametrize("form", frames.FORMS)
def test_the_schema_holds_what_is_sent_and_refuses_the_rest(form: str) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    check = jsonschema.Draft202012Validator(frames.schema())
    check.check_schema(frames.schema())
    for message in (Hello("a", 30.0), *frames.frames_of(moving(3), "a")):
        data = frames.encode(message, form)
        check.validate(json.loads(data) if isinstance(data, str) else msgpack.unpackb(data))
    for wrong in ({}, of_frame(frame=-1), of_frame(lids=[0]), of_frame(weights=[2.0]), of_frame(head_rad=["a"] * 3)):
        assert not check.is_valid(wrong)


WRONG = {
    "another version": of_frame(version=2),
    "true for a version": of_frame(version=True),
    "no type": {k: v for k, v in of_frame().items() if k != "type"},
    "a half frame number": of_frame(frame=1.5),
    "a frame number before 0": of_frame(frame=-1),
    "a time that is text": of_frame(time_s="1"),
    "no time": {k: v for k, v in of_frame().items() if k != "time_s"},
    "two lids too few": of_frame(lids=[]),
    "a lid beyond closed": of_frame(lids=[0, 2]),
    "weights without end": of_frame(weights=[0.0] * 300),
    "a weight that is an object": of_frame(weights=[{}]),
    "a head turned round and round": of_frame(head_rad=[0, 0, 9]),
    "a session that is a number": of_frame(session=7),
    "a session without end": of_frame(session="a" * 200),
    "an unknown role": of_frame(role="singing"),
    "a list": [1],
    "a hello of another protocol": {**frames.as_data(Hello("a", 30.0)), "protocol": "x"},
    "a hello without names": {**frames.as_data(Hello("a", 30.0)), "names": []},
    "a hello with a wrong rate": {**frames.as_data(Hello("a", 30.0)), "fps": 0},
    "a hello with numbers for names": {**frames.as_data(Hello("a", 30.0)), "names": [1]},
}


@pytest.mark.parametrize("data", WRONG.values(), ids=WRONG)
def test_a_wrong_message_is_one_clear_error(data: Any) -> None:
    for message in (json.dumps(data), msgpack.packb(data)):
        with pytest.raises(FormatError, match="message ") as caught:
            frames.decode(message)
        assert "\n" not in str(caught.value)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_is_not_finite_is_refused(value: float) -> None:
    for field in ("lids", "head_rad"):
        data = of_frame(**{field: [value] * (2 if field == "lids" else 3)})
        with pytest.raises(FormatError):
            frames.decode(json.dumps(data))
        with pytest.raises(FormatError, match=field):
            frames.decode(msgpack.packb(data))


def test_a_giant_message_is_refused_unread() -> None:
    for data in ("[" * 100_000, b"\xdd\xff\xff\xff\xff" + bytes(100_000)):
        with pytest.raises(FormatError, match="bytes"):
            frames.decode(data)
    with pytest.raises(FormatError):  # an array that says it has 4e9 items
        frames.decode(b"\xdd\xff\xff\xff\xff")


def test_half_a_message_is_refused() -> None:
    for form in frames.FORMS:
        whole = frames.encode(frames.frames_of(moving(1))[0], form)
        for end in range(0, len(whole) - 1, 7):
            with pytest.raises(FormatError):
                frames.decode(whole[:end])


@given(st.one_of(st.binary(max_size=400), st.text(max_size=400)))
def test_garbage_is_one_error_and_nothing_else(data: str | bytes) -> None:
    with pytest.raises(FormatError):
        frames.decode(data)


def test_parts_that_follow_each_other_are_joined() -> None:
    whole = frames.concatenated([moving(4), moving(3, start=4), moving(1, start=7)])
    assert whole.num_frames == 8
    with pytest.raises(FormatError, match="frame 4 is next"):
        frames.concatenated([moving(4), moving(3, start=5)])
    with pytest.raises(FormatError, match="no frame"):
        frames.concatenated([])


def test_frames_that_are_encoded_at_once_are_those_that_are_encoded_one_by_one() -> None:
    motions = [moving(1 + i, start=i) for i in range(3)]
    for motion, rows in zip(motions, frames.rows_of(motions), strict=True):
        for form in frames.FORMS:
            wanted = [frames.encode(frame, form) for frame in frames.frames_of(motion, "s")]
            assert frames.encoded(motion, rows, "s", form) == wanted
