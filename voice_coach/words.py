"""Words, in one language: what the coach says for each line of an exercise, and how options are called."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from intents import Items, Option, PackError, Problem, Table, Text, nearest, read_yaml

from .exercise import Choose, Exercise

COMMON = "_common"
KEYS = ("title", "called", "lines", "again", "options")
COMMON_KEYS = ("voice", "lines")
SLOTS = frozenset({"first", "second", "starter", "other"})
SLOT = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one exercise, or of what is common to all."""

    path: Path
    title: str
    called: tuple[str, ...]
    """How the exercise may be called when it is offered; hassil templates."""
    lines: Mapping[str, tuple[str, ...]]
    """Line to its wordings. A step that comes round again takes the next one. As keys of a file, the names of
    lines know where they stand: `line_of`."""
    again: Mapping[str, str]
    """The gentler second wording of a question."""
    options: Mapping[str, tuple[str, ...]]
    """Option to the ways of saying it; hassil templates, the first is how the coach says it."""
    voice: str = ""
    """The name of the voice that reads them; only in what is common."""


@dataclass(frozen=True, slots=True)
class Lines:
    """All words of a language."""

    language: str
    words: Mapping[str, Words]
    """Exercise, or `_common`, to its words."""

    def text(
        self,
        exercise: str | None,
        line: str,
        slots: Mapping[str, str],
        *,
        wording: int = 0,
        again: bool = False,
    ) -> str:
        """What the coach says.

        Args:
            exercise: whose line it is; None for a common one.
            line: its name.
            slots: what stands for each `{slot}` of it.
            wording: which of several wordings; the last one stays when there are no more.
            again: the gentler second wording, where there is one.
        """
        words = self.words[exercise or COMMON]
        wordings = words.lines[line]
        template = wordings[min(wording, len(wordings) - 1)]
        if again:
            template = words.again.get(line, template)
        text = SLOT.sub(lambda slot: slots[slot.group(1)], template)
        return text[:1].upper() + text[1:]

    @property
    def voice(self) -> str:
        """The name of the voice that speaks this language."""
        return self.words[COMMON].voice

    def title(self, exercise: str) -> str:
        """How the coach names an exercise."""
        return self.words[exercise].title

    def option(self, exercise: str, option: str) -> Option:
        """An option of an exercise, with the ways of saying it."""
        return Option(option, self.words[exercise].options[option])

    def exercise_option(self, exercise: str) -> Option:
        """An exercise as an option of an offer."""
        return Option(exercise, self.words[exercise].called)


def line_of(name: str) -> int:
    """The line of the file in which a key of its words stands."""
    return int(getattr(name, "line", 0))


def load_words(path: Path) -> Words:
    """The words of one file.

    Raises:
        PackError: everything that is wrong with the file by itself.
    """
    content = read_yaml(path)
    if not isinstance(content, Table):
        raise PackError([Problem(path, 1, f"a file of lines has the keys {', '.join(KEYS)}")])
    problems: list[Problem] = []
    known = COMMON_KEYS if path.stem == COMMON else KEYS
    problems += [
        Problem(path, key.line, f"unknown key '{key}'{nearest(key, known)}")
        for key in content
        if key not in known
    ]
    lines = _wordings(content, "lines", path, problems)
    words = Words(
        path=path,
        title=str(content.get("title") or path.stem.replace("-", " ")),
        called=tuple(_texts(content["called"] or (), "called", path, problems))
        if "called" in content
        else (),
        lines=lines,
        again={line: wordings[0] for line, wordings in _wordings(content, "again", path, problems).items()},
        options=_wordings(content, "options", path, problems),
        voice=str(content.get("voice") or ""),
    )
    if problems:
        raise PackError(problems)
    return words


def missing_words(exercise: Exercise, words: Words) -> list[str]:
    """What a language still lacks to lead an exercise, as messages for its translator."""
    wanted = exercise.line_ids()
    options = [option for step in exercise.steps if isinstance(step, Choose) for option in step.options]
    missing = [
        f"the line '{line}' is missing{nearest(line, words.lines)}"
        for line in wanted
        if line not in words.lines
    ]
    missing += [f"the option '{option}' has no words" for option in options if option not in words.options]
    missing += [
        f"the question '{line}' has no second wording under 'again'"
        for line, question in wanted.items()
        if question and line not in words.again
    ]
    if not words.called:
        missing.append("'called' must say how the exercise is called")
    return missing


def unknown_slots(words: Words) -> Iterator[tuple[str, str]]:
    """The lines that ask for something which no exercise gives, with a message for their translator."""
    texts = [(line, text) for line, wordings in words.lines.items() for text in wordings]
    for line, text in [*texts, *words.again.items()]:
        for slot in sorted(set(SLOT.findall(text)) - SLOTS):
            yield line, f"'{line}' knows no slot '{{{slot}}}'{nearest(slot, SLOTS)}"


def _wordings(content: Table, key: str, path: Path, problems: list[Problem]) -> dict[str, tuple[str, ...]]:
    table = content.get(key) or Table()
    if not isinstance(table, Table):
        problems.append(Problem(path, content.line, f"'{key}' must give words for each name"))
        return {}
    return {
        name: tuple(_texts(value if isinstance(value, Items) else [value], name, path, problems))
        for name, value in table.items()
    }


def _texts(values: Sequence[Any], name: str, path: Path, problems: list[Problem]) -> list[str]:
    texts = []
    for value in values:
        if isinstance(value, Text) and value.strip():
            texts.append(" ".join(value.split()))
        else:
            line = int(getattr(value, "line", 0) or getattr(name, "line", 0))
            problems.append(Problem(path, line, f"'{name}' must be words"))
    if not texts and not problems:
        problems.append(Problem(path, getattr(name, "line", 0), f"'{name}' must be words"))
    return texts
