"""``talkingeyes serve``: live sessions over WebSocket, and a page that drives the avatar from the microphone."""

from __future__ import annotations

import argparse
import os
from dataclasses import dataclass

from talkingeyes.commands.console import Console
from talkingeyes.errors import SettingError

HELP = "live sessions over WebSocket, and a page with a microphone"
EPILOG = """examples:
  talkingeyes serve                                open the address that it prints in a browser
  talkingeyes serve --port 9000 --sessions 100
  talkingeyes serve --host 0.0.0.0 --token SECRET --origin https://example.org    behind a proxy with TLS

The token is in the address, or in the environment variable TALKINGEYES_TOKEN. SIGTERM and Ctrl-C hand every client
its state, from which it goes on elsewhere (docs/live.md).
"""
_TOKEN_VARIABLE = "TALKINGEYES_TOKEN"  # noqa: S105 (a name, no token)
_SHORTEST_TOKEN = 8


@dataclass(frozen=True)
class Options:
    """The arguments of ``talkingeyes serve``, one field each."""

    host: str
    port: int
    token: str | None
    no_token: bool
    origin: list[str]
    workers: int
    sessions: float | None
    idle: float | None
    bytes_per_s: float | None
    for_s: float | None


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add = parser.add_argument
    add("--port", type=int, default=8642, metavar="N", help="the port (default 8642); 0 takes any that is free")
    add(
        "--host", default="127.0.0.1", metavar="ADDRESS", help="where to listen (default 127.0.0.1: this machine alone)"
    )
    add("--token", metavar="T", help="what clients must know (default: a new one, printed)")
    add("--no-token", action="store_true", help="ask for none; on this machine's own address only")
    add("--origin", action="append", default=[], metavar="URL", help="a page of another server that may connect")
    add(
        "--workers", type=int, default=0, metavar="N", help="threads for sessions (default: one per processor, up to 4)"
    )
    add("--sessions", type=float, metavar="N", help="sessions at once (default 64)")
    add("--idle", type=float, metavar="S", help="seconds without a message that end a session (default 60)")
    add("--bytes-per-s", type=float, metavar="N", help="bytes a second from one client (default 1048576)")
    add("--for-s", type=float, metavar="S", help="end after so many seconds")


def run(options: Options, console: Console) -> int:
    """Serve until a signal comes.

    Raises:
        TalkingEyesError: a setting is wrong, the port is taken, or the extra is missing.
    """
    from talkingeyes.extras import require

    require("live", "talkingeyes serve")
    from talkingeyes.live.serve.app import build_app
    from talkingeyes.live.serve.gate import LOOPBACK, new_token
    from talkingeyes.live.serve.limits import Limits
    from talkingeyes.live.serve.run import bind, serve
    from talkingeyes.live.serve.server import Settings

    if not 0 <= options.port <= 65_535:
        raise SettingError(f"--port is {options.port}; 0 to 65535 is accepted")
    if not 0 <= options.workers <= 256:
        raise SettingError(f"--workers is {options.workers}; 1 to 256 is accepted")
    if options.for_s is not None and not 0 < options.for_s < 1e9:
        raise SettingError(f"--for-s is {options.for_s:g}; more than 0 seconds are accepted")
    token = None if options.no_token else options.token or os.environ.get(_TOKEN_VARIABLE) or new_token()
    if token is None and options.host not in LOOPBACK:
        raise SettingError(f"--no-token with --host {options.host}; it is accepted with 127.0.0.1 and localhost only")
    if token is not None and len(token) < _SHORTEST_TOKEN:
        raise SettingError(f"--token has {len(token)} characters; {_SHORTEST_TOKEN} or more are accepted")
    given = {"sessions": options.sessions, "idle_s": options.idle, "bytes_per_s": options.bytes_per_s}
    settings = Settings(
        token=token,
        host=options.host,
        origins=tuple(options.origin),
        workers=options.workers or min(4, os.cpu_count() or 1),
        limits=Limits(**{name: value for name, value in given.items() if value is not None}),
    )
    listening = bind(options.host, options.port)
    port = listening.getsockname()[1]
    shown = f"[{options.host}]" if ":" in options.host else options.host
    address = f"http://{shown}:{port}/" + (f"#token={token}" if token else "")

    def say() -> None:
        console.say(f"Open {address}")
        console.result({"url": address, "port": port, "token": token})
        console.flush()

    serve(build_app(settings), listening, say, for_s=options.for_s)
    return 0
