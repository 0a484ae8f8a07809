"""The wheel and the sdist hold what they must, the install is light, and the README's Python runs."""

import importlib.metadata
import importlib.resources
import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest

import talkingeyes as te

ROOT = Path(__file__).parents[1]
ASSETS = (
    "avatar.glb",
    "avatar_amara.glb",
    "avatar_lin.glb",
    "viewer.html",
    "live/index.html",
    "live/live.js",
    "live/live.css",
    "live/worklet.js",
    "live/talkingeyes-live.js",
    "sample.opus",
    "sample.txt",
    "gaze_statistics.json",
    "blink_statistics.json",
)
MAX_WHEEL_BYTES = 20 << 20


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the built wheel and sdist, built by the locally installed backend."""
    pytest.importorskip("hatchling", reason="hatchling is not installed; `make test` installs it")
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-d", str(folder)], cwd=ROOT, check=True, capture_output=True
    )
    return folder


def test_the_wheel_holds_the_package_and_its_assets(dist: Path) -> None:
    (wheel,) = dist.glob("*.whl")
    assert wheel.stat().st_size < MAX_WHEEL_BYTES
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    assert {f"talkingeyes/assets/{name}" for name in ASSETS} <= names
    sources = {p.relative_to(ROOT / "src").as_posix() for p in (ROOT / "src").rglob("*.py")}
    assert sources <= names
    assert "talkingeyes/py.typed" in names
    assert not {n for n in names if not n.startswith(("talkingeyes/", "talkingeyes-"))}
    assert any(n.endswith("licenses/LICENSE") for n in names)


def test_the_sdist_holds_what_a_wheel_and_the_tests_need(dist: Path) -> None:
    (sdist,) = dist.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        names = {n.split("/", 1)[1] for n in archive.getnames() if "/" in n}
    needed = {"pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md", "Makefile", "requirements/test.txt"}
    assert needed | {"tests/test_motion.py", "viewer/package.json", "viewer/build.mjs"} <= names
    assert not {n for n in names if "node_modules" in n or "__pycache__" in n}


def test_the_runtime_needs_are_light() -> None:
    needs = [r for r in importlib.metadata.requires("talkingeyes") or [] if "extra ==" not in r]
    names = {re.split(r"[^A-Za-z0-9_-]", need)[0].lower() for need in needs}
    assert {"numpy", "av"} <= names
    assert not names & {"torch", "scipy", "mediapipe", "jax", "tensorflow", "opencv-python", "rich"}
    assert len(names) <= 4


def test_versions_agree() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["dynamic"] == ["version"]  # it stands in the package alone
    assert f"## {te.__version__}" in (ROOT / "CHANGELOG.md").read_text()


def test_assets_are_found_through_the_package() -> None:
    folder = importlib.resources.files("talkingeyes") / "assets"
    for name in ASSETS:
        assert (folder / name).is_file(), name


def test_the_readmes_commands_are_in_the_makefile() -> None:
    readme, makefile = (ROOT / "README.md").read_text(), (ROOT / "Makefile").read_text()
    for target in ("demo", "test"):
        assert f"make {target}" in readme
        assert re.search(rf"^{target}:", makefile, re.MULTILINE)


def test_local_links_in_the_documents_lead_somewhere() -> None:
    for page in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text()):
            if "://" not in target and not target.startswith("mailto:"):
                assert (page.parent / target).exists(), f"{page.name} links to {target}"
