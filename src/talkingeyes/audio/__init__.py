"""Audio in: any recording or the sound of a video -> checked 16 kHz mono -> features of the voice at 50 Hz."""

from talkingeyes.audio.encode import encode_for_page
from talkingeyes.audio.features import FEATURE_RATE_HZ, FeatureExtractor, Frames
from talkingeyes.audio.speech import Speech, find_pauses, find_turns, load_speech

__all__ = [
    "FEATURE_RATE_HZ",
    "FeatureExtractor",
    "Frames",
    "Speech",
    "encode_for_page",
    "find_pauses",
    "find_turns",
    "load_speech",
]
