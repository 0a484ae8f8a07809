"""What a session is made of: two ears, who has the floor, the mouth and the stage; steps follow what was heard."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from talkingeyes.errors import SettingError
from talkingeyes.generate.amounts import Amounts
from talkingeyes.generate.cues import Cues
from talkingeyes.generate.model_choice import generator_for, is_joint
from talkingeyes.generate.plan import PLAN_RATE_HZ
from talkingeyes.generate.sampling import Sampling
from talkingeyes.generate.statistical import StatisticalGenerator
from talkingeyes.generate.streams import Streams
from talkingeyes.lanes import Lane
from talkingeyes.live import given
from talkingeyes.live.announced import Announced
from talkingeyes.live.ear import Ear
from talkingeyes.live.floor import Floor
from talkingeyes.live.plain import packed, unpacked
from talkingeyes.live.shown_mouth import HEARS_AHEAD, ShownMouth
from talkingeyes.live.stage import LIVE, STEP_ROWS, Stage
from talkingeyes.motion import Motion

FORMAT, VERSION = "talkingeyes-session", 1
LIVELIER = Sampling(temperature=1.4)
"""The live drive's pull to the partner holds back small looks as well (2.4 a second, in whole files 3.0 to 3.3)."""


class Engine:
    """Sound goes into its ears; `advancing` makes what can be made.

    Attributes:
        options: of the session, plain data.
        stage: steps in, frames out.
        floor: who has it.
        announced: own turns that are known before they are heard.
        mouth: as it is shown.
        ears: by voice.
        holding: voices that hold the clock.
        rates: samples per second by voice.
        frame: number of the next frame.
        finished: nothing may follow.
    """

    def __init__(self, options: Mapping[str, Any], amounts: Amounts) -> None:
        self.options, model = dict(options), options["model"]
        if is_joint(model):
            raise SettingError(f"model {model!r} steps by .2 s and cannot be live; default, statistical or a "
                               "folder of scan-path weights is accepted")  # fmt: skip
        generator = generator_for(model, LIVELIER, amounts=amounts, stepping=LIVE, all_names=True)
        assert isinstance(generator, StatisticalGenerator)
        streams = Streams.from_seed(options["seed"], options["character"])
        self.stage = Stage(generator, streams, options["fps"], amounts)
        self.floor, self.announced = Floor(options["role"]), Announced()
        self.mouth = ShownMouth(options["face"], options["latency"])
        self.ears = {"own": Ear(self.mouth.network, max(1, self.mouth.lag)), "other": Ear(None, 0)}
        self.holding: list[str] = list(options["voices"] or ())
        self.rates: dict[str, int] = {}
        self.frame, self.finished = 0, False

    @property
    def role(self) -> str:
        """What the character does now."""
        return self.floor.role("other" in self.holding)

    def join(self, voice: str) -> None:
        """A voice begins to count, where it did not yet."""
        if voice not in self.holding:
            self.ears[voice].join(max((self.ears[v].clock for v in self.holding), default=0))
            self.holding = sorted([*self.holding, voice])

    def interrupt(self) -> None:
        """The own speech is cut off."""
        ear, stage = self.ears["own"], self.stage
        ear.cut_off()
        self.announced.turns_s.clear()
        first = stage.row_of(self.frame - 1) + 1 if self.frame else 0
        self.mouth.hush = first, ear.muted_until + self.mouth.lag
        if stage.index and ear.mouth is not None:
            stage.redo_mouth(self._cues(stage.rows - STEP_ROWS), first)

    def advancing(self, parts: list[Motion], total: int | None = None) -> Lane[None]:
        """Make the steps that can be made, and the frames that are due."""
        stage, ears = self.stage, self.ears
        while self._hears(upto := stage.rows + STEP_ROWS + HEARS_AHEAD):
            for ear in ears.values():
                ear.cues.idle(upto - ear.cues.count)
            for row in range(upto - STEP_ROWS if stage.index else 0, upto):
                self.floor.hear(ears["own"].cues.voice_at(row), ears["other"].cues.voice_at(row))
            yield from stage.stepping(self._cues(stage.rows))
            for ear in ears.values():
                ear.forget(upto, stage.rows - self.mouth.lag - 16)
        yield from self._showing(parts, total)

    def _hears(self, upto: int) -> bool:
        """Whether all that the next step needs is known."""
        if min(self.ears[v].known for v in self.holding) < upto:
            return False
        return "own" not in self.holding or self.mouth.is_known(self.ears["own"], upto - HEARS_AHEAD)

    def _showing(self, parts: list[Motion], total: int | None) -> Lane[None]:
        count = self.stage.due(self.frame)
        if total is not None:
            count = min(count, total - self.frame)
        if count <= 0:
            return
        has_face = self.options["face"] != "none"
        motion = yield from self.stage.rendering(self.frame, count, self._meta(), with_face=has_face)
        self.frame += count
        parts.append(motion)

    def _cues(self, rows: int) -> Cues:
        """What the step that begins with row ``rows`` hears."""
        role = self.floor.role("other" in self.holding)
        heard = self.ears["own" if role == "speaking" else "other"].cues
        lips = self.mouth.rows(self.ears["own"], heard.first - HEARS_AHEAD, rows + STEP_ROWS)
        announced_s = self.announced.near((rows + STEP_ROWS) / PLAN_RATE_HZ + LIVE.lead_s)
        return heard.cues(role, rows + STEP_ROWS + HEARS_AHEAD, HEARS_AHEAD, lips, announced_s)

    def _meta(self) -> dict[str, Any]:
        return {
            "generator": "talkingeyes", "model": self.stage.generator.name, "seed": self.options["seed"],
            "role": self.role, "live": self.options["latency"], "start_frame": self.frame,
            "start_s": self.frame / self.options["fps"],
            "partner": {"yaw_deg": 0.0, "pitch_deg": 0.0, "distance_m": 1.0, "source": "generated"},
        }  # fmt: skip

    # -- state ------------------------------------------------------------------------------------------------------

    def state(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "format": FORMAT, "version": VERSION, "options": dict(self.options),
            "frame": self.frame, "finished": self.finished, "holding": list(self.holding),
            "rates": dict(self.rates), "hush": None if self.mouth.hush is None else list(self.mouth.hush),
            "floor": packed(self.floor), "announced": packed(self.announced), "stage": self.stage.saved(),
            "ears": {name: ear.state() for name, ear in self.ears.items()},
        }  # fmt: skip

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on from `state`, whose options are this one's.

        Raises:
            SettingError: it is none, or is out of step with itself.
        """
        self.frame = unpacked(state["frame"], int, None, "frame")
        self.finished = unpacked(state["finished"], bool, None, "finished")
        self.holding = unpacked(state["holding"], list[str], None, "holding")
        self.rates = unpacked(state["rates"], dict[str, int], None, "rates")
        self.mouth.hush = unpacked(state["hush"], tuple[int, int] | None, None, "hush")
        self.floor = unpacked(state["floor"], Floor, None, "floor")
        self.announced = unpacked(state["announced"], Announced, None, "announced")
        if not set(self.holding) <= set(given.VOICES) or not isinstance(state["ears"], Mapping):
            raise SettingError("state: voices are not those of this version")
        for ear in self.ears.values():
            ear.cues.idle(8)
        self.stage.restore(state["stage"], self._cues(0))
        for name, ear in self.ears.items():
            ear.restore(state["ears"].get(name), f"ears.{name}", self.finished)
            rate = None if ear.resampler is None else ear.resampler.rate_hz
            if self.rates.get(name) != rate and rate is not None:
                raise SettingError("state: rates are out of step")
        if not 0 <= self.frame <= self.stage.rows * self.options["fps"] / PLAN_RATE_HZ + 2:
            raise SettingError("state: frame is out of step")
