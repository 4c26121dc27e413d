"""Texts against the sentences of one intent: exactly, or nearly.

For nearness, sentences are compared whole, without skip words at either end and with a mask for each slot, so
that five minutes is as near as fifty. One word is too little to be nearly anything: such sentences match
exactly or not at all. A refusal is never near what it refuses, nor near a complaint: "please don't look at
me" is neither "look at me" nor "you don't look at me".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import islice, product
from typing import TypeAlias

from .closeness import closest
from .compiler import MASK
from .result import Candidate, Slots
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

Denials: TypeAlias = tuple[tuple[str, ...], ...]
"""Each denying word of a text, between its neighbours."""

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

    def in_clause(self, clause: Sequence[str], text: str) -> Candidate | None:
        """The meaning of a clause that is a sentence, in the text that it is part of."""
        match = self.exact(clause)
        return replace(match, slots=self._as_said(match.slots, match.phrase, text)) if match else None

    def prepare(self) -> None:
        """Makes what comparing needs, so that the first text does not wait for it."""
        self.close([f"{_ANY} {_ANY}"])

    def _nearest(self, text: str) -> Candidate | None:
        masked_text = self._mask(text)
        samples = self._samples.get(self._denials(masked_text), {})
        near = closest(masked_text, tuple(samples), FLOOR - MASKED_LOSS, TRIED)
        filled = dict.fromkeys(phrase for _, masked in near for phrase in self._filled(samples[masked], text))
        for score, phrase in closest(text, tuple(filled), FLOOR, 1):
            return Candidate(
                self.intent, self._as_said(self._slots.read(phrase), phrase, text), score, phrase
            )
        return None

    def _as_said(self, slots: Slots, phrase: str, text: str) -> Slots:
        """The slots of a phrase, without numbers unless the text holds just the same ones."""
        if self._numbers.findall(phrase) == self._numbers.findall(text):
            return slots
        return {name: value for name, value in slots.items() if name not in self._number_slots}

    @cached_property
    def _walker(self) -> Walker:
        return Walker(self.graph)

    @cached_property
    def _masked_graphs(self) -> list[WordGraph]:
        """One a template, so that each has its share of the samples."""
        masked = self._vocabulary.compiler.masked
        return [masked([template], self._vocabulary.skipped) for template in self._templates]

    @cached_property
    def _samples(self) -> dict[Denials, dict[str, str]]:
        """The sentences by what they deny, and those by what is left with their slots masked."""
        samples: dict[Denials, dict[str, str]] = {}
        half = max(1, SAMPLES // len(self._templates) // 2)
        for graph in self._masked_graphs:
            for sample in (*islice(shortest(graph), half), *sentences(graph, half)):
                if " " in sample:
                    masked = self._mask(sample)
                    samples.setdefault(self._denials(masked), {}).setdefault(masked, sample)
        return samples

    @cached_property
    def _named(self) -> frozenset[tuple[str, str]]:
        """The slots of the sentences, each with a list of its values."""
        words = {word for graph in self._masked_graphs for _, word, _ in graph.arcs}
        return frozenset((match[1], match[2]) for word in words if (match := _SLOT.fullmatch(word)))

    @cached_property
    def _lists(self) -> frozenset[str]:
        return frozenset(name for _, name in self._named)

    @cached_property
    def _number_slots(self) -> frozenset[str]:
        return frozenset(slot for slot, name in self._named if self._vocabulary.is_number(name))

    @cached_property
    def _values(self) -> re.Pattern[str]:
        """Any value of any of the lists."""
        return any_of([value for name in self._lists for value in self._vocabulary.values(name)])

    @cached_property
    def _numbers(self) -> re.Pattern[str]:
        """Any number, with the word after it that says what it counts: two minutes are not two hours."""
        ranges = frozenset(filter(self._vocabulary.is_range, self._lists))
        numbers = frozenset(filter(self._vocabulary.is_number, self._lists))
        counts = any_of([value for name in ranges for value in self._vocabulary.values(name)])
        amounts = any_of([value for name in numbers - ranges for value in self._vocabulary.values(name)])
        return re.compile(rf"(?:{amounts.pattern})|(?:{counts.pattern})(?: \S+)?")

    def _denials(self, text: str) -> Denials:
        words = ["", *text.split(), ""]
        return tuple(
            tuple(words[place - 1 : place + 2])
            for place, word in enumerate(words)
            if word in self._vocabulary.negations
        )

    def _mask(self, text: str) -> str:
        return self._values.sub(_ANY, _SLOT.sub(_ANY, text))

    def _filled(self, sample: str, text: str) -> Iterator[str]:
        """The sample with values in its slots: those in the text, or those that words of it may have been.

        A number is never guessed, so any may stand there: it will not count as said. Any other slot that
        nothing in the text can fill leaves no way to fill the sample.
        """
        choices: list[Sequence[str]] = []
        for _, name in _SLOT.findall(sample):
            values = self._vocabulary.values(name)
            said = self._vocabulary.said(name, text)
            if not said and self._vocabulary.is_number(name):
                said = values[:1]
            choices.append(said or [value for value in values if _may_be_in(value, text)])
        between = _SLOT.split(sample)[:: 1 + _SLOT.groups]
        for filling in islice(product(*choices), FILLINGS):
            pairs = zip(filling, between[1:], strict=True)
            yield between[0] + "".join(value + after for value, after in pairs)


def _may_be_in(value: str, text: str) -> bool:
    """Whether some words of the text are nearly those of a value."""
    words, length = text.split(), len(value.split())
    spans = [" ".join(words[start : start + length]) for start in range(len(words) - length + 1)]
    return bool(closest(value, spans, MISHEARD, 1))
