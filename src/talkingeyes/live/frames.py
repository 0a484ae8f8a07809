"""One frame of motion on the wire, as JSON or MessagePack, and the hello that comes before it (docs/live.md).

A connection begins with one `Hello`: it names the weights once. Then one `Frame` follows another. Both directions are
here, so that our own readers and writers share the checks; angles are radians with the signs of docs/conventions.md.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NoReturn

import numpy as np

from talkingeyes.errors import FormatError
from talkingeyes.live.frame_rows import EYES, HEAD, LIDS, WEIGHTS, rows_of
from talkingeyes.motion import Motion
from talkingeyes.plain_json import parse_json
from talkingeyes.rig import ARKIT_NAMES
from talkingeyes.wording import quoted

PROTOCOL = "talkingeyes.frames"
VERSION = 1
FORMS = ("json", "msgpack")
MAX_MESSAGE_BYTES = 1 << 16
"""A frame has about 700 bytes; larger messages are refused before they are read."""
MAX_ID_CHARACTERS = 128
MAX_FRAME = 2**53 - 1
"""JavaScript's largest whole number."""

_WIDEST_RAD = 3.2


@dataclass(frozen=True)
class Hello:
    """The first message of a connection.

    Attributes:
        session: the session's id.
        fps: frames per second of audio time.
        names: what the weights of every frame are called, in order.
        latency_s: from sound to the frame that shows it, per channel.
    """

    session: str
    fps: float
    names: tuple[str, ...] = ARKIT_NAMES
    latency_s: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Frame:
    """One frame.

    Attributes:
        session: the session's id.
        number: the frame's number since the session began.
        time_s: the audio time that it belongs to, ``number / fps`` to 6 digits.
        head_rad: yaw, pitch, roll.
        eyes_rad: left yaw, left pitch, right yaw, right pitch, in the head.
        lids: closure by blinking, left and right, 0 open .. 1 closed.
        weights: the values of the hello's names, 0..1; eyeBlink* are the lids, eyeLook* the eyes.
        role: "speaking" or "listening"; empty where it is not known.
    """

    session: str
    number: int
    time_s: float
    head_rad: tuple[float, ...]
    eyes_rad: tuple[float, ...]
    lids: tuple[float, ...]
    weights: tuple[float, ...]
    role: str = ""


def frames_of(motion: Motion, session: str = "") -> list[Frame]:
    """The frames of what a session gave out, numbered from ``meta["start_frame"]`` (0 where there is none).

    Absent channels are 0; angles are held to `rig.LIMITS`.
    """
    first, role = int(motion.meta.get("start_frame", 0)), _role_of(motion)
    frames = []
    for number, row in enumerate(rows_of([motion])[0], first):
        head, eyes, lids, weights = (tuple(row[part]) for part in (HEAD, EYES, LIDS, WEIGHTS))
        frames.append(Frame(session, number, round(number / motion.fps, 6), head, eyes, lids, weights, role))
    return frames


def encoded(motion: Motion, rows: Sequence[list[float]], session: str, form: str) -> list[str | bytes]:
    """The frames of a motion for the wire, from their `rows_of`: what `encode` makes of `frames_of`, at less cost."""
    first, role, out = int(motion.meta.get("start_frame", 0)), _role_of(motion), []
    for number, row in enumerate(rows, first):
        parts = [row[part] for part in (HEAD, EYES, LIDS, WEIGHTS)]
        out.append(_packed(_frame_data(session, number, round(number / motion.fps, 6), parts, role), form))
    return out


def _role_of(motion: Motion) -> str:
    return role if (role := motion.meta.get("role")) in ("speaking", "listening") else ""


def as_data(message: Hello | Frame) -> dict[str, Any]:
    """The message as plain data, the form that the JSON Schema describes (`schema`)."""
    if isinstance(message, Hello):
        return {
            "type": "hello", "protocol": PROTOCOL, "version": VERSION, "session": message.session, "fps": message.fps,
            "names": list(message.names), "latency_s": dict(message.latency_s),
        }  # fmt: skip
    parts = [list(part) for part in (message.head_rad, message.eyes_rad, message.lids, message.weights)]
    return _frame_data(message.session, message.number, message.time_s, parts, message.role)


def _frame_data(session: str, number: int, time_s: float, parts: list[list[float]], role: str) -> dict[str, Any]:
    head_rad, eyes_rad, lids, weights = parts
    data = {
        "type": "frame", "version": VERSION, "session": session, "frame": number, "time_s": time_s,
        "head_rad": head_rad, "eyes_rad": eyes_rad, "lids": lids, "weights": weights,
    }  # fmt: skip
    return {**data, "role": role} if role else data


def encode(message: Hello | Frame, form: str = "json") -> str | bytes:
    """A message for the wire: text for ``"json"``, bytes for ``"msgpack"`` (floats of a frame in single precision)."""
    return _packed(as_data(message), form)


def _packed(data: dict[str, Any], form: str) -> str | bytes:
    if form == "json":
        return json.dumps(data, separators=(",", ":"), allow_nan=False)
    assert form == "msgpack", form
    import msgpack

    if "time_s" in data:  # hours of seconds need more than single precision: as whole microseconds
        data["time_us"] = round(data.pop("time_s") * 1e6)
    packed = msgpack.packb(data, use_single_float=data["type"] == "frame")
    assert packed is not None
    return packed


def decode(data: str | bytes) -> Hello | Frame:
    """Read a message back: text is JSON, bytes are MessagePack.

    Raises:
        FormatError: too large, neither of the two, of another version, or a value that is missing, of a wrong type or
            length, not finite or out of range; names the field.
    """
    if len(data) > MAX_MESSAGE_BYTES:
        _refuse(f"has {len(data)} bytes; up to {MAX_MESSAGE_BYTES} are accepted")
    value = parse_json(data, "message") if isinstance(data, str) else _unpacked(data)
    if not isinstance(value, dict):
        _refuse(f"is {quoted(value)}; an object is accepted")
    if value.get("version") != VERSION or isinstance(value.get("version"), bool):
        _refuse(f"has the version {quoted(value.get('version'))}; this build reads {VERSION}")
    kind = value.get("type")
    if kind == "hello":
        return _hello(value)
    if kind == "frame":
        return _frame(value)
    raise FormatError(f"message has the type {quoted(kind)}; hello or frame is accepted")


def _unpacked(data: bytes) -> Any:
    import msgpack

    most = {"max_str_len": 1024, "max_bin_len": 0, "max_array_len": 1024, "max_map_len": 64, "max_ext_len": 0}
    try:
        return msgpack.unpackb(data, raw=False, strict_map_key=True, **most)
    except (ValueError, msgpack.exceptions.UnpackException, UnicodeDecodeError, RecursionError) as error:
        _refuse(f"is no MessagePack that is accepted ({type(error).__name__})")


def _hello(value: Mapping[str, Any]) -> Hello:
    if value.get("protocol") != PROTOCOL:
        _refuse(f"has the protocol {quoted(value.get('protocol'))}; {PROTOCOL} is accepted")
    names = value.get("names")
    if not isinstance(names, list) or not 1 <= len(names) <= 256 or not all(_is_short(name) for name in names):
        _refuse("has no list of 1 to 256 names")
    latency = value.get("latency_s", {})
    if not isinstance(latency, dict) or len(latency) > 16:
        _refuse("has a latency_s that is no object of at most 16 numbers")
    seconds = {str(name): _number(one, "latency_s", 0, 60) for name, one in latency.items()}
    return Hello(_session(value), _number(value.get("fps"), "fps", 1, 1000), tuple(names), seconds)


def _frame(value: Mapping[str, Any]) -> Frame:
    number = value.get("frame")
    if not isinstance(number, int) or isinstance(number, bool) or not 0 <= number <= MAX_FRAME:
        _refuse(f"has the frame {quoted(number)}; a whole number from 0 is accepted")
    micros = value.get("time_us")
    time_s = value.get("time_s") if micros is None else _number(micros, "time_us", 0, 1e18) / 1e6
    role = value.get("role", "")
    if role not in ("", "speaking", "listening"):
        _refuse(f"has the role {quoted(role)}; speaking or listening is accepted")
    return Frame(
        _session(value),
        number,
        _number(time_s, "time_s", 0, 1e12),
        _numbers(value.get("head_rad"), "head_rad", 3, _WIDEST_RAD),
        _numbers(value.get("eyes_rad"), "eyes_rad", 4, _WIDEST_RAD),
        _numbers(value.get("lids"), "lids", 2),
        _numbers(value.get("weights"), "weights", None),
        role,
    )


def _session(value: Mapping[str, Any]) -> str:
    session = value.get("session")
    if not isinstance(session, str) or not _is_short(session):
        _refuse(f"has the session {quoted(session)}; a text of up to {MAX_ID_CHARACTERS} characters is accepted")
    return session


def _is_short(text: Any) -> bool:
    return isinstance(text, str) and len(text) <= MAX_ID_CHARACTERS


def _number(value: Any, name: str, low: float, high: float) -> float:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not math.isfinite(value) or not low <= value <= high:
        _refuse(f"has {name} {quoted(value)}; a number from {low:g} to {high:g} is accepted")
    return float(value)


def _numbers(values: Any, name: str, count: int | None, widest: float | None = None) -> tuple[float, ...]:
    if not isinstance(values, list) or (len(values) != count if count is not None else len(values) > 256):
        _refuse(f"has {name} {quoted(values)}; {'up to 256' if count is None else count} numbers are accepted")
    low, high = (0.0, 1.0 + 1e-6) if widest is None else (-widest, widest)
    return tuple(_number(value, name, low, high) for value in values)


def _refuse(what: str) -> NoReturn:
    raise FormatError(f"message {what}")


def schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of both messages as JSON; MessagePack has ``time_us`` in place of ``time_s``."""
    text = {"type": "string", "maxLength": MAX_ID_CHARACTERS}
    hello = {
        "type": {"const": "hello"}, "protocol": {"const": PROTOCOL}, "version": {"const": VERSION}, "session": text,
        "fps": {"type": "number", "minimum": 1, "maximum": 1000},
        "names": {"type": "array", "items": text, "minItems": 1, "maxItems": 256},
        "latency_s": {"type": "object", "additionalProperties": {"type": "number", "minimum": 0}},
    }  # fmt: skip
    frame = {
        "type": {"const": "frame"}, "version": {"const": VERSION}, "session": text,
        "frame": {"type": "integer", "minimum": 0, "maximum": MAX_FRAME},
        "time_s": {"type": "number", "minimum": 0, "description": "audio time, frame / fps"},
        "time_us": {"type": "integer", "minimum": 0, "description": "in MessagePack, in place of time_s"},
        "head_rad": _list_of(3, -_WIDEST_RAD, _WIDEST_RAD, "yaw + left, pitch + up, roll + lifts the left side"),
        "eyes_rad": _list_of(4, -_WIDEST_RAD, _WIDEST_RAD, "left yaw, left pitch, right yaw, right pitch, in the head"),
        "lids": _list_of(2, 0, 1, "closure by blinking, left and right"),
        "weights": {"type": "array", "items": {"type": "number", "minimum": 0, "maximum": 1}, "maxItems": 256},
        "role": {"enum": ["speaking", "listening"]},
    }  # fmt: skip
    needed = ["type", "version", "session", "frame", "head_rad", "eyes_rad", "lids", "weights"]
    timed = {"oneOf": [{"required": ["time_s"]}, {"required": ["time_us"]}]}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": PROTOCOL,
        "oneOf": [
            {"type": "object", "properties": hello, "required": [name for name in hello if name != "latency_s"]},
            {"type": "object", "properties": frame, "required": needed, **timed},
        ],
    }


def _list_of(count: int, low: float, high: float, description: str) -> dict[str, Any]:
    item = {"type": "number", "minimum": low, "maximum": high}
    return {"type": "array", "items": item, "minItems": count, "maxItems": count, "description": description}


def concatenated(parts: Sequence[Motion]) -> Motion:
    """One motion of the consecutive parts that a session gave out, from frame 0 or the first part's on.

    Raises:
        FormatError: no part, a part that does not follow the one before it, or parts with other channels.
    """
    if not parts:
        raise FormatError("there is no motion to join: no frame was due")
    at = int(parts[0].meta.get("start_frame", 0))
    for part in parts:
        if int(part.meta.get("start_frame", at)) != at or part.fps != parts[0].fps:
            raise FormatError(f"a part begins at frame {part.meta.get('start_frame')}; frame {at} is next")
        if set(part.channels) != set(parts[0].channels) or part.face_names != parts[0].face_names:
            raise FormatError("parts hold other channels than the first one")
        at += part.num_frames
    joined = {name: np.concatenate([part.channels[name] for part in parts]) for name in parts[0].channels}
    return parts[0].replace(**joined)
