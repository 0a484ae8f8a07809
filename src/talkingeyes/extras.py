"""The optional parts: which packages each extra brings, and the one line that names the extra where one is missing."""

from __future__ import annotations

from importlib.util import find_spec

from talkingeyes.errors import MissingExtraError

EXTRAS: dict[str, tuple[str, ...]] = {
    "video": ("mediapipe", "cv2", "scipy"),
    "train": ("torch", "safetensors", "onnx", "tensorboard", "scipy"),
    "encoders": ("torch", "safetensors", "transformers"),
    "cluster": ("ray",),
    "live": ("starlette", "uvicorn", "httptools", "websockets", "msgpack", "sounddevice"),
    "studio": ("starlette", "uvicorn", "httptools", "websockets", "msgpack"),
    "pipecat": ("pipecat",),
    "usd": ("pxr",),
    "avatars": ("DracoPy", "meshopt"),
    "plots": ("matplotlib",),
    "tables": ("pandas",),
}
"""What must be importable for each extra, by the names that are imported."""
_SOLD_AS = {"pxr": "usd-core", "cv2": "OpenCV", "pipecat": "pipecat-ai"}
_COMES_WITH = {"encoders": "train,encoders", "plots": "video"}
"""What to install where an extra alone is not enough, or a package comes with another one."""


def require(extra: str, what: str) -> None:
    """Check that an extra is installed; nothing is imported, so that it costs nothing before the work.

    Args:
        extra: a key of `EXTRAS`.
        what: what is about to be done, the subject of the message.

    Raises:
        MissingExtraError: one of its packages is missing.
    """
    for package in EXTRAS[extra]:
        if not _is_there(package):
            raise missing(extra, what, package)


def missing(extra: str, what: str, package: str) -> MissingExtraError:
    """The error for a package that is not installed, or that cannot be imported."""
    needed, install = _SOLD_AS.get(package, package), _COMES_WITH.get(extra, extra)
    return MissingExtraError(f'{what} needs {needed}: pip install ".[{install}]" in the folder of TalkingEyes')


def _is_there(package: str) -> bool:
    try:
        return find_spec(package) is not None
    except (ImportError, ValueError):  # ValueError: blocked or half-imported, as `sys.modules[name] = None` does
        return False
