"""The whole of "where are we": asleep, awake, offering, leading an exercise, or paused.

`receive` takes a session and what happened to it, and gives the next session and what to do. Pure, total, no
clock: nobody else holds any state of the conversation.
"""

from __future__ import annotations

from dataclasses import replace

from . import actions, dialogue, exercise
from .actions import Note, Ring
from .awake import awake, listen_awake, offer, offering
from .decide import Accepted
from .events import Elapsed, Event, Said, time_left
from .household import Household
from .leading import abandon, lead, leading, resume
from .listening import CONTROLS, Listening
from .state import Asleep, Awake, Leading, Offer, Offering, Paused, Received, Session


def listening(household: Household, session: Session) -> Listening:
    """What counts just now."""
    match session.state:
        case Asleep():
            return Listening("asleep")
        case Paused():
            return Listening("paused")
        case Awake():
            return Listening("awake")
        case Offering(offers=offers):
            return Listening("question", tuple(offer.exercise for offer in offers))
        case Leading(position=position):
            match dialogue.current(household, position):
                case exercise.Ask(goto=goto):
                    return Listening("question", also=frozenset(goto) - CONTROLS)
                case exercise.Choose(options=options):
                    return Listening("question", options, position.exercise)
            return Listening("turn")


def receive(household: Household, session: Session, event: Event) -> Received:
    """What follows from an event."""
    after, todo = _received(household, session, event)
    if isinstance(after.state, Asleep) and not isinstance(session.state, Asleep | Paused):
        todo = (*todo[:-1], Note("slept"), todo[-1])
    return after, todo


def _received(household: Household, session: Session, event: Event) -> Received:
    match session.state:
        case Asleep():
            return _asleep(household, session, event)
        case Paused():
            return _paused(household, session, session.state, event)
        case Awake():
            return awake(household, session, session.state, event)
        case Offering():
            return offering(household, session, session.state, event)
        case Leading():
            return leading(household, session, session.state.position, event)


# Asleep and paused


def _asleep(household: Household, session: Session, event: Event) -> Received:
    if isinstance(event, Said) and event.woke:
        return _woken(household, session, event)
    return session, (actions.Finish(),)


def _woken(household: Household, session: Session, event: Said) -> Received:
    roused, todo = listen_awake(household, session)
    if event.decision != Accepted("wake"):
        roused, todo = awake(household, roused, Awake(household.times.awake), event)
    return roused, (Ring("listening"), *todo)


def _paused(household: Household, session: Session, state: Paused, event: Event) -> Received:
    position = state.position
    if isinstance(event, Elapsed):
        return replace(session, state=Asleep()), (
            abandon(position, "expired"),
            Note("slept"),
            actions.Finish(),
        )
    match event.decision:
        case Accepted(intent="resume"):
            return resume(household, session, position)
        case Accepted(intent="stop"):
            return lead(session, dialogue.close_with(position, "stopped", "stopped"))
        case Accepted(intent=intent) if event.woke and intent != "wake":
            after, todo = _woken(household, session, event)
            return after, (abandon(position, "stopped"), *todo)
    if event.woke:
        return offer(session, (Offer(position.exercise),), Ring("listening"), resume=position)
    left = time_left(state.left, event)
    return replace(session, state=Paused(position, left)), (actions.Finish(left),)
