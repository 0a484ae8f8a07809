"""The report: one self-contained HTML page, pictures first, tables behind, several inputs side by side."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape
from importlib import resources
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.evaluate import observer_page, plots
from talkingeyes.evaluate.catalogue import TIERS
from talkingeyes.evaluate.controls import ControlResult
from talkingeyes.evaluate.head_signal import FREQUENCIES_HZ
from talkingeyes.evaluate.observed import Observed
from talkingeyes.evaluate.outcome import FAIL, NOT_APPLICABLE, NOT_ENOUGH, PASS, REPORTED, Figure, text
from talkingeyes.evaluate.plots import REAL, Axis, Mark, Series, colour
from talkingeyes.evaluate.reference import (
    AMPLITUDE_EDGES_DEG,
    DWELL_TIMES_S,
    HEAT_EDGES_PITCH_DEG,
    HEAT_EDGES_YAW_DEG,
    PROFILE_TIMES_S,
    Reference,
)
from talkingeyes.evaluate.scorecard import Scorecard

Array = NDArray[Any]

SIGNS = {PASS: "✓", FAIL: "✗", NOT_ENOUGH: "–", NOT_APPLICABLE: "·", REPORTED: "i"}
CLASSES = {PASS: "pass", FAIL: "fail", NOT_ENOUGH: "open", NOT_APPLICABLE: "none", REPORTED: "info"}


POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
"""What the page may load: nothing; no script runs in it, whatever a motion file is called."""


def page(
    cards: Sequence[Scorecard],
    reference: Reference,
    controls: Sequence[ControlResult] = (),
    notes: Sequence[str] = (),
    observed: Sequence[Observed] = (),
) -> str:
    """The page as text; it loads nothing from anywhere."""
    style = (resources.files("talkingeyes.evaluate") / "report.css").read_text(encoding="utf-8")
    body = [
        _verdicts(cards),
        _section("What it looks like", _pictures(cards, reference)),
        _section("The 25 tests", _tests(cards)),
        _section("The observer", observer_page.section(observed)) if observed else "",
        _section("Controls", _controls(controls)) if controls else "",
        _details(cards, reference, notes),
    ]
    title = f"Scorecard: {', '.join(c.name for c in cards)}"
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        '<meta name="referrer" content="no-referrer"><meta name="color-scheme" content="light dark">'
        f"<title>{escape(title)}</title><style>{style}</style></head><body><main>{''.join(body)}</main></body></html>\n"
    )


def _section(title: str, body: str) -> str:
    return f"<section><h2>{escape(title)}</h2>{body}</section>"


def _dot(index: int) -> str:
    return f'<i class="dot" style="background:{colour(index)}"></i>'


def _pill(verdict: str) -> str:
    return f'<span class="pill {CLASSES[verdict]}">{SIGNS[verdict]} {escape(verdict)}</span>'


def _verdicts(cards: Sequence[Scorecard]) -> str:
    rows = []
    for i, card in enumerate(cards):
        judged = card.count(PASS) + card.count(FAIL)
        cells = "".join(
            f'<a class="cell {CLASSES[r.outcome.verdict]}" href="#t{r.test.number}" '
            f'title="{escape(f"{r.test.number} {r.test.title}: {r.outcome.verdict}")}">{r.test.number}</a>'
            for r in card.results
        )
        size = f"{card.recordings} recordings, {card.takes} takes, {card.seconds:.0f} s"
        rows.append(
            f'<article class="verdict"><h3>{_dot(i)}{escape(card.name)}</h3>'
            f'<p class="big">{card.count(PASS)}<span> of {judged} judged tests pass</span></p>'
            f'<nav class="strip">{cells}</nav><p class="muted">{escape(_failing(card))} {escape(size)}</p></article>'
        )
    legend = "".join(f'<span class="key"><b class="cell {CLASSES[v]}">{SIGNS[v]}</b>{v}</span>' for v in SIGNS)
    heads = f'<div class="verdicts">{"".join(rows)}</div>'
    return f'<header><h1>Is this motion human?</h1>{heads}<p class="legend">{legend}</p></header>'


def _failing(card: Scorecard) -> str:
    failed = [f"{r.test.title.lower()} ({r.test.number})" for r in card.results if r.outcome.verdict == FAIL]
    if failed:
        return f"Fails: {', '.join(failed)}."
    return "Nothing that was asked fails." if card.count(PASS) else "Too little data to judge anything."


def _legend(cards: Sequence[Scorecard], real: str) -> str:
    items = [f'<span class="key"><i class="dot real"></i>{escape(real)}</span>'] if real else []
    items += [f'<span class="key">{_dot(i)}{escape(c.name)}</span>' for i, c in enumerate(cards)]
    return f'<p class="legend">{"".join(items)}</p>'


def _pictures(cards: Sequence[Scorecard], reference: Reference) -> str:
    gaze = reference.gaze.curves if reference.gaze is not None else {}
    head = reference.head.curves if reference.head is not None else {}
    real = "real people" if gaze or head else ""
    figures = [
        *_heat_maps(cards, gaze),
        _figure("Sizes of gaze shifts while talking", _amplitudes(cards, gaze)),
        _figure(
            "Speed against size", _main_sequence(cards, gaze), "Peak frame-to-frame speed; slower frame rates lower it."
        ),
        _figure("Directions of gaze shifts", _directions(cards, gaze)),
        _figure("How long looks away last", _dwell(cards, gaze, "survival_averted")),
        _figure("How long looks at the partner last", _dwell(cards, gaze, "survival_partner")),
        _figure("The average blink", _blink(cards, head)),
        _figure("Head spectrum", _spectrum(cards, head)),
    ]
    return f'{_legend(cards, real)}<div class="pictures">{"".join(figures)}</div>'


def _figure(title: str, svg: str, note: str = "") -> str:
    if not svg:
        return ""
    tail = f"<br>{escape(note)}" if note else ""
    return f"<figure>{svg}<figcaption><b>{escape(title)}</b>{tail}</figcaption></figure>"


def _heat_maps(cards: Sequence[Scorecard], gaze: dict[str, Any]) -> list[str]:
    maps = [("Where real people look while talking", gaze.get("heat"), REAL)]
    maps += [(f"Where {c.name} looks", c.curves.get("heat"), colour(i)) for i, c in enumerate(cards)]
    note = "As seen from the front; the ring is 8 deg around the partner."
    return [
        _figure(title, plots.heat(np.array(h), HEAT_EDGES_YAW_DEG, HEAT_EDGES_PITCH_DEG, ink, title), note)
        for title, h, ink in maps
        if h is not None
    ]


def _curves(cards: Sequence[Scorecard], real: dict[str, Any], key: str, x: Sequence[float] | Array) -> list[Series]:
    found = [Series("real people", REAL, x, real[key])] if real.get(key) is not None else []
    found += [Series(c.name, colour(i), x, c.curves[key]) for i, c in enumerate(cards) if c.curves.get(key) is not None]
    return found


def _shares(series: Series, widths: Array | float = 1.0) -> Series:
    counts = np.array([v or 0.0 for v in series.y], float)
    return Series(series.name, series.colour, series.x, counts / max(counts.sum(), 1.0) / widths)


def _amplitudes(cards: Sequence[Scorecard], gaze: dict[str, Any]) -> str:
    widths = np.diff(AMPLITUDE_EDGES_DEG)
    series = [_shares(s, widths) for s in _curves(cards, gaze, "amplitude_counts", AMPLITUDE_EDGES_DEG[:-1])]
    if not series:
        return ""
    top = max(0.1, *(float(np.max(np.array(s.y, float))) for s in series))
    x = Axis("degrees", 3, 50, (3, 5, 10, 20, 30, 50), log=True)
    y = Axis("share per degree", 0, top * 1.05, tuple(np.round(np.linspace(0, top, 4), 2)))
    return plots.histogram(x, y, AMPLITUDE_EDGES_DEG, series, "amplitudes")


def _main_sequence(cards: Sequence[Scorecard], gaze: dict[str, Any]) -> str:
    series = []
    real = [("real people", REAL, gaze)] if gaze else []
    for name, ink, curves in [*real, *((c.name, colour(i), c.curves) for i, c in enumerate(cards))]:
        points = np.array(curves.get("main_sequence") or np.zeros((0, 2)), float).reshape(-1, 2)
        if len(points):
            series.append(Series(name, ink, points[:, 0], points[:, 1]))
    if not series:
        return ""
    amplitude = np.linspace(0.5, 40, 40)
    expected = Series("main sequence", "var(--muted)", amplitude, 462 * (1 - np.exp(-amplitude / 9.1)))
    x, y = Axis("degrees", 0, 40, (0, 10, 20, 30, 40)), Axis("deg/s", 0, 600, (0, 200, 400, 600))
    return plots.scatter(x, y, series, [expected], "main sequence")


def _directions(cards: Sequence[Scorecard], gaze: dict[str, Any]) -> str:
    series = [_shares(s) for s in _curves(cards, gaze, "directions", range(8))]
    return plots.rose(series, "directions") if series else ""


def _dwell(cards: Sequence[Scorecard], gaze: dict[str, Any], key: str) -> str:
    series = _curves(cards, gaze, key, DWELL_TIMES_S)
    if not series:
        return ""
    x = Axis("seconds", 0, 10, (0, 2, 4, 6, 8, 10))
    return plots.lines(x, Axis("share that lasts longer", 0, 1, (0, 0.25, 0.5, 0.75, 1)), series, "dwell")


def _blink(cards: Sequence[Scorecard], head: dict[str, Any]) -> str:
    series = _curves(cards, head, "blink_profile", PROFILE_TIMES_S)
    if not series:
        return ""
    x = Axis("seconds from the peak", -0.2, 0.4, (-0.2, -0.1, 0, 0.1, 0.2, 0.3, 0.4))
    return plots.lines(x, Axis("closure", 0, 1, (0, 0.5, 1)), series, "blink profile")


def _spectrum(cards: Sequence[Scorecard], head: dict[str, Any]) -> str:
    series = [
        Series(s.name, s.colour, FREQUENCIES_HZ[1:], [max(float(v or 0), 1e-6) for v in s.y[1:]])
        for s in _curves(cards, head, "spectrum", FREQUENCIES_HZ)
    ]
    if not series:
        return ""
    x = Axis("Hz", 0.25, 12, (0.25, 0.5, 1, 2, 4, 8), log=True)
    return plots.lines(x, Axis("share of power", 1e-6, 1, (1e-6, 1e-4, 1e-2, 1), log=True), series, "head spectrum")


def _tests(cards: Sequence[Scorecard]) -> str:
    out = []
    for k, first in enumerate(cards[0].results):
        results = [c.results[k] for c in cards]
        pills = "".join(
            f'<p class="said">{_dot(i) if len(cards) > 1 else ""}{_pill(r.outcome.verdict)}'
            f'<span class="muted">{escape(r.outcome.why)}</span></p>'
            for i, r in enumerate(results)
        )
        names = list(dict.fromkeys(f.name for r in results for f in r.outcome.figures))
        gauges = "".join(_gauge(name, [_named(r.outcome.figures, name) for r in results], cards) for name in names)
        t = first.test
        out.append(
            f'<article class="test" id="t{t.number}"><h3><span class="number">{t.number}</span>{escape(t.title)}</h3>'
            f'<p class="tier">{escape(TIERS[t.tier])}</p>{pills}{gauges}'
            f'<p class="source">{escape(t.band)} <cite>{escape(t.source)}</cite></p></article>'
        )
    return f'<div class="tests">{"".join(out)}</div>'


def _named(figures: Sequence[Figure], name: str) -> Figure | None:
    return next((f for f in figures if f.name == name), None)


def _gauge(name: str, figures: Sequence[Figure | None], cards: Sequence[Scorecard]) -> str:
    found = [(i, f) for i, f in enumerate(figures) if f is not None]
    numbers = " ".join(f'<b style="color:{colour(i)}">{escape(_value(f))}</b>' for i, f in found)
    first = found[0][1]
    drawn = ""
    if math.isfinite(first.band_low) or math.isfinite(first.band_high):
        marks = [Mark(cards[i].name, colour(i), f.value, f.low, f.high, f.ok is not None) for i, f in found]
        drawn = plots.gauge((first.band_low, first.band_high), marks, name)
    return f'<div class="figure"><p>{escape(name)} {numbers}</p>{drawn}</div>'


def _value(f: Figure) -> str:
    return f"{text(f.value)} {f.unit}".strip()


def _controls(controls: Sequence[ControlResult]) -> str:
    held = sum(c.caught for c in controls)
    head = (
        f"<p>{held} of {len(controls)} controls behave as they must. A scorecard that lets one through is broken.</p>"
    )
    rows = []
    for c in controls:
        said = "; ".join(
            f"{n}: {o.verdict}{f' ({o.why})' if o.why and len(c.outcomes) < 6 else ''}" for n, o in c.outcomes.items()
        )
        numbers = c.control.tests
        listed = f"{numbers[0]}-{numbers[-1]}" if len(numbers) > 5 else ", ".join(map(str, numbers))
        must = f"must {'pass' if c.control.expected == PASS else 'fail'} {listed}"
        kind, word = ("pass", f"{SIGNS[PASS]} holds") if c.caught else ("fail", f"{SIGNS[FAIL]} broken")
        sign = f'<span class="pill {kind}">{word}</span>'
        rows.append(
            f"<tr><td>{escape(c.control.name)}<br><span class=muted>{escape(c.control.what)}</span></td>"
            f"<td>{must}</td><td>{sign}</td><td class=muted>{escape(said)}</td></tr>"
        )
    top = "<tr><th>control<th>rule<th>outcome<th>what the tests said</tr>"
    return f"{head}<div class=scroll><table>{top}{''.join(rows)}</table></div>"


def _details(cards: Sequence[Scorecard], reference: Reference, notes: Sequence[str]) -> str:
    rows = []
    for k, first in enumerate(cards[0].results):
        names = list(dict.fromkeys(f.name for c in cards for f in c.results[k].outcome.figures))
        for name in names:
            figures = [_named(c.results[k].outcome.figures, name) for c in cards]
            band = next(f.band for f in figures if f is not None)
            cells = "".join(f"<td>{escape(_cell(f))}</td>" for f in figures)
            rows.append(f"<tr><td>{first.test.number}</td><td>{escape(name)}</td>{cells}<td>{escape(band)}</td></tr>")
    heads = "".join(f"<th>{escape(c.name)}</th>" for c in cards)
    sources = [escape(n) for n in notes] + [f"{escape(c.name)}: {escape(c.interval)}." for c in cards]
    for kind, part in (("Gaze", reference.gaze), ("Head", reference.head)):
        told = part.provenance.get("source", "") if part is not None else "no real data yet"
        sources.append(
            f"{kind} of real people: {escape(str(told))}{f', {part.seconds:.0f} s' if part is not None else ''}."
        )
    items = "".join(f"<li>{s}</li>" for s in sources)
    table = f"<table><tr><th>test<th>figure{heads}<th>band</tr>{''.join(rows)}</table>"
    return (
        "<section><details><summary>All figures with 95 % intervals</summary>"
        f'<div class="scroll">{table}</div></details>'
        f'<ul class="muted notes">{items}<li>How each figure is computed: docs/evaluation.md.</li></ul></section>'
    )


def _cell(f: Figure | None) -> str:
    if f is None:
        return ""
    spread = f" [{text(f.low)}, {text(f.high)}]" if math.isfinite(f.low) else ""
    return f"{_value(f)}{spread}"
