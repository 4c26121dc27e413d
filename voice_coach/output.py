"""What commands write: lines or JSON on standard output, complaints on standard error."""

from __future__ import annotations

import json
import sys
from typing import Any


def piped() -> bool:
    """Whether a program reads the output, and no person."""
    return not sys.stdout.isatty()


def write(line: str) -> None:
    """A line for people."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def write_json(data: Any) -> None:
    """A line for programs."""
    write(json.dumps(data, ensure_ascii=False))


def complain(problem: object) -> None:
    """What is wrong and what mends it; one line, unless there are several things."""
    sys.stderr.write(f"voice-coach: {problem}\n")


def hint(line: str) -> None:
    """A line for whoever is at the machine, beside what is written."""
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()
