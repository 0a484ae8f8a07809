"""Who looks down at notes has low lids for longer than a blink and irises that are seen; a shut eye shows none."""

import numpy as np
import pytest

from talkingeyes.fit import lids, openness

FPS = 25.0
COUNT = 200


def film(low: slice, *, seen: bool) -> tuple[np.ndarray, np.ndarray]:
    """Closure by the lids alone and the network's doubt: low lids in one stretch, over irises that are seen or not."""
    blink, sigma = np.full((COUNT, 2), 0.05), np.full((COUNT, 2), 0.03)
    blink[low], sigma[low] = 0.7, 0.055 if seen else 0.2
    return blink, openness.doubt_of(sigma, np.ones(COUNT, bool))


@pytest.mark.parametrize(
    ("low", "seen", "down"),
    [
        (slice(60, 90), True, True),
        (slice(60, 66), True, False),
        (slice(60, 90), False, False),
        (slice(185, 200), True, True),
    ],
)
def test_low_lids_over_irises_that_are_seen_are_a_look_down_if_they_outlast_a_blink(low, seen, down):
    blink, doubt = film(low, seen=seen)
    found = openness.looking_down(np.ones(COUNT, bool), blink, doubt, FPS)
    assert found[low].all() == down and not np.delete(found, np.arange(COUNT)[low]).any()


def test_frames_beside_a_blink_tell_no_gaze_and_those_beside_a_look_down_do():
    blink, doubt = film(slice(60, 66), seen=False)
    blink[100:130], doubt[100:130] = 0.7, 1.7
    up = np.ones(COUNT, bool)
    down = openness.looking_down(up, blink, doubt, FPS)
    left = openness.without_blinks(up | down, openness.shut_by(blink) & ~down)
    assert not left[59:67].any() and left[:59].all() and left[67:].all()


def test_an_eye_that_the_network_lost_tells_nothing():
    sigma = np.full((COUNT, 2), 0.03)
    sigma[80:90, 1] = 0.12
    sure = openness.sureness(openness.doubt_of(sigma, np.ones(COUNT, bool)))
    assert not sure[80:90, 1].any() and sure[80:90, 0].all() and sure[90:].all()


def test_lids_that_follow_the_gaze_down_are_not_the_level_of_shut_eyes():
    aperture = np.full((COUNT, 2), 1.8) + np.random.default_rng(0).normal(size=(COUNT, 2)) * 0.02
    aperture[60:100] *= 0.5
    pitch, down = np.zeros((COUNT, 2)), np.zeros(COUNT, bool)
    pitch[60:100], down[60:100] = np.radians(-12), True
    valid = np.ones(COUNT, bool)
    assert lids.closure(aperture, pitch, valid)[0][60:100].min() > 0.6
    assert lids.closure(aperture, pitch, valid, down)[0][60:100].max() <= 0.3
