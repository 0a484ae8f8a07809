"""The documented way from a .flame.npz to meshes, run as it stands in docs/tools/flame.md, on a made-up FLAME model."""

from __future__ import annotations

import pickle
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from talkingeyes.formats import save
from talkingeyes.motion import Motion
from talkingeyes.rotations import angle_between_rad, matrix_from_ypr

DOCUMENT = Path(__file__).parents[1] / "docs" / "tools" / "flame.md"
JOINTS = np.array([[0, -0.1, 0], [0, 0, 0], [0, 0.02, 0.02], [0.03, 0.08, 0.06], [-0.03, 0.08, 0.06]])
PARENTS = (-1, 0, 1, 1, 1)


def write_model(folder: Path) -> None:
    """FLAME's five joints, four vertices around each, in the files that smplx reads."""
    corners = np.array([[0, 0, 0.012], [0.008, -0.005, -0.004], [-0.008, -0.005, -0.004], [0, 0.01, -0.004]])
    corners = corners - corners.mean(axis=0)
    points = (JOINTS[:, None] + corners).reshape(-1, 3)
    count = len(points)
    owner = np.repeat(np.arange(5), 4)
    faces = np.array([[4 * j + k for k in f] for j in range(5) for f in ((0, 1, 2), (0, 2, 3), (0, 3, 1), (1, 3, 2))])
    model = {
        "v_template": points,
        "f": faces.astype(np.uint32),
        "shapedirs": np.zeros((count, 3, 400)),
        "posedirs": np.zeros((count, 3, 36)),
        "J_regressor": (owner[None] == np.arange(5)[:, None]) / 4.0,
        "weights": (owner[:, None] == np.arange(5)[None]).astype(float),
        "kintree_table": np.array([PARENTS, range(5)]),
    }
    landmarks = {"lmk_face_idx": np.zeros(51, np.int64), "lmk_b_coords": np.full((51, 3), 1 / 3)}
    folder.mkdir(parents=True)
    for name, content in (("FLAME_NEUTRAL", model), ("flame_static_embedding", landmarks)):
        (folder / f"{name}.pkl").write_bytes(pickle.dumps(content))


@pytest.mark.skipif(not DOCUMENT.is_file(), reason="docs/ is not here (installed package)")
def test_the_documented_lines_give_meshes_whose_eyes_follow_the_motion(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    pytest.importorskip("smplx", reason="smplx is not installed (pip install smplx torch)")
    rng = np.random.default_rng(0)
    head = rng.uniform(-0.5, 0.5, (6, 3))
    eyes = rng.uniform(-0.4, 0.4, (6, 2, 2))
    motion = Motion(fps=25, head_rad=head, eyes_rad=eyes, lids=np.zeros((6, 2)))
    save(motion, tmp_path / "talk.flame.npz")
    write_model(tmp_path / "models" / "flame")
    monkeypatch.chdir(tmp_path)
    code = re.search(r"```python\n(.*?)```", DOCUMENT.read_text(encoding="utf-8"), re.DOTALL)
    assert code is not None
    scope: dict[str, Any] = {}
    exec(code[1], scope)
    pieces = scope["vertices"].reshape(6, 5, 4, 3)
    forward = pieces[:, :, 0] - pieces[:, :, 1:].mean(axis=2)
    turn = matrix_from_ypr(head)
    assert np.degrees(angle_between_rad(forward[:, 1], turn[:, :, 2]).max()) < 0.01
    for side in (0, 1):
        gaze = (turn @ matrix_from_ypr(eyes[:, side]))[:, :, 2]
        assert np.degrees(angle_between_rad(forward[:, 3 + side], gaze).max()) < 0.01
    assert (pieces[:, 3, :, 0].mean(axis=1) > pieces[:, 4, :, 0].mean(axis=1)).all()
