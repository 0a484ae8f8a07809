"""A Pipecat processor: the speech of a text-to-speech service becomes frames of a face beside the sound (docs/live.md).

    face = FaceProcessor(seed=7)
    Pipeline([transport.input(), stt, llm, tts, face, transport.output()])

Sound frames pass through untouched. Face frames come at the pace of the clock, also while nobody speaks; each carries
the audio time that it belongs to. The user's sound, where it reaches the processor, is the other voice.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.errors import TalkingEyesError
from talkingeyes.extras import missing
from talkingeyes.live.frames import Frame as WireFrame
from talkingeyes.live.frames import Hello, frames_of
from talkingeyes.live.playout import Playout
from talkingeyes.live.resample import Resampler
from talkingeyes.live.session import Session
from talkingeyes.live.sinks import Sink
from talkingeyes.motion import Motion

try:
    from pipecat.frames.frames import (  # pyright: ignore[reportMissingImports]
        CancelFrame,
        EndFrame,
        Frame,
        InputAudioRawFrame,
        InterruptionFrame,
        StartFrame,
        SystemFrame,
        TTSAudioRawFrame,
        TTSStoppedFrame,
    )
    from pipecat.processors.frame_processor import (  # pyright: ignore[reportMissingImports]
        FrameDirection,
        FrameProcessor,
    )
except ImportError:
    raise missing("pipecat", "the Pipecat processor", "pipecat") from None

_RATE_HZ = 16_000
_ROOM_S = 0.02


@dataclass
class FaceFrame(SystemFrame):
    """One frame of the face; a system frame, so that it does not wait behind sound that is not played yet.

    Attributes:
        face: number, audio time, head, eyes, lids and ARKit weights (`talkingeyes.live.frames.Frame`).
    """

    face: WireFrame


class FaceProcessor(FrameProcessor):
    """Turns `TTSAudioRawFrame` into `FaceFrame` beside the sound; an `InterruptionFrame` closes the mouth.

    Args:
        fps: frames per second.
        listen: whether the user's sound (`InputAudioRawFrame`) that passes is heard as the other voice.
        sinks: where the frames go besides the pipeline: what `talkingeyes.live.targets.sink_of` gives.
        session: of your own; None: a new one with ``options``.
        clock: seconds; what paces it.
        **options: what `talkingeyes.Session` takes.
    """

    def __init__(
        self,
        *,
        fps: float = 30.0,
        listen: bool = True,
        sinks: Sequence[Sink] = (),
        session: Any = None,
        clock: Callable[[], float] = time.monotonic,
        **options: Any,
    ) -> None:
        super().__init__()
        self._session = Session(fps=fps, **options) if session is None else session
        self._fps, self._listen, self._sinks, self._now_s = fps, listen, tuple(sinks), clock
        self._playout: Playout | None = None
        self._resamplers: dict[tuple[str, int], Resampler] = {}
        self._ticking: asyncio.Task[None] | None = None

    @property
    def playout(self) -> Playout | None:
        """The pace, once the pipeline runs: what waits, gaps, and when sound of an audio time is heard."""
        return self._playout

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        """Hear what passes, and pass it on."""
        await super().process_frame(frame, direction)
        if isinstance(frame, EndFrame):
            await self._drain()
            await self._end(finish=True)
        elif isinstance(frame, CancelFrame):
            await self._end(finish=False)
        await self.push_frame(frame, direction)
        if isinstance(frame, StartFrame):
            await self._begin()
        elif isinstance(frame, TTSAudioRawFrame):
            await self._hear(frame, "own")
        elif isinstance(frame, InputAudioRawFrame) and self._listen:
            await self._hear(frame, "other")
        elif self._playout is not None and isinstance(frame, TTSStoppedFrame):
            self._playout.end()
        elif self._playout is not None and isinstance(frame, InterruptionFrame):
            self._playout.interrupt()

    async def cleanup(self) -> None:
        """The pipeline is gone."""
        await self._end(finish=False)
        await super().cleanup()

    async def _begin(self) -> None:
        if self._playout is not None:
            return
        hello = Hello("pipecat", self._fps, latency_s=dict(self._session.latency_s))
        for sink in self._sinks:
            await sink.open(hello)
        self._playout = Playout(self._session, {"own": _RATE_HZ, "other": _RATE_HZ}, self._now_s(), fps=self._fps)
        self._ticking = self.create_task(self._tick(self._playout))

    async def _tick(self, playout: Playout) -> None:
        while True:
            await asyncio.sleep(max(0.0, playout.due_s - self._now_s()))
            await self._out(playout.tick(self._now_s()))

    async def _hear(self, frame: TTSAudioRawFrame | InputAudioRawFrame, voice: str) -> None:
        if self._playout is None:
            return
        try:
            sound = self._sound(frame, voice)
            await self._out(self._playout.push(sound, voice, self._now_s()))
        except TalkingEyesError as error:  # the conversation goes on without a face for this piece
            await self.push_error(f"TalkingEyes: {error}", error)

    def _sound(self, frame: TTSAudioRawFrame | InputAudioRawFrame, voice: str) -> NDArray[np.float32]:
        """Mono at 16 kHz, whatever the service's rate and channels are."""
        channels = max(1, frame.num_channels)
        whole = len(frame.audio) - len(frame.audio) % (2 * channels)
        values = np.frombuffer(frame.audio[:whole], "<i2").reshape(-1, channels).mean(axis=1) / 32768
        sound = values.astype(np.float32)
        if frame.sample_rate == _RATE_HZ:
            return sound
        key = (voice, frame.sample_rate)
        if key not in self._resamplers:
            self._resamplers[key] = Resampler(frame.sample_rate)
        return self._resamplers[key].push(sound)

    async def _out(self, motion: Motion | None) -> None:
        if motion is None:
            return
        for sink in self._sinks:
            sink.send(motion)
        for face in frames_of(motion, "pipecat"):
            await self.push_frame(FaceFrame(face=face))

    async def _drain(self) -> None:
        """The pipeline ends with this speech: its frames still come as it is heard."""
        playout = self._playout
        if playout is not None:
            playout.end(for_good=True)
            while playout.queued_s():
                await asyncio.sleep(_ROOM_S)

    async def _end(self, *, finish: bool) -> None:
        playout, self._playout = self._playout, None
        if self._ticking is not None:
            ticking, self._ticking = self._ticking, None
            await self.cancel_task(ticking)
        if playout is None:
            return
        if finish:
            await self._out(playout.finish())
        for sink in self._sinks:
            with contextlib.suppress(OSError):
                await sink.close()
