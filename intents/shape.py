"""The shape that a YAML file must have: said once, as data, and checked with a line for every misfit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from .plain_yaml import Items, Node, Table, Text
from .problems import Problem, nearest


@dataclass(frozen=True, slots=True)
class Words:
    """Text."""


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list of things of one shape."""

    item: Shape


@dataclass(frozen=True, slots=True)
class Named:
    """A table whose keys are the author's names for things of one shape."""

    item: Shape


@dataclass(frozen=True, slots=True)
class Keys:
    """A table with a known set of keys."""

    known: Mapping[str, Shape]
    needed: tuple[str, ...] = ()
    instead: Words | None = None
    """What may stand in place of the table."""


Shape: TypeAlias = Words | ListOf | Named | Keys


def fitting(node: Node, shape: Shape, path: Path, problems: list[Problem]) -> Node:
    """The part of a node that has the shape, None if nothing has; what has not is added to the problems."""
    return _Fitting(path, problems).fit(node, shape, "the file", getattr(node, "line", 1))


@dataclass(frozen=True, slots=True)
class _Fitting:
    path: Path
    problems: list[Problem]

    def fit(self, node: Node, shape: Shape, what: str, line: int) -> Node:
        line = getattr(node, "line", line)
        match shape, node:
            case (Words(), Text()) | (Keys(instead=Words()), Text()):
                return node
            case ListOf(), Items():
                fitted = (self.fit(item, shape.item, f"an item of {what}", line) for item in node)
                return Items((item for item in fitted if item is not None), line=line)
            case Named(), Table():
                return self._table({key: (value, shape.item) for key, value in node.items()}, line)
            case Keys(), Table():
                return self._keys(node, shape, what, line)
        kind = {Words: "text", ListOf: "a list"}.get(type(shape), "a table")
        self._problem(line, f"{what} must be {kind}")
        return None

    def _keys(self, node: Table, shape: Keys, what: str, line: int) -> Table | None:
        for key in node:
            if key not in shape.known:
                self._problem(key.line, f"unknown key '{key}' in {what}{nearest(key, shape.known)}")
        for key in shape.needed:
            if key not in node:
                self._problem(line, f"{what} needs '{key}'")
        known = {key: (value, shape.known[key]) for key, value in node.items() if key in shape.known}
        table = self._table(known, line)
        return table if all(key in table for key in shape.needed) else None

    def _table(self, entries: Mapping[Text, tuple[Node, Shape]], line: int) -> Table:
        fitted = {
            key: self.fit(value, shape, f"'{key}'", key.line) for key, (value, shape) in entries.items()
        }
        return Table({key: value for key, value in fitted.items() if value is not None}, line=line)

    def _problem(self, line: int, message: str) -> None:
        self.problems.append(Problem(self.path, line, message))
