"""`voice-coach chat`: the conversation at the keyboard."""

from __future__ import annotations

from collections.abc import Callable

from .actions import Ring
from .awake import listen_awake
from .evening import open_hearing
from .hearing import Hearing
from .household import Household
from .library import Library
from .room import converse
from .settings import DEFAULTS, Settings
from .state import Session
from .stream import Stream, Watcher
from .typed_room import TypedRoom


def chat(
    library: Library,
    ask: Callable[[str], str | None],
    watcher: Watcher | None,
    settings: Settings = DEFAULTS,
) -> None:
    """Holds a typed conversation, until there are no more lines.

    Args:
        library: what the coach knows.
        ask: shows a prompt and gives the line typed, or None at the end.
        watcher: is told of every entry; without one they are printed.
        settings: the couple's names, what wakes the coach, and its times.
    """
    household = Household(settings.names, library.exercises, settings.times)
    hearing = open_hearing(library, wake_phrases=settings.wake_phrases)
    stream = Stream()
    if watcher is None:
        from .transcript import watching  # noqa: PLC0415: only where it is shown

        with watching(library, settings.names, progress=False) as watchers:
            stream.watchers = watchers
            _hold(household, hearing, stream, ask)
    else:
        stream.watchers = (watcher,)
        _hold(household, hearing, stream, ask)


def _hold(household: Household, hearing: Hearing, stream: Stream, ask: Callable[[str], str | None]) -> None:
    room = TypedRoom(household, hearing, stream, ask)
    # Whoever types has the coach's attention already.
    converse(household, room, *listen_awake(household, Session(), Ring("listening")))
    stream.summarise(room.now)
