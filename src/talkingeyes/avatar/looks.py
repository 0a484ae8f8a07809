"""The looks of the built-in avatar, by name (`scripts/avatar/looks.py` says what they are)."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

DEFAULT_LOOK = "default"
LOOKS: tuple[str, ...] = (DEFAULT_LOOK, "amara", "lin")


def asset_name(look: str) -> str:
    """The file that ships for a look."""
    assert look in LOOKS, look
    return "avatar.glb" if look == DEFAULT_LOOK else f"avatar_{look}.glb"


def avatar_bytes(look: str = DEFAULT_LOOK) -> bytes:
    """A look as it ships: a GLB with bones Neck, Head, LeftEye, RightEye and ARKit's 52 morph targets."""
    return resources.files("talkingeyes").joinpath("assets", asset_name(look)).read_bytes()


def chosen(avatar: str | Path | None) -> tuple[str, Path | None]:
    """What an ``avatar`` argument means: the name of a look, or a file; a file of that name comes first."""
    if avatar is None:
        return DEFAULT_LOOK, None
    if str(avatar) in LOOKS and not Path(avatar).exists():
        return str(avatar), None
    return DEFAULT_LOOK, Path(avatar)
