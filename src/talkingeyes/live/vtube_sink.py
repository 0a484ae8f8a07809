"""VTube Studio as a target: asks once to be allowed, keeps the token, and injects the newest frame."""

from __future__ import annotations

import asyncio
import contextlib
import os
from pathlib import Path
from typing import Any

from talkingeyes.errors import FormatError, OutputError
from talkingeyes.live import vtube
from talkingeyes.live.addresses import Address
from talkingeyes.live.frames import Hello
from talkingeyes.live.websocket_sinks import Connection
from talkingeyes.motion import Motion

ALLOW_S = 60.0
"""A person has so long to click "Allow"."""
ANSWER_S = 5.0
TOKEN_VARIABLE = "TALKINGEYES_VTS_TOKEN"  # noqa: S105 (a name, no token)


def token_path() -> Path:
    """Where the token is kept, readable by its owner alone."""
    folder = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    return Path(folder) / "talkingeyes" / "vtube_studio_token"


class VTubeStudio(Connection):
    """``vts://127.0.0.1:8001?token=..``: parameters of the newest frame, one request at a time.

    The token comes from the address, the environment (`TOKEN_VARIABLE`) or `token_path`; without one, VTube Studio asks
    its user, and the token is kept for the next time.
    """

    def __init__(self, address: Address) -> None:
        super().__init__(address, f"ws://{address.host}:{address.port}/", self._sign_in, self._inject, most=1)
        self._given = address.options.get("token") or os.environ.get(TOKEN_VARIABLE)
        self._number = 0
        self._allow_s = ALLOW_S

    def send(self, motion: Motion) -> None:
        """Hand over the newest frame; those before it count as dropped."""
        self.dropped += motion.num_frames - 1 + self.box.put(vtube.parameters_of(motion))

    async def _ask(self, there: Any, text: str, wanted: str, seconds: float = ANSWER_S) -> dict[str, Any]:
        await there.send(text)
        try:
            return vtube.answer(await asyncio.wait_for(there.recv(), seconds), wanted)
        except TimeoutError:
            raise OutputError(f"{self.name}: no answer to {wanted}Request within {seconds:.0f} s") from None
        except FormatError as error:
            raise OutputError(f"{self.name}: {error}") from None

    def _next(self) -> int:
        self._number += 1
        return self._number

    async def _sign_in(self, there: Any, hello: Hello) -> None:
        for token in filter(None, (self._given, _kept())):
            data = await self._ask(there, vtube.sign_in(self._next(), token), "Authentication")
            if data.get("authenticated") is True:
                return
        asked = vtube.ask_for_token(self._next())
        data = await self._ask(there, asked, "AuthenticationToken", self._allow_s)
        try:
            token = vtube.token_of(data)
        except FormatError as error:
            raise OutputError(f"{self.name}: {error}") from None
        data = await self._ask(there, vtube.sign_in(self._next(), token), "Authentication")
        if data.get("authenticated") is not True:
            raise OutputError(f"{self.name}: VTube Studio does not accept the token that it gave")
        _keep(token)

    async def _inject(self, there: Any, values: Any) -> None:
        await self._ask(there, vtube.inject(self._next(), values), "InjectParameterData")


def _kept() -> str | None:
    with contextlib.suppress(OSError, UnicodeDecodeError):
        text = token_path().read_bytes()[: vtube.MAX_TOKEN_CHARACTERS].decode("ascii").strip()
        return text or None
    return None


def _keep(token: str) -> None:
    path = token_path()
    with contextlib.suppress(OSError):  # then it is asked for again
        path.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(token)
