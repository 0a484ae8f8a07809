"""Saving and loading: the suffix table, files that are whole or not there, inputs that are never overwritten."""

import errno
import os
import stat
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import talkingeyes as te
from talkingeyes.cli import main
from talkingeyes.errors import FormatError, OutputError, SettingError
from talkingeyes.files import check_target, write_whole
from talkingeyes.formats import FORMATS, ExportJob, format_of, table, targets_of, write
from talkingeyes.motion import Motion


def make_motion(seed: int = 0, frames: int = 30) -> Motion:
    rng = np.random.default_rng(seed)
    return Motion(
        fps=30.0,
        head_rad=rng.normal(0, 0.05, (frames, 3)),
        eyes_rad=rng.normal(0, 0.05, (frames, 2, 2)),
        lids=rng.uniform(0, 1, (frames, 2)),
        face=rng.uniform(0, 1, (frames, 1)),
        face_names=("jawOpen",),
        meta={"seed": seed},
    )


def only_files(folder: Path) -> set[str]:
    return {p.name for p in folder.iterdir()}


def test_every_row_of_the_table_names_functions_that_exist() -> None:
    for form in FORMATS:
        assert form.suffix.startswith(".") and form.suffix == form.suffix.lower()
        assert form.write or form.read
        if form.write:
            assert callable(form.writer())
        if form.read:
            assert callable(form.reader())


def test_npz_is_saved_and_loaded_exactly(tmp_path: Path) -> None:
    motion = make_motion()
    assert te.save(motion, tmp_path / "a.NPZ") == (tmp_path / "a.NPZ",)
    again = te.load(tmp_path / "a.NPZ")
    assert again.meta == motion.meta
    for name, channel in motion.channels.items():
        np.testing.assert_array_equal(again.channels[name], channel)


def test_takes_get_numbered_names_and_pages_hold_all(tmp_path: Path) -> None:
    assert targets_of("x/me.you.glb", 2) == (Path("x/me.you-1.glb"), Path("x/me.you-2.glb"))
    assert targets_of("a.HTML", 3) == (Path("a.HTML"),)
    assert targets_of("a.npz", 1) == (Path("a.npz"),)
    written = te.save([make_motion(1), make_motion(2)], tmp_path / "t.npz")
    assert [te.load(p).meta["seed"] for p in written] == [1, 2]
    assert only_files(tmp_path) == {"t-1.npz", "t-2.npz"}


def test_no_takes_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="no takes"):
        te.save([], tmp_path / "a.npz")


@pytest.mark.parametrize(
    ("name", "said"), [("a.xyz", "'.xyz' is not known"), ("a", "has no suffix"), (".npzz", "no suffix")]
)
def test_an_unknown_suffix_is_refused_with_the_accepted_ones(tmp_path: Path, name: str, said: str) -> None:
    with pytest.raises(OutputError, match=said) as caught:
        te.save(make_motion(), tmp_path / name)
    assert all(form.suffix in str(caught.value) for form in FORMATS if form.write)
    assert only_files(tmp_path) == set()


@pytest.mark.parametrize("name", ["a.tsv", "a.jsonl", "a.marks"])
def test_a_format_that_is_only_read_is_refused_as_a_target(tmp_path: Path, name: str) -> None:
    with pytest.raises(OutputError, match="is only read"):
        te.save(make_motion(), tmp_path / name)
    assert only_files(tmp_path) == set()


def test_loading_names_what_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(b"glTF")
    (tmp_path / "broken.npz").write_bytes(b"PK\x03\x04 not really")
    for name, said in [("none.npz", "no such file"), ("", "is a folder"), ("a.html", "cannot be read as motion")]:
        with pytest.raises(FormatError, match=said):
            te.load(tmp_path / name)
    with pytest.raises(FormatError, match=r"broken\.npz"):
        te.load(tmp_path / "broken.npz")
    te.save(make_motion(), tmp_path / "a.npz")
    with pytest.raises(SettingError, match="its own frame rate"):
        te.load(tmp_path / "a.npz", fps=30)


def test_a_folder_or_device_or_missing_folder_is_no_target(tmp_path: Path) -> None:
    (tmp_path / "dir.npz").mkdir()
    os.mkfifo(tmp_path / "pipe.npz")
    (tmp_path / "file").write_text("x")
    for target, said in [
        ("dir.npz", "is a folder"),
        ("pipe.npz", "not an ordinary file"),
        ("missing/a.npz", "does not exist"),
        ("file/a.npz", "is not a folder|cannot be written"),
        ("n" * 300 + ".npz", "cannot be written"),
    ]:
        with pytest.raises(OutputError, match=said):
            te.save(make_motion(), tmp_path / target)
    assert only_files(tmp_path) == {"dir.npz", "pipe.npz", "file"}


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_folder_or_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "kept.npz").write_bytes(b"kept")
    (tmp_path / "kept.npz").chmod(0o444)
    with pytest.raises(OutputError, match="read-only"):
        te.save(make_motion(), tmp_path / "kept.npz")
    tmp_path.chmod(0o555)
    with pytest.raises(OutputError, match="cannot be written"):
        te.save(make_motion(), tmp_path / "new.npz")
    tmp_path.chmod(0o755)


def test_an_unwritable_system_folder_is_refused() -> None:
    with pytest.raises(OutputError, match="cannot be written"):
        te.save(make_motion(), "/proc/a.npz")


@pytest.mark.parametrize("link", [None, Path.symlink_to, Path.hardlink_to])
def test_an_input_is_never_overwritten(tmp_path: Path, link: Callable[[Path, Path], None] | None) -> None:
    source = tmp_path / "in.npz"
    source.write_bytes(b"precious")
    target = source
    if link:
        target = tmp_path / "out.npz"
        link(target, source)
    with pytest.raises(OutputError, match="is an input"):
        write(ExportJob((make_motion(),)), target, inputs=(source,))
    with pytest.raises(OutputError, match="is an input"):
        write(ExportJob((make_motion(),), audio_path=source), target)
    assert source.read_bytes() == b"precious"


def test_a_numbered_take_does_not_overwrite_an_input(tmp_path: Path) -> None:
    source = tmp_path / "a-2.npz"
    source.write_bytes(b"precious")
    with pytest.raises(OutputError, match="is an input"):
        write(ExportJob((make_motion(1), make_motion(2))), tmp_path / "a.npz", inputs=(source,))
    assert only_files(tmp_path) == {"a-2.npz"}


def test_a_link_is_followed_and_the_mode_is_kept(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    real = tmp_path / "real" / "a.npz"
    real.write_bytes(b"old")
    real.chmod(0o640)
    (tmp_path / "link.npz").symlink_to(real)
    te.save(make_motion(), tmp_path / "link.npz")
    assert (tmp_path / "link.npz").is_symlink()
    assert stat.S_IMODE(real.stat().st_mode) == 0o640
    assert te.load(real).num_frames == 30


def test_new_files_follow_the_umask(tmp_path: Path) -> None:
    te.save(make_motion(), tmp_path / "a.npz")
    (tmp_path / "plain").write_text("x")
    assert (tmp_path / "a.npz").stat().st_mode == (tmp_path / "plain").stat().st_mode


def write_to_full_device(aside: Path) -> None:
    del aside
    with Path("/dev/full").open("wb") as device:  # the kernel's own ENOSPC
        device.write(b"x" * 100_000)


def half_then_interrupt(aside: Path) -> None:
    aside.write_bytes(b"half")
    raise KeyboardInterrupt


def half_then_refuse(aside: Path) -> None:
    aside.write_bytes(b"half")
    raise FormatError("no")


@pytest.mark.parametrize(
    ("writer", "error"),
    [(write_to_full_device, OutputError), (half_then_interrupt, KeyboardInterrupt), (half_then_refuse, FormatError)],
)
def test_whatever_stops_a_write_the_old_file_stays_and_nothing_else(
    tmp_path: Path, writer: Callable[[Path], None], error: type[BaseException]
) -> None:
    (tmp_path / "a.npz").write_bytes(b"old")
    with pytest.raises(error):
        write_whole(tmp_path / "a.npz", writer)
    with pytest.raises(error):
        write_whole(tmp_path / "b.npz", writer)
    assert only_files(tmp_path) == {"a.npz"}
    assert (tmp_path / "a.npz").read_bytes() == b"old"


def test_a_full_disk_is_said_in_the_systems_words(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=os.strerror(errno.ENOSPC)):
        write_whole(tmp_path / "a.npz", write_to_full_device)


def test_a_loop_of_links_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.npz").symlink_to(tmp_path / "b.npz")
    (tmp_path / "b.npz").symlink_to(tmp_path / "a.npz")
    with pytest.raises(OutputError, match="cannot be written"):
        check_target(tmp_path / "a.npz")


def test_format_of_takes_the_end_of_the_name() -> None:
    form = format_of("dir.npz/x.Csv")
    assert form is not None and form.suffix == ".csv"
    assert format_of("a.npz.gz") is None


class Point:
    """An entry point of another package."""

    def __init__(self, name: str, brings: object) -> None:
        self.name, self.value, self.brings, self.loaded = name, "other.package:FORMAT", brings, 0

    def load(self) -> object:
        self.loaded += 1
        if isinstance(self.brings, BaseException):
            raise self.brings
        return self.brings


def brought(monkeypatch: pytest.MonkeyPatch, *points: Point) -> None:
    monkeypatch.setattr("importlib.metadata.entry_points", lambda group: points if group == table.GROUP else ())


def test_another_package_brings_a_format(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    form = table.Format(
        ".rate.txt",
        "a test's format",
        write=lambda job, path: path.write_text(str(job.motion.fps)) and None,
        read=lambda path: Motion(fps=float(path.read_text()), lids=np.zeros((2, 2))),
    )
    point, other = Point("rate.txt", form), Point("txt", ImportError("not wanted"))
    brought(monkeypatch, other, point)
    te.save(make_motion(), tmp_path / "a.npz")
    assert point.loaded == 0, "our own formats ask nobody"
    te.save(make_motion(), tmp_path / "a.Rate.txt")
    assert te.load(tmp_path / "a.Rate.txt").fps == make_motion().fps
    assert other.loaded == 0


@pytest.mark.parametrize(
    "brings",
    [ImportError("no module named x"), RuntimeError("broken"), "no format", table.Format(".other", "x", "a:b"),
     table.Format(".txt", "neither written nor read")],
)  # fmt: skip
def test_a_format_of_another_package_that_is_broken_is_said(tmp_path: Path, monkeypatch, brings: object) -> None:
    brought(monkeypatch, Point("txt", brings))
    with pytest.raises(FormatError, match=r"^\.txt: the format that other\.package:FORMAT brings") as caught:
        te.save(make_motion(), tmp_path / "a.txt")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("command", ["animate", "convert", "info"])
def test_help_names_every_format_of_the_table(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main([command, "--help"])
    text = capsys.readouterr().out
    read = command in ("convert", "info")
    assert all(form.suffix in text for form in FORMATS if (form.read if read else form.write))
