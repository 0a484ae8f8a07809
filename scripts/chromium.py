"""Headless Chromium for tests and pictures: the system's own browser, software WebGL, no network."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser

_NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
_FLAGS = (
    "--no-sandbox",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--ignore-gpu-blocklist",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--autoplay-policy=no-user-gesture-required",
    "--mute-audio",
)


def find_chromium() -> str | None:
    """Path of an installed Chromium or Chrome (``CHROMIUM`` overrides the search), or None."""
    return os.environ.get("CHROMIUM") or next((path for name in _NAMES if (path := shutil.which(name))), None)


@contextmanager
def browser(*flags: str) -> Iterator[Browser]:
    """A headless browser that is closed afterwards.

    Args:
        flags: further switches of its command line.

    Raises:
        FileNotFoundError: no Chromium is installed.
        ImportError: the ``playwright`` package is missing (extra ``dev``).
    """
    from playwright.sync_api import sync_playwright

    path = find_chromium()
    if path is None:
        raise FileNotFoundError("no Chromium found: install one (Debian: apt install chromium) or set CHROMIUM")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, headless=True, args=[*_FLAGS, *flags])
        try:
            yield running
        finally:
            running.close()
