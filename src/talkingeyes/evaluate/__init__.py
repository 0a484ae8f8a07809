"""The scorecard: is this motion human? 25 tests against published figures and real people (docs/evaluation.md).

``talkingeyes.evaluate(motion)`` is `command.evaluate`: the package is called as the function of its name, because
Python puts a package that is imported in the place of a function of the same name.
"""

import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

from talkingeyes.evaluate.recording import Recording
from talkingeyes.evaluate.reference import Reference, load_reference
from talkingeyes.evaluate.scorecard import Scorecard, score

if TYPE_CHECKING:
    from talkingeyes.evaluate.command import Evaluation

__all__ = ["Recording", "Reference", "Scorecard", "load_reference", "score"]


class _Callable(ModuleType):
    def __call__(self, *args: Any, **kwargs: Any) -> "Evaluation":
        from talkingeyes.evaluate.command import evaluate

        return evaluate(*args, **kwargs)


sys.modules[__name__].__class__ = _Callable
