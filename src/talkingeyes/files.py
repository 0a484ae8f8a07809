"""Input files that are ordinary and of a sane size; output files that are whole or not there."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import stat
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from talkingeyes.errors import FormatError, OutputError, TalkingEyesError

try:
    import fcntl
except ImportError:  # Windows: no sweeping, and two builds of one set are not kept apart
    fcntl = None  # type: ignore[assignment]

_ASIDE = ".talkingeyes-"
_ASIDE_NAME = re.compile(r"\.talkingeyes-[0-9a-f]{12}(\.[^/]*)?")
_swept: set[Path] = set()


def readable(
    path: str | Path, accepted: str, error: type[TalkingEyesError] = FormatError, max_bytes: int | None = None
) -> Path:
    """The gate that every input passes: an ordinary file of a size that is accepted.

    A pipe would be waited for without end and a device may have no end; a link to one is one.

    Args:
        path: the input.
        accepted: what is accepted instead, for the message.
        error: what is raised.
        max_bytes: the largest size; None: any.

    Raises:
        TalkingEyesError: ``error`` when it is missing, a folder, a pipe, a device, without permission or too large.
    """
    path = Path(path)
    try:
        found = path.stat()
        if stat.S_ISDIR(found.st_mode):
            raise error(f"{path}: is a folder; {accepted}")
        if not stat.S_ISREG(found.st_mode):
            raise error(f"{path}: is not an ordinary file; {accepted}")
        if not os.access(path, os.R_OK):
            raise error(f"{path}: no permission to read it")
    except FileNotFoundError:
        raise error(f"{path}: no such file; {accepted}") from None
    except (OSError, ValueError) as problem:  # ValueError: a name with a zero byte
        raise error(f"{path}: cannot be read ({_reason(problem)}); {accepted}") from None
    if max_bytes is not None and found.st_size > max_bytes:
        shift, unit = (20, "MB") if found.st_size >> 20 > max_bytes >> 20 > 0 else (0, "bytes")
        raise error(
            f"{path}: {found.st_size >> shift} {unit}, more than the {max_bytes >> shift} {unit} that are accepted"
        )
    return path


def check_target(target: Path, inputs: Iterable[Path] = ()) -> Path:
    """The real path to write for ``target``, after every check that can be made before the work.

    Args:
        target: the file asked for; a symbolic link is followed, so that the link itself stays.
        inputs: files that must not be overwritten, compared by identity (also through symbolic and hard links).

    Raises:
        OutputError: a folder that is missing or cannot be written, a target that is a folder, a device or read-only,
            or one of the inputs.
    """
    try:
        real = target.resolve()
        _check_folder(target, real.parent)
        if real.exists():
            _check_existing(target, real, inputs)
    except (OSError, RuntimeError) as error:  # RuntimeError: a loop of symbolic links
        raise OutputError(f"{target}: cannot be written ({_reason(error)})") from None
    return real


def _check_folder(target: Path, folder: Path) -> None:
    if not folder.is_dir():
        problem = "is not a folder" if folder.exists() else "does not exist; create it first"
        raise OutputError(f"{target}: cannot be written, the folder {folder} {problem}")
    with tempfile.TemporaryFile(dir=folder):  # asks the system itself: permissions, read-only disks, /proc
        pass


def _check_existing(target: Path, real: Path, inputs: Iterable[Path]) -> None:
    if real.is_dir():
        raise OutputError(f"{target}: is a folder; name a file in it")
    if not stat.S_ISREG(real.stat().st_mode):
        raise OutputError(f"{target}: is not an ordinary file; it is left alone")
    for source in inputs:
        if source.exists() and real.samefile(source):
            raise OutputError(f"{target}: is an input; choose another name, inputs are never overwritten")
    if not os.access(real, os.W_OK):
        raise OutputError(f"{target}: exists and is read-only")


def write_whole(target: Path, write: Callable[[Path], None], inputs: Iterable[Path] = ()) -> None:
    """Let ``write`` fill a temporary file in the target's folder, sync it, and move it into place.

    Whatever stops it (a full disk, an error in ``write``, Ctrl-C), the temporary file is removed and an earlier file
    of that name is still there, unchanged.

    Args:
        target: the file to make or replace.
        write: called with the temporary path, whose suffix is the target's.
        inputs: files that must not be overwritten.

    Raises:
        OutputError: the target or its folder cannot be written, or the disk is full.
    """
    real = check_target(target, inputs)
    sweep(real.parent)
    aside = real.with_name(f"{_ASIDE}{secrets.token_hex(6)}{real.suffix}")
    held = -1
    try:
        held = _begun(aside)
        write(aside)
        _sync(aside)
        if real.exists():
            aside.chmod(stat.S_IMODE(real.stat().st_mode))
        aside.replace(real)
    except OSError as error:
        other = "" if error.filename in (None, str(aside)) else f": {error.filename}"
        raise OutputError(f"{target}: cannot be written ({_reason(error)}{other})") from error
    except TalkingEyesError as error:  # a writer that names the file it was given
        raise type(error)(_said_of(str(error), aside, target)) from error
    finally:
        if held >= 0:
            os.close(held)
        aside.unlink(missing_ok=True)


@contextmanager
def coming(folder: Path, suffix: str = "") -> Iterator[Path]:
    """An empty temporary file of one's own in a folder, which goes unless somebody moves it away.

    It is locked like those of `write_whole`, so that `sweep` removes what a killed process leaves.
    """
    aside = folder / f"{_ASIDE}{secrets.token_hex(6)}{suffix}"
    held = _begun(aside)
    try:
        yield aside
    finally:
        os.close(held)
        aside.unlink(missing_ok=True)


def _said_of(message: str, aside: Path, target: Path) -> str:
    return message.replace(str(aside), str(target)).replace(aside.name, str(target))


def is_aside(path: Path) -> bool:
    """Whether a file is one of ours that is being written, or was left by a process that was killed."""
    return path.name.startswith(_ASIDE)


def sweep(folder: Path) -> None:
    """Remove the temporary files of `write_whole` that killed processes left in a folder; once per folder and process.

    Whoever writes one holds a lock on it, which the system drops when the process ends: what is locked stays.
    """
    if fcntl is None or folder in _swept:
        return
    _swept.add(folder)
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if _ASIDE_NAME.fullmatch(entry.name) and entry.is_file(follow_symlinks=False):
                _remove_if_left(Path(entry.path))


def _remove_if_left(path: Path) -> None:
    with suppress(OSError):
        descriptor = os.open(path, os.O_RDWR)
        try:
            _lock(descriptor)
            path.unlink()
        finally:
            os.close(descriptor)


def _lock(descriptor: int) -> None:
    """Lock an open file at once, or raise `OSError`."""
    assert fcntl is not None
    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _begun(aside: Path) -> int:
    """A new file, locked: its descriptor. A sweep may take the file between the two steps; then it is made again."""
    while True:
        descriptor = os.open(aside, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o666)
        if fcntl is None:
            return descriptor
        try:
            _lock(descriptor)
        except OSError:  # a sweep looks at it, or a file system without locks
            if not _locks_work(aside.parent):
                return descriptor
        else:
            if os.fstat(descriptor).st_nlink:
                return descriptor
        os.close(descriptor)
        aside.unlink(missing_ok=True)


def _locks_work(folder: Path) -> bool:
    with tempfile.TemporaryFile(dir=folder) as file:
        try:
            _lock(file.fileno())
        except OSError:
            return False
    return True


@contextmanager
def locked(path: Path, busy: str) -> Iterator[None]:
    """Hold a lock file while the block runs; the system drops it when the process ends, however that is.

    Args:
        path: the lock file, made where it is new.
        busy: what to say where another process holds it.

    Raises:
        OutputError: another process holds it, or it cannot be made.
    """
    try:
        file = check_target(path).open("w")
    except OSError as error:
        raise OutputError(f"{path.parent}: cannot be written ({_reason(error)})") from None
    with file:
        if fcntl is not None:
            try:
                _lock(file.fileno())
            except OSError:
                raise OutputError(busy) from None
        yield


def sha256_of(path: Path) -> str:
    """Hexadecimal SHA-256 of a file, read in blocks."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _reason(error: Exception) -> str:
    """The system's own words, without the temporary file's name."""
    return (getattr(error, "strerror", None) or str(error) or type(error).__name__).splitlines()[0]
