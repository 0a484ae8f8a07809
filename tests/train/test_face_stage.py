"""The face stage: batches, losses, made speech, export; learning on clips whose lips follow a band."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from talkingeyes.errors import FormatError, ModelError, SettingError
from talkingeyes.generate.lip_table import INPUTS, LIPS, PLACES, SHAPES
from talkingeyes.generate.mouth import MouthTracker, checked_face
from talkingeyes.models.face_net import FaceNet, FaceNetConfig, StreamingFaceNet
from talkingeyes.motion import Motion
from talkingeyes.train import face
from talkingeyes.train.data import Clip
from talkingeyes.train.face import STAGE, FaceConfig, FaceStage, chances, pooled_lag
from talkingeyes.train.face_data import fitted_voices, spoken_voices
from talkingeyes.train.face_rows import Rows, heard
from talkingeyes.train.stage import Context
from talkingeyes.weights import load_network
from tests.generate.conftest import make_speech


def clip(seed: int, group: str, *, late_frames: int = 0) -> Clip:
    """A clip whose lips open with one band of its sound."""
    rng = np.random.default_rng(seed)
    speech = make_speech(3.0, seed)
    open_ = np.convolve(rng.normal(size=speech.num_frames), np.hanning(9) / 2, "same").clip(-1, 1)
    mel = rng.normal(-4, 0.3, (speech.num_frames, 40)) + 2.0 * open_[:, None] * (np.arange(40) > 20)
    flat = np.full(speech.num_frames, -20.0, np.float32)
    speech = replace(speech, log_mel=mel.astype(np.float32), voice=flat < 0, loudness_db=flat)
    jaw = np.roll(0.2 + 0.15 * open_, late_frames)[::2]
    names = ("jawOpen", "mouthSmileLeft", "mouthSmileRight")
    motion = Motion(fps=25.0, face=np.stack([jaw, 0.5 * jaw, 0.5 * jaw], 1), face_names=names)
    return Clip(f"clip{seed}", "origin", "", group, "speaking", 25.0, motion, speech)


class Clips(Context):
    """A context whose clips are made up."""

    def clips(self, part: str) -> list[Clip]:
        return [clip(s, "a" if part == "train" else "b") for s in (range(6) if part == "train" else range(20, 23))]


def context(tmp_path: Path, **model: object) -> Context:
    config = replace(
        STAGE.presets["tiny"],
        model=FaceConfig(**{"net": FaceNetConfig(16, (1, 2), ahead=4, smooth=1, dropout=0.0), "frames": 48, **model}),
    )
    return Clips(tmp_path, tmp_path, 0, config)


@pytest.fixture(scope="module")
def made_speech(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file as scripts/speak_phonemes.py writes it, of noise bursts."""
    rng = np.random.default_rng(0)
    samples = (rng.normal(0, 2000, 32000) * np.repeat(rng.integers(0, 2, 40), 800)).astype(np.int16)
    path = tmp_path_factory.mktemp("spoken") / "made.npz"
    spans = np.array([[0, 0.1, 0.3], [0, 0.3, 0.6], [1, 0.2, 0.5]])
    starts, voices = np.array([0, 16000, 32000]), np.array(["espeak xx 175", "flite yy 1"])
    np.savez(path, samples=samples, starts=starts, spans=spans, classes=np.array([1, 10, 1]), voices=voices)
    return path


def test_batches_are_a_function_of_step_and_rng(tmp_path: Path, made_speech: Path) -> None:
    stage = FaceStage(context(tmp_path, spoken=str(made_speech), spoken_share=0.5))
    one, again = (stage.batch(3, np.random.default_rng(9), 6) for _ in range(2))
    assert all(torch.equal(one[key], again[key]) for key in one)
    assert one["features"].shape == (6, 48, INPUTS) and one["lips"].shape == (6, 48, len(LIPS))
    spoken = (one["shapes"] >= 0).any(dim=1)
    assert spoken.sum() == 3 and not one["seen"][spoken].any() and one["seen"][~spoken].any()


def test_parts_of_a_batch_give_the_loss_of_the_whole(tmp_path: Path, made_speech: Path) -> None:
    stage = FaceStage(context(tmp_path, spoken=str(made_speech)))
    stage.model.eval()
    batch = stage.batch(0, np.random.default_rng(1), 8)
    noise = torch.Generator()
    whole = stage.losses(batch, noise)["loss"]
    halves = [stage.losses({k: v[i::2] for k, v in batch.items()}, noise)["loss"] for i in (0, 1)]
    assert torch.allclose(whole, (halves[0] + halves[1]) / 2, rtol=1e-5)


def test_it_learns_what_the_lips_follow(tmp_path: Path) -> None:
    torch.manual_seed(0)
    stage = FaceStage(context(tmp_path))
    optimizer = torch.optim.AdamW(stage.model.parameters(), 5e-3)
    stage.model.train()
    for step in range(120):
        loss = stage.losses(stage.batch(step, np.random.default_rng(step), 12), torch.Generator())["loss"]
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    stage.model.eval()
    figures = stage.validate()
    assert figures["opening_r"] > 0.35
    assert abs(figures["lag_ms"]) <= 40


def test_lag_is_measured_with_its_sign() -> None:
    voices = fitted_voices([clip(s, "a", late_frames=4) for s in range(4)])
    early = [(np.roll(v.lips[:, 0], -4), v) for v in voices]
    assert pooled_lag(early) == -4
    assert pooled_lag([(v.lips[:, 0], v) for v in voices]) == 0


def test_one_named_person_does_not_outweigh_the_rest() -> None:
    voices = fitted_voices([clip(s, "name one" if s < 8 else f"cluster {s}") for s in range(12)])
    chance = chances(voices, 0.1)
    assert chance.sum() == pytest.approx(1)
    assert chance[:8].sum() < 0.25 and np.ptp(chance[8:]) < 1e-9


def test_streaming_equals_the_whole_clip_and_onnx_equals_torch(tmp_path: Path) -> None:
    torch.manual_seed(1)
    stage = FaceStage(context(tmp_path))
    assert isinstance(stage.model, FaceNet)
    net = stage.model.eval()
    features = torch.randn(1, 50, INPUTS)
    with torch.no_grad():
        lips, logits = net(features)
        stream = StreamingFaceNet(net)
        state, parts = torch.zeros(1, net.state_size), []
        padded = torch.cat([features, features[:, -1:].expand(-1, 20, -1)], dim=1)
        for i in range(0, 70, 10):
            part, shapes, state = stream(padded[:, i : i + 10], state)
            parts.append(torch.cat([part, shapes], dim=2))
    ahead = net.config.ahead
    whole = torch.cat([lips, torch.softmax(logits, -1)], dim=2)
    assert torch.allclose(torch.cat(parts, dim=1)[:, ahead : ahead + 50], whole, atol=1e-5)


def test_export_makes_weights_that_the_generator_takes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = context(tmp_path)
    stage = FaceStage(given)

    class Trained:
        step, figures = 4, {"opening_r": 0.5, "loss": 0.5}

        def load_into(self, model: torch.nn.Module) -> None:
            model.load_state_dict(stage.model.state_dict())

    monkeypatch.setattr(Clips, "trained", lambda self, name: Trained())
    face._write(given, tmp_path)
    network = checked_face(load_network(tmp_path))
    tracker = MouthTracker(network)
    speech = clip(1, "a").speech
    assert speech is not None
    track = tracker.push(speech.log_mel, speech.loudness_db, speech.voice)
    assert len(track) + len(tracker.finish()) == speech.num_frames
    readout = np.array(network.manifest.config["calibration"]["readout"])
    assert readout.shape == (len(PLACES), len(LIPS) + len(SHAPES)) and np.isfinite(readout).all()


def test_made_speech_is_labelled_by_its_times(made_speech: Path) -> None:
    espeak, flite = spoken_voices(made_speech)
    assert (espeak.voice.shapes[4:14] == SHAPES.index("PP")).all(), "espeak-ng's stops begin 20 ms early"
    assert (espeak.voice.shapes[15:30] == SHAPES.index("AA")).all()
    assert (flite.voice.shapes[10:25] == SHAPES.index("PP")).all()
    assert not espeak.voice.seen.any()


def test_cuts_have_one_length_and_known_ends() -> None:
    rows = Rows(fitted_voices([clip(3, "a"), clip(4, "b")]), 200)
    for seed in range(20):
        rng = np.random.default_rng(seed)
        cut = rows.cut(np.array([0, 1, 1]), rng)
        features = heard(cut["mel"], cut["level"], rng)
        assert features.shape == (3, 200, INPUTS) and np.isfinite(features).all()
        assert cut["seen"][:, :100].any() and not cut["seen"][:, 190:].any()
        assert cut["lips"].shape == (3, 200, len(LIPS)) and (cut["shapes"] == -1).all()


@pytest.mark.parametrize(
    ("model", "message"),
    [
        (lambda: FaceNetConfig(dilations=()), "dilations"),
        (lambda: FaceNetConfig(ahead=99), "ahead"),
        (lambda: FaceNetConfig(ahead=20, dilations=(1,)), "looks 20 frames ahead"),
        (lambda: FaceNetConfig(ahead=4, smooth=3), "smooth"),
        (lambda: FaceNetConfig(dropout=1.0), "dropout"),
        (lambda: FaceConfig(frames=2), "frames"),
        (lambda: FaceConfig(spoken_share=2.0), "spoken_share"),
    ],
)
def test_wrong_settings_are_refused(model: object, message: str) -> None:
    with pytest.raises(SettingError, match=message):
        model()  # type: ignore[operator]


def test_unusable_data_is_refused(tmp_path: Path) -> None:
    silent = replace(clip(0, "a"), speech=None)
    with pytest.raises(ModelError, match="no clip of the data set has both"):
        fitted_voices([silent])
    with pytest.raises(FormatError, match=r"speak_phonemes\.py makes is accepted"):
        spoken_voices(tmp_path / "no.npz")
    np.savez(tmp_path / "x.npz", samples=np.zeros(3))
    with pytest.raises(FormatError, match="not speech of"):
        spoken_voices(tmp_path / "x.npz")
