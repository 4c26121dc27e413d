"""Sound on its way from a microphone's thread to whoever listens. Pure: no device, no clock of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Protocol

import numpy as np

from .types import BLOCK, RATE, Samples

LIMIT = round(3.0 * RATE / BLOCK)
"""Blocks that wait to be read, three seconds. Whoever listens more slowly hears what is latest."""
_SLACK = 0.5
"""Seconds that a block may be late before some of the sound must have been lost."""

_PATIENCE = 0.2
"""Seconds between two looks for signals while no sound comes."""


class Resampling(Protocol):
    """Brings sound that comes in pieces to RATE."""

    def feed(self, samples: Samples) -> Samples:
        """As much as is ready."""
        ...


@dataclass(frozen=True, slots=True)
class _Piece:
    sound: bytes
    ends: float
    resampling: Resampling | None


class Capture:
    """A queue of what a microphone hears, which drops the oldest when it is full, and counts that.

    Time is counted in samples, so that it does not tremble with the threads; it leaps where sound was lost.
    """

    def __init__(self, on_loss: Callable[[int], None] = lambda _: None) -> None:
        """`on_loss` is told, in the reader's thread, how many blocks were lost since it was last told."""
        self._on_loss = on_loss
        self._queue: SimpleQueue[_Piece] = SimpleQueue()
        self._rate = RATE
        self._resampling: Resampling | None = None
        self._ends: float | None = None
        """When the last piece that came in ended; None before the first of a stream."""
        self._pending = np.zeros(0, dtype=np.float32)
        self._pending_until = 0.0
        self.lost = 0
        """Blocks lost so far."""
        self._told = 0

    @property
    def now(self) -> float:
        """The time, in seconds, at which the last block that was read ended."""
        return max(0.0, self._pending_until - self._pending.size / RATE)

    # In the sound card's thread

    def open(self, rate: int, resampling: Resampling | None) -> None:
        """From now on sound comes at `rate`."""
        self._rate, self._resampling, self._ends = rate, resampling, None

    def put(self, sound: bytes, at: float, *, muted: bool = False, overflowed: bool = False) -> None:
        """Takes in a piece of 16-bit sound that was handed over at the time `at`, in seconds."""
        seconds = len(sound) / 2 / self._rate
        self._ends = at if self._ends is None else max(self._ends + seconds, at - _SLACK)
        self.lost += overflowed
        if self._queue.qsize() >= LIMIT:
            try:
                self._queue.get_nowait()
                self.lost += 1
            except Empty:
                pass  # it has just been read
        self._queue.put(_Piece(bytes(len(sound)) if muted else sound, self._ends, self._resampling))

    # In the reader's

    def read(self) -> Samples:
        """The next BLOCK samples, waiting for them."""
        while self._pending.size < BLOCK:
            try:
                piece = self._queue.get(timeout=_PATIENCE)
            except Empty:
                continue  # nobody called; but a signal may have come, which Python sees only here
            if self.lost > self._told:
                self._on_loss(self.lost - self._told)
                self._told = self.lost
            samples = np.frombuffer(piece.sound, dtype=np.int16).astype(np.float32) / np.float32(32768)
            if piece.resampling:
                samples = piece.resampling.feed(samples)
            self._pending = np.concatenate([self._pending, samples])
            self._pending_until = piece.ends
        block, self._pending = self._pending[:BLOCK], self._pending[BLOCK:]
        return block
