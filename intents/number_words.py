"""Numbers as words, in any language that Unicode has spelling rules for."""

from __future__ import annotations

import re
from functools import cache

from unicode_rbnf import RbnfEngine

_DIGITS = re.compile(r"\d+(?:,\d{3})*")


@cache
def spelled(number: int, language: str) -> tuple[str, ...]:
    """The ways of saying a number, the usual one first; none if the language has no rules."""
    engine = _engine(language)
    if engine is None:
        return ()
    forms = engine.format_number(number)
    return tuple(
        dict.fromkeys(words.replace("-", " ") for words in (forms.text, *forms.text_by_ruleset.values()))
    )


def spell_digits(text: str, language: str) -> str:
    """The text with each run of digits replaced by its words; unchanged if the language has no rules."""

    def words(match: re.Match[str]) -> str:
        forms = spelled(int(match[0].replace(",", "")), language)
        return f" {forms[0]} " if forms else match[0]

    return _DIGITS.sub(words, text)


@cache
def _engine(language: str) -> RbnfEngine | None:
    for name in (language.replace("-", "_"), language.split("-")[0]):
        try:
            return RbnfEngine.for_language(name)
        except ValueError:
            continue
    return None
