"""Training configuration: frozen, validated dataclasses, read from JSON; an unknown key is an error."""

from __future__ import annotations

import dataclasses
import json
import math
import types
import typing
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, is_dataclass, replace
from pathlib import Path
from typing import Any, Literal, NoReturn, TypeVar

from talkingeyes.errors import SettingError
from talkingeyes.files import readable

PRESETS = ("tiny", "small")
FORMAT, VERSION = "talkingeyes-train", 1
MAX_CONFIG_BYTES = 1 << 20

T = TypeVar("T")


@dataclass(frozen=True)
class StageConfig:
    """How one stage is trained.

    Attributes:
        steps: gradient steps in all.
        batch_size: rows of a step, over all processes together.
        learning_rate: after the warm-up, of AdamW.
        final_rate: share of the learning rate that the cosine ends at.
        warmup_steps: in which the learning rate rises linearly.
        weight_decay: of matrices; biases and scales have none.
        clip_norm: gradients longer than this are shortened.
        ema_decay: validation and the best checkpoint take a moving average of the weights; 0 takes the weights.
        validate_every: steps from one validation to the next; the last step always validates.
        save_every: steps from one checkpoint to the next; the last step always saves.
        model: the stage's own frozen dataclass.
    """

    steps: int
    batch_size: int = 64
    learning_rate: float = 1e-3
    final_rate: float = 0.05
    warmup_steps: int = 50
    weight_decay: float = 0.01
    clip_norm: float = 1.0
    ema_decay: float = 0.0
    validate_every: int = 100
    save_every: int = 100
    model: Any = None

    def __post_init__(self) -> None:
        """Check every value once."""
        for name, low, high in (
            ("steps", 1, 10**8),
            ("batch_size", 1, 1 << 20),
            ("learning_rate", 1e-9, 10.0),
            ("final_rate", 0.0, 1.0),
            ("warmup_steps", 0, self.steps),
            ("weight_decay", 0.0, 10.0),
            ("clip_norm", 1e-6, 1e6),
            ("ema_decay", 0.0, 0.99999),
            ("validate_every", 1, 10**8),
            ("save_every", 1, 10**8),
        ):
            check_range(name, getattr(self, name), low, high)

    def rate_at(self, step: int) -> float:
        """Learning rate of a step: a linear warm-up, then half a cosine down to ``final_rate``."""
        if step < self.warmup_steps:
            return self.learning_rate * (step + 1) / (self.warmup_steps + 1)
        done = (step - self.warmup_steps) / max(1, self.steps - self.warmup_steps)
        share = self.final_rate + (1 - self.final_rate) * 0.5 * (1 + math.cos(math.pi * done))
        return self.learning_rate * share


@dataclass(frozen=True)
class EncoderConfig:
    """What the networks hear of the speech.

    Attributes:
        kind: ``light``: the built-in features, which ship and need nothing; ``local``: a HuBERT or wav2vec2 network.
        folder: of the local network, as ``save_pretrained`` of transformers writes it (config.json, safetensors).
        sound: where the recordings that the data set was built from lie; the set itself holds only light features.
        layer: which hidden layer; -1 is the last.
    """

    kind: Literal["light", "local"] = "light"
    folder: str = ""
    sound: str = ""
    layer: int = -1

    def __post_init__(self) -> None:
        """Check that the parts fit each other."""
        if self.kind == "local" and not (self.folder and self.sound):
            raise SettingError("an encoder of kind local needs folder (the network's) and sound (the recordings')")
        if self.kind == "light" and (self.folder or self.sound or self.layer != -1):
            raise SettingError("an encoder of kind light takes no folder, sound or layer")


@dataclass(frozen=True)
class TrainConfig:
    """What a run trains.

    Attributes:
        seed: of weights, batches and dropout; the same seed, data and machine give the same bytes (on a CPU).
        encoder: of the speech.
        stages: by name, in the order of training.
    """

    seed: int = 0
    encoder: EncoderConfig = field(default_factory=EncoderConfig)
    stages: Mapping[str, StageConfig] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Check the seed."""
        check_range("seed", self.seed, 0, 2**63 - 1)

    def to_json(self) -> dict[str, Any]:
        """The whole configuration, as `read_config` reads it."""
        return {"format": FORMAT, "version": VERSION, **asdict(self)}


def check_range(name: str, value: float, low: float, high: float) -> None:
    """Check one number.

    Raises:
        SettingError: it is outside, or NaN.
    """
    if not low <= value <= high:
        raise SettingError(f"{name} is {value}; {low:g} to {high:g} is accepted")


def read_json(path: Path) -> dict[str, Any]:
    """A configuration file, unchecked but for being one.

    Raises:
        SettingError: missing, too large, no JSON object, or from a newer version.
    """
    readable(path, "a training configuration (JSON) is accepted", SettingError, MAX_CONFIG_BYTES)
    data = path.read_bytes()
    try:
        given = json.loads(data, parse_constant=_no_constant, object_pairs_hook=_no_repeats)
    except (ValueError, RecursionError) as error:
        raise SettingError(f"{path}: not JSON ({error})") from None
    if not isinstance(given, dict):
        raise SettingError(f"{path}: {type(given).__name__}, an object is accepted")
    if given.pop("format", FORMAT) != FORMAT:
        raise SettingError(f"{path}: not a training configuration (format {FORMAT!r})")
    version = given.pop("version", VERSION)
    if version != VERSION or isinstance(version, bool):
        raise SettingError(f"{path}: version {version!r}; this TalkingEyes reads {VERSION}")
    return given


def changed(config: TrainConfig, changes: Mapping[str, Any], where: str) -> TrainConfig:
    """A configuration with what a file states in place of its own values.

    Args:
        config: a preset.
        changes: parsed JSON, any part of `TrainConfig.to_json`.
        where: what messages call the source.

    Raises:
        SettingError: an unknown key or stage, a value of another type or out of range.
    """
    rest = dict(changes)
    named = rest.pop("stages", {})
    if not isinstance(named, dict):
        raise SettingError(f"{where}: stages is {_kind(named)}, an object is accepted")
    stages = dict(config.stages)
    for name, values in named.items():
        if name not in stages:
            raise SettingError(f"{where}: unknown stage {name!r}; {', '.join(stages)} are accepted")
        stages[name] = merged(stages[name], values, f"{where}: stages.{name}")
    return replace(merged(config, rest, where, hidden=("stages",)), stages=stages)


def merged(value: T, changes: Any, where: str, *, hidden: tuple[str, ...] = ()) -> T:
    """A frozen dataclass with some fields changed, each of the declared type, checked by the dataclass itself.

    Args:
        value: the dataclass.
        changes: parsed JSON.
        where: what messages call it.
        hidden: fields that may not be changed this way.

    Raises:
        SettingError: no object, an unknown key, another type, or what the dataclass refuses.
    """
    assert is_dataclass(value)
    if not isinstance(changes, dict):
        raise SettingError(f"{where}: {_kind(changes)}, an object is accepted")
    hints = typing.get_type_hints(type(value))
    known = [f.name for f in dataclasses.fields(value) if f.name not in hidden]
    parsed = {}
    for key, given in changes.items():
        if key not in known:
            raise SettingError(f"{where}: unknown key {key!r}; {', '.join(known)} are accepted")
        own = getattr(value, key)
        inner = is_dataclass(own) and isinstance(given, dict)
        parsed[key] = merged(own, given, f"{where}.{key}") if inner else _typed(given, hints[key], f"{where}.{key}")
    try:
        return replace(value, **parsed)  # type: ignore[return-value]
    except (SettingError, ValueError) as error:
        raise SettingError(f"{where}: {error}") from None


def _typed(given: Any, kind: Any, where: str) -> Any:
    """A JSON value as a field's type: bool, int, float, str, None, Literal, or a tuple of those."""
    origin, inside = typing.get_origin(kind), typing.get_args(kind)
    if origin is Literal:
        if given not in inside or isinstance(given, bool):
            raise SettingError(f"{where} is {given!r}; {', '.join(map(str, inside))} are accepted")
        return given
    if origin in (typing.Union, types.UnionType):
        if given is None and type(None) in inside:
            return None
        return _typed(given, next(k for k in inside if k is not type(None)), where)
    if origin is tuple:
        if not isinstance(given, list) or ((len(inside) != 2 or inside[1] is not ...) and len(given) != len(inside)):
            raise SettingError(f"{where} is {_kind(given)}; a list of {len(inside)} or more is accepted")
        kinds = [inside[0]] * len(given) if inside[-1] is ... else inside
        return tuple(_typed(v, k, f"{where}[{i}]") for i, (v, k) in enumerate(zip(given, kinds, strict=True)))
    if kind is float and isinstance(given, (int, float)) and not isinstance(given, bool):
        if abs(given) > 1e300:
            raise SettingError(f"{where} is too large")
        return float(given)
    if kind in (bool, int, str) and type(given) is kind:
        return given
    wanted = {int: "a whole number", float: "a number", bool: "true or false", str: "a text"}.get(kind, "an object")
    raise SettingError(f"{where} is {_kind(given)}; {wanted} is accepted")


def _kind(value: Any) -> str:
    names = {dict: "an object", list: "a list", str: f"the text {str(value)[:30]!r}", type(None): "null"}
    return names.get(type(value), repr(value))


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON number")


def _no_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key is there twice")
    return found
