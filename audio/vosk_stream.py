"""Hearing a phrase while it is still being said, so that "stop" stops the coach at once."""

from __future__ import annotations

import numpy as np

from .ear import Heard, WordGraph
from .types import BLOCK, RATE, Samples
from .vosk_ear import VoskEar

_LONGEST = 5 * RATE // BLOCK
"""Blocks that are kept for the evidence, 5 s: what is obeyed while the coach speaks is short."""


class VoskStream:
    """Reads block by block. A phrase of the graph is heard when the words so far have been just that phrase
    for `stable` blocks; then all that was fed since `reset` is heard as one utterance, for the evidence.
    """

    def __init__(self, ear: VoskEar, graph: WordGraph, *, stable: int = 8) -> None:
        self._ear = ear
        self._graph = graph
        self._stable = stable
        self._recogniser = ear.stream(graph)
        self._sentences = ear.sentences(graph)
        self._blocks: list[Samples] = []
        self._words: tuple[str, ...] = ()
        self._since = 0

    def reset(self) -> None:
        """Forgets the speech so far."""
        self._recogniser.reset()
        self._blocks.clear()
        self._words, self._since = (), 0

    def feed(self, block: Samples) -> Heard | None:
        """What was heard, once each time that a phrase has become stable with this block."""
        self._blocks.append(block)
        del self._blocks[:-_LONGEST]
        words = self._recogniser.feed(block)
        self._since = self._since + 1 if words == self._words else 1
        self._words = words
        if self._since != self._stable or self._sentences.spoken(words) is None:
            return None
        return self._ear.hear(np.concatenate(self._blocks), self._graph)
