"""``manifest.json`` of a folder of weights: what the folder says of itself, checked key by key."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from talkingeyes.errors import ModelError
from talkingeyes.plain_json import parse_json
from talkingeyes.wording import quoted

MANIFEST = "manifest.json"
FORMAT, VERSION = "talkingeyes-weights", 1
MAX_FILE_BYTES = 64_000_000
MAX_FILES = 16
MAX_MANIFEST_BYTES = 1 << 20

_KEYS = {"format", "version", "name", "files", "licence", "training_data", "config", "scores"}
_FILE_NAME = re.compile(r"[a-z0-9_]{1,40}\.onnx")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._ -]{0,79}")
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Manifest:
    """What a folder of weights says of itself.

    Attributes:
        name: of the model, for people and for a motion's ``meta``.
        files: (size in bytes, SHA-256) by file name.
        licence: of the weights.
        training_data: one line per set: what it is and its licence.
        config: what the code that runs the networks has to know, and how they were trained.
        scores: figures on held-out data.
    """

    name: str
    files: Mapping[str, tuple[int, str]]
    licence: str
    training_data: tuple[str, ...]
    config: Mapping[str, Any]
    scores: Mapping[str, Any]


def parse_manifest(data: bytes, path: Path) -> Manifest:
    """The manifest that these bytes hold.

    Raises:
        ModelError: anything is missing, unknown, out of range or from a newer version.
    """
    given = parse_json(data, str(path), ModelError)
    if not isinstance(given, dict) or given.get("format") != FORMAT:
        raise ModelError(f"{path}: not a manifest of TalkingEyes weights (format {FORMAT!r})")
    version = given.get("version")
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise ModelError(f"{path}: version is {quoted(version)}; {VERSION} is accepted")
    if version > VERSION:
        raise ModelError(f"{path}: version {quoted(version)}, from a newer TalkingEyes: update it; {VERSION} is read")
    if set(given) != _KEYS:
        odd = sorted(set(given) ^ _KEYS)[0]
        raise ModelError(f"{path}: {'unknown' if odd in given else 'missing'} key {quoted(odd)}")
    lines = given["training_data"]
    if not isinstance(lines, list) or not all(isinstance(line, str) for line in lines):
        raise ModelError(f"{path}: training_data is no list of texts")
    for key in ("config", "scores"):
        if not isinstance(given[key], dict):
            raise ModelError(f"{path}: {key} is {type(given[key]).__name__}, an object is accepted")
    if not isinstance(given["licence"], str) or not given["licence"]:
        raise ModelError(f"{path}: licence is no text")
    if not isinstance(given["name"], str) or not _NAME.fullmatch(given["name"]):
        raise ModelError(f"{path}: name is not 1 to 80 letters, digits, dots, dashes and blanks")
    files = _files(given["files"], path)
    return Manifest(given["name"], files, given["licence"], tuple(lines), given["config"], given["scores"])


def _files(given: Any, path: Path) -> dict[str, tuple[int, str]]:
    if not isinstance(given, dict) or not 1 <= len(given) <= MAX_FILES:
        raise ModelError(f"{path}: files is no object of 1 to {MAX_FILES} files")
    files = {}
    for name, row in given.items():
        if not _FILE_NAME.fullmatch(name):
            raise ModelError(f"{path}: file name {quoted(name)}; small letters, digits and _ before .onnx are accepted")
        if not isinstance(row, dict) or set(row) != {"size", "sha256"}:
            raise ModelError(f"{path}: {name} must hold size and sha256, nothing else")
        size, sha256 = row["size"], row["sha256"]
        if not isinstance(size, int) or isinstance(size, bool) or not 1 <= size <= MAX_FILE_BYTES:
            raise ModelError(f"{path}: {name} of {quoted(size)} bytes; 1 to {MAX_FILE_BYTES} are accepted")
        if not isinstance(sha256, str) or not _SHA256.fullmatch(sha256):
            raise ModelError(f"{path}: {name} has no SHA-256 of 64 hexadecimal digits")
        files[name] = (size, sha256)
    return files
