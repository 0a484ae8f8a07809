"""Edits from JSON or Python, checked: one that is not accepted is named by its number and field."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from talkingeyes.errors import EditDoesNotApplyError, EditsError, TargetError
from talkingeyes.files import readable
from talkingeyes.generate.amounts import Held
from talkingeyes.generate.edits.table import EVENT, FORMAT, KINDS, MAX_EDITS, PLACE, VERSION, Field, Kind, channel_of
from talkingeyes.generate.targets import Target, targets_of
from talkingeyes.plain_json import check_json, parse_json
from talkingeyes.wording import quoted

MAX_BYTES = 16 << 20


@dataclass(frozen=True)
class Edit:
    """One edit, checked.

    Attributes:
        do: its kind, one of `table.KINDS`.
        values: its fields, numbers as floats; what was left out and has no default is missing.
        index: its place in the list, from 0.
        count: edits in the list.
    """

    do: str
    values: Mapping[str, Any]
    index: int = 0
    count: int = 1

    @property
    def channel(self) -> str:
        """The channel that it changes: gaze, head, blinks or mouth."""
        return channel_of(self.do, self.values.get("channel"))

    def __getitem__(self, name: str) -> Any:
        return self.values[name]

    def get(self, name: str, default: Any = None) -> Any:
        """A field, or something in its place."""
        return self.values.get(name, default)

    def refused(self, message: str, field: str | None = None) -> EditsError:
        """The error that names this edit."""
        return refused(self.index, self.count, self.do, message, field)

    def missing(self, why: str, field: str | None = None) -> EditDoesNotApplyError:
        """The error of an edit that another take could follow; those that are lenient leave it out."""
        whole = refused(self.index, self.count, self.do, why, field)
        return EditDoesNotApplyError(str(whole), self.index, field, why)


@dataclass(frozen=True)
class Edits:
    """A list of edits and the targets that it brings.

    Attributes:
        edits: in order.
        targets: by name.
        document: what a motion's meta keeps: the list as it was given.
        lenient: an edit that does not apply to a take is left out of it, and named, instead of refused.
    """

    edits: tuple[Edit, ...] = ()
    targets: Mapping[str, Target] = field(default_factory=dict)
    document: Sequence[Mapping[str, Any]] = ()
    lenient: bool = False

    def __bool__(self) -> bool:
        return bool(self.edits)


def read_edits(path: str | Path) -> Edits:
    """Edits from a file.

    Raises:
        EditsError: no such file, no JSON, or an edit that is not accepted.
    """
    path = readable(path, "edits are a JSON file (docs/directing.md)", EditsError, MAX_BYTES)
    value = parse_json(path.read_bytes(), str(path), EditsError)
    try:
        return edits_of(value)
    except EditsError as error:
        raise EditsError(f"{path}: {error}", error.index, error.field) from None


def edits_of(given: Any) -> Edits:
    """Edits from a list of them, a whole document, a file's path, or edits that are read.

    Raises:
        EditsError: naming the edit, the field and what is accepted.
    """
    if given is None:
        return Edits()
    if isinstance(given, Edits):
        return given
    if isinstance(given, str | Path):
        return read_edits(given)
    targets: Mapping[str, Target] = {}
    if isinstance(given, Mapping):
        targets, given = _opened(given)
    if not isinstance(given, list | tuple):
        raise EditsError(f"edits are {quoted(given)}; a list of edits is accepted")
    if len(given) > MAX_EDITS:
        raise EditsError(f"{len(given)} edits; {MAX_EDITS} are accepted")
    check_json(list(given), "edits", EditsError)
    edits = tuple(_edit(value, i, len(given)) for i, value in enumerate(given))
    return Edits(edits, targets, json.loads(json.dumps(list(given))))


def check_held(edits: Edits, held: Held) -> None:
    """Refuse edits of what a take does not make itself: they would show nothing.

    Raises:
        EditsError: naming the edit.
    """
    for edit in edits.edits:
        if edit.channel in held.keep:
            raise edit.refused(f"changes the {edit.channel} and keep holds it; use one of them")
        if edit.channel == "mouth" and held.face != "generate":
            why = "none" if held.face == "none" else "another tool's, which stays untouched"
            raise edit.refused(f"is shown by the face, which is {why}")


def refused(index: int, count: int, do: str, message: str, field: str | None = None) -> EditsError:
    """An error that names one edit of a list."""
    which = f"edit {index + 1} of {count}" + (f" ({do})" if do else "")
    return EditsError(f"{which}: {message}", index, field)


def _opened(document: Mapping[str, Any]) -> tuple[Mapping[str, Target], Any]:
    """Targets and list of a whole document."""
    known = ("format", "version", "targets", "edits")
    strange = next((key for key in document if key not in known), None)
    if strange is not None:
        raise EditsError(f"edits have no {quoted(strange)}; {', '.join(known)} are accepted")
    if document.get("format") != FORMAT or type(document.get("version")) is not int:
        raise EditsError(f'edits are not marked as such; "format": "{FORMAT}", "version": {VERSION} is accepted')
    if document["version"] != VERSION:
        raise EditsError(f"edits of version {quoted(document['version'])}; this build reads {VERSION}")
    given = document.get("targets", {})
    if not isinstance(given, Mapping) or any(isinstance(what, str) for what in given.values()):
        raise EditsError("targets of edits are places [x, y, z] or rows [[time, x, y, z], ..] by name")
    try:
        return targets_of(given), document.get("edits")
    except TargetError as error:
        raise EditsError(str(error)) from None


def _edit(value: Any, index: int, count: int) -> Edit:
    if not isinstance(value, Mapping):
        raise refused(index, count, "", f"is {quoted(value)}; an object with the field do is accepted")
    do = value.get("do")
    if not isinstance(do, str) or do not in KINDS:
        raise refused(index, count, "", f"do is {quoted(do)}; {', '.join(KINDS)} are accepted", "do")
    kind = KINDS[do]
    strange = next((key for key in value if key != "do" and key not in kind.fields), None)
    if strange is not None:
        message = f"has no field {quoted(strange)}; {', '.join(kind.fields)} are accepted"
        raise refused(index, count, do, message, str(strange)[:80])
    values: dict[str, Any] = {}
    for name, spec in kind.fields.items():
        if name in value:
            values[name] = _value(value[name], spec, name, (index, count, do))
        elif spec.required:
            raise refused(index, count, do, f"{name} is missing ({spec.meaning})", name)
        elif spec.default is not None:
            values[name] = spec.default
    edit = Edit(do, values, index, count)
    _check_whole(edit, kind, value)
    return edit


def _value(value: Any, spec: Field, name: str, which: tuple[int, int, str]) -> Any:
    if spec.kind == "text":
        if isinstance(value, str) and len(value) <= 80 and (not spec.choices or value in spec.choices):
            return value
        accepted = " or ".join(spec.choices) if spec.choices else f"a text ({spec.meaning})"
        raise refused(*which, f"{name} is {quoted(value)}; {accepted} is accepted", name)
    number = isinstance(value, int if spec.kind == "whole" else int | float) and not isinstance(value, bool)
    if not number or not spec.low <= value <= spec.high:
        what = "a whole number from " if spec.kind == "whole" else ""
        accepted = f"{what}{spec.low:.15g} to {spec.high:.15g}"
        raise refused(*which, f"{name} is {quoted(value)}; {accepted} is accepted", name)
    return value if spec.kind == "whole" else float(value)


def _check_whole(edit: Edit, kind: Kind, given: Mapping[str, Any]) -> None:
    """What one field alone cannot tell."""
    if kind.names_event and sum(name in given for name in EVENT) != 1:
        raise edit.refused(f"names no {kind.names_event} or two; event or near_s is accepted", "event")
    if kind.names_place:
        angles = [name for name in PLACE if name != "target" and name in given]
        if ("target" in given) == bool({"yaw_deg", "pitch_deg"} & set(angles)):
            raise edit.refused("says no place or two; target, or yaw_deg and pitch_deg is accepted", "target")
        if "target" in given and angles:
            raise edit.refused(f"has {angles[0]} beside target; the target says it", angles[0])
    if "from_s" in edit.values and "to_s" in edit.values and not edit["from_s"] < edit["to_s"]:
        raise edit.refused(f"to_s is {edit['to_s']:g}; later than from_s ({edit['from_s']:g}) is accepted", "to_s")
    if edit.do == "offset":
        _check_offset(edit, given)


def _check_offset(edit: Edit, given: Mapping[str, Any]) -> None:
    fields = {"gaze": ("yaw_deg", "pitch_deg"), "head": ("yaw_deg", "pitch_deg", "roll_deg"), "lids": ("closure",)}
    own = fields[edit["channel"]]
    moves = [name for name in ("yaw_deg", "pitch_deg", "roll_deg", "closure") if name in given]
    wrong = next((name for name in moves if name not in own), None)
    if wrong is not None or not moves:
        what = f"has {wrong}" if wrong else "says no offset"
        raise edit.refused(f"{what}; {' or '.join(own)} is accepted for {edit['channel']}", wrong or own[0])
