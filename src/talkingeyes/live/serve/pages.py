"""The page at ``/``, its parts and avatars, and the page that explains the protocol; all of it out of the package."""

from __future__ import annotations

import html
import json
from importlib import resources
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Route

from talkingeyes.avatar.looks import LOOKS, avatar_bytes
from talkingeyes.formats.html import rig_data
from talkingeyes.generate.amounts import RANGES, Amounts
from talkingeyes.live.serve.limits import Limits
from talkingeyes.live.serve.schema import asyncapi, message_tables

_FILES = {
    "index.html": "text/html; charset=utf-8",
    "live.css": "text/css; charset=utf-8",
    "docs.css": "text/css; charset=utf-8",
    "live.js": "text/javascript; charset=utf-8",
    "worklet.js": "text/javascript; charset=utf-8",
    "talkingeyes-live.js": "text/javascript; charset=utf-8",
    "icon.svg": "image/svg+xml",
}
_CACHED = {"cache-control": "no-cache"}


def page_routes() -> list[BaseRoute]:
    """The page's routes."""
    return [
        Route("/", _file("index.html")),
        *(Route(f"/{name}", _file(name)) for name in _FILES),
        Route("/page.json", _page_data),
        Route("/avatars/{name}.glb", _avatar),
        Route("/docs", _docs),
    ]


def _file(name: str) -> Any:
    folder = resources.files("talkingeyes") / "assets" / "live"

    async def answer(_request: Request) -> Response:
        return Response((folder / name).read_bytes(), media_type=_FILES[name], headers=_CACHED)

    return answer


async def _page_data(_request: Request) -> Response:
    amounts = {name: [*RANGES[name], getattr(Amounts(), name)] for name in RANGES}
    return JSONResponse({"avatars": list(LOOKS), "rig": rig_data(), "amounts": amounts})


async def _avatar(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in LOOKS:
        return Response(status_code=404)
    return Response(avatar_bytes(name), media_type="model/gltf-binary", headers=_CACHED)


async def _docs(_request: Request) -> Response:
    """The messages as tables, made of the same schema that is served."""
    info = asyncapi(Limits())["info"]
    parts = [
        '<!doctype html><html lang="en"><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<title>TalkingEyes live: the protocol</title><link rel="stylesheet" href="docs.css"><body>',
        f"<h1>{html.escape(info['title'])}</h1><p>{html.escape(info['description'])}</p>",
        '<p>As an AsyncAPI document: <a href="v1/schema">v1/schema</a>.</p>',
    ]
    for title, messages in message_tables():
        parts.append(f"<h2>{html.escape(title)}</h2>")
        for name, summary, rows in messages:
            parts.append(f"<h3>{html.escape(name)}</h3><p>{html.escape(summary)}</p>")
            if rows:
                parts.append(_table(rows))
    return HTMLResponse("".join(parts))


def _table(rows: list[tuple[str, dict[str, Any], str, bool]]) -> str:
    cells = [
        f"<tr><td><code>{html.escape(name)}</code>{' *' if required else ''}</td>"
        f"<td><code>{html.escape(_kind(schema))}</code></td><td>{html.escape(meaning)}</td></tr>"
        for name, schema, meaning, required in rows
    ]
    return (
        f'<div class="wide"><table><tr><th>field</th><th>kind</th><th>meaning</th></tr>{"".join(cells)}</table></div>'
    )


def _kind(schema: dict[str, Any]) -> str:
    if "const" in schema:
        return json.dumps(schema["const"])
    if "enum" in schema:
        return " | ".join(json.dumps(value) for value in schema["enum"])
    if "anyOf" in schema:
        return " | ".join(option["type"] for option in schema["anyOf"])
    low, high = schema.get("minimum"), schema.get("maximum")
    return schema["type"] + ("" if low is None or high is None else f" {low:g}..{high:g}")
