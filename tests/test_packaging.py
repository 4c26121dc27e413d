"""The wheel: three packages, and every data file of the tree in it."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from hatchling.builders.wheel import WheelBuilder

ROOT = Path(__file__).parents[1]
PACKAGES = ("audio", "intents", "voice_coach")
DATA = (".yaml", ".play", ".flac", ".typed")


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The names of the files in the wheel."""
    (wheel,) = WheelBuilder(str(ROOT)).build(
        directory=str(tmp_path_factory.mktemp("dist")), versions=["standard"]
    )
    return set(zipfile.ZipFile(wheel).namelist())


def test_its_top_level_names_are_our_three_packages(packed: set[str]) -> None:
    top = {name.partition("/")[0] for name in packed}
    assert {name for name in top if not name.endswith(".dist-info")} == set(PACKAGES)


def test_every_data_file_is_in_it(packed: set[str]) -> None:
    in_tree = {
        str(path.relative_to(ROOT))
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.suffix in DATA or path.name == "py.typed"
    }
    assert len(in_tree) > 200
    assert in_tree - packed == set()
