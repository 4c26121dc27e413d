"""How alike words are, letter by letter. The only importer of rapidfuzz here.

Words are taken apart into the smallest letters that Unicode has for them: 각 is three and é is two.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein


@lru_cache(1 << 16)
def letters(word: str) -> str:
    """A word taken apart."""
    return unicodedata.normalize("NFD", word)


@lru_cache(1 << 16)
def distance(first: str, second: str) -> int:
    """How many letters must be added, taken away or exchanged to make one word of the other."""
    return Levenshtein.distance(letters(first), letters(second))


def nearest(word: str, words: Sequence[str], limit: int) -> list[str]:
    """The words most like a word, best first; none that shares less than half with it."""
    best = process.extract(
        word,
        words,
        scorer=Levenshtein.normalized_similarity,
        processor=letters,
        score_cutoff=0.5,
        limit=limit,
    )
    return [found for found, _, _ in best]


def most_alike(text: str, spelt: Sequence[str], limit: int) -> list[int]:
    """The places of those texts, given in letters, of which the fewest must be changed; best first."""
    best = process.extract(letters(text), spelt, scorer=Levenshtein.distance, limit=limit)
    return [index for _, _, index in best]
