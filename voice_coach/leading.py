"""In an exercise: what an event leads to. Part of the session, and as pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from . import actions, controls, dialogue, exercise
from .actions import Action, Note, Outcome, Say, Titles
from .decide import Accepted, Ignored, Unsure
from .dialogue import Position
from .events import Elapsed, Event, time_left
from .household import Household
from .state import Asleep, Leading, Offer, Paused, Received, Session

MANNERS = ("slower", "faster", "louder", "quieter")


def start(household: Household, session: Session, offer: Offer) -> Received:
    """The opening of an exercise. Whoever begins this time, the other begins the next."""
    walked = dialogue.begin(household, offer.exercise, offer.variant, session.starter, offer.seconds)
    session = replace(session, starter=dialogue.other(session.starter))
    return lead(session, walked, opening=(Note("started", {"exercise": offer.exercise}),))


def resume(household: Household, session: Session, position: Position) -> Received:
    """A paused exercise goes on: its last line, not its start, and the time that was left."""
    step = dialogue.current(household, position).id
    note = Note("resumed", {"exercise": position.exercise, "step": step})
    return lead(session, dialogue.again(household, position), opening=(note,))


def abandon(position: Position, how: Outcome) -> Note:
    """A paused exercise is over without a word."""
    return Note("ended", {"exercise": position.exercise, "how": how})


def leading(household: Household, session: Session, position: Position, event: Event) -> Received:
    """What an event in an exercise leads to."""
    if isinstance(event, Elapsed):
        return lead(session, dialogue.elapsed(household, position))
    position = replace(position, left=time_left(position.left, event))
    match event.decision:
        case Accepted(intent=intent, slots=slots):
            walked = dialogue.answered(household, position, intent, slots)
            return lead(session, walked) if walked else _controlled(household, session, position, intent)
        case Unsure():
            return lead(session, dialogue.unmatched(household, position, near=True))
        case Ignored(reason=reason, near=near):
            spoken = reason not in ("silence", "noise")
            if spoken and not isinstance(dialogue.current(household, position), exercise.Timed):
                return lead(session, dialogue.unmatched(household, position, near=near))
    return lead(session, (position, (dialogue.wait(household, position),)))


def _controlled(household: Household, session: Session, position: Position, intent: str) -> Received:
    note = control(intent)
    if intent == "pause":
        paused = Note("paused", {"exercise": position.exercise})
        seconds = household.times.pause
        todo = (note, paused, common("paused", "closing"), actions.Finish(seconds))
        return replace(session, state=Paused(position, seconds)), todo
    if intent in MANNERS:
        session = replace(session, manner=session.manner.changed(intent))
    walked = controls.obey(household, position, intent)
    return lead(session, walked, opening=(note,))


def lead(session: Session, walked: dialogue.Walked, *, opening: Sequence[Action] = ()) -> Received:
    """The session after a step of the dialogue."""
    position, todo = walked
    state = Asleep() if position is None else Leading(position)
    return replace(session, state=state), (*opening, *todo)


def common(line: str, step: str = "closing", **slots: str | Titles) -> Say:
    """A line that belongs to no exercise."""
    return Say(step, None, line, slots)


def control(intent: str) -> Note:
    """Tells that a control was obeyed."""
    return Note("control", {"intent": intent})
