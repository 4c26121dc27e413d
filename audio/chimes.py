"""Five short sounds that say what words would say too loudly. Made here, as sums of decaying partials."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from .types import RATE, Samples

_ATTACK = 0.012
"""Seconds in which a note swells: short enough for a bell, long enough not to click."""
_RELEASE = 0.03
"""Seconds in which what is left of a note fades to nothing at its end."""

_FLUTE = ((1.0, 1.0, 1.0), (2.0, 0.15, 0.7), (3.0, 0.04, 0.5))
"""Partials of a plain soft tone: times the pitch, times the loudness, times the decay."""
_BELL = ((1.0, 1.0, 1.0), (2.76, 0.30, 0.45), (5.40, 0.10, 0.2))
"""Partials of a struck bar: out of tune with one another, and gone the sooner the higher they are."""


@dataclass(frozen=True, slots=True)
class _Note:
    at: float
    """Seconds from the beginning."""
    pitch: float
    """Hertz."""
    decay: float
    """Seconds in which the note falls to a third."""
    partials: Sequence[tuple[float, float, float]]


@dataclass(frozen=True, slots=True)
class _Chime:
    seconds: float
    peak: float
    """Largest sample. Speech peaks near 0.5, and every chime stays well below."""
    notes: Sequence[_Note]


_CHIMES = {
    # a rise: go on, I am listening; a fall: that was it
    "listening": _Chime(0.4, 0.16, (_Note(0.0, 587.3, 0.09, _FLUTE), _Note(0.11, 880.0, 0.11, _FLUTE))),
    "closed": _Chime(0.5, 0.16, (_Note(0.0, 880.0, 0.09, _FLUTE), _Note(0.12, 587.3, 0.14, _FLUTE))),
    "turn-over": _Chime(1.5, 0.2, (_Note(0.0, 523.3, 0.45, _BELL),)),
    "halfway": _Chime(1.0, 0.14, (_Note(0.0, 659.3, 0.22, _BELL), _Note(0.22, 659.3, 0.22, _BELL))),
    "warning": _Chime(0.35, 0.08, (_Note(0.0, 1046.5, 0.07, _BELL),)),
}

CHIMES = tuple(_CHIMES)
"""Their names. A warning comes shortly before a turn's end."""


@cache
def chime(name: str) -> Samples:
    """The chime of that name, one of CHIMES; a KeyError for another."""
    shape = _CHIMES[name]
    sound = np.zeros(round(shape.seconds * RATE))
    for note in shape.notes:
        start = round(note.at * RATE)
        sound[start:] += _ring(note, sound.size - start)
    sound *= shape.peak / np.abs(sound).max()
    samples = sound.astype(np.float32)
    samples.flags.writeable = False
    return samples


def _ring(note: _Note, length: int) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    time = np.arange(length) / RATE
    sound = np.zeros(length)
    for ratio, loudness, decay in note.partials:
        sound += (
            loudness * np.exp(-time / (decay * note.decay)) * np.sin(2 * np.pi * ratio * note.pitch * time)
        )
    return sound * np.minimum(1, time / _ATTACK) * np.minimum(1, time[::-1] / _RELEASE)
