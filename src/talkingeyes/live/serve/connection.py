"""A client's WebSocket from its first message to its last."""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import dataclass
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect

from talkingeyes.errors import SettingError, TalkingEyesError
from talkingeyes.live.serve.limits import Allowance
from talkingeyes.live.serve.protocol import Message, Sound, parse_sound, parse_text
from talkingeyes.live.serve.runner import FAILED, Begin, Runner
from talkingeyes.live.serve.server import BAD, TIMEOUT, UNKNOWN_CLIENT, LiveServer, RefusedError
from talkingeyes.wording import one_line

_MOST_ERRORS = 20
"""Messages that are refused before the connection is closed."""


async def connect(websocket: WebSocket, server: LiveServer) -> None:
    """Serve one client: hello, then sound and commands in, frames out."""
    refusal = server.gate.refusal(websocket.headers)
    if refusal is not None:
        server.metrics.count("sessions_refused_total")
        await websocket.close(1008, refusal)  # before it is accepted: HTTP 403
        return
    await websocket.accept()
    try:
        runner, accepted = await _begin(websocket, server)
    except RefusedError as error:
        await _say_goodbye(websocket, error.code, str(error))
        return
    except WebSocketDisconnect:
        return
    try:
        await websocket.send_text(json.dumps({**accepted, "instance": server.instance}))
        await _exchange(websocket, server, runner)
    except (WebSocketDisconnect, RuntimeError):  # RuntimeError: starlette's word for sending to a client that is gone
        pass
    finally:
        server.end(runner)


async def _begin(websocket: WebSocket, server: LiveServer) -> tuple[Runner, dict[str, Any]]:
    """The session that the first message asks for, and the answer.

    Raises:
        RefusedError: there is none, with the reason.
    """
    hello_s = server.limits.hello_s
    try:
        async with asyncio.timeout(hello_s):
            hello = await _hello(websocket, server)
    except TimeoutError:
        raise RefusedError(TIMEOUT, f"no hello came within {hello_s:g} s") from None
    except SettingError as error:
        raise RefusedError(BAD, str(error)) from None
    options, name = hello["options"] or {}, hello["id"]
    if hello["ticket"] is not None:
        made = server.redeem(hello["ticket"])
        options, name = {**made.options, **options}, made.id
    elif not (server.gate.knows(server.gate.bearer(websocket.headers)) or server.gate.knows(hello["token"])):
        server.metrics.count("sessions_refused_total")
        raise RefusedError(
            UNKNOWN_CLIENT, "hello: the token is missing or wrong; the server printed it when it started"
        )
    begin = Begin(
        options=options,
        state=hello["state"],
        rates_hz=hello["rates_hz"] or {},
        live=("other",) if hello["live"] is None else tuple(hello["live"]),
        format=hello["format"] or "json",
        state_every_s=hello["state_every_s"] or 0.0,
    )
    runner = server.begin(begin, name, reserved=hello["ticket"] is not None)
    try:
        return runner, await runner.started
    except TalkingEyesError as error:
        server.end(runner)
        raise RefusedError(BAD, f"hello: {one_line(str(error))}") from None
    except asyncio.CancelledError:
        server.end(runner)
        raise
    except Exception:  # noqa: BLE001 (an error of ours: logged where it happened)
        server.end(runner)
        raise RefusedError(FAILED, "the session cannot begin; the server's log says why") from None


async def _hello(websocket: WebSocket, server: LiveServer) -> Message:
    data = await _receive(websocket, server)
    if not isinstance(data, str):
        raise SettingError("the first message is sound; hello, a text message, is accepted")
    message = parse_text(data)
    if message.type != "hello":
        raise SettingError(f"the first message is {message.type}; hello is accepted")
    if message["state"] is not None and message["options"]:
        raise SettingError("hello: state and options are both given; a state has its options with it")
    return message


async def _receive(websocket: WebSocket, server: LiveServer) -> str | bytes:
    """The next message.

    Raises:
        WebSocketDisconnect: the client is gone.
    """
    event = await websocket.receive()
    if event["type"] == "websocket.disconnect":
        raise WebSocketDisconnect(event.get("code", 1006))
    text = event.get("text")
    data: str | bytes = text if text is not None else event["bytes"]
    server.metrics.count("received_bytes_total", len(data))
    return data


async def _exchange(websocket: WebSocket, server: LiveServer, runner: Runner) -> None:
    """Both directions until one ends, or nobody says anything any more."""
    heard = _Heard(time.monotonic())
    tasks = {
        asyncio.create_task(_read(websocket, server, runner, heard)),
        asyncio.create_task(_write(websocket, server, runner)),
        asyncio.create_task(_hang_up(server, runner, heard)),
    }
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@dataclass
class _Heard:
    """When the client's last message came, of `time.monotonic`, or until when none is read."""

    at_s: float


async def _hang_up(server: LiveServer, runner: Runner, heard: _Heard) -> None:
    """End when no message has come for too long."""
    idle_s = server.limits.idle_s
    while (left_s := min(heard.at_s - time.monotonic(), 0.0) + idle_s) > 0:
        await asyncio.sleep(left_s)
    runner.hand_over(f"no message for {idle_s:g} s", TIMEOUT)
    await asyncio.sleep(server.limits.hand_over_s)  # the writer closes


async def _read(websocket: WebSocket, server: LiveServer, runner: Runner, heard: _Heard) -> None:
    limits, errors = server.limits, 0
    allowance = Allowance(limits.bytes_per_s, limits.burst_bytes, time.monotonic())
    while True:
        data = await _receive(websocket, server)
        heard.at_s = time.monotonic()
        try:
            runner.post(_parsed(data, limits.message_bytes))
        except SettingError as error:
            runner.complain(str(error))
            errors += 1
            if errors >= _MOST_ERRORS:
                await _say_goodbye(websocket, BAD, f"{errors} messages were refused, the last one: {error}")
                return
        if (wait_s := allowance.take(len(data), heard.at_s)) > 0:
            heard.at_s += wait_s
            await asyncio.sleep(wait_s)  # nothing is read meanwhile: the client's own system holds it back


def _parsed(data: str | bytes, message_bytes: float) -> Sound | Message:
    if isinstance(data, bytes):
        return parse_sound(data, message_bytes)
    message = parse_text(data)
    if message.type == "hello":
        raise SettingError("hello: the session runs already")
    return message


async def _write(websocket: WebSocket, server: LiveServer, runner: Runner) -> None:
    while True:
        parcel = await runner.outbox.get()
        if parcel.close is not None:
            await websocket.close(*parcel.close)
            return
        server.metrics.count("sent_bytes_total", len(parcel.data))
        if isinstance(parcel.data, str):
            await websocket.send_text(parcel.data)
        else:
            await websocket.send_bytes(parcel.data)


async def _say_goodbye(websocket: WebSocket, code: int, message: str) -> None:
    """The reason as a message, whole, and in short as the close frame has room for it (123 bytes)."""
    try:
        await websocket.send_text(json.dumps({"type": "error", "message": one_line(message)}))
        await websocket.close(code, one_line(message).encode()[:120].decode(errors="ignore"))
    except (WebSocketDisconnect, RuntimeError):
        return
