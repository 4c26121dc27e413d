"""Which ear hears, and why: the one place where that is decided."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from .places import data_folder, weights_folder
from .settings import Settings

if TYPE_CHECKING:
    from audio import Ear


@dataclass(frozen=True, slots=True)
class EarInUse:
    """Which recogniser hears."""

    name: str
    why: str
    model: Path | None = None
    """The folder of a Vosk model."""


def ear_in_use(settings: Settings) -> EarInUse:
    """Vosk with a model that was named or installed, else Moonshine; unless one of them was asked for."""
    installed = (settings.data_dir or data_folder()) / "models" / f"vosk-{settings.language}"
    model = settings.model or installed
    why = f"the model {model} is {'named' if settings.model else 'installed'}"
    if settings.ear == "vosk":
        return EarInUse(
            "vosk", f"it is asked for, and {why if model.is_dir() else 'no model is there'}", model
        )
    if settings.ear is None and (settings.model or installed.is_dir()):
        return EarInUse("vosk", why, model)
    asked = "it is asked for" if settings.ear else "no Vosk model is named or installed"
    return EarInUse("moonshine", asked)


def open_it(ear: EarInUse, language: str) -> Ear:
    """The ear.

    Raises:
        SetupError: it cannot be opened.
    """
    import audio

    if ear.name == "vosk":
        return audio.VoskEar.load(ear.model or data_folder())
    if language not in audio.MOONSHINE_LANGUAGES:
        raise audio.SetupError(
            f"there is no ear for the language '{language}'; name the folder of a Vosk model with --model"
        )
    return audio.MoonshineEar(audio.Moonshine.load(weights_folder()))
