"""Sound files, and other sampling rates than ours."""

from __future__ import annotations

import secrets
from contextlib import suppress
from pathlib import Path

import numpy as np
import soundfile
import soxr  # type: ignore[import-untyped]

from .types import RATE, Samples

_CHUNK = 1 << 16
"""Frames read at a time: an hour of stereo at 48 kHz never lies in memory as a whole."""


class SoundFileError(Exception):
    """A file that cannot be read or written as sound; one line that names it and says why."""


def read_sound(path: Path) -> Samples:
    """A sound file as mono at RATE. It may be WAV, FLAC, ..., of any rate and any number of channels.

    Raises SoundFileError if it is missing, unreadable, damaged, not sound, or empty. Silence is sound.
    """
    try:
        with path.open("rb") as stream:
            samples = _decode(stream.fileno())
    except OSError as error:
        raise SoundFileError(f"{path}: {_reason(error)}") from error
    except soundfile.SoundFileRuntimeError as error:
        raise SoundFileError(f"{path}: not a sound file: {_reason(error)}") from error
    if not samples.size:
        raise SoundFileError(f"{path}: holds no sound at all")
    if not np.isfinite(samples).all():
        raise SoundFileError(f"{path}: damaged, some of its samples are not numbers")
    return np.clip(samples, -1.0, 1.0)


def write_wav(path: Path, samples: Samples) -> None:
    """Writes a 16-bit WAV file. Whoever reads `path` meanwhile finds the old file or the whole new one.

    Raises SoundFileError if the folder is missing or may not be written to, or the disk is full.
    """
    unfinished = path.parent / f".{path.name}.{secrets.token_hex(8)}"
    try:
        with unfinished.open("xb") as stream:
            soundfile.write(stream, samples, RATE, subtype="PCM_16", format="WAV")
        unfinished.replace(path)
    except (OSError, soundfile.SoundFileRuntimeError) as error:
        raise SoundFileError(f"{path}: cannot be written: {_reason(error)}") from error
    finally:
        with suppress(OSError):
            unfinished.unlink()


def resample(samples: Samples, from_rate: int, to_rate: int) -> Samples:
    """The same sound at another rate; unchanged if the rates are the same."""
    if from_rate == to_rate or not samples.size:
        return samples
    resampled: Samples = soxr.resample(samples, from_rate, to_rate)
    return np.clip(resampled, -1.0, 1.0)


class Resampler:
    """Brings sound that comes in pieces to another rate, some 30 ms behind."""

    def __init__(self, from_rate: int, to_rate: int) -> None:
        self._stream = soxr.ResampleStream(from_rate, to_rate, 1)

    def feed(self, samples: Samples) -> Samples:
        """As much as is ready after these samples."""
        resampled: Samples = self._stream.resample_chunk(samples)
        return np.clip(resampled, -1.0, 1.0)


def _decode(descriptor: int) -> Samples:
    with soundfile.SoundFile(descriptor, closefd=False) as file:
        resampler = soxr.ResampleStream(file.samplerate, RATE, 1) if file.samplerate != RATE else None
        parts: list[Samples] = []
        while (frames := file.read(_CHUNK, dtype="float32", always_2d=True)).size:
            mono = frames.mean(axis=1)
            parts.append(resampler.resample_chunk(mono) if resampler else mono)
        if resampler:
            parts.append(resampler.resample_chunk(np.zeros(0, dtype=np.float32), last=True))
    return np.concatenate(parts) if parts else np.zeros(0, dtype=np.float32)


def _reason(error: Exception) -> str:
    """One line, without the path that the caller has named already."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror.lower()
    if isinstance(error, soundfile.LibsndfileError):
        return str(error.error_string).rstrip(".").lower()
    return str(error)
