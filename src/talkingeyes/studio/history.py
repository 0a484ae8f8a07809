"""What was done to a project, for undo and redo; it is saved with the project and outlives the process."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any

from talkingeyes.errors import ProjectError
from talkingeyes.studio.contents import SECTIONS

MAX_STEPS = 500
MAX_CHARACTERS = 8 << 20
"""Of the history in the file; the oldest steps go first."""


@dataclass(frozen=True)
class Step:
    """One action, as it can be undone and done again.

    Attributes:
        what: for people: "move a glance".
        changes: rows of section, name, entry before, entry after.
        group: consecutive actions of one group are one step: a drag, a slider.
    """

    what: str
    changes: tuple[tuple[str, str, Any, Any], ...]
    group: str | None = None


@dataclass(frozen=True)
class History:
    """Steps that were done, and how many of them stand (the others were undone)."""

    steps: tuple[Step, ...] = ()
    done: int = 0

    def to_json(self) -> dict[str, Any]:
        """As the file holds it."""
        steps = [{"what": s.what, "group": s.group, "changes": s.changes} for s in self.steps]
        return {"done": self.done, "steps": steps}

    def with_step(self, step: Step) -> History:
        """The same after one more action; what was undone is forgotten."""
        steps = [*self.steps[: self.done]]
        last = steps[-1] if steps and len(steps) == self.done else None
        if last is not None and step.group is not None and last.group == step.group and _same(last, step):
            merged = [(a[0], a[1], a[2], b[3]) for a, b in zip(last.changes, step.changes, strict=True)]
            steps[-1] = replace(step, changes=tuple(merged))
        else:
            steps.append(step)
        steps = steps[-MAX_STEPS:]
        sizes = [len(json.dumps(s.changes)) for s in steps]
        while len(steps) > 1 and sum(sizes) > MAX_CHARACTERS:
            steps.pop(0)
            sizes.pop(0)
        return History(tuple(steps), len(steps))


def _same(one: Step, two: Step) -> bool:
    return [c[:2] for c in one.changes] == [c[:2] for c in two.changes]


def read_history(value: Any) -> History:
    """The history of a file.

    Raises:
        ProjectError: damaged.
    """
    try:
        steps = tuple(
            Step(str(s["what"]), tuple((str(c[0]), str(c[1]), c[2], c[3]) for c in s["changes"]), s["group"])
            for s in value["steps"]
        )
        done = value["done"]
    except (TypeError, KeyError, IndexError):
        raise ProjectError("its history is damaged") from None
    known = all(change[0] in SECTIONS for step in steps for change in step.changes)
    if not isinstance(done, int) or not 0 <= done <= len(steps) or not known:
        raise ProjectError("its history is damaged")
    return History(steps, done)
