"""The coach's voice: text to sound, rendered once and kept.

A line is rendered sentence by sentence and joined with silence, so that its pauses are exact whatever the
engine makes of punctuation, and a sentence that several lines share is rendered once.
"""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Protocol, Self

import numpy as np

from . import pyttsx3_process
from .errors import SetupError
from .sound_file import SoundFileError, read_sound, write_wav
from .types import RATE, Samples

DEFAULT_VOICE = "en-gb"
DEFAULT_RATE = 145
"""Words a minute: a calm pace for people who only hear a line and cannot look it up."""

_PITCH = 50
_PACE = 0.85
"""What espeak-ng is told for each word a minute: our lines have shorter words than it counts by."""
_FORMAT = 1
"""To be counted up when the same request would sound different, so that sound kept earlier is not used."""
_IN_MEMORY = 256
"""Sentences kept in memory, at some 100 kB each."""

_PAUSE = 0.35
"""Seconds between two sentences."""
_PAUSE_BEFORE_QUESTION = 0.6
"""Seconds before a question, which tells two people who are not looking that they are being asked."""
_EDGE = 0.02
"""Seconds of quiet left on either side of a sentence, so that soft beginnings and ends are not cut off."""
_QUIET = 0.01
"""Samples below this part of a sentence's peak are quiet."""

_LEVEL = 0.1
"""Root mean square of a sentence, -20 dBFS."""
_PEAK = 0.95
"""No sample is larger: a sentence that would be, at that level, is made quieter."""

_SENTENCE = re.compile(r"\S.*?(?:[.!?…]+[\"'”’)]*(?=\s+[^a-z]|$)|[。！？]+|$)")
_QUESTION = re.compile(r"[?？؟][\"'”’)]*$")


class Voice(Protocol):
    """Something that can say a line. Implementations are called from one thread."""

    def render(
        self, text: str, *, rate: int = DEFAULT_RATE, voice: str = DEFAULT_VOICE, private: bool = False
    ) -> Samples:
        """The sound of `text` at `rate` words a minute; no sound for a text without words.

        What is `private`, such as the couple's own words, is kept nowhere. Raises SetupError if there is no
        such voice or the machine cannot speak.
        """
        ...

    def prepare(self, texts: Iterable[str], *, rate: int = DEFAULT_RATE, voice: str = DEFAULT_VOICE) -> None:
        """Renders in the background what will be needed soon. What goes wrong there shows only then."""
        ...

    def close(self) -> None:
        """Ends what was begun in the background."""
        ...


class Pyttsx3Voice:
    """Espeak-ng by pyttsx3, one short process a sentence. Voices: "en-gb", "de", with a variant "en-gb+f3".

    Sentences are kept as WAV files in the folder `cache`, which several processes may share.
    """

    def __init__(self, cache: Path, *, timeout: float = 15.0) -> None:
        """A sentence that takes longer than `timeout` seconds is given up, and its process killed."""
        self._cache = cache
        self._timeout = timeout
        self._remembered = lru_cache(_IN_MEMORY)(self._kept)
        self._pool = ThreadPoolExecutor(2, thread_name_prefix="voice")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def names(self) -> list[str]:
        """The voices that there are. Raises SetupError if the machine cannot speak."""
        names = json.loads(_ask({}, self._timeout))
        return [str(name) for name in names]

    def close(self) -> None:
        """See `Voice.close`. What is being rendered at this moment is finished first."""
        self._pool.shutdown(cancel_futures=True)

    def render(
        self, text: str, *, rate: int = DEFAULT_RATE, voice: str = DEFAULT_VOICE, private: bool = False
    ) -> Samples:
        """See `Voice.render`."""
        speak = self._spoken if private else self._remembered
        parts = [np.zeros(0, dtype=np.float32)]
        for number, sentence in enumerate(_sentences(text)):
            if number:
                pause = _PAUSE_BEFORE_QUESTION if _QUESTION.search(sentence) else _PAUSE
                parts.append(np.zeros(round((pause - 2 * _EDGE) * RATE), dtype=np.float32))
            parts.append(speak(sentence, rate, voice))
        return np.concatenate(parts)

    def prepare(self, texts: Iterable[str], *, rate: int = DEFAULT_RATE, voice: str = DEFAULT_VOICE) -> None:
        """See `Voice.prepare`."""
        for sentence in dict.fromkeys(sentence for text in texts for sentence in _sentences(text)):
            self._pool.submit(self._remembered, sentence, rate, voice)

    def _kept(self, sentence: str, rate: int, voice: str) -> Samples:
        """The sentence from the cache, rendered into it first if it is not there or damaged."""
        key = json.dumps([_FORMAT, voice, rate, _PITCH, sentence]).encode()
        path = self._cache / f"{hashlib.sha256(key).hexdigest()[:32]}.wav"
        with suppress(SoundFileError):
            return read_sound(path)
        samples = self._spoken(sentence, rate, voice)
        try:
            self._cache.mkdir(parents=True, exist_ok=True)
            write_wav(path, samples)
            return read_sound(path)  # so that the first time sounds like every other
        except (OSError, SoundFileError) as error:
            raise SetupError(f"the voice's cache folder cannot be used: {error}") from error

    def _spoken(self, sentence: str, rate: int, voice: str) -> Samples:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "sentence.wav"
            request = {
                "text": sentence,
                "voice": voice,
                "rate": round(_PACE * rate),
                "pitch": _PITCH,
                "path": str(path),
            }
            _ask(request, self._timeout)
            try:
                return _levelled(_trimmed(read_sound(path)))
            except SoundFileError as error:
                raise SetupError(f"the voice left no sound behind: {error}") from error


def _ask(request: dict[str, object], timeout: float) -> bytes:
    """Has a process carry out the request, and gives what it wrote; the process is gone when this returns or
    raises.
    """
    try:
        process = subprocess.Popen(
            # -P: the modules beside that file must not hide the standard library's
            [sys.executable, "-P", pyttsx3_process.__file__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,  # pyttsx3 prints there too, when it speaks
            stderr=subprocess.PIPE,
        )
    except OSError as error:
        raise SetupError(f"the voice cannot be started: {error}; try again when less is running") from error
    with process:
        try:
            output, errors = process.communicate(json.dumps(request).encode(), timeout)
        except subprocess.TimeoutExpired as error:
            raise SetupError(
                f"the voice took longer than {timeout:g} s; try again when less is running"
            ) from error
        finally:
            process.kill()  # does nothing to a process that has ended
            process.wait()
    if process.returncode == pyttsx3_process.NO_SUCH_VOICE:
        raise SetupError(f"there is no voice {request['voice']!r}; choose another, such as en-gb or en-us")
    if process.returncode:
        reason = errors.decode(errors="replace").strip().rpartition("\n")[2] or f"exit {process.returncode}"
        raise SetupError(f"no voice ({reason}); try: pip install --force-reinstall pyttsx3 espeakng-loader")
    return output


def _sentences(text: str) -> list[str]:
    return [sentence for sentence in _SENTENCE.findall(" ".join(text.split())) if re.search(r"\w", sentence)]


def _trimmed(samples: Samples) -> Samples:
    loud = np.flatnonzero(np.abs(samples) > _QUIET * np.abs(samples).max(initial=0.0))
    if not loud.size:
        return samples[:0]
    edge = round(_EDGE * RATE)
    return samples[max(0, loud[0] - edge) : loud[-1] + 1 + edge]


def _levelled(samples: Samples) -> Samples:
    if not samples.size:
        return samples
    gain = min(_LEVEL / np.sqrt(np.mean(samples**2)), _PEAK / np.abs(samples).max())
    return samples * np.float32(gain)
