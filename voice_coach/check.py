"""`voice-coach exercises check`: whether exercises are whole, and their plays run word for word."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from intents import PackError, Problem

from . import exercise
from .evening import open_hearing
from .exercise import Exercise
from .library import EXERCISES, KINDS, Library, Packs, load_library
from .play import Performance, load_play, perform
from .words import Words, line_of

MOST_WORDS = 25
"""No line is longer: two people hear it once, and have no page to look at."""


def check(language: str, packs: Packs) -> list[Problem]:
    """Everything that is wrong with the exercises of a language; nothing if they are whole."""
    problems = [
        Problem(folder, 0, f"this is no pack; one has a folder {', '.join(KINDS)}")
        for folder in packs.extra
        if not any((folder / kind).is_dir() for kind in KINDS)
    ]
    try:
        library = load_library(language, packs)
    except PackError as error:
        return sorted([*problems, *error.problems])
    for name, one in library.exercises.items():
        problems += _word_problems(one, library.lines.words[name])
    try:
        problems += _play_problems(library, packs.files(EXERCISES, ".yaml"))
    except PackError as error:
        problems += error.problems
    return sorted(problems)


def _word_problems(one: Exercise, words: Words) -> Iterator[Problem]:
    for line, wordings in [*words.lines.items(), *((line, (text,)) for line, text in words.again.items())]:
        if line not in one.line_ids():
            yield Problem(words.path, line_of(line), f"no step of {one.id} says the line '{line}'")
        for text in wordings:
            if len(text.split()) > MOST_WORDS:
                yield Problem(
                    words.path,
                    line_of(line),
                    f"'{line}' has {len(text.split())} words; at most {MOST_WORDS} are heard",
                )
            if "?" in text.rstrip("?"):
                yield Problem(words.path, line_of(line), f"'{line}' must ask one question, and end with it")


def _play_problems(library: Library, files: Mapping[str, Path]) -> Iterator[Problem]:
    performances = play_all(library)
    reached: set[tuple[str, str]] = set()
    for performance in performances.values():
        reached |= performance.steps
        if performance.problem:
            yield performance.problem
    for name, one in library.exercises.items():
        if not any(play.startswith(f"{name}-") for play in library.plays):
            yield Problem(
                files[name], 0, f"there is no play; write plays/{library.language}/{name}-happy.play"
            )
            continue
        for step in one.steps:
            if not isinstance(step, exercise.Goto | exercise.Chime) and (name, step.id) not in reached:
                yield Problem(files[name], 0, f"no play reaches the step '{step.id}'")


def play_all(library: Library) -> dict[str, Performance]:
    """Every play, acted out.

    Raises:
        PackError: a file that is no play.
    """
    return _perform(library, library.plays)


def rehearse(library: Library, name: str) -> dict[str, Performance]:
    """The plays of one exercise, acted out.

    Raises:
        PackError: a file that is no play.
    """
    return _perform(
        library, {play: path for play, path in library.plays.items() if play.startswith(f"{name}-")}
    )


def _perform(library: Library, plays: Mapping[str, Path]) -> dict[str, Performance]:
    hearing = open_hearing(library)
    return {name: perform(load_play(path), library, hearing) for name, path in sorted(plays.items())}
