"""The studio over HTTP: thin routes under ``/api``, and the page at ``/studio``.

Every answer is JSON, a file, or packed frames; every refusal is ``{"error": one line}``. What takes its time runs in
threads, so that the server goes on answering.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from importlib import resources
from pathlib import Path
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from talkingeyes.errors import ConflictError, NotInProjectError, OutputError, SettingError, TalkingEyesError
from talkingeyes.studio.bodies import TooLargeError, file_name_of, json_of, uploaded
from talkingeyes.studio.exports import preset_of
from talkingeyes.studio.jobs import TooManyError
from talkingeyes.studio.listeners import Listeners
from talkingeyes.studio.service import Studio
from talkingeyes.studio.settings import described

Answer = Callable[[Request], Awaitable[Response]]
_LOG = logging.getLogger(__name__)

MOST_SOUND, MOST_AVATAR = 2 << 30, 256 << 20
WAIT_FOR_PLAN_S = 2.0
"""So long a request waits for its take to be planned before it says that this takes longer."""
LOOK_S, BEAT_S = 1.0, 15.0
"""How often the project's file is looked at, and how long a silent stream of events stays silent."""
_PAGE = {
    "index.html": "text/html; charset=utf-8", "studio.css": "text/css; charset=utf-8",
    "studio.js": "text/javascript; charset=utf-8", "icon.svg": "image/svg+xml",
}  # fmt: skip
_FRESH = {"cache-control": "no-cache"}


def studio_routes(studio: Studio) -> list[BaseRoute]:
    """The routes of a studio, for `talkingeyes.live.serve.app.build_app`."""
    listeners = Listeners()
    studio.tell = listeners.tell
    api = _Api(studio, listeners)
    return [*api.routes(), *_page_routes()]


def _page_routes() -> list[BaseRoute]:
    folder = resources.files("talkingeyes") / "assets" / "studio"

    def file(name: str) -> Answer:
        async def answer(_request: Request) -> Response:
            return Response((folder / name).read_bytes(), media_type=_PAGE[name], headers=_FRESH)

        return answer

    return [Route("/studio", file("index.html")), *(Route(f"/studio/{name}", file(name)) for name in _PAGE)]


def _told(answer: Answer) -> Answer:
    """The same with errors as one line."""

    async def handled(request: Request) -> Response:
        try:
            return await answer(request)
        except TalkingEyesError as error:
            return JSONResponse({"error": str(error)}, _status_of(error))
        except ClientDisconnect:
            return Response(status_code=400)
        except OSError as error:
            full = error.strerror or "the disk"
            return JSONResponse({"error": f"the project's folder cannot be written: {full}"}, 507)
        except Exception:  # noqa: BLE001 - an answer for every request
            _LOG.exception("%s %s", request.method, request.url.path)
            return JSONResponse({"error": "an error inside TalkingEyes; the server's terminal shows it"}, 500)

    return handled


def _status_of(error: TalkingEyesError) -> int:
    return next((status for kind, status in _STATUSES if isinstance(error, kind)), 400)


_STATUSES: tuple[tuple[type[TalkingEyesError], int], ...] = (
    (NotInProjectError, 404), (ConflictError, 409), (TooLargeError, 413), (TooManyError, 429), (OutputError, 507),
)  # fmt: skip
"""Where 400, "not accepted", says too little."""


class _Api:
    """The routes' own functions, each one line of work."""

    def __init__(self, studio: Studio, listeners: Listeners) -> None:
        self._studio, self._listeners = studio, listeners

    def routes(self) -> list[BaseRoute]:
        rows: list[tuple[str, str, Answer]] = [
            ("GET", "project", self.project), ("GET", "schema", self.schema), ("GET", "events", self.events),
            ("POST", "sounds", self.add_sound), ("POST", "sounds/scan", self.scan),
            ("PATCH", "sounds/{id}", self.change_sound), ("DELETE", "sounds/{id}", self.remove_sound),
            ("GET", "sounds/{id}/audio", self.audio), ("GET", "sounds/{id}/speech", self.speech),
            ("POST", "takes", self.add_takes), ("PATCH", "takes/{id}", self.change_take),
            ("DELETE", "takes/{id}", self.remove_take), ("POST", "takes/{id}/preview", self.preview),
            ("GET", "takes/{id}/events", self.take_events), ("GET", "takes/{id}/frames", self.frames),
            ("POST", "undo", self.undo), ("POST", "redo", self.redo),
            ("PUT", "targets/{name}", self.put_target), ("DELETE", "targets/{name}", self.remove_target),
            ("PUT", "settings/{name}", self.put_setting),
            ("POST", "avatar", self.add_avatar), ("GET", "avatar", self.avatar),
            ("GET", "avatar/file", self.avatar_file),
            ("POST", "exports", self.export), ("POST", "exports/losses", self.losses),
            ("GET", "exports/{job}/{name}", self.exported),
            ("GET", "jobs/{id}", self.job), ("DELETE", "jobs/{id}", self.cancel),
        ]  # fmt: skip
        return [Route(f"/api/{path}", _told(answer), methods=[method]) for method, path, answer in rows]

    # -- project -------------------------------------------------------------------------------------------------------

    async def project(self, _request: Request) -> Response:
        await run_in_threadpool(self._studio.refreshed)
        return JSONResponse(await self._shown())

    async def schema(self, _request: Request) -> Response:
        limits = {"sound_bytes": MOST_SOUND, "avatar_bytes": MOST_AVATAR}
        return JSONResponse(await run_in_threadpool(described, limits))

    async def events(self, request: Request) -> Response:
        since = _whole(request.query_params.get("since"), -1)
        with contextlib.ExitStack() as stack:
            queue = stack.enter_context(self._listeners.listening())
            own = stack.pop_all()
        return StreamingResponse(self._stream(queue, own, since), media_type="text/event-stream", headers=_FRESH)

    async def _stream(
        self, queue: asyncio.Queue[dict[str, Any]], own: contextlib.ExitStack, since: int
    ) -> AsyncIterator[bytes]:
        with own:
            if self._studio.project.revision != since:
                yield _event({"type": "project", "revision": self._studio.project.revision})
            else:
                yield b": hello\n\n"
            silent_s = 0.0
            while True:
                try:
                    yield _event(await asyncio.wait_for(queue.get(), LOOK_S))
                    silent_s = 0.0
                except TimeoutError:
                    silent_s += LOOK_S
                    with contextlib.suppress(TalkingEyesError):
                        if await run_in_threadpool(self._studio.refreshed):
                            self._listeners.tell({"type": "project", "revision": self._studio.project.revision})
                    if silent_s >= BEAT_S:
                        silent_s = 0.0
                        yield b": still here\n\n"

    async def undo(self, _request: Request) -> Response:
        return await self._done(await run_in_threadpool(self._studio.step, -1))

    async def redo(self, _request: Request) -> Response:
        return await self._done(await run_in_threadpool(self._studio.step, +1))

    async def put_target(self, request: Request) -> Response:
        place = (await json_of(request)).get("place")
        await run_in_threadpool(self._studio.set_target, request.path_params["name"], place)
        return await self._done()

    async def remove_target(self, request: Request) -> Response:
        await run_in_threadpool(self._studio.set_target, request.path_params["name"], None)
        return await self._done()

    async def put_setting(self, request: Request) -> Response:
        value = (await json_of(request)).get("value")
        await run_in_threadpool(self._studio.set_setting, request.path_params["name"], value)
        return await self._done()

    # -- sounds --------------------------------------------------------------------------------------------------------

    async def add_sound(self, request: Request) -> Response:
        asked = request.query_params
        name = file_name_of(asked.get("name"), "recording.wav")
        async with uploaded(request, self._studio.project.folder, name, MOST_SOUND) as path:
            sound = await run_in_threadpool(self._studio.add_sound, path, name, asked.get("channel") or None)
        return await self._done({"id": sound})

    async def scan(self, _request: Request) -> Response:
        return await self._done({"ids": await run_in_threadpool(self._studio.scan)})

    async def change_sound(self, request: Request) -> Response:
        await run_in_threadpool(self._studio.change_sound, request.path_params["id"], await json_of(request))
        return await self._done()

    async def remove_sound(self, request: Request) -> Response:
        await run_in_threadpool(self._studio.remove, "sounds", request.path_params["id"])
        return await self._done()

    async def audio(self, request: Request) -> Response:
        mime, content = await run_in_threadpool(self._studio.audio, request.path_params["id"])
        return Response(content, media_type=mime, headers=_FRESH)

    async def speech(self, request: Request) -> Response:
        return JSONResponse(await run_in_threadpool(self._studio.speech, request.path_params["id"]))

    # -- takes ---------------------------------------------------------------------------------------------------------

    async def add_takes(self, request: Request) -> Response:
        asked = await json_of(request)
        sounds = asked.get("sounds", [asked.get("sound")])
        if not isinstance(sounds, list) or not all(isinstance(s, str) for s in sounds):
            raise SettingError("sounds are the ids of recordings, in a list")
        new = (sounds, asked.get("count", 1), asked.get("seed"), asked.get("settings"))
        ids, job = await run_in_threadpool(self._studio.add_takes, *new)
        return await self._done({"ids": ids, "job": job.id})

    async def change_take(self, request: Request) -> Response:
        found = await run_in_threadpool(self._studio.change_take, request.path_params["id"], await json_of(request))
        return await self._done(found)

    async def remove_take(self, request: Request) -> Response:
        await run_in_threadpool(self._studio.remove, "takes", request.path_params["id"])
        return await self._done()

    async def preview(self, request: Request) -> Response:
        asked = await json_of(request)
        return _packed(await run_in_threadpool(self._studio.preview, request.path_params["id"], asked))

    async def take_events(self, request: Request) -> Response:
        take = request.path_params["id"]
        if (later := await self._later(take)) is not None:
            return later
        return JSONResponse(await run_in_threadpool(self._studio.events, take))

    async def frames(self, request: Request) -> Response:
        take, asked = request.path_params["id"], request.query_params
        if (later := await self._later(take)) is not None:
            return later
        return _packed(await run_in_threadpool(self._studio.frames, take, asked.get("from"), asked.get("to")))

    async def _later(self, take: str) -> Response | None:
        """202 with the job, where a take is not planned yet."""
        if self._studio.is_ready(take):
            return None
        job = await run_in_threadpool(self._studio.planner.of, take)
        await run_in_threadpool(job.ended.wait, WAIT_FOR_PLAN_S)
        if not job.ended.is_set():
            return JSONResponse({"job": job.id}, 202)
        if job.error:
            raise SettingError(job.error)
        return None

    # -- avatar --------------------------------------------------------------------------------------------------------

    async def avatar(self, _request: Request) -> Response:
        return JSONResponse(await run_in_threadpool(self._studio.avatars.described))

    async def avatar_file(self, request: Request) -> Response:
        content = await run_in_threadpool(self._studio.avatars.content, request.query_params.get("look"))
        return Response(content, media_type="model/gltf-binary", headers=_FRESH)

    async def add_avatar(self, request: Request) -> Response:
        name = file_name_of(request.query_params.get("name"), "avatar.glb")
        if Path(name).suffix.lower() not in (".glb", ".vrm"):
            raise SettingError(f"{name}: a .glb or .vrm file is accepted")
        async with uploaded(request, self._studio.project.folder, name, MOST_AVATAR) as path:
            own = await run_in_threadpool(self._studio.avatars.add, path, name)
        return await self._done({"avatar": own})

    # -- exports -------------------------------------------------------------------------------------------------------

    async def export(self, request: Request) -> Response:
        job = await run_in_threadpool(self._studio.deliveries.start, await json_of(request))
        return JSONResponse({"job": job.id})

    async def losses(self, request: Request) -> Response:
        preset = preset_of((await json_of(request)).get("preset"))
        return JSONResponse({"losses": await run_in_threadpool(self._studio.deliveries.losses, preset)})

    async def exported(self, request: Request) -> Response:
        path = self._studio.deliveries.made(request.path_params["job"], request.path_params["name"])
        if path is None:
            return JSONResponse({"error": "there is no such file"}, 404)
        return FileResponse(path, filename=path.name, media_type="application/octet-stream")

    async def job(self, request: Request) -> Response:
        job = self._studio.jobs.find(request.path_params["id"])
        return JSONResponse(job.to_json()) if job else JSONResponse({"error": "there is no such job"}, 404)

    async def cancel(self, request: Request) -> Response:
        job = self._studio.jobs.find(request.path_params["id"])
        if job is None:
            return JSONResponse({"error": "there is no such job"}, 404)
        await run_in_threadpool(self._studio.planner.cancel, job)
        return JSONResponse(job.to_json())

    async def _shown(self) -> dict[str, Any]:
        return await run_in_threadpool(self._studio.shown)

    async def _done(self, more: dict[str, Any] | None = None) -> Response:
        return JSONResponse({"project": await self._shown(), **(more or {})})


def _event(data: dict[str, Any]) -> bytes:
    return f"data: {json.dumps(data, separators=(',', ':'))}\n\n".encode()


def _packed(body: bytes) -> Response:
    return Response(body, media_type="application/octet-stream", headers=_FRESH)


def _whole(text: str | None, usual: int) -> int:
    return int(text) if text is not None and text.isascii() and text.isdigit() and len(text) < 18 else usual
