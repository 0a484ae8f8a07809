"""The server's parts: what messages are accepted, who may come in, fair turns, slow readers, counts."""

from __future__ import annotations

import asyncio
import json
import threading
import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("starlette", reason="the live server is not installed; talkingeyes[live] brings it")

import contextlib
import itertools

from starlette.datastructures import Headers

from talkingeyes.errors import SettingError
from talkingeyes.lanes import Lane, alone
from talkingeyes.live.serve import runner as runners
from talkingeyes.live.serve.gate import Gate
from talkingeyes.live.serve.limits import Allowance, Limits
from talkingeyes.live.serve.metrics import Metrics
from talkingeyes.live.serve.outbox import Outbox, Parcel
from talkingeyes.live.serve.protocol import CLIENT, Message, Sound, parse_sound, parse_text
from talkingeyes.live.serve.schema import SERVER, asyncapi
from talkingeyes.live.serve.workers import Worker

ACCEPTED = [
    {"type": "hello", "version": 1},
    {"type": "hello", "version": 1, "options": {"seed": 3}, "rates_hz": {"own": 24000}, "format": "msgpack"},
    {"type": "look", "yaw_deg": 10, "pitch_deg": -5.5, "hold_s": 2},
    {"type": "look_at", "target": "camera"},
    {"type": "look_at", "target": [0, 0.1, 1]},
    {"type": "release"},
    {"type": "set", "amounts": {"eye_contact": 0.5}},
]
REFUSED = [
    ("[]", "type is None"),
    ('{"type": "dance"}', "type is 'dance'; hello, look"),
    ('{"type": "hello"}', "version is missing"),
    ('{"type": "hello", "version": 2}', "version is 2; 1 is accepted"),
    ('{"type": "hello", "version": 1, "color": 3}', "'color' is not known"),
    ('{"type": "hello", "version": 1, "rates_hz": {"own": 1}}', "rates_hz.own is 1; 8000 to 192000"),
    ('{"type": "hello", "version": 1, "rates_hz": {"own": 16000.5}}', "rates_hz.own is 16000.5; integer"),
    ('{"type": "hello", "version": 1, "rates_hz": {"third": 16000}}', "'third' is not known"),
    ('{"type": "look", "yaw_deg": "left", "pitch_deg": 0}', "yaw_deg is 'left'; number"),
    ('{"type": "look", "yaw_deg": NaN, "pitch_deg": 0}', "NaN is no JSON number"),
    ('{"type": "look", "yaw_deg": 1e999, "pitch_deg": 0}', "not finite"),
    ('{"type": "look", "yaw_deg": true, "pitch_deg": 0}', "yaw_deg is True; number"),
    ('{"type": "look", "yaw_deg": ' + "9" * 400 + ', "pitch_deg": 0}', "yaw_deg is a whole number of"),
    ('{"type": "look_at", "target": [1, 2]}', "string or array"),
    ('{"type": "set", "amounts": {"eye_contact": "much"}}', "amounts.eye_contact is 'much'"),
    ("{" * 5000, "not JSON"),
    ("garbage", "not JSON"),
]


@pytest.mark.parametrize("message", ACCEPTED, ids=str)
def test_a_message_by_the_table_is_accepted(message: dict[str, object]) -> None:
    assert parse_text(json.dumps(message)).type == message["type"]


@pytest.mark.parametrize(("text", "reason"), REFUSED, ids=[reason for _, reason in REFUSED])
def test_another_message_is_refused_in_one_line(text: str, reason: str) -> None:
    with pytest.raises(SettingError) as caught:
        parse_text(text)
    assert reason in str(caught.value)
    assert "\n" not in str(caught.value) and len(str(caught.value)) < 400


@given(
    st.one_of(
        st.text(),
        st.recursive(
            st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
            lambda c: (
                st.lists(c)
                | st.dictionaries(st.sampled_from(["type", "version", "options", "yaw_deg", "target"]) | st.text(), c)
            ),
        ).map(json.dumps),
    )
)
def test_no_text_does_anything_but_parse_or_be_refused(text: str) -> None:
    with contextlib.suppress(SettingError):
        parse_text(text)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "begins with nothing"),
        (b"\x00", "begins with 00"),
        (b"\x02\x00ab", "begins with 02 00"),
        (b"\x00\x01ab", "begins with 00 01"),
        (b"\x00\x00abc", "3 bytes of PCM"),
        (b"\x00\x00" + bytes(2000), "2002 bytes in a message; 1000 are accepted"),
    ],
)
def test_sound_that_is_no_sound_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(SettingError, match=reason):
        parse_sound(data, 1000)


def test_sound_is_little_endian_with_its_voice_in_front() -> None:
    sound = parse_sound(b"\x01\x00\x01\x00\xff\xff\x00\x80", 1000)
    assert sound.voice == "other"
    assert sound.samples.tolist() == [1, -1, -32768]


@pytest.mark.parametrize("value", [0, -1, float("nan"), float("inf"), True, "many", None])
def test_a_limit_that_is_none_is_refused(value: object) -> None:
    with pytest.raises(SettingError, match="sessions is"):
        Limits(sessions=value)  # type: ignore[arg-type]


def test_an_allowance_fills_at_its_rate_and_lets_a_burst_pass() -> None:
    allowance = Allowance(rate=100, burst=1000, now_s=0)
    assert allowance.take(1000, 0) == 0
    assert allowance.take(50, 0) == 0.5
    assert allowance.take(0, 0.5) == 0
    assert allowance.take(1000, 1000) == 0, "it does not save up more than a burst"
    assert allowance.take(100, 1000) == 1


@pytest.mark.parametrize(
    ("headers", "passes"),
    [
        ({"host": "127.0.0.1:80"}, True),
        ({"host": "localhost:8642", "origin": "http://localhost:8642"}, True),
        ({"host": "[::1]:8642"}, True),
        ({"host": "evil.example:8642"}, False),
        ({"host": "localhost.evil.example"}, False),
        ({}, False),
        ({"host": "localhost:8642", "origin": "http://localhost:9999"}, False),
        ({"host": "localhost:8642", "origin": "https://evil.example"}, False),
        ({"host": "localhost:8642", "origin": "null"}, False),
        ({"host": "localhost:8642", "origin": "https://app.example"}, True),
    ],
)
def test_only_this_machines_names_and_pages_that_are_named_are_served(headers: dict[str, str], passes: bool) -> None:
    gate = Gate("secret-token", "127.0.0.1", ["https://app.example/"])
    assert (gate.refusal(Headers(headers)) is None) == passes


def test_the_token_is_the_whole_token() -> None:
    gate = Gate("secret-token", "127.0.0.1")
    assert gate.knows("secret-token")
    assert not any(map(gate.knows, ("secret-toke", "secret-token ", "", None, "SECRET-TOKEN", "é")))
    assert gate.bearer(Headers({"authorization": "bearer  secret-token"})) == "secret-token"
    assert gate.bearer(Headers({"authorization": "Basic secret-token"})) is None
    assert Gate(None, "127.0.0.1").knows(None)


def test_a_slow_reader_loses_the_oldest_frames_and_nothing_else() -> None:
    async def scene() -> tuple[list[object], int]:
        dropped: list[int] = []
        outbox = Outbox(asyncio.get_running_loop(), 3, dropped.append)
        for number in range(10):
            outbox.put(Parcel(f"frames {number}", frames=2))
            if number in (1, 5):
                outbox.put(Parcel(f"state {number}"))
        return [(await outbox.get()).data for _ in range(5)], sum(dropped)

    held, dropped = asyncio.run(scene())
    assert held == ["state 1", "state 5", "frames 7", "frames 8", "frames 9"]
    assert dropped == 14


def test_a_message_from_another_thread_wakes_the_reader() -> None:
    async def scene() -> object:
        outbox = Outbox(asyncio.get_running_loop(), 3, lambda _: None)
        threading.Timer(0.05, lambda: outbox.put(Parcel("hello"))).start()
        return (await asyncio.wait_for(outbox.get(), 5)).data

    assert asyncio.run(scene()) == "hello"


class Busy:
    """A member that always has more to do."""

    def __init__(self, log: list[str], name: str, turns: int = 1_000_000) -> None:
        self.log, self.name, self.left = log, name, turns
        self.error: Exception | None = None

    def turn(self, now_s: float) -> Lane[float | None]:
        yield from ()
        self.log.append(self.name)
        self.left -= 1
        return 0.0 if self.left else None

    def failed(self, error: Exception) -> None:
        self.error = error


def test_nobody_has_a_second_turn_before_everybody_had_one() -> None:
    log: list[str] = []
    worker = Worker("test")
    members = [Busy(log, name, 50) for name in "abc"]
    for member in members:
        worker.add(member)
    end_s = time.monotonic() + 5
    while any(member.left for member in members) and time.monotonic() < end_s:
        time.sleep(0.01)
    worker.stop()
    together = log[log.index("c") :]
    assert len(together) > 60
    for at in range(0, len(together) - 30, 3):
        assert set(together[at : at + 3]) == set("abc")


def test_a_member_that_fails_goes_and_the_others_stay(caplog: pytest.LogCaptureFixture) -> None:
    class Failing(Busy):
        def turn(self, now_s: float) -> Lane[float | None]:
            yield from ()
            raise ValueError("an error of ours")

    worker, log = Worker("test"), []
    failing, other = Failing(log, "x"), Busy(log, "y", 3)
    worker.add(failing)
    worker.add(other)
    end_s = time.monotonic() + 5
    while other.left and time.monotonic() < end_s:
        time.sleep(0.01)
    worker.stop()
    assert isinstance(failing.error, ValueError)
    assert log == ["y", "y", "y"]
    assert worker.members == {other}


def test_a_turn_comes_when_it_is_due() -> None:
    class Timed(Busy):
        def turn(self, now_s: float) -> Lane[float | None]:
            yield from ()
            self.log.append(str(now_s))
            self.left -= 1
            return now_s + 0.02 if self.left else None

    log: list[str] = []
    worker, member = Worker("test"), Timed(log, "t", 5)
    worker.add(member)
    end_s = time.monotonic() + 5
    while member.left and time.monotonic() < end_s:
        time.sleep(0.01)
    worker.stop()
    times = list(map(float, log))
    assert len(times) == 5
    assert all(later - earlier >= 0.0199 for earlier, later in itertools.pairwise(times))


class Stalled:
    """A worker that gives no turn by itself, and where it settles."""

    @property
    def beginner(self) -> Stalled:
        return self

    def settle(self, member: object) -> Stalled:
        return self

    def wake(self, member: object) -> None:
        pass


def test_sound_that_a_stalled_worker_kept_waiting_is_neither_dropped_nor_padded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A microphone's .6 s, posted as it was spoken and taken all at once afterwards."""

    async def scene() -> tuple[dict[str, int], dict[str, int]]:
        begin = runners.Begin(live=("own",), options={"face": "none"})
        runner = runners.Runner("x", begin, Limits(), Metrics(), Stalled())  # type: ignore[arg-type]
        monkeypatch.setattr(runners.time, "monotonic", lambda: now_s)
        now_s = 100.0
        alone(runner.turn(now_s))
        for count in range(30):
            now_s = 100.02 + 0.02 * count
            runner.post(Sound("own", np.zeros(320, np.int16)))
        while alone(runner.turn(now_s)) == 0.0:
            pass
        assert runner._paced is not None
        playout = runner._paced.playout
        return playout.stats, playout.state()["own"]

    stats, own = asyncio.run(scene())
    assert stats["dropped_samples"] == 0 and own == {"fed": 30 * 320, "taken": 30 * 320}


def test_pieces_that_wait_are_heard_together_and_a_command_keeps_its_place() -> None:
    async def scene() -> list[tuple[str, int]]:
        begin = runners.Begin(live=("other",), options={"face": "none"})
        runner = runners.Runner("x", begin, Limits(), Metrics(), Stalled())  # type: ignore[arg-type]
        alone(runner.turn(100.0))
        piece = np.zeros(320, np.int16)
        for voice in ("own",) * 7 + ("other", "other"):
            runner.post(Sound(voice, piece))
        runner.post(Message("release", {}))
        runner.post(Sound("other", piece))
        came_s = [posted.at_s for posted in runner._inbox]
        taken, at_s = [], []
        while runner._inbox:
            posted = runner._next()
            item = posted.item
            taken.append((item.voice, len(item.samples) // 320) if isinstance(item, Sound) else (item.type, 0))
            at_s.append(posted.at_s)
        assert at_s == [came_s[i] for i in (0, 5, 8, 9, 10)], "an agent's begin when they came, a microphone's end then"
        return taken

    assert asyncio.run(scene()) == [("own", 5), ("own", 2), ("other", 2), ("release", 0), ("other", 1)]


def test_the_metrics_are_what_prometheus_reads() -> None:
    metrics = Metrics()
    metrics.made(3, 0.12, late=False)
    metrics.made(1, 9.0, late=True)
    metrics.count("errors_total")
    lines = metrics.text({"sessions": ("sessions that run", 2)}).splitlines()
    assert "talkingeyes_sessions 2" in lines
    assert "talkingeyes_frames_total 4" in lines and "talkingeyes_frames_late_total 1" in lines
    buckets = [int(line.split()[-1]) for line in lines if line.startswith("talkingeyes_latency_seconds_bucket")]
    assert buckets == sorted(buckets) and buckets[-1] == 4 and 3 in buckets
    assert all(line.startswith("# ") or len(line.split()) == 2 for line in lines)


def test_the_schema_names_every_message_and_every_reference_leads_somewhere() -> None:
    document = asyncapi(Limits())
    assert document["asyncapi"].startswith("3.")
    messages = document["components"]["messages"]
    assert {f"client_{n}" for n in CLIENT} | {f"server_{n}" for n in SERVER} | {"client_sound"} == set(messages)
    for operation in document["operations"].values():
        for reference in operation["messages"]:
            name = reference["$ref"].rsplit("/", 1)[1]
            assert document["channels"]["sessions"]["messages"][name]["$ref"].endswith(f"/{name}")
    jsonschema = pytest.importorskip("jsonschema")
    for message in messages.values():
        jsonschema.Draft202012Validator.check_schema(message["payload"])
    for accepted in ACCEPTED:
        jsonschema.validate(accepted, messages[f"client_{accepted['type']}"]["payload"])
