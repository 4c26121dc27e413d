"""YAML as people who write words expect it: every scalar is text, and everything knows its line.

The stock resolver turns `no` into False and `12:30` into 750. A product whose answers are "yes" and "no"
must not use it; numbers are converted by whoever expects a number.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Self, TypeAlias

import yaml

from .problems import PackError, Problem


class Text(str):
    """A scalar, and where it stands."""

    __slots__ = ("line",)
    line: int
    """Counted from 1; 0 if it stands in no file."""

    def __new__(cls, text: str, line: int = 0) -> Self:
        """The text as written, with its line."""
        self = super().__new__(cls, text)
        self.line = line
        return self


class Items(list[Any]):
    """A sequence, and where it begins."""

    def __init__(self, items: Iterable[Any] = (), line: int = 0) -> None:
        super().__init__(items)
        self.line = line


class Table(dict[Any, Any]):
    """A mapping from `Text`, and where it begins."""

    def __init__(self, entries: Mapping[Any, Any] | None = None, line: int = 0) -> None:
        super().__init__(entries or {})
        self.line = line


Node: TypeAlias = Text | Items | Table | None


def read_yaml(path: Path) -> Node:
    """The content of a YAML file.

    Raises:
        PackError: the file cannot be read, is not YAML, or gives a key twice.
    """
    try:
        root = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise PackError([Problem(path, line, f"not valid YAML: {error.problem}")]) from error
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise PackError([Problem(path, 0, f"cannot be read: {error}")]) from error
    problems: list[Problem] = []
    content = None if root is None else _plain(root, path, problems)
    if problems:
        raise PackError(problems)
    return content


def _plain(node: yaml.Node, path: Path, problems: list[Problem]) -> Node:
    line = node.start_mark.line + 1
    if isinstance(node, yaml.SequenceNode):
        return Items((_plain(item, path, problems) for item in node.value), line)
    if isinstance(node, yaml.MappingNode):
        table = Table({}, line)
        for key_node, value_node in node.value:
            key = _plain(key_node, path, problems)
            if not isinstance(key, Text):
                problems.append(Problem(path, key_node.start_mark.line + 1, "a key must be a word"))
            elif key in table:
                problems.append(Problem(path, key.line, f"'{key}' is given twice; keep one"))
            else:
                table[key] = _plain(value_node, path, problems)
        return table
    if node.tag == "tag:yaml.org,2002:null" and node.value in ("", "~", "null"):
        return None
    return Text(node.value, line)
