"""What the studio does, without a word of HTTP: a project, its takes, its avatar, its jobs, and who listens."""

from __future__ import annotations

import base64
import contextlib
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from talkingeyes.audio import encode_for_page, load_speech
from talkingeyes.audio.suffixes import RECORDINGS
from talkingeyes.errors import ConflictError, ProjectError, SettingError
from talkingeyes.files import sha256_of
from talkingeyes.formats.html import speech_data
from talkingeyes.generate.changes import ALL, changed_since
from talkingeyes.generate.request import MAX_SEED, resolve
from talkingeyes.studio.asked import only, rounded, stretch
from talkingeyes.studio.avatars import Avatars
from talkingeyes.studio.contents import AVATAR, options_of, read_entry
from talkingeyes.studio.deliveries import Deliveries
from talkingeyes.studio.exports import MOST_TAKES
from talkingeyes.studio.folders import inside_of
from talkingeyes.studio.frames import asked_stretch, packed_frames
from talkingeyes.studio.jobs import Job, Jobs
from talkingeyes.studio.planner import Planner
from talkingeyes.studio.previews import Previews, differing, refuse_new
from talkingeyes.studio.project import Project
from talkingeyes.studio.shelf import Shelf, channel_of
from talkingeyes.studio.sound_words import words_of
from talkingeyes.wording import quoted

MOST_NEW = 100
"""Takes of one wish for new ones, of each sound."""
_BROUGHT = {"face": ("mouth",), "glance_at": ("gaze", "head")}
"""Settings that stand for a file or for targets, and the channels that they move."""
_FIELDS = ("settings", "edits", "name", "starred", "seed")


class Studio:
    """One project that a page works on.

    Args:
        project: open.
        tell: is called from any thread with every event.
    """

    def __init__(self, project: Project, tell: Callable[[dict[str, Any]], None] = lambda _: None) -> None:
        self.project = project
        self.tell = tell
        self.jobs = Jobs(lambda event: self.tell(event))
        self.shelf = Shelf(project)
        self.avatars = Avatars(project, self._changing)
        self.planner = Planner(project, self.shelf, self.jobs)
        self.previews = Previews(project, self.shelf, self.avatars, self.planner)
        self.deliveries = Deliveries(project, self.shelf, self.avatars, self.jobs)
        self._lock = threading.RLock()
        self._files: dict[str, tuple[str, int, int, str]] = {}

    def stop(self) -> None:
        """End its jobs."""
        self.jobs.stop()

    @contextlib.contextmanager
    def _changing(self) -> Iterator[Project]:
        """The project as it is on the disk now; everybody hears of what was done."""
        with self._lock:
            self.project.refresh()
            before = self.project.revision
            yield self.project
            after = self.project.revision
        if after != before:
            self.tell({"type": "project", "revision": after})

    def refreshed(self) -> bool:
        """Read what other windows did; whether there was anything."""
        with self._lock:
            return self.project.refresh()

    # -- the project ---------------------------------------------------------------------------------------------------

    def shown(self) -> dict[str, Any]:
        """The project as the page reads it."""
        with self._lock:
            contents, history = self.project.contents, self.project.history
        whole = contents.to_json()
        sounds = {name: {**entry, **self._state_of(name, entry)} for name, entry in whole["sounds"].items()}
        steps = history.steps
        return {
            "folder": str(self.project.folder), "name": self.project.folder.resolve().name,
            "revision": contents.revision, "sounds": sounds, "takes": whole["takes"], "targets": whole["targets"],
            "settings": whole["settings"],
            "undo": steps[history.done - 1].what if history.done else None,
            "redo": steps[history.done].what if history.done < len(steps) else None,
        }  # fmt: skip

    def _state_of(self, sound: str, entry: Mapping[str, Any]) -> dict[str, Any]:
        heard = self.shelf.hears(sound)
        length = None if heard is None else round(heard.duration_s, 4)
        try:
            path = inside_of(self.project.folder, entry["path"], f"sound {sound}")
            stat = path.stat()
            seen = (entry["path"], stat.st_mtime_ns, stat.st_size)
            known = self._files.get(sound)
            if known is None or known[:3] != seen:
                known = self._files[sound] = (*seen, sha256_of(path) if path.is_file() else "")
        except FileNotFoundError:
            return {"status": "missing", "duration_s": length, "error": f"{entry['path']} is not there any more"}
        except (ProjectError, OSError) as error:
            said = getattr(error, "strerror", None) or str(error)
            return {"status": "unreadable", "duration_s": length, "error": said}
        if known[3] != entry["sha256"]:
            return {"status": "changed", "duration_s": length, "error": "is not the recording that was added"}
        return {"status": "ok", "duration_s": length}

    def add_sound(self, path: Path, name: str, channel: str | None) -> str:
        """A recording that was dropped; it is heard before it is taken in.

        Raises:
            AudioError: it cannot be read.
        """
        entry = read_entry("sounds", "s1", {"path": path.name, "sha256": "0" * 64, "channel": channel, "name": name})
        load_speech(path, channel=channel_of(entry))
        with self._changing() as project:
            sound = project.add_sound(path, channel=channel, name=name)
        self.shelf.speech(sound)
        return sound

    def scan(self) -> list[str]:
        """Take in the recordings that lie in the folder and are not in the project yet."""
        folder = self.project.folder
        found = []
        with self._changing() as project:
            known = {entry.path for entry in project.contents.sounds.values()}
            for path in sorted(folder.iterdir()):
                ordinary = path.suffix.lower() in RECORDINGS and path.is_file() and not path.is_symlink()
                if ordinary and not path.name.startswith(".") and path.name not in known:
                    found.append(project.add_sound(path))
        return found

    def change_sound(self, sound: str, fields: Mapping[str, Any]) -> None:
        """Name a sound, or choose its voice."""
        only(fields, ("name", "channel"))
        with self._changing() as project:
            project.change("sounds", sound, f"change {sound}", **fields)

    def remove(self, section: str, name: str) -> None:
        """Take out a sound with its takes, or a take."""
        with self._changing() as project:
            project.remove(section, name)

    def set_target(self, name: str, place: Any) -> None:
        """Name a place; None forgets it."""
        with self._changing() as project:
            project.set_target(name, place)

    def set_setting(self, name: str, value: Any) -> None:
        """What new takes begin with, or the avatar; None takes it out."""
        if name == AVATAR and value is not None:
            self.avatars.named(value)
        with self._changing() as project:
            project.set_setting(name, value)

    def step(self, way: int) -> dict[str, Any]:
        """Undo (-1) or redo (+1): what it was, and which takes show something else now."""
        with self._changing() as project:
            before = dict(project.contents.takes)
            what = project.undo() if way < 0 else project.redo()
            after = dict(project.contents.takes)
        moved = [t for t, entry in after.items() if t in before and entry != before[t]]
        found = {take: self._between(take, before[take].__dict__) for take in moved}
        return {"what": what, "changed": found}

    # -- takes ---------------------------------------------------------------------------------------------------------

    def add_takes(self, sounds: Sequence[str], count: Any, seed: Any, settings: Any) -> tuple[list[str], Job]:
        """New takes of sounds, and the job that plans them.

        Raises:
            SettingError: too many, or settings that are not accepted.
        """
        if not isinstance(count, int) or isinstance(count, bool) or not 1 <= count <= MOST_NEW:
            raise SettingError(f"count is {quoted(count)}; 1 to {MOST_NEW} is accepted")
        if seed is not None and (not isinstance(seed, int) or isinstance(seed, bool) or not 0 <= seed <= MAX_SEED):
            raise SettingError(f"seed is {quoted(seed)}; 0 to {MAX_SEED} is accepted")
        if not 1 <= len(sounds) <= MOST_TAKES or count * len(sounds) > MOST_TAKES:
            raise SettingError(f"{count} takes of {len(sounds)} sounds; {MOST_TAKES} in all are accepted")
        made: list[str] = []
        self.jobs.check_room()
        with self._changing() as project:
            for sound in sounds:
                own = [t.seed for t in project.contents.takes.values() if t.sound == sound]
                first = seed if seed is not None else max(own, default=-1) + 1
                made += [project.add_take(sound, first + i, settings) for i in range(count)]
        return made, self.planner.plan(made)

    def change_take(self, take: str, asked: Mapping[str, Any]) -> dict[str, Any]:
        """Change a take: the stretches that show something else, and its events.

        Raises:
            ConflictError: another window changed it.
            TalkingEyesError: what is asked for cannot be done; the take is as it was.
        """
        fields = {name: asked[name] for name in _FIELDS if name in asked}
        only(asked, (*_FIELDS, "what", "group", "revision"))
        what, group = str(asked.get("what", "change a take")), asked.get("group")
        self._entry(take)
        before = self.project.contents.takes[take].__dict__
        motion_changes = any(name in fields for name in ("settings", "edits", "seed"))
        wish = self._wish(take, fields)
        at_once = "edits" in fields or self.shelf.is_quick(take, wish)
        if motion_changes:  # what cannot be made is not saved
            self.shelf.options(take, wish)
            if at_once:
                refuse_new(self.shelf.take(take, wish), self._entry(take)["edits"])
            else:
                self.jobs.check_room()
        with self._changing() as project:
            entry = self._entry(take)
            if asked.get("revision") not in (None, entry["revision"]):
                raise ConflictError(f"take {quoted(take)} was changed in another window; look at it first")
            project.change("takes", take, what, group=str(group)[:100] if group is not None else None, **fields)
            revision = self._entry(take)["revision"]
        if not motion_changes:
            return {"changed_s": [], "events": None, "revision": revision}
        if not at_once:
            job = self.planner.again(take, lambda: self._take_back(take, revision, before))
            return {"changed_s": [], "events": None, "revision": revision, "job": job.id}
        self.planner.give_up(take)
        return {"changed_s": self._between(take, before), "events": self.events(take), "revision": revision}

    def _take_back(self, take: str, revision: int, before: Mapping[str, Any]) -> None:
        """A change that turned out to be impossible goes, unless somebody has changed the take since."""
        with self._changing() as project:
            entry, history = project.contents.entry("takes", take), project.history
            if entry is None or entry["revision"] != revision:
                return
            newest = history.steps[history.done - 1] if history.done else None
            if newest is not None and [change[:2] for change in newest.changes] == [("takes", take)]:
                project.undo()
            else:
                wish = {name: before[name] for name in ("settings", "edits", "seed")}
                project.change("takes", take, "take back a change", **wish)

    def preview(self, take: str, asked: Mapping[str, Any]) -> bytes:
        """The stretches that would change, with nothing saved; see `Previews.answer`."""
        only(asked, ("edits", "settings", "seed", "view"))
        self._entry(take)
        return self.previews.answer(take, self._wish(take, asked), stretch(asked.get("view")))

    def frames(self, take: str, from_s: Any, to_s: Any) -> bytes:
        """Frames of a take (`frames.packed_frames`)."""
        own = self.shelf.take(take)
        asked = asked_stretch(from_s, to_s, own)
        return packed_frames(own, [asked], self.avatars.character().page, {"revision": self._entry(take)["revision"]})

    def events(self, take: str) -> dict[str, Any]:
        """Gaze shifts and blinks, and what was changed since the take was made."""
        own, entry = self.shelf.take(take), self._entry(take)
        was, made_of = entry["made_with"], entry["settings"]
        made = resolve({name: value for name, value in options_of(was).items() if name not in _BROUGHT})
        meta = {"role": made.role, "character": made.character, "look": made.look, "amounts": made.amounts.changed}
        now = {"role": "speaking", "character": None, "look": None, **options_of(made_of)}
        now = {name: value for name, value in now.items() if name not in ("model", "fps", "sampling")}
        found = changed_since(meta, {**now, "edits": entry["edits"]})
        brought = [name for name in _BROUGHT if was.get(name) != made_of.get(name)]
        channels = {channel for change in found for channel in change.channels}
        channels.update(*(_BROUGHT[name] for name in brought))
        names = [*(change.name for change in found), *brought]
        return {**own.events(), "changed": names, "changed_channels": [c for c in ALL if c in channels]}

    def is_ready(self, take: str) -> bool:
        """Whether a take is planned."""
        self._entry(take)
        return self.shelf.is_planned(take)

    def _between(self, take: str, before: Mapping[str, Any]) -> list[list[float]]:
        """The stretches in which a take differs from what it was; all of it where one of the two is not planned."""
        wish = {name: before[name] for name in ("settings", "edits", "seed")}
        if self.shelf.is_quick(take) and self.shelf.is_quick(take, wish):
            return rounded(differing(self.shelf.take(take, wish), self.shelf.take(take)))
        self.planner.give_up(take)
        last = self.shelf.last(take)
        return [[0.0, last.take.duration_s]] if last is not None else []

    @staticmethod
    def _wish(take: str, asked: Mapping[str, Any]) -> dict[str, Any]:
        """What a take is asked to be instead, checked as it is when it is saved."""
        wish = {name: asked[name] for name in ("settings", "edits", "seed") if name in asked}
        if not isinstance(wish.get("edits", []), list) or not isinstance(wish.get("settings", {}), Mapping):
            raise SettingError("edits are a list, settings an object")
        read_entry("takes", take, {"sound": "s1", "seed": 0, **wish})
        return wish

    def _entry(self, take: str) -> dict[str, Any]:
        self.project.take(take)
        return self.project.contents.entry("takes", take)

    # -- sound ---------------------------------------------------------------------------------------------------------

    def speech(self, sound: str) -> dict[str, Any]:
        """Turns, pauses, words and waveform of a sound."""
        data, envelope = speech_data(self.shelf.speech(sound))
        words = words_of(self.project.folder, self.project.contents.sounds[sound])
        return {**data, **words, "peaks": base64.b64encode(envelope).decode()}

    def audio(self, sound: str) -> tuple[str, bytes]:
        """(MIME type, bytes) of the sound for a player."""
        return encode_for_page(self.project.sound_file(sound), channel=self.shelf.speech(sound).channel)
