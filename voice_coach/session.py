"""The whole of "where are we": asleep, awake, offering, leading an exercise, or paused.

`receive` takes a session and what happened to it, and gives the next session and what to do. Pure, total, no
clock: nobody else holds any state of the conversation.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias, cast

from . import actions, controls, dialogue, exercise
from .actions import Action, Note, Ring, Say, Titles
from .controls import Manner
from .decide import Accepted, Ignored, Unsure
from .dialogue import Position
from .events import Elapsed, Event, Said
from .exercise import VARIANTS, Person, Variant
from .household import Household
from .listening import CONTROLS, Listening

CHOSEN_FOR_YOU = ("daily-catch-up", "nice-list", "closer-questions", "good-news")
"""What "you choose" may turn to; those that there are."""
QUICK = (("six-seconds", "usual"), ("nice-list", "shortest"), ("closer-questions", "shortest"))
AT_MOST_OFFERED = 3


@dataclass(frozen=True, slots=True)
class Offer:
    """An exercise that the couple can say yes to."""

    exercise: str
    variant: Variant = "usual"


@dataclass(frozen=True, slots=True)
class Asleep:
    """Only the wake phrase counts."""


@dataclass(frozen=True, slots=True)
class Awake:
    """Waiting for a request."""

    tries: int = 0
    """Times that something was said and not understood."""


@dataclass(frozen=True, slots=True)
class Offering:
    """A confirmation, or a choice of two or three."""

    offers: tuple[Offer, ...]
    resume: Position | None = None
    """The paused exercise that is offered to be carried on."""
    tries: int = 0


@dataclass(frozen=True, slots=True)
class Leading:
    """In an exercise."""

    position: Position


@dataclass(frozen=True, slots=True)
class Paused:
    """An exercise waits to be carried on; otherwise asleep."""

    position: Position


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
            return _awake(household, session, session.state, event)
        case Offering():
            return _offering(household, session, session.state, event)
        case Leading():
            return _leading(household, session, session.state.position, event)


# Asleep and paused


def _asleep(household: Household, session: Session, event: Event) -> Received:
    if isinstance(event, Said) and event.woke:
        return _woken(household, session, event)
    return session, (actions.Finish(),)


def _woken(household: Household, session: Session, event: Said) -> Received:
    awake = replace(session, state=Awake())
    if isinstance(event.decision, Accepted) and event.decision.intent == "wake":
        return awake, (Ring("listening"), ask_awake(household))
    after, todo = _awake(household, awake, Awake(), event)
    return after, (Ring("listening"), *todo)


def _paused(household: Household, session: Session, state: Paused, event: Event) -> Received:
    position = state.position
    if isinstance(event, Elapsed):
        note = Note("ended", {"exercise": position.exercise, "how": "expired"})
        return replace(session, state=Asleep()), (note, Note("slept"), actions.Finish())
    match event.decision:
        case Accepted(intent="resume"):
            return _resume(household, session, position)
        case Accepted(intent="stop"):
            return _lead(household, session, dialogue.close_with(position, "stopped", "stopped"))
        case Accepted(intent="wake"):
            return _offer(session, (Offer(position.exercise),), resume=position, opening=(Ring("listening"),))
    if event.woke:
        return _woken(household, session, event)
    return session, (actions.Finish(household.times.pause - (event.at - event.began)),)


def _resume(household: Household, session: Session, position: Position) -> Received:
    step = dialogue.current(household, position).id
    note = Note("resumed", {"exercise": position.exercise, "step": step})
    return _lead(household, session, dialogue.again(household, position), opening=(note,))


# Awake


def ask_awake(household: Household) -> actions.Ask:
    """The wait for a request."""
    return actions.Ask("awake", tuple(sorted(household.exercises)), "both", household.times.awake)


def _awake(household: Household, session: Session, state: Awake, event: Event) -> Received:
    if isinstance(event, Elapsed):
        return replace(session, state=Asleep()), (Ring("closed"), actions.Finish())
    match event.decision:
        case Accepted(intent=intent) as accepted if intent in household.exercises:
            return _start(household, session, Offer(intent, _variant(accepted)))
        case Accepted(intent=intent) as accepted:
            return _asked_for(household, session, accepted)
        case Unsure(candidates=candidates):
            offers = tuple(
                Offer(candidate.intent, _variant(candidate))
                for candidate in candidates
                if candidate.intent in household.exercises
            )
            if offers:
                return _offer(session, offers[:AT_MOST_OFFERED])
        case Ignored(reason="silence" | "noise"):
            left = max(1.0, household.times.awake - (event.at - event.began))
            return session, (replace(ask_awake(household), seconds=left),)
    return _not_caught(household, session, state)


def _not_caught(household: Household, session: Session, state: Awake) -> Received:
    tries = state.tries + 1
    if tries >= dialogue.TRIES:
        return replace(session, state=Asleep()), (_common("stay-quiet"), Ring("closed"), actions.Finish())
    if tries == dialogue.TRIES - 1 and len(household.exercises) > 1:
        offers = tuple(Offer(name) for name in sorted(household.exercises)[:AT_MOST_OFFERED])
        return _offer(session, offers, tries=tries)
    return replace(session, state=Awake(tries)), (_common("try-a-name", "awake"), ask_awake(household))


def _asked_for(household: Household, session: Session, accepted: Accepted) -> Received:
    """A request that is not an exercise, or a control with nothing to control."""
    known = tuple(sorted(household.exercises))
    match accepted.intent:
        case "choose-for-us":
            name = next((name for name in CHOSEN_FOR_YOU if name in known), known[0])
            return _offer(session, (Offer(name),))
        case "something-quick":
            quick = [Offer(name, cast("Variant", variant)) for name, variant in QUICK if name in known]
            return _offer(session, tuple(quick[:1]) or (Offer(known[0], "shortest"),))
        case "list-exercises":
            line = _common("exercises", "awake", list=Titles(known))
        case "what-are-you":
            line = _common("what-are-you", "awake")
        case "sleep":
            asleep = replace(session, state=Asleep())
            return asleep, (_control("sleep"), _common("good-night"), Ring("closed"), actions.Finish())
        case "stop" | "no" | "done":
            return replace(session, state=Asleep()), (_control(accepted.intent), Ring("closed"), actions.Finish())
        case "slower" | "faster" | "louder" | "quieter":
            session = replace(session, manner=session.manner.changed(accepted.intent))
            line = _common("welcome-back", "awake")
        case "wake":
            return replace(session, state=Awake()), (Ring("listening"), ask_awake(household))
        case _:
            line = _common("can-say-awake", "awake")
    return replace(session, state=Awake()), (_control(accepted.intent), line, ask_awake(household))


def _start(household: Household, session: Session, offer: Offer) -> Received:
    note = Note("started", {"exercise": offer.exercise})
    walked = dialogue.begin(household, offer.exercise, offer.variant, session.starter)
    return _lead(household, session, walked, opening=(note,))


# Offering


def _offer(
    session: Session,
    offers: tuple[Offer, ...],
    *,
    resume: Position | None = None,
    opening: tuple[Action, ...] = (),
    tries: int = 0,
) -> Received:
    state = Offering(offers, resume, tries)
    return replace(session, state=state), (*opening, _offer_line(state), _ask_offer(state))


def _offer_line(state: Offering) -> Say:
    names = ("one", "two", "three")
    slots = {name: Titles((offer.exercise,)) for name, offer in zip(names, state.offers, strict=False)}
    line = "offer-resume" if state.resume else f"offer-{names[len(state.offers) - 1]}"
    return Say("offer", None, line, slots)


def _ask_offer(state: Offering) -> actions.Ask:
    options = tuple(offer.exercise for offer in state.offers)
    return actions.Ask("offer", ("yes", "no") if len(options) == 1 else options, "both", 8.0)


def _offering(household: Household, session: Session, state: Offering, event: Event) -> Received:
    if isinstance(event, Elapsed):
        return _offer_again(session, state)
    match event.decision:
        case Accepted(intent="yes" | "either" | "resume"):
            return _take(household, session, state, state.offers[0])
        case Accepted(intent="option", slots=slots):
            taken = [offer for offer in state.offers if offer.exercise == slots.get("option")]
            return _take(household, session, state, (taken or [*state.offers])[0])
        case Accepted(intent="no" | "next" | "back"):
            line = _common("what-else", "awake")
            return replace(session, state=Awake()), (line, ask_awake(household))
        case Accepted(intent="repeat" | "what-can-i-say"):
            return session, (_offer_line(state), _ask_offer(state))
        case Accepted(intent="stop" | "sleep" | "done" | "pause") as accepted:
            return _asked_for(household, session, replace(accepted, intent="stop"))
        case Accepted(intent="slower" | "faster" | "louder" | "quieter" as intent):
            session = replace(session, manner=session.manner.changed(intent))
            return session, (_control(intent), _offer_line(state), _ask_offer(state))
    return _offer_again(session, state)


def _offer_again(session: Session, state: Offering) -> Received:
    tries = state.tries + 1
    if tries >= dialogue.TRIES:
        return replace(session, state=Asleep()), (_common("stay-quiet"), Ring("closed"), actions.Finish())
    state = replace(state, tries=tries)
    return replace(session, state=state), (_offer_line(state), _common("offer-again", "offer"), _ask_offer(state))


def _take(household: Household, session: Session, state: Offering, offer: Offer) -> Received:
    if state.resume:
        return _resume(household, session, state.resume)
    return _start(household, session, offer)


# In an exercise


def _leading(household: Household, session: Session, position: Position, event: Event) -> Received:
    if isinstance(event, Elapsed):
        return _lead(household, session, dialogue.elapsed(household, position))
    waited = 0.0 if event.interrupting else event.at - event.began
    position = replace(position, left=max(1.0, position.left - waited))
    match event.decision:
        case Accepted(intent=intent, slots=slots):
            walked = dialogue.answered(household, position, intent, slots)
            if walked:
                return _lead(household, session, walked)
            return _controlled(household, session, position, event, intent)
        case Unsure():
            return _lead(household, session, dialogue.unmatched(household, position, near=True))
        case Ignored(reason="silence" | "noise"):
            return _lead(household, session, (position, (dialogue.wait(household, position),)))
    if listening(household, session).state == "turn":
        return _lead(household, session, (position, (dialogue.wait(household, position),)))
    return _lead(household, session, dialogue.unmatched(household, position, near=False))


def _controlled(
    household: Household, session: Session, position: Position, event: Said, intent: str
) -> Received:
    note = _control(intent)
    if intent == "pause":
        paused = Note("paused", {"exercise": position.exercise})
        todo = (note, paused, _common("paused", "closing"), actions.Finish(household.times.pause))
        return replace(session, state=Paused(position)), todo
    if intent in ("slower", "faster", "louder", "quieter"):
        session = replace(session, manner=session.manner.changed(intent))
    if intent == "next" and event.interrupting:
        # Only the line is skipped: what it leads to has not been asked yet.
        return _lead(household, session, (position, (note, dialogue.wait(household, position))))
    walked = controls.obey(household, position, intent)
    return _lead(household, session, walked, opening=(note,))


def _lead(
    household: Household, session: Session, walked: dialogue.Walked, *, opening: Sequence[Action] = ()
) -> Received:
    position, todo = walked
    if position is None:
        # Whoever began this time, the other begins the next.
        return replace(session, state=Asleep(), starter=dialogue.other(session.starter)), (*opening, *todo)
    return replace(session, state=Leading(position)), (*opening, *todo)


def _variant(said: object) -> Variant:
    variant = getattr(said, "slots", {}).get("variant", "usual")
    return cast("Variant", variant) if variant in VARIANTS else "usual"


def _common(line: str, step: str = "closing", **slots: str | Titles) -> Say:
    return Say(step, None, line, slots)


def _control(intent: str) -> Note:
    return Note("control", {"intent": intent})
