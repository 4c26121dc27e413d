"""Everything that a language has: sentences, exercises and lines, ours and those of packs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from intents import Catalogue, Expecting, Option, PackError, Problem, load

from .exercise import Exercise
from .exercise_file import load_exercise
from .words import COMMON, Lines, Words, line_of, load_words, missing_words, unknown_slots

OURS = Path(__file__).parent
T = TypeVar("T")
EXERCISES, LINES, PLAYS = "exercises", "lines", "plays"
KINDS = (EXERCISES, LINES, PLAYS, "sentences")
"""The folders of a pack."""


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
    catalogue = load_sentences(language, packs)
    problems: list[Problem] = []
    known = catalogue.intents | {"yes", "no", "option", "either"}
    exercises = _read(
        packs.files(EXERCISES, ".yaml").values(), lambda path: load_exercise(path, known), problems
    )
    words = _read(packs.files(LINES, ".yaml", language).values(), load_words, problems)
    _add_common(words, language)
    for file in words.values():
        problems.extend(_option_problems(catalogue, file))
    for name in exercises.keys() & words.keys():
        problems.extend(_word_problems(exercises[name], words[name]))
    if problems:
        raise PackError(problems)
    # An exercise without a file of lines is not offered in this language.
    led = {name: exercise for name, exercise in exercises.items() if name in words}
    return Library(language, catalogue, led, Lines(language, words), packs.files(PLAYS, ".play", language))


def _add_common(words: dict[str, Words], language: str) -> None:
    """What a pack says in place of our common lines stands before ours; the others are ours."""
    ours = load_words(OURS / LINES / language / f"{COMMON}.yaml")
    theirs = words.get(COMMON, ours)
    words[COMMON] = replace(theirs, lines={**ours.lines, **theirs.lines}, voice=theirs.voice or ours.voice)


def _word_problems(exercise: Exercise, words: Words) -> Iterator[Problem]:
    for message in missing_words(exercise, words):
        yield Problem(words.path, 0, message)
    for line, message in unknown_slots(words):
        yield Problem(words.path, line_of(line), message)


def _option_problems(catalogue: Catalogue, words: Words) -> Iterator[Problem]:
    """The ways of saying an option, or an exercise, that are no templates."""
    for name, phrases in {**words.options, "called": words.called}.items():
        for phrase in phrases:
            try:
                catalogue.graph(Expecting(frozenset({"option"}), (Option(name, (phrase,)),)))
            except ValueError as error:
                yield Problem(words.path, line_of(name), f"'{phrase}' is no template: {error}")


def _read(paths: Iterable[Path], load_file: Callable[[Path], T], problems: list[Problem]) -> dict[str, T]:
    """Name to what its file holds, of the files without mistakes."""
    read: dict[str, T] = {}
    for path in paths:
        try:
            read[path.stem] = load_file(path)
        except PackError as error:
            problems.extend(error.problems)
    return read
