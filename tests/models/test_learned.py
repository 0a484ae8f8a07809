"""Properties of the learned generator's networks: one step at a time equals all at once, tokens keep steps sharp."""

import dataclasses

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from talkingeyes.models.gaze_head_transformer import (  # noqa: E402
    SPEECH_FEATURES,
    SPEECH_FRAMES,
    STYLES,
    GazeHeadTransformer,
    Rows,
    TranslatorConfig,
    mixture_nll,
)
from talkingeyes.models.gaze_vqvae import STAY, GazeVQConfig, GazeVQVAE, squash, unsquash  # noqa: E402
from talkingeyes.models.head_vae import STEP_SAMPLES, WINDOW_SAMPLES, HeadVAE, HeadVAEConfig, crossfade  # noqa: E402
from talkingeyes.models.quantizer import VectorQuantizer  # noqa: E402

TINY = TranslatorConfig(width=16, heads=2, layers=2, window=5, mixtures=3)
TOKENS, LATENT = 9, 4


def noise(seed: int = 0) -> "torch.Generator":
    return torch.Generator().manual_seed(seed)


def random_rows(batch: int, steps: int) -> Rows:
    g = noise(3)

    def floats(*shape: int) -> "torch.Tensor":
        return torch.randn(batch, steps, *shape, generator=g)

    def index(high: int) -> "torch.Tensor":
        return torch.randint(0, high, (batch, steps), generator=g)

    return Rows(
        floats(SPEECH_FRAMES * SPEECH_FEATURES), index(2).float(), index(3), index(2), floats(len(STYLES)),
        floats(len(STYLES)).abs().clamp(0, 1).round(), index(TOKENS + 1), 10 * floats(2), floats(2).abs(),
        floats(LATENT), index(2).float(),
    )  # fmt: skip


def at(rows: Rows, t: int) -> Rows:
    return Rows(*(getattr(rows, f.name)[:, t] for f in dataclasses.fields(rows)))


@pytest.fixture(scope="module")
def translator() -> GazeHeadTransformer:
    torch.manual_seed(1)
    made = GazeHeadTransformer(TINY, TOKENS, LATENT)
    for block in made.blocks:
        torch.nn.init.normal_(block.attention.bias, std=1.0)
    return made.eval()


@torch.no_grad()
def test_one_step_at_a_time_equals_all_at_once(translator: GazeHeadTransformer) -> None:
    rows = random_rows(2, 17)
    whole = translator(rows, torch.zeros(2, 17, dtype=torch.long))
    cache, filled = torch.zeros(2, *translator.cache_shape()), torch.full((2, TINY.window - 1), -1e9)
    for t in range(17):
        state, logits, cache = translator.step(at(rows, t), cache, filled)
        filled = torch.cat([filled[:, 1:], torch.zeros(2, 1)], dim=1)
        assert torch.allclose(state, whole[:, t], atol=1e-5)
        assert torch.allclose(logits, translator.gaze_out(whole[:, t]), atol=1e-5)


@torch.no_grad()
def test_the_future_and_other_clips_are_not_seen(translator: GazeHeadTransformer) -> None:
    rows = random_rows(1, 12)
    clip = torch.tensor([[0] * 6 + [1] * 6])
    base = translator(rows, clip)
    speech = rows.speech.clone()
    speech[:, 9:] += 1
    later = translator(dataclasses.replace(rows, speech=speech), clip)
    assert torch.equal(base[:, :9], later[:, :9]) and not torch.allclose(base[:, 9:], later[:, 9:])
    speech = rows.speech.clone()
    speech[:, :6] += 1
    other = translator(dataclasses.replace(rows, speech=speech), clip)
    assert torch.allclose(base[:, 6:], other[:, 6:], atol=1e-6)


@torch.no_grad()
def test_what_is_unknown_has_no_influence(translator: GazeHeadTransformer) -> None:
    rows = random_rows(1, 4)
    clip = torch.zeros(1, 4, dtype=torch.long)
    deaf = dataclasses.replace(rows, hears=torch.zeros(1, 4), sees=torch.zeros(1, 4), style_known=rows.style * 0)
    changed = dataclasses.replace(deaf, speech=deaf.speech + 1, latent=deaf.latent + 1, style=deaf.style + 1)
    assert torch.allclose(translator(deaf, clip), translator(changed, clip), atol=1e-6)


def test_the_mixture_integrates_to_one() -> None:
    g = noise()
    weights = torch.log_softmax(torch.randn(3, generator=g), dim=0)
    mean, log_sd = torch.randn(3, 1, generator=g), 0.3 * torch.randn(3, 1, generator=g)
    x = torch.linspace(-12, 12, 4001)[:, None]
    density = torch.exp(-mixture_nll((weights.expand(4001, 3), mean.expand(4001, 3, 1), log_sd.expand(4001, 3, 1)), x))
    assert abs(float(torch.trapezoid(density, x[:, 0])) - 1) < 1e-4


def test_squash_has_an_inverse_and_keeps_sides() -> None:
    degrees = torch.linspace(-60, 60, 241)
    assert torch.allclose(unsquash(squash(degrees)), degrees, atol=1e-3)
    assert (torch.sign(squash(degrees)) == torch.sign(degrees)).all()


def test_codes_that_nobody_uses_come_back_to_the_data() -> None:
    quantizer = VectorQuantizer(8, 2, decay=0.5)
    with torch.no_grad():
        quantizer.codebook[:] = 100.0
        quantizer.codebook[0] = 0.0
    for step in range(60):
        quantizer(torch.randn(64, 2, generator=noise(step)), noise(step))
    codes = quantizer.eval().codes_of(torch.randn(400, 2, generator=noise(99)))
    assert len(codes.unique()) == 8


def test_gaze_tokens_learn_to_land() -> None:
    torch.manual_seed(0)
    model = GazeVQVAE(GazeVQConfig(codes=64, hidden=32))
    optimizer = torch.optim.Adam(model.parameters(), 5e-3)
    rng = np.random.default_rng(0)
    for step in range(400):
        before = torch.from_numpy(rng.normal(0, 8, (256, 2)).astype(np.float32))
        target = torch.from_numpy((rng.integers(-2, 3, (256, 2)) * 8).astype(np.float32))
        loss = model.losses(before, target, torch.rand(256, generator=noise(step)), noise(step))["loss"]
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    model.eval()
    before, target = torch.tensor([[0.0, 0.0], [8.0, 0.0]]), torch.tensor([[16.0, -8.0], [-8.0, 0.0]])
    tokens = model.tokens_of(before, target, torch.tensor([0.5, 0.5]))
    landed, share = model.landing(tokens, before)
    assert (tokens != STAY).all() and ((share >= 0) & (share <= 1)).all()
    assert (landed - target).norm(dim=1).max().item() < 4.0


def test_windows_of_a_head_cross_fade_into_its_pose() -> None:
    fade = crossfade()
    assert torch.allclose(fade[:STEP_SAMPLES] + fade[STEP_SAMPLES:], torch.ones(STEP_SAMPLES), atol=1e-6)

    class Exact(HeadVAE):
        """A decoder that knows its window."""

        def decode(self, z: "torch.Tensor") -> "torch.Tensor":
            return z.unflatten(-1, (WINDOW_SAMPLES, 3))

    pose = torch.cumsum(torch.randn(60, 3, generator=noise()), dim=0)
    windows = torch.stack([pose[i * 10 : i * 10 + 20].flatten() for i in range(5)])[None]
    track = Exact(HeadVAEConfig(width=2, hidden=8)).track(windows)
    assert torch.allclose(track[0], pose[10:50], atol=1e-5)
