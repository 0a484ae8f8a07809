"""Writing what a command was asked for: several outputs, of which some may fail and the others are still whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from talkingeyes.commands.console import Console, Progress
from talkingeyes.errors import MissingExtraError, OutputError, TalkingEyesError

if TYPE_CHECKING:
    from talkingeyes.formats import ExportJob


@dataclass
class Outputs:
    """The outputs of one command: checked before the work, written after it, reported at the end.

    Attributes:
        wanted: those that passed the check and are still to be written.
        written: the files made.
        errors: one message for each output that cannot be made.
        remarks: what the lines about some of the files made add.
    """

    console: Console
    inputs: tuple[Path, ...]
    wanted: list[Path] = field(default_factory=list)
    written: list[Path] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    remarks: dict[Path, str] = field(default_factory=dict)

    @classmethod
    def checked(cls, paths: Sequence[str], takes: int, inputs: Sequence[Path], console: Console) -> Outputs:
        """Check every output before the work; refuse at once when none can be made.

        Raises:
            OutputError: no output can be made.
        """
        from talkingeyes.extras import require
        from talkingeyes.files import check_target
        from talkingeyes.formats import format_of, targets_of

        outputs = cls(console, tuple(inputs))
        seen: set[Path] = set()
        for path in map(Path, paths):
            try:
                real = [check_target(target, inputs) for target in targets_of(path, takes)]
                if seen.intersection(real):
                    raise OutputError(f"{path}: is asked for twice")
                if (form := format_of(path)) is not None and form.extra:
                    require(form.extra, f"writing {path}")
            except (OutputError, MissingExtraError) as error:
                outputs._failed(error, only=len(paths) == 1)
            else:
                seen.update(real)
                outputs.wanted.append(path)
        if not outputs.wanted:
            raise OutputError("none of the outputs can be written")
        return outputs

    def _failed(self, error: TalkingEyesError, *, only: bool) -> None:
        if only:
            raise error
        self.console.error(str(error))
        self.errors.append(str(error))

    def wants_sound(self) -> bool:
        """Whether any output carries the recording."""
        from talkingeyes.formats import format_of

        return any((form := format_of(path)) is not None and form.carries_sound for path in self.wanted)

    def write(self, job: ExportJob, progress: Progress) -> None:
        """Write every wanted output; one that fails is said at once and does not stop the others."""
        from talkingeyes.formats import remark_on, write

        for path in self.wanted:
            progress.step(f"writing {path.name}")
            try:
                made = write(replace(job, progress=progress.part), path, inputs=self.inputs)
                self.written += made
                self.remarks |= dict.fromkeys(made, remark_on(job, path))
            except TalkingEyesError as error:
                self._failed(error, only=False)

    def report(self) -> list[dict[str, Any]]:
        """Say what was written; the same as JSON-ready rows."""
        from talkingeyes.formats import format_of

        rows = []
        for path in self.written:
            form = format_of(path)
            assert form is not None
            size = path.stat().st_size
            remark = self.remarks.get(path, "")
            self.console.say(f"{path}  {form.what}, {_size(size)}" + (f"; {remark}" if remark else ""))
            rows.append({"path": str(path), "format": form.suffix[1:], "bytes": size, "remark": remark})
        return rows

    @property
    def status(self) -> int:
        """The command's exit status."""
        return 2 if self.errors else 0


def _size(num_bytes: int) -> str:
    return f"{num_bytes / 1e6:.1f} MB" if num_bytes >= 1e6 else f"{max(1, round(num_bytes / 1e3))} kB"
