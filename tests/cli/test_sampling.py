"""The sampling controls: they reach the learned model, live too, have ranges, and mean nothing elsewhere."""

import dataclasses
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest

import talkingeyes as te
from talkingeyes.cli import main
from talkingeyes.commands.sampling import CONTROLS, flag_of
from talkingeyes.errors import SettingError
from talkingeyes.generate.cues import UNKNOWN_S, cues_of
from talkingeyes.generate.learned import LearnedGenerator
from talkingeyes.generate.learned_model import shipped_model
from talkingeyes.generate.plan import Plan
from talkingeyes.generate.sampling import RANGES, Sampling
from talkingeyes.generate.statistical import Streams, plan_of
from tests.generate.conftest import make_speech
from tests.generate.test_learned import assert_same_plan, until

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
    words = ["--model", "joint", "--temperature", "1.5", "--top-p", "0.8", "--guidance", "2"]
    one, again = animated(speech, "a.npz", *words), animated(speech, "b.npz", *words)
    assert one == again != animated(speech, "c.npz", "--model", "joint")
    same = te.animate(speech, seed=4, model="joint", sampling=Sampling(temperature=1.5, top_p=0.8, guidance=2.0))
    te.save(same, "d.npz")
    assert Path("d.npz").read_bytes() == one
    assert te.load("a.npz").meta["sampling"] == {"temperature": 1.5, "top_p": 0.8, "guidance": 2.0}


def test_the_default_values_are_the_default(here: Path, speech: Path) -> None:
    words = [word for name in CONTROLS for word in (flag_of(name), str(getattr(Sampling, name)))]
    assert animated(speech, "a.npz", "--model", "joint", *words) == animated(speech, "b.npz", "--model", "joint")
    assert "sampling" not in te.load("a.npz").meta


@pytest.mark.parametrize("name", CONTROLS)
def test_each_control_changes_the_take(name: str, here: Path, speech: Path) -> None:
    """Each towards its lower end; the head's stillest head is still."""
    value = max(RANGES[name][0], 0.3 * getattr(Sampling, name))
    words = ["--model", "joint", flag_of(name), str(value)]
    assert animated(speech, "a.npz", *words) != animated(speech, "b.npz", "--model", "joint")
    assert np.isfinite(te.load("a.npz").head_rad).all()


@pytest.mark.parametrize("name", CONTROLS)
@pytest.mark.parametrize("value", ["-1", "5", "nan", "inf"])
def test_a_value_out_of_range_is_one_line(
    name: str, value: str, here: Path, speech: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    low, high = RANGES[name]
    argv = ["animate", str(speech), "--model", "joint", f"{flag_of(name)}={value}"]
    refused(capsys, argv, f"{flag_of(name)} is {value}", f"{low:g} to {high:g} is accepted")
    assert names(here) == set()


def test_a_model_that_is_not_sampled_says_so(here: Path, speech: Path, capsys: pytest.CaptureFixture[str]) -> None:
    model = "statistical"
    argv = ["animate", str(speech), "--model", model, "--top-p", "1"]
    refused(capsys, argv, "--top-p", f"--model is {model}", "--model learned")
    assert names(here) == set()
    with pytest.raises(SettingError, match="sampling is for a learned model"):
        te.animate(speech, model=model, sampling=Sampling(guidance=2))


def test_a_live_session_draws_by_the_same_values() -> None:
    chosen = Sampling(temperature=1.4, top_p=0.9, guidance=2.0, variety=0.5)
    cues = cues_of(make_speech(10.0), "speaking", 30, mouth="none")
    cues = dataclasses.replace(cues, turn_ends_in_s=np.full(len(cues), UNKNOWN_S))
    whole = plan_of(LearnedGenerator(shipped_model(), chosen), cues, Streams.from_seed(4))
    live, streams = LearnedGenerator(shipped_model(), chosen), Streams.from_seed(4)
    state = live.start(until(cues, 60), streams)
    assert_same_plan(whole, Plan.join([live.step(until(cues, (i + 6) * 10), state, streams) for i in range(30)]))
    usual = plan_of(LearnedGenerator(shipped_model()), cues, Streams.from_seed(4))
    assert usual.gaze != whole.gaze and not np.array_equal(usual.head_rad, whole.head_rad)
