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
    """How many single takes (or people) pass a test, of those of which enough is known."""

    passed: int
    judged: int

    @property
    def share(self) -> float:
        """NaN where none could be judged."""
        return self.passed / self.judged if self.judged else float("nan")


def single_rates(
    groups: Mapping[str, Sequence[Recording]], reference: Reference | None = None, only: Sequence[int] = ()
) -> dict[int, Rate]:
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
    out: dict[int, Rate] = {}
    for card in cards:
        for result in card.results:
            old = out.get(result.test.number, Rate(0, 0))
            verdict = result.outcome.verdict
            out[result.test.number] = Rate(old.passed + (verdict == PASS), old.judged + (verdict in (PASS, FAIL)))
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


def to_json(rates: Mapping[int, Rate]) -> dict[str, Any]:
    """``{test: [passed, judged]}``."""
    return {str(n): [r.passed, r.judged] for n, r in sorted(rates.items())}


def lines(rates: Mapping[int, Rate], people: Mapping[str, Sequence[int]] | None = None) -> list[str]:
    """One line per test: single takes inside the band beside single people."""
    out = []
    for number, rate in sorted(rates.items()):
        if rate.judged:
            real = (people or {}).get(str(number), (0, 0))
            beside = f", single people {real[0]} of {real[1]}" if real[1] else ""
            out.append(f"test {number:>2}: single takes inside {rate.passed} of {rate.judged}{beside}")
    return out
