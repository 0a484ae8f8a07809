"""Imports flow one way, heavy packages stay where they belong, and importing does no work (docs: CONTRIBUTING.md)."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import talkingeyes
from talkingeyes.commands import COMMANDS

PACKAGE = Path(talkingeyes.__file__).parent

LAYERS = (
    {
        "errors",
        "extras",
        "wording",
        "plain_json",
        "npz",
        "onnx_ops",
        "rotations",
        "rig",
        "weights",
        "weights_manifest",
        "files",
        "trial",
        "lanes",
        "engines",
        "curves",
    },
    {"motion"},
    {"audio"},
    {"fit", "avatar"},
    {"preview"},
    {"formats"},
    {"generate"},
    {"evaluate", "models", "live"},
    {"data"},
    {"train"},
    {"studio", "batch"},
    {"commands"},
    {"cli"},
    {"__main__"},
)
"""A part may import parts of earlier layers; the first layer's parts may import each other."""

ONLY_IN = {
    "torch": ("models/", "train/"),
    "mediapipe": ("fit/landmarks.py",),
    "cv2": ("fit/",),
    "ray": ("engines/", "live/serve/cluster.py"),
    "starlette": ("live/serve/", "studio/routes.py", "studio/bodies.py"),
    "uvicorn": ("live/serve/",),
    "av": ("audio/", "fit/", "data/", "preview/"),
    "pandas": ("motion.py",),
    "pxr": ("formats/usd.py",),
    "pipecat": ("live/pipecat.py",),
    "sounddevice": ("live/sources.py",),
    "websockets": ("live/",),
    "onnxruntime": ("weights.py",),
    "onnx": ("train/",),
    "safetensors": ("train/",),
    "sklearn": ("evaluate/",),
    "scipy": ("evaluate/", "fit/", "data/", "train/"),
}
AT_RUN_TIME_ONLY = (
    "pandas",
    "pxr",
    "torch",
    "mediapipe",
    "ray",
    "scipy",
    "rich",
    "onnxruntime",
    "onnx",
    "safetensors",
    "sklearn",
    "starlette",
    "uvicorn",
    "websockets",
)
"""Optional packages, imported inside functions or by modules that are themselves imported inside functions."""


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def part_of(name: str) -> str | None:
    words = name.split(".")
    return words[1] if words[0] == "talkingeyes" and len(words) > 1 else None


def layer_of(part: str) -> int:
    return next(i for i, layer in enumerate(LAYERS) if part in layer)


def is_type_checking(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


def imported_names(node: ast.AST, package: str) -> Iterator[str]:
    """Full names that a module imports while it runs (not the ones for the type checker)."""
    for child in ast.iter_child_nodes(node):
        if is_type_checking(child):
            continue
        if isinstance(child, ast.Import):
            yield from (alias.name for alias in child.names)
        elif isinstance(child, ast.ImportFrom):
            base = child.module or ""
            if child.level:
                base = ".".join([*package.split(".")[: len(package.split(".")) - child.level + 1], base]).rstrip(".")
            yield from (f"{base}.{alias.name}" for alias in child.names)
        yield from imported_names(child, package)


def imports_of(path: Path) -> list[str]:
    inside = path.relative_to(PACKAGE).with_suffix("")
    package = ".".join(["talkingeyes", *inside.parts[:-1]])
    return list(imported_names(ast.parse(path.read_text()), package))


def test_every_part_has_its_layer() -> None:
    parts = {p.stem if p.is_file() else p.name for p in PACKAGE.iterdir() if p.suffix == ".py" or p.is_dir()}
    unknown = parts - set().union(*LAYERS) - {"__init__", "assets", "__pycache__"}
    assert not unknown, f"name the layer of {unknown} in LAYERS and in CONTRIBUTING.md"


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_imports_point_to_earlier_layers(path: Path) -> None:
    inside = path.relative_to(PACKAGE)
    own = inside.parts[0].removesuffix(".py")
    if own == "__init__":
        return
    for name in imports_of(path):
        part = part_of(name)
        if part is None or part == own or part == "__version__":
            continue
        allowed = layer_of(part) < layer_of(own) or (layer_of(own) == 0 and layer_of(part) == 0)
        assert allowed, f"{inside} imports {name}: {own} may not depend on {part}"


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_heavy_packages_stay_in_their_rooms(path: Path) -> None:
    inside = path.relative_to(PACKAGE).as_posix()
    for name in imports_of(path):
        rooms = ONLY_IN.get(name.split(".")[0])
        assert rooms is None or inside.startswith(rooms), f"{inside} imports {name}; only {rooms} may"


def loaded_after(code: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys\nprint('\\n' + ' '.join(sys.modules))"],
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stdout.splitlines()[-1].split())


def test_importing_the_package_does_no_work() -> None:
    loaded = loaded_after("import talkingeyes")
    assert not loaded & {"numpy", "av", "scipy", "mediapipe", "torch", "argparse"}
    assert not {m for m in loaded if m.startswith("talkingeyes.")}


@pytest.mark.parametrize("words", [["--help"], ["--version"], *([name, "--help"] for name in COMMANDS)])
def test_help_loads_no_numpy(words: list[str]) -> None:
    code = f"from talkingeyes.cli import main\ntry: main({words!r})\nexcept SystemExit as end: assert not end.code"
    assert not loaded_after(code) & {"numpy", "av", "rich", "scipy"}


def test_animating_loads_no_optional_package() -> None:
    loaded = loaded_after("import talkingeyes as te\nte.animate, te.save, te.load, te.load_speech")
    assert "numpy" in loaded
    assert not loaded.intersection(AT_RUN_TIME_ONLY)


def test_every_public_name_is_there() -> None:
    for name in talkingeyes.__all__:
        assert getattr(talkingeyes, name) is not None
        assert name in dir(talkingeyes)
    with pytest.raises(AttributeError, match="no attribute 'animat'"):
        talkingeyes.animat  # type: ignore[attr-defined]  # noqa: B018
