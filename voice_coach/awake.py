"""Between exercises: a request, an offer, a choice. Part of the session, and as pure."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

from . import actions, dialogue
from .actions import Action, Ring, Say, Titles
from .decide import Accepted, Ignored, Unsure
from .dialogue import Position
from .events import Elapsed, Event
from .exercise import VARIANTS, Variant
from .household import Household
from .leading import MANNERS, abandon, common, control, resume, start
from .state import Asleep, Awake, Offer, Offering, Paused, Received, Session

CHOSEN_FOR_YOU = ("daily-catch-up", "nice-list", "closer-questions", "good-news")
"""What "you choose" may turn to; those that there are."""
QUICK = (("six-seconds", "usual"), ("nice-list", "shortest"), ("closer-questions", "shortest"))
AT_MOST_OFFERED = 3
QUESTION = 8.0
"""Seconds that an answer to an offer is waited for."""


def ask_awake(household: Household) -> actions.Ask:
    """The wait for a request."""
    return actions.Ask("awake", tuple(sorted(household.exercises)), "both", household.times.awake)


def awake(household: Household, session: Session, state: Awake, event: Event) -> Received:
    """What an event leads to while a request is waited for."""
    if isinstance(event, Elapsed):
        return _sleep(session)
    match event.decision:
        case Accepted(intent=intent) as accepted if intent in household.exercises:
            return start(household, session, Offer(intent, _variant(accepted)))
        case Accepted(intent=intent) as accepted:
            return _asked_for(household, session, accepted)
        case Unsure(candidates=candidates):
            offers = tuple(
                Offer(candidate.intent, _variant(candidate))
                for candidate in candidates
                if candidate.intent in household.exercises
            )
            if offers:
                return offer(session, offers[:AT_MOST_OFFERED])
        case Ignored(reason="silence" | "noise"):
            left = max(1.0, household.times.awake - (event.at - event.began))
            return session, (replace(ask_awake(household), seconds=left),)
    return _not_caught(household, session, state)


def _not_caught(household: Household, session: Session, state: Awake) -> Received:
    tries = state.tries + 1
    if tries >= dialogue.TRIES:
        return _sleep(session, common("stay-quiet"))
    if tries == dialogue.TRIES - 1 and len(household.exercises) > 1:
        offers = tuple(Offer(name) for name in sorted(household.exercises)[:AT_MOST_OFFERED])
        return offer(session, offers, tries=tries)
    return replace(session, state=Awake(tries)), (common("try-a-name", "awake"), ask_awake(household))


def _asked_for(household: Household, session: Session, accepted: Accepted) -> Received:
    """A request that is not an exercise, or a control with nothing to control."""
    known = tuple(sorted(household.exercises))
    match accepted.intent:
        case "choose-for-us":
            name = next((name for name in CHOSEN_FOR_YOU if name in known), known[0])
            return offer(session, (Offer(name),))
        case "something-quick":
            quick = [Offer(name, cast("Variant", variant)) for name, variant in QUICK if name in known]
            return offer(session, tuple(quick[:1]) or (Offer(known[0], "shortest"),))
        case "list-exercises":
            line = common("exercises", "awake", list=Titles(known))
        case "what-are-you":
            line = common("what-are-you", "awake")
        case "sleep":
            return _sleep(session, control("sleep"), common("good-night"))
        case "stop" | "no" | "done":
            return _sleep(session, control(accepted.intent))
        case manner if manner in MANNERS:
            session = replace(session, manner=session.manner.changed(manner))
            line = common("welcome-back", "awake")
        case "wake":
            return replace(session, state=Awake()), (Ring("listening"), ask_awake(household))
        case _:
            line = common("can-say-awake", "awake")
    return replace(session, state=Awake()), (control(accepted.intent), line, ask_awake(household))


# Offering


def offer(
    session: Session,
    offers: tuple[Offer, ...],
    *,
    resume: Position | None = None,
    opening: tuple[Action, ...] = (),
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
        case Accepted(intent="yes") if len(state.offers) == 1:
            return _take(household, session, state, state.offers[0])
        case Accepted(intent="either" | "resume"):
            return _take(household, session, state, state.offers[0])
        case Accepted(intent="option", slots=slots):
            for one in state.offers:
                if one.exercise == slots.get("option"):
                    return _take(household, session, state, one)
        case Accepted(intent="no" | "next" | "back"):
            given_up = (abandon(state.resume, "stopped"),) if state.resume else ()
            todo = (*given_up, common("what-else", "awake"), ask_awake(household))
            return replace(session, state=Awake(state.tries)), todo
        case Accepted(intent="repeat" | "what-can-i-say" as intent):
            return session, (control(intent), _offer_line(state), _ask_offer(state))
        case Accepted(intent="stop" | "sleep" | "done" | "pause" as intent):
            given_up = (abandon(state.resume, "stopped"),) if state.resume else ()
            return _sleep(session, *given_up, control(intent))
        case Accepted(intent=intent) if intent in MANNERS:
            session = replace(session, manner=session.manner.changed(intent))
            return session, (control(intent), _offer_line(state), _ask_offer(state))
    return _offer_again(household, session, state)


def _offer_line(state: Offering) -> Say:
    names = ("one", "two", "three")
    slots = {name: Titles((offer.exercise,)) for name, offer in zip(names, state.offers, strict=False)}
    line = "offer-resume" if state.resume else f"offer-{names[len(state.offers) - 1]}"
    return Say("offer", None, line, slots)


def _ask_offer(state: Offering) -> actions.Ask:
    options = tuple(offer.exercise for offer in state.offers)
    return actions.Ask("offer", ("yes", "no") if len(options) == 1 else options, "both", QUESTION)


def _offer_again(household: Household, session: Session, state: Offering) -> Received:
    tries = state.tries + 1
    if tries < dialogue.TRIES:
        state = replace(state, tries=tries)
        todo = (_offer_line(state), common("offer-again", "offer"), _ask_offer(state))
        return replace(session, state=state), todo
    if state.resume:
        # It stays paused, and is offered again at the next wake.
        return replace(session, state=Paused(state.resume)), (
            Ring("closed"),
            actions.Finish(household.times.pause),
        )
    return _sleep(session, common("stay-quiet"))


def _take(household: Household, session: Session, state: Offering, taken: Offer) -> Received:
    return resume(household, session, state.resume) if state.resume else start(household, session, taken)


def _sleep(session: Session, *last: Action) -> Received:
    return replace(session, state=Asleep()), (*last, Ring("closed"), actions.Finish())


def _variant(said: object) -> Variant:
    variant = getattr(said, "slots", {}).get("variant", "usual")
    return cast("Variant", variant) if variant in VARIANTS else "usual"
