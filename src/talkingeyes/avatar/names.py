"""What bones and morph targets are called: skeletons, ARKit and VRM here, other shapes in `target_names`."""

from __future__ import annotations

import re
import unicodedata

from talkingeyes.avatar.target_names import BLINKS, KNOWN, PARTS, SIDES, VOWELS, Recipe, sided_keys
from talkingeyes.rig import ARKIT_NAMES

BONE_ROLES = ("Neck", "Head", "LeftEye", "RightEye")

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_NOISE = frozenset({
    "mixamorig", "bip", "valve", "biped", "jnt", "joint", "bone", "bn", "def", "org", "mch", "cc", "base", "facial",
    "j", "c", "adj", "face", "sk", "skeleton", "jt", "ctrl", "rig", "twist", "b", "m", "x", "armature", "character",
})  # fmt: skip
_GLUED = {"lefteye": "left eye", "righteye": "right eye", "leye": "l eye", "reye": "r eye", "eyel": "eye l"}
_GLUED |= {"eyer": "eye r", "eyeleft": "eye left", "eyeright": "eye right", "eyeball": "eye"}
_RIGIFY = {"spine.006": "Head", "DEF-spine.006": "Head", "spine.004": "Neck", "DEF-spine.004": "Neck"}
_SETS = {frozenset({"head"}): "Head", frozenset({"neck"}): "Neck"}
_SETS |= {frozenset({"neck", part}): "Neck" for part in ("upper", "lower")}
_SETS |= {frozenset({"eye", side}): "LeftEye" for side in ("l", "left")}
_SETS |= {frozenset({"eye", side}): "RightEye" for side in ("r", "right")}

_OTHER_SCRIPTS = {
    "Head": ("頭", "头", "頭部", "头部", "머리"),
    "Neck": ("首", "脖子", "颈", "頸", "颈部", "頸部", "목"),
    "LeftEye": ("左目", "左眼", "左眼球", "左目玉", "目l", "眼l", "왼쪽눈", "왼눈"),
    "RightEye": ("右目", "右眼", "右眼球", "右目玉", "目r", "眼r", "오른쪽눈", "오른눈"),
}
_BY_SCRIPT = {name: role for role, found in _OTHER_SCRIPTS.items() for name in found}
_IN_FRONT = _NOISE | {
    "head", "mesh", "blend", "blendshape", "shape", "shapes", "vrc", "expressions", "expression", "facs", "bs", "geo",
    "body", "morph", "morpher", "target", "lod", "f", "e", "phm", "avatar", "character", "p", "emotion", "teeth",
}  # fmt: skip
"""Words in front of a shape's name that say nothing of the shape."""
_ENDINGS = frozenset({"max", "div", "blendshape", "shape", "morph", "bs", "target"})
_NO_SHAPE = frozenset(
    {"corrective", "corr", "correction", "fix", "combo", "combination", "not", "no", "inverse", "neutral"}
)
_MARKS = frozenset({"l", "r", "left", "right"})
_LONGEST = 200

VRM_BONES = {"head": "Head", "neck": "Neck", "leftEye": "LeftEye", "rightEye": "RightEye"}
"""VRM humanoid bone -> role, the same in VRM 0.x and 1.0."""


def role_of_bone(name: str) -> str | None:
    """The role that a node's name stands for: ``Head``, ``J_Adj_L_FaceEye``, ``mixamorig:LeftEye``, ``eye.R``, ..."""
    if name in _RIGIFY:
        return _RIGIFY[name]
    by_script = _BY_SCRIPT.get(joined(name))
    if by_script is not None:
        return by_script
    found: list[str] = [w.lower() for w in _WORD.findall(name[:200])]
    words = [part for w in found for part in _GLUED.get(w, w).split()]
    return _SETS.get(frozenset(w for w in words if not w.isdigit() and w not in _NOISE))


def joined(name: str) -> str:
    """Letters and digits alone, in lower case; half-width and full-width forms are one."""
    return "".join(c for c in unicodedata.normalize("NFKC", name[:_LONGEST]).casefold() if c.isalnum())


plain_name = joined
"""The form in which `VRM_EXPRESSIONS` is keyed."""


def keys_of(name: str) -> list[str]:
    """The plain keys under which a target's name may be known, the whole name first.

    Without Blender's number (``jawOpen.001``), without a path (``head.eyeBlink_L``), without a number in front
    (``A14_Eye_Blink_Left``).
    """
    whole = re.sub(r"[._]\d{3}$", "", name[:_LONGEST])
    last = re.split(r"[.:|/]", whole)[-1]
    keys = [joined(whole), joined(last), joined(re.sub(r"^[A-Z]\d\d_", "", last))]
    return [key for key in dict.fromkeys(keys) if key]


def loose_keys_of(name: str) -> list[str]:
    """Further keys: what is left when words in front are dropped, for ``CTRL_expressions_eyeBlinkL`` and its like.

    None of a combination of two shapes (``jawOpen_mouthClose``), nor of a correction of one.
    """
    words = [w.lower() for w in _WORD.findall(unicodedata.normalize("NFKC", name[:_LONGEST]))]
    while words and (words[-1] in _ENDINGS or words[-1].isdigit()):
        words.pop()
    if _NO_SHAPE & set(words):
        return []
    found = ["".join(words)]
    for start in range(1, len(words)):
        dropped, kept = words[:start], words[start:]
        if _is_known("".join(dropped)):
            return []
        begins = kept[0] in PARTS or (kept[0] in _MARKS and kept[1:] and kept[1] in PARTS)
        if begins or all(w in _IN_FRONT or w.isdigit() for w in dropped):
            found.append("".join(kept))
    return [key for key in dict.fromkeys(found) if key]


def _is_known(key: str) -> bool:
    return key in _ARKIT or (key in KNOWN and len(key) > 3)


def _arkit_spellings() -> dict[str, str]:
    table = {name.lower(): name for name in ARKIT_NAMES}
    for name in ARKIT_NAMES:
        for side in SIDES:
            if name.endswith(side):
                for key in sided_keys(name.removesuffix(side).lower(), side):
                    table.setdefault(key, name)
    return table


_ARKIT = _arkit_spellings()


def arkit_name(name: str) -> str | None:
    """The ARKit coefficient that a name spells: ``eyeBlink_L``, ``eyeBlink.L``, ``head.EyeBlinkLeft``, ..."""
    return next((_ARKIT[key] for key in keys_of(name) if key in _ARKIT), None)


def arkit_target(name: str) -> str | None:
    """As `arkit_name`, for a morph target: also behind other words (``Expressions_eyeBlinkLeft``)."""
    exact = arkit_name(name)
    if exact is not None or any(key in KNOWN for key in keys_of(name)):
        return exact
    return next((_ARKIT[key] for key in loose_keys_of(name) if key in _ARKIT), None)


def target_keys(name: str) -> list[str]:
    """The keys of `FAMILIES` that a target's name stands for, the best first."""
    return [key for key in (*keys_of(name), *loose_keys_of(name)) if key in KNOWN]


VRM_EXPRESSIONS: dict[str, Recipe] = {
    "blinkleft": BLINKS["left"], "blinkright": BLINKS["right"], "blink": BLINKS["both"],
    "aa": VOWELS["a"], "oh": VOWELS["o"], "ou": VOWELS["u"], "ih": VOWELS["i"],
    "blinkl": BLINKS["left"], "blinkr": BLINKS["right"],
    "a": VOWELS["a"], "o": VOWELS["o"], "u": VOWELS["u"], "i": VOWELS["i"],
}  # fmt: skip
"""Preset expressions of VRM 1.0 and 0.x (lower case, letters only)."""

VRM_LOOKS: dict[str, tuple[str, ...]] = {
    "lookup": ("eyeLookUpLeft", "eyeLookUpRight"),
    "lookdown": ("eyeLookDownLeft", "eyeLookDownRight"),
    "lookleft": ("eyeLookOutLeft", "eyeLookInRight"),
    "lookright": ("eyeLookInLeft", "eyeLookOutRight"),
}
"""VRM's look expressions move both eyes: each takes the mean of two coefficients."""
