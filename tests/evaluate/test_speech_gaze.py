"""Gaze at the moments of speech: what is asked of people is asked of takes, and chance is chance."""

from pathlib import Path

import numpy as np
import pytest

from talkingeyes.errors import FormatError
from talkingeyes.evaluate.eye_tracker import Fixations
from talkingeyes.evaluate.speech_gaze import (
    RATE_HZ,
    Talker,
    curve,
    moment_rows,
    own_moments,
    read_dialogue,
    shares,
    speech_of,
    track_of,
    turns_of,
)

DIALOGUE = Path(__file__).resolve().parents[3] / "shared" / "data" / "ifadv" / "DVA13U_intervals.csv"
SECONDS = 300.0


def talker(seed: int = 0) -> Talker:
    """Turns of 3 s every 8 s or so."""
    start = np.arange(5.0, SECONDS - 10, 8.0) + np.random.default_rng(seed).uniform(0, 3, 36)
    return Talker(np.stack([start, start + 3.0], axis=1), np.arange(36) % 3 == 0)


def averting(own: Talker) -> np.ndarray:
    """Looks away around every turn start and never else."""
    track = np.ones(round(SECONDS * RATE_HZ))
    for t in turns_of(own.utterances)[:, 0]:
        track[round((t - 0.5) * RATE_HZ) : round((t + 1) * RATE_HZ)] = 0
    return track


def test_a_gaze_that_leaves_at_turn_starts_is_seen_and_chance_is_its_mean() -> None:
    own, other = talker(), Talker(np.zeros((0, 2)), np.zeros(0, bool))
    track = averting(own)
    rows = {r.name: r for r in moment_rows([(own_moments(own, other), track)], np.random.default_rng(0), shifts=300)}
    start = rows["turn start, -.25 to +.75 s"]
    assert start.share == 0 and start.p < 0.01 and start.moments == 36
    assert start.chance == pytest.approx(track.mean(), abs=0.03)
    assert rows["last .75 s of a turn"].share == 1


def test_a_gaze_that_hears_nothing_is_at_chance() -> None:
    own, other = talker(), Talker(np.zeros((0, 2)), np.zeros(0, bool))
    rng = np.random.default_rng(1)
    track = np.repeat(rng.random(600) > 0.3, 13)[: round(SECONDS * RATE_HZ)].astype(float)
    rows = moment_rows([(own_moments(own, other), track)], rng, shifts=300)
    assert sum(r.p < 0.05 for r in rows) <= 1


def test_the_curve_around_turn_starts_falls_and_comes_back() -> None:
    own = talker()
    found = curve(averting(own), turns_of(own.utterances)[:, 0], np.array([-1.0, 0.0, 0.5, 2.0]))
    assert found.tolist() == [1, 0, 0, 1]


def test_pauses_that_the_other_fills_are_not_own_pauses() -> None:
    own = Talker(np.array([[0, 2], [3, 5], [6, 8.0]]), np.zeros(3, bool))
    other = Talker(np.array([[2.2, 2.8]]), np.zeros(1, bool))
    assert own_moments(own, other)["within an own pause of .3-2 s"] == [pytest.approx((5.3, 5.7))]
    assert turns_of(own.utterances).shape == (3, 2)


def test_a_voice_speaks_exactly_in_the_utterances_and_hesitates_flat() -> None:
    own = talker()
    speech = speech_of(own, SECONDS, np.random.default_rng(0))
    assert len(speech.turns) == 36 and speech.voice.sum() == pytest.approx(36 * 150, abs=40)
    end = round(own.utterances[0, 1] * 50)
    assert np.ptp(speech.pitch_hz[end - 20 : end - 2]) < 1e-3 < np.ptp(speech.pitch_hz[end - 120 : end - 60])


def test_looks_become_an_on_partner_track_and_lost_time_is_unknown() -> None:
    a = Fixations("t", "", np.array([0.0, 1.0]), np.array([0.95, 2.0]), np.array([1.0, 20.0]), np.zeros(2))
    b = Fixations("t", "", np.array([3.0]), np.array([4.0]), np.array([0.0]), np.zeros(1))
    track = track_of([a, b], 5.0)
    assert track[10] == 1 and track[30] == 0 and np.isnan(track[60]) and track[80] == 1 and np.isnan(track[110])


def test_a_table_with_other_columns_is_refused_by_name(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.csv"
    wrong.write_text("a,b\n1,2\n")
    with pytest.raises(FormatError, match=r"wrong\.csv.*speaker"):
        read_dialogue(wrong)


@pytest.mark.skipif(not DIALOGUE.exists(), reason="the labelled dialogue is not beside the checkout")
def test_the_labelled_dialogue_gives_the_published_figures() -> None:
    one, two = read_dialogue(DIALOGUE).values()
    assert one.on_partner is not None and two.on_partner is not None
    parts = [(own_moments(one, two), one.on_partner), (own_moments(two, one), two.on_partner)]
    rows = {r.name: r for r in moment_rows(parts, np.random.default_rng(0), shifts=300)}
    assert rows["turn start, -.25 to +.75 s"].share == pytest.approx(0.666, abs=0.01)
    assert rows["within an own pause of .3-2 s"].share == pytest.approx(0.677, abs=0.01)
    assert rows["turn start, -.25 to +.75 s"].chance == pytest.approx(0.855, abs=0.01)
    assert shares(one, two, one.on_partner)["speaking alone"] == pytest.approx(0.813, abs=0.01)
