"""What a finished take says about itself, the face that it was asked for, and whether its marks were reached."""

from __future__ import annotations

import math
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import numpy as np

from talkingeyes import rotations
from talkingeyes.errors import MarksError, argument
from talkingeyes.generate.edits.table import VERSION
from talkingeyes.generate.face_blend import with_brought_face
from talkingeyes.generate.face_track import BroughtFace
from talkingeyes.generate.marks import Mark
from talkingeyes.generate.mouth import shipped_face
from talkingeyes.generate.plan import GAZE_LEAD_S
from talkingeyes.generate.sampling import Sampling
from talkingeyes.generate.targets import told
from talkingeyes.motion import Motion
from talkingeyes.weights import Network

if TYPE_CHECKING:
    from talkingeyes.audio import Speech
    from talkingeyes.generate.request import ResolvedRequest


def meta_of(speech: Speech, request: ResolvedRequest, seed: int, model: str) -> dict[str, Any]:
    """The meta of a take: all that it is made of."""
    meta: dict[str, Any] = {
        "generator": "talkingeyes",
        "model": model,
        "seed": seed,
        "role": request.role,
        "source": {"name": speech.source_name, "sha256": speech.sha256, "duration_s": round(speech.duration_s, 4)},
        "partner": {"yaw_deg": 0.0, "pitch_deg": 0.0, "distance_m": 1.0, "source": "generated"},
    }
    if speech.channel is not None:
        meta["source"]["channel"] = speech.channel
    if request.sampling != Sampling():
        meta["sampling"] = {k: v for k, v in asdict(request.sampling).items() if v != getattr(Sampling, k)}
    if request.amounts.changed:
        meta["amounts"] = request.amounts.changed
    if request.character is not None:
        meta["character"] = request.character
    if request.encoder_features is not None:
        meta["encoder"] = {"sha256": request.encoder_features.encoder}
    if request.look is not None:
        meta["look"] = request.look
    if request.targets:
        meta["targets"] = told(request.targets)
    if request.glance_at:
        meta["glance_at"] = dict(request.glance_at)
    if request.edits:
        meta["edits"] = {"version": VERSION, "edits": list(request.edits.document)}
        if request.edits.targets:
            meta["edits"]["targets"] = told(request.edits.targets)
    if request.keep_from is not None:
        meta["kept"] = {"channels": sorted(request.keep), "seed": request.keep_from.meta.get("seed")}
    return meta


def with_face(motion: Motion, request: ResolvedRequest) -> Motion:
    """The take with the face that was asked for, and a word about it in its meta."""
    meta = dict(motion.meta)
    if request.face == "none":
        return motion.replace(face=None, face_names=(), meta={**meta, "face": "none"})
    if isinstance(request.face, BroughtFace):
        track, notes = request.face.aligned(motion.fps, motion.num_frames)
        told = {**request.face.meta, "notes": [*request.face.notes, *notes]}
        return with_brought_face(motion, track).replace(meta={**meta, "face": told})
    if request.role == "listening" or "mouth" in request.keep:
        return motion
    network = request.face if isinstance(request.face, Network) else shipped_face()
    return motion.replace(meta={**meta, "face": {"model": network.manifest.name, "sha256": network.sha256}})


def check_marks(motion: Motion, marks: tuple[Mark, ...]) -> None:
    """A mark that a kept head puts out of the eyes' reach is refused, never missed in silence.

    Raises:
        MarksError: naming it.
    """
    if not marks:
        return
    gaze = rotations.direction_from_yaw_pitch(motion.gaze_in_space_rad())
    for mark in (one for one in marks if one.target is None or not one.target.moves):
        goal = rotations.direction_from_yaw_pitch(np.array([mark.yaw_rad, mark.pitch_rad]))
        last = min(math.floor(mark.end_s * motion.fps), motion.num_frames - 1)
        frame = min(math.ceil((mark.start_s + GAZE_LEAD_S) * motion.fps), last)
        if np.degrees(rotations.angle_between_rad(gaze[frame], goal)) > 1.5:
            raise MarksError(
                f"{argument('look')}: {mark.text!r} cannot be reached: the eyes would leave their range "
                "with the head as it is; do not keep the head, or choose a nearer target"
            )
