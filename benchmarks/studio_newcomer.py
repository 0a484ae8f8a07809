"""From nothing to the first edit: a new environment, pip, the server, and a hand in a real browser.

    python benchmarks/studio_newcomer.py [RECORDING]

Prints one JSON object with seconds from the start to each step. The hand is a program: what a person reads and thinks
is not in it. The machine's load is told beside.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from scripts.chromium import browser
from tests.studio.opened import Opened
from tests.studio.serving import Studio

ROOT = Path(__file__).parents[1]


def installed(folder: Path, reached: Callable[[str], None]) -> Path:
    """The command in an environment of its own."""
    venv = folder / "venv"
    subprocess.run([sys.executable, "-m", "venv", str(venv)], check=True)
    reached("environment")
    subprocess.run([str(venv / "bin" / "pip"), "install", "-q", f"{ROOT}[studio]"], check=True)
    reached("pip install")
    return venv / "bin" / "talkingeyes"


def edited(opened: Opened, recording: Path, reached: Callable[[str], None]) -> None:
    """Drop a recording, make three takes, add a glance."""
    reached("page")
    opened.set_input_files("#sound-file", str(recording))
    opened.wait_for_selector("#welcome .primary", timeout=120_000)
    reached("recording dropped")
    opened.click("#welcome .primary")
    opened.wait("s.share === 1")
    reached("first of three takes shown")
    opened.api("seek", 1.0)
    opened.change(lambda: opened.keyboard.press("g"))
    opened.wait("i.some((item) => item.edited)")
    reached("first edit")


def main() -> None:
    """Measure."""
    recording = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "src/talkingeyes/assets/sample.opus"
    begun, steps = time.monotonic(), {}

    def reached(step: str) -> None:
        steps[step] = round(time.monotonic() - begun, 1)

    with tempfile.TemporaryDirectory(prefix="newcomer-") as name:
        folder = Path(name)
        command = installed(folder, reached)
        kept = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        words = [str(command), "studio", str(folder / "film"), "--no-open", "--json"]
        environment = {**kept, "XDG_STATE_HOME": str(folder)}
        process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env=environment, cwd=folder)
        try:
            assert process.stdout is not None
            said = json.loads(process.stdout.readline())
            reached("server")
            served = Studio(process, said["port"], said["token"], Path(said["folder"]))
            with browser() as running:
                edited(Opened(running, served), recording, reached)
        finally:
            process.terminate()
            process.wait(timeout=20)
    print(json.dumps({"seconds": steps, "load": round(os.getloadavg()[0], 1)}))


if __name__ == "__main__":
    main()
