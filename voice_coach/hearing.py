"""From an utterance or a typed line to a decision: the ear hears, `intents` understands, `decide` decides."""

from __future__ import annotations

from dataclasses import dataclass, replace
from time import perf_counter

from audio import Ear, Samples
from intents import (
    Catalogue,
    Expecting,
    Option,
    Understanding,
    concatenated,
    graph_of,
    normalise,
    strip_prefix,
    united,
)
from intents import WordGraph as Graph

from .decide import Accepted, Decision, Ignored, decide_heard, decide_text, wakes
from .listening import DICTATED, OF_OPTIONS, Listening
from .words import Lines

WAKE_PHRASES = ("hey coach", "okay coach")
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

    @property
    def counts(self) -> bool:
        """Whether the session has to hear of it: everything but what was said to nobody in particular."""
        return self.woke or not isinstance(self.decision, Ignored) or self.decision.reason == "unlikely"


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
        self.wake_phrases = wake_phrases
        self._ear = ear
        self._wake_graph = graph_of(wake_phrases)

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
        asleep = listening.state in ("asleep", "paused")
        if asleep and rest is None and listening.state == "asleep":
            return self._typed(text, Ignored("no-wake" if normalise(text) else "silence"), began)
        woke = asleep and rest is not None
        if rest == "":
            return replace(self._typed(text, Accepted("wake"), began), woke=woke)
        expecting = self.expecting(after_wake(listening) if woke else listening, options)
        understood = self.catalogue.understand(text if rest is None else rest, expecting)
        heard = self._typed(text, decide_text(understood), began)
        return replace(heard, woke=woke, understood=understood)

    def addressed(self, text: str) -> str:
        """A typed line without the wake phrase before it."""
        return strip_prefix(text, self.wake_phrases) or text

    def _typed(self, text: str, decision: Decision, began: float) -> Heard:
        return Heard(decision, text=text, meaning_seconds=perf_counter() - began)

    # Heard

    def hear(self, samples: Samples, listening: Listening, options: tuple[Option, ...] = ()) -> Heard:
        """What an utterance means.

        Args:
            samples: its sound, 16 kHz mono.
            listening: what counts just now.
            options: the options of a question, instead of those of the exercise.
        """
        began = perf_counter()
        if listening.state not in ("asleep", "paused"):
            return self._hear_expected(samples, listening, self.expecting(listening, options))
        if wakes(self.ear.begins_with(samples, self._wake_graph)):
            return self._hear_woken(samples, listening, began)
        if listening.state == "paused":
            heard = self._hear_expected(samples, listening, self.expecting(listening))
            if isinstance(heard.decision, Accepted):
                return heard
        return Heard(Ignored("no-wake"), text_seconds=perf_counter() - began)

    def _hear_expected(self, samples: Samples, listening: Listening, expecting: Expecting) -> Heard:
        began = perf_counter()
        graph: Graph = self.catalogue.graph(expecting)
        dictate = listening.state in DICTATED
        if dictate:
            # "Hey coach" is often said once more, although the coach listens already.
            graph = united(graph, self._wake_graph, concatenated(self._wake_graph, graph))
        return self._understood(samples, listening, expecting, graph, began)

    def _hear_woken(self, samples: Samples, listening: Listening, began: float) -> Heard:
        awake = after_wake(listening)
        expecting = self.expecting(awake)
        request = self.catalogue.graph(expecting)
        graph = united(self._wake_graph, concatenated(self._wake_graph, request))
        return replace(self._understood(samples, awake, expecting, graph, began), woke=True)

    def _understood(
        self, samples: Samples, listening: Listening, expecting: Expecting, graph: Graph, began: float
    ) -> Heard:
        dictate = listening.state in DICTATED
        heard = self.ear.hear(samples, graph, dictate=dictate)
        read = perf_counter()
        closed = heard.closed or ""
        dictated = heard.dictated or ""
        if heard.evidence is None:
            decision: Decision = Ignored("noise")
            understood = NOTHING
        elif "" in (self._rest(closed, listening), self._rest(dictated, listening)):
            decision, understood = Accepted("wake"), NOTHING
        else:
            understood = self.catalogue.understand(self._rest(closed, listening), expecting)
            written = (
                self.catalogue.understand(self._rest(dictated, listening), expecting) if dictated else None
            )
            decision = decide_heard(listening.state, understood, heard.evidence, written)
            if written and decision == decide_text(written):
                understood = written
        return Heard(
            decision,
            text=understood.text or closed,
            closed=heard.closed,
            dictated=heard.dictated,
            evidence=heard.evidence,
            understood=understood,
            text_seconds=read - began,
            meaning_seconds=perf_counter() - read,
        )

    def _rest(self, text: str, listening: Listening) -> str:
        """What follows the wake phrase, where that may come first; "" if nothing does."""
        rest = strip_prefix(text, self.wake_phrases) if listening.state in DICTATED and text else None
        return (text or "-") if rest is None else rest


def after_wake(listening: Listening) -> Listening:
    """What counts behind the wake phrase in the same breath."""
    also = frozenset({"resume", "stop"}) if listening.state == "paused" else frozenset()
    return Listening("awake", also=also)
