"""Longer utterances as clauses, of which one may hold the request: "I'm tired, let's put the phones away"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .normalise import normalise
from .vocabulary import Vocabulary, any_of

CLAUSE_BREAK, CLAUSE_LINK, CLAUSE_START = "clause_break", "clause_link", "clause_start"
"""The lists of words between clauses. A denial before a break ("so") ends there, one before a link ("and")
holds on. A start ("let's") begins a clause that it belongs to, and a denial before it ends there too."""
SHORTEST = 3
"""Words from which a clause can be a request."""

_PAUSE = re.compile(r"[,.;:!?…–—]+(?=\s|$)|\s-+\s")
_BREAK, _LINK = "|", "&"


def clauses(text: str, vocabulary: Vocabulary) -> Iterator[list[str]]:
    """The clauses of a text that may hold a request. None if the text is one clause.

    Left out are short clauses, and denied ones: "we don't want to sit and look at each other", "the nice
    list, no thanks", "please don't, put the phones away".
    """
    marked = _BREAK.join(
        _marked(normalise(part, vocabulary.language), vocabulary) for part in _PAUSE.split(text)
    )
    parts = re.split(rf"([{_BREAK}{_LINK}])", marked)
    said = [part.split() for part in parts[::2]]
    links = [_BREAK, *parts[1::2]]
    denied = False
    for place, words in enumerate(said):
        cut_off = bool(said[place - 1]) and said[place - 1][-1] in vocabulary.negations
        denied &= links[place] == _LINK or cut_off
        after: list[str] = next(filter(None, said[place + 1 :]), [])
        refused = bool(after) and after[0] in vocabulary.negations
        if len(words) >= SHORTEST and len(said) > 1 and not denied and not refused:
            yield words
        denied |= not vocabulary.negations.isdisjoint(words)


def _marked(text: str, vocabulary: Vocabulary) -> str:
    """A normalised text with marks where clauses meet."""
    for name, replacement in (
        (CLAUSE_BREAK, _BREAK),
        (CLAUSE_LINK, _LINK),
        (CLAUSE_START, rf"{_BREAK}\g<0>"),
    ):
        if name in vocabulary.lists:
            text = any_of(vocabulary.values(name)).sub(replacement, text)
    return text
