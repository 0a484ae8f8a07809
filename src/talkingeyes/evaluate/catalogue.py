"""The 25 tests: title, tier, band and source in words, and the function that measures each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from talkingeyes.evaluate import measure_blinks as blinks
from talkingeyes.evaluate import measure_gaze as gaze
from talkingeyes.evaluate import measure_head as head
from talkingeyes.evaluate import measure_likeness as likeness
from talkingeyes.evaluate import measure_limits as limits
from talkingeyes.evaluate import measure_places as places
from talkingeyes.evaluate import measure_turns as turns
from talkingeyes.evaluate.outcome import Evidence, Outcome

HARD, BAND, RELATIVE, REPORT = "hard", "band", "relative", "report"
TIERS = {
    HARD: "hard gate of anatomy",
    BAND: "band from the literature",
    RELATIVE: "relative to real data through the same code",
    REPORT: "reported, never judged",
}


@dataclass(frozen=True)
class Test:
    """One row of the yardstick.

    Attributes:
        number: 1..25.
        title: what a person would say.
        tier: one of `TIERS`.
        band: the accepted range in words.
        source: where the band comes from; engineering judgement is called that.
        measure: looks at the evidence and says so.
    """

    number: int
    title: str
    tier: str
    band: str
    source: str
    measure: Callable[[Evidence], Outcome]


TESTS: tuple[Test, ...] = (
    Test(1, "Eyes stay in range", HARD, "|eye| <= 55 deg; 99th percentile yaw <= 35, up <= 25, down <= 30 deg",
         "Guitton & Volle 1987; practical range of clinical oculometry", limits.eye_range),
    Test(2, "No impossible speed", HARD, "eye <= 700 deg/s, head <= 250 deg/s",
         "above the saccadic asymptote of 502 +- 32 deg/s, Collewijn 1988", limits.speeds),
    Test(3, "Both eyes move together", HARD, "left/right r > .95 where gaze spreads by >= 3 deg; vergence >= -1 deg",
         "Hering's law; engineering judgement for r", limits.conjugacy),
    Test(4, "Gaze shifts are steps", BAND,
         "steps >= 5 deg: largest-frame share >= .60 (25 fps), .55 (30 fps); <= 3 moving frames",
         "derived from the main sequence (Eyes Alive 2002; Collewijn 1988)", gaze.step_sharpness),
    Test(5, "Sizes of gaze shifts", BAND, "talking, steps >= 3 deg: P(< 15 deg) .60-.95; scale of the excess 4-10 deg",
         "Malinov 2000 (83 % below 15 deg); Eyes Alive 2002; 15 eye-tracked people", gaze.amplitudes),
    Test(6, "Rhythm of gaze shifts", BAND, ".2-2 per s talking; interval CV .5-1.6; < 2 % closer than 150 ms",
         "saccadic refractory time; CV: engineering judgement", gaze.step_timing),
    Test(7, "Directions of gaze shifts", RELATIVE, "cardinal > diagonal; Jensen-Shannon < .1 bit against real",
         "Eyes Alive 2002; 15 eye-tracked people", gaze.directions),
    Test(8, "Looking away", BAND, "averted (> 8 deg) .20-.65 of talking time, less when listening",
         "Argyle; Kendon; 15 eye-tracked people", gaze.averted_share),
    Test(9, "How long looks last", BAND, "talking: averted median .4-3 s; on-partner median 1-5 s, p90 < 10 s",
         "Andrist 2014; Eyes Alive 2002; 15 eye-tracked people", gaze.dwell),
    Test(10, "Turns begin averted", BAND, "eccentricity in a turn's first second above its last, p < .05, >= 50 turns",
         "Ho, Foulsham & Kingstone 2015", turns.turn_gaze),
    Test(11, "Eyes counter-rotate", BAND, "eye-on-head slope between steps -.4 to -1.1; opposite-sign share > .5",
         "vestibulo-ocular reflex, gain about 1", turns.counter_rotation),
    Test(12, "Head joins large shifts", BAND, "head share rises with the size: rank correlation, 95 % bound > 0",
         "Stahl 1999", turns.head_share),
    Test(13, "Blink rate", BAND, "10.5-32.5 per min talking (no person: < 5 or > 45)",
         "Doughty 2001; Bentivoglio 1997", blinks.blink_rate),
    Test(14, "Blink shape", BAND, "5-10 frames at 25 fps; opening/closing 1.4-3; full in 40-80 %",
         "Sforza 2008; Ousler 2014", blinks.blink_shape),
    Test(15, "Blink intervals", BAND, "skew > .5; CV .5-1.2; no clock",
         "log-normal intervals; CV and clock: engineering judgement", blinks.blink_intervals),
    Test(16, "Blinks have reasons", BAND, "more after a pause starts and with shifts >= 15 deg, 95 % bound > 1",
         "Nakano 2010; Evinger 1994", blinks.blink_timing),
    Test(17, "Lids follow the gaze", BAND, "closure rises as gaze goes down, 95 % bound > 0; lag <= 1 frame",
         "Becker & Fuchs 1988 (+5 ms)", blinks.lid_follows_gaze),
    Test(18, "Head spectrum", BAND, ">= 80 % of power up to 2 Hz, some in 2-6.5 Hz; more motion in speech",
         "Munhall 2004; Hadar 1983", head.head_spectrum),
    Test(19, "Head follows the voice", BAND, "peak lag -150..200 ms; above shifted audio, z > 2",
         "Munhall 2004", head.follows_loudness),
    Test(20, "As lively as people", RELATIVE,
         "SD and velocity variance, ratio to real .7-1.3 (wider where real people vary more)",
         "15 eye-tracked people; fitted clips; ratio: engineering judgement", likeness.spread),
    Test(21, "Takes differ", RELATIVE, "same-audio diversity, ratio to the spread between real clips .3-1.2",
         "engineering judgement", likeness.same_audio_diversity),
    Test(22, "Frechet distance", REPORT, "reported beside the real-against-real floor",
         "Dowson & Landau 1982", likeness.frechet_distances),
    Test(23, "Gaze has places", RELATIVE,
         "windows of 10 s: time at the densest spot, looks near earlier ones, returns, time 3-8 deg off, dwell; "
         "within a quarter of people's",
         "15 eye-tracked people; a quarter: engineering judgement", places.places),
    Test(24, "Heads hold and turn", RELATIVE,
         "windows of 4 s with voice: bursts of speed, stillness, axes that go together; within a quarter of people's",
         "fitted clips; a quarter: engineering judgement", places.bursts),
    Test(25, "Head's part in gaze shifts", BAND,
         "head's share of 20, 30, 40 deg: .02-.16, .20-.42, .33-.57; starts within 30 ms of the shift in > 25 %",
         "Stahl 1999 (.08, .31, .43, derived); together in 37 %; widths: engineering judgement",
         places.head_in_shifts),
)  # fmt: skip
"""All tests in the yardstick's order."""
