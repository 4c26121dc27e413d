"""What can be set. A flag counts before the environment, that before the file, that before the default."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .errors import CoachError
from .household import CALM, FASTEST, SLOWEST, UNNAMED, WAKE_PHRASES, Times
from .keys import (
    DEVICE,
    FLAG,
    FOLDERS,
    NAMES,
    PATH,
    PHRASES,
    TEXT,
    UNFIT,
    Key,
    Place,
    key,
    keys_of,
    one_of,
    whole_number,
)

if TYPE_CHECKING:
    from .library import Packs

EARS = ("vosk", "moonshine")


class SettingsError(CoachError):
    """All that is wrong with the settings, one line each."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that can be set."""

    language: str = key("en", "The language to coach in.", TEXT)
    names: tuple[str, str] = key(
        UNNAMED, "The two people, first and second, as the coach says their names.", NAMES, place="talking"
    )
    wake_phrases: tuple[str, ...] = key(
        WAKE_PHRASES, "What wakes the coach: plain words of its language.", PHRASES, place="talking"
    )
    packs: tuple[Path, ...] = key((), "Folders of exercises or sentences to add.", FOLDERS)
    only_packs: tuple[Path, ...] = key((), "The same, instead of ours.", FOLDERS)
    data_dir: Path | None = key(
        None, "The folder for what is kept; otherwise the usual one of this system.", PATH, example="~/coach"
    )
    model: Path | None = key(
        None, "The folder of a Vosk model, which then hears.", PATH, example="~/vosk-model-small-en-us-0.15"
    )
    ear: str | None = key(
        None, "Which recogniser hears; otherwise whichever suits.", one_of(EARS),
        example="moonshine",
    )  # fmt: skip
    voice: str | None = key(
        None, "The voice that speaks; otherwise the language's own.", TEXT, place="talking",
        example="en-gb+f3",
    )  # fmt: skip
    rate: int = key(
        CALM, "How fast it speaks, in words a minute.", whole_number(SLOWEST, FASTEST), place="talking"
    )
    input: str | None = key(
        None, "The microphone, by name or number; otherwise the machine's default.", DEVICE, place="table",
        example="USB",
    )  # fmt: skip
    output: str | None = key(
        None, "The loudspeaker, likewise.", DEVICE, place="table", example="USB"
    )  # fmt: skip
    headphones: bool = key(
        False, "The microphone cannot hear the coach, which can then be interrupted.", FLAG, place="table"
    )
    show_text: bool = key(False, "Show what was heard outside of turns.", FLAG, place="table")
    log: Path | None = key(
        None, "The file to write the log to; otherwise standard error.", PATH, place="table",
        example="~/coach.log",
    )  # fmt: skip
    times: Times = field(default_factory=Times)

    @property
    def library_packs(self) -> Packs:
        """Where exercises and sentences are looked for."""
        from .library import Packs

        return Packs((*self.only_packs, *self.packs), bool(self.only_packs))


DEFAULTS = Settings()
KEYS: tuple[Key, ...] = keys_of(Settings)
PLACES: tuple[Place, ...] = ("everywhere", "talking", "table")


@dataclass(frozen=True, slots=True)
class Given:
    """A value, and where it was given."""

    value: Any
    origin: str
    """`--rate`, `VOICE_COACH_RATE`, `config.toml:7`, or `default`."""


@dataclass(frozen=True, slots=True)
class Resolved:
    """All settings with their origins, and what was wrong with some: those have their defaults."""

    given: Mapping[str, Given]
    """By key."""
    problems: tuple[str, ...]

    @property
    def settings(self) -> Settings:
        """The settings.

        Raises:
            SettingsError: something was wrong.
        """
        if self.problems:
            raise SettingsError(self.problems)
        return self.usable

    @property
    def usable(self) -> Settings:
        """The settings that are right, whatever is wrong with others."""
        nested: dict[str, Any] = {}
        for name, given in self.given.items():
            table, _, last = name.rpartition(".")
            (nested.setdefault(table, {}) if table else nested)[last] = given.value
        return Settings(**{**nested, "times": Times(**nested["times"])})


def resolve(flags: Mapping[str, Any] | None = None) -> Resolved:
    """The settings of flags, environment, settings file and defaults.

    Args:
        flags: values by the names of the flags' parameters; None for those that were not given.
    """
    from .places import settings_path
    from .settings_file import read_file

    problems: list[str] = []
    given = {one.name: Given(one.default, "default") for one in KEYS}
    given |= read_file(settings_path(), problems)
    given |= _of_environment(os.environ, problems)
    given |= _of_flags(flags or {})
    return Resolved(given, tuple(problems))


def _of_environment(environment: Mapping[str, str], problems: list[str]) -> dict[str, Given]:
    found: dict[str, Given] = {}
    for one in KEYS:
        text = environment.get(one.variable)
        if text:
            try:
                found[one.name] = Given(one.kind.read(one.kind.parse(text)), one.variable)
            except UNFIT:
                problems.append(f"{one.variable}: it must be {one.kind.expected}, not '{text}'")
    return found


def _of_flags(flags: Mapping[str, Any]) -> dict[str, Given]:
    """What the command line has read already. Flags that may be given several times are empty if not."""
    return {
        one.name: Given(flags[one.parameter], one.flag)
        for one in KEYS
        if flags.get(one.parameter) not in (None, ())
    }
