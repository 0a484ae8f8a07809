"""Builds the Blender add-on: blender/talkingeyes_blender and the package's own modules that it needs, in one zip.

    python scripts/build_blender_addon.py dist/talkingeyes_blender.zip

The modules stand in ``lib`` with their imports made relative, so that nothing of theirs is written twice.
"""

from __future__ import annotations

import re
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
ADDON, PACKAGE = ROOT / "blender" / "talkingeyes_blender", ROOT / "src" / "talkingeyes"
FIRST = (
    "formats/npz.py",
    "formats/arkit.py",
    "formats/arkit_json.py",
    "formats/bvh.py",
    "formats/flame.py",
    "avatar/pose.py",
)
_IMPORT = re.compile(r"^(\s*from )talkingeyes(\.[\w.]+)?( import (.+))$", re.MULTILINE)
_DATE = (2026, 1, 1, 0, 0, 0)


def modules() -> list[str]:
    """Files of the package that the add-on needs, found by following imports."""
    wanted, found = list(FIRST), set()
    while wanted:
        name = wanted.pop()
        if name in found:
            continue
        found.add(name)
        for match in _IMPORT.finditer((PACKAGE / name).read_text(encoding="utf-8")):
            base = (match[2] or "").lstrip(".").replace(".", "/")
            names = [base, *(f"{base}/{n.strip()}".lstrip("/") for n in match[4].strip("( )").split(","))]
            wanted += [f"{n}.py" for n in names if n and (PACKAGE / f"{n}.py").is_file()]
    return sorted(found)


def relative(name: str) -> str:
    """A module's text with its imports of the package made relative."""
    dots = "." * (1 + name.count("/"))
    text = (PACKAGE / name).read_text(encoding="utf-8")
    return _IMPORT.sub(lambda m: f"{m[1]}{dots}{(m[2] or '').removeprefix('.')}{m[3]}", text)


def build(target: Path) -> None:
    """Write the zip; the same sources give the same bytes."""
    files = {f"{p.relative_to(ADDON)}": p.read_text(encoding="utf-8") for p in sorted(ADDON.glob("*.*"))}
    files |= {f"lib/{name}": relative(name) for name in modules()}
    rooms = {str(Path("lib", name).parent) for name in modules()} | {"lib"}
    files |= {f"{room}/__init__.py": "" for room in rooms}
    files |= {"LICENSE": (ROOT / "LICENSE").read_text()}
    target.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(f"talkingeyes_blender/{name}", _DATE), text, zipfile.ZIP_DEFLATED)
    print(f"{target}: {len(files)} files, {target.stat().st_size / 1e3:.0f} kB")


if __name__ == "__main__":
    build(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "dist" / "talkingeyes_blender.zip")
