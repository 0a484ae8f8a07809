"""What the moments of speech say of the gaze: much where the gaze obeys, nothing where it does not."""

import numpy as np

from talkingeyes.evaluate.speech_gaze import RATE_HZ, Talker
from talkingeyes.evaluate.speech_information import MOMENTS, answers_of, information, moments_at

SECONDS = 600.0
ALONE = Talker(np.zeros((0, 2)), np.zeros(0, bool))


def talker() -> Talker:
    """Turns of 4 s every 9 s or so, some of them end in a filled pause."""
    start = np.arange(5.0, SECONDS - 10, 9.0)
    start = start + np.random.default_rng(0).uniform(0, 2, len(start))
    return Talker(np.stack([start, start + 4.0], axis=1), np.arange(len(start)) % 3 == 0)


def obeying(codes: np.ndarray) -> np.ndarray:
    """Away at starts and filled pauses and never else."""
    return (~np.isin(codes, (MOMENTS.index("start"), MOMENTS.index("filled pause")))).astype(float)


def test_a_gaze_that_obeys_is_told_and_one_that_does_not_is_not() -> None:
    codes = moments_at(talker(), ALONE, round(SECONDS * RATE_HZ))
    track = obeying(codes)
    told = {i.name: i for i in information([(codes, track)], np.random.default_rng(0), shifts=60)}
    assert told["on the partner"].auc > 0.99 and told["on the partner"].bits > 0.5
    rng = np.random.default_rng(1)
    deaf = np.repeat(rng.random(1000) > 0.3, 15)[: len(track)].astype(float)
    untold = information([(codes, deaf)], rng, shifts=60)
    assert all(abs(i.bits) < 5 * i.spread_bits and abs(i.auc - 0.5) < 0.06 for i in untold)


def test_who_looks_at_the_partner_more_is_not_told_by_it() -> None:
    codes = moments_at(talker(), ALONE, round(SECONDS * RATE_HZ))
    rng = np.random.default_rng(2)
    parts = [(codes, np.repeat(rng.random(1000) < p, 15)[: len(codes)].astype(float)) for p in (0.1, 0.5, 0.9)]
    assert all(abs(i.auc - 0.5) < 0.05 for i in information(parts, rng, shifts=30))


def test_a_shift_is_asked_for_where_it_can_happen() -> None:
    track = np.array([1.0] * 20 + [0.0] * 20 + [np.nan] * 5 + [1.0] * 20)
    answers = answers_of(track)
    leaves, back = answers["leaves within 0.2 s"], answers["comes back within 0.2 s"]
    assert leaves[14] == 0 and leaves[15:20].all() and np.isnan(leaves[20:40]).all()
    assert np.isnan(back[:20]).all() and not np.nan_to_num(back[20:35]).any()
    assert np.isnan(back[35:40]).all()  # sight is lost before the answer


def test_every_moment_occurs_and_a_start_outranks_the_rest() -> None:
    own = talker()
    codes = moments_at(own, ALONE, round(SECONDS * RATE_HZ))
    assert set(np.unique(codes)) == set(range(len(MOMENTS))) - {MOMENTS.index("own pause")}
    assert (codes[np.round(own.utterances[:, 0] * RATE_HZ).astype(int)] == MOMENTS.index("start")).all()
