"""Pacing on a clock that the test turns: nothing here waits."""

import math

import numpy as np
import pytest

from talkingeyes.errors import SettingError
from talkingeyes.live.playout import MAX_STEP_S, Playout
from talkingeyes.live.track import AHEAD_S, PATIENCE_S, RELAX_S
from talkingeyes.motion import Motion
from tests.live.fakes import FakeSession

RATE_HZ = 16_000
LATENCY_S, FPS = 0.1, 30.0
LEAD_S = LATENCY_S + 1 / FPS
TICK_S = 0.01


class Clock:
    """A playout whose clock only the test turns."""

    def __init__(self, **options: object) -> None:
        self.session = FakeSession(LATENCY_S, FPS)
        rates = {"own": RATE_HZ, "other": RATE_HZ}
        self.begin_s = self.now_s = 5000.0
        self.playout = Playout(self.session, rates, self.now_s, fps=FPS, **options)  # type: ignore[arg-type]
        self.shown: list[tuple[int, float, float]] = []  # frame, jawOpen, audio time at which it came out

    @property
    def time_s(self) -> float:
        return self.now_s - self.begin_s

    def turn(self, seconds: float) -> None:
        for _ in range(round(seconds / TICK_S)):
            self.now_s += TICK_S
            self.take(self.playout.tick(self.now_s))

    def say(self, seconds: float, level: float = 0.5, voice: str = "own") -> None:
        self.take(self.playout.push(np.full(round(seconds * RATE_HZ), level, np.float32), voice, self.now_s))

    def take(self, motion: Motion | None) -> None:
        if motion is not None:
            first = int(motion.meta["start_frame"])
            jaws = motion.coefficient("jawOpen").tolist()
            self.shown += [(first + i, jaw, self.time_s) for i, jaw in enumerate(jaws)]

    def late_s(self, first_s: float, last_s: float) -> list[float]:
        """How much after their audio time the frames of a span came out."""
        return [out - k / FPS for k, _, out in self.shown if first_s <= k / FPS < last_s]


def test_frames_come_in_order_and_none_is_skipped() -> None:
    clock = Clock()
    for _ in range(5):
        clock.say(0.7)
        clock.turn(1.0)
    assert [k for k, _, _ in clock.shown] == list(range(len(clock.shown)))
    assert len(clock.shown) > 140


def test_a_burst_is_fed_at_real_time_with_a_small_lead() -> None:
    clock = Clock()
    clock.turn(1.0)
    clock.say(4.0)  # all at once
    assert clock.session.pushed_s() == pytest.approx(1.0 + LEAD_S, abs=0.002)
    assert clock.playout.queued_s() == pytest.approx(4.0 - LEAD_S, abs=0.002)
    clock.turn(2.0)
    assert clock.session.pushed_s() == pytest.approx(3.0 + LEAD_S, abs=0.002)


def test_while_an_agent_speaks_every_frame_is_out_when_its_sound_is_heard() -> None:
    clock = Clock()
    clock.turn(1.0)
    clock.say(4.0)
    clock.turn(5.0)
    assert max(clock.late_s(1.0, 5.0)) <= TICK_S + 1e-6
    assert min(clock.late_s(1.5, 5.0)) >= -2 / FPS  # and not much before: it could still be interrupted


def test_speech_begins_at_the_audio_time_at_which_it_came() -> None:
    clock = Clock()
    clock.turn(2.0)
    clock.say(1.0)
    heard = np.flatnonzero(np.concatenate([clock.session.heard(), np.zeros(1)]))
    assert heard[0] / RATE_HZ == pytest.approx(2.0, abs=1e-3)
    assert clock.playout.wall_s(2.0) == pytest.approx(clock.now_s)


def test_bursts_that_follow_without_a_gap_stay_seamless() -> None:
    clock = Clock()
    clock.turn(0.5)
    for _ in range(8):
        clock.say(0.4)
        clock.turn(0.3)
    clock.turn(2.0)
    heard = clock.session.heard()
    spoken = np.flatnonzero(heard)
    assert len(spoken) == 8 * 0.4 * RATE_HZ
    assert spoken[-1] - spoken[0] + 1 == len(spoken)  # no silence in between
    assert clock.playout.stats["underruns"] == 0


def test_speech_just_in_time_with_jitter_is_not_cut_up() -> None:
    clock, rng = Clock(), np.random.default_rng(0)
    clock.turn(0.5)
    clock.say(0.1)
    for _ in range(100):  # 20 ms every 20 ms, up to 30 ms late
        due_s = clock.time_s + 0.02
        clock.turn(0.02)
        clock.now_s += float(rng.uniform(0, 0.03))
        clock.say(0.02)
        clock.now_s = max(clock.begin_s + due_s, clock.now_s - 0.03)
    heard = clock.session.heard()
    spoken = np.flatnonzero(heard)
    assert (spoken[-1] - spoken[0] + 1 - len(spoken)) / RATE_HZ < 0.05
    assert clock.playout.stats["underruns"] <= 1


def test_late_speech_idles_and_begins_when_it_comes() -> None:
    clock = Clock()
    clock.turn(0.5)
    clock.say(0.3)
    clock.turn(0.52)  # it ended .22 s ago, and nothing came for longer than within a sentence
    before = len(clock.shown)
    clock.turn(0.01)
    clock.say(0.3)
    clock.turn(0.5)
    spoken = np.flatnonzero(clock.session.heard())
    gaps = np.flatnonzero(np.diff(spoken) > 1)
    assert len(gaps) == 1
    begins_s = spoken[gaps[0] + 1] / RATE_HZ
    assert 1.03 - 1e-3 <= begins_s <= 1.03 + LEAD_S
    assert len(clock.shown) > before


def test_the_face_lives_on_while_nobody_speaks() -> None:
    clock = Clock()
    clock.turn(10.0)
    assert len(clock.shown) == pytest.approx((10 - LATENCY_S) * FPS, abs=2)
    steps = np.diff([out for _, _, out in clock.shown])
    assert steps.max() < 0.05


def test_after_a_sentence_frames_go_on_without_a_halt() -> None:
    clock = Clock()
    clock.turn(1.0)
    clock.say(2.0)
    clock.playout.end()
    clock.turn(5.0)
    times = [out for k, _, out in clock.shown if k / FPS > 1.5]
    assert np.diff(times).max() < 0.06
    assert max(clock.late_s(2.5, 3.0)) <= TICK_S + 1e-6  # up to the last syllable in time
    assert max(clock.late_s(3.0 + 2 * RELAX_S, 6.0)) <= LATENCY_S + 1 / FPS + TICK_S + 1e-6


def test_a_new_sentence_after_a_pause_begins_at_once() -> None:
    clock = Clock()
    clock.turn(1.0)
    clock.say(1.0)
    clock.turn(1.0 + RELAX_S + 0.5)
    came_s = clock.time_s
    clock.say(1.0)
    spoken = np.flatnonzero(clock.session.heard())
    begins = spoken[np.flatnonzero(np.diff(spoken) > 1)[0] + 1]
    assert begins / RATE_HZ == pytest.approx(came_s, abs=2e-3)


def test_interrupt_drops_what_waits_and_the_session_hears_of_it() -> None:
    clock = Clock()
    clock.say(5.0)
    clock.turn(1.0)
    dropped_s = clock.playout.interrupt()
    assert dropped_s == pytest.approx(4.0 - LEAD_S, abs=0.02)
    assert clock.session.interrupted == 1
    assert clock.playout.queued_s() == 0
    clock.turn(1.0)
    spoken = np.flatnonzero(clock.session.heard())
    assert spoken[-1] / RATE_HZ < 1.0 + LEAD_S + 0.02
    assert clock.playout.taken["own"] == 5 * RATE_HZ


def test_speech_after_an_interruption_begins_anew() -> None:
    clock = Clock()
    clock.say(5.0)
    clock.turn(1.0)
    clock.playout.interrupt()
    clock.turn(0.1)
    clock.say(0.5, level=0.9)
    clock.turn(1.0)
    again = np.flatnonzero(clock.session.heard() == np.float32(0.9))
    assert len(again) == 0.5 * RATE_HZ
    assert 1.1 - 1e-3 <= again[0] / RATE_HZ <= 1.1 + LEAD_S


def test_a_microphone_goes_straight_in() -> None:
    clock = Clock(live=("own",))
    for _ in range(100):
        clock.turn(0.02)
        clock.say(0.02)
        assert clock.playout.queued_s() == 0
    assert max(clock.late_s(0.0, 1.8)) <= LATENCY_S + 1 / FPS + 0.02 + 1e-6
    assert np.count_nonzero(clock.session.heard() == 0) == 0


def test_a_microphone_that_stalls_is_filled_and_does_not_lag_afterwards() -> None:
    clock = Clock(live=("own",))
    for _ in range(50):
        clock.turn(0.02)
        clock.say(0.02)
    clock.turn(0.5)
    clock.say(0.5)  # all that was held up
    for _ in range(50):
        clock.turn(0.02)
        clock.say(0.02)
    assert clock.session.pushed_s() <= clock.time_s + AHEAD_S + 1e-6
    assert clock.session.pushed_s() >= clock.time_s - PATIENCE_S - 1e-6
    assert clock.playout.stats["dropped_samples"] > 0.3 * RATE_HZ
    assert np.diff([out for _, _, out in clock.shown]).max() < AHEAD_S + PATIENCE_S + 2 / FPS


@pytest.mark.parametrize("drift", [1.001, 0.999])
def test_a_sound_card_that_is_off_never_runs_away(drift: float) -> None:
    clock = Clock(live=("own",))
    for _ in range(3000):
        clock.now_s += 0.02
        clock.take(clock.playout.tick(clock.now_s))
        clock.say(0.02 * drift)
    assert abs(clock.session.pushed_s() - clock.time_s) < 0.08


@pytest.mark.parametrize("from_the_start", [True, False])
def test_while_a_microphone_listens_the_agents_frames_are_out_when_their_sound_is_heard(from_the_start: bool) -> None:
    clock = Clock(idle=("own", "other") if from_the_start else None)
    for count in range(500):
        clock.turn(0.02)
        if count in (100, 200):
            clock.say(2.0)  # an agent's sentence, at 2 s and, right after it, at 4 s
        if from_the_start or count > 150:
            clock.say(0.02, voice="other")
    heard_s = clock.session.pushed_s("other")
    assert max(clock.late_s(2.5, 6.0)) <= TICK_S + 1e-6
    assert max(clock.late_s(6.0 + RELAX_S, 9.0)) <= LATENCY_S + 1 / FPS + 2 * TICK_S, "and then its own lateness"
    assert heard_s == pytest.approx(clock.time_s, abs=0.08), "who listens does so without the lead"
    spoken = np.flatnonzero(clock.session.heard("other"))
    lost_s = spoken[-1] / RATE_HZ - spoken[0] / RATE_HZ - len(spoken) / RATE_HZ
    assert abs(lost_s) < LEAD_S + PATIENCE_S + 0.02, "one gap as the agent begins"


def test_the_other_voice_only_counts_from_when_it_comes() -> None:
    clock = Clock()
    clock.turn(1.0)
    assert "other" not in clock.session.sound
    for _ in range(25):
        clock.turn(0.02)
        clock.say(0.02, voice="other")
    assert clock.session.pushed_s("other") == pytest.approx(clock.time_s, abs=0.08)


def test_a_machine_that_slept_does_not_fill_in_the_night() -> None:
    clock = Clock()
    clock.turn(1.0)
    clock.now_s += 8 * 3600
    clock.turn(0.1)
    assert clock.session.pushed_s() < 1.2 + MAX_STEP_S
    clock.say(0.5)
    clock.turn(0.5)
    assert len(np.flatnonzero(clock.session.heard())) == 0.5 * RATE_HZ


def test_all_sound_is_in_the_session_when_it_is_finished() -> None:
    clock = Clock()
    clock.say(3.0)
    clock.turn(0.5)
    clock.take(clock.playout.finish())
    assert len(np.flatnonzero(clock.session.heard())) == 3 * RATE_HZ
    assert [k for k, _, _ in clock.shown] == list(range(90))


def test_chunks_of_any_size_give_the_same_sound() -> None:
    heard = []
    for parts in (1, 7, 100):
        clock = Clock()
        sound = np.random.default_rng(1).normal(0, 0.1, 2 * RATE_HZ).astype(np.float32)
        for part in np.array_split(sound, parts):
            clock.take(clock.playout.push(part, "own", clock.now_s))
        clock.turn(1.0)
        clock.take(clock.playout.finish())
        heard.append(clock.session.heard())
    assert all(np.array_equal(one, heard[0]) for one in heard)


def test_state_tells_a_client_what_to_send_again() -> None:
    clock = Clock()
    clock.turn(0.5)
    clock.say(3.0)
    clock.turn(1.0)
    state = clock.playout.state()
    assert state["own"]["taken"] == clock.playout.taken["own"] == pytest.approx((1.0 + LEAD_S) * RATE_HZ, abs=400)
    again = Playout(FakeSession(), {"own": RATE_HZ, "other": RATE_HZ}, 77.0)
    again.restore(state, 77.0)
    assert again.taken == clock.playout.taken
    assert again.ends_s() == state["own"]["fed"] / RATE_HZ
    assert again.wall_s(again.ends_s()) == pytest.approx(77.0)


@pytest.mark.parametrize(
    "state", [{"own": 1}, {"own": {"fed": -1}}, {"own": {"fed": 1.5}}, {"own": {"taken": True}}, 3]
)
def test_a_hostile_state_is_one_error(state: object) -> None:
    with pytest.raises(SettingError, match="state"):
        Clock().playout.restore(state, 0.0)  # type: ignore[arg-type]


def test_what_is_no_sound_is_refused_when_it_comes() -> None:
    clock = Clock()
    for wrong in ([math.nan], [math.inf], [20.0], [[0.0]], np.zeros(3, np.int32), ["a"]):
        with pytest.raises(SettingError, match="samples"):
            clock.playout.push(wrong, "own", clock.now_s)
    with pytest.raises(SettingError, match="voice"):
        clock.playout.push([0.0], "nobody", clock.now_s)
    clock.playout.push(np.array([], np.float32), "own", clock.now_s)
    clock.playout.push(np.zeros(5, np.int16), "own", clock.now_s)
    assert clock.playout.queued_s() == 0


def test_speech_without_end_is_refused() -> None:
    clock = Clock()
    with pytest.raises(SettingError, match="wait"):
        for _ in range(30):
            clock.playout.push(np.zeros(30 * RATE_HZ, np.float32), "own", clock.now_s)


def test_a_real_session_that_is_cut_off_shuts_its_mouth_within_a_tenth_of_a_second() -> None:
    from importlib import resources
    from pathlib import Path

    from talkingeyes.audio.decode import MonoStream
    from talkingeyes.live.session import Session

    speech = np.concatenate(list(MonoStream(Path(str(resources.files("talkingeyes") / "assets" / "sample.opus")))))
    session = Session(seed=1)
    playout, jaws, now_s = Playout(session, {"own": RATE_HZ}, 0.0), [], 0.0
    out = [playout.push(speech[: 6 * RATE_HZ], "own", now_s)]
    while now_s < 6 and not (now_s > 2 and jaws[-1] > 0.15):
        now_s += 1 / 60
        out.append(playout.tick(now_s))
        jaws = [jaw for motion in out if motion is not None for jaw in motion.coefficient("jawOpen").tolist()]
    assert jaws[-1] > 0.15, "the recording opens the mouth"
    playout.interrupt()
    after: list[float] = []
    while len(after) < 12:
        now_s += 1 / 60
        motion = playout.tick(now_s)
        after += [] if motion is None else motion.coefficient("jawOpen").tolist()
    steps = np.abs(np.diff([jaws[-1], *after]))
    assert max(after[3:]) < 0.02  # 3 frames are .1 s
    assert steps.max() < 0.8 * jaws[-1] + 0.05  # not in one jump
