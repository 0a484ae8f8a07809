"""Train an ablation: the words of `talkingeyes train` after its name.

    python -m benchmarks.ablations.train no_vq --data set/ --out run/ [--preset tiny]

Folders of stages that are the product's own (``head_vae``) may be copied from another run of the same settings.
"""

from __future__ import annotations

import sys

from benchmarks.ablations.common import STAGES, register

from talkingeyes.cli import main

if __name__ == "__main__":
    if len(sys.argv) < 2 or sys.argv[1] not in STAGES:
        sys.exit(f"name an ablation: {', '.join(STAGES)}")
    register(sys.argv[1])
    sys.exit(main(["train", *sys.argv[2:]]))
