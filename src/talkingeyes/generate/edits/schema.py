"""The JSON Schema of a file of edits, from the same table that reads it (docs/edits.schema.json)."""

from __future__ import annotations

from typing import Any

from talkingeyes.generate.edits.table import EVENT, FORMAT, KINDS, MAX_EDITS, VERSION, Field, Kind

DRAFT = "https://json-schema.org/draft/2020-12/schema"
_TYPES = {"number": "number", "whole": "integer", "text": "string"}


def schema() -> dict[str, Any]:
    """A schema of the whole document."""
    numbers = {"type": "array", "items": {"type": "number"}}
    place = {**numbers, "minItems": 3, "maxItems": 3, "description": "x, y, z in metres (docs/conventions.md)"}
    row = {**numbers, "minItems": 4, "maxItems": 4}
    track = {"type": "array", "items": row, "minItems": 1, "description": "rows of time, x, y, z; times rise"}
    return {
        "$schema": DRAFT,
        "title": "Edits of a TalkingEyes take",
        "type": "object",
        "required": ["format", "version", "edits"],
        "additionalProperties": False,
        "properties": {
            "format": {"const": FORMAT},
            "version": {"const": VERSION},
            "targets": {
                "type": "object",
                "propertyNames": {"pattern": "^[A-Za-z][A-Za-z0-9_-]{0,63}$"},
                "additionalProperties": {"oneOf": [place, track]},
            },
            "edits": {
                "type": "array",
                "maxItems": MAX_EDITS,
                "items": {"oneOf": [_kind(name, kind) for name, kind in KINDS.items()]},
            },
        },
    }


def _kind(name: str, kind: Kind) -> dict[str, Any]:
    properties = {"do": {"const": name}, **{key: _field(value) for key, value in kind.fields.items()}}
    required = ["do", *(key for key, value in kind.fields.items() if value.required)]
    out: dict[str, Any] = {
        "title": name,
        "description": kind.meaning,
        "type": "object",
        "required": required,
        "additionalProperties": False,
        "properties": properties,
    }
    either: list[dict[str, Any]] = [{"oneOf": [{"required": [key]} for key in EVENT]}] if kind.names_event else []
    if kind.names_place:
        angles = {"anyOf": [{"required": ["yaw_deg"]}, {"required": ["pitch_deg"]}]}
        either.append({"oneOf": [{"required": ["target"]}, angles]})
    return {**out, "allOf": either} if either else out


def _field(field: Field) -> dict[str, Any]:
    out: dict[str, Any] = {"type": _TYPES[field.kind], "description": field.meaning}
    if field.kind == "text":
        return {**out, "enum": list(field.choices)} if field.choices else {**out, "maxLength": 80}
    out |= {"minimum": field.low, "maximum": field.high}
    return out if field.default is None else {**out, "default": field.default}
