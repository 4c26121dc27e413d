"""`voice-coach chat`: the conversation at the keyboard."""

from __future__ import annotations

from collections.abc import Callable

from .actions import Ring
from .awake import listen_awake
from .evening import UNNAMED, open_hearing
from .household import Household
from .library import Library
from .room import converse
from .state import Session
from .stream import Stream, Watcher
from .typed_room import TypedRoom


def chat(library: Library, ask: Callable[[str], str | None], watcher: Watcher | None) -> None:
    """Holds a typed conversation, until there are no more lines.

    Args:
        library: what the coach knows.
        ask: shows a prompt and gives the line typed, or None at the end.
        watcher: is told of every entry; without one they are printed.
    """
    household = Household(UNNAMED, library.exercises)
    stream = Stream()
    if watcher is None:
        from .transcript import watching  # noqa: PLC0415: only where it is shown

        with watching(library, UNNAMED, progress=False) as watchers:
            stream.watchers = watchers
            _hold(household, library, stream, ask)
    else:
        stream.watchers = (watcher,)
        _hold(household, library, stream, ask)


def _hold(household: Household, library: Library, stream: Stream, ask: Callable[[str], str | None]) -> None:
    room = TypedRoom(household, open_hearing(library), stream, ask)
    # Whoever types has the coach's attention already.
    converse(household, room, *listen_awake(household, Session(), Ring("listening")))
    stream.summarise(room.now)
