"""Speech -> Motion: one take or several, and a take before it is rendered."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any, Literal, Unpack

import numpy as np

from talkingeyes.audio import Speech, load_speech
from talkingeyes.errors import SettingError, argument
from talkingeyes.generate.amounts import Amounts
from talkingeyes.generate.encoder_features import EncoderFeatures
from talkingeyes.generate.planned import PlannedTake, planned, planned_together
from talkingeyes.generate.request import MAX_SEED, AnimateOptions, FaceSource, ResolvedRequest, resolve
from talkingeyes.generate.sampling import Sampling
from talkingeyes.motion import Motion
from talkingeyes.wording import suggesting

MAX_TAKES = 1000
MOST_TOGETHER, MOST_TOGETHER_S = 16, 3600.0
"""Takes that are planned side by side, and how long they may be in all: plans of hours are hundreds of megabytes."""

SpeechSource = str | Path | Speech | np.ndarray


@suggesting()
def animate(  # noqa: PLR0913 - every option where an editor shows it
    speech: SpeechSource,
    *,
    seed: int = 0,
    fps: float | None = None,
    model: str | Path = "default",
    role: Literal["speaking", "listening"] = "speaking",
    look: str | None = None,
    keep: Collection[str] = (),
    keep_from: str | Path | Motion | None = None,
    face: FaceSource = "generate",
    face_fps: float | None = None,
    character: str | None = None,
    mood: str | None = None,
    eye_contact: float | None = None,
    gaze_activity: float | None = None,
    head_amount: float | None = None,
    blink_rate: float | None = None,
    brow: float | None = None,
    lid_openness: float | None = None,
    smile: float | None = None,
    articulation: float | None = None,
    happy: float | None = None,
    sad: float | None = None,
    angry: float | None = None,
    afraid: float | None = None,
    amounts: Amounts | None = None,
    edits: Any = None,
    targets: Any = None,
    glance_at: Mapping[str, float] | None = None,
    sampling: Sampling | None = None,
    encoder_features: EncoderFeatures | None = None,
    rate_hz: float | None = None,
    channel: str | int | None = None,
) -> Motion:
    """One take of living eyes for a recording.

    Args:
        speech: a recording (any sound or video file), samples ((n,) or (n, channels), float with full scale 1, or
            int16), or features from `load_speech`.
        seed: 0 to 2**63 - 1; the same seed and recording give the same bytes, another seed another take.
        fps: frames per second, 24 to 120; None: 30, or the kept take's, or the face track's.
        model: "default" (the package's trained gaze; "learned" is its older name), "joint" (one Transformer for gaze
            and head in two latent spaces, as in the paper), "statistical" (tables) or a folder of weights.
        role: whether the voice is the character's own ("speaking") or the other person's ("listening").
        look: director's marks, e.g. ``"0.0-1.5 camera; 3.0-4.2 yaw=20,pitch=-5; 5-6 @screen"``: seconds, degrees.
        keep: channels to take over from ``keep_from``: gaze, head, blinks, mouth.
        keep_from: the earlier take, or its file.
        face: the mouth: "generate" (from the voice), "none", another tool's track (a file or a motion, which stays
            untouched), or a folder of weights of a face network of one's own.
        face_fps: frames per second of a face track that carries no rate; the take's otherwise.
        character: name of a person: the same one in every recording; None: the seed's own.
        mood: several amounts at once (calm, lively, shy, attentive); amounts given beside it come on top.
        eye_contact: 0 to 2: looks at the partner as little as people at the 5th percentile, or as much as at the 95th.
        gaze_activity: 0.1 to 3: multiplies how often the gaze shifts.
        head_amount: 0 to 2: multiplies the head's rotation; 0 holds it still and the eyes do all the work.
        blink_rate: 0 to 4: multiplies blinks per minute.
        brow: 0 to 3: multiplies the brows' movement.
        lid_openness: 0 (shut) to 2 (wide): opening of the eyes at rest; 1 as it is.
        smile: 0 to 1: is added to a resting smile.
        articulation: 0.5 to 1.5: multiplies how far the mouth opens, rounds and stretches; closures stay closures.
        happy: 0 to 1: smiles with mouth and cheeks while it speaks; feelings may be given together.
        sad: 0 to 1: inner brows up, corners of the mouth down.
        angry: 0 to 1: brows down, nose up, lips that press.
        afraid: 0 to 1: brows up, a wide mouth.
        amounts: the amounts above as one object, in place of giving them by name.
        edits: changes on top of the take: a list, a document or its file (docs/directing.md).
        targets: what marks and edits may look at, by name: (x, y, z) in metres in front of the face, a track, or a
            node of a glTF scene.
        glance_at: shares of the time, by target, that the gaze goes there of its own accord.
        sampling: how a learned model draws (temperature, top-p, guidance, ...).
        encoder_features: what a local speech encoder made of the recording, for a model that was trained with one
            (`talkingeyes.train.encoders.listener_for`).
        rate_hz: samples per second, for samples only.
        channel: "left", "right" or a number from 1, where each channel holds another voice; None mixes them.

    Returns:
        Motion of ``ceil(duration * fps)`` frames.

    Raises:
        AudioError: the recording cannot be read.
        SettingError: an option has a value that is not accepted.
        MarksError: a mark is malformed, overlapping, outside the recording or out of reach.
        EditsError: an edit is not accepted or cannot be done; names it.
        TargetError: a target is not accepted.
        FormatError, ModelError: a file or folder that an option names cannot be used.
    """
    return animate_takes(
        speech, takes=1, rate_hz=rate_hz, channel=channel, seed=seed, fps=fps, model=model, role=role, look=look,
        keep=keep, keep_from=keep_from, face=face, face_fps=face_fps, character=character, mood=mood,
        eye_contact=eye_contact, gaze_activity=gaze_activity, head_amount=head_amount, blink_rate=blink_rate,
        brow=brow, lid_openness=lid_openness, smile=smile, articulation=articulation, happy=happy, sad=sad,
        angry=angry, afraid=afraid, amounts=amounts, edits=edits, targets=targets,
        glance_at=glance_at, sampling=sampling, encoder_features=encoder_features,
    )[0]  # fmt: skip


@suggesting(AnimateOptions.__annotations__)
def animate_takes(
    speech: SpeechSource,
    *,
    takes: int = 1,
    progress: Callable[[int, int], None] | None = None,
    planned_as: Callable[[PlannedTake], None] | None = None,
    rate_hz: float | None = None,
    channel: str | int | None = None,
    **options: Unpack[AnimateOptions],
) -> list[Motion]:
    """Several different takes of one recording, with the seeds ``seed``, ``seed + 1``, ... of `animate`.

    Args:
        speech: a recording, samples, or features from `load_speech`.
        takes: how many, 1 to 1000.
        progress: called with (takes done, takes in all).
        planned_as: called with each take before it is rendered, to list its events.
        rate_hz: see `animate`.
        channel: see `animate`.
        **options: see `animate`.

    Returns:
        ``takes`` motions.

    Raises:
        AudioError, SettingError, MarksError: see `animate`.
    """
    if not 1 <= takes <= MAX_TAKES:
        raise SettingError(f"{argument('takes')} is {takes}; 1 to {MAX_TAKES} is accepted")
    request = resolve(options)
    return make_takes(_features_of(speech, rate_hz, channel), request, takes, progress, planned_as)


def make_takes(
    speech: Speech,
    request: ResolvedRequest,
    takes: int = 1,
    progress: Callable[[int, int], None] | None = None,
    planned_as: Callable[[PlannedTake], None] | None = None,
) -> list[Motion]:
    """Takes of a request that is resolved already; see `animate_takes`."""
    if request.seed + takes - 1 > MAX_SEED:
        raise SettingError(f"{argument('seed')} {request.seed} plus {takes} takes exceeds {MAX_SEED}")
    motions: list[Motion] = []
    side_by_side = min(MOST_TOGETHER, max(1, int(MOST_TOGETHER_S / max(speech.duration_s, 1.0))))
    for first in range(0, takes, side_by_side):
        seeds = range(request.seed + first, request.seed + min(first + side_by_side, takes))
        for take in planned_together(speech, request, seeds):
            if planned_as is not None:
                planned_as(take)
            motions.append(take.motion())
            if progress is not None:
                progress(len(motions), takes)
    return motions


@suggesting(AnimateOptions.__annotations__)
def plan_take(
    speech: SpeechSource,
    *,
    rate_hz: float | None = None,
    channel: str | int | None = None,
    **options: Unpack[AnimateOptions],
) -> PlannedTake:
    """One take before it is rendered: to list its events, to edit it in milliseconds, to render parts of it.

    Args:
        speech: see `animate`.
        rate_hz: see `animate`.
        channel: see `animate`.
        **options: see `animate`.

    Returns:
        The take; its ``motion()`` is what `animate` gives.

    Raises:
        AudioError, SettingError, MarksError, EditsError: see `animate`.
    """
    request = resolve(options)
    return planned(_features_of(speech, rate_hz, channel), request, request.seed)


def _features_of(speech: SpeechSource, rate_hz: float | None, channel: str | int | None) -> Speech:
    if isinstance(speech, Speech) and (rate_hz is not None or channel is not None):
        raise SettingError(
            f"{argument('rate_hz')} and {argument('channel')} are for recordings and samples; give them to load_speech"
        )
    return speech if isinstance(speech, Speech) else load_speech(speech, rate_hz=rate_hz, channel=channel)
