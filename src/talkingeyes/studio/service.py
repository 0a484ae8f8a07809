"""What the studio does, without a word of HTTP: a project, its takes, its avatar, its jobs, and who listens."""

from __future__ import annotations

import base64
import contextlib
import math
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from talkingeyes.audio import encode_for_page, load_speech
from talkingeyes.avatar.looks import DEFAULT_LOOK, LOOKS, avatar_bytes
from talkingeyes.avatar.losses import losses
from talkingeyes.errors import ConflictError, ProjectError, SettingError, TalkingEyesError
from talkingeyes.files import sha256_of
from talkingeyes.formats.html import rig_data, speech_data
from talkingeyes.formats.html_avatar import PageAvatar
from talkingeyes.generate.changes import ALL, changed_since
from talkingeyes.generate.planned import PlannedTake, changed
from talkingeyes.generate.takes import MAX_SEED
from talkingeyes.studio.contents import AVATAR, options_of, read_entry
from talkingeyes.studio.exports import MOST_TAKES, Preset, export, file_name, losses_of, preset_of, suffixes_of
from talkingeyes.studio.frames import asked_stretch, packed_frames, within
from talkingeyes.studio.jobs import Job, Jobs
from talkingeyes.studio.project import FILE, Project
from talkingeyes.studio.shelf import Newest, Shelf
from talkingeyes.wording import quoted

EXPORTS, AVATARS = "exports", "avatars"
MOST_NEW = 100
"""Takes of one wish for new ones, of each sound."""
RECORDINGS = frozenset((
    ".wav", ".flac", ".mp3", ".m4a", ".aac", ".ogg", ".oga", ".opus", ".aif", ".aiff", ".caf", ".wma", ".webm", ".mp4",
    ".mov", ".mkv", ".avi", ".m4v", ".mpg", ".mpeg", ".3gp", ".amr", ".au",
))  # fmt: skip
_FIELDS = ("settings", "edits", "name", "starred", "seed")


@dataclass(frozen=True)
class Character:
    """The avatar of the project: a look of the built-in one, or a file."""

    look: str
    path: Path | None
    page: PageAvatar | None


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
        self._lock = threading.RLock()
        self._files: dict[str, tuple[float, int, str]] = {}
        self._characters: Newest[Character] = Newest(2)
        self._exports: dict[str, list[Path]] = {}
        self._planning: dict[str, Job] = {}

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
        path = self.project.folder / entry["path"]
        try:
            stat = path.stat()
        except OSError:
            return {"status": "missing", "duration_s": length, "error": f"{entry['path']} is not there any more"}
        known = self._files.get(sound)
        if known is None or known[:2] != (stat.st_mtime, stat.st_size):
            known = (stat.st_mtime, stat.st_size, sha256_of(path) if path.is_file() else "")
            self._files[sound] = known
        if known[2] != entry["sha256"]:
            return {"status": "changed", "duration_s": length, "error": "is not the recording that was added"}
        return {"status": "ok", "duration_s": length}

    def add_sound(self, path: Path, name: str, channel: str | None) -> str:
        """A recording that was dropped; it is heard before it is taken in.

        Raises:
            AudioError: it cannot be read.
        """
        load_speech(path, channel=int(channel) if channel and channel.isdigit() else channel)
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
        self._only(fields, ("name", "channel"))
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
            self._character_of(value)
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
        with self._changing() as project:
            for sound in sounds:
                own = [t.seed for t in project.contents.takes.values() if t.sound == sound]
                first = seed if seed is not None else max(own, default=-1) + 1
                made += [project.add_take(sound, first + i, settings) for i in range(count)]
        job = self.plan(made)
        self._planning |= dict.fromkeys(made, job)
        return made, job

    def plan(self, takes: Sequence[str]) -> Job:
        """Plan takes in a job; a take that cannot be planned fails it, after the others."""

        def work(_job: Job, step: Callable[[], None]) -> dict[str, Any]:
            failed = []
            for take in takes:
                if take in self.project.contents.takes:
                    try:
                        self.shelf.take(take)
                    except TalkingEyesError as error:
                        failed.append(f"{take}: {error}")
                step()
            if failed:
                raise SettingError("; ".join(failed[:3]))
            return {"takes": list(takes)}

        return self.jobs.start(f"plan {len(takes)} take{'s' if len(takes) > 1 else ''}", len(takes), work)

    def planning(self, take: str) -> Job:
        """The job that plans a take: one that runs already, or a new one."""
        with self._lock:
            job = self._planning.get(take)
            if job is None or job.ended.is_set():
                job = self._planning[take] = self.plan([take])
        return job

    def change_take(self, take: str, asked: Mapping[str, Any]) -> dict[str, Any]:
        """Change a take: the stretches that show something else, and its events.

        Raises:
            ConflictError: another window changed it.
            TalkingEyesError: what is asked for cannot be done; the take is as it was.
        """
        fields = {name: asked[name] for name in _FIELDS if name in asked}
        self._only(asked, (*_FIELDS, "what", "group", "revision"))
        what, group = str(asked.get("what", "change a take")), asked.get("group")
        self._entry(take)
        before = self.project.contents.takes[take].__dict__
        motion_changes = any(name in fields for name in ("settings", "edits", "seed"))
        if motion_changes:  # what cannot be made is not saved
            self.shelf.take(take, self._wish(take, fields))
        with self._changing() as project:
            entry = self._entry(take)
            if asked.get("revision") not in (None, entry["revision"]):
                raise ConflictError(f"take {quoted(take)} was changed in another window; look at it first")
            project.change("takes", take, what, group=str(group)[:100] if group is not None else None, **fields)
        if not motion_changes:
            return {"changed_s": [], "events": None}
        return {"changed_s": self._between(take, before), "events": self.events(take)}

    def preview(self, take: str, asked: Mapping[str, Any]) -> bytes:
        """The stretches that would change, with nothing saved (`frames.packed_frames`)."""
        self._only(asked, ("edits", "settings", "seed", "view"))
        self._entry(take)
        now, then = self.shelf.take(take), self.shelf.take(take, self._wish(take, asked))
        differs = _differs(now, then)
        seen = within(differs, _view(asked.get("view")))
        more = {"changed_s": _rounded(differs), "events": then.events(), "revision": self._entry(take)["revision"]}
        return packed_frames(then, seen, self.character().page, more)

    def frames(self, take: str, from_s: Any, to_s: Any) -> bytes:
        """Frames of a take (`frames.packed_frames`)."""
        own = self.shelf.take(take)
        stretch = asked_stretch(from_s, to_s, own)
        return packed_frames(own, [stretch], self.character().page, {"revision": self._entry(take)["revision"]})

    def events(self, take: str) -> dict[str, Any]:
        """Gaze shifts and blinks, and what differs from how new takes of this project are made."""
        own = self.shelf.take(take)
        entry = self._entry(take)
        request = {**options_of(entry["settings"]), "edits": entry["edits"]}
        meta = {"seed": entry["seed"]}
        found = changed_since(meta, {k: v for k, v in request.items() if k != "model"})
        channels = {channel for change in found for channel in change.channels}
        names = [change.name for change in found]
        return {**own.events(), "changed": names, "changed_channels": [c for c in ALL if c in channels]}

    def is_ready(self, take: str) -> bool:
        """Whether a take is planned."""
        self._entry(take)
        return self.shelf.is_planned(take)

    def _between(self, take: str, before: Mapping[str, Any]) -> list[list[float]]:
        """The stretches in which a take differs from what it was."""
        wish = {name: before[name] for name in ("settings", "edits", "seed")}
        return _rounded(_differs(self.shelf.take(take, wish), self.shelf.take(take)))

    @staticmethod
    def _wish(take: str, asked: Mapping[str, Any]) -> dict[str, Any]:
        """What a take is asked to be instead, checked as it is when it is saved."""
        wish = {name: asked[name] for name in ("settings", "edits", "seed") if name in asked}
        if not isinstance(wish.get("edits", []), list) or not isinstance(wish.get("settings", {}), Mapping):
            raise SettingError("edits are a list, settings an object")
        read_entry("takes", take, {"sound": "s1", "seed": 0, **wish})
        return wish

    def _entry(self, take: str) -> dict[str, Any]:
        entry = self.project.contents.entry("takes", take)
        if entry is None:
            raise ProjectError(f"there is no take {quoted(take)}")
        return entry

    @staticmethod
    def _only(asked: Mapping[str, Any], names: Sequence[str]) -> None:
        strange = next((name for name in asked if name not in names), None)
        if strange is not None:
            raise SettingError(f"there is no field {quoted(strange)}; {', '.join(names)} are accepted")

    # -- sound ---------------------------------------------------------------------------------------------------------

    def speech(self, sound: str) -> dict[str, Any]:
        """Turns, pauses and waveform of a sound."""
        data, envelope = speech_data(self.shelf.speech(sound))
        return {**data, "words": [], "peaks": base64.b64encode(envelope).decode()}

    def audio(self, sound: str) -> tuple[str, bytes]:
        """(MIME type, bytes) of the sound for a player."""
        return encode_for_page(self.project.sound_file(sound), channel=self.shelf.speech(sound).channel)

    # -- avatar --------------------------------------------------------------------------------------------------------

    def character(self) -> Character:
        """The project's avatar; the built-in one where its file is gone."""
        with contextlib.suppress(TalkingEyesError):
            return self._character_of(self.project.contents.settings.get(AVATAR, DEFAULT_LOOK))
        return Character(DEFAULT_LOOK, None, None)

    def _character_of(self, value: Any) -> Character:
        if value in LOOKS:
            return Character(value, None, None)
        path = self.project.avatar_file(value)
        stat = path.stat()
        key = (str(path), stat.st_mtime, stat.st_size)
        return self._characters.made(key, lambda: Character(DEFAULT_LOOK, path, PageAvatar.of(path, None)))

    def described_avatar(self) -> dict[str, Any]:
        """What the page needs to show it."""
        own = self.character()
        rig: dict[str, Any] = rig_data()
        if own.page is None or own.path is None:
            return {"look": own.look, "rig": rig, "losses": []}
        lost = [f"{loss.part}: {loss.why}" for loss in losses(own.page.rig)]
        return {"name": own.path.name, "rig": {**rig, "avatar": own.page.data}, "losses": lost}

    def avatar_content(self, look: str | None = None) -> bytes:
        """The avatar's file, or that of a look."""
        if look is not None:
            if look not in LOOKS:
                raise SettingError(f"look is {quoted(look)}; {', '.join(LOOKS)} are accepted")
            return avatar_bytes(look)
        own = self.character()
        return own.page.content if own.page is not None else avatar_bytes(own.look)

    def add_avatar(self, path: Path, name: str) -> dict[str, Any]:
        """A character that was dropped; it is opened before it is taken in.

        Raises:
            FormatError: it cannot be animated.
        """
        PageAvatar.of(path, None)
        suffix = Path(name).suffix.lower()
        folder = self.project.folder / AVATARS
        folder.mkdir(exist_ok=True)
        target = folder / f"{file_name(Path(name).stem)}-{sha256_of(path)[:8]}{suffix}"
        path.replace(target)
        with self._changing() as project:
            project.set_setting(AVATAR, f"{AVATARS}/{target.name}")
        return self.described_avatar()

    # -- export --------------------------------------------------------------------------------------------------------

    def export_takes(self, asked: Mapping[str, Any]) -> Job:
        """Begin to write takes.

        Raises:
            SettingError: a preset, format, range or take that is not accepted.
        """
        self._only(asked, ("takes", "preset", "format", "fps", "range"))
        takes, fps = asked.get("takes"), asked.get("fps")
        if not isinstance(takes, list) or not 1 <= len(takes) <= MOST_TAKES:
            raise SettingError(f"takes are {quoted(takes)}; a list of 1 to {MOST_TAKES} is accepted")
        preset = preset_of(asked.get("preset", "data"))
        suffixes = suffixes_of(preset, asked.get("format"))
        range_s = _view(asked.get("range"), "range")
        entries = [self._entry(take) for take in takes]
        names: list[str] = []
        for take, entry in zip(takes, entries, strict=True):
            sound = self.project.contents.sounds[entry["sound"]]
            names.append(file_name(f"{Path(sound.name).stem}-{entry['name'] or take}", names))
        return self.jobs.start(
            f"export {len(takes)} take{'s' if len(takes) > 1 else ''}", len(takes) * len(suffixes),
            lambda job, step: self._write(job, list(zip(takes, names, strict=True)), suffixes, range_s, fps, step),
        )  # fmt: skip

    def _write(
        self, job: Job, takes: Sequence[tuple[str, str]], suffixes: Sequence[str],
        range_s: tuple[float, float] | None, fps: Any, step: Callable[[], None],
    ) -> dict[str, Any]:  # fmt: skip
        folder = self._export_folder()
        own = self.character()
        made: list[Path] = []
        told: list[str] = []
        self._exports[job.id] = made
        for take, name in takes:
            entry = self._entry(take)
            settings = {**entry["settings"], **({"fps": fps} if fps is not None else {})}
            planned = self.shelf.take(take, self._wish(take, {"settings": settings}))
            sound = self.project.sound_file(entry["sound"])
            files, notes = export(
                planned, sound, suffixes, folder / name, avatar=own.path, look=own.look, range_s=range_s, step=step
            )
            made += files
            told += notes
        return {
            "files": [{"name": path.name, "bytes": path.stat().st_size} for path in made],
            "folder": folder.relative_to(self.project.folder).as_posix(), "losses": told,
        }  # fmt: skip

    def _export_folder(self) -> Path:
        """A new folder in the project: exports/1, exports/2, ..."""
        root = self.project.folder / EXPORTS
        root.mkdir(exist_ok=True)
        for number in range(1, 1_000_000):
            with contextlib.suppress(FileExistsError):
                (root / str(number)).mkdir()
                return root / str(number)
        raise ProjectError(f"{EXPORTS} holds too many folders; remove some")

    def exported(self, job: str, name: str) -> Path | None:
        """A file that a job made."""
        return next((path for path in self._exports.get(job, ()) if path.name == name and path.is_file()), None)

    def losses_before(self, preset: Preset) -> list[str]:
        """What an export will lose."""
        own = self.character()
        return losses_of(preset, own.path, own.look)


def is_project(folder: Path) -> bool:
    """Whether a folder holds a project."""
    return (folder / FILE).is_file()


def opened(path: Path) -> Project:
    """The project of a folder or a file; made where there is none.

    Args:
        path: a project's folder, its project.json, a folder of recordings, or a recording: its project lies beside it.

    Raises:
        ProjectError, OutputError: it is damaged, or cannot be made.
    """
    if path.name == FILE and path.is_file():
        return Project.open(path.parent)
    if path.is_file():
        open_folder = path.with_name(f"{path.stem}-studio")
        project = Project.open(open_folder) if is_project(open_folder) else Project.create(open_folder)
        if sha256_of(path) not in {entry.sha256 for entry in project.contents.sounds.values()}:
            project.add_sound(path)
        return project
    if is_project(path):
        return Project.open(path)
    return Project.create(path)


def _differs(one: PlannedTake, two: PlannedTake) -> list[tuple[float, float]]:
    """The stretches in which two takes of one recording differ; all of it where they have other frame rates."""
    if one is two:
        return []
    if one.fps != two.fps or one.speech is not two.speech:
        return [(0.0, two.duration_s)]
    return changed(one.now.plan, two.now.plan, two.duration_s)


def _rounded(stretches: Sequence[tuple[float, float]]) -> list[list[float]]:
    return [[math.floor(a * 1000) / 1000, math.ceil(b * 1000) / 1000] for a, b in stretches]


def _view(value: Any, name: str = "view") -> tuple[float, float] | None:
    if value is None:
        return None
    numbers = isinstance(value, list) and len(value) == 2 and all(type(v) in (int, float) for v in value)
    if not numbers or not (all(map(math.isfinite, value)) and 0 <= value[0] <= value[1]):
        raise SettingError(f"{name} is {quoted(value)}; [from, to] in seconds is accepted")
    return float(value[0]), float(value[1])
