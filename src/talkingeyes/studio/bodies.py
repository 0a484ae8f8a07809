"""What requests carry: JSON of a sane size, and files that are written aside."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from talkingeyes.errors import SettingError, TalkingEyesError
from talkingeyes.files import coming
from talkingeyes.plain_json import parse_json

MOST_BODY = 8 << 20


class TooLargeError(TalkingEyesError):
    """More bytes than are accepted."""


def file_name_of(given: str | None, usual: str) -> str:
    """A file's name as people see it: no folders, nothing that does not print."""
    last = (given or "").replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(c for c in last if c.isprintable())[:200].strip() or usual


async def json_of(request: Request) -> dict[str, Any]:
    """The object that a request carries.

    Raises:
        SettingError: no JSON object, or too large.
    """
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_BODY:
            raise TooLargeError(f"more than {MOST_BODY >> 20} MB of JSON")
    value = parse_json(body or b"{}", "the request", SettingError)
    if not isinstance(value, dict):
        raise SettingError("the request: an object is accepted")
    return value


@contextlib.asynccontextmanager
async def uploaded(request: Request, folder: Path, name: str, most: int) -> AsyncIterator[Path]:
    """What a request carries as a file beside the project's own, which goes if nobody moves it away.

    Raises:
        TooLargeError: more than ``most`` bytes.
        SettingError: nothing came.
    """
    suffix = Path(name).suffix.lower()
    suffix = suffix if suffix.isascii() and suffix[1:].isalnum() and len(suffix) <= 8 else ""
    stated = request.headers.get("content-length", "0")
    too_large = f"{name}: more than {most >> 20} MB; that is too large"
    if stated.isascii() and stated.isdigit() and int(stated[:18]) > most:
        raise TooLargeError(too_large)
    with coming(folder, suffix) as path:
        size = 0
        with path.open("wb") as file:
            async for chunk in request.stream():
                size += len(chunk)
                if size > most:
                    raise TooLargeError(too_large)
                await run_in_threadpool(file.write, chunk)
        if not size:
            raise SettingError(f"{name}: is empty")
        try:
            yield path
        except TalkingEyesError as error:  # people know their file by its name
            raise type(error)(str(error).replace(str(path), name).replace(path.name, name)) from None
