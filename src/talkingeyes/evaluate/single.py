"""Pass rates of single takes: a band that ten pooled takes meet says little of one; people are asked the same way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from talkingeyes.evaluate.outcome import FAIL, PASS
from talkingeyes.evaluate.recording import Recording
from talkingeyes.evaluate.reference import Reference
from talkingeyes.evaluate.scorecard import score

REPLICATES = 40
MIN_S = 60.0


@dataclass(frozen=True)
class Rate:
    """How many single takes (or people) lie inside a band, of those of which enough is known."""

    passed: int
    judged: int

    @property
    def share(self) -> float:
        """NaN where none could be judged."""
        return self.passed / self.judged if self.judged else float("nan")


def single_rates(
    groups: Mapping[str, Sequence[Recording]], reference: Reference | None = None, only: Sequence[int] = ()
) -> dict[str, Rate]:
    """Score every group on its own.

    Args:
        groups: one take each, or all recordings of one person; shorter ones than a minute are left out.
        reference: real people; the package's own when None.
        only: numbers of the tests; all when empty.
    """
    cards = [
        score(own, reference, only=only, replicates=REPLICATES, curves=False)
        for own in groups.values()
        if sum(r.motion.duration_s for r in own) >= MIN_S
    ]
    out: dict[str, Rate] = {}
    for card in cards:
        for result in card.results:
            if result.outcome.verdict not in (PASS, FAIL):
                continue
            for f in result.outcome.figures:
                if f.band and f.ok is not None:
                    key = f"{result.test.number} {f.name}"
                    old = out.get(key, Rate(0, 0))
                    out[key] = Rate(old.passed + f.ok, old.judged + 1)
    return out


def by_take(recordings: Sequence[Recording]) -> dict[str, list[Recording]]:
    """Speaking takes, each on its own."""
    return {f"{i} {r.name}": [r] for i, r in enumerate(recordings) if r.role == "speaking"}


def by_id(recordings: Sequence[Recording]) -> dict[str, list[Recording]]:
    """Speaking recordings by who they are of."""
    table: dict[str, list[Recording]] = {}
    for r in recordings:
        if r.role == "speaking":
            table.setdefault(r.recording_id, []).append(r)
    return table


def to_json(rates: Mapping[str, Rate]) -> dict[str, Any]:
    """``{"test figure": [passed, judged]}``."""
    return {key: [r.passed, r.judged] for key, r in rates.items()}


def lines(rates: Mapping[str, Rate], people: Mapping[str, Sequence[int]] | None = None) -> list[str]:
    """One line per band: single takes inside beside single people."""
    out = []
    for key, rate in rates.items():
        real = (people or {}).get(key, (0, 0))
        beside = f", single people {real[0]} of {real[1]}" if real[1] else ""
        out.append(f"{key}: single takes inside {rate.passed} of {rate.judged}{beside}")
    return out
