"""What a Room makes of a device that loses sound, as a sound card does that is unplugged."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import cast

from audio import RATE, Pyttsx3Voice, Samples, SimulatedDevice, Utterance, VoiceActivity, read_sound
from voice_coach.hearing import Hearing
from voice_coach.household import Household
from voice_coach.spoken_room import SpokenRoom
from voice_coach.stream import Stream

AWAY = 20.0
"""Seconds for which the device is gone."""


class Unplugged(SimulatedDevice):
    """A device that is gone for a while, once."""

    def __init__(self, at: float) -> None:
        super().__init__()
        self._at = at

    @property
    def now(self) -> float:
        now = super().now
        return now + AWAY if now > self._at else now


def heard(device: SimulatedDevice, household: Household, hearing: Hearing) -> list[Utterance]:
    voice = cast("Pyttsx3Voice", None)  # nothing is said
    room = SpokenRoom(household, device, hearing, voice, VoiceActivity(), Stream())
    utterances = [room._next_utterance() for _ in range(round(6 * RATE / 512))]
    return [utterance for utterance in utterances if utterance]


def test_an_utterance_has_the_time_of_the_device(
    household: Household, hearing: Hearing, recording: Callable[[str], Path]
) -> None:
    speech = read_sound(recording("ear-forty-five-minutes.flac"))
    device = Unplugged(at=0.5)
    device.lay(speech, at=1.5)
    (utterance,) = heard(device, household, hearing)
    assert AWAY + 1.5 <= utterance.start < utterance.end <= AWAY + 1.5 + speech.size / RATE + 0.032


def test_what_was_being_said_when_sound_was_lost_is_forgotten(
    household: Household, hearing: Hearing, recording: Callable[[str], Path]
) -> None:
    speech: Samples = read_sound(recording("ear-forty-five-minutes.flac"))
    device = Unplugged(at=1.0 + speech.size / RATE)
    device.lay(speech, at=0.7)
    assert heard(device, household, hearing) == []
