"""When and how the lids blink: one clock with human intervals, drawn to pauses and turn ends, and large gaze shifts.

Events are taken in the order of time, 20 ms by 20 ms, and nothing is known of the future: the same draws give the same
blinks whatever the length of a step.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from talkingeyes import rotations
from talkingeyes.generate.amounts import Amounts
from talkingeyes.generate.blink_statistics import BlinkStatistics, Lids, blink_statistics
from talkingeyes.generate.cues import Cues
from talkingeyes.generate.lid_rest import LidRest
from talkingeyes.generate.plan import PLAN_RATE_HZ, WHOLE_FILE, Blink, GazeShift, Stepping, opening_of

Floats = NDArray[np.float64]

PAUSE_S = (0.08, 0.6)
"""Silence within these is the beginning of a pause: shorter, it may be a stop consonant."""
TURN_END_S = 1.6
"""A pause that goes on for so long is the end of a turn; after it the clock runs as in silence."""
STEADY = 0.8
"""Of the clock's pace while the voice sounds, so that pauses do not add to the rate."""
MOST_DEBT = 6.0
PAID_BACK = 0.45
"""Share of the clock's pace that pays for blinks that came early."""
GAZE_DELAY_S = (0.0, 0.05)
"""From the onset of a gaze shift to that of its blink."""
SMALL_SHIFT_DEG = 6.0
SOONER_S = 0.2
"""A blink of a gaze shift may follow another one so much sooner."""
RISE_DEG = 2.0
DEG_PER_DEBT = 1.0
"""Whose eyes go to and fro between two screens does not blink each time."""
SHUT = (0.96, 1.0)
PARTIAL = (0.35, 0.88)
WIDTH_S = (0.085, 0.36)
MOST_APART = 0.1
"""Further apart looks like a wink (.15, with 30 ms between them, does: seen on the built-in avatar)."""
MOST_LATER_S = 0.015


@dataclass
class BlinkState:
    """What the lids remember between steps.

    Attributes:
        lids: the person's own.
        clock: since the last blink, in mean intervals.
        rings_at: where it rings.
        debt: intervals that blinks of another cause took from the clock, which it pays back little by little.
        free_from_s: no blink begins before.
        rest_seed: of the lids' drift between blinks.
        gaze_rad: where the gaze went last.
        shifts: gaze shifts whose time has not come.
        coming: blinks that are decided and have not begun.
    """

    lids: Lids
    clock: float
    rings_at: float
    debt: float
    free_from_s: float
    rest_seed: int
    gaze_rad: Floats
    shifts: list[GazeShift] = field(default_factory=list)
    coming: list[Blink] = field(default_factory=list)


class BlinkProcess:
    """Steps of the blinks."""

    def __init__(
        self,
        statistics: BlinkStatistics | None = None,
        amounts: Amounts | None = None,
        stepping: Stepping = WHOLE_FILE,
    ) -> None:
        self._known, self._amounts, self._stepping = statistics or blink_statistics(), amounts or Amounts(), stepping
        self._rest = LidRest()

    def set_amounts(self, amounts: Amounts) -> None:
        """Other amounts from now on."""
        self._amounts = amounts

    def start(self, rng: np.random.Generator, person: np.random.Generator) -> BlinkState:
        """A fresh state of a person, somewhere inside an interval."""
        rings_at = self._interval(rng)
        return BlinkState(
            lids=Lids.of(person, self._known),
            clock=float(rng.uniform(0, 0.8)) * rings_at,
            rings_at=rings_at,
            debt=0.0,
            free_from_s=0.3,
            rest_seed=int(rng.integers(2**31)),
            gaze_rad=np.zeros(2),
        )

    def step(
        self, cues: Cues, state: BlinkState, index: int, shifts: list[GazeShift], rng: np.random.Generator
    ) -> list[Blink]:
        """Blinks that begin in step ``index``; ``shifts`` are those with onsets in it."""
        state.shifts += sorted(shifts, key=lambda s: s.onset_s)
        begun: list[Blink] = []
        first = index * self._stepping.frames
        for frame in range(first, first + self._stepping.frames):
            tick = self._rate(cues, frame) * state.lids.pace * self._amounts.blink_rate / PLAN_RATE_HZ
            while state.shifts and _frame_of(state.shifts[0].onset_s) <= frame:
                self._with_gaze(state, state.shifts.pop(0), rng)
            self._advance(state, frame, tick, rng)
            while state.coming and _frame_of(state.coming[0].onset_s) <= frame:
                begun.append(state.coming.pop(0))
        return begun

    def rest(self, state: BlinkState, index: int) -> Floats:
        """(frames of a step, 2) closure of the lids between blinks in step ``index``."""
        count = self._stepping.frames
        own = self._rest.rows(state.rest_seed, index * count, count, state.lids.rest, self._known.rest_sd)
        return 1 - min(1.0, self._amounts.lid_openness) * (1 - own)

    # -- when -----------------------------------------------------------------------------------------------------

    def _rate(self, cues: Cues, frame: int) -> float:
        """Blinks per second that the voice asks for."""
        known, listening = self._known, cues.role == "listening"
        row = cues.row(frame - (round(known.listener_delay_s * PLAN_RATE_HZ) if listening else 0))
        since_s, uttering = float(cues.since_pause_s[row]), bool(cues.uttering[row])
        base = known.speaking_per_minute if uttering else known.silent_per_minute
        base = known.listening_per_minute if listening else base
        gain = STEADY if uttering or listening else 1.0
        if PAUSE_S[0] <= since_s < PAUSE_S[1]:
            gain = known.pause_gain
        elif PAUSE_S[1] <= since_s < TURN_END_S:
            gain = known.turn_end_gain
        return base * gain / 60

    def _advance(self, state: BlinkState, frame: int, tick: float, rng: np.random.Generator) -> None:
        """The clock runs for a frame; it is owed for blinks that came before it rang."""
        paid = min(state.debt, PAID_BACK * tick)
        state.debt -= paid
        state.clock += tick - paid
        now_s = frame / PLAN_RATE_HZ
        if state.clock >= state.rings_at and now_s >= state.free_from_s:
            self._blink(state, now_s + float(rng.uniform(0, 1)) / PLAN_RATE_HZ, rng)

    def _with_gaze(self, state: BlinkState, shift: GazeShift, rng: np.random.Generator) -> None:
        """A large gaze shift brings a blink (Evinger 1994): the next one, early."""
        one, two = (rotations.direction_from_yaw_pitch(a) for a in (state.gaze_rad, shift.target_rad))
        size_deg = float(np.degrees(rotations.angle_between_rad(one, two)))
        state.gaze_rad = shift.target_rad
        draw, delay_s = rng.random(), float(rng.uniform(*GAZE_DELAY_S))
        onset_s = shift.onset_s + delay_s
        chance = self._chance(size_deg, state.debt) * self._amounts.blink_rate
        if draw < chance and onset_s >= state.free_from_s - SOONER_S:
            state.debt = min(state.debt + max(0.0, state.rings_at - state.clock), MOST_DEBT)
            self._blink(state, onset_s, rng)

    def _chance(self, size_deg: float, debt: float) -> float:
        """That a shift brings a blink: the more blinks came early, the larger the shift must be."""
        known = self._known
        half_deg = known.large_shift_deg + DEG_PER_DEBT * debt
        large = known.with_large_shifts / (1 + float(np.exp(-(size_deg - half_deg) / RISE_DEG)))
        return large + (known.with_small_shifts if size_deg > SMALL_SHIFT_DEG else 0.0)

    def _interval(self, rng: np.random.Generator) -> float:
        """Log-normal with mean 1 in units of the mean interval."""
        sigma = self._known.interval_sigma
        return float(rng.lognormal(-sigma * sigma / 2, sigma))

    # -- how ------------------------------------------------------------------------------------------------------

    def _blink(self, state: BlinkState, onset_s: float, rng: np.random.Generator) -> None:
        """Decide a blink, and now and then a second one that follows at once."""
        blinks = [self._shape(state.lids, onset_s, rng)]
        if rng.random() < self._known.double_share:
            gap_s = self._known.double_gap_s * float(rng.uniform(0.75, 1.25))
            again_s = onset_s + max(gap_s, 0.8 * (blinks[0].end_s - onset_s))
            blinks.append(self._shape(state.lids, again_s, rng))
            state.debt = min(state.debt + 1.0, MOST_DEBT)
        state.coming += blinks
        # A clock that had to wait has run on meanwhile.
        state.clock, state.rings_at = max(0.0, state.clock - state.rings_at), self._interval(rng)
        # Whoever is asked to blink more often than people do has less time between blinks.
        state.free_from_s = blinks[-1].end_s + self._known.refractory_s / max(1.0, self._amounts.blink_rate)

    def _shape(self, lids: Lids, onset_s: float, rng: np.random.Generator) -> Blink:
        known = self._known
        full = rng.random() < lids.full_share
        depth = (
            rng.uniform(*SHUT) if full else np.clip(rng.normal(known.partial_depth, known.partial_depth_sd), *PARTIAL)
        )
        normal = np.clip(rng.standard_normal(4), -2.5, 2.5)
        closing = (known.closing_s + known.closing_sd_s * normal[0]) * (0.75 + 0.25 * depth)
        width = np.clip(known.width_s * lids.width * np.exp(known.width_within_people * normal[1]), *WIDTH_S)
        closed = rng.uniform(0.0, 0.03) if full else rng.uniform(0.0, 0.015)
        # The two lids of a shut eye cannot differ.
        free = 4 * depth * (1 - depth) / (4 * known.partial_depth * (1 - known.partial_depth))
        apart = np.clip(free * (lids.depth_side + known.depth_side_sd * normal[2]), -MOST_APART, MOST_APART)
        later = np.clip(lids.left_later_s + known.lag_sd_s * normal[3], -MOST_LATER_S, MOST_LATER_S)
        left, right = np.clip([depth + apart / 2, depth - apart / 2], 0.0, 1.0)
        opening = opening_of(float(width - closing / 2 - closed), float(closing))
        return Blink(onset_s, float(closing), float(closed), opening, float(left), float(right), float(later))


def _frame_of(onset_s: float) -> int:
    """The frame that an onset lies in."""
    return int(np.floor(onset_s * PLAN_RATE_HZ + 1e-9))
