"""The table of stages, in the order of training. To add one, write its module and name it here."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from talkingeyes.errors import SettingError
from talkingeyes.train.config import PRESETS, TrainConfig

if TYPE_CHECKING:
    from talkingeyes.train.stage import StageKind

STAGES: dict[str, str] = {
    "head_vae": "talkingeyes.train.head",
    "scan_path": "talkingeyes.train.scan_path",
    "gaze_vqvae": "talkingeyes.train.gaze",
    "translator": "talkingeyes.train.translator",
    "face": "talkingeyes.train.face",
}
"""Name -> module that defines ``STAGE``; modules are imported only when their stage is asked for."""


def stage_kind(name: str) -> StageKind:
    """The stage of this name.

    Raises:
        SettingError: there is none.
    """
    if name not in STAGES:
        raise SettingError(f"unknown stage {name!r}; {', '.join(STAGES)} are accepted")
    return import_module(STAGES[name]).STAGE


def in_order(names: list[str] | None) -> list[str]:
    """The asked-for stages (all where none is named), in the order of training.

    Raises:
        SettingError: one is unknown or named twice.
    """
    if names is None:
        return list(STAGES)
    for name in names:
        if name not in STAGES or names.count(name) > 1:
            problem = "is named twice" if name in STAGES else f"is unknown; {', '.join(STAGES)} are accepted"
            raise SettingError(f"--stages: {name!r} {problem}")
    return [name for name in STAGES if name in names]


def preset(name: str, stages: list[str]) -> TrainConfig:
    """The configuration of a preset for some stages.

    Raises:
        SettingError: no such preset.
    """
    if name not in PRESETS:
        raise SettingError(f"preset {name!r}; {', '.join(PRESETS)} are accepted")
    return TrainConfig(stages={stage: stage_kind(stage).presets[name] for stage in stages})
