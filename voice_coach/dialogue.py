"""Walks two people through one exercise.

Everything that decides what is said next inside an exercise stands here. Pure and total: nothing sleeps,
speaks, stores or reads a clock, and any answer at any step leads on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from . import actions, exercise
from .actions import Action, Note, Outcome, Ring, Say
from .exercise import NEXT, Person, Role, Variant
from .household import Household

TRIES = 3
"""Answers that were not understood, before the coach leaves the two to it."""


@dataclass(frozen=True, slots=True)
class Position:
    """Where an exercise stands: small, frozen, and all there is to store."""

    exercise: str
    variant: Variant
    starter: Person
    asked: float | None = None
    """Seconds that the request named."""
    step: int = 0
    rounds: int = 1
    """How many rounds were chosen."""
    round: int = 0
    """How many are behind."""
    chosen: tuple[tuple[str, str], ...] = ()
    """Steps that asked for a choice, and the option taken."""
    left: float = 0.0
    """Seconds given to the present wait."""
    unanswered: int = 0
    """Times that the present question met silence."""
    unmatched: int = 0
    """Times that what came was no answer to it."""
    extended: int = 0
    """Times that the present turn was given more time."""
    trail: tuple[tuple[int, int], ...] = ()
    """The steps behind that waited, with the round in which they did."""


Walked: TypeAlias = tuple[Position | None, tuple[Action, ...]]
"""Where the exercise stands afterwards (None: it is over), and what to do."""


def begin(
    household: Household, name: str, variant: Variant, starter: Person, asked: float | None = None
) -> Walked:
    """The opening of an exercise, up to its first question; `asked` seconds were named by the request."""
    return walk(household, Position(name, variant, starter, asked))


def walk(household: Household, position: Position) -> Walked:
    """From a step to the next one that waits, or to the end."""
    steps = household.exercises[position.exercise].steps
    said: list[Action] = []
    while True:
        step = steps[position.step]
        if position.variant in step.only and not _settled(steps, step, position):
            match step:
                case exercise.Say():
                    said.append(line(household, position, step.id))
                case exercise.Chime():
                    said.append(Ring(step.name))
                case exercise.Goto():
                    position = _jump(household, position, step)
                    continue
                case exercise.End():
                    said.append(line(household, position, step.id))
                    return None, (*said, *close(position, step.how))
                case exercise.Ask() | exercise.Choose() | exercise.Timed():
                    position = _arrive(position, step)
                    return position, (*said, *spoken(household, position), wait(household, position))
        position = replace(position, step=position.step + 1)


def on(household: Household, position: Position, target: str = NEXT) -> Walked:
    """On to another step, which begins afresh."""
    steps = household.exercises[position.exercise]
    step = position.step + 1 if target == NEXT else steps.index(target)
    trail = (*position.trail, (position.step, position.round))
    return walk(household, replace(position, step=step, trail=trail))


def back(household: Household, position: Position) -> Walked:
    """To the step that waited before this one, or to this one again if it is the first."""
    if not position.trail:
        return walk(household, position)
    *trail, (step, held) = position.trail
    return walk(household, replace(position, step=step, round=held, trail=tuple(trail)))


def again(household: Household, position: Position, *, gentler: bool = False) -> Walked:
    """The line of the present step once more. A turn goes on for what is left, a question waits afresh."""
    step = current(household, position)
    if isinstance(step, exercise.Ask | exercise.Choose):
        position = replace(position, left=step.seconds)
    return position, (*spoken(household, position, gentler=gentler), wait(household, position))


def close(position: Position, how: Outcome) -> tuple[Action, ...]:
    """The end of an exercise, after its last line."""
    note = Note("ended", {"exercise": position.exercise, "how": how})
    return (Ring("closed"), note, actions.Finish())


def close_with(position: Position, common_line: str, how: Outcome) -> Walked:
    """An end with one of the common lines, at which nobody is at fault."""
    return None, (Say("closing", None, common_line), *close(position, how))


# Answers


def answered(
    household: Household, position: Position, intent: str, slots: Mapping[str, object]
) -> Walked | None:
    """What an answer leads to; None if it is none to the present step."""
    match current(household, position):
        case exercise.Ask(goto=goto, consent=consent):
            if intent == "no" and consent:
                return close_with(position, "declined", "declined")
            return on(household, position, goto[intent]) if intent in goto else None
        case exercise.Choose(options=options) as step:
            option = (
                str(slots.get("option")) if intent == "option" else options[0] if intent == "either" else None
            )
            return choose(household, position, step, option) if option in options else None
    return None


def choose(household: Household, position: Position, step: exercise.Choose, option: str | None) -> Walked:
    """On with an option taken."""
    taken = option or step.options[0]
    position = replace(
        position,
        chosen=(*position.chosen, (step.id, taken)),
        rounds=step.rounds.get(taken, position.rounds),
    )
    return on(household, position, step.goto.get(taken, NEXT))


def unmatched(household: Household, position: Position, *, near: bool) -> Walked:
    """Something was said that is no answer. If it came near one it is asked again, else it was side talk,
    and the answer is waited for afresh.
    """
    position = replace(position, unmatched=position.unmatched + 1)
    if position.unmatched >= TRIES:
        return close_with(position, "unanswered", "unanswered")
    asked, todo = again(household, position, gentler=True)
    return asked, todo if near else todo[-1:]


def elapsed(household: Household, position: Position) -> Walked:
    """The time of the present step is over: a turn or a silence ends, a question is asked once more."""
    step = current(household, position)
    if isinstance(step, exercise.Timed):
        # A turn has rung its bell before the seconds of grace.
        bell = (Ring("turn-over"),) if step.kind == "hush" else ()
        position_then, then = on(household, position)
        return position_then, (*bell, *then)
    if position.unanswered:
        return close_with(position, "unanswered", "unanswered")
    return again(household, replace(position, unanswered=1), gentler=True)


# The present step


def current(household: Household, position: Position) -> exercise.Step:
    """The step at which the exercise stands."""
    return household.exercises[position.exercise].steps[position.step]


def spoken(household: Household, position: Position, *, gentler: bool = False) -> tuple[Action, ...]:
    """What is said on entering the present step."""
    step = current(household, position)
    if isinstance(step, exercise.Timed) and step.silent:
        return ()
    return (line(household, position, step.id, gentler=gentler),)


def line(household: Household, position: Position, name: str, *, gentler: bool = False) -> Say:
    """A line of the exercise, with the couple's names for its slots."""
    people: tuple[Role, ...] = ("first", "second", "starter", "other")
    slots = {str(role): household.name(_person(role, position)) for role in people}
    return Say(name, position.exercise, name, slots, wording=position.round, again=gentler)


def wait(household: Household, position: Position) -> actions.Wait:
    """The wait of the present step, for what is left of its time."""
    step = current(household, position)
    times = household.times
    match step:
        case exercise.Ask(goto=goto, consent=consent):
            expecting = ("yes", "no") if consent else tuple(goto)
            return actions.Ask(step.id, expecting, floor(step.of, position), position.left)
        case exercise.Choose(options=options):
            return actions.Ask(step.id, options, floor(step.of, position), position.left)
        case exercise.Timed(kind="turn"):
            whole = duration(step, position)
            warned = whole > times.long_turn and position.left > times.warning
            chimes: actions.Chimes = ((position.left, "turn-over"),)
            if warned:
                chimes = ((position.left - times.warning, "warning"), *chimes)
            return actions.Turn(step.id, floor(step.of, position), position.left, times.grace, chimes)
        case exercise.Timed():
            half = duration(step, position) / 2
            reached = position.left - half
            # An hour of quiet needs no bell in the middle: only a silence of a few minutes is followed.
            chimes = ((reached, "halfway"),) if reached > 0 and times.long_hush < 2 * half <= 600 else ()
            return actions.Hush(step.id, position.left, chimes)
    raise AssertionError(f"the step '{step.id}' does not wait")  # walk() stops only at steps that wait


def duration(step: exercise.Timed, position: Position) -> float:
    """The seconds of a turn or a silence: as the request named them, or as chosen, or by the variant."""
    if step.asked and position.asked is not None:
        return min(position.asked, max(step.seconds.values()))
    chosen = dict(position.chosen).get(step.by or "")
    return step.seconds.get(chosen or "", step.seconds.get(position.variant, 0.0))


def floor(role: Role, position: Position) -> Literal["first", "second", "both"]:
    """Who is meant by a role, just now."""
    return "both" if role == "both" else _person(role, position)


def _person(role: Role, position: Position) -> Person:
    if role == "starter":
        return position.starter
    if role == "other":
        return other(position.starter)
    return "second" if role == "second" else "first"


def other(person: Person) -> Person:
    """The other of the two."""
    return "second" if person == "first" else "first"


def _settled(steps: tuple[exercise.Step, ...], step: exercise.Step, position: Position) -> bool:
    """Whether a choice is only about a time that the request has named."""
    return position.asked is not None and any(
        isinstance(one, exercise.Timed) and one.asked and one.by == step.id for one in steps
    )


def _arrive(position: Position, step: exercise.Waiting) -> Position:
    seconds = duration(step, position) if isinstance(step, exercise.Timed) else step.seconds
    return replace(position, left=seconds, unanswered=0, unmatched=0, extended=0)


def _jump(household: Household, position: Position, step: exercise.Goto) -> Position:
    target = household.exercises[position.exercise].index(step.to)
    if not step.rounds:
        return replace(position, step=target)
    behind = position.round + 1
    if behind < position.rounds:
        return replace(position, step=target, round=behind)
    return replace(position, step=position.step + 1, round=0)
