"""The body of ``talkingeyes evaluate``: files in, scorecards and a page out. No parsing, no printing."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from talkingeyes.audio import Speech, load_speech
from talkingeyes.errors import FormatError, SettingError
from talkingeyes.evaluate import single
from talkingeyes.evaluate.controls import ControlResult, run_controls
from talkingeyes.evaluate.observation import slow_rate
from talkingeyes.evaluate.observed import Observed, observe, read_people
from talkingeyes.evaluate.outcome import FAIL, NOT_APPLICABLE, NOT_ENOUGH, text
from talkingeyes.evaluate.recording import Recording
from talkingeyes.evaluate.reference import Reference, load_reference
from talkingeyes.evaluate.report import page
from talkingeyes.evaluate.scorecard import Scorecard, score
from talkingeyes.formats import format_of, load
from talkingeyes.motion import Motion
from talkingeyes.npz import read_npz_arrays

Source = str | Path | Motion
READABLE = (".npz", ".csv", ".json")
MAX_COLUMNS = 6
SAME_LENGTH_S = 0.5


@dataclass(frozen=True)
class Evaluation:
    """What one call found.

    Attributes:
        cards: one scorecard per input, or one for all.
        controls: what the controls said; empty when they were not asked for.
        notes: what a reader should know about the inputs.
        observed: what the observer said; empty when it was not asked.
        singles: pass rates of single takes in words; empty when they were not asked for.
    """

    cards: tuple[Scorecard, ...]
    controls: tuple[ControlResult, ...]
    notes: tuple[str, ...]
    reference: Reference
    observed: tuple[Observed, ...] = ()
    singles: tuple[str, ...] = ()

    @property
    def controls_hold(self) -> bool:
        """Every control gave the expected verdict."""
        return all(c.caught for c in self.controls)

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return {
            "scorecards": [c.to_json() for c in self.cards],
            "controls": [c.to_json() for c in self.controls],
            "notes": list(self.notes),
            "observer": [o.to_json() for o in self.observed],
            "singles": list(self.singles),
        }

    def lines(self) -> list[str]:
        """Lines for a terminal: what was found in short; the page and the JSON hold the rest."""
        out = [line for card in self.cards for line in (*_short(card), "")]
        for c in self.controls:
            said = "as expected" if c.caught else "NOT AS EXPECTED: this scorecard is broken"
            wrong = [f"{n} {o.verdict}" for n, o in c.outcomes.items() if o.verdict != c.control.expected]
            out.append(f"control {c.control.name:<22} {said} {'; '.join(wrong)}".rstrip())
        out += [*(f"observer {o.line()}" for o in self.observed), *self.singles]
        return [*out, *self.notes]

    def page(self) -> str:
        """The report as one self-contained page."""
        return page(self.cards, self.reference, self.controls, (*self.notes, *self.singles), self.observed)


def _short(card: Scorecard) -> list[str]:
    """One line per test: number, title, verdict, and the figures or why there are none."""
    lines = [f"{card.name}: {card.recordings} recordings, {card.takes} takes, {card.seconds:.0f} s"]
    for r in card.results:
        judged = [f for f in r.outcome.figures if f.band and math.isfinite(f.value)] or list(r.outcome.figures)
        figures = "; ".join(f"{f.name} {text(f.value)} {f.unit}".strip() for f in judged)
        told = r.outcome.why if r.outcome.verdict in (FAIL, NOT_ENOUGH, NOT_APPLICABLE) else figures
        lines.append(f"{r.test.number:>2} {r.test.title:<26} {r.outcome.verdict:<16}{told}")
    return [*lines, card.summary]


def read_motion(path: Path) -> Motion:
    """A motion of any readable format.

    Raises:
        FormatError: no such file or not a motion.
    """
    if format_of(path) is None or path.suffix.lower() not in READABLE:
        raise FormatError(f"{path}: not a motion; {' '.join(READABLE)} or a folder of them are accepted")
    return load(path)


def evaluate(
    motions: Source | Sequence[Source],
    audio: str | Path | Sequence[str | Path] = (),
    *,
    reference: str | Path | None = None,
    controls: bool = False,
    people: Sequence[str | Path] = (),
    each: bool = False,
    progress: Callable[[str], None] | None = None,
) -> Evaluation:
    """Score motion: is it human?

    Args:
        motions: motions, files, or folders whose files are pooled. Several are scored side by side and together.
        audio: none; one for all; one per motion file in the same order; or any set that matches by checksum.
        reference: a folder of real motions to compare with instead of the package's statistics.
        controls: also run the controls.
        people: real people for the observer: tables of fixations, folders of fitted motions; none: it is not asked.
        each: also score every take on its own, and count how many are inside the bands.
        progress: called with what is done next.

    Raises:
        TalkingEyesError: an input cannot be read, or the sound does not match.
    """
    tell = progress or (lambda _: None)
    sources = [motions] if isinstance(motions, str | Path | Motion) else list(motions)
    sounds = [audio] if isinstance(audio, str | Path) else list(audio)
    if not sources:
        raise SettingError("evaluate needs one motion file or more")
    tell("reading")
    real = load_reference(None if reference is None else Path(reference))
    given = {Path(f"motion {i + 1}"): one for i, one in enumerate(sources) if isinstance(one, Motion)}
    paths = [Path(f"motion {i + 1}") if isinstance(one, Motion) else Path(one) for i, one in enumerate(sources)]
    groups = [(path.name, [path] if path in given else _files(path)) for path in paths]
    files = [f for _, part in groups for f in part]
    loaded = {f: given[f] if f in given else read_motion(f) for f in files}
    speeches = _matched(files, loaded, [load_speech(a) for a in sounds])
    recordings = {f: _recording(f, loaded[f], speeches.get(f)) for f in files}
    cards = []
    for name, chosen in _columns(groups, files):
        tell(f"scoring {name}")
        cards.append(score([recordings[f] for f in chosen], real, name=name))
    results: list[ControlResult] = []
    if controls:
        tell("controls")
        results = run_controls(real)
    observed: list[Observed] = []
    if people:
        tell("observer")
        observed = observe(list(recordings.values()), read_people([Path(p) for p in people]))
        if not observed:
            raise SettingError("the observer needs two takes and two people or more of the same kind of motion")
    singles: list[str] = []
    if each:
        tell("single takes")
        alone = real.gaze.curves.get("single_people") if real.gaze is not None else None
        singles = single.lines(single.single_rates(single.by_take(list(recordings.values())), real), alone)
    notes = tuple(_notes(recordings, bool(audio)))
    return Evaluation(tuple(cards), tuple(results), notes, real, tuple(observed), tuple(singles))


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    files = sorted(p for p in path.iterdir() if p.suffix.lower() in READABLE)
    if not files:
        raise FormatError(f"{path}: holds no motion ({' '.join(READABLE)})")
    return files


def _columns(groups: Sequence[tuple[str, list[Path]]], files: Sequence[Path]) -> list[tuple[str, list[Path]]]:
    """Everything together first, then every input on its own while they fit side by side."""
    if len(groups) == 1:
        return [(groups[0][0], groups[0][1])]
    together = (f"all {len(files)} motions", list(files))
    return [together, *groups] if len(groups) <= MAX_COLUMNS else [together]


def _matched(files: Sequence[Path], motions: dict[Path, Motion], speeches: Sequence[Speech]) -> dict[Path, Speech]:
    """Which sound belongs to which motion: by checksum, else the only one, else in order."""
    if not speeches:
        return {}
    by_sum = {s.sha256: s for s in speeches}
    table = {f: by_sum[h] for f in files if (h := _source_sha(motions[f])) in by_sum}
    if len(table) == len(files):
        return table
    if len(speeches) == 1:
        table = dict.fromkeys(files, speeches[0])
    elif len(speeches) == len(files):
        table = dict(zip(files, speeches, strict=True))
    else:
        missing = next(f for f in files if f not in table)
        raise SettingError(
            f"{missing.name}: none of the {len(speeches)} sounds is its source; give one --audio for all motions, "
            "or one per motion in their order"
        )
    for file, speech in table.items():
        apart = abs(motions[file].duration_s - speech.duration_s)
        if apart > max(SAME_LENGTH_S, 0.05 * speech.duration_s):
            raise SettingError(
                f"{file.name} lasts {motions[file].duration_s:.1f} s but {speech.source_name} "
                f"{speech.duration_s:.1f} s; they do not belong together"
            )
    return table


def _source_sha(motion: Motion) -> str:
    source = motion.meta.get("source")
    return str(source.get("sha256", "")) if isinstance(source, dict) else ""


def _recording(path: Path, motion: Motion, speech: Speech | None) -> Recording:
    """Takes share their source's checksum; without one, each file is a recording of its own."""
    role = str(motion.meta.get("role", "speaking"))
    role = role if role in ("speaking", "listening", "dialogue") else "speaking"
    source = speech.sha256 if speech is not None and speech.sha256 else _source_sha(motion)
    eyes = read_npz_arrays(path).get("eyes_before_fusion_rad") if path.suffix.lower() == ".npz" else None
    return Recording(motion, path.stem, speech, role, f"{source}{role}" if source else path.stem, eyes)


def _notes(recordings: dict[Path, Recording], any_audio: bool) -> list[str]:
    rates = sorted({r.motion.fps for r in recordings.values()})
    notes = []
    if len(rates) > 1:
        listed = ", ".join(f"{r:g}" for r in rates)
        slow = ", ".join(f"{r:g}" for r in sorted({slow_rate(r) for r in rates}))
        notes.append(f"Frame rates differ ({listed}); tests 4 and 6 look at {slow} fps.")
    if not any_audio:
        notes.append(
            "No audio was given: tests 10, 19 and parts of 16 and 18 cannot be asked, all time counts as talking."
        )
    return notes
