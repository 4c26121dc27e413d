"""Word graphs for the tests of ears: a branch for each sentence."""

from __future__ import annotations

from audio import WordGraph


def graph_of(*sentences: str) -> WordGraph:
    arcs: list[tuple[int, str, int]] = []
    finals = set[int]()
    for sentence in sentences:
        tail = 0
        for word in sentence.split():
            arcs.append((tail, word, tail := len(arcs) + 1))
        finals.add(tail)
    return 0, frozenset(finals), tuple(arcs)
