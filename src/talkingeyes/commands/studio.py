"""``talkingeyes studio``: direct the eyes with the mouse."""

from __future__ import annotations

import argparse
import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from talkingeyes.commands.console import Console
from talkingeyes.errors import SettingError

if TYPE_CHECKING:
    import socket

HELP = "a studio in the browser: takes, a timeline to edit, exports"
EPILOG = """examples:
  talkingeyes studio                       a project in the folder where you are
  talkingeyes studio lines/                a folder of recordings, which becomes a project
  talkingeyes studio speech.wav            one recording; the project lies beside it in speech-studio/
  talkingeyes studio lines/ --no-open      print the address and open nothing

A project is a folder of plain files, saved after every action (docs/studio.md). The address holds a key; nobody else on
this machine can use the studio without it. A project keeps its key, so that an open page goes on after a restart;
--new-key makes another. Ctrl-C ends the studio.
"""


@dataclass(frozen=True)
class Options:
    """The arguments of ``talkingeyes studio``, one field each."""

    path: str
    port: int
    no_open: bool
    new_key: bool
    for_s: float | None


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add = parser.add_argument
    add("path", nargs="?", default=".", metavar="FOLDER|FILE", help="a project, a folder of recordings or a recording")
    add("--port", type=int, default=0, metavar="N", help="the port (default 0: the project's last one, or any)")
    add("--new-key", action="store_true", help="a new key: addresses that were printed before open nothing any more")
    add("--no-open", action="store_true", help="do not open the browser")
    add("--for-s", type=float, metavar="S", help="end after so many seconds")


def run(options: Options, console: Console) -> int:
    """Serve until a signal comes.

    Raises:
        TalkingEyesError: no project can be opened or made there, the port is taken, or the extra is missing.
    """
    import webbrowser
    from pathlib import Path

    from talkingeyes.extras import require

    require("studio", "talkingeyes studio")
    from talkingeyes.live.serve.app import build_app
    from talkingeyes.live.serve.run import serve
    from talkingeyes.live.serve.server import Settings
    from talkingeyes.studio.keys import Access, forget, known_access, remember, state_folder
    from talkingeyes.studio.opening import opened
    from talkingeyes.studio.routes import studio_routes
    from talkingeyes.studio.service import Studio

    if not 0 <= options.port <= 65_535:
        raise SettingError(f"--port is {options.port}; 0 to 65535 is accepted")
    if options.for_s is not None and not 0 < options.for_s < 1e9:
        raise SettingError(f"--for-s is {options.for_s:g}; more than 0 seconds are accepted")
    studio = Studio(opened(Path(options.path)))
    if not studio.project.contents.sounds:
        studio.scan()
    folder, kept = studio.project.folder, state_folder()
    if options.new_key:
        forget(folder, kept)
    known = known_access(folder, kept)
    token, listening = known.token, _listening(options.port, known.port)
    port = listening.getsockname()[1]
    remember(folder, kept, Access(token, port))
    address = f"http://127.0.0.1:{port}/studio#token={token}"

    def say() -> None:
        console.say(f"Project {folder}")
        console.say(f"Open {address}")
        console.result({"url": address, "port": port, "token": token, "folder": str(folder)})
        console.flush()
        if not options.no_open:
            webbrowser.open(address)

    try:
        app = build_app(Settings(token=token, workers=1), routes=studio_routes(studio))
        serve(app, listening, say, for_s=options.for_s)
    finally:
        studio.stop()
    return 0


def _listening(asked: int, last: int) -> socket.socket:
    """The port that is asked for; else the project's last one, or any where another program has that."""
    from talkingeyes.live.serve.run import bind

    if not asked and last:
        with contextlib.suppress(SettingError):
            return bind("127.0.0.1", last)
    return bind("127.0.0.1", asked)
