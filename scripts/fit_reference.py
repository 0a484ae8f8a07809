"""Measure real people with the scorecard's own code and write the package's reference statistics.

    python scripts/fit_reference.py gaze [--data ../shared/data] [--fps 30]
    python scripts/fit_reference.py head FOLDER_OF_FITTED_NPZ --source "how the fits were made"

Only statistics are written (counts, moments, curves), never recordings.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from dataclasses import replace
from pathlib import Path

from talkingeyes.audio import load_speech
from talkingeyes.errors import AudioError
from talkingeyes.evaluate import eye_tracker, single
from talkingeyes.evaluate.catalogue import TESTS
from talkingeyes.evaluate.recording import Recording
from talkingeyes.evaluate.reference import (
    GAZE_ASSET,
    HEAD_ASSET,
    GazeReference,
    HeadReference,
    Reference,
    held_out_ids,
    load_reference,
    measure_gaze,
    measure_head,
    recordings_from_folder,
    to_json,
)
from talkingeyes.evaluate.scorecard import score
from talkingeyes.files import sha256_of

ROOT = Path(__file__).resolve().parents[1]
ASSETS = ROOT / "src" / "talkingeyes" / "assets"
GAZE_TESTS = (4, 5, 6, 7, 8, 9)
SINGLE_TESTS = (*GAZE_TESTS, 20, 23)
MIN_CLIP_S = 4.0


def gaze_reference(data: Path, fps: float) -> GazeReference:
    """The eye-tracked people, rendered at ``fps``, with their own scorecard figures."""
    table = data / "gaze_conversation" / "fixations.csv.gz"
    recordings = eye_tracker.recordings(table, fps)
    people = sorted({r.recording_id for r in recordings}, key=int)
    provenance = {
        "source": "Dembinsky et al., Eye Movement in a Controlled Dialogue Setting, ETRA 2024 (Apache-2.0)",
        "table_sha256": hashlib.sha256(table.read_bytes()).hexdigest(),
        "what": "15 people in video calls, Tobii 90 Hz fixations, state SPEAK, joined by main-sequence saccades",
        "rendered_fps": fps,
        "held_out": sorted(held_out_ids(people), key=int),
        "made_by": "scripts/fit_reference.py gaze",
    }
    reference = measure_gaze(recordings, provenance)
    reference.figures.update(own_figures(recordings, Reference(gaze=reference), GAZE_TESTS))
    rates = single.single_rates(single.by_id(recordings), Reference(gaze=reference), SINGLE_TESTS)
    reference.curves["single_people"] = single.to_json(rates)
    return reference


def with_sound(recording: Recording, clips: Path | None) -> Recording:
    """The recording with the sound of the clip it was fitted to, found by name and checksum."""
    source = recording.motion.meta.get("source")
    if clips is None or not isinstance(source, dict):
        return recording
    found = [p for p in sorted(clips.rglob(str(source.get("name")))) if sha256_of(p) == source.get("sha256")]
    try:
        return replace(recording, speech=load_speech(found[0])) if found else recording
    except AudioError as error:
        print(f"{recording.name}: {error}")
        return recording


def head_reference(folder: Path, source: str, clips: Path | None) -> HeadReference:
    """Fitted clips of at least 4 s; filled frames are left out by the measures themselves."""
    recordings = [r for r in recordings_from_folder(folder) if r.motion.head_rad is not None]
    recordings = [with_sound(r, clips) for r in recordings if r.motion.duration_s >= MIN_CLIP_S]
    provenance = {
        "source": source,
        "clips": len(recordings),
        "names": [r.name for r in recordings],
        "held_out": sorted(held_out_ids([r.recording_id for r in recordings])),
        "made_by": "scripts/fit_reference.py head",
    }
    reference = measure_head(recordings, provenance)
    tests = tuple(t.number for t in TESTS if t.number not in (20, 21, 22))
    packaged = load_reference()
    reference.figures.update(own_figures(recordings, Reference(packaged.gaze, reference), tests))
    return reference


def own_figures(recordings: list[Recording], reference: Reference, tests: tuple[int, ...]) -> dict[str, object]:
    """What the real recordings score themselves, by test number."""
    card = score(recordings, reference, name="real people", only=tests, curves=False)
    print(card.table())
    return {str(r.test.number): {k: r.to_json()[k] for k in ("verdict", "why", "figures")} for r in card.results}


def write(part: GazeReference | HeadReference, name: str) -> None:
    """Write one asset; the same data gives the same bytes."""
    target = ASSETS / name
    target.write_text(json.dumps(to_json(part), indent=None, sort_keys=True) + "\n", encoding="utf-8")
    print(f"{target.relative_to(ROOT)}: {target.stat().st_size / 1024:.0f} kB, {part.seconds:.0f} s of real motion")


def main() -> None:
    """Parse, measure, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parts = parser.add_subparsers(dest="part", required=True)
    gaze = parts.add_parser("gaze", help="eye-tracked people")
    gaze.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    gaze.add_argument("--fps", type=float, default=30.0)
    head = parts.add_parser("head", help="fitted video clips")
    head.add_argument("folder", type=Path)
    head.add_argument("--source", required=True, help="one sentence: which clips, which fit")
    head.add_argument("--clips", type=Path, default=ROOT.parent / "shared" / "data" / "clips", help="for their sound")
    args = parser.parse_args()
    if args.part == "gaze":
        write(gaze_reference(args.data, args.fps), GAZE_ASSET)
    else:
        write(head_reference(args.folder, args.source, args.clips), HEAD_ASSET)


if __name__ == "__main__":
    main()
