"""The saccade meets the main sequence."""

import numpy as np
import pytest

from talkingeyes.generate import saccade


@pytest.mark.parametrize("amplitude_deg", [2, 5, 10, 15, 20, 30, 45])
def test_peak_speed_and_duration_meet_the_main_sequence(amplitude_deg: float) -> None:
    amplitude = np.radians(amplitude_deg)
    duration = float(saccade.duration_s(amplitude))
    assert np.isclose(duration, 0.025 + 0.0024 * amplitude_deg)
    u = np.linspace(0, 1, 2001)
    speed = np.gradient(saccade.progress(u, amplitude) * amplitude, u * duration)
    assert np.isclose(speed.max(), saccade.peak_speed_rad_s(amplitude), rtol=0.06)


def test_larger_saccades_peak_earlier() -> None:
    u = np.linspace(0, 1, 2001)
    peaks = [u[np.argmax(np.gradient(saccade.progress(u, np.radians(a)), u))] for a in (5, 30, 50)]
    assert peaks[0] > peaks[1] > peaks[2]


def test_progress_is_monotone_and_bounded() -> None:
    u = np.linspace(-1, 2, 500)
    for amplitude in (0.0, 0.01, 0.3, 2.0):
        done = saccade.progress(u, amplitude)
        assert done[0] == 0 and np.isclose(done[-1], 1) and (np.diff(done) >= -1e-12).all()
