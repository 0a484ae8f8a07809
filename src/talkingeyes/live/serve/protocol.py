"""What clients send, checked at the edge: text messages by one table, sound as PCM with its voice in front."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.errors import SettingError
from talkingeyes.plain_json import parse_json
from talkingeyes.wording import cut, printable, quoted

VERSION = 1
VOICES = ("own", "other")
FORMATS = ("json", "msgpack")
DEFAULT_RATE_HZ = 16_000
RATES_HZ = (8_000, 192_000)
HEADER_BYTES = 2
"""In front of sound: the voice's number (0 own, 1 other) and a zero."""

_HUGE = 1e15
_NUMBER = {"type": "number"}
_AMOUNTS = {"type": "object", "additionalProperties": {"type": "number"}, "maxProperties": 32}


@dataclass(frozen=True)
class Entry:
    """A field of a message.

    Attributes:
        schema: its JSON Schema; ``type``, ``enum``, ``minimum``, ``maximum``, ``maxLength`` and what is below them.
        meaning: what it is for.
        required: whether the message needs it.
    """

    schema: Mapping[str, Any]
    meaning: str
    required: bool = False


_RATES = {
    "type": "object",
    "properties": {v: {"type": "integer", "minimum": RATES_HZ[0], "maximum": RATES_HZ[1]} for v in VOICES},
    "additionalProperties": False,
}
CLIENT: dict[str, tuple[str, dict[str, Entry]]] = {
    "hello": (
        "The first message: what the session is like, or the state that it goes on from.",
        {
            "version": Entry({"type": "integer", "enum": [VERSION]}, "version of this protocol", required=True),
            "token": Entry({"type": "string", "maxLength": 512}, "the server's token, where no header carries it"),
            "ticket": Entry({"type": "string", "maxLength": 512}, "of a session made by POST, in place of a token"),
            "id": Entry({"type": "string", "maxLength": 64}, "a name for the session; the server gives one otherwise"),
            "options": Entry({"type": "object"}, "what talkingeyes.Session takes, by name"),
            "state": Entry({"type": "object"}, "a state that a server sent, in place of options"),
            "rates_hz": Entry(_RATES, "samples per second of the sound of each voice; 16000"),
            "live": Entry(
                {"type": "array", "items": {"type": "string", "enum": list(VOICES)}, "maxItems": 2},
                'voices that come as they are spoken, as from a microphone; ["other"]. The others wait for their time',
            ),
            "format": Entry({"type": "string", "enum": list(FORMATS)}, "of the server's messages; json"),
            "state_every_s": Entry(
                {"type": "number", "minimum": 0, "maximum": 3600}, "send the state so often; 0: only when asked"
            ),
        },
    ),
    "look": (
        "The gaze goes to a direction in space.",
        {
            "yaw_deg": Entry(_NUMBER, "+ to the character's left", required=True),
            "pitch_deg": Entry(_NUMBER, "+ up", required=True),
            "hold_s": Entry({"type": "number", "minimum": 0, "maximum": 3600}, "how long; until release without it"),
        },
    ),
    "look_at": (
        "The gaze goes to the camera, or to a place.",
        {
            "target": Entry(
                {
                    "anyOf": [
                        {"type": "string", "maxLength": 64},
                        {"type": "array", "items": _NUMBER, "minItems": 3, "maxItems": 3},
                    ]
                },
                '"camera", or x, y, z in metres from the middle of the eyes',
                required=True,
            ),
            "hold_s": Entry({"type": "number", "minimum": 0, "maximum": 3600}, "how long; until release without it"),
        },
    ),
    "release": ("The gaze is free again.", {}),
    "interrupt": ("The own voice is cut off: what came and is not shown yet is dropped.", {}),
    "set": ("Other amounts from now on.", {"amounts": Entry(_AMOUNTS, "by name", required=True)}),
    "state": ("Ask for the state.", {}),
    "finish": ("No more sound comes: the rest is shown, then the session ends.", {}),
}
"""Type -> what it is for, and its fields."""


@dataclass(frozen=True)
class Message:
    """A checked text message of a client."""

    type: str
    fields: Mapping[str, Any] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Any:
        """A field; None where the client left it out."""
        return self.fields.get(name)


@dataclass(frozen=True, eq=False)
class Sound:
    """Sound of one voice.

    Attributes:
        voice: "own" or "other".
        samples: (n,) int16.
    """

    voice: str
    samples: NDArray[np.int16]


def parse_text(text: str) -> Message:
    """A text message.

    Raises:
        SettingError: it is no JSON object of a known type with known fields of the right kinds.
    """
    data = parse_json(text, "message", SettingError)
    kind = data.get("type") if isinstance(data, dict) else None
    if not isinstance(kind, str) or kind not in CLIENT:
        raise SettingError(f"message: type is {quoted(kind)}; {', '.join(CLIENT)} are accepted")
    known = CLIENT[kind][1]
    fields = {name: value for name, value in data.items() if name != "type" and value is not None}
    if unknown := sorted(fields.keys() - known.keys()):
        accepted = ", ".join(known) or "no field"
        raise SettingError(f"{kind}: {quoted(unknown[0])} is not known; {accepted} is accepted")
    for name, entry in known.items():
        if name in fields:
            check(fields[name], entry.schema, f"{kind}: {name}")
        elif entry.required:
            raise SettingError(f"{kind}: {name} is missing ({entry.meaning})")
    return Message(kind, fields)


def parse_sound(data: bytes, message_bytes: float) -> Sound:
    """A binary message.

    Raises:
        SettingError: it is empty, too long, for no voice or holds half a sample.
    """
    if len(data) > message_bytes:
        raise SettingError(f"sound: {len(data)} bytes in a message; {message_bytes:g} are accepted, send it in parts")
    if len(data) < HEADER_BYTES or data[0] >= len(VOICES) or data[1] != 0:
        start = data[:HEADER_BYTES].hex(" ") or "nothing"
        raise SettingError(f"sound: begins with {start}; 00 00 (own voice) or 01 00 (other voice) is accepted")
    if len(data) % 2:
        raise SettingError(f"sound: {len(data) - HEADER_BYTES} bytes of PCM; whole 16-bit samples are accepted")
    return Sound(VOICES[data[0]], np.frombuffer(data, "<i2", offset=HEADER_BYTES).astype(np.int16, copy=False))


def check(value: Any, schema: Mapping[str, Any], where: str) -> None:
    """Check a value of parsed JSON against the few words of JSON Schema that this protocol uses.

    Raises:
        SettingError: names the place, what came and what is accepted.
    """
    if "anyOf" in schema:
        if not any(_fits(value, option, where) for option in schema["anyOf"]):
            names = " or ".join(option["type"] for option in schema["anyOf"])
            raise SettingError(f"{where} is {quoted(value)}; {names} is accepted")
        return
    if not _is_a(value, schema["type"]):
        raise SettingError(f"{where} is {quoted(value)}; {schema['type']} is accepted")
    if "enum" in schema and value not in schema["enum"]:
        raise SettingError(f"{where} is {quoted(value)}; {', '.join(map(str, schema['enum']))} is accepted")
    low, high = schema.get("minimum", -math.inf), schema.get("maximum", math.inf)
    if schema["type"] in ("number", "integer") and not max(low, -_HUGE) <= value <= min(high, _HUGE):
        raise SettingError(f"{where} is {quoted(value)}; {low:g} to {high:g} is accepted")
    if isinstance(value, str) and len(value) > schema.get("maxLength", math.inf):
        raise SettingError(f"{where} has {len(value)} characters; {schema['maxLength']} are accepted")
    _check_inside(value, schema, where)


def _check_inside(value: Any, schema: Mapping[str, Any], where: str) -> None:
    if schema["type"] == "array":
        least, most = schema.get("minItems", 0), schema.get("maxItems", math.inf)
        if not least <= len(value) <= most:
            raise SettingError(f"{where} has {len(value)} values; {least:g} to {most:g} are accepted")
        for item in value:
            check(item, schema["items"], where)
    if schema["type"] == "object":
        properties, others = schema.get("properties", {}), schema.get("additionalProperties", True)
        if len(value) > schema.get("maxProperties", math.inf):
            raise SettingError(f"{where} has {len(value)} entries; {schema['maxProperties']} are accepted")
        for name, item in value.items():
            if name not in properties and others is False:
                raise SettingError(f"{where}: {quoted(name)} is not known; {', '.join(properties)} are accepted")
            rule = properties.get(name, others)
            if isinstance(rule, Mapping):
                check(item, rule, f"{where}.{cut(printable(name))}")


def _fits(value: Any, schema: Mapping[str, Any], where: str) -> bool:
    try:
        check(value, schema, where)
    except SettingError:
        return False
    return True


def _is_a(value: Any, kind: str) -> bool:
    if isinstance(value, bool):
        return kind == "boolean"
    kinds: dict[str, Any] = {"number": (int, float), "integer": int, "string": str, "object": dict, "array": list}
    return isinstance(value, kinds[kind])
