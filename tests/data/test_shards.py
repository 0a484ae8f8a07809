"""Shards: round trips, the same bytes, and what somebody else's file may not do."""

import contextlib
import io
import json
import tarfile

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from talkingeyes.data.sample import Sample, sample_from
from talkingeyes.data.shards import Rejected, from_tar, read_shard, tar_of, write_shard
from talkingeyes.errors import FormatError
from tests.data.fakes import motion_of, speech_of, traits_of


def sample(seed=0, *, sound=True):
    rng = np.random.default_rng(seed)
    row = {"origin": "o", "path": f"{seed}.mp4", "duration_s": 2.0}
    flame = {"expression": rng.normal(size=(50, 10)).astype(np.float32)}
    return Sample(motion_of(rng), speech_of(rng) if sound else None, traits_of(1, rng), flame, row)


@pytest.fixture
def shard(tmp_path):
    clips = [(f"clip-{i}", sample(i, sound=i != 1).members()) for i in range(3)]
    write_shard(tmp_path, "o-00000", clips, [Rejected("bad.mp4", "corrupt", "0" * 64)])
    return read_shard(tmp_path / "o-00000.json")


def same(a, b):
    assert {k: v.tobytes() for k, v in a.motion.channels.items()} == {
        k: v.tobytes() for k, v in b.motion.channels.items()
    }
    assert a.motion.meta == b.motion.meta
    assert (a.speech is None) == (b.speech is None)
    if a.speech is not None:
        for name, value in vars(a.speech).items():
            np.testing.assert_array_equal(getattr(b.speech, name), value)
    for table in ("traits", "flame"):
        assert getattr(a, table).keys() == getattr(b, table).keys()
        for key, value in getattr(a, table).items():
            np.testing.assert_array_equal(getattr(b, table)[key], value)


def test_what_was_written_is_read(shard):
    shard.verify()
    assert [e.key for e in shard.entries] == ["clip-0", "clip-1", "clip-2"]
    assert shard.rejected == (Rejected("bad.mp4", "corrupt", "0" * 64),)
    for i, entry in enumerate(shard.entries):
        same(sample(i, sound=i != 1), shard.sample(entry))
        assert entry.row["path"] == f"{i}.mp4"


def test_the_same_samples_give_the_same_bytes(shard, tmp_path):
    (tmp_path / "again").mkdir()
    clips = [(f"clip-{i}", sample(i, sound=i != 1).members()) for i in range(3)]
    again = write_shard(tmp_path / "again", "o-00000", clips, shard.rejected)
    assert again.sha256 == shard.sha256
    assert (tmp_path / "again" / "o-00000.json").read_bytes() == (tmp_path / "o-00000.json").read_bytes()


def test_any_tar_reader_reads_it(shard):
    with tarfile.open(shard.tar_path) as tar:
        names = tar.getnames()
        extracted = tar.extractfile("clip-0.motion.npz")
        assert extracted is not None
        with np.load(io.BytesIO(extracted.read()), allow_pickle=False) as npz:
            assert npz["head_rad"].shape == (50, 3)
    assert names[:3] == ["clip-0.motion.npz", "clip-0.speech.npz", "clip-0.traits.npz"]


def test_a_flipped_bit_is_noticed(shard):
    place = shard.entries[1].members["motion.npz"].offset + 40
    data = bytearray(shard.tar_path.read_bytes())
    data[place] ^= 1
    shard.tar_path.write_bytes(bytes(data))
    with pytest.raises(FormatError, match="damaged"):
        shard.sample(shard.entries[1])
    with pytest.raises(FormatError, match="damaged"):
        shard.verify()
    shard.sample(shard.entries[0])


def changed(**fields):
    return lambda index: index | fields


def in_sample(**fields):
    return lambda index: index | {"samples": [index["samples"][0] | fields, *index["samples"][1:]]}


HUGE = {"motion.npz": [0, 1 << 50, "0" * 64]}
HOSTILE = {
    "no object": lambda index: [index],
    "another format": changed(format="webdataset"),
    "another version": changed(format_version=2),
    "another name": changed(name="../../etc/passwd"),
    "bytes that are no number": changed(bytes="many"),
    "more bytes than there are": changed(bytes=1 << 50),
    "samples that are no list": changed(samples={"a": 1}),
    "a key with a path": in_sample(key="../../x"),
    "a key twice": lambda index: index | {"samples": [index["samples"][0]] * 2},
    "a member beyond the end": in_sample(members=HUGE),
    "a member before the start": in_sample(members={"motion.npz": [-512, 10, "0" * 64]}),
    "a member of an unknown kind": in_sample(members={"motion.pkl": [0, 10, "0" * 64]}),
    "a member without its place": in_sample(members={"motion.npz": [0]}),
    "a row of another version": in_sample(row={"sample_version": 99}),
    "a row that is no object": in_sample(row=[]),
    "a rejection that is no text": changed(rejected=[{"path": 1, "reason": "x"}]),
    "no SHA-256": changed(sha256="zz"),
}


@pytest.mark.parametrize("how", HOSTILE, ids=lambda how: how.replace(" ", "-"))
def test_a_hostile_index_is_refused(shard, how):
    path = shard.folder / "o-00000.json"
    path.write_text(json.dumps(HOSTILE[how](json.loads(path.read_text()))))
    with pytest.raises(FormatError):
        read_shard(path)


def test_missing_and_torn_files_are_refused(shard):
    path = shard.folder / "o-00000.json"
    text = path.read_text()
    path.write_text(text[: len(text) // 2])
    with pytest.raises(FormatError, match="not JSON"):
        read_shard(path)
    path.write_text("[" * 100_000)
    with pytest.raises(FormatError, match="not JSON"):
        read_shard(path)
    path.write_text(text)
    shard.tar_path.write_bytes(shard.tar_path.read_bytes()[:-512])
    with pytest.raises(FormatError, match="bytes that its index says"):
        read_shard(path)
    shard.tar_path.unlink()
    with pytest.raises(FormatError):
        read_shard(path)


def npz(**arrays):
    packed = io.BytesIO()
    np.savez(packed, **arrays)
    return packed.getvalue()


BAD_MEMBERS = {
    "objects": {"motion.npz": npz(head_rad=np.array([object()], dtype=object), format_version=1, fps=25.0)},
    "NaN": {"motion.npz": npz(head_rad=np.full((3, 3), np.nan), format_version=1, fps=25.0)},
    "another version": {"motion.npz": npz(head_rad=np.zeros((3, 3)), format_version=9, fps=25.0)},
    "no zip": {"motion.npz": b"not a zip"},
    "speech without columns": {"speech.npz": npz(loudness=np.zeros(3, np.float32))},
    "traits that are no floats": {"traits.npz": npz(shape=np.zeros((2, 3), int))},
    "flame with infinity": {"flame.npz": npz(jaw=np.full((2, 3), np.inf, np.float32))},
    "a row that is no JSON": {"json": b"{"},
    "an unknown member": {"run.py": b"print()"},
}


@pytest.mark.parametrize("how", BAD_MEMBERS, ids=lambda how: how.replace(" ", "-"))
def test_a_bad_member_is_refused(how):
    with pytest.raises(FormatError, match="clip"):
        sample_from(sample().members() | BAD_MEMBERS[how], "clip")


def test_a_sample_without_motion_is_refused():
    members = sample().members()
    del members["motion.npz"]
    with pytest.raises(FormatError, match="lacks"):
        sample_from(members, "clip")


def test_speech_that_is_longer_than_it_says_is_refused():
    members = sample().members()
    with np.load(io.BytesIO(members["speech.npz"])) as file:
        arrays = dict(file)
    for key, value in {"duration_s": np.array(9.0), "feature_rate_hz": np.array(100.0)}.items():
        with pytest.raises(FormatError):
            sample_from(members | {"speech.npz": npz(**(arrays | {key: value}))}, "clip")


def test_staged_clips_go_round_and_another_ones_are_refused():
    members = sample().members()
    assert from_tar(tar_of("clip-0", members), "clip-0") == members
    with pytest.raises(FormatError):
        from_tar(tar_of("clip-0", members), "clip-1")


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 20_000), st.integers(0, 255))
def test_a_damaged_staged_clip_raises_nothing_but_our_error(place, value):
    data = bytearray(tar_of("clip-0", sample(sound=False).members()))
    data[place % len(data)] = value
    with contextlib.suppress(FormatError):
        sample_from(from_tar(bytes(data), "clip-0"), "clip-0")
