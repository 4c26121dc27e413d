"""Word graphs: every sentence that may be said, as a small machine of words.

A graph is what a recogniser is bound to. All graphs made here are deterministic, minimal and numbered in the
same way, so two graphs of the same sentences are equal.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from functools import cache
from heapq import heappop, heappush
from typing import NamedTuple, TypeAlias, TypeVar

Shape: TypeAlias = tuple[bool, tuple[tuple[str, int], ...]]
"""Of a node: may a sentence end here, and which words lead to which nodes."""

State = TypeVar("State", bound=Hashable)
Follow = Callable[[State], tuple[bool, Iterable[tuple[str, State]]]]
"""From a state: may a sentence end here, and which words lead where."""


class WordGraph(NamedTuple):
    """Sentences as paths of words from a start to one of the ends. It has no cycles."""

    start: int
    finals: frozenset[int]
    arcs: tuple[tuple[int, str, int], ...]
    """From, word, to."""


def graph_of(phrases: Sequence[str]) -> WordGraph:
    """The graph of some plain phrases, such as the ways of waking the coach."""
    sentences = [tuple(phrase.split()) for phrase in phrases]
    return minimal(sentences, lambda rest: (not rest, [(rest[0], rest[1:])] if rest else []))


def united(*graphs: WordGraph) -> WordGraph:
    """The sentences of all the graphs."""
    steps = [arcs_by_state(graph) for graph in graphs]

    def follow(state: tuple[int, int]) -> tuple[bool, Iterable[tuple[str, tuple[int, int]]]]:
        which, node = state
        arcs = [(word, (which, to)) for word, to in steps[which].get(node, {}).items()]
        return node in graphs[which].finals, arcs

    return minimal([(which, graph.start) for which, graph in enumerate(graphs)], follow)


def concatenated(first: WordGraph, second: WordGraph) -> WordGraph:
    """Any sentence of the first followed by any of the second."""
    steps = (arcs_by_state(first), arcs_by_state(second))

    def follow(state: tuple[int, int]) -> tuple[bool, Iterable[tuple[str, tuple[int, int]]]]:
        which, node = state
        arcs = [(word, (which, to)) for word, to in steps[which].get(node, {}).items()]
        if which == 1:
            return node in second.finals, arcs
        if node in first.finals:
            arcs += [(word, (1, to)) for word, to in steps[1].get(second.start, {}).items()]
        return node in first.finals and second.start in second.finals, arcs

    return minimal([(0, first.start)], follow)


def arcs_by_state(graph: WordGraph) -> dict[int, dict[str, int]]:
    """The arcs, as a table for walking."""
    table: dict[int, dict[str, int]] = {}
    for source, word, target in graph.arcs:
        table.setdefault(source, {})[word] = target
    return table


class Walker:
    """Walks along a graph by words."""

    def __init__(self, graph: WordGraph) -> None:
        self._graph = graph
        self._arcs = arcs_by_state(graph)

    def ends(self, words: Sequence[str]) -> list[int]:
        """How many of the first words are a sentence: every such number, rising."""
        node = self._graph.start
        ends = [0] if node in self._graph.finals else []
        for place, word in enumerate(words, start=1):
            onward = self._arcs.get(node, {}).get(word)
            if onward is None:
                break
            node = onward
            if node in self._graph.finals:
                ends.append(place)
        return ends

    def accepts(self, words: Sequence[str]) -> bool:
        """Whether the words are a sentence."""
        return len(words) in self.ends(words)


def sentences(graph: WordGraph, limit: int | None = None) -> Iterator[str]:
    """The sentences of a graph in alphabetical order; at most `limit` of them, evenly spread over all."""
    table = {node: sorted(arcs.items()) for node, arcs in arcs_by_state(graph).items()}
    counts: dict[int, int] = {}

    def count(node: int) -> int:
        """How many sentences end from a node on."""
        if node not in counts:
            counts[node] = (node in graph.finals) + sum(count(target) for _, target in table.get(node, ()))
        return counts[node]

    def nth(index: int) -> Iterator[str]:
        """The words of the sentence of that index."""
        node = graph.start
        while index or node not in graph.finals:
            index -= node in graph.finals
            for word, target in table[node]:
                if index < counts[target]:
                    yield word
                    node = target
                    break
                index -= counts[target]

    total = count(graph.start)
    wanted = total if limit is None else min(limit, total)
    return (" ".join(nth(step * total // wanted)) for step in range(wanted))


def shortest(graph: WordGraph) -> Iterator[str]:
    """The sentences of a graph, those of the fewest words first."""
    table = arcs_by_state(graph)
    still: dict[int, int] = {}

    def fewest(node: int) -> int:
        """How few words may follow a node."""
        if node not in still:
            after = [1 + fewest(target) for target in table.get(node, {}).values()]
            still[node] = 0 if node in graph.finals else min(after)
        return still[node]

    end = -1
    open_ends: list[tuple[int, tuple[str, ...], int]] = []
    if graph.finals:
        open_ends.append((fewest(graph.start), (), graph.start))
    while open_ends:
        _, words, node = heappop(open_ends)
        if node == end:
            yield " ".join(words)
            continue
        if node in graph.finals:
            heappush(open_ends, (len(words), words, end))
        for word, target in table.get(node, {}).items():
            heappush(open_ends, (len(words) + 1 + fewest(target), (*words, word), target))


def minimal(starts: Iterable[State], follow: Follow[State]) -> WordGraph:
    """The smallest graph of the sentences that `follow` gives from any of the starts.

    The machine walked may offer a word more than once; it must have no cycles.
    """
    follow = cache(follow)
    nodes: dict[Shape, int] = {}
    known: dict[frozenset[State], int] = {}

    def node(states: frozenset[State]) -> int:
        """One node for all sets of states from which the same sentences follow."""
        number = known.get(states)
        if number is None:
            final, targets = False, dict[str, frozenset[State]]()
            for state in states:
                ends, arcs = follow(state)
                final |= ends
                for word, target in arcs:
                    others = targets.get(word)
                    targets[word] = frozenset((target,)) if others is None else others | {target}
            shape = (final, tuple([(word, node(targets[word])) for word in sorted(targets)]))
            number = known[states] = nodes.setdefault(shape, len(nodes))
        return number

    start = node(frozenset(starts))
    return _numbered(start, list(nodes))


def _numbered(start: int, shapes: Sequence[Shape]) -> WordGraph:
    """Nodes numbered in the order in which they are met, from 0, the start."""
    numbers = {start: 0}
    queue = [start]
    arcs: list[tuple[int, str, int]] = []
    for node in queue:
        for word, target in shapes[node][1]:
            if target not in numbers:
                numbers[target] = len(numbers)
                queue.append(target)
            arcs.append((numbers[node], word, numbers[target]))
    return WordGraph(0, frozenset(number for node, number in numbers.items() if shapes[node][0]), tuple(arcs))
