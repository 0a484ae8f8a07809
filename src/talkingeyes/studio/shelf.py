"""Recordings that were heard and takes that were planned, as long as they are in use: the newest stay."""

from __future__ import annotations

import json
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Generic, TypeVar

from talkingeyes.audio import Speech, load_speech
from talkingeyes.errors import ProjectError
from talkingeyes.generate.edits.read import Edits, edits_of
from talkingeyes.generate.planned import PlannedTake, planned
from talkingeyes.generate.rehearsal import WHOLE_S
from talkingeyes.generate.request import FACES, ResolvedRequest, resolve
from talkingeyes.generate.snapshots import Snapshots
from talkingeyes.generate.targets import targets_of, told
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
                    self.put(key, value)
                return value
            finally:
                with self.lock:
                    self.making.pop(key, None)

    def put(self, key: Hashable, value: Value) -> None:
        """Take in a value, the newest now."""
        with self.lock:
            self.values[key] = value
            self.values.move_to_end(key)
            while len(self.values) > 1 and (
                len(self.values) > self.most or sum(map(self.size, self.values.values())) > self.most_size
            ):
                self.values.popitem(last=False)


@dataclass(frozen=True)
class Last:
    """A take as it was planned last, without its edits, and the settings that it was planned with."""

    take: PlannedTake
    settings: Mapping[str, Any]


class Shelf:
    """What a project's takes need, made when it is asked for.

    Args:
        project: whose.
    """

    def __init__(self, project: Project) -> None:
        self._project = project
        self._speeches: Newest[Speech] = Newest(SPEECHES)
        self._plans: Newest[PlannedTake] = Newest(PLANS, lambda t: t.duration_s, MOST_PLANNED_S)
        self._last: Newest[Last] = Newest(SPEECHES, lambda last: last.take.duration_s, MOST_PLANNED_S)
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

    def take(
        self,
        take: str,
        wish: Mapping[str, Any] | None = None,
        progress: Callable[[float], None] | None = None,
    ) -> PlannedTake:
        """A take as it is, or as it would be with other settings, edits or seed.

        Args:
            take: its id.
            wish: of the fields ``settings``, ``edits``, ``seed``.
            progress: see `generate.planned.planned`.

        Raises:
            TalkingEyesError: it cannot be made.
        """
        entry = self._entry(take, wish)
        key = self._key(entry)
        base = self._targeted(key, self._plans.made(key, lambda: self._planned(entry, progress)))
        if wish is None:
            self._last.put(take, Last(base, entry["settings"]))
        edits = list(entry["edits"])
        if not edits:
            return base
        known = (key, json.dumps([edits, self._targets], sort_keys=True))
        return self._edited.made(known, lambda: base.edited(lenient(edits)))

    def _targeted(self, key: Hashable, base: PlannedTake) -> PlannedTake:
        """A plan with the targets as they are now, where it was made before they were."""
        now = targets_of(self._targets)
        if told(base.request.targets) == told(now):
            return base
        known = (key, json.dumps(self._targets, sort_keys=True))
        return self._edited.made(known, lambda: replace(base, request=replace(base.request, targets=now)))

    def last(self, take: str) -> Last | None:
        """A take as it was planned last, which may have been with other settings; None: it was not."""
        return self._last.known(take)

    def options(self, take: str, wish: Mapping[str, Any]) -> ResolvedRequest:
        """What makes a take as it would be, with its edits.

        Raises:
            TalkingEyesError: not accepted.
        """
        entry = self._entry(take, wish)
        return self._options(entry).with_edits(lenient(list(entry["edits"])))

    def is_planned(self, take: str, wish: Mapping[str, Any] | None = None) -> bool:
        """Whether a take only has to be edited and rendered."""
        return self._plans.known(self._key(self._entry(take, wish))) is not None

    def is_quick(self, take: str, wish: Mapping[str, Any] | None = None) -> bool:
        """Whether a take is planned, or will be within the time that somebody waits for an answer."""
        heard = self.hears(self._project.take(take).sound)
        return (heard is not None and heard.duration_s <= WHOLE_S) or self.is_planned(take, wish)

    def _entry(self, take: str, wish: Mapping[str, Any] | None) -> dict[str, Any]:
        return {**self._project.take(take).__dict__, **(wish or {})}

    @property
    def _targets(self) -> dict[str, Any] | None:
        return dict(self._project.contents.targets) or None

    def _key(self, entry: Mapping[str, Any]) -> Hashable:
        sound = self._project.contents.sounds[entry["sound"]]
        made_of: list[Any] = [sound.sha256, sound.channel, entry["seed"], dict(entry["settings"])]
        if any(entry["settings"].get(name) for name in ("glance_at", "look")):
            made_of.append(self._targets)  # edits alone look at them after the take is planned
        if (path := _face_path(entry["settings"])) is not None:
            made_of.append(self._seen(path))
        return json.dumps(made_of, sort_keys=True)

    def _seen(self, path: str) -> list[float]:
        """What tells whether a file of the project is still the one that was read."""
        try:
            stat = self._project.own_file(path, "face").stat()
        except (ProjectError, OSError):
            return []
        return [stat.st_mtime_ns, stat.st_size]

    def _options(self, entry: Mapping[str, Any]) -> ResolvedRequest:
        options = options_of(entry["settings"])
        if (path := _face_path(options)) is not None:
            options["face"] = self._project.own_file(path, "face")
        return resolve({**options, "seed": entry["seed"], "targets": self._targets})

    def _planned(self, entry: Mapping[str, Any], progress: Callable[[float], None] | None) -> PlannedTake:
        options = self._options(entry)
        heard = self.speech(entry["sound"])
        return planned(heard, options, options.seed, snapshots=Snapshots(), progress=progress)


def lenient(edits: Sequence[Any]) -> Edits:
    """Edits as a project keeps them: those that do not apply to the take as it is now stay, and show nothing."""
    return replace(edits_of(edits), lenient=True)


def _face_path(settings: Mapping[str, Any]) -> str | None:
    """The file that a take's face comes from, relative to the project; None where it is made or left out."""
    face = settings.get("face")
    return None if face is None or face in FACES else face


def channel_of(entry: Sound | None) -> str | int | None:
    """The voice of a sound, as `load_speech` takes it."""
    channel = None if entry is None else entry.channel
    return channel if channel in (None, "left", "right") else int(channel)
