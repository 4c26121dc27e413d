"""Sentence templates in Home Assistant's syntax: their parts, and the slots of a sentence.

The only importer of hassil, which parses templates and reads slots. The rest of the package knows its tree by
the names that are imported here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self, TypeAlias

import hassil
from hassil import Alternative, Expression, Group, ListReference, Permutation, RuleReference, TextChunk
from hassil.parser import ParseError

from .result import Slots

__all__ = [
    "Alternative",
    "Block",
    "Expression",
    "Group",
    "ListReference",
    "Permutation",
    "RuleReference",
    "SlotList",
    "SlotReader",
    "Template",
    "TemplateError",
    "TextChunk",
    "WordList",
    "are_numbers",
    "literal",
    "may_be_silent",
    "parse",
    "parse_list",
    "parts",
    "plain_value",
    "sequence",
    "spoken_values",
]

Template: TypeAlias = hassil.Sentence
SlotList: TypeAlias = hassil.SlotList
WordList: TypeAlias = hassil.TextSlotList

_CLOSING = {"(": ")", "[": "]", "{": "}", "<": ">"}


class TemplateError(ValueError):
    """A template cannot be parsed. The message says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Block:
    """Templates of one intent, and the slots that they imply."""

    templates: tuple[Template, ...]
    slots: Slots = field(default_factory=dict)


def parse(text: str) -> Template:
    """The tree of a template.

    Raises:
        TemplateError: it is empty, or a bracket is left open, closes nothing, or holds nothing.
    """
    if not text.strip():
        raise TemplateError("is empty")
    _check_brackets(text)
    try:
        return hassil.parse_sentence(text, keep_text=True)
    except (ParseError, AssertionError) as error:
        raise TemplateError(f"cannot be parsed: {error}") from error


class _Bound(int):
    """The start of a range, equal only to that of a range with the same multiplier.

    hassil keeps the values of a range by its bounds alone, so minutes would be read as seconds.
    """

    multiplier: int

    def __new__(cls, number: int, multiplier: int) -> Self:
        self = super().__new__(cls, number)
        self.multiplier = multiplier
        return self

    def __eq__(self, other: object) -> bool:
        return int(self) == other and getattr(other, "multiplier", 1) == self.multiplier

    def __hash__(self) -> int:
        return hash((int(self), self.multiplier))


def parse_list(name: str, content: Mapping[str, Any]) -> SlotList:
    """A slot list from `values` (words, or `in` and `out`) or a `range`.

    A range has `from`, `to`, and perhaps `step` and `multiplier`: minutes times 60 are seconds.

    Raises:
        TemplateError: a value is no template.
        ValueError: a range is not made of numbers, or is empty.
    """
    if "range" in content:
        numbers = {key: int(value) for key, value in content["range"].items()}
        if numbers["from"] > numbers["to"] or numbers.get("step", 1) < 1:
            raise ValueError("is empty")
        multiplier = numbers.get("multiplier", 1)
        start = _Bound(numbers["from"], multiplier)
        return hassil.RangeSlotList(name, start, numbers["to"], numbers.get("step", 1), multiplier=multiplier)
    values = [{"in": value} if isinstance(value, str) else value for value in content["values"]]
    return hassil.TextSlotList(
        name, [hassil.TextSlotValue(parse(value["in"]).expression, value.get("out")) for value in values]
    )


def spoken_values(
    slot_list: SlotList | None, reference: ListReference
) -> Sequence[Expression] | Iterator[int]:
    """What can be said for a list, or for a range written in place: templates, or numbers."""
    inline = reference.get_inline_range()
    if inline is not None:
        return iter(range(inline[0], inline[1] + 1, inline[2]))
    if isinstance(slot_list, hassil.RangeSlotList):
        return map(int, slot_list.get_numbers())
    return [value.text_in for value in slot_list.values] if isinstance(slot_list, hassil.TextSlotList) else []


def are_numbers(slot_list: SlotList | None) -> bool:
    """Whether every value of a list is a number, be it a range or words such as "half an hour"."""
    if isinstance(slot_list, hassil.TextSlotList):
        return all(str(value.value_out).isdigit() for value in slot_list.values)
    return True


def parts(expression: Expression) -> Iterator[Expression]:
    """The leaves of a template: its words, and its references to lists and rules."""
    if isinstance(expression, Group):
        for item in expression.items:
            yield from parts(item)
    else:
        yield expression


def literal(part: Expression) -> str:
    """The words of a part as written; none for a reference."""
    return part.original_text if isinstance(part, TextChunk) else ""


def sequence(expression: Expression) -> list[Expression]:
    """The parts of an expression that follow each other."""
    return expression.items if isinstance(expression, hassil.Sequence) else [expression]


def may_be_silent(part: Expression, rules: Mapping[str, Template]) -> bool:
    """Whether a part can be said with no words at all."""
    match part:
        case TextChunk():
            return not part.text.strip()
        case Alternative():
            return any(may_be_silent(item, rules) for item in part.items)
        case Group():
            return all(may_be_silent(item, rules) for item in part.items)
        case RuleReference():
            return may_be_silent(rules[part.rule_name].expression, rules)
    return False


def plain_value(value: Any) -> str | int:
    """A slot's value: digits are a number, be they from a range, an `out`, or a block of sentences."""
    return int(value) if isinstance(value, (int, float)) or value.lstrip("-").isdigit() else str(value)


class SlotReader:
    """Reads the slots of an intent's sentences."""

    def __init__(
        self,
        intent: str,
        blocks: Sequence[Block],
        language: str,
        lists: Mapping[str, SlotList],
        rules: Mapping[str, Template],
    ) -> None:
        data = [_Data(sentence_texts=[], slots=dict(block.slots), parsed=block.templates) for block in blocks]
        self._intents = hassil.Intents(
            language=language,
            intents={intent: hassil.intents.Intent(intent, [*data])},
            slot_lists=dict(lists),
            expansion_rules=dict(rules),
        )

    def read(self, sentence: str) -> Slots:
        """As many slots as any template reads from a sentence."""
        readings = [
            {name: plain_value(value) for name, value in result.intent_data.slots.items()}
            | {entity.name: _said_or_out(entity) for entity in result.entities_list}
            for result in hassil.recognize_all(sentence, self._intents)
        ]
        return max(readings, key=len, default={})


@dataclass(frozen=True)
class _Data(hassil.IntentData):
    """Sentences that have been parsed before, where hassil would parse them again."""

    parsed: tuple[Template, ...] = ()

    @property
    def sentences(self) -> list[Template]:
        return [*self.parsed]


def _said_or_out(entity: Any) -> str | int:
    return plain_value(entity.text_clean if entity.value is None else entity.value)


def _check_brackets(text: str) -> None:
    open_brackets: list[tuple[str, int]] = []
    for column, character in enumerate(text, start=1):
        if character in _CLOSING:
            open_brackets.append((character, column))
        elif character in _CLOSING.values():
            if not open_brackets or _CLOSING[open_brackets[-1][0]] != character:
                raise TemplateError(f"'{character}' at column {column} closes nothing that is open")
            if open_brackets.pop()[1] == column - 1:
                raise TemplateError(f"the brackets at column {column - 1} hold nothing")
    if open_brackets:
        character, column = open_brackets[-1]
        raise TemplateError(f"'{character}' at column {column} is never closed")
