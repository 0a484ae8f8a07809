"""Correlation by Fourier transforms is correlation."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("cv2", reason="needs talkingeyes[video]")

import cv2

from talkingeyes.fit.correlate import filtered, transformed
from talkingeyes.fit.landmarks import FaceTracker


@pytest.mark.parametrize(("side", "kernel_side"), [(80, 43), (80, 27), (40, 23), (80, 5)])
def test_the_same_as_done_in_place_away_from_the_rim(side: int, kernel_side: int) -> None:
    rng = np.random.default_rng(side + kernel_side)
    picture = rng.standard_normal((side, side)).astype(np.float32)
    kernel = rng.standard_normal((kernel_side, kernel_side)).astype(np.float32)
    reach = kernel_side // 2
    inner = slice(reach, side - reach)
    wanted = cv2.filter2D(picture, cv2.CV_32F, kernel, borderType=cv2.BORDER_CONSTANT)
    got = filtered(picture, transformed(kernel, side))
    np.testing.assert_allclose(got[inner, inner], wanted[inner, inner], atol=2e-3)
    whole = filtered(picture, transformed(kernel, side + reach))
    np.testing.assert_allclose(whole, wanted, atol=2e-3)


def test_a_tracker_that_is_used_again_has_forgotten_the_last_film() -> None:
    pytest.importorskip("mediapipe", reason="needs talkingeyes[video]")
    noise = np.random.default_rng(1).integers(0, 255, (4, 96, 96, 3), dtype=np.uint8)
    with FaceTracker() as first, FaceTracker() as second:
        meshes = {id(first._mesh), id(second._mesh)}
        assert len(meshes) == 2  # two films at a time get two graphs
    with FaceTracker() as again:
        assert id(again._mesh) in meshes
        assert all(len(again.find(image)) == 0 for image in noise)
