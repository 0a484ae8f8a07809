"""`Motion`: the one currency between modules, with its checks, slicing, resampling and npz form."""

from __future__ import annotations

import functools
import html
import io
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes import rotations
from talkingeyes.errors import FormatError
from talkingeyes.npz import read_npz_arrays
from talkingeyes.plain_json import check_json, parse_json
from talkingeyes.rig import FACE_NAMES
from talkingeyes.wording import quoted

if TYPE_CHECKING:
    from pandas import DataFrame

    from talkingeyes.curves import Curves

FORMAT_VERSION = 1
MAX_FRAMES = 20_000_000
"""Frames accepted from a file: 46 hours at 120 fps."""
MAX_META_CHARACTERS = 4 << 20

_CHANNEL_SHAPES: dict[str, tuple[int | None, ...]] = {
    "head_rad": (3,),
    "eyes_rad": (2, 2),
    "lids": (2,),
    "face": (None,),
    "gaze_rad": (2,),
    "head_pos_m": (3,),
    "confidence": (None,),
    "filled": (None,),
    "lids_raw": (2,),
}
_CHANNEL_TYPES = {name: np.bool_ if name == "filled" else np.float32 for name in _CHANNEL_SHAPES}
_NO_CHANNELS: dict[str, None] = dict.fromkeys(_CHANNEL_SHAPES)
_UNIT_RANGE = ("lids", "face", "lids_raw", "confidence")
_MAX_ABS = 1e4
Array = NDArray[Any]


@functools.lru_cache(maxsize=64)
def _check_order(face_names: tuple[str, ...]) -> None:
    """Refuse names that are not ARKit's or not in Apple's order; what was accepted once is known."""
    order = {name: i for i, name in enumerate(FACE_NAMES)}
    unknown = [n for n in face_names if n not in order]
    if unknown:
        raise FormatError(
            f"face_names holds {quoted(unknown[0])}; ARKit names without eyeBlink* and eyeLook* are accepted"
        )
    positions = [order[n] for n in face_names]
    if positions != sorted(set(positions)):
        raise FormatError("face_names must be unique and in Apple's order")


@dataclass(frozen=True, eq=False)
class Motion:
    """Gaze, lids, head and face of one person over time (docs/conventions.md holds axes, signs and units).

    Attributes:
        fps: frames per second, constant; frame ``i`` shows time ``i / fps``.
        head_rad: (T, 3) float32 yaw, pitch, roll of the head in space.
        eyes_rad: (T, 2, 2) float32 [left, right] x [yaw, pitch], in the head, vergence included.
        lids: (T, 2) float32 [left, right] closure by blinking, 0 open at rest .. 1 closed.
        face: (T, K) float32 0..1 ARKit coefficients named by ``face_names`` (never eyeBlink*, eyeLook*).
        face_names: K names in Apple's order.
        gaze_rad: (T, 2) gaze in space, only where the head is unknown (eye trackers).
        head_pos_m: (T, 3) head position (video fits).
        confidence: (T, C) 0..1 per channel group, columns named in ``meta["confidence_columns"]``.
        filled: (T, C) bool, frames that were filled in, columns named in ``meta["filled_columns"]``.
        lids_raw: (T, 2) closure as seen, before the gaze part is taken out (fits).
        meta: JSON-ready provenance: generator, model, seed, source, role, partner.

    Raises:
        FormatError: on construction, when a shape, a type, a range or a NaN breaks the contract.
    """

    fps: float
    head_rad: NDArray[np.float32] | None = None
    eyes_rad: NDArray[np.float32] | None = None
    lids: NDArray[np.float32] | None = None
    face: NDArray[np.float32] | None = None
    face_names: tuple[str, ...] = ()
    gaze_rad: NDArray[np.float32] | None = None
    head_pos_m: NDArray[np.float32] | None = None
    confidence: NDArray[np.float32] | None = None
    filled: NDArray[np.bool_] | None = None
    lids_raw: NDArray[np.float32] | None = None
    meta: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Check the contract once, so that everything inside may trust it."""
        if not (math.isfinite(self.fps) and 1 <= self.fps <= 1000):
            raise FormatError(f"fps is {self.fps!r}; a number from 1 to 1000 is accepted")
        check_json(self.meta, "meta")
        object.__setattr__(self, "face_names", tuple(str(n) for n in self.face_names))
        with np.errstate(over="ignore"):  # what is too large for single precision is refused as infinite
            lengths = {name: self._checked(name) for name in _CHANNEL_SHAPES if getattr(self, name) is not None}
        if not lengths:
            raise FormatError("a motion needs at least one channel (head_rad, eyes_rad, lids, face or gaze_rad)")
        if len(set(lengths.values())) > 1:
            raise FormatError(f"channels differ in length: {lengths}")
        self._check_face_names()

    def _checked(self, name: str) -> int:
        raw = np.asarray(getattr(self, name))
        if raw.dtype.kind not in "fiub":
            raise FormatError(f"{name} holds {raw.dtype}, not numbers")
        array = np.ascontiguousarray(raw, dtype=_CHANNEL_TYPES[name])
        want = _CHANNEL_SHAPES[name]
        if array.shape[1:] != want and not (want == (None,) and array.ndim == 2):
            shape = ", ".join("*" if w is None else str(w) for w in want)
            raise FormatError(f"{name} has shape {raw.shape}; (T, {shape}) is accepted")
        if not 1 <= len(array) <= MAX_FRAMES:
            raise FormatError(f"{name} has {len(array)} frames; 1 to {MAX_FRAMES} are accepted")
        if array.dtype != np.bool_ and array.size:
            self._check_values(name, array)
        array.setflags(write=False)
        object.__setattr__(self, name, array)
        return len(array)

    @staticmethod
    def _check_values(name: str, array: NDArray[Any]) -> None:
        low = float(np.minimum.reduce(array, axis=None))  # NaN propagates through both
        high = float(np.maximum.reduce(array, axis=None))
        if not (math.isfinite(low) and math.isfinite(high)):
            frame = int(np.argwhere(~np.isfinite(array))[0][0])
            raise FormatError(f"{name} holds NaN or infinity (first in frame {frame})")
        if name in _UNIT_RANGE and (low < -1e-6 or high > 1 + 1e-6):
            raise FormatError(f"{name} ranges from {low:.4g} to {high:.4g}; 0 to 1 is accepted")
        if max(-low, high) > _MAX_ABS:
            raise FormatError(f"{name} reaches {max(-low, high):.4g}; radians and metres are expected")

    def _check_face_names(self) -> None:
        columns = 0 if self.face is None else self.face.shape[1]
        if columns != len(self.face_names):
            raise FormatError(f"face has {columns} columns but face_names names {len(self.face_names)}")
        _check_order(self.face_names)

    @classmethod
    def of_renderer(
        cls, fps: float, face_names: tuple[str, ...], meta: Mapping[str, Any], *, is_finite: bool = False,
        **channels: Array,
    ) -> Motion:  # fmt: skip
        """A motion of a part of this package that keeps ranges, shapes and names itself: only NaN is looked for.

        A live session makes thousands of these of a frame or two, where the whole check takes longer than the frames.
        ``is_finite``: that is known already.

        Raises:
            FormatError: NaN or infinity.
        """
        made = object.__new__(cls)
        fields = vars(made)
        fields.update(_NO_CHANNELS, fps=fps, face_names=face_names, meta=meta)
        for name, values in channels.items():
            array = np.ascontiguousarray(values, np.float32)
            if not (is_finite or math.isfinite(float(np.add.reduce(array, axis=None)))):
                made._check_values(name, array)
            array.flags.writeable = False
            fields[name] = array
        return made

    @property
    def num_frames(self) -> int:
        """T, the number of frames."""
        return next(len(c) for name in _CHANNEL_SHAPES if (c := getattr(self, name)) is not None)

    @property
    def duration_s(self) -> float:
        """Length in seconds, ``T / fps``."""
        return self.num_frames / self.fps

    @property
    def times_s(self) -> NDArray[np.float64]:
        """(T,) time of each frame."""
        return np.arange(self.num_frames) / self.fps

    @property
    def channels(self) -> dict[str, NDArray[Any]]:
        """The present channels by field name."""
        return {name: c for name in _CHANNEL_SHAPES if (c := getattr(self, name)) is not None}

    def __repr__(self) -> str:
        """One line: how long, which channels, made or read from what."""
        names = [n.removesuffix("_rad").removesuffix("_m") for n in self.channels]
        source = self.meta.get("source")
        of = source.get("name") if isinstance(source, dict) else None
        known = [f"{k} {self.meta[k]}" for k in ("model", "seed", "role") if k in self.meta]
        about = ", ".join([*([f"of {of}"] if of else []), *known])
        return f"Motion({self.duration_s:.2f} s, {self.num_frames} frames at {self.fps:g} fps: {', '.join(names)}" + (
            f"; {about})" if about else ")"
        )

    def coefficient(self, name: str) -> NDArray[np.float32]:
        """(T,) one face coefficient; zeros where the motion does not carry it."""
        if self.face is None or name not in self.face_names:
            return np.zeros(self.num_frames, np.float32)
        return self.face[:, self.face_names.index(name)]

    def gaze_in_space_rad(self) -> NDArray[np.float64]:
        """(T, 2) gaze in space, yaw and pitch, of the cyclopean eye: ``head @ eye``, or ``gaze_rad`` where that is all.

        The cyclopean eye direction is the mean of the two eyes' direction vectors. Without a head the head counts as
        straight ahead.
        """
        if self.eyes_rad is None:
            if self.gaze_rad is None:
                raise FormatError("this motion has no gaze: neither eyes_rad nor gaze_rad")
            return self.gaze_rad.astype(float)
        direction = rotations.direction_from_yaw_pitch(self.eyes_rad).mean(axis=1)
        if self.head_rad is not None:
            direction = np.einsum("tij,tj->ti", rotations.matrix_from_ypr(self.head_rad), direction)
        return rotations.yaw_pitch_from_direction(direction)

    def replace(self, **changes: Any) -> Motion:
        """A copy with some fields changed, checked again."""
        return replace(self, **changes)

    def __getitem__(self, seconds: slice) -> Motion:
        """``motion[1.5:4]``: the frames from 1.5 s up to 4 s; see `slice_s`."""
        if not isinstance(seconds, slice) or seconds.step is not None:
            raise TypeError("a motion is sliced by seconds: motion[1.5:4]")
        ends = [self.duration_s + t if t is not None and t < 0 else t for t in (seconds.start, seconds.stop)]
        return self.slice_s(0.0 if ends[0] is None else ends[0], self.duration_s if ends[1] is None else ends[1])

    def __add__(self, other: Motion) -> Motion:
        """One motion after the other: frame 0 of ``other`` follows the last frame of this one.

        The meta is this one's. Nothing is blended: where the two do not meet, there is a cut.

        Raises:
            FormatError: another frame rate (`resample` first), other channels or other face coefficients.
        """
        if not isinstance(other, Motion):
            return NotImplemented
        if abs(other.fps - self.fps) > 1e-9:
            raise FormatError(f"{self.fps:g} fps and {other.fps:g} fps cannot be joined; resample one of them first")
        if set(self.channels) != set(other.channels) or self.face_names != other.face_names:
            raise FormatError("motions with other channels or face coefficients cannot be joined")
        theirs = other.channels
        return self.replace(**{name: np.concatenate([c, theirs[name]]) for name, c in self.channels.items()})

    def plot(self, level: NDArray[Any] | None = None) -> Curves:
        """Curves of eyes, head, gaze, lids and mouth; a notebook shows them, ``.save("x.svg")`` writes them.

        Args:
            level: loudness over the same time, for example ``speech.loudness_db``; drawn above them.
        """
        from talkingeyes.curves import curves_of

        return curves_of(self, level)

    def _repr_html_(self) -> str:
        return f"<code>{html.escape(repr(self))}</code>{self.plot().svg}"

    def to_dataframe(self) -> DataFrame:
        """One row per frame: ``time_s``, angles in degrees by name, lids and coefficients 0 to 1.

        Raises:
            MissingExtraError: pandas is not installed.
        """
        from talkingeyes.curves import columns
        from talkingeyes.extras import require

        require("tables", "a data frame")
        import pandas as pd

        return pd.DataFrame(columns(self))

    def slice_s(self, start_s: float, end_s: float) -> Motion:
        """Frames from ``start_s`` up to ``end_s`` (at least one frame)."""
        first = min(max(0, round(start_s * self.fps)), self.num_frames - 1)
        last = min(max(first + 1, round(end_s * self.fps)), self.num_frames)
        return self.replace(**{name: c[first:last] for name, c in self.channels.items()})

    def resample(self, fps: float) -> Motion:
        """The same motion at another frame rate, linear between frames; flags take the nearest frame.

        For generated motion, rendering the plan at the wanted rate is sharper: a saccade that fell between two frames
        cannot be brought back here.
        """
        if fps == self.fps:
            return self
        count = max(1, math.ceil(self.num_frames * fps / self.fps - 1e-9))
        position = np.minimum(np.arange(count) * self.fps / fps, self.num_frames - 1)
        low = np.floor(position).astype(int)
        high = np.minimum(low + 1, self.num_frames - 1)
        weight = position - low
        changes: dict[str, Any] = {"fps": fps}
        for name, channel in self.channels.items():
            if channel.dtype == np.bool_:
                changes[name] = channel[np.round(position).astype(int)]
                continue
            w = weight.reshape(-1, *([1] * (channel.ndim - 1)))
            step = channel[high] - channel[low]
            if name == "head_rad":
                step = rotations.wrap_rad(step)
            changes[name] = channel[low] + w * step
        return self.replace(**changes)

    def save_npz(self, target: Path | io.BufferedIOBase) -> None:
        """Write the npz form; the same motion gives the same bytes."""
        arrays: dict[str, Any] = {
            "format_version": np.int64(FORMAT_VERSION),
            "fps": np.float64(self.fps),
            **self.channels,
            "meta": np.str_(json.dumps(self.meta, sort_keys=True, allow_nan=False)),
        }
        if self.face is not None:
            arrays["face_names"] = np.array(self.face_names, dtype="U32")
        np.savez_compressed(target, **arrays)  # type: ignore[arg-type]

    @classmethod
    def load_npz(cls, path: Path) -> Motion:
        """Read the npz form, checked; never unpickles.

        Raises:
            FormatError: the file is no npz, holds objects, lacks a key or breaks a channel's contract.
        """
        return cls.from_arrays(read_npz_arrays(Path(path)), Path(path).name)

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]], name: str) -> Motion:
        """A motion from the arrays of its npz form (`npz.read_npz_arrays`, `npz.npz_arrays`).

        Args:
            arrays: by npz key.
            name: what messages call the source.

        Raises:
            FormatError: a key is missing, of another version, or breaks a channel's contract.
        """
        version = arrays.get("format_version")
        if version is None or "fps" not in arrays:
            raise FormatError(f"{name}: not a TalkingEyes motion (no format_version or fps)")
        came = version.reshape(-1)[0].item() if version.size == 1 else version.shape
        if version.dtype.kind not in "iu" or came != FORMAT_VERSION:
            raise FormatError(f"{name}: format_version {quoted(came)}; this build reads {FORMAT_VERSION}")
        return cls(
            fps=_scalar(arrays["fps"], name),
            face_names=_parse_names(arrays["face_names"], name) if "face_names" in arrays else (),
            meta=_parse_meta(arrays["meta"], name) if "meta" in arrays else {},
            **{key: arrays[key] for key in _CHANNEL_SHAPES if key in arrays},
        )


def _scalar(value: NDArray[Any], name: str) -> float:
    if value.size != 1 or value.dtype.kind not in "fiu":
        raise FormatError(f"{name}: fps is not one number")
    return float(value.reshape(-1)[0])


def _parse_names(value: NDArray[Any], name: str) -> tuple[str, ...]:
    if value.dtype.kind != "U" or value.size > len(FACE_NAMES):
        raise FormatError(f"{name}: face_names is no list of at most {len(FACE_NAMES)} names")
    return tuple(str(n) for n in value.ravel())


def _parse_meta(value: NDArray[Any], name: str) -> dict[str, Any]:
    if value.size != 1 or value.dtype.kind != "U" or value.dtype.itemsize > 4 * MAX_META_CHARACTERS:
        raise FormatError(f"{name}: meta is no text of at most {MAX_META_CHARACTERS} characters")
    meta = parse_json(str(value.reshape(-1)[0]), f"{name}: meta")
    if not isinstance(meta, dict):
        raise FormatError(f"{name}: meta is {type(meta).__name__}, a JSON object is accepted")
    return meta
