"""`score`: recordings in, `Scorecard` out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from talkingeyes.errors import SettingError
from talkingeyes.evaluate.catalogue import TESTS, Test
from talkingeyes.evaluate.observation import Observation
from talkingeyes.evaluate.outcome import FAIL, NOT_APPLICABLE, NOT_ENOUGH, PASS, REPORTED, VERDICTS, Evidence, Outcome
from talkingeyes.evaluate.pool import REPLICATES, Pool
from talkingeyes.evaluate.recording import Recording
from talkingeyes.evaluate.reference import Reference, gaze_curves, head_curves, load_reference


@dataclass(frozen=True)
class Result:
    """A test and what it said."""

    test: Test
    outcome: Outcome

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return {
            "number": self.test.number, "title": self.test.title, "tier": self.test.tier, "band": self.test.band,
            "source": self.test.source, "verdict": self.outcome.verdict, "why": self.outcome.why,
            "figures": [f.to_json() for f in self.outcome.figures],
        }  # fmt: skip


@dataclass(frozen=True, eq=False)
class Scorecard:
    """The verdicts on one body of motion.

    Attributes:
        name: shown in reports.
        results: one per test, in the yardstick's order.
        recordings: how many recordings were pooled.
        takes: how many motions.
        seconds: of motion.
        interval: what the bootstrap drew.
        curves: histograms and curves for plots.
    """

    name: str
    results: tuple[Result, ...]
    recordings: int
    takes: int
    seconds: float
    interval: str
    curves: dict[str, Any] = field(default_factory=dict)

    def __getitem__(self, number: int) -> Outcome:
        """The outcome of a test by its number."""
        return next(r.outcome for r in self.results if r.test.number == number)

    def count(self, verdict: str, tier: str | None = None) -> int:
        """How many tests of a tier got a verdict."""
        return sum(r.outcome.verdict == verdict and tier in (None, r.test.tier) for r in self.results)

    @property
    def counts(self) -> dict[str, int]:
        """How many tests got each verdict."""
        return {verdict: self.count(verdict) for verdict in VERDICTS}

    @property
    def summary(self) -> str:
        """One sentence: what passes, what fails, what could not be asked."""
        failed = [f"{r.test.number} {r.test.title.lower()}" for r in self.results if r.outcome.verdict == FAIL]
        judged = self.count(PASS) + len(failed)
        text = f"{self.count(PASS)} of {judged} judged tests pass"
        if failed:
            text += f"; failing: {', '.join(failed)}"
        open_count = self.count(NOT_ENOUGH)
        return f"{text}; {open_count} lack data, {self.count(NOT_APPLICABLE)} do not apply"

    def to_json(self) -> dict[str, Any]:
        """Plain values for ``--json`` and reports."""
        return {
            "name": self.name, "recordings": self.recordings, "takes": self.takes, "seconds": round(self.seconds, 3),
            "interval": self.interval, "counts": self.counts, "summary": self.summary,
            "tests": [r.to_json() for r in self.results], "curves": self.curves,
        }  # fmt: skip

    def table(self) -> str:
        """A plain text table: number, title, verdict, figures."""
        lines = [f"{self.name}: {self.recordings} recordings, {self.takes} takes, {self.seconds:.0f} s"]
        for r in self.results:
            figures = "  ".join(_figure_text(f) for f in r.outcome.figures)
            why = f"  [{r.outcome.why}]" if r.outcome.why else ""
            verdict = {PASS: "pass", FAIL: "FAIL", NOT_ENOUGH: "no data", NOT_APPLICABLE: "n/a", REPORTED: "report"}
            lines.append(f"{r.test.number:>2} {r.test.title:<26} {verdict[r.outcome.verdict]:<8}{figures}{why}")
        return "\n".join([*lines, self.summary])


def _figure_text(figure: Any) -> str:
    from talkingeyes.evaluate.outcome import text

    spread = "" if figure.low != figure.low else f" [{text(figure.low)}, {text(figure.high)}]"
    unit = f" {figure.unit}" if figure.unit else ""
    return f"{figure.name} {text(figure.value)}{unit}{spread};"


def evidence_of(observations: Sequence[Observation], reference: Reference, replicates: int = REPLICATES) -> Evidence:
    """Pools by role."""

    def pool(*roles: str) -> Pool:
        return Pool([o for o in observations if o.recording.role in roles], replicates=replicates)

    everyone = pool("speaking", "listening", "dialogue")
    return Evidence(pool("speaking"), pool("listening"), everyone, reference)


def score(
    recordings: Sequence[Recording],
    reference: Reference | None = None,
    *,
    name: str = "motion",
    only: Sequence[int] = (),
    replicates: int = REPLICATES,
    curves: bool = True,
) -> Scorecard:
    """Judge motion by the 25 tests of docs/evaluation.md.

    Args:
        recordings: what is judged; takes of one recording share ``recording_id``.
        reference: real people; the package's own statistics when None.
        name: shown in reports.
        only: numbers of the tests to run; all when empty.
        replicates: bootstrap draws.
        curves: also compute what the plots need.

    Raises:
        SettingError: no recordings, or an unknown test number.
    """
    if not recordings:
        raise SettingError("nothing to score: one recording or more is needed")
    unknown = set(only) - {t.number for t in TESTS}
    if unknown:
        raise SettingError(f"tests {sorted(unknown)} are not known; 1 to {len(TESTS)} are")
    observations = [Observation(r) for r in recordings]
    evidence = evidence_of(observations, reference if reference is not None else load_reference(), replicates)
    results = tuple(Result(t, t.measure(evidence)) for t in TESTS if not only or t.number in only)
    over = "20 s blocks of each recording" if evidence.everyone.over_blocks else "recordings"
    return Scorecard(
        name,
        results,
        len(evidence.everyone.takes),
        len(observations),
        sum(o.duration_s for o in observations),
        f"95 % intervals by bootstrap over {over}, {replicates} draws",
        curves_of(observations) if curves else {},
    )


def curves_of(observations: Sequence[Observation]) -> dict[str, Any]:
    """What the plots need of all speaking recordings (of all where none speaks)."""
    chosen = [o for o in observations if o.recording.role == "speaking"] or list(observations)
    gaze = [o for o in chosen if o.has_gaze]
    return {**(gaze_curves(gaze) if gaze else {}), **head_curves(chosen)}
