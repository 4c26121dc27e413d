"""Reads a recorded couple: a folder of recordings with a `couple.yaml` that says what is said in each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from intents import Items, PackError, Problem, Table, Text, nearest, read_yaml

KEYS = ("names", "wake", "requests", "answers", "controls", "talk", "table", "keeps", "noise", "snr_db")


@dataclass(frozen=True, slots=True)
class Recordings:
    """What two people said, as files."""

    names: tuple[str, str]
    wake: tuple[Path, ...]
    requests: Mapping[str, tuple[Path, ...]]
    """Exercise to requests for it."""
    answers: Mapping[str, tuple[tuple[Path, ...], tuple[Path, ...]]]
    """The words spoken, to the recordings of the first person and of the second."""
    controls: Mapping[str, tuple[Path, ...]]
    """Intent to ways of saying it."""
    talk: tuple[Path, ...]
    """Said in turns."""
    table: tuple[Path, ...]
    """Said to each other, before the wake phrase and between."""
    keeps: tuple[Path, ...] = ()
    noise: Path | None = None
    snr_db: float | None = None
    """Level of the loudest frame of speech over that of the noise."""


def load_couple(folder: Path) -> Recordings:
    """The recordings in a folder.

    Raises:
        PackError: everything that is wrong with its `couple.yaml`, missing recordings among it.
    """
    path = folder / "couple.yaml"
    if not path.is_file():
        raise PackError([Problem(path, 0, "there is no such file; a couple is a folder with a couple.yaml")])
    return _Reader(path).recordings()


class _Reader:
    def __init__(self, path: Path) -> None:
        self.path = path
        self.problems: list[Problem] = []

    def recordings(self) -> Recordings:
        content = read_yaml(self.path)
        if not isinstance(content, Table):
            raise PackError([Problem(self.path, 1, f"a couple has the keys {', '.join(KEYS)}")])
        for key in content:
            if key not in KEYS:
                self._problem(key, f"unknown key '{key}'{nearest(key, KEYS)}")
        names = content.get("names")
        if not isinstance(names, Items) or len(names) != 2:
            self._problem(content, "'names' must be two names, such as [Anna, Ben]")
            names = ["first", "second"]
        if not content.get("wake"):
            self._problem(content, "'wake' must list recordings of the wake phrase")
        noise = content.get("noise")
        recordings = Recordings(
            names=(str(names[0]), str(names[1])),
            wake=self._files(content.get("wake")),
            requests=self._table(content, "requests"),
            answers=self._answers(content),
            controls=self._table(content, "controls"),
            talk=self._files(content.get("talk")),
            table=self._files(content.get("table")),
            keeps=self._files(content.get("keeps")),
            noise=self._file(noise) if noise else None,
            snr_db=self._decibels(content.get("snr_db")),
        )
        if self.problems:
            raise PackError(self.problems)
        return recordings

    def _table(self, content: Table, key: str) -> dict[str, tuple[Path, ...]]:
        table = content.get(key) or Table()
        if not isinstance(table, Table):
            self._problem(content, f"'{key}' must list recordings for each name")
            return {}
        return {str(name): self._files(files) for name, files in table.items()}

    def _answers(self, content: Table) -> dict[str, tuple[tuple[Path, ...], tuple[Path, ...]]]:
        answers = {}
        table = content.get("answers") or Table()
        if not isinstance(table, Table):
            self._problem(table, "'answers' must list recordings for each of the words spoken")
            return {}
        for words, people in table.items():
            if not isinstance(people, Items) or len(people) != 2:
                self._problem(
                    words, f"'{words}' must list two lists of recordings, of the first and of the second"
                )
            else:
                answers[str(words)] = (self._files(people[0]), self._files(people[1]))
        return answers

    def _files(self, node: Any) -> tuple[Path, ...]:
        if node is not None and not isinstance(node, Items):
            self._problem(node, f"'{node}' must be a list of recordings")
            return ()
        return tuple(self._file(item) for item in node or ())

    def _file(self, node: Any) -> Path:
        path = self.path.parent / str(node)
        if not isinstance(node, Text) or not path.is_file():
            self._problem(node, f"there is no recording '{node}' in this folder")
        return path

    def _decibels(self, node: Any) -> float | None:
        try:
            return None if node is None else float(node)
        except ValueError:
            self._problem(node, f"'snr_db' must be a number of decibels, not '{node}'")
            return None

    def _problem(self, node: Any, message: str) -> None:
        self.problems.append(Problem(self.path, getattr(node, "line", 0), message))
