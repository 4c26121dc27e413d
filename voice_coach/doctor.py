"""`voice-coach doctor`: looks at everything that the coach needs, and says what mends it.

Each check gives findings and never raises; what is heavy is imported only in the check that looks at it.
"""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TypeAlias

from .doctor_sound import check_devices, check_ear, check_permissions, check_voice
from .finding import Finding, of_error
from .places import cache_folder, data_folder, settings_path
from .settings import DEFAULTS, Resolved, Settings, resolve

PYTHONS = ((3, 11), (3, 14))
"""From the first up to before the second."""
ROOM = 300_000_000
"""Bytes to have left: the fast weights, the voice's sound, and what is remembered."""
REQUIREMENT = re.compile(r"([\w.-]+)([^;]*)(;.*)?")

Check: TypeAlias = Callable[[Settings], Iterator[Finding]]


def examine(flags: Mapping[str, Any], *, listen: bool, tell: Callable[[str], None]) -> Iterator[Finding]:
    """Everything that was found, one after the other.

    Args:
        flags: settings of the command line.
        listen: open the microphone too.
        tell: shows a person at the microphone what to do.
    """
    settings = DEFAULTS
    try:
        resolved = resolve(flags)
        settings = resolved.usable
        yield check_settings(resolved)
    except Exception as error:  # noqa: BLE001 (whatever is wrong, the other checks go on)
        yield of_error("settings file", error)
    for name, check in CHECKS.items():
        yield from _safely(check, settings, name)
    if listen:
        yield from _safely(lambda settings: _listening(settings, tell), settings, "listening")


def readable(finding: Finding) -> str:
    """A finding for people: one line, and the command that mends it."""
    mark = "ok     " if finding.ok else "BROKEN " if finding.needed else "note   "
    mends = f"\n        mend it: {finding.mends}" if finding.mends and not finding.ok else ""
    return f"{mark} {finding.name}: {finding.said}{mends}"


def _listening(settings: Settings, tell: Callable[[str], None]) -> Iterator[Finding]:
    from .doctor_listen import listen_to_card

    yield from listen_to_card(settings, tell)


def _safely(check: Check, settings: Settings, name: str) -> Iterator[Finding]:
    try:
        for finding in check(settings):
            yield replace(finding, mends="") if finding.ok else finding
    except Exception as error:  # noqa: BLE001 (whatever is wrong, the other checks go on)
        yield of_error(name, error)


# Checks


def check_settings(resolved: Resolved) -> Finding:
    """Whether the settings file, flags and variables are right."""
    path = settings_path()
    if resolved.problems:
        mends = "correct what is named, or write a new file: voice-coach settings init --force"
        return Finding("settings file", False, True, " | ".join(resolved.problems), mends)
    none = f"none, so defaults count; `voice-coach settings init` writes {path}"
    return Finding("settings file", True, True, str(path) if path.exists() else none)


def check_python(_settings: Settings) -> Iterator[Finding]:
    """Whether this Python is one that the coach runs on."""
    lowest, too_high = PYTHONS
    version = sys.version_info[:3]
    yield Finding(
        "python",
        lowest <= version[:2] < too_high,
        True,
        f"{'.'.join(map(str, version))} at {sys.executable}",
        "install Python 3.12, then: pipx install --python python3.12 voice-coach",
    )


def check_packages(_settings: Settings) -> Iterator[Finding]:
    """Whether what we stand on is installed, and `audio` and `intents` are ours."""
    missing = [requirement for requirement in _requirements() if not _installed(requirement)]
    quoted = " ".join(f"'{requirement}'" for requirement in missing)
    said = f"missing: {', '.join(missing)}" if missing else "all that are needed are installed"
    yield Finding("packages", not missing, True, said, f"pip install {quoted}" if missing else "")
    home = Path(__file__).parents[1]
    for name in ("audio", "intents"):
        spec = find_spec(name)
        origin = Path(spec.origin) if spec and spec.origin else None
        if origin is None or origin.parents[1] != home:
            said = f"the package `{name}` is not ours but {origin or 'missing'}"
            yield Finding(
                f"package {name}", False, True, said, "pipx install voice-coach, which keeps it apart"
            )


def check_language(settings: Settings) -> Iterator[Finding]:
    """Whether exercises and sentences can be read."""
    from .library import load_library

    library = load_library(settings.language, settings.library_packs)
    said = f"{settings.language}: {', '.join(sorted(library.exercises))}"
    mends = "voice-coach exercises check, and --language for another"
    yield Finding("exercises", bool(library.exercises), True, said, mends)


def check_folders(settings: Settings) -> Iterator[Finding]:
    """Whether what is kept can be written. Leaves nothing behind."""
    for name, folder, variable in (
        ("data folder", settings.data_dir or data_folder(), "VOICE_COACH_DATA_DIR"),
        ("cache folder", cache_folder(), "VOICE_COACH_CACHE"),
    ):
        there = next(one for one in (folder, *folder.parents) if one.exists())
        try:
            with tempfile.TemporaryFile(dir=there):
                free = shutil.disk_usage(there).free
        except OSError as error:
            mends = f"make {there} writable for you, or name another folder: export {variable}=DIR"
            yield Finding(name, False, True, f"{folder} cannot be written: {error.strerror}", mends)
            continue
        said = f"{folder}, {free / 1e9:.1f} GB free"
        yield Finding(name, free >= ROOM, True, said, f"free some space, or: export {variable}=DIR")


def check_clock(_settings: Settings) -> Iterator[Finding]:
    """Whether the clock can be right: it is later than this file, and its zone is known."""
    now = datetime.now(UTC)
    written = datetime.fromtimestamp(Path(__file__).stat().st_mtime, UTC)
    local = now.astimezone()
    step = time.get_clock_info("monotonic").resolution
    said = f"{local:%Y-%m-%d %H:%M} {local.tzname()}, steps of {1e6 * step:g} µs"
    yield Finding("clock", now >= written and step < 0.01, False, said, "sudo timedatectl set-ntp true")


CHECKS: Mapping[str, Check] = {
    "python": check_python,
    "packages": check_packages,
    "exercises": check_language,
    "ear": check_ear,
    "voice": check_voice,
    "devices": check_devices,
    "permissions": check_permissions,
    "folders": check_folders,
    "clock": check_clock,
}


def _requirements() -> list[str]:
    """What our distribution needs on every machine. What only some need is seen to where it is used."""
    found = []
    for requirement in metadata.requires("voice-coach") or ():
        match = REQUIREMENT.match(requirement)
        if match and not match.group(3):
            found.append(requirement.strip())
    return found


def _installed(requirement: str) -> bool:
    match = REQUIREMENT.match(requirement)
    try:
        return bool(match) and bool(metadata.version(match.group(1)))  # type: ignore[union-attr]
    except metadata.PackageNotFoundError:
        return False
