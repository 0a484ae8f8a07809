"""`Session`: sound in, frames out, while somebody still speaks."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from talkingeyes.audio.decode import SAMPLE_RATE_HZ
from talkingeyes.audio.features import LOOK_AHEAD_S, FeatureExtractor, Frames
from talkingeyes.errors import SettingError
from talkingeyes.generate.amounts import Amounts, amounts_of
from talkingeyes.generate.coordination import render
from talkingeyes.generate.cues import (
    BRIDGE_S,
    Cues,
    accents,
    bridged,
    hesitations,
    relative_pitch,
    smoothed,
    time_since_pause,
    time_to_turns,
)
from talkingeyes.generate.lips import lip_shapes, speaking
from talkingeyes.generate.marks import MAX_PITCH_DEG, MAX_YAW_DEG
from talkingeyes.generate.model_choice import generator_for
from talkingeyes.generate.mouth import WIDTH, MouthTracker, shipped_face
from talkingeyes.generate.plan import PLAN_RATE_HZ, STEP_FRAMES, STEP_S, Plan
from talkingeyes.generate.streams import Streams
from talkingeyes.generate.takes import MAX_FPS, MAX_SEED, MIN_FPS
from talkingeyes.live.resample import RATES_HZ, Resampler
from talkingeyes.motion import Motion

VOICES = ("own", "other")
ROLES = ("auto", "speaking", "listening")
LATENCIES = ("low", "relaxed")
_AHEAD = 30


class _Voice:
    def __init__(self) -> None:
        self.resampler: Resampler | None = None
        self.extractor, self.frames = FeatureExtractor(), FeatureExtractor().push(np.zeros(0, np.float32))
        self.tracker = MouthTracker(shipped_face())
        self.track = np.zeros((0, WIDTH), np.float32)
        self.taken_s = 0.0

    def push(self, samples: NDArray[np.float32], rate_hz: int) -> None:
        if self.resampler is None:
            self.resampler = Resampler(rate_hz)
        self.taken_s += len(samples) / rate_hz
        frames = self.extractor.push(self.resampler.push(samples))
        self.frames = Frames.join([self.frames, frames])
        found = self.tracker.push(frames.log_mel, frames.loudness_db, frames.voice)
        self.track = np.concatenate([self.track, found])


class Session:
    """Push sound as it comes, receive the frames that are due (docs/live.md)."""

    def __init__(  # noqa: PLR0913
        self,
        *,
        fps: float = 30.0,
        seed: int = 0,
        model: str = "default",
        role: str = "auto",
        latency: str = "low",
        voices: Collection[str] | None = None,
        face: str | Path = "generate",
        character: str | None = None,
        amounts: Amounts | None = None,
        **amounts_by_name: float,
    ) -> None:
        """Begin at time 0."""
        if not (math.isfinite(fps) and MIN_FPS <= fps <= MAX_FPS):
            raise SettingError(f"fps is {fps:g}; {MIN_FPS:g} to {MAX_FPS:g} is accepted")
        if not 0 <= seed <= MAX_SEED:
            raise SettingError(f"seed is {seed}; 0 to {MAX_SEED} is accepted")
        if role not in ROLES:
            raise SettingError(f"role is {role!r}; {', '.join(ROLES)} are accepted")
        if latency not in LATENCIES:
            raise SettingError(f"latency is {latency!r}; {' or '.join(LATENCIES)} is accepted")
        for voice in voices or ():
            self._check_voice(voice)
        self._log: list[Any] = []
        self._config = {
            "fps": fps, "seed": seed, "model": model, "role": role, "latency": latency,
            "voices": None if voices is None else sorted(voices), "face": str(face), "character": character,
        }  # fmt: skip
        self._fps, self._role, self._face = fps, role, face
        self._amounts = amounts or amounts_of(amounts_by_name)
        self._generator = generator_for(model, amounts=self._amounts)
        self._streams = Streams.from_seed(seed, character)
        self._holding = set(voices or ())
        self._voices = {name: _Voice() for name in VOICES}
        self._rates: dict[str, int] = {}
        self._state: Any = None
        self._plans: list[Plan] = []
        self._finished = False
        self.frame = 0
        whole = LOOK_AHEAD_S + STEP_S + _AHEAD / PLAN_RATE_HZ + 0.2
        self.latency_s = dict.fromkeys(("gaze", "head", "blinks", "mouth"), whole)

    @property
    def time_s(self) -> float:
        """Audio time of the next frame."""
        return self.frame / self._fps

    def push(self, samples: ArrayLike, rate_hz: float, voice: str = "own") -> Motion | None:
        """Sound comes in; the frames that are due go out."""
        self._check_voice(voice)
        checked = _checked(samples, rate_hz, self._rates.get(voice))
        if self._finished:
            raise SettingError("the session is finished; begin another one")
        self._rates[voice] = int(rate_hz)
        self._holding.add(voice)
        self._voices[voice].push(checked, int(rate_hz))
        return self._advance()

    def advance(self, to_s: float) -> Motion | None:
        """Time passes: a voice that is behind is filled with silence."""
        if self._finished:
            raise SettingError("the session is finished; begin another one")
        if not math.isfinite(to_s):
            raise SettingError(f"to_s is {to_s}; a time in seconds is accepted")
        for name in self._holding or {"own"}:
            voice, rate = self._voices[name], self._rates.setdefault(name, SAMPLE_RATE_HZ)
            missing = int((to_s - voice.taken_s) * rate)
            if missing > 0:
                voice.push(np.zeros(missing, np.float32), rate)
                self._holding.add(name)
        return self._advance()

    def finish(self) -> Motion | None:
        """The rest, up to the last sample."""
        end_s = max((self._voices[name].taken_s for name in self._holding), default=0.0)
        first = self.frame
        parts = [self.advance(end_s + 3.0)]
        self._finished = True
        motion = parts[0]
        count = math.ceil(end_s * self._fps - 1e-6) - first
        self.frame = first + max(count, 0)
        if motion is None or count <= 0:
            return None
        return motion.replace(**{name: c[:count] for name, c in motion.channels.items()})

    def look(self, yaw_deg: float, pitch_deg: float, hold_s: float | None = None) -> None:
        """The gaze goes there and stays."""
        if not math.hypot(yaw_deg / MAX_YAW_DEG, pitch_deg / MAX_PITCH_DEG) <= 1 + 1e-9:
            raise SettingError(
                f"yaw {yaw_deg:g}, pitch {pitch_deg:g} is out of reach; an ellipse of {MAX_YAW_DEG:g} deg yaw and "
                f"{MAX_PITCH_DEG:g} deg pitch is accepted"
            )

    def look_at(self, target: str | tuple[float, float, float]) -> None:
        """The gaze goes to the camera, or a place in metres from the middle of the eyes."""
        if target == "camera":
            return self.look(0.0, 0.0)
        if isinstance(target, str):
            raise SettingError(f"target is {target!r}; 'camera' or x, y, z in metres is accepted")
        x, y, z = target
        return self.look(math.degrees(math.atan2(x, z)), math.degrees(math.atan2(y, math.hypot(x, z))))

    def release(self) -> None:
        """The gaze is free again."""

    def interrupt(self) -> None:
        """The own speech is cut off now."""

    def set(self, **amounts: float) -> None:
        """Other amounts from now on."""
        self._amounts = replace(self._amounts, **amounts)

    def state(self) -> dict[str, Any]:
        """The session as plain data."""
        return {"config": self._config}

    @classmethod
    def restore(cls, state: Mapping[str, Any]) -> Session:
        """A session from `state`."""
        return cls(**state["config"])

    # -- inside ----------------------------------------------------------------------------------------------------

    @staticmethod
    def _check_voice(voice: str) -> None:
        if voice not in VOICES:
            raise SettingError(f"voice is {voice!r}; {' or '.join(VOICES)} is accepted")

    def _advance(self) -> Motion | None:
        known = min(len(self._voices[v].track) for v in self._holding)
        while (len(self._plans) + 1) * STEP_FRAMES + _AHEAD <= known:
            self._step((len(self._plans) + 1) * STEP_FRAMES + _AHEAD)
        end_s = len(self._plans) * STEP_S - 0.06
        count = math.floor(end_s * self._fps) - self.frame
        if count <= 0:
            return None
        meta = {"generator": "talkingeyes", "start_frame": self.frame, "start_s": self.frame / self._fps}
        motion = render(Plan.join(self._plans), self._fps, range(self.frame, self.frame + count), meta=meta)
        if self._face == "none":
            motion = motion.replace(face=None, face_names=())
        self.frame += count
        return motion

    def _step(self, frames: int) -> None:
        cues = self._cues(frames)
        if self._state is None:
            self._state = self._generator.start(cues, self._streams)
        self._plans.append(self._generator.step(cues, self._state, self._streams))

    def _cues(self, frames: int) -> Cues:
        own = self._voices["own"]
        talks = self._role != "listening" and "own" in self._holding
        if self._role == "auto" and talks and "other" in self._holding:
            talks = bool(own.frames.voice[frames - 40 : frames - 15].any())
        heard = (own if talks else self._voices["other"]).frames.first(frames)
        if len(heard) < frames:
            heard = Frames.join([heard, _silence(frames - len(heard))])
        voice = heard.voice
        loudness = smoothed(heard.loudness.astype(float) * voice, 0.06)
        pitch, brightness = relative_pitch(heard.pitch_hz.astype(float)), heard.brightness.astype(float)
        starts, ends = time_to_turns(np.zeros((0, 2)), frames)
        track = own.track[:frames]
        return Cues(
            role="speaking" if talks else "listening", uttering=bridged(voice, round(BRIDGE_S * PLAN_RATE_HZ)),
            turn_starts_in_s=starts, turn_ends_in_s=ends, since_pause_s=time_since_pause(voice), loudness=loudness,
            accent=accents(loudness), pitch=pitch, brightness=brightness,
            hesitation=hesitations(voice & (heard.pitch_hz > 0), pitch, brightness, loudness),
            lips=lip_shapes(track, speaking(own.frames.voice[:frames], track)) if len(track) == frames else None,
        )  # fmt: skip


def _silence(count: int) -> Frames:
    zeros = np.zeros(count, np.float32)
    mel = np.full((count, 40), -23.0, np.float32)
    return Frames(zeros - 100, zeros, zeros, zeros.astype(bool), zeros + 0.5, mel, zeros)


def _checked(samples: ArrayLike, rate_hz: float, before_hz: int | None) -> NDArray[np.float32]:
    values = np.asarray(samples)
    if not (isinstance(rate_hz, int | float | np.number) and math.isfinite(rate_hz) and rate_hz == int(rate_hz)):
        raise SettingError(f"rate_hz is {rate_hz}; whole numbers from {RATES_HZ[0]} to {RATES_HZ[1]} are accepted")
    if not RATES_HZ[0] <= rate_hz <= RATES_HZ[1]:
        raise SettingError(f"rate_hz is {rate_hz:g}; {RATES_HZ[0]} to {RATES_HZ[1]} is accepted")
    if before_hz not in (None, int(rate_hz)):
        raise SettingError(f"rate_hz is {rate_hz:g}, it was {before_hz} before; one rate per voice is accepted")
    if values.ndim != 1 or values.dtype.kind not in "fi" or (values.dtype.kind == "i" and values.dtype.itemsize != 2):
        raise SettingError(f"samples are {values.dtype} {values.shape}; (n,) float, full scale 1, or int16 is accepted")
    if values.dtype.kind == "i":
        return values.astype(np.float32) / 32768
    if len(values) and not float(np.abs(values).max()) <= 16.0:
        raise SettingError("samples hold NaN, infinity or more than 16; full scale is 1 for floats")
    return values.astype(np.float32)
