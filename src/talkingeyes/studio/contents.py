"""What a project holds, as plain data: sounds by reference, takes as seed, settings and edits; strictly read.

One JSON file, so that one rename saves everything. Every entry carries the revision of its last change: two windows
that change different entries do not disturb each other, and two that change the same one notice.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import PurePosixPath
from typing import Any

from talkingeyes.errors import ProjectError, TalkingEyesError
from talkingeyes.generate.amounts import MOODS, RANGES
from talkingeyes.generate.edits.read import edits_of
from talkingeyes.generate.model_choice import MODELS
from talkingeyes.generate.request import FACES, MAX_SEED, resolve
from talkingeyes.generate.sampling import Sampling
from talkingeyes.generate.targets import targets_of
from talkingeyes.plain_json import check_json
from talkingeyes.wording import quoted

FORMAT, VERSION = "talkingeyes-project", 1
SECTIONS = ("sounds", "takes", "targets", "settings")
MAX_ENTRIES = 100_000
MAX_NAME = 200
SETTINGS = ("fps", "model", "role", "look", "character", "mood", "sampling", "face", "glance_at", *RANGES)
"""Settings of a take, as `talkingeyes.animate` calls them; a face track is a file in the project's folder."""
AVATAR = "avatar"
"""A setting of the project: a look of the built-in avatar, or a file in the project's folder."""
_ID = re.compile(r"[st][1-9][0-9]{0,8}")
_TARGET = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,63}")
_SHA = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Sound:
    """A recording of the project.

    Attributes:
        path: relative to the project's folder, with ``/``; never outside it.
        sha256: of the file as it was added.
        channel: one voice of it, as `talkingeyes.animate` takes it; None mixes them.
        name: for people.
        revision: of the last change.
    """

    path: str
    sha256: str
    channel: str | None = None
    name: str = ""
    revision: int = 0


@dataclass(frozen=True)
class Take:
    """A take: what it is made of, from which it can be made again to the byte.

    Attributes:
        sound: id of its recording.
        seed: of its motion.
        settings: of `SETTINGS`.
        edits: list of edits (docs/directing.md).
        name: for people.
        starred: whether somebody likes it.
        made_with: the settings that it began with, so that what was changed since can be told.
        revision: of the last change.
    """

    sound: str
    seed: int
    settings: Mapping[str, Any] = field(default_factory=dict)
    edits: tuple[Mapping[str, Any], ...] = ()
    name: str = ""
    starred: bool = False
    made_with: Mapping[str, Any] = field(default_factory=dict)
    revision: int = 0


@dataclass(frozen=True)
class Contents:
    """Everything but the history.

    Attributes:
        revision: counts changes; the newest is the largest.
        next_id: number of the next sound or take; none is used twice.
        sounds: by id.
        takes: by id, oldest first.
        targets: by name: [x, y, z] or rows of [time, x, y, z].
        settings: of the project: what new takes begin with.
    """

    revision: int = 0
    next_id: int = 1
    sounds: Mapping[str, Sound] = field(default_factory=dict)
    takes: Mapping[str, Take] = field(default_factory=dict)
    targets: Mapping[str, Any] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)

    def entry(self, section: str, name: str) -> Any:
        """An entry as plain data; None where there is none."""
        found = getattr(self, section).get(name)
        return _plain(found)

    def with_entry(self, section: str, name: str, value: Any) -> Contents:
        """The same with one entry changed, added or (None) taken out.

        Raises:
            ProjectError: the entry is not accepted.
        """
        entries = dict(getattr(self, section))
        if value is None:
            entries.pop(name, None)
        else:
            entries[name] = read_entry(section, name, value)
        return replace(self, **{section: entries})

    def to_json(self) -> dict[str, Any]:
        """As the file holds it."""
        return json.loads(json.dumps(asdict(self)))


def read_contents(value: Any) -> Contents:
    """Contents from the file's JSON.

    Raises:
        ProjectError: anything but what `Contents.to_json` writes.
    """
    known = {f.name for f in fields(Contents)}
    if not isinstance(value, Mapping) or set(value) != known:
        raise ProjectError(f"its contents are damaged; {', '.join(sorted(known))} are expected")
    contents = Contents(_count(value, "revision"), _count(value, "next_id"))
    for section in SECTIONS:
        entries = value[section]
        if not isinstance(entries, Mapping) or len(entries) > MAX_ENTRIES:
            raise ProjectError(f"its {section} are damaged; at most {MAX_ENTRIES} by name are expected")
        read = {name: read_entry(section, name, entry) for name, entry in entries.items()}
        contents = replace(contents, **{section: read})
    for name, take in contents.takes.items():
        if take.sound not in contents.sounds:
            raise ProjectError(f"take {name} is of the sound {quoted(take.sound)}, which is not there")
    return contents


def read_entry(section: str, name: str, value: Any) -> Any:
    """One entry, checked.

    Raises:
        ProjectError: naming it.
    """
    what = f"{section[:-1]} {quoted(name)}"
    accepted = _TARGET if section == "targets" else _ID
    if section != "settings" and not (isinstance(name, str) and accepted.fullmatch(name)):
        raise ProjectError(f"{what}: is no name that is accepted in {section}")
    check_json([value], what, ProjectError)
    if section == "sounds":
        return _sound(_fields(Sound, value, what), what)
    if section == "takes":
        return _take(_fields(Take, value, what), what)
    try:
        if section == "targets":
            if isinstance(value, str):
                raise ProjectError(f"{what}: is a text; [x, y, z] or rows of [time, x, y, z] are accepted")
            targets_of({name: value})
        elif name == AVATAR:
            inside(value, "avatar")
        else:
            _check_settings({name: value}, "setting")
    except ProjectError:
        raise
    except TalkingEyesError as error:
        raise ProjectError(f"{what}: {error}") from None
    return value


def inside(path: Any, what: str) -> str:
    """A path relative to the project's folder that stays in it.

    Raises:
        ProjectError: absolute, with ``..``, or no path.
    """
    wrong = not isinstance(path, str) or not path or len(path) > 1000 or "\\" in path or "\0" in path or ":" in path
    if wrong or PurePosixPath(path).is_absolute() or ".." in PurePosixPath(path).parts:
        raise ProjectError(f"{what}: the path {quoted(path)} leads out of the project's folder; one inside is accepted")
    return path


def _sound(values: dict[str, Any], what: str) -> Sound:
    inside(values["path"], what)
    if not isinstance(values["sha256"], str) or not _SHA.fullmatch(values["sha256"]):
        raise ProjectError(f"{what}: sha256 is {quoted(values['sha256'])}; 64 hexadecimal digits are accepted")
    channel = values["channel"]
    if channel is not None and (not isinstance(channel, str) or not re.fullmatch(r"left|right|[1-9]\d?", channel)):
        raise ProjectError(f"{what}: channel is {quoted(channel)}; left, right or a number is accepted")
    return Sound(**values)


def _take(values: dict[str, Any], what: str) -> Take:
    seed = values["seed"]
    if not isinstance(seed, int) or isinstance(seed, bool) or not 0 <= seed <= MAX_SEED:
        raise ProjectError(f"{what}: seed is {quoted(seed)}; 0 to {MAX_SEED} is accepted")
    if not isinstance(values["sound"], str) or not isinstance(values["starred"], bool):
        raise ProjectError(f"{what}: is damaged (sound or starred)")
    try:
        _check_settings(values["settings"], what)
        _check_settings(values["made_with"], what)
        values["edits"] = tuple(edits_of(list(values["edits"])).document)
    except ProjectError:
        raise
    except TalkingEyesError as error:
        raise ProjectError(f"{what}: {error}") from None
    except TypeError:
        raise ProjectError(f"{what}: edits are {quoted(values['edits'])}; a list is accepted") from None
    return Take(**values)


def _check_settings(settings: Any, what: str) -> None:
    if not isinstance(settings, Mapping):
        raise ProjectError(f"{what}: settings are {quoted(settings)}; an object is accepted")
    strange = next((name for name in settings if name not in SETTINGS), None)
    if strange is not None:
        raise ProjectError(f"{what}: there is no setting {quoted(strange)}; {', '.join(SETTINGS)} are accepted")
    if settings.get("model", "default") not in MODELS:
        raise ProjectError(f"{what}: model is {quoted(settings['model'])}; {', '.join(MODELS)} are accepted")
    if settings.get("mood") is not None and settings["mood"] not in tuple(MOODS):
        raise ProjectError(f"{what}: mood is {quoted(settings['mood'])}; {', '.join(MOODS)} are accepted")
    for name in ("look", "role", "character"):
        if not isinstance(settings.get(name), str | None):
            raise ProjectError(f"{what}: {name} is {quoted(settings[name])}; a text is accepted")
    alone = {name: value for name, value in settings.items() if name != "glance_at"}
    if settings.get("face") not in (None, *FACES):
        inside(alone.pop("face"), f"{what}: face")
    if settings.get("glance_at") is not None:
        _check_glances(settings["glance_at"], what)
    try:
        resolve(options_of(alone))
    except (TypeError, ValueError):
        raise ProjectError(f"{what}: its settings are not of the types that animate accepts") from None


def _check_glances(shares: Any, what: str) -> None:
    """Shares by a target's name; whether there is such a target is seen when the take is made."""
    known = isinstance(shares, Mapping) and all(isinstance(n, str) and _TARGET.fullmatch(n) for n in shares)
    if not known or not all(type(share) in (int, float) for share in shares.values()):
        raise ProjectError(f'{what}: glance_at is {quoted(shares)}; shares by target, {{"screen": 0.2}}, are accepted')


def options_of(settings: Mapping[str, Any]) -> dict[str, Any]:
    """The keywords of `talkingeyes.animate` that settings stand for."""
    options = {name: value for name, value in settings.items() if value is not None}
    if isinstance(options.get("sampling"), Mapping):
        options["sampling"] = Sampling(**options["sampling"])
    return options


def _fields(kind: type[Any], value: Any, what: str) -> dict[str, Any]:
    """The fields of an entry, defaults for those that are left out."""
    known = {f.name: f for f in fields(kind)}
    if not isinstance(value, Mapping) or not set(value) <= set(known):
        raise ProjectError(f"{what}: is damaged; {', '.join(known)} are accepted")
    try:
        whole = {f.name: value.get(f.name, getattr(kind(**value), f.name)) for f in known.values()}
    except TypeError:
        raise ProjectError(f"{what}: is damaged; it lacks a field of {', '.join(known)}") from None
    name = whole["name"]
    if not isinstance(name, str) or len(name) > MAX_NAME or not name.isprintable():
        raise ProjectError(f"{what}: name is {quoted(name)}; at most {MAX_NAME} printable signs are accepted")
    _count(whole, "revision")
    return whole


def _count(value: Mapping[str, Any], name: str) -> int:
    number = value[name]
    if not isinstance(number, int) or isinstance(number, bool) or not 0 <= number < 2**53:
        raise ProjectError(f"its {name} is {quoted(number)}; a count is expected")
    return number


def _plain(value: Any) -> Any:
    return json.loads(json.dumps(asdict(value) if isinstance(value, Sound | Take) else value))
