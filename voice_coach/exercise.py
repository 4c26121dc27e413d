"""An exercise as data: what happens, in no language. Words stand in `lines`, and files are read by
`exercise_file`; `docs/exercises.md` explains every key.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

Person: TypeAlias = Literal["first", "second"]
"""One of the couple, in the order of their names."""

Role: TypeAlias = Literal["first", "second", "starter", "other", "both"]
"""Who is meant by a step. The starter changes from one exercise to the next, so that turns stay fair."""

Variant: TypeAlias = Literal["shortest", "usual", "longest"]
VARIANTS: tuple[Variant, ...] = ("shortest", "usual", "longest")

NEXT = "next"
"""As a target: the step below."""


@dataclass(frozen=True, slots=True)
class Say:
    """The coach speaks, and goes on."""

    id: str
    only: frozenset[Variant]


@dataclass(frozen=True, slots=True)
class Ask:
    """A question with a short answer that has to be understood."""

    id: str
    only: frozenset[Variant]
    of: Role
    goto: Mapping[str, str]
    """Intent of the answer to the step that follows. What is not an answer is asked for once more."""
    seconds: float
    """How long an answer is waited for."""
    consent: bool
    """A yes goes on; a no or doubt declines the exercise, and nothing is skipped."""


@dataclass(frozen=True, slots=True)
class Choose:
    """A choice of two or three, by name or by place."""

    id: str
    only: frozenset[Variant]
    of: Role
    options: tuple[str, ...]
    goto: Mapping[str, str]
    """Option to step, for options that do not simply go on."""
    rounds: Mapping[str, int]
    """Option to the number of rounds that a later `goto` with `rounds` makes of the steps it repeats."""
    seconds: float


@dataclass(frozen=True, slots=True)
class Timed:
    """A turn of one person, or a silence of both. The coach is quiet until the time is over."""

    id: str
    only: frozenset[Variant]
    kind: Literal["turn", "hush"]
    of: Role
    seconds: Mapping[str, float]
    """Variant, or option chosen at the step `by`, to seconds."""
    by: str | None
    """The `choose` step whose option sets the seconds."""
    silent: bool
    """Nothing is said before it."""
    asked: bool
    """A request that names a time ("two minutes of eye contact") sets the seconds, up to the longest."""


@dataclass(frozen=True, slots=True)
class Chime:
    """A soft sound."""

    id: str
    only: frozenset[Variant]
    name: str


@dataclass(frozen=True, slots=True)
class Goto:
    """On to another step; with `rounds`, back to it until the chosen number of rounds was held."""

    id: str
    only: frozenset[Variant]
    to: str
    rounds: bool


@dataclass(frozen=True, slots=True)
class End:
    """The closing line, and quiet."""

    id: str
    only: frozenset[Variant]
    how: Literal["finished", "declined"]


Waiting: TypeAlias = Ask | Choose | Timed
"""The steps at which the coach listens."""
Step: TypeAlias = Say | Chime | Goto | End | Waiting


@dataclass(frozen=True, slots=True)
class Exercise:
    """A guided exercise."""

    id: str
    minutes: int
    """How long the usual variant takes, for the list."""
    rating: Literal["A", "B"]
    """A: fine with children present. B: adults only."""
    setting: Literal["table", "quiet", "away"]
    covers: tuple[str, ...]
    """The items of the two guides that it carries, such as G28."""
    steps: tuple[Step, ...]

    def index(self, step: str) -> int:
        """The place of a step."""
        return next(place for place, candidate in enumerate(self.steps) if candidate.id == step)

    def line_ids(self) -> dict[str, bool]:
        """The lines that a language has to have, and whether each is a question that has a second wording."""
        spoken = [step for step in self.steps if not isinstance(step, Chime | Goto)]
        return {
            step.id: isinstance(step, Ask | Choose)
            for step in spoken
            if not (isinstance(step, Timed) and step.silent)
        }
