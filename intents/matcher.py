"""Texts against the sentences of one intent: exactly, or nearly.

For nearness, sentences are compared whole, without skip words at either end and with a mask for each slot, so
that five minutes is as near as fifty. One word is too little to be nearly anything: such sentences match
exactly or not at all. A denial is never near what it denies.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import islice, product

from .closeness import closest
from .compiler import MASK
from .result import Candidate
from .templates import Block, SlotReader
from .vocabulary import Vocabulary, any_of
from .word_graph import Walker, WordGraph, sentences, shortest

FLOOR = 0.6
"""What is less like a sentence than this is not worth naming."""
SAMPLES = 5000
"""Sentences of one intent that a text is compared with."""
TRIED = 5
"""Sentences of an intent whose slots are filled before the best is chosen."""
MASKED_LOSS = 0.15
"""How much less like a text a sentence may seem while its slots are masked."""
MISHEARD = 0.7
"""How like words must be to a value of a list to be taken for it."""
FILLINGS = 500
"""Ways of filling the slots of one sentence that are tried."""

_SLOT = re.compile(rf"{MASK}(\S+?):(\S+)")
_ANY = "#"


class Matcher:
    """The sentences of one intent, to be compared with texts."""

    def __init__(self, intent: str, blocks: Sequence[Block], vocabulary: Vocabulary) -> None:
        self.intent = intent
        self._vocabulary = vocabulary
        self._templates = [template for block in blocks for template in block.templates]
        self._slots = SlotReader(intent, blocks, vocabulary.language, vocabulary.lists, vocabulary.rules)

    @cached_property
    def graph(self) -> WordGraph:
        """All the sentences."""
        return self._vocabulary.compiler.graph(self._templates)

    def exact(self, words: Sequence[str]) -> Candidate | None:
        """The meaning of words that are a sentence."""
        if not self._walker.accepts(words):
            return None
        sentence = " ".join(words)
        return Candidate(self.intent, self._slots.read(sentence), 1.0, sentence)

    def close(self, texts: Iterable[str]) -> Candidate | None:
        """The meaning of the sentence most like any of the texts; None if none is near.

        The texts are what was said, and that without skip words: either may be nearer to a sentence.
        """
        nearest = [near for text in dict.fromkeys(texts) if " " in text and (near := self._nearest(text))]
        return max(nearest, key=lambda candidate: candidate.score, default=None)

    def _nearest(self, text: str) -> Candidate | None:
        samples = self._samples[self._denies(text)]
        near = closest(self._mask(text), tuple(samples), FLOOR - MASKED_LOSS, TRIED)
        filled = {
            phrase: invented for _, masked in near for phrase, invented in self._filled(samples[masked], text)
        }
        for score, phrase in closest(text, tuple(filled), FLOOR, 1):
            slots = self._slots.read(phrase)
            said = {name: value for name, value in slots.items() if name not in filled[phrase]}
            return Candidate(self.intent, said, score, phrase)
        return None

    @cached_property
    def _walker(self) -> Walker:
        return Walker(self.graph)

    @cached_property
    def _masked_graphs(self) -> list[WordGraph]:
        """One a template, so that each has its share of the samples."""
        masked = self._vocabulary.compiler.masked
        return [masked([template], self._vocabulary.skipped) for template in self._templates]

    @cached_property
    def _samples(self) -> tuple[dict[str, str], dict[str, str]]:
        """The sentences that claim and those that deny something, by what is left with their slots masked."""
        both: tuple[dict[str, str], dict[str, str]] = ({}, {})
        half = max(1, SAMPLES // len(self._templates) // 2)
        for graph in self._masked_graphs:
            for sample in (*islice(shortest(graph), half), *sentences(graph, half)):
                if " " in sample:
                    both[self._denies(sample)].setdefault(self._mask(sample), sample)
        return both

    @cached_property
    def _values(self) -> re.Pattern[str]:
        """Any value of any of the lists."""
        words = (word for graph in self._masked_graphs for _, word, _ in graph.arcs)
        names = {match[2] for word in words if (match := _SLOT.fullmatch(word))}
        return any_of([value for name in names for value in self._vocabulary.values(name)])

    def _denies(self, text: str) -> bool:
        return not self._vocabulary.negations.isdisjoint(text.split())

    def _mask(self, text: str) -> str:
        return self._values.sub(_ANY, _SLOT.sub(_ANY, text))

    def _filled(self, sample: str, text: str) -> Iterator[tuple[str, set[str]]]:
        """The sample with values in its slots: those in the text, or those that words of it may have been.

        A number is never guessed: a slot for which the text holds none is named as invented. Any other slot
        that nothing in the text can fill leaves no way to fill the sample.
        """
        invented: set[str] = set()
        choices: list[Sequence[str]] = []
        for slot, name in _SLOT.findall(sample):
            values = self._vocabulary.values(name)
            said = self._vocabulary.said(name, text)
            if not said and self._vocabulary.is_range(name):
                invented.add(slot)
                said = values[:1]
            choices.append(said or [value for value in values if _may_be_in(value, text)])
        between = _SLOT.split(sample)[:: 1 + _SLOT.groups]
        for filling in islice(product(*choices), FILLINGS):
            pairs = zip(filling, between[1:], strict=True)
            yield between[0] + "".join(value + after for value, after in pairs), invented


def _may_be_in(value: str, text: str) -> bool:
    """Whether some words of the text are nearly those of a value."""
    words, length = text.split(), len(value.split())
    spans = [" ".join(words[start : start + length]) for start in range(len(words) - length + 1)]
    return bool(closest(value, spans, MISHEARD, 1))
