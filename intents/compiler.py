"""Templates to word graphs, without ever listing their sentences."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence

from .number_words import spelled
from .templates import (
    Alternative,
    Expression,
    Group,
    ListReference,
    Permutation,
    RuleReference,
    SlotList,
    Template,
    TextChunk,
    sequence,
    spoken_values,
)
from .word_graph import WordGraph, minimal

MASK = "_"
"""Begins the word `_slot:list` that stands for a slot in a masked graph; no spoken word begins so."""

END = 0


class Compiler:
    """Compiles templates with the lists and rules of a language."""

    def __init__(self, language: str, lists: Mapping[str, SlotList], rules: Mapping[str, Template]) -> None:
        self._language = language
        self._lists = lists
        self._rules = rules

    def graph(self, templates: Iterable[Template]) -> WordGraph:
        """All sentences of the templates."""
        return _compiled(_Pieces(self._language, self._lists, self._rules, masked=False), templates)

    def masked(self, templates: Iterable[Template], without: frozenset[str]) -> WordGraph:
        """The sentences without some of the rules, and with a mask for each slot (see `MASK`)."""
        rules = {name: rule for name, rule in self._rules.items() if name not in without}
        return _compiled(_Pieces(self._language, self._lists, rules, masked=True), templates)


def _compiled(pieces: _Pieces, templates: Iterable[Template]) -> WordGraph:
    start = pieces.any_of([sequence(template.expression) for template in templates])
    return minimal([start], pieces.follow)


class _Pieces:
    """A machine of pieces of text, from which words are read.

    Templates may join pieces into one word ("phone[s]"), so words are only known once the whole tree stands.
    It is built from the end: each part is added in front of what follows it, and states that say the same are
    one.
    """

    def __init__(
        self, language: str, lists: Mapping[str, SlotList], rules: Mapping[str, Template], *, masked: bool
    ) -> None:
        self._language = language
        self._lists = lists
        self._rules = rules
        self._masked = masked
        self._arcs: list[tuple[tuple[str, int], ...]] = [()]
        self._states: dict[tuple[tuple[str, int], ...], int] = {}

    def any_of(self, sequences: Sequence[Sequence[Expression]]) -> int:
        """The state from which any of the sequences is said. What they begin with in common is said once."""
        rests: dict[Hashable, tuple[Expression, list[Sequence[Expression]]]] = {}
        for first, *rest in filter(None, sequences):
            rests.setdefault(_key(first), (first, []))[1].append(rest)
        states = [self._add(first, self.any_of(rest)) for first, rest in rests.values()]
        return self._either([*states, END] if not all(sequences) else states)

    def follow(self, state: int) -> tuple[bool, list[tuple[str, int]]]:
        """The words from a state, each with the state after it; and whether a sentence may end there."""
        ends = False
        words: list[tuple[str, int]] = []
        seen = {(state, "")}
        queue = [(state, "")]
        for here, word in queue:
            if here == END and word:
                words.append((word, END))
            ends |= here == END and not word
            for piece, target in self._arcs[here]:
                if piece == " " and word:
                    words.append((word, target))
                elif (onward := (target, word + piece.strip())) not in seen:
                    seen.add(onward)
                    queue.append(onward)
        return ends, words

    def _add(self, part: Expression, then: int) -> int:
        """The state from which the part is said, and then what follows."""
        match part:
            case TextChunk():
                return self._text(part.text, then)
            case Alternative():
                return self._either(self._add(item, then) for item in part.items)
            case Permutation():
                return self._permutation(part.items, then)
            case Group():
                for item in reversed(part.items):
                    then = self._add(item, then)
                return then
            case RuleReference():
                rule = self._rules.get(part.rule_name)
                return then if rule is None else self._add(rule.expression, then)
            case ListReference():
                return self._list(part, then)
        raise TypeError(f"not a part of a template: {part}")

    def _text(self, text: str, then: int) -> int:
        words = text.split(" ")
        for word in reversed(words[1:]):
            then = self._state((" ", self._state((word, then)) if word else then))
        return self._state((words[0], then)) if words[0] else then

    def _permutation(self, items: Sequence[Expression], then: int) -> int:
        if not items:
            return then
        return self._either(
            self._add(item, self._permutation([*items[:place], *items[place + 1 :]], then))
            for place, item in enumerate(items)
        )

    def _list(self, reference: ListReference, then: int) -> int:
        if self._masked:
            return self._state((f"{MASK}{reference.slot_name}:{reference.list_name}", then))
        states: list[int] = []
        for value in spoken_values(self._lists.get(reference.list_name), reference):
            if isinstance(value, int):
                states += [self._text(words, then) for words in spelled(value, self._language)]
            else:
                states.append(self._add(value, then))
        return self._either(states)

    def _either(self, states: Iterable[int]) -> int:
        return self._state(*(("", state) for state in dict.fromkeys(states)))

    def _state(self, *arcs: tuple[str, int]) -> int:
        if arcs not in self._states:
            self._states[arcs] = len(self._arcs)
            self._arcs.append(arcs)
        return self._states[arcs]


def _key(part: Expression) -> Hashable:
    """The same for parts that are written the same."""
    match part:
        case TextChunk():
            return part.text
        case Group():
            return (type(part), *map(_key, part.items))
        case RuleReference():
            return RuleReference, part.rule_name
        case ListReference():
            return ListReference, part.slot_name, part.list_name
    raise TypeError(f"not a part of a template: {part}")
