"""The folders that the coach uses on this machine."""

from __future__ import annotations

import os
from pathlib import Path

NAME = "voice-coach"


def cache_folder() -> Path:
    """What can be made again: the fast weights and the sound of lines. `VOICE_COACH_CACHE` moves it."""
    named = os.environ.get("VOICE_COACH_CACHE")
    if named:
        return Path(named)
    import platformdirs  # noqa: PLC0415: start-up time

    return Path(platformdirs.user_cache_dir(NAME))


def weights_folder() -> Path:
    """The recogniser's fast weights."""
    return cache_folder() / "weights"


def voice_folder() -> Path:
    """The sound of the coach's own lines."""
    return cache_folder() / "voice"


def data_folder() -> Path:
    """What cannot be made again, such as models that were installed. `VOICE_COACH_DATA_DIR` moves it."""
    named = os.environ.get("VOICE_COACH_DATA_DIR")
    if named:
        return Path(named)
    import platformdirs  # noqa: PLC0415: start-up time

    return Path(platformdirs.user_data_dir(NAME))


def settings_path() -> Path:
    """The settings file. `VOICE_COACH_CONFIG` names another."""
    named = os.environ.get("VOICE_COACH_CONFIG")
    if named:
        return Path(named)
    import platformdirs  # noqa: PLC0415: start-up time

    return Path(platformdirs.user_config_dir(NAME)) / "config.toml"
