"""Damaged inputs against the commands, in one process: ``python -m tests.fuzz.runner COUNT SEED [KIND..]``.

Every input must end within `SECONDS` with exit status 0, or 2 and exactly one line on stderr, native libraries' lines
counted. The process may not take more than a gigabyte. The same seed makes the same inputs. The counts are printed as
one JSON object.
"""

import contextlib
import faulthandler
import importlib.util
import io
import json
import os
import random
import re
import resource
import shutil
import signal
import sys
import tempfile
import traceback
import warnings
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from talkingeyes import weights
from talkingeyes.cli import main
from talkingeyes.errors import TalkingEyesError
from talkingeyes.fit import landmarks
from talkingeyes.trial import Limits, answer, limit_self, verdict
from tests.fuzz.kinds import KINDS
from tests.fuzz.readers import READERS

SECONDS = 20
MAX_BYTES = 1 << 30


class TooLong(BaseException):
    """An input took longer than `SECONDS`."""


def _stop(*_: object) -> None:
    raise TooLong


@contextlib.contextmanager
def _native_lines(into: list[str]) -> Iterator[None]:
    """Adds what is written to the process's own stderr, past Python, while the block runs."""
    sys.stderr.flush()
    kept = os.dup(2)
    with tempfile.TemporaryFile() as aside:
        os.dup2(aside.fileno(), 2)
        try:
            yield
        finally:
            os.dup2(kept, 2)
            os.close(kept)
            aside.seek(0)
            into.extend(aside.read().decode("utf-8", "replace").splitlines())


def outcome(command: str, path: Path) -> str:
    """``"read"`` or ``"refused"``, or what went wrong."""
    out, err = io.StringIO(), io.StringIO()
    native: list[str] = []
    signal.alarm(SECONDS)
    try:
        with _native_lines(native), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            status = _run(command, path)
    except TooLong:
        return f"hang: {command}"
    except BaseException:  # noqa: BLE001 - whatever it is, it is a finding
        return f"traceback: {command}: {traceback.format_exc(limit=-3)}"
    finally:
        signal.alarm(0)
    said = err.getvalue() + out.getvalue()
    lines = sum(not line.startswith("talkingeyes: note: ") for line in err.getvalue().splitlines()) + len(native)
    if any(not c.isprintable() and c != "\n" for c in said) or status not in (0, 2) or lines != (status == 2):
        return f"status {status}, {lines} lines: {command}: {said[:300]!r} {native[:2]}"
    return "read" if status == 0 else "refused"


def forked(call: str, payload: bytes, limits: Limits) -> str:
    """`trial.tried` by a fork of this process: milliseconds instead of a second for each input."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            limit_self(limits)
            os.write(writing, answer(call, payload).encode())
            status = 0
        finally:
            os._exit(status)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        said = pipe.read()
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    return verdict(status, said, limits)


def _run(command: str, path: Path) -> int:
    if command in READERS:
        try:
            READERS[command](path)
        except TalkingEyesError as error:
            sys.stderr.write(" ".join(ascii(str(error)).split()) + "\n")
            return 2
        return 0
    return main([str(path) if word == "FILE" else word for word in command.split()])


def run(count: int, seed: int, kinds: list[str]) -> Counter[str]:
    """Try ``count`` inputs in turn; what was wrong is printed with the number that makes the input again."""
    counts: Counter[str] = Counter()
    signal.signal(signal.SIGALRM, _stop)
    weights.tried = landmarks.tried = forked
    warnings.simplefilter("error", RuntimeWarning)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.chdir(folder)
        whole = {kind: KINDS[kind].make(folder) for kind in kinds}
        for number in range(count):
            name, rng = kinds[number % len(kinds)], random.Random(f"{seed} {number}")
            place = folder / f"input{number}"  # a name of its own: networks are remembered by folder
            _write(place, KINDS[name].hostile(whole[name], rng))
            result = outcome(rng.choice(KINDS[name].commands), place / KINDS[name].entry)
            shutil.rmtree(place)
            counts[result.split(":")[0]] += 1
            if result not in ("read", "refused"):
                sys.stderr.write(f"input {number} of seed {seed} ({name}): {result}\n")
    return counts


def _write(place: Path, parts: dict[str, bytes]) -> None:
    for name, data in parts.items():
        path = place / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def peak_bytes() -> int:
    """Most memory that this program has held; where Linux does not tell, the most of the process, its parent too."""
    status = Path("/proc/self/status")
    own = re.search(r"VmHWM:\s*(\d+) kB", status.read_text()) if status.exists() else None
    return int(own[1]) << 10 if own else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10


if __name__ == "__main__":
    faulthandler.enable()
    there = [kind for kind in KINDS if importlib.util.find_spec(KINDS[kind].needs)]
    found = run(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:] or there)
    peak = peak_bytes()
    print(json.dumps({**found, "peak_mb": peak >> 20}))
    sys.exit(bool(set(found) - {"read", "refused"}) or peak > MAX_BYTES)
