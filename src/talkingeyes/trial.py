"""A trial run of a foreign network in a child process, with limits of time and memory.

The libraries that run networks are native code: a damaged or hostile file may crash them, keep them busy for ever or
take all memory, and none of that can be caught in the same process. So the first run is somebody else's.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from importlib import import_module

try:
    import resource
except ImportError:  # Windows: only the time is limited
    resource = None  # type: ignore[assignment]

_CHILD = "import sys; from talkingeyes.trial import child; child(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))"
_STOPPED = tuple(-getattr(signal, name) for name in ("SIGXCPU", "SIGKILL") if hasattr(signal, name))


@dataclass(frozen=True)
class Limits:
    """What a trial may take.

    Attributes:
        cpu_s: processor time.
        wall_s: time by the clock, for what waits instead of working, and for busy machines.
        num_bytes: memory that it may write to.
    """

    cpu_s: int = 20
    wall_s: float = 120.0
    num_bytes: int = 2 << 30


def tried(call: str, payload: bytes, limits: Limits) -> str:
    """Let a child process run a function on some bytes.

    Args:
        call: ``module:function``; the function takes bytes and returns what is wrong with them, or nothing.
        payload: the bytes.
        limits: of the child.

    Returns:
        What is wrong, in a few words; empty where all went well, or where no child can be started.
    """
    given = [call, str(limits.cpu_s), str(limits.num_bytes)]
    paths = os.pathsep.join(path for path in sys.path if path)
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-c", _CHILD, *given], input=payload, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, timeout=limits.wall_s, check=False, env=os.environ | {"PYTHONPATH": paths},
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return too_long(limits)
    except OSError:
        return ""
    return verdict(done.returncode, done.stdout, limits)


def verdict(status: int, said: bytes, limits: Limits) -> str:
    """What a child's end means: its exit status (the negative signal where one ended it) and what it wrote."""
    if status == 0:
        return said.decode("utf-8", "replace")
    return too_long(limits) if status in _STOPPED else "crashes the library that runs it"


def too_long(limits: Limits) -> str:
    """Of what was stopped."""
    return f"is not done after {limits.cpu_s} s"


def child(call: str, cpu_s: int, num_bytes: int) -> None:
    """The other side of `tried`: bytes on stdin, what is wrong on stdout."""
    limit_self(Limits(cpu_s, num_bytes=num_bytes))
    sys.stdout.write(answer(call, sys.stdin.buffer.read()))


def answer(call: str, payload: bytes) -> str:
    """What the function says of the bytes."""
    module, _, name = call.partition(":")
    try:
        return getattr(import_module(module), name)(payload)
    except MemoryError:
        return "takes more memory than is accepted"


def limit_self(limits: Limits) -> None:
    """Limit this process for the rest of its life."""
    if resource is None:
        return
    for kind, amount in ((resource.RLIMIT_CPU, limits.cpu_s), (resource.RLIMIT_DATA, limits.num_bytes)):
        most = resource.getrlimit(kind)[1]
        low = amount if most == resource.RLIM_INFINITY else min(amount, most)
        resource.setrlimit(kind, (low, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
