"""The rate of a film whose container rounds the times of its pictures (case mkv-rates)."""

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from talkingeyes.fit import video
from talkingeyes.fit.rate import picture_rate

CASE = Path(__file__).parents[3] / "shared" / "data" / "cases" / "mkv-rates"
RATES = [Fraction(24000, 1001), 24, 25, Fraction(30000, 1001), 30, 50, Fraction(60000, 1001), 60, 15, 12]


def film(path: Path, rate: Fraction | int, pictures: int = 30) -> Path:
    with av.open(str(path), "w") as container:
        codec = {".webm": "libvpx", ".flv": "flv", ".avi": "mpeg4", ".mpg": "mpeg2video"}.get(path.suffix, "libx264")
        stream = container.add_stream(codec, rate=rate)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        stream.options = {"deadline": "realtime", "cpu-used": "8"} if codec == "libvpx" else {}
        for number in range(pictures):
            frame = av.VideoFrame.from_ndarray(np.full((48, 64, 3), 5 * number, np.uint8))
            frame.pts, frame.time_base = number, 1 / Fraction(rate)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path


def rate_of(path: Path) -> float:
    shown = video.Film(path)
    times = [time for time, _ in shown.pictures()]
    return video.timing(times, shown.sound_start_s, shown.stated_fps, shown.tick_s, shown.declared_hz).fps


@pytest.mark.parametrize("suffix", [".mkv", ".webm", ".mp4", ".flv", ".ts", ".avi"])
def test_every_container_gives_the_true_rate(suffix: str, tmp_path: Path) -> None:
    for rate in [r for r in RATES if suffix != ".ts" or r not in (12, 15)]:
        assert rate_of(film(tmp_path / f"a{suffix}", rate)) == pytest.approx(float(rate), abs=1e-9)


@pytest.mark.shared
@pytest.mark.parametrize(("name", "rate"), [("p30.mkv", 30), ("p24.webm", 24)])
def test_mkv_rates(name: str, rate: float) -> None:
    if not (CASE / name).exists():
        pytest.skip("the development data is not beside the checkout")
    assert rate_of(CASE / name) == rate


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("tick_s", [1e-3, 1 / 600, 1 / 90_000])
@pytest.mark.parametrize("down", [False, True])
def test_rounded_times_alone_tell_the_rate(rate: Fraction | int, tick_s: float, down: bool) -> None:
    even = np.arange(150) / float(rate) / tick_s
    times = (np.floor(even) if down else np.round(even)) * tick_s
    assert picture_rate(times, tick_s) == pytest.approx(float(rate), abs=1e-9)
    lost = np.delete(times, [20, 21, 70])
    assert picture_rate(lost, tick_s) == pytest.approx(float(rate), abs=1e-9)


def test_a_short_film_believes_what_its_container_states() -> None:
    times = np.round(np.arange(12) * 1001 / 24) / 1000
    assert picture_rate(times, 1e-3, (24000 / 1001,)) == 24000 / 1001
    assert picture_rate(times, 1e-3, (1000.0,)) in (24.0, 24000 / 1001)  # a witness that contradicts the times


def test_an_odd_even_rate_is_measured_over_the_whole_film() -> None:
    times = np.round(np.arange(300) / 27.3 * 1000) / 1000
    assert picture_rate(times, 1e-3) == pytest.approx(27.3, abs=2e-3)


def test_a_variable_rate_gives_the_usual_step() -> None:
    rng = np.random.default_rng(0)
    steps = np.where(rng.uniform(size=400) < 0.2, 0.0667, 0.0333) + rng.normal(0, 0.001, 400)
    times = np.round(np.cumsum(steps), 3)
    assert picture_rate(times, 1e-3) == pytest.approx(30, abs=0.2)
