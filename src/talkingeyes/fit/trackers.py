"""Which landmark trackers there are, and what a fit must know of each: the seam for another one.

A tracker finds faces and gives 478 points each in the numbering of MediaPipe's mesh (`landmarks` names eyes, irises and
lips); one that has other or fewer points puts them there and fills the rest in any steady way. Beside it stands what
is its own: which points are rigid, where those lie on a mean head, and by how much its heads turn too far.

To add one, write a module with a `TrackerKind` and name it in `_BUILT_IN`, or let another package bring it by an entry
point of the group ``talkingeyes.trackers``, named as ``--tracker`` should call it, that is a `TrackerKind`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import entry_points
from types import TracebackType
from typing import Any, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from talkingeyes.errors import SettingError
from talkingeyes.fit.landmarks import RIGID, TRACKER, FaceTracker, LandmarkerTask, TaskTracker
from talkingeyes.fit.prior import HeadPrior, head_prior

GROUP = "talkingeyes.trackers"
DEFAULT = "mesh"


class Tracker(Protocol):
    """Finds faces in the pictures of one film, in order."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None
    ) -> None: ...

    def find(self, image: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Faces of one (H, W, 3) RGB picture: (F, 478, 2) pixels, x right and y down, pixel corners at integers."""
        ...


@dataclass(frozen=True)
class TurnBias:
    """How a tracker's heads turn, against the truth.

    Attributes:
        yaw_gain: multiply its yaw by this.
        pitch_gain: and its pitch.
        share: yaw, pitch, roll: how much its pose counts beside the one from the skin.
    """

    yaw_gain: float
    pitch_gain: float
    share: tuple[float, float, float]


@dataclass(frozen=True)
class TrackerKind:
    """A tracker, and what a fit must know of it.

    Attributes:
        name: goes into a motion's provenance.
        open: a tracker of up to so many faces.
        bias: of its head poses.
        rigid: points that move little with the jaw, the lips and the lids; those that it does not really have are left
            out.
        prior: where its points lie on a mean head, and how heads differ.
        check: tries it on a picture before the work; None where nothing can be wrong.
    """

    name: str
    open: Callable[[int], Tracker]
    bias: TurnBias
    rigid: tuple[int, ...] = RIGID
    prior: Callable[[], HeadPrior] = head_prior
    check: Callable[[NDArray[np.uint8]], Any] | None = None

    def rigid_known(self) -> NDArray[np.int64]:
        """Rigid points whose place on the mean head is known."""
        known = self.prior().known
        return np.array([i for i in self.rigid if known[i]])


MEDIAPIPE_BIAS = TurnBias(yaw_gain=0.87, pitch_gain=1.18, share=(0.5, 0.25, 0.0))
"""MediaPipe's landmarks turn too far sideways and too little up and down: measured on 8 rendered heads with known pose
(gains 0.86 and 1.36; the second is taken by half, as it differed most between renderers)."""

MESH = TrackerKind(TRACKER, FaceTracker, MEDIAPIPE_BIAS)
_BUILT_IN: dict[str, str] = {DEFAULT: "talkingeyes.fit.trackers:MESH"}


def task_kind(task: LandmarkerTask) -> TrackerKind:
    """The models of a Face Landmarker task file; they are first run on a picture in a child process."""
    from talkingeyes.fit.landmarks import try_first

    return TrackerKind(
        task.name, lambda faces: TaskTracker(task, faces), MEDIAPIPE_BIAS, check=lambda image: try_first(task, image)
    )


def names() -> list[str]:
    """Trackers that can be chosen by name: built in, and brought by installed packages."""
    return sorted({*_BUILT_IN, *(point.name for point in entry_points(group=GROUP))})


def kind_of(name: str) -> TrackerKind:
    """The tracker of a name.

    Raises:
        SettingError: there is none, or the package that brings it is broken.
    """
    if name in _BUILT_IN:
        module, _, attribute = _BUILT_IN[name].partition(":")
        return getattr(import_module(module), attribute)
    found = [point for point in entry_points(group=GROUP) if point.name == name]
    if not found:
        raise SettingError(f"tracker {name!r}: {', '.join(names())} can be chosen")
    try:
        kind = found[0].load()
    except (ImportError, AttributeError) as error:
        raise SettingError(f"tracker {name!r}: its package cannot be loaded ({error})") from None
    if not isinstance(kind, TrackerKind):
        raise SettingError(f"tracker {name!r}: {found[0].value} is no TrackerKind")
    return kind
