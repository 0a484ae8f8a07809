"""What a generator hears: the voice as cues per 20 ms, the same arrays for a whole recording or a live window."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from talkingeyes.generate.lips import lip_rows, speaking
from talkingeyes.generate.mouth import mouth_track, shipped_face
from talkingeyes.generate.plan import PLAN_RATE_HZ, STEP_FRAMES

if TYPE_CHECKING:
    from talkingeyes.audio import Speech
    from talkingeyes.weights import Network

Floats = NDArray[Any]
Role = Literal["speaking", "listening"]

BRIDGE_S = 0.5
"""Shorter gaps of the voice belong to one utterance (yardstick, turns)."""
UNKNOWN_S = 1e9
"""Time to an event that is not in sight."""


@dataclass(frozen=True, eq=False)
class Moments:
    """What the recent past says at each frame; a live window carries it, for it does not reach back far enough.

    Attributes:
        inside: (N,) a turn goes on.
        since_start_s: (N,) since the last turn's start.
        since_end_s: (N,) since the last turn's end.
        pausing: (N,) silence that is a pause of the speech; live, that is likely to be one.
        announced_s: begin and end of the character's own turn that is near, where its program has said them; else
            nobody knows, and it is None.
    """

    inside: NDArray[np.bool_]
    since_start_s: Floats
    since_end_s: Floats
    pausing: NDArray[np.bool_]
    announced_s: tuple[float, float] | None = None


@dataclass(frozen=True)
class Cues:
    """Cues at `PLAN_RATE_HZ`; the arrays are as long as the steps that cover the recording and the look-ahead.

    Attributes:
        role: whose voice it is: the character's own (speaking) or the other's (listening).
        uttering: the voice speaks, short gaps bridged.
        turn_starts_in_s: time to the next turn's start.
        turn_ends_in_s: time to the end of the turn that is going on.
        since_pause_s: time since the voice last fell silent; `UNKNOWN_S` while it sounds.
        loudness: 0..1, smoothed to syllables (about 5 Hz).
        accent: prominence of a loudness peak at its frame, else 0.
        pitch: semitones from the speaker's median, 0 where unvoiced.
        brightness: 0..1.
        hesitation: drawn-out, flat voiced sounds ("uh", "um", a word held on).
        lips: (N, len(SHAPE_NAMES)) what the speaking mouth does (`lips.lip_rows`); None: it rests, or none is wanted.
        heard: (N, width) what a local speech encoder heard, for models that were trained with one.
        origin: number of the first frame; a live window forgets what is over.
        moments: of a live window; a whole recording's are found by looking back and forth in it.
    """

    role: Role
    uttering: NDArray[np.bool_]
    turn_starts_in_s: Floats
    turn_ends_in_s: Floats
    since_pause_s: Floats
    loudness: Floats
    accent: Floats
    pitch: Floats
    brightness: Floats
    hesitation: NDArray[np.bool_]
    lips: Floats | None = None
    heard: Floats | None = None
    origin: int = 0
    moments: Moments | None = None

    def __len__(self) -> int:
        return len(self.uttering)

    @property
    def num_steps(self) -> int:
        """Steps that the cues cover."""
        return len(self) // STEP_FRAMES

    def rows(self, frames: NDArray[np.int64]) -> NDArray[np.int64]:
        """Where frames of the recording are in the arrays; the first and the last go on before and after them."""
        return np.minimum(np.maximum(frames - self.origin, 0), len(self) - 1)

    def row(self, frame: int) -> int:
        """Where one frame is, see `rows`."""
        return min(max(frame - self.origin, 0), len(self) - 1)


def cues_of(
    speech: Speech,
    role: Role,
    num_steps: int,
    *,
    mouth: Network | Literal["shipped", "none"] = "shipped",
    heard: Floats | None = None,
) -> Cues:
    """Cues of a whole recording, padded with silence to ``num_steps`` steps.

    Args:
        speech: the recording.
        role: whose voice it is.
        num_steps: steps to cover.
        mouth: the face network that moves the lips of a speaker: the package's, another, or none.
        heard: (N, width) what a local speech encoder heard of it.

    Raises:
        ModelError: the package's face network is damaged.
    """
    frames = num_steps * STEP_FRAMES

    def padded(values: NDArray[Any]) -> NDArray[Any]:
        rest = np.zeros((max(0, frames - len(values)), *values.shape[1:]), values.dtype)
        return np.concatenate([values, rest])[:frames]

    voice = padded(speech.voice).astype(bool)
    loudness = smoothed(padded(speech.loudness).astype(float) * voice, 0.06)
    uttering = bridged(voice, round(BRIDGE_S * PLAN_RATE_HZ))
    pitch, brightness = relative_pitch(padded(speech.pitch_hz).astype(float)), padded(speech.brightness).astype(float)
    starts, ends = time_to_turns(speech.turns, frames)
    return Cues(
        role=role,
        uttering=uttering,
        turn_starts_in_s=starts,
        turn_ends_in_s=ends,
        since_pause_s=time_since_pause(voice),
        loudness=loudness,
        accent=accents(loudness),
        pitch=pitch,
        brightness=brightness,
        hesitation=hesitations(voice & (padded(speech.pitch_hz) > 0), pitch, brightness, loudness),
        lips=_lips(padded(_track(speech, mouth)), voice) if mouth != "none" and role == "speaking" else None,
        heard=None if heard is None else padded(heard),
    )


def _lips(track: Floats, voice: NDArray[np.bool_]) -> Floats:
    return lip_rows(track, speaking(voice, track))


def _track(speech: Speech, mouth: Network | Literal["shipped", "none"]) -> Floats:
    return mouth_track(speech, shipped_face() if isinstance(mouth, str) else mouth)


def smoothed(values: Floats, sigma_s: float) -> Floats:
    """Gaussian smoothing over time."""
    sigma = sigma_s * PLAN_RATE_HZ
    reach = int(np.ceil(3 * sigma))
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma) ** 2)
    return np.convolve(np.pad(values, reach, mode="edge"), kernel / kernel.sum(), "valid")


def bridged(active: NDArray[np.bool_], max_gap: int) -> NDArray[np.bool_]:
    """Fill gaps of at most ``max_gap`` frames between active ones."""
    on = np.flatnonzero(active)
    out = active.copy()
    for i in np.flatnonzero((np.diff(on) > 1) & (np.diff(on) <= max_gap)):
        out[on[i] : on[i + 1]] = True
    return out


def time_to_turns(turns_s: NDArray[np.generic], frames: int) -> tuple[Floats, Floats]:
    """Time from each frame to the next turn's start, and to the end of the present turn."""
    now = np.arange(frames) / PLAN_RATE_HZ
    begin_s, end_s = np.asarray(turns_s, float).reshape(-1, 2).T
    upcoming = np.searchsorted(begin_s, now, side="right")
    starts = np.append(begin_s, UNKNOWN_S)[upcoming] - now
    present = np.maximum(upcoming - 1, 0)
    inside = (upcoming > 0) & (now < np.append(end_s, 0.0)[present])
    return starts, np.where(inside, np.append(end_s, 0.0)[present] - now, UNKNOWN_S)


def time_since_pause(voice: NDArray[np.bool_]) -> Floats:
    """Time since the voice fell silent; `UNKNOWN_S` while it sounds and before it first sounded."""
    frame = np.arange(len(voice))
    last_voice = np.maximum.accumulate(np.where(voice, frame, -1))
    since = (frame - last_voice) / PLAN_RATE_HZ
    return np.where(voice | (last_voice < 0), UNKNOWN_S, since)


def accents(loudness: Floats, reach_s: float = 0.16) -> Floats:
    """Prominence of each loudness peak over the lower of the troughs around it, at the peak's frame; elsewhere 0."""
    reach = round(reach_s * PLAN_RATE_HZ)
    windows = np.lib.stride_tricks.sliding_window_view(np.pad(loudness, reach, mode="edge"), 2 * reach + 1)
    peak = (loudness >= windows.max(axis=1)) & (loudness > 0.15)
    peak[1:] &= ~peak[:-1]
    wide = np.lib.stride_tricks.sliding_window_view(np.pad(loudness, 2 * reach, mode="edge"), 4 * reach + 1)
    return np.where(peak, loudness - wide.min(axis=1), 0.0)


HESITATION_S = (0.3, 1.2)
"""Vowels of running speech are held for less (about .1 s; filled pauses last .3 s and more); what is flat for longer is
no voice that hesitates but one that has no melody."""
FLAT_PITCH, FLAT_BRIGHTNESS, FLAT_LOUDNESS = 1.2, 0.2, 0.12
"""By how much a filled pause changes within .1 s at most: semitones, the sound's brightness, its loudness."""


def hesitations(voiced: NDArray[np.bool_], pitch: Floats, brightness: Floats, loudness: Floats) -> NDArray[np.bool_]:
    """Where the voice dwells on one sound: voiced stretches within `HESITATION_S`, flat in pitch, colour and level."""
    if len(voiced) < 2:
        return np.zeros(len(voiced), bool)
    lag = round(0.1 * PLAN_RATE_HZ)
    flat = voiced.copy()
    for values, limit in (
        (pitch, FLAT_PITCH),
        (brightness, FLAT_BRIGHTNESS),
        (loudness, FLAT_LOUDNESS),
    ):
        moved = np.abs(values - np.concatenate([np.repeat(values[:1], lag), values[:-lag]])[: len(values)])
        flat &= moved <= limit
    edges = np.flatnonzero(np.diff(np.concatenate([[0], flat.astype(int), [0]]))).reshape(-1, 2)
    found = np.zeros(len(voiced), bool)
    length_s = np.diff(edges, axis=1)[:, 0] / PLAN_RATE_HZ
    for first, last in edges[(length_s >= HESITATION_S[0]) & (length_s <= HESITATION_S[1])]:
        found[max(0, first - lag) : last] = True
    return found


def relative_pitch(pitch_hz: Floats) -> Floats:
    """Semitones from the median of the voiced frames."""
    voiced = pitch_hz > 0
    if not voiced.any():
        return np.zeros(len(pitch_hz))
    semitones = 12 * np.log2(np.where(voiced, pitch_hz, 1.0) / np.median(pitch_hz[voiced]))
    return np.where(voiced, np.clip(semitones, -12, 12), 0.0)
