"""The sound card: its queues, what it says when something is missing, and itself on a virtual card."""

from __future__ import annotations

import ctypes
import logging
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from time import monotonic, sleep
from typing import Any

import numpy as np
import pytest
from virtual_card import Recorder, Table, VirtualCard, needs_virtual_card

from audio import BLOCK, RATE, Device, Samples, SetupError, SoundCard
from audio.capture import LIMIT, Capture
from audio.playback import Playback
from audio.watched_stream import WatchedStream

STEP = BLOCK / RATE


def noise(seconds: float, loudness: float = 0.2, seed: int = 0) -> Samples:
    random = np.random.default_rng(seed)
    return random.uniform(-loudness, loudness, round(seconds * RATE)).astype(np.float32)


def piece(value: int) -> bytes:
    return np.full(BLOCK, value, dtype=np.int16).tobytes()


def values(block: Samples) -> set[int]:
    return {round(float(value) * 32768) for value in block}


# What a microphone hears


def test_sound_is_read_in_order() -> None:
    capture = Capture()
    for number in (1, 2, 3):
        capture.put(piece(number), number * STEP)
    assert [values(capture.read()) for _ in range(3)] == [{1}, {2}, {3}]


def test_the_clock_does_not_tremble_but_leaps_where_sound_was_lost() -> None:
    capture = Capture()
    times = []
    for at in (1.0, 1.0 + 4 * STEP, 1.0 + 4 * STEP, 1.0 + 4 * STEP, 11.0, 11.0):
        capture.put(piece(1), at)
        capture.read()
        times.append(round(capture.now, 3))
    assert times == [1.0, 1.032, 1.064, 1.096, 10.5, 10.532]


def test_a_stream_opened_again_goes_on_at_the_time_it_is_now() -> None:
    capture = Capture()
    capture.put(piece(1), 1.0)
    capture.read()
    capture.open(RATE, None)
    capture.put(piece(1), 1.2)
    capture.read()
    assert capture.now == 1.2


def test_the_oldest_is_dropped_and_counted() -> None:
    told: list[int] = []
    capture = Capture(told.append)
    for number in range(LIMIT + 5):
        capture.put(piece(number), number * STEP)
    assert values(capture.read()) == {5}
    assert (capture.lost, told) == (5, [5])
    assert capture.now == pytest.approx(5 * STEP)


def test_what_is_muted_is_silence_that_takes_its_time() -> None:
    capture = Capture()
    capture.put(piece(7), STEP, muted=True)
    assert values(capture.read()) == {0}
    assert capture.now == pytest.approx(STEP)


# What a loudspeaker says


def taken(playback: Playback, size: int, at: float = 0.0) -> list[int]:
    return np.frombuffer(playback.take(size, at), dtype=np.int16).tolist()


def clip(size: int, value: float) -> Samples:
    return np.full(size, value / 32767, dtype=np.float32)


def test_clips_follow_one_another_and_then_there_is_silence() -> None:
    playback = Playback()
    playback.play(clip(3, 1))
    playback.play(clip(2, 2))
    assert taken(playback, 4) == [1, 1, 1, 2]
    assert taken(playback, 4) == [2, 0, 0, 0]


def test_it_plays_until_the_last_sample_was_heard() -> None:
    playback = Playback()
    playback.open(RATE, 0.5)
    playback.play(clip(RATE, 1))
    taken(playback, RATE, at=10.0)
    assert playback.playing(11.49)
    assert not playback.playing(11.51)
    assert playback.playing(11.51, tail=0.1)


def test_hush_forgets_everything() -> None:
    playback = Playback()
    playback.play(clip(100, 1))
    taken(playback, 10)
    playback.hush()
    assert taken(playback, 3) == [0, 0, 0]


@pytest.mark.parametrize(
    ("before", "after"),
    [(0, [1, 2]), (RATE // 2, [1, 2]), (2 * RATE - 10, [2])],
    ids=["not begun", "in the middle", "nearly over"],
)
def test_a_clip_that_was_cut_off_begins_again(before: int, after: list[int]) -> None:
    playback = Playback()
    playback.play(clip(2 * RATE, 1))
    playback.play(clip(10, 2))
    taken(playback, before)
    playback.open(RATE, 0.0)
    heard = taken(playback, 3 * RATE)
    assert sorted({*heard} - {0}) == after
    assert heard.count(1) in (0, 2 * RATE)


# What is missing


def test_without_portaudio_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "sounddevice.py").write_text("raise OSError('PortAudio library not found')")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "sounddevice", raising=False)
    with pytest.raises(SetupError, match="sudo apt install libportaudio2"):
        SoundCard()


@pytest.fixture
def cards(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three devices that only exist by name."""
    sounddevice = pytest.importorskip("sounddevice", exc_type=OSError)
    devices = [
        {"index": 0, "name": "Kitchen", "max_input_channels": 1, "max_output_channels": 0},
        {"index": 1, "name": "Kitchen radio", "max_input_channels": 0, "max_output_channels": 2},
        {"index": 2, "name": "Headset", "max_input_channels": 1, "max_output_channels": 2},
    ]
    monkeypatch.setattr(sounddevice, "query_devices", lambda: devices)
    monkeypatch.setattr(sounddevice, "check_input_settings", lambda *_, **__: None)
    monkeypatch.setattr(sounddevice, "check_output_settings", lambda *_, **__: None)


@pytest.mark.usefixtures("cards")
@pytest.mark.parametrize(
    ("kind", "wanted", "found"),
    [
        ("input", "2", "Headset"),
        ("input", "kitchen", "Kitchen"),
        ("output", "kitchen", "Kitchen radio"),
        ("output", "head", "Headset"),
    ],
)
def test_devices_are_found_by_number_or_name(kind: Any, wanted: str, found: str) -> None:
    names = {"input": None, "output": None} | {kind: wanted}
    card = SoundCard(names["input"], names["output"])
    assert card._names[kind] == found


@pytest.mark.usefixtures("cards")
def test_an_unknown_name_is_answered_with_the_nearest() -> None:
    with pytest.raises(SetupError, match=r"no microphone is called 'headste'; there is Headset, Kitchen$"):
        SoundCard("headste")


@pytest.mark.usefixtures("cards")
def test_no_device_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    import sounddevice

    monkeypatch.setattr(sounddevice, "query_devices", list)
    with pytest.raises(SetupError, match=r"there is no microphone; .*--wait"):
        SoundCard()


class StuckStream:
    """Closes when the thread that calls back has ended, which it never does by itself: as PortAudio's may."""

    def __init__(self, watched: WatchedStream) -> None:
        self._watched = watched
        self._thread = Thread(target=self._call, daemon=True)
        self._thread.start()

    def _call(self) -> None:
        self._watched.called()
        ctypes.CDLL(None).sleep(60)

    def close(self) -> None:
        while Path(f"/proc/self/task/{self._thread.native_id}").exists():
            sleep(0.01)


@pytest.mark.skipif(sys.platform != "linux", reason="needs Linux")
def test_a_stream_that_does_not_close_is_closed_all_the_same() -> None:
    watched = WatchedStream("stuck")
    watched.stream = StuckStream(watched)
    began = monotonic()
    watched.close()
    assert monotonic() - began < 1.0


# On a virtual card


@pytest.fixture
def virtual(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[VirtualCard]:
    with VirtualCard(tmp_path) as virtual:
        for name, value in virtual.environment().items():
            monkeypatch.setenv(name, value)
        import sounddevice

        sounddevice._terminate()
        sounddevice._initialize()
        yield virtual


def heard(device: Device, seconds: float) -> Samples:
    blocks = [device.read() for _ in range(round(seconds / STEP))]
    return np.concatenate([block for block in blocks if block is not None])


@needs_virtual_card
@pytest.mark.parametrize("rate", [16_000, 44_100])
def test_both_directions_at_any_rate(
    virtual: VirtualCard, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, rate: int
) -> None:
    import sounddevice

    def check(*_: Any, samplerate: int, **__: Any) -> None:
        if samplerate != rate:
            raise sounddevice.PortAudioError("Invalid sample rate")

    monkeypatch.setattr(sounddevice, "check_input_settings", check)
    monkeypatch.setattr(sounddevice, "check_output_settings", check)
    caplog.set_level(logging.INFO)
    time = np.arange(2 * RATE, dtype=np.float32) / RATE
    tone = 0.3 * np.sin(2 * np.pi * 500 * time).astype(np.float32)
    with Recorder(virtual) as recorder, Table(virtual) as table, SoundCard(echo_free=True) as card:
        heard(card, 0.5)
        table.say(tone)
        card.play(tone)
        assert card.playing
        sound = heard(card, 3)
        assert not card.playing
        played = recorder.whole()
    for side in (sound, played):
        loud = np.flatnonzero(np.abs(side) > 0.02)
        assert (loud[-1] - loud[0]) / RATE == pytest.approx(2, abs=0.1)
        middle = side[loud[0] + 4000 : loud[0] + 20000]
        spectrum = np.abs(np.fft.rfft(middle * np.hanning(middle.size)))
        assert np.argmax(spectrum) * RATE / middle.size == pytest.approx(500, abs=2)
        assert np.abs(middle).max() == pytest.approx(0.3, rel=0.1)
    assert "listening to default, speaking through default" in caplog.text


@needs_virtual_card
def test_it_does_not_hear_itself(virtual: VirtualCard) -> None:
    with Table(virtual) as table, SoundCard() as card:
        table.say(noise(4))
        while not heard(card, STEP).any():
            pass
        card.play(noise(1))
        heard(card, 0.3)
        while card.playing:
            assert not card.read().any()
        assert not card.read().any()
        assert heard(card, 1.0).any()
