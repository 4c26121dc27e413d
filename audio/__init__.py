"""Sound in, sound out: devices, voice activity, ears, voices, chimes. No meanings and no exercises.

This is the door: `__all__` is for other packages, everything else may change. A name is looked up when it is
first asked for, so that `import audio` costs nothing and a program that has no voice loads none.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .chimes import CHIMES as CHIMES
    from .chimes import chime as chime
    from .device import Device as Device
    from .ear import Ear as Ear
    from .ear import Heard as Heard
    from .ear import WordGraph as WordGraph
    from .endpoint import Endpointer as Endpointer
    from .endpoint import Endpointing as Endpointing
    from .errors import SetupError as SetupError
    from .fast_weights import prepare as prepare
    from .fast_weights import prepared as prepared
    from .moonshine import MOONSHINE_LANGUAGES as MOONSHINE_LANGUAGES
    from .moonshine import Moonshine as Moonshine
    from .moonshine_ear import MoonshineEar as MoonshineEar
    from .simulated import RecordedDevice as RecordedDevice
    from .simulated import SimulatedDevice as SimulatedDevice
    from .simulated import loudest_frame_power as loudest_frame_power
    from .sound_card import SoundCard as SoundCard
    from .sound_file import SoundFileError as SoundFileError
    from .sound_file import read_sound as read_sound
    from .sound_file import resample as resample
    from .sound_file import write_wav as write_wav
    from .types import BLOCK as BLOCK
    from .types import RATE as RATE
    from .types import Samples as Samples
    from .types import Utterance as Utterance
    from .vad import VoiceActivity as VoiceActivity
    from .voice import Pyttsx3Voice as Pyttsx3Voice
    from .voice import Voice as Voice
    from .vosk_ear import VoskEar as VoskEar
    from .vosk_stream import VoskStream as VoskStream

_MODULES = {
    "chimes": ["CHIMES", "chime"],
    "device": ["Device"],
    "ear": ["Ear", "Heard", "WordGraph"],
    "endpoint": ["Endpointer", "Endpointing"],
    "errors": ["SetupError"],
    "fast_weights": ["prepare", "prepared"],
    "moonshine": ["MOONSHINE_LANGUAGES", "Moonshine"],
    "moonshine_ear": ["MoonshineEar"],
    "simulated": ["RecordedDevice", "SimulatedDevice", "loudest_frame_power"],
    "sound_card": ["SoundCard"],
    "sound_file": ["SoundFileError", "read_sound", "resample", "write_wav"],
    "types": ["BLOCK", "RATE", "Samples", "Utterance"],
    "vad": ["VoiceActivity"],
    "voice": ["Pyttsx3Voice", "Voice"],
    "vosk_ear": ["VoskEar"],
    "vosk_stream": ["VoskStream"],
}
_HOME = {name: module for module, names in _MODULES.items() for name in names}

__all__ = [*_HOME]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{_HOME[name]}", __name__), name)
