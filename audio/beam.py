"""Searches through what a speech model would write: bound to an automaton, for a beginning, or free.

All that is asked of a model is how likely each token is to come next. Logarithms are natural.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from .automaton import Automaton, Place, Tokens
from .tokens import END

_WIDTH = 8
"""How many hypotheses go on at each token ..."""
_WAYS = 2
"""... and how many of them at the same place: they go on alike, and mostly differ in how they are written."""
_PRUNE = 14.0
"""How far a hypothesis may be behind the best one, in nats."""
_NEAR = 8.0
"""How far a reading may be behind the likeliest one and still be chosen, in nats."""
_FLOOR = -14.0
"""How unlikely a beginning may become before it is given up, in nats."""


class State(Protocol):
    """What a model knows after some tokens."""

    @property
    def log_probs(self) -> NDArray[np.float32]:
        """Shape [vocabulary]: the log-probability of each token to come next."""


S = TypeVar("S", bound=State)


@dataclass(frozen=True, slots=True)
class Listening(Generic[S]):
    """A model at one utterance."""

    start: S
    """Before the first token."""
    step: Callable[[Sequence[S], Sequence[int]], list[S]]
    """From some states and a token for each to the states after it, all equally far from the start."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What may have been said."""

    tokens: Tokens
    """Without the one that ends the utterance."""
    total: float
    """The log-probability of the tokens and of the end."""
    ended: bool = True
    """False if the reading was broken off, and the end does not count."""

    @property
    def mean(self) -> float:
        """The log-probability a token, the end being one."""
        return self.total / (len(self.tokens) + self.ended)


def free(listening: Listening[S], limit: int) -> Reading:
    """What the model writes of its own accord, broken off after `limit` tokens.

    Of speech that was cut off within a word, and of very short speech, it may repeat words without end.
    """
    state, tokens, total = listening.start, list[int](), 0.0
    while len(tokens) < limit:
        token = int(state.log_probs.argmax())
        total += float(state.log_probs[token])
        if token == END:
            return Reading(tuple(tokens), total)
        tokens.append(token)
        (state,) = listening.step([state], [token])
    return Reading(tuple(tokens), total, ended=False)


def forced(listening: Listening[S], tokens: Tokens) -> Reading:
    """The reading of given tokens, however unlikely they are."""
    state, total = listening.start, 0.0
    for token in tokens:
        total += float(state.log_probs[token])
        (state,) = listening.step([state], [token])
    return Reading(tokens, total + float(state.log_probs[END]))


def closed(listening: Listening[S], automaton: Automaton) -> Reading | None:
    """The likeliest reading that the automaton accepts; None if it accepts none.

    Of the readings near the likeliest, the one with the greatest total / sqrt(tokens) is taken: the total
    alone favours short ones, and drops a quiet "and a bit of milk" from the end of an order.
    """
    readings = _accepted(listening, automaton)
    near = max((reading.total for reading in readings), default=0.0) - _NEAR
    likely = (reading for reading in readings if reading.total >= near)
    return max(likely, key=lambda reading: reading.total / math.sqrt(len(reading.tokens) + 1), default=None)


def beginning(listening: Listening[S], automaton: Automaton) -> float:
    """The log-probability that what was said begins with a sentence that the automaton accepts.

    It is the sum over the ways to write one, without very unlikely ones; minus infinity if all are.
    """
    total = -math.inf
    beam = [_Hypothesis((), 0.0, automaton.start, listening.start)]
    while beam:
        likely = [candidate for candidate in _candidates(automaton, beam) if candidate.total >= _FLOOR]
        for candidate in likely:
            if automaton.ends(candidate.place):
                total = float(np.logaddexp(total, candidate.total))
        # Whatever comes after a whole sentence is in its probability already.
        beam = _tell(listening, [candidate for candidate in likely if not automaton.ends(candidate.place)])
    return total


@dataclass(frozen=True, slots=True)
class _Hypothesis(Generic[S]):
    tokens: Tokens
    total: float
    place: Place
    state: S


@dataclass(frozen=True, slots=True)
class _Candidate(Generic[S]):
    """A hypothesis and one token more, of which the model has not been told."""

    parent: _Hypothesis[S]
    token: int
    total: float
    place: Place


def _accepted(listening: Listening[S], automaton: Automaton) -> list[Reading]:
    """The likely readings among those that the automaton accepts, by beam search."""
    readings: list[Reading] = []
    best = -math.inf
    beam = [_Hypothesis((), 0.0, automaton.start, listening.start)]
    while beam:
        for hypothesis in beam:
            if automaton.ends(hypothesis.place):
                total = hypothesis.total + float(hypothesis.state.log_probs[END])
                readings.append(Reading(hypothesis.tokens, total))
                best = max(best, total)
        candidates = _likeliest(_candidates(automaton, beam))
        # A total only falls: what is not near the best reading now will not be later.
        floor = max(best - _NEAR, candidates[0].total - _PRUNE) if candidates else best
        beam = _tell(listening, [candidate for candidate in candidates if candidate.total >= floor])
    return readings


def _candidates(automaton: Automaton, beam: Sequence[_Hypothesis[S]]) -> Iterator[_Candidate[S]]:
    for hypothesis in beam:
        log_probs = hypothesis.state.log_probs
        for token, place in automaton.after(hypothesis.place).items():
            yield _Candidate(hypothesis, token, hypothesis.total + float(log_probs[token]), place)


def _likeliest(candidates: Iterable[_Candidate[S]]) -> list[_Candidate[S]]:
    """As many as there is room for in the beam, from the likeliest down."""
    kept = list[_Candidate[S]]()
    ways = Counter[Place]()
    for candidate in sorted(candidates, key=lambda candidate: candidate.total, reverse=True):
        if ways[candidate.place] < _WAYS and len(kept) < _WIDTH:
            ways[candidate.place] += 1
            kept.append(candidate)
    return kept


def _tell(listening: Listening[S], candidates: Sequence[_Candidate[S]]) -> list[_Hypothesis[S]]:
    """The candidates as hypotheses, once the model has been told their tokens in one batch."""
    if not candidates:
        return []
    states = listening.step([each.parent.state for each in candidates], [each.token for each in candidates])
    return [
        _Hypothesis((*each.parent.tokens, each.token), each.total, each.place, state)
        for each, state in zip(candidates, states, strict=True)
    ]
