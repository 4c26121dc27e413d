"""One spelling for what sounds the same, be it typed, written by a recogniser or written in a pack."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from .number_words import spell_digits

_APOSTROPHES = str.maketrans("’‘ʼ`´", "'''''")
_NOT_A_WORD = re.compile(r"(?<!\w)'|'(?!\w)|[^\w\s']|_")
_VOWELS = re.compile("[aeiouy]")


def normalise(text: str, language: str | None = None) -> str:
    """Lower case, no punctuation but apostrophes inside words, hyphens as spaces, single spaces.

    With a language, digits become its number words: "30 minutes" is "thirty minutes".
    """
    text = unicodedata.normalize("NFC", text).translate(_APOSTROPHES).lower()
    if language:
        text = spell_digits(text, language)
    return " ".join(_NOT_A_WORD.sub(" ", text).split())


def strip_prefix(text: str, phrases: Sequence[str]) -> str | None:
    """What follows one of the phrases at the start of the text, as written; None if none of them is there.

    A word counts as the phrase's if only its vowels differ: a dictated "hay couch" was spoken "hey coach".
    """
    written = text.split()
    for phrase in sorted(phrases, key=len, reverse=True):
        expected = _sounds(normalise(phrase).split())
        for end in range(1, len(written) + 1):
            said = _sounds(normalise(" ".join(written[:end])).split())
            if said and said == expected:
                rest = " ".join(written[end:])
                return rest if normalise(rest) else ""
            if len(said) > len(expected):
                break
    return None


def _sounds(words: Sequence[str]) -> list[str]:
    return [_VOWELS.sub("", word) or word for word in words]
