"""VTube Studio: a frame as its tracking parameters, and the messages of its WebSocket interface.

Source: github.com/DenchiSoft/VTubeStudio (public API 1.0). Live2D's standard parameters count + to the right of the
screen, where the character's own left is; so yaw + (left) is FaceAngleX +, and roll + (the left side of the head goes
up) is FaceAngleZ -.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from talkingeyes.errors import FormatError
from talkingeyes.motion import Motion
from talkingeyes.plain_json import parse_json
from talkingeyes.rig import EYE_LOOK_SIDE_RAD, EYE_LOOK_UP_DOWN_RAD, lid_closure
from talkingeyes.wording import one_line

PORT = 8001
API, VERSION = "VTubeStudioPublicAPI", "1.0"
PLUGIN, DEVELOPER = "TalkingEyes", "The TalkingEyes developers"
MAX_TOKEN_CHARACTERS = 256
MAX_ANSWER_BYTES = 1 << 20

_MOUTH_OPEN = 1.4
"""Gain of jawOpen: speech opens it to about .7."""


def parameters_of(motion: Motion, frame: int = -1) -> dict[str, float]:
    """VTube Studio's default parameters for one frame; channels that are absent leave theirs out."""
    values: dict[str, float] = {}
    if motion.head_rad is not None:
        yaw, pitch, roll = (math.degrees(a) for a in motion.head_rad[frame])
        values |= {"FaceAngleX": yaw, "FaceAngleY": pitch, "FaceAngleZ": -roll}
    if motion.eyes_rad is not None:
        for side, (yaw, pitch) in zip(("Left", "Right"), motion.eyes_rad[frame].astype(float), strict=True):
            values |= {f"Eye{side}X": yaw / EYE_LOOK_SIDE_RAD, f"Eye{side}Y": pitch / EYE_LOOK_UP_DOWN_RAD}
    if motion.lids is not None:
        closed = motion.lids if motion.eyes_rad is None else lid_closure(motion)
        values |= {f"EyeOpen{side}": 1 - float(closed[frame, i]) for i, side in enumerate(("Left", "Right"))}
    if motion.face is not None:
        values |= _face(dict(zip(motion.face_names, motion.face[frame].tolist(), strict=True)))
    return {name: _held(name, value) for name, value in values.items()}


def _face(face: Mapping[str, float]) -> dict[str, float]:
    def mean(name: str) -> float:
        return (face.get(f"{name}Left", 0.0) + face.get(f"{name}Right", 0.0)) / 2

    brows = {
        side: 0.5 + 0.25 * (face.get("browInnerUp", 0.0) + face.get(f"browOuterUp{side}", 0.0))
        - 0.5 * face.get(f"browDown{side}", 0.0)
        for side in ("Left", "Right")
    }  # fmt: skip
    return {
        "MouthOpen": _MOUTH_OPEN * (face.get("jawOpen", 0.0) - face.get("mouthClose", 0.0)),
        "MouthSmile": 0.5 + 0.5 * (mean("mouthSmile") - mean("mouthFrown")),
        "MouthX": face.get("mouthLeft", 0.0) - face.get("mouthRight", 0.0),
        "BrowLeftY": brows["Left"],
        "BrowRightY": brows["Right"],
        "Brows": (brows["Left"] + brows["Right"]) / 2,
        "CheekPuff": face.get("cheekPuff", 0.0),
        "TongueOut": face.get("tongueOut", 0.0),
    }


def _held(name: str, value: float) -> float:
    most = 30.0 if name.startswith("FaceAngle") else 1.0
    least = -most if name.startswith("FaceAngle") or name.endswith("X") or name in ("EyeLeftY", "EyeRightY") else 0.0
    return round(float(np.clip(value, least, most)), 5)


def request(kind: str, number: int, data: Mapping[str, Any] | None = None) -> str:
    """A request's text."""
    message = {"apiName": API, "apiVersion": VERSION, "requestID": f"TalkingEyes{number}", "messageType": kind}
    return json.dumps({**message, "data": dict(data or {})}, allow_nan=False, separators=(",", ":"))


def ask_for_token(number: int) -> str:
    """Ask the person at VTube Studio to allow this plug-in."""
    return request("AuthenticationTokenRequest", number, {"pluginName": PLUGIN, "pluginDeveloper": DEVELOPER})


def sign_in(number: int, token: str) -> str:
    """Sign in with the token that was given."""
    data = {"pluginName": PLUGIN, "pluginDeveloper": DEVELOPER, "authenticationToken": token}
    return request("AuthenticationRequest", number, data)


def inject(number: int, values: Mapping[str, float]) -> str:
    """Set parameters."""
    listed = [{"id": name, "value": value} for name, value in values.items()]
    data = {"faceFound": True, "mode": "set", "parameterValues": listed}
    return request("InjectParameterDataRequest", number, data)


def answer(text: str | bytes, wanted: str) -> dict[str, Any]:
    """The data of an answer.

    Args:
        text: as it came.
        wanted: its type, without ``Response``.

    Raises:
        FormatError: it is none, or VTube Studio refuses; its words are in the message.
    """
    message = parse_json(text, "VTube Studio's answer")
    data = message.get("data") if isinstance(message, dict) else None
    if not isinstance(message, dict) or message.get("apiName") != API:
        raise FormatError("VTube Studio's answer: is none of its interface; is it another program's port?")
    kind = message.get("messageType")
    if kind == "APIError":
        said = data.get("message") if isinstance(data, dict) else None
        raise FormatError(f"VTube Studio refuses: {one_line(str(said))[:200]}")
    if kind != f"{wanted}Response":
        raise FormatError(f"VTube Studio's answer: {one_line(str(kind))[:80]} came, {wanted}Response is expected")
    return data if isinstance(data, dict) else {}


def token_of(data: Mapping[str, Any]) -> str:
    """The token in the answer to `ask_for_token`.

    Raises:
        FormatError: there is none.
    """
    token = data.get("authenticationToken")
    if not isinstance(token, str) or not 1 <= len(token) <= MAX_TOKEN_CHARACTERS or not token.isascii():
        raise FormatError("VTube Studio's answer: holds no token")
    return token
