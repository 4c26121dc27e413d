"""The settings file: TOML, read with all its mistakes at once, and written with every key explained."""

from __future__ import annotations

import re
import tempfile
import textwrap
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from .errors import CoachError
from .keys import UNFIT, Key
from .settings import KEYS, Given
from .toml_text import toml

_BY_NAME: Mapping[str, Key] = {one.name: one for one in KEYS}
_TABLES = frozenset(name.rpartition(".")[0] for name in _BY_NAME) - {""}
_TABLE_LINE = re.compile(r"\s*\[+\s*([^\]]+?)\s*\]")
_KEY_LINE = re.compile(r"""\s*([\w.'"\s-]+?)\s*=""")
_AT_LINE = re.compile(r"at line (\d+)")


# Reading


def read_file(path: Path, problems: list[str]) -> dict[str, Given]:
    """The settings in a file, by key; none if there is no file. Adds to `problems` what is wrong with it."""
    try:
        text = path.read_text(encoding="utf-8")
        content = tomllib.loads(text)
    except FileNotFoundError:
        return {}
    except OSError as error:
        problems.append(f"{path}: it cannot be read: {error.strerror}")
        return {}
    except UnicodeDecodeError:
        problems.append(f"{path}: it is no text in UTF-8")
        return {}
    except tomllib.TOMLDecodeError as error:
        at = _AT_LINE.search(str(error))
        line = at.group(1) if at else len(text.splitlines())
        problems.append(f"{path}:{line}: this is no TOML: {error}")
        return {}
    return _checked(path, content, _lines(text), problems)


def _checked(
    path: Path, content: Mapping[str, Any], lines: Mapping[str, int], problems: list[str]
) -> dict[str, Given]:
    found: dict[str, Given] = {}
    wrong: list[tuple[int, str]] = []
    for name, value in _flat(content):
        line = lines.get(name) or lines.get(name.rpartition(".")[0], 1)
        known = _BY_NAME.get(name)
        if known is None:
            wrong.append((line, _unknown(name)))
            continue
        try:
            found[name] = Given(known.kind.read(value), f"{path.name}:{line}")
        except UNFIT:
            wrong.append((line, f"'{name}' must be {known.kind.expected}, not {toml(value)}"))
    problems += [f"{path}:{line}: {said}" for line, said in sorted(wrong)]
    return found


def _flat(content: Mapping[str, Any], table: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in content.items():
        if isinstance(value, dict) and table + name in _TABLES:
            yield from _flat(value, f"{table}{name}.")
        else:
            yield table + name, value


def _unknown(name: str) -> str:
    from intents import nearest

    table, _, last = name.rpartition(".")
    if table and last in _BY_NAME:
        return f"unknown key '{name}': '{last}' must stand above the line [{table}]"
    return f"unknown key '{name}'{nearest(name, [*_BY_NAME, *_TABLES])}"


def _lines(text: str) -> dict[str, int]:
    """The line where each key stands, and each table begins, counted from 1."""
    found: dict[str, int] = {}
    table = ""
    for number, line in enumerate(text.splitlines(), 1):
        if match := _TABLE_LINE.match(line):
            table = f"{match.group(1)}."
            found.setdefault(match.group(1), number)
        elif match := _KEY_LINE.match(line):
            found.setdefault(table + re.sub(r"""['"\s]""", "", match.group(1)), number)
    return found


# Writing


def write_default(path: Path, *, force: bool) -> None:
    """Writes a file with every key, its default, and what it means. The file appears complete or not at all.

    Raises:
        CoachError: there is one already and it is not to be replaced, or it cannot be written.
    """
    if path.exists() and not force:
        raise CoachError(f"{path} is there already; --force replaces it")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", dir=path.parent, prefix=f"{path.name}.", delete=False
        ) as file:
            file.write(default_text())
        Path(file.name).replace(path)
    except OSError as error:
        raise CoachError(
            f"{path} cannot be written: {error.strerror}; name another file with VOICE_COACH_CONFIG"
        ) from error


def default_text() -> str:
    """The written default."""
    lines = [
        "# Settings of Voice Coach. `voice-coach settings show` says what counts and why.",
        "# Each can be given for one time: by its flag, or by its variable in the environment.",
    ]
    table = ""
    for one in KEYS:
        before, _, name = one.name.rpartition(".")
        if before != table:
            table = before
            lines += ["", f"[{table}]"]
        lines += ["", *textwrap.wrap(one.doc, 100, initial_indent="# ", subsequent_indent="# ")]
        lines.append(f"# {one.flag}, {one.variable}; {one.kind.expected}")
        lines.append(
            f"# {name} = {toml(one.example)}" if one.default is None else f"{name} = {toml(one.default)}"
        )
    return "\n".join(lines) + "\n"
