"""What the doctor looks at of sound, without opening the microphone: ear, voice, devices, permissions."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter
from typing import Literal

from .ears import ear_in_use, open_it
from .finding import Finding, of_error
from .places import voice_folder, weights_folder
from .settings import Settings

SOUND_FILES = Path("/dev/snd")
"""The devices of ALSA; absent on other systems and where a sound server is reached otherwise."""
ELSEWHERE = (
    "~/.cache/vosk",
    "~/.local/share/vosk",
    "~/.local/share/mycroft/vosk",
    "~/vosk",
    "/usr/share/vosk",
    "/usr/local/share/vosk",
    "/opt/vosk",
    "/share/vosk",
)
"""Where other programs keep Vosk models."""
IN_A_MODEL = "am/final.mdl"


def check_ear(settings: Settings) -> Iterator[Finding]:
    """Which ear hears and why, whether it opens, and whether it is as fast as it can be."""
    from audio import prepared

    ear = ear_in_use(settings)
    began = perf_counter()
    try:
        open_it(ear, settings.language)
    except Exception as error:  # noqa: BLE001 (it is a finding)
        yield of_error("ear", error)
    else:
        seconds = perf_counter() - began
        said = f"{ear.name} for {settings.language}, because {ear.why}; opened in {seconds:.1f} s"
        yield Finding("ear", True, True, said)
    if ear.name == "moonshine":
        fast = prepared(weights_folder())
        said = f"the fast ones are {'' if fast else 'not '}in {weights_folder()}"
        yield Finding("weights", fast, False, said, "voice-coach model prepare")
    yield from _other_models(settings)


def _other_models(settings: Settings) -> Iterator[Finding]:
    """Vosk models of other programs: offered, never taken."""
    if settings.model:
        return
    places = [Path(place).expanduser() for place in ELSEWHERE]
    models = sorted(
        folder
        for place in places
        if place.is_dir()
        for folder in (place, *place.iterdir())
        if (folder / IN_A_MODEL).is_file()
    )
    for model in models:
        said = f"{model} belongs to another program, and could hear here: --model {model}"
        yield Finding("other model", True, False, said)


def check_voice(settings: Settings) -> Iterator[Finding]:
    """Whether espeak-ng has voices, and the one in use speaks."""
    from audio import RATE, Pyttsx3Voice

    with Pyttsx3Voice(voice_folder()) as voice:
        names = voice.names()
        yield Finding(
            "espeak-ng",
            bool(names),
            True,
            f"speaks {len(names)} languages and accents",
            "pip install --force-reinstall pyttsx3 espeakng-loader",
        )
        name = settings.voice or _voice_of(settings)
        began = perf_counter()
        sound = voice.render("We are ready.", rate=settings.rate, voice=name, private=True)
        said = f"{name}: {sound.size / RATE:.1f} s of speech, made in {perf_counter() - began:.2f} s"
        yield Finding("voice", bool(sound.size), True, said, "--voice en-gb")


def _voice_of(settings: Settings) -> str:
    from .library import load_library

    return load_library(settings.language, settings.library_packs).lines.voice


def check_devices(settings: Settings) -> Iterator[Finding]:
    """Whether there is a microphone and a loudspeaker, and the rates they are opened with. Opens neither."""
    import audio

    kinds: tuple[tuple[Literal["input", "output"], str], ...] = (
        ("input", "microphone"),
        ("output", "loudspeaker"),
    )
    for kind, noun in kinds:
        try:
            card = audio.SoundCard(settings.input, settings.output, wait=True)
            name, number, rate = card.find(kind)
        except Exception as error:  # noqa: BLE001 (it is a finding)
            yield of_error(noun, error)
        else:
            how = "" if rate == audio.RATE else ", converted"
            yield Finding(noun, True, True, f"{name} (number {number}) at {rate} Hz{how}")


def check_permissions(_settings: Settings) -> Iterator[Finding]:
    """Whether we may use the sound devices that there are."""
    if not sys.platform.startswith("linux"):
        return
    files = sorted(SOUND_FILES.glob("pcm*")) if SOUND_FILES.is_dir() else []
    closed = [file.name for file in files if not os.access(file, os.R_OK | os.W_OK)]
    if closed:
        said = f"you may not use {', '.join(closed)} in {SOUND_FILES}"
        mends = 'sudo usermod -aG audio "$USER", then log in again'
        # A sound server may still give what the files do not.
        yield Finding("permissions", False, False, said, mends)
    elif files:
        yield Finding("permissions", True, False, f"{len(files)} sound devices may be used")
    else:
        yield Finding(
            "permissions", True, False, f"no devices in {SOUND_FILES}; a sound server may have some"
        )
