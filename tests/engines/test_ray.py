"""The same work on a real Ray cluster of two nodes, one of which is killed in the middle."""

import os
from pathlib import Path

import pytest

from talkingeyes.batch import Watcher, lines_of, run_batch
from talkingeyes.data.build import Told, build
from talkingeyes.data.dataset import open_dataset
from talkingeyes.data.plan import videos_below
from talkingeyes.engines import RayEngine
from talkingeyes.errors import SettingError
from tests.batch.fakes import unhurried
from tests.data.fakes import fake, shard_bytes, slow, tree

pytest.importorskip("ray", reason="Ray is not installed; talkingeyes[cluster] brings it")
pytestmark = pytest.mark.ray
ROOT = Path(__file__).parents[2]
NODE = {"num_cpus": 1, "object_store_memory": 100 << 20, "include_dashboard": False}


def in_process(make, tasks):
    for task in tasks:
        yield make(task)


@pytest.fixture(scope="module")
def cluster():
    from ray.cluster_utils import Cluster

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", f"{ROOT}{os.pathsep}{os.environ.get('PYTHONPATH', '')}")  # the nodes need `tests`
        patch.setenv("RAY_health_check_period_ms", "1000")
        patch.setenv("RAY_health_check_failure_threshold", "3")
        made = Cluster(initialize_head=True, head_node_args=NODE)
        yield made
        made.shutdown()


def test_a_node_that_is_killed_loses_nothing_and_doubles_nothing(cluster, tmp_path):
    videos = tree(tmp_path / "videos", 40)
    build(videos_below(videos), tmp_path / "whole", engine=in_process, clips_per_shard=16, make_one=fake)
    second = cluster.add_node(num_cpus=2, object_store_memory=100 << 20)

    class Killer(Told):
        done = 0

        def made(self, item, outcome):
            self.done += 1
            if self.done == 12:
                cluster.remove_node(second, allow_graceful=False)

    killer = Killer()
    report = build(
        videos_below(videos),
        tmp_path / "out",
        engine=RayEngine(cluster.address),
        clips_per_shard=16,
        make_one=slow,
        told=killer,
    )
    assert report.made == killer.done == 40
    assert not report.rejected
    assert shard_bytes(tmp_path / "out") == shard_bytes(tmp_path / "whole")
    paths = [entry.row["path"] for _, entry in open_dataset(tmp_path / "out").entries()]
    assert len(paths) == len(set(paths)) == 40


def test_a_batch_too_loses_nothing_with_a_node(cluster, tmp_path):
    for i in range(16):
        (tmp_path / f"line{i:02d}.wav").write_bytes(bytes([i]))
    second = cluster.add_node(num_cpus=2, object_store_memory=100 << 20)
    ended = []

    class Killer(Watcher):
        def ended(self, row):
            ended.append(row["id"])
            if len(ended) == 5:
                cluster.remove_node(second, allow_graceful=False)

    lines = lines_of([str(tmp_path)], ["npz"])
    engine = RayEngine(cluster.address)
    report = run_batch(lines, tmp_path / "out", engine=engine, watcher=Killer(), make=unhurried)
    assert (report.made, report.failed) == (16, [])
    assert sorted(ended) == [line.id for line in lines.good]
    assert len(list((tmp_path / "out").glob("*.npz"))) == 16


def test_an_address_where_no_cluster_is(tmp_path, monkeypatch):
    monkeypatch.setenv("RAY_gcs_rpc_server_reconnect_timeout_s", "1")
    with pytest.raises(SettingError, match="no Ray cluster"):
        build(videos_below(tree(tmp_path / "v", 1)), tmp_path / "o", engine=RayEngine("nonsense"), make_one=fake)
