"""The text of what the coach says: a line with everything in its slots."""

from __future__ import annotations

from .actions import Say, Titles
from .words import Lines


def line_text(lines: Lines, say: Say) -> str:
    """A line as it is spoken."""
    slots = {name: _filled(lines, value) for name, value in say.slots.items()}
    return lines.text(say.exercise, say.line, slots, wording=say.wording, again=say.again)


def _filled(lines: Lines, value: str | Titles) -> str:
    if isinstance(value, str):
        return value
    titles = [lines.title(exercise) for exercise in value.exercises]
    if len(titles) < 2:
        return "".join(titles)
    joined = lines.text(None, "and", {})
    return f"{', '.join(titles[:-1])}, {joined.lower()} {titles[-1]}"
