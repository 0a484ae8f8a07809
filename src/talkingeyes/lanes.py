"""Work of many at once: what several jobs ask for is done in one call, where each of them gives the same bits as alone.

A *lane* is a generator: the job of one voice or take, written down in order. Where it needs something that costs less
for many at once (a network, a transform), it yields an `Ask` and gets the answer sent. `together` runs any number of
lanes, and `alone` one. What is asked for has to give each asker the same bits, whoever asks beside him.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class Batch:
    """Something that can be asked for.

    Attributes:
        rank: lanes wait for those of lower ranks, so that many come together; the order in which a lane asks.
        run: answers many at once, in their order.
    """

    rank: int
    run: Callable[[list[Any]], Sequence[Any]]

    def __call__(self, item: Any) -> Ask:
        """Ask for it."""
        return Ask(self, item)


class Ask(NamedTuple):
    """What a lane waits for: one item of a batch."""

    batch: Batch
    item: Any


Lane = Generator[Ask, Any, T]


def by_shape(rank: int, run: Callable[[list[Any]], Sequence[Any]], shape: Callable[[Any], Any]) -> Batch:
    """A batch of what can only be done at once where it has the same shape: ``shape`` of an item tells."""

    def sorted_run(items: list[Any]) -> Sequence[Any]:
        shapes = [shape(item) for item in items]
        kinds = set(shapes)
        if len(kinds) == 1:
            return run(items)
        out: list[Any] = [None] * len(items)
        for kind in kinds:
            places = [i for i, each in enumerate(shapes) if each == kind]
            for i, answer in zip(places, run([items[i] for i in places]), strict=True):
                out[i] = answer
        return out

    return Batch(rank, sorted_run)


def alone(lane: Lane[T]) -> T:
    """Run one lane to its end."""
    try:
        ask = next(lane)
        while True:
            ask = lane.send(ask.batch.run([ask.item])[0])
    except StopIteration as ended:
        return ended.value


def together(lanes: Sequence[Lane[T]]) -> list[T | Exception]:
    """Run lanes to their ends; the result of each, or the error that ended it."""
    results: list[Any] = [None] * len(lanes)
    waiting: dict[Batch, list[tuple[int, Any]]] = {}

    def go_on(number: int, answer: Any) -> None:
        lane = lanes[number]
        try:
            ask = lane.throw(answer) if isinstance(answer, Exception) else lane.send(answer)
        except StopIteration as ended:
            results[number] = ended.value
        except Exception as error:  # noqa: BLE001 (of one lane: the others go on)
            results[number] = error
        else:
            waiting.setdefault(ask.batch, []).append((number, ask.item))

    for number in range(len(lanes)):
        go_on(number, None)
    while waiting:
        batch = min(waiting, key=_rank)
        asked = waiting.pop(batch)
        for (number, _), answer in zip(asked, _answers(batch, [item for _, item in asked]), strict=True):
            go_on(number, answer)
    return results


def _rank(batch: Batch) -> int:
    return batch.rank


def _answers(batch: Batch, items: list[Any]) -> Sequence[Any]:
    """Of all; where that fails each alone, so that only who asked for what cannot be done gets the error."""
    try:
        return batch.run(items)
    except Exception as error:  # noqa: BLE001
        return [error] if len(items) == 1 else [_answers(batch, [item])[0] for item in items]
