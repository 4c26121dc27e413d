"""Hearing with Moonshine: the encoder runs once an utterance, and the searches share what it gives."""

from __future__ import annotations

import math
from functools import cached_property, lru_cache, partial

import numpy as np

from .automaton import Automaton, Script
from .beam import Listening, Reading, beginning, closed, forced, free
from .ear import Heard, WordGraph
from .moonshine import Moonshine
from .types import RATE, Samples

_SHORTEST = RATE // 10
_LONGEST = 20 * RATE
_GRAPHS = 16
"""How many graphs are remembered; there are fewer states to listen in."""

_CREDIT = 0.3
_USUAL = 3.3
"""How much a sentence's surprise counts, and what is usual of it, in nats a token: see `_evidence`."""


class MoonshineEar:
    """An ear for English. Not for several threads at once.

    It remembers the last utterance, by its identity, so that asking more of the same one costs little.
    Samples must therefore not be changed once they were given.
    """

    def __init__(self, model: Moonshine) -> None:
        self._model = model
        script = Script(model.tokenizer.encode)
        self._automaton = lru_cache(_GRAPHS)(lambda graph: Automaton(graph, script))
        self._surprise = lru_cache(4096)(lambda tokens: -forced(self._silence.listening, tokens).mean)
        self._last: _Utterance | None = None

    def hear(self, samples: Samples, graph: WordGraph, *, dictate: bool = False) -> Heard:
        """See `Ear`. In no signal, or less than 0.1 s, there is no speech; what comes after 20 s is lost."""
        if not _audible(samples):
            return Heard(closed=None, dictated="" if dictate else None, evidence=None)
        utterance, automaton = self._utterance(samples), self._automaton(graph)
        reading = utterance.closed(automaton)
        return Heard(
            closed=None if reading is None else automaton.spoken(reading.tokens),
            # The only place where free tokens become words.
            dictated=self._model.tokenizer.decode(utterance.free.tokens) if dictate else None,
            evidence=None if reading is None else self._evidence(reading, utterance.free),
        )

    def prepare(self, graph: WordGraph) -> None:
        """See `Ear`. A search in silence finds its way through what is likeliest to be said."""
        closed(self._silence.listening, self._automaton(graph))

    def begins_with(self, samples: Samples, graph: WordGraph) -> float:
        """See `Ear`."""
        if not _audible(samples):
            return -math.inf
        return beginning(self._utterance(samples).listening, self._automaton(graph))

    def _evidence(self, closed: Reading, free: Reading) -> float:
        """How far the closed reading is behind the free one, a token, times the root of its number of tokens.

        The root lets one wrong word in a long sentence weigh more than in a mean and less than in a total.
        Some sentences the model writes easily whatever the sound ("I'm done"), others hardly ever ("stop"):
        how surprising one is shows in silence, and what is more surprising than usual gets credit for it. A
        free reading without a word speaks for no sentence, so it is none to compare with.
        """
        if closed is free:
            return 0.0
        behind = closed.mean - (free.mean if free.tokens else 0.0)
        credit = _CREDIT * (self._surprise(closed.tokens) - _USUAL)
        return min(0.0, (behind + credit) * math.sqrt(len(closed.tokens) + 1))

    @cached_property
    def _silence(self) -> _Utterance:
        return _Utterance(self._model, np.zeros(RATE, np.float32))

    def _utterance(self, samples: Samples) -> _Utterance:
        if self._last is None or self._last.samples is not samples:
            self._last = _Utterance(self._model, samples)
        return self._last


class _Utterance:
    """What is known of one utterance, none of it in words."""

    def __init__(self, model: Moonshine, samples: Samples) -> None:
        self.samples = samples
        encoding = model.encode(samples[:_LONGEST])
        self.listening = Listening(encoding.start, partial(model.step, encoding))

    @cached_property
    def free(self) -> Reading:
        """At most seven tokens a second, which nobody outruns by much."""
        return free(self.listening, limit=6 + 7 * min(len(self.samples), _LONGEST) // RATE)

    def closed(self, automaton: Automaton) -> Reading | None:
        """The free reading if it is a sentence of the automaton already, else the likeliest one that is."""
        if self.free.ended and automaton.spoken(self.free.tokens) is not None:
            return self.free
        return closed(self.listening, automaton)


def _audible(samples: Samples) -> bool:
    return len(samples) >= _SHORTEST and bool(samples.any())
