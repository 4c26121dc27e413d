"""Devices made of memory: their time is the signal's, and passes as fast as somebody reads."""

from __future__ import annotations

from collections import deque

import numpy as np
from numpy.typing import NDArray

from .types import BLOCK, RATE, Samples

_FRAME = 2048
"""Samples a frame when loudness is compared, as in Picovoice's speech-to-intent benchmark."""

_LAST_WORDS = 3.0
"""Seconds of silence behind a recording: more than the longest wait for an endpoint, which is 2.5."""


class SimulatedDevice:
    """A room without echo: clips laid on a time line, over noise. The microphone hears no loudspeaker.

    There is no end: whoever reads decides when the evening is over.
    """

    def __init__(self, noise: Samples | None = None, noise_gain: float = 1.0, *, mix: bool = False) -> None:
        """The noise is repeated without end. With `mix` both sides are kept, for `mixed`: 115 MB an hour."""
        self._noise = np.zeros(1, dtype=np.float32)
        if noise is not None and noise.size:
            self._noise = noise * np.float32(noise_gain)
        self._clips: list[tuple[int, Samples]] = []
        """What is still to be heard, and the sample at which it begins."""
        self._queue: deque[Samples] = deque()
        """What is still to be played."""
        self._position = 0
        """Samples so far."""
        self._mix = bytearray() if mix else None

    @property
    def now(self) -> float:
        """See `Device.now`."""
        return self._position / RATE

    @property
    def playing(self) -> bool:
        """See `Device.playing`."""
        return bool(self._queue)

    def play(self, samples: Samples) -> None:
        """See `Device.play`."""
        if samples.size:
            self._queue.append(samples)

    def hush(self) -> None:
        """See `Device.hush`."""
        self._queue.clear()

    def lay(self, samples: Samples, at: float) -> None:
        """Has `samples` said at `at` seconds, over whatever else is said then. ValueError if that is past."""
        start = round(at * RATE)
        if start < self._position:
            raise ValueError(f"cannot say something at {at:.3f} s: it is {self.now:.3f} s already")
        self._clips.append((start, samples))

    def read(self) -> Samples | None:
        """What lies on the next block of the time line. The loudspeaker plays a block meanwhile."""
        heard = self._noise[np.arange(self._position, self._position + BLOCK) % self._noise.size]
        for start, clip in self._clips:
            _add(clip, heard, start - self._position)
        np.clip(heard, -1.0, 1.0, out=heard)
        played = self._played()
        if self._mix is not None:
            self._mix += _to_int16(heard + played).tobytes()
        self._position += BLOCK
        self._clips = [(start, clip) for start, clip in self._clips if start + clip.size > self._position]
        return heard

    def mixed(self) -> Samples:
        """Both sides from the start until now; no sound unless asked for with `mix`."""
        return np.frombuffer(bytes(self._mix or b""), dtype=np.int16).astype(np.float32) / np.float32(32768)

    def _played(self) -> Samples:
        block = np.zeros(BLOCK, dtype=np.float32)
        filled = 0
        while self._queue and filled < BLOCK:
            sound = self._queue.popleft()
            part = sound[: BLOCK - filled]
            block[filled : filled + part.size] = part
            filled += part.size
            if part.size < sound.size:
                self._queue.appendleft(sound[part.size :])
        return block


class RecordedDevice(SimulatedDevice):
    """A recording as the microphone, silence behind it so that its last words find their end, then None."""

    def __init__(self, samples: Samples, *, mix: bool = False) -> None:
        super().__init__(mix=mix)
        self.lay(samples, 0.0)
        self._end = samples.size / RATE + _LAST_WORDS

    def read(self) -> Samples | None:
        """See `Device.read`."""
        return super().read() if self.now < self._end else None


def loudest_frame_power(samples: Samples) -> float:
    """Mean square of the loudest frame of 2048 samples; 0 for no sound.

    The gain that mixes a noise into speech at `snr` dB is
    `sqrt(loudest_frame_power(speech) / loudest_frame_power(noise) / 10 ** (snr / 10))`.
    """
    frames = np.pad(samples, (0, -samples.size % _FRAME)).reshape(-1, _FRAME)
    return float(np.square(frames, dtype=np.float64).mean(axis=1).max(initial=0.0))


def _add(clip: Samples, block: Samples, offset: int) -> None:
    """Adds to `block` what of `clip` falls into it; the clip begins `offset` samples after the block does."""
    start, end = max(offset, 0), min(offset + clip.size, block.size)
    if start < end:
        block[start:end] += clip[start - offset : end - offset]


def _to_int16(samples: Samples) -> NDArray[np.int16]:
    return np.rint(np.clip(samples, -1.0, 1.0) * 32767).astype(np.int16)
