"""The web application: `build_app` puts routes on a `LiveServer`; others may add theirs beside them."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Sequence
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocket

from talkingeyes.errors import SettingError, TalkingEyesError
from talkingeyes.live.serve.connection import connect
from talkingeyes.live.serve.pages import page_routes
from talkingeyes.live.serve.protocol import check
from talkingeyes.live.serve.schema import asyncapi
from talkingeyes.live.serve.server import TICKET_S, LiveServer, RefusedError, Settings
from talkingeyes.live.session import Session
from talkingeyes.plain_json import parse_json

_STATUS = {4400: 400, 4401: 401, 4409: 409, 4429: 429, 1012: 503}
_OPEN = ("/v1/schema", "/health")
"""Paths below /v1 and others that need no token."""
_MOST_BODY = 64 << 10
_MADE = {
    "type": "object",
    "properties": {"id": {"type": "string", "maxLength": 64}, "options": {"type": "object"}},
    "additionalProperties": False,
}


def build_app(settings: Settings | None = None, *, routes: Sequence[BaseRoute] = ()) -> Starlette:
    """The application of `talkingeyes serve`; ``app.state.server`` is its `LiveServer`.

    Args:
        settings: how; the defaults ask for no token and are for this machine alone.
        routes: of others, mounted before the page's own: a path below ``/v1/`` or ``/api/`` needs the token like ours.

    Returns:
        A Starlette application for any ASGI server.
    """
    server = LiveServer(settings or Settings())

    @contextlib.asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        await asyncio.to_thread(_load)
        try:
            yield
        finally:
            await server.drain()
            server.stop()

    app = Starlette(routes=[*_api_routes(server), *routes, *page_routes()], lifespan=lifespan)
    app.add_middleware(_Guard, server=server)
    app.state.server = server
    return app


def _load() -> None:
    """Networks and tables are read before the first client comes: it would wait half a second for them."""
    with contextlib.suppress(TalkingEyesError):  # a package that is damaged is each session's own error
        Session().advance(0.5)


class _Guard:
    """Checks every request's name, page and, where it needs one, token; and says how answers are to be treated."""

    def __init__(self, app: ASGIApp, server: LiveServer) -> None:
        self._app, self._server = app, server

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        answer = self._refusal(request)
        await (answer or self._app)(scope, receive, _with_headers(send))

    def _refusal(self, request: Request) -> Response | None:
        gate, path = self._server.gate, request.url.path
        if (reason := gate.refusal(request.headers)) is not None:
            return _error(403, reason)
        private = path.startswith(("/v1/", "/api/")) or path == "/metrics"
        if private and path not in _OPEN and not gate.knows(gate.bearer(request.headers)):
            return _error(401, "the token is missing or wrong: Authorization: Bearer TOKEN")
        return None


_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"microphone=(self)"),
    (
        b"content-security-policy",
        b"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; "
        b"connect-src 'self' blob:; worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ),
)


def _with_headers(send: Send) -> Send:
    async def sender(message: Any) -> None:
        if message["type"] == "http.response.start":
            given = {name.lower() for name, _ in message.get("headers", [])}
            extra = [(name, value) for name, value in _HEADERS if name not in given]
            message = {**message, "headers": [*message.get("headers", []), *extra]}
        await send(message)

    return sender


def _api_routes(server: LiveServer) -> list[BaseRoute]:
    async def session_socket(websocket: WebSocket) -> None:
        await connect(websocket, server)

    async def health(_request: Request) -> Response:
        status = "ending" if server.draining else "ok"
        return JSONResponse({"status": status, "sessions": len(server.runners)}, 503 if server.draining else 200)

    async def metrics(_request: Request) -> Response:
        text = server.metrics.text(server.gauges())
        return PlainTextResponse(text, media_type="text/plain; version=0.0.4; charset=utf-8")

    async def schema(_request: Request) -> Response:
        return JSONResponse(asyncapi(server.limits))

    async def sessions(request: Request) -> Response:
        if request.method == "POST":
            return await _make(request, server)
        return JSONResponse({"sessions": [_described(server, name) for name in server.runners]})

    async def session(request: Request) -> Response:
        name = request.path_params["id"]
        if request.method == "DELETE":
            return Response(status_code=204) if server.remove(name) else _error(404, "no such session")
        return JSONResponse(_described(server, name)) if name in server.runners else _error(404, "no such session")

    return [
        WebSocketRoute("/v1/sessions", session_socket),
        Route("/v1/sessions", sessions, methods=["GET", "POST"]),
        Route("/v1/sessions/{id}", session, methods=["GET", "DELETE"]),
        Route("/v1/schema", schema),
        Route("/health", health),
        Route("/metrics", metrics),
    ]


def _described(server: LiveServer, name: str) -> dict[str, Any]:
    runner = server.runners[name]
    return {"session": name, "begun_s": round(runner.begun_s, 3), "frames": runner.frames}


async def _make(request: Request, server: LiveServer) -> Response:
    """A session in advance, for a client that shall not know the token."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > _MOST_BODY:
            return _error(413, f"{_MOST_BODY} bytes are accepted")
    try:
        data = parse_json(body or b"{}", "body", SettingError)
        check(data, _MADE, "body")
        name, ticket = server.reserve(data.get("options", {}), data.get("id"))
    except RefusedError as error:
        return _error(_STATUS.get(error.code, 400), str(error))
    except SettingError as error:
        return _error(400, str(error))
    return JSONResponse({"session": name, "ticket": ticket, "expires_in_s": TICKET_S}, 201)


def _error(status: int, message: str) -> Response:
    headers = {"www-authenticate": "Bearer"} if status == 401 else None
    return Response(json.dumps({"error": message}), status, headers, "application/json")
