"""The learned generator over joint codes."""

from __future__ import annotations

import numpy as np

from talkingeyes.generate.cues import Cues
from talkingeyes.generate.learned import STAY, LearnedGenerator
from talkingeyes.generate.learned_state import LearnedState, landings_of
from talkingeyes.generate.plan import STEP_FRAMES, GazeShift
from talkingeyes.generate.statistical import Streams
from talkingeyes.models.head_vae import DEGREES

NEVER = -1e9


class Generator(LearnedGenerator):
    """The product's stepper; a code brings the head with it. Guidance is 1."""

    def _row(self, cues: Cues, state: LearnedState, streams: Streams) -> list[GazeShift]:
        out = self._model.run("step", **self._feeds(cues, state))
        state.cache = out["next_cache"]
        state.filled = np.concatenate([state.filled[:, 1:], np.zeros((1, 1), np.float32)], axis=1)
        logits, shifts = out["logits"][0].astype(float), out["moves"] > 0
        stays = np.where(shifts, NEVER, logits)
        stay = stays.max() + np.log(np.exp(stays - stays.max()).sum())
        places = landings_of(state.target_rad, state.life.side, out["target_deg"], out["share"]).places_rad
        moves = np.append(stay, np.where(shifts, logits, NEVER))
        made = self._gaze(cues, state, moves, places, out["share"], streams.gaze)
        if state.token == STAY:
            share = np.exp((stays - stays.max()) / self._set.temperature)
            state.token = 1 + int(streams.head.choice(len(share), p=share / share.sum()))
        state.token -= 1
        coming = out["coming_deg"][state.token]
        side = (-1.0, 1.0, -1.0) if state.life.mirrored else (1.0, 1.0, 1.0)
        state.window = np.concatenate([state.window[STEP_FRAMES:], coming * side])
        state.latent = (coming / DEGREES).reshape(-1)
        return made
