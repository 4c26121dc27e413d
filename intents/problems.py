"""What is wrong with a pack, in its author's terms: the file, the line, and what mends it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One mistake in a file of a pack."""

    path: Path
    line: int
    """Counted from 1; 0 where the whole file is meant."""
    message: str

    def __str__(self) -> str:
        where = f"{self.path}:{self.line}" if self.line else str(self.path)
        return f"{where}: {self.message}"


class PackError(Exception):
    """A pack cannot be used. Carries every mistake that was found, not only the first."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(str(problem) for problem in self.problems))


def nearest(word: str, known: Iterable[str]) -> str:
    """`, did you mean 'x'?` for the known word most like `word`, or an empty string when none is near."""
    close = difflib.get_close_matches(word, sorted(known), n=1, cutoff=0.5)
    return f", did you mean '{close[0]}'?" if close else ""
