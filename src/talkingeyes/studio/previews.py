"""What a take would be: the seconds in sight, at once, with nothing saved."""

from __future__ import annotations

import itertools
import json
import threading
import time
from collections.abc import Mapping, Sequence
from typing import Any

from talkingeyes.generate.amounts import RANGES
from talkingeyes.generate.differs import changed
from talkingeyes.generate.planned import PlannedTake
from talkingeyes.generate.rehearsal import Rehearsal
from talkingeyes.studio.asked import rounded
from talkingeyes.studio.avatars import Avatars
from talkingeyes.studio.frames import MOST_S, packed_frames, within
from talkingeyes.studio.planner import Planner
from talkingeyes.studio.project import Project
from talkingeyes.studio.shelf import Last, Shelf

BUDGET_S = 0.08
"""So long a preview of amounts plans before it answers with what there is; the page asks for the rest."""
LEAST_STEPS = 5
FARTHEST_S = 4.0
"""Somebody who looks further on than this from what was rehearsed begins a rehearsal of its own."""


class Previews:
    """Previews of takes of a project.

    Args:
        project: whose.
        shelf: of its takes.
        avatars: of it.
        planner: whose jobs wait meanwhile.
    """

    def __init__(self, project: Project, shelf: Shelf, avatars: Avatars, planner: Planner) -> None:
        self._project, self._shelf, self._avatars, self._planner = project, shelf, avatars, planner
        self.budget_s = BUDGET_S
        self._numbers, self._newest, self._lock = itertools.count(1), 0, threading.Lock()
        self._trial: tuple[Any, Rehearsal] | None = None

    def answer(self, take: str, wish: Mapping[str, Any], view: tuple[float, float] | None) -> bytes:
        """The stretches that would change and are in view (`frames.packed_frames`).

        Raises:
            TalkingEyesError: what is wished for cannot be made.
        """
        last = self._rehearsed_from(take, wish)
        if last is not None:
            with self._planner.waits():
                return self._rehearsed(take, wish, last, view)
        now, then = self._now(take), self._shelf.take(take, wish)  # no job waits here: one of them may be waited for
        refuse_new(then, self._project.contents.entry("takes", take)["edits"])
        stretches = differing(now, then)
        events = then.events(None if "settings" in wish else view)  # of half an hour they are more than the frames
        more = {"changed_s": rounded(stretches), "events": events, "exact": True, "more": False}
        return self._packed(take, then, within(stretches, view), more)

    def _now(self, take: str) -> PlannedTake:
        """A take as it is shown: as it was, while it is planned anew."""
        last = None if self._shelf.is_planned(take) else self._shelf.last(take)
        return self._shelf.take(take) if last is None else last.take

    def _packed(self, take: str, then: PlannedTake, stretches: Any, more: Mapping[str, Any]) -> bytes:
        revision = self._project.contents.entry("takes", take)["revision"]
        return packed_frames(then, stretches, self._avatars.character().page, {**more, "revision": revision})

    def _rehearsed_from(self, take: str, wish: Mapping[str, Any]) -> Last | None:
        """What a rehearsal goes on from; None where amounts are not what is wished for, or the take is known so."""
        if set(wish) - {"settings", "edits"} or "settings" not in wish or self._shelf.is_planned(take, wish):
            return None
        if self._shelf.is_planned(take):
            self._shelf.take(take)
        last = self._shelf.last(take)
        same = last is not None and _but_amounts(last.settings) == _but_amounts(wish["settings"])
        return last if same else None

    def _rehearsed(self, take: str, wish: Mapping[str, Any], last: Last, view: tuple[float, float] | None) -> bytes:
        begin_s, end_s = view or (0.0, min(last.take.duration_s, MOST_S))
        number = self._newest = next(self._numbers)
        with self._lock:
            trial = self._trial_of(take, wish, last, begin_s)
            until, least = time.monotonic() + self.budget_s, itertools.count()
            trial.go_on(
                end_s,
                lambda: next(least) < LEAST_STEPS or (time.monotonic() < until and self._newest == number),
            )
            then = trial.taken()
            shown = (max(begin_s, trial.from_s), min(end_s, trial.to_s))
            more = trial.to_s < min(end_s, last.take.duration_s)
            is_exact = trial.is_exact
        stretches = [shown] if shown[1] > shown[0] else []
        opens_s = shown[0] or -FARTHEST_S  # the first shift of a take begins before it
        told = {
            "changed_s": rounded(stretches), "events": then.events((opens_s, shown[1])), "exact": is_exact,
            "more": more, "part": [shown[0], max(shown)],
        }  # fmt: skip
        return self._packed(take, then, stretches, told)

    def _trial_of(self, take: str, wish: Mapping[str, Any], last: Last, begin_s: float) -> Rehearsal:
        """The rehearsal of a wish: the last one, where that is the same and near."""
        options = self._shelf.options(take, wish)
        key = (id(last.take), json.dumps([take, dict(wish["settings"]), list(options.edits.document)], sort_keys=True))
        if self._trial is not None and self._trial[0] == key:
            trial = self._trial[1]
            if trial.is_exact or trial.from_s <= begin_s <= trial.to_s + FARTHEST_S:
                return trial
        trial = Rehearsal(last.take, options, begin_s)
        self._trial = (key, trial)
        return trial


def _but_amounts(settings: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in settings.items() if name not in RANGES and name != "mood"}


def refuse_new(then: PlannedTake, known: Sequence[Mapping[str, Any]]) -> None:
    """Refuse an edit that is asked for now and does not apply; one that the take has already is left out of it.

    Args:
        then: the take as it is asked to be.
        known: edits that it has.

    Raises:
        EditsError: naming the edit.
    """
    for out in then.now.left_out:
        if then.edits.document[out.edit.index] not in known:
            raise out.edit.refused(out.why)


def differing(one: PlannedTake, two: PlannedTake) -> list[tuple[float, float]]:
    """The stretches in which two takes of one recording differ; all of it where they have other frame rates."""
    if one is two:
        return []
    if one.fps != two.fps or one.speech is not two.speech:
        return [(0.0, two.duration_s)]
    return changed(one.now.plan, two.now.plan, two.duration_s)
