"""How spoken English words may be written: "okay" as OK, "forty five" as 45, "café" as cafe."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import TypeAlias
from unicodedata import combining, normalize

Words: TypeAlias = tuple[str, ...]

_SMALL = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")

_ALSO: Mapping[str, Words] = {
    "am": ("AM", "a.m."),
    "counsellor": ("counselor",),
    "mum": ("mom",),
    "ok": ("OK", "okay"),
    "okay": ("OK", "ok"),
    "ounce": ("oz", "ounces"),
    "ounces": ("oz", "ounce"),
    "pm": ("PM", "p.m."),
    "pyjamas": ("pajamas",),
}


def written(word: str) -> Words:
    """The ways to write one spoken word in letters: lower case or Capitalised, with accents or without."""
    plain = "".join(letter for letter in normalize("NFD", word) if not combining(letter))
    forms = (word, plain, word.replace("-", " "), *_ALSO.get(word, ()))
    return tuple(dict.fromkeys(cased for form in forms for cased in (form, form[:1].upper() + form[1:])))


def _spoken(number: int) -> Iterator[Words]:
    """The ways to say a number below 1000: 205 as "two hundred and five", "two hundred five"."""
    hundreds, rest = divmod(number, 100)
    tens, unit = divmod(number, 10)
    if number < len(_SMALL):
        yield (_SMALL[number],)
    elif not hundreds:
        yield (_TENS[tens], _SMALL[unit]) if unit else (_TENS[tens],)
    else:
        for head in (_SMALL[hundreds], "a")[: 1 + (hundreds == 1)]:
            if not rest:
                yield (head, "hundred")
            for tail in _spoken(rest) if rest else ():
                yield (head, "hundred", *tail)
                yield (head, "hundred", "and", *tail)


def _figures() -> Iterator[tuple[Words, str]]:
    for number in range(1000):
        for words in _spoken(number):
            yield words, str(number)
    for hour in range(1, 13):
        for minute in range(10, 60):
            yield (_SMALL[hour], *next(_spoken(minute))), f"{hour}:{minute}"


FIGURES: Mapping[Words, str] = MappingProxyType(dict(_figures()))
"""Number words and the figures for them: numbers to 999, and times of day ("seven", "thirty": 7:30)."""

FIGURES_BEGUN = frozenset(words[:length] for words in FIGURES for length in range(1, len(words) + 1))
"""All that number words of FIGURES begin with, themselves included."""
