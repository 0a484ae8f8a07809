"""Which tests stay together when several processes share the work (``make test``)."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parent
TOGETHER = {"train": "trained toys", "browser": "one browser"}
"""Tests of a folder, or with a mark, that share what is dear to make; all others stay together by file. They come
first: what takes long must not begin when the other processes are done."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Name each test's group for ``--dist loadgroup``."""
    for item in items:
        inside = item.path.relative_to(ROOT) if item.path.is_relative_to(ROOT) else item.path
        marks = {mark.name for mark in item.iter_markers()} | {inside.parts[0]}
        group = next((TOGETHER[name] for name in TOGETHER if name in marks), str(inside))
        item.add_marker(pytest.mark.xdist_group(group))
    items.sort(key=lambda item: item.get_closest_marker("xdist_group").args[0] not in TOGETHER.values())  # type: ignore[union-attr]
