"""Sentence templates in Home Assistant's syntax: their parts, their word graph, and the slots of a sentence.

The only importer of hassil. It parses templates and reads slots; the graph is compiled from its tree, so that nothing
is ever listed sentence by sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeAlias

import hassil
from hassil.parser import ParseError

from .number_words import spelled
from .result import Slots
from .word_graph import Walker, WordGraph, minimal, sentences

Template: TypeAlias = hassil.Sentence
SlotList: TypeAlias = hassil.SlotList

MASK = "_"
"""Begins the word `_slot:list` that stands for a slot in a masked graph; no spoken word begins so."""


NEGATION = "negation"

_PIECES = re.compile(r" |[^ ]+")


class TemplateError(ValueError):
    """A template cannot be parsed. The message says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Block:
    """Templates of one intent, and the slots that they imply."""

    templates: tuple[str, ...]
    slots: Slots = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class Shared:
    """What the templates of a language refer to."""

    language: str
    lists: Mapping[str, SlotList]
    rules: Mapping[str, Template]
    skip_words: Sequence[Template] = ()
    """What carries no meaning at the start or end of a sentence."""

    @cached_property
    def skipped(self) -> frozenset[str]:
        """The rules of skip words: left out where sentences are compared for closeness."""
        return frozenset(
            name
            for template in self.skip_words
            for part in parts(template.expression)
            if (name := rule_name(part))
        )

    @cached_property
    def negations(self) -> frozenset[str]:
        """The words that turn a sentence into its opposite: the list called `negation`."""
        return frozenset(self.values(NEGATION)) if NEGATION in self.lists else frozenset()

    def without_skip_words(self, words: Sequence[str]) -> Sequence[str]:
        """The words without skip words at either end, or all if there are no others."""
        core, rest = words, words
        while rest:
            core = rest
            first = max(self._skip_walker.ends(core), default=0)
            rest = core[first:]
            last = next(
                (place for place in range(len(rest)) if self._skip_walker.accepts(rest[place:])), len(rest)
            )
            rest = rest[:last]
            if len(rest) == len(core):
                return core
        return words

    @cached_property
    def _skip_walker(self) -> Walker:
        return Walker(_graph(self.skip_words, self))

    def values(self, name: str) -> tuple[str, ...]:
        """All that can be said for a list, or for a range written in place such as `1..10`."""
        if name not in self._values:
            graph = _graph([parse(f"{{{name}:value}}")], self)
            self._values[name] = tuple(sentences(graph))
        return self._values[name]

    def is_range(self, name: str) -> bool:
        """Whether a list is one of numbers."""
        return not isinstance(self.lists.get(name), hassil.TextSlotList)

    @cached_property
    def _values(self) -> dict[str, tuple[str, ...]]:
        return {}


def parse(text: str) -> Template:
    """The tree of a template.

    Raises:
        TemplateError: a bracket is left open, or closed without being open, or holds nothing.
    """
    _check_brackets(text)
    try:
        return hassil.parse_sentence(text, keep_text=True)
    except (ParseError, AssertionError) as error:
        raise TemplateError(f"cannot be parsed: {error}") from error


def parse_list(name: str, content: Mapping[str, Any]) -> SlotList:
    """A slot list from `values` (words, or `in` and `out`) or a `range` (`from`, `to`, `step`).

    Raises:
        TemplateError: a value is no template.
        ValueError: a range is not made of numbers, or is empty.
    """
    if "range" in content:
        numbers = {key: int(value) for key, value in content["range"].items()}
        if numbers["from"] > numbers["to"] or numbers.get("step", 1) < 1:
            raise ValueError("is empty")
        return hassil.RangeSlotList(name, numbers["from"], numbers["to"], numbers.get("step", 1))
    pairs = [
        (value, None) if isinstance(value, str) else (value["in"], value.get("out"))
        for value in content["values"]
    ]
    return hassil.TextSlotList(
        name, [hassil.TextSlotValue(parse(text).expression, out) for text, out in pairs]
    )


def parts(expression: hassil.Expression) -> Iterator[hassil.Expression]:
    """The leaves of a template: its words, and its references to lists and rules."""
    if isinstance(expression, hassil.Group):
        for item in expression.items:
            yield from parts(item)
    else:
        yield expression


def literal(part: hassil.Expression) -> str:
    """The words of a part; none for a reference."""
    return part.original_text if isinstance(part, hassil.TextChunk) else ""


def rule_name(part: hassil.Expression) -> str | None:
    """The rule that a part refers to."""
    return part.rule_name if isinstance(part, hassil.RuleReference) else None


def list_name(part: hassil.Expression) -> str | None:
    """The list that a part refers to; none for a range written in place."""
    return part.list_name if isinstance(part, hassil.ListReference) and not part.is_inline_range else None


def may_be_silent(part: hassil.Expression, rules: Mapping[str, Template]) -> bool:
    """Whether a part can be said with no words at all."""
    match part:
        case hassil.TextChunk():
            return not part.text.strip()
        case hassil.Alternative():
            return any(may_be_silent(item, rules) for item in part.items)
        case hassil.Group():
            return all(may_be_silent(item, rules) for item in part.items)
        case hassil.RuleReference():
            return may_be_silent(rules[part.rule_name].expression, rules)
    return False


class Grammar:
    """The sentences of one intent."""

    def __init__(self, intent: str, blocks: Sequence[Block], shared: Shared) -> None:
        self.intent = intent
        self._templates = [parse(text) for block in blocks for text in block.templates]
        self._shared = shared
        self._hassil = hassil.Intents(
            language=shared.language,
            intents={intent: hassil.intents.Intent(intent, [_intent_data(block) for block in blocks])},
            slot_lists=dict(shared.lists),
            expansion_rules=dict(shared.rules),
        )

    def graph(self) -> WordGraph:
        """All the sentences."""
        return _graph(self._templates, self._shared)

    def masked(self) -> list[WordGraph]:
        """The sentences of each template, without its skip words and with a mask for each slot (see `MASK`)."""
        return [_graph([template], self._shared, masked=True) for template in self._templates]

    def slots(self, sentence: str) -> Slots | None:
        """The slots of a sentence, as many as any template reads from it; None if it is no sentence of the intent."""
        readings = [
            result.intent_data.slots
            | {
                entity.name: plain_value(entity.text_clean if entity.value is None else entity.value)
                for entity in result.entities_list
            }
            for result in hassil.recognize_all(sentence, self._hassil)
        ]
        return max(readings, key=len, default=None)


def _intent_data(block: Block) -> hassil.IntentData:
    return hassil.IntentData(sentence_texts=list(block.templates), slots=dict(block.slots))


def plain_value(value: Any) -> str | int:
    """A slot's value: digits are a number, be they from a range, a list's `out`, or a block of sentences."""
    return int(value) if isinstance(value, (int, float)) or value.lstrip("-").isdigit() else str(value)


def _check_brackets(text: str) -> None:
    if not text.strip():
        raise TemplateError("is empty")
    closing = {"(": ")", "[": "]", "{": "}", "<": ">"}
    open_brackets: list[tuple[str, int]] = []
    for column, character in enumerate(text, start=1):
        if character in closing:
            open_brackets.append((character, column))
        elif character in closing.values():
            if not open_brackets or closing[open_brackets[-1][0]] != character:
                raise TemplateError(f"'{character}' at column {column} closes nothing that is open")
            if open_brackets.pop()[1] == column - 1:
                raise TemplateError(f"the brackets at column {column - 1} hold nothing")
    if open_brackets:
        raise TemplateError(f"'{open_brackets[-1][0]}' at column {open_brackets[-1][1]} is never closed")


def _graph(templates: Iterable[Template], shared: Shared, masked: bool = False) -> WordGraph:
    machine = _Pieces(shared, masked)
    starts = [machine.add(template.expression, machine.END) for template in templates]
    return minimal(starts, machine.follow)


class _Pieces:
    """A machine of pieces of text, from which words are read.

    Templates may join pieces into one word ("phone[s]"), so words are only known once the whole tree stands. It is
    built from the end: each part is added in front of what follows it.
    """

    END = 0

    def __init__(self, shared: Shared, masked: bool) -> None:
        self._shared = shared
        self._masked = masked
        self._arcs: list[list[tuple[str, int]]] = [[]]

    def add(self, part: hassil.Expression, then: int) -> int:
        """The state from which the part is said, and then what follows."""
        match part:
            case hassil.TextChunk():
                return self._text(part.text, then)
            case hassil.Alternative():
                return self._either(self.add(item, then) for item in part.items)
            case hassil.Permutation():
                return self._permutation(part.items, then)
            case hassil.Group():
                for item in reversed(part.items):
                    then = self.add(item, then)
                return then
            case hassil.RuleReference():
                if self._masked and part.rule_name in self._shared.skipped:
                    return then
                return self.add(self._shared.rules[part.rule_name].expression, then)
            case hassil.ListReference():
                return self._list(part, then)
        raise TypeError(f"not a part of a template: {part}")

    def _text(self, text: str, then: int) -> int:
        for piece in reversed(_PIECES.findall(text)):
            then = self._state([(piece, then)])
        return then

    def _either(self, states: Iterable[int]) -> int:
        return self._state([("", state) for state in states])

    def _permutation(self, items: Sequence[hassil.Expression], then: int) -> int:
        if not items:
            return then
        return self._either(
            self.add(item, self._permutation([*items[:place], *items[place + 1 :]], then))
            for place, item in enumerate(items)
        )

    def _list(self, reference: hassil.ListReference, then: int) -> int:
        if self._masked:
            return self._state([(f"{MASK}{reference.slot_name}:{reference.list_name}", then)])
        inline = reference.get_inline_range()
        values = hassil.RangeSlotList(None, *inline) if inline else self._shared.lists[reference.list_name]
        if isinstance(values, hassil.RangeSlotList):
            numbers = (
                words
                for number in values.get_numbers()
                for words in spelled(int(number), self._shared.language)
            )
            return self._either(self._text(words, then) for words in numbers)
        assert isinstance(values, hassil.TextSlotList)  # noqa: S101 - the only two kinds that parse_list makes
        return self._either(self.add(value.text_in, then) for value in values.values)

    def _state(self, arcs: list[tuple[str, int]]) -> int:
        self._arcs.append(arcs)
        return len(self._arcs) - 1

    def follow(self, state: int) -> tuple[bool, list[tuple[str, int]]]:
        """The words from a state, each with the state after it; and whether a sentence may end there."""
        ends = False
        words: list[tuple[str, int]] = []
        seen = {(state, "")}
        queue = [(state, "")]
        for here, word in queue:
            if here == self.END:
                ends |= not word
                if word:
                    words.append((word, here))
            for piece, target in self._arcs[here]:
                if piece == " " and word:
                    words.append((word, target))
                elif (onward := (target, word + piece.strip())) not in seen:
                    seen.add(onward)
                    queue.append(onward)
        return ends, words
