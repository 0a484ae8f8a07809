"""What differs from the take that was made is marked, and nothing else."""

import talkingeyes as te
from talkingeyes.generate.changes import changed_since

from .conftest import make_speech


def test_amounts_that_were_moved_since_are_told_with_their_channel() -> None:
    asked = {"seed": 4, "mood": "shy", "smile": 0.2, "character": "Mia"}
    meta = te.animate(make_speech(2), **asked).meta
    assert changed_since(meta, asked) == []
    moved = changed_since(meta, {**asked, "smile": 0.4, "blink_rate": 2.0})
    assert [(c.name, c.was, c.now, c.channels) for c in moved] == [
        ("blink_rate", 1.2, 2.0, ("blinks",)),
        ("smile", 0.2, 0.4, ("mouth",)),
    ]


def test_settings_and_edits_are_told_too() -> None:
    edits = [{"do": "blink.add", "at_s": 1.0}]
    meta = te.animate(make_speech(2), edits=edits).meta
    assert changed_since(meta, {"edits": edits, "seed": 0}) == []
    more = [*edits, {"do": "look", "from_s": 0.5, "to_s": 1.0, "yaw_deg": 10}]
    assert [c.channels for c in changed_since(meta, {"edits": more})] == [("gaze", "head")]
    assert [c.name for c in changed_since(meta, {"seed": 3, "role": "listening"})] == ["seed", "role"]
