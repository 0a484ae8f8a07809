"""Recordings that were heard and takes that were planned, as long as they are in use: the newest stay."""

from __future__ import annotations

import json
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from talkingeyes.audio import Speech, load_speech
from talkingeyes.generate.edits.read import edits_of
from talkingeyes.generate.planned import PlannedTake, planned
from talkingeyes.generate.takes import checked
from talkingeyes.studio.contents import Sound, options_of
from talkingeyes.studio.project import Project

Value = TypeVar("Value")
SPEECHES, PLANS, EDITED = 8, 24, 48
MOST_PLANNED_S = 3 * 3600.0
"""Seconds of takes that are kept planned, all together."""


@dataclass
class Newest(Generic[Value]):
    """Values by key; the newest stay, and each is made once however many ask at the same time."""

    most: int
    size: Callable[[Value], float] = lambda _: 0.0
    most_size: float = float("inf")
    values: OrderedDict[Hashable, Value] = field(default_factory=OrderedDict)
    making: dict[Hashable, threading.Lock] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def known(self, key: Hashable) -> Value | None:
        """What is there."""
        with self.lock:
            if key in self.values:
                self.values.move_to_end(key)
            return self.values.get(key)

    def made(self, key: Hashable, make: Callable[[], Value]) -> Value:
        """What is there, or is made now."""
        with self.lock:
            own = self.making.setdefault(key, threading.Lock())
        with own:
            try:
                value = self.known(key)
                if value is None:
                    value = make()
                    self._put(key, value)
                return value
            finally:
                with self.lock:
                    self.making.pop(key, None)

    def _put(self, key: Hashable, value: Value) -> None:
        with self.lock:
            self.values[key] = value
            while len(self.values) > 1 and (
                len(self.values) > self.most or sum(map(self.size, self.values.values())) > self.most_size
            ):
                self.values.popitem(last=False)


class Shelf:
    """What a project's takes need, made when it is asked for.

    Args:
        project: whose.
    """

    def __init__(self, project: Project) -> None:
        self._project = project
        self._speeches: Newest[Speech] = Newest(SPEECHES)
        self._plans: Newest[PlannedTake] = Newest(PLANS, lambda t: t.duration_s, MOST_PLANNED_S)
        self._edited: Newest[PlannedTake] = Newest(EDITED, lambda t: t.duration_s, MOST_PLANNED_S)

    def speech(self, sound: str) -> Speech:
        """Of a sound of the project.

        Raises:
            ProjectError: the file is gone or another one.
            AudioError: it cannot be read.
        """
        entry = self._project.contents.sounds.get(sound)
        key = None if entry is None else (entry.sha256, entry.channel)
        return self._speeches.made(key, lambda: load_speech(self._project.sound_file(sound), channel=channel_of(entry)))

    def hears(self, sound: str) -> Speech | None:
        """The same, where it was heard already."""
        entry = self._project.contents.sounds.get(sound)
        return None if entry is None else self._speeches.known((entry.sha256, entry.channel))

    def take(self, take: str, wish: Mapping[str, Any] | None = None) -> PlannedTake:
        """A take as it is, or as it would be with other settings, edits or seed.

        Args:
            take: its id.
            wish: of the fields ``settings``, ``edits``, ``seed``.

        Raises:
            TalkingEyesError: it cannot be made.
        """
        entry = {**self._project.take(take).__dict__, **(wish or {})}
        targets = dict(self._project.contents.targets) or None
        key = self._key(entry, targets)
        base = self._plans.made(key, lambda: self._planned(entry, targets))
        edits = list(entry["edits"])
        if not edits:
            return base
        return self._edited.made((key, json.dumps(edits, sort_keys=True)), lambda: base.edited(edits_of(edits)))

    def is_planned(self, take: str) -> bool:
        """Whether a take only has to be edited and rendered."""
        entry = self._project.take(take).__dict__
        return self._plans.known(self._key(entry, dict(self._project.contents.targets) or None)) is not None

    def _key(self, entry: Mapping[str, Any], targets: Mapping[str, Sequence[Any]] | None) -> Hashable:
        sound = self._project.contents.sounds[entry["sound"]]
        made_of = [sound.sha256, sound.channel, entry["seed"], dict(entry["settings"]), targets]
        return json.dumps(made_of, sort_keys=True)

    def _planned(self, entry: Mapping[str, Any], targets: Mapping[str, Sequence[Any]] | None) -> PlannedTake:
        options = checked({**options_of(entry["settings"]), "seed": entry["seed"], "targets": targets})
        return planned(self.speech(entry["sound"]), options, options.seed)


def channel_of(entry: Sound | None) -> str | int | None:
    """The voice of a sound, as `load_speech` takes it."""
    channel = None if entry is None else entry.channel
    return channel if channel in (None, "left", "right") else int(channel)
