"""Addresses as people type them: ``vmc://127.0.0.1:39539?mouth=arkit``. A host that is left out is this machine."""

from __future__ import annotations

import os
import socket
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlsplit

from talkingeyes.errors import OutputError, SettingError
from talkingeyes.wording import quoted

LOOPBACK = "127.0.0.1"
MAX_CHARACTERS = 2048


@dataclass(frozen=True)
class Address:
    """One address.

    Attributes:
        scheme: in lower case.
        host: `LOOPBACK` where none is given.
        port: the given one, or the scheme's usual one.
        path: with its slash, or empty.
        options: what follows the question mark.
        text: as it was typed.
    """

    scheme: str
    host: str
    port: int
    path: str
    options: Mapping[str, str] = field(default_factory=dict)
    text: str = ""

    @classmethod
    def parse(
        cls, text: str, schemes: Collection[str], port: int | None = None, known: Collection[str] = ()
    ) -> Address:
        """Read an address.

        Args:
            text: as typed.
            schemes: accepted ones.
            port: what a port that is left out is; None: one is needed.
            known: options that are accepted.

        Raises:
            SettingError: names what is wrong.
        """
        if len(text) > MAX_CHARACTERS:
            raise SettingError(f"an address has {len(text)} characters; up to {MAX_CHARACTERS} are accepted")
        try:
            parts = urlsplit(text)
            given = parts.port
            options = dict(parse_qsl(parts.query, strict_parsing=bool(parts.query), max_num_fields=16))
        except ValueError as error:
            raise SettingError(f"{quoted(text)}: is no address ({error})") from None
        if parts.scheme not in schemes:
            raise SettingError(f"{quoted(text)}: {parts.scheme}:// is not known; {', '.join(schemes)} are accepted")
        if parts.username is not None or parts.fragment:
            raise SettingError(f"{quoted(text)}: holds a user or a #part; {parts.scheme}://HOST:PORT is accepted")
        if given is None and port is None:
            raise SettingError(f"{quoted(text)}: has no port; for instance {parts.scheme}://{LOOPBACK}:9000")
        if unknown := sorted(set(options) - set(known)):
            accepted = ", ".join(known) or "none"
            raise SettingError(f"{quoted(text)}: {quoted(unknown[0])} is not known; accepted options: {accepted}")
        number = given if given is not None else port
        assert number is not None
        return cls(parts.scheme, parts.hostname or LOOPBACK, number, parts.path, options, text)

    def choice(self, name: str, choices: Collection[str], default: str) -> str:
        """An option that is one of a few.

        Raises:
            SettingError: it is another.
        """
        value = self.options.get(name, default)
        if value not in choices:
            raise SettingError(f"{quoted(self.text)}: {name} is {quoted(value)}; {', '.join(choices)} are accepted")
        return value

    def bind(self, kind: socket.SocketKind) -> socket.socket:
        """A socket of this machine that hears at the address, not blocking.

        Raises:
            OutputError: the port is in use, or the host is none of this machine's.
        """
        try:
            family, _, protocol, _, where = socket.getaddrinfo(self.host, self.port, type=kind)[0]
            bound = socket.socket(family, kind, protocol)
        except OSError as error:
            raise failed(self.text, error) from None
        try:
            if kind == socket.SOCK_STREAM and os.name == "posix":
                bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            bound.bind(where)
        except OSError as error:
            bound.close()
            raise failed(self.text, error) from None
        bound.setblocking(False)
        return bound

    def connect_datagrams(self) -> socket.socket:
        """A UDP socket that sends there, not blocking.

        Raises:
            OutputError: there is no such host.
        """
        try:
            family, kind, protocol, _, where = socket.getaddrinfo(self.host, self.port, type=socket.SOCK_DGRAM)[0]
            sending = socket.socket(family, kind, protocol)
            sending.setblocking(False)
            sending.connect(where)
        except (OSError, UnicodeError) as error:
            raise failed(self.text, error) from None
        return sending


def failed(name: str, error: Exception) -> OutputError:
    """The error about an address that cannot be used."""
    number = error.errno if isinstance(error, OSError) and error.errno and error.errno > 0 else None
    said = os.strerror(number) if number else str(error) or type(error).__name__
    return OutputError(f"{name}: {said[0].lower()}{said[1:]}")
