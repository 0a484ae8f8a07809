"""State that live parts carry: flat tables of named arrays, checked before anything goes on from them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.errors import SettingError

State = dict[str, NDArray[Any]]


def with_prefix(name: str, state: State) -> State:
    """The arrays of a part under ``name.``, one table."""
    return {f"{name}.{key}": values for key, values in state.items()}


def part(state: Mapping[str, NDArray[Any]], name: str) -> State:
    """The arrays that `with_prefix` put under ``name.``, one table."""
    begins = f"{name}."
    return {key[len(begins) :]: values for key, values in state.items() if key.startswith(begins)}


def checked_state(given: Mapping[str, Any], like: State, growing: Mapping[str, int], what: str) -> State:
    """Copies of arrays that somebody handed in, if they are those of a state.

    Args:
        given: arrays by name.
        like: a fresh state: names, types and shapes.
        growing: arrays whose first axis may have any length up to this.
        what: for the message.

    Raises:
        SettingError: other names, types, shapes, or numbers that are not finite.
    """
    if not isinstance(given, Mapping) or set(given) != set(like):
        odd = sorted(set(map(str, given)) ^ set(like))[0] if isinstance(given, Mapping) else type(given).__name__
        raise SettingError(f"{what}: not one of this version (see {odd!r})")
    out = {}
    for name, wanted in like.items():
        values = given[name]
        fits = isinstance(values, np.ndarray) and values.dtype == wanted.dtype and values.ndim == wanted.ndim
        same = fits and values.shape[1:] == wanted.shape[1:]
        if not same or not (len(values) <= growing[name] if name in growing else len(values) == len(wanted)):
            raise SettingError(f"{what}: {name} is no array of {wanted.dtype} of the size that is carried")
        if not np.isfinite(values).all():
            raise SettingError(f"{what}: {name} holds numbers that are not finite")
        out[name] = values.copy()
    return out
