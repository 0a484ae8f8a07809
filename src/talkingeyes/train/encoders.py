"""What the networks hear: the built-in light features, or a HuBERT or wav2vec2 network from a local folder, at 50 Hz.

The light features ship and need nothing. A local network needs ``talkingeyes[encoders]`` (transformers), a folder as
its ``save_pretrained`` writes it, and the recordings themselves, since a data set holds only their features. Nothing is
downloaded, only safetensors are read, and no code that comes with a network is run.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Protocol

import numpy as np
import torch
from numpy.typing import NDArray

from talkingeyes.audio import FEATURE_RATE_HZ, Speech
from talkingeyes.audio.decode import SAMPLE_RATE_HZ, MonoStream
from talkingeyes.errors import FormatError, ModelError
from talkingeyes.extras import missing
from talkingeyes.files import readable, sha256_of, write_whole
from talkingeyes.generate.encoder_features import EncoderFeatures, EncoderSpec
from talkingeyes.generate.learned_speech import NO_SPEECH, speech_features
from talkingeyes.plain_json import parse_json
from talkingeyes.train.config import EncoderConfig
from talkingeyes.train.data import Clip

Array = NDArray[np.float32]

CLASSES = {"hubert": "HubertModel", "wav2vec2": "Wav2Vec2Model", "wavlm": "WavLMModel"}
"""``model_type`` of a network's config.json -> class of transformers."""
WINDOW_S, CONTEXT_S = 20.0, 2.0
"""A long recording is heard in windows, each with this much around it."""
MAX_CONFIG_BYTES = 1 << 20
_UNUSED = {"masked_spec_embed"}
"""Only for pretraining; some published files lack it."""


class SpeechEncoder(Protocol):
    """Hears clips.

    Attributes:
        width: columns.
    """

    width: int

    def encode(self, clip: Clip) -> Array:
        """(N, width) at 50 Hz, N = ``clip.speech.num_frames``; the clip must have speech."""
        ...


class LightEncoder:
    """The features that the shipped generator hears (`generate.learned_speech`)."""

    width = len(NO_SPEECH)

    def encode(self, clip: Clip) -> Array:
        """(N, width)."""
        assert clip.speech is not None
        return speech_features(clip.speech, clip.speech.num_frames)[0].astype(np.float32)


class LocalEncoder:
    """A HuBERT, wav2vec2 or WavLM network.

    Args:
        config: of kind ``local``.
        cache: a folder that keeps what was heard; None hears anew each time.

    Raises:
        MissingExtraError: transformers is not installed.
        ModelError: the folder does not hold such a network in safetensors.
    """

    def __init__(self, config: EncoderConfig, cache: Path | None = None) -> None:
        self._folder, self._sound, self._layer = Path(config.folder), Path(config.sound), config.layer
        kind, self._normalise = _described(self._folder)
        self._network = _loaded(self._folder, CLASSES[kind])
        sizes = self._network.config
        layers = sizes.num_hidden_layers
        if not -layers - 1 <= config.layer <= layers:
            raise ModelError(f"{self._folder}: has {layers} layers; layer {config.layer} is not among them")
        self.width = int(sizes.hidden_size)
        self._hop = int(np.prod(sizes.conv_stride))
        self._reach = _reach(sizes.conv_kernel, sizes.conv_stride)
        self._cache = None if cache is None else cache / identity_of(config)[:16]

    def encode(self, clip: Clip) -> Array:
        """(N, width) of one clip, from the cache where it was heard before.

        Raises:
            FormatError: its recording is missing or another one than the set was built from.
            ModelError: the network gives NaN.
        """
        assert clip.speech is not None
        kept = None if self._cache is None else self._cache / f"{clip.key}-{clip.speech.sha256[:8]}.npy"
        shape = (clip.speech.num_frames, self.width)
        if kept is not None and kept.exists() and (found := _kept(kept, shape)) is not None:
            return found
        samples = np.concatenate(list(MonoStream(self._recording(clip))))
        heard = self.hear(samples, clip.speech.num_frames)
        if kept is not None:
            kept.parent.mkdir(parents=True, exist_ok=True)
            write_whole(kept, lambda aside: np.save(aside, heard, allow_pickle=False))
        return heard

    def hear(self, samples: Array, count: int) -> Array:
        """Mono samples at 16 kHz -> (count, width) at 50 Hz.

        Raises:
            ModelError: the network gives NaN.
        """
        if self._normalise:
            samples = (samples - samples.mean()) / np.sqrt(samples.var() + 1e-7)
        window, context = (int(s * SAMPLE_RATE_HZ) // self._hop * self._hop for s in (WINDOW_S, CONTEXT_S))
        hidden, centres_s = [], []
        for start in range(0, max(1, len(samples)), window):
            first = max(0, start - context)
            heard = self._hidden(samples[first : start + window + context])
            centre = first + np.arange(len(heard)) * self._hop + self._reach / 2
            own = (centre >= start) & (centre < start + window)
            hidden.append(heard[own])
            centres_s.append(centre[own] / SAMPLE_RATE_HZ)
        values, times_s = np.concatenate(hidden), np.concatenate(centres_s)
        if not np.isfinite(values).all():
            raise ModelError(f"{self._folder}: gives NaN or infinity")
        wanted_s = (np.arange(count) + 0.5) / FEATURE_RATE_HZ
        return np.stack([np.interp(wanted_s, times_s, column) for column in values.T], axis=1).astype(np.float32)

    def _hidden(self, samples: Array) -> Array:
        padded = np.pad(samples, (0, max(0, self._reach - len(samples))))
        with torch.no_grad():
            given = self._network(torch.from_numpy(padded)[None], output_hidden_states=True)
        return given.hidden_states[self._layer][0].numpy()

    def _recording(self, clip: Clip) -> Path:
        inside = PurePosixPath(clip.path)
        if inside.is_absolute() or ".." in inside.parts or not inside.parts:
            raise FormatError(f"{clip.key}: its recording's path {clip.path!r} leads out of the folder")
        for path in (self._sound / inside, self._sound / clip.origin / inside):
            if path.is_file():
                assert clip.speech is not None
                if sha256_of(path) != clip.speech.sha256:
                    raise FormatError(f"{path}: is not the file that the set was built from")
                return path
        raise FormatError(f"{clip.key}: no recording {clip.path} below {self._sound}, where encoder.sound points")


def spec_of(config: EncoderConfig) -> EncoderSpec | None:
    """What a manifest says of the encoder; None for the light features.

    Raises:
        ModelError: the folder does not hold such a network in safetensors.
    """
    if config.kind == "light":
        return None
    folder = Path(config.folder)
    kind = _described(folder)[0]
    width = _json(folder / "config.json").get("hidden_size")
    if not isinstance(width, int):
        raise ModelError(f"{folder}: hidden_size in its config.json is {width!r}; a whole number is accepted")
    return EncoderSpec(kind, config.layer, width, identity_of(config))


@dataclass(frozen=True, eq=False)
class Listener:
    """A local encoder that hears recordings for `talkingeyes.animate`.

    Attributes:
        encoder: the network.
        sha256: its identity.
    """

    encoder: LocalEncoder
    sha256: str

    def heard(self, path: str | Path, speech: Speech) -> EncoderFeatures:
        """What it hears of a recording.

        Args:
            path: the recording.
            speech: its features.

        Raises:
            AudioError: the recording cannot be read.
            ModelError: the network gives NaN.
        """
        samples = np.concatenate(list(MonoStream(Path(path), channel=speech.channel)))
        return EncoderFeatures(self.encoder.hear(samples, speech.num_frames), self.sha256, speech.sha256)


def listener_for(spec: EncoderSpec, folder: str | Path) -> Listener:
    """The encoder that a model was trained with, from a local folder.

    Args:
        spec: of the model, `talkingeyes.generate.model_choice.encoder_of`.
        folder: of the network, as ``save_pretrained`` of transformers writes it.

    Raises:
        MissingExtraError: transformers is not installed.
        ModelError: no such network, or another one than the model was trained with.
    """
    config = EncoderConfig("local", str(folder), ".", spec.layer)
    found = spec_of(config)
    if found != spec:
        raise ModelError(f"{folder}: holds another speech encoder ({found}) than the model was trained with ({spec})")
    return Listener(LocalEncoder(config), spec.sha256)


def identity_of(config: EncoderConfig) -> str:
    """``light``, or a SHA-256 over a local network's weights, layer and normalisation.

    Raises:
        ModelError: the folder does not hold such a network in safetensors.
    """
    if config.kind == "light":
        return "light"
    folder = Path(config.folder)
    files = {path.name: sha256_of(path) for path in sorted(folder.glob("*.safetensors"))}
    return hashlib.sha256(json.dumps([*_described(folder), config.layer, files]).encode()).hexdigest()


def encoder_of(config: EncoderConfig, cache: Path | None = None) -> SpeechEncoder:
    """The encoder that a configuration asks for.

    Raises:
        MissingExtraError, ModelError: as `LocalEncoder`.
    """
    return LightEncoder() if config.kind == "light" else LocalEncoder(config, cache)


def _described(folder: Path) -> tuple[str, bool]:
    """Kind of network, and whether it wants sound of unit variance."""
    if not folder.is_dir():
        raise ModelError(f"{folder}: no such folder; a local folder with config.json and model.safetensors is accepted")
    kind = _json(folder / "config.json").get("model_type")
    if kind not in CLASSES:
        raise ModelError(f"{folder}: model_type {kind!r}; {', '.join(CLASSES)} are accepted")
    if not list(folder.glob("*.safetensors")):
        raise ModelError(f"{folder}: holds no safetensors; pickled weights are not read, convert them first")
    extractor = folder / "preprocessor_config.json"
    return kind, bool(_json(extractor).get("do_normalize", True)) if extractor.exists() else True


def _json(path: Path) -> dict[str, Any]:
    readable(path, "the JSON file of a speech encoder is accepted", ModelError, MAX_CONFIG_BYTES)
    found = parse_json(path.read_bytes(), str(path), ModelError)
    if not isinstance(found, dict):
        raise ModelError(f"{path}: no JSON object")
    return found


def _loaded(folder: Path, class_name: str) -> Any:
    try:
        import transformers
        from safetensors import SafetensorError
    except ImportError:
        raise missing("encoders", "a local speech encoder", "transformers") from None
    try:
        network, report = getattr(transformers, class_name).from_pretrained(
            folder.resolve(), local_files_only=True, use_safetensors=True, output_loading_info=True
        )
    except (OSError, ValueError, RuntimeError, TypeError, KeyError, SafetensorError) as error:
        raise ModelError(f"{folder}: cannot be loaded ({' '.join(str(error).split())[:200]})") from None
    lacking = sorted(set(report["missing_keys"]) - _UNUSED)
    if lacking:
        raise ModelError(f"{folder}: lacks {lacking[0]!r} ({len(lacking)} tensors in all)")
    return network.eval().float()


def _reach(kernels: list[int], strides: list[int]) -> int:
    """Samples that one frame of a stack of convolutions sees."""
    reach, hop = 1, 1
    for kernel, stride in zip(kernels, strides, strict=True):
        reach += (kernel - 1) * hop
        hop *= stride
    return reach


def _kept(path: Path, shape: tuple[int, int]) -> Array | None:
    """What was heard before; None where the file is damaged or of another clip."""
    try:
        found = np.load(path, allow_pickle=False)
    except (OSError, ValueError, EOFError):
        return None
    fits = isinstance(found, np.ndarray) and found.shape == shape and found.dtype == np.float32
    return found if fits and np.isfinite(found).all() else None
