"""Two passes over a video: landmarks of everybody, then pose and irises of one person from the pixels."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.errors import VideoError
from talkingeyes.fit import video
from talkingeyes.fit.camera import DEFAULT_FOV_DEG, Camera
from talkingeyes.fit.faces import CutFinder, People, arrived, face_width
from talkingeyes.fit.glasses import upper_face, wears_glasses
from talkingeyes.fit.head import HeadTrack, fit_head, unbiased
from talkingeyes.fit.iris import SURFACE_M, EyeCrop, IrisModel, crop_eye
from talkingeyes.fit.iris_net import look
from talkingeyes.fit.landmarks import NUM_LANDMARKS, FaceFinder, FaceTracker
from talkingeyes.fit.lens import LensGuess, guess_lens
from talkingeyes.fit.lids import opening
from talkingeyes.fit.made_heads import is_made
from talkingeyes.fit.shots import Shots, follow
from talkingeyes.fit.snippets import LEARN_PICTURES, Snippets
from talkingeyes.fit.texture import SkinTexture
from talkingeyes.fit.trackers import MESH, Tracker, TrackerKind
from talkingeyes.fit.upright import quarter_turns, turned

Array = NDArray[Any]
Progress = Callable[[float], None]

_WORK_FACE_PX = 330.0
_LOOK_LONG_SIDE_PX = 640
_MIN_LOOKS, _MAX_LOOKS = 4, 12
_BLIND_LONG_SIDE_PX = 1280
_FEW_PICTURES = 12
_MAX_FACES = 4
_MIN_FACE_PX = 24.0
_WARM_UP = 3
"""Looks at a picture in which a face is new: after two the landmarks hardly move any more."""


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
        far_track: the same by the skin away from the eyes alone (`talkingeyes.fit.eye_pull`).
        iris_px: (M, 2, 2) iris centres [left, right].
        iris_score: (M, 2).
        aperture: (M, 2) opening over the iris in iris radii.
        iris_sigma: (M, 2) how unsure the network is of each iris, radii.
        toward_rad: (M, 2) yaw and pitch of both eyes against the camera by their look alone (`iris_net.EyeLook`).
        iris_radius_m: of this person.
        refined: whether irises come from the pixels (False: from the landmarks).
        made: a rendered head with painted eyeballs.
        glasses: whether rims were seen.
        shots: the film's cuts, and who is followed when.
        lens: how the field of view was guessed; None where it was given.
    """

    camera: Camera
    scale: float
    times_s: list[float | None]
    pictures: NDArray[np.int64]
    landmarks_px: Array
    landmark_track: HeadTrack
    skin_track: HeadTrack
    far_track: HeadTrack
    iris_px: Array
    iris_score: Array
    aperture: Array
    iris_sigma: Array
    toward_rad: Array
    iris_radius_m: float
    refined: bool
    made: bool
    shots: Shots
    lens: LensGuess | None = None
    glasses: bool = False


def measure(
    film: video.Film,
    *,
    fov_deg: float | None,
    person: int | None,
    progress: Progress | None = None,
    kind: TrackerKind = MESH,
) -> list[Measured]:
    """Run both passes: one result per person that is followed (several only where cuts change the person).

    Raises:
        VideoError: not a video, or no face in it.
        ModelError: MediaPipe cannot use the models of the task file.
        MissingExtraError: mediapipe is not installed.
    """
    with _one_thread():
        return _measured(film, fov_deg, person, progress or (lambda share: None), kind)


def _measured(
    film: video.Film, fov_deg: float | None, person: int | None, told: Progress, kind: TrackerKind
) -> list[Measured]:
    faces, scale = _look(film)
    snippets = Snippets()
    camera, times, people, cuts = _first_pass(
        film, scale, faces, snippets, fov_deg, kind, lambda share: told(0.5 * share)
    )
    shots = _followed(film.path, people, cuts, person, camera, kind)
    lens = None
    if fov_deg is None:
        lens = guess_lens(shots.landmarks_px[shots.person == 0], camera.height)
        camera = replace(camera, fov_deg=lens.fov_deg)
    followed = [_Followed(camera, scale, times, shots, number, lens, kind) for number in shots.people()]
    for one in followed:
        one.learn(snippets, film)
    for number, (_, image) in enumerate(film.pictures(scale)):
        for one in followed:
            one.see(number, image)
        told(0.5 + 0.5 * (number + 1) / len(times))
    return [one.measured() for one in followed]


@contextmanager
def _one_thread() -> Iterator[None]:
    """OpenCV's threads cost more than they give on pictures this small; the caller's setting comes back."""
    import cv2

    before = cv2.getNumThreads()
    cv2.setNumThreads(1)
    try:
        yield
    finally:
        cv2.setNumThreads(before)


def _look(film: video.Film) -> tuple[int, float]:
    """A first look at a few pictures: how many faces at most, and how far pictures can be shrunk; turns the film."""
    most, widest, long_side, shrinks, smalls, crowded = 1, 0.0, 1, [], [], []
    for image in film.looks(_MIN_LOOKS, _MAX_LOOKS):
        long_side = max(image.shape[:2])
        shrinks.append(max(1, long_side // _LOOK_LONG_SIDE_PX))
        smalls.append(np.ascontiguousarray(image[:: shrinks[-1], :: shrinks[-1]]))
    with FaceFinder() as finder:
        film.turns = quarter_turns(smalls, finder)
        for shrink, lying in zip(shrinks, smalls, strict=True):
            small = turned(lying, film.turns)
            widths = [face.width_px for face in finder.faces(small)]
            widest = max([widest, *(shrink * width for width in widths)])
            if len(widths) > 1:
                crowded.append(small)
    if crowded:
        with FaceTracker(_MAX_FACES, follow=False) as tracker:
            most = max(1, *(len(tracker.find(image)) for image in crowded))
    scale = min(1.0, _WORK_FACE_PX / widest) if widest else min(1.0, _BLIND_LONG_SIDE_PX / long_side)
    return most, scale


def _first_pass(
    film: video.Film, scale: float, faces: int, snippets: Snippets, fov_deg: float | None,
    kind: TrackerKind, progress: Progress,
) -> tuple[Camera, list[float | None], People, list[int]]:  # fmt: skip
    people, cuts, times, size, path = People(), CutFinder(), [], (0, 0), film.path
    found = np.zeros((0, NUM_LANDMARKS, 2), np.float32)
    total = max(1, film.stated_length)
    with kind.open(faces) as tracker:
        for time_s, image in film.pictures(scale):
            if times and image.shape[:2] != size:
                raise VideoError(f"{path}: the picture size changes on the way; convert it to one size first")
            size = image.shape[:2]
            found = _settled(tracker, image, found, begins=cuts.add(image))
            people.add(len(times), found, image)
            snippets.add(len(times), image, found)
            times.append(time_s)
            progress(min(1.0, len(times) / total))
    if len(times) < video.MIN_FRAMES:
        raise VideoError(f"{path}: {len(times)} pictures are too few to fit; {video.MIN_FRAMES} or more are accepted")
    return Camera(size[1], size[0], fov_deg or DEFAULT_FOV_DEG), times, people, cuts.cuts()


def _settled(tracker: Tracker, image: NDArray[np.uint8], before: Array, *, begins: bool) -> Array:
    """Faces of a picture; where a face was not followed into it, looked at again until the tracker has settled.

    A face that the detector has just found is cut out otherwise than one that is followed: landmarks of such a picture
    lie off by 1-3 pixels on a face of 300, which was 4-7 degrees of gaze and up to 24.
    """
    found = _large(tracker.find(image))
    if begins or arrived(found, before):
        for _ in range(_WARM_UP):
            found = _large(tracker.find(image))
    return found


def _large(found: Array) -> Array:
    return found[[face_width(points) >= _MIN_FACE_PX for points in found]]


def _followed(
    path: Path, people: People, cuts: list[int], person: int | None, camera: Camera, kind: TrackerKind
) -> Shots:
    try:
        shots = follow(people, cuts, person, camera, kind)
    except VideoError as error:
        raise VideoError(f"{path}: {error}") from None
    if len(shots.pictures) < video.MIN_FRAMES:
        raise VideoError(
            f"{path}: a face is seen in {len(shots.pictures)} pictures only; {video.MIN_FRAMES} or more are needed"
        )
    return shots


def _to_learn_from(landmarks: Array, kept: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Pictures with open eyes, spread over the clip."""
    wide = opening(landmarks).min(axis=1)
    candidates = np.flatnonzero((wide >= np.percentile(wide[kept], 30)) & kept)
    return candidates[np.unique(np.linspace(0, len(candidates) - 1, min(len(candidates), LEARN_PICTURES)).astype(int))]


class _Followed:
    """Learn one person's skin and irises, then follow them through all pictures."""

    def __init__(
        self, camera: Camera, scale: float, times_s: list[float | None], shots: Shots, number: int,
        lens: LensGuess | None, kind: TrackerKind,
    ) -> None:  # fmt: skip
        mine = shots.person == number
        self._lens = lens
        self._camera, self._scale, self._times_s, self._shots = camera, scale, times_s, shots
        self._found, self._landmarks = shots.pictures[mine], shots.landmarks_px[mine]
        self._rows = {int(picture): row for row, picture in enumerate(self._found)}
        self._track = unbiased(fit_head(self._landmarks, camera, kind))
        self._rotation, self._position = self._track.rotation.copy(), self._track.position_m.copy()
        self._far_rotation, self._far_position = self._rotation.copy(), self._position.copy()
        self._eyes_m = self._track.own_eyes_m()
        self._turn, self._shift, self._last = np.eye(3), np.zeros(3), -2
        count = len(self._found)
        self._iris_px, self._toward = np.zeros((count, 2, 2)), np.zeros((count, 2))
        self._score, self._aperture, self._sigma = np.zeros((3, count, 2))

    def learn(self, snippets: Snippets, film: video.Film) -> None:
        """From the kept pictures; from the film again where this person is in hardly any of them."""
        kept = np.array([int(picture) in snippets for picture in self._found])
        few = kept.sum() < min(_FEW_PICTURES, len(kept))
        index = _to_learn_from(self._landmarks, kept | few)
        numbers = self._found[index]
        if few:
            images = [image for _, image in film.pictures(self._scale, set(numbers.tolist()))]
        else:
            images = [snippets.image(int(number)) for number in numbers]
        self._skin = SkinTexture(self._camera, self._track.at(index), images)
        self._skins = dict(zip(numbers.tolist(), self._skin.skins, strict=True))
        learned = self._skin.learned
        crops = [
            self._crop(image, learned.rotation[i], learned.position_m[i], self._landmarks[k], eye)
            for i, (image, k) in enumerate(zip(images, index, strict=True))
            for eye in range(2)
        ]
        looks = look([crop.image for crop in crops], [False, True] * len(images))
        self._iris, self._made = IrisModel(crops, looks), is_made(crops)
        self._glasses = wears_glasses([upper_face(i, self._landmarks[k]) for i, k in zip(images, index, strict=True)])

    def _crop(self, image: NDArray[np.uint8], rotation: Array, position: Array, landmarks: Array, eye: int) -> EyeCrop:
        distance = -float(rotation[2] @ self._eyes_m[eye] + position[2]) - SURFACE_M
        roll = math.atan2(rotation[1, 0], rotation[1, 1])
        return crop_eye(image, self._camera.focal_px / distance, roll, landmarks, eye)

    def see(self, number: int, image: NDArray[np.uint8]) -> None:
        """Pose and irises of one picture, if this person is in it."""
        row = self._rows.get(number)
        if row is None:
            return
        if number != self._last + 1 or number in self._shots.cuts:
            self._turn, self._shift = np.eye(3), np.zeros(3)
        by_landmarks = (self._track.rotation[row], self._track.position_m[row])
        start = (self._turn @ by_landmarks[0], by_landmarks[1] + self._shift)
        skin = self._skins.pop(number, None) or self._skin.skin(image, *start)
        (rotation, position), far = self._skin.refine(skin, start, by_landmarks)
        self._rotation[row], self._position[row] = rotation, position
        self._far_rotation[row], self._far_position[row] = far
        self._turn, self._shift, self._last = rotation @ by_landmarks[0].T, position - by_landmarks[1], number
        crops = [self._crop(image, rotation, position, self._landmarks[row], eye) for eye in range(2)]
        looks = look([crop.image for crop in crops], [False, True])
        self._toward[row], self._sigma[row] = looks.toward_rad.mean(axis=0), np.sqrt(looks.sigma.prod(axis=1))
        for eye, crop in enumerate(crops):
            fix = self._iris.find(crop, looks.at([eye]))
            self._iris_px[row, eye], self._score[row, eye] = fix.centre_px, fix.score
            self._aperture[row, eye] = fix.aperture

    def measured(self) -> Measured:
        """What was seen of this person."""
        return Measured(
            camera=self._camera,
            scale=self._scale,
            times_s=self._times_s,
            pictures=self._found,
            landmarks_px=self._landmarks,
            landmark_track=self._track,
            skin_track=replace(self._track, rotation=self._rotation, position_m=self._position),
            far_track=replace(self._track, rotation=self._far_rotation, position_m=self._far_position),
            iris_px=self._iris_px,
            iris_score=self._score,
            aperture=self._aperture,
            iris_sigma=self._sigma,
            toward_rad=self._toward,
            iris_radius_m=self._iris.radius_m,
            refined=self._iris.works,
            made=self._made,
            glasses=self._glasses,
            shots=self._shots,
            lens=self._lens,
        )
