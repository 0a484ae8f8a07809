"""An edited head is calmed where it would be too fast, and nowhere else."""

import numpy as np

from talkingeyes.generate.edits.head import calmed
from talkingeyes.generate.head.process import LARGEST_STEP_RAD


def test_one_jump_does_not_smooth_another_edit() -> None:
    was = 0.01 * np.sin(np.arange(3000)[:, None] / [37, 41, 53])
    gentle = was.copy()
    gentle[2000:2100, 1] += 0.05 * np.sin(np.linspace(0, np.pi, 100)) ** 2
    both = gentle.copy()
    both[500:600, 0] += 0.3
    found = calmed(both, was)
    assert np.linalg.norm(np.diff(found[400:700], axis=0), axis=1).max() <= max(LARGEST_STEP_RAD, 0.3 / 7)
    assert np.array_equal(found[1500:], calmed(gentle, was)[1500:])
    assert np.array_equal(found[:400], was[:400])
    assert np.allclose(found[1500:], gentle[1500:], atol=1e-12)
