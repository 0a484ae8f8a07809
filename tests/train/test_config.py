"""Configurations: frozen, read strictly, and what is read back is what was written."""

import json
from dataclasses import FrozenInstanceError, replace
from itertools import pairwise

import pytest

from talkingeyes.errors import SettingError
from talkingeyes.train import stages
from talkingeyes.train.config import EncoderConfig, StageConfig, TrainConfig, changed, read_json
from tests.train.toy import ToyConfig, tiny

PLAIN = TrainConfig(stages={"toy": tiny()})


def read(tmp_path, data) -> TrainConfig:
    path = tmp_path / "config.json"
    path.write_text(data if isinstance(data, str) else json.dumps(data))
    return changed(PLAIN, read_json(path), path.name)


def test_what_is_written_is_read_back(tmp_path):
    config = TrainConfig(
        seed=9,
        encoder=EncoderConfig("local", "net", "videos", 3),
        stages={"toy": tiny(steps=70, learning_rate=0.5, model=ToyConfig(8, 0.2, 0.0, ("x", "y", "z")))},
    )
    assert read(tmp_path, config.to_json()) == config
    assert read(tmp_path, {}) == PLAIN


def test_a_part_changes_a_part(tmp_path):
    config = read(tmp_path, {"stages": {"toy": {"steps": 99, "model": {"width": 3, "names": []}}}})
    assert config == TrainConfig(stages={"toy": tiny(steps=99, model=ToyConfig(width=3, names=()))})


def toy(**values):
    return {"stages": {"toy": values}}


FAULTS = [
    ({"sed": 1}, "unknown key 'sed'; seed, encoder are accepted"),
    ({"seed": "1"}, "seed is the text '1'; a whole number is accepted"),
    ({"seed": True}, "seed is True; a whole number"),
    ({"seed": -1}, "seed is -1"),
    ({"version": 2}, "version 2; this TalkingEyes reads 1"),
    ({"format": "x"}, "not a training configuration"),
    ({"stages": []}, "stages is a list"),
    ({"stages": {"toys": {}}}, "unknown stage 'toys'; toy are accepted"),
    ({"stages": {"toy": 3}}, "stages.toy: 3, an object is accepted"),
    (toy(stepz=1), "stages.toy: unknown key 'stepz'"),
    (toy(steps=0), "stages.toy: steps is 0; 1 to 1e"),
    (toy(steps=1.5), "stages.toy.steps is 1.5; a whole number is accepted"),
    (toy(learning_rate="fast"), "learning_rate is the text 'fast'; a number is accepted"),
    (toy(learning_rate=-1), "learning_rate is -1.0"),
    (toy(warmup_steps=61), "warmup_steps is 61; 0 to 60 is accepted"),
    (toy(ema_decay=1), "ema_decay is 1.0"),
    (toy(model=None), "model is null"),
    (toy(model={"width": 99}), "stages.toy.model: width is 99; 1 to 64 is accepted"),
    (toy(model={"depth": 2}), "stages.toy.model: unknown key 'depth'; width, dropout"),
    (toy(model={"names": "ab"}), "names is the text 'ab'; a list"),
    (toy(model={"names": [1]}), r"names\[0\] is 1; a text is accepted"),
    ({"encoder": {"kind": "remote"}}, "kind is 'remote'; light, local are accepted"),
    ({"encoder": {"kind": "local"}}, "needs folder"),
    ("[1, 2]", "list, an object is accepted"),
    ("{", "not JSON"),
    ('{"seed": NaN}', "NaN is no JSON number"),
    ('{"seed": 1, "seed": 2}', "a key is there twice"),
    ('{"seed": 1e999}', "seed is inf"),
    ("[" * 100_000, "not JSON"),
    (" " * (1 << 20) + "{}", "more than the 1048576 bytes"),
]


@pytest.mark.parametrize(("data", "says"), FAULTS, ids=[str(f[1])[:50] for f in FAULTS])
def test_a_wrong_configuration_is_one_line_that_names_the_place(tmp_path, data, says):
    with pytest.raises(SettingError, match=says) as caught:
        read(tmp_path, data)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 300


def test_missing_file_and_folder(tmp_path):
    for path in (tmp_path / "none.json", tmp_path):
        with pytest.raises(SettingError, match=r"no such file|is a folder"):
            read_json(path)


def test_configurations_are_frozen():
    with pytest.raises(FrozenInstanceError):
        PLAIN.stages["toy"].steps = 3  # type: ignore[misc]


def test_the_rate_rises_then_falls_along_a_cosine():
    config = StageConfig(steps=100, warmup_steps=10, learning_rate=0.1, final_rate=0.05)
    rates = [config.rate_at(step) for step in range(101)]
    assert max(rates) == pytest.approx(0.1)
    assert rates.index(max(rates)) == 10
    assert all(b > a for a, b in pairwise(rates[:11]))
    assert all(b < a for a, b in pairwise(rates[10:]))
    assert rates[55] == pytest.approx(0.1 * (0.05 + 1) / 2)
    assert rates[100] == pytest.approx(0.005)


@pytest.mark.parametrize("name", stages.STAGES)
def test_every_stage_of_the_table_has_the_presets_and_its_needs_come_first(name):
    kind = stages.stage_kind(name)
    assert set(kind.presets) == {"tiny", "small"}
    order = list(stages.STAGES)
    assert all(order.index(need) < order.index(name) for need in kind.needs)
    for preset in kind.presets.values():
        config = TrainConfig(stages={name: preset})
        written = json.loads(json.dumps(config.to_json()))
        given = {key: written[key] for key in ("seed", "encoder", "stages")}
        assert changed(replace(config, seed=5), given, "x") == config


def test_stages_are_taken_in_order_of_the_table():
    names = list(stages.STAGES)
    assert stages.in_order(None) == names
    assert stages.in_order(names[::-1]) == names
    for wrong in (["none"], [names[0], names[0]], [""]):
        with pytest.raises(SettingError, match="--stages"):
            stages.in_order(wrong)
    with pytest.raises(SettingError, match="preset 'huge'"):
        stages.preset("huge", names[:1])
