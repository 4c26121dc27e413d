"""A stream of PortAudio that is watched: whether the card still calls, and whether it can be closed.

It may not. When an ALSA device goes away, PortAudio's thread can go round for ever: an error inside the
error handling of its `PaAlsaStream_WaitForFrames` jumps back to the same handling, with cancellation switched
off. To close the stream is to wait for that thread, so the thread is then ended from outside.
"""

from __future__ import annotations

import ctypes
import logging
import os
import signal
from threading import Event, Thread, get_native_id
from typing import Any

log = logging.getLogger(__name__)

LOOK = 0.1
"""Seconds between two looks at a stream."""
_SILENT_LOOKS = 6
"""Looks without a call from the card after which it is gone. Looks and not seconds: when this whole process
was held up, the card is not to blame."""
_FIRST_LOOKS = 20
"""The same for a stream that has just been opened."""
_CLOSES_IN = 0.3
"""Seconds that closing takes at most when all is well; it takes some thousandths."""


class WatchedStream:
    """A stream, and what tells whether it is alive."""

    def __init__(self, name: str) -> None:
        """`name` is the device's."""
        self.name = name
        self.stream: Any = None
        """To be set before anything is called."""
        self.finished = Event()
        """To be set when PortAudio says that the stream has ended."""
        self._calls = 0
        self._seen = 0
        self._looks = 0
        self._thread: int | None = None

    def called(self) -> None:
        """The card has called; to be told in its own thread."""
        self._calls += 1
        self._thread = get_native_id()

    def gone(self) -> bool:
        """Whether the card has stopped calling. To be asked every LOOK seconds."""
        self._looks = 0 if self._calls > self._seen else self._looks + 1
        self._seen = self._calls
        return self.finished.is_set() or self._looks >= (_SILENT_LOOKS if self._calls else _FIRST_LOOKS)

    def close(self) -> None:
        """Closes the stream. It never returns while a sound server hangs that the card belongs to."""
        closing = Thread(target=self.stream.close, name="closing", daemon=True)
        closing.start()
        closing.join(_CLOSES_IN)
        if closing.is_alive() and self._thread is not None:
            log.info("PortAudio does not close %s; ending its thread", self.name)
            end_thread(self._thread)
        closing.join()


def end_thread(thread: int) -> None:
    """Ends a thread that runs no Python, wherever it stands, by its native number. Does nothing but on Linux.

    What happens is what happens when a thread is cancelled: a signal has it call `pthread_exit`.
    """
    if not hasattr(signal, "SIGRTMIN"):
        return
    number = signal.SIGRTMIN + 5
    libc = ctypes.CDLL(None)
    libc.signal.argtypes = ctypes.c_int, ctypes.c_void_p
    libc.signal(number, ctypes.cast(libc.pthread_exit, ctypes.c_void_p))
    libc.tgkill(os.getpid(), thread, number)
