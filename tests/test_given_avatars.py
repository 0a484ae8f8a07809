"""Avatars that people really use, from the development data: the eyes of the written file, vertex by vertex."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from pygltflib import GLTF2

from talkingeyes.avatar.load import open_avatar
from talkingeyes.cli import main
from talkingeyes.formats import save
from talkingeyes.rig import EYE_LOOK_SIDE_RAD
from talkingeyes.rotations import matrix_from_ypr
from tests.library_reads_materials import Pose
from tests.test_any_avatar import FPS, FRAMES, TOLERANCE_DEG, looks

DATA = Path(__file__).parents[1].parent / "shared" / "data"
AVATARS, CASES = DATA / "avatars", DATA / "cases"
BALLS = {
    "brunette-t": (AVATARS / "brunette-t.glb", "EyeLeft", "EyeRight"),
    "rpm_visemes_only": (AVATARS / "rpm_visemes_only.glb", "EyeLeft", "EyeRight"),
    "rpm-eyes-turn-twice": (CASES / "rpm-eyes-turn-twice" / "eyes.glb", "EyeLeftMesh", "EyeRightMesh"),
    "flat-eyes-turn-twice": (CASES / "flat-eyes-turn-twice" / "eyes.glb", "EyeLeftMesh", "EyeRightMesh"),
}


def given(path: Path) -> Path:
    if not path.exists():
        pytest.skip("the development data is not beside the checkout")
    return path


def points(
    path: Path, node_name: str, materials: tuple[str, ...] = ("",), frames: list[int] = FRAMES
) -> list[list[np.ndarray]]:
    """Of each material, at each of the frames of `looks`: (V, 3) deformed vertices by pygltflib and numpy alone."""
    gltf = GLTF2().load_binary(str(path))
    index = next(i for i, node in enumerate(gltf.nodes) if node.name == node_name)
    poses = [Pose(gltf, f / FPS) for f in frames]
    found = []
    for material in materials:
        wanted = [
            p
            for p in gltf.meshes[gltf.nodes[index].mesh].primitives
            if not material or material in gltf.materials[p.material].name
        ]
        found.append([np.concatenate([pose.points(index, p) for p in wanted]) for pose in poses])
    return found


def turn_between(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    """The rotation that takes one cloud of points to the other (Kabsch)."""
    u, _, v = np.linalg.svd((after - after.mean(axis=0)).T @ (before - before.mean(axis=0)))
    return u @ np.diag([1, 1, np.linalg.det(u @ v)]) @ v


@pytest.mark.parametrize("name", BALLS)
def test_eyes_of_given_avatars_turn_by_the_motions_own_angle(name: str, tmp_path: Path):
    path, *nodes = BALLS[name]
    motion = looks()
    save(motion, tmp_path / "moving.glb", avatar=given(path))
    worst = 0.0
    for index, node in enumerate(nodes):
        (clouds,) = points(tmp_path / "moving.glb", node)
        for frame, cloud in enumerate(clouds):
            seen = turn_between(clouds[0], cloud)[:, 2]
            meant = (matrix_from_ypr(motion.head_rad[frame]) @ matrix_from_ypr(motion.eyes_rad[frame, index]))[:, 2]
            worst = max(worst, float(np.degrees(np.arccos(np.clip(seen @ meant, -1, 1)))))
    assert worst < TOLERANCE_DEG, f"{worst:.2f} deg off"


def test_the_irises_of_a_vroid_move_once_and_stay_in_the_eye(tmp_path: Path):
    source = given(AVATARS / "vroid.glb")
    motion = looks()
    save(motion, tmp_path / "moving.glb", avatar=source)
    frames = [0, 1, 2, 6]
    irises, whites = points(tmp_path / "moving.glb", "Face", ("EyeIris", "EyeWhite"), frames)
    rest = irises[0]
    for side, sign in enumerate((1, -1)):
        iris, white = rest[:, 0] * sign > 0, whites[0][:, 0] * sign > 0
        for at, frame in enumerate(frames):
            head = matrix_from_ypr(motion.head_rad[frame])
            still = (irises[at][iris] - whites[at][white].mean(axis=0)) @ head
            slid = (still - (rest[iris] - whites[0][white].mean(axis=0))).mean(axis=0)
            yaw, pitch = motion.eyes_rad[frame, side]
            assert slid[0] == pytest.approx(0.072 * np.radians(7.1) * yaw / EYE_LOOK_SIDE_RAD, abs=8e-4)
            assert np.sign(slid[1]) == np.sign(pitch) or abs(pitch) < 0.02
            middle = still.mean(axis=0) + whites[0][white].mean(axis=0)
            assert np.all(whites[0][white].min(axis=0)[:2] < middle[:2])
            assert np.all(middle[:2] < whites[0][white].max(axis=0)[:2])


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("brunette-t.glb", set()),
        ("Godette_vrm_v4.vrm", {"eyes"}),  # its look-at table is full at 12.7 deg, the gaze goes to 25
        ("rpm_visemes_only.glb", {"blinks"}),
        ("RobotExpressive.glb", {"eyes", "blinks", "mouth"}),
        ("VRMC_vrm_expressions_isBinary_Overrides.vrm", {"eyes", "blinks", "mouth"}),
    ],
)
def test_what_given_avatars_cannot_show_is_said(name: str, parts: set[str], tmp_path: Path, capsys):
    source = given(AVATARS / name)
    face = {"face": np.full((12, 1), 0.5), "face_names": ("jawOpen",)}
    motion = looks()
    save(type(motion)(fps=FPS, **motion.channels, **face), tmp_path / "m.npz")
    arguments = ["convert", str(tmp_path / "m.npz"), str(tmp_path / "o.glb"), "--avatar", str(source), "--json"]
    assert main(arguments) == 0
    said = capsys.readouterr()
    rows = json.loads(said.out)["avatar"]["cannot_show"]
    assert {row["part"] for row in rows} == parts
    notes = [line for line in said.err.splitlines() if "note:" in line]
    assert len(notes) == (1 if parts else 0)
    assert all(part in notes[0] for part in parts)


@pytest.mark.parametrize("name", ["VRMC_materials_mtoon_UV_Animation_Test.vrm", "facecap_truncated.glb"])
def test_given_files_that_cannot_move_are_refused_in_one_line(name: str, tmp_path: Path):
    source = given(AVATARS / name)
    save(looks(), tmp_path / "m.npz")
    command = [sys.executable, "-m", "talkingeyes", "convert", str(tmp_path / "m.npz"), str(tmp_path / "o.glb")]
    run = subprocess.run([*command, "--avatar", str(source)], capture_output=True, text=True, check=False)
    assert run.returncode == 2
    assert len(run.stderr.splitlines()) == 1
    assert name in run.stderr


def test_rig_shows_the_avatars_own_figures(capsys):
    assert main(["rig", str(given(AVATARS / "Godette_vrm_v4.vrm"))]) == 0
    assert "full at a gaze of 12.7 deg sideways, 31.0 up, 23.1 down" in capsys.readouterr().out
    _, rig = open_avatar(given(AVATARS / "brunette-t.glb"))
    assert rig.resting and rig.eye_looks, "eyes' shapes rest, lids' shapes are driven"
