"""What the voice does to the gaze, row by row and at once."""

import numpy as np
import pytest

from talkingeyes.generate.cues import UNKNOWN_S, Cues, Moments, Role
from talkingeyes.generate.scanpath.speech_drive import drive_at, speech_drive


@pytest.mark.parametrize("role", ["speaking", "listening"])
def test_a_row_alone_is_the_row_of_the_whole(role: Role) -> None:
    rng, n = np.random.default_rng(3), 3000
    seconds = [np.where(rng.random(n) < 0.3, UNKNOWN_S, rng.uniform(0, 2, n).round(1)) for _ in range(5)]
    flags = [rng.random(n) < 0.4 for _ in range(4)]
    none = np.zeros(n)
    cues = Cues(
        role=role, uttering=flags[0], turn_starts_in_s=seconds[0], turn_ends_in_s=seconds[1], since_pause_s=seconds[2],
        loudness=none, accent=none, pitch=none, brightness=none, hesitation=flags[1],
        moments=Moments(flags[2], seconds[3], seconds[4], flags[3]),
    )  # fmt: skip
    assert [drive_at(cues, row) for row in range(n)] == speech_drive(cues).tolist()
