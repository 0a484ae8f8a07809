"""Sessions of a real server over real sockets: sound in, frames out, states that go on elsewhere, REST and pages."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

pytest.importorskip("starlette", reason="the live server is not installed; talkingeyes[live] brings it")

from talkingeyes.live.frames import Frame, decode
from tests.cli.recordings import spoken
from tests.live.serving import RATE_HZ, TOKEN, Client, Served, connect_socket, frame_numbers, served


@pytest.fixture(scope="module")
def server() -> Iterator[Served]:
    with served("--sessions", "8", "--origin", "https://app.example") as running:
        yield running


@pytest.fixture(scope="module")
def speech() -> np.ndarray:
    return spoken(4.0)


def in_pieces(sound: np.ndarray, piece_s: float = 0.02) -> list[np.ndarray]:
    size = round(piece_s * RATE_HZ)
    return [sound[at : at + size] for at in range(0, len(sound), size)]


def test_frames_come_in_order_and_finish_gives_the_rest(server: Served, speech: np.ndarray) -> None:
    sound = speech[: 2 * RATE_HZ]
    with Client(server, options={"seed": 3}) as client:
        accepted = client.accepted
        assert accepted["type"] == "accept" and accepted["fps"] == 30 and accepted["frame"] == 0
        assert set(accepted["latency_s"]) >= {"gaze", "head", "blinks", "mouth"}
        for piece in in_pieces(sound):
            client.sound(piece)
        client.say({"type": "finish"})
        messages = client.until_closed()
        numbers = frame_numbers(messages)
        assert numbers == list(range(len(numbers))) and len(numbers) >= 60
        assert messages[-1] == {"type": "finished", "frames": len(numbers)}
        assert client.closed is not None and client.closed[0] == 1000


@pytest.mark.parametrize("form", ["json", "msgpack"])
def test_frames_are_those_of_the_wire_format(server: Served, speech: np.ndarray, form: str) -> None:
    with Client(server, format=form) as client:
        client.sound(speech)
        read = []
        while len(read) < 10:
            data = client.socket.recv(timeout=10)
            assert isinstance(data, str) == (form == "json")
            read.append(decode(data))
    assert [frame.number for frame in read if isinstance(frame, Frame)] == list(range(10))
    assert {len(frame.weights) for frame in read if isinstance(frame, Frame)} == {len(client.accepted["names"])}
    assert {frame.session for frame in read} == {client.accepted["session"]}


def test_a_session_goes_on_from_its_state_on_another_server(server: Served, speech: np.ndarray) -> None:
    with Client(server, options={"seed": 7}) as client:
        client.sound(speech[:RATE_HZ])
        client.say({"type": "state"})
        given = client.wait_for("state")
    assert given["taken"]["own"] <= RATE_HZ
    with served() as another, Client(another, state=given["state"]) as client:
        assert client.accepted["frame"] == given["frame"] and client.accepted["taken"] == given["taken"]
        client.sound(speech[given["taken"]["own"] : 2 * RATE_HZ])
        numbers = frame_numbers(client.frames(10))
        assert numbers[0] == given["frame"]
        assert another.metric("sessions_resumed_total") == 1


def test_states_come_by_themselves_when_they_are_asked_for(server: Served, speech: np.ndarray) -> None:
    with Client(server, state_every_s=0.2) as client:
        client.sound(speech[:RATE_HZ])
        frames = [client.wait_for("state")["frame"] for _ in range(3)]
        assert frames == sorted(frames)


def test_commands_are_obeyed_and_wrong_ones_refused_in_one_line(server: Served, speech: np.ndarray) -> None:
    with Client(server) as client:
        for message in (
            {"type": "look", "yaw_deg": 15, "pitch_deg": 0},
            {"type": "look_at", "target": "camera"},
            {"type": "look_at", "target": [0.3, 0.1, 1.0]},
            {"type": "release"},
            {"type": "interrupt"},
            {"type": "set", "amounts": {"eye_contact": 0.5, "blink_rate": 2}},
        ):
            client.say(message)
        client.sound(speech[:RATE_HZ])
        client.frames(5)
        wrong: list[tuple[Any, str]] = [
            ({"type": "look", "yaw_deg": 500, "pitch_deg": 0}, "out of reach"),
            ({"type": "look_at", "target": "the moon"}, "moon"),
            ({"type": "set", "amounts": {"eye_contact": 99}}, "eye_contact"),
            ({"type": "set", "amounts": {"charm": 1}}, "charm"),
            ({"type": "hello", "version": 1}, "runs already"),
        ]
        for message, reason in wrong:
            client.say(message)
            said = client.wait_for("error")["message"]
            assert reason in said and "\n" not in said, said


@pytest.mark.parametrize(
    ("hello", "code", "reason"),
    [
        ({"token": "wrong"}, 4401, "token"),
        ({"version": 9}, 4400, "version is 9"),
        ({"options": {"fps": 9000}}, 4400, "fps is 9000"),
        ({"options": {"seed": -1}}, 4400, "seed is -1"),
        ({"options": {"role": "dancing"}}, 4400, "role is 'dancing'"),
        ({"options": {"colour": 3}}, 4400, "colour"),
        ({"options": {"face": "/etc/passwd"}}, 4400, "face"),
        ({"state": {}}, 4400, "state"),
        ({"state": {"session": {"config": []}, "taken": {}, "rates_hz": {}}}, 4400, "state"),
        ({"state": {"x": 1}, "options": {"seed": 1}}, 4400, "both given"),
        ({"id": "../../etc"}, 4400, "id is"),
        ({"ticket": "invented"}, 4401, "ticket is unknown"),
        ({"rates_hz": {"own": 4000}}, 4400, "rates_hz.own is 4000"),
    ],
    ids=str,
)
def test_a_hello_that_is_wrong_is_refused_with_the_reason(
    server: Served, hello: dict[str, Any], code: int, reason: str
) -> None:
    with Client(server, **hello) as client:
        assert client.accepted["type"] == "error"
        assert reason in client.accepted["message"] and "\n" not in client.accepted["message"]
        client.until_closed()
        assert client.closed is not None and client.closed[0] == code


def test_two_sessions_with_one_id(server: Served) -> None:
    with Client(server, id="mine") as first, Client(server, id="mine") as second:
        assert first.accepted["session"] == "mine"
        assert "mine runs already" in second.accepted["message"]
        second.until_closed()
        assert second.closed is not None and second.closed[0] == 4409
        assert server.get("/v1/sessions/mine")[0] == 200
        assert server.get("/v1/sessions/mine", method="DELETE")[0] == 204
        messages = first.until_closed()
        assert messages[-1]["type"] == "state" and "DELETE" in messages[-1]["reason"]
    assert server.get("/v1/sessions/mine")[0] == 404


def test_no_more_sessions_than_there_is_room_for(server: Served) -> None:
    clients = [Client(server) for _ in range(9)]
    try:
        assert [client.accepted["type"] for client in clients] == ["accept"] * 8 + ["error"]
        assert "8 sessions run already" in clients[-1].accepted["message"]
        assert server.get("/v1/sessions", method="POST", body={})[0] == 429
        assert len(server.json("/v1/sessions")["sessions"]) == 8
    finally:
        for client in clients:
            client.socket.close()


def test_a_ticket_lets_one_client_in_without_the_token(server: Served) -> None:
    status, body = server.get("/v1/sessions", method="POST", body={"id": "guest", "options": {"fps": 60}})
    made = json.loads(body)
    assert status == 201 and made["session"] == "guest"
    assert server.get("/v1/sessions", method="POST", body={"id": "guest"})[0] == 409
    with Client(server, token=None, ticket=made["ticket"]) as client:
        assert client.accepted["session"] == "guest" and client.accepted["fps"] == 60
        with Client(server, token=None, ticket=made["ticket"]) as again:
            assert "ticket is unknown" in again.accepted["message"]


def test_what_needs_the_token_and_what_does_not(server: Served) -> None:
    wrong = {"Authorization": "Bearer wrong"}
    for path in ("/v1/sessions", "/v1/sessions/x", "/metrics", "/v1/anything"):
        assert server.get(path, **wrong)[0] == 401, path
    for path in ("/", "/health", "/v1/schema", "/docs", "/page.json", "/live.js", "/worklet.js", "/talkingeyes-live.js",
                 "/live.css", "/docs.css", "/icon.svg", "/avatars/default.glb", "/avatars/lin.glb"):  # fmt: skip
        assert server.get(path, **wrong)[0] == 200, path
    for path in ("/avatars/..%2f..%2fsecret.glb", "/avatars/nobody.glb", "/nothing"):
        assert server.get(path)[0] == 404, path
    assert server.get("/v1/sessions", method="POST", body={"colour": 1})[0] == 400
    assert server.get("/v1/sessions", method="POST", body={"id": "x" * 100_000})[0] == 413


def test_pages_of_others_do_not_get_in(server: Served) -> None:
    from websockets.exceptions import InvalidStatus

    assert server.get("/v1/sessions", Origin="https://evil.example")[0] == 403
    assert server.get("/health", Host="evil.example")[0] == 403
    assert server.get("/health", Origin=f"http://127.0.0.1:{server.port}")[0] == 200
    for origin, enters in (("https://evil.example", False), ("https://app.example", True)):
        headers = {"Origin": origin, "Authorization": f"Bearer {TOKEN}"}
        try:
            socket = connect_socket(server.sessions_url, additional_headers=headers)
        except InvalidStatus as error:
            assert error.response.status_code == 403 and not enters
        else:
            with Client(server, socket, token=None) as client:
                assert enters and client.accepted["type"] == "accept", "and a header may carry the token"


def test_health_metrics_and_schema(server: Served, speech: np.ndarray) -> None:
    assert server.json("/health")["status"] == "ok"
    before = {name: server.metric(name) for name in ("sessions_total", "frames_total", "received_bytes_total")}
    with Client(server) as client:
        client.sound(speech)
        client.frames(30)
        assert server.metric("sessions") >= 1
    assert server.metric("sessions_total") == before["sessions_total"] + 1
    assert server.metric("frames_total") >= before["frames_total"] + 30
    assert server.metric("received_bytes_total") > before["received_bytes_total"] + 2 * len(speech)
    assert server.metric("failures_total") == 0
    document = server.json("/v1/schema")
    assert document["channels"]["sessions"]["address"] == "/v1/sessions"
    assert document["x-limits"]["sessions"] == 8
    page = server.get("/docs")[1].decode()
    assert "look_at" in page and "<script" not in page


def test_the_page_says_what_it_may_load(server: Served) -> None:
    import urllib.request

    with urllib.request.urlopen(f"http://127.0.0.1:{server.port}/", timeout=10) as answer:
        policy, page = answer.headers["content-security-policy"], answer.read().decode()
    assert "default-src 'none'" in policy and "unsafe" not in policy and "http" not in policy
    assert "<script>" not in page and " style=" not in page and "://" not in page.split("-->")[-1]
