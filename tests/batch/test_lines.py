"""What a batch is asked for: names of lines, tables, and rows that are none."""

from __future__ import annotations

from pathlib import Path

import pytest

from talkingeyes.batch import BadLine, Line, Lines, lines_of
from talkingeyes.batch.lines import _keep_apart
from talkingeyes.errors import FormatError, SettingError

JSONL = """{"audio": "a.wav", "seed": 7, "role": "listening", "formats": ["glb", "csv"]}
{"id": "two", "audio": "/far/b.wav", "character": "Mia", "look": "0-1 camera", "mood": "shy", "channel": 2}

[1]
{"audio": "c.wav", "seed": 1.5}
{"audio": NaN}
{"seed": 3}
"""


def touched(folder: Path, *names: str) -> Path:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return folder


def test_a_folder_is_searched_and_lines_are_named_by_where_they_lie(tmp_path: Path) -> None:
    folder = touched(tmp_path / "lines", "b.wav", "s1/a.mp3", "s1/a.wav", "s1/deep/c.OGG", "notes.txt", ".hidden.wav")
    found = lines_of([str(folder)], ["npz"])
    assert [line.id for line in found.good] == ["b", "s1/a.mp3", "s1/a.wav", "s1/deep/c"]
    assert found.good[1].files == ("s1/a.mp3.npz",)
    assert found.good[0].audio == folder / "b.wav"


def test_patterns_and_single_recordings(tmp_path: Path) -> None:
    folder = touched(tmp_path, "x/a.wav", "x/y/b.wav", "x/c.mp3", "odd.name")
    found = lines_of([f"{folder}/x/**/*.wav", str(folder / "odd.name")], ["npz", ".glb"])
    assert [line.id for line in found.good] == ["a", "y/b", "odd"]
    assert found.good[2].files == ("odd.npz", "odd.glb")


def test_json_lines(tmp_path: Path) -> None:
    (tmp_path / "lines.jsonl").write_text(JSONL)
    found = lines_of([str(tmp_path / "lines.jsonl")], ["npz"])
    one, two = found.good
    assert (one.id, one.options, one.formats) == ("a", {"seed": 7, "role": "listening"}, (".glb", ".csv"))
    assert one.audio == tmp_path / "a.wav"
    assert (two.id, two.audio, two.channel) == ("two", Path("/far/b.wav"), "2")
    assert two.options == {"character": "Mia", "look": "0-1 camera"}
    assert found.notes == ["lines.jsonl: not used: mood"]
    told = [bad.reason for bad in found.bad]
    assert [text.split(":")[1] for text in told] == ["4", "5", "6", "7"]
    for text, words in zip(told, ["no object", "seed is 1.5", "not finite|NaN", "audio is missing"], strict=True):
        assert any(word in text for word in words.split("|")), text


@pytest.mark.parametrize(("suffix", "separator"), [(".csv", ","), (".tsv", "\t")])
def test_tables_with_a_head(tmp_path: Path, suffix: str, separator: str) -> None:
    rows = [["ID", "Audio", "seed", "formats", "text"], ["l1", "a.wav", "3", "npz glb", '"hello; there"'], [],
            ["l2", "b.wav", "x", "", ""], ["l3", "c.wav"], ["l4", "d.wav", "", "bmp", ""],
            ["l5", "e.wav", "1", "", "", "more"]]  # fmt: skip
    path = tmp_path / f"lines{suffix}"
    path.write_text("\ufeff" + "\n".join(separator.join(row) for row in rows), encoding="utf-8")
    found = lines_of([str(path)], ["csv"])
    assert [(line.id, line.options, line.formats) for line in found.good] == [
        ("l1", {"seed": 3}, (".npz", ".glb")),
        ("l3", {}, (".csv",)),
    ]
    assert [bad.id for bad in found.bad] == ["l2", "l4", "l5"]
    assert "seed is 'x'" in found.bad[0].reason
    assert "format is 'bmp'" in found.bad[1].reason
    assert "6 fields" in found.bad[2].reason


@pytest.mark.parametrize(
    "name", ["../up", "/top", "a//b", ".hidden", "a/../b", "c:d", "a\\b", "x" * 300, "", "a\u0007"]
)
def test_no_line_is_written_outside_the_folder(tmp_path: Path, name: str) -> None:
    lines = Lines([Line(name, tmp_path, formats=(".npz",)), Line("good", tmp_path, formats=(".npz",))])
    _keep_apart(lines)
    assert [line.id for line in lines.good] == ["good"]
    assert lines.bad == [BadLine(name, lines.bad[0].reason)]


def test_two_lines_of_one_name_are_one_line_and_an_error(tmp_path: Path) -> None:
    (tmp_path / "lines.csv").write_text("id,audio,formats\na,a.wav,npz\nA,b.wav,npz\na,c.wav,csv\n")
    found = lines_of([str(tmp_path / "lines.csv")], ["npz"])
    assert [line.audio.name for line in found.good] == ["a.wav", "c.wav"]
    assert "another line" in found.bad[0].reason


def test_inputs_that_are_none_are_named(tmp_path: Path) -> None:
    (tmp_path / "none.csv").write_text("name\nx\n")
    (tmp_path / "bytes.csv").write_bytes(b"audio\n\xff\xfe\x00")
    (tmp_path / "empty").mkdir()
    for name, error, words in (
        ("gone.wav", SettingError, "no such file"),
        ("*.flac", SettingError, "nothing is named so"),
        ("none.csv", FormatError, "no column audio"),
        ("bytes.csv", FormatError, "not UTF-8"),
        ("empty", SettingError, "no recordings"),
    ):
        with pytest.raises(error, match=words):
            lines_of([str(tmp_path / name)], ["npz"])
    with pytest.raises(SettingError, match="format is 'doc'"):
        lines_of([str(tmp_path)], ["npz", "doc"])
