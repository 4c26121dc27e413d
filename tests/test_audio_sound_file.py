from pathlib import Path

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from audio import RATE, Samples, SoundFileError, read_sound, resample, write_wav


def sine(hertz: float, rate: int = RATE, seconds: float = 1.0) -> Samples:
    return (0.5 * np.sin(2 * np.pi * hertz * np.arange(round(seconds * rate)) / rate)).astype(np.float32)


def pitch(samples: Samples) -> float:
    return float(np.abs(np.fft.rfft(samples)).argmax() * RATE / samples.size)


def test_what_is_written_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    write_wav(path, sine(440))
    assert soundfile.info(path).subtype == "PCM_16"
    assert soundfile.info(path).samplerate == RATE
    assert np.allclose(read_sound(path), sine(440), atol=1e-4)
    assert read_sound(path).dtype == np.float32


@pytest.mark.parametrize("rate", [8_000, 11_025, 16_000, 22_050, 44_100, 48_000, 96_000])
@pytest.mark.parametrize("channels", [1, 2, 6])
@pytest.mark.parametrize(("name", "subtype"), [("a.wav", "PCM_16"), ("a.flac", "PCM_24"), ("a.wav", "FLOAT")])
def test_any_rate_and_any_channels_become_mono_at_16_khz(
    tmp_path: Path, name: str, subtype: str, channels: int, rate: int
) -> None:
    soundfile.write(tmp_path / name, np.stack([sine(1000, rate)] * channels, axis=1), rate, subtype=subtype)
    sound = read_sound(tmp_path / name)
    assert sound.ndim == 1
    assert sound.size == pytest.approx(RATE, abs=2)
    assert pitch(sound) == pytest.approx(1000, abs=2)
    middle = sound[RATE // 4 : -RATE // 4]
    assert np.sqrt(np.mean(middle**2)) == pytest.approx(0.5 / np.sqrt(2), rel=0.01)


def test_channels_are_averaged(tmp_path: Path) -> None:
    both: NDArray[np.float32] = np.stack([sine(440), np.zeros(RATE, dtype=np.float32)], axis=1)
    soundfile.write(tmp_path / "a.wav", both, RATE)
    assert np.allclose(read_sound(tmp_path / "a.wav"), sine(440) / 2, atol=1e-4)


def test_a_long_file_is_read_whole(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.flac", sine(440, 44_100, seconds=7), 44_100)
    sound = read_sound(tmp_path / "a.flac")
    assert sound.size == pytest.approx(7 * RATE, abs=2)
    assert np.allclose(sound[RATE : 6 * RATE], sine(440, seconds=7)[RATE : 6 * RATE], atol=1e-3)


def test_silence_is_sound(tmp_path: Path) -> None:
    write_wav(tmp_path / "a.wav", np.zeros(RATE, dtype=np.float32))
    assert not read_sound(tmp_path / "a.wav").any()


def test_a_wav_file_that_was_cut_off_gives_what_it_has(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    write_wav(path, sine(440))
    path.write_bytes(path.read_bytes()[: 44 + RATE])
    assert np.allclose(read_sound(path), sine(440)[: RATE // 2], atol=1e-4)


def _flac(path: Path) -> bytes:
    rng = np.random.default_rng(0)
    soundfile.write(path, rng.uniform(-0.5, 0.5, RATE), RATE)
    return path.read_bytes()


def make_bad(path: Path, kind: str) -> None:
    match kind:
        case "folder":
            path.mkdir()
        case "text":
            path.write_text("Dear Anna,\n" * 100)
        case "nothing":
            path.write_bytes(b"")
        case "no samples":
            soundfile.write(path, np.zeros(0), RATE, format="WAV")
        case "not numbers":
            soundfile.write(path, np.array([0.0, np.nan, 0.5]), RATE, format="WAV", subtype="FLOAT")
        case "half a header":
            path.write_bytes(b"RIFF\x00\x00")
        case "damaged":
            path.write_bytes(_flac(path.with_name("whole.flac"))[:100])


@pytest.mark.parametrize(
    ("kind", "why"),
    [
        ("missing", "no such file"),
        ("folder", "directory"),
        ("text", "not a sound file"),
        ("nothing", "not a sound file"),
        ("no samples", "no sound at all"),
        ("not numbers", "damaged"),
        ("half a header", "not a sound file"),
        ("damaged", ""),
    ],
)
@pytest.mark.parametrize("name", ["a.wav", "a.raw", "a"])
def test_what_cannot_be_read_is_named_in_one_line(tmp_path: Path, kind: str, why: str, name: str) -> None:
    path = tmp_path / name
    make_bad(path, kind)
    with pytest.raises(SoundFileError) as caught:
        read_sound(path)
    message = str(caught.value)
    assert message.startswith(f"{path}: ")
    assert why in message
    assert "\n" not in message


def test_a_file_is_replaced_as_a_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    write_wav(path, sine(440))
    before = path.read_bytes()
    with pytest.raises(SoundFileError, match="cannot be written"):
        write_wav(path / "b.wav", sine(880))
    assert path.read_bytes() == before
    write_wav(path, sine(880))
    assert pitch(read_sound(path)) == pytest.approx(880, abs=2)
    assert [file.name for file in tmp_path.iterdir()] == ["a.wav"]


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(SoundFileError, match=r"nowhere.*no such file or directory"):
        write_wav(tmp_path / "nowhere" / "a.wav", sine(440))


def test_loud_sound_is_limited_and_does_not_wrap(tmp_path: Path) -> None:
    write_wav(tmp_path / "a.wav", 4 * sine(440))
    sound = read_sound(tmp_path / "a.wav")
    assert np.abs(sound).max() <= 1
    assert np.sign(sound[10]) == np.sign(sine(440)[10])


def test_resampling_keeps_the_tone_and_lets_nothing_fold_back() -> None:
    assert pitch(resample(sine(1000, 22_050), 22_050, RATE)) == pytest.approx(1000, abs=2)
    assert np.abs(resample(sine(11_000, 44_100), 44_100, RATE)[100:-100]).max() < 0.001
    sound = sine(440)
    assert resample(sound, RATE, RATE) is sound
