"""One line of speech to one WAV file, then exit: the only importer of pyttsx3 and espeakng_loader.

Run as a program with a JSON object on standard input: text, voice, rate, pitch, path. An empty object asks
for the names of the voices instead, as JSON on standard output. A process a line, because pyttsx3's engine
forgets rates, repeats lines and hangs when used for several, or from two threads.
Exit status: 0, the file is complete; NO_SUCH_VOICE; else the reason is the last line on standard error.
"""

from __future__ import annotations

import ctypes
import json
import os
import signal
import sys
import threading
from typing import Any

NO_SUCH_VOICE = 3
"""Exit status."""

_LIFETIME = 60
"""Seconds after which this process ends in any case, even if whoever started it is gone."""


def main() -> None:
    """Speaks what standard input asks for."""
    signal.signal(
        signal.SIGINT, signal.SIG_DFL
    )  # Ctrl-C at a terminal reaches this process too: end, say nothing
    if hasattr(signal, "alarm"):
        signal.alarm(_LIFETIME)
    request = json.load(sys.stdin.buffer)
    _load_espeak()
    import pyttsx3

    engine = pyttsx3.init("espeak")
    if not request:
        json.dump(
            sorted({name for voice in engine.getProperty("voices") for name in voice.languages}), sys.stdout
        )
        return
    errors: list[str] = []  # of setting properties, too: nothing is done before runAndWait
    finished = threading.Event()
    engine.connect("error", lambda exception, **_: errors.append(str(exception)))
    engine.connect("finished-utterance", lambda **_: finished.set())
    engine.setProperty("voice", _voice_id(engine.getProperty("voices"), request["voice"]))
    engine.setProperty("rate", request["rate"])
    engine.setProperty("pitch", request["pitch"])
    engine.save_to_file(request["text"], request["path"])
    engine.runAndWait()
    # A thread of espeak-ng's writes the file, and may still be writing when runAndWait returns.
    finished.wait()
    if errors:
        sys.exit(NO_SUCH_VOICE if "SetVoiceByName" in errors[0] else errors[0])


def _voice_id(voices: list[Any], name: str) -> str:
    """What espeak-ng calls a voice, given that or a language ("en-gb"), either with a variant ("+f3")."""
    base, plus, variant = name.partition("+")
    ids = {language: voice.id for voice in voices for language in voice.languages}
    return f"{ids.get(base.lower(), base)}{plus}{variant}"


def _load_espeak() -> None:
    """Makes the espeak-ng of the wheel the one that pyttsx3 gets when it asks for `libespeak-ng.so.1`."""
    try:
        import espeakng_loader
    except ImportError:
        return  # no wheel for this machine; pyttsx3 may still find a system's own
    os.environ["ESPEAK_DATA_PATH"] = espeakng_loader.get_data_path()
    ctypes.CDLL(espeakng_loader.get_library_path(), ctypes.RTLD_GLOBAL)


if __name__ == "__main__":
    main()
