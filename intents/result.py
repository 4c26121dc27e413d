"""What may be said, and what was understood."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, Self, TypeAlias

from .normalise import normalise

Slots: TypeAlias = Mapping[str, str | int]
Layer: TypeAlias = Literal["exact", "close", "none"]


@dataclass(frozen=True, slots=True)
class Option:
    """One thing that can be chosen."""

    name: str
    phrases: tuple[str, ...]
    """The ways of saying it: templates."""

    @classmethod
    def plain(cls, name: str, *phrases: str, language: str | None = None) -> Self:
        """An option of plain words, in which no character has a meaning of its own as it has in a template.

        With a language, digits are understood as its number words. Without any word, the option can only be
        chosen by its place.
        """
        words = (normalise(phrase, language) for phrase in phrases)
        return cls(name, tuple(filter(None, words)))


@dataclass(frozen=True, slots=True)
class Expecting:
    """What counts in the present state."""

    intents: frozenset[str]
    options: tuple[Option, ...] = ()
    """In spoken order, so that "the second one" has a meaning."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One meaning that a text may have."""

    intent: str
    slots: Slots = field(hash=False)
    score: float
    """How like the text its best sentence is, 0 to 1; exactly 1 in the exact layer."""
    phrase: str
    """That sentence."""


@dataclass(frozen=True, slots=True)
class Understanding:
    """What a text may mean. Which meaning is believed is decided elsewhere."""

    text: str
    """The normalised text."""
    layer: Layer
    """Where the candidates were found: word for word, nearly, or not at all."""
    candidates: tuple[Candidate, ...]
    """Best first, one for each intent and its slots."""
