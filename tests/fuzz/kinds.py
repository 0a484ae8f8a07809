"""The kinds of input that are fuzzed: whole ones, made here, and the commands that read them."""

import hashlib
import json
import re
import struct
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.resources import files
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from random import Random

import numpy as np

import talkingeyes as te
from tests.avatar_rigs import RigKind, build
from tests.fuzz.damage import damaged, damaged_header

Files = dict[str, bytes]


def nothing(parts: Files) -> Files:
    """No repair."""
    return parts


@dataclass(frozen=True)
class Kind:
    """One kind of input.

    Attributes:
        make: files by name in a folder; may use the folder that it is given.
        commands: of the command line, with FILE for the input; or, in capitals, a name of `tests.fuzz.readers`.
        entry: the file that the commands are given; empty for the folder itself.
        change: how one of the files is damaged.
        repair: makes sums and sizes right again, so that damage is met behind them as well.
        needs: a package that must be there.
    """

    make: Callable[[Path], Files]
    commands: tuple[str, ...]
    entry: str = ""
    change: Callable[[bytes, Random], bytes] = damaged
    repair: Callable[[Files], Files] = nothing
    needs: str = "numpy"

    def hostile(self, parts: Files, rng: Random) -> Files:
        """One damaged input, of a megabyte per file at most."""
        name = self.entry or rng.choice(sorted(parts))
        parts = parts | {name: self.change(parts[name], rng)[: max(1 << 20, len(parts[name]))]}
        return self.repair(parts) if rng.random() < 0.7 else parts


def _motion() -> te.Motion:
    wave = np.sin(np.arange(40) / 9)
    head = np.stack([0.2 * wave, 0.1 * wave, 0 * wave], axis=1)
    eyes = np.repeat(head[:, None, :2], 2, axis=1)
    face = np.abs(wave)[:, None]
    return te.Motion(30.0, head, eyes, np.abs(np.stack([wave, wave], axis=1)), face, ("jawOpen",), meta={"a": [1, "b"]})


def _saved(suffix: str, *commands: str) -> Kind:
    def make(folder: Path) -> Files:
        te.save(_motion(), folder / f"x{suffix}")
        return {f"x{suffix}": (folder / f"x{suffix}").read_bytes()}

    return Kind(make, commands, f"x{suffix}")


def _glb(_: Path) -> Files:
    return {"x.glb": build(RigKind(looks="lids")).to_bytes()}


def _lines(_: Path) -> Files:
    rows = [
        {"audio": f"l{i}.wav", "id": f"s/{i}", "seed": i, "formats": ["npz", "csv"], "role": "speaking"}
        for i in range(9)
    ]
    return {"x.jsonl": "".join(json.dumps(row) + "\n" for row in rows).encode()}


def _line_table(_: Path) -> Files:
    rows = [f'{i},l{i}.wav,{i},Mia,"0-1 camera",npz glb' for i in range(9)]
    return {"x.csv": "\n".join(["id,audio,seed,character,look,formats", *rows, ""]).encode()}


def _ledger(folder: Path) -> Files:
    from talkingeyes.batch import lines_of, run_batch
    from tests.batch.fakes import fake

    (folder / "in").mkdir()
    for i in range(3):
        (folder / "in" / f"l{i}.wav").write_bytes(bytes([i]))
    out = folder / "out"
    run_batch(lines_of([str(folder / "in")], ["npz"]), out, engine=lambda make, tasks: map(make, tasks), make=fake)
    written = {path.name: path.read_bytes() for path in out.iterdir() if path.suffix in (".npz", ".jsonl")}
    return {**written, **{f"in/l{i}.wav": bytes([i]) for i in range(3)}}


def _fixations(_: Path) -> Files:
    rows = [f"{i % 2},SPEAK,{i / 2},0.4,{i % 9},{i % 5}" for i in range(40)]
    return {"x.csv": "\n".join(["participant,state,start_s,duration_s,yaw_deg,pitch_deg", *rows, ""]).encode()}


def _mapping(_: Path) -> Files:
    bones = {"Head": "Head", "LeftEye": "LeftEye", "RightEye": None}
    given = {"talkingeyes_mapping": 1, "bones": bones, "morphs": {"jawOpen": {"jawOpen": 1.0}}}
    return {"x.json": json.dumps(given).encode()}


def _shard(_: Path) -> Files:
    row = {"sample_version": 1, "origin": "o", "duration_s": 2.0, "channels": ["lids"], "confidence": {"head": 1.0}}
    entry = {"key": "a", "members": {"json": [0, 9, "0" * 64]}, "row": row}
    index = {"format": "talkingeyes-shard", "format_version": 1, "name": "x", "bytes": 99, "sha256": "0" * 64}
    return {"x.json": json.dumps({**index, "samples": [entry], "rejected": []}).encode(), "x.tar": bytes(99)}


def _tone(count: int = 8000) -> np.ndarray:
    return (8000 * np.sin(np.arange(count) / 9)).astype("<i2")


def _wav(_: Path) -> Files:
    samples = _tone().tobytes()
    form = struct.pack("<IHHIIHH", 16, 1, 1, 16000, 32000, 2, 16)
    head = b"RIFF" + struct.pack("<I", 36 + len(samples)) + b"WAVEfmt " + form
    return {"x.wav": head + b"data" + struct.pack("<I", len(samples)) + samples}


def _sound(name: str, codec: str, rate_hz: int) -> Callable[[Path], Files]:
    def make(folder: Path) -> Files:
        import av

        with av.open(str(folder / name), "w") as out:
            stream = out.add_stream(codec, rate=rate_hz, layout="mono")
            frame = av.AudioFrame.from_ndarray(_tone(rate_hz // 2)[None], "s16", "mono")
            frame.sample_rate = rate_hz
            out.mux(stream.encode(frame))
            out.mux(stream.encode(None))
        return {name: (folder / name).read_bytes()}

    return make


def _film(name: str, picture: str, sound: str) -> Callable[[Path], Files]:
    def make(folder: Path) -> Files:
        import av

        with av.open(str(folder / name), "w") as out:
            shown = out.add_stream(picture, rate=25, options={"threads": "1"})
            shown.width, shown.height, shown.pix_fmt = 64, 48, "yuv420p"
            heard = out.add_stream(sound, rate=48000, layout="mono")
            for i in range(12):
                image = np.full((48, 64, 3), 20 * i, np.uint8)
                out.mux(shown.encode(av.VideoFrame.from_ndarray(image, "rgb24")))
            frame = av.AudioFrame.from_ndarray(_tone(24000)[None], "s16", "mono")
            frame.sample_rate = 48000
            out.mux(heard.encode(frame))
            out.mux(shown.encode(None))
            out.mux(heard.encode(None))
        return {name: (folder / name).read_bytes()}

    return make


def _network(_: Path) -> Files:
    """A small network with operators whose output sizes are values."""
    from onnx import TensorProto, helper

    nodes = [
        helper.make_node("Gemm", ["x", "w"], ["a"]),
        helper.make_node("Expand", ["a", "shape"], ["b"]),
        helper.make_node("Tile", ["b", "times"], ["c"]),
        helper.make_node("ConstantOfShape", ["shape"], ["d"]),
        helper.make_node("Range", ["zero", "end", "one"], ["e"]),
        helper.make_node("Softmax", ["c"], ["y"], axis=1),
    ]
    ints = {"shape": [2, 3], "times": [1, 2]}
    constants = [helper.make_tensor(name, TensorProto.INT64, [2], values) for name, values in ints.items()]
    scalars = {"zero": 0, "end": 9, "one": 1}
    constants += [helper.make_tensor(name, TensorProto.INT64, [], [value]) for name, value in scalars.items()]
    constants.append(helper.make_tensor("w", TensorProto.FLOAT, [4, 3], [0.1] * 12))
    taken = [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["rows", 4])]
    given = [helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in ("y", "d")]
    given.append(helper.make_tensor_value_info("e", TensorProto.INT64, None))
    graph = helper.make_graph(nodes, "made", taken, given, constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    head = {"format": "talkingeyes-weights", "version": 1, "name": "made", "licence": "MIT", "training_data": ["none"]}
    head |= {
        "config": {"kind": "none"},
        "scores": {"loss": 1.0},
        "files": {"net.onnx": {"size": 1, "sha256": "0" * 64}},
    }
    return _named_again({"manifest.json": json.dumps(head).encode(), "net.onnx": model.SerializeToString()})


def _shipped(name: str) -> Callable[[Path], Files]:
    def make(_: Path) -> Files:
        folder = files("talkingeyes") / "assets" / "weights" / name
        return {p.name: p.read_bytes() for p in folder.iterdir() if p.name.endswith((".json", ".onnx"))}

    return make


def _named_again(parts: Files) -> Files:
    """Sizes and sums of the manifest made right, where it still can be read."""
    try:
        head = json.loads(parts["manifest.json"])
        for name in head["files"]:
            data = parts[name]
            head["files"][name] = {"size": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    except (ValueError, LookupError, TypeError, RecursionError):
        return parts
    return parts | {"manifest.json": json.dumps(head).encode()}


def _task(_: Path) -> Files:
    import mediapipe

    models = Path(mediapipe.__file__).parent / "modules"
    detector = models / "face_detection" / "face_detection_short_range.tflite"
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as bundle:
        bundle.writestr("face_detector.tflite", detector.read_bytes())
        bundle.writestr(
            "face_landmarks_detector.tflite", (models / "face_landmark" / "face_landmark.tflite").read_bytes()
        )
    return {"x.task": packed.getvalue()}


def _set(folder: Path) -> Files:
    from talkingeyes.data.build import build
    from talkingeyes.data.dataset import open_dataset
    from talkingeyes.data.plan import videos_below
    from talkingeyes.data.split import SplitSettings, save_split, split
    from tests.data.fakes import fake, tree

    def in_process(make, tasks):
        yield from map(make, tasks)

    out = folder / "whole"
    build(videos_below(tree(folder / "tree", 4)), out, engine=in_process, make_one=fake, clips_per_shard=2)
    data = open_dataset(out)
    save_split(data, SplitSettings("file"), split(data, SplitSettings("file")))
    return {str(p.relative_to(out)): p.read_bytes() for p in sorted(out.rglob("*")) if p.is_file() and p.name[0] != "."}


def _indexed_again(parts: Files) -> Files:
    """Sums of the shard indexes made right, where they still can be read."""
    for name in [name for name in parts if name.endswith(".tar")]:
        tar, beside = parts[name], name.removesuffix("tar") + "json"
        try:
            index = json.loads(parts[beside])
            index["bytes"], index["sha256"] = len(tar), hashlib.sha256(tar).hexdigest()
            for sample in index["samples"]:
                for member in sample["members"].values():
                    member[2] = hashlib.sha256(tar[member[0] : member[0] + member[1]]).hexdigest()
        except (ValueError, LookupError, TypeError, RecursionError, AttributeError):
            continue
        parts = parts | {beside: json.dumps(index).encode()}
    return parts


def _pages_again(parts: Files) -> Files:
    """Sums of Ogg pages made right: else players skip what is damaged, and nothing behind it is ever met."""
    return {name: b"".join(map(_summed, _pages(data))) for name, data in parts.items()}


def _pages(data: bytes) -> Iterator[bytes]:
    starts = [found.start() for found in re.finditer(b"OggS", data)]
    for start, end in pairwise([0, *(start for start in starts if start), len(data)]):
        yield data[start:end]


def _summed(page: bytes) -> bytes:
    if page[:4] != b"OggS" or len(page) < 27:
        return page
    page, crc = page[:22] + bytes(4) + page[26:], 0
    for byte in page:
        crc = (crc << 8 & 0xFFFFFFFF) ^ OGG_CRC[crc >> 24 ^ byte]
    return page[:22] + struct.pack("<I", crc) + page[26:]


def _crc_row(value: int) -> int:
    value <<= 24
    for _ in range(8):
        value = (value << 1 ^ 0x04C11DB7) & 0xFFFFFFFF if value & 0x80000000 else value << 1
    return value


OGG_CRC = [_crc_row(value) for value in range(256)]
SOUNDS = ("SOUND", "SOUND", "SOUND", "info FILE")


def _edits(_: Path) -> Files:
    rows = [
        {"do": "look", "from_s": 0.1, "to_s": 0.3, "target": "screen"},
        {"do": "shift.add", "at_s": 0.35, "yaw_deg": 15, "pitch_deg": -5},
        {"do": "blink.add", "at_s": 0.2, "closure": 0.5},
        {"do": "nod", "at_s": 0.3, "size_deg": 6, "count": 2},
        {"do": "reroll", "channel": "gaze", "from_s": 0.1, "to_s": 0.4, "seed": 9},
        {"do": "offset", "channel": "head", "from_s": 0.0, "to_s": 0.4, "yaw_deg": 3},
        {"do": "smile", "from_s": 0.1, "to_s": 0.4, "amount": 0.3},
    ]
    whole = {"format": "talkingeyes-edits", "version": 1, "targets": {"screen": [-0.3, -0.1, 0.8]}, "edits": rows}
    return {"x.json": json.dumps(whole).encode()}


def _project(folder: Path) -> Files:
    from talkingeyes.studio.project import Project

    made = Project.create(folder / "p")
    (folder / "p" / "a.wav").write_bytes(_wav(folder)["x.wav"])
    sound = made.add_sound(folder / "p" / "a.wav")
    take = made.add_take(sound, 3, {"blink_rate": 0.5})
    made.change("takes", take, "a glance", edits=[{"do": "shift.add", "at_s": 0.35, "yaw_deg": 15, "pitch_deg": -5}])
    made.set_target("screen", [-0.3, -0.1, 0.8])
    return {"project.json": (folder / "p" / "project.json").read_bytes()}


KINDS: dict[str, Kind] = {
    ".npz": _saved(".npz", "info FILE", "info FILE --json", "convert FILE o.npz"),
    ".flame.npz": _saved(".flame.npz", "info FILE"),
    ".csv": _saved(".csv", "info FILE", "convert FILE o.npz"),
    ".json": _saved(".json", "info FILE", "info FILE --json", "convert FILE o.npz"),
    ".bvh": _saved(".bvh", "info FILE"),
    ".vrma": _saved(".vrma", "info FILE"),
    ".glb": Kind(_glb, ("rig FILE", "rig FILE --json", "info FILE"), "x.glb"),
    "lines": Kind(_lines, ("LINES",), "x.jsonl"),
    "table of lines": Kind(_line_table, ("LINES",), "x.csv"),
    "ledger": Kind(_ledger, ("LEDGER",)),
    "fixations": Kind(_fixations, ("FIXATIONS",), "x.csv"),
    "mapping": Kind(_mapping, ("rig default --mapping FILE",), "x.json"),
    "edits": Kind(_edits, ("EDITS", "EDITS", "EDITS", "animate missing.wav --edits FILE"), "x.json"),
    "project": Kind(_project, ("PROJECT",)),
    "shard": Kind(_shard, ("SHARD",), "x.json"),
    "set": Kind(
        _set, ("SAMPLES", "SAMPLES", "dataset info FILE", "dataset info FILE --verify -q"), repair=_indexed_again
    ),
    "weights": Kind(_network, ("NETWORKS",), repair=_named_again, needs="onnx"),
    "gaze weights": Kind(_shipped("scan_path"), ("GAZE",), repair=_named_again),
    "face weights": Kind(_shipped("face"), ("MOUTH",), repair=_named_again),
    ".task": Kind(_task, ("TASK",), "x.task", needs="mediapipe"),
    ".wav": Kind(_wav, SOUNDS, "x.wav", damaged_header),
    ".mp3": Kind(_sound("x.mp3", "libmp3lame", 16000), SOUNDS, "x.mp3", damaged_header),
    ".ogg": Kind(_sound("x.ogg", "libopus", 48000), SOUNDS, "x.ogg", damaged_header, _pages_again),
    ".flac": Kind(_sound("x.flac", "flac", 16000), SOUNDS, "x.flac", damaged_header),
    ".m4a": Kind(_sound("x.m4a", "aac", 16000), SOUNDS, "x.m4a", damaged_header),
    ".mp4": Kind(_film("x.mp4", "libx264", "aac"), ("FILM", "FILM", "SOUND"), "x.mp4", damaged_header),
    ".mkv": Kind(_film("x.mkv", "mpeg4", "libopus"), ("FILM", "FILM", "SOUND"), "x.mkv", damaged_header),
    ".avi": Kind(_film("x.avi", "mpeg4", "mp2"), ("FILM", "FILM", "SOUND"), "x.avi", damaged_header),
}
