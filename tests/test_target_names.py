"""Bones and shapes as the tools name them: each family is bound once, to the right coefficients, left to left."""

from __future__ import annotations

from typing import Any

import pytest

from talkingeyes.avatar.morphs import MorphMesh, bind, morph_meshes
from talkingeyes.avatar.names import arkit_name, arkit_target, role_of_bone
from talkingeyes.avatar.nodes import Nodes
from talkingeyes.rig import ARKIT_NAMES


def bound(targets: list[str], extensions: dict[str, Any] | None = None) -> dict[str, dict[str, float]]:
    """Target name -> coefficient -> gain, of a mesh with these targets."""
    mesh = {"primitives": [{"targets": [{}] * len(targets)}], "extras": {"targetNames": targets}}
    document = {"nodes": [{"mesh": 0}], "meshes": [mesh], "extensions": extensions or {}}
    meshes = bind(document, morph_meshes(document, Nodes.of(document, "x")))
    return {m.names[i]: dict(recipe) for m in meshes for i, recipe in m.recipes.items()}


def shown(found: dict[str, dict[str, float]]) -> set[str]:
    return {name for recipe in found.values() for name, gain in recipe.items() if gain > 0}


BLINKS = {"eyeBlinkLeft", "eyeBlinkRight"}
FAMILIES: dict[str, tuple[list[str], set[str]]] = {
    "blender suffix": (["eyeBlink.L", "eyeBlink.R", "jawOpen", "mouthSmile.L"], {*BLINKS, "jawOpen", "mouthSmileLeft"}),
    "blender words": (["eye closed.L", "eye closed.R", "eye_close"], BLINKS),
    "one word for both": (["eye_close"], BLINKS),
    "side first": (["LeyeClose", "ReyeClose", "MouthOpen"], {*BLINKS, "jawOpen"}),
    "path with underscores": (["head__eyeBlinkLeft", "head__eyeBlinkRight", "head__jawOpen"], {*BLINKS, "jawOpen"}),
    "expressions": (["Expressions_eyeBlinkLeft", "Expressions_eyeBlinkRight"], BLINKS),
    "mb-lab": (["Expressions_eyeClosedL_max", "Expressions_eyeClosedR_max", "Expressions_mouthOpen_max"],
               {*BLINKS, "jawOpen"}),
    "vroid long": ([f"Face.M_F00_000_00_Fcl_{n}" for n in ("EYE_Close", "EYE_Close_L", "EYE_Close_R", "MTH_A", "MTH_I",
                                                           "MTH_U", "MTH_O")],
                   {*BLINKS, "jawOpen", "mouthStretchLeft", "mouthPucker", "mouthFunnel"}),
    "mmd": (["まばたき", "笑い", "ウィンク", "ウィンク右", "ウィンク２", "ｳｨﾝｸ２右", "あ", "い", "う", "え",
             "お", "にやり", "びっくり"],
            {*BLINKS, "jawOpen", "mouthStretchLeft", "mouthPucker", "mouthFunnel", "mouthLowerDownLeft",
             "mouthSmileLeft", "eyeWideLeft", "cheekSquintRight"}),
    "mmd winks alone": (["ウィンク", "ウィンク右"], BLINKS),
    "mmd chinese": (["眨眼", "张嘴", "微笑"], {*BLINKS, "jawOpen", "mouthSmileLeft"}),
    "mmd english": (["Blink", "Wink", "Wink Right", "a", "i", "u", "e", "o"],
                    {*BLINKS, "jawOpen", "mouthStretchLeft", "mouthPucker", "mouthFunnel", "mouthLowerDownRight"}),
    "oculus": (["viseme_sil", "viseme_PP", "viseme_FF", "viseme_TH", "viseme_DD", "viseme_kk", "viseme_CH", "viseme_SS",
                "viseme_nn", "viseme_RR", "viseme_aa", "viseme_E", "viseme_I", "viseme_O", "viseme_U"],
               {"jawOpen", "mouthFunnel", "mouthPucker", "mouthStretchLeft", "mouthPressRight", "mouthRollLower"}),
    "vrchat": (["vrc.blink_left", "vrc.blink_right", "vrc.v_aa", "vrc.v_oh", "vrc.v_ou", "vrc.v_ih", "vrc.v_pp"],
               {*BLINKS, "jawOpen", "mouthFunnel", "mouthPucker", "mouthStretchLeft", "mouthPressLeft"}),
    "character creator": (["Eye_Blink_L", "Eye_Blink_R", "Eye_L_Look_L", "Eye_L_Look_R", "Eye_R_Look_L", "Eye_R_Look_R",
                           "Eye_L_Look_Up", "Eye_R_Look_Down", "Brow_Raise_Inner_L", "Brow_Raise_Inner_R",
                           "Brow_Drop_L", "Brow_Raise_Outer_R", "Cheek_Raise_L", "Mouth_Funnel_Up_L",
                           "Mouth_Funnel_Up_R", "Mouth_Funnel_Down_L", "Mouth_Funnel_Down_R", "Mouth_Pucker_Up_L",
                           "Mouth_Down_Lower_L", "Mouth_Up_Upper_R", "Mouth_Roll_In_Lower_L", "Jaw_Open", "V_Open",
                           "V_Tight_O", "Mouth_Smile_L", "Tongue_Out"],
                          {*BLINKS, "eyeLookOutLeft", "eyeLookInLeft", "eyeLookInRight", "eyeLookOutRight",
                           "eyeLookUpLeft", "eyeLookDownRight", "browInnerUp", "browDownLeft", "browOuterUpRight",
                           "cheekSquintLeft", "mouthFunnel", "mouthPucker", "mouthLowerDownLeft", "mouthUpperUpRight",
                           "mouthRollLower", "jawOpen", "mouthSmileLeft", "tongueOut"}),
    "character creator arkit": (["A14_Eye_Blink_Left", "A15_Eye_Blink_Right", "A25_Jaw_Open"], {*BLINKS, "jawOpen"}),
    "character creator visemes": (["V_Open", "V_Explosive", "V_Dental_Lip", "V_Tight_O", "V_Tight", "V_Wide"],
                                  {"jawOpen", "mouthPressLeft", "mouthRollLower", "mouthFunnel", "mouthPucker",
                                   "mouthStretchRight"}),
    "metahuman": ([f"CTRL_expressions_{n}" for n in (
                       "eyeBlinkL", "eyeBlinkR", "eyeLookLeftL", "eyeLookRightL", "eyeLookLeftR", "eyeLookRightR",
                       "eyeLookUpL", "eyeLookDownR", "eyeWidenL", "eyeSquintInnerR", "eyeCheekRaiseL", "browDownL",
                       "browRaiseInL", "browRaiseInR", "browRaiseOuterL", "noseWrinkleR", "jawOpen", "jawFwd",
                       "jawLeft",
                       "mouthCornerPullL", "mouthCornerDepressR", "mouthUpperLipRaiseL", "mouthLowerLipDepressR",
                       "mouthStretchL", "mouthDimpleR", "mouthFunnelUL", "mouthFunnelUR", "mouthFunnelDL",
                       "mouthFunnelDR", "mouthLipsPurseUL", "mouthLipsPurseDR", "mouthLipsTogetherUL",
                       "mouthUpperLipRollInL", "mouthLowerLipRollInR", "mouthLeft", "mouthCheekBlowL")],
                  {*BLINKS, "eyeLookOutLeft", "eyeLookInLeft", "eyeLookInRight", "eyeLookOutRight", "eyeLookUpLeft",
                   "eyeLookDownRight", "eyeWideLeft", "eyeSquintRight", "cheekSquintLeft", "browDownLeft",
                   "browInnerUp",
                   "browOuterUpLeft", "noseSneerRight", "jawOpen", "jawForward", "jawLeft", "mouthSmileLeft",
                   "mouthFrownRight", "mouthUpperUpLeft", "mouthLowerDownRight", "mouthStretchLeft", "mouthDimpleRight",
                   "mouthFunnel", "mouthPucker", "mouthClose", "mouthRollUpper", "mouthRollLower", "mouthLeft",
                   "cheekPuff"}),
    "metahuman meshes": (["head_lod0_mesh__eye_blink_L", "head_lod0_mesh__eye_blink_R", "head_lod0_mesh__jaw_open"],
                         {*BLINKS, "jawOpen"}),
    "unified expressions": (["EyeClosedLeft", "EyeClosedRight", "LipPuckerUpperLeft", "LipPuckerUpperRight",
                             "LipFunnelLowerLeft", "BrowLowererLeft", "MouthCornerPullRight", "JawOpen"],
                            {*BLINKS, "mouthPucker", "mouthFunnel", "browDownLeft", "mouthSmileRight", "jawOpen"}),
    "eye tracker kit": (["Eye_Left_Blink", "Eye_Right_Blink", "Eye_Left_Left", "Eye_Left_Right", "Eye_Right_Up"],
                        {*BLINKS, "eyeLookOutLeft", "eyeLookInLeft", "eyeLookUpRight"}),
    "daz": (["eCTRLEyesClosedL", "eCTRLEyesClosedR", "eCTRLMouthOpen", "facs_bs_BrowInnerUp_div2"],
            {*BLINKS, "jawOpen", "browInnerUp"}),
    "ict": (["browInnerUp_L", "browInnerUp_R", "cheekPuff_L", "cheekPuff_R"], {"browInnerUp", "cheekPuff"}),
    "blender numbers": (["eyeBlink_L.001", "eyeBlink_R.001", "jawOpen.001"], {*BLINKS, "jawOpen"}),
    "toon": (["blendShape1.EYE_DEF_C", "MTH_A", "MTH_U", "MTH_O"], {*BLINKS, "jawOpen", "mouthPucker", "mouthFunnel"}),
}  # fmt: skip


@pytest.mark.parametrize("family", FAMILIES)
def test_a_family_shows_what_it_can(family: str):
    targets, wanted = FAMILIES[family]
    found = bound(targets)
    assert wanted <= shown(found)
    for target, recipe in found.items():
        for side, other in (("Left", "Right"), ("Right", "Left")):
            if any(n.endswith(side) for n in recipe) and not any(n.endswith(other) for n in recipe):
                marks = {"Left": ("l", "左", "ウィンク"), "Right": ("r", "右")}[side]
                assert any(mark in target.lower() for mark in marks), (target, recipe)


@pytest.mark.parametrize("family", FAMILIES)
def test_no_coefficient_moves_anything_twice(family: str):
    """Only a coefficient without sides, split over left and right or upper and lower targets, has several."""
    found = bound(FAMILIES[family][0])
    for name in shown(found):
        targets = [t for t, recipe in found.items() if recipe.get(name, 0) > 0]
        assert len(targets) == 1 or name in ("browInnerUp", "cheekPuff", "mouthFunnel", "mouthPucker"), (name, targets)


def test_the_wink_that_smiles_is_taken_only_where_there_is_no_other():
    assert set(bound(["ウィンク", "ウィンク右", "まばたき"])) == {"まばたき"}
    assert set(bound(["ウィンク", "ウィンク右", "ウィンク２", "ウィンク２右", "まばたき"])) == {
        "ウィンク２",
        "ウィンク２右",
    }


def test_a_blink_for_both_eyes_is_better_than_one_for_a_single_eye():
    assert set(bound(["blink_l", "blink"])) == {"blink"}
    assert set(bound(["blink_l"])) == {"blink_l"}


@pytest.mark.parametrize(
    "name",
    ["jawOpen_mouthClose", "corrective_eyeBlinkLeft", "eyeBlinkLeft_fix", "smile", "xeyeBlink_Left", "Angry", "不明",
     "", "eyelashes", "HideBlush", "Fcl_HA_Fung1", "mouthOpenEyes", "Basis", "0", "21"],
)  # fmt: skip
def test_what_is_no_shape_of_the_table_stays_at_rest(name: str):
    assert bound([name]) == {}


def test_every_arkit_name_is_known_in_every_spelling():
    for name in ARKIT_NAMES:
        stem, side = (name[: -len(s)], s) if (s := "Left" if name.endswith("Left") else "Right") in name else (name, "")
        spellings = [name, name.lower(), name[0].upper() + name[1:], f"head.{name}", f"{name}.003"]
        if side:
            spellings += [f"{stem}_{side[0]}", f"{stem}.{side[0]}", f"{stem} {side.lower()}", f"{side}_{stem}"]
        for spelling in spellings:
            assert arkit_name(spelling) == name, spelling
        for spelling in (f"head__{name}", f"Expressions_{name}", f"CTRL_expressions_{name}"):
            assert arkit_target(spelling) == name, spelling


@pytest.mark.parametrize("place", ["mesh", "primitive", "dictionary", "target", "accessor"])
def test_names_are_found_wherever_the_exporter_put_them(place: str):
    labels = ["eyeBlinkLeft", "eyeBlinkRight", "jawOpen"]
    targets: list[dict[str, Any]] = [{"POSITION": i} for i in range(3)]
    mesh: dict[str, Any] = {"primitives": [{"targets": targets}]}
    accessors: list[dict[str, Any]] = [{}, {}, {}]
    if place == "mesh":
        mesh["extras"] = {"targetNames": labels}
    elif place == "primitive":
        mesh |= {"extras": {}}
        mesh["primitives"][0]["extras"] = {"targetNames": labels}
    elif place == "dictionary":
        mesh["extras"] = {"targetNames": {n: i for i, n in enumerate(labels)}}
    elif place == "target":
        for target, label in zip(targets, labels, strict=True):
            target["extras"] = {"name": label}
    else:
        accessors = [{"name": label} for label in labels]
    document = {"nodes": [{"mesh": 0}], "meshes": [mesh], "accessors": accessors}
    (found,) = morph_meshes(document, Nodes.of(document, "x"))
    assert isinstance(found, MorphMesh)
    assert found.names == tuple(labels)


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("頭", "Head"), ("首", "Neck"), ("左目", "LeftEye"), ("右目", "RightEye"), ("目.L", "LeftEye"),
        ("目_R", "RightEye"),
        ("头", "Head"), ("左眼", "LeftEye"), ("右眼球", "RightEye"), ("脖子", "Neck"), ("両目", None),
        ("mixamorig2:Neck", "Neck"), ("mixamorig:Head", "Head"), ("neck_01", "Neck"), ("DEF-spine.006", "Head"),
        ("DEF-eye.L", "LeftEye"), ("Bip01 Head", "Head"), ("Bip001_Neck", "Neck"), ("Bip01_L_Eye", "LeftEye"),
        ("ValveBiped.Bip01_Head1", "Head"), ("CC_Base_NeckTwist01", "Neck"), ("CC_Base_R_Eye", "RightEye"),
        ("neckUpper", "Neck"), ("lEye", "LeftEye"), ("rEye", "RightEye"), ("Head_M", "Head"), ("head.x", "Head"),
        ("c_eye.l", "LeftEye"), ("FACIAL_R_Eye", "RightEye"), ("head_Armature", "Head"), ("b_Head", "Head"),
        ("HeadNub", None), ("Bip01 HeadNub", None), ("LeftEyeLid_L", None), ("eyebrow.L", None), ("neck_end", None),
    ],
)  # fmt: skip
def test_bones_of_many_skeletons_are_known(name: str, role: str | None):
    assert role_of_bone(name) == role
