"""What happens to a session. A Room reports it; only here does time come in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from .decide import Decision


@dataclass(frozen=True, slots=True)
class Said:
    """Somebody spoke, and this is what was made of it."""

    at: float
    """Seconds on the Room's clock."""
    began: float
    """When the wait began in which it happened."""
    decision: Decision
    woke: bool = False
    """The wake phrase came first."""
    interrupting: bool = False
    """It was said over a line of the coach, before the wait had begun."""


@dataclass(frozen=True, slots=True)
class Elapsed:
    """The time of the wait is over: no answer came, or the turn or the silence has ended."""

    at: float
    began: float


Event: TypeAlias = Said | Elapsed

SHORTEST_WAIT = 1.0
"""Seconds. However much of a wait is over, there is a moment left to speak in."""


def time_left(seconds: float, event: Event) -> float:
    """What an event leaves of the `seconds` that were given to the wait in which it happened."""
    interrupting = isinstance(event, Said) and event.interrupting
    waited = 0.0 if interrupting else event.at - event.began
    return max(SHORTEST_WAIT, seconds - waited)
