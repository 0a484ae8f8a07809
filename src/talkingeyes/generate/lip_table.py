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

LIP_GAP_FULL_MM = 23.0
"""Opening between the lips that a fitted jawOpen of 1 becomes: as a rig opens it. The fit itself means 32 mm, which
looked gaping on the avatar."""
