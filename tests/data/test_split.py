"""No person on two sides; clusters find people that are there; the card's numbers add up."""

import json

import numpy as np
import pytest

from talkingeyes.data.build import build
from talkingeyes.data.card import card_of, markdown
from talkingeyes.data.clusters import cluster, silhouette
from talkingeyes.data.dataset import open_dataset
from talkingeyes.data.plan import videos_below
from talkingeyes.data.split import Split, SplitSettings, save_split, settings_of, split
from talkingeyes.errors import FormatError, SettingError
from tests.data.fakes import fake, person_of, traits_of, tree


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    folder = tmp_path_factory.mktemp("set")
    videos = tree(folder / "videos", 60)
    (videos / "bad.mp4").write_bytes(b"corrupt")
    (videos / "copy.mp4").write_bytes(b"video 7")
    source = videos_below(videos)

    def in_process(make, tasks):
        for task in tasks:
            yield make(task)

    build(source, folder / "set", engine=in_process, clips_per_shard=16, make_one=fake)
    return open_dataset(folder / "set")


def people(count, each, seed=0):
    rng = np.random.default_rng(seed)
    who = np.repeat(np.arange(count), each)
    return [traits_of(person, rng) for person in who], who


def test_clusters_find_the_people_and_say_so():
    traits, who = people(8, 10)
    found = cluster(traits, [f"p{w}" for w in who])
    assert found.quality["groups"] == 8
    assert found.quality["named"]["purity"] == 1.0
    assert found.quality["named"]["pair_recall"] == 1.0
    assert found.quality["silhouette"] > 0.3
    shuffled = np.random.default_rng(1).permutation(len(who))
    again = cluster([traits[i] for i in shuffled])
    same = again.label[:, None] == again.label[None]
    assert (same == (found.label[shuffled][:, None] == found.label[shuffled][None])).all()


def test_clusters_of_nobody_in_particular_are_called_bad():
    rng = np.random.default_rng(0)
    noise = [{"shape": rng.normal(size=(2, 30)).astype(np.float32)} for _ in range(60)]
    assert cluster(noise).quality["silhouette"] < 0.15


def test_clips_without_a_voice_are_clustered_too():
    traits, who = people(4, 6)
    for t in traits[::2]:
        del t["voice"]
    assert cluster(traits, [str(w) for w in who]).quality["named"]["purity"] == 1.0
    with pytest.raises(SettingError, match="no traits"):
        cluster([{}, {}, {}])


def test_silhouette_by_the_definition():
    rng = np.random.default_rng(3)
    points = rng.normal(size=(12, 2))
    distance = np.linalg.norm(points[:, None] - points[None], axis=2)
    label = np.array([0] * 5 + [1] * 4 + [2] * 3)
    values = []
    for i in range(12):
        own = [distance[i, j] for j in range(12) if j != i and label[j] == label[i]]
        other = min(np.mean([distance[i, j] for j in range(12) if label[j] == k]) for k in {0, 1, 2} - {label[i]})
        values.append((other - np.mean(own)) / max(other, np.mean(own)))
    assert silhouette(distance, label) == pytest.approx(np.mean(values), abs=1e-5)


def no_group_on_two_sides(found: Split):
    sides = {}
    for key, part in found.parts.items():
        sides.setdefault(found.groups[key], set()).add(part)
    assert all(len(parts) == 1 for parts in sides.values())


@pytest.mark.parametrize("by", ["cluster", "folder", "file"])
@pytest.mark.parametrize("seed", range(4))
def test_no_group_is_on_two_sides(data, by, seed):
    found = split(data, SplitSettings(by=by, seed=seed, val=0.2, test=0.2))
    assert set(found.parts) == {e.key for _, e in data.entries()}
    no_group_on_two_sides(found)
    if by != "folder":  # three folders of 20 clips are too large to be held out
        assert set(found.parts.values()) == {"train", "val", "test"}


def test_no_person_is_on_two_sides_when_clusters_are_right(data):
    found = split(data, SplitSettings(val=0.2, test=0.2))
    side = {}
    for _, entry in data.entries():
        side.setdefault(person_of(entry.row["path"]), set()).add(found.parts[entry.key])
    assert all(len(parts) == 1 for parts in side.values())
    assert found.quality["leak"]["closer_to_training_than_usual_in_a_group"] < 0.05


def test_names_that_are_known_are_groups(data):
    found = split(data, SplitSettings(names=(("ann", "videos/show0/*"),)))
    mine = {found.parts[e.key] for _, e in data.entries() if e.row["path"].startswith("show0/")}
    assert len(mine) == 1
    no_group_on_two_sides(found)
    assert found.quality["clusters"]["named"]["people"] == 1


def test_shares_are_held_out_and_another_seed_holds_out_others(data):
    found = [split(data, SplitSettings(by="file", seed=s, val=0.25, test=0.1)) for s in (0, 0, 1)]
    assert found[0] == found[1]
    assert found[0].parts != found[2].parts
    count = list(found[0].parts.values())
    assert count.count("val") == pytest.approx(15, abs=1)
    assert count.count("test") == pytest.approx(6, abs=1)


def test_settings_that_cannot_be(tmp_path):
    for bad in ({"by": "star"}, {"val": 1.0}, {"val": 0.6, "test": 0.6}, {"names": (("", "x"),)}):
        with pytest.raises(SettingError):
            SplitSettings(**bad)


def test_the_card_adds_up(data):
    settings = SplitSettings(val=0.2, test=0.2)
    save_split(data, settings, split(data, settings))
    assert settings_of(data.folder) == settings
    card = card_of(open_dataset(data.folder))
    json.dumps(card, allow_nan=False)
    assert card["clips"] + card["rejected"] + card["pending"] == card["planned"] == 62
    assert (card["clips"], card["rejected"], card["pending"]) == (60, 2, 0)
    assert sum(s["samples"] for s in card["shards"]) == card["clips"]
    assert sum(o["clips"] for o in card["origins"].values()) == card["clips"]
    assert sum(p["clips"] for p in card["parts"].values()) == card["clips"]
    assert sum(p["hours"] for p in card["parts"].values()) == pytest.approx(card["hours"], abs=3e-4)
    assert card["frames"] == sum(s.motion.num_frames for _, s in data.samples())
    assert card["hours"] == pytest.approx(sum(s.motion.duration_s for _, s in data.samples()) / 3600, abs=1e-4)
    assert sum(p["groups"] for p in card["parts"].values()) == card["people"]["groups"]
    text = markdown(card, title="test", plots=True)
    assert "bad.mp4" in text
    assert "same content as videos/copy.mp4" in text


def test_plots_are_pictures(data):
    pytest.importorskip("matplotlib")
    from talkingeyes.data.plots import draw

    drawn = draw(data)
    assert len(drawn) == 4
    assert all(png.startswith(b"\x89PNG") for png in drawn.values())


def test_a_damaged_split_is_refused(data, tmp_path):
    import shutil

    copy = tmp_path / "copy"
    shutil.copytree(data.folder, copy)
    for text in ('{"parts": {"a": "everything"}, "groups": {}}', '{"parts": []}', "{"):
        (copy / "split.json").write_text(text)
        with pytest.raises(FormatError):
            open_dataset(copy)
