"""What the voice does to the gaze where nothing is known of what comes."""

import numpy as np
import pytest

from talkingeyes.audio import Frames
from talkingeyes.generate.cues import Cues, Role
from talkingeyes.generate.scanpath.speech_drive import DriveSettings, LiveDrive, announced_at, drive_at
from talkingeyes.live.voice_cues import VoiceCues

DRIVE = LiveDrive()


def heard(voice: np.ndarray, role: Role = "speaking", announced_s: tuple[float, float] | None = None) -> Cues:
    """A live window of a voice that sounds in these frames."""
    n = len(voice)
    none = np.zeros(n, np.float32)
    cues = VoiceCues()
    cues.push(Frames(none, none, none, voice, none, np.zeros((n, 40), np.float32), none))
    return cues.cues(role, n, 0, None, announced_s)


def spoken(*lengths_s: float) -> np.ndarray:
    """Flags of silence and voice in turns, silence first."""
    return np.concatenate([np.full(round(s * 50), bool(i % 2)) for i, s in enumerate(lengths_s)])


def at(cues: Cues, time_s: float) -> float:
    return drive_at(cues, round(time_s * 50))


def test_who_begins_to_speak_looks_away_at_once_and_is_back_after_a_second() -> None:
    cues = heard(spoken(2, 5))
    assert [at(cues, 2 + s) for s in (0.0, 0.3, 0.8, 1.5, 3.0)] == [
        DRIVE.start, DRIVE.start, DRIVE.goes_on, DRIVE.settled, DRIVE.base,
    ]  # fmt: skip
    assert at(cues, 1.9) == DRIVE.rests


def test_a_silence_after_speech_leads_away_whatever_it_will_become() -> None:
    cues = heard(spoken(2, 4, 3))
    assert at(cues, 6.04) == DRIVE.base  # a stop consonant is no pause
    assert [at(cues, 6 + s) for s in (0.2, 0.5, 0.8)] == [DRIVE.silence] * 3
    assert at(cues, 7.5) == DRIVE.rests


def test_after_half_a_second_of_silence_a_voice_begins_anew() -> None:
    assert at(heard(spoken(2, 4, 0.6, 2)), 6.7) == DRIVE.start
    assert at(heard(spoken(2, 4, 0.3, 2)), 6.4) == DRIVE.base


@pytest.mark.parametrize(("time_s", "drive"), [(1.0, DRIVE.listens), (2.3, DRIVE.other_starts), (4.0, DRIVE.listens)])
def test_a_listener_looks_at_who_begins_to_speak(time_s: float, drive: float) -> None:
    assert at(heard(spoken(2, 5), "listening"), time_s) == drive


@pytest.mark.parametrize("role", ["speaking", "listening"])
def test_near_the_ends_of_an_announced_turn_the_drive_is_that_of_whole_recordings(role: Role) -> None:
    cues, whole = heard(spoken(2, 5), role, (6.0, 9.0)), DriveSettings()
    found = [announced_at(cues, 250, s) for s in (5.0, 5.5, 6.4, 7.0, 7.8, 8.5, 9.05)]
    assert found == [None, whole.turn_start, whole.turn_start, whole.turn_settled, None, whole.turn_end, None]
    assert announced_at(heard(spoken(2, 5), role), 250, 5.5) is None


def test_in_the_pauses_of_an_announced_turn_the_eyes_look_away_as_in_others() -> None:
    cues = heard(spoken(2, 2, 3), announced_s=(2.0, 7.0))
    assert announced_at(cues, round(4.3 * 50), 6.5) is None and at(cues, 4.3) == DRIVE.silence
