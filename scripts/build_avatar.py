"""Build the avatar that ships with TalkingEyes: ``src/talkingeyes/assets/avatar.glb``.

Everything is made here: proportions from the committed mean of tracked faces (see ``avatar_mean_face.py``), the rest by
the modules in ``scripts/avatar``. The same sources give the same bytes.

    python scripts/build_avatar.py [TARGET]
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from avatar.assemble import build_parts, write_glb

TARGET = Path(__file__).parents[1] / "src" / "talkingeyes" / "assets" / "avatar.glb"
COPYRIGHT = "The TalkingEyes developers, MIT License"


def main() -> None:
    """Build and write."""
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else TARGET
    parts = build_parts()
    data = write_glb(parts, COPYRIGHT)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(data)
    vertices = sum(len(p.positions) for p in parts.values())
    triangles = sum(len(p.triangles) for p in parts.values())
    print(f"{target.name}: {len(data) / 1e6:.2f} MB, {vertices} vertices, {triangles} triangles")


if __name__ == "__main__":
    main()
