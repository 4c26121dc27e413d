"""Where a conversation stands: values, nothing that happens."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

from .actions import Action
from .controls import Manner
from .dialogue import Position
from .exercise import Person, Variant

QUESTION = 8.0
"""Seconds that an answer to an offer is waited for."""


@dataclass(frozen=True, slots=True)
class Offer:
    """An exercise that the couple can say yes to."""

    exercise: str
    variant: Variant = "usual"
    seconds: float | None = None
    """How long, if the request named a time."""


@dataclass(frozen=True, slots=True)
class Asleep:
    """Only the wake phrase counts."""


@dataclass(frozen=True, slots=True)
class Awake:
    """Waiting for a request."""

    left: float
    """Seconds given to the present wait."""
    tries: int = 0
    """Times that something was said and not understood."""


@dataclass(frozen=True, slots=True)
class Offering:
    """A confirmation, or a choice of two or three."""

    offers: tuple[Offer, ...]
    resume: Position | None = None
    """The paused exercise that is offered to be carried on."""
    tries: int = 0
    left: float = QUESTION
    """Seconds given to the present wait."""


@dataclass(frozen=True, slots=True)
class Leading:
    """In an exercise."""

    position: Position


@dataclass(frozen=True, slots=True)
class Paused:
    """An exercise waits to be carried on; otherwise asleep."""

    position: Position
    left: float
    """Seconds until it is over."""


State: TypeAlias = Asleep | Awake | Offering | Leading | Paused


@dataclass(frozen=True, slots=True)
class Session:
    """All that the coach knows of the conversation."""

    state: State = field(default_factory=Asleep)
    starter: Person = "first"
    """Who begins the next exercise."""
    manner: Manner = field(default_factory=Manner)
    """How the coach speaks."""


Received: TypeAlias = tuple[Session, tuple[Action, ...]]
"""What follows from an event: the next session, and what to do."""
