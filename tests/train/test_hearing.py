"""A translator that hears a local speech encoder: trained, shipped and generated with a small random HuBERT."""

import dataclasses
import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch

import talkingeyes as te
from talkingeyes.cli import main
from talkingeyes.errors import ModelError, SettingError
from talkingeyes.generate.cues import UNKNOWN_S, cues_of
from talkingeyes.generate.encoder_features import encoder_spec
from talkingeyes.generate.learned import LearnedGenerator
from talkingeyes.generate.learned_model import learned_model
from talkingeyes.generate.model_choice import encoder_of
from talkingeyes.generate.plan import STEP_FRAMES, Plan
from talkingeyes.generate.statistical import Streams, plan_of
from talkingeyes.models.gaze_head_transformer import SPEECH_FRAMES, GazeHeadTransformer, TranslatorConfig
from talkingeyes.train.config import EncoderConfig
from talkingeyes.train.encoders import identity_of, listener_for
from tests.generate.test_learned import assert_same_plan, until
from tests.models.test_learned import LATENT, TINY, TOKENS, at, random_rows
from tests.train.conftest import files_of, small_hubert, trained

STAGES = "head_vae,gaze_vqvae,translator"


pytestmark = pytest.mark.usefixtures("one_thread")


@pytest.fixture
def sound(talking_set) -> Path:
    return talking_set.parent / "videos"


@pytest.fixture(scope="module")
def run(talking_set, network, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("heard")
    encoder = {"kind": "local", "folder": str(network), "sound": str(talking_set.parent / "videos"), "layer": 1}
    (folder / "config.json").write_text(json.dumps({"encoder": encoder}))
    words = [folder / "config.json", "--data", talking_set, "--out", folder / "run", "--preset", "tiny", "-q"]
    assert main(["train", *map(str, words), "--stages", STAGES, "--device", "cpu"]) == 0
    return folder / "run"


@pytest.fixture
def model(run) -> str:
    return str(run / "onnx" / "learned")


def refused(capsys, argv, *said):
    assert main([*map(str, argv)]) == 2
    printed = capsys.readouterr().err
    assert printed.count("\n") == 1
    for text in said:
        assert text in printed


def test_the_weights_name_the_encoder_and_what_it_heard_is_kept(run, model, network):
    spec = encoder_of(model)
    identity = identity_of(EncoderConfig("local", str(network), "x", 1))
    assert (spec.kind, spec.layer, spec.width, spec.sha256) == ("hubert", 1, 16, identity)
    kept = list((run / "encoded").rglob("*.npy"))
    assert kept and all(np.load(path).shape[1] == 16 for path in kept)


def test_spaces_are_the_same_whatever_is_heard(run, talking_set, tmp_path, capsys):
    trained(capsys, talking_set, tmp_path / "light", "--stages", "head_vae,gaze_vqvae")
    for stage in ("head_vae", "gaze_vqvae"):
        heard = {name: data for name, data in files_of(run, stage).items() if not name.startswith("onnx")}
        assert heard == files_of(tmp_path / "light", stage)


def test_a_run_goes_on_with_its_encoder_and_refuses_another(run, talking_set, tmp_path, capsys):
    copied = tmp_path / "run"
    shutil.copytree(run, copied)
    config = json.loads((copied / "config.json").read_text())
    words = ["--data", talking_set, "--out", copied, "--preset", "tiny", "--stages", STAGES, "--device", "cpu"]
    for layer, status in ((1, 0), (2, 2)):
        (tmp_path / "c.json").write_text(json.dumps({"encoder": {**config["encoder"], "layer": layer}}))
        assert main(["train", str(tmp_path / "c.json"), *map(str, words)]) == status
    assert "encoder" in capsys.readouterr().err
    assert files_of(copied, "translator") == files_of(run, "translator")


def test_a_stage_that_cannot_hear_it_is_refused_before_any_is_trained(run, talking_set, tmp_path, capsys):
    config = json.loads((run / "config.json").read_text())
    (tmp_path / "c.json").write_text(json.dumps({"encoder": config["encoder"]}))
    argv = ["train", tmp_path / "c.json", "--data", talking_set, "--out", tmp_path / "new", "--preset", "tiny"]
    refused(capsys, argv, "the stage face hears light speech, not local", "--stages")
    assert not (tmp_path / "new" / "head_vae").exists()


def test_a_take_needs_the_encoder_by_name(model, network, sound, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    argv = ["animate", sound / "clip0.mp4", "--model", model, "-q", "--seed", "3"]
    refused(capsys, [*argv, "-o", "a.npz"], "was trained with a speech encoder (hubert, layer 1", "--encoder")
    refused(capsys, [*argv, "-o", "a.npz", "--encoder", "nowhere"], "nowhere: no such folder")
    transformers = pytest.importorskip("transformers")
    other = small_hubert(transformers, tmp_path / "other", seed=5)
    refused(capsys, [*argv, "-o", "a.npz", "--encoder", other], "another speech encoder", "hubert, layer 1")
    light = ["animate", sound / "clip0.mp4", "--encoder", network, "-o", "a.npz"]
    refused(capsys, light, "--encoder is for a model trained with a speech encoder; default needs none")
    refused(capsys, [*light, "--model", "learned"], "learned needs none")
    assert not (tmp_path / "a.npz").exists()
    for name in ("a.npz", "b.npz"):
        assert main([*map(str, argv), "-o", name, "--encoder", str(network)]) == 0
    assert Path("a.npz").read_bytes() == Path("b.npz").read_bytes()
    assert te.load("a.npz").meta["encoder"] == {"sha256": encoder_of(model).sha256}


def test_python_gives_what_was_heard(model, network, sound):
    path = sound / "clip0.mp4"
    speech = te.load_speech(path)
    heard = listener_for(encoder_of(model), network).heard(path, speech)
    assert heard.features.shape == (speech.num_frames, 16)
    take = te.animate(speech, model=model, encoder_features=heard, seed=3)
    silence = dataclasses.replace(heard, features=np.zeros_like(heard.features))
    assert not np.array_equal(te.animate(speech, model=model, encoder_features=silence, seed=3).eyes_rad, take.eyes_rad)
    with pytest.raises(ModelError, match="--encoder"):
        te.animate(speech, model=model)
    with pytest.raises(SettingError, match="of another recording than clip1"):
        te.animate(te.load_speech(sound / "clip1.mp4"), model=model, encoder_features=heard)
    with pytest.raises(ModelError, match="another speech encoder"):
        te.animate(speech, model=model, encoder_features=dataclasses.replace(heard, encoder="0" * 64))
    for other in ("default", "learned"):
        with pytest.raises(SettingError, match="needs none"):
            te.animate(speech, model=other, encoder_features=heard)


def test_live_steps_equal_the_whole(model, network, sound):
    path = sound / "clip2.mp4"
    speech, weights = te.load_speech(path), learned_model(Path(model))
    heard = listener_for(weights.encoder, network).heard(path, speech)
    cues = cues_of(speech, "speaking", 25, mouth="none", heard=heard.features)
    cues = dataclasses.replace(cues, turn_ends_in_s=np.full(len(cues), UNKNOWN_S))
    whole = plan_of(LearnedGenerator(weights), cues, Streams.from_seed(4))
    live, streams = LearnedGenerator(weights), Streams.from_seed(4)
    state = live.start(until(cues, 6 * STEP_FRAMES), streams)
    steps = [live.step(until(cues, (i + 6) * STEP_FRAMES), state, streams) for i in range(25)]
    assert_same_plan(whole, Plan.join(steps))


@torch.no_grad()
def test_the_translator_steps_with_wide_features():
    torch.manual_seed(2)
    wide = GazeHeadTransformer(TINY, TOKENS, LATENT, heard=16).eval()
    rows = dataclasses.replace(random_rows(2, 9), speech=torch.randn(2, 9, SPEECH_FRAMES * 16))
    clip = torch.zeros(2, 9, dtype=torch.long)
    whole = wide(rows, clip)
    cache, filled = torch.zeros(2, *wide.cache_shape()), torch.full((2, TINY.window - 1), -1e9)
    for t in range(9):
        state, _, cache = wide.step(at(rows, t), cache, filled)
        filled = torch.cat([filled[:, 1:], torch.zeros(2, 1)], dim=1)
        assert torch.allclose(state, whole[:, t], atol=1e-5)
    deaf = dataclasses.replace(rows, hears=rows.hears * 0)
    other = dataclasses.replace(deaf, speech=deaf.speech + 1)
    assert torch.allclose(wide(deaf, clip), wide(other, clip), atol=1e-6)


def test_the_light_transformer_has_no_projection():
    assert not [
        name for name in GazeHeadTransformer(TranslatorConfig(width=16, heads=2), 9, 4).state_dict() if "ear" in name
    ]


@pytest.mark.parametrize(
    "given",
    [
        [],
        {"kind": "hubert"},
        {"kind": "hubert", "layer": True, "width": 16, "sha256": "0"},
        {"kind": "hubert", "layer": 1, "width": 10**9, "sha256": "0"},
        {"kind": 1, "layer": 1, "width": 16, "sha256": "0"},
    ],
)
def test_a_manifest_with_a_strange_encoder_is_refused(given):
    with pytest.raises(ModelError, match="encoder"):
        encoder_spec(given, "folder")
