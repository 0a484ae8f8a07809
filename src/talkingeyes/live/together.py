"""Sound of many sessions in one call: the networks, transforms and the renderer run once for all of them.

Every session gives the same bytes as alone, whichever others are beside it; what differs is the time that it takes: the
arithmetic of a single session is hundreds of calls of a microsecond or two.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from numpy.typing import ArrayLike

from talkingeyes.lanes import Lane, together
from talkingeyes.live.session import Session
from talkingeyes.motion import Motion


@dataclass(frozen=True, eq=False)
class Push:
    """What `Session.push` takes.

    Attributes:
        session: whose.
        samples: (n,) mono, float with full scale 1, or int16.
        rate_hz: samples per second.
        voice: "own" or "other".
    """

    session: Session
    samples: ArrayLike
    rate_hz: float
    voice: str = "own"


def push_together(pushes: Sequence[Push]) -> list[Motion | Exception | None]:
    """`Session.push` of each; what belongs to one session is pushed in the order given.

    Returns:
        For each push the frames that are due, None, or the error that `Session.push` would raise; the sessions beside
        one with an error are not touched by it, and nothing more is pushed into that one.
    """
    places: dict[int, list[int]] = {}
    for place, push in enumerate(pushes):
        places.setdefault(id(push.session), []).append(place)
    out: list[Motion | Exception | None] = [None] * len(pushes)
    together([_lane(pushes, own, out) for own in places.values()])
    return out


def _lane(pushes: Sequence[Push], places: list[int], out: list[Motion | Exception | None]) -> Lane[None]:
    """One session's pushes."""
    for place in places:
        push = pushes[place]
        try:
            out[place] = yield from push.session.pushing(push.samples, push.rate_hz, push.voice)
        except Exception as error:  # noqa: BLE001 (whoever asked looks at it)
            out[place] = error
            return
