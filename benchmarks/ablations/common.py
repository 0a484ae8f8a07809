"""What the ablations share: the table of stages, the shipped form, takes."""

from __future__ import annotations

import importlib
import math
from pathlib import Path

import numpy as np

from talkingeyes.audio import Speech
from talkingeyes.errors import ModelError
from talkingeyes.generate.coordination import Kept, render
from talkingeyes.generate.cues import Role, cues_of
from talkingeyes.generate.learned import LearnedGenerator
from talkingeyes.generate.learned_model import LearnedModel
from talkingeyes.generate.plan import STEP_S
from talkingeyes.generate.sampling import Sampling
from talkingeyes.generate.statistical import Streams, plan_of
from talkingeyes.generate.tilt import FLOORS, TILTS
from talkingeyes.models.translator import Translator
from talkingeyes.motion import Motion
from talkingeyes.train import stages
from talkingeyes.train.calibrate import characters
from talkingeyes.train.people import people
from talkingeyes.train.stage import Context
from talkingeyes.train.to_onnx import write_manifest
from talkingeyes.train.translator import character_table
from talkingeyes.weights import load_network

HERE = "benchmarks.ablations"
STAGES = {
    "no_vq": {"head_vae": "talkingeyes.train.head", "gaze_vae": f"{HERE}.no_vq.space"},
    "joint": {"joint_vqvae": f"{HERE}.joint.space"},
    "in_head": {"head_vae": "talkingeyes.train.head", "eye_vqvae": f"{HERE}.in_head.space"},
}
KIND = "ablation "
PARTNER = {"yaw_deg": 0.0, "pitch_deg": 0.0, "distance_m": 1.0, "source": "generated"}


def register(name: str) -> None:
    """Make the stages of an ablation those that `talkingeyes train` trains.

    Raises:
        KeyError: there is no such ablation.
    """
    table = {**STAGES[name], "translator": f"{HERE}.{name}.translator"}
    stages.STAGES.clear()
    stages.STAGES.update(table)


def write_about(context: Context, folder: Path, name: str, translator: Translator) -> None:
    """The manifest of an ablation's networks."""
    config = context.config.model
    everybody = people(context.data, config.held_out)
    about = {
        "kind": KIND + name, "tokens": translator.tokens, "latent": translator.latent,
        "cache": list(translator.cache_shape()), "window": translator.config.window, "hears": config.hears,
        "characters": character_table(list(characters(everybody).values())),
    }  # fmt: skip
    figures = dict(context.trained("translator").figures)
    write_manifest(folder, name=name, licence="MIT", training_data=[context.data.name], config=about, scores=figures)


def generator_of(folder: Path, sampling: Sampling) -> LearnedGenerator:
    """The generator of an ablation's folder of weights.

    Raises:
        ModelError: it holds no weights of an ablation.
    """
    network = load_network(folder)
    config = network.manifest.config
    name = str(config.get("kind", "")).removeprefix(KIND)
    if name not in STAGES:
        raise ModelError(f"{folder}: weights of {config.get('kind')!r}; those of an ablation are accepted here")
    people_drawn = np.asarray(config["characters"], np.float32)
    model = LearnedModel(
        network, int(config["tokens"]), int(config["latent"]), tuple(map(int, config["cache"])), int(config["window"]),
        bool(config["hears"]), people_drawn, np.zeros((FLOORS, len(people_drawn), TILTS)),
        np.zeros((FLOORS, len(people_drawn), 1, 2)), np.zeros((FLOORS, len(people_drawn), 1, 0), np.int64),
    )  # fmt: skip
    return importlib.import_module(f"{HERE}.{name}.generator").Generator(model, sampling)


def take(speech: Speech, generator: LearnedGenerator, seed: int, *, role: Role, fps: float) -> Motion:
    """One take by a fresh generator, without a face; rendered like the product's."""
    frames = max(1, math.ceil(speech.duration_s * fps - 1e-6))
    cues = cues_of(speech, role, math.ceil(frames / fps / STEP_S) + 1, mouth="none")
    plan = plan_of(generator, cues, Streams.from_seed(seed))
    gaze = getattr(generator, "gaze_track", None)
    kept = Kept() if gaze is None else Kept(gaze=gaze(np.arange(frames) / fps))
    return render(plan, fps, range(frames), kept=kept, meta={"partner": PARTNER})
