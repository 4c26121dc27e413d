"""What all the sentences of a language share: lists, rules, words that may be skipped, words that deny."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property

from .compiler import Compiler
from .pack_files import Content
from .templates import RuleReference, WordList, are_numbers, parse, parts
from .word_graph import Walker, sentences

NEGATION = "negation"
"""The list of words that turn a sentence into its opposite."""
BEFORE_OPTION, AFTER_OPTION = "before_option", "after_option"
"""The rules of what is said around the name of an option: "let's take ...", "... please"."""


def any_of(values: Sequence[str]) -> re.Pattern[str]:
    """Any of the values as whole words, the longest first; nothing ever, if there are none."""
    words = "|".join(map(re.escape, sorted(values, key=len, reverse=True)))
    return re.compile(rf"\b(?:{words})\b" if words else r"(?!)")


class Vocabulary:
    """The shared part of a language's sentence files."""

    def __init__(self, language: str, content: Content) -> None:
        self.language = language
        self.lists = content.lists
        self.rules = content.rules
        self.compiler = Compiler(language, content.lists, content.rules)
        self.skipped = frozenset(
            part.rule_name
            for template in content.skip_words
            for part in parts(template.expression)
            if isinstance(part, RuleReference)
        )
        """The rules that skip words are made of."""
        self._skip_words = content.skip_words
        self._values: dict[str, tuple[str, ...]] = {}
        self._patterns: dict[str, re.Pattern[str]] = {}

    @cached_property
    def negations(self) -> frozenset[str]:
        """The words that turn a sentence into its opposite."""
        return frozenset(self.values(NEGATION)) if NEGATION in self.lists else frozenset()

    def framed(self, phrase: str) -> str:
        """The template of an option, with what people say around it."""
        before, after = (
            f"[<{rule}>]" if rule in self.rules else "" for rule in (BEFORE_OPTION, AFTER_OPTION)
        )
        return f"{before} {phrase} {after}".strip()

    def values(self, name: str) -> tuple[str, ...]:
        """All that can be said for a list, or for a range written in place such as `1..10`."""
        if name not in self._values:
            self._values[name] = tuple(sentences(self.compiler.graph([parse(f"{{{name}:value}}")])))
        return self._values[name]

    def said(self, name: str, text: str) -> Sequence[str]:
        """What a text says of a list, in the order in which it is said."""
        if name not in self._patterns:
            self._patterns[name] = any_of(self.values(name))
        return self._patterns[name].findall(text)

    def is_range(self, name: str) -> bool:
        """Whether a list is a range of numbers."""
        return not isinstance(self.lists.get(name), WordList)

    def is_number(self, name: str) -> bool:
        """Whether a list stands for numbers, be it a range or words such as "half an hour"."""
        return are_numbers(self.lists.get(name))

    def is_filler(self, words: Sequence[str]) -> bool:
        """Whether words are skip words and nothing else."""
        while words:
            end = max(self._skip.ends(words), default=0)
            if not end:
                return False
            words = words[end:]
        return True

    def without_skip_words(self, words: Sequence[str]) -> Sequence[str]:
        """The words without skip words at either end; all of them, if there are no others."""
        core = words
        while core:
            start = max(self._skip.ends(core), default=0)
            ends = (place for place in range(start, len(core)) if self._skip.accepts(core[place:]))
            rest = core[start : next(ends, len(core))]
            if len(rest) == len(core):
                return core
            core = rest
        return words

    @cached_property
    def _skip(self) -> Walker:
        return Walker(self.compiler.graph(self._skip_words))
