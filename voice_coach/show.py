"""`voice-coach exercises list|show`: exercises for people to read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from . import exercise
from .exercise import Exercise
from .library import Library
from .words import Words


def listed(library: Library) -> list[dict[str, Any]]:
    """The exercises, with the fields that the design fixes."""
    return [
        {
            "id": one.id,
            "title": library.lines.title(one.id),
            "minutes": one.minutes,
            "rating": one.rating,
            "setting": one.setting,
        }
        for one in library.exercises.values()
    ]


def shown(library: Library, name: str) -> Iterator[str]:
    """An exercise, step by step, with its words."""
    one = library.exercises[name]
    words = library.lines.words[name]
    yield f"{one.id}: {words.title} ({one.minutes} min, rated {one.rating}, {one.setting})"
    yield f"carries {', '.join(one.covers)}"
    for step in one.steps:
        yield ""
        yield from _step(step, words)


def as_data(library: Library, name: str) -> dict[str, Any]:
    """The same, for programs."""
    one: Exercise = library.exercises[name]
    words = library.lines.words[name]
    return {
        **next(entry for entry in listed(library) if entry["id"] == name),
        "covers": list(one.covers),
        "steps": [
            {
                "id": step.id,
                "kind": _kind(step),
                "only": sorted(step.only),
                "text": words.lines.get(step.id, ()),
            }
            for step in one.steps
        ],
    }


def _step(step: exercise.Step, words: Words) -> Iterator[str]:
    only = "" if len(step.only) == len(exercise.VARIANTS) else f"  [{', '.join(_in_order(step.only))}]"
    yield f"{_kind(step)} {step.id}{_detail(step)}{only}"
    for text in words.lines.get(step.id, ()):
        yield f'    "{text}"'
    if step.id in words.again:
        yield f'    once more: "{words.again[step.id]}"'
    if isinstance(step, exercise.Choose):
        for option in step.options:
            yield f"    - {option}: {' | '.join(words.options[option])}"


def _kind(step: exercise.Step) -> str:
    return step.kind if isinstance(step, exercise.Timed) else type(step).__name__.lower()


def _detail(step: exercise.Step) -> str:
    match step:
        case exercise.Ask(of=of, goto=goto, consent=consent):
            answers = (
                "yes goes on, no declines" if consent else ", ".join(f"{a} to {to}" for a, to in goto.items())
            )
            return f" of {of}: {answers}"
        case exercise.Choose(of=of):
            return f" of {of}"
        case exercise.Timed(of=of, seconds=seconds):
            return f" of {of}: {', '.join(f'{key} {value:g} s' for key, value in seconds.items())}"
        case exercise.Goto(to=to, rounds=rounds):
            return f" to {to}{' until the chosen rounds were held' if rounds else ''}"
        case exercise.Chime(name=name):
            return f": {name}"
    return ""


def _in_order(variants: frozenset[exercise.Variant]) -> list[str]:
    return [variant for variant in exercise.VARIANTS if variant in variants]
