"""Eye-tracked fixations (the ``fixations.csv.gz`` form of docs/data.md) as samples: gaze in space, no sound."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from talkingeyes.data.make import Task, facts, motion_facts
from talkingeyes.data.plan import Found, Source
from talkingeyes.data.sample import Sample
from talkingeyes.errors import FormatError
from talkingeyes.evaluate import eye_tracker
from talkingeyes.evaluate.eye_tracker import MIN_MOTION_S, ROLES, Fixations

Table = tuple[list[Fixations], dict[str, tuple[float, float]]]


@lru_cache(maxsize=2)
def _table(path: Path) -> Table:
    pieces = eye_tracker.read_fixations(path)
    return pieces, eye_tracker.partner_of(pieces)


def source_of(path: Path) -> Source:
    """Every stretch of one person in one state as a part; the person is the speaker.

    Args:
        path: a table, .csv or .csv.gz, with the columns of `eye_tracker.COLUMNS`.

    Raises:
        FormatError: not such a table, or a state that is not known.
    """
    pieces, _ = _table(path)
    for piece in pieces:
        if piece.state not in ROLES:
            raise FormatError(f"{path.name}: state {piece.state!r}; {', '.join(ROLES)} are accepted")
    long_enough = [i for i, p in enumerate(pieces) if p.end_s[-1] - p.start_s[0] >= MIN_MOTION_S]
    if not long_enough:
        raise FormatError(f"{path.name}: no stretch of {MIN_MOTION_S:g} s or more")
    names = tuple(f"{path.parent.resolve().name} {pieces[i].participant}" for i in long_enough)
    return Source(path.parent, "fixations", (Found(path, tuple(long_enough), names),))


def read_part(task: Task) -> Sample:
    """One stretch, rendered at the set's rate: fixations joined by main-sequence saccades, lost tracking flagged."""
    pieces, partner = _table(task.root / task.item.path)
    piece = pieces[task.item.part]
    motion = eye_tracker.render(piece, task.settings.fps, partner[piece.participant])
    meta = {**motion.meta, "source": {"name": Path(task.item.path).name, "sha256": task.item.sha256}}
    motion = motion.replace(meta={**meta, "generator": "eye-tracked fixations"})
    assert motion.filled is not None
    row = facts(
        task,
        **motion_facts(motion),
        sound="none",
        role=ROLES[piece.state],
        seen_share=round(1 - float(motion.filled.mean()), 4),
        fixations=len(piece.start_s),
        start_s=round(float(piece.start_s[0]), 4),
    )
    return Sample(motion, row=row)
