"""Make speech with known phoneme times: espeak-ng (through its library) and flite, for the face's training and test.

    python scripts/speak_phonemes.py train OUT.npz [--minutes 90] [--seed 0] [--drawn 150]
    python scripts/speak_phonemes.py test OUT.npz

Needs the Debian packages espeak-ng and flite. `train` speaks nonsense words in fifteen languages, `test` speaks
sentences in other languages with other voices. `--drawn` adds that many voices of nobody, formants, pitch, breath and
echo drawn at random, for which espeak-ng's data are copied to a temporary folder. OUT.npz holds `samples` (int16,
16 kHz, all utterances joined), `starts` (first sample of each), `spans` (phoneme spans: utterance, start s, end s),
`classes` (index into `CLASSES`), `voices` (text). Nothing of it ships; the model card says what was trained with it.
"""

from __future__ import annotations

import argparse
import ctypes
import os
import shutil
import subprocess
import sys
import tempfile
import wave
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

RATE_HZ = 16000
CLASSES = ("sil", "PP", "FF", "TT", "SH", "KK", "UU", "OO", "II", "EE", "AA", "RR")
"""Mouth shapes: closed by both lips, lip on teeth, tongue tip, sh, back or throat, close rounded, mid rounded,
close spread, mid, open, English r."""
_IPA = {
    "PP": "pbmɓʙ", "FF": "fvⱱʋɱɸβ", "TT": "tdnlszθðɾrʎɲɬɗɖʈɭɳɽʟ", "SH": "ʃʒɕʑʂʐ", "KK": "kɡgŋxhɣɦqʁχħʔɴcɟçʝ",
    "UU": "uʊyʏʉwɥɯ", "OO": "oɔøœɒɵɤ", "II": "iɪjɨ", "EE": "eɛəɜɘɚɝʌɐ", "AA": "aɑæ", "RR": "ɹɻ",
}  # fmt: skip
_CLASS_OF = {c: CLASSES.index(name) for name, chars in _IPA.items() for c in chars}
_CMU = {
    "PP": "p b m", "FF": "f v", "TT": "t d n l s z th dh", "SH": "sh zh ch jh", "KK": "k g ng hh", "UU": "uw uh w",
    "OO": "ao ow oy", "II": "iy ih y", "EE": "eh ey ax er ah", "AA": "aa ae ay aw", "RR": "r",
}  # fmt: skip
_CLASS_OF_CMU = {p: CLASSES.index(name) for name, phones in _CMU.items() for p in phones.split()}
_GLIDES = {"ay": "II", "aw": "UU", "ey": "II", "ow": "UU", "oy": "II"}

TRAIN_LANGUAGES = (
    "de",
    "es",
    "it",
    "pt",
    "nl",
    "sv",
    "pl",
    "cs",
    "fi",
    "hu",
    "tr",
    "ro",
    "id",
    "hr",
    "cmn-latn-pinyin",
)
TRAIN_VARIANTS = ("", "m1", "m2", "m4", "m5", "m7", "f1", "f3", "f4", "klatt", "klatt2", "Andy", "linda", "steph",
                  "michel", "pablo", "ed", "anika", "belinda", "sandro", "norbert", "grandma", "boris")  # fmt: skip
TEST_VOICES = (
    "en-us+m3",
    "en-us+f2",
    "en-gb-x-rp+Alicia",
    "en-gb-x-rp+max",
    "fr+f5",
    "fr+m6",
    "ja+m8",
    "ko+f2",
    "ru+m3",
    "el+f5",
)
TEST_SPEEDS = (130, 175, 220)
SENTENCES = {
    "en": (
        "Please bring my blue map before Monday morning.", "Mama and papa bought a big apple pie.",
        "Bob puts the lamp above the piano.", "My father calmly parked the car in the barn.",
        "The baby played with a small rubber ball.", "Many people prefer warm summer evenings.",
        "Put the palm branch beside the open box.", "Tomorrow the bomber jackets will be half price.",
    ),
    "fr": (
        "Le bébé mange une pomme rouge.", "Papa parle beaucoup de la montagne.", "Ma maman habite à Paris depuis mars.",
        "La table basse est dans la chambre.", "Il part demain matin pour Bordeaux.",
    ),
    "ja": ("あなたはまだパンを食べます。", "ママとパパは山へ行きました。", "バナナはたまごの前にあります。"),
    "ko": ("엄마와 아빠는 밥을 먹습니다.", "바다에 나무 배가 많아요.", "아침마다 빵을 팝니다."),
    "ru": ("Мама мыла раму, а папа пил кофе.", "Собака бежала по парку.", "Большая рыба плавала под мостом."),
    "el": ("Η μαμά μου μαγειρεύει πατάτες.", "Ο μπαμπάς πάει στο βουνό.", "Πάμε απόψε μαζί στην πόλη."),
}  # fmt: skip


@dataclass(frozen=True)
class Utterance:
    """Speech with its phonemes: ``spans`` (n, 2) s and ``classes`` (n,)."""

    samples: np.ndarray
    spans: np.ndarray
    classes: np.ndarray
    voice: str


class _Event(ctypes.Structure):
    class _Id(ctypes.Union):
        _fields_ = (("number", ctypes.c_int), ("name", ctypes.c_char_p), ("string", ctypes.c_char * 8))

    _fields_ = (
        ("type", ctypes.c_int), ("unique_identifier", ctypes.c_uint), ("text_position", ctypes.c_int),
        ("length", ctypes.c_int), ("audio_position", ctypes.c_int), ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p), ("id", _Id),
    )  # fmt: skip


_CALLBACK = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event))


class Espeak:
    """espeak-ng's library, giving samples and phoneme events."""

    def __init__(self, data: Path | None = None) -> None:
        """``data``: a folder that holds espeak-ng-data; the installed one otherwise."""
        self._lib = ctypes.CDLL("libespeak-ng.so.1")
        path = None if data is None else os.fsencode(data)
        self.rate_hz = self._lib.espeak_Initialize(2, 500, path, 0x1 | 0x2)  # synchronous; phoneme events, as IPA
        self._chunks: list[np.ndarray] = []
        self._events: list[tuple[float, str]] = []
        self._hook = _CALLBACK(self._take)  # kept, or it is collected while the library holds it
        self._lib.espeak_SetSynthCallback(self._hook)

    def _take(self, wav: Any, count: int, events: Any) -> int:
        if count > 0:
            self._chunks.append(np.ctypeslib.as_array(wav, shape=(count,)).copy())
        i = 0
        while events[i].type != 0:
            if events[i].type == 7:
                self._events.append(
                    (events[i].audio_position / 1000, bytes(events[i].id.string).decode("utf8", "ignore"))
                )
            i += 1
        return 0

    def say(self, text: str, voice: str, speed: int = 175, pitch: int = 50, spread: int = 50) -> Utterance:
        """Speak one text; speed in words per minute, pitch and its range 0..99."""
        self._chunks, self._events = [], []
        if self._lib.espeak_SetVoiceByName(voice.encode()):
            raise SystemExit(f"espeak-ng has no voice {voice}")
        for parameter, value in ((1, speed), (3, pitch), (4, spread)):
            self._lib.espeak_SetParameter(parameter, value, 0)
        data = text.encode()
        self._lib.espeak_Synth(data, len(data) + 1, 0, 1, 0, 1, None, None)
        samples = _at_16k(np.concatenate(self._chunks).astype(np.float64) / 32768, self.rate_hz)
        spans, classes = _spans(self._events, len(samples) / RATE_HZ)
        return Utterance(samples, spans, classes, f"espeak {voice} {speed}")


def _spans(events: list[tuple[float, str]], length_s: float) -> tuple[np.ndarray, np.ndarray]:
    spans: list[tuple[float, float]] = []
    classes: list[int] = []
    times = [t for t, _ in events] + [length_s]
    for k, (start, name) in enumerate(events):
        end = max(times[k + 1], start)
        found = [_CLASS_OF[c] for c in name if c in _CLASS_OF] or [0]
        if len(found) > 1 and found[0] == CLASSES.index("TT") and found[1] == CLASSES.index("SH"):
            found = found[1:]
        edges = np.linspace(start, end, len(found) + 1)
        spans += [(edges[i], edges[i + 1]) for i in range(len(found))]
        classes += found
    return np.array(spans).reshape(-1, 2), np.array(classes, int)


def flite(text: str, voice: str, stretch: float = 1.0) -> Utterance:
    """Speak with flite, whose voices slt, awb and rms are modelled on recorded people."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "x.wav"
        command = [
            "flite",
            "-voice",
            voice,
            "-psdur",
            "--setf",
            f"duration_stretch={stretch}",
            "-t",
            text,
            "-o",
            str(out),
        ]
        told = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
        with wave.open(str(out)) as file:
            samples = np.frombuffer(file.readframes(file.getnframes()), np.int16) / 32768
            samples = _at_16k(samples, file.getframerate())
    spans, classes, start = [], [], 0.0
    for item in told:
        phone, _, end_text = item.rpartition(":")
        end = float(end_text)
        main = _CLASS_OF_CMU.get(phone, 0)
        if phone in _GLIDES:
            middle = (start + end) / 2
            spans += [(start, middle), (middle, end)]
            classes += [main, CLASSES.index(_GLIDES[phone])]
        else:
            spans.append((start, end))
            classes.append(main)
        start = end
    return Utterance(samples, np.array(spans).reshape(-1, 2), np.array(classes, int), f"flite {voice} {stretch:g}")


def _at_16k(samples: np.ndarray, rate_hz: int) -> np.ndarray:
    """Resampled by a windowed sinc in the frequency domain (whole utterance)."""
    if rate_hz == RATE_HZ:
        return samples.astype(np.float64)
    count = round(len(samples) * RATE_HZ / rate_hz)
    spectrum = np.fft.rfft(samples)
    keep = count // 2 + 1
    padded = np.zeros(keep, complex)
    padded[: min(keep, len(spectrum))] = spectrum[: min(keep, len(spectrum))]
    return np.fft.irfft(padded, count) * count / len(samples)


def nonsense(rng: np.random.Generator, pinyin: bool) -> str:
    """A sentence of made-up words; lips close often."""
    begin = ["p", "b", "m", "p", "b", "m", "t", "d", "n", "l", "s", "k", "g", "f", "v", "r", "sch", "z", "j", "h", "w",
             "pl", "br", "tr", "st", "sp", "kl", "gr", "fl", ""]  # fmt: skip
    vowel = ["a", "a", "e", "i", "o", "u", "a", "ei", "au", "ie", "ou", "ai", "eu"]
    finish = ["", "", "", "n", "m", "p", "s", "t", "r", "l", "b", "mp", "k", "nd", "st"]
    if pinyin:
        begin = [
            "b",
            "p",
            "m",
            "b",
            "p",
            "m",
            "f",
            "d",
            "t",
            "n",
            "l",
            "g",
            "k",
            "h",
            "zh",
            "sh",
            "x",
            "j",
            "q",
            "s",
            "y",
        ]
        vowel, finish = ["a", "ai", "an", "ao", "ang", "i", "u", "ei", "en"], ["1", "2", "3", "4"]
    words = []
    for _ in range(int(rng.integers(3, 9))):
        parts = [str(rng.choice(begin)) + str(rng.choice(vowel)) for _ in range(int(rng.integers(1, 4)))]
        words.append(
            "".join(parts) + str(rng.choice(finish))
            if not pinyin
            else " ".join(p + str(rng.choice(finish)) for p in parts)
        )
        if rng.random() < 0.12:
            words[-1] += ","
    return " ".join(words) + "."


def drawn_voice(rng: np.random.Generator) -> str:
    """A voice of espeak-ng that nobody designed: another vocal tract, larynx and room."""
    tract = float(np.exp(np.clip(rng.normal(0.06, 0.14), -0.25, 0.4)))
    lines = ["language variant", "name drawn"]
    low = int(rng.integers(50, 200))
    lines.append(f"pitch {low} {low + int(rng.integers(15, 110))}")
    for formant in range(9):
        own = tract * float(np.exp(rng.normal(0, 0.07)))
        height, width = (int(v) for v in rng.integers((70, 80), (135, 180)))
        lines.append(f"formant {formant} {round(100 * min(own, 1.6))} {height} {width}")
    if rng.random() < 0.5:
        lines.append(f"echo {int(rng.integers(15, 120))} {int(rng.integers(10, 60))}")
    if rng.random() < 0.5:
        lines.append("breath " + " ".join(str(int(v)) for v in rng.integers(0, int(rng.integers(2, 16)), 8)))
        lines.append("breathw " + " ".join(str(int(v)) for v in np.sort(rng.integers(100, 450, 6))))
    lines.append(f"voicing {int(rng.integers(35, 125))}")
    lines.append(f"consonants {int(rng.integers(60, 125))} {int(rng.integers(20, 110))}")
    lines += [f"roughness {int(rng.integers(0, 4))}", f"flutter {int(rng.integers(0, 6))}"]
    return "\n".join(lines) + "\n"


def with_drawn_voices(folder: Path, count: int, rng: np.random.Generator) -> tuple[str, ...]:
    """A copy of espeak-ng's data with more voices; their names."""
    library = ctypes.CDLL("libespeak-ng.so.1")
    library.espeak_Initialize(2, 500, None, 0)
    library.espeak_Info.restype = ctypes.c_char_p
    where = ctypes.c_char_p()
    library.espeak_Info(ctypes.byref(where))
    library.espeak_Terminate()
    shutil.copytree(os.fsdecode(where.value or b""), folder / "espeak-ng-data")
    variants = folder / "espeak-ng-data" / "voices" / "!v"
    for file in variants.iterdir():  # the library knows 349 voices at most
        if file.name not in TRAIN_VARIANTS:
            file.unlink()
    for file in (folder / "espeak-ng-data" / "lang").rglob("*"):
        if file.is_file() and not any(file.name.startswith(name.partition("-")[0]) for name in TRAIN_LANGUAGES):
            file.unlink()
    shutil.rmtree(folder / "espeak-ng-data" / "voices" / "mb", ignore_errors=True)
    names = tuple(f"drawn{i}" for i in range(count))
    for name in names:
        (variants / name).write_text(drawn_voice(rng), encoding="utf-8")
    return names


def training(minutes: float, seed: int, drawn: int = 0) -> list[Utterance]:
    """Nonsense in many voices; a third of it by flite's slt and awb. Half of espeak-ng's are ``drawn`` ones, if any."""
    rng = np.random.default_rng(seed)
    if not drawn:
        return _training(minutes, rng, Espeak(), ())
    with tempfile.TemporaryDirectory() as folder:
        names = with_drawn_voices(Path(folder), drawn, rng)
        return _training(minutes, rng, Espeak(Path(folder)), names)


def _training(minutes: float, rng: np.random.Generator, espeak: Espeak, drawn: tuple[str, ...]) -> list[Utterance]:
    made, total_s = [], 0.0
    while total_s < minutes * 60:
        if rng.random() < 0.35:
            text = nonsense(rng, False)
            said = flite(text, str(rng.choice(["slt", "awb"])), float(np.round(rng.uniform(0.75, 1.3), 2)))
        else:
            language = str(rng.choice(TRAIN_LANGUAGES))
            variant = str(rng.choice(drawn if drawn and rng.random() < 0.5 else TRAIN_VARIANTS))
            voice = f"{language}+{variant}" if variant else language
            text = nonsense(rng, "pinyin" in language)
            said = espeak.say(
                text, voice, int(rng.integers(110, 260)), int(rng.integers(20, 80)), int(rng.integers(20, 90))
            )
        made.append(said)
        total_s += len(said.samples) / RATE_HZ
    return made


def testing() -> list[Utterance]:
    """Sentences in languages and voices that `training` never uses."""
    espeak = Espeak()
    made = [
        espeak.say(text, voice, speed)
        for voice in TEST_VOICES
        for speed in TEST_SPEEDS
        for text in SENTENCES[voice.partition("+")[0].partition("-")[0]]
    ]
    return made + [flite(text, "rms", stretch) for text in SENTENCES["en"] for stretch in (0.85, 1.0, 1.2)]


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("part", choices=("train", "test"))
    parser.add_argument("out", type=Path)
    parser.add_argument("--minutes", type=float, default=90.0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--drawn", type=int, default=0, help="voices of nobody among those of train")
    asked = parser.parse_args()
    made = training(asked.minutes, asked.seed, asked.drawn) if asked.part == "train" else testing()
    lengths = [len(u.samples) for u in made]
    spans = np.concatenate([np.column_stack([np.full(len(u.spans), i), u.spans]) for i, u in enumerate(made)])
    np.savez_compressed(
        asked.out,
        samples=np.concatenate([np.round(np.clip(u.samples, -1, 1) * 32767).astype(np.int16) for u in made]),
        starts=np.concatenate([[0], np.cumsum(lengths)]),
        spans=spans,
        classes=np.concatenate([u.classes for u in made]),
        voices=np.array([u.voice for u in made]),
    )
    print(f"{len(made)} utterances, {sum(lengths) / RATE_HZ / 60:.1f} min")
    return 0


if __name__ == "__main__":
    sys.exit(main())
