"""The protocol as an AsyncAPI document and as tables, from the same entries that messages are checked by."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any

from talkingeyes import __version__
from talkingeyes.live.frames import schema as frame_schema
from talkingeyes.live.serve.limits import Limits
from talkingeyes.live.serve.protocol import CLIENT, FORMATS, VERSION, Entry

_TEXT = (
    "Sound of one or two voices goes in, frames of gaze, blinks, head and face come out, while the voices still speak. "
    "The first message is hello; the server answers with accept. Text messages are JSON objects with a type. Sound is "
    "binary: the voice's number (0 own, 1 other), a zero, then 16-bit little-endian PCM, mono. Frames come as JSON "
    "texts, or as MessagePack in binary messages, whichever hello asked for; everything else the server says is JSON."
)
_TAKEN = {"type": "object", "properties": {"own": {"type": "integer"}, "other": {"type": "integer"}}}


def _frame_entries() -> dict[str, Entry]:
    """The fields of `talkingeyes.live.frames`."""
    described = frame_schema()["oneOf"][1]
    return {
        name: Entry(kind, kind.get("description", name), name in described["required"])
        for name, kind in described["properties"].items()
        if name != "type"
    }


SERVER: dict[str, tuple[str, dict[str, Entry]]] = {
    "accept": (
        "The session runs.",
        {
            "version": Entry({"const": VERSION}, "of this protocol", required=True),
            "session": Entry({"type": "string"}, "its name", required=True),
            "instance": Entry({"type": "string"}, "the server process that runs it", required=True),
            "format": Entry({"type": "string", "enum": list(FORMATS)}, "of the frames", required=True),
            "fps": Entry({"type": "number"}, "frames per second", required=True),
            "names": Entry({"type": "array"}, "what the weights of every frame are called", required=True),
            "latency_s": Entry({"type": "object"}, "from sound to frame, by channel", required=True),
            "frame": Entry({"type": "integer"}, "number of the next frame", required=True),
            "taken": Entry(_TAKEN, "samples that the state held already: send those after it again", required=True),
            "limits": Entry({"type": "object"}, "of this server", required=True),
        },
    ),
    "frame": (
        "A frame that is due, k of audio time k / fps. Radians: yaw + to the character's left, pitch + up.",
        _frame_entries(),
    ),
    "state": (
        "What a session needs to go on anywhere: as hello's state, on this server or another.",
        {
            "state": Entry({"type": "object"}, "give it back as it is", required=True),
            "frame": Entry({"type": "integer"}, "number of the next frame", required=True),
            "taken": Entry(_TAKEN, "samples that it holds", required=True),
            "reason": Entry({"type": "string"}, "why it comes unasked, where the connection ends after it"),
        },
    ),
    "error": (
        "A message was refused; the session goes on.",
        {"message": Entry({"type": "string"}, "one line: what came, what is accepted", required=True)},
    ),
    "finished": (
        "All frames up to the last sample are out; the connection closes.",
        {"frames": Entry({"type": "integer"}, "how many there were", required=True)},
    ),
}
"""Type -> what it is for, and its fields."""

_Rows = list[tuple[str, dict[str, Any], str, bool]]


def asyncapi(limits: Limits) -> dict[str, Any]:
    """The AsyncAPI 3 document of ``/v1/sessions``, with the limits of a server."""
    messages = {}
    for side, table in (("client", CLIENT), ("server", SERVER)):
        for name, (summary, entries) in table.items():
            messages[f"{side}_{name}"] = {"name": name, "summary": summary, "payload": _payload(name, entries)}
    messages["client_sound"] = {
        "name": "sound",
        "summary": "Two bytes of header, then 16-bit little-endian PCM, mono, at the rate that hello named.",
        "contentType": "application/octet-stream",
        "payload": {"type": "string", "format": "binary", "maxLength": int(limits.message_bytes)},
    }
    references = {name: {"$ref": f"#/components/messages/{name}"} for name in messages}
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "TalkingEyes live", "version": __version__, "description": _TEXT},
        "defaultContentType": "application/json",
        "channels": {"sessions": {"address": "/v1/sessions", "messages": references}},
        "operations": {
            "receive": _operation("receive", [name for name in messages if name.startswith("client_")]),
            "send": _operation("send", [name for name in messages if name.startswith("server_")]),
        },
        "components": {"messages": messages},
        "x-limits": dataclasses.asdict(limits),
    }


def message_tables() -> Iterator[tuple[str, list[tuple[str, str, _Rows]]]]:
    """For people: each side's messages with their fields."""
    for title, table in (("The client says", CLIENT), ("The server says", SERVER)):
        yield (
            title,
            [
                (name, summary, [(n, dict(e.schema), e.meaning, e.required) for n, e in entries.items()])
                for name, (summary, entries) in table.items()
            ],
        )


def _operation(action: str, names: list[str]) -> dict[str, Any]:
    channel = "#/channels/sessions"
    return {
        "action": action,
        "channel": {"$ref": channel},
        "messages": [{"$ref": f"{channel}/messages/{name}"} for name in names],
    }


def _payload(name: str, entries: Mapping[str, Entry]) -> dict[str, Any]:
    properties = {n: {**entry.schema, "description": entry.meaning} for n, entry in entries.items()}
    required = ["type", *(n for n, entry in entries.items() if entry.required)]
    return {"type": "object", "properties": {"type": {"const": name}, **properties}, "required": required}
