"""How a learned model draws: one option per control of `Sampling`."""

from __future__ import annotations

import argparse
from dataclasses import dataclass

from talkingeyes.errors import SettingError
from talkingeyes.generate.sampling import RANGES, Sampling

CONTROLS = {
    "temperature": "how readily the gaze shifts; lower is calmer, higher livelier",
    "place_temperature": "where it goes; lower to the usual places, higher further about",
    "top_p": "gaze shifts outside the likeliest ones that have this share together are left out",
    "head_temperature": "how much the head moves of its own; at 0 it only joins the gaze",
    "guidance": "how strongly the voice steers; 0 is deaf, 1 as in people",
    "variety": "how much takes differ in character; 0 makes everybody average",
}


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """The options below; None where one is not given."""

    temperature: float | None
    place_temperature: float | None
    top_p: float | None
    head_temperature: float | None
    guidance: float | None
    variety: float | None


def add_sampling_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare an option for each control."""
    group = parser.add_argument_group(
        "how a learned model draws", "not with --model statistical; the same values and seed give the same bytes"
    )
    for name, meaning in CONTROLS.items():
        low, high = RANGES[name]
        told = f"{meaning} ({low:g} to {high:g}, default {getattr(Sampling, name):g})"
        group.add_argument(flag_of(name), dest=name, type=float, metavar="X", help=told)


def flag_of(control: str) -> str:
    """The option of a control."""
    return "--" + control.replace("_", "-")


def sampling_of(options: Drawing, model: str) -> Sampling:
    """What the options ask for.

    Args:
        options: as given.
        model: the value of ``--model``.

    Raises:
        SettingError: a value out of range, or an option for a model that takes none.
    """
    from talkingeyes.generate.model_choice import is_learned

    given = {name: value for name in CONTROLS if (value := getattr(options, name)) is not None}
    if given and not is_learned(model):
        raise SettingError(
            f"{flag_of(next(iter(given)))} is for a learned model, --model is {model}; "
            "take --model learned (the default) or a folder of weights"
        )
    return Sampling(**given)
