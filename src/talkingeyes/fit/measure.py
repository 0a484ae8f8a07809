"""Two passes over a video: landmarks of everybody, then pose and irises of one person from the pixels."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.errors import VideoError
from talkingeyes.fit import video
from talkingeyes.fit.camera import DEFAULT_FOV_DEG, Camera
from talkingeyes.fit.faces import CutFinder, People, Person, face_width
from talkingeyes.fit.head import HeadTrack, fit_head, unbiased
from talkingeyes.fit.iris import EyeCrop, IrisModel, crop_eye
from talkingeyes.fit.landmarks import EYES, FaceTracker
from talkingeyes.fit.texture import SkinTexture

Array = NDArray[Any]
Progress = Callable[[float], None]

_WORK_FACE_PX = 330.0
_LOOK_LONG_SIDE_PX = 640
_LOOK_PICTURES = 12
_BLIND_LONG_SIDE_PX = 1280
_LEARN_PICTURES = 48
_MAX_FACES = 4
_MIN_FACE_PX = 24.0


@dataclass(frozen=True)
class Measured:
    """What the pixels say, one row per decoded picture in which the person was found.

    Attributes:
        camera: of the scaled pictures.
        scale: pictures were shrunk by this factor.
        times_s: time of every decoded picture (None where the file does not say).
        pictures: (M,) their indices among all decoded pictures.
        landmarks_px: (M, 478, 2).
        landmark_track: head poses from landmarks alone.
        skin_track: head poses refined on the skin.
        iris_px: (M, 2, 2) iris centres [left, right].
        iris_score: (M, 2).
        aperture: (M, 2) opening over the iris in iris radii.
        iris_radius_m: of this person.
        refined: whether irises come from the pixels (False: from the landmarks).
        cuts: first pictures after a cut.
        people: persons that were seen.
    """

    camera: Camera
    scale: float
    times_s: list[float | None]
    pictures: NDArray[np.int64]
    landmarks_px: Array
    landmark_track: HeadTrack
    skin_track: HeadTrack
    iris_px: Array
    iris_score: Array
    aperture: Array
    iris_radius_m: float
    refined: bool
    cuts: list[int]


def measure(path: Path, *, fov_deg: float | None, person: int | None, progress: Progress | None = None) -> Measured:
    """Run both passes.

    Raises:
        VideoError: not a video, or no face in it.
        MissingExtraError: mediapipe is not installed.
    """
    told = progress or (lambda share: None)
    faces, scale = _look(path)
    camera, times, who, cuts = _first_pass(path, scale, faces, fov_deg, person, lambda share: told(0.5 * share))
    found = np.array(who.pictures)
    landmarks = np.array(who.landmarks_px, np.float32)
    landmark_track = unbiased(fit_head(landmarks, camera))
    learn = _to_learn_from(landmarks)
    second = _SecondPass(camera, landmark_track, landmarks, found)
    second.learn(_images(path, scale, found[learn]), learn)
    return second.run(
        video.pictures(path, scale),
        Measured(
            camera, scale, times, found, landmarks, landmark_track, landmark_track, np.zeros((len(found), 2, 2)),
            np.zeros((len(found), 2)), np.zeros((len(found), 2)), 0.0, False, cuts,
        ),
        lambda share: told(0.5 + 0.5 * share),
    )  # fmt: skip


def _look(path: Path) -> tuple[int, float]:
    """A first look at a few pictures: how many faces at most, and how far pictures can be shrunk."""
    step = max(1, video.stated_length(path) // _LOOK_PICTURES)
    looks = itertools.islice(video.pictures(path, wanted=range(0, video.MAX_FRAMES, step)), 2 * _LOOK_PICTURES)
    most, widest, long_side = 1, 0.0, 1
    with FaceTracker(_MAX_FACES, follow=False) as tracker:
        for _, image in looks:
            long_side = max(image.shape[:2])
            shrink = max(1, long_side // _LOOK_LONG_SIDE_PX)
            faces = tracker.find(np.ascontiguousarray(image[::shrink, ::shrink]))
            most = max(most, len(faces))
            widest = max([widest, *(shrink * face_width(points) for points in faces)])
    scale = min(1.0, _WORK_FACE_PX / widest) if widest else min(1.0, _BLIND_LONG_SIDE_PX / long_side)
    return most, scale


def _first_pass(
    path: Path, scale: float, faces: int, fov_deg: float | None, person: int | None, progress: Progress
) -> tuple[Camera, list[float | None], Person, list[int]]:
    people, cuts, times, size = People(), CutFinder(), [], (0, 0)
    tracker = FaceTracker(faces)
    total = _expected(path)
    with tracker:
        for time_s, image in video.pictures(path, scale):
            if times and image.shape[:2] != size:
                raise VideoError(f"{path}: the picture size changes on the way; convert it to one size first")
            size = image.shape[:2]
            found = tracker.find(image)
            people.add(len(times), found[[face_width(points) >= _MIN_FACE_PX for points in found]])
            cuts.add(image)
            times.append(time_s)
            progress(min(1.0, len(times) / total))
    if len(times) < video.MIN_FRAMES:
        raise VideoError(f"{path}: {len(times)} pictures are too few to fit; {video.MIN_FRAMES} or more are accepted")
    try:
        who = people.choose(person)
    except VideoError as error:
        raise VideoError(f"{path}: {error}") from None
    if len(who.pictures) < video.MIN_FRAMES:
        raise VideoError(
            f"{path}: a face is seen in {len(who.pictures)} pictures only; {video.MIN_FRAMES} or more are needed"
        )
    return Camera(size[1], size[0], fov_deg or DEFAULT_FOV_DEG), times, who, cuts.cuts()


def _expected(path: Path) -> int:
    return max(1, video.stated_length(path))


def opening(landmarks_px: Array) -> Array:
    """(M, 478, 2) -> (M, 2) height of each lid opening over the width of the eye."""
    out = []
    for contour in EYES:
        inner, outer = landmarks_px[:, contour[0]], landmarks_px[:, contour[8]]
        width = np.maximum(np.linalg.norm(inner - outer, axis=-1), 1e-3)
        pairs = [(contour[k], contour[16 - k]) for k in (2, 3, 4, 5, 6)]
        heights = [np.linalg.norm(landmarks_px[:, a] - landmarks_px[:, b], axis=-1) for a, b in pairs]
        out.append(np.mean(heights, axis=0) / width)
    return np.stack(out, axis=1)


def _to_learn_from(landmarks: Array) -> NDArray[np.int64]:
    """Pictures with open eyes, spread over the clip."""
    wide = opening(landmarks).min(axis=1)
    candidates = np.flatnonzero(wide >= np.percentile(wide, 30))
    return np.unique(candidates[np.linspace(0, len(candidates) - 1, min(len(candidates), _LEARN_PICTURES)).astype(int)])


def _images(path: Path, scale: float, wanted: NDArray[np.int64]) -> list[NDArray[np.uint8]]:
    looks = video.pictures(path, scale, set(wanted.tolist()))
    return [image for _, image in itertools.islice(looks, len(wanted))]


class _SecondPass:
    """Learn a person's skin and irises, then follow them through all pictures."""

    def __init__(self, camera: Camera, track: HeadTrack, landmarks: Array, found: NDArray[np.int64]) -> None:
        self._camera, self._track, self._landmarks, self._found = camera, track, landmarks, found

    def learn(self, images: list[NDArray[np.uint8]], index: NDArray[np.int64]) -> None:
        self._skin = SkinTexture(self._camera, self._track.at(index), images)
        crops = [
            self._crop(image, self._skin.learned, i, self._landmarks[k], eye)
            for i, (image, k) in enumerate(zip(images, index, strict=True))
            for eye in range(2)
        ]
        self._iris = IrisModel(crops)

    def _crop(self, image: NDArray[np.uint8], track: HeadTrack, index: int, landmarks: Array, eye: int) -> EyeCrop:
        return crop_eye(image, self._camera, track, index, landmarks, eye)

    def run(self, pictures: Any, blank: Measured, progress: Progress) -> Measured:
        rotation, position = self._track.rotation.copy(), self._track.position_m.copy()
        rows = {int(picture): row for row, picture in enumerate(self._found)}
        turn, shift, last = np.eye(3), np.zeros(3), -2
        for number, (_, image) in enumerate(pictures):
            row = rows.get(number)
            if row is None:
                continue
            if number != last + 1 or number in blank.cuts:
                turn, shift = np.eye(3), np.zeros(3)
            by_landmarks = (self._track.rotation[row], self._track.position_m[row])
            skin = self._skin.skin(image, by_landmarks[1])
            start = (turn @ by_landmarks[0], by_landmarks[1] + shift)
            rotation[row], position[row] = self._skin.refine(skin, start, by_landmarks)
            turn, shift, last = rotation[row] @ by_landmarks[0].T, position[row] - by_landmarks[1], number
            here = HeadTrack(rotation[row : row + 1], position[row : row + 1], self._track.shape)
            for eye in range(2):
                fix = self._iris.find(self._crop(image, here, 0, self._landmarks[row], eye))
                blank.iris_px[row, eye], blank.iris_score[row, eye] = fix.centre_px, fix.score
                blank.aperture[row, eye] = fix.aperture
            progress((row + 1) / len(self._found))
        return replace(
            blank,
            skin_track=HeadTrack(rotation, position, self._track.shape),
            iris_radius_m=self._iris.radius_m,
            refined=self._iris.works,
        )
