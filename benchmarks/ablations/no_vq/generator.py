"""The learned generator over continuous gaze latents: landings are drawn anew at each step."""

from __future__ import annotations

import numpy as np
from benchmarks.ablations.no_vq.translator import CANDIDATES

from talkingeyes.generate.cues import Cues
from talkingeyes.generate.learned import STAY, LearnedGenerator
from talkingeyes.generate.learned_state import LearnedState, landings_of
from talkingeyes.generate.plan import GazeShift
from talkingeyes.generate.statistical import Streams


class Generator(LearnedGenerator):
    """The product's stepper; only where the candidates come from differs. Guidance is 1."""

    def _row(self, cues: Cues, state: LearnedState, streams: Streams) -> list[GazeShift]:
        feeds = self._feeds(cues, state)
        width = self._model.network.session("step").get_inputs()[-1].shape[1]
        draw = streams.gaze.random(CANDIDATES).astype(np.float32)
        noise = streams.gaze.normal(0.0, 1.0, (CANDIDATES, width)).astype(np.float32)
        out = self._model.run("step", **feeds, gaze_draw=draw, gaze_noise=noise)
        state.cache = out["next_cache"]
        state.filled = np.concatenate([state.filled[:, 1:], np.zeros((1, 1), np.float32)], axis=1)
        places = landings_of(state.target_rad, state.life.side, out["target_deg"], out["share"]).places_rad
        shifts = self._gaze(cues, state, out["logits"][0].astype(float), places, out["share"], streams.gaze)
        shift = out["z"][state.token - 1] if state.token != STAY else np.zeros(width, np.float32)
        state.token = min(state.token, 1)
        draw, head_noise = (
            streams.head.random(),
            streams.head.normal(0.0, self._set.head_temperature, self._model.latent),
        )
        found = self._model.run(
            "head", state=out["state"][:1], token=np.array([state.token], np.int64), latent=state.latent[None],
            sees=np.array([state.index > state.begun], np.float32), draw=np.array([draw], np.float32),
            noise=head_noise[None].astype(np.float32), shift=shift[None],
        )  # fmt: skip
        state.latent = found["next_latent"][0]
        side = (-1.0, 1.0, -1.0) if state.life.mirrored else (1.0, 1.0, 1.0)
        state.window = found["window_deg"][0].astype(float) * side
        return shifts
