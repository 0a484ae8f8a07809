"""Many recordings at once (docs/batch.md).

``lines`` and ``tables`` what is asked for, ``make`` one line into its files in a worker that stays warm, ``ledger``
what was done, ``run`` all of it on an engine of `talkingeyes.engines`.
"""

from __future__ import annotations

from talkingeyes.batch.lines import BadLine, Line, Lines, lines_of
from talkingeyes.batch.run import ONLY, BatchReport, BatchSettings, Watcher, run_batch

__all__ = ["ONLY", "BadLine", "BatchReport", "BatchSettings", "Line", "Lines", "Watcher", "lines_of", "run_batch"]
