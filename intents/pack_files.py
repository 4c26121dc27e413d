"""Sentence files: what they may hold, and what is wrong with them.

The shape is Home Assistant's. All files of a language are read together, so that every mistake is reported at
once, in its author's terms.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .normalise import normalise
from .plain_yaml import Table, Text, read_yaml
from .problems import PackError, Problem, nearest
from .shape import Keys, ListOf, Named, Words, fitting
from .templates import (
    Block,
    ListReference,
    RuleReference,
    SlotList,
    Template,
    TemplateError,
    literal,
    may_be_silent,
    parse,
    parse_list,
    parts,
    plain_value,
)

_VALUE = Keys({"in": Words(), "out": Words()}, needed=("in",), instead=Words())
_RANGE = Keys({"from": Words(), "to": Words(), "step": Words(), "multiplier": Words()}, needed=("from", "to"))
_BLOCK = Keys({"sentences": ListOf(Words()), "slots": Named(Words())}, needed=("sentences",))
SHAPE = Keys(
    {
        "language": Words(),
        "intents": Named(Keys({"data": ListOf(_BLOCK), "in_clause": Words()}, needed=("data",))),
        "lists": Named(Keys({"values": ListOf(_VALUE), "range": _RANGE})),
        "expansion_rules": Named(Words()),
        "skip_words": ListOf(Words()),
    },
    needed=("language",),
)
"""A sentence file."""


@dataclass(slots=True)
class Content:
    """What the sentence files of a language say, together."""

    blocks: dict[str, list[Block]] = field(default_factory=dict)
    """By intent."""
    in_clause: set[str] = field(default_factory=set)
    """The intents that may also be found in one clause of a longer utterance."""
    lists: dict[str, SlotList] = field(default_factory=dict)
    rules: dict[str, Template] = field(default_factory=dict)
    skip_words: list[Template] = field(default_factory=list)
    """What carries no meaning at the start or end of a sentence."""


def read(folders: Iterable[Path]) -> Content:
    """The sentence files of some folders. Rules and lists of a later folder replace those of an earlier one.

    Raises:
        PackError: with every mistake in every file.
    """
    reader = _Reader()
    for folder in folders:
        reader.read_folder(folder)
    reader.check_references()
    if reader.problems:
        raise PackError(reader.problems)
    return reader.content


@dataclass(frozen=True, slots=True)
class _Place:
    """Something written, and where."""

    text: str
    path: Path
    line: int


@dataclass(slots=True)
class _Reader:
    content: Content = field(default_factory=Content)
    problems: list[Problem] = field(default_factory=list)
    path: Path = Path()
    """The file being read."""
    names: dict[str, set[str]] = field(default_factory=lambda: {"rule": set(), "list": set()})
    """All that are defined, be it wrongly: using one of these is no second mistake."""
    rules: list[_Place] = field(default_factory=list)
    sentences: list[tuple[_Place, Template]] = field(default_factory=list)
    written: list[tuple[_Place, Template]] = field(default_factory=list)
    """All templates, the sentences among them."""

    def read_folder(self, folder: Path) -> None:
        given: set[tuple[str, str]] = set()
        for self.path in sorted(folder.glob("*.yaml")):
            try:
                table = fitting(read_yaml(self.path), SHAPE, self.path, self.problems)
            except PackError as error:
                self.problems += error.problems
            else:
                if isinstance(table, Table):
                    self._file(table, given)

    def check_references(self) -> None:
        """Every rule and list named must be there, no rule lead back to itself, and no sentence be silent."""
        found = len(self.problems)
        for at, template in self.written:
            for part in parts(template.expression):
                if isinstance(part, RuleReference):
                    self._check_known(at, "rule", part.rule_name)
                elif isinstance(part, ListReference) and not part.is_inline_range:
                    self._check_known(at, "list", part.list_name)
        for at in self.rules:
            if self._leads_to(at.text, at.text, set()):
                self._problem(at, f"rule '{at.text}' leads back to itself")
        if len(self.problems) == found:
            for at, template in self.sentences:
                if may_be_silent(template.expression, self.content.rules):
                    self._problem(at, f"'{at.text}' can be said with no words at all")

    def _check_known(self, at: _Place, kind: str, name: str) -> None:
        if name not in self.names[kind]:
            self._problem(at, f"unknown {kind} '{name}'{nearest(name, self.names[kind])}")

    def _leads_to(self, rule: str, wanted: str, seen: set[str]) -> bool:
        if rule not in self.content.rules:
            return False
        named = parts(self.content.rules[rule].expression)
        names = {part.rule_name for part in named if isinstance(part, RuleReference)} - seen
        seen |= names
        return wanted in names or any(self._leads_to(name, wanted, seen) for name in names)

    def _problem(self, at: Text | _Place, message: str) -> None:
        path = at.path if isinstance(at, _Place) else self.path
        self.problems.append(Problem(path, at.line, message))

    def _file(self, table: Table, given: set[tuple[str, str]]) -> None:
        if table["language"] != self.path.parent.name:
            self._problem(table["language"], f"the language of this folder is '{self.path.parent.name}'")
        for name, values in self._defined(table, "lists", "list", given):
            if (slot_list := self._list(name, values)) is not None:
                self.content.lists[name] = slot_list
        for name, body in self._defined(table, "expansion_rules", "rule", given):
            if (rule := self._template(body)) is not None:
                self.content.rules[name] = rule
                self.rules.append(self._place(name))
        for text in table.get("skip_words", ()):
            if (skipped := self._template(text)) is not None:
                self.content.skip_words.append(skipped)
        for intent, data in table.get("intents", {}).items():
            self.content.blocks.setdefault(intent, []).extend(map(self._block, data["data"]))
            if (in_clause := data.get("in_clause")) is not None:
                self._in_clause(intent, in_clause)

    def _in_clause(self, intent: Text, value: Text) -> None:
        if value not in ("true", "false"):
            self._problem(value, f"'in_clause' must be true or false, not '{value}'")
        elif value == "true":
            self.content.in_clause.add(str(intent))

    def _defined(
        self, table: Table, key: str, kind: str, given: set[tuple[str, str]]
    ) -> Iterator[tuple[Text, Any]]:
        for name, value in table.get(key, {}).items():
            if (kind, name) in given:
                self._problem(name, f"{kind} '{name}' is in another file too; keep one")
            given.add((kind, name))
            self.names[kind].add(name)
            yield name, value

    def _list(self, name: Text, entries: Table) -> SlotList | None:
        if len(entries) != 1:
            self._problem(name, f"list '{name}' needs either 'values' or 'range'")
            return None
        values = [value["in"] if isinstance(value, Table) else value for value in entries.get("values", ())]
        templates = [self._template(value) for value in values]
        for value, template in zip(values, templates, strict=True):
            if template and any(isinstance(part, ListReference) for part in parts(template.expression)):
                self._problem(value, f"'{value}' names a list inside a list")
                return None
        if None in templates:
            return None
        try:
            return parse_list(name, entries)
        except ValueError:
            self._problem(name, f"the range of list '{name}' must go from a number to a higher one")
            return None

    def _block(self, block: Table) -> Block:
        parsed = [
            (self._place(text), template) for text in block["sentences"] if (template := self._template(text))
        ]
        self.sentences += parsed
        slots = {str(name): plain_value(value) for name, value in block.get("slots", {}).items()}
        return Block(tuple(template for _, template in parsed), slots)

    def _place(self, text: Text) -> _Place:
        return _Place(text, self.path, text.line)

    def _template(self, text: Text) -> Template | None:
        language = self.path.parent.name
        try:
            template = parse(text)
        except TemplateError as error:
            self._problem(text, f"'{text}' {error}")
            return None
        for words in map(literal, parts(template.expression)):
            # A piece may be joined to its neighbours, as in "(he|she)'s": it is judged between letters.
            if normalise(f"x{words.strip()}x", language) != f"x{words.strip()}x":
                heard = normalise(words, language)
                self._problem(text, f"'{words.strip()}' is never heard like that; write '{heard}'")
        self.written.append((self._place(text), template))
        return template
