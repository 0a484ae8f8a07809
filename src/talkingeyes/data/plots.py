"""Pictures for a data card, drawn with matplotlib (it comes with mediapipe)."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.data.card import PLOTS
from talkingeyes.data.dataset import DataSet
from talkingeyes.extras import missing

Array = NDArray[Any]
_MAX_CLIPS = 4000
"""Directions are drawn from at most so many clips, evenly chosen."""
_REASONS = ("same content", "too few", "no face", "cannot be read", "is seen in", "s long", "still picture", "died")


def draw(data: DataSet) -> dict[str, bytes]:
    """PNG bytes by name, one for each of `card.PLOTS`.

    Raises:
        MissingExtraError: matplotlib is not installed.
    """
    try:
        from matplotlib.figure import Figure
    except ImportError:
        raise missing("plots", "drawing the card's plots", "matplotlib") from None
    drawn = {}
    for name, fill in zip(PLOTS, (_lengths, _people, _directions, _quality), strict=True):
        figure = Figure(figsize=(9, 3.4), layout="constrained")
        fill(figure, data)
        packed = io.BytesIO()
        figure.savefig(packed, format="png", dpi=100, metadata={"Software": None})
        drawn[name] = packed.getvalue()
    return drawn


def _by_origin(data: DataSet, field: str) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for _, entry in data.entries():
        if field in entry.row:
            found.setdefault(str(entry.row["origin"]), []).append(entry.row[field])
    return dict(sorted(found.items()))


def _lengths(figure: Any, data: DataSet) -> None:
    left, right = figure.subplots(1, 2)
    lengths = _by_origin(data, "duration_s")
    top = max((max(v) for v in lengths.values()), default=1.0)
    edges = np.geomspace(0.4, max(top, 1.0) * 1.01, 40)
    left.hist(list(lengths.values()), bins=edges, stacked=True, label=list(lengths))
    left.set(xscale="log", xlabel="length of a clip (s)", ylabel="clips")
    left.legend(fontsize=7)
    names = list(lengths)
    minutes = [sum(v) / 60 for v in lengths.values()]
    right.bar_label(right.barh(names, minutes, color="tab:blue"), fmt="%.1f", padding=2)
    right.set(xlabel="minutes", xscale="log" if minutes else "linear")
    right.margins(x=0.15)


def _people(figure: Any, data: DataSet) -> None:
    left, right = figure.subplots(1, 2)
    count = Counter(data.groups.values())
    sizes = sorted(count.values(), reverse=True)
    left.plot(np.arange(1, len(sizes) + 1), sizes, ".-")
    scale = "log" if sizes else "linear"
    left.set(xscale=scale, yscale=scale, xlabel="group (person or cluster), largest first", ylabel="clips")
    minutes: dict[str, float] = dict.fromkeys(("train", "val", "test"), 0.0)
    for _, entry in data.entries():
        if entry.key in data.split:
            minutes[data.split[entry.key]] += entry.row["duration_s"] / 60
    right.bar(list(minutes), list(minutes.values()), color=["tab:blue", "tab:orange", "tab:green"])
    right.set(ylabel="minutes")


def _directions(figure: Any, data: DataSet) -> None:
    axes = figure.subplots(1, 3)
    entries = list(data.entries())
    step = max(1, len(entries) // _MAX_CLIPS)
    points: list[list[Array]] = [[], [], []]
    for shard, entry in entries[::step]:
        motion = shard.sample(entry).motion
        if motion.head_rad is not None:
            points[0].append(motion.head_rad[:, :2])
        if motion.eyes_rad is not None:
            points[1].append(motion.eyes_rad.mean(axis=1))
        if motion.gaze_rad is not None or motion.eyes_rad is not None:
            points[2].append(motion.gaze_in_space_rad() - _partner_rad(motion.meta))
    for axis, parts, title in zip(axes, points, ("head", "eyes in the head", "gaze, from the partner"), strict=True):
        flat = np.degrees(np.concatenate(parts)) if parts else np.zeros((0, 2))
        axis.hist2d(flat[:, 0], flat[:, 1], bins=60, range=[[-40, 40], [-30, 30]], cmap="magma_r", cmin=1)
        axis.set(title=title, xlabel="yaw (deg, + to their left)", ylabel="pitch (deg, + up)")


def _partner_rad(meta: Mapping[str, Any]) -> Array:
    partner = meta.get("partner") or {}
    return np.radians([partner.get("yaw_deg", 0.0), partner.get("pitch_deg", 0.0)])


def _quality(figure: Any, data: DataSet) -> None:
    left, right = figure.subplots(1, 2)
    confidence = _by_origin(data, "confidence")
    eyes = {o: [np.mean([c["eye_left"], c["eye_right"]]) for c in v if "eye_left" in c] for o, v in confidence.items()}
    eyes = {o: v for o, v in eyes.items() if v}
    if eyes:
        left.boxplot(list(eyes.values()), orientation="horizontal", tick_labels=list(eyes))
    left.set(xlabel="mean confidence of the eyes, per clip", xlim=(0, 1.02))
    reasons = Counter(_kind_of(r.reason) for _, r in data.rejected)
    if reasons:
        right.barh(list(reasons), list(reasons.values()), color="tab:red")
        right.set(xlabel="rejected clips")
    else:
        right.set_axis_off()
        right.text(0.5, 0.5, "no clip was rejected", ha="center", va="center")


def _kind_of(reason: str) -> str:
    """A reason without its numbers and names, so that like reasons count together."""
    for words in (
        "same content",
        "too few",
        "no face",
        "cannot be read",
        "is seen in",
        "long;",
        "still picture",
        "died",
    ):
        if words in reason:
            return words.strip(";")
    return reason[:30]
