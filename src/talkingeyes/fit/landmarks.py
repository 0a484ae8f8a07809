"""Face landmarks from MediaPipe, the only module that imports it: 478 points per face and picture."""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import sys
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.errors import ModelError
from talkingeyes.extras import missing
from talkingeyes.files import readable
from talkingeyes.npz import UNPACKING_ERRORS
from talkingeyes.trial import Limits, tried
from talkingeyes.wording import cut, printable

NUM_LANDMARKS = 478
TRACKER = "mediapipe 0.10.21 face mesh with irises"
TASK_PARTS = ("face_detector.tflite", "face_landmarks_detector.tflite")
MAX_TASK_BYTES = 256 * 2**20
TRIAL = Limits(cpu_s=60, num_bytes=4 << 30)

LEFT_EYE = (362, 398, 384, 385, 386, 387, 388, 466, 263, 249, 390, 373, 374, 380, 381, 382)
"""Contour of the character's left eye: inner corner, upper lid, outer corner, lower lid."""
RIGHT_EYE = (133, 173, 157, 158, 159, 160, 161, 246, 33, 7, 163, 144, 145, 153, 154, 155)
"""The same for the right eye, in the mirrored order."""
EYES = (LEFT_EYE, RIGHT_EYE)
IRISES = (tuple(range(473, 478)), tuple(range(468, 473)))
"""Centre and four rim points per eye, left, right."""
RIGID = (
    10, 338, 297, 332, 284, 251, 109, 67, 103, 54, 21, 151, 9, 8, 168, 6, 197, 195, 5, 4, 1, 2, 98, 327, 97, 326, 129,
    358, 102, 331, 127, 356, 234, 454, 116, 345, 117, 346, 118, 347, 101, 330, 143, 372, 34, 264, 108, 337, 69, 299,
    104, 333, 68, 298, 71, 301, 139, 368, 122, 351, 193, 417, 188, 412, 114, 343, 174, 399, 196, 419, 3, 248, 51, 281,
    45, 275, 44, 274, 48, 278, 64, 294, 219, 439, 33, 133, 263, 362,
)  # fmt: skip
"""Points that move little with the jaw, the lips and the lids."""


_BLANK = np.zeros((64, 64, 3), np.uint8)
_MESH_OVER_BOX = 0.88
"""Width of the landmarks over the width of the detector's box, on 24 clips .81-.95."""


@contextmanager
def _quiet_native_logs() -> Iterator[None]:
    """MediaPipe's C++ side writes to file descriptor 2 whatever the settings; a user wants one line, ours."""
    saved = os.dup(2)
    sink = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(sink, 2)
        yield
    finally:
        os.dup2(saved, 2)
        os.close(saved)
        os.close(sink)


def _solutions() -> Any:
    os.environ.setdefault("GLOG_minloglevel", "3")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    try:
        with _no_microphone():
            from mediapipe.python import solutions
    except ImportError as error:
        raise missing("video", "fitting a video", error.name or "mediapipe") from None
    return solutions


@contextmanager
def _no_microphone() -> Iterator[None]:
    """MediaPipe imports a package for microphones, which asks ldconfig, gcc and ld for its library; not for us."""
    name = "sounddevice"
    if name in sys.modules:
        yield
        return
    sys.modules[name] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules[name]


class _Idle:
    """MediaPipe graphs that wait for the next film: one is loaded in 25 ms, as long as eight pictures take.

    A blank picture makes a graph forget the last film, to the bit. Two films at a time get two graphs.
    """

    def __init__(self) -> None:
        self._kept: dict[tuple[Any, ...], list[Any]] = {}

    def take(self, kind: tuple[Any, ...], create: Callable[[], Any]) -> Any:
        """A graph of a kind that has just seen a blank picture."""
        with _quiet_native_logs():  # its threads say what they have to say now
            try:
                graph = self._kept.setdefault(kind, []).pop()
            except IndexError:
                graph = create()
            graph.process(_BLANK)
        return graph

    def give_back(self, kind: tuple[Any, ...], graph: Any) -> None:
        """Keep one of each kind."""
        if self._kept[kind]:
            graph.close()
        else:
            self._kept[kind].append(graph)


_idle = _Idle()


class FaceTracker:
    """Landmarks of up to ``max_faces`` faces, followed from picture to picture.

    Args:
        max_faces: how many faces to follow; one is fastest.
        follow: False looks for faces anew in every picture.

    Raises:
        MissingExtraError: mediapipe is not installed.
    """

    def __init__(self, max_faces: int = 1, *, follow: bool = True) -> None:
        self._kind = ("mesh", max_faces, follow)
        self._mesh = _idle.take(
            self._kind,
            lambda: _solutions().face_mesh.FaceMesh(
                static_image_mode=not follow, max_num_faces=max_faces, refine_landmarks=True
            ),
        )
        self._settled = False

    def __enter__(self) -> FaceTracker:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        if kind is None:
            _idle.give_back(self._kind, self._mesh)
        else:
            self._mesh.close()

    def find(self, image: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Faces of one (H, W, 3) RGB picture: (F, 478, 2) pixels, x right and y down, pixel corners at integers."""
        with contextlib.nullcontext() if self._settled else _quiet_native_logs():
            found = self._mesh.process(image)
        self._settled = self._settled or bool(found.multi_face_landmarks)
        faces = found.multi_face_landmarks or []
        height, width = image.shape[:2]
        points = np.array([[value for p in face.landmark for value in (p.x, p.y)] for face in faces], np.float32)
        return points.reshape(-1, NUM_LANDMARKS, 2) * np.array([width, height], np.float32)


@dataclass(frozen=True)
class FoundFace:
    """A face that was found quickly and roughly.

    Attributes:
        width_px: as the landmarks' would be.
        score: 0..1, how sure.
        roll_rad: how far the line of the eyes is turned from the level, clockwise; 0 is upright.
    """

    width_px: float
    score: float
    roll_rad: float


class FaceFinder:
    """How wide the faces of a picture are, quickly and roughly.

    Raises:
        MissingExtraError: mediapipe is not installed.
    """

    def __init__(self) -> None:
        self._detector = _idle.take(("detector",), lambda: _solutions().face_detection.FaceDetection(model_selection=0))

    def __enter__(self) -> FaceFinder:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        if kind is None:
            _idle.give_back(("detector",), self._detector)
        else:
            self._detector.close()

    def faces(self, image: NDArray[np.uint8]) -> list[FoundFace]:
        """The faces of one (H, W, 3) RGB picture."""
        with _quiet_native_logs():
            found = self._detector.process(image).detections or []
        height, width = image.shape[:2]
        faces = []
        for one in found:
            place = one.location_data
            right, left = (np.array([p.x * width, p.y * height]) for p in list(place.relative_keypoints)[:2])
            across = left - right
            wide = _MESH_OVER_BOX * width * place.relative_bounding_box.width
            faces.append(FoundFace(wide, float(one.score[0]), float(np.arctan2(across[1], across[0]))))
        return faces


@dataclass(frozen=True)
class LandmarkerTask:
    """A checked Face Landmarker bundle.

    Attributes:
        path: where it came from.
        data: its bytes.
    """

    path: Path
    data: bytes

    @property
    def name(self) -> str:
        """What goes into a motion's provenance."""
        return f"face landmarker {self.path.name} sha256 {hashlib.sha256(self.data).hexdigest()[:16]}"


def read_task(path: Path) -> LandmarkerTask:
    """Read and check a Face Landmarker task file before MediaPipe's C++ sees it.

    Raises:
        ModelError: missing, too large, not a task file, or damaged.
    """
    accepted = "a Face Landmarker bundle (face_landmarker.task) is accepted"
    readable(path, accepted, ModelError, MAX_TASK_BYTES)
    try:
        with zipfile.ZipFile(path) as bundle:
            names = set(bundle.namelist())
            missing = [part for part in TASK_PARTS if part not in names]
            if missing:
                raise ModelError(f"{path}: holds no {' and no '.join(missing)}; {accepted}")
            if sum(info.file_size for info in bundle.infolist()) > MAX_TASK_BYTES:
                raise ModelError(f"{path}: unpacks to more than {MAX_TASK_BYTES >> 20} MB; {accepted}")
            damaged = bundle.testzip()
    except UNPACKING_ERRORS as error:
        reason = cut(printable(str(error)) or type(error).__name__)
        raise ModelError(f"{path}: not a task file, or cut short ({reason}); {accepted}") from None
    if damaged:
        raise ModelError(f"{path}: {damaged} in it is damaged; fetch the file again")
    return LandmarkerTask(path, path.read_bytes())


def try_first(task: LandmarkerTask, image: NDArray[np.uint8]) -> None:
    """Run a task file's models on a picture in a child process: MediaPipe crashes on some damaged ones.

    Raises:
        ModelError: they crash it, take too long, or cannot be used.
    """
    packed = io.BytesIO()
    np.savez(packed, task=np.frombuffer(task.data, np.uint8), image=image, path=np.array(str(task.path)))
    wrong = tried("talkingeyes.fit.landmarks:try_task", packed.getvalue(), TRIAL)
    if wrong:
        where = str(task.path)
        raise ModelError(wrong if wrong.startswith(where) else f"{where}: MediaPipe cannot use it ({wrong})")


def try_task(payload: bytes) -> str:
    """What is wrong with a task file: what the child of a trial does."""
    with np.load(io.BytesIO(payload)) as packed:
        task = LandmarkerTask(Path(str(packed["path"])), packed["task"].tobytes())
        image = packed["image"]
    try:
        with TaskTracker(task) as tracker:
            tracker.find(image)
    except ModelError as error:
        return str(error)
    return ""


class TaskTracker:
    """`FaceTracker` with the models of a Face Landmarker task file.

    Args:
        task: the checked bundle.
        max_faces: how many faces to follow.

    Raises:
        ModelError: MediaPipe cannot use the models in it.
        MissingExtraError: mediapipe is not installed.
    """

    def __init__(self, task: LandmarkerTask, max_faces: int = 1) -> None:
        _solutions()
        import mediapipe
        from mediapipe.tasks.python import BaseOptions, vision

        self._task, self._picture, self._clock_ms = task, mediapipe, 0
        options = vision.FaceLandmarkerOptions(
            base_options=BaseOptions(model_asset_buffer=task.data),
            running_mode=vision.RunningMode.VIDEO,
            num_faces=max_faces,
        )
        try:
            with _quiet_native_logs():
                self._landmarker = vision.FaceLandmarker.create_from_options(options)
        except (RuntimeError, ValueError) as error:
            raise self._unusable(error) from None

    def _unusable(self, error: Exception) -> ModelError:
        why = " ".join(str(error).split())[:200]
        return ModelError(f"{self._task.path}: MediaPipe cannot use it ({why})")

    def __enter__(self) -> TaskTracker:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        with contextlib.suppress(RuntimeError):  # a graph that failed says so again when it is closed
            self._landmarker.close()

    def find(self, image: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Faces of one (H, W, 3) RGB picture: (F, 478, 2), as `FaceTracker.find`."""
        shown = self._picture.Image(image_format=self._picture.ImageFormat.SRGB, data=np.ascontiguousarray(image))
        self._clock_ms += 40
        try:
            with _quiet_native_logs():
                faces = self._landmarker.detect_for_video(shown, self._clock_ms).face_landmarks
        except (RuntimeError, ValueError) as error:
            raise self._unusable(error) from None
        if any(len(face) != NUM_LANDMARKS for face in faces):
            raise ModelError(f"{self._task.path}: gives {len(faces[0])} landmarks per face; {NUM_LANDMARKS} are needed")
        points = np.array([[(p.x, p.y) for p in face] for face in faces], np.float32)
        height, width = image.shape[:2]
        return points.reshape(-1, NUM_LANDMARKS, 2) * np.array([width, height], np.float32)
