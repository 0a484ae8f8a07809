"""``talkingeyes fit``: a video becomes motion."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from talkingeyes.commands.console import Console
from talkingeyes.commands.outputs import Outputs
from talkingeyes.errors import OutputError, SettingError
from talkingeyes.extras import require

HELP = "video -> gaze, lids, head and face of the person in it"
EPILOG = """examples:
  talkingeyes fit interview.mp4                               the motion: interview.npz
  talkingeyes fit interview.mp4 -o interview.csv -o interview.html
  talkingeyes fit interview.mp4 --overlay check.mp4           gaze rays, lids and head axes drawn over the video
  talkingeyes fit panel.mp4 --person 2 --fov 45               the second person from the left; a webcam's field of view
"""


@dataclass(frozen=True)
class Options:
    """The arguments of ``talkingeyes fit``, one field each."""

    video: str
    output: list[str] | None
    overlay: str | None
    fov: float | None
    person: int | None
    landmarker: str | None


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
    add("--fov", type=float, metavar="DEG", help="the camera's vertical field of view (default: 35 is assumed)")
    add("--person", type=int, metavar="N", help="whom to fit, 1 is the leftmost (default: the largest steady face)")
    add("--landmarker", metavar="FILE.task", help="a Face Landmarker task file instead of the built-in models")


def run(options: Options, console: Console) -> int:
    """Fit one video.

    Raises:
        TalkingEyesError: the video, a setting or every output is unusable.
    """
    require("video", "fitting a video")
    source = Path(options.video)
    outputs = Outputs.checked(options.output or [f"{source.stem}.npz"], 1, [source], console)
    overlay = Path(options.overlay) if options.overlay else None
    if overlay is not None:
        _check_overlay(overlay, source)
    if options.fov is not None and not 5 <= options.fov <= 150:
        raise SettingError(f"--fov is {options.fov:g}; 5 to 150 degrees (vertical) are accepted")
    if options.person is not None and options.person < 1:
        raise SettingError(f"--person is {options.person}; 1 (the leftmost) and up are accepted")

    from talkingeyes.fit import fit_video_closely
    from talkingeyes.formats import ExportJob

    with console.progress(2 + len(outputs.wanted) + (overlay is not None)) as progress:
        progress.step(f"watching {source.name}")
        motion, seen = fit_video_closely(
            source, fov_deg=options.fov, person=options.person, landmarker=options.landmarker, progress=progress.part
        )
        outputs.write(ExportJob((motion,), None, None, source.stem), progress)
        if overlay is not None:
            from talkingeyes.files import write_whole
            from talkingeyes.fit.overlay import write_overlay

            progress.step(f"drawing {overlay.name}")
            write_whole(overlay, lambda aside: write_overlay(source, motion, seen, aside, progress.part), [source])
    said = float(seen.seen.mean())
    console.say(
        f"{source.name}: {motion.duration_s:.1f} s at {motion.fps:g} fps, the face in {said:.0%} of the frames"
        f"{_turned(motion.meta['fit'])}"
    )
    files = [*outputs.report(), *([_reported(overlay, console)] if overlay is not None else [])]
    console.result(
        {
            "frames": motion.num_frames,
            "fps": motion.fps,
            "seen": round(said, 4),
            "partner": motion.meta["partner"],
            "fit": motion.meta["fit"],
            "files": files,
            "errors": outputs.errors,
        }
    )
    return outputs.status


def _turned(fit: dict[str, Any]) -> str:
    """What was done about a film that lies on its side or stands on its head."""
    turns = {90: "a quarter turn to the left", -90: "a quarter turn to the right", 180: "half a turn"}
    return f"; it was not upright and was given {turns[fit['turned_deg']]}" if "turned_deg" in fit else ""


def _check_overlay(overlay: Path, source: Path) -> None:
    from talkingeyes.files import check_target

    if overlay.suffix.lower() not in (".mp4", ".mov", ".mkv"):
        raise OutputError(f"{overlay}: the overlay is a video; a name that ends in .mp4, .mov or .mkv is accepted")
    check_target(overlay, [source])


def _reported(overlay: Path, console: Console) -> dict[str, object]:
    size = overlay.stat().st_size
    console.say(f"{overlay}  overlay, {size / 1e6:.1f} MB")
    return {"path": str(overlay), "format": "overlay", "bytes": size}
