"""The observer's folds where takes and people share names."""

import numpy as np

from talkingeyes.evaluate.gaze_features import Windows
from talkingeyes.evaluate.observer import two_sample


def test_takes_that_bear_peoples_names_are_judged_by_the_folds_that_both_are_in() -> None:
    values = np.random.default_rng(5).normal(0, 1, (480, 3))
    people = Windows(("a", "b", "c"), values[:320], np.repeat([str(i) for i in range(8)], 40))
    takes = Windows(("a", "b", "c"), values[320:] + 3, np.repeat(["0", "1", "2", "3"], 40))
    assert two_sample(people, takes, rounds=2, tells=False).auc > 0.8
