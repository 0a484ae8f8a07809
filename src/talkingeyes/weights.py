"""Trained networks as they are shipped: ONNX files and a manifest in one folder, checked, then run by onnxruntime.

``manifest.json`` holds ``format``, ``version``, ``name``, ``files`` (size and SHA-256 of each ``NAME.onnx``),
``licence``, ``training_data``, ``config`` and ``scores``. `talkingeyes.train.to_onnx` writes such a folder.

Networks that do not come with the package are run for the first time in a child process (`trial`), with the inputs that
they are to have here: operators without loops end, but may take days or all memory.
"""

from __future__ import annotations

import hashlib
import io
import json
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.errors import ModelError
from talkingeyes.files import readable
from talkingeyes.onnx_ops import unaccepted_operators
from talkingeyes.trial import Limits, tried
from talkingeyes.weights_manifest import MANIFEST, MAX_FILE_BYTES, MAX_MANIFEST_BYTES, Manifest, parse_manifest
from talkingeyes.wording import quoted

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

Array = NDArray[Any]

MAX_MEMORY_BYTES = 1 << 30
"""Of all networks of a process together while they run: a small file may ask for terabytes."""
MAX_VALUES = 1 << 26
"""Numbers in one input or output array."""
TRIAL = Limits(cpu_s=20, num_bytes=3 << 29)
RUN_S = 60.0
"""One run of a foreign network, after its trial: the size of what it computes may depend on its inputs."""

_PACKAGE = Path(__file__).resolve().parent


@dataclass(frozen=True, eq=False)
class Network:
    """One folder of networks, read and checked whole.

    Attributes:
        folder: where it lies; for messages.
        manifest: what it says of itself.
        sha256: of the manifest, which holds that of every file: the identity of the model.
        models: the checked bytes of each file by name without suffix.
        own: made by this program: run without a trial and without a limit on its time.
        shipped: in the package: its outputs are not looked at either.
    """

    folder: Path
    manifest: Manifest
    sha256: str
    models: Mapping[str, bytes] = field(repr=False)
    own: bool = False
    shipped: bool = False
    _sessions: dict[str, InferenceSession] = field(default_factory=dict, repr=False)
    _outputs: dict[str, tuple[list[str], str]] = field(default_factory=dict, repr=False)

    def run(self, name: str, feeds: Mapping[str, Array]) -> dict[str, Array]:
        """Run one network.

        Args:
            name: of the file, without ``.onnx``.
            feeds: every input by name, in the type and shape that the network declares.

        Returns:
            Every output by name. The same inputs give the same bytes.

        Raises:
            ModelError: no such network, inputs that it does not take, more time or memory than is accepted, or an
                output that holds NaN.
        """
        if name not in self._sessions:
            self._sessions[name] = self._opened(name, feeds)
        session = self._sessions[name]
        outputs, where = self._outputs[name]
        try:
            values = session.run(outputs, feeds) if self.own else _run_in_time(session, outputs, dict(feeds))
        except (*_their_errors(), ValueError, RuntimeError) as error:
            raise _refused(error, where, "cannot be run") from None
        if self.shipped:
            return dict(zip(outputs, values, strict=True))
        found: dict[str, Array] = {}
        for output, value in zip(outputs, values, strict=True):
            if not isinstance(value, np.ndarray) or value.size > MAX_VALUES:
                raise ModelError(f"{where}: {output} is no array of a size that is accepted")
            if value.dtype.kind == "f" and value.size and np.isnan(np.minimum.reduce(value, axis=None)):
                raise ModelError(f"{where}: {output} holds NaN; the weights are of no use")
            found[output] = value
        return found

    def run_many(self, name: str, many: Sequence[Mapping[str, Array]]) -> list[dict[str, Array]]:
        """`run` of several feeds with a first axis of 1: in one call where our own network leaves that axis free.

        Each row gets the bits that it gets alone (tests).

        Raises:
            ModelError: as `run`.
        """
        together = self.own and len(many) > 1
        if not (together and all(isinstance(put.shape[0], str) for put in self.session(name).get_inputs())):
            return [self.run(name, feeds) for feeds in many]
        found = self.run(name, {put: np.concatenate([feeds[put] for feeds in many]) for put in many[0]})
        return [{out: values[i : i + 1] for out, values in found.items()} for i in range(len(many))]

    def session(self, name: str) -> InferenceSession:
        """The onnxruntime session of one network, made on first use: CPU, one thread, sequential, deterministic.

        Raises:
            ModelError: no such network, or no ONNX model that onnxruntime accepts.
        """
        if name not in self._sessions:
            self._sessions[name] = self._opened(name, None)
        return self._sessions[name]

    def _opened(self, name: str, feeds: Mapping[str, Array] | None) -> InferenceSession:
        """A session, after every check of the file and a trial, if it is foreign."""
        if name not in self.models:
            raise ModelError(f"{self.folder}: has no network {name!r}; it has {', '.join(sorted(self.models))}")
        model, where = self.models[name], f"{self.folder / name}.onnx"
        with _refusals(where, "not a readable ONNX model"):
            odd = unaccepted_operators(model)
        if odd:
            raise ModelError(f"{where}: holds {quoted(', '.join(odd))}; operators without loops are accepted")
        if not self.own:
            _try_first(model, where, feeds)
        with _refusals(where, "not a readable ONNX model"):
            session = session_of(model)
        self._outputs[name] = [output.name for output in session.get_outputs()], where
        return session


def load_network(folder: str | Path, *, own: bool = False) -> Network:
    """Read and check a folder of weights; nothing outside it is opened and nothing in it is unpickled.

    Args:
        folder: with a manifest and its ONNX files.
        own: this process has just written it. The package's own networks are known by their place.

    Raises:
        ModelError: no such folder, a manifest that is missing, damaged, too large or from a newer version, or a file
            that is missing, truncated, too large, not the one that the manifest names, or kept in parts elsewhere.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise ModelError(f"{folder}: no such folder; a folder with {MANIFEST} and ONNX files is accepted")
    data = _read(folder / MANIFEST, MAX_MANIFEST_BYTES)
    manifest = parse_manifest(data, folder / MANIFEST)
    models = {}
    for name, (size, sha256) in manifest.files.items():
        path = folder / name
        content = _read(path, min(size, MAX_FILE_BYTES))
        if len(content) != size:
            raise ModelError(f"{path}: {len(content)} bytes, the manifest says {size}: truncated; get it again")
        if hashlib.sha256(content).hexdigest() != sha256:
            raise ModelError(f"{path}: damaged or replaced, its SHA-256 is not the manifest's; get it again")
        if is_in_parts(content):
            raise ModelError(f"{path}: keeps tensors in another file; a model in one file is accepted")
        models[path.stem] = content
    shipped = folder.resolve().is_relative_to(_PACKAGE)
    return Network(folder, manifest, hashlib.sha256(data).hexdigest(), models, own or shipped, shipped)


def is_in_parts(model: bytes) -> bool:
    """Whether an ONNX file may keep tensors in another file: each of those has an entry with the key "location"."""
    return b"location" in model


def _read(path: Path, limit: int) -> bytes:
    """A file's bytes, at most ``limit``."""
    return readable(path, f"a folder with {MANIFEST} and its ONNX files is accepted", ModelError, limit).read_bytes()


def session_of(model: bytes, outside: Mapping[str, Array] | None = None) -> InferenceSession:
    """An onnxruntime session: CPU, one thread, sequential, deterministic.

    Args:
        model: an ONNX file's bytes.
        outside: tensors that the model names and does not hold.
    """
    import onnxruntime as ort

    _limit_memory()
    options = ort.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.execution_mode = ort.ExecutionMode.ORT_SEQUENTIAL
    options.use_deterministic_compute = True
    options.log_severity_level = 4  # errors are raised; nothing else may be printed
    options.add_session_config_entry("session.load_model_format", "ONNX")
    options.add_session_config_entry("session.use_env_allocators", "1")
    if outside:
        options.add_external_initializers(
            list(outside), [ort.OrtValue.ortvalue_from_numpy(v) for v in outside.values()]
        )
    return ort.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def _run_in_time(session: InferenceSession, outputs: list[str], feeds: dict[str, Array]) -> Sequence[Any]:
    import onnxruntime as ort

    options = ort.RunOptions()
    watch = threading.Timer(RUN_S, lambda: setattr(options, "terminate", True))  # looked at after each operator
    watch.daemon = True
    watch.start()
    try:
        return session.run(outputs, feeds, options)
    finally:
        watch.cancel()


_tried: set[str] = set()


def _try_first(model: bytes, where: str, feeds: Mapping[str, Array] | None) -> None:
    """Make a session, and run it once where there are inputs, in a child; once per network and process."""
    key = f"{hashlib.sha256(model).hexdigest()} {feeds is not None}"
    if key in _tried:
        return
    packed = io.BytesIO()
    arrays = {f"f{i}": np.asarray(array) for i, array in enumerate((feeds or {}).values())}
    head = {"where": where, "names": None if feeds is None else list(feeds)}
    np.savez(packed, model=np.frombuffer(model, np.uint8), head=np.array(json.dumps(head)), **arrays)
    wrong = tried("talkingeyes.weights:try_network", packed.getvalue(), TRIAL)
    if wrong:
        raise ModelError(wrong if wrong.startswith(where) else f"{where}: cannot be run ({wrong})")
    _tried.add(key)


def try_network(payload: bytes) -> str:
    """What is wrong with a network and its first inputs: what the child of a trial does."""
    with np.load(io.BytesIO(payload)) as packed:
        head = json.loads(str(packed["head"]))
        model = packed["model"].tobytes()
        feeds = {name: packed[f"f{i}"] for i, name in enumerate(head["names"] or [])}
    try:
        with _refusals(head["where"], "not a readable ONNX model"):
            session = session_of(model)
        if head["names"] is not None:
            with _refusals(head["where"], "cannot be run"):
                session.run(None, feeds)
    except ModelError as error:
        return str(error)
    return ""


@cache
def _limit_memory() -> None:
    """One arena of limited size for every session of this process."""
    import onnxruntime as ort

    cpu = ort.OrtMemoryInfo("Cpu", ort.OrtAllocatorType.ORT_ARENA_ALLOCATOR, 0, ort.OrtMemType.DEFAULT)
    defaults = {"arena_extend_strategy": 0, "initial_chunk_size_bytes": -1, "max_dead_bytes_per_chunk": -1}
    ort.create_and_register_allocator(cpu, ort.OrtArenaCfg({"max_mem": MAX_MEMORY_BYTES, **defaults}))


@contextmanager
def _refusals(where: str, what: str) -> Iterator[None]:
    """Turns what onnxruntime raises, whose errors have no common base, into one `ModelError`."""
    try:
        yield
    except (*_their_errors(), ValueError, RuntimeError) as error:
        raise _refused(error, where, what) from None


def _refused(error: Exception, where: str, what: str) -> ModelError:
    return ModelError(f"{where}: {what} ({' '.join(str(error).split())[:200]})")


@cache
def _their_errors() -> tuple[type[Exception], ...]:
    names = vars(import_module("onnxruntime.capi.onnxruntime_pybind11_state")).values()
    return tuple(each for each in names if isinstance(each, type) and issubclass(each, Exception))
