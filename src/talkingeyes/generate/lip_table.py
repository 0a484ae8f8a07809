"""What the face network says, in order: lips as fitted from video, and mouth shapes by phoneme."""

from __future__ import annotations

INPUTS = 40
"""Features per frame (`lip_features`)."""

LIPS: tuple[str, ...] = (
    "jawOpen", "mouthFunnel", "mouthPucker", "mouthSmile", "mouthFrown", "mouthStretch", "mouthRollLower",
    "mouthRollUpper", "mouthLowerDown", "mouthUpperUp", "cheekSquint", "noseSneer", "browDown", "browInnerUp",
    "browOuterUp",
)  # fmt: skip
"""Fitted coefficients (`talkingeyes.fit.face`), both sides' mean; there jawOpen is the opening between the lips."""

SHAPES: tuple[str, ...] = ("sil", "PP", "FF", "TT", "SH", "KK", "UU", "OO", "II", "EE", "AA", "RR")
"""Mouth shapes: silence, closed by both lips, lip on teeth, tongue tip, sh, back or throat, close rounded, mid
rounded, close spread, mid, open, English r (`scripts/speak_phonemes.py`)."""

PLACES: tuple[str, ...] = (
    "gap", "corner_up", "corner_out", "rollLower", "rollUpper", "lowerDown", "upperUp", "cheekSquint", "noseSneer",
)  # fmt: skip
"""What moves in a mouth, the face's own space: all coefficients follow from it as they do in a fit (`lips`). The gap
between the lips, corners of the mouth from their rest in millimetres, and coefficients that rest where not above 0."""
