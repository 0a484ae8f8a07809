"""`Session`: sound in, frames out, while somebody still speaks (docs/live.md).

Nothing here knows more than the sound that was pushed. The clock counts whole samples and frames. Steps of 40 ms are
made as soon as the sound up to 2 frames after them is measured; a frame is out when the steps that it is drawn between
are made. So the same sound, in whatever pieces, makes the same bytes, and what comes later changes nothing that is out.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from talkingeyes.audio.decode import SAMPLE_RATE_HZ
from talkingeyes.errors import SettingError, TalkingEyesError
from talkingeyes.generate.amounts import RANGES, Amounts
from talkingeyes.generate.streams import checked_name
from talkingeyes.lanes import Lane, alone
from talkingeyes.live import given
from talkingeyes.live.engine import FORMAT, VERSION, Engine
from talkingeyes.live.stage import FOREVER_S
from talkingeyes.live.voice_cues import MOST_AHEAD_S
from talkingeyes.motion import Motion

_PIECE_S = 1.0
_BROKEN = (ValueError, TypeError, IndexError, KeyError, AttributeError, ArithmeticError, MemoryError, AssertionError)


class Session:
    """Push sound as it comes, receive the frames that are due.

    Every motion that comes out has ``meta["start_frame"]`` and ``meta["start_s"]``; frame ``k`` shows audio time
    ``k / fps``. Nothing is skipped or out of order, and memory is constant for ever.

    Attributes:
        latency_s: by channel; the frame of audio time ``t`` shows sound of ``t`` and is out when the sound up to
            ``t + latency`` has been pushed. The mouth's is larger because frames show the mouth of a little earlier.
        frame: number of the next frame.
    """

    def __init__(  # noqa: PLR0913 - what a user may ask of a session, by name
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
        """Begin at time 0.

        Args:
            fps: 24 to 120.
            seed: the same seed and sound give the same bytes.
            model: "default", "statistical" or a folder of weights of the scan-path kind.
            role: "auto" (who speaks decides), "speaking" or "listening".
            latency: "low", or "relaxed": the mouth of whole recordings, which hears further ahead.
            voices: which hold the clock, of "own" and "other"; None: each from its first push on.
            face: "generate", "none" or a folder of weights of a face network.
            character: name of a person, the same in every session.
            amounts: how much of what; by name as well (``smile=0.2``), and ``mood``.
            **amounts_by_name: see `Amounts`.

        Raises:
            SettingError: an option that is not accepted.
            ModelError: weights that cannot be used.
        """
        given.checked_options(fps, seed, role, latency, voices)
        options = {
            "fps": float(fps), "seed": seed, "model": str(model), "role": role, "latency": latency,
            "voices": None if voices is None else sorted(set(voices)), "face": str(face),
            "character": None if character is None else checked_name(character),
        }  # fmt: skip
        self._engine = Engine(options, given.checked_amounts(amounts, amounts_by_name))
        self.latency_s: dict[str, float] = self._engine.mouth.latency_s

    @property
    def frame(self) -> int:
        """Number of the next frame."""
        return self._engine.frame

    @property
    def time_s(self) -> float:
        """Audio time of the next frame."""
        return self.frame / self._engine.options["fps"]

    @property
    def role(self) -> str:
        """What the character does now: "speaking" or "listening"."""
        return self._engine.role

    # -- sound ------------------------------------------------------------------------------------------------------

    def push(self, samples: ArrayLike, rate_hz: float, voice: str = "own") -> Motion | None:
        """Sound comes in; the frames that are due go out.

        Args:
            samples: (n,) mono, float with full scale 1, or int16.
            rate_hz: 8000 to 192000, the same for each push of a voice.
            voice: "own" or "other".

        Raises:
            SettingError: naming what came and what is accepted; the session stays as it was.
        """
        return alone(self.pushing(samples, rate_hz, voice))

    def pushing(self, samples: ArrayLike, rate_hz: float, voice: str = "own") -> Lane[Motion | None]:
        """`push` as a lane (`talkingeyes.lanes`): what many sessions ask for is done in one call."""
        given.check_voice(voice)
        engine = self._engine
        rate = given.checked_rate(rate_hz, engine.rates.get(voice), voice)
        sound = given.checked_sound(samples)
        self._check_open()
        if engine.options["voices"] is not None and voice not in engine.holding:
            raise SettingError(f"voice {voice!r} is not one of this session's: {', '.join(engine.holding)}")
        self._check_ahead(voice, len(sound) / rate)
        engine.rates[voice] = rate
        engine.join(voice)
        parts: list[Motion] = []
        for start in range(0, len(sound), int(_PIECE_S * rate)):
            yield from engine.ears[voice].pushing(sound[start : start + int(_PIECE_S * rate)], rate)
            yield from engine.advancing(parts)
        return _joined(parts)

    def lacks(self, voice: str = "own") -> int:
        """How many samples of a voice, at its rate, are still to come before anything is heard in them."""
        ear = self._engine.ears[voice]
        return 1 if ear.resampler is None else ear.resampler.until(ear.extractor.lacks)

    def advance(self, to_s: float) -> Motion | None:
        """Time passes without sound: a voice that is behind ``to_s`` is filled with silence up to there.

        Raises:
            SettingError: no time, or more than an hour ahead.
        """
        self._check_open()
        if not given.is_number(to_s) or to_s > self.time_s + given.MOST_AT_ONCE_S:
            raise SettingError(f"to_s is {to_s!r}; up to {self.time_s + given.MOST_AT_ONCE_S:.0f} s is accepted now")
        engine = self._engine
        if not engine.holding:
            engine.join("own")
        parts: list[Motion] = []
        at_s = min(engine.ears[v].clock for v in engine.holding) / SAMPLE_RATE_HZ
        while at_s < to_s:
            at_s = min(at_s + _PIECE_S, to_s)
            for voice in engine.holding:
                alone(engine.ears[voice].filling(at_s))
            alone(engine.advancing(parts))
        return _joined(parts)

    def finish(self) -> Motion | None:
        """The rest, up to the last sample; nothing may follow."""
        self._check_open()
        engine = self._engine
        engine.finished = True
        end_s = max((engine.ears[v].end_s for v in engine.holding), default=0.0)
        total = math.ceil(end_s * engine.options["fps"] - 1e-6)
        parts: list[Motion] = []
        while engine.holding and engine.frame < total:
            upto = engine.stage.rows + 8
            for voice in engine.holding:
                alone(engine.ears[voice].flushing(upto + 64))
            alone(engine.advancing(parts, total))
        return _joined(parts)

    def _check_open(self) -> None:
        if self._engine.finished:
            raise SettingError("the session is finished; begin another one")

    def _check_ahead(self, voice: str, lasts_s: float) -> None:
        """What waits for the other voice is kept in memory: not without end."""
        ears = self._engine.ears
        others = [ears[v].clock for v in self._engine.holding if v != voice]
        if others and ears[voice].clock + lasts_s * SAMPLE_RATE_HZ > min(others) + MOST_AHEAD_S * SAMPLE_RATE_HZ:
            raise SettingError(
                f"the {voice} voice is more than {MOST_AHEAD_S} s ahead of the other; push that one, or advance()"
            )

    # -- direction ----------------------------------------------------------------------------------------------------

    def look(self, yaw_deg: float, pitch_deg: float, hold_s: float | None = None) -> None:
        """The eyes go there by a saccade and stay, whatever the head does; it follows.

        While a lid is closed both eyes sink by up to .8 deg and turn in a little, as people's do.

        Args:
            yaw_deg: in space, + to the character's left.
            pitch_deg: + up.
            hold_s: for so long; None: until `release`.

        Raises:
            SettingError: out of reach.
        """
        yaw_rad, pitch_rad = given.checked_direction(yaw_deg, pitch_deg)
        if hold_s is not None and not (given.is_number(hold_s) and 0 < hold_s <= FOREVER_S):
            raise SettingError(f"hold_s is {hold_s!r}; seconds above 0 or None is accepted")
        self._check_open()
        self._engine.stage.asked.append((yaw_rad, pitch_rad, FOREVER_S if hold_s is None else float(hold_s)))

    def look_at(self, target: str | tuple[float, float, float]) -> None:
        """The same for "camera" (or "partner"), or for a place x, y, z in metres from the middle of the eyes."""
        self.look(*given.direction_of(target))

    def release(self) -> None:
        """The gaze is free again, and leaves naturally."""
        self._check_open()
        self._engine.stage.asked.append(None)

    def set(self, **amounts: float) -> None:
        """Other amounts from now on, eased in; see `Amounts`.

        Raises:
            SettingError: no such amount, out of range, or the session is finished.
        """
        unknown = [name for name in amounts if name not in RANGES]
        if unknown:
            raise SettingError(f"there is no amount {unknown[0]!r}; {', '.join(RANGES)} are accepted")
        self._check_open()
        self._engine.stage.goal = replace(self._engine.stage.goal, **amounts)

    def announce(self, starts_s: float, ends_s: float) -> None:
        """When the own voice will begin and cease to speak, for programs that know it before it is heard.

        The eyes then leave the partner before the first word and are back for the last one, as in whole recordings.
        Nothing else is known of sound that waits, however early it was pushed. `interrupt` drops what was announced.

        Args:
            starts_s: audio time of the first word.
            ends_s: of the last one's end.

        Raises:
            SettingError: no such times, or before the end of a turn that was announced.
        """
        self._check_open()
        self._engine.announced.add(starts_s, ends_s, self.time_s)

    def interrupt(self) -> None:
        """The own speech is cut off: what was pushed and is not yet shown is dropped, and the mouth closes."""
        self._check_open()
        self._engine.interrupt()

    # -- state ------------------------------------------------------------------------------------------------------

    def state(self) -> dict[str, Any]:
        """The session as plain JSON data; `restore` goes on with the same bytes, in any process."""
        return self._engine.state()

    @classmethod
    def restore(cls, state: Mapping[str, Any]) -> Session:
        """A session from its `state`.

        Raises:
            SettingError: it is no such state, or one that does not hold together.
        """
        try:
            made = cls._restored(state)
            trial = cls._restored(state)
            engine = trial._engine
            if not engine.finished and engine.stage.index:  # half a second on trial
                trial.advance(min(e.clock for e in engine.ears.values() if e.known) / SAMPLE_RATE_HZ + 0.5)
        except SettingError:
            raise
        except (*_BROKEN, TalkingEyesError) as error:
            raise SettingError(
                f"state: does not hold together ({type(error).__name__}); give what state() gave"
            ) from None
        return made

    @classmethod
    def _restored(cls, state: Mapping[str, Any]) -> Session:
        like = cls()
        if not isinstance(state, Mapping) or state.get("format") != FORMAT or set(state) != set(like.state()):
            raise SettingError("state: not one of a session; give what Session.state() gave")
        if state["version"] != VERSION or not isinstance(state["options"], Mapping):
            raise SettingError(f"state: version {str(state['version'])[:20]!r}; {VERSION} is accepted")
        options = dict(state["options"])
        if set(options) != set(like._engine.options):
            raise SettingError("state: options are not those of this version")
        made = cls(**options)
        made._engine.restore(state)
        return made


def _joined(parts: list[Motion]) -> Motion | None:
    """Motions one after the other as one."""
    if len(parts) < 2:
        return parts[0] if parts else None
    channels = {n: np.concatenate([p.channels[n] for p in parts]) for n in parts[0].channels}
    return parts[0].replace(**channels)
