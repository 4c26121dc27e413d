"""What the session is told about the people and the place; it never changes during a conversation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .exercise import Exercise, Person
from .keys import SECONDS, key

UNNAMED = ("Alex", "Sam")
"""What two people are called who have not said."""
WAKE_PHRASES = ("hey coach", "okay coach")
SLOWEST, CALM, FASTEST = 110, 145, 180
"""Words a minute."""


def _seconds(default: float, doc: str) -> Any:
    return key(default, doc, SECONDS, place="talking")


@dataclass(frozen=True, slots=True)
class Times:
    """How long the coach waits for what, all in seconds."""

    awake: float = _seconds(8.0, "For a request after the wake phrase.")
    pause: float = _seconds(30 * 60.0, "For a paused exercise to be taken up again.")
    grace: float = _seconds(5.0, "After the bell that ends a turn, before the next person is named.")
    warning: float = _seconds(10.0, "A soft sound comes this long before the end of a long turn.")
    long_turn: float = _seconds(60.0, "A turn longer than this is a long one.")
    long_hush: float = _seconds(120.0, "A silence longer than this has a soft sound half-way.")
    more: float = _seconds(30.0, 'The least that "more time" adds; otherwise half of the turn.')
    most_more: float = _seconds(300.0, 'The most that "more time" adds.')


@dataclass(frozen=True, slots=True)
class Household:
    """Two people, and the exercises that they can be led through."""

    names: tuple[str, str]
    exercises: Mapping[str, Exercise]
    times: Times = field(default_factory=Times)

    def name(self, person: Person) -> str:
        """The name of one of the two."""
        return self.names[0] if person == "first" else self.names[1]
