"""The scorecard: is this motion human? 25 tests against published figures and real people (docs/evaluation.md)."""

from talkingeyes.evaluate.recording import Recording
from talkingeyes.evaluate.reference import Reference, load_reference
from talkingeyes.evaluate.scorecard import Scorecard, score

__all__ = ["Recording", "Reference", "Scorecard", "load_reference", "score"]
