"""State as plain JSON data and back: dataclasses by their annotations, arrays in base64, random streams."""

from __future__ import annotations

import base64
import binascii
import dataclasses
import functools
import math
import types
import typing
from collections.abc import Mapping
from typing import Any, Union

import numpy as np
from numpy.typing import NDArray

from talkingeyes.errors import SettingError

MAX_BYTES = 1 << 22
"""Of one array."""
MAX_ITEMS = 10_000
_DTYPES = ("<f4", "<f8", "<i8", "|b1")
_BOUND = 1e13
"""Numbers beyond it stand for no time, angle or count of a session."""


def packed(value: Any) -> Any:
    """Plain data of a value: numbers, texts, arrays, dataclasses, and lists, tuples and tables of them."""
    if isinstance(value, np.ndarray):
        data = base64.b64encode(value.tobytes()).decode()
        return {"dtype": value.dtype.str, "shape": list(value.shape), "base64": data}
    if isinstance(value, np.generic):
        return value.item()
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: packed(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(k): packed(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [packed(v) for v in value]
    return value


def unpacked(given: Any, kind: Any, like: Any, where: str) -> Any:  # noqa: PLR0911
    """A value from its plain data.

    Args:
        given: what came.
        kind: the annotation that it must fit.
        like: a fresh value whose arrays have the right types and shapes; None where there is none.
        where: for messages.

    Raises:
        SettingError: it fits not.
    """
    if kind is Any:
        return _of_any(given, like, where)
    origin = typing.get_origin(kind)
    if origin in (Union, types.UnionType):
        return _of_union(given, typing.get_args(kind), like, where)
    if origin is np.ndarray or kind is np.ndarray:
        if type(given) is float:  # a row of a table, taken apart
            return np.float64(_of_plain(given, float, where))
        return array_of(given, where, like if isinstance(like, np.ndarray) else None)
    if isinstance(kind, type) and dataclasses.is_dataclass(kind):
        return _of_dataclass(given, kind, like, where)
    if isinstance(origin, type) and issubclass(origin, Mapping):
        value_kind = typing.get_args(kind)[1]
        _is(isinstance(given, Mapping) and len(given) <= MAX_ITEMS, where, "a table")
        return {str(k): unpacked(v, value_kind, _item(like, k), f"{where}.{k}") for k, v in given.items()}
    if origin in (list, tuple):
        return _of_items(given, kind, origin, where)
    return _of_plain(given, kind, where)


def array_of(given: Any, where: str, like: NDArray[Any] | None = None) -> NDArray[Any]:
    """An array from its plain data, of the type and shape of ``like`` where there is one.

    Raises:
        SettingError: it is none.
    """
    _is(isinstance(given, Mapping) and set(given) == {"dtype", "shape", "base64"}, where, "an array")
    dtype, shape, text = given["dtype"], given["shape"], given["base64"]
    _is(dtype in _DTYPES and isinstance(text, str) and len(text) <= 2 * MAX_BYTES, where, "an array of numbers")
    _is(isinstance(shape, list) and len(shape) <= 4 and all(type(n) is int and n >= 0 for n in shape), where, "a shape")
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise SettingError(f"state: {where} is not base64") from None
    _is(len(data) == np.dtype(dtype).itemsize * math.prod(shape), where, "an array of the size that it says")
    values = np.frombuffer(data, dtype).reshape(shape).copy()
    _is(bool(np.isfinite(values).all()), where, "an array of finite numbers")
    if like is not None:
        _is(values.dtype == like.dtype and values.shape == like.shape, where, f"{like.dtype} {like.shape}")
    return values


def arrays_of(given: Any, where: str) -> dict[str, NDArray[Any]]:
    """A flat table of arrays, as `audio.carried` makes them.

    Raises:
        SettingError: it is none.
    """
    _is(isinstance(given, Mapping) and len(given) <= MAX_ITEMS, where, "a table of arrays")
    return {str(name): array_of(values, f"{where}.{name}") for name, values in given.items()}


def stream_state(rng: np.random.Generator) -> dict[str, Any]:
    """Where a random stream is."""
    return {**rng.bit_generator.state, "state": {k: str(v) for k, v in rng.bit_generator.state["state"].items()}}


def restore_stream(rng: np.random.Generator, given: Any, where: str) -> None:
    """Put a random stream where another one was.

    Raises:
        SettingError: ``given`` is no such place.
    """
    try:
        inner = {key: int(given["state"][key]) for key in ("state", "inc")}
        place = {"bit_generator": given["bit_generator"], "state": inner}
        place |= {key: int(given[key]) for key in ("has_uint32", "uinteger")}
        rng.bit_generator.state = place
    except (KeyError, TypeError, ValueError, OverflowError):
        raise SettingError(f"state: {where} is no place in a random stream") from None


@functools.cache
def _hints(kind: type) -> dict[str, Any]:
    return typing.get_type_hints(kind)


def _of_dataclass(given: Any, kind: type, like: Any, where: str) -> Any:
    hints = _hints(kind)
    _is(isinstance(given, Mapping) and set(given) == set(hints), where, f"a {kind.__name__} of this version")
    parts = {n: unpacked(given[n], hint, getattr(like, n, None), f"{where}.{n}") for n, hint in hints.items()}
    made = object.__new__(kind)
    for name, value in parts.items():
        object.__setattr__(made, name, value)
    return made


def _of_union(given: Any, kinds: tuple[Any, ...], like: Any, where: str) -> Any:
    if given is None and type(None) in kinds:
        return None
    return unpacked(given, next(k for k in kinds if k is not type(None)), like, where)


def _of_items(given: Any, kind: Any, origin: type, where: str) -> Any:
    _is(isinstance(given, list) and len(given) <= MAX_ITEMS, where, "a list")
    kinds = typing.get_args(kind)
    if origin is list or (len(kinds) == 2 and kinds[1] is Ellipsis):
        return origin(unpacked(v, kinds[0], None, f"{where}[{i}]") for i, v in enumerate(given))
    _is(len(given) == len(kinds), where, f"{len(kinds)} items")
    return tuple(unpacked(v, k, None, where) for v, k in zip(given, kinds, strict=True))


def _of_any(given: Any, like: Any, where: str) -> Any:
    """Whatever a fresh value has there: an array, a tuple of plain values, a plain value."""
    if isinstance(like, np.ndarray):
        return array_of(given, where, like)
    if isinstance(like, tuple):
        _is(isinstance(given, list) and len(given) == len(like), where, f"{len(like)} items")
        return tuple(_of_plain(v, type(one), where) for v, one in zip(given, like, strict=True))
    return None if like is None else _of_plain(given, type(like), where)


def _of_plain(given: Any, kind: Any, where: str) -> Any:
    if kind is float:
        _is(isinstance(given, int | float) and not isinstance(given, bool), where, "a number")
        _is(math.isfinite(given) and abs(given) <= _BOUND, where, "a finite number of a sane size")
        return float(given)
    kind = getattr(kind, "__supertype__", kind)
    if typing.get_origin(kind) is typing.Literal:
        _is(given in typing.get_args(kind), where, f"one of {typing.get_args(kind)}")
        return given
    _is(kind in (bool, int, str) and type(given) is kind, where, f"a {getattr(kind, '__name__', kind)}")
    _is(not isinstance(given, int) or abs(given) <= _BOUND, where, "a number of a sane size")
    _is(not isinstance(given, str) or len(given) <= 1000, where, "a short text")
    return given


def _item(like: Any, key: str) -> Any:
    return like.get(key) if isinstance(like, Mapping) else None


def _is(fits: bool, where: str, what: str) -> None:
    if not fits:
        raise SettingError(f"state: {where} is not {what}; give what Session.state() gave, of the same version")
