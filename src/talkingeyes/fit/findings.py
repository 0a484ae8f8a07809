"""What a fit found, in words: how well each part could be seen, what was assumed, and how unsure that leaves it."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.fit.fit import FitDiagnostics
from talkingeyes.motion import Motion

Array = NDArray[Any]

SMALL_FACE_PX = 90.0
"""Narrower faces have irises of three pixels: gaze sideways is unsure (docs/fit.md)."""
_UNSURE = 0.35
"""Confidence of the better eye below which a frame's gaze counts as unsure."""
_MENTIONED_SHARE = 0.05
_TURNED_RAD = np.radians(35)
_DISAGREE_R = 0.8
_MOVES_DEG = 1.5
"""Where eyes move less than this (standard deviation), how well they agree says nothing."""
_SLIM, _BROAD = 1.5, 2.45
"""Width of the eyes over their height above the nose: 63 clips lie between 1.54 and 2.56, 96 % within 1.6 to 2.37."""
_SLOW_FPS = 20.0
_LONG_AWAY_S, _MOST_TOLD = 0.5, 3


def findings(motion: Motion, seen: FitDiagnostics) -> tuple[str, ...]:
    """Short lines for people about one fit, what limits it most first.

    Args:
        motion: from `fit_video_closely`.
        seen: its diagnostics.
    """
    fit = motion.meta["fit"]
    lines = [*_face(motion, seen), *_eyes(motion, seen, fit), *_agreement(fit)]
    if motion.fps < _SLOW_FPS:
        lines.append(f"only {motion.fps:.3g} pictures a second: fast eye movements and blinks are coarse")
    return (*lines, _centring(fit), _camera(fit))


def _face(motion: Motion, seen: FitDiagnostics) -> list[str]:
    lines = []
    share = 1 - float(seen.seen.mean())
    if share >= 0.01:
        lines.append(f"no face in {share:.0%} of the frames: filled in{_back(seen.seen, motion.fps)}")
    lines += _others(motion.meta["fit"])
    width = float(np.median(np.ptp(seen.landmarks_px[seen.seen][..., 0], axis=1))) / seen.scale
    if width < SMALL_FACE_PX:
        lines.append(f"the face is only {width:.0f} pixels wide: eyes are seen coarsely")
    shape = _face_shape(seen)
    if not _SLIM < shape < _BROAD:
        lines.append(
            f"the face is {'narrower' if shape < _SLIM else 'wider'} than faces are: is the picture stretched?"
        )
    assert motion.head_rad is not None
    turned = float((np.abs(motion.head_rad[seen.seen, 0]) > _TURNED_RAD).mean())
    if turned >= _MENTIONED_SHARE:
        lines.append(f"the head is turned by more than 35 degrees in {turned:.0%} of the frames")
    return lines


def _back(seen: NDArray[np.bool_], fps: float) -> str:
    """When a face that was long away came back, taken for the same one."""
    there = np.flatnonzero(seen)
    gaps = np.flatnonzero(np.diff(there) > _LONG_AWAY_S * fps)
    if not len(gaps):
        return ""
    back = ", ".join(f"{there[k + 1] / fps:.1f}" for k in gaps[:_MOST_TOLD]) + (" .." if len(gaps) > _MOST_TOLD else "")
    return f"; by its looks the same face comes back at {back} s"


def _others(fit: dict[str, Any]) -> list[str]:
    """Who else is in the film."""
    count = fit.get("others", 0)
    if not count:
        return []
    alone = fit.get("only_others_share", 0.0)
    there = f", in {alone:.0%} of the frames without the one who is followed" if alone >= 0.01 else ""
    who = "another person is" if count == 1 else f"{count} other people are"
    return [f"{who} in the film{there}: --person follows somebody else"]


def _face_shape(seen: FitDiagnostics) -> float:
    """Width of the eyes' outer corners over the height from there to under the nose, usual over the clip, upright."""
    points = seen.landmarks_px[seen.seen].astype(float)
    corners = points[:, [33, 263]]
    across = corners[:, 1] - corners[:, 0]
    width = np.linalg.norm(across, axis=1)
    down = points[:, 2] - corners.mean(axis=1)
    height = np.abs(across[:, 0] * down[:, 1] - across[:, 1] * down[:, 0]) / np.maximum(width, 1e-6)
    facing = np.abs(seen.skin_head_rad[seen.seen, 0]) < np.radians(20)
    if not facing.any():
        return 2.0
    return float(np.median((width / np.maximum(height, 1e-6))[facing]))


def _eyes(motion: Motion, seen: FitDiagnostics, fit: dict[str, Any]) -> list[str]:
    assert motion.confidence is not None
    worn = fit.get("glasses", False)
    if fit["irises"] == "network" and not worn:
        return ["iris and white cannot be told apart (glasses, shadow, blur or a small face): gaze is rough throughout"]
    looking = seen.seen & seen.open_eyes
    if not looking.any():
        return ["the eyes are never open: there is no gaze"]
    sure = motion.confidence[looking, 1:3]
    unsure = float((sure.max(axis=1) < _UNSURE).mean())
    if worn:
        return [f"glasses: gaze unsure in {unsure:.0%} of the frames; elsewhere twice as rough as without"]
    if unsure >= _MENTIONED_SHARE:
        return [f"gaze unsure in {unsure:.0%} of the frames: irises hardly stand out (glasses, shadow, lids)"]
    for eye, name in enumerate(("left", "right")):
        hidden = float((sure[:, eye] < _UNSURE).mean())
        if hidden >= 4 * _MENTIONED_SHARE:
            return [f"the {name} eye is hardly seen in {hidden:.0%} of the frames: the other one decides there"]
    return []


def _agreement(fit: dict[str, Any]) -> list[str]:
    unsure = [
        f"{word} (r {fit['left_right_correlation'][axis]:.2f})"
        for axis, word, moves in zip(("yaw", "pitch"), ("sideways", "up and down"), fit["per_eye_sd_deg"], strict=True)
        if moves >= _MOVES_DEG and fit["left_right_correlation"][axis] < _DISAGREE_R
    ]
    return [f"the two eyes, each alone, disagree {' and '.join(unsure)}"] if unsure else []


def _centring(fit: dict[str, Any]) -> str:
    unsure = fit.get("centring_unsure_deg")
    told = f", unsure by {max(unsure):.0f} deg" if unsure else ""
    ways = {
        "camera": f"gaze rests in one place: taken for the camera{told}",
        "habit": f"straight ahead is set by people's habit{told}",
        "below": f"gaze rests below the camera, as at a screen{told}",
        "none": "straight ahead is not known: no open eyes",
    }
    return ways.get(fit["centring"], f"straight ahead: {fit['centring']}{told}")


def _camera(fit: dict[str, Any]) -> str:
    if not fit["fov_assumed"]:
        return f"field of view {fit['fov_deg']:.3g} degrees, as given"
    return (
        f"field of view {fit['fov_deg']:.0f} degrees, unsure by {fit['fov_unsure_deg']:.0f}: "
        "guessed from the face's size; --fov sets it"
    )
