"""The command line's sampling controls: they reach the learned model, have ranges, and mean nothing elsewhere."""

from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest

import talkingeyes as te
from talkingeyes.cli import main
from talkingeyes.commands.sampling import CONTROLS, flag_of
from talkingeyes.errors import SettingError
from talkingeyes.generate.sampling import RANGES, Sampling

from .outcomes import names, refused
from .recordings import babble, write_wav


@pytest.fixture
def speech(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_wav(tmp_path_factory.mktemp("speech") / "speech.wav", babble(3.0))


def animated(speech: Path, out: str, *words: str) -> bytes:
    assert main(["animate", str(speech), "-q", "--seed", "4", "-o", out, *words]) == 0
    return Path(out).read_bytes()


def test_every_control_has_an_option_with_its_range_and_default(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["animate", "--help"])
    told = " ".join(capsys.readouterr().out.split())
    assert set(CONTROLS) == set(RANGES) == {f.name for f in fields(Sampling)}
    for f in fields(Sampling):
        low, high = RANGES[f.name]
        assert flag_of(f.name) in told and f"({low:g} to {high:g}, default {f.default:g})" in told


def test_the_same_values_give_the_same_bytes_and_are_those_of_python(here: Path, speech: Path) -> None:
    words = ["--model", "learned", "--temperature", "1.5", "--top-p", "0.8", "--guidance", "2"]
    one, again = animated(speech, "a.npz", *words), animated(speech, "b.npz", *words)
    assert one == again != animated(speech, "c.npz", "--model", "learned")
    same = te.animate(speech, seed=4, model="learned", sampling=Sampling(temperature=1.5, top_p=0.8, guidance=2.0))
    te.save(same, "d.npz")
    assert Path("d.npz").read_bytes() == one
    assert te.load("a.npz").meta["sampling"] == {"temperature": 1.5, "top_p": 0.8, "guidance": 2.0}


def test_the_default_values_are_the_default(here: Path, speech: Path) -> None:
    words = [word for name in CONTROLS for word in (flag_of(name), str(getattr(Sampling, name)))]
    assert animated(speech, "a.npz", "--model", "learned", *words) == animated(speech, "b.npz", "--model", "learned")
    assert "sampling" not in te.load("a.npz").meta


@pytest.mark.parametrize("name", CONTROLS)
def test_each_control_changes_the_take(name: str, here: Path, speech: Path) -> None:
    """Each towards its lower end; the head's stillest head is still."""
    value = max(RANGES[name][0], 0.3 * getattr(Sampling, name))
    words = ["--model", "learned", flag_of(name), str(value)]
    assert animated(speech, "a.npz", *words) != animated(speech, "b.npz", "--model", "learned")
    assert np.isfinite(te.load("a.npz").head_rad).all()


@pytest.mark.parametrize("name", CONTROLS)
@pytest.mark.parametrize("value", ["-1", "5", "nan", "inf"])
def test_a_value_out_of_range_is_one_line(
    name: str, value: str, here: Path, speech: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    low, high = RANGES[name]
    argv = ["animate", str(speech), "--model", "learned", f"{flag_of(name)}={value}"]
    refused(capsys, argv, f"{name} is {value}", f"{low:g} to {high:g} is accepted")
    assert names(here) == set()


@pytest.mark.parametrize("model", ["default", "statistical"])
def test_a_model_that_is_not_sampled_says_so(
    model: str, here: Path, speech: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    argv = ["animate", str(speech), "--model", model, "--top-p", "1"]
    refused(capsys, argv, "--top-p", f"--model is {model}", "--model learned")
    assert names(here) == set()
    with pytest.raises(SettingError, match="sampling is for a learned model"):
        te.animate(speech, model=model, sampling=Sampling(guidance=2))
