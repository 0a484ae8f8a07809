"""What the page shows of settings and limits: labels, ranges, choices; from the same tables that check them."""

from __future__ import annotations

from typing import Any

from talkingeyes.avatar.looks import LOOKS
from talkingeyes.generate.amounts import MOODS, RANGES, Amounts
from talkingeyes.generate.edits.schema import schema
from talkingeyes.generate.model_choice import MODELS
from talkingeyes.generate.request import DEFAULT_FPS, ROLES
from talkingeyes.studio.exports import PRESETS

STEP = 0.05
RATES = ("24", "25", "30", "50", "60", "120")
_LABELS = {
    "eye_contact": ("Eye contact", "Time on the partner"),
    "gaze_activity": ("Gaze activity", "How often the gaze shifts"),
    "head_amount": ("Head", "How far the head turns; at 0 it is still"),
    "blink_rate": ("Blinks", "Blinks per minute"),
    "brow": ("Brows", "How far the brows move"),
    "lid_openness": ("Lids", "How open the eyes are at rest"),
    "smile": ("Smile", "What is added to a resting smile"),
    "articulation": ("Articulation", "How far the mouth opens and rounds"),
    "happy": ("Happy", "Smiles with mouth and cheeks while it speaks"),
    "sad": ("Sad", "Inner brows up, corners of the mouth down"),
    "angry": ("Angry", "Brows down, lips that press"),
    "afraid": ("Afraid", "Brows up, a wide mouth"),
}


def described(limits: dict[str, int]) -> dict[str, Any]:
    """All that the page needs to know before it shows anything."""
    usual = Amounts()
    amounts = [
        {
            "name": name, "kind": "amount", "label": _LABELS[name][0], "help": _LABELS[name][1],
            "min": low, "max": high, "default": getattr(usual, name), "step": STEP,
        }
        for name, (low, high) in RANGES.items()
    ]  # fmt: skip
    others = [
        {"name": "mood", "kind": "choice", "label": "Mood", "choices": list(MOODS), "default": None},
        {"name": "role", "kind": "choice", "label": "Role", "choices": list(ROLES), "default": ROLES[0]},
        {"name": "model", "kind": "choice", "label": "Model", "choices": list(MODELS), "default": "default"},
        {"name": "fps", "kind": "choice", "label": "Frames a second", "choices": list(RATES), "default": DEFAULT_FPS},
        {
            "name": "character", "kind": "text", "label": "Character", "default": None,
            "help": "A name: the same person in every recording", "example": "Mia",
        },
        {
            "name": "look", "kind": "text", "label": "Marks", "default": None,
            "help": "Where the eyes look, from when to when: camera, angles in degrees, or @ and a target",
            "example": "0.5-1.2 camera; 2-3 yaw=20",
        },
        {
            "name": "glance_at", "kind": "shares", "label": "Glances at targets", "default": None,
            "help": "Named targets that the gaze visits of its own accord, and for which share of the time",
            "example": "screen=0.2",
        },
        {
            "name": "face", "kind": "text", "label": "Face", "default": None,
            "help": "generate, none, or another tool's lip-sync in this folder", "example": "lips.csv, or none",
        },
    ]  # fmt: skip
    return {
        "edits": schema(),
        "settings": amounts + others,
        "moods": {name: mood.changed for name, mood in MOODS.items()},
        "exports": [{"name": p.name, "label": p.label, "files": p.files, "help": p.help} for p in PRESETS],
        "limits": limits,
        "looks": list(LOOKS),
    }
