"""How the head moves: a posture that holds and turns, nods on accents, and the head's share of gaze shifts."""

from talkingeyes.generate.head.process import HeadProcess, HeadSettings, HeadState

__all__ = ["HeadProcess", "HeadSettings", "HeadState"]
