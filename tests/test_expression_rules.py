"""What a VRM 1.0 says of its expressions is honoured: on or off, and which hold others back."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from talkingeyes.avatar.morphs import bind, morph_meshes
from talkingeyes.avatar.nodes import Nodes
from talkingeyes.avatar.pose import target_weights
from talkingeyes.avatar.rig import AvatarRig
from talkingeyes.motion import Motion

TARGETS = ("shut", "open wide", "grin")


def shown(expressions: dict[str, Any], jaw: list[float], lids: list[float]) -> dict[str, np.ndarray]:
    """Target -> its weights, of a face whose blink is ``shut``, aa is ``open wide`` and a custom smile is ``grin``."""
    given = {
        "preset": {"blink": bound(0, expressions.get("blink", {})), "aa": bound(1, expressions.get("aa", {}))},
        "custom": {"mouthSmileLeft": bound(2, expressions.get("smile", {}))},
    }
    mesh = {"primitives": [{"targets": [{}] * len(TARGETS)}], "extras": {"targetNames": list(TARGETS)}}
    document = {"nodes": [{"mesh": 0}], "meshes": [mesh], "extensions": {"VRMC_vrm": {"expressions": given}}}
    rig = AvatarRig({}, bind(document, morph_meshes(document, Nodes.of(document, "x"))))
    face = np.stack([jaw, np.linspace(0, 1, len(jaw))], axis=1)
    motion = Motion(fps=30, lids=np.stack([lids, lids], axis=1), face=face, face_names=("jawOpen", "mouthSmileLeft"))
    (table,) = target_weights(motion, rig).values()
    return dict(zip(TARGETS, table.T, strict=True))


def bound(index: int, more: dict[str, Any]) -> dict[str, Any]:
    return {"morphTargetBinds": [{"node": 0, "index": index, "weight": 1.0}], **more}


def old_shown(groups: list[dict[str, Any]], lids: list[float]) -> np.ndarray:
    """Weights of the first target of a VRM 0.x face with these expressions, each of one bind to it."""
    made = [{"binds": [{"mesh": 0, "index": 0, "weight": 100.0}], **group} for group in groups]
    mesh = {"primitives": [{"targets": [{}]}], "extras": {"targetNames": ["shut"]}}
    extension = {"blendShapeMaster": {"blendShapeGroups": made}}
    document = {"nodes": [{}, {"mesh": 0}], "meshes": [mesh], "extensions": {"VRM": extension}}
    rig = AvatarRig({}, bind(document, morph_meshes(document, Nodes.of(document, "x"))))
    (table,) = target_weights(Motion(fps=30, lids=np.stack([lids, lids], axis=1)), rig).values()
    return table[:, 0]


JAW, LIDS, SMILE = [0.2, 0.3, 0.5, 0.6, 0.7], [0.2, 0.4, 0.6, 0.8, 1.0], [0, 0.25, 0.5, 0.75, 1]


def test_without_rules_weights_are_what_the_motion_says():
    found = shown({}, JAW, LIDS)
    np.testing.assert_allclose(found["shut"], LIDS, atol=1e-6)
    np.testing.assert_allclose(found["grin"], SMILE, atol=1e-6)


def test_an_expression_that_is_on_or_off_switches_at_half():
    np.testing.assert_array_equal(shown({"blink": {"isBinary": True}}, JAW, LIDS)["shut"], [0, 0, 1, 1, 1])


def test_a_vrm_0_expression_that_is_on_or_off_switches_at_half():
    binary = {"name": "Blink", "presetName": "blink", "isBinary": True}
    np.testing.assert_array_equal(old_shown([binary], LIDS), [0, 0, 1, 1, 1])


def test_what_a_smooth_vrm_0_expression_shows_too_stays_smooth():
    smooth = {"name": "Blink", "presetName": "blink", "isBinary": False}
    left = {"name": "Blink_L", "presetName": "blink_l", "isBinary": True}
    np.testing.assert_allclose(old_shown([smooth, left], LIDS), LIDS, atol=1e-6)


def test_an_expression_that_blocks_blinks_stops_them_while_it_is_shown():
    found = shown({"smile": {"overrideBlink": "block"}}, JAW, LIDS)
    np.testing.assert_allclose(found["shut"], [LIDS[0], 0, 0, 0, 0], atol=1e-6)
    np.testing.assert_allclose(found["open wide"], 1.2 * np.array(JAW), atol=1e-6)


def test_an_expression_that_blends_takes_its_share():
    found = shown({"smile": {"overrideBlink": "blend"}}, JAW, LIDS)
    np.testing.assert_allclose(found["shut"], np.array(LIDS) * (1 - np.array(SMILE)), atol=1e-6)


def test_a_binary_expression_holds_back_all_or_nothing():
    found = shown({"smile": {"overrideMouth": "blend", "isBinary": True}}, JAW, LIDS)
    np.testing.assert_allclose(found["open wide"], 1.2 * np.array(JAW) * [1, 1, 1, 0, 0], atol=1e-6)
    np.testing.assert_array_equal(found["grin"], [0, 0, 0, 1, 1])


def test_a_binary_expression_that_is_held_back_at_all_is_off():
    found = shown({"smile": {"overrideBlink": "blend"}, "blink": {"isBinary": True}}, JAW, [1, 1, 1, 1, 1])
    np.testing.assert_array_equal(found["shut"], [1, 0, 0, 0, 0])


@pytest.mark.parametrize("how", ["none", "sideways"])
def test_other_words_hold_nothing_back(how: str):
    np.testing.assert_allclose(shown({"smile": {"overrideBlink": how}}, JAW, LIDS)["shut"], LIDS, atol=1e-6)
