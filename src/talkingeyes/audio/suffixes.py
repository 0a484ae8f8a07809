"""Names of recordings in folders; any other file may be one too, when it is named itself."""

from __future__ import annotations

RECORDINGS = frozenset((
    ".wav", ".flac", ".mp3", ".m4a", ".aac", ".ogg", ".oga", ".opus", ".aif", ".aiff", ".caf", ".wma", ".webm", ".mp4",
    ".mov", ".mkv", ".avi", ".m4v", ".mpg", ".mpeg", ".3gp", ".amr", ".au",
))  # fmt: skip
