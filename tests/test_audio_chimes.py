import numpy as np
import pytest

from audio import BLOCK, CHIMES, RATE, Samples, VoiceActivity, chime

each_chime = pytest.mark.parametrize("name", CHIMES)


def pitch(samples: Samples) -> float:
    """Hertz of the strongest partial."""
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(samples.size), RATE))
    return float(spectrum.argmax())


def test_the_chimes_that_there_are() -> None:
    assert set(CHIMES) == {"listening", "turn-over", "closed", "warning", "halfway"}
    with pytest.raises(KeyError):
        chime("gong")


@each_chime
def test_a_chime_is_short_and_softer_than_speech(name: str) -> None:
    sound = chime(name)
    assert 0.15 <= sound.size / RATE <= 1.5
    assert 0.02 <= np.abs(sound).max() <= 0.25
    assert np.sqrt(np.mean(sound**2)) < 0.05, "speech has 0.1"


@each_chime
def test_it_swells_and_fades_without_a_click(name: str) -> None:
    sound = chime(name)
    peak = np.abs(sound).max()
    assert abs(sound[0]) < 0.001
    assert abs(sound[-1]) < 0.001
    assert np.abs(sound[: RATE // 1000]).max() < 0.1 * peak, "the first millisecond"
    assert np.abs(sound[-RATE // 1000 :]).max() < 0.02 * peak, "the last millisecond"


@each_chime
def test_it_is_not_taken_for_speech(name: str) -> None:
    sound = np.pad(chime(name), (RATE // 2, RATE))
    activity = VoiceActivity()
    starts = range(0, sound.size - BLOCK, BLOCK)
    assert max(activity.probability(sound[start : start + BLOCK]) for start in starts) < 0.5


@each_chime
def test_it_is_made_once_and_cannot_be_spoilt(name: str) -> None:
    assert chime(name) is chime(name)
    with pytest.raises(ValueError, match="read-only"):
        chime(name)[0] = 1.0


def test_listening_rises_and_closed_falls() -> None:
    for name, rises in [("listening", True), ("closed", False)]:
        sound = chime(name)
        assert (pitch(sound[: sound.size // 4]) < pitch(sound[sound.size // 2 :])) == rises
