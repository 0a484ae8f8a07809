"""Times of words: what aligners and transcribers write is read alike, and anything else is one clear error."""

from __future__ import annotations

from pathlib import Path

import pytest

from talkingeyes.audio.words import MOST_WORDS, Word, beside, read_words
from talkingeyes.errors import FormatError

WORDS = [Word(0.25, 0.5, "hello"), Word(0.75, 1.5, 'the "world"')]


def long_tier(number: int, name: str, rows: list[tuple[float, float, str]]) -> str:
    intervals = "".join(
        f'        intervals [{i}]:\n            xmin = {a}\n            xmax = {b}\n            text = "{text}"\n'
        for i, (a, b, text) in enumerate(rows, 1)
    )
    head = f'    item [{number}]:\n        class = "IntervalTier"\n        name = "{name}"\n        xmin = 0\n'
    return f"{head}        xmax = 2\n        intervals: size = {len(rows)}\n{intervals}"


LONG = (
    'File type = "ooTextFile"\nObject class = "TextGrid"\n\nxmin = 0\nxmax = 2\ntiers? <exists>\nsize = 2\nitem []:\n'
)
LONG += long_tier(1, "phones", [(0, 0.25, ""), (0.25, 0.3, "h"), (0.3, 1, "e"), (1, 2, "l")])
LONG += long_tier(2, "words", [(0.25, 0.5, "hello"), (0.5, 0.75, ""), (0.75, 1.5, 'the ""world""')])
SHORT = 'File type = "ooTextFile"\nObject class = "TextGrid"\n\n0\n2\n<exists>\n1\n"IntervalTier"\n"S1 - words"\n0\n2\n'
SHORT += '2\n0.25\n0.5\n"hello"\n0.75\n1.5\n"the ""world"""\n'
SRT = (
    '1\r\n00:00:00,250 --> 00:00:00,500\r\n<i>hello</i>\r\n\r\n2\r\n00:00:00,750 --> 00:00:01,500\r\nthe\r\n"world"\r\n'
)
VTT = 'WEBVTT\n\n00:00.250 --> 00:00.500 align:start\nhello\n\nNOTE no\n\n00:00.750 --> 00:01.500\nthe "world"\n'
WHISPER = """{"text": "x", "segments": [{"start": 0.25, "end": 1.5, "text": "hello the", "words": [
    {"word": " hello", "start": 0.25, "end": 0.5}, {"word":"the \\"world\\"", "start": 0.75, "end": 1.5}]}]}"""
TEXTS = {
    "long.TextGrid": LONG.encode(),
    "short.TextGrid": SHORT.encode("utf-16"),
    "cues.srt": SRT.encode(),
    "cues.vtt": VTT.encode(),
    "karaoke.vtt": b'WEBVTT\n\n00:00.250 --> 00:01.500\nhello<00:00:00.500> <00:00:00.750><c>the "world"</c>\n',
    "whisper.json": WHISPER.encode(),
    "list.json": b'[{"text":"hello", "from":0.25, "to": 0.5}, {"label": "the \\"world\\"", "begin": 0.75, "end": 1.5}]',
    "plain.csv": b'0.75,1.5,"the ""world"""\n0.25,0.5,hello\n',
    "named.csv": b'word;begin;end\nhello;0.25;0.5\n"the ""world""";0.75;1.5\n',
    "named.tsv": b'start\tend\ttext\n0.25\t0.5\thello\n0.75\t1.5\t"the ""world"""\n',
}


@pytest.mark.parametrize("name", TEXTS)
def test_words_are_read_with_their_times(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(TEXTS[name])
    assert read_words(tmp_path / name) == WORDS


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.TextGrid", b"no"),
        ("a.TextGrid", SHORT.replace("2\n0.25", "9\n0.25").encode()),
        ("a.TextGrid", SHORT.replace("2\n0.25", "99999999\n0.25").encode()),
        ("a.json", b"{"),
        ("a.json", b'{"fps": 30, "names": ["jawOpen"], "frames": [[0.5]]}'),
        ("a.json", b'[{"start": 2, "end": 1, "text": "backwards"}]'),
        ("a.csv", b"Timecode,BlendShapeCount,JawOpen\n00:00:00:01,61,0.5\n"),
        ("a.csv", b"0.1\n"),
        ("a.csv", b'0,1,"' + b"x" * 200_000 + b'"\n'),
        ("a.vtt", b"WEBVTT\n\n00:99.9 --> nowhere\nx\n"),
        ("a.srt", b"\xff\xfe\xff"),
        ("a.eaf", b"<xml/>"),
    ],
)
def test_what_holds_no_words_is_one_line_that_names_the_file(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(FormatError) as told:
        read_words(tmp_path / name)
    assert name in str(told.value)
    assert "\n" not in str(told.value)


def test_texts_are_what_can_be_shown(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes("0,1,\x1b[31mred\u202e\n1,2,  \n2,3,ok\n".encode())
    assert [word.text.isprintable() for word in read_words(tmp_path / "a.csv")] == [True, True]


def test_there_is_an_end_to_words(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"0,1,a\n" * (MOST_WORDS + 1))
    with pytest.raises(FormatError, match="more than"):
        read_words(tmp_path / "a.csv")


def test_the_likeliest_file_of_the_same_name_is_taken(tmp_path: Path) -> None:
    for name in ("a[1].json", "a[1].TextGrid", "a[1].wav", "b.srt", "a1.srt"):
        (tmp_path / name).touch()
    assert [path.name for path in beside(tmp_path, "a[1]")] == ["a[1].TextGrid", "a[1].json"]
