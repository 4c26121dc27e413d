"""YAML as people who write words expect it: text, with lines."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from intents import Items, PackError, Table, Text, read_yaml


def read(folder: Path, text: str) -> Any:
    path = folder / "x.yaml"
    path.write_text(text, encoding="utf-8")
    return read_yaml(path)


def test_every_scalar_is_text(tmp_path: Path) -> None:
    assert read(tmp_path, "[yes, no, on, 12:30, 010, 4, null, ~]") == [
        "yes",
        "no",
        "on",
        "12:30",
        "010",
        "4",
        None,
        None,
    ]
    assert read(tmp_path, "no: 'null'") == {"no": "null"}
    assert read(tmp_path, "") is None


def test_everything_knows_its_line(tmp_path: Path) -> None:
    content = read(tmp_path, "a: 1\nb:\n  - x\n  - c: y\n")
    [first, second] = content
    assert (first.line, content["a"].line, second.line, content["b"].line) == (1, 1, 2, 3)
    assert [item.line for item in content["b"]] == [3, 4]
    assert [type(node) for node in (content, content["b"], first)] == [Table, Items, Text]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a: 1\nb: 2\na: 3\n", "3: 'a' is given twice; keep one"),
        ("a: [1", "1: not valid YAML: expected ',' or ']', but got '<stream end>'"),
        ("? [a]\n: b\n", "1: a key must be a word"),
    ],
)
def test_mistakes_have_a_line(tmp_path: Path, text: str, problem: str) -> None:
    with pytest.raises(PackError) as refused:
        read(tmp_path, text)
    [found] = refused.value.problems
    assert f"{found.line}: {found.message}" == problem


def test_a_missing_file_is_a_mistake_too(tmp_path: Path) -> None:
    with pytest.raises(PackError, match="cannot be read"):
        read_yaml(tmp_path / "none.yaml")
