"""The detectors find what is known to be there: steps, blinks, slopes, at 25, 30, 60 and 120 fps."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from talkingeyes.evaluate import events
from talkingeyes.evaluate.actor import blink_curve, perform
from talkingeyes.evaluate.blinks import detect_blinks
from talkingeyes.evaluate.observation import Observation
from talkingeyes.generate import saccade

RATES = (25.0, 30.0, 60.0, 120.0)


def gaze_with_steps(fps, seconds, rng, noise_deg, shortest_s=0.3):
    """(T, 2) gaze with main-sequence saccades of known time and size (3 deg and up), and (N, 2) times and sizes."""
    times = np.arange(int(seconds * fps)) / fps
    gaze, at, now, known = np.zeros((len(times), 2)), np.zeros(2), 0.5, []
    while (now := now + rng.uniform(shortest_s, 1.5)) < seconds - 0.6:
        size, angle = min(3.0 + rng.exponential(6.0), 30.0), rng.uniform(0, 2 * np.pi)
        way = size * np.array([np.cos(angle), np.sin(angle)])
        way = way if np.abs(at + way).max() < 12 else -way
        if np.abs(at + way).max() > 14:
            continue
        length = float(saccade.duration_s(np.radians(size)))
        gaze += saccade.progress((times - now) / length, np.radians(size))[:, None] * way
        known.append((now + length / 2, size))
        at = at + way
    return gaze + rng.normal(0, noise_deg, gaze.shape), np.array(known)


def matched(found_s, known_s, within_s):
    """Number of known events with a found one near, and of found ones with a known one near."""
    near = np.abs(found_s[:, None] - known_s[None, :]) <= within_s
    return near.any(axis=0), near.any(axis=1)


@pytest.mark.parametrize("fps", RATES)
def test_steps_are_found_with_noise(fps):
    rng = np.random.default_rng(int(fps))
    gaze, known = gaze_with_steps(fps, 300, rng, 0.3)
    steps = events.detect_steps(gaze, np.ones(len(gaze), bool), fps, report_deg=2.0)
    clear = steps.where(steps.amplitude_deg >= 3.0)
    recall, _ = matched(steps.time_s, known[:, 0], 0.06)
    _, precision = matched(clear.time_s, known[:, 0], 0.06)
    reported, _ = matched(clear.time_s, known[known[:, 1] >= 3.5, 0], 0.06)
    assert recall.mean() >= 0.95 and precision.mean() >= 0.95 and reported.mean() >= 0.95
    nearest = np.abs(steps.time_s[None, :] - known[:, :1]).argmin(axis=1)[recall]
    error = steps.amplitude_deg[nearest] - known[recall, 1]
    assert abs(np.median(error)) < 0.3 and np.percentile(np.abs(error), 90) < 1.2


@pytest.mark.parametrize("fps", RATES)
def test_noise_alone_has_no_steps(fps):
    rng = np.random.default_rng(1)
    noise = rng.normal(0, 0.3, (int(120 * fps), 2))
    assert len(events.detect_steps(noise, np.ones(len(noise), bool), fps)) == 0


@given(seed=st.integers(0, 1000), fps=st.sampled_from(RATES), shift=st.floats(-20, 20), mirror=st.booleans())
@settings(max_examples=20, deadline=None)
def test_where_the_gaze_is_does_not_matter(seed, fps, shift, mirror):
    gaze, _ = gaze_with_steps(fps, 20, np.random.default_rng(seed), 0.2)
    seen = np.ones(len(gaze), bool)
    moved = gaze + np.array([shift, 0.0])
    moved[:, 0] *= -1 if mirror else 1
    a, b = events.detect_steps(gaze, seen, fps), events.detect_steps(moved, seen, fps)
    assert len(a) == len(b)
    assert np.allclose(a.amplitude_deg, b.amplitude_deg, atol=1e-6)
    assert np.allclose(a.yaw_deg, -b.yaw_deg if mirror else b.yaw_deg, atol=1e-6)


@pytest.mark.parametrize("fps", RATES)
def test_lost_frames_and_blinks_hide_steps_but_do_not_make_them(fps):
    rng = np.random.default_rng(3)
    gaze, known = gaze_with_steps(fps, 120, rng, 0.2)
    seen = np.ones(len(gaze), bool)
    for start in rng.uniform(0, 119, 60):
        seen[int(start * fps) : int((start + 0.3) * fps)] = False
    gaze[~seen] = rng.uniform(-40, 40, (int((~seen).sum()), 2))
    steps = events.detect_steps(gaze, seen, fps)
    _, precision = matched(steps.time_s, known[:, 0], 0.08)
    assert len(steps) > 0.3 * len(known) and precision.mean() >= 0.95


def test_steps_closer_than_150_ms_are_flagged():
    fps = 120.0
    times = np.arange(int(20 * fps)) / fps
    gaze = np.zeros((len(times), 2))
    for i, start in enumerate(np.arange(1.0, 19.0, 1.0)):
        for k, onset in enumerate((start, start + 0.12)):
            done = saccade.progress((times - onset) / 0.04, np.radians(6))
            gaze[:, 0] += (6 if (i + k) % 2 else 4) * (1 if i % 2 else -1) * done
    seen = np.ones(len(gaze), bool)
    time_s, crowded = events.crowded_steps(gaze, seen, fps)
    assert len(time_s) == 36 and crowded.sum() == 18
    assert np.diff(events.detect_steps(gaze, seen, fps).time_s).min() >= 0.15


def test_fixations_lie_between_steps():
    gaze, known = gaze_with_steps(60.0, 60, np.random.default_rng(5), 0.1)
    seen = np.ones(len(gaze), bool)
    table = events.fixations(events.detect_steps(gaze, seen, 60.0), seen, 60.0)
    spread = [gaze[a:b].std(axis=0).max() for a, b in table]
    assert abs(len(table) - (len(known) + 1)) <= 3
    assert np.percentile(spread, 90) < 0.6


@pytest.mark.parametrize("fps", RATES)
def test_blinks_are_found_with_their_shape(fps):
    rng = np.random.default_rng(int(fps))
    onsets = np.cumsum(rng.uniform(0.7, 5.0, 150))
    times = np.arange(int((onsets[-1] + 2) * fps)) / fps
    peaks = np.where(rng.random(150) < 0.6, 1.0, rng.uniform(0.5, 0.85, 150))
    lids = np.zeros(len(times))
    for onset, peak in zip(onsets, peaks, strict=True):
        lids = np.maximum(lids, blink_curve(times - onset, peak, 0.08, 0.18) * (times >= onset))
    lids = np.clip(lids + np.abs(rng.normal(0, 0.02, len(lids))), 0, 1)
    found = detect_blinks(lids, fps)
    recall, precision = matched(found.onset_s, onsets, 0.1)
    assert recall.mean() >= 0.95 and precision.mean() >= 0.95
    assert abs(np.median(found.end_s - found.onset_s) - 0.25) < 0.03
    if fps >= 60:
        assert 1.4 < np.median(found.opening_s / found.closing_s) < 3.0
    assert abs(np.mean(found.peak >= 0.9) - np.mean(peaks >= 0.9)) < 0.1


def test_two_blinks_in_a_row_are_two_and_closed_eyes_are_none():
    fps = 60.0
    times = np.arange(int(8 * fps)) / fps
    double = np.maximum(blink_curve(times - 1.0, 1.0) * (times >= 1), blink_curve(times - 1.25, 1.0) * (times >= 1.25))
    asleep = ((times > 3) & (times < 6)).astype(float)
    assert len(detect_blinks(double, fps)) == 2
    assert len(detect_blinks(asleep, fps)) == 0


@pytest.mark.parametrize("fps", RATES)
def test_a_person_with_known_events(fps):
    person = perform(60.0, fps, 3)
    o = Observation(person.recording)
    inside = (person.truth.step_deg >= 4) & (person.truth.step_time_s < 59)
    seen = o.at(o.unmasked, person.truth.step_time_s)
    recall, _ = matched(o.steps.time_s, person.truth.step_time_s[inside & seen], 0.08)
    _, precision = matched(o.steps.time_s, person.truth.step_time_s, 0.08)
    blinks, _ = matched(o.blinks.onset_s, person.truth.blink_onset_s, 0.06)
    assert recall.mean() >= 0.9 and precision.mean() >= 0.95 and blinks.mean() >= 0.95
