"""Everything that a language has: sentences, exercises and lines, ours and those of packs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from intents import Catalogue, Expecting, Option, PackError, Problem, load

from .exercise import Exercise
from .exercise_file import load_exercise
from .words import Lines, Words, line_of, load_words, missing_words

OURS = Path(__file__).parent
T = TypeVar("T")
EXERCISES, LINES, PLAYS = "exercises", "lines", "plays"


@dataclass(frozen=True, slots=True)
class Packs:
    """Where data is looked for."""

    extra: tuple[Path, ...] = ()
    """Folders with any of `exercises/`, `lines/<language>/`, `plays/<language>/`, `sentences/<language>/`."""
    only: bool = False
    """Leave ours out."""

    def folders(self, kind: str, language: str | None = None) -> list[Path]:
        """The existing folders of a kind. A file in a later one replaces its namesake in an earlier one."""
        roots = ([] if self.only else [OURS]) + list(self.extra)
        folders = [root / kind / language if language else root / kind for root in roots]
        return [folder for folder in folders if folder.is_dir()]

    def files(self, kind: str, ending: str, language: str | None = None) -> dict[str, Path]:
        """Name to file."""
        return {
            path.stem: path
            for folder in self.folders(kind, language)
            for path in sorted(folder.glob(f"*{ending}"))
        }


@dataclass(frozen=True, slots=True)
class Library:
    """What the coach knows in one language."""

    language: str
    catalogue: Catalogue
    exercises: Mapping[str, Exercise]
    """Those that can be led in this language."""
    lines: Lines
    plays: Mapping[str, Path]


def load_sentences(language: str, packs: Packs) -> Catalogue:
    """The sentences of a language.

    Raises:
        PackError: all mistakes in them.
    """
    return load(language, packs.extra, only_packs=packs.only)


def load_library(language: str, packs: Packs = Packs()) -> Library:  # noqa: B008: frozen
    """Everything of a language.

    Raises:
        PackError: all mistakes in all files, at once.
    """
    problems: list[Problem] = []
    catalogue = _catalogue(language, packs, problems)
    known = catalogue.intents | {"yes", "no", "option", "either"} if catalogue else frozenset()
    exercises = _read(
        packs.files(EXERCISES, ".yaml").values(), lambda path: load_exercise(path, known), problems
    )
    words = _read(packs.files(LINES, ".yaml", language).values(), load_words, problems)
    exercises, words = _matched(exercises, words, problems)
    for file in words.values():
        problems.extend(_option_problems(catalogue, file) if catalogue else ())
    if problems or catalogue is None:
        raise PackError(problems)
    plays = packs.files(PLAYS, ".play", language)
    return Library(language, catalogue, exercises, Lines(language, words), plays)


def _option_problems(catalogue: Catalogue, words: Words) -> Iterator[Problem]:
    """The ways of saying an option, or an exercise, that are no templates."""
    for name, phrases in {**words.options, "called": words.called}.items():
        for phrase in phrases:
            try:
                catalogue.graph(Expecting(frozenset({"option"}), (Option(name, (phrase,)),)))
            except ValueError as error:
                yield Problem(words.path, line_of(name), f"'{phrase}' is no template: {error}")


def _catalogue(language: str, packs: Packs, problems: list[Problem]) -> Catalogue | None:
    try:
        return load_sentences(language, packs)
    except PackError as error:
        problems.extend(error.problems)
        return None


def _read(paths: Iterable[Path], load_file: Callable[[Path], T], problems: list[Problem]) -> dict[str, T]:
    """Name to what its file holds, of the files without mistakes."""
    read: dict[str, T] = {}
    for path in paths:
        try:
            read[path.stem] = load_file(path)
        except PackError as error:
            problems.extend(error.problems)
    return read


def _matched(
    exercises: dict[str, Exercise], words: dict[str, Words], problems: list[Problem]
) -> tuple[dict[str, Exercise], dict[str, Words]]:
    """Exercises with their words. One without a file of lines is not offered in this language."""
    for name, exercise in exercises.items():
        if name in words:
            problems.extend(
                Problem(words[name].path, 0, message) for message in missing_words(exercise, words[name])
            )
    return {name: exercise for name, exercise in exercises.items() if name in words}, words
