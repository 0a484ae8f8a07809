"""The gate of every input, and words and JSON of files of others."""

import json
import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from talkingeyes.errors import AudioError, FormatError
from talkingeyes.files import readable
from talkingeyes.plain_json import MAX_DEPTH, check_json, parse_json
from talkingeyes.wording import QUOTED, one_line, printable, quoted


def _socket(path: Path) -> None:
    before = Path.cwd()
    os.chdir(path.parent)  # the path of a socket is at most 108 bytes long
    try:
        socket.socket(socket.AF_UNIX).bind(path.name)
    finally:
        os.chdir(before)


NO_FILES: dict[str, tuple[Callable[[Path], object], str]] = {
    "missing": (lambda path: None, "no such file"),
    "folder": (Path.mkdir, "is a folder"),
    "pipe": (os.mkfifo, "not an ordinary file"),
    "socket": (_socket, "not an ordinary file"),
    "link to a device without end": (lambda path: path.symlink_to("/dev/zero"), "not an ordinary file"),
    "link to a terminal": (lambda path: path.symlink_to("/dev/tty"), "not an ordinary file"),
    "link to itself": (lambda path: path.symlink_to(path), "cannot be read"),
}


@pytest.mark.parametrize("kind", NO_FILES)
def test_what_is_no_ordinary_file_is_refused(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "input"
    NO_FILES[kind][0](path)
    with pytest.raises(AudioError, match=NO_FILES[kind][1]):
        readable(path, "sound is accepted", AudioError)


@pytest.mark.parametrize("name", ["a" * 300, "a\0b", "a/" * 3000])
def test_impossible_names_are_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="cannot be read"):
        readable(tmp_path / name, "anything is accepted")


def test_a_size_limit_holds(tmp_path: Path) -> None:
    path = tmp_path / "input"
    path.write_bytes(bytes(100))
    assert readable(path, "", max_bytes=100) == path
    with pytest.raises(FormatError, match="100 bytes, more than the 99 bytes that are accepted"):
        readable(path, "", max_bytes=99)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b'{"a": NaN}', "NaN"),
        (b'{"a": [1, -Infinity]}', "Infinity"),
        (b'{"a": [1, {"b": 1e999}]}', "not finite"),
        (b"[" * 450 + b"]" * 450, "nested deeper"),
        (b"[" * 100_000, "nested deeper"),
        (b'{"a":' * 100_000, "nested deeper"),
        (b"\xff\xfe{\x00}\x00", "not UTF-8"),
        (b'{"a": ' + b"9" * 5000 + b"}", "is not JSON"),
        (b"", "is not JSON"),
        (b"{'a': 1}", "is not JSON"),
    ],
)
def test_json_that_is_refused(text: bytes, said: str) -> None:
    with pytest.raises(FormatError, match=said) as error:
        parse_json(text, "a.json")
    assert len(str(error.value)) < 200


def test_json_that_is_read() -> None:
    deep = "[" * MAX_DEPTH + "]" * MAX_DEPTH
    assert parse_json(b'\xef\xbb\xbf{"a": [1, 2.5, "\xc3\xa4", null]}', "a") == {"a": [1, 2.5, "ä", None]}
    assert parse_json(deep, "a") == json.loads(deep)


def test_values_that_are_no_json_are_found_before_they_are_written() -> None:
    check_json({"a": ({"b": [1.0]},)}, "a")
    for value in (float("nan"), {"a": [float("inf")]}, json.loads("[" * 100 + "]" * 100)):
        with pytest.raises(FormatError):
            check_json(value, "a")


def test_words_of_files_are_shown_and_not_obeyed() -> None:
    assert printable("a\x1b[31m\u202eb\ud800c") == "a\\x1b[31m\\u202eb\\ud800c"
    assert one_line("two\nlines\x07") == "two lines\\x07"
    assert len(one_line("x" * 10**7)) < 2000


@pytest.mark.parametrize("value", ["x" * 10**6, 10**4000, list(range(10**6)), {"a" * 999: 1}, "\x1b[2J" * 99, 1e300])
def test_quoted_values_are_short_and_plain(value: object) -> None:
    text = one_line(quoted(value))
    assert len(text) <= 5 * QUOTED and text.isprintable()
