"""The page: avatar, sound, curves and every take in one HTML file that opens from disk without network.

The template ``assets/viewer.html`` is built from ``viewer/`` and holds all code; this module only fills in data:

- ``te-data``: JSON with title, takes (channels, provenance), the rig's constants, turns and pauses;
- ``te-avatar``: the avatar's GLB, zlib, base64;
- ``te-take-N``: the channels of take N (`pack_motion`), base64;
- ``te-peak``: the waveform envelope, one byte per 20 ms, zlib, base64;
- ``te-audio``: the compressed sound, base64;
- ``te-film``, ``te-marks``: a film beside the avatar and what is drawn over it (`page_film`), base64.

No text of a user's becomes markup or code: it is escaped in ``<title>`` and in the JSON, which is inert.
"""

from __future__ import annotations

import base64
import html
import json
import zlib
from collections.abc import Generator, Iterator, Mapping
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes import rig, rotations
from talkingeyes.avatar.looks import avatar_bytes
from talkingeyes.errors import FormatError
from talkingeyes.formats.html_avatar import PageAvatar
from talkingeyes.formats.job import ExportJob

if TYPE_CHECKING:
    from talkingeyes.audio import Speech
    from talkingeyes.formats.page_film import PageFilm
    from talkingeyes.motion import Motion

PAGE_FORMAT_VERSION = 1
ANGLE_STEP_RAD = 1e-4
"""Resolution of angles in the page: 0.006 degrees."""
COEFFICIENT_STEP = 1e-3
"""Resolution of lids and face coefficients in the page."""
MAX_TEXT = 300
"""Characters of a title or a provenance entry that the page shows."""

_TITLE_SLOT = b"<!--te:title-->"
_DATA_SLOT = b"<!--te:data-->"
_ZLIB_LEVEL = 6


def write_html(job: ExportJob, target: Path) -> None:
    """Write one self-contained page with all takes of the job.

    Args:
        job: the takes; sound is embedded where ``audio_path`` is given and ``embed_audio`` is true, the waveform,
            turns and pauses are drawn where ``speech`` is given.
        target: the file to write.

    Raises:
        OSError: the file cannot be written.
        AudioError: the recording cannot be read.
        FormatError: a take has neither gaze nor head nor face to show, or the avatar cannot be animated.
    """
    before, rest = _asset("viewer.html").split(_TITLE_SLOT)
    between, after = rest.split(_DATA_SLOT)
    title = html.escape(" · ".join(part for part in (_short(job.title), "TalkingEyes") if part))
    with target.open("wb") as page:
        page.write(before + title.encode() + between)
        for block in _data_blocks(job):
            page.write(block)
        page.write(after)


def pack_motion(
    motion: Motion, weights: Mapping[str, NDArray[Any]] | None = None
) -> tuple[list[dict[str, Any]], bytes]:
    """The channels the page animates, quantised, as one compressed block.

    Each channel is int16 steps, stored as zigzag-coded differences between frames; all low bytes first, then all high
    bytes, then zlib: slow curves shrink to a few bits per value.

    Args:
        motion: any motion with eyes, gaze, head, lids or face.
        weights: channel name -> (T,) weight of a morph target, for a character of the user's own.

    Returns:
        The channel table (name and size of one step, in the order of the block) and the block.

    Raises:
        FormatError: the motion has no channel that the page can show.
    """
    channels = dict(_page_channels(motion))
    if not channels:
        raise FormatError("this motion has nothing a page could show: no eyes, gaze, head, lids or face")
    return pack_channels(channels | {name: (values, True) for name, values in (weights or {}).items()})


def pack_channels(channels: Mapping[str, tuple[NDArray[Any], bool]]) -> tuple[list[dict[str, Any]], bytes]:
    """Name -> ((T,) values, whether a 0..1 coefficient): the table and the block that `pack_motion` describes."""
    steps = {name: COEFFICIENT_STEP if unit else ANGLE_STEP_RAD for name, (_, unit) in channels.items()}
    coded = np.stack([_zigzag_differences(values / steps[name]) for name, (values, _) in channels.items()])
    planes = (coded & 0xFF).astype(np.uint8).tobytes() + (coded >> 8).astype(np.uint8).tobytes()
    table = [{"name": name, "step": step} for name, step in steps.items()]
    return table, zlib.compress(planes, _ZLIB_LEVEL)


def _page_channels(motion: Motion) -> Iterator[tuple[str, tuple[NDArray[Any], bool]]]:
    """(name, ((T,) values, whether it is a 0..1 coefficient)) of every channel that the page knows."""
    if motion.head_rad is not None:
        for index, axis in enumerate(("Yaw", "Pitch", "Roll")):
            yield f"head{axis}", (rotations.wrap_rad(motion.head_rad[:, index]), False)
    eyes = motion.eyes_rad
    if eyes is None and motion.gaze_rad is not None and motion.head_rad is None:
        eyes = np.repeat(motion.gaze_rad[:, None, :], 2, axis=1)
    if eyes is not None:
        for side, side_name in enumerate(("left", "right")):
            for index, axis in enumerate(("Yaw", "Pitch")):
                yield f"{side_name}Eye{axis}", (rotations.wrap_rad(eyes[:, side, index]), False)
    if motion.lids is not None:
        yield "leftLid", (motion.lids[:, 0], True)
        yield "rightLid", (motion.lids[:, 1], True)
    for index, name in enumerate(motion.face_names):
        assert motion.face is not None
        yield name, (motion.face[:, index], True)


def _zigzag_differences(steps: NDArray[Any]) -> NDArray[np.uint16]:
    """(T,) values in steps -> (T,) uint16: 0, -1, 1, -2, 2 .. become 0, 1, 2, 3, 4 .."""
    whole = np.round(steps).astype(np.int32)
    difference = np.diff(whole, prepend=0).astype(np.int16).astype(np.int32)  # wraps as the page's sum does
    return ((difference << 1) ^ (difference >> 31)).astype(np.uint16)


def rig_data() -> dict[str, Any]:
    """The constants that a page needs to show motion (viewer/src/payload.ts)."""
    return {
        "eyeLookSide_rad": rig.EYE_LOOK_SIDE_RAD,
        "eyeLookUpDown_rad": rig.EYE_LOOK_UP_DOWN_RAD,
        "lidFollowsGaze_per_rad": rig.LID_FOLLOWS_GAZE_PER_RAD,
        "neckShare": rig.NECK_SHARE,
    }


def _data_blocks(job: ExportJob) -> Iterator[bytes]:
    takes: list[dict[str, Any]] = []
    character = PageAvatar.of(job.avatar_path, job.mapping_path) if job.avatar_path is not None else None
    for index, motion in enumerate(job.takes):
        table, block = pack_motion(motion, character.weights(motion) if character is not None else None)
        takes.append(
            {
                "fps": motion.fps,
                "frames": motion.num_frames,
                "channels": table,
                "provenance": dict(provenance_of(motion.meta)),
            }
        )
        yield _binary_block(f"te-take-{index}", block)
    data: dict[str, Any] = {
        "version": PAGE_FORMAT_VERSION,
        "title": _short(job.title),
        "takes": takes,
        "rig": rig_data(),
    }
    if character is not None:
        data["rig"]["avatar"] = character.data
    if job.speech is not None:
        data["speech"], envelope = speech_data(job.speech)
        yield _binary_block("te-peak", zlib.compress(envelope, _ZLIB_LEVEL))
    if job.audio_path is not None and job.embed_audio:
        from talkingeyes.audio import encode_for_page

        mime, sound = encode_for_page(job.audio_path, channel=job.channel)
        data["audio"] = {"mime": mime}
        yield _binary_block("te-audio", sound)
    if job.film is not None:
        data["film"] = yield from _film_blocks(job.film, job.motion)
    avatar = character.content if character is not None else avatar_bytes(job.look)
    yield _binary_block("te-avatar", zlib.compress(avatar, _ZLIB_LEVEL))
    yield b'<script type="application/json" id="te-data">' + _inert_json(data) + b"</script>\n"


def _film_blocks(film: PageFilm, motion: Motion) -> Generator[bytes, None, dict[str, Any]]:
    """The film and what is drawn over it; returns what the JSON says of them."""
    table, block = pack_channels(film.marks)
    yield _binary_block("te-film", film.content)
    yield _binary_block("te-marks", block)
    return {
        "mime": "video/mp4",
        "width": film.width,
        "height": film.height,
        "findings": [_short(line) for line in film.findings],
        "marks": {"fps": motion.fps, "frames": motion.num_frames, "channels": table},
    }


def speech_data(speech: Speech) -> tuple[dict[str, Any], bytes]:
    """Turns, pauses and the waveform's scale for the JSON, and the envelope as one byte per feature frame."""
    from talkingeyes.audio import FEATURE_RATE_HZ

    loudest = float(speech.peak.max(initial=0.0))
    envelope = np.round(255 * np.clip(speech.peak / max(loudest, 1e-6), 0, 1)).astype(np.uint8)
    return {
        "duration_s": round(float(speech.duration_s), 4),
        "peak_rate_hz": FEATURE_RATE_HZ,
        "turns": np.round(np.asarray(speech.turns, float).reshape(-1, 2), 3).tolist(),
        "pauses": np.round(np.asarray(speech.pauses, float).reshape(-1, 2), 3).tolist(),
    }, envelope.tobytes()


def provenance_of(meta: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    """The plain entries of a motion's meta (one level of nesting), as short texts."""
    for key, value in meta.items():
        name = _short(f"{prefix}{key}")
        if isinstance(value, Mapping) and not prefix:
            yield from provenance_of(value, f"{key}.")
        elif isinstance(value, str) and value:
            yield name, _short(value)
        elif isinstance(value, bool | int):
            yield name, str(value).lower()
        elif isinstance(value, float):
            yield name, f"{value:.6g}"


def _short(text: str) -> str:
    """One line of at most `MAX_TEXT` characters, without control characters and unpaired surrogates."""
    line = " ".join("".join(c if c.isprintable() else " " for c in str(text)).split())
    return line if len(line) <= MAX_TEXT else line[: MAX_TEXT - 1] + "…"


def _inert_json(data: Mapping[str, Any]) -> bytes:
    """JSON that cannot end its script element, open a comment or be read as markup."""
    text = json.dumps(data, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    for character in "<>&":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text.encode("ascii")


def _binary_block(name: str, content: bytes) -> bytes:
    return f'<script type="text/plain" id="{name}">'.encode() + base64.b64encode(content) + b"</script>\n"


def _asset(name: str) -> bytes:
    return resources.files("talkingeyes").joinpath("assets", name).read_bytes()
