"""Every command of the README and of docs/ runs as the page writes it, with files of the names that it gives.

Speech is short and, where the page asks for nothing that only the learned model has, animated by the statistical one.
What cannot run here is listed with the reason.
"""

import importlib.util
import re
import shlex
import shutil
from importlib import resources
from pathlib import Path

import numpy as np
import pytest

import talkingeyes as te
from talkingeyes.cli import main
from tests.avatar_rigs import RigKind, build
from tests.cli.recordings import spoken, write_wav
from tests.data.test_importers import flame, table, voice

ROOT = Path(__file__).parents[1]
PAGES = ("README.md", *sorted(str(p.relative_to(ROOT)) for p in (ROOT / "docs").rglob("*.md")))
SHELLS = ("", "sh", "bash", "shell", "console")

NOT_COMMANDS = {
    "make ": "CI runs it itself",
    "pip install": "the environment has it",
    "apt-get ": "needs root",
    "python scripts/": "a tool of the repository with tests of its own, or for a browser",
    "python benchmarks/": "measures for minutes",
    "ffmpeg ": "a program of others, and sound for it",
    "serve run ": "needs a Ray cluster; tests/live/test_serve_cluster.py deploys it",
    "torchrun ": "several machines; tests/train/test_run.py trains in two processes",
    "--": "an option, no command",
    "echo ": "part of the training of an hour below it",
}
NOT_HERE = {
    r"talkingeyes dataset import (fraga|table) ": "needs a set of another: tests/data/test_more_importers.py",
    r"talkingeyes fit ": "needs a film of a person: tests/fit/test_real.py, tests/fit/test_upright.py",
    r"talkingeyes dataset build ": "needs films of people: tests/data/test_command.py",
    r"--observer ": "needs fits of people: tests/evaluate/test_observed.py",
    r"talkingeyes stream (mic|tcp)": "a microphone, or a socket for ever: tests/live/test_sources.py",
    r"talkingeyes studio": "serves until it is stopped: tests/studio/test_server.py",
    r"talkingeyes serve": "serves until it is stopped: tests/live/test_serve_sessions.py",
    r"talkingeyes train ": "needs a set with hours in it: tests/train trains on a toy one",
    r"--model run/onnx|--face run/onnx": "needs a trained run: tests/train/test_stages.py",
}
NEEDS = {".usda": "pxr", ".usdc": "pxr", "--card": "matplotlib", "dataset": "scipy"}
LEARNED_ONLY = ("--model", "--temperature", "--guidance", "--top-p", "--character", "--mood", "--head-temperature")


def shell_lines(page: str) -> list[tuple[int, str]]:
    """Line numbers and commands of a page's fenced shell blocks, without their comments."""
    found, fence = [], None
    for number, line in enumerate((ROOT / page).read_text(encoding="utf-8").splitlines(), 1):
        if line.startswith("```"):
            fence = line[3:].strip() if fence is None else None
        elif fence is not None and fence in SHELLS and line.strip():
            words = shlex.split(line, comments=True, posix=False)
            found += [(number, " ".join(words))] if words else []
    return found


def documented_edits() -> str:
    """The example of docs/directing.md, as it stands there."""
    page = (ROOT / "docs" / "directing.md").read_text(encoding="utf-8")
    return page.split("```json\n", 1)[1].split("```", 1)[0]


COMMANDS = [(page, number, words) for page in PAGES for number, words in shell_lines(page)]
OURS = [(page, number, words) for page, number, words in COMMANDS if words.startswith("talkingeyes ")]


def why_not(words: str) -> str | None:
    return next((reason for pattern, reason in NOT_HERE.items() if re.search(pattern, words)), None)


@pytest.fixture(scope="module")
def provided(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with every file that the pages name."""
    folder = tmp_path_factory.mktemp("documented")
    for name in ("speech.wav", "line1.wav", "line2.wav"):
        write_wav(folder / name, spoken(1.4))
    write_wav(folder / "short.wav", spoken(0.3))  # a film is drawn picture by picture
    for name in ("lines/l1.wav", "scene1/l2.wav", "extra.flac"):
        (folder / name).parent.mkdir(exist_ok=True)
        shutil.copy(folder / "short.wav", folder / name)
    (folder / "lines.csv").write_text("audio\nlines/l1.wav\n")
    call = spoken(1.4)
    write_wav(folder / "call.wav", np.stack([call, np.roll(call, 9000)], axis=1))
    (folder / "track.csv").write_text("time,x,y,z\n0,0.1,0,1\n1,-0.2,0,1\n")
    (folder / "edits.json").write_text(documented_edits())
    motion = te.animate(folder / "speech.wav", model="statistical")
    for name in ("a.npz", "speech.npz", "capture.csv", "lips.csv"):
        te.save(motion, folder / name)
    avatar = next(p for p in (resources.files("talkingeyes") / "assets").iterdir() if p.name.endswith(".glb"))
    for name in ("me.glb", "mine.glb"):
        (folder / name).write_bytes(avatar.read_bytes())
    te.save(te.animate(folder / "short.wav", model="statistical"), folder / "talk.npz")
    assert main(["rig", str(folder / "me.glb"), "-o", str(folder / "me.json"), "-q"]) == 0
    (folder / "me.vrm").write_bytes(build(RigKind(vrm=1)).to_bytes())
    (folder / "takes").mkdir()
    for number in range(2):
        te.save(motion, folder / "takes" / f"take{number}.csv")
        shutil.copy(folder / "speech.wav", folder / "takes" / f"take{number}.wav")
    (folder / "TKED" / "id1").mkdir(parents=True)
    np.savez(folder / "TKED" / "id1" / "a.npz", **flame())
    voice(folder / "TKED" / "id1" / "a.wav", 2.0)
    assert main(["dataset", "import", "tked", str(folder / "TKED"), str(folder / "set"), "-q"]) == 0
    table(folder / "fixations.csv", [(1, "SPEAK", 0.3 * i, 0.25, i % 3, 0) for i in range(20)])
    (folder / "fixations.csv").rename(folder / "fixations.csv.gz")
    return folder


@pytest.fixture
def here(provided: Path, tmp_path: Path) -> Path:
    """A copy for one command alone: none may live on what another left behind, whichever process runs it."""
    return Path(shutil.copytree(provided, tmp_path / "here"))


@pytest.mark.parametrize(("page", "number", "words"), OURS, ids=[f"{page}:{number}" for page, number, _ in OURS])
def test_a_documented_command_runs(
    page: str,
    number: int,
    words: str,
    here: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    if (reason := why_not(words)) is not None:
        pytest.skip(reason)
    for part, package in NEEDS.items():
        if part in words:
            pytest.importorskip(package)
    monkeypatch.chdir(here)
    argv = shlex.split(words.replace("speech.wav", "short.wav") if ".mp4" in words else words)[1:]
    if argv[0] == "animate" and not any(option in argv for option in LEARNED_ONLY):
        argv += ["--model", "statistical"]
    if argv[0] == "batch":
        argv += ["--model", "statistical", "--jobs", "1"]
    status = main(argv)
    assert status == 0, f"{page}:{number}: {words}\n{capsys.readouterr().err}"


RUNNABLE = ("README.md", "docs/index.md", "docs/tutorials/first-take.md", "docs/tutorials/talking-agent.md")


@pytest.mark.parametrize("page", RUNNABLE)
def test_documented_python_runs(page: str, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The lines of a page, one block after the other, as somebody would paste them; films of people are elsewhere."""
    monkeypatch.chdir(here)
    shutil.copy("speech.npz", "take.npz")
    te.convert("take.npz", "take.csv")
    lines = (ROOT / page).read_text(encoding="utf-8").split("```python\n")[1:]
    blocks = [part.split("```", 1)[0] for part in lines]
    assert blocks
    code = "\n".join(line for block in blocks for line in block.splitlines() if "fit_video" not in line)
    exec(compile(code, page, "exec"), {})


def test_the_page_of_commands_is_what_the_parser_says() -> None:
    path = ROOT / "scripts" / "write_command_docs.py"
    spec = importlib.util.spec_from_file_location("write_command_docs", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    written = (ROOT / "docs" / "reference" / "commands.md").read_text(encoding="utf-8")
    assert written == module.document() + "\n", "run python scripts/write_command_docs.py"


def test_what_is_no_command_of_ours_is_known() -> None:
    unknown = [
        f"{page}:{number}: {words}"
        for page, number, words in COMMANDS
        if not words.startswith("talkingeyes ") and not words.startswith(tuple(NOT_COMMANDS))
    ]
    assert not unknown, "say in NOT_COMMANDS why these cannot run"


def test_no_excuse_is_left_over() -> None:
    everything = [words for _, _, words in COMMANDS]
    assert all(any(words.startswith(start) for words in everything) for start in NOT_COMMANDS)
    assert all(any(re.search(pattern, words) for words in everything) for pattern in NOT_HERE)
    assert len([words for _, _, words in OURS if why_not(words) is None]) >= 25
