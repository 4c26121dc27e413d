"""What the session wants done. A Room carries these out in order.

Every list of actions ends in exactly one of `Ask`, `Turn`, `Hush` and `Finish`: the wait for the next event.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

Chimes: TypeAlias = tuple[tuple[float, str], ...]
"""Seconds into the wait, and the sound that is heard then."""

Outcome: TypeAlias = Literal["finished", "stopped", "declined", "unanswered", "expired"]


@dataclass(frozen=True, slots=True)
class Titles:
    """Stands in a slot for the names of exercises, which depend on the language."""

    exercises: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Say:
    """Speak one line."""

    step: str
    """The step that it belongs to; outside of exercises the state: awake, offer or closing."""
    exercise: str | None
    """Whose line; None for a common one."""
    line: str
    slots: Mapping[str, str | Titles] = field(default_factory=dict)
    wording: int = 0
    again: bool = False
    """Use the gentler second wording."""


@dataclass(frozen=True, slots=True)
class Ring:
    """Sound a chime."""

    name: str


@dataclass(frozen=True, slots=True)
class Note:
    """Tell whoever watches: the transcript, the log, the store. Nothing is heard."""

    event: str
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ask:
    """Wait for a short answer."""

    step: str
    expecting: tuple[str, ...]
    """The intents and options that answer; controls count besides."""
    of: Literal["first", "second", "both"]
    seconds: float


@dataclass(frozen=True, slots=True)
class Turn:
    """One person, or both, have the floor. Nothing of it becomes text."""

    step: str
    who: Literal["first", "second", "both"]
    seconds: float
    grace: float
    """After `seconds` the bell rings, and this much later the turn is over."""
    chimes: Chimes


@dataclass(frozen=True, slots=True)
class Hush:
    """Both are silent, or by themselves."""

    step: str
    seconds: float
    chimes: Chimes


@dataclass(frozen=True, slots=True)
class Finish:
    """Wait for the wake phrase, and for nothing else."""

    seconds: float | None = None
    """A paused exercise expires after this; None waits for ever."""


Wait: TypeAlias = Ask | Turn | Hush | Finish
Action: TypeAlias = Say | Ring | Note | Wait


def wait_of(todo: Sequence[Action]) -> Wait:
    """The wait in which a list of actions ends."""
    last = todo[-1]
    if not isinstance(last, Wait):
        raise TypeError(f"a list of actions must end in a wait, not in {last}")
    return last
