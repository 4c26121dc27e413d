"""What is being listened for in each state. The table of the design, as code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

StateName: TypeAlias = Literal["asleep", "paused", "awake", "question", "turn", "speaking"]
STATE_NAMES: tuple[StateName, ...] = get_args(StateName)

CONTROLS = frozenset(
    {
        "stop", "pause", "resume", "next", "back", "repeat", "more-time", "done", "how-long-left",
        "whose-turn", "swap", "shorter", "slower", "faster", "louder", "quieter", "what-can-i-say", "sleep",
    }
)  # fmt: skip
IN_TURN = frozenset(
    {"stop", "pause", "done", "more-time", "next", "how-long-left", "whose-turn", "swap", "repeat"}
)
WHILE_SPEAKING = frozenset({"stop", "pause", "next", "repeat"})
ANSWERS = frozenset({"yes", "no"})
OF_OPTIONS = frozenset({"option", "either"})
REQUESTS = frozenset({"choose-for-us", "something-quick", "list-exercises", "what-are-you"})
"""What can be asked for besides an exercise."""

NO_REQUESTS = CONTROLS | ANSWERS | OF_OPTIONS | REQUESTS
"""All other intents are exercises, or requests of another domain."""

OBEYED: Mapping[StateName, frozenset[str]] = {
    "asleep": frozenset(),
    "paused": frozenset({"resume"}),
    # Nothing has been asked, so there is nothing to say yes to, and nothing to resume.
    "awake": (CONTROLS | REQUESTS | {"no"}) - {"resume"},
    "question": CONTROLS | ANSWERS,
    "turn": IN_TURN,
    "speaking": WHILE_SPEAKING,
}
"""The intents that count in a state. Exercises count besides when awake, options when there are any."""

DICTATED: frozenset[StateName] = frozenset({"awake"})
"""The states in which what was said may become text."""


@dataclass(frozen=True, slots=True)
class Listening:
    """What counts just now."""

    state: StateName
    options: tuple[str, ...] = ()
    """What can be chosen, in spoken order."""
    exercise: str | None = None
    """Whose options they are; None when exercises themselves are offered."""
    also: frozenset[str] = frozenset()
    """Answers of this one question that are no controls."""

    def intents(self, exercises: frozenset[str]) -> frozenset[str]:
        """The intents that count, given the exercises that there are."""
        obeyed = OBEYED[self.state] | self.also
        if self.state == "awake":
            obeyed |= exercises
        if self.options:
            obeyed |= OF_OPTIONS
        return obeyed
