import numpy as np
import pytest

from audio import BLOCK, RATE, Device, RecordedDevice, Samples, SimulatedDevice, loudest_frame_power


def tone(samples: int, value: float) -> Samples:
    return np.full(samples, value, dtype=np.float32)


def heard(device: Device, blocks: int) -> Samples:
    read = [device.read() for _ in range(blocks)]
    return np.concatenate([block for block in read if block is not None])


def test_time_is_the_blocks_that_were_read() -> None:
    device = SimulatedDevice()
    assert device.now == 0
    assert heard(device, 1000).size == 1000 * BLOCK
    assert device.now == pytest.approx(32.0)


def test_a_clip_is_heard_when_it_was_laid() -> None:
    device = SimulatedDevice()
    device.lay(tone(1000, 0.5), at=700 / RATE)
    sound = heard(device, 4)
    assert not sound[:700].any()
    assert (sound[700:1700] == 0.5).all()
    assert not sound[1700:].any()


def test_clips_over_one_another_add_up_and_never_beyond_one() -> None:
    device = SimulatedDevice()
    device.lay(tone(300, 0.75), at=0)
    device.lay(tone(200, 0.125), at=0)
    device.lay(tone(100, 0.5), at=0)
    sound = heard(device, 1)
    assert (sound[:100] == 1.0).all()
    assert (sound[100:200] == 0.875).all()
    assert (sound[200:300] == 0.75).all()


def test_nothing_can_be_said_in_the_past() -> None:
    device = SimulatedDevice()
    heard(device, 2)
    device.lay(tone(10, 0.5), at=device.now)
    with pytest.raises(ValueError, match="already"):
        device.lay(tone(10, 0.5), at=0.05)


def test_clips_that_are_past_are_forgotten() -> None:
    device = SimulatedDevice()
    device.lay(tone(BLOCK, 0.5), at=0)
    heard(device, 1)
    assert device._clips == []


def test_noise_goes_on_without_end() -> None:
    noise = np.linspace(-1, 1, 700, dtype=np.float32)
    sound = heard(SimulatedDevice(noise, 0.5), 4)
    assert np.allclose(sound, np.resize(noise * 0.5, sound.size))


def test_the_loudspeaker_plays_what_is_queued_and_the_microphone_does_not_hear_it() -> None:
    device = SimulatedDevice(mix=True)
    device.play(tone(BLOCK, 0.25))
    device.play(tone(100, 0.5))
    assert device.playing
    assert not heard(device, 1).any()
    assert device.playing
    heard(device, 1)
    assert not device.playing
    mixed = device.mixed()
    assert np.allclose(mixed[:BLOCK], 0.25, atol=1e-4)
    assert np.allclose(mixed[BLOCK : BLOCK + 100], 0.5, atol=1e-4)
    assert not mixed[BLOCK + 100 :].any()


def test_hush_silences_it_from_the_next_block_on() -> None:
    device = SimulatedDevice(mix=True)
    device.play(tone(10 * BLOCK, 0.5))
    heard(device, 1)
    device.hush()
    assert not device.playing
    heard(device, 1)
    assert device.mixed()[:BLOCK].all()
    assert not device.mixed()[BLOCK:].any()


def test_no_sound_is_nothing_to_play() -> None:
    device = SimulatedDevice()
    device.play(tone(0, 0.0))
    assert not device.playing


def test_both_sides_are_mixed_and_only_if_asked_for() -> None:
    for mix in (True, False):
        device = SimulatedDevice(mix=mix)
        device.lay(tone(BLOCK, 0.25), at=0)
        device.play(tone(BLOCK, 0.5))
        heard(device, 2)
        mixed = device.mixed()
        assert mixed.size == (2 * BLOCK if mix else 0)
        assert np.allclose(mixed[:BLOCK], 0.75, atol=1e-4)


def test_a_recording_ends_some_silence_after_its_last_sample() -> None:
    device = RecordedDevice(tone(RATE, 0.5))
    blocks = []
    while (block := device.read()) is not None:
        blocks.append(block)
    sound = np.concatenate(blocks)
    assert {block.size for block in blocks} == {BLOCK}
    assert (sound[:RATE] == 0.5).all()
    assert not sound[RATE:].any()
    assert 2.5 < sound.size / RATE - 1 < 3.5
    assert device.read() is None


def test_the_loudest_frame_is_what_loudness_goes_by() -> None:
    loud = np.concatenate([tone(2048, 0.1), tone(2048, 0.5), tone(1000, 0.9)])
    assert loudest_frame_power(loud) == pytest.approx(0.81 * 1000 / 2048, rel=1e-3)
    assert loudest_frame_power(loud[:4096]) == pytest.approx(0.25)
    assert loudest_frame_power(loud[:0]) == 0
