"""`voice-coach run`: the whole loop at the microphone and the loudspeaker of this machine."""

from __future__ import annotations

import logging
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from audio import SoundCard

from .errors import CoachError
from .evening import Evening, open_ear, open_hearing
from .library import Library
from .settings import Settings
from .stream import Stream, Watcher

log = logging.getLogger(__name__)


INTERRUPTED = 130
"""The exit status after Ctrl-C."""


def run(library: Library, settings: Settings, watchers: Sequence[Watcher], *, wait: bool) -> None:
    """Listens and coaches until it is interrupted.

    Args:
        library: what the coach knows.
        settings: the devices, the names, how it speaks.
        watchers: are told of what happens.
        wait: for devices that are not there yet.

    Raises:
        SetupError: the machine lacks something, such as a microphone.
        KeyboardInterrupt, SystemExit: it was interrupted; the stream has had its summary.
    """
    card = SoundCard(settings.input, settings.output, echo_free=settings.headphones, wait=wait)
    stream = Stream(watchers)
    hearing = open_hearing(library, open_ear(settings), settings.wake_phrases)
    hearing.prepare()  # before there is sound that would have to wait
    evening = Evening(library, settings.names, hearing, stream, settings)
    try:
        with card:
            _hold(evening, card, stream, settings)
    except (KeyboardInterrupt, SystemExit) as end:
        if card.hung:
            sys.stdout.flush()
            os._exit(INTERRUPTED if isinstance(end, KeyboardInterrupt) else 0)
        raise


def _hold(evening: Evening, card: SoundCard, stream: Stream, settings: Settings) -> None:
    try:
        evening.hold(card, show_text=settings.show_text)
    except (KeyboardInterrupt, SystemExit):
        stream.summarise(card.now)
        raise
    finally:
        log.info("ended after %.0f s; %d blocks of the microphone were lost", card.now, card.lost)


def end_on_sigterm() -> None:
    """From now on SIGTERM ends the program as tidily as Ctrl-C does, but with success."""

    def end(_signal: int, _frame: Any) -> None:
        sys.exit(0)

    signal.signal(signal.SIGTERM, end)


def quiet_libraries() -> None:
    """From now on only Python writes to standard error: ALSA and PortAudio chatter too much."""
    ours = os.dup(sys.stderr.fileno())
    sys.stderr = os.fdopen(ours, "w", buffering=1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)


def keep_log(file: Path | None) -> None:
    """Logs states and times, never what was said: to a file, or else to standard error.

    Raises:
        CoachError: the file cannot be written.
    """
    try:
        logging.basicConfig(filename=file, level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    except OSError as error:
        raise CoachError(f"{file} cannot be written: {error.strerror}; name another with --log") from error
