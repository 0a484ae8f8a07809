"""The data card: what is in a set, in numbers (JSON) and in words (Markdown). Read from the shards alone."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.data.dataset import SPLIT, DataSet
from talkingeyes.data.store import Store
from talkingeyes.wording import printable

Array = NDArray[Any]
_LISTED = 100
"""Rejected clips named in the Markdown; all are in the JSON."""
PLOTS = ("lengths.png", "people.png", "directions.png", "quality.png")


def card_of(data: DataSet) -> dict[str, Any]:
    """Counts, hours, people, channels, confidence, sound, rejections and the split; JSON-ready."""
    rows = data.facts()
    by_origin: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in rows:
        by_origin[str(row["origin"])].append(row)
    rejected: dict[str, list[dict[str, str]]] = defaultdict(list)
    for origin, clip in data.rejected:
        rejected[origin].append({"path": clip.path, "reason": clip.reason})
    planned = Counter(item.origin for item in data.plan)
    store = Store(data.folder)
    found = store.read_json(SPLIT) if data.split else {}
    return {
        "settings": store.settings(),
        "clips": len(rows),
        "planned": len(data.plan),
        "rejected": sum(map(len, rejected.values())),
        "pending": data.pending,
        "hours": _hours(rows),
        "hours_with_sound": _hours([r for r in rows if r["sound"] == "yes"]),
        "hours_of_voice": round(sum(r.get("voice_share", 0) * r["duration_s"] for r in rows) / 3600, 4),
        "frames": sum(r["frames"] for r in rows),
        "bytes": sum(shard.num_bytes for shard in data.shards),
        "shards": [{"name": s.name, "samples": len(s.entries), "sha256": s.sha256} for s in data.shards],
        "people": _people(data, rows),
        "origins": {
            origin: _origin(by_origin[origin], planned[origin], rejected[origin])
            for origin in sorted(set(planned) | set(by_origin))
        },
        "parts": _parts(data, rows),
        "split": {k: found[k] for k in ("by", "names", "shares", "seed", "quality") if k in found},
    }


def _hours(rows: list[Any]) -> float:
    return round(sum(r["duration_s"] for r in rows) / 3600, 4)


def _origin(rows: list[Mapping[str, Any]], planned: int, rejected: list[dict[str, str]]) -> dict[str, Any]:
    confidence: dict[str, list[float]] = defaultdict(list)
    for row in rows:
        for name, value in row.get("confidence", {}).items():
            confidence[name].append(value)
    return {
        "kind": rows[0]["kind"] if rows else "",
        "planned": planned,
        "clips": len(rows),
        "rejected": rejected,
        "hours": _hours(rows),
        "hours_seen": round(sum(r.get("seen_share", 1.0) * r["duration_s"] for r in rows) / 3600, 4),
        "frames_seen": round(float(np.mean([r.get("seen_share", 1.0) for r in rows])), 4) if rows else 0.0,
        "sound": dict(Counter(str(r["sound"]).split(":")[0] for r in rows)),
        "roles": dict(Counter(str(r["role"]) for r in rows)),
        "irises": dict(Counter(str(r["irises"]) for r in rows if "irises" in r)),
        "channels": dict(Counter(c for r in rows for c in r["channels"])),
        "confidence": {name: round(float(np.mean(values)), 3) for name, values in confidence.items()},
    }


def _people(data: DataSet, rows: list[Any]) -> dict[str, Any]:
    named = {r["speaker"] for r in rows if r["speaker"]}
    groups = Counter(data.groups.values())
    return {
        "named_in_the_files": len(named),
        "groups": len(groups),
        "named_groups": sum(g.startswith("name ") for g in groups),
        "clusters": sum(g.startswith("cluster ") for g in groups),
    }


def _parts(data: DataSet, rows: list[Any]) -> dict[str, Any]:
    parts: dict[str, Any] = {}
    for part in ("train", "val", "test"):
        inside = [r for r in rows if data.split.get(r["key"]) == part]
        groups = {data.groups[r["key"]] for r in inside}
        if inside:
            parts[part] = {"clips": len(inside), "hours": _hours(inside), "groups": len(groups)}
    return parts


def markdown(card: Mapping[str, Any], *, title: str, plots: bool) -> str:
    """The card for people.

    Args:
        card: from `card_of`.
        title: the heading.
        plots: whether the files of `PLOTS` lie beside it.
    """
    lines = [
        f"# Data card: {title}",
        "",
        f"{card['clips']} clips, {card['hours']:.2f} hours ({card['hours_with_sound']:.2f} with sound, "
        f"{card['hours_of_voice']:.2f} of voice), {card['frames']} frames, {len(card['shards'])} shards, "
        f"{card['bytes'] / 1e6:.1f} MB. Of {card['planned']} planned clips {card['rejected']} were rejected and "
        f"{card['pending']} are still to be made.",
        "",
        "| origin | kind | clips | hours | hours seen | rejected | planned | confidence of head, eyes, lids |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for name, o in card["origins"].items():
        c = o["confidence"]
        eyes = [c[k] for k in ("eye_left", "eye_right") if k in c]
        trust = f"{c['head']:.2f}, {np.mean(eyes):.2f}, {c['lids']:.2f}" if eyes else "-"
        counts = f"{o['clips']} | {o['hours']:.3f} | {o['hours_seen']:.3f} | {len(o['rejected'])} | {o['planned']}"
        lines.append(f"| {name} | {o['kind']} | {counts} | {trust} |")
    lines += ["", *_split_lines(card), *_rejected_lines(card)]
    if plots:
        lines += ["## Plots", "", *(f"![{name.removesuffix('.png')}]({name})" for name in PLOTS), ""]
    lines += _PRIVACY
    return "\n".join(lines)


def _split_lines(card: Mapping[str, Any]) -> list[str]:
    if not card["parts"]:
        return ["## Split", "", "Not split yet.", ""]
    people, by = card["people"], card["split"].get("by", "")
    lines = [
        "## Split",
        "",
        f"{people['named_groups']} people are named; unnamed clips by {by}: {people['clusters']} clusters. Every group "
        "lies whole in one part.",
        "",
        "| part | clips | hours | groups |",
        "| --- | --- | --- | --- |",
        *(f"| {n} | {p['clips']} | {p['hours']:.3f} | {p['groups']} |" for n, p in card["parts"].items()),
        "",
    ]
    quality = card["split"].get("quality", {})
    for name, table in quality.items():
        lines += [f"### Quality: {_HEADS.get(name, name)}", "", "| figure | value |", "| --- | --- |"]
        lines += [f"| {label} | {value} |" for label, value in _flat(table)] + [""]
    return lines


_HEADS = {"clusters": "clusters of people", "leak": "how near held-out clips come to training ones"}


def _flat(table: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    """Rows of a nested table."""
    for name, value in table.items():
        label = f"{before}{name.replace('_', ' ')}"
        if isinstance(value, Mapping):
            yield from _flat(value, f"{label}: ")
        else:
            yield label, value


def _rejected_lines(card: Mapping[str, Any]) -> list[str]:
    rows = [(name, r) for name, o in card["origins"].items() for r in o["rejected"]]
    if not rows:
        return ["## Rejected clips", "", "None.", ""]
    return [
        "## Rejected clips",
        "",
        "| clip | why |",
        "| --- | --- |",
        *(f"| {_cell(f'{name}/' + r['path'])} | {_cell(r['reason'])} |" for name, r in rows[:_LISTED]),
        *([f"| {len(rows) - _LISTED} more | see card.json |"] if len(rows) > _LISTED else []),
        "",
    ]


def _cell(text: str) -> str:
    return printable(" ".join(text.replace("|", "\\|").replace("<", "&lt;").split()))


_PRIVACY = [
    "## What the shards hold",
    "",
    "Motion, audio features and where each clip comes from; no video and no sound. `traits.npz` holds numbers about a "
    "face's shape, its look (20 x 20 cells) and the voice's long-term colour, only to keep one person's clips on one "
    "side of the split: treat them as personal data.",
    "",
]
