"""A session without a model: frames that show how loud the own voice is, out exactly when the latency allows."""

import itertools
import math
from typing import Any

import numpy as np

from talkingeyes.lanes import Lane
from talkingeyes.motion import Motion


class FakeSession:
    """Keeps what was pushed; every frame's jawOpen is the loudest own sample of its time."""

    def __init__(self, latency_s: float = 0.1, fps: float = 30.0, voices: tuple[str, ...] = ()) -> None:
        self.latency_s = {"gaze": latency_s, "mouth": latency_s}
        self.fps, self.frame, self.interrupted = fps, 0, 0
        self.sound: dict[str, list[np.ndarray]] = {voice: [] for voice in voices}
        self.rates: dict[str, float] = {}

    def push(self, samples: Any, rate_hz: float, voice: str = "own") -> Motion | None:
        assert self.rates.setdefault(voice, rate_hz) == rate_hz
        if voice not in self.sound:  # a voice begins where the furthest one is
            furthest_s = max((self.pushed_s(name) for name in self.sound), default=0.0)
            self.sound[voice] = [np.zeros(int(furthest_s * rate_hz + 1e-6), np.float32)]
        self.sound[voice].append(np.asarray(samples, np.float32))
        return self._out(min(self.pushed_s(name) for name in self.sound) - max(self.latency_s.values()))

    def pushing(self, samples: Any, rate_hz: float, voice: str = "own") -> Lane[Motion | None]:
        yield from ()
        return self.push(samples, rate_hz, voice)

    def finish(self) -> Motion | None:
        return self._out(max((self.pushed_s(name) for name in self.sound), default=0.0))

    def interrupt(self) -> None:
        self.interrupted += 1

    def pushed_s(self, voice: str = "own") -> float:
        return sum(map(len, self.sound.get(voice, ()))) / self.rates.get(voice, 1)

    def heard(self, voice: str = "own") -> np.ndarray:
        return np.concatenate([np.zeros(0, np.float32), *self.sound.get(voice, ())])

    def _out(self, to_s: float) -> Motion | None:
        count = math.floor(to_s * self.fps + 1e-6) - self.frame
        if count <= 0:
            return None
        own, rate = self.heard(), self.rates.get("own", 1)
        ends = [round((self.frame + i) * rate / self.fps) for i in range(count + 1)]
        jaw = [min(1.0, float(np.abs(own[a:b]).max(initial=0))) for a, b in itertools.pairwise(ends)]
        motion = Motion(
            fps=self.fps,
            eyes_rad=np.zeros((count, 2, 2)),
            face=np.array(jaw)[:, None],
            face_names=("jawOpen",),
            meta={"start_frame": self.frame, "start_s": self.frame / self.fps},
        )
        self.frame += count
        return motion
