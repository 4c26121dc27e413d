"""A word graph as an automaton over the tokens of a recogniser.

A recogniser writes text, and there is more than one way to write a sentence: "Yes, please." or "yes
please", "20-minute" or "twenty minute". The automaton accepts the tokens of all usual ways to write the
sentences of a graph, and gives back the graph's words. It is built place by place, where a search goes: a
graph may hold more sentences than could ever be listed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import Enum
from functools import cache
from typing import NamedTuple, TypeAlias

from .ear import WordGraph
from .spelling import FIGURES, FIGURES_BEGUN, Words, written

Tokens: TypeAlias = tuple[int, ...]


class Script:
    """The tokens of words. One serves all automata of a recogniser, which share most words."""

    def __init__(self, encode: Callable[[str], Sequence[int]]) -> None:
        """Takes the function from a text, beginning with a word, to its tokens, beginning with a space."""
        self._encode = encode
        self.spaced = cache(self._spaced)
        self.joined = cache(self._joined)
        self.forms = cache(written)

    def _spaced(self, word: str) -> Tokens:
        """The tokens of a word after a space, or at the beginning."""
        return tuple(self._encode(word))

    def _joined(self, text: str) -> Tokens:
        """The tokens of a text that begins with a mark and follows a word without a space."""
        # Any word will do before it: no token reaches over the edge between a letter and a mark.
        return tuple(self._encode(f"a{text}")[len(self._encode("a")) :])


class Last(Enum):
    """What was written last, on which depends what may follow."""

    NOTHING = "nothing"
    WORD = "a word"
    COMMA = "a comma"
    CLOSE = "the mark that closes a sentence"


class Position(NamedTuple):
    """A point within one way to write one sentence."""

    rest: Tokens
    """The tokens still to be written of the present word."""
    node: int
    """Where in the graph that leads."""
    last: Last


Place: TypeAlias = frozenset[Position]
"""The positions that the same tokens lead to: a state of the automaton."""


class Automaton:
    """Accepts the tokens of the sentences of one graph. It grows with use: not for several threads."""

    def __init__(self, graph: WordGraph, script: Script) -> None:
        start, self._finals, arcs = graph
        self._script = script
        self._arcs: defaultdict[int, list[tuple[str, int]]] = defaultdict(list)
        for tail, word, head in arcs:
            self._arcs[tail].append((word, head))
        self._after: dict[Place, Mapping[int, Place]] = {}
        self.start: Place = frozenset([Position((), start, Last.NOTHING)])

    def after(self, place: Place) -> Mapping[int, Place]:
        """The tokens that may come next, each with the place where it leads."""
        if place not in self._after:
            heads: defaultdict[int, set[Position]] = defaultdict(set)
            for position in place:
                for token, head, _ in self._steps(position):
                    heads[token].add(head)
            self._after[place] = {token: frozenset(positions) for token, positions in heads.items()}
        return self._after[place]

    def ends(self, place: Place) -> bool:
        """Whether a sentence may be over here."""
        return any(not position.rest and position.node in self._finals for position in place)

    def spoken(self, tokens: Sequence[int]) -> str | None:
        """The sentence that `tokens` write, in the words of the graph; None if it is none of the graph."""
        ways: dict[Position, Words] = dict.fromkeys(self.start, ())
        for token in tokens:
            ways = {
                head: (*words, *begun)
                for position, words in ways.items()
                for step, head, begun in self._steps(position)
                if step == token
            }
        whole = (words for position, words in ways.items() if self.ends(frozenset([position])))
        return next(map(" ".join, whole), None)

    def _steps(self, position: Position) -> Iterator[tuple[int, Position, Words]]:
        """What may be written next: a token, the position after it, and the words that are begun with it."""
        if position.rest:
            yield position.rest[0], position._replace(rest=position.rest[1:]), ()
        else:
            for tokens, words, node, last in self._continuations(position.node, position.last):
                yield tokens[0], Position(tokens[1:], node, last), words

    def _continuations(self, node: int, last: Last) -> Iterator[tuple[Tokens, Words, int, Last]]:
        """The words and marks that may be written at a node: tokens, words of the graph, where they lead."""
        if last is Last.CLOSE:
            return
        for word, head in self._arcs[node]:
            for form in self._script.forms(word):
                yield self._script.spaced(form), (word,), head, Last.WORD
                if last is Last.WORD:
                    yield self._script.joined(f"-{form}"), (word,), head, Last.WORD
        for words, figures, head in self._numbers(node):
            yield self._script.spaced(figures), words, head, Last.WORD
        if last is Last.WORD:
            yield self._script.joined(","), (), node, Last.COMMA
            if node in self._finals:
                for mark in ".?!":
                    yield self._script.joined(mark), (), node, Last.CLOSE

    def _numbers(self, node: int) -> Iterator[tuple[Words, str, int]]:
        """The words from a node on that may be written in figures, the figures, and where they lead."""
        begun: list[tuple[Words, Words, int]] = [((), (), node)]
        while begun:
            words, numerals, tail = begun.pop()
            for word, head in self._arcs[tail]:
                longer = (*numerals, *word.split("-"))
                if longer in FIGURES:
                    yield (*words, word), FIGURES[longer], head
                if longer in FIGURES_BEGUN:
                    begun.append(((*words, word), longer, head))
