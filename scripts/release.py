"""Check, build and tag a release: `python scripts/release.py 0.2.0 [--tag]`.

The version stands in one place, `src/talkingeyes/__init__.py`. Nothing is uploaded.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
INIT, CHANGES = ROOT / "src" / "talkingeyes" / "__init__.py", ROOT / "CHANGELOG.md"
VERSION = re.compile(r'^__version__ = "([^"]+)"$', re.MULTILINE)


def problems(version: str) -> list[str]:
    """Why this version cannot be released now; empty where it can."""
    found = []
    if not re.fullmatch(r"\d+\.\d+\.\d+(?:(?:a|b|rc)\d+)?", version):
        found.append(f"{version!r} is no version; 1.2.3 or 1.2.3rc1 is accepted")
    own = VERSION.search(INIT.read_text(encoding="utf-8"))
    if own is None or own[1] != version:
        found.append(f"{INIT.relative_to(ROOT)} says {own[1] if own else 'no version'}")
    if f"## {version}\n" not in CHANGES.read_text(encoding="utf-8"):
        found.append(f"CHANGELOG.md has no heading '## {version}' (without 'unreleased')")
    if _git("status", "--porcelain"):
        found.append("the working tree has changes that are not committed")
    if _git("tag", "--list", f"v{version}"):
        found.append(f"the tag v{version} is there already")
    return found


def _git(*words: str) -> str:
    return subprocess.run(["git", *words], cwd=ROOT, check=True, capture_output=True, text=True).stdout.strip()


def main() -> int:
    """Check, run CI, build, and tag where asked."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("version")
    asked.add_argument("--tag", action="store_true", help="tag the commit once everything has passed")
    options = asked.parse_args()
    if found := problems(options.version):
        sys.stderr.write("".join(f"release: {line}\n" for line in found))
        return 2
    for command in (["./.ci/run"], ["make", "package"]):
        subprocess.run(command, cwd=ROOT, check=True)
    if options.tag:
        _git("tag", "-a", f"v{options.version}", "-m", f"TalkingEyes {options.version}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
