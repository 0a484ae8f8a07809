"""Build the avatar that ships with TalkingEyes, in all its looks: ``src/talkingeyes/assets/avatar*.glb``.

Everything is made here: proportions from the committed mean of tracked faces (see ``avatar_mean_face.py``), the rest by
the modules in ``scripts/avatar``. The same sources give the same bytes.

    python scripts/build_avatar.py                        # every look, into the package
    python scripts/build_avatar.py --look lin OUT.glb     # one look
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from avatar.assemble import build_parts, write_glb
from avatar.looks import LOOKS, Look, look_named

ASSETS = Path(__file__).parents[1] / "src" / "talkingeyes" / "assets"
COPYRIGHT = "The TalkingEyes developers, MIT License"


def file_name(look: Look) -> str:
    """Of a look's asset, as `talkingeyes.avatar.looks` finds it."""
    return "avatar.glb" if look.name == "default" else f"avatar_{look.name}.glb"


def build(look: Look, target: Path) -> None:
    """Build and write one look."""
    parts = build_parts(look)
    data = write_glb(parts, look, COPYRIGHT)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(data)
    vertices = sum(len(p.positions) for p in parts.values())
    triangles = sum(len(p.triangles) for p in parts.values())
    print(f"{target.name}: {len(data) / 1e6:.2f} MB, {vertices} vertices, {triangles} triangles")


def main() -> None:
    """Build what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("target", type=Path, nargs="?", help="where one look goes; all go into the package otherwise")
    parser.add_argument("--look", choices=[look.name for look in LOOKS], default="default")
    options = parser.parse_args()
    if options.target is not None:
        build(look_named(options.look), options.target)
        return
    for look in LOOKS:
        build(look, ASSETS / file_name(look))


if __name__ == "__main__":
    main()
