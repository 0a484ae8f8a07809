"""Who may come in: the token, the page that a browser shows, and the name that it knows this machine by."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Collection
from urllib.parse import urlsplit

from starlette.datastructures import Headers

LOOPBACK = ("localhost", "127.0.0.1", "::1")


def new_token() -> str:
    """A token that nobody guesses."""
    return secrets.token_urlsafe(24)


class Gate:
    """The checks before anything else.

    Args:
        token: what clients must know; None: nothing.
        host: the address that the server listens on. On a loopback address only this machine's own names are served,
            so that a page of another name that points here is not (DNS rebinding).
        origins: pages of other servers that may connect, ``https://host:port`` each.
    """

    def __init__(self, token: str | None, host: str, origins: Collection[str] = ()) -> None:
        self._token = None if token is None else token.encode()
        self._hosts = LOOPBACK if host in LOOPBACK else None
        self._origins = frozenset(origin.rstrip("/").lower() for origin in origins)

    @property
    def needs_token(self) -> bool:
        """Whether clients must know something."""
        return self._token is not None

    def knows(self, token: str | None) -> bool:
        """Whether the token is right; takes as long for a wrong one."""
        if self._token is None:
            return True
        return hmac.compare_digest(self._token, (token or "").encode())

    def bearer(self, headers: Headers) -> str | None:
        """The token of an ``Authorization`` header."""
        scheme, _, token = headers.get("authorization", "").partition(" ")
        return token.strip() if scheme.lower() == "bearer" else None

    def refusal(self, headers: Headers) -> str | None:
        """Why a request's name or page is not served; None: it is."""
        host = headers.get("host", "")
        if self._hosts is not None and _parts(f"//{host}")[1] not in self._hosts:
            return "this server answers to localhost only"
        origin = headers.get("origin")
        if origin is None or origin.rstrip("/").lower() in self._origins:
            return None
        return None if _parts(origin)[0] == host else "pages of other servers are not allowed (--origin)"


def _parts(address: str) -> tuple[str | None, str | None]:
    """Host with port, and the host alone; None where an address is none."""
    try:
        parts = urlsplit(address)
        return parts.netloc, parts.hostname
    except ValueError:  # brackets that are not closed
        return None, None
