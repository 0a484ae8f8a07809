"""``talkingeyes fit``: a video becomes motion."""

from __future__ import annotations

import argparse
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from talkingeyes.commands.console import Console, Progress
from talkingeyes.commands.outputs import Outputs
from talkingeyes.errors import AudioError, OutputError, SettingError
from talkingeyes.extras import require

if TYPE_CHECKING:
    from talkingeyes.fit import FitDiagnostics
    from talkingeyes.formats import ExportJob

HELP = "video -> gaze, lids, head and face of the person in it"
EPILOG = """examples:
  talkingeyes fit interview.mp4                               the motion: interview.npz
  talkingeyes fit interview.mp4 -o interview.csv -o interview.html
  talkingeyes fit interview.mp4 --overlay check.mp4           gaze rays, lids and head axes drawn over the video
  talkingeyes fit interview.mp4 --report fit.html             film, avatar and curves side by side, in one page
  talkingeyes fit panel.mp4 --person 2 --fov 45               the second person from the left; a webcam's field of view
"""


@dataclass(frozen=True)
class Options:
    """The arguments of ``talkingeyes fit``, one field each."""

    video: str
    output: list[str] | None
    overlay: str | None
    report: str | None
    fov: float | None
    person: int | None
    landmarker: str | None
    tracker: str | None


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add = parser.add_argument
    add("video", metavar="VIDEO", help="a video of a person's face: mp4, mov, mkv, webm, mpg, avi")
    add(
        "-o",
        "--output",
        metavar="OUT",
        action="append",
        help="a file to make (.npz .csv .json .html .glb); may be given several times; "
        "default: VIDEO.npz in the current folder",
    )
    add("--overlay", metavar="OUT.mp4", help="also draw the fit over the video")
    add("--report", metavar="OUT.html", help="also a page: film with the fit drawn in, avatar beside it, curves")
    add("--fov", type=float, metavar="DEG", help="the camera's vertical field of view (default: guessed)")
    add("--person", type=int, metavar="N", help="whom to fit, 1 is the leftmost (default: the largest steady face)")
    add("--landmarker", metavar="FILE.task", help="a Face Landmarker task file instead of the built-in models")
    add("--tracker", metavar="NAME", help="a landmark tracker that another package brings (default: mesh, built in)")


def run(options: Options, console: Console) -> int:
    """Fit one video.

    Raises:
        TalkingEyesError: the video, a setting or every output is unusable.
    """
    require("video", "fitting a video")
    source = Path(options.video)
    outputs = Outputs.checked(options.output or [f"{source.stem}.npz"], 1, [source], console)
    extras = _Extras.checked(options, source)
    if options.fov is not None and not 5 <= options.fov <= 150:
        raise SettingError(f"--fov is {options.fov:g}; 5 to 150 degrees (vertical) are accepted")
    if options.landmarker is not None and options.tracker is not None:
        raise SettingError("--landmarker brings its own tracker; leave one of --landmarker and --tracker out")
    if options.person is not None and options.person < 1:
        raise SettingError(f"--person is {options.person}; 1 (the leftmost) and up are accepted")

    from talkingeyes.fit import fit_video_closely
    from talkingeyes.fit.findings import findings
    from talkingeyes.fit.trackers import DEFAULT
    from talkingeyes.formats import ExportJob

    with console.progress(3 + len(outputs.wanted) + len(extras.paths)) as progress:
        progress.step(f"watching {source.name}")
        motion, seen = fit_video_closely(
            source, fov_deg=options.fov, person=options.person, landmarker=options.landmarker,
            tracker=options.tracker or DEFAULT, progress=progress.part,
        )  # fmt: skip
        words = findings(motion, seen)
        job = ExportJob((motion,), None, None, source.stem)
        if outputs.wants_sound() or extras.report is not None:
            progress.step(f"listening to {source.name}")
            job = _with_sound(job, source, console)
        outputs.write(job, progress)
        extras.write(job, seen, words, source, progress)
    share = float(seen.seen.mean())
    console.say(
        f"{source.name}: {motion.duration_s:.1f} s at {motion.fps:g} fps, the face in {share:.0%} of the frames"
        f"{_turned(motion.meta['fit'])}"
    )
    for line in words:
        console.say(f"  {line}")
    files = [*outputs.report(), *extras.reported(console)]
    console.result(
        {
            "frames": motion.num_frames,
            "fps": motion.fps,
            "seen": round(share, 4),
            "findings": list(words),
            "partner": motion.meta["partner"],
            "fit": motion.meta["fit"],
            "files": files,
            "errors": outputs.errors,
        }
    )
    return outputs.status


def _with_sound(job: ExportJob, source: Path, console: Console) -> ExportJob:
    """The job with the film's own sound, if it has one that can be decoded."""
    from talkingeyes.audio import load_speech
    from talkingeyes.fit.video import sound_start_s

    if sound_start_s(source) is None:
        return job
    try:
        return replace(job, audio_path=source, speech=load_speech(source))
    except AudioError as error:
        console.note(f"the film's sound is left out: {error}")
        return job


def _turned(fit: dict[str, Any]) -> str:
    """What was done about a film that lies on its side or stands on its head."""
    turns = {90: "a quarter turn to the left", -90: "a quarter turn to the right", 180: "half a turn"}
    return f"; it was not upright and was given {turns[fit['turned_deg']]}" if "turned_deg" in fit else ""


@dataclass(frozen=True)
class _Extras:
    """What a fit can draw beside its outputs.

    Attributes:
        overlay: a video with the fit drawn in.
        report: a page with film, avatar and curves.
    """

    overlay: Path | None
    report: Path | None

    @classmethod
    def checked(cls, options: Options, source: Path) -> _Extras:
        """Refuse names that cannot be written before the work.

        Raises:
            OutputError: another suffix, the input itself, or no such folder.
        """
        from talkingeyes.files import check_target

        overlay = Path(options.overlay) if options.overlay else None
        report = Path(options.report) if options.report else None
        if overlay is not None and overlay.suffix.lower() not in (".mp4", ".mov", ".mkv"):
            raise OutputError(f"{overlay}: the overlay is a video; a name that ends in .mp4, .mov or .mkv is accepted")
        if report is not None and report.suffix.lower() not in (".html", ".htm"):
            raise OutputError(f"{report}: the report is a page; a name that ends in .html is accepted")
        taken = [check_target(Path(name), [source]) for name in options.output or []]
        for path in (overlay, report):
            if path is not None:
                real = check_target(path, [source])
                if real in taken:
                    raise OutputError(f"{path}: is asked for twice")
                taken.append(real)
        return cls(overlay, report)

    @property
    def paths(self) -> list[Path]:
        """Those that are wanted."""
        return [path for path in (self.overlay, self.report) if path is not None]

    def write(
        self, job: ExportJob, seen: FitDiagnostics, words: tuple[str, ...], source: Path, progress: Progress
    ) -> None:
        """Draw what is wanted."""
        from talkingeyes.files import write_whole

        overlay, report = self.overlay, self.report
        if overlay is not None:
            from talkingeyes.fit.overlay import write_overlay

            progress.step(f"drawing {overlay.name}")
            write_whole(overlay, lambda aside: write_overlay(source, job.motion, seen, aside, progress.part), [source])
        if report is not None:
            from talkingeyes.formats.html import write_html
            from talkingeyes.formats.page_film import page_film

            progress.step(f"drawing {report.name}")
            film = page_film(source, job.motion, seen, words, progress.part)
            write_whole(report, lambda aside: write_html(replace(job, film=film), aside), [source])

    def reported(self, console: Console) -> list[dict[str, object]]:
        """Say what was drawn; the same as JSON-ready rows."""
        rows = []
        for path, kind in ((self.overlay, "overlay"), (self.report, "report")):
            if path is not None:
                size = path.stat().st_size
                console.say(f"{path}  {kind}, {size / 1e6:.1f} MB")
                rows.append({"path": str(path), "format": kind, "bytes": size})
        return rows
