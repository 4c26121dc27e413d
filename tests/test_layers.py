"""In each package, a third-party library has one importing module (numpy exempt)."""

from __future__ import annotations

import ast
import sys
from collections import defaultdict
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("audio", "intents", "voice_coach")
EVERYWHERE = {"numpy", *PACKAGES}


def imported(path: Path) -> set[str]:
    """The top-level names that a module imports, anywhere in it."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            names.add(node.module.partition(".")[0])
    return names - sys.stdlib_module_names - EVERYWHERE


@pytest.mark.parametrize("package", PACKAGES)
def test_a_library_has_one_importing_module(package: str) -> None:
    importers: dict[str, set[str]] = defaultdict(set)
    for path in sorted((ROOT / package).glob("*.py")):
        for name in imported(path):
            importers[name].add(path.stem)
    assert {name: found for name, found in importers.items() if len(found) > 1} == {}


@pytest.mark.parametrize("package", PACKAGES)
def test_another_package_comes_in_only_by_its_door(package: str) -> None:
    for path in sorted((ROOT / package).glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            module = node.module if isinstance(node, ast.ImportFrom) and node.level == 0 else None
            owner = (module or "").partition(".")[0]
            if owner in PACKAGES and owner != package:
                assert module == owner, f"{path.name}:{node.lineno} goes past the door of {owner}"


def test_no_file_is_too_long_to_hold_one_thought() -> None:
    long = {
        str(path.relative_to(ROOT)): count
        for package in PACKAGES
        for path in (ROOT / package).glob("*.py")
        if (count := len(path.read_text(encoding="utf-8").splitlines())) > 320
    }
    assert long == {}
