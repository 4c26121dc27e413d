"""Hearing with Vosk: what a sentence explains of the sound, held against what anything at all explains.

Vosk cannot be bound to sentences: told them, it learns which word follows which, and mixes them. Nor does its
confidence say much, for whatever is said becomes some of the words expected. So three things are read:

1. the *expected* words, by a recogniser that knows those of the graph;
2. *anything*, by a recogniser with the whole vocabulary;
3. each of the few sentences of the graph nearest to either, by a recogniser that knows nothing else.

The likeliest of the sentences is the closed reading; how far it is behind anything is the evidence.
"""

from __future__ import annotations

import math
from functools import cached_property, lru_cache
from pathlib import Path

from .ear import Heard, WordGraph
from .sentences import Sentence, Sentences
from .types import RATE, Samples
from .vosk_port import Recogniser, VoskModel
from .vosk_vocabulary import Vocabulary

_SHORTEST = RATE // 10
_LONGEST = 20 * RATE
_GRAPHS = 8
"""How many graphs are remembered, each with a recogniser of its own."""
_PHRASES = 2_000
"""Sentences up to which a recogniser is told them whole, and not word pair by word pair."""
_CANDIDATES = 3
"""Sentences tried of those nearest to the expected words, and as many of those nearest to anything."""
_NATS = 12.5
"""Nats behind, in one second of speech, that make a point of evidence: -2 parts phrases from talk."""
_AROUND = 0.6
"""Seconds of an utterance that are not speech but what is kept around it."""
_BEGINNING = 2.0
"""What evidence is multiplied by for beginnings, which are parted at -7."""
_FLOOR = -20.0
"""Evidence of what explains nothing."""
_AFTER = round(0.1 * RATE)
"""Samples kept after the last word of a beginning."""


class VoskEar:
    """An ear for the language of a Vosk model. Not for several threads at once, but several ears may be."""

    def __init__(self, model: VoskModel) -> None:
        self._model = model
        self._vocabulary = Vocabulary(model.folder, model.knows)
        self._expected = lru_cache(_GRAPHS)(lambda graph: _Expected(graph, model, self._vocabulary))

    @classmethod
    def load(cls, folder: Path) -> VoskEar:
        """An ear with the model in a folder.

        Raises:
            SetupError: the folder holds no model that can be used.
        """
        return cls(VoskModel.load(folder))

    def hear(self, samples: Samples, graph: WordGraph, *, dictate: bool = False) -> Heard:
        """See `Ear`. In no signal, or less than 0.1 s, there is no speech; what comes after 20 s is lost."""
        if not _audible(samples):
            return Heard(closed=None, dictated="" if dictate else None, evidence=None)
        return self._read(samples[:_LONGEST], self._expected(graph), dictate=dictate)

    def prepare(self, graph: WordGraph) -> None:
        """See `Ear`."""
        self._expected(graph)

    def begins_with(self, samples: Samples, graph: WordGraph) -> float:
        """See `Ear`. Not a probability's logarithm, but parted at the same place as Moonshine's."""
        expected = self._expected(graph)
        if not _audible(samples) or not len(expected.sentences):
            return -math.inf
        end = expected.beginning(samples[:_LONGEST])
        if end is None:
            return _FLOOR
        evidence = self._read(samples[: end + _AFTER], expected, dictate=False).evidence
        return _FLOOR if evidence is None else max(_FLOOR, _BEGINNING * evidence)

    def missing_words(self, graph: WordGraph) -> list[tuple[str, list[str]]]:
        """The words of a graph that cannot be heard, each with the nearest that can, best first.

        Sentences with such words are never heard.
        """
        return self._vocabulary.missing(graph)

    def stream(self, graph: WordGraph) -> Recogniser:
        """A recogniser of its own for the words of a graph, to be fed while somebody speaks."""
        return self._model.recogniser(self._expected(graph).phrases)

    def sentences(self, graph: WordGraph) -> Sentences:
        """The sentences of a graph that can be heard."""
        return self._expected(graph).sentences

    def _read(self, samples: Samples, expected: _Expected, *, dictate: bool) -> Heard:
        """The only place where anything that was said stands in words. They leave it only if wanted."""
        anything = self._open.read(samples)[0]
        closed, evidence = None, None
        candidates = expected.candidates(samples, anything.texts)
        if candidates:
            scored = [(self._likelihood(samples, one.words), one.spoken) for one in candidates]
            likelihood, closed = max(scored, key=lambda one: one[0])
            # Freely, words that are seldom said are thought unlikely; as the only ones expected they are not.
            free = max(anything.likelihood, self._likelihood(samples, anything.texts))
            evidence = min(0.0, max(_FLOOR, (likelihood - free) / _NATS / _weight(samples)))
        return Heard(closed, " ".join(anything.texts) if dictate else None, evidence)

    def _likelihood(self, samples: Samples, words: tuple[str, ...]) -> float:
        """The log-likelihood of the sound and just these words, of which there must be one."""
        if not words:
            return -math.inf
        readings = self._model.recogniser([" ".join(words)]).read(samples)
        return max((one.likelihood for one in readings if one.texts == words), default=-math.inf)

    @cached_property
    def _open(self) -> Recogniser:
        """Kept, for it becomes faster with each utterance."""
        return self._model.recogniser()


class _Expected:
    """A graph, and a recogniser for its words."""

    def __init__(self, graph: WordGraph, model: VoskModel, vocabulary: Vocabulary) -> None:
        self.sentences = Sentences(graph, vocabulary.spell)
        self._model = model

    @cached_property
    def phrases(self) -> list[str]:
        """What a recogniser is told."""
        return self.sentences.phrases(_PHRASES)

    @cached_property
    def _recogniser(self) -> Recogniser:
        return self._model.recogniser(self.phrases)

    def candidates(self, samples: Samples, anything: tuple[str, ...]) -> list[Sentence]:
        """The few sentences that the sound may be."""
        if not len(self.sentences):
            return []
        heard = self._recogniser.read(samples)[0].texts
        near = self.sentences.nearest(heard, _CANDIDATES) + self.sentences.alike(anything, _CANDIDATES)
        return list(dict.fromkeys(near))

    def beginning(self, samples: Samples) -> int | None:
        """Where a sentence ends that the words heard begin with, in samples."""
        # A new recogniser, for its times count from the first sound that it was ever given.
        for reading in self._model.recogniser(self.phrases).read(samples):
            for place, word in enumerate(reading.words, 1):
                if self.sentences.spoken(reading.texts[:place]):
                    return round(word.end * RATE)
        return None


def _weight(samples: Samples) -> float:
    """What nats are divided by: they add up with the length, and chance likeness gets rarer with it."""
    return float(max(0.3, len(samples) / RATE - _AROUND) ** 1.5)


def _audible(samples: Samples) -> bool:
    return len(samples) >= _SHORTEST and bool(samples.any())
