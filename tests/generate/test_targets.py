"""Named places: read in every form, looked at in the right direction and distance, followed while they move."""

from pathlib import Path

import numpy as np
import pytest

import talkingeyes as te
from talkingeyes import rig, rotations
from talkingeyes.avatar.gltf import Glb
from talkingeyes.avatar.load import open_avatar
from talkingeyes.avatar.rig import AvatarRig
from talkingeyes.errors import MarksError, TargetError
from talkingeyes.generate.pursuit import FASTEST_RAD_S, following
from talkingeyes.generate.targets import parse_target, target_of, targets_of
from talkingeyes.motion import Motion

from ..avatar_rigs import RigKind, build
from .conftest import make_speech

SCREEN = (-0.3, -0.1, 0.8)


def swinging(speed_deg_s: float, duration_s: float = 10.0) -> np.ndarray:
    """Rows of a ball that swings to and fro a metre away, at most so fast."""
    t = np.arange(0, duration_s, 0.02)
    yaw = np.radians(25) * np.sin(np.radians(speed_deg_s) / np.radians(25) * t)
    return np.stack([t, np.sin(yaw), 0.1 + 0 * t, np.cos(yaw)], axis=1)


def off_deg(motion: Motion, points_m: np.ndarray) -> np.ndarray:
    gaze = rotations.direction_from_yaw_pitch(motion.gaze_in_space_rad())
    return np.degrees(rotations.angle_between_rad(gaze, points_m))


def open_between(motion: Motion, from_s: float, to_s: float) -> np.ndarray:
    assert motion.lids is not None
    return (motion.times_s > from_s) & (motion.times_s < to_s) & (motion.lids.max(axis=1) < 0.2)


@pytest.mark.parametrize("text", ["screen=-.3,-.1,.8", "screen = -0.3, -0.1, 0.8"])
def test_a_place_is_read_as_written(text: str) -> None:
    target = parse_target(text)
    gaze, distance = target.at([0.0, 5.0])
    assert np.degrees(gaze[1]) == pytest.approx([-20.556, -6.675], abs=0.01)  # -X is the character's right, -Y down
    assert distance[0] == pytest.approx(np.linalg.norm(SCREEN)) and not target.moves


def test_a_track_is_read_from_a_table_and_rests_on_its_ends(tmp_path: Path) -> None:
    (tmp_path / "track.csv").write_text("time,x,y,z\n0,0,0,1\n2, 0.5,0,1\n")
    target = parse_target(f"ball={tmp_path / 'track.csv'}")
    gaze, _ = target.at([-1.0, 0.0, 1.0, 2.0, 9.0])
    assert target.moves
    assert np.tan(gaze[:, 0]) == pytest.approx([0, 0, 0.25, 0.5, 0.5])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("screen", "cannot read 'screen'"),
        ("=1,2,3", "a name of letters"),
        ("2nd=0,0,1", "a name of letters"),
        ("a=0,0", "cannot read '0,0'"),
        ("a=0,x,1", "cannot read '0,x,1'"),
        ("a=nan,0,1", "nan m away"),
        ("a=0,0,-1", "out of reach"),
        ("a=1,0,0.1", "out of reach"),
        ("a=0,0,0.01", "0.15 to 10000 m is accepted"),
        ("a=gone.csv", "no such file"),
        ("a=gone.glb#Ball", "no such file"),
    ],
)
def test_what_is_no_target_is_refused_in_one_line(text: str, words: str) -> None:
    with pytest.raises(TargetError) as caught:
        parse_target(text)
    assert words in str(caught.value) and "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ("", "its first line is ''"),
        ("t,x,y,z\n0,0,0,1\n", "time,x,y,z is accepted"),
        ("time,x,y,z\n", "1 to"),
        ("time,x,y,z\n0,0,0\n", "rows of time,x,y,z are accepted"),
        ("time,x,y,z\n0,0,0,1\n1,0,0\n", "not four numbers"),
        ("time,x,y,z\n0,0,0,1\n0,0,0,1\n", "do not rise"),
        ("time,x,y,z\n0,0,0,inf\n", "inf m away"),
        ("time,x,y,z\nnan,0,0,1\n", "do not rise"),
    ],
)
def test_damaged_tracks_are_refused(table: str, words: str, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(table)
    with pytest.raises(TargetError, match=words):
        parse_target(f"a={tmp_path / 't.csv'}")


def test_names_are_given_once() -> None:
    with pytest.raises(TargetError, match="given twice"):
        targets_of(["a=0,0,1", "a=0,0,2"])


def test_an_object_of_a_scene_is_seen_from_the_character_in_it(tmp_path: Path) -> None:
    glb = build(RigKind())
    _, avatar = _opened(glb, tmp_path)
    assert avatar.places_m is not None
    places = (avatar.places_m.mean(axis=0) + np.array([[0, 0, 1], [0.5, 0, 1]])).astype(np.float32)
    ball = glb.add("nodes", {"name": "Ball", "translation": places[0].tolist()})
    times = np.array([0, 1], np.float32)
    sampler = {"input": glb.add_accessor(times, "SCALAR"), "output": glb.add_accessor(places, "VEC3")}
    channel = {"sampler": 0, "target": {"node": ball, "path": "translation"}}
    glb.add("animations", {"samplers": [sampler], "channels": [channel]})
    (tmp_path / "scene.glb").write_bytes(glb.to_bytes())
    target = parse_target(f"ball={tmp_path / 'scene.glb'}#Ball")
    assert np.tan(target.at([0.0, 0.5, 1.0, 3.0])[0][:, 0]) == pytest.approx([0, 0.25, 0.5, 0.5], abs=0.01)
    with pytest.raises(TargetError, match="has no node 'Moon'"):
        parse_target(f"a={tmp_path / 'scene.glb'}#Moon")


def _opened(glb: Glb, folder: Path) -> tuple[Glb, AvatarRig]:
    (folder / "plain.glb").write_bytes(glb.to_bytes())
    return open_avatar(folder / "plain.glb")


@pytest.mark.parametrize("model", ["default", "joint"])
def test_marks_look_at_named_targets_with_the_vergence_of_their_distance(model: str) -> None:
    motion = te.animate(make_speech(6), seed=2, look="1-2.5 @near; 3-4 @screen", model=model,
                        targets={"near": (0.0, 0.0, 0.3), "screen": SCREEN})  # fmt: skip
    assert motion.eyes_rad is not None
    held = open_between(motion, 1.05, 2.45)
    vergence = motion.eyes_rad[held, 1, 0] - motion.eyes_rad[held, 0, 0]
    assert np.degrees(vergence) == pytest.approx(np.degrees(rig.vergence_rad(0.3)), abs=0.5)
    assert off_deg(motion, np.array(SCREEN))[open_between(motion, 3.05, 3.95)].max() < 0.5
    assert motion.meta["targets"]["screen"] == {"at_m": list(SCREEN)}


def test_a_mark_that_names_nothing_is_refused() -> None:
    with pytest.raises(MarksError, match="there is no target 'moon'; there is screen"):
        te.animate(make_speech(3), look="1-2 @moon", targets={"screen": SCREEN})


@pytest.mark.parametrize(("speed", "most_deg", "saccades"), [(10, 0.5, 1), (25, 1.0, 1), (120, 12.0, 99)])
def test_slow_targets_are_pursued_smoothly_and_fast_ones_caught_up_with(
    speed: float, most_deg: float, saccades: int
) -> None:
    target = target_of("ball", swinging(speed))
    shifts = following(target, 1.0, 6.0, np.zeros(2))
    assert len(shifts) <= saccades and (saccades == 1 or len(shifts) > 3)
    for shift in shifts:
        assert shift.path is not None
        speeds = np.hypot(*np.diff(shift.path.gaze_rad, axis=0).T) * 50
        assert speeds.max(initial=0) <= FASTEST_RAD_S * 1.001
    take = te.plan_take(make_speech(8), seed=1, fps=60, targets={"ball": target})
    motion = take.edited([{"do": "look", "from_s": 1, "to_s": 6, "target": "ball"}]).motion()
    rows = swinging(speed)
    points = np.stack([np.interp(motion.times_s, rows[:, 0], rows[:, k]) for k in (1, 2, 3)], axis=1)
    assert np.percentile(off_deg(motion, points)[open_between(motion, 1.05, 5.95)], 90) < most_deg


def test_a_mark_on_a_moving_target_follows_it() -> None:
    rows = swinging(12)
    motion = te.animate(make_speech(7), seed=3, look="2-5 @ball", targets={"ball": rows}, fps=60)
    points = np.stack([np.interp(motion.times_s, rows[:, 0], rows[:, k]) for k in (1, 2, 3)], axis=1)
    assert off_deg(motion, points)[open_between(motion, 2.05, 4.95)].max() < 0.6


@pytest.mark.parametrize("model", ["default", "statistical"])
def test_the_gaze_goes_to_a_target_of_its_own_accord_for_about_its_share(model: str) -> None:
    shares = []
    for seed in range(3):
        asked = {"targets": {"screen": SCREEN}, "glance_at": {"screen": 0.3}}
        motion = te.animate(make_speech(30), seed=seed, model=model, **asked)
        shares.append((off_deg(motion, np.array(SCREEN)) < 2.5).mean())
        assert motion.meta["glance_at"] == {"screen": 0.3}
    assert 0.15 < np.mean(shares) < 0.5


@pytest.mark.parametrize(
    ("glances", "words"),
    [
        ({"moon": 0.2}, "no target 'moon'"),
        ({"screen": 0.9}, "0.01 to 0.8"),
        ({"screen": "x"}, "0.01 to 0.8"),
        ({"ball": 0.2}, "moves"),
        ({"screen": 0.5, "desk": 0.5}, "together"),
    ],
)
def test_glances_that_cannot_be_are_named(glances: dict, words: str) -> None:
    targets = {"screen": SCREEN, "desk": (0.2, -0.3, 0.7), "ball": swinging(10)}
    with pytest.raises(TargetError, match=words):
        te.animate(make_speech(1), targets=targets, glance_at=glances)
