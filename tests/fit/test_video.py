"""Videos as they come: variable rate, turned phones, late pictures, damage, and files that are no videos."""

import os
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from talkingeyes.errors import SettingError, VideoError
from talkingeyes.fit import fit_video, video
from talkingeyes.fit.faces import CutFinder, People


def make_video(path, times_ms, size=(64, 48), sound_s=0.0, sound_start_ms=0, pixels=None):
    """Pictures whose brightness counts them, shown at given times."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=Fraction(1000))
        stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
        stream.options = {"crf": "5", "bf": "0"}
        stream.codec_context.time_base = Fraction(1, 1000)
        voice = container.add_stream("aac", rate=16000, layout="mono") if sound_s else None
        for number, time_ms in enumerate(times_ms):
            image = np.full((size[1], size[0], 3), (5 * number) % 250, np.uint8) if pixels is None else pixels(number)
            frame = av.VideoFrame.from_ndarray(image, format="rgb24")
            frame.pts, frame.time_base = int(time_ms), Fraction(1, 1000)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
        if voice is not None:
            for block in range(int(sound_s * 16000 / 1024)):
                sound = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), format="fltp", layout="mono")
                sound.sample_rate, sound.time_base = 16000, Fraction(1, 16000)
                sound.pts = sound_start_ms * 16 + block * 1024
                container.mux(voice.encode(sound))
            container.mux(voice.encode())
    return path


def test_times_and_pictures_come_in_order(tmp_path):
    path = make_video(tmp_path / "a.mp4", range(0, 400, 40))
    shown = list(video.pictures(path))
    assert np.allclose([t for t, _ in shown], np.arange(10) * 0.04, atol=2e-3)
    assert all(image.shape == (48, 64, 3) for _, image in shown)


def test_only_the_wanted_pictures_are_converted(tmp_path):
    path = make_video(tmp_path / "a.mp4", range(0, 400, 40))
    everything, some = list(video.pictures(path)), list(video.pictures(path, wanted={2, 7}))
    assert [t for t, _ in some] == [everything[2][0], everything[7][0]]


def test_shrinking_keeps_the_shape(tmp_path):
    path = make_video(tmp_path / "a.mp4", range(0, 200, 40))
    assert next(video.pictures(path, 0.5))[1].shape == (24, 32, 3)


@pytest.mark.parametrize("degrees", [90, 180, -90])
def test_a_turned_picture_is_put_upright(degrees):
    image = np.arange(12, dtype=np.uint8).reshape(3, 4)
    turned = video._upright(np.stack([image] * 3, axis=-1), degrees)
    assert turned.shape[:2] == ((4, 3) if abs(degrees) == 90 else (3, 4))
    assert np.array_equal(video._upright(turned, -degrees)[..., 0], image)


def test_variable_rate_becomes_the_median_rate():
    times = np.cumsum([0, *([0.04] * 50), *([0.08] * 10), *([0.04] * 40)]).tolist()
    timing = video.timing(times, None, 25.0)
    assert timing.fps == 25
    shown = np.array(times)[timing.source]
    assert np.abs(shown - np.arange(len(shown)) / 25).max() <= 0.0401
    assert len(shown) == round(times[-1] * 25) + 1


def test_the_sound_is_the_clock():
    times = [0.1 + i / 25 for i in range(50)]
    late = video.timing(times, 0.3, 25.0)
    assert late.source[0] == 5
    early = video.timing(times, 0.02, 25.0)
    assert early.source[0] == 0 and early.held[0] and not early.held[10]


def test_a_file_that_lies_about_its_rate_is_believed_by_its_times():
    assert video.timing([i / 30 for i in range(60)], None, 1000.0).fps == pytest.approx(30)


def test_missing_times_fall_back_to_the_header():
    assert video.timing([None] * 30, 0.5, 24.0).fps == 24


def test_too_few_pictures():
    with pytest.raises(VideoError, match="too few"):
        video.timing([0.0, 0.04, 0.08], None, 25.0)


def test_sound_start_is_read(tmp_path):
    path = make_video(tmp_path / "a.mkv", range(0, 1000, 40), sound_s=1.0, sound_start_ms=200)
    start_s = video.sound_start_s(path)
    assert start_s is not None and 0.1 < start_s < 0.25
    assert video.sound_start_s(make_video(tmp_path / "b.mp4", range(0, 400, 40))) is None


def hostile(tmp_path: Path) -> dict[str, Path]:
    good = make_video(tmp_path / "good.mp4", range(0, 2000, 40)).read_bytes()
    files = {
        "empty.mp4": b"",
        "text.mp4": b"not a video\n" * 50,
        "cut.mp4": good[: len(good) // 3],
        "noise.mp4": os.urandom(4096),
    }
    files["list.m3u8"] = b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n"
    files["list.ffconcat"] = b"ffconcat version 1.0\nfile /etc/passwd\n"
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    from PIL import Image

    Image.new("RGB", (64, 64)).save(tmp_path / "still.png")
    (tmp_path / "folder.mp4").mkdir()
    make_video(tmp_path / "three.mp4", (0, 40, 80))
    (tmp_path / "http:__x.mp4").write_bytes(b"x")
    names = [*files, "still.png", "folder.mp4", "three.mp4", "missing.mp4", "http:__x.mp4"]
    return {name: tmp_path / name for name in names}


def test_what_is_no_video_gets_one_clear_error(tmp_path):
    pytest.importorskip("mediapipe")
    for name, path in hostile(tmp_path).items():
        with pytest.raises(VideoError) as caught:
            fit_video(path)
        message = str(caught.value)
        assert name in message and "\n" not in message, message


def test_a_device_is_not_read():
    with pytest.raises(VideoError, match="not an ordinary file"):
        next(video.pictures(Path("/dev/zero")))


@pytest.mark.parametrize("fov", [0, -3, 180, float("nan")])
def test_an_impossible_field_of_view(fov, tmp_path):
    with pytest.raises(SettingError, match="field of view"):
        fit_video(tmp_path / "x.mp4", fov_deg=fov)


def test_no_face_and_cartoons_are_named(tmp_path):
    pytest.importorskip("mediapipe")

    def cartoon(number):
        image = np.full((240, 240, 3), 255, np.uint8)
        y, x = np.mgrid[:240, :240]
        image[(x - 120) ** 2 + (y - 120) ** 2 < 90**2] = (255, 220, 0)
        image[(x - 90 - number % 3) ** 2 + (y - 100) ** 2 < 12**2] = 0
        return image

    path = make_video(tmp_path / "cartoon.mp4", range(0, 400, 40), (240, 240), pixels=cartoon)
    with pytest.raises(VideoError, match="face"):
        fit_video(path)


def face_at(x, size=100.0):
    points = np.random.default_rng(0).uniform(-0.5, 0.5, (478, 2)) * size
    return points + np.array([x, 100])


def test_the_large_steady_face_is_the_speaker_and_numbers_count_from_the_left():
    people = People()
    for i in range(50):
        faces = [face_at(400 + i), face_at(100, 60)]
        if i % 17 == 0:
            faces.append(face_at(700, 200))
        people.add(i, np.array(faces))
    assert 400 < people.choose(None).middle_x < 460
    assert people.choose(1).middle_x < 200 < people.choose(2).middle_x
    with pytest.raises(VideoError, match="person 9 of 2"):
        people.choose(9)


def test_cuts_are_found_and_motion_is_not_a_cut():
    y, x = np.mgrid[:90, :120]
    finder = CutFinder()
    for i in range(60):
        wave = np.sin((x + i) / (10 + 8 * (i // 20))) + np.cos(y / (6 + 5 * (i // 20)))
        finder.add(np.repeat((wave * 50 + 120)[..., None], 3, axis=2).astype(np.uint8))
    assert finder.cuts() == [20, 40]


def test_times_that_only_fall_are_those_of_the_stated_rate():
    """The first picture late, the others before it: nothing is left to measure a rate by."""
    found = video.timing([5.0, 1.0, 1.04, 1.08, 1.12], None, fallback_fps=25.0)
    assert found.fps == 25.0
    assert len(found.source) == 5


def test_a_film_of_an_unknown_codec_is_one_line(tmp_path):
    path = tmp_path / "film.avi"
    with av.open(str(path), "w") as out:
        stream = out.add_stream("mpeg4", rate=25)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for _ in range(6):
            out.mux(stream.encode(av.VideoFrame.from_ndarray(np.zeros((48, 64, 3), np.uint8), "rgb24")))
        out.mux(stream.encode(None))
    path.write_bytes(path.read_bytes().replace(b"FMP4", b"QQQQ"))
    with pytest.raises(VideoError, match="of a kind that cannot be decoded"):
        video.Film(path)
