"""Mouth shapes of other tools -> the twelve shapes that are shown here -> ARKit coefficients (docs/face.md).

Sources: Rhubarb Lip Sync's README (A-H, X); "Map phonemes to visemes" of Azure Speech (0-21); the viseme tables of
Amazon Polly (p t S T f k i r s u @ a e E o O J sil ..); Oculus' fifteen (sil PP FF TH DD kk CH SS nn RR aa E ih oh ou).
"""

from __future__ import annotations

SHAPES: dict[str, dict[str, float]] = {
    "rest": {},
    "closed": {"mouthPress": 0.35, "mouthRollLower": 0.25, "mouthRollUpper": 0.2},
    "bite": {"jawOpen": 0.05, "mouthRollLower": 0.45, "mouthUpperUp": 0.25, "mouthFunnel": 0.05},
    "tongue": {"jawOpen": 0.12, "mouthLowerDown": 0.2, "mouthStretch": 0.08, "mouthUpperUp": 0.08},
    "teeth": {"jawOpen": 0.06, "mouthLowerDown": 0.22, "mouthUpperUp": 0.12, "mouthStretch": 0.18},
    "between": {"jawOpen": 0.14, "mouthLowerDown": 0.22, "mouthUpperUp": 0.1, "tongueOut": 0.2},
    "hush": {"jawOpen": 0.1, "mouthFunnel": 0.4, "mouthPucker": 0.2, "mouthUpperUp": 0.08},
    "back": {"jawOpen": 0.18, "mouthLowerDown": 0.12, "mouthStretch": 0.06},
    "r": {"jawOpen": 0.14, "mouthFunnel": 0.25, "mouthPucker": 0.2, "mouthLowerDown": 0.08},
    "spread": {"jawOpen": 0.16, "mouthSmile": 0.25, "mouthStretch": 0.25, "mouthLowerDown": 0.15, "mouthUpperUp": 0.08},
    "mid": {"jawOpen": 0.3, "mouthSmile": 0.12, "mouthStretch": 0.15, "mouthLowerDown": 0.15, "mouthUpperUp": 0.1},
    "schwa": {"jawOpen": 0.24, "mouthLowerDown": 0.1, "mouthStretch": 0.05},
    "open": {"jawOpen": 0.5, "mouthLowerDown": 0.18, "mouthUpperUp": 0.12, "mouthStretch": 0.05},
    "round": {"jawOpen": 0.32, "mouthFunnel": 0.45, "mouthPucker": 0.15},
    "tight": {"jawOpen": 0.12, "mouthFunnel": 0.2, "mouthPucker": 0.6},
}
"""Shape -> ARKit coefficients without Left and Right, which are alike."""

STRENGTH: dict[str, float] = {"closed": 8.0, "bite": 5.0, "tight": 2.0, "hush": 1.6, "rest": 0.8}
"""How much a shape asserts itself against its neighbours (1 where it is not named): lips must meet for p, b and m."""

RHUBARB: dict[str, str] = {
    "A": "closed", "B": "teeth", "C": "mid", "D": "open", "E": "round", "F": "tight", "G": "bite", "H": "tongue",
    "X": "rest",
}  # fmt: skip
AZURE: dict[str, str] = dict(
    zip(
        map(str, range(22)),
        ("rest", "open", "open", "round", "mid", "r", "spread", "tight", "round", "open", "round", "open", "back", "r",
         "tongue", "teeth", "hush", "between", "bite", "tongue", "back", "closed"),
        strict=True,
    )
)  # fmt: skip
POLLY: dict[str, str] = {
    "sil": "rest", "p": "closed", "t": "tongue", "S": "hush", "T": "between", "f": "bite", "k": "back", "i": "spread",
    "r": "r", "s": "teeth", "u": "tight", "@": "schwa", "a": "open", "e": "mid", "E": "mid", "o": "round", "O": "round",
    "J": "spread", "B": "closed", "x": "back",
}  # fmt: skip
OCULUS: dict[str, str] = {
    "sil": "rest", "PP": "closed", "FF": "bite", "TH": "between", "DD": "tongue", "kk": "back", "CH": "hush",
    "SS": "teeth", "nn": "tongue", "RR": "r", "aa": "open", "E": "mid", "ih": "spread", "oh": "round", "ou": "tight",
}  # fmt: skip
SETS: dict[str, dict[str, str]] = {
    "Rhubarb": RHUBARB, "Azure": AZURE, "Polly": POLLY, "Oculus": OCULUS,
}  # fmt: skip
"""Tool -> its mouth shapes -> `SHAPES`."""
