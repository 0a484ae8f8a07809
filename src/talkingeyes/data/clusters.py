"""People nobody named: clips are grouped by face shape, look and voice, and the quality of the groups is measured.

Average-linkage clustering of a weighted sum of cosine distances between reliability-weighted principal components.
Both halves of each clip are measured, so what repeats within a clip (the person, but the studio too) gets its weight
from the data. Wrongly joining two people costs only balance; wrongly parting one leaks: the cut leans to joining.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.errors import SettingError
from talkingeyes.extras import missing

Array = NDArray[Any]

TRAITS = ("shape", "look", "voice")
MAX_CLIPS = 20_000
"""Distances between all pairs are held in memory: 1.6 GB for this many."""
_COMPONENTS = 24
_JOINED_HALVES = 95.0
"""Percentile of the distance between two halves of one clip below which clips are always joined."""
_CUTS = 24
_GUARDS = tuple(float(g) for g in np.arange(0.5, 0.0, -0.05))
_PARTED = 0.02
"""Share of the pairs of clips of one known person that a cut may part."""


@dataclass(frozen=True)
class Clusters:
    """Groups of clips.

    Attributes:
        label: (N,) number of each clip's group (clusters joined by the guard), 0 the largest.
        distance: (N, N) float32 0..2 between clips.
        quality: JSON-ready figures, see `quality_of`.
    """

    label: NDArray[np.int64]
    distance: Array
    quality: dict[str, Any]


def cluster(traits: Sequence[Mapping[str, Array]], names: Sequence[str] = ()) -> Clusters:
    """Group clips by person.

    Args:
        traits: per clip, arrays (2, D) by trait; a clip may lack some.
        names: per clip the person's name where it is known, empty elsewhere; they bound the cut and judge the groups.

    Raises:
        SettingError: too many clips, or clips without any trait.
        MissingExtraError: scipy is not installed.
    """
    if len(traits) > MAX_CLIPS:
        raise SettingError(f"{len(traits)} clips of unknown people; up to {MAX_CLIPS} can be clustered, name speakers")
    if any(not set(t) & set(TRAITS) for t in traits):
        raise SettingError("a clip has no traits to cluster by; name its speaker")
    distance, halves, weights = _distances(traits)
    who = names or [""] * len(traits)
    label, threshold = _cut(distance, float(np.percentile(halves, _JOINED_HALVES)) if len(halves) else 0.0, who)
    quality = quality_of(distance, label, who)
    label, guard = _guarded(distance, label)
    sizes = [int(n) for n in np.bincount(label)]
    quality |= {
        "guard": {"distance": round(guard, 4), "groups": len(sizes), "largest": sizes[:5]},
        "threshold": round(threshold, 4),
        "weights": {name: round(w, 3) for name, w in weights.items()},
        "halves_distance_median": round(float(np.median(halves)), 4) if len(halves) else 0.0,
    }
    return Clusters(label, distance, quality)


def _distances(traits: Sequence[Mapping[str, Array]]) -> tuple[Array, Array, dict[str, float]]:
    """(N, N) between clips, (N,) between the halves of each clip, and each trait's weight."""
    count = len(traits)
    total, mass = np.zeros((count, count), np.float32), np.zeros((count, count), np.float32)
    halves, halves_mass, weights = np.zeros(count), np.zeros(count), {}
    for name in TRAITS:
        there = np.array([i for i, t in enumerate(traits) if name in t], int)
        if len(there) < 3:
            continue
        whole, first, second = _embedded(np.stack([traits[i][name] for i in there]).astype(float))
        own = 1 - (first * second).sum(axis=1)
        apart = (1 - whole @ whole.T).astype(np.float32)
        weight = weights[name] = _told_apart(apart, own)
        total[np.ix_(there, there)] += weight * apart
        mass[np.ix_(there, there)] += weight
        halves[there] += weight * own
        halves_mass[there] += weight
    distance = np.where(mass > 0, total / np.maximum(mass, 1e-9), 1.0)
    np.fill_diagonal(distance, 0.0)
    return np.maximum(distance, 0), halves / np.maximum(halves_mass, 1e-9), weights


def _embedded(values: Array) -> tuple[Array, Array, Array]:
    """Unit vectors (N, K) of each clip and of its halves: components scaled by how well they repeat."""
    mean = values.mean(axis=1)
    centre = mean.mean(axis=0)
    _, _, axes = np.linalg.svd(mean - centre, full_matrices=False)
    axes = axes[: min(_COMPONENTS, len(mean) - 1)]
    parts = (values - centre) @ axes.T
    spread = ((mean - centre) @ axes.T).std(axis=0) + 1e-9
    noise = ((parts[:, 0] - parts[:, 1]) ** 2).mean(axis=0) / 4
    scale = np.clip(1 - noise / spread**2, 0.02, 1) / spread
    return tuple(_unit(x * scale) for x in (parts.mean(axis=1), parts[:, 0], parts[:, 1]))  # type: ignore[return-value]


def _unit(x: Array) -> Array:
    return x / np.maximum(np.linalg.norm(x, axis=1, keepdims=True), 1e-9)


def _told_apart(apart: Array, own: Array) -> float:
    """How many standard deviations the halves of a clip lie closer together than two clips; at least 0.1."""
    others = apart[np.triu_indices(len(apart), 1)]
    return float(max(0.1, (others.mean() - own.mean()) / np.sqrt((others.var() + own.var()) / 2 + 1e-9)))


def _cut(distance: Array, at_least: float, names: Sequence[str]) -> tuple[NDArray[np.int64], float]:
    """The cut of the tree with the best silhouette among those that join what lies closer than ``at_least``.

    Where people are known by name, cuts that part more than `_PARTED` of the pairs of one person's clips are not taken.
    """
    if len(distance) < 3:
        return np.arange(len(distance)), at_least
    try:
        from scipy.cluster.hierarchy import fcluster, linkage
        from scipy.spatial.distance import squareform
    except ImportError:
        raise missing("video", "clustering people", "scipy") from None
    tree = linkage(squareform(distance, checks=False), "average")
    highest = max(float(tree[-1, 2]), at_least)
    best = (-2.0, np.zeros(len(distance), np.int64), highest)
    for threshold in np.linspace(at_least, highest, _CUTS, endpoint=False):
        label = _by_size(fcluster(tree, threshold, "distance"))
        recall = quality_of(distance, label, names).get("named", {}).get("pair_recall")
        if label.max() == 0 or (recall is not None and recall < 1 - _PARTED):
            continue
        value = silhouette(distance, label)
        if value > best[0]:
            best = (value, label, float(threshold))
    return best[1], best[2]


def _guarded(distance: Array, label: NDArray[np.int64]) -> tuple[NDArray[np.int64], float]:
    """Join clusters of which any two clips lie closer than a guard, so that look-alikes never face each other.

    The guard is the widest of `_GUARDS` that leaves at least half of the clips outside the largest group: these can be
    held out.
    """
    member = (label[:, None] == np.arange(label.max() + 1)[None]).astype(bool)
    nearest = np.array([distance[of].min(axis=0) for of in member.T])
    nearest = np.array([nearest[:, of].min(axis=1) for of in member.T])
    for guard in _GUARDS:
        near = nearest < guard
        group = np.arange(len(near))
        for _ in range(len(near)):
            joined = np.where(near, group[None], len(near)).min(axis=1)
            joined = np.minimum(joined, group)
            if (joined == group).all():
                break
            group = joined
        merged = _by_size(group[label])
        if (merged > 0).mean() >= 0.5:
            return merged, guard
    return label, 0.0


def _by_size(label: Array) -> NDArray[np.int64]:
    _, first, inverse, count = np.unique(label, return_index=True, return_inverse=True, return_counts=True)
    rank = np.empty(len(count), np.int64)
    rank[np.lexsort((first, -count))] = np.arange(len(count))
    return rank[inverse]


def silhouette(distance: Array, label: NDArray[np.int64]) -> float:
    """Mean silhouette (Rousseeuw 1987), -1..1; a clip alone in its group counts 0."""
    member = (label[:, None] == np.arange(label.max() + 1)[None]).astype(np.float32)
    size = member.sum(axis=0)
    sums = distance.astype(np.float32) @ member
    own_size = size[label]
    own = sums[np.arange(len(label)), label] / np.maximum(own_size - 1, 1)
    means = sums / size
    means[np.arange(len(label)), label] = np.inf
    nearest = means.min(axis=1)
    inside = own_size > 1
    value = (nearest - own) / np.maximum(np.maximum(nearest, own), 1e-9)
    return float(np.where(inside, value, 0.0).mean())


def quality_of(distance: Array, label: NDArray[np.int64], names: Sequence[str]) -> dict[str, Any]:
    """Figures of a grouping: sizes, silhouette and, against the known names, purity and completeness.

    Purity: share of the named clips whose group's most frequent name is theirs. Completeness: per name, the share of
    its clips that lie in its largest group. Pairs: share of pairs of clips of one name that share a group (recall), and
    share of the pairs of named clips in one group that have one name (precision).
    """
    size = np.bincount(label)
    figures: dict[str, Any] = {
        "clips": len(label),
        "groups": len(size),
        "alone": int((size == 1).sum()),
        "largest": [int(n) for n in size[:5]],
        "silhouette": round(silhouette(distance, label), 3) if len(size) > 1 else 0.0,
    }
    known = np.array([bool(n) for n in names])
    if not known.any():
        return figures
    who, number = np.unique(np.array(names)[known], return_inverse=True)
    table = np.zeros((len(size), len(who)), int)
    np.add.at(table, (label[known], number), 1)
    same_name = (table.sum(axis=0) * (table.sum(axis=0) - 1)).sum()
    same_group = (table.sum(axis=1) * (table.sum(axis=1) - 1)).sum()
    both = (table * (table - 1)).sum()
    figures["named"] = {
        "clips": int(known.sum()),
        "people": len(who),
        "purity": round(float(table.max(axis=1).sum() / known.sum()), 4),
        "completeness": {str(n): round(float(table[:, i].max() / table[:, i].sum()), 4) for i, n in enumerate(who)},
        "pair_recall": round(float(both / same_name), 4) if same_name else None,
        "pair_precision": round(float(both / same_group), 4) if same_group else None,
    }
    return figures
