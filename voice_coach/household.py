"""What the session is told about the people and the place; it never changes during a conversation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .exercise import Exercise, Person


@dataclass(frozen=True, slots=True)
class Times:
    """How long the coach waits for what, all in seconds."""

    awake: float = 8.0
    """For a request after the wake phrase."""
    pause: float = 30 * 60.0
    """For a paused exercise to be taken up again."""
    grace: float = 5.0
    """After the bell that ends a turn, before the next person is named."""
    warning: float = 10.0
    """A soft sound comes this long before the end of a turn that is longer than `long_turn`."""
    long_turn: float = 60.0
    long_hush: float = 120.0
    """A silence longer than this has a soft sound half-way."""
    more: float = 30.0
    """The least that "more time" adds; otherwise half of the turn, ..."""
    most_more: float = 300.0
    """... up to this."""


@dataclass(frozen=True, slots=True)
class Household:
    """Two people, and the exercises that they can be led through."""

    names: tuple[str, str]
    exercises: Mapping[str, Exercise]
    times: Times = field(default_factory=Times)

    def name(self, person: Person) -> str:
        """The name of one of the two."""
        return self.names[0] if person == "first" else self.names[1]
