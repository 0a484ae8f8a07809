"""Tests 18 and 19: the head's spectrum, and how it follows the voice."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from talkingeyes.audio import FEATURE_RATE_HZ
from talkingeyes.evaluate.distances import beat_alignment, head_beats, sound_beats
from talkingeyes.evaluate.head_signal import FREQUENCIES_HZ, head_speed_deg_s, spectrum
from talkingeyes.evaluate.observation import Observation
from talkingeyes.evaluate.outcome import Evidence, Figure, Outcome, absent, figure, judge, lacking
from talkingeyes.evaluate.pool import Array, Arrays, Pool, Span
from talkingeyes.evaluate.statistics import circular_correlation

NO_HEAD = "no speaking recording with a head"
SLOW_HZ = 2.0
NOD_HZ = (2.0, 6.5)
MIN_SLOW_SHARE = 0.80
SOME_NOD_SHARE = 0.005
MIN_SPECTRUM_S = 20.0
MIN_SILENCE_S = 5.0
MIN_FOLLOW_FILE_S = 6.0
MIN_FOLLOW_S = 60.0
LAG_GRID_S = np.arange(-25, 26) / 50
LAG_BAND_S = (-0.150, 0.200)
SHIFT_FROM_S = 2.0
SHIFTS = 200


def head_pool(evidence: Evidence) -> Pool:
    """Speaking recordings with a head."""
    return evidence.speaking.where(lambda o: o.motion.head_rad is not None)


def _head_rows(span: Span) -> Arrays:
    o = span.observation
    speed = o.once(head_speed_deg_s)[span.frames]
    seen = o.head_seen[span.frames]
    voice = o.voice
    spoken = (voice[span.frames] if voice is not None else np.zeros(len(speed), bool)) & seen
    silent = (~voice[span.frames] if voice is not None else np.zeros(len(speed), bool)) & seen
    return {
        "power": spectrum(o, span.frames)[None],
        "motion": np.array([[speed[spoken].sum(), spoken.sum(), speed[silent].sum(), silent.sum()]], float),
        "time": np.array([[seen.sum() / o.fps, silent.sum() / o.fps]]),
    }


def head_spectrum(evidence: Evidence) -> Outcome:
    """Test 18: slow head motion with some nods, more of it in speech than in silence."""
    pool = head_pool(evidence)
    if not len(pool):
        return absent(NO_HEAD)

    def figures(a: Arrays) -> dict[str, float]:
        power = a["power"].sum(axis=0)
        total = power[1:].sum()
        spoken, spoken_n, silent, silent_n = a["motion"].sum(axis=0)
        nod = (NOD_HZ[0] < FREQUENCIES_HZ) & (NOD_HZ[1] >= FREQUENCIES_HZ)
        slow = (FREQUENCIES_HZ > 0) & (FREQUENCIES_HZ <= SLOW_HZ)
        still = spoken_n == 0 or silent_n == 0 or silent == 0
        return {
            "slow": float(power[slow].sum() / total) if total > 0 else math.nan,
            "nod": float(power[nod].sum() / total) if total > 0 else math.nan,
            "speech": math.nan if still else float(spoken / spoken_n / (silent / silent_n)),
            "time": float(a["time"][:, 0].sum()),
            "silence": float(a["time"][:, 1].sum()),
        }

    e = pool.estimate(_head_rows, figures)
    shown = [
        figure("share of power up to 2 Hz", e["slow"], (MIN_SLOW_SHARE, None)),
        figure("share of power in 2 to 6.5 Hz", e["nod"], (SOME_NOD_SHARE, None)),
        figure("head speed in speech over silence", e["speech"], (1.0, None)),
    ]
    if e["time"].value < MIN_SPECTRUM_S:
        return lacking(f"{e['time'].value:.0f} s of head", f"{MIN_SPECTRUM_S:.0f} s", shown)
    if not e["silence"].value >= MIN_SILENCE_S:
        shown[2] = replace(shown[2], ok=None)
        voiced = any(o.speech is not None for o in pool)
        return judge(shown, f"{e['silence'].value:.0f} s of silence" if voiced else "no audio")
    return judge(shown)


def _follow_curve(o: Observation) -> Array | None:
    """Circular cross-correlation of head speed with loudness at the slow rate (T,), or None where it cannot be had."""
    slow = o.slow
    if slow.speech is None or slow.duration_s < MIN_FOLLOW_FILE_S or slow.head_seen.mean() < 0.8:
        return None
    speed = np.sqrt(slow.once(head_speed_deg_s))
    loudness = np.maximum(np.asarray(slow.speech.loudness_db, float), -60.0)
    centres = (np.arange(len(loudness)) + 0.5) / FEATURE_RATE_HZ
    heard = np.interp(slow.motion.times_s, centres, loudness)
    return circular_correlation(speed, heard)


def _around(curve: Array, fps: float, shift_s: Array) -> Array:
    """(S, L) the curve at the lag grid, seen from each circular shift."""
    position = ((shift_s[:, None] + LAG_GRID_S[None, :]) * fps) % len(curve)
    low = np.floor(position).astype(int)
    part = position - low
    return curve[low % len(curve)] * (1 - part) + curve[(low + 1) % len(curve)] * part


def follows_loudness(evidence: Evidence) -> Outcome:
    """Test 19: head speed follows the loudness of the voice, against circularly shifted audio."""
    pool = head_pool(evidence)
    if not len(pool):
        return absent(NO_HEAD)
    if all(o.speech is None for o in pool):
        return lacking("no audio", "speech is")
    rng = np.random.default_rng(pool.seed)
    real, null, seconds = np.zeros(len(LAG_GRID_S)), np.zeros((SHIFTS, len(LAG_GRID_S))), 0.0
    for takes in pool.takes.values():
        curves = [(c, o.slow.fps) for o in takes if (c := _follow_curve(o)) is not None and c.any()]
        if not curves:
            continue
        length_s = min(len(c) / fps for c, fps in curves)
        shift = rng.uniform(SHIFT_FROM_S, length_s - SHIFT_FROM_S, SHIFTS)
        for curve, fps in curves:
            real += _around(curve, fps, np.zeros(1))[0] * length_s / len(curves)
            null += _around(curve, fps, shift) * length_s / len(curves)
        seconds += length_s
    if seconds < MIN_FOLLOW_S:
        return lacking(f"{seconds:.0f} s of head with sound (files of 6 s or more)", f"{MIN_FOLLOW_S:.0f} s")
    real, null = real / seconds, null / seconds
    inside = (LAG_BAND_S[0] - 1e-9 <= LAG_GRID_S) & (LAG_BAND_S[1] + 1e-9 >= LAG_GRID_S)
    chance = null[:, inside].max(axis=1)
    z = float((real[inside].max() - chance.mean()) / max(chance.std(), 1e-12))
    lag_ms = 1000 * float(LAG_GRID_S[int(np.argmax(real))])
    shown = [
        figure("lag of the head's speed behind loudness", lag_ms, (-150.0, 200.0), "ms"),
        figure("correlation at the peak above shifted audio, z", z, (2.0, None)),
        figure("correlation at the peak", float(real.max())),
        *beat_figures(pool),
    ]
    return judge(shown)


def beat_figures(pool: Pool) -> list[Figure]:
    """Beat alignment as excess over circular shifts, reported only (random beats score high by chance)."""
    excess = []
    for o in pool:
        if o.speech is None or o.duration_s < MIN_FOLLOW_FILE_S:
            continue
        result = beat_alignment(head_beats(o), sound_beats(o.speech), o.duration_s, np.random.default_rng(pool.seed))
        if result is not None:
            excess.append(result.excess)
    if not excess:
        return []
    return [figure("beat alignment, excess over circular shifts", float(np.mean(excess)))]
