"""What was asked of a take and what is asked now: which amounts and settings differ, and which channels they move."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from talkingeyes.errors import SettingError
from talkingeyes.generate.amounts import CHANNEL_OF, RANGES, Amounts, amounts_of
from talkingeyes.generate.sampling import Sampling

ALL = ("gaze", "head", "blinks", "mouth")
SETTINGS: Mapping[str, tuple[Any, tuple[str, ...]]] = {
    "seed": (0, ALL),
    "role": ("speaking", ALL),
    "character": (None, ALL),
    "look": (None, ("gaze", "head")),
}
"""What a take's meta tells beside amounts: the value where it is not told, and the channels that it moves."""


@dataclass(frozen=True)
class Change:
    """One setting that differs.

    Attributes:
        name: of the amount or setting.
        was: what the take was made with.
        now: what is asked for.
        channels: that it changes, in the words of ``--keep``.
    """

    name: str
    was: Any
    now: Any
    channels: tuple[str, ...]


def changed_since(meta: Mapping[str, Any], request: Mapping[str, Any]) -> list[Change]:
    """What a request differs in from the take that a motion's meta tells of.

    Args:
        meta: of a generated motion.
        request: keywords of `talkingeyes.animate`: amounts by name or as ``amounts`` or ``mood``, seed, role,
            character, look, sampling, edits. Amounts that are left out are asked for as they are by default;
            other settings that are left out are not compared.

    Returns:
        The changes, amounts first.

    Raises:
        SettingError: an amount is out of range or given twice.
    """
    was, now = _amounts_of_meta(meta), _amounts_of_request(request)
    found = [
        Change(name, getattr(was, name), getattr(now, name), (CHANNEL_OF[name],))
        for name in RANGES
        if getattr(was, name) != getattr(now, name)
    ]
    for name, (default, channels) in SETTINGS.items():
        if name in request and request[name] != meta.get(name, default):
            found.append(Change(name, meta.get(name, default), request[name], channels))
    sampling = request.get("sampling")
    if sampling is not None:
        drawn = Sampling(**meta.get("sampling", {}))
        if drawn != sampling:
            found.append(Change("sampling", drawn, sampling, ("gaze", "head")))
    if "edits" in request:
        found += _edits(meta, request["edits"])
    return found


def _amounts_of_meta(meta: Mapping[str, Any]) -> Amounts:
    told = meta.get("amounts", {})
    return Amounts(**{name: told[name] for name in RANGES if name in told}) if isinstance(told, Mapping) else Amounts()


def _amounts_of_request(request: Mapping[str, Any]) -> Amounts:
    given = {name: request[name] for name in RANGES if name in request}
    whole = request.get("amounts")
    if whole is not None and (given or request.get("mood") is not None):
        raise SettingError("amounts are given as one and by name or mood; use one of the two ways")
    return whole if whole is not None else amounts_of(given, request.get("mood"))


def _edits(meta: Mapping[str, Any], given: Any) -> list[Change]:
    from talkingeyes.generate.edits.read import edits_of

    told = meta.get("edits", {})
    was = edits_of(told.get("edits", []) if isinstance(told, Mapping) else [])
    now = edits_of(given)
    if list(was.document) == list(now.document):
        return []
    fresh = [edit for edit in (*was.edits, *now.edits) if dict(edit.values, do=edit.do) not in _both(was, now)]
    channels = {edit.channel for edit in fresh or now.edits}
    if "gaze" in channels:
        channels.add("head")
    return [Change("edits", list(was.document), list(now.document), tuple(c for c in ALL if c in channels))]


def _both(was: Any, now: Any) -> list[dict[str, Any]]:
    """Edits that are in both lists."""
    own = [dict(edit.values, do=edit.do) for edit in was.edits]
    return [row for edit in now.edits if (row := dict(edit.values, do=edit.do)) in own]
