"""What bones and morph targets are called: common skeletons, ARKit spellings, VRM, VRoid, Ready Player Me, visemes."""

from __future__ import annotations

import re

from talkingeyes.rig import ARKIT_NAMES

BONE_ROLES = ("Neck", "Head", "LeftEye", "RightEye")

Recipe = tuple[tuple[str, float], ...]
"""ARKit coefficients and the gain with which each enters a target's weight."""

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_NOISE = frozenset({
    "mixamorig", "bip", "valve", "biped", "jnt", "joint", "bone", "bn", "def", "org", "mch", "cc", "base", "facial",
    "j", "c", "adj", "face", "sk", "skeleton", "jt", "ctrl", "rig", "twist",
})  # fmt: skip
_GLUED = {"lefteye": "left eye", "righteye": "right eye", "leye": "l eye", "reye": "r eye", "eyel": "eye l"}
_GLUED |= {"eyer": "eye r", "eyeleft": "eye left", "eyeright": "eye right", "eyeball": "eye"}
_RIGIFY = {"spine.006": "Head", "DEF-spine.006": "Head", "spine.004": "Neck", "DEF-spine.004": "Neck"}
_SETS = {frozenset({"head"}): "Head", frozenset({"neck"}): "Neck"}
_SETS |= {frozenset({"eye", side}): "LeftEye" for side in ("l", "left")}
_SETS |= {frozenset({"eye", side}): "RightEye" for side in ("r", "right")}

VRM_BONES = {"head": "Head", "neck": "Neck", "leftEye": "LeftEye", "rightEye": "RightEye"}
"""VRM humanoid bone -> role, the same in VRM 0.x and 1.0."""


def role_of_bone(name: str) -> str | None:
    """The role that a node's name stands for: ``Head``, ``J_Adj_L_FaceEye``, ``mixamorig:LeftEye``, ``eye.R``, ..."""
    if name in _RIGIFY:
        return _RIGIFY[name]
    found: list[str] = [w.lower() for w in _WORD.findall(name[:200])]
    words = [part for w in found for part in _GLUED.get(w, w).split()]
    return _SETS.get(frozenset(w for w in words if not w.isdigit() and w not in _NOISE))


def _plain(name: str) -> str:
    """Letters and digits alone, without a path (``head.eyeBlink_L``) and a numbering (``A14_Eye_Blink_Left``)."""
    last = re.split(r"[.:|/]", name[:200])[-1]
    return re.sub(r"[^a-z0-9]", "", re.sub(r"^[A-Z]\d\d_", "", last).lower())


def _arkit_spellings() -> dict[str, str]:
    table = {name.lower(): name for name in ARKIT_NAMES}
    for name in ARKIT_NAMES:
        for side in ("Left", "Right"):
            if name.endswith(side):
                table.setdefault(name.removesuffix(side).lower() + side[0].lower(), name)
                table.setdefault(side.lower() + name.removesuffix(side).lower(), name)
    return table


_ARKIT = _arkit_spellings()


def arkit_name(name: str) -> str | None:
    """The ARKit coefficient that a target's name spells: ``eyeBlink_L``, ``EyeBlinkLeft``, ``head.jawOpen``, ..."""
    return _ARKIT.get(_plain(name))


def _both(name: str, gain: float = 0.5) -> Recipe:
    return ((f"{name}Left", gain), (f"{name}Right", gain))


_VOWELS: dict[str, Recipe] = {
    "a": (("jawOpen", 1.2), ("mouthFunnel", -0.6), ("mouthPucker", -0.6)),
    "o": (("mouthFunnel", 1.0),),
    "u": (("mouthPucker", 1.0),),
    "i": _both("mouthStretch"),
}
_BLINKS: dict[str, Recipe] = {
    "left": (("eyeBlinkLeft", 1.0),),
    "right": (("eyeBlinkRight", 1.0),),
    "both": _both("eyeBlink"),
}

VRM_EXPRESSIONS: dict[str, Recipe] = {
    "blinkleft": _BLINKS["left"], "blinkright": _BLINKS["right"], "blink": _BLINKS["both"],
    "aa": _VOWELS["a"], "oh": _VOWELS["o"], "ou": _VOWELS["u"], "ih": _VOWELS["i"],
    "blinkl": _BLINKS["left"], "blinkr": _BLINKS["right"],
    "a": _VOWELS["a"], "o": _VOWELS["o"], "u": _VOWELS["u"], "i": _VOWELS["i"],
}  # fmt: skip
"""Preset expressions of VRM 1.0 and 0.x (lower case, letters only)."""

VRM_LOOKS: dict[str, tuple[str, ...]] = {
    "lookup": ("eyeLookUpLeft", "eyeLookUpRight"),
    "lookdown": ("eyeLookDownLeft", "eyeLookDownRight"),
    "lookleft": ("eyeLookOutLeft", "eyeLookInRight"),
    "lookright": ("eyeLookInLeft", "eyeLookOutRight"),
}
"""VRM's look expressions move both eyes: each takes the mean of two coefficients."""

OTHER_TARGETS: dict[str, Recipe] = {
    "fcleyeclosel": _BLINKS["left"], "fcleyecloser": _BLINKS["right"], "fcleyeclose": _BLINKS["both"],
    "fclmtha": _VOWELS["a"], "fclmtho": _VOWELS["o"], "fclmthu": _VOWELS["u"], "fclmthi": _VOWELS["i"],
    "eyesclosed": _BLINKS["both"], "blinkleft": _BLINKS["left"], "blinkright": _BLINKS["right"],
    "blinkl": _BLINKS["left"], "blinkr": _BLINKS["right"], "blink": _BLINKS["both"],
    "eyeslookup": _both("eyeLookUp"), "eyeslookdown": _both("eyeLookDown"),
    "mouthopen": (("jawOpen", 1.0),), "mouthsmile": _both("mouthSmile"),
    "visemeaa": _VOWELS["a"], "visemeo": _VOWELS["o"], "visemeu": _VOWELS["u"], "visemee": _both("mouthStretch"),
    "visemepp": _both("mouthPress"),
}  # fmt: skip
"""Targets of VRoid, Ready Player Me and Oculus visemes by plain name, in order of preference."""


def plain_name(name: str) -> str:
    """The form in which `VRM_EXPRESSIONS` and `OTHER_TARGETS` are keyed."""
    return _plain(name)
