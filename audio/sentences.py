"""A word graph in the words of a model: which sentences to expect, and which of them is nearest to others.

A graph may stand for hundreds of millions of sentences. They are counted, sampled and searched, never listed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from heapq import heappop, heappush
from itertools import count
from typing import TypeAlias

from .ear import WordGraph
from .letters import distance, letters, most_alike

Spell: TypeAlias = Callable[[str], tuple[str, ...] | None]
"""A word of the graph in words that the model knows, mostly itself; None if it knows none."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the graph."""

    spoken: str
    """In the graph's own words, joined by spaces."""
    words: tuple[str, ...]
    """In the model's."""


@dataclass(frozen=True, slots=True)
class _Arc:
    word: str
    """Of the model."""
    spoken: str
    """The word of the graph that begins here; empty within a word that the model has in pieces."""
    to: int


_PATIENCE = 100_000
"""Ways that a search may have under way before it gives up; some tenths of a second."""
_LISTED = 60_000
"""Sentences that are few enough to be looked through."""


class Sentences:
    """The sentences of a graph that a model can hear: those in which it knows every word."""

    def __init__(self, graph: WordGraph, spell: Spell) -> None:
        self._start, self._finals, arcs = graph
        self._arcs: dict[int, list[_Arc]] = {}
        inner = max((max(source, to) for source, _, to in arcs), default=0) + 1
        for source, word, to in arcs:
            pieces = spell(word) or ()
            for place, piece in enumerate(pieces):
                last = place == len(pieces) - 1
                arc = _Arc(piece, "" if place else word, to if last else inner)
                self._arcs.setdefault(source, []).append(arc)
                source, inner = arc.to, inner + (not last)
        self._counts: dict[int, int] = {}
        self._count(self._start)
        self._arcs = {
            node: alive
            for node in self._counts
            if (alive := [arc for arc in self._arcs.get(node, []) if self._counts[arc.to]])
        }

    def __len__(self) -> int:
        return self._counts[self._start]

    def phrases(self, limit: int) -> list[str]:
        """The sentences, for a recogniser to expect; all pairs of neighbouring words, if they are more than
        the limit. Recognisers learn no more than pairs from sentences, but also where these begin and end.
        """
        if len(self) <= limit:
            return [" ".join(arc.word for arc in self._nth(index)) for index in range(len(self))]
        pairs = {
            f"{arc.word} {after.word}"
            for arcs in self._arcs.values()
            for arc in arcs
            for after in self._arcs.get(arc.to, ())
        }
        return sorted(pairs)

    def nearest(self, heard: Sequence[str], limit: int) -> list[Sentence]:
        """The sentences nearest to some words of the model, best first: at most `limit`.

        Near is how few letters must be changed, words being compared with words. The search follows what is
        cheapest so far plus the least that must still come (A*), and gives up where all is far off.
        """
        left = [sum(len(letters(word)) for word in heard[place:]) for place in range(len(heard) + 1)]
        ends, visits = dict[tuple[str, ...], Sentence](), Counter[tuple[int, int]]()
        number = count()  # so that ways are never compared
        queue: list[tuple[int, int, int, int, int, tuple[_Arc, ...]]] = []

        def reach(cost: int, node: int, place: int, way: tuple[_Arc, ...]) -> None:
            fewest, most = self._lengths[node]
            still = max(0, fewest - left[place], left[place] - most)
            heappush(queue, (cost + still, next(number), cost, node, place, way))

        if self._start in self._lengths:
            reach(0, self._start, 0, ())
        while queue and len(ends) < limit and len(queue) < _PATIENCE:
            _, _, cost, node, place, way = heappop(queue)
            visits[node, place] += 1
            if visits[node, place] > 2 * limit:
                continue
            if node in self._finals and place == len(heard):
                ends.setdefault(tuple(arc.word for arc in way), _sentence(way))
            if place < len(heard):  # a word was heard that nobody said
                reach(cost + len(letters(heard[place])), node, place + 1, way)
            for arc in self._arcs.get(node, ()):
                reach(cost + len(letters(arc.word)), arc.to, place, (*way, arc))
                if place < len(heard):
                    reach(cost + distance(arc.word, heard[place]), arc.to, place + 1, (*way, arc))
        return list(ends.values())

    def alike(self, heard: Sequence[str], limit: int) -> list[Sentence]:
        """The sentences that look most like some text as a whole, wherever its words begin and end. Only of
        a graph with few enough sentences to look through them all; else none.
        """
        if len(self) > _LISTED:
            return []
        return [
            _sentence(tuple(self._nth(index))) for index in most_alike("".join(heard), self._listed, limit)
        ]

    def spoken(self, words: Sequence[str]) -> str | None:
        """The sentence that some words of the model are, in the graph's words; None if they are none."""
        exact = next(iter(self.nearest(words, 1)), None)
        return exact.spoken if exact is not None and exact.words == tuple(words) else None

    @cached_property
    def _listed(self) -> list[str]:
        return [letters("".join(arc.word for arc in self._nth(index))) for index in range(len(self))]

    @cached_property
    def _lengths(self) -> dict[int, tuple[int, int]]:
        """From each node that a sentence passes: the fewest and the most letters to an end."""
        lengths: dict[int, tuple[int, int]] = {}

        def length(node: int) -> tuple[int, int]:
            if node not in lengths:
                after = [(len(letters(arc.word)), *length(arc.to)) for arc in self._arcs.get(node, ())]
                ends = [(0, 0, 0)] if node in self._finals else []
                lengths[node] = (
                    min(own + fewest for own, fewest, _ in ends + after),
                    max(own + most for own, _, most in ends + after),
                )
            return lengths[node]

        if len(self):
            length(self._start)
        return lengths

    def _count(self, node: int) -> int:
        """How many sentences end from a node on."""
        if node not in self._counts:
            after = sum(self._count(arc.to) for arc in self._arcs.get(node, ()))
            self._counts[node] = (node in self._finals) + after
        return self._counts[node]

    def _nth(self, index: int) -> Iterator[_Arc]:
        """The way of the sentence of that number."""
        node = self._start
        while index or node not in self._finals:
            index -= node in self._finals
            for arc in self._arcs[node]:
                if index < self._counts[arc.to]:
                    yield arc
                    node = arc.to
                    break
                index -= self._counts[arc.to]


def _sentence(path: tuple[_Arc, ...]) -> Sentence:
    return Sentence(" ".join(arc.spoken for arc in path if arc.spoken), tuple(arc.word for arc in path))
