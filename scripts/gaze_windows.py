"""Gaze of people beside generated gaze: twenty seconds of yaw and pitch, six of each, as one picture.

Arguments: the table of fixations (.csv.gz), a recording, and the picture to write (docs/gaze-windows.png).
"""

from __future__ import annotations

import sys
from pathlib import Path

import matplotlib as mpl

mpl.use("Agg")
from matplotlib import pyplot as plt
from matplotlib.axes import Axes

from talkingeyes.audio import load_speech
from talkingeyes.evaluate.eye_tracker import Fixations, partner_of, read_fixations
from talkingeyes.evaluate.observer import of_shifts
from talkingeyes.generate.cues import cues_of
from talkingeyes.generate.model_choice import generator_for
from talkingeyes.generate.plan import STEP_S
from talkingeyes.generate.statistical import plan_of
from talkingeyes.generate.streams import Streams

SECONDS, ROWS = 20.0, 6
PEOPLE = ("0", "4", "8", "10", "13", "2")


def draw(axis: Axes, looks: Fixations, partner: tuple[float, float], name: str) -> None:
    """Looks as bars of yaw (dark) and pitch (light)."""
    for values, centre, colour in ((looks.pitch_deg, partner[1], "#f0a070"), (looks.yaw_deg, partner[0], "#204080")):
        axis.hlines(values - centre, looks.start_s, looks.end_s, colors=colour, linewidth=2.0)
    axis.set(xlim=(0, SECONDS), ylim=(-32, 32), yticks=(-20, 0, 20))
    axis.axhline(0, color="#cccccc", linewidth=0.6, zorder=0)
    axis.set_title(name, fontsize=8, loc="left", pad=2)


def person(pieces: list[Fixations], who: str) -> Fixations:
    """The longest stretch of somebody who speaks, from its middle on."""
    own = [p for p in pieces if p.participant == who and p.state == "SPEAK"]
    piece = max(own, key=lambda p: p.end_s[-1] - p.start_s[0])
    first = piece.start_s[0] + max(0.0, (piece.end_s[-1] - piece.start_s[0] - SECONDS) / 2)
    keep = (piece.end_s > first) & (piece.start_s < first + SECONDS)
    return Fixations(who, "SPEAK", piece.start_s[keep] - first, piece.end_s[keep] - first,
                     piece.yaw_deg[keep], piece.pitch_deg[keep])  # fmt: skip


def main(table: Path, recording: Path, target: Path) -> None:
    """Draw the picture."""
    pieces, speech = read_fixations(table), load_speech(recording)
    partner = partner_of(pieces)
    cues = cues_of(speech, "speaking", int(SECONDS / STEP_S) + 1, mouth="none")
    figure, axes = plt.subplots(ROWS, 2, figsize=(11, 9), sharex=True)
    for row, who in enumerate(PEOPLE):
        draw(axes[row, 0], person(pieces, who), partner[who], f"a person ({who})")
        plan = plan_of(generator_for("default"), cues, Streams.from_seed(row + 1))
        draw(axes[row, 1], of_shifts(plan.gaze, SECONDS, "take"), (0.0, 0.0), f"a take (seed {row + 1})")
    figure.suptitle(
        "yaw (blue) and pitch (orange) off the partner, deg, while speaking; gaps: lost tracking", fontsize=9
    )
    figure.tight_layout()
    figure.savefig(target, dpi=80)


if __name__ == "__main__":
    main(*(Path(a) for a in sys.argv[1:4]))
