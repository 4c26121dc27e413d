"""What every ear fills: sound and a word graph in, what was heard out.

An ear hears and decides nothing: it knows no thresholds, and not what a sentence means.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, TypeAlias

from .types import Samples

WordGraph: TypeAlias = tuple[int, frozenset[int], tuple[tuple[int, str, int], ...]]
"""The sentences that may be said: the node where they start, those where they may end, arcs (from, word, to).

Words are spoken words in lower case ("i'd", "twenty", "okay", "café"). A graph may stand for hundreds of
millions of sentences, so it is walked and never listed. Ears remember graphs, and know them by equality.
"""


@dataclass(frozen=True, slots=True)
class Heard:
    """What an ear makes of one utterance."""

    closed: str | None
    """The sentence of the graph that the sound is most like, in the graph's own words, joined by spaces; None
    for no speech."""
    dictated: str | None
    """What was said, as the recogniser writes it, empty for no speech; None where it was not asked for."""
    evidence: float | None
    """How much better the closed reading explains the sound than the free one: 0 is as good, more negative is
    worse; None without a closed reading. The scale is the ear's own."""


class Ear(Protocol):
    """A recogniser. It never raises for what the sound holds: noise and babble are heard like speech."""

    def hear(self, samples: Samples, graph: WordGraph, *, dictate: bool = False) -> Heard:
        """Reads one utterance, trimmed to the speech and about 0.3 s around it.

        Unless `dictate` is true nothing but words of the graph is ever written, not even within the ear.
        """

    def prepare(self, graph: WordGraph) -> None:
        """Makes ready for a graph, so that the first utterance in it does not pay for that."""

    def begins_with(self, samples: Samples, graph: WordGraph) -> float:
        """The log-probability that what was said begins with a sentence of the graph.

        Minus infinity for no speech.
        """
