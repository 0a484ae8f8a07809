"""Sinks over real loopback sockets: what arrives, slow readers, readers that vanish, and what is refused."""

import asyncio
import contextlib
import json
import os
import socket
import stat
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("websockets")
pytest.importorskip("pythonosc")
from pythonosc.osc_packet import OscPacket
from websockets.asyncio.client import connect
from websockets.asyncio.server import serve
from websockets.exceptions import ConnectionClosed, InvalidStatus

from talkingeyes.errors import OutputError, SettingError, TalkingEyesError
from talkingeyes.live import live_link, vtube_sink
from talkingeyes.live.frames import Frame, Hello, decode, frames_of
from talkingeyes.live.sinks import Sink
from talkingeyes.live.targets import sink_of
from talkingeyes.live.vtube import parameters_of
from talkingeyes.live.websocket_sinks import HELD, Listening
from talkingeyes.motion import Motion
from tests.live.test_frames import moving

HELLO = Hello("test", 30.0, latency_s={"mouth": 0.15})


def run(work: Awaitable[Any]) -> Any:
    async def bounded() -> Any:
        return await asyncio.wait_for(work, 15)

    return asyncio.run(bounded())


@contextlib.contextmanager
def datagrams() -> Any:
    with socket.socket(type=socket.SOCK_DGRAM) as there:
        there.bind(("127.0.0.1", 0))
        there.settimeout(5)
        yield there, there.getsockname()[1]


def test_vmc_arrives() -> None:
    with datagrams() as (there, port):

        async def send() -> Sink:
            sink = sink_of(f"vmc://127.0.0.1:{port}?mouth=arkit&vrm=1")
            await sink.open(HELLO)
            sink.send(moving(2))
            await sink.close()
            return sink

        sink = run(send())
        found: list[tuple[str, list[Any]]] = []
        while [address for address, _ in found].count("/VMC/Ext/Blend/Apply") < 2:
            found += [(m.message.address, list(m.message.params)) for m in OscPacket(there.recv(65536)).messages]
    names = {values[0] for address, values in found if address == "/VMC/Ext/Blend/Val"}
    assert {"jawOpen", "blinkLeft"} <= names
    assert not names & {"A", "Blink_L", "aa"}
    assert (sink.sent, sink.dropped) == (2, 0)


def test_live_link_arrives() -> None:
    with datagrams() as (there, port):

        async def send() -> None:
            sink = sink_of(f"livelink://127.0.0.1:{port}?subject=Eyes")
            await sink.open(HELLO)
            sink.send(moving(2, start=5))
            await sink.close()

        run(send())
        packets = [live_link.decode(there.recv(65536)) for _ in range(2)]
    assert [(p.subject, p.frame) for p in packets] == [("Eyes", 5), ("Eyes", 6)]


def test_a_receiver_that_is_not_there_is_no_error() -> None:
    with datagrams() as (_, port):
        pass

    async def send() -> Sink:
        sink = sink_of(f"vmc://127.0.0.1:{port}")
        await sink.open(HELLO)
        for k in range(20):
            sink.send(moving(1, start=k))
            await asyncio.sleep(0)
        await sink.close()
        return sink

    sink = run(send())
    assert sink.sent + sink.dropped == 20


class Server:
    """A WebSocket server that keeps what came."""

    def __init__(self) -> None:
        self.came: list[Any] = []
        self.connections = 0

    async def __call__(self, there: Any) -> None:
        self.connections += 1
        async for message in there:
            self.came.append(message)

    async def until(self, done: Callable[[], bool]) -> None:
        while not done():
            await asyncio.sleep(0.005)


@pytest.mark.parametrize("form", ["json", "msgpack"])
def test_a_web_socket_server_gets_a_hello_and_frames(form: str) -> None:
    server = Server()

    async def work() -> None:
        async with serve(server, "127.0.0.1", 0) as listening:
            port = listening.sockets[0].getsockname()[1]
            sink = sink_of(f"ws://127.0.0.1:{port}/live?format={form}")
            await sink.open(HELLO)
            sink.send(moving(3))
            await sink.flush()
            sink.send(moving(2, start=3))
            await sink.close()
            await server.until(lambda: len(server.came) == 6)

    run(work())
    assert all(isinstance(message, str if form == "json" else bytes) for message in server.came)
    messages = [decode(message) for message in server.came]
    assert messages[0] == HELLO
    assert [m.number for m in messages[1:] if isinstance(m, Frame)] == [0, 1, 2, 3, 4]


def test_a_connection_that_is_lost_is_made_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("talkingeyes.live.websocket_sinks.RETRY_S", 0.01)
    server = Server()

    async def once(there: Any) -> None:
        await there.recv()
        await there.close()

    async def work() -> Sink:
        async with serve(once, "127.0.0.1", 0) as first:
            port = first.sockets[0].getsockname()[1]
            sink = sink_of(f"ws://127.0.0.1:{port}")
            await sink.open(HELLO)
            while not sink.problem:
                sink.send(moving(1))
                await asyncio.sleep(0.005)
        async with serve(server, "127.0.0.1", port):
            while len(server.came) < 3:
                sink.send(moving(1))
                await asyncio.sleep(0.01)
            await sink.close()
        return sink

    sink = run(work())
    assert isinstance(decode(server.came[0]), Hello)
    assert sink.problem == ""


def test_nobody_there_is_one_clear_line() -> None:
    with socket.socket() as there:
        there.bind(("127.0.0.1", 0))
        port = there.getsockname()[1]
    for target in (f"ws://127.0.0.1:{port}", f"vts://127.0.0.1:{port}"):
        with pytest.raises(OutputError, match="connection refused"):
            run(sink_of(target).open(HELLO))


async def listening(text: str = "listen://127.0.0.1:0") -> Listening:
    sink = sink_of(text)
    assert isinstance(sink, Listening)
    await sink.open(HELLO)
    return sink


def test_a_small_server_gives_every_reader_a_hello_and_frames() -> None:
    async def work() -> None:
        sink = await listening()
        url = f"ws://127.0.0.1:{sink.port}"
        async with connect(url) as one, connect(url, origin="http://localhost:8000") as two:  # type: ignore[arg-type]
            assert decode(await one.recv()) == decode(await two.recv()) == HELLO
            sink.send(moving(2))
            for reader in (one, two):
                assert [decode(await reader.recv()) for _ in range(2)] == frames_of(moving(2), "test")
        await sink.close()

    run(work())


def test_pages_of_other_places_may_not_listen() -> None:
    async def work() -> None:
        sink = await listening("listen://127.0.0.1:0?origin=https://mine.example")
        url = f"ws://127.0.0.1:{sink.port}"
        for origin in ("https://evil.example", "http://localhost.evil.example", "null"):
            with pytest.raises(InvalidStatus):
                await connect(url, origin=origin)  # type: ignore[arg-type]
        async with connect(url, origin="https://mine.example") as reader:  # type: ignore[arg-type]
            assert decode(await reader.recv()) == HELLO
        await sink.close()

    run(work())


def test_readers_that_talk_send_giants_or_vanish_hurt_nobody() -> None:
    async def work() -> None:
        sink = await listening()
        url = f"ws://127.0.0.1:{sink.port}"
        async with connect(url) as good:
            assert decode(await good.recv()) == HELLO
            for data in ("hello", "x" * 100_000, b"\x00" * 5000):
                async with connect(url) as bad:
                    await bad.recv()
                    with contextlib.suppress(ConnectionClosed):
                        await bad.send(data)
                        await bad.recv()
                        await bad.recv()
            raw = socket.create_connection(("127.0.0.1", sink.port))
            raw.sendall(b"GET / HTTP/1.1\r\n" + bytes(200))
            raw.close()
            vanishing = await connect(url)
            vanishing.transport.abort()
            await asyncio.sleep(0)
            sink.send(moving(1))
            assert decode(await good.recv()) == frames_of(moving(1), "test")[0]
        await sink.close()

    run(work())


def test_a_slow_reader_loses_frames_and_the_newest_wins() -> None:
    async def work() -> tuple[list[int], Sink]:
        sink = await listening()
        reader = await connect(f"ws://127.0.0.1:{sink.port}")
        await reader.recv()
        for k in range(0, 400, 100):
            sink.send(moving(100, start=k))  # nobody reads in between
        numbers = []
        while not numbers or numbers[-1] != 399:
            frame = decode(await reader.recv())
            assert isinstance(frame, Frame)
            numbers.append(frame.number)
        await reader.close()
        await sink.close()
        return numbers, sink

    numbers, sink = run(work())
    assert numbers == sorted(numbers)
    assert len(numbers) <= HELD + 1
    assert sink.dropped == 400 - len(numbers)


# -- VTube Studio ----------------------------------------------------------------------------------------------------

REQUEST_FIELDS = {"apiName", "apiVersion", "requestID", "messageType", "data"}
DEFAULT_PARAMETERS = {
    "FacePositionX", "FacePositionY", "FacePositionZ", "FaceAngleX", "FaceAngleY", "FaceAngleZ", "MouthSmile",
    "MouthOpen", "Brows", "TongueOut", "CheekPuff", "FaceAngry", "BrowLeftY", "BrowRightY", "EyeOpenLeft",
    "EyeOpenRight", "EyeLeftX", "EyeLeftY", "EyeRightX", "EyeRightY", "MousePositionX", "MousePositionY", "MouthX",
}  # fmt: skip
"""By VTube Studio's documentation."""


class Studio:
    """VTube Studio as its public interface is documented: checks every message, asks its user once."""

    def __init__(self, allow: bool = True) -> None:
        self.allow, self.asked, self.injected = allow, 0, []  # type: ignore[var-annotated]
        self.tokens: set[str] = set()
        self.answer_wrong: str | None = None

    async def __call__(self, there: Any) -> None:
        signed_in = False
        async for text in there:
            message = json.loads(text)
            assert set(message) == REQUEST_FIELDS
            assert (message["apiName"], message["apiVersion"]) == ("VTubeStudioPublicAPI", "1.0")
            assert 1 <= len(message["requestID"]) <= 64
            assert message["requestID"].isascii()
            kind, data = message["messageType"], message["data"]
            if kind in ("AuthenticationTokenRequest", "AuthenticationRequest"):
                assert 3 <= len(data["pluginName"]) <= 32
                assert 3 <= len(data["pluginDeveloper"]) <= 32
            if kind == "AuthenticationTokenRequest":
                self.asked += 1
                if self.allow:
                    self.tokens.add("a-token")
                    answer = {"authenticationToken": "a-token"}
                else:
                    kind, answer = "APIErrorRequest", {"errorID": 50, "message": "User has denied API access."}
            elif kind == "AuthenticationRequest":
                signed_in = data["authenticationToken"] in self.tokens
                answer = {"authenticated": signed_in, "reason": "."}
            else:
                assert kind == "InjectParameterDataRequest"
                assert signed_in
                assert data["mode"] == "set"
                values = {entry["id"]: entry["value"] for entry in data["parameterValues"]}
                assert values.keys() <= DEFAULT_PARAMETERS
                assert all(isinstance(v, float | int) and -1e6 <= v <= 1e6 for v in values.values())
                self.injected.append(values)
                answer = {}
            reply = {
                "apiName": "VTubeStudioPublicAPI", "apiVersion": "1.0", "timestamp": 1, "data": answer,
                "requestID": message["requestID"], "messageType": kind.replace("Request", "Response"),
            }  # fmt: skip
            if kind == "APIErrorRequest":
                reply["messageType"] = "APIError"
            await there.send(self.answer_wrong or json.dumps(reply))


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.delenv(vtube_sink.TOKEN_VARIABLE, raising=False)
    return tmp_path


async def through_studio(studio: Studio, motion: Motion, options: str = "") -> Sink:
    async with serve(studio, "127.0.0.1", 0) as listening:
        port = listening.sockets[0].getsockname()[1]
        sink = sink_of(f"vts://127.0.0.1:{port}{options}")
        await sink.open(HELLO)
        sink.send(motion)
        await sink.flush()
        await sink.close()
    return sink


def test_vtube_studio_asks_once_and_gets_parameters(home: Path) -> None:
    studio = Studio()
    sink = run(through_studio(studio, moving(1)))
    run(through_studio(studio, moving(1)))
    assert studio.asked == 1  # the token is kept
    assert studio.injected == [parameters_of(moving(1))] * 2
    assert studio.injected[0].keys() >= {
        "FaceAngleX",
        "EyeLeftX",
        "EyeOpenLeft",
        "MouthOpen",
        "MouthSmile",
        "BrowLeftY",
    }
    assert (sink.sent, sink.dropped) == (1, 0)
    kept = vtube_sink.token_path()
    assert kept.is_relative_to(home)
    if os.name == "posix":
        assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def test_a_token_may_be_given(monkeypatch: pytest.MonkeyPatch) -> None:
    studio = Studio(allow=False)
    studio.tokens.add("mine")
    run(through_studio(studio, moving(1), "?token=mine"))
    monkeypatch.setenv(vtube_sink.TOKEN_VARIABLE, "mine")
    run(through_studio(studio, moving(1)))
    assert (studio.asked, len(studio.injected)) == (0, 2)


def test_a_token_that_was_revoked_is_asked_for_again() -> None:
    studio = Studio()
    run(through_studio(studio, moving(1)))
    studio.tokens.clear()
    run(through_studio(studio, moving(1)))
    assert studio.asked == 2


def test_a_user_who_denies_is_one_clear_line() -> None:
    with pytest.raises(OutputError, match="refuses: User has denied API access"):
        run(through_studio(Studio(allow=False), moving(1)))


@pytest.mark.parametrize("wrong", ["{}", "[]", "no", '{"apiName": "VTubeStudioPublicAPI"}', "[" * 5000])
def test_an_answer_that_is_none_is_one_clear_line(wrong: str) -> None:
    studio = Studio()
    studio.answer_wrong = wrong
    with pytest.raises(OutputError, match="VTube Studio's answer") as caught:
        run(through_studio(studio, moving(1)))
    assert "\n" not in str(caught.value)


def test_only_the_newest_of_several_frames_goes_to_vtube_studio() -> None:
    studio = Studio()
    sink = run(through_studio(studio, moving(50)))
    assert studio.injected == [parameters_of(moving(50))]
    assert (sink.sent, sink.dropped) == (1, 49)


def test_parameters_have_the_signs_of_live2d() -> None:
    head, eyes = np.radians([[20.0, 10.0, 5.0]]), np.radians([[[15.0, 8.0], [15.0, 8.0]]])
    found = parameters_of(Motion(fps=30, head_rad=head, eyes_rad=eyes, lids=np.array([[1.0, 0.0]])))
    assert found["FaceAngleX"] == pytest.approx(20, abs=1e-4)  # + is the right of the screen: the character's left
    assert found["FaceAngleY"] == pytest.approx(10, abs=1e-4)  # + is up
    assert found["FaceAngleZ"] == pytest.approx(-5, abs=1e-4)  # + leans to the right of the screen
    assert found["EyeLeftX"] == found["EyeRightX"] > 0.3
    assert found["EyeLeftY"] > 0.2
    assert (found["EyeOpenLeft"], found["EyeOpenRight"]) == (0.0, 1.0)


def test_parameters_stay_in_their_ranges() -> None:
    for k in range(30):
        for name, value in parameters_of(moving(1, start=k)).items():
            most = 30 if name.startswith("FaceAngle") else 1
            signed = name.startswith("FaceAngle") or name in (
                "EyeLeftX",
                "EyeLeftY",
                "EyeRightX",
                "EyeRightY",
                "MouthX",
            )
            assert (-most if signed else 0) <= value <= most, name


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("http://127.0.0.1:1", "http:// is not known"),
        ("ws://127.0.0.1", "has no port"),
        ("vmc://127.0.0.1:1?mouth=lips", "mouth is 'lips'; vowels, arkit"),
        ("vmc://127.0.0.1:1?subject=x", "'subject' is not known; accepted options: mouth, vrm"),
        ("listen://127.0.0.1:1?format=xml", "format is 'xml'"),
        ("livelink://h:1?subject=" + "x" * 300, "256 bytes"),
        ("vmc://[::1", "is no address"),
    ],
)
def test_what_is_no_target_is_refused(target: str, said: str) -> None:
    with pytest.raises((SettingError, OutputError)) as caught:
        sink_of(target)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_port_in_use_is_one_clear_line() -> None:
    with socket.socket() as there:
        there.bind(("127.0.0.1", 0))
        there.listen()
        with pytest.raises(TalkingEyesError, match="address already in use"):
            run(sink_of(f"listen://127.0.0.1:{there.getsockname()[1]}").open(HELLO))
