"""The network that finds irises, and how it is taught. Needs torch and onnx."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from talkingeyes.train.to_onnx import Names, export_network, write_manifest

BATCH, LEARNING_RATE = 96, 2e-3
WEIGHTS = (1.0, 1.0, 0.3, 0.3, 0.3, 0.1)
"""Of the errors of: centre right and down, yaw, pitch, log of the radius, depth."""
USUAL_DEPTH_MM = 11.0


class IrisNet(nn.Module):
    """(N, 3, 40, 40) pictures 0..255 -> (N, 13): six values, the logs of their spreads, the logit of a real eye."""

    def __init__(self, widths: tuple[int, int, int, int] = (16, 32, 48, 64)) -> None:
        super().__init__()
        a, b, c, d = widths
        rows = ((3, a, 2), (a, b, 1), (b, c, 2), (c, c, 1), (c, d, 2), (d, d, 1))
        self.body = nn.Sequential(
            *(nn.Sequential(nn.Conv2d(i, o, 3, s, 1), nn.BatchNorm2d(o), nn.ReLU()) for i, o, s in rows)
        )
        self.head = nn.Sequential(nn.Flatten(), nn.Dropout(0.1), nn.Linear(d * 25, 96), nn.ReLU(), nn.Linear(96, 13))

    def forward(self, eyes: Tensor) -> Tensor:
        """Each picture is seen against its own mean and spread."""
        mean, spread = eyes.mean((1, 2, 3), keepdim=True), eyes.std((1, 2, 3), keepdim=True)
        return self.head(self.body((eyes - mean) / (spread + 4)))


def load(files: list[Path]) -> tuple[Tensor, Tensor]:
    """Crops at half the size and their truth."""
    crops, truth = [], []
    for file in files:
        with np.load(file) as data:
            crop = data["crops"].reshape(-1, 40, 2, 40, 2, 3).astype(np.float32).mean(axis=(2, 4))
            crops.append(torch.from_numpy(crop.transpose(0, 3, 1, 2)).half())
            truth.append(torch.from_numpy(data["truth"]).float())
    return torch.cat(crops), torch.cat(truth)


def varied(eyes: Tensor, truth: Tensor, rng: torch.Generator) -> tuple[Tensor, Tensor]:
    """Shifted by up to three pixels, in other colours, other contrast and sometimes in grey."""
    count, grid = len(eyes), torch.arange(40)
    right, down = (torch.randint(-most, most + 1, (count,), generator=rng) for most in (3, 4))
    wide = functional.pad(eyes, (4, 4, 4, 4), mode="replicate")
    rows, columns = grid[None] + 4 - down[:, None], grid[None] + 4 - right[:, None]
    eyes = wide[
        torch.arange(count)[:, None, None, None], torch.arange(3)[None, :, None, None], rows[:, None, :, None],
        columns[:, None, None, :],
    ]  # fmt: skip
    truth = truth.clone()
    truth[:, 0] += right / 7.0
    truth[:, 1] += down / 7.0
    eyes = eyes * torch.exp(0.12 * torch.randn(count, 3, 1, 1, generator=rng))
    eyes = 255 * (eyes / 255).clamp(0, 1.3) ** torch.exp(0.25 * torch.randn(count, 1, 1, 1, generator=rng))
    grey = (torch.rand(count, 1, 1, 1, generator=rng) < 0.15).float()
    return eyes * (1 - grey) + grey * eyes.mean(1, keepdim=True), truth


def loss(found: Tensor, truth: Tensor) -> Tensor:
    """Laplace's log-likelihood of the six values, and of being a real eye."""
    wanted = torch.cat([truth[:, :5], truth[:, 5:6] - USUAL_DEPTH_MM], 1)
    log_spread = found[:, 6:12].clamp(-6, 3)
    away = torch.sqrt((found[:, :6] - wanted) ** 2 + 1e-5)
    likely = (away / torch.exp(log_spread) + log_spread) * torch.tensor(WEIGHTS)
    return likely.mean() + 0.1 * functional.binary_cross_entropy_with_logits(found[:, 12], truth[:, 6])


def learn(folder: Path, minutes: float, target: Path) -> IrisNet:
    """Teach for so many minutes on every shard but the first, which is kept aside; shards may still be arriving."""
    torch.manual_seed(0)
    net, rng, known, step, started = IrisNet(), torch.Generator().manual_seed(0), [], 0, time.monotonic()
    adam = torch.optim.AdamW(net.parameters(), LEARNING_RATE, weight_decay=1e-3)
    aside, eyes, truth = sorted(folder.glob("crops_*.npz"))[0], torch.zeros(0), torch.zeros(0)
    share = 0.0
    while share < 1:
        files = [f for f in sorted(folder.glob("crops_*.npz")) if f != aside]
        if files != known:
            known, (eyes, truth) = files, load(files)
        for batch in torch.randperm(len(eyes), generator=rng).split(BATCH)[:-1]:
            share = (time.monotonic() - started) / 60 / minutes
            for group in adam.param_groups:
                group["lr"] = LEARNING_RATE * max(0.005, min(1, step / 200) * 0.5 * (1 + np.cos(np.pi * min(1, share))))
            net.train()
            adam.zero_grad()
            shown, true = varied(eyes[batch].float(), truth[batch], rng)
            loss(net(shown), true).backward()
            nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            adam.step()
            step += 1
        print(f"{share:.2f} step {step} {len(eyes)} crops:", *scores(net, *load([aside])).items(), flush=True)
        torch.save(net.state_dict(), target)
    return net


def scores(net: IrisNet, eyes: Tensor, truth: Tensor) -> dict[str, float]:
    """Errors on crops of people that were kept aside."""
    net.eval()
    with torch.no_grad():
        found = torch.cat([net(part.float()) for part in eyes.split(256)])
    away = (found[:, :2] - truth[:, :2]).abs()
    right = ((found[:, 12] > 0) == (truth[:, 6] > 0.5)).float().mean()
    figures = {"across_radii": away[:, 0].median(), "up_radii": away[:, 1].median(), "real_right": right}
    return {name: round(float(value), 4) for name, value in figures.items()}


def export(net: IrisNet, folder: Path, crops: int, figures: dict[str, float]) -> None:
    """Write the folder of weights that the fit reads."""
    folder.mkdir(parents=True, exist_ok=True)
    names = Names(("eyes",), ("irises",), {"eyes": {0: "count"}, "irises": {0: "count"}})
    export_network(net, (torch.rand(2, 3, 40, 40) * 255,), names, folder / "irises.onnx")
    write_manifest(
        folder,
        name="irises",
        licence="MIT",
        training_data=[f"own renderings of ICT-FaceKit heads (MIT), scripts/teach_irises.py: {crops} crops"],
        config={"kind": "irises 1", "side_px": 40, "usual_depth_mm": USUAL_DEPTH_MM},
        scores=figures,
    )
