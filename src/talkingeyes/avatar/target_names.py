"""What morph targets are called by the tools that make them, and which ARKit coefficients show on each: one table.

A family is one tool's way to spell one purpose: its entries belong together (left and right, or four quarters of a
pucker) and are used together. Families stand in order of preference; what one drives, a later one does not drive again.
Keys are plain: letters and digits in lower case, or other scripts as they are (`talkingeyes.avatar.names.keys_of`).
"""

from __future__ import annotations

from collections.abc import Iterator

Recipe = tuple[tuple[str, float], ...]
"""ARKit coefficients and the gain with which each enters a target's weight."""
Family = dict[str, Recipe]

SIDES = {"Left": ("left", "l"), "Right": ("right", "r")}


def both(name: str, gain: float = 0.5) -> Recipe:
    """A target that moves both sides takes the mean of two coefficients."""
    return ((f"{name}Left", gain), (f"{name}Right", gain))


def one(name: str, gain: float = 1.0) -> Recipe:
    """A target that shows one coefficient."""
    return ((name, gain),)


VOWELS: dict[str, Recipe] = {
    "a": (("jawOpen", 1.2), ("mouthFunnel", -0.6), ("mouthPucker", -0.6)),
    "o": one("mouthFunnel"),
    "u": one("mouthPucker"),
    "i": both("mouthStretch"),
    "e": both("mouthLowerDown"),
}
BLINKS: dict[str, Recipe] = {"left": one("eyeBlinkLeft"), "right": one("eyeBlinkRight"), "both": both("eyeBlink")}

_SIDED: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("eyeBlink", ("fcleyeclose", "eyeblink", "blink", "eyeclose", "eyeclosed", "eyesclosed", "eyesclose", "closeeye",
                  "eyelidclose", "eyelidclosed", "eyelidsclose", "eyeshut", "lidclose", "blinkeye",
                  "eye*blink", "eye*close", "eye*closed", "upperlidclose", "eyesblink", "eyewink")),
    ("eyeSquint", ("eyesquintinner", "eye*squint", "squint", "lowerlid")),
    ("eyeWide", ("eyewiden", "eye*wide", "eyewideopen", "upperlidopen")),
    ("eyeLookUp", ("eye*lookup", "eye*up")),
    ("eyeLookDown", ("eye*lookdown", "eye*down")),
    ("browDown", ("browdrop", "browlowerer", "browlower", "browslower", "browdownturn", "browsdown")),
    ("browOuterUp", ("browraiseouter", "browouterraise", "browraiseout", "browouterup", "browup", "browraise")),
    ("cheekSquint", ("cheekraise", "eyecheekraise", "cheekup")),
    ("noseSneer", ("nosewrinkle", "nosesneer", "nosewrinkler", "sneer")),
    ("mouthSmile", ("mouthcornerpull", "mouthcornerpuller", "mouthcornerup", "mouthsmile", "smile")),
    ("mouthFrown", ("mouthcornerdepress", "mouthcornerdepressor", "mouthcornerdown", "mouthsad", "mouthfrown",
                    "frown")),
    ("mouthUpperUp", ("mouthupperlipraise", "mouthupupper", "upperlipraise", "upperlipraiser", "mouthupperlipup")),
    ("mouthLowerDown", ("mouthlowerlipdepress", "mouthdownlower", "lowerlipdepress", "lowerlipdepressor",
                        "mouthlowerlipdown")),
    ("mouthStretch", ("lipstretcher", "mouthstretcher", "mouthwide")),
    ("mouthDimple", ("dimpler", "mouthdimpler")),
    ("mouthPress", ("mouthtighten", "lippressor", "mouthpresser")),
)  # fmt: skip
"""Coefficient without its side -> what its left and right targets are called without theirs; ``*``: where it stands."""

_SPLIT: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("browInnerUp", ("browinnerup*", "browraiseinner*", "browraisein*", "browinnerraise*", "innerbrowraiser*")),
    ("cheekPuff", ("cheekpuff*", "mouthcheekblow*", "cheekblow*")),
    ("mouthFunnel", ("mouthfunnelup*", "mouthfunneldown*")),
    ("mouthFunnel", ("mouthfunnelu*", "mouthfunneld*")),
    ("mouthFunnel", ("lipfunnelupper*", "lipfunnellower*")),
    ("mouthPucker", ("mouthpuckerup*", "mouthpuckerdown*")),
    ("mouthPucker", ("mouthlipspurseu*", "mouthlipspursed*")),
    ("mouthPucker", ("lippuckerupper*", "lippuckerlower*")),
    ("mouthClose", ("mouthlipstogetheru*", "mouthlipstogetherd*")),
    ("mouthRollUpper", ("mouthrollinupper*", "mouthupperliprollin*", "lipsuckupper*")),
    ("mouthRollLower", ("mouthrollinlower*", "mouthlowerliprollin*", "lipsucklower*")),
    ("mouthShrugUpper", ("jawchinraiseu*",)),
    ("mouthShrugLower", ("jawchinraised*",)),
)
"""A coefficient without sides that some tools split into left and right, or upper and lower: all are driven."""

_PLAIN: tuple[Family, ...] = (
    {"eyelookleftl": one("eyeLookOutLeft"), "eyelookrightl": one("eyeLookInLeft"),
     "eyelookleftr": one("eyeLookInRight"), "eyelookrightr": one("eyeLookOutRight")},
    {"eyellookl": one("eyeLookOutLeft"), "eyellookr": one("eyeLookInLeft"),
     "eyerlookl": one("eyeLookInRight"), "eyerlookr": one("eyeLookOutRight")},
    {"eyeleftleft": one("eyeLookOutLeft"), "eyeleftright": one("eyeLookInLeft"),
     "eyerightleft": one("eyeLookInRight"), "eyerightright": one("eyeLookOutRight")},
    {"jawfwd": one("jawForward")}, {"jawdrop": one("jawOpen")}, {"jawdown": one("jawOpen")},
    {"openmouth": one("jawOpen")}, {"mouthopen": one("jawOpen")}, {"mouthclosed": one("mouthClose")},
    {"mouthpout": one("mouthPucker")}, {"mouthoshape": one("mouthFunnel")}, {"mouthchinup": one("mouthShrugLower")},
    {"tongue": one("tongueOut")},
)  # fmt: skip

_FOR_BOTH: tuple[tuple[Recipe, tuple[str, ...]], ...] = (
    (BLINKS["both"], ("eyesclosed", "fcleyeclose", "blink", "eyeblink", "eyesblink", "eyeclose", "eyeclosed",
                      "eyesclose", "closeeyes", "closeeye", "eyelidclose", "eyelidsclose", "eyelidsclosed",
                      "eyeshut", "eyedefc")),
    (both("eyeLookUp"), ("eyeslookup", "lookup", "eyesup")),
    (both("eyeLookDown"), ("eyeslookdown", "lookdown", "eyesdown")),
    ((("eyeLookOutLeft", 0.5), ("eyeLookInRight", 0.5)), ("eyeslookleft", "lookleft")),
    ((("eyeLookInLeft", 0.5), ("eyeLookOutRight", 0.5)), ("eyeslookright", "lookright")),
    (both("mouthSmile"), ("mouthsmile",)),
    (both("mouthFrown"), ("mouthfrown",)),
    (both("eyeWide"), ("eyeswide", "eyewide")),
    (both("eyeSquint"), ("eyessquint", "eyesquint")),
    (both("browDown"), ("browsdown", "browdown")),
    (both("browOuterUp"), ("browsup", "browup", "browsraise")),
    (both("noseSneer"), ("nosesneer", "nosewrinkle")),
)  # fmt: skip

_VISEMES: dict[str, tuple[str, ...]] = {
    "a": ("fclmtha", "visemeaa", "vaa", "vopen", "mtha", "moutha", "phonemea", "phonemeaa", "a", "aa", "ah"),
    "o": ("fclmtho", "visemeo", "visemeoh", "voh", "vtighto", "mtho", "moutho", "phonemeo", "phonemeoh", "o", "oh"),
    "u": ("fclmthu", "visemeu", "visemeou", "vou", "vtight", "mthu", "mouthu", "phonemeu", "phonemeou", "u", "ou", "uu",
          "wooo"),
    "i": ("fclmthi", "visemee", "visemei", "visemeih", "vih", "ve", "vwide", "mthi", "mouthi", "phonemei", "i", "ih",
          "ee"),
    "e": ("mthe", "mouthe", "phonemee", "e"),
}  # fmt: skip
_CONSONANTS: tuple[tuple[Recipe, tuple[str, ...]], ...] = (
    (both("mouthPress"), ("visemepp", "vpp", "vexplosive", "bmp", "mbp")),
    (one("mouthRollLower"), ("visemeff", "vff", "vdentallip", "fv")),
    (one("tongueOut"), ("visemeth", "vth")),
)

_MMD: tuple[Family, ...] = (
    {"左目閉じ": BLINKS["left"], "右目閉じ": BLINKS["right"]},
    {"左まばたき": BLINKS["left"], "右まばたき": BLINKS["right"]},
    {"まばたき左": BLINKS["left"], "まばたき右": BLINKS["right"]},
    {"まばたきl": BLINKS["left"], "まばたきr": BLINKS["right"]},
    {"ウィンク2": BLINKS["left"], "ウィンク2右": BLINKS["right"]},
    {"wink2": BLINKS["left"], "wink2right": BLINKS["right"]},
    {"左眨眼": BLINKS["left"], "右眨眼": BLINKS["right"]}, {"眨眼左": BLINKS["left"], "眨眼右": BLINKS["right"]},
    {"左眼闭": BLINKS["left"], "右眼闭": BLINKS["right"]}, {"左眼閉": BLINKS["left"], "右眼閉": BLINKS["right"]},
    {"まばたき": BLINKS["both"]}, {"瞬き": BLINKS["both"]}, {"目閉じ": BLINKS["both"]}, {"眨眼": BLINKS["both"]},
    {"闭眼": BLINKS["both"]}, {"閉眼": BLINKS["both"]},
    {"ウィンク": BLINKS["left"], "ウィンク右": BLINKS["right"]},
    {"ウィンク左": BLINKS["left"], "ウィンク右": BLINKS["right"]},
    {"ウインク": BLINKS["left"], "ウインク右": BLINKS["right"]}, {"wink": BLINKS["left"], "winkright": BLINKS["right"]},
    {"winkleft": BLINKS["left"], "winkright": BLINKS["right"]}, {"winkl": BLINKS["left"], "winkr": BLINKS["right"]},
    {"あ": VOWELS["a"]}, {"お": VOWELS["o"]}, {"う": VOWELS["u"]}, {"い": VOWELS["i"]}, {"え": VOWELS["e"]},
    {"啊": VOWELS["a"]}, {"喔": VOWELS["o"]}, {"哦": VOWELS["o"]}, {"呜": VOWELS["u"]}, {"嗚": VOWELS["u"]},
    {"咿": VOWELS["i"]}, {"衣": VOWELS["i"]}, {"诶": VOWELS["e"]}, {"欸": VOWELS["e"]},
    {"口開け": one("jawOpen")}, {"口開き": one("jawOpen")}, {"张嘴": one("jawOpen")}, {"張嘴": one("jawOpen")},
    {"ん": both("mouthPress")}, {"口横広げ": both("mouthStretch")},
    {"にっこり": both("mouthSmile")}, {"口角上げ": both("mouthSmile")}, {"にやり": both("mouthSmile")},
    {"微笑": both("mouthSmile")}, {"口角下げ": both("mouthFrown")}, {"嘟嘴": one("mouthPucker")},
    {"笑い": both("cheekSquint", 0.25)}, {"じと目": both("eyeSquint")}, {"ジト目": both("eyeSquint")},
    {"びっくり": both("eyeWide")}, {"困る": one("browInnerUp")}, {"眉上": both("browOuterUp")},
    {"上": both("browOuterUp")},
    {"挑眉": both("browOuterUp")}, {"眉下": both("browDown")}, {"下": both("browDown")}, {"皱眉": both("browDown")},
    {"ぺろっ": one("tongueOut")}, {"吐舌": one("tongueOut")}, {"ぷくー": one("cheekPuff")}, {"鼓腮": one("cheekPuff")},
)  # fmt: skip
"""MikuMikuDance in Japanese and Chinese; a wink without a side is the left one there, and smiles, so it comes last."""


def sided_keys(stem: str, side: str) -> list[str]:
    """Every spelling of a stem with its side: behind it, before it, or where the ``*`` is."""
    marks = SIDES[side]
    if "*" in stem:
        return [stem.replace("*", mark) for mark in marks]
    return [stem + mark for mark in marks] + [mark + stem for mark in marks]


def _families() -> Iterator[Family]:
    for coefficient, stems in _SIDED:
        for stem in stems:
            yield {
                key: one(coefficient + side, 0.5 if stem == "smile" else 1.0)
                for side in SIDES
                for key in sided_keys(stem, side)
            }
    for coefficient, stems in _SPLIT:
        yield {key: one(coefficient) for stem in stems for side in SIDES for key in sided_keys(stem, side)}
    yield from _PLAIN
    yield from ({key: recipe} for recipe, keys in _FOR_BOTH for key in keys)
    yield from _MMD
    yield from ({key: VOWELS[vowel]} for vowel, keys in _VISEMES.items() for key in keys)
    yield from ({key: recipe} for recipe, keys in _CONSONANTS for key in keys)


FAMILIES: tuple[Family, ...] = tuple(_families())
KNOWN = frozenset(key for family in FAMILIES for key in family)
PARTS = frozenset({
    "eye", "eyes", "eyelid", "eyelids", "brow", "brows", "mouth", "jaw", "cheek", "nose", "tongue", "lip", "lips",
    "viseme", "fcl",
})  # fmt: skip
"""Words that a name may begin with after others have been dropped: ``CTRL_expressions_eyeBlinkL``, not ``x_blink``."""
