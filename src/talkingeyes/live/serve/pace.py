"""A session on the server's clock: what a client may choose, and the state from which another server goes on."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from talkingeyes.errors import SettingError
from talkingeyes.live.playout import Playout
from talkingeyes.live.serve.protocol import DEFAULT_RATE_HZ, RATES_HZ, VOICES, check
from talkingeyes.live.session import Session
from talkingeyes.rig import ARKIT_NAMES
from talkingeyes.wording import quoted

STATE_VERSION = 1
_FILELESS = {"face": ("generate", "none"), "model": ("default", "learned", "statistical")}
"""Options that name files elsewhere: a client may not make the server read one."""
_STATE = {
    "type": "object",
    "properties": {
        "version": {"type": "integer", "enum": [STATE_VERSION]},
        "fps": {"type": "number", "minimum": 1, "maximum": 1000},
        "rates_hz": {
            "type": "object",
            "properties": {v: {"type": "integer", "minimum": RATES_HZ[0], "maximum": RATES_HZ[1]} for v in VOICES},
            "additionalProperties": False,
        },
        "live": {"type": "array", "items": {"type": "string", "enum": list(VOICES)}, "maxItems": 2},
        "playout": {"type": "object"},
        "session": {"type": "object"},
    },
    "additionalProperties": False,
}


class Paced:
    """A session, its pace, and what both were made of.

    Args:
        session: new, or restored.
        fps: its frames per second.
        rates_hz: of the voices' sound.
        live: voices that come as they are spoken; the others wait for their time.
        now_s: of `time.monotonic`.
    """

    def __init__(
        self, session: Session, fps: float, rates_hz: Mapping[str, int], live: Collection[str], now_s: float
    ) -> None:
        self.session, self.fps = session, fps
        self._rates, self._live = dict(rates_hz), sorted(live)
        self.playout = Playout(session, self._rates, now_s, fps=fps, live=live)

    def rate_hz(self, voice: str) -> int:
        """Of a voice's sound."""
        return self._rates[voice]

    def is_live(self, voice: str) -> bool:
        """Whether a voice's sound comes as it is spoken."""
        return voice in self._live

    @classmethod
    def begin(
        cls, options: Mapping[str, Any], rates_hz: Mapping[str, int], live: Collection[str], now_s: float
    ) -> Paced:
        """A new session.

        Raises:
            SettingError: an option that `Session` does not take, or one that names a file.
        """
        for name, accepted in _FILELESS.items():
            if options.get(name, accepted[0]) not in accepted:
                raise SettingError(f"{name} is {quoted(options[name])}; {' or '.join(accepted)} is accepted here")
        rates = {voice: int(rates_hz.get(voice, DEFAULT_RATE_HZ)) for voice in VOICES}
        try:
            session = Session(**options)
        except TypeError as error:  # a name that is no argument, a value of another type
            raise SettingError(f"options: {error}") from None
        return cls(session, float(options.get("fps", 30.0)), rates, live, now_s)

    @classmethod
    def restore(cls, state: Mapping[str, Any], now_s: float) -> Paced:
        """A session that goes on.

        Raises:
            SettingError: it is no state of `state`.
        """
        for name in _STATE["properties"]:
            if name not in state:
                raise SettingError(f"state: {name} is missing; give back what the server sent, as it is")
        check(state, _STATE, "state")
        session = Session.restore(state["session"])
        rates = {voice: state["rates_hz"].get(voice, DEFAULT_RATE_HZ) for voice in VOICES}
        paced = cls(session, float(state["fps"]), rates, state["live"], now_s)
        paced.playout.restore(state["playout"], now_s)
        return paced

    def state(self) -> dict[str, Any]:
        """All of it as plain data."""
        return {
            "version": STATE_VERSION,
            "fps": self.fps,
            "rates_hz": self._rates,
            "live": self._live,
            "playout": self.playout.state(),
            "session": self.session.state(),
        }

    @property
    def description(self) -> dict[str, Any]:
        """What a client needs to show the frames."""
        return {
            "fps": self.fps,
            "names": list(ARKIT_NAMES),
            "latency_s": dict(self.session.latency_s),
            "frame": self.session.frame,
            "taken": self.playout.taken,
        }

    @property
    def longest_latency_s(self) -> float:
        """Of all channels."""
        return max(self.session.latency_s.values())
