"""Ctrl-C and SIGTERM as a question, for what runs until it is asked to stop."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Callable, Iterator
from typing import Any


@contextlib.contextmanager
def signals_ask(ask: Callable[[], Any]) -> Iterator[None]:
    """SIGTERM and SIGINT call ``ask`` on the running loop; afterwards they are as before. Asked twice, they insist."""
    loop = asyncio.get_running_loop()
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}

    def asked(number: signal.Signals) -> None:
        loop.remove_signal_handler(number)
        signal.signal(number, before[number])
        ask()

    try:
        for number in before:
            loop.add_signal_handler(number, asked, number)
    except (NotImplementedError, RuntimeError, ValueError):  # Windows; another thread than the main one
        yield
        return
    try:
        yield
    finally:
        for number, handler in before.items():
            loop.remove_signal_handler(number)
            signal.signal(number, handler)
