"""Marks are read as written, or refused with the offending text."""

import math

import pytest

from talkingeyes.errors import MarksError
from talkingeyes.generate.marks import parse_marks


def test_marks_are_read_in_time_order() -> None:
    marks = parse_marks(" 3.0-4.2 pitch=-5, yaw=20 ;0.0-1.5 camera; 5-6 yaw=-7.5;", 10)
    assert [m.start_s for m in marks] == [0.0, 3.0, 5.0]
    assert marks[0].yaw_rad == marks[0].pitch_rad == 0
    assert math.isclose(math.degrees(marks[1].yaw_rad), 20) and math.isclose(math.degrees(marks[1].pitch_rad), -5)
    assert math.isclose(math.degrees(marks[2].yaw_rad), -7.5)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "empty"),
        ("soon camera", "'soon camera'"),
        ("1-2", "'1-2'"),
        ("2-1 camera", "ends before it starts"),
        ("1-2 moon", "'1-2 moon'"),
        ("1-2 yaw=1,yaw=2", "yaw=1,yaw=2"),
        ("1-2 yaw=nan", "yaw=nan"),
        ("1-2 yaw=70", "out of reach"),
        ("1-2 yaw=-60,pitch=30", "out of reach"),
        ("8-11 camera", "outside the recording"),
        ("-1-2 camera", "outside the recording"),
        ("1-3 camera; 2-4 yaw=5", "'1-3 camera' and '2-4 yaw=5' overlap"),
    ],
)
def test_a_bad_mark_is_refused_with_its_text(text: str, words: str) -> None:
    with pytest.raises(MarksError) as caught:
        parse_marks(text, 10.0)
    assert words in str(caught.value)
