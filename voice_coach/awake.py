"""Between exercises: a request, an offer, a choice. Part of the session, and as pure."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

from intents import Candidate

from . import actions, dialogue
from .actions import Action, Ring, Say, Titles
from .decide import Accepted, Ignored, Unsure
from .dialogue import Position
from .events import Elapsed, Event, time_left
from .exercise import VARIANTS, Variant
from .household import Household
from .leading import MANNERS, abandon, common, control, resume, start
from .state import QUESTION, Asleep, Awake, Offer, Offering, Paused, Received, Session

CHOSEN_FOR_YOU = ("nice-list", "daily-catch-up", "closer-questions", "good-news")
"""What "you choose" may turn to, and what is given as an example; those that there are."""
QUICK = (("six-seconds", "usual"), ("nice-list", "shortest"), ("closer-questions", "shortest"))
AT_MOST_OFFERED = 3


# Awake


def listen_awake(household: Household, session: Session, *opening: Action, tries: int = 0) -> Received:
    """Says what there is to say, and waits for a request."""
    seconds = household.times.awake
    return replace(session, state=Awake(seconds, tries)), (*opening, _ask_awake(household, seconds))


def awake(household: Household, session: Session, state: Awake, event: Event) -> Received:
    """What an event leads to while a request is waited for."""
    if isinstance(event, Elapsed):
        return _sleep(session)
    match event.decision:
        case Accepted() as accepted if accepted.intent in household.exercises:
            return start(household, session, _offer_of(accepted))
        case Accepted() as accepted:
            return _asked_for(household, session, accepted)
        case Unsure(candidates=candidates):
            likely = [one for one in candidates if one.intent in household.exercises]
            if likely:
                return offer(session, tuple(map(_offer_of, likely[:AT_MOST_OFFERED])))
        case Ignored(reason="silence" | "noise"):
            left = time_left(state.left, event)
            return replace(session, state=replace(state, left=left)), (_ask_awake(household, left),)
    return _not_caught(household, session, state)


def _not_caught(household: Household, session: Session, state: Awake) -> Received:
    tries = state.tries + 1
    if tries >= dialogue.TRIES:
        return _sleep(session, common("stay-quiet"))
    if tries == dialogue.TRIES - 1 and len(household.exercises) > 1:
        return offer(session, tuple(map(Offer, _some(household))), tries=tries)
    example = Titles(_some(household)[:1])
    return listen_awake(household, session, common("try-a-name", "awake", one=example), tries=tries)


def _asked_for(household: Household, session: Session, accepted: Accepted) -> Received:
    """A request that is not an exercise, or a control with nothing to control."""
    some = _some(household)
    match accepted.intent:
        case "choose-for-us":
            return offer(session, (Offer(some[0]),))
        case "something-quick":
            quick = [Offer(name, cast("Variant", how)) for name, how in QUICK if name in household.exercises]
            return offer(session, tuple(quick[:1]) or (Offer(some[0], "shortest"),))
        case "list-exercises":
            line = common("exercises", "awake", list=Titles(tuple(sorted(household.exercises))))
        case "what-are-you":
            line = common("what-are-you", "awake")
        case "sleep":
            return _sleep(session, control("sleep"), common("good-night"))
        case "stop" | "no" | "done":
            return _sleep(session, control(accepted.intent))
        case manner if manner in MANNERS:
            session = replace(session, manner=session.manner.changed(manner))
            line = common("like-this", "awake")
        case "wake":
            return listen_awake(household, session, Ring("listening"))
        case _:
            line = common("can-say-awake", "awake", list=Titles(some))
    return listen_awake(household, session, control(accepted.intent), line)


def _some(household: Household) -> tuple[str, ...]:
    """A few exercises to name: a good one for anybody first."""
    known = household.exercises
    first = [name for name in CHOSEN_FOR_YOU if name in known][:1]
    return (*first, *(name for name in sorted(known) if name not in first))[:AT_MOST_OFFERED]


def _ask_awake(household: Household, seconds: float) -> actions.Ask:
    return actions.Ask("awake", tuple(sorted(household.exercises)), "both", seconds)


# Offering


def offer(
    session: Session,
    offers: tuple[Offer, ...],
    *opening: Action,
    resume: Position | None = None,
    tries: int = 0,
) -> Received:
    """Names one to three exercises, or the paused one, and waits for a yes or a name."""
    state = Offering(offers, resume, tries)
    return replace(session, state=state), (*opening, _offer_line(state), _ask_offer(state))


def offering(household: Household, session: Session, state: Offering, event: Event) -> Received:
    """What an event leads to while an offer stands."""
    if isinstance(event, Elapsed):
        return _offer_again(household, session, state)
    match event.decision:
        case Accepted(intent=intent, slots=slots):
            return _offer_answered(household, session, state, intent, str(slots.get("option")))
        case Ignored(reason="silence" | "noise"):
            return _offer_on(session, replace(state, left=time_left(state.left, event)))
        case Ignored(near=False) if state.tries + 1 < dialogue.TRIES:
            # Side talk: the two speak to each other about it.
            return _offer_on(session, replace(state, left=QUESTION, tries=state.tries + 1))
    return _offer_again(household, session, state)


def _offer_answered(
    household: Household, session: Session, state: Offering, intent: str, option: str
) -> Received:
    given_up = (abandon(state.resume, "stopped"),) if state.resume else ()
    match intent:
        case "yes" if len(state.offers) == 1:
            return _take(household, session, state, state.offers[0])
        case "either" | "resume":
            return _take(household, session, state, state.offers[0])
        case "option":
            for one in state.offers:
                if one.exercise == option:
                    return _take(household, session, state, one)
        case "no" | "next" | "back":
            what_else = common("what-else", "awake")
            return listen_awake(household, session, *given_up, what_else, tries=state.tries)
        case "stop" | "sleep" | "done" | "pause":
            return _sleep(session, *given_up, control(intent))
        case manner if manner in MANNERS:
            session = replace(session, manner=session.manner.changed(manner))
    return _offer_on(session, replace(state, left=QUESTION), control(intent), _offer_line(state))


def _offer_on(session: Session, state: Offering, *opening: Action) -> Received:
    return replace(session, state=state), (*opening, _ask_offer(state))


def _offer_line(state: Offering) -> Say:
    names = ("one", "two", "three")
    slots = {name: Titles((offer.exercise,)) for name, offer in zip(names, state.offers, strict=False)}
    line = "offer-resume" if state.resume else f"offer-{names[len(state.offers) - 1]}"
    return Say("offer", None, line, slots)


def _ask_offer(state: Offering) -> actions.Ask:
    options = tuple(offer.exercise for offer in state.offers)
    return actions.Ask("offer", ("yes", "no") if len(options) == 1 else options, "both", state.left)


def _offer_again(household: Household, session: Session, state: Offering) -> Received:
    tries = state.tries + 1
    if tries < dialogue.TRIES:
        again = replace(state, tries=tries, left=QUESTION)
        return _offer_on(session, again, _offer_line(again), common("offer-again", "offer"))
    if state.resume:
        # It stays paused, and is offered again at the next wake.
        pause = household.times.pause
        return replace(session, state=Paused(state.resume, pause)), (Ring("closed"), actions.Finish(pause))
    return _sleep(session, common("stay-quiet"))


def _take(household: Household, session: Session, state: Offering, taken: Offer) -> Received:
    return resume(household, session, state.resume) if state.resume else start(household, session, taken)


def _sleep(session: Session, *last: Action) -> Received:
    return replace(session, state=Asleep()), (*last, Ring("closed"), actions.Finish())


def _offer_of(request: Accepted | Candidate) -> Offer:
    """What a request is for: an exercise, how, and how long."""
    variant, seconds = request.slots.get("variant"), request.slots.get("seconds")
    return Offer(
        request.intent,
        variant if variant in VARIANTS else "usual",
        float(seconds) if isinstance(seconds, int) else None,
    )
