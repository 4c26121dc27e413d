"""From an utterance or a typed line to a decision: the ear hears, `intents` understands, `decide` decides."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from time import perf_counter

from audio import Ear, Samples
from audio import Heard as Hypotheses
from intents import (
    Candidate,
    Catalogue,
    Expecting,
    Option,
    Understanding,
    WordGraph,
    concatenated,
    graph_of,
    normalise,
    strip_prefix,
    united,
)

from .decide import Accepted, Decision, Ignored, decide_heard, decide_text, only_called, wakes
from .household import WAKE_PHRASES
from .listening import DICTATED, OF_OPTIONS, Listening
from .words import Lines

RESTING = frozenset({"asleep", "paused"})
"""States in which the wake phrase comes first."""
GRAPHS = 32
"""More than there are states and questions in an exercise."""
NOTHING = Understanding("", "none", ())


@dataclass(frozen=True, slots=True)
class Heard:
    """What came of one utterance."""

    decision: Decision
    woke: bool = False
    """It began with the wake phrase, asleep or paused."""
    text: str = ""
    """What the decision rests on; empty where nothing may become text."""
    closed: str | None = None
    """The expected sentence that the sound is most like."""
    dictated: str | None = None
    """What was said, where that may become text."""
    evidence: float | None = None
    understood: Understanding = NOTHING
    text_seconds: float = 0.0
    """Processing from sound to words."""
    meaning_seconds: float = 0.0
    """Processing from words to a decision."""


class Hearing:
    """Understands what is said to the coach, given what is being listened for."""

    def __init__(
        self,
        catalogue: Catalogue,
        lines: Lines,
        exercises: frozenset[str],
        ear: Ear | None = None,
        wake_phrases: tuple[str, ...] = WAKE_PHRASES,
    ) -> None:
        """Without an ear, only typed text is understood."""
        self.catalogue = catalogue
        self.lines = lines
        self.exercises = exercises
        self.wake_phrases = tuple(normalise(phrase) for phrase in wake_phrases)
        self._ear = ear
        self._wake_graph = graph_of(self.wake_phrases)
        self._graph = lru_cache(GRAPHS)(self._make_graph)
        self._ready = lru_cache(GRAPHS)(self._make_ready)

    @property
    def ear(self) -> Ear:
        """What hears."""
        if self._ear is None:
            raise ValueError("an ear is needed to hear")
        return self._ear

    def expecting(self, listening: Listening, options: tuple[Option, ...] = ()) -> Expecting:
        """What counts, with the words of the options: those given, or those of the exercise."""
        options = options or self._options(listening)
        return Expecting(
            listening.intents(self.exercises) | (OF_OPTIONS if options else frozenset()), options
        )

    def _options(self, listening: Listening) -> tuple[Option, ...]:
        if listening.exercise is None:
            return tuple(self.lines.exercise_option(name) for name in listening.options)
        return tuple(self.lines.option(listening.exercise, name) for name in listening.options)

    def prepare(self) -> None:
        """Makes what the first utterances would otherwise have to wait for."""
        self.catalogue.prepare(self.expecting(Listening("awake")))
        for state in ("asleep", "awake", "turn", "speaking"):
            self.expect(Listening(state))

    def expect(self, listening: Listening) -> None:
        """Makes ready for what counts next, while there is time; once for each state and question."""
        if self._ear is not None:
            counting = after_wake(listening) if listening.state == "asleep" else listening
            self._ready(self.expecting(counting), listening.state == "asleep")

    def _make_ready(self, expecting: Expecting, woken: bool) -> None:
        self.ear.prepare(self._graph(expecting, woken))

    # Typed

    def read(self, text: str, listening: Listening, options: tuple[Option, ...] = ()) -> Heard:
        """What a typed line means.

        Args:
            text: as typed.
            listening: what counts just now.
            options: the options of a question, instead of those of the exercise.
        """
        began = perf_counter()
        rest = strip_prefix(text, self.wake_phrases)
        if listening.state == "asleep" and rest is None:
            decision: Decision = Ignored("no-wake" if normalise(text) else "silence")
            return Heard(decision, text=text, meaning_seconds=perf_counter() - began)
        woke = listening.state in RESTING and rest is not None
        counting = after_wake(listening) if woke else listening
        understood = self._understand(text, rest, self.expecting(counting, options))
        decision = self._reasoned(decide_text(understood, counting.state), understood)
        return Heard(decision, woke, text=text, understood=understood, meaning_seconds=perf_counter() - began)

    def addressed(self, text: str) -> str:
        """A typed line without the wake phrase before it."""
        return strip_prefix(text, self.wake_phrases) or text

    def _reasoned(self, decision: Decision, understood: Understanding) -> Decision:
        """Tells what means something elsewhere from what means nothing."""
        if not isinstance(decision, Ignored) or decision.reason != "unlikely" or decision.near:
            return decision
        anywhere = self.catalogue.understand(understood.text, Expecting(self.catalogue.intents))
        return replace(decision, reason="not-expected") if anywhere.layer == "exact" else decision

    def _understand(self, text: str, rest: str | None, expecting: Expecting) -> Understanding:
        """The meaning of a text, of which `rest` follows the wake phrase if it came first."""
        if rest == "":
            return Understanding(normalise(text), "exact", (Candidate("wake", {}, 1.0, normalise(text)),))
        return self.catalogue.understand(text if rest is None else rest, expecting)

    # Heard

    def hear(self, samples: Samples, listening: Listening, options: tuple[Option, ...] = ()) -> Heard:
        """What an utterance means.

        Args:
            samples: its sound, 16 kHz mono.
            listening: what counts just now.
            options: the options of a question, instead of those of the exercise.
        """
        began = perf_counter()
        woke = listening.state in RESTING and wakes(self.ear.begins_with(samples, self._wake_graph))
        if listening.state == "asleep" and not woke:
            return Heard(Ignored("no-wake"), text_seconds=perf_counter() - began)
        counting = after_wake(listening) if woke else listening
        expecting = self.expecting(counting, options)
        dictate = counting.state in DICTATED
        heard = self.ear.hear(samples, self._graph(expecting, woke), dictate=dictate)
        read = perf_counter()
        decision, understood = self._judge(heard, counting, expecting)
        return Heard(
            decision,
            woke,
            text=understood.text,
            closed=heard.closed,
            dictated=heard.dictated,
            evidence=heard.evidence,
            understood=understood,
            text_seconds=read - began,
            meaning_seconds=perf_counter() - read,
        )

    def _judge(
        self, heard: Hypotheses, counting: Listening, expecting: Expecting
    ) -> tuple[Decision, Understanding]:
        """The decision on the two readings of an utterance, and what it rests on."""
        if heard.evidence is None or heard.closed is None:
            return Ignored("noise"), NOTHING
        may_call = counting.state in DICTATED
        rest = strip_prefix(heard.closed, self.wake_phrases) if may_call else None
        closed = self._understand(heard.closed, rest, expecting)
        if not heard.dictated:
            return decide_heard(counting.state, closed, heard.evidence, None), closed
        rest = strip_prefix(heard.dictated, self.wake_phrases)
        if rest is None and only_called(closed, heard.dictated):
            return Accepted("wake"), closed
        dictated = self._understand(heard.dictated, rest, expecting)
        decision = decide_heard(counting.state, closed, heard.evidence, dictated)
        obeyed_as_read = isinstance(decision, Accepted) and decision != decide_text(dictated, counting.state)
        return decision, closed if obeyed_as_read else dictated

    def _make_graph(self, expecting: Expecting, woken: bool) -> WordGraph:
        """What may be said: behind the wake phrase, or, where that is open, also with it once more."""
        graph = self.catalogue.graph(expecting)
        called = united(self._wake_graph, concatenated(self._wake_graph, graph))
        if woken:
            return called
        return united(graph, called) if expecting.intents >= self.exercises else graph


def after_wake(listening: Listening) -> Listening:
    """What counts behind the wake phrase in the same breath."""
    also = frozenset({"resume", "stop"}) if listening.state == "paused" else frozenset()
    return Listening("awake", also=also)
