"""What a finished take says about itself, the face that it was asked for, and whether its marks were reached."""

from __future__ import annotations

import math
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import numpy as np

from talkingeyes import rotations
from talkingeyes.errors import MarksError
from talkingeyes.generate.edits.table import VERSION
from talkingeyes.generate.face_track import BroughtFace
from talkingeyes.generate.marks import Mark
from talkingeyes.generate.mouth import shipped_face
from talkingeyes.generate.ownership import with_brought_face
from talkingeyes.generate.plan import GAZE_LEAD_S
from talkingeyes.generate.sampling import Sampling
from talkingeyes.generate.targets import told
from talkingeyes.motion import Motion
from talkingeyes.weights import Network

if TYPE_CHECKING:
    from talkingeyes.audio import Speech
    from talkingeyes.generate.takes import AnimateOptions


def meta_of(speech: Speech, options: AnimateOptions, seed: int, model: str) -> dict[str, Any]:
    """The meta of a take: all that it is made of."""
    meta: dict[str, Any] = {
        "generator": "talkingeyes",
        "model": model,
        "seed": seed,
        "role": options.role,
        "source": {"name": speech.source_name, "sha256": speech.sha256, "duration_s": round(speech.duration_s, 4)},
        "partner": {"yaw_deg": 0.0, "pitch_deg": 0.0, "distance_m": 1.0, "source": "generated"},
    }
    if speech.channel is not None:
        meta["source"]["channel"] = speech.channel
    if options.sampling != Sampling():
        meta["sampling"] = {k: v for k, v in asdict(options.sampling).items() if v != getattr(Sampling, k)}
    if options.amounts.changed:
        meta["amounts"] = options.amounts.changed
    if options.character is not None:
        meta["character"] = options.character
    if options.heard is not None:
        meta["encoder"] = {"sha256": options.heard.encoder}
    if options.look is not None:
        meta["look"] = options.look
    if options.targets:
        meta["targets"] = told(options.targets)
    if options.glance_at:
        meta["glance_at"] = dict(options.glance_at)
    if options.edits:
        meta["edits"] = {"version": VERSION, "edits": list(options.edits.document)}
        if options.edits.targets:
            meta["edits"]["targets"] = told(options.edits.targets)
    if options.keep_from is not None:
        meta["kept"] = {"channels": sorted(options.keep), "seed": options.keep_from.meta.get("seed")}
    return meta


def with_face(motion: Motion, options: AnimateOptions) -> Motion:
    """The take with the face that was asked for, and a word about it in its meta."""
    meta = dict(motion.meta)
    if options.face == "none":
        return motion.replace(face=None, face_names=(), meta={**meta, "face": "none"})
    if isinstance(options.face, BroughtFace):
        track, notes = options.face.aligned(motion.fps, motion.num_frames)
        told = {**options.face.meta, "notes": [*options.face.notes, *notes]}
        return with_brought_face(motion, track).replace(meta={**meta, "face": told})
    if options.role == "listening" or "mouth" in options.keep:
        return motion
    network = options.face if isinstance(options.face, Network) else shipped_face()
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
                f"--look: {mark.text!r} cannot be reached: the eyes would leave their range with the head as it is; "
                "do not keep the head, or choose a nearer target"
            )
