"""`Recording`: one motion to be judged, with the speech it belongs to and who it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from numpy.typing import NDArray

from talkingeyes.errors import FormatError
from talkingeyes.motion import Motion

if TYPE_CHECKING:
    from talkingeyes.audio import Speech

ROLES = ("speaking", "listening", "dialogue")


@dataclass(frozen=True, eq=False)
class Recording:
    """One motion, its speech, and which recording it is a take of.

    Attributes:
        motion: what is judged.
        name: shown in reports.
        speech: the sound the motion belongs to; None where there is none.
        role: "speaking", "listening" or "dialogue"; of listening motion the speech is the partner's.
        recording_id: takes of one recording share it, they are not independent; empty means ``name``.
        eyes_before_fusion_rad: (T, 2, 2) per-eye fit before both eyes were fused (video fits), for test 3.
    """

    motion: Motion
    name: str
    speech: Speech | None = None
    role: str = "speaking"
    recording_id: str = ""
    eyes_before_fusion_rad: NDArray[Any] | None = None

    def __post_init__(self) -> None:
        """Check role and shapes once."""
        if self.role not in ROLES:
            raise FormatError(f"{self.name}: role {self.role!r}; {', '.join(ROLES)} are accepted")
        eyes = self.eyes_before_fusion_rad
        if eyes is not None and eyes.shape != (self.motion.num_frames, 2, 2):
            raise FormatError(f"{self.name}: eyes_before_fusion_rad has shape {eyes.shape}; (T, 2, 2) is accepted")
        object.__setattr__(self, "recording_id", self.recording_id or self.name)
