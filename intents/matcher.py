"""Texts against the sentences of one intent: exactly, or nearly.

For nearness, sentences are compared whole, without skip words at either end and with a mask for each slot, so
that five minutes is as near as fifty. One word is too little to be nearly anything: such sentences match exactly
or not at all. A denial is never near what it denies.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import islice, product

from .closeness import closest
from .result import Candidate
from .templates import MASK, Grammar, Shared
from .word_graph import Walker, WordGraph, sentences

FLOOR = 0.6
"""What is less like a sentence than this is not worth naming."""
SAMPLES = 5000
"""Sentences of one intent that a text is compared with."""

FILLINGS = 500
"""Ways of filling the slots of one sentence that are tried."""
SLOT = re.compile(rf"{MASK}(\S+?):(\S+)")
ANY = "#"


class Matcher:
    """The sentences of one intent, to be compared with texts."""

    def __init__(self, grammar: Grammar, shared: Shared) -> None:
        self._grammar = grammar
        self._shared = shared

    @cached_property
    def graph(self) -> WordGraph:
        """All the sentences."""
        return self._grammar.graph()

    def exact(self, words: Sequence[str]) -> Candidate | None:
        """The meaning of words that are a sentence."""
        if not self._walker.accepts(words):
            return None
        sentence = " ".join(words)
        return Candidate(self._grammar.intent, self._grammar.slots(sentence) or {}, 1.0, sentence)

    def close(self, text: str) -> Candidate | None:
        """The meaning of the sentence most like a text that has no skip words; None if none is near."""
        samples = self._samples[self._denies(text)]
        found = closest(self._mask(text), tuple(samples), FLOOR)
        if found is None:
            return None
        phrase, invented = self._filled(samples[found[0]], text)
        scored = closest(text, (phrase,), FLOOR)
        if scored is None:
            return None
        slots = self._grammar.slots(phrase) or {}
        said = {name: value for name, value in slots.items() if name not in invented}
        return Candidate(self._grammar.intent, said, scored[1], phrase)

    @cached_property
    def _walker(self) -> Walker:
        return Walker(self.graph)

    @cached_property
    def _samples(self) -> tuple[dict[str, str], dict[str, str]]:
        """The sentences that claim and those that deny something, by what is left with their slots masked."""
        graphs = self._masked_graphs
        each = max(1, SAMPLES // max(1, len(graphs)))
        both: tuple[dict[str, str], dict[str, str]] = ({}, {})
        for sample in (sample for graph in graphs for sample in sentences(graph, each) if " " in sample):
            both[self._denies(sample)][self._mask(sample)] = sample
        return both

    @cached_property
    def _values(self) -> re.Pattern[str]:
        """Any value of any of the lists."""
        words = (word for graph in self._masked_graphs for _, word, _ in graph.arcs)
        names = {match[2] for word in words if (match := SLOT.fullmatch(word))}
        return _any_of(value for name in names for value in self._shared.values(name))

    @cached_property
    def _masked_graphs(self) -> list[WordGraph]:
        return self._grammar.masked()

    def _denies(self, text: str) -> bool:
        return not self._shared.negations.isdisjoint(text.split())

    def _mask(self, text: str) -> str:
        return self._values.sub(ANY, SLOT.sub(ANY, text))

    def _filled(self, sample: str, text: str) -> tuple[str, set[str]]:
        """The sample with values in its slots: those in the text, else those that make it most like the text.

        A number is never guessed: a slot for which the text holds none is named as invented.
        """
        invented: set[str] = set()
        choices: list[Sequence[str]] = []
        for slot, name in SLOT.findall(sample):
            values = self._shared.values(name)
            said = _any_of(values).findall(text)
            if not said and self._shared.is_range(name):
                invented.add(slot)
            choices.append(said or values)
        between = SLOT.split(sample)[:: 1 + SLOT.groups]
        sentences = [_interleaved(between, filling) for filling in islice(product(*choices), FILLINGS)]
        found = closest(text, sentences, 0)
        return (found[0] if found else sentences[0]), invented


def _interleaved(between: Sequence[str], filling: Sequence[str]) -> str:
    return between[0] + "".join(value + after for value, after in zip(filling, between[1:], strict=True))


def _any_of(values: Iterable[str]) -> re.Pattern[str]:
    """Any of the values as whole words, the longest first; never anything if there are none."""
    words = "|".join(map(re.escape, sorted(values, key=len, reverse=True)))
    return re.compile(rf"\b(?:{words})\b" if words else r"(?!)")
