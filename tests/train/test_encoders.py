"""Speech encoders: the light one by default; a network from a local folder only, on the same 50 Hz grid."""

import json
import shutil
import wave
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from talkingeyes.audio import load_speech
from talkingeyes.errors import FormatError, ModelError, SettingError
from talkingeyes.motion import Motion
from talkingeyes.train.config import EncoderConfig
from talkingeyes.train.data import Clip
from talkingeyes.train.encoders import LightEncoder, LocalEncoder, encoder_of, identity_of


def sound(path: Path, seconds: float, seed: int = 0) -> Path:
    rng = np.random.default_rng(seed)
    times = np.arange(int(seconds * 16_000)) / 16_000
    wave_ = 0.3 * np.sin(2 * np.pi * 140 * times) * (1 + np.sin(2 * np.pi * 3 * times)) + rng.normal(
        0, 0.01, len(times)
    )
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes((np.clip(wave_, -1, 1) * 32_000).astype("<i2").tobytes())
    return path


def clip_of(path: Path, origin: str = "videos") -> Clip:
    motion = Motion(fps=25.0, head_rad=np.zeros((10, 3)))
    return Clip("key", origin, path.name, "someone", "speaking", 25.0, motion, load_speech(path))


def local(network: Path, sound_folder: Path, **more) -> EncoderConfig:
    return EncoderConfig("local", str(network), str(sound_folder), **more)


def test_the_light_encoder_is_the_default_and_has_a_row_per_frame(tmp_path):
    clip = clip_of(sound(tmp_path / "a.wav", 1.37))
    encoder = encoder_of(EncoderConfig())
    assert isinstance(encoder, LightEncoder)
    heard = encoder.encode(clip)
    assert heard.shape == (clip.speech.num_frames, encoder.width)
    assert np.isfinite(heard).all()


def test_a_local_network_on_the_grid_of_the_features(network, tmp_path):
    encoder = encoder_of(local(network, tmp_path))
    for seconds in (0.02, 0.5, 3.21):
        clip = clip_of(sound(tmp_path / f"{seconds}.wav", seconds))
        heard = encoder.encode(clip)
        assert heard.shape == (clip.speech.num_frames, encoder.width) == (clip.speech.num_frames, 16)
        assert heard.tobytes() == encoder.encode(clip).tobytes()


def test_a_change_of_the_sound_shows_at_its_own_time(network, tmp_path):
    """Frame i of the grid hears what lies around (i + 1/2) / 50 s: the convolutions alone, before attention."""
    encoder = LocalEncoder(local(network, tmp_path, layer=0))
    encoder._normalise = False
    rng = np.random.default_rng(0)
    plain = rng.normal(0, 0.1, 32_000).astype(np.float32)
    other = plain.copy()
    other[16_000:16_320] += rng.normal(0, 1, 320).astype(np.float32)  # frame 50
    hidden = [encoder._network.feature_extractor(torch.from_numpy(x)[None])[0].T for x in (plain, other)]
    apart = (hidden[0] - hidden[1]).abs().sum(1).detach().numpy()
    times_s = (np.arange(len(apart)) * encoder._hop + encoder._reach / 2) / 16_000
    assert encoder._hop == 320 and encoder._reach == 400
    assert abs((apart * times_s).sum() / apart.sum() - 1.01) < 0.2  # a first layer that norms over time blurs it
    assert np.argmax(apart) in (49, 50)


def test_windows_of_a_long_recording_join_without_a_gap(network, tmp_path):
    encoder = LocalEncoder(local(network, tmp_path, layer=1))
    samples = np.random.default_rng(1).normal(0, 0.1, 16_000 * 45).astype(np.float32)
    heard = encoder.hear(samples, 45 * 50)
    assert heard.shape == (2250, 16)
    step = np.abs(np.diff(heard, axis=0)).mean(axis=1)
    seams = step[[20 * 50 - 1, 40 * 50 - 1]]
    assert seams.max() < 3 * step.mean()


def test_what_was_heard_is_kept_and_a_damaged_copy_is_heard_again(network, tmp_path):
    path = sound(tmp_path / "a.wav", 0.6)
    clip, encoder = clip_of(path), LocalEncoder(local(network, tmp_path), tmp_path / "cache")
    first = encoder.encode(clip)
    (kept,) = (tmp_path / "cache").rglob("*.npy")
    path.rename(tmp_path / "away.wav")
    assert encoder.encode(clip).tobytes() == first.tobytes()  # the recording is not needed again
    (tmp_path / "away.wav").rename(path)
    kept.write_bytes(kept.read_bytes()[:50])
    assert encoder.encode(clip).tobytes() == first.tobytes()


def test_recordings_by_origin_and_only_the_right_ones(network, tmp_path):
    path = sound(tmp_path / "a.wav", 0.5)
    clip, encoder = clip_of(path), LocalEncoder(local(network, tmp_path / "tree"))
    with pytest.raises(FormatError, match=r"no recording a\.wav below"):
        encoder.encode(clip)
    (tmp_path / "tree" / "videos").mkdir(parents=True)
    shutil.copy(path, tmp_path / "tree" / "videos")
    assert encoder.encode(clip).shape == (25, 16)
    sound(tmp_path / "tree" / "videos" / "a.wav", 0.5, seed=2)
    with pytest.raises(FormatError, match="not the file"):
        encoder.encode(clip)
    for hostile in ("../a.wav", "/etc/passwd", ""):
        with pytest.raises(FormatError, match="leads out"):
            encoder.encode(replace(clip, path=hostile))


def test_another_layer_is_another_identity(network, tmp_path):
    names = {identity_of(local(network, tmp_path, layer=layer)) for layer in (-1, 0, 1)}
    assert len(names) == 3
    with pytest.raises(ModelError, match="has 2 layers"):
        LocalEncoder(local(network, tmp_path, layer=3))


def spoil(folder: Path, how: str) -> None:
    weights, config = folder / "model.safetensors", json.loads((folder / "config.json").read_text())
    if how == "pickle":
        weights.rename(folder / "pytorch_model.bin")
    elif how == "cut":
        weights.write_bytes(weights.read_bytes()[:-100])
    elif how == "kind":
        config["model_type"] = "bert"
    elif how == "code":
        config |= {"model_type": "mine", "auto_map": {"AutoModel": "mine.Model"}}
    elif how == "wider":
        config["hidden_size"] = 32
    elif how == "deeper":
        config["num_hidden_layers"] = 3
    (folder / "config.json").write_text(json.dumps(config) if how != "words" else "words")


@pytest.mark.parametrize(
    ("how", "says"),
    [
        ("pickle", "pickled weights are not read"),
        ("cut", "cannot be loaded"),
        ("kind", "model_type 'bert'"),
        ("code", "model_type 'mine'"),
        ("wider", "cannot be loaded"),
        ("deeper", "lacks"),
        ("words", "not JSON"),
    ],
)
def test_a_folder_that_is_no_such_network_is_one_line(network, tmp_path, how, says):
    folder = tmp_path / "net"
    shutil.copytree(network, folder)
    spoil(folder, how)
    with pytest.raises(ModelError, match=says) as caught:
        LocalEncoder(local(folder, tmp_path))
    assert "\n" not in str(caught.value)


def test_a_name_on_a_hub_is_no_folder(tmp_path):
    with pytest.raises(ModelError, match="no such folder"):
        LocalEncoder(local(Path("facebook/hubert-base-ls960"), tmp_path))


def test_settings_that_do_not_fit_each_other():
    with pytest.raises(SettingError, match="needs folder"):
        EncoderConfig("local")
    with pytest.raises(SettingError, match="takes no folder"):
        EncoderConfig(folder="x")
