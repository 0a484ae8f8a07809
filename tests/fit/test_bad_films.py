"""Films as people have them: swapped and leaving faces, mirrors, slow webcams, ten bits, interlaced, odd pixels."""

import importlib.util
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from talkingeyes.fit import fit_video_closely, video
from talkingeyes.fit.findings import findings

SHARED = Path(__file__).resolve().parents[2] / ".." / "shared" / "data" / "clips"
FRAMES = 44


def needs_clips(test):
    for mark in (
        pytest.mark.shared,
        pytest.mark.skipif(not SHARED.is_dir(), reason="needs ../shared/data beside the checkout"),
        pytest.mark.skipif(importlib.util.find_spec("mediapipe") is None, reason="needs talkingeyes[video]"),
    ):
        test = mark(test)
    return test


def pictures_of(clip, count=FRAMES):
    return [image for _, (_, image) in zip(range(count), video.pictures(clip), strict=False)]


@pytest.fixture(scope="module")
def one():
    return pictures_of(SHARED / "grid_s1" / "bbaf2n.mp4")


@pytest.fixture(scope="module")
def plain(one, tmp_path_factory):
    return fit_video_closely(film(tmp_path_factory.mktemp("plain") / "a.mp4", one), fov_deg=25)


def film(path, images, *, fps=25, codec="libx264", pix_fmt="yuv420p", aspect=None, **options):
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=Fraction(fps))
        stream.height, stream.width = images[0].shape[:2]
        stream.pix_fmt = pix_fmt
        stream.options = {"crf": "12", **options}
        if aspect is not None:
            stream.codec_context.sample_aspect_ratio = aspect
        for image in images:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(np.ascontiguousarray(image), format="rgb24")))
        container.mux(stream.encode())
    return path


def resized(image, width, height):
    frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(image), format="rgb24")
    return frame.reformat(width=width, height=height, interpolation="BICUBIC").to_ndarray()


def apart_deg(a, b):
    """Median angle between two fits' gaze, constant offset removed."""
    count = min(a.num_frames, b.num_frames)
    off = np.degrees(a.gaze_in_space_rad()[:count] - b.gaze_in_space_rad()[:count])
    return float(np.median(np.linalg.norm(off - np.median(off, axis=0), axis=1)))


@needs_clips
def test_ten_bit_hevc_gives_the_same_fit(one, plain, tmp_path):
    path = film(
        tmp_path / "ten.mp4",
        one,
        codec="libx265",
        pix_fmt="yuv420p10le",
        preset="ultrafast",
        **{"x265-params": "log-level=none:pools=1"},
    )
    motion, seen = fit_video_closely(path, fov_deg=25)
    assert motion.num_frames == FRAMES and seen.seen.all()
    assert apart_deg(motion, plain[0]) < 1.0


@needs_clips
def test_pixels_that_are_not_square_are_made_square(one, plain, tmp_path):
    height, width = one[0].shape[:2]
    narrow = [resized(image, width * 3 // 4 // 2 * 2, height) for image in one]
    tagged = film(tmp_path / "tagged.mp4", narrow, aspect=Fraction(4, 3))
    assert next(video.pictures(tagged))[1].shape[1] == pytest.approx(width, abs=4)
    motion, seen = fit_video_closely(tagged, fov_deg=25)
    assert apart_deg(motion, plain[0]) < 1.5
    assert not any("stretched" in line for line in findings(motion, seen))


@needs_clips
def test_a_stretched_picture_without_a_tag_is_said(one, tmp_path):
    height, width = one[0].shape[:2]
    path = film(tmp_path / "wide.mp4", [resized(image, width * 3 // 4 // 2 * 2, height) for image in one])
    assert any("stretched" in line for line in findings(*fit_video_closely(path, fov_deg=25)))


@needs_clips
def test_interlaced_films_are_fitted_from_their_half_pictures(one, plain, tmp_path):
    woven = [image.copy() for image in one]
    for frame, later in zip(woven, [*one[2:], one[-1], one[-1]], strict=True):
        frame[1::2] = later[1::2]
    path = film(tmp_path / "woven.mp4", woven, flags="+ildct+ilme", **{"x264-params": "interlaced=1"})
    motion, seen = fit_video_closely(path, fov_deg=25)
    assert seen.seen.all() and apart_deg(motion, plain[0]) < 2.0


def test_lines_of_two_moments_are_told_from_lines_of_one():
    rng = np.random.default_rng(1)
    smooth = np.cumsum(rng.normal(0, 1, (64, 64)), axis=0)[..., None].repeat(3, axis=2)
    still = (128 + smooth).clip(0, 255).astype(np.uint8)
    woven = still.copy()
    woven[1::2] = np.roll(still, 20, axis=0)[1::2]
    assert not video._combed(still) and video._combed(woven)


@needs_clips
def test_a_slow_webcam_is_fitted_and_said(one, tmp_path):
    motion, seen = fit_video_closely(film(tmp_path / "slow.mp4", one[::2], fps=15), fov_deg=25)
    assert motion.fps == 15 and seen.seen.all()
    assert any("only 15 pictures a second" in line for line in findings(motion, seen))


@needs_clips
def test_a_mirrored_selfie_is_the_mirror_image(one, plain, tmp_path):
    mirrored, _ = fit_video_closely(film(tmp_path / "m.mp4", [image[:, ::-1] for image in one]), fov_deg=25)
    yaw, other = plain[0].head_rad[:, 0], mirrored.head_rad[:, 0]
    assert np.degrees(np.abs((yaw - yaw.mean()) + (other - other.mean())).mean()) < 1.0
    assert abs(np.corrcoef(plain[0].lids.mean(axis=1), mirrored.lids.mean(axis=1))[0, 1]) > 0.8


@needs_clips
def test_a_face_that_leaves_is_filled_in_and_said(one, tmp_path):
    wall = np.full_like(one[0], 90)
    motion, seen = fit_video_closely(film(tmp_path / "gone.mp4", [*one, *[wall] * 20]), fov_deg=25)
    assert motion.num_frames == FRAMES + 20
    assert seen.seen[: FRAMES - 1].all() and not seen.seen[FRAMES + 3 :].any()
    assert motion.filled[FRAMES + 3 :].all() and motion.confidence[FRAMES + 3 :].max() == 0
    assert any("no face in 3" in line for line in findings(motion, seen))
    assert np.isfinite(motion.head_rad).all()


WALL = (240, 640, 3)
WIDE = 190


@pytest.fixture(scope="module")
def two(one):
    """Two men, cut out."""
    other = pictures_of(SHARED / "grid" / "swiz3n.mpg")
    return [[image[24:264, 85 : 85 + WIDE] for image in pictures] for pictures in (one, other)]


def stage(acts, count=FRAMES):
    """Pictures of a wall before which cut-out people stand, those in front last: (pictures, left edge at frame k)."""
    rng = np.random.default_rng(0)
    wall = np.kron(rng.integers(60, 150, (24, 64, 3)), np.ones((10, 10, 1))).astype(np.uint8)
    assert wall.shape == WALL
    out = []
    for k in range(count):
        image = wall.copy()
        for pictures, place in acts:
            left = place(k)
            if left is not None:
                image[:, int(left) : int(left) + WIDE] = pictures[k % FRAMES]
        out.append(image)
    return out


def followed_at(seen, frame):
    """Left edge of the cut-out that is followed."""
    return float(seen.landmarks_px[frame, :, 0].mean()) / seen.scale - WIDE / 2


@needs_clips
def test_two_faces_that_swap_places_at_a_cut_stay_who_they_are(two, tmp_path):
    middle = FRAMES // 2
    acts = [(two[0], lambda k: 40 if k < middle else 400), (two[1], lambda k: 400 if k < middle else 40)]
    motion, seen = fit_video_closely(film(tmp_path / "swap.mp4", stage(acts)), fov_deg=25, person=1)
    assert motion.num_frames == FRAMES and seen.seen.all()
    assert abs(followed_at(seen, middle - 2) - 40) < 40 and abs(followed_at(seen, middle + 2) - 400) < 40
    assert "people" not in motion.meta
    assert any("another person is in the film" in line for line in findings(motion, seen))
    speed = np.linalg.norm(np.diff(motion.head_rad, axis=0), axis=1) * motion.fps
    assert np.degrees(speed.max()) <= 250


@needs_clips
@pytest.mark.parametrize("front", [0, 1])
def test_two_faces_that_cross_stay_who_they_are(two, tmp_path, front):
    def there(k):
        return 40 + 360 * np.clip((k - 6) / 30, 0, 1)

    acts = [(two[0], there), (two[1], lambda k: 440 - there(k))]
    path = film(tmp_path / "cross.mp4", stage(acts if front == 1 else acts[::-1]))
    _, seen = fit_video_closely(path, fov_deg=25, person=1)
    frames = np.flatnonzero(seen.seen)
    assert len(frames) > 0.7 * FRAMES and frames[-1] == FRAMES - 1
    assert all(abs(followed_at(seen, k) - there(k)) < 45 for k in frames)


@needs_clips
def test_a_face_that_comes_back_elsewhere_is_the_same_and_said(two, tmp_path):
    acts = [(two[0], lambda k: 380 if k < 20 else None if k < 40 else 60)]
    motion, seen = fit_video_closely(film(tmp_path / "back.mp4", stage(acts, 60)), fov_deg=25)
    assert seen.seen[:20].all() and not seen.seen[21:39].any() and seen.seen[41:].all()
    assert any("the same face comes back at 1.6 s" in line for line in findings(motion, seen))


@needs_clips
def test_another_face_that_takes_the_place_is_not_followed_and_said(two, tmp_path):
    acts = [(two[0], lambda k: 200 if k < 40 else None), (two[1], lambda k: 200 if k >= 46 else None)]
    motion, seen = fit_video_closely(film(tmp_path / "other.mp4", stage(acts, 70)), fov_deg=25)
    assert seen.seen[:40].all() and not seen.seen[41:].any()
    assert motion.confidence[42:].max() == 0
    said = findings(motion, seen)
    assert any("without the one who is followed" in line for line in said)
