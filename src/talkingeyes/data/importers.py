"""The published sets that ``dataset import`` takes: a row here, and a module with its two functions.

Each module has ``source_of(path) -> Source``, which lists the files and who they show, and ``read(task) -> Sample``,
which makes one sample of them in a worker.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from talkingeyes.data.make import Task
    from talkingeyes.data.plan import Source
    from talkingeyes.data.sample import Sample


@dataclass(frozen=True)
class Importer:
    """One kind of set.

    Attributes:
        module: where its functions are.
        takes: what SOURCE is, for help texts.
        reader: name of the reading function.
    """

    module: str
    takes: str
    reader: str = "read"

    def source_of(self, path: Path) -> Source:
        """What there is to read; raises what the module's function raises."""
        return import_module(self.module).source_of(path)

    def read(self, task: Task) -> Sample:
        """One sample; raises what the module's function raises."""
        function: Callable[[Task], Sample] = getattr(import_module(self.module), self.reader)
        return function(task)


IMPORTERS: dict[str, Importer] = {
    "tked": Importer("talkingeyes.data.tked", "a folder of .npz beside sound", "read_tked"),
    "flame": Importer("talkingeyes.data.flame_tracks", "a folder of FLAME tracks, .npz without pickle"),
    "livelink": Importer("talkingeyes.data.livelink", "a folder of Live Link Face .csv", "read_livelink"),
    "fixations": Importer("talkingeyes.data.fixations", "a table of fixations (.csv, .csv.gz)", "read_part"),
    "fraga": Importer("talkingeyes.data.fraga", "a folder of FraGA's .zip"),
    "multi-tpc": Importer("talkingeyes.data.multi_tpc", "a folder of Multi-TPC's head_eye_angle files"),
    "elan": Importer("talkingeyes.data.elan", "a folder of .eaf with gaze tiers"),
    "table": Importer("talkingeyes.data.mapped", "a folder of tables with a mapping.json"),
}
