"""How a setting is described, once: its default, what it means, and what it may be.

The written settings file, the flags and their help, and the names of environment variables are made from it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import MISSING, dataclass, field, fields, is_dataclass
from pathlib import Path
from typing import Any, Literal, TypeAlias

Place: TypeAlias = Literal["everywhere", "talking", "table"]
"""The commands that have it as a flag: all, those that hold a conversation, or only the one at the table."""

_KEY = "key"
UNFIT = (ValueError, TypeError, KeyError)
"""What reading a value raises if it is not of the kind."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What a value may be."""

    expected: str
    """Completes "it must be ..."."""
    read: Callable[[Any], Any]
    """A value of a TOML file as ours; raises one of UNFIT if it is none."""
    parse: Callable[[str], Any] = str
    """The text of a flag or a variable as a value of a TOML file."""
    metavar: str = "TEXT"
    """What stands for it in the help of its flag."""
    several: bool = False
    """Whether the flag may be given several times."""


@dataclass(frozen=True, slots=True)
class Key:
    """A setting."""

    name: str
    """As in the file, with the table before it: `times.awake`."""
    default: Any
    """None where nothing is set."""
    doc: str
    kind: Kind
    place: Place
    example: str
    """A value for the written file where there is no default."""

    @property
    def variable(self) -> str:
        """The environment variable."""
        return "VOICE_COACH_" + self.name.upper().replace(".", "_")

    @property
    def flag(self) -> str:
        """The option of the command line."""
        return "--" + self.name.replace("_", "-").replace(".", "-")

    @property
    def parameter(self) -> str:
        """The flag's name in Python."""
        return self.name.replace(".", "_")


def key(default: Any, doc: str, kind: Kind, *, place: Place = "everywhere", example: str = "") -> Any:
    """A field of a dataclass of settings."""
    return field(default=default, metadata={_KEY: (doc, kind, place, example)})


def keys_of(settings: type[Any], table: str = "") -> tuple[Key, ...]:
    """The settings of a dataclass, with those of the dataclasses in it."""
    found: list[Key] = []
    for one in fields(settings):
        if _KEY in one.metadata:
            found.append(Key(table + one.name, one.default, *one.metadata[_KEY]))
        elif one.default_factory is not MISSING and is_dataclass(one.default_factory):
            found += keys_of(one.default_factory, f"{table}{one.name}.")
    return tuple(found)


# Kinds


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError
    return value


def _texts(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise TypeError
    # A word is what has letters: "..." is no name and cannot be heard.
    if not all(any(letter.isalpha() for letter in _text(item)) for item in value):
        raise ValueError
    return tuple(item.strip() for item in value)


def _phrases(value: Any) -> tuple[str, ...]:
    phrases = _texts(value)
    if not phrases:
        raise ValueError
    return phrases


def _two(value: Any) -> tuple[str, ...]:
    names = _texts(value)
    if len(names) != 2 or names[0].casefold() == names[1].casefold():
        raise ValueError
    return names


def _commas(text: str) -> list[str]:
    return text.split(",")


def _path(value: Any) -> Path:
    return Path(_text(value)).expanduser()


def _folders(value: Any) -> tuple[Path, ...]:
    if not isinstance(value, list):
        raise TypeError
    folders = tuple(map(_path, value))
    if not all(folder.is_dir() for folder in folders):
        raise ValueError
    return folders


def _device(value: Any) -> str:
    whole = isinstance(value, int) and not isinstance(value, bool)
    return str(value) if whole else _text(value)


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError
    return value


def _seconds(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= _DAY:
        raise ValueError
    return float(value)


_DAY = 24 * 60 * 60
_TRUTH = dict.fromkeys(("1", "true", "yes", "on"), True) | dict.fromkeys(("0", "false", "no", "off"), False)

TEXT = Kind("some text", _text)
NAMES = Kind("two different names", _two, _commas, "NAME,NAME")
PHRASES = Kind("one phrase or more", _phrases, _commas, "TEXT,TEXT")
PATH = Kind("a path", _path, metavar="PATH")
FOLDERS = Kind(
    "folders that exist", _folders, lambda text: text.split(os.pathsep), metavar="DIR", several=True
)
DEVICE = Kind("a device's name or number", _device, metavar="NAME")
FLAG = Kind("true or false", _flag, lambda text: _TRUTH[text.lower()])
SECONDS = Kind("seconds: above 0, a day at most", _seconds, float, "SECONDS")


def whole_number(lowest: int, highest: int) -> Kind:
    """A whole number within bounds."""

    def read(value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not lowest <= value <= highest:
            raise ValueError
        return value

    return Kind(f"a whole number from {lowest} to {highest}", read, int, "NUMBER")


def one_of(words: Sequence[str]) -> Kind:
    """One of some words."""

    def read(value: Any) -> str:
        if value not in words:
            raise ValueError
        return str(value)

    return Kind(f"one of {', '.join(words)}", read, metavar="|".join(words))
