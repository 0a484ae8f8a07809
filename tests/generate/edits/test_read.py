"""Lists of edits are read as written, or refused with the number of the edit, the field and what is accepted."""

import json
from pathlib import Path
from typing import Any

import pytest

from talkingeyes.errors import EditsError
from talkingeyes.generate.edits.read import edits_of
from talkingeyes.generate.edits.schema import schema
from talkingeyes.generate.edits.table import FORMAT, KINDS

SCHEMA = Path(__file__).parents[3] / "docs" / "edits.schema.json"
HEAD = {"format": FORMAT, "version": 1}
LOOK = {"do": "look", "from_s": 1, "to_s": 2, "yaw_deg": 10}


def test_a_file_a_document_and_a_list_are_the_same(tmp_path: Path) -> None:
    document = {**HEAD, "targets": {"screen": [-0.3, -0.1, 0.8]}, "edits": [LOOK]}
    (tmp_path / "e.json").write_text(json.dumps(document))
    for given in (document, tmp_path / "e.json", str(tmp_path / "e.json")):
        edits = edits_of(given)
        assert edits.document == [LOOK] and list(edits.targets) == ["screen"]
    assert edits_of([LOOK]).edits == edits_of(document).edits
    assert not edits_of(None) and not edits_of([])


@pytest.mark.parametrize(
    ("given", "index", "field", "words"),
    [
        ([{**LOOK, "to_s": "2"}], 0, "to_s", "to_s is '2'; 0 to 90000 is accepted"),
        ([LOOK, {**LOOK, "yaw_deg": 61}], 1, "yaw_deg", "yaw_deg is 61; -60 to 60 is accepted"),
        ([{**LOOK, "to_s": True}], 0, "to_s", "to_s is True"),
        ([{**LOOK, "to_s": 0.5}], 0, "to_s", "later than from_s (1) is accepted"),
        ([{**LOOK, "speed": 3}], 0, "speed", "has no field 'speed'; from_s, to_s, target"),
        ([{**LOOK, "target": "camera"}], 0, "target", "says no place or two"),
        ([{"do": "look", "from_s": 1, "to_s": 2}], 0, "target", "says no place or two"),
        ([{"do": "look", "to_s": 2, "yaw_deg": 1}], 0, "from_s", "from_s is missing"),
        ([{"do": "dance"}], 0, "do", "do is 'dance'; shift.add, "),
        ([7], 0, None, "edit 1 of 1: is 7; an object"),
        ([{"do": "shift.delete"}], 0, "event", "event or near_s is accepted"),
        ([{"do": "shift.delete", "event": "shift@1", "near_s": 1}], 0, "event", "names no shift or two"),
        ([{"do": "offset", "channel": "lids", "yaw_deg": 3}], 0, "yaw_deg", "closure is accepted for lids"),
        ([{"do": "offset", "channel": "head"}], 0, "yaw_deg", "says no offset"),
        ([{"do": "offset", "channel": "ears", "yaw_deg": 1}], 0, "channel", "gaze or head or lids is accepted"),
        ([{"do": "reroll", "channel": "gaze", "from_s": 1, "to_s": 2, "seed": 1.5}], 0, "seed", "a whole number"),
        ([{"do": "nod", "at_s": 1, "count": -1}], 0, "count", "1 to 6 is accepted"),
        ("not/there.json", None, None, "no such file"),
        ({"edits": []}, None, None, '"format": "talkingeyes-edits"'),
        ({**HEAD, "version": 2, "edits": []}, None, None, "version 2; this build reads 1"),
        ({**HEAD, "edits": [], "more": 1}, None, None, "'more'"),
        ({**HEAD, "edits": {}}, None, None, "a list of edits is accepted"),
        ({**HEAD, "targets": {"a": "/etc/passwd"}, "edits": []}, None, None, "places [x, y, z] or rows"),
        ({**HEAD, "targets": {"a": [0, 0, -1]}, "edits": []}, None, None, "out of reach"),
        (42, None, None, "a list of edits is accepted"),
    ],
)
def test_what_is_not_accepted_is_named(given: Any, index: int | None, field: str | None, words: str) -> None:
    with pytest.raises(EditsError) as caught:
        edits_of(given)
    assert words in str(caught.value)
    assert (caught.value.index, caught.value.field) == (index, field)


@pytest.mark.parametrize("text", ["", "{", "[1e999]", '{"a": NaN}', "[" * 5000, '\ufeff{"format": 1}', "\x00"])
def test_damaged_files_are_one_clear_error(text: str, tmp_path: Path) -> None:
    path = tmp_path / "e.json"
    path.write_text(text)
    with pytest.raises(EditsError) as caught:
        edits_of(path)
    assert str(path) in str(caught.value) and "\n" not in str(caught.value)


def test_the_schema_in_the_docs_is_that_of_this_build() -> None:
    assert json.loads(SCHEMA.read_text()) == json.loads(json.dumps(schema())), "run scripts/edits_schema.py"
    names = [kind["title"] for kind in schema()["properties"]["edits"]["items"]["oneOf"]]
    assert names == list(KINDS)


def test_the_schema_accepts_what_the_reader_accepts() -> None:
    jsonschema = pytest.importorskip("jsonschema")
    check = jsonschema.Draft202012Validator(schema())
    assert check.is_valid({**HEAD, "edits": [LOOK, {"do": "shift.delete", "near_s": 3}]})
    for bad in ({**LOOK, "speed": 1}, {**LOOK, "yaw_deg": 80}, {"do": "shift.delete"}, {**LOOK, "target": "a"}):
        assert not check.is_valid({**HEAD, "edits": [bad]})
