"""The same application on Ray Serve: two replicas, one of which is killed; its sessions go on with the other."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

pytest.importorskip("starlette", reason="the live server is not installed; talkingeyes[live] brings it")
pytest.importorskip("ray", reason="Ray is not installed; talkingeyes[cluster] brings it")
serve = pytest.importorskip("ray.serve", reason="Ray Serve is not installed; talkingeyes[cluster] brings it")

import os
import socket
from pathlib import Path

from talkingeyes.errors import SettingError
from talkingeyes.live.serve.cluster import application, deployment
from talkingeyes.live.serve.limits import Limits
from talkingeyes.live.serve.server import Settings
from tests.cli.recordings import spoken
from tests.live.serving import RATE_HZ, TOKEN, Client, Served, frame_numbers

pytestmark = pytest.mark.ray
ROOT = Path(__file__).parents[2]


class Persistent:
    """A client that goes on from the last state, as talkingeyes-live.js does."""

    def __init__(self, server: Any, sound: np.ndarray) -> None:
        self.server, self.sound = server, sound
        self.numbers: list[int] = []
        self.states: list[dict[str, Any]] = []
        self.instances: list[str] = []
        self.client = self._connect()

    def _connect(self) -> Client:
        begin = {"state": self.states[-1]["state"]} if self.states else {"options": {"seed": 2}}
        end_s = time.monotonic() + 20
        while True:
            try:
                client = Client(self.server, state_every_s=0.3, **begin)
            except Exception:  # noqa: BLE001 (a replica that has just died: connect again)
                assert time.monotonic() < end_s
                time.sleep(0.2)
                continue
            if client.accepted["type"] == "accept":
                break
        self.instances.append(client.accepted["instance"])
        client.sound(self.sound[client.accepted["taken"]["own"] :])
        return client

    def listen(self, until: int) -> None:
        """Take frames up to a number, on whatever connection there is."""
        end_s = time.monotonic() + 30
        while not self.numbers or self.numbers[-1] < until:
            assert time.monotonic() < end_s
            message = self.client.receive()
            if message is None:
                self.client = self._connect()
            elif message["type"] == "state":
                self.states.append(message)
            elif message["type"] == "frame" and message["frame"] > (self.numbers[-1] if self.numbers else -1):
                self.numbers += frame_numbers([message])


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    import ray

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    path = f"{ROOT}{os.pathsep}{os.environ.get('PYTHONPATH', '')}"
    ray.init(num_cpus=4, include_dashboard=False, log_to_driver=False, object_store_memory=100 << 20,
             runtime_env={"env_vars": {"PYTHONPATH": path, "OMP_NUM_THREADS": "1"}})  # fmt: skip
    try:
        serve.start(http_options={"host": "127.0.0.1", "port": port})
        settings = Settings(token=TOKEN, host="0.0.0.0", workers=1, limits=Limits(sessions=16))
        serve.run(deployment(settings, 2, cpus=0.5))
        yield Served(None, port)  # type: ignore[arg-type]
    finally:
        serve.shutdown()
        ray.shutdown()


def test_the_sessions_of_a_replica_that_is_killed_go_on_with_the_other(cluster: Any) -> None:
    import ray

    clients: list[Persistent] = []
    while len({client.instances[0] for client in clients}) < 2:
        assert len(clients) < 14, "both replicas get sessions"
        clients.append(Persistent(cluster, spoken(12.0)))
    for client in clients:
        client.listen(until=20)
        while not client.states:
            client.listen(until=client.numbers[-1] + 5)
    names = [entry["name"] for entry in ray.util.list_named_actors(all_namespaces=True)]
    replica = ray.get_actor(next(name for name in names if "TalkingEyesLive" in name), namespace="serve")
    ray.kill(replica)
    for client in clients:
        client.listen(until=client.numbers[-1] + 60)
    moved = [client for client in clients if len(client.instances) > 1]
    assert moved, "the replica that was killed had sessions"
    assert len(moved) < len(clients), "the other one's noticed nothing"
    for client in clients:
        assert client.numbers == list(range(len(client.numbers))), "no frame is missing"
        client.client.socket.close()
    assert cluster.json("/health")["status"] == "ok"


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ({}, "token has 0 characters"),
        ({"token": "secret-token", "colour": "red"}, "colour is not known"),
        ({"token": "secret-token", "replicas": "many"}, "replicas is 'many'"),
        ({"token": "secret-token", "sessions": "-3"}, "sessions is -3"),
    ],
    ids=str,
)
def test_words_that_are_not_accepted(arguments: dict[str, str], reason: str) -> None:
    with pytest.raises(SettingError, match=reason):
        application(arguments)


def test_an_application_is_made_of_words() -> None:
    made = application({"token": "secret-token", "replicas": "3", "sessions": "10", "cpus": "0.5"})
    assert type(made).__name__ == "Application"
    assert RATE_HZ == 16_000
