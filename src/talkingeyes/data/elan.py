"""ELAN files with tiers of gaze labelled by hand (IFADV and its like): where each of two people looks, and who speaks.

Labels say whether somebody looks at the partner, not where else. So a sample's gaze is the partner's place, or, looking
away, a place beside it that is marked as filled in: use the times, not the angles (``meta.gaze_is_binary``). The
utterances of both people are kept in the sample's row.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.data.livelink import sound_beside
from talkingeyes.data.make import Task, facts, motion_facts, sound_facts, voice_traits
from talkingeyes.data.plan import Found, Source
from talkingeyes.data.sample import Sample
from talkingeyes.errors import AudioError, FormatError, SettingError
from talkingeyes.files import readable
from talkingeyes.motion import Motion
from talkingeyes.wording import quoted

Array = NDArray[Any]
Span = tuple[float, float, str]

FPS = 25.0
"""Of the video that such labels are made on."""
AWAY_RAD = np.radians(20.0)
"""Where somebody who looks away is put, beside the partner; no label says where."""
MAX_BYTES, MAX_S = 128 << 20, 86_400.0
GAZE_WORDS = ("kijkrichting", "gaze", "look", "blick", "regard", "eyes")
"""What the names of gaze tiers hold, in any case."""
AT_PARTNER = frozenset({"g", "at", "p", "partner", "y", "yes", "1", "face", "on", "direct"})
AWAY = frozenset({"x", "away", "a", "n", "no", "0", "off", "averted", "aversion", "k"})
_LEAST_S = 5.0


@dataclass(frozen=True)
class Dialogue:
    """What a file says.

    Attributes:
        gaze: person -> spans of seconds with a label.
        speech: person -> spans with words.
    """

    gaze: dict[str, list[Span]]
    speech: dict[str, list[Span]]

    @property
    def people(self) -> list[str]:
        """Those whose gaze is labelled."""
        return sorted(self.gaze)


def source_of(folder: Path) -> Source:
    """Every .eaf of a tree, a part for each person whose gaze is labelled.

    Raises:
        SettingError: no such folder, or no .eaf in it.
    """
    if not folder.is_dir():
        raise SettingError(f"{folder}: is no folder; a folder of ELAN files (.eaf) is accepted")
    files = sorted(p for p in folder.rglob("*.eaf") if not p.name.startswith("."))
    if not files:
        raise SettingError(f"{folder}: holds no .eaf")
    return Source(folder, "elan", tuple(_found(path) for path in files))


def _found(path: Path) -> Found:
    try:
        people = read_eaf(path).people
    except FormatError:
        return Found(path)  # it is named when it is read
    return Found(path, tuple(range(len(people))), tuple(f"{path.stem} {person}" for person in people))


def read(task: Task) -> Sample:
    """One person of one dialogue.

    Raises:
        FormatError: not an ELAN file, no gaze tier, or labels that are not known.
    """
    path = task.root / task.item.path
    dialogue = read_eaf(path)
    person = dialogue.people[task.item.part]
    spans = dialogue.gaze[person]
    end_s = max(stop for _, stop, _ in spans)
    if end_s < _LEAST_S:
        raise FormatError(f"{path.name}: {end_s:.1f} s of gaze; {_LEAST_S:g} s or more are accepted")
    gaze, known = _course(spans, end_s, path.name)
    motion = Motion(
        fps=FPS,
        gaze_rad=gaze,
        filled=~known[:, None],
        meta={
            "generator": "gaze labelled by hand",
            "source": {"name": path.name, "sha256": task.item.sha256},
            "role": "dialogue",
            "gaze_is_binary": True,
            "partner": {"yaw_deg": 0.0, "pitch_deg": 0.0, "distance_m": 1.0, "source": "labels"},
            "filled_columns": ["all"],
        },
    )
    speech, problem = _sound(path, task.item.part, len(dialogue.people))
    others = [spans_ for who, spans_ in dialogue.speech.items() if who != person]
    row = facts(
        task,
        **motion_facts(motion),
        **sound_facts(speech, problem),
        role="dialogue",
        seen_share=round(float(known.mean()), 4),
        at_partner_share=round(float((gaze[known, 0] == 0).mean()), 4) if known.any() else 0.0,
        own_speech_s=_spans(dialogue.speech.get(person, [])),
        other_speech_s=_spans([span for spans_ in others for span in spans_]),
    )
    return Sample(motion, speech, voice_traits(speech), row=row)


def _spans(spans: list[Span]) -> list[list[float]]:
    return [[round(start, 3), round(stop, 3)] for start, stop, _ in sorted(spans)]


def _sound(path: Path, part: int, people: int) -> tuple[Any, str]:
    """The person's channel of a sound beside the file that has one for each."""
    from talkingeyes.audio import load_speech

    sound = sound_beside(path)
    if sound is None:
        return None, "none"
    try:
        return load_speech(sound, channel=part + 1 if people > 1 else None), "none"
    except AudioError as error:
        return None, f"unreadable: {error}"


def _course(spans: list[Span], end_s: float, name: str) -> tuple[Array, NDArray[np.bool_]]:
    """(T, 2) gaze and (T,) frames whose place is known: at the partner."""
    count = int(np.ceil(end_s * FPS))
    gaze, labelled = np.zeros((count, 2)), np.zeros(count, bool)
    away = np.zeros(count, bool)
    for start, stop, label in spans:
        frames = slice(round(start * FPS), round(stop * FPS))
        word = label.strip().lower()
        if word in AT_PARTNER:
            labelled[frames] = True
        elif word in AWAY:
            away[frames] = True
        elif word:
            known = ", ".join(sorted(AT_PARTNER | AWAY))
            raise FormatError(f"{name}: the gaze label {quoted(label)} is not known; {known} are")
    gaze[away, 0] = AWAY_RAD
    return gaze, labelled & ~away


def read_eaf(path: Path) -> Dialogue:
    """Gaze and utterances of an ELAN file.

    Raises:
        FormatError: not one, no gaze tier, or times that cannot be right.
    """
    readable(path, "an ELAN file (.eaf) is accepted", max_bytes=MAX_BYTES)
    content = path.read_bytes()
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content or b"\0" in content:
        raise FormatError(f"{path.name}: is not UTF-8, or declares entities, which no ELAN file does")
    try:
        root = ElementTree.fromstring(content)  # noqa: S314  (without entities)
    except ElementTree.ParseError as error:
        raise FormatError(f"{path.name}: is no XML ({error})") from None
    slots = {}
    for slot in root.iter("TIME_SLOT"):
        value = slot.get("TIME_VALUE")
        if value is not None and re.fullmatch(r"\d{1,9}", value):
            slots[slot.get("TIME_SLOT_ID")] = int(value) / 1000
    gaze: dict[str, list[Span]] = {}
    speech: dict[str, list[Span]] = {}
    for tier in root.iter("TIER"):
        name = f"{tier.get('TIER_ID', '')} {tier.get('PARTICIPANT', '')}".lower()
        spans = _annotations(tier, slots, path.name)
        if spans:
            into = gaze if any(word in name for word in GAZE_WORDS) else speech
            into.setdefault(_person(tier), []).extend(spans)
    if not gaze:
        raise FormatError(f"{path.name}: no tier of gaze ({', '.join(GAZE_WORDS)} in its name)")
    return Dialogue(gaze, speech)


def _person(tier: ElementTree.Element) -> str:
    """Who a tier is of: its participant, or name, without the words that say what it holds."""
    name = tier.get("PARTICIPANT") or re.sub(r"\[.*|\(.*", "", tier.get("TIER_ID", ""))
    words = [word for word in re.split(r"[\s_.:-]+", name.lower()) if word and word not in GAZE_WORDS]
    return " ".join(words) or "1"


def _annotations(tier: ElementTree.Element, slots: dict[str | None, float], name: str) -> list[Span]:
    spans = []
    for one in tier.iter("ALIGNABLE_ANNOTATION"):
        start, stop = (slots.get(one.get(f"TIME_SLOT_REF{k}")) for k in (1, 2))
        if start is None or stop is None or stop <= start:
            continue
        if stop > MAX_S:
            raise FormatError(f"{name}: an annotation ends after {stop / 3600:.0f} hours")
        spans.append((start, stop, (one.findtext("ANNOTATION_VALUE") or "").strip()))
    return spans
