"""Sets that users fetch: FraGA, Multi-TPC, FLAME tracks of talking-head projects, ELAN gaze tiers, anybody's tables."""

import gzip
import json
import zipfile
from pathlib import Path

import numpy as np
import pytest

from talkingeyes import rotations
from talkingeyes.cli import main
from talkingeyes.data import elan, flame_tracks, fraga, mapped, multi_tpc
from talkingeyes.data.columns import mapping_from
from talkingeyes.errors import FormatError, SettingError, TalkingEyesError
from tests.data.test_importers import flame, taken, voice

SHARED = Path(__file__).resolve().parents[2] / ".." / "shared" / "data"


def only(samples):
    (sample,) = samples.values()
    return sample


# --- tables -----------------------------------------------------------------------------------------------------------


def table(folder, mapping, rows, name="a.csv"):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "mapping.json").write_text(json.dumps(mapping))
    (folder / name).write_text("\n".join(",".join(map(str, row)) for row in rows) + "\n")
    return folder


ANGLES = {
    "fps": 50,
    "head": {"yaw": "-hy", "pitch": "hp"},
    "left_eye": {"yaw": "-ly", "pitch": "lp"},
    "right_eye": {"yaw": "-ry", "pitch": "rp"},
    "lids": {"left": "ol", "right": "or", "open": True},
    "face": {"jawOpen": "jaw"},
}
HEADER = ["hy", "hp", "ly", "lp", "ry", "rp", "ol", "or", "jaw"]


def test_a_table_of_degrees_with_other_signs_becomes_our_angles(tmp_path):
    rows = [HEADER, *([10, 5, 4, -2, 6, -3, 0.9, 0.25, 0.5] for _ in range(60))]
    _, samples = taken(mapped.source_of(table(tmp_path / "t", ANGLES, rows)), tmp_path / "out")
    motion = only(samples).motion
    assert motion.fps == 50 and motion.num_frames == 60
    assert np.degrees(motion.head_rad[0]) == pytest.approx([-10, 5, 0], abs=1e-3)
    assert np.degrees(motion.eyes_rad[0]) == pytest.approx(np.array([[-4, -2], [-6, -3]]), abs=1e-3)
    assert motion.lids[0] == pytest.approx([0.1, 0.75])
    assert motion.face_names == ("jawOpen",) and motion.face[0, 0] == 0.5


@pytest.mark.parametrize("axes", ["ours", "unity", "opengl"])
def test_quaternions_of_each_system_turn_the_head_the_same_way(axes, tmp_path):
    """A head that is turned to its own left, up and over: written by the right-hand rule of each system's axes."""
    ypr = np.radians([[20.0, -8.0, 5.0]])
    flip = np.diag({"ours": [1, 1, 1], "unity": [-1, 1, 1], "opengl": [-1, 1, -1]}[axes])
    matrix = flip @ rotations.matrix_from_ypr(ypr)[0] @ flip
    w = np.sqrt(1 + np.trace(matrix)) / 2
    x, y, z = ((matrix[a, b] - matrix[b, a]) / (4 * w) for a, b in ((2, 1), (0, 2), (1, 0)))
    mapping = {"fps": 30, "head": {"quaternion": ["x", "y", "z", "w"], "axes": axes}}
    rows = [["x", "y", "z", "w"], *([x, y, z, w] for _ in range(40))]
    _, samples = taken(mapped.source_of(table(tmp_path / "t", mapping, rows)), tmp_path / "out")
    assert only(samples).motion.head_rad[3] == pytest.approx(ypr[0], abs=1e-5)


def test_uneven_times_become_an_even_rate_and_missing_rows_are_marked(tmp_path):
    rng = np.random.default_rng(1)
    times = np.cumsum(np.full(400, 10.0)) + rng.uniform(-2, 2, 400)
    yaw = 10 * np.sin(times / 400)
    rows = [["t", "yaw", "ok"], *([t, y, 1] for t, y in zip(times, yaw, strict=True))]
    for row in rows[101:151]:
        row[1], row[2] = "", 0
    mapping = {
        "time": {"column": "t", "unit": "ms"},
        "gaze": {"yaw": "yaw"},
        "valid": "ok",
        "angles": "deg",
        "role": "listening",
    }
    _, samples = taken(mapped.source_of(table(tmp_path / "t", mapping, rows)), tmp_path / "out")
    motion = only(samples).motion
    assert motion.fps == pytest.approx(100, rel=0.02) and motion.gaze_rad is not None
    expected = np.radians(10) * np.sin((times[0] + 1000 * np.arange(motion.num_frames) / motion.fps) / 400)
    good = ~motion.filled[:, 0]
    assert np.abs(motion.gaze_rad[:, 0] - expected)[good].max() < 5e-3
    assert 0.1 < motion.filled.mean() < 0.15
    assert only(samples).row["role"] == "listening"


def test_eyes_in_space_and_gaze_with_a_head_are_taken_into_the_head(tmp_path):
    rows = [["h", "g"], *([20, 25] for _ in range(40))]
    for name, mapping in (
        ("a", {"fps": 30, "head": {"yaw": "h"}, "eyes": {"yaw": "g"}, "eyes_in": "space"}),
        ("b", {"fps": 30, "head": {"yaw": "h"}, "gaze": {"yaw": "g"}}),
    ):
        _, samples = taken(mapped.source_of(table(tmp_path / name, mapping, rows)), tmp_path / f"out{name}")
        assert np.degrees(only(samples).motion.eyes_rad[0]) == pytest.approx(np.array([[5, 0], [5, 0]]), abs=1e-3)


@pytest.mark.parametrize("form", ["rows", "columns", "gz"])
def test_json_rows_json_columns_and_gzipped_tables_hold_the_same(form, tmp_path):
    folder, yaw = tmp_path / "t", [float(k) for k in range(60)]
    folder.mkdir()
    (folder / "mapping.json").write_text(json.dumps({"fps": 30, "head": {"yaw": "yaw"}, "angles": "deg"}))
    if form == "rows":
        (folder / "a.json").write_text(json.dumps([{"yaw": value} for value in yaw]))
    elif form == "columns":
        (folder / "a.json").write_text(json.dumps({"yaw": yaw, "name": "x"}))
    else:
        (folder / "a.csv.gz").write_bytes(gzip.compress(b"yaw;b\n" + "".join(f"{v};1\n" for v in yaw).encode()))
    _, samples = taken(mapped.source_of(folder), tmp_path / "out")
    assert np.degrees(only(samples).motion.head_rad[:, 0]) == pytest.approx(yaw, abs=1e-3)


@pytest.mark.parametrize(
    ("mapping", "words"),
    [
        ([], "no object"),
        ({"head": {"yaw": "a"}}, "one of fps and time"),
        ({"fps": 30, "time": {"column": "t", "unit": "s"}, "head": {"yaw": "a"}}, "one of fps and time"),
        ({"fps": 0, "head": {"yaw": "a"}}, "1 to 2000"),
        ({"fps": True, "head": {"yaw": "a"}}, "1 to 2000"),
        ({"fps": 30}, "maps nothing"),
        ({"fps": 30, "haed": {}}, "'haed' is not known"),
        ({"fps": 30, "head": {"jaw": "a"}}, "yaw, pitch, roll"),
        ({"fps": 30, "head": {"quaternion": ["a", "b"]}}, "four columns"),
        ({"fps": 30, "head": {"quaternion": list("abcd"), "axes": "maya"}}, "ours, unity, opengl"),
        ({"fps": 30, "eyes": {"yaw": "a"}, "eyes_in": "space"}, "need the head"),
        ({"fps": 30, "face": {"eyeBlinkLeft": "a"}}, "no ARKit name of the face"),
        ({"fps": 30, "lids": {"left": "a"}}, "left, right"),
        ({"fps": 30, "head": {"yaw": "a"}, "angles": "grad"}, "deg, rad"),
        ({"time": {"column": "t", "unit": "h"}, "head": {"yaw": "a"}}, "s, ms, us, ns"),
        ({"fps": 30, "head": {"yaw": "a"}, "role": "singing"}, "speaking, listening"),
    ],
)
def test_a_wrong_mapping_is_one_clear_line(mapping, words):
    with pytest.raises(FormatError, match=words) as caught:
        mapping_from(mapping, "mapping.json")
    assert "\n" not in str(caught.value)


def test_tables_that_do_not_fit_the_mapping_are_named(tmp_path):
    folder = table(tmp_path / "t", ANGLES, [HEADER, *([0.0] * 9 for _ in range(60))])
    (folder / "lacks.csv").write_text("hy,hp\n" + "1,2\n" * 60)
    (folder / "empty.csv").write_text("")
    (folder / "words.csv").write_text(",".join(HEADER) + "\n" + ",".join("x" * 9) + "\n" + ",".join("y" * 9) + "\n")
    (folder / "ragged.csv").write_text(",".join(HEADER) + "\n1,2\n" + "1,2,3,4,5,6,7,8,9\n" * 5)
    (folder / "bytes.csv").write_bytes(b"\xff\xfe\x00")
    (folder / "list.json").write_text("[1, 2]")
    (folder / "cut.csv.gz").write_bytes(gzip.compress(b"hy,hp\n1,2\n" * 1000)[:40])
    report, samples = taken(mapped.source_of(folder), tmp_path / "out")
    assert set(samples) == {"a.csv"}
    reasons = dict(report.rejected)
    assert "lacks the column 'ly'" in reasons["lacks.csv"]
    assert len(reasons) == 7 and all("unexpected" not in reason for reason in reasons.values()), reasons


# --- FLAME tracks -----------------------------------------------------------------------------------------------------


def test_flame_tracks_in_the_arrays_of_several_projects_are_the_same_motion(tmp_path):
    single = flame()
    head, jaw, eyes = single["global_orient"], single["jaw_pose"], single["eye_pose"]
    neck, expression = single["neck_pose"], np.ones((50, 100))
    root = tmp_path / "tracks"
    root.mkdir()
    np.savez(root / "single.npz", **single)
    np.savez(root / "gagavatar.npz", posecode=np.hstack([head, jaw]), eyecode=eyes, expcode=expression)
    np.savez(root / "full.npz", full_pose=np.hstack([head, neck, jaw, eyes]), fps=np.array(25))
    np.savez(root / "artalk.npz", motion=np.hstack([expression, head, jaw]))
    np.savez(root / "none.npz", expcode=expression)
    np.savez(root / "wide.npz", posecode=np.zeros((50, 7)))
    np.savez(root / "pickle.npz", posecode=np.array([object()], dtype=object))
    report, samples = taken(flame_tracks.source_of(root), tmp_path / "out")
    assert set(samples) == {f"{name}.npz" for name in ("single", "gagavatar", "full", "artalk")}
    want = samples["single.npz"].motion
    for name in ("gagavatar", "full"):
        got = samples[f"{name}.npz"].motion
        for channel in ("head_rad", "eyes_rad", "face"):
            assert np.allclose(getattr(got, channel), getattr(want, channel), atol=1e-6), (name, channel)
    assert samples["artalk.npz"].motion.eyes_rad is None
    assert np.allclose(samples["artalk.npz"].motion.head_rad, want.head_rad, atol=1e-6)
    reasons = dict(report.rejected)
    assert "neither eyes, head nor lids" in reasons["none.npz"] and "(T, 6)" in reasons["wide.npz"]


def test_a_head_that_is_kept_in_the_camera_is_the_same_motion(tmp_path):
    single = flame()
    head, jaw, eyes = single["global_orient"], single["jaw_pose"], single["eye_pose"]
    facing = np.swapaxes(rotations.matrix_from_axis_angle(head), 1, 2) @ np.diag([-1.0, 1.0, -1.0])
    camera = np.concatenate([facing, np.tile([[[0.1], [0.2], [12.0]]], (50, 1, 1))], axis=2)
    own = {key: value for key, value in single.items() if key not in ("global_orient", "neck_pose")}
    root = tmp_path / "tracks"
    root.mkdir()
    np.savez(root / "own.npz", global_orient=head, **own)
    np.savez(root / "track.npz", posecode=np.hstack([0 * head, jaw]), eyecode=eyes, transform_matrix=camera)
    np.savez(root / "pear.npz", pose_params=head, eye_pose_params=eyes, jaw_params=jaw)
    np.savez(root / "bent.npz", posecode=np.hstack([0 * head, jaw]), transform_matrix=camera * 2)
    report, samples = taken(flame_tracks.source_of(root), tmp_path / "out")
    for name in ("track", "pear"):
        for channel in ("head_rad", "eyes_rad"):
            got, want = (getattr(samples[f"{n}.npz"].motion, channel) for n in (name, "own"))
            assert np.allclose(got, want, atol=1e-6), (name, channel)
    assert "holds no rotations" in dict(report.rejected)["bent.npz"]


def test_two_people_of_a_dialogue_in_one_file_are_two_samples_with_their_roles(tmp_path):
    root = tmp_path / "dyads" / "d1"
    root.mkdir(parents=True)
    listening = {f"listener_{key}": value for key, value in flame(global_orient=np.zeros((50, 3))).items()}
    speaking = {f"speaker_{key}": value for key, value in flame().items()}
    np.savez(root / "a.npz", **speaking, **listening)
    source = flame_tracks.source_of(tmp_path / "dyads")
    assert source.files[0].speakers == ("d1 speaker", "d1 listener")
    from talkingeyes.data.build import build
    from talkingeyes.data.dataset import open_dataset
    from tests.data.test_importers import in_process

    build(source, tmp_path / "out", engine=in_process)
    data = open_dataset(tmp_path / "out")
    rows = sorted((entry.row["part"], entry.row["role"]) for _, entry in data.entries())
    assert rows == [(0, "speaking"), (1, "listening")]


# --- ELAN -------------------------------------------------------------------------------------------------------------

EAF = """<?xml version="1.0" encoding="UTF-8"?>
<ANNOTATION_DOCUMENT><TIME_ORDER>{slots}</TIME_ORDER>{tiers}</ANNOTATION_DOCUMENT>
"""


def eaf(path, tiers):
    """Tiers: name -> spans of milliseconds with a label."""
    times = sorted({t for spans in tiers.values() for start, stop, _ in spans for t in (start, stop)})
    slots = "".join(f'<TIME_SLOT TIME_SLOT_ID="t{t}" TIME_VALUE="{t}"/>' for t in times)
    body = ""
    for name, spans in tiers.items():
        rows = "".join(
            f'<ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="a" TIME_SLOT_REF1="t{a}" TIME_SLOT_REF2="t{b}">'
            f"<ANNOTATION_VALUE>{label}</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION>"
            for a, b, label in spans
        )
        body += f'<TIER TIER_ID="{name}" PARTICIPANT="{name}">{rows}</TIER>'
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(EAF.format(slots=slots, tiers=body))
    return path


def test_gaze_tiers_become_gaze_at_the_partner_or_away_with_the_turns_beside(tmp_path):
    gaze = [(0, 4000, "g"), (4000, 6000, "x"), (6000, 10000, "g")]
    eaf(tmp_path / "e" / "d.eaf", {"speaker1": [(500, 3000, "hello")], "gaze speaker1": gaze,
                                   "speaker2": [(3500, 5000, "yes")], "gaze speaker2": [(0, 9000, "x")]})  # fmt: skip
    source = elan.source_of(tmp_path / "e")
    assert source.files[0].speakers == ("d speaker1", "d speaker2")
    from talkingeyes.data.build import build
    from talkingeyes.data.dataset import open_dataset
    from tests.data.test_importers import in_process

    build(source, tmp_path / "out", engine=in_process)
    data = open_dataset(tmp_path / "out")
    first = next(s.sample(e) for s, e in data.entries() if e.row["part"] == 0)
    motion = first.motion
    assert motion.num_frames == 250 and not motion.filled[:100, 0].any() and motion.filled[100:150, 0].all()
    assert (motion.gaze_rad[:100] == 0).all() and (motion.gaze_rad[100:150, 0] != 0).all()
    assert first.row["own_speech_s"] == [[0.5, 3.0]] and first.row["other_speech_s"] == [[3.5, 5.0]]
    assert motion.meta["gaze_is_binary"] is True


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("no xml", "is no XML"),
        ('<!DOCTYPE a [<!ENTITY b "c">]><a/>', "declares entities"),
        ("<ANNOTATION_DOCUMENT/>", "no tier of gaze"),
    ],
)
def test_files_that_are_no_gaze_of_elan_are_one_line(content, words, tmp_path):
    (tmp_path / "a.eaf").write_text(content)
    with pytest.raises(FormatError, match=words):
        elan.read_eaf(tmp_path / "a.eaf")


def test_a_label_that_nobody_knows_is_named(tmp_path):
    eaf(tmp_path / "e" / "d.eaf", {"gaze a": [(0, 9000, "sideways")]})
    report, _ = taken(elan.source_of(tmp_path / "e"), tmp_path / "out")
    assert "'sideways' is not known" in dict(report.rejected)["d.eaf"]


# --- FraGA and Multi-TPC ----------------------------------------------------------------------------------------------


def quaternions(yaw_deg, frames, axis="y"):
    half = np.radians(np.broadcast_to(yaw_deg, frames)) / 2
    return [{"x": 0.0, "y": float(np.sin(h)), "z": 0.0, "w": float(np.cos(h))} for h in half]


def fraga_zip(path, frames=200, invalid=0, root_deg=90.0):
    """A head that turns to its left while the eyes stay on a place, seen from a tracking space that is turned."""
    path.parent.mkdir(parents=True, exist_ok=True)
    left = np.linspace(0, 20, frames)  # of the head, to the character's left
    valid = [k >= invalid for k in range(frames)]
    side = {"rotation": quaternions(0.0, frames), "isValid": valid, "position": [], "confidence": []}
    parts = {
        "eye.json": {"leftEye": side, "rightEye": side},
        "head.json": {"botRot": quaternions(root_deg - left, frames), "botPos": []},  # Unity's + is to the right
        "body.json": {"botRot": quaternions(root_deg, frames), "startTime": 100, "endTime": 100 + round(frames / 35)},
        "facial.json": {"expressionWeights": [{"weights": [0.0] * 24 + [0.5] + [0.0] * 38} for _ in range(frames)]},
    }
    with zipfile.ZipFile(path, "w") as bundle:
        for name, data in parts.items():
            bundle.writestr(name, json.dumps(data))
    return path


def test_fraga_heads_eyes_and_faces_come_out_in_our_axes(tmp_path):
    fraga_zip(tmp_path / "f" / "x_0.zip", invalid=20)
    fraga_zip(tmp_path / "f" / "blind.zip", invalid=150)
    (tmp_path / "f" / "no.zip").write_bytes(b"PK nothing")
    report, samples = taken(fraga.source_of(tmp_path / "f"), tmp_path / "out")
    motion = only(samples).motion
    head, eyes = np.degrees(motion.head_rad[20:]), np.degrees(motion.eyes_rad[20:])
    assert np.ptp(head[:, 0]) == pytest.approx(18, abs=0.2) and head[-1, 0] > head[0, 0]
    assert np.diff(head[:, 0] + eyes[:, 0, 0]) == pytest.approx(0, abs=1e-3), "the eyes stay on a place in space"
    assert motion.filled[:20].all() and not motion.filled[20:].any()
    assert motion.coefficient("jawOpen")[0] == 0.5 and 30 < motion.fps < 40
    assert "tracked in 25%" in dict(report.rejected)["blind.zip"] and "no.zip" in dict(report.rejected)


def test_multi_tpc_columns_come_out_with_our_signs(tmp_path):
    folder = tmp_path / "m"
    folder.mkdir()
    rows = "".join("1.0,5.0,20.0,-3.0,4.0\n" for _ in range(120))
    (folder / "head_eye_angle1.txt.gz").write_bytes(gzip.compress(rows.encode()))
    _, samples = taken(multi_tpc.source_of(folder), tmp_path / "out")
    motion = only(samples).motion
    assert motion.fps == 60 and np.degrees(motion.head_rad[0]) == pytest.approx([20, -5, 1], abs=1e-3)
    assert np.degrees(motion.eyes_rad[0, 0]) == pytest.approx([4, 3], abs=1e-3)
    assert motion.meta["slow_gaze"] is True


@pytest.mark.shared
@pytest.mark.skipif(not (SHARED / "fraga_sample").is_dir(), reason="needs ../shared/data beside the checkout")
def test_the_samples_of_the_published_sets_are_read(tmp_path):
    report, samples = taken(fraga.source_of(SHARED / "fraga_sample"), tmp_path / "fraga")
    assert len(samples) == 4 and len(report.rejected) == 1, "in one take the eyes are invalid"
    for sample in samples.values():
        eyes = np.degrees(sample.motion.eyes_rad).mean(axis=1)
        assert np.abs(np.median(eyes, axis=0)).max() < 15 and eyes.std(axis=0).max() < 15
    _, samples = taken(multi_tpc.source_of(SHARED / "multi_tpc"), tmp_path / "tpc")
    assert len(samples) == 3 and all(s.motion.duration_s == pytest.approx(344.5, abs=0.5) for s in samples.values())
    dialogue = elan.read_eaf(SHARED / "ifadv" / "DVA13U.eaf")
    assert dialogue.people == ["spreker1", "spreker2"]
    labelled = sum(stop - start for start, stop, _ in dialogue.gaze["spreker1"])
    assert labelled == pytest.approx(899, abs=2)


@pytest.mark.parametrize("module", [mapped, flame_tracks, elan, fraga, multi_tpc])
def test_a_folder_without_what_is_wanted_is_one_line(module, tmp_path):
    for path in (tmp_path / "no", tmp_path):
        with pytest.raises(TalkingEyesError) as caught:
            module.source_of(path)
        assert isinstance(caught.value, SettingError | FormatError) and "\n" not in str(caught.value)


def test_the_command_imports_a_table_with_sound(tmp_path, capsys):
    folder = table(tmp_path / "t" / "", ANGLES, [HEADER, *([0.0] * 6 + [1, 1, 0] for _ in range(100))])
    voice(folder / "a.wav", 2.0)
    assert main(["dataset", "import", "table", str(folder), str(tmp_path / "set"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["made"] == 1
    assert main(["dataset", "import", "table", str(tmp_path), str(tmp_path / "set2")]) == 2
    assert "mapping.json" in capsys.readouterr().err
