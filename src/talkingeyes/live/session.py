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
from numpy.typing import ArrayLike, NDArray

from talkingeyes.audio.decode import SAMPLE_RATE_HZ
from talkingeyes.audio.features import HOP, LIVE_BLOCK_FRAMES, LIVE_LOOK_AHEAD_S
from talkingeyes.errors import ModelError, SettingError, TalkingEyesError
from talkingeyes.generate.amounts import RANGES, Amounts, amounts_of
from talkingeyes.generate.cues import Cues
from talkingeyes.generate.face_track import BroughtFace
from talkingeyes.generate.lips import NEXT_FRAMES, SHAPE_NAMES
from talkingeyes.generate.model_choice import generator_for, is_joint
from talkingeyes.generate.mouth import shipped_face
from talkingeyes.generate.plan import PLAN_RATE_HZ
from talkingeyes.generate.statistical import StatisticalGenerator
from talkingeyes.generate.streams import Streams, checked_name
from talkingeyes.generate.takes import brought_face
from talkingeyes.live import given
from talkingeyes.live.ear import Ear
from talkingeyes.live.floor import Floor
from talkingeyes.live.plain import packed, unpacked
from talkingeyes.live.resample import HOLD
from talkingeyes.live.stage import FOREVER_S, LIVE, ROWS_AHEAD, STEP_ROWS, Stage
from talkingeyes.live.voice_cues import MOST_AHEAD_S
from talkingeyes.motion import Motion
from talkingeyes.weights import Network

Floats = NDArray[Any]

HEARS_AHEAD = 2
"""Row ``i`` of the plan is made knowing the voice up to frame ``i + HEARS_AHEAD``."""
MOST_LAG = 3
"""A mouth that is this many rows (60 ms) behind its sound is still taken to be in time (ITU-R BT.1359: 90 ms)."""
FORMAT, VERSION = "talkingeyes-session", 1
HUSHED_ROWS, UNHUSHED_ROWS = 5, 4
"""The mouth of who is interrupted closes over so many rows (100 ms, evenly), and is free again over so many."""
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
        self._options = {
            "fps": float(fps), "seed": seed, "model": str(model), "role": role, "latency": latency,
            "voices": None if voices is None else sorted(set(voices)), "face": str(face),
            "character": None if character is None else checked_name(character),
        }  # fmt: skip
        if is_joint(str(model)):
            raise SettingError(f"model {str(model)!r} steps by .2 s and cannot be live; default, statistical or a "
                               "folder of scan-path weights is accepted")  # fmt: skip
        start = _amounts(amounts, amounts_by_name)
        generator = generator_for(str(model), amounts=start, stepping=LIVE, all_names=True)
        assert isinstance(generator, StatisticalGenerator)
        self._fps, self._declared = float(fps), voices is not None
        self._stage = Stage(generator, Streams.from_seed(seed, self._options["character"]), self._fps, start)
        self._floor = Floor(role)
        network = _face_network(face, latency)
        self._mouth_lag = _mouth_lag(network)
        self._ears = {"own": Ear(network, max(1, self._mouth_lag)), "other": Ear(None, 0)}
        self._holding: list[str] = sorted(set(voices or ()))
        self._rates: dict[str, int] = {}
        self._hush: tuple[int, int] | None = None
        self._finished = False
        self.frame = 0
        self.latency_s: dict[str, float] = _latency_s(network, self._mouth_lag)

    @property
    def time_s(self) -> float:
        """Audio time of the next frame."""
        return self.frame / self._fps

    @property
    def role(self) -> str:
        """What the character does now: "speaking" or "listening"."""
        return self._floor.role("other" in self._holding)

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
        given.check_voice(voice)
        rate = given.checked_rate(rate_hz, self._rates.get(voice), voice)
        sound = given.checked_sound(samples)
        self._check_open()
        if self._declared and voice not in self._holding:
            raise SettingError(f"voice {voice!r} is not one of this session's: {', '.join(self._holding)}")
        self._check_ahead(voice, len(sound) / rate)
        self._rates[voice] = rate
        self._join(voice)
        parts: list[Motion] = []
        for start in range(0, len(sound), int(_PIECE_S * rate)):
            self._ears[voice].push(sound[start : start + int(_PIECE_S * rate)], rate)
            self._advance(parts)
        return _joined(parts)

    def advance(self, to_s: float) -> Motion | None:
        """Time passes without sound: a voice that is behind ``to_s`` is filled with silence up to there.

        Raises:
            SettingError: no time, or more than an hour ahead.
        """
        self._check_open()
        if not given.is_number(to_s) or to_s > self.time_s + given.MOST_AT_ONCE_S:
            raise SettingError(f"to_s is {to_s!r}; up to {self.time_s + given.MOST_AT_ONCE_S:.0f} s is accepted now")
        if not self._holding:
            self._join("own")
        parts: list[Motion] = []
        at_s = min(self._ears[v].clock for v in self._holding) / SAMPLE_RATE_HZ
        while at_s < to_s:
            at_s = min(at_s + _PIECE_S, to_s)
            for voice in self._holding:
                self._ears[voice].fill(at_s)
            self._advance(parts)
        return _joined(parts)

    def finish(self) -> Motion | None:
        """The rest, up to the last sample; nothing may follow."""
        self._check_open()
        self._finished = True
        end_s = max((self._ears[v].end_s for v in self._holding), default=0.0)
        total = math.ceil(end_s * self._fps - 1e-6)
        parts: list[Motion] = []
        while self._holding and self.frame < total:
            upto = self._stage.rows + 8
            for voice in self._holding:
                self._ears[voice].flush(upto + 64)
            self._advance(parts, total)
        return _joined(parts)

    def _check_open(self) -> None:
        if self._finished:
            raise SettingError("the session is finished; begin another one")

    def _check_ahead(self, voice: str, lasts_s: float) -> None:
        """What waits for the other voice is kept in memory: not without end."""
        others = [self._ears[v].clock for v in self._holding if v != voice]
        if others and self._ears[voice].clock + lasts_s * SAMPLE_RATE_HZ > min(others) + MOST_AHEAD_S * SAMPLE_RATE_HZ:
            raise SettingError(
                f"the {voice} voice is more than {MOST_AHEAD_S} s ahead of the other; push that one, or advance()"
            )

    def _join(self, voice: str) -> None:
        """A voice begins to count, where it did not yet."""
        if voice not in self._holding:
            self._ears[voice].join(max((self._ears[v].clock for v in self._holding), default=0))
            self._holding = sorted([*self._holding, voice])

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
        self._stage.asked.append((yaw_rad, pitch_rad, FOREVER_S if hold_s is None else float(hold_s)))

    def look_at(self, target: str | tuple[float, float, float]) -> None:
        """The same for "camera" (or "partner"), or for a place x, y, z in metres from the middle of the eyes."""
        self.look(*given.direction_of(target))

    def release(self) -> None:
        """The gaze is free again, and leaves naturally."""
        self._check_open()
        self._stage.asked.append(None)

    def set(self, **amounts: float) -> None:
        """Other amounts from now on, eased in; see `Amounts`.

        Raises:
            SettingError: no such amount, out of range, or the session is finished.
        """
        unknown = [name for name in amounts if name not in RANGES]
        if unknown:
            raise SettingError(f"there is no amount {unknown[0]!r}; {', '.join(RANGES)} are accepted")
        self._check_open()
        self._stage.goal = replace(self._stage.goal, **amounts)

    def interrupt(self) -> None:
        """The own speech is cut off: what was pushed and is not yet shown is dropped, and the mouth closes."""
        self._check_open()
        ear = self._ears["own"]
        ear.cut_off()
        first = self._stage.row_of(self.frame - 1) + 1 if self.frame else 0
        self._hush = first, ear.muted_until + self._mouth_lag
        if self._stage.index and ear.mouth is not None:
            self._stage.redo_mouth(self._cues(self._stage.rows - STEP_ROWS), first)

    # -- state ------------------------------------------------------------------------------------------------------

    def state(self) -> dict[str, Any]:
        """The session as plain JSON data; `restore` goes on with the same bytes, in any process."""
        return {
            "format": FORMAT, "version": VERSION, "options": dict(self._options),
            "frame": self.frame, "finished": self._finished, "holding": list(self._holding),
            "rates": dict(self._rates), "hush": None if self._hush is None else list(self._hush),
            "floor": packed(self._floor), "stage": self._stage.saved(),
            "ears": {name: ear.state() for name, ear in self._ears.items()},
        }  # fmt: skip

    @classmethod
    def restore(cls, state: Mapping[str, Any]) -> Session:
        """A session from its `state`.

        Raises:
            SettingError: it is no such state, or one that does not hold together.
        """
        try:
            made = cls._restored(state)
            trial = cls._restored(state)
            if not trial._finished and trial._stage.index:  # half a second on trial
                trial.advance(min(e.clock for e in trial._ears.values() if e.known) / SAMPLE_RATE_HZ + 0.5)
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
        if set(options) != set(like._options):
            raise SettingError("state: options are not those of this version")
        made = cls(**options)
        made.frame = unpacked(state["frame"], int, None, "frame")
        made._finished = unpacked(state["finished"], bool, None, "finished")
        made._holding = unpacked(state["holding"], list[str], None, "holding")
        made._rates = unpacked(state["rates"], dict[str, int], None, "rates")
        hush = unpacked(state["hush"], tuple[int, int] | None, None, "hush")
        made._hush = hush
        made._floor = unpacked(state["floor"], Floor, None, "floor")
        if not set(made._holding) <= set(given.VOICES) or not isinstance(state["ears"], Mapping):
            raise SettingError("state: voices are not those of this version")
        for ear in made._ears.values():
            ear.cues.idle(8)
        made._stage.restore(state["stage"], made._cues(0))
        for name, ear in made._ears.items():
            ear.restore(state["ears"].get(name), f"ears.{name}", made._finished)
            rate = None if ear.resampler is None else ear.resampler.rate_hz
            if made._rates.get(name) != rate and rate is not None:
                raise SettingError("state: rates are out of step")
        if not 0 <= made.frame <= made._stage.rows * made._fps / PLAN_RATE_HZ + 2:
            raise SettingError("state: frame is out of step")
        return made

    # -- steps ------------------------------------------------------------------------------------------------------

    def _advance(self, parts: list[Motion], total: int | None = None) -> None:
        """Make the steps that can be made, and the frames that are due."""
        stage, own = self._stage, self._ears["own"]
        while True:
            upto = stage.rows + STEP_ROWS + HEARS_AHEAD
            if min(self._ears[v].known for v in self._holding) < upto:
                break
            mouthed = own.mouth is None or "own" not in self._holding
            if not mouthed and own.lip_rows < stage.rows + STEP_ROWS - self._mouth_lag:
                break
            for ear in self._ears.values():
                ear.cues.idle(upto - ear.cues.count)
            for row in range(upto - STEP_ROWS if stage.index else 0, upto):
                self._floor.hear(*(self._ears[v].cues.voice_at(row) for v in given.VOICES))
            stage.step(self._cues(stage.rows))
            for ear in self._ears.values():
                ear.forget(upto, stage.rows - self._mouth_lag - 16)
        self._show(parts, total)

    def _show(self, parts: list[Motion], total: int | None) -> None:
        count = self._stage.due(self.frame)
        if total is not None:
            count = min(count, total - self.frame)
        if count <= 0:
            return
        motion = self._stage.render(self.frame, count, self._meta())
        if self._options["face"] == "none":
            motion = motion.replace(face=None, face_names=())
        self.frame += count
        parts.append(motion)

    def _cues(self, rows: int) -> Cues:
        """What the step that begins with row ``rows`` hears."""
        role = self._floor.role("other" in self._holding)
        heard = self._ears["own" if role == "speaking" else "other"].cues
        upto = rows + STEP_ROWS + HEARS_AHEAD
        return heard.cues(role, upto, HEARS_AHEAD, self._lips(heard.first - HEARS_AHEAD, rows + STEP_ROWS))

    def _lips(self, first: int, upto: int) -> Floats | None:
        """The mouth in rows of the plan: that of `_mouth_lag` frames before."""
        ear = self._ears["own"]
        if ear.mouth is None:
            return None
        rows = np.arange(first, upto)
        at = rows - self._mouth_lag - ear.lip_rows + len(ear.lips)
        lips = ear.lips[np.clip(at, 0, len(ear.lips) - 1)]
        if self._hush is not None:
            lips = lips * self._open(rows)[:, None]
            free = SHAPE_NAMES.index("free")
            lips[:, free] = 1 - (1 - ear.lips[np.clip(at, 0, len(ear.lips) - 1), free]) * self._open(rows)
            if first > self._hush[1] + UNHUSHED_ROWS:
                self._hush = None
        return lips

    def _open(self, rows: NDArray[np.int64]) -> Floats:
        """How far the mouth takes part around an interruption."""
        assert self._hush is not None
        first, last = self._hush
        opening = np.clip((rows - last) / UNHUSHED_ROWS, 0.0, 1.0)
        closing = np.clip(1 - (rows - first + 1) / HUSHED_ROWS, 0.0, 1.0)
        return np.maximum(closing, opening * opening * (3 - 2 * opening))

    def _meta(self) -> dict[str, Any]:
        return {
            "generator": "talkingeyes", "model": self._stage.generator.name, "seed": self._options["seed"],
            "role": self.role, "live": self._options["latency"], "start_frame": self.frame, "start_s": self.time_s,
            "partner": {"yaw_deg": 0.0, "pitch_deg": 0.0, "distance_m": 1.0, "source": "generated"},
        }  # fmt: skip


def _amounts(amounts: Amounts | None, by_name: Mapping[str, Any]) -> Amounts:
    if amounts is not None:
        if by_name:
            raise SettingError("amounts are given as one and by name or mood; use one of the two ways")
        if not isinstance(amounts, Amounts):
            raise SettingError(f"amounts is a {type(amounts).__name__}; an Amounts is accepted, or each by name")
        return amounts
    unknown = [name for name in by_name if name not in RANGES and name != "mood"]
    if unknown:
        raise SettingError(f"a session takes no {unknown[0]!r}")
    return amounts_of({k: v for k, v in by_name.items() if k != "mood"}, by_name.get("mood"))


def _face_network(face: str | Path, latency: str) -> Network | None:
    """The network that moves the mouth; None: the face has none."""
    if isinstance(face, str) and face == "none":
        return None
    if isinstance(face, str) and face == "generate":
        try:
            return shipped_face("low" if latency == "low" else "relaxed")
        except ModelError:
            return shipped_face("relaxed")
    found = brought_face(face) if isinstance(face, str | Path) and Path(face).is_dir() else None
    if isinstance(found, Network) and not isinstance(found, BroughtFace):
        return found
    raise SettingError(f"face is {str(face)!r}; generate, none or a folder of weights of a face network is accepted")


def _lips_need(row: int, network: Network) -> int:
    """Frames that must be measured before a row of the mouth is known."""
    block = network.manifest.config.get("block", 10)
    frames = -(-(row + 1 + NEXT_FRAMES + network.manifest.config["ahead"]) // block) * block
    return -(-frames // LIVE_BLOCK_FRAMES) * LIVE_BLOCK_FRAMES


def _mouth_lag(network: Network | None) -> int:
    """Rows by which the mouth is shown late, so that it does not hold up the eyes; 0 where that would be too many."""
    for lag in range(MOST_LAG + 1):
        if network is None or _lips_need(STEP_ROWS * 8 - 1 - lag, network) <= STEP_ROWS * 8 + HEARS_AHEAD:
            return lag
    return 0


def _latency_s(network: Network | None, lag: int) -> dict[str, float]:
    """From the sound of a time to its frame: the worst of all steps."""
    worst = 0.0
    for step in range(20, 40):
        needs = STEP_ROWS * (step + 1) + HEARS_AHEAD
        if network is not None:
            needs = max(needs, _lips_need(STEP_ROWS * (step + 1) - 1 - lag, network))
        first_s = (STEP_ROWS * step - ROWS_AHEAD + 1) / PLAN_RATE_HZ
        worst = max(worst, (needs * HOP + HOLD) / SAMPLE_RATE_HZ + LIVE_LOOK_AHEAD_S - 1 / PLAN_RATE_HZ - first_s)
    eyes = round(worst, 6)
    return {"gaze": eyes, "head": eyes, "blinks": eyes, "mouth": round(eyes + lag / PLAN_RATE_HZ, 6)}


def _joined(parts: list[Motion]) -> Motion | None:
    """Motions one after the other as one."""
    if len(parts) < 2:
        return parts[0] if parts else None
    channels = {n: np.concatenate([p.channels[n] for p in parts]) for n in parts[0].channels}
    return parts[0].replace(**channels)
