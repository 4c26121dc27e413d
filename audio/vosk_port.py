"""The only importer of vosk: loads models from folders and runs recognisers, with nothing on the terminal.

Vosk 0.3.45 crashes the process or says only "Failed to create a model" where a folder is not whole, and its
`Model(lang=...)` goes to the network. So folders are looked at first, named by path only, and what Vosk
writes to standard error while it loads is kept for the message.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np

from .errors import SetupError
from .types import RATE, Samples

_NEEDED = ("am/final.mdl", "conf/model.conf")
_RUNTIME_GRAPH = ("graph/HCLr.fst", "graph/Gr.fst")
"""Where a model lacks these, Vosk ignores what it is told to expect."""
_MENDED_BY = "unpack a small Vosk model and name its folder with --model or VOICE_COACH_MODEL"
_QUIET = -2
"""Vosk's log level at which it says nothing after loading."""
_ALTERNATIVES = 5
_LOADING = Lock()


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a reading."""

    text: str
    end: float
    """Seconds from the beginning of the first sound that the recogniser was given, however long ago."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a recogniser makes of an utterance."""

    words: tuple[Word, ...]
    likelihood: float
    """The log-likelihood of sound and words together, in nats, up to a constant of the sound's own: to be
    compared with that of other readings of the same sound by the same model."""

    @property
    def texts(self) -> tuple[str, ...]:
        """The words alone."""
        return tuple(word.text for word in self.words)


class Recogniser:
    """Reads one utterance at a time, in one go or block by block. Not for several threads at once."""

    def __init__(self, recogniser: Any) -> None:
        self._recogniser = recogniser
        recogniser.SetWords(True)

    def read(self, samples: Samples) -> list[Reading]:
        """The likeliest readings of a whole utterance, best first; one at least, maybe without words.

        Given in one go, so that no pause within ends it. Nothing of what came before plays a part.
        """
        self._recogniser.SetMaxAlternatives(_ALTERNATIVES)
        self._recogniser.AcceptWaveform(_pcm(samples))
        found = json.loads(self._recogniser.FinalResult())["alternatives"]
        return [_reading(alternative) for alternative in found]

    def feed(self, samples: Samples) -> tuple[str, ...]:
        """The words so far, of blocks fed since the last `reset`. Words already given may still change."""
        self._recogniser.SetMaxAlternatives(0)
        if self._recogniser.AcceptWaveform(_pcm(samples)):
            return tuple(json.loads(self._recogniser.Result())["text"].split())
        return tuple(json.loads(self._recogniser.PartialResult())["partial"].split())

    def reset(self) -> None:
        """Forgets the utterance under way."""
        self._recogniser.FinalResult()


class VoskModel:
    """A model in memory. May be shared by several threads, each with recognisers of its own."""

    def __init__(self, folder: Path, model: Any) -> None:
        self.folder = folder
        self._model = model

    @classmethod
    def load(cls, folder: Path) -> VoskModel:
        """The model in a folder, loaded once however often it is asked for.

        Raises:
            SetupError: vosk is not installed, or the folder holds no model that can be told what to expect.
        """
        with _LOADING:
            return _load(folder.resolve())

    def knows(self, word: str) -> bool:
        """Whether a word is in the vocabulary; case counts."""
        return bool(self._model.vosk_model_find_word(word) >= 0)

    def recogniser(self, phrases: Sequence[str] | None = None) -> Recogniser:
        """A recogniser for anything, or for these phrases and mixtures of them (Vosk learns pairs of words).

        All words of the phrases must be known: Vosk would leave others out.
        """
        import vosk

        if phrases is None:
            return Recogniser(vosk.KaldiRecognizer(self._model, RATE))
        if not any(phrases):
            raise ValueError("Vosk crashes where nothing is to be expected")
        # Vosk reads escaped letters as they stand.
        grammar = json.dumps(phrases, ensure_ascii=False)
        return Recogniser(vosk.KaldiRecognizer(self._model, RATE, grammar))


@lru_cache(2)
def _load(folder: Path) -> VoskModel:
    try:
        import vosk
    except (ImportError, OSError) as error:
        raise SetupError(f"vosk is not installed ({error}); try: pip install 'vosk>=0.3.45'") from error
    _check(folder)
    vosk.SetLogLevel(_QUIET)
    failure: Exception | None = None
    with _captured() as messages:
        try:
            model = vosk.Model(str(folder))
        except Exception as error:  # noqa: BLE001  # Vosk raises nothing narrower
            failure = error
    reasons = [message for message in messages if message.startswith("ERROR")]
    # With a reason but no failure it has loaded, only to crash the process with the first recogniser.
    if failure or reasons:
        reason = " ".join(reasons[0].partition(" ")[2].split()) if reasons else "no reason given"
        raise SetupError(f"the model in {folder} is damaged ({reason}); unpack it again") from failure
    return VoskModel(folder, model)


def _check(folder: Path) -> None:
    """Finds what Vosk would crash on, or would ignore."""
    if not folder.is_dir():
        raise SetupError(f"there is no model folder {folder}; {_MENDED_BY}")
    if not any(folder.iterdir()):
        raise SetupError(f"the model folder {folder} is empty; {_MENDED_BY}")
    lacking = [name for name in _NEEDED if not (folder / name).is_file()]
    if lacking:
        raise SetupError(f"{folder} is no Vosk model: it lacks {' and '.join(lacking)}; {_MENDED_BY}")
    lacking = [name for name in _RUNTIME_GRAPH if not (folder / name).is_file()]
    if lacking:
        raise SetupError(
            f"the model in {folder} cannot be told what to expect: it lacks {' and '.join(lacking)},"
            " as large models do; take the small model of the language"
        )
    cut = [str(file.relative_to(folder)) for file in folder.rglob("*") if _is_cut(file)]
    if cut:
        raise SetupError(f"the model in {folder} is damaged: {', '.join(sorted(cut))}; unpack it again")


def _is_cut(file: Path) -> bool:
    """Whether a file is empty, or one of Vosk's lists of numbers that ends within a line."""
    if not file.is_file():
        return False
    return not file.stat().st_size or (file.suffix == ".int" and not file.read_bytes().endswith(b"\n"))


@contextmanager
def _captured() -> Iterator[list[str]]:
    """The lines that are written to standard error, by whatever code, instead of showing them."""
    lines: list[str] = []
    sys.stderr.flush()
    with tempfile.TemporaryFile() as file:
        shown = os.dup(2)
        os.dup2(file.fileno(), 2)
        try:
            yield lines
        finally:
            os.dup2(shown, 2)
            os.close(shown)
            file.seek(0)
            lines += file.read().decode(errors="replace").splitlines()


def _reading(alternative: dict[str, Any]) -> Reading:
    words = tuple(Word(word["word"], word["end"]) for word in alternative.get("result", ()))
    return Reading(words, alternative["confidence"])


def _pcm(samples: Samples) -> bytes:
    return (np.clip(samples, -1.0, 1.0) * 32767).astype("<i2").tobytes()
