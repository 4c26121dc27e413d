"""What the doctor finds."""

from __future__ import annotations

import re
from dataclasses import dataclass

_LAST_PART = re.compile(r"(.*)[;:] (.*)", re.DOTALL)
MOST = 3
"""Mistakes of one kind that are shown."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    name: str
    ok: bool
    needed: bool
    """Whether the coach cannot do without it."""
    said: str
    """What is there, or what is wrong."""
    mends: str = ""
    """The command or the deed that mends it. Empty where it is ok."""


def of_error(name: str, error: Exception, *, needed: bool = True) -> Finding:
    """What an error means: those that are made for people say at their end what mends them.

    They are known by their names, because what defines them may be what is broken.
    """
    lines = str(error).splitlines()
    said = " | ".join(lines[:MOST] + ([f"and {len(lines) - MOST} more"] if len(lines) > MOST else []))
    match = _LAST_PART.fullmatch(said)
    if type(error).__name__ == "SetupError" and match:
        return Finding(name, False, needed, match.group(1).removesuffix("; try"), match.group(2).strip())
    if type(error).__name__ == "PackError":
        return Finding(
            name, False, needed, said, "correct what is named; `voice-coach exercises check` looks again"
        )
    said = f"it cannot be looked at: {type(error).__name__}: {said}"
    return Finding(name, False, needed, said, "pip install --force-reinstall voice-coach")
