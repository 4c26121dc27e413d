"""What a loudspeaker still has to say. Pure: no device, no clock but the one that the caller reads."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from .sound_file import resample
from .types import RATE, Samples

_UNDERSTOOD = 0.5
"""Seconds: a clip that lacks less than this at its end does not begin again."""


@dataclass(slots=True)
class _Clip:
    samples: Samples
    sound: NDArray[np.int16]
    """The same at the loudspeaker's rate."""


class Playback:
    """A queue of clips, filled by whoever speaks and emptied, block by block, in the sound card's thread.

    A clip that was cut off because the card went away begins again: half a question helps nobody.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._clips: deque[_Clip] = deque()
        self._position = 0
        """Samples of the first clip that have been handed out."""
        self._rate = RATE
        self._latency = 0.0
        self._heard_until = 0.0

    def open(self, rate: int, latency: float) -> None:
        """From now on blocks are taken at `rate`, and heard `latency` seconds after they were taken."""
        with self._lock:
            if self._position and self._clips[0].sound.size - self._position < _UNDERSTOOD * self._rate:
                self._clips.popleft()
            self._rate, self._latency = rate, latency
            self._clips = deque(self._clip(clip.samples) for clip in self._clips)
            self._position = 0

    def play(self, samples: Samples) -> None:
        """Queues a clip."""
        if samples.size:
            clip = self._clip(samples)
            with self._lock:
                self._clips.append(clip)

    def hush(self) -> None:
        """Forgets everything. What has been taken already is still heard, for the latency."""
        with self._lock:
            self._clips.clear()
            self._position = 0

    def playing(self, at: float, tail: float = 0.0) -> bool:
        """Whether at the time `at` there is something to be heard, or was less than `tail` seconds ago."""
        return bool(self._clips) or at < self._heard_until + tail

    def take(self, size: int, at: float) -> bytes:
        """The next `size` samples, 16 bits each; silence when there are no more."""
        block = np.zeros(size, dtype=np.int16)
        filled = 0
        with self._lock:
            while self._clips and filled < size:
                sound = self._clips[0].sound
                part = sound[self._position : self._position + size - filled]
                block[filled : filled + part.size] = part
                filled += part.size
                self._position += part.size
                if self._position == sound.size:
                    self._clips.popleft()
                    self._position = 0
            if filled:
                self._heard_until = at + self._latency + filled / self._rate
        return block.tobytes()

    def _clip(self, samples: Samples) -> _Clip:
        sound = np.rint(resample(samples, RATE, self._rate).clip(-1.0, 1.0) * 32767)
        return _Clip(samples, sound.astype(np.int16))
