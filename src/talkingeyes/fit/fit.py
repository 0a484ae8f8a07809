"""`fit_video`: an ordinary video becomes a Motion of gaze, lids, head and face."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes import rig, rotations
from talkingeyes.errors import SettingError
from talkingeyes.extras import require
from talkingeyes.files import sha256_of
from talkingeyes.fit import eye_pull, face, fusion, gaze, glasses, lids, openness, smooth, video
from talkingeyes.fit.camera import Camera
from talkingeyes.fit.centre import Centring, centred
from talkingeyes.fit.head import HeadTrack, blended
from talkingeyes.fit.joined import joined
from talkingeyes.fit.landmarks import TRACKER, read_task
from talkingeyes.fit.measure import Measured, measure
from talkingeyes.fit.trackers import DEFAULT, kind_of, task_kind
from talkingeyes.fit.yoked_lids import yoked
from talkingeyes.motion import Motion

Array = NDArray[Any]

CONFIDENCE_COLUMNS = ("head", "eye_left", "eye_right", "lids", "face")
FILLED_COLUMNS = ("head", "eyes", "lids", "face")
MIN_STEP_RAD = np.radians(1.2)
_HEAD_KERNEL_S = 0.045
_DISTANCE_KERNEL_S = 0.5
_MAX_VERGENCE_RAD = np.radians(15)
_MOST = 0.99
_CLEAR_FACE_PX = 90.0


@dataclass(frozen=True)
class FitDiagnostics:
    """What a fit saw before it fused and cleaned, on the motion's own frames.

    Attributes:
        per_eye_rad: (T, 2, 2) [left, right] x [yaw, pitch] in the head, each eye on its own, uncleaned.
        per_eye_gaze_rad: (T, 2, 2) the same in space.
        per_eye_clean_rad: (T, 2, 2) gaze in space of each eye on its own, cleaned between the steps.
        seen: (T,) frames in which the person was found.
        open_eyes: (T,) frames whose irises count.
        steps: first frame after each saccade found in the fused gaze.
        landmark_head_rad: (T, 3) head from landmarks alone.
        skin_head_rad: (T, 3) head from the skin.
        iris_px: (T, 2, 2) iris centres in the (shrunk) picture.
        landmarks_px: (T, 478, 2) in the (shrunk) picture.
        picture: (T,) decoded picture shown at each frame.
        scale: shrinking of the pictures.
        camera: of the shrunk pictures.
        turns: quarter turns counter-clockwise that brought the film upright, beside those that the file asks for.
    """

    per_eye_rad: Array
    per_eye_gaze_rad: Array
    per_eye_clean_rad: Array
    seen: NDArray[np.bool_]
    open_eyes: NDArray[np.bool_]
    steps: NDArray[np.int64]
    landmark_head_rad: Array
    skin_head_rad: Array
    iris_px: Array
    landmarks_px: Array
    picture: NDArray[np.int64]
    scale: float
    camera: Camera
    turns: int = 0


def fit_video(
    path: Path | str,
    *,
    fov_deg: float | None = None,
    person: int | None = None,
    landmarker: Path | str | None = None,
    tracker: str = DEFAULT,
    progress: Callable[[float], None] | None = None,
) -> Motion:
    """Fit gaze, lids, head and face of one person in a video.

    Args:
        path: a video file.
        fov_deg: vertical field of view of the camera; guessed from the face's size when not given (`lens`).
        person: 1 for the leftmost of several people; None takes the largest steady one.
        landmarker: a Face Landmarker task file to use instead of the built-in models.
        tracker: a landmark tracker by its name (`trackers`), where ``landmarker`` is None.
        progress: told the share done, 0..1.

    Returns:
        A motion at the film's picture rate, t = 0 at the start of the sound (or of the picture without sound).

    Raises:
        VideoError: not a video, no face, or too few pictures.
        SettingError: an impossible field of view, or no tracker of that name.
        ModelError: the task file is missing, damaged or of no use.
        MissingExtraError: mediapipe is not installed.
    """
    return fit_video_closely(
        path, fov_deg=fov_deg, person=person, landmarker=landmarker, tracker=tracker, progress=progress
    )[0]


def fit_video_closely(
    path: Path | str,
    *,
    fov_deg: float | None = None,
    person: int | None = None,
    landmarker: Path | str | None = None,
    tracker: str = DEFAULT,
    progress: Callable[[float], None] | None = None,
) -> tuple[Motion, FitDiagnostics]:
    """`fit_video`, with what was seen before fusion and cleaning."""
    if fov_deg is not None and not 5 <= fov_deg <= 150:
        raise SettingError(f"a field of view of {fov_deg} degrees; 5 to 150 (vertical) is accepted")
    require("video", "fitting a video")
    path = Path(path)
    kind = task_kind(read_task(Path(landmarker))) if landmarker is not None else kind_of(tracker)
    film = video.Film(path)
    if kind.check is not None:
        kind.check(next(film.looks(1, 1)))
    people = measure(film, fov_deg=fov_deg, person=person, progress=progress, kind=kind)
    timing = video.timing(people[0].times_s, film.sound_start_s, film.stated_fps, film.tick_s, film.declared_hz)
    source = {"name": path.name, "sha256": sha256_of(path)}
    parts = [assemble(seen, timing, source, assumed_fov=fov_deg is None, model=kind.name) for seen in people]
    both = parts[0] if len(parts) == 1 else joined(parts, people[0].shots.person_at(timing.source))
    return _noted(*both, film.turns) if film.turns else both


def _noted(motion: Motion, seen: FitDiagnostics, turns: int) -> tuple[Motion, FitDiagnostics]:
    """With a word about the turn that brought the film upright."""
    told = {**motion.meta["fit"], "turned_deg": 90 * turns if turns < 3 else -90}
    return motion.replace(meta={**motion.meta, "fit": told}), replace(seen, turns=turns)


def assemble(
    seen: Measured,
    timing: video.Timing,
    source: dict[str, Any],
    *,
    assumed_fov: bool,
    calibrated: bool = True,
    model: str = TRACKER,
) -> tuple[Motion, FitDiagnostics]:
    """From measurements per picture to a clean motion per frame; ``calibrated=False`` shows what calibration brings."""
    grid = _Grid(seen, timing)
    track, camera = _steady_distance(grid.track(seen.skin_track), grid, timing.fps), seen.camera
    by_landmarks = grid.track(seen.landmark_track)
    far = _steady_distance(grid.track(seen.far_track), grid, timing.fps)
    landmarks, iris = seen.landmarks_px[grid.row], seen.iris_px[grid.row]
    jaw = face.lip_gap(landmarks)
    aperture = seen.aperture[grid.row]
    up = openness.lids_up([aperture, lids.opening(landmarks)], grid.seen)
    depth_m = gaze.PAINTED_DEPTH_M if seen.made else gaze.EYE_DEPTH_M
    causes = np.column_stack([track.ypr_rad[:, :2], np.log(-track.position_m[:, 2]), jaw])
    ways = eye_pull.ways_down_mm(track, far, camera, iris)
    share = eye_pull.share_along(*ways, causes, seen.toward_rad[grid.row, 1], up, timing.fps)
    held = eye_pull.freed(track, share, ways[0], up)
    offsets = gaze.iris_offsets_mm(held, camera, iris, depth_m)
    geometry = gaze.calibrate(held, offsets, jaw, up, timing.fps, depth_m) if calibrated else gaze.UNCALIBRATED
    direction = gaze.gaze_directions(held, camera, iris, jaw, geometry)
    per_eye = rotations.yaw_pitch_from_direction(direction)
    own = gaze.in_head(track.rotation, direction)
    doubt = openness.doubt_of(seen.iris_sigma[grid.row], grid.seen)
    closure = lids.closure(aperture, own[..., 1], grid.seen)[0]
    down = openness.looking_down(up, closure, doubt, timing.fps) & grid.seen
    open_eyes = openness.without_blinks(up | down, openness.shut_by(closure) & ~down)
    trust = fusion.trust(seen.iris_score[grid.row], open_eyes, seen.refined) * openness.sureness(doubt)
    both = fusion.fuse(per_eye, trust, timing.fps)

    steps = smooth.find_steps(both.gaze_rad, trust.max(axis=1) > 0, timing.fps, MIN_STEP_RAD, grid.breaks)
    bounds = np.union1d(steps, grid.breaks).astype(np.int64)
    steady = smooth.smooth_between(both.gaze_rad, trust.max(axis=1), bounds, timing.fps)
    alone = np.stack([smooth.smooth_between(per_eye[:, e], trust[:, e], bounds, timing.fps) for e in (0, 1)], axis=1)
    head = smooth.smooth_within(
        np.unwrap(blended(by_landmarks, track), axis=0), grid.seen, grid.breaks, timing.fps, _HEAD_KERNEL_S
    )
    head = smooth.limit_speed(head, 0.97 * rig.LIMITS.head_speed_rad_s / timing.fps)
    position = smooth.smooth_within(track.position_m, grid.seen, grid.breaks, timing.fps, _HEAD_KERNEL_S)
    partner = rotations.yaw_pitch_from_direction(-position.mean(axis=0))
    rotation = rotations.matrix_from_ypr(head)
    steady, centring = centred(steady, rotation, partner, open_eyes, seen.toward_rad[grid.row])
    eyes = _eyes(rotation, steady, both.vergence_rad, np.linalg.norm(position, axis=1), timing.fps)
    blink, raw = lids.closure(aperture, eyes[..., 1], grid.seen, down)
    blink, raw = (smooth.fill_gaps(channel, grid.seen) for channel in (yoked(blink, grid.seen, timing.fps), raw))
    names, coefficients = face.coefficients(landmarks, track, camera)
    shut = openness.shut_by(blink)
    filled = np.stack([~grid.seen, ~open_eyes | shut, ~grid.seen, ~grid.seen], axis=1)
    told = trust * glasses.sureness(seen.iris_sigma[grid.row], seen.glasses)
    confidence = _confidence(grid, told, filled, landmarks / seen.scale)
    diagnostics = FitDiagnostics(
        own, per_eye, alone, grid.seen, open_eyes, steps, by_landmarks.ypr_rad,
        track.ypr_rad, iris, landmarks, timing.source, seen.scale, camera,
    )  # fmt: skip
    motion = Motion(
        fps=timing.fps,
        head_rad=np.clip(head, *_head_limits()),
        eyes_rad=eyes,
        lids=blink,
        face=coefficients,
        face_names=names,
        head_pos_m=position,
        confidence=confidence,
        filled=filled,
        lids_raw=raw,
        meta=_meta(
            seen,
            model,
            source,
            partner,
            position,
            geometry,
            both,
            centring,
            diagnostics,
            assumed_fov,
            confidence,
            steady,
            head,
        ),
    )
    return motion, diagnostics


class _Grid:
    """Which measurement row each output frame shows."""

    def __init__(self, seen: Measured, timing: video.Timing) -> None:
        rows = np.full(len(seen.times_s), -1)
        rows[seen.pictures] = np.arange(len(seen.pictures))
        row = rows[timing.source]
        self.seen: NDArray[np.bool_] = (row >= 0) & ~timing.held
        if not self.seen.any():
            self.seen = row >= 0
        self.row: NDArray[np.int64] = smooth.fill_gaps(row, row >= 0)
        first = [int(np.searchsorted(timing.source, cut)) for cut in seen.shots.cuts]
        self.breaks: list[int] = [b for b in first if 0 < b < len(row)]

    def track(self, track: HeadTrack) -> HeadTrack:
        """A head track on the output frames."""
        return track.at(self.row)


def _steady_distance(track: HeadTrack, grid: _Grid, fps: float) -> HeadTrack:
    """The distance from the camera, smoothed along the line of sight: its noise would turn the two eyes in and out."""
    distance = -track.position_m[:, 2:]
    steady = smooth.smooth_within(distance, grid.seen, grid.breaks, fps, _DISTANCE_KERNEL_S)
    return replace(track, position_m=track.position_m * (steady / distance))


def _eyes(rotation: Array, steady: Array, vergence: Array, distance_m: Array, fps: float) -> Array:
    """(T, 2, 2) eye angles in the head, with the vergence of the camera's distance plus its measured changes."""
    direction = rotations.direction_from_yaw_pitch(steady)
    in_head = gaze.in_head(rotation, direction[:, None])[:, 0]
    apart = np.clip(rig.vergence_rad(np.maximum(distance_m, 0.2)) + vergence, 0, _MAX_VERGENCE_RAD)
    eyes = np.stack([in_head, in_head], axis=1)
    eyes[:, 0, 0] -= apart / 2
    eyes[:, 1, 0] += apart / 2
    for eye in range(2):
        eyes[:, eye] = smooth.limit_speed(eyes[:, eye], 0.97 * rig.LIMITS.eye_speed_rad_s / fps)
    return _reachable(eyes)


def _reachable(eyes: Array) -> Array:
    """Eyes (..., 2) drawn straight back to where they can look; no movement becomes larger by it."""
    away = np.linalg.norm(eyes, axis=-1, keepdims=True)
    return eyes * np.minimum(1, _MOST * rig.LIMITS.eye_rad / np.maximum(away, 1e-9))


def _head_limits() -> tuple[Array, Array]:
    limit = np.array([rig.LIMITS.head_yaw_rad, rig.LIMITS.head_pitch_rad, rig.LIMITS.head_roll_rad])
    return -limit, limit


def _confidence(grid: _Grid, trust: Array, filled: NDArray[np.bool_], landmarks_px: Array) -> Array:
    size = np.clip(np.ptp(landmarks_px[..., 0], axis=1) / _CLEAR_FACE_PX, 0, 1) * grid.seen
    eye = np.where(filled[:, 1:2], 0.0, trust) * size[:, None]
    return np.stack([size, eye[:, 0], eye[:, 1], size, size], axis=1)


def _meta(  # noqa: PLR0913
    seen: Measured, model: str, source: dict[str, Any], partner: Array, position: Array, geometry: gaze.EyeGeometry,
    both: fusion.Fused, centring: Centring, diagnostics: FitDiagnostics, assumed_fov: bool, confidence: Array,
    steady: Array, head: Array,
) -> dict[str, Any]:  # fmt: skip
    clear = (confidence[:, 1:3].min(axis=1) > 0.3 * confidence[:, 1:3].max()) & diagnostics.open_eyes
    alone = rotations.direction_from_yaw_pitch(diagnostics.per_eye_clean_rad)
    per_eye = gaze.in_head(rotations.matrix_from_ypr(head), alone)[clear]
    agree = [_correlation(per_eye[:, 0, axis], per_eye[:, 1, axis]) for axis in range(2)]
    spread = np.degrees(per_eye.mean(axis=1).std(axis=0)) if clear.any() else np.zeros(2)
    return {
        "generator": "fit",
        "model": model,
        "source": source,
        "partner": {
            "yaw_deg": round(float(np.degrees(partner[0])), 3),
            "pitch_deg": round(float(np.degrees(partner[1])), 3),
            "distance_m": round(float(np.linalg.norm(position, axis=1).mean()), 3),
            "source": "camera",
        },
        "confidence_columns": list(CONFIDENCE_COLUMNS),
        "filled_columns": list(FILLED_COLUMNS),
        "fit": {
            "fov_deg": seen.camera.fov_deg,
            "fov_assumed": assumed_fov,
            "fov_unsure_deg": round(seen.camera.fov_deg * seen.lens.spread, 1) if seen.lens is not None else 0.0,
            "irises": "pixels" if seen.refined else "network",
            "iris_radius_mm": round(seen.iris_radius_m * 1e3, 2),
            "eye_depth_mm": round(geometry.depth_m * 1e3, 2),
            "centring": centring.kind,
            "centring_unsure_deg": centring.unsure_deg.tolist(),
            "looks_at_camera": centring.lens_likely,
            "left_right_correlation": {"yaw": agree[0], "pitch": agree[1]},
            "eyes_apart_deg": [round(float(v), 2) for v in np.degrees(both.apart_rad)],
            "vergence_share": round(both.vergence_share, 3),
            "per_eye_sd_deg": [round(float(v), 2) for v in spread],
            "gaze_sd_deg": [round(float(s), 2) for s in np.degrees(steady.std(axis=0))],
            "frames_seen": int(diagnostics.seen.sum()),
            "cuts": len(seen.shots.cuts),
            **({"glasses": True} if seen.glasses else {}),
            **_others(seen),
        },
    }


def _others(seen: Measured) -> dict[str, Any]:
    """What there is to tell of people who were not followed."""
    if not seen.shots.others:
        return {}
    return {"others": seen.shots.others, "only_others_share": round(seen.shots.only_others / len(seen.times_s), 3)}


def _correlation(a: Array, b: Array) -> float:
    if len(a) < 3 or a.std() < 1e-9 or b.std() < 1e-9:
        return 0.0
    return round(float(np.corrcoef(a, b)[0, 1]), 3)
