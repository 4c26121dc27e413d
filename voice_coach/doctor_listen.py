"""`voice-coach doctor --listen`: whether the microphone hears, and the wake phrase is heard in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

import numpy as np

from audio import Device, Ear, Endpointer, Endpointing, Samples, VoiceActivity
from intents import graph_of, normalise

from .decide import wakes
from .finding import Finding
from .settings import Settings

QUIET = 2.0
"""Seconds in which the noise of the room is measured."""
PATIENCE = 25.0
"""Seconds for the wake phrase to be said."""
TIMES = 3
SILENT = -90.0
"""dB below full scale: a microphone that is quieter is switched off. The quietest sound of 16 bits is -90."""
LOUD_ROOM = -35.0
SOFT = -45.0
"""Speech below this is hard to hear."""
CLEAR = 9.0
"""dB by which speech must stand out of the noise."""
PAUSE = Endpointing(silence=0.5, longest=6.0)
UNMUTE = "pactl set-source-mute @DEFAULT_SOURCE@ 0, and turn the microphone up"

Tell: TypeAlias = Callable[[str], None]


def listen_to_card(settings: Settings, tell: Tell) -> Iterator[Finding]:
    """Opens the microphone, and listens.

    Raises:
        SetupError: there is no microphone, or no ear.
    """
    import audio

    from .ears import ear_in_use, open_it

    ear = open_it(ear_in_use(settings), settings.language)
    with audio.SoundCard(settings.input, settings.output, echo_free=settings.headphones) as card:
        yield from listen(card, ear, settings.wake_phrases, tell)


def listen(device: Device, ear: Ear, wake_phrases: tuple[str, ...], tell: Tell) -> Iterator[Finding]:
    """What the microphone hears: the room, the level of speech, and the wake phrase.

    Args:
        device: the microphone.
        ear: what recognises.
        wake_phrases: the first is asked for, any counts.
        tell: shows people what to do.
    """
    tell("Quiet, please, for two seconds.")
    noise = _level(list(_blocks(device, QUIET)))
    yield _noise(noise)
    if noise < SILENT:
        return
    tell(f'Now say "{wake_phrases[0]}" three times, with a pause after each.')
    graph = graph_of([normalise(phrase) for phrase in wake_phrases])
    activity, endpointer = VoiceActivity(), Endpointer(PAUSE)
    heard, levels = 0, list[float]()
    for block in _blocks(device, PATIENCE):
        utterance = endpointer.feed(block, activity.probability(block))
        if utterance is None:
            continue
        levels.append(_level([utterance.samples]))
        heard += wakes(ear.begins_with(utterance.samples, graph))
        tell(f"heard {heard} of {TIMES}")
        if heard == TIMES:
            break
    yield _speech(levels, noise)
    said = f'"{wake_phrases[0]}" was heard {heard} times of {TIMES}, in {len(levels)} utterances'
    mends = "go nearer to the microphone, or choose another with --input"
    yield Finding("wake phrase", heard == TIMES, True, said, mends)


def _noise(level: float) -> Finding:
    if level < SILENT:
        return Finding("noise", False, True, "the microphone gives no signal at all", UNMUTE)
    mends = "switch off what hums, or move the microphone away from it"
    return Finding("noise", level < LOUD_ROOM, False, f"the room is at {level:.0f} dB", mends)


def _speech(levels: list[float], noise: float) -> Finding:
    if not levels:
        return Finding("speech", False, True, "nobody was heard to speak", UNMUTE)
    level = float(np.median(levels))
    said = f"speech is at {level:.0f} dB, {level - noise:.0f} dB above the room"
    mends = "turn the microphone up, or go nearer to it"
    return Finding("speech", level >= SOFT and level - noise >= CLEAR, False, said, mends)


def _blocks(device: Device, seconds: float) -> Iterator[Samples]:
    """What the microphone hears for a while, by its own clock; less if it ends."""
    until = device.now + seconds
    while device.now < until and (block := device.read()) is not None:
        yield block


def _level(sounds: list[Samples]) -> float:
    """Root mean square in dB below full scale, not less than -120."""
    samples = np.concatenate([np.zeros(0, dtype=np.float32), *sounds])
    power = float(np.square(samples, dtype=np.float64).mean()) if samples.size else 0.0
    return 10 * float(np.log10(max(power, 1e-12)))
