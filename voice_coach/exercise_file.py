"""Reads exercises, and tells their authors everything that is wrong with them at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Literal

from intents import Items, PackError, Problem, Table, Text, nearest, read_yaml

from .exercise import (
    NEXT,
    VARIANTS,
    Ask,
    Chime,
    Choose,
    End,
    Exercise,
    Goto,
    Role,
    Say,
    Step,
    Timed,
    Variant,
    Waiting,
)

ROLES: tuple[Role, ...] = ("first", "second", "starter", "other", "both")
SETTINGS = ("table", "quiet", "away")
SOUNDS = ("turn-over", "halfway", "warning", "listening", "closed")
TOP_KEYS = ("minutes", "rating", "setting", "covers", "steps")
STEP_KEYS: Mapping[str, tuple[str, ...]] = {
    "say": (),
    "ask": ("of", "goto", "seconds"),
    "choose": ("of", "options", "goto", "rounds", "seconds"),
    "turn": ("who", "seconds", "by", "silent", "asked"),
    "hush": ("seconds", "by", "silent", "asked"),
    "chime": ("sound",),
    "goto": ("rounds",),
    "end": ("how",),
}
SHORT_WAIT = 8.0
"""Seconds that an answer is waited for unless the step says otherwise; 20 suits a reflective question."""


def load_exercise(path: Path, intents: frozenset[str]) -> Exercise:
    """The exercise of one file; its id is the file's name.

    Args:
        path: a file of an `exercises/` folder.
        intents: what an answer may mean; a `goto` of an `ask` must name one of them.

    Raises:
        PackError: everything that is wrong with the file.
    """
    return _Reader(path, intents).exercise()


class _Reader:
    """Reads one file and collects its problems on the way."""

    def __init__(self, path: Path, intents: frozenset[str]) -> None:
        self.path = path
        self.intents = intents
        self.problems: list[Problem] = []

    def exercise(self) -> Exercise:
        content = read_yaml(self.path)
        if not isinstance(content, Table):
            raise PackError([Problem(self.path, 1, f"an exercise has the keys {', '.join(TOP_KEYS)}")])
        self._keys(content, TOP_KEYS, "an exercise")
        steps = content.get("steps")
        if not isinstance(steps, Items) or not steps:
            self._problem(content, "'steps' must list at least one step")
            steps = Items()
        read = [self._step(step) for step in steps]
        exercise = Exercise(
            id=self.path.stem,
            minutes=int(self._number(content, "minutes", 1)),
            rating=self._one_of(content, "rating", ("A", "B"), "A"),
            setting=self._one_of(content, "setting", SETTINGS, "table"),
            covers=tuple(self._words(content, "covers")),
            steps=tuple(step for step in read if step is not None),
        )
        self._check_targets(exercise, steps)
        if self.problems:
            raise PackError(self.problems)
        return exercise

    # One step

    def _step(self, node: Any) -> Step | None:
        if not isinstance(node, Table):
            self._problem(node, f"a step begins with one of {', '.join(STEP_KEYS)}, such as 'say: welcome'")
            return None
        kind = _kind(node)
        if kind not in STEP_KEYS:
            self._problem(node, f"no step begins with '{kind}'{nearest(kind, STEP_KEYS)}")
            return None
        if not isinstance(node[kind], Text):
            self._problem(node, f"'{kind}' must be followed by the step's name")
            return None
        self._keys(node, (kind, "only", *STEP_KEYS[kind]), f"'{kind}'")
        only = self._variants(node)
        build: Callable[[Table, str, frozenset[Variant]], Step] = getattr(self, f"_{kind}")
        return build(node, str(node[kind]), only)

    def _say(self, _: Table, name: str, only: frozenset[Variant]) -> Step:
        return Say(name, only)

    def _ask(self, node: Table, name: str, only: frozenset[Variant]) -> Step:
        goto = self._targets(node, "goto")
        for intent in goto:
            if intent not in self.intents:
                self._problem(node, f"no answer is called '{intent}'{nearest(intent, self.intents)}")
        consent = not goto
        role = self._one_of(node, "of", ROLES, "both")
        if consent and role not in ("first", "second"):
            self._problem(node, "a consent is asked of one person: 'of: first' or 'of: second'")
        return Ask(
            name, only, role, goto or {"yes": NEXT}, self._number(node, "seconds", SHORT_WAIT), consent
        )

    def _choose(self, node: Table, name: str, only: frozenset[Variant]) -> Step:
        options = self._words(node, "options")
        if not 2 <= len(options) <= 3:
            self._problem(node, "a choice has two or three options")
        goto = self._targets(node, "goto")
        rounds = {str(option): int(count) for option, count in self._numbers(node, "rounds").items()}
        for option in [*goto, *rounds]:
            if option not in options:
                self._problem(node, f"'{option}' is not among the options{nearest(option, options)}")
        role = self._one_of(node, "of", ROLES, "both")
        return Choose(
            name, only, role, tuple(options), goto, rounds, self._number(node, "seconds", SHORT_WAIT)
        )

    def _turn(self, node: Table, name: str, only: frozenset[Variant]) -> Step:
        who = self._one_of(node, "who", ROLES, "starter")
        return self._timed(node, name, only, "turn", who)

    def _hush(self, node: Table, name: str, only: frozenset[Variant]) -> Step:
        return self._timed(node, name, only, "hush", "both")

    def _timed(
        self, node: Table, name: str, only: frozenset[Variant], kind: Literal["turn", "hush"], who: Role
    ) -> Step:
        by = node.get("by")
        if isinstance(node.get("seconds"), Text):
            seconds = dict.fromkeys(map(str, VARIANTS), self._number(node, "seconds", 60))
        else:
            seconds = self._numbers(node, "seconds")
            known = set(VARIANTS) | set(seconds if by else ())
            for key in seconds:
                if key not in known:
                    self._problem(node, f"'seconds' knows no '{key}'{nearest(key, known)}")
        if by is None:
            for variant in sorted(only - set(seconds)):
                self._problem(node, f"'seconds' lacks the variant '{variant}'; or limit the step with 'only'")
        silent, asked = (self._one_of(node, key, ("yes", "no"), "no") == "yes" for key in ("silent", "asked"))
        return Timed(name, only, kind, who, seconds, None if by is None else str(by), silent, asked)

    def _chime(self, node: Table, name: str, only: frozenset[Variant]) -> Step:
        return Chime(name, only, self._one_of(node, "sound", SOUNDS, "turn-over"))

    def _goto(self, node: Table, name: str, only: frozenset[Variant]) -> Step:
        rounds = self._one_of(node, "rounds", ("chosen",), "") == "chosen" if "rounds" in node else False
        return Goto(f"goto-{name}", only, name, rounds)

    def _end(self, node: Table, name: str, only: frozenset[Variant]) -> Step:
        return End(name, only, self._one_of(node, "how", ("finished", "declined"), "finished"))

    # Whole exercise

    def _check_targets(self, exercise: Exercise, nodes: Items) -> None:
        lines = {str(node[_kind(node)]): node for node in nodes if isinstance(node, Table) and node}
        names = [step.id for step in exercise.steps]
        targets = {*names, NEXT}
        for step in exercise.steps:
            where = lines.get(step.id.removeprefix("goto-"))
            if names.count(step.id) > 1:
                self._problem(where, f"two steps are called '{step.id}'; give each a name of its own")
            wanted = (
                [step.to]
                if isinstance(step, Goto)
                else step.goto.values()
                if isinstance(step, Ask | Choose)
                else []
            )
            for target in wanted:
                if target not in targets:
                    self._problem(where, f"no step is called '{target}'{nearest(target, names)}")
            if isinstance(step, Timed) and step.by:
                self._check_by(step, exercise, where)
            if isinstance(step, Goto) and step.to in names:
                self._check_goto(step, exercise, where)
        for variant in VARIANTS:
            last = [step for step in exercise.steps if variant in step.only][-1:]
            if not last or not isinstance(last[0], End):
                self._problem(nodes, f"the variant '{variant}' must close with an 'end' step")

    def _check_goto(self, step: Goto, exercise: Exercise, where: Any) -> None:
        target, place = exercise.index(step.to), exercise.index(step.id)
        if target > place:
            return
        if not step.rounds:
            self._problem(where, "a 'goto' without 'rounds' must lead on to a later step")
        elif not any(
            isinstance(one, Waiting) and one.only >= step.only for one in exercise.steps[target:place]
        ):
            self._problem(
                where, "a 'goto' with 'rounds' must lead back over a step that waits in all its variants"
            )

    def _check_by(self, step: Timed, exercise: Exercise, where: Any) -> None:
        choices = {choice.id: choice for choice in exercise.steps if isinstance(choice, Choose)}
        choice = choices.get(step.by or "")
        if choice is None:
            self._problem(where, f"'by' must name a 'choose' step{nearest(step.by or '', choices)}")
            return
        known = {*choice.options, *VARIANTS}
        for key in step.seconds:
            if key not in known:
                self._problem(where, f"'seconds' knows no '{key}'{nearest(key, known)}")
        for option in choice.options:
            if option not in step.seconds:
                self._problem(where, f"'seconds' lacks the option '{option}'")
        for variant in sorted(step.only - choice.only - set(step.seconds)):
            self._problem(where, f"'seconds' lacks the variant '{variant}', which does not ask '{choice.id}'")

    # Values

    def _problem(self, node: Any, message: str) -> None:
        self.problems.append(Problem(self.path, getattr(node, "line", 0), message))

    def _keys(self, table: Table, known: Iterable[str], what: str) -> None:
        for key in table:
            if key not in known:
                self._problem(key, f"{what} has no key '{key}'{nearest(key, known)}")

    def _one_of(self, table: Table, key: str, known: tuple[Any, ...], default: Any) -> Any:
        value = table.get(key, default)
        if value not in known:
            self._problem(
                value or table, f"'{key}' must be one of {', '.join(known)}{nearest(str(value), known)}"
            )
            return default
        return str(value) if value else default

    def _number(self, table: Table, key: str, default: float) -> float:
        value = table.get(key)
        if value is None:
            return default
        return self._positive(value, key)

    def _positive(self, value: Any, key: str) -> float:
        try:
            number = float(value)
        except (TypeError, ValueError):
            number = 0
        if not 0 < number <= 4 * 3600:
            self._problem(value, f"'{key}' must be a number above 0, not '{value}'")
            return 1
        return number

    def _numbers(self, table: Table, key: str) -> dict[str, float]:
        value = table.get(key, Table())
        if not isinstance(value, Table):
            self._problem(table, f"'{key}' must give a number for each name, such as {{usual: 60}}")
            return {}
        return {str(name): self._positive(number, key) for name, number in value.items()}

    def _targets(self, table: Table, key: str) -> dict[str, str]:
        value = table.get(key, Table())
        if not isinstance(value, Table) or not all(isinstance(target, Text) for target in value.values()):
            self._problem(table, f"'{key}' must name a step for each answer, such as {{yes: next}}")
            return {}
        return {str(name): str(target) for name, target in value.items()}

    def _words(self, table: Table, key: str) -> list[str]:
        value = table.get(key, Items())
        if not isinstance(value, Items) or not all(isinstance(word, Text) for word in value):
            self._problem(table, f"'{key}' must be a list of words")
            return []
        return [str(word) for word in value]

    def _variants(self, table: Table) -> frozenset[Variant]:
        words = self._words(table, "only") if "only" in table else list(VARIANTS)
        for word in words:
            if word not in VARIANTS:
                self._problem(table["only"], f"no variant is called '{word}'{nearest(word, VARIANTS)}")
        return frozenset(variant for variant in VARIANTS if variant in words)


def _kind(step: Table) -> str:
    """A step is called by its first key."""
    return str(next(iter(step), "nothing"))
