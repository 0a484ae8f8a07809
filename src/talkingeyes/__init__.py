"""TalkingEyes: give it a voice, get living eyes.

    import talkingeyes as te
    motion = te.animate("speech.wav", seed=7)
    te.save(motion, "speech.glb")

Importing does no work: every public name is loaded on first use (PEP 562).
"""

from __future__ import annotations

import importlib
import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

_PUBLIC = {
    "Amounts": "talkingeyes.generate.amounts",
    "Sampling": "talkingeyes.generate.sampling",
    "convert": "talkingeyes.formats",
    "evaluate": "talkingeyes.evaluate.command",
    "fit_video": "talkingeyes.fit",
    "LossWarning": "talkingeyes.errors",
    "Motion": "talkingeyes.motion",
    "Session": "talkingeyes.live",
    "Speech": "talkingeyes.audio",
    "TalkingEyesError": "talkingeyes.errors",
    "animate": "talkingeyes.generate",
    "animate_takes": "talkingeyes.generate",
    "load": "talkingeyes.formats",
    "load_speech": "talkingeyes.audio",
    "plan_take": "talkingeyes.generate",
    "save": "talkingeyes.formats",
}
__all__ = [
    "Amounts",
    "LossWarning",
    "Motion",
    "Sampling",
    "Session",
    "Speech",
    "TalkingEyesError",
    "animate",
    "animate_takes",
    "convert",
    "evaluate",
    "fit_video",
    "load",
    "load_speech",
    "plan_take",
    "save",
]

if TYPE_CHECKING:
    from talkingeyes.audio import Speech, load_speech
    from talkingeyes.errors import LossWarning, TalkingEyesError
    from talkingeyes.evaluate.command import evaluate
    from talkingeyes.fit import fit_video
    from talkingeyes.formats import convert, load, save
    from talkingeyes.generate import animate, animate_takes, plan_take
    from talkingeyes.generate.amounts import Amounts
    from talkingeyes.generate.sampling import Sampling
    from talkingeyes.live import Session
    from talkingeyes.motion import Motion


def __getattr__(name: str) -> Any:
    if name not in _PUBLIC:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}", name=name, obj=_module())
    module = importlib.import_module(_PUBLIC[name])
    return getattr(module, name)


def _module() -> ModuleType:
    """Itself, so that Python can say which name was probably meant."""
    return sys.modules[__name__]


def __dir__() -> list[str]:
    return sorted([*globals(), *_PUBLIC])
