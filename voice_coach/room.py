"""Where actions meet the world. Another front is another Room, never another dialogue."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from .actions import Action
from .events import Event
from .household import Household
from .session import receive
from .state import Session


class Room(Protocol):
    """Carries out actions, and waits for what happens."""

    def perform(self, session: Session, todo: Sequence[Action]) -> Event | None:
        """Carries out `todo`, which ends in a wait; the event that ends it, or None when all is over."""
        ...


def converse(
    household: Household,
    room: Room,
    session: Session,
    todo: Sequence[Action],
    keep: Callable[[Session], None] = lambda _: None,
) -> Session:
    """Holds a conversation until the Room has no more events.

    Args:
        household: who takes part, and in what.
        room: where it takes place.
        session: where it stands.
        todo: what comes first.
        keep: is given the session after every event.
    """
    while (event := room.perform(session, todo)) is not None:
        session, todo = receive(household, session, event)
        keep(session)
    return session
