"""What a newcomer meets: typed options, messages that fit the caller, motion that shows itself."""

from __future__ import annotations

import inspect
import typing
from pathlib import Path

import numpy as np
import pytest

import talkingeyes as te
from talkingeyes.cli import main
from talkingeyes.errors import FormatError, OutputError, SettingError, TalkingEyesError
from talkingeyes.generate.amounts import RANGES
from talkingeyes.generate.request import AnimateOptions, ResolvedRequest, resolve
from talkingeyes.motion import Motion

OF_THE_RECORDING = {"rate_hz", "channel"}


@pytest.fixture(scope="module")
def motion() -> Motion:
    rng = np.random.default_rng(0)
    eyes, head = rng.normal(0, 0.1, (90, 2, 2)), rng.normal(0, 0.1, (90, 3))
    lids = np.zeros((90, 2))
    lids[40] = 1
    return Motion(fps=30, eyes_rad=eyes, head_rad=head, lids=lids, face=rng.random((90, 1)), face_names=("jawOpen",))


def test_every_option_is_in_the_signature_with_its_type_and_a_word() -> None:
    """An editor shows all of them; the functions that pass options on take the same."""
    parameters = inspect.signature(te.animate).parameters
    options = [name for name in parameters if name not in OF_THE_RECORDING | {"speech"}]
    assert options == list(AnimateOptions.__annotations__)
    assert set(RANGES) < set(options)
    hints = typing.get_type_hints(te.animate)
    documented = inspect.getdoc(te.animate) or ""
    for name in parameters:
        assert name in hints
        assert f"    {name}: " in documented


def test_the_request_has_a_place_for_every_option() -> None:
    gathered = {"mood", "face_fps", *RANGES}
    assert set(AnimateOptions.__annotations__) - gathered == set(ResolvedRequest.__annotations__)


def test_what_is_not_asked_for_is_the_default() -> None:
    assert resolve({}) == resolve(dict.fromkeys(AnimateOptions.__annotations__)) == ResolvedRequest()


def test_a_slip_of_the_pen_is_named() -> None:
    with pytest.raises(TypeError, match="'blinkrate'; did you mean blink_rate"):
        te.animate("speech.wav", blinkrate=2)  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="'seeds'; did you mean seed"):
        te.animate_takes("speech.wav", seeds=2)  # type: ignore[call-arg]
    with pytest.raises(SettingError, match="'gaze_activty'; did you mean gaze_activity"):
        resolve({"gaze_activty": 1})
    with pytest.raises(SettingError, match=r"'speakin'.*did you mean speaking"):
        resolve({"role": "speakin"})
    with pytest.raises(AttributeError) as caught:
        te.animat  # type: ignore[attr-defined]  # noqa: B018
    assert caught.value.name == "animat"
    assert caught.value.obj is te


@pytest.mark.parametrize(
    ("options", "flags", "python", "terminal"),
    [
        ({"seed": -1}, ["--seed", "-1"], "seed is -1", "--seed is -1"),
        ({"head_amount": 9.0}, ["--head-amount", "9"], "head_amount is 9.0", "--head-amount is 9.0"),
        ({"look": "1-2 up"}, ["--look", "1-2 up"], "look: cannot read", "--look: cannot read"),
        ({"targets": ["x"]}, ["--target", "x"], "targets: cannot read", "--target: cannot read"),
    ],
)
def test_messages_speak_of_arguments_in_python_and_of_flags_on_the_command_line(
    options: dict, flags: list[str], python: str, terminal: str, capsys: pytest.CaptureFixture[str]
) -> None:
    recording = str(Path(te.__file__).parent / "assets" / "sample.opus")
    with pytest.raises(TalkingEyesError) as caught:
        te.animate(recording, **options)
    assert str(caught.value).startswith(python)
    assert main(["animate", recording, "-o", "unused.npz", *flags]) == 2
    assert f"error: {terminal}" in capsys.readouterr().err


def test_a_slice_by_seconds_and_its_rest_are_the_whole(motion: Motion) -> None:
    whole = motion[:1.2] + motion[1.2:]
    for name, channel in motion.channels.items():
        assert np.array_equal(whole.channels[name], channel)
    assert motion[-1:].num_frames == 30
    assert motion[1:2].num_frames == 30
    with pytest.raises(TypeError, match="by seconds"):
        motion[3]  # type: ignore[index]


def test_motions_that_do_not_fit_are_not_joined(motion: Motion) -> None:
    with pytest.raises(FormatError, match="resample"):
        motion + motion.replace(fps=60)
    with pytest.raises(FormatError, match="other channels"):
        motion + motion.replace(lids=None)
    with pytest.raises(TypeError):
        motion + 1  # type: ignore[operator]


def test_columns_are_in_degrees_and_named(motion: Motion) -> None:
    pytest.importorskip("pandas", reason="talkingeyes[tables] brings pandas")
    table = motion.to_dataframe()
    assert list(table["time_s"][:2]) == [0.0, pytest.approx(1 / 30)]
    assert motion.eyes_rad is not None
    assert np.allclose(table["eye_right_pitch_deg"], np.degrees(motion.eyes_rad[:, 1, 1]))
    assert {"head_roll_deg", "gaze_yaw_deg", "lid_left", "jawOpen"} < set(table.columns)


def test_curves_show_every_blink_however_long_the_motion(motion: Motion, tmp_path: Path) -> None:
    long = motion.replace(**{name: np.tile(c, (200, *[1] * (c.ndim - 1))) for name, c in motion.channels.items()})
    for shown in (motion, long):
        svg = shown.plot(np.linspace(-60, 0, 50)).svg
        assert svg.count("<polyline") == 1 + 2 + 3 + 2 + 2 + 1
        assert len(svg) < 400_000
    assert motion.plot().save(tmp_path / "x.svg").read_text().startswith("<svg")
    assert "<svg" in motion._repr_html_() and "3.00 s" in motion._repr_html_()
    with pytest.raises(OutputError, match=r"\.svg is accepted"):
        motion.plot().save(tmp_path / "x.png")


def test_convert_is_load_and_save(motion: Motion, tmp_path: Path) -> None:
    te.save(motion, tmp_path / "a.npz")
    made = te.convert(tmp_path / "a.npz", tmp_path / "b.csv", tmp_path / "c.npz", resample=60)
    assert [path.name for path in made] == ["b.csv", "c.npz"]
    assert te.load(made[1]).fps == 60
    with pytest.raises(OutputError):
        te.convert(tmp_path / "a.npz", tmp_path / "a.npz")
    with pytest.raises(SettingError, match="no file"):
        te.convert(motion)


def test_a_motion_in_memory_is_scored_as_its_file_is(motion: Motion, tmp_path: Path) -> None:
    te.save(motion, tmp_path / "a.npz")
    cards = [te.evaluate(one).cards[0].to_json() for one in (motion, tmp_path / "a.npz")]
    assert cards[0].pop("name") == "motion 1"
    assert cards[1].pop("name") == "a.npz"
    assert cards[0] == cards[1]
