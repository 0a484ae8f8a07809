"""Real people, through the same code: what their kind can be asked, they pass."""

from pathlib import Path

import pytest

from talkingeyes.evaluate import eye_tracker, load_reference, score
from talkingeyes.evaluate.controls import smoothed
from talkingeyes.evaluate.outcome import FAIL, NOT_APPLICABLE, PASS
from talkingeyes.evaluate.reference import measure_gaze

TABLE = Path(__file__).parents[3] / "shared" / "data" / "gaze_conversation" / "fixations.csv.gz"
pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not TABLE.is_file(), reason="the development data is not beside the checkout"),
]


@pytest.mark.parametrize("fps", [25.0, 60.0, 90.0])
def test_eye_tracked_people_pass_what_they_can_be_asked(fps):
    card = score(eye_tracker.recordings(TABLE, fps), only=range(1, 20), replicates=20, curves=False)
    assert [card[n].verdict for n in (4, 5, 6, 7, 8, 9)] == [PASS] * 6
    assert all(card[n].verdict == NOT_APPLICABLE for n in (1, 2, 3, 11, 12, 13, 17, 18, 19))


def test_smoothed_real_gaze_is_caught_and_the_asset_is_this_data():
    people = eye_tracker.recordings(TABLE, 30.0)
    assert score(smoothed(people), only=(4,), replicates=2, curves=False)[4].verdict == FAIL
    fresh, packaged = measure_gaze(people, {}), load_reference().gaze
    assert packaged is not None
    assert fresh.directions == pytest.approx(packaged.directions)
    assert fresh.window_sd_deg == pytest.approx(packaged.window_sd_deg, rel=1e-4)
