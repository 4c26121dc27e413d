"""Whatever happens, in any order: the invariants of the session hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from intents import Candidate
from voice_coach import actions
from voice_coach.actions import Action, Note, Say
from voice_coach.decide import Accepted, Decision, Ignored, Unsure
from voice_coach.events import Elapsed, Event, Said
from voice_coach.exercise import VARIANTS
from voice_coach.household import Household
from voice_coach.library import load_library
from voice_coach.listening import ANSWERS, CONTROLS, REQUESTS
from voice_coach.session import listening, receive
from voice_coach.speech import line_text
from voice_coach.state import Asleep, Leading, Paused, Session

LIBRARY = load_library("en")
HOUSEHOLD = Household(("Anna", "Ben"), LIBRARY.exercises)
OPTIONS = sorted(
    {option for words in LIBRARY.lines.words.values() for option in words.options} | {*LIBRARY.exercises}
)


@dataclass(frozen=True)
class Step:
    """Something that happens, some time into the wait."""

    decision: Decision | None
    """None: nothing, until the time is over."""
    after: float
    woke: bool
    interrupting: bool


def decisions() -> st.SearchStrategy[Decision | None]:
    intents = st.sampled_from(
        sorted(CONTROLS | ANSWERS | REQUESTS | {"either", "wake", "unheard-of"} | {*LIBRARY.exercises})
    )
    slots = st.fixed_dictionaries({}, optional={"variant": st.sampled_from(VARIANTS)})
    accepted = st.builds(Accepted, intents, slots)
    chosen = st.builds(lambda option: Accepted("option", {"option": option}), st.sampled_from(OPTIONS))
    candidate = st.builds(lambda intent: Candidate(intent, {}, 0.8, ""), intents)
    unsure = st.builds(lambda some: Unsure(tuple(some)), st.lists(candidate, min_size=1, max_size=3))
    ignored = st.builds(Ignored, st.sampled_from(["silence", "noise", "not-expected", "unlikely", "no-wake"]))
    return st.one_of(st.none(), accepted, accepted, chosen, unsure, ignored)


STEPS = st.lists(st.builds(Step, decisions(), st.floats(0, 400), st.booleans(), st.booleans()), max_size=40)
STARTED = [
    Step(Accepted(name, {"variant": variant}), 1.0, woke=True, interrupting=False)
    for name in LIBRARY.exercises
    for variant in VARIANTS
]


def run(steps: Sequence[Step]) -> list[tuple[Session, Event, Session, tuple[Action, ...]]]:
    """Everything that a session went through."""
    session, now = Session(), 0.0
    wait: Action = actions.Finish()
    history = []
    for step in steps:
        seconds = getattr(wait, "seconds", None)
        began = now
        now += step.after if seconds is None else min(step.after, seconds)
        event: Event
        if step.decision is None:
            now = began + (seconds or 0.0)
            event = Elapsed(now, began)
        else:
            event = Said(now, began, step.decision, step.woke, step.interrupting)
        before = session
        session, todo = receive(HOUSEHOLD, session, event)
        wait = todo[-1]
        history.append((before, event, session, todo))
    return history


def after_a_start(first: Step, rest: Sequence[Step]) -> list[Step]:
    yes = Step(Accepted("yes"), 1.0, woke=False, interrupting=False)
    return [first, yes, yes, *rest]


def is_yes(decision: Decision) -> bool:
    return isinstance(decision, Accepted) and decision.intent == "yes"


def step_of(state: Leading) -> str:
    return LIBRARY.exercises[state.position.exercise].steps[state.position.step].id


@given(st.sampled_from(STARTED), STEPS)
@settings(max_examples=400, deadline=None)
def test_every_list_of_actions_ends_in_exactly_one_wait(first: Step, rest: list[Step]) -> None:
    for _, _, _, todo in run(after_a_start(first, rest)):
        assert isinstance(todo[-1], actions.Wait)
        assert not any(isinstance(action, actions.Wait) for action in todo[:-1])


@given(st.sampled_from(STARTED), STEPS)
@settings(max_examples=400, deadline=None)
def test_every_line_has_words_and_every_wait_an_end(first: Step, rest: list[Step]) -> None:
    for _, _, session, todo in run(after_a_start(first, rest)):
        for action in todo:
            if isinstance(action, Say):
                text = line_text(LIBRARY.lines, action)
                assert text.strip()
                assert "{" not in text
        wait = todo[-1]
        if isinstance(wait, actions.Ask | actions.Turn | actions.Hush):
            assert wait.seconds > 0
        assert isinstance(wait, actions.Finish) == isinstance(session.state, Asleep | Paused)


@given(st.sampled_from(STARTED), STEPS)
@settings(max_examples=400, deadline=None)
def test_a_stop_finishes_at_once(first: Step, rest: list[Step]) -> None:
    for _, event, session, todo in run(after_a_start(first, rest)):
        before_stop = Said(event.at, event.at, Accepted("stop"))
        stopped, todo = receive(HOUSEHOLD, session, before_stop)
        assert isinstance(stopped.state, Asleep)
        assert isinstance(todo[-1], actions.Finish)
        assert len([action for action in todo if isinstance(action, Say)]) <= 1


@given(st.sampled_from(STARTED), STEPS)
@settings(max_examples=300, deadline=None)
def test_nothing_but_the_wake_phrase_rouses_it(first: Step, rest: list[Step]) -> None:
    for before, event, session, _ in run(after_a_start(first, rest)):
        if isinstance(before.state, Asleep) and not (isinstance(event, Said) and event.woke):
            assert session == before


@given(st.sampled_from(STARTED), STEPS)
@settings(max_examples=300, deadline=None)
def test_an_exercise_goes_on_only_after_a_yes_of_each(first: Step, rest: list[Step]) -> None:
    consents: set[str] = set()
    for before, event, session, todo in run([first, *rest]):
        if isinstance(before.state, Leading) and isinstance(event, Said) and is_yes(event.decision):
            consents.add(step_of(before.state))
        if any(action.event == "started" for action in todo if isinstance(action, Note)):
            consents.clear()
        asked = isinstance(session.state, Leading) and step_of(session.state)
        if asked and not asked.startswith("ready-"):
            assert consents >= {"ready-first", "ready-second"}


@given(st.sampled_from(STARTED), STEPS)
@settings(max_examples=300, deadline=None)
def test_a_pause_keeps_the_place(first: Step, rest: list[Step]) -> None:
    for _, event, session, _ in run(after_a_start(first, rest)):
        if not isinstance(session.state, Leading):
            continue
        paused, todo = receive(HOUSEHOLD, session, Said(event.at, event.at, Accepted("pause")))
        assert isinstance(paused.state, Paused)
        assert Note("paused", {"exercise": session.state.position.exercise}) in todo
        later = event.at + 600
        resumed, todo = receive(HOUSEHOLD, paused, Said(later, event.at, Accepted("resume")))
        assert isinstance(resumed.state, Leading)
        assert resumed.state.position.step == session.state.position.step
        assert listening(HOUSEHOLD, resumed) == listening(HOUSEHOLD, session)
        assert len([action for action in todo if isinstance(action, Say)]) <= 1


@given(st.sampled_from(STARTED), STEPS)
@settings(max_examples=300, deadline=None)
def test_a_question_that_is_put_again_is_waited_for_afresh(first: Step, rest: list[Step]) -> None:
    for _, event, session, todo in run(after_a_start(first, rest)):
        wait = todo[-1]
        if not isinstance(session.state, Leading) or not isinstance(wait, actions.Ask):
            continue
        at = event.at + wait.seconds - 0.1
        _, again = receive(HOUSEHOLD, session, Said(at, event.at, Accepted("repeat")))
        step = LIBRARY.exercises[session.state.position.exercise].steps[session.state.position.step]
        assert isinstance(again[-1], actions.Ask)
        assert again[-1].seconds == step.seconds  # type: ignore[union-attr]


@given(st.sampled_from(STARTED), st.lists(st.sampled_from(["noise", "silence"]), min_size=30, max_size=30))
def test_noise_alone_keeps_nobody_awake(first: Step, reasons: list[Any]) -> None:
    noises = [Step(Ignored(reason), 2.0, woke=False, interrupting=False) for reason in reasons]
    wake = Step(Accepted("wake"), 1.0, woke=True, interrupting=False)
    *_, (_, event, session, todo) = run([wake, *noises])
    assert isinstance(todo[-1], actions.Ask)
    assert todo[-1].seconds == 1.0  # the least that is ever waited; the Room then says that the time is over
    asleep, _ = receive(HOUSEHOLD, session, Elapsed(event.at + 1.0, event.at))
    assert isinstance(asleep.state, Asleep)


@given(st.sampled_from(STARTED))
def test_silence_alone_brings_every_exercise_to_an_end(first: Step) -> None:
    silence = Step(None, 0.0, woke=False, interrupting=False)
    for steps in ([first], after_a_start(first, [])):
        *_, (_, _, session, _) = run([*steps, *[silence] * 60])
        assert isinstance(session.state, Asleep)
