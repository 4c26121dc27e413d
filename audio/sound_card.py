"""The microphone and the loudspeaker of this machine. The only importer of sounddevice, and only when used.

PortAudio calls back in its own threads, which only move bytes. One thread of ours opens the streams, watches
them, and opens them again when the card has gone away and come back; nobody else needs to know.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from difflib import get_close_matches
from itertools import chain, repeat
from threading import Event, Thread
from time import monotonic
from typing import Any, Literal, Self, TypeAlias

from .capture import Capture
from .errors import SetupError
from .playback import Playback
from .sound_file import Resampler
from .types import BLOCK, RATE, Samples
from .watched_stream import LOOK, WatchedStream

log = logging.getLogger(__name__)

Kind: TypeAlias = Literal["input", "output"]

TAIL = 0.25
"""Seconds for which the room still rings after the coach has spoken. The microphone does not count then."""
_OUTPUT_BLOCK = BLOCK // 2
"""Samples asked for at a time, at RATE: two of these are how much later a line is heard."""
_RETRIES = (0.25, 0.5, 1.0)
"""Seconds between attempts to open the card again; the last one counts for all that follow."""
_PATIENCE = 0.5
"""Seconds that closing may take before it is left to itself."""
_NOUNS: dict[Kind, str] = {"input": "microphone", "output": "loudspeaker"}


class SoundCard:
    """A microphone and a loudspeaker as one `Device`, whose clock is the seconds since it was opened.

    When either goes away, `read` waits until both are back; the time away has passed on the clock, and a line
    that was cut off begins again. Unless `echo_free`, the microphone hears silence while the coach speaks.
    """

    def __init__(
        self,
        microphone: str | None = None,
        loudspeaker: str | None = None,
        *,
        echo_free: bool = False,
        wait: bool = False,
    ) -> None:
        """Looks for the devices, by name or by number; None is the machine's default.

        With `wait`, what is not there yet is waited for by the first `read`.

        Raises:
            SetupError: there is no such device, or no PortAudio.
        """
        self._names: dict[Kind, str | None] = {"input": microphone, "output": loudspeaker}
        self._echo_free = echo_free
        self._wait = wait
        self._sd = _sounddevice()
        self._playback = Playback()
        self._capture = Capture(_say_lost)
        self._began = monotonic()
        self._closing = Event()
        self._keeper = Thread(target=self._keep_open, name="sound card", daemon=True)
        self._streams: list[WatchedStream] = []
        self.hung = False
        """Whether the card could not be closed. Python must then not be ended as usual: PortAudio, whose
        threads go on, would hang or crash it."""
        if not wait:
            for kind in self._names:
                self.find(kind)

    def __enter__(self) -> Self:
        self._began = monotonic()
        try:
            self._open()
        except (self._sd.PortAudioError, SetupError) as error:
            self._close()
            if not self._wait:
                raise SetupError(
                    f"the sound card cannot be opened: {_line(error)};"
                    " name others with --input and --output, such as pulse or default"
                ) from error
            log.warning("waiting, because %s", _line(error))
        self._keeper.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.set()
        self._keeper.join(_PATIENCE)
        self.hung = self._keeper.is_alive()

    # The device

    def read(self) -> Samples:
        """See `Device.read`. It never ends."""
        return self._capture.read()

    def play(self, samples: Samples) -> None:
        """See `Device.play`."""
        self._playback.play(samples)

    def hush(self) -> None:
        """See `Device.hush`; what the card has taken already is heard for less than a tenth of a second."""
        self._playback.hush()

    @property
    def playing(self) -> bool:
        """See `Device.playing`."""
        return self._playback.playing(self._time())

    @property
    def now(self) -> float:
        """See `Device.now`."""
        return self._capture.now

    @property
    def lost(self) -> int:
        """Blocks of the microphone that nobody heard, because the machine was too busy."""
        return self._capture.lost

    # Opening, watching, and opening again

    def _keep_open(self) -> None:
        if not self._streams:
            self._open_again()
        while not self._closing.wait(LOOK):
            if not any(stream.gone() for stream in self._streams):
                continue
            log.warning("the sound card is gone; going on as soon as it is back")
            self._close()
            self._open_again()
        self._close()

    def _open_again(self) -> None:
        """Tries until both streams are open, or all is to be closed."""
        pauses = chain(_RETRIES, repeat(_RETRIES[-1]))
        while not self._closing.wait(next(pauses)):
            try:
                # PortAudio lists the devices once, when it is initialised.
                self._sd._terminate()  # noqa: SLF001 (there is no other way)
                self._sd._initialize()  # noqa: SLF001
                self._open()
                return
            except (self._sd.PortAudioError, SetupError) as error:
                log.debug("not yet: %s", _line(error))
                self._close()

    def _open(self) -> None:
        self._streams = []
        self._streams.append(self._loudspeaker(*self.find("output")))
        self._streams.append(self._microphone(*self.find("input")))
        for stream in self._streams:
            stream.stream.start()
        log.info("listening to %s, speaking through %s", *(stream.name for stream in self._streams[::-1]))

    def _close(self) -> None:
        for stream in self._streams:
            stream.close()
        self._streams = []

    def _loudspeaker(self, name: str, index: int, rate: int) -> WatchedStream:
        watched = WatchedStream(name)

        def give(block: Any, frames: int, _time: Any, _status: Any) -> None:
            watched.called()
            block[:] = self._playback.take(frames, self._time())

        watched.stream = self._sd.RawOutputStream(
            blocksize=round(_OUTPUT_BLOCK * rate / RATE),
            **self._stream_settings(index, rate, give, watched),
        )
        self._playback.open(rate, watched.stream.latency)
        return watched

    def _microphone(self, name: str, index: int, rate: int) -> WatchedStream:
        watched = WatchedStream(name)

        def take(block: Any, _frames: int, _time: Any, status: Any) -> None:
            watched.called()
            at = self._time()
            muted = not self._echo_free and self._playback.playing(at, TAIL)
            self._capture.put(bytes(block), at, muted=muted, overflowed=status.input_overflow)

        self._capture.open(rate, None if rate == RATE else Resampler(rate, RATE))
        watched.stream = self._sd.RawInputStream(
            blocksize=round(BLOCK * rate / RATE), **self._stream_settings(index, rate, take, watched)
        )
        return watched

    @staticmethod
    def _stream_settings(
        index: int, rate: int, callback: Callable[..., None], watched: WatchedStream
    ) -> dict[str, Any]:
        return {
            "device": index,
            "samplerate": rate,
            "channels": 1,
            "dtype": "int16",
            "latency": "low",
            "callback": callback,
            "finished_callback": watched.finished.set,
        }

    # Finding

    def find(self, kind: Kind) -> tuple[str, int, int]:
        """A device's name, its number, and the rate to open it with: ours, or else its own."""
        device = self._device(kind)
        # A number may mean another device after the next look at the list; the name does not.
        self._names[kind] = self._names[kind] and device["name"]
        check = getattr(self._sd, f"check_{kind}_settings")
        try:
            check(device["index"], channels=1, dtype="int16", samplerate=RATE)
        except self._sd.PortAudioError:
            return device["name"], device["index"], round(device["default_samplerate"])
        return device["name"], device["index"], RATE

    def _device(self, kind: Kind) -> Any:
        wanted, noun = self._names[kind], _NOUNS[kind]
        devices = [device for device in self._sd.query_devices() if device[f"max_{kind}_channels"]]
        if not devices:
            raise SetupError(f"there is no {noun}; plug one in, or start with `voice-coach run --wait`")
        if wanted is None:
            default = self._sd.default.device[kind]
            return next((device for device in devices if device["index"] == default), devices[0])
        for fits in (_is_number, _is_name, _holds_name):
            found = [device for device in devices if fits(device, wanted)]
            if found:
                return found[0]
        names = [device["name"] for device in devices]
        nearest = get_close_matches(wanted, names, n=3, cutoff=0.0)
        raise SetupError(f"no {noun} is called '{wanted}'; there is {', '.join(nearest)}")

    def _time(self) -> float:
        return monotonic() - self._began


def _sounddevice() -> Any:
    try:
        import sounddevice
    except OSError as error:
        raise SetupError("the PortAudio library is missing: sudo apt install libportaudio2") from error
    return sounddevice


def _is_number(device: dict[str, Any], wanted: str) -> bool:
    return str(device["index"]) == wanted


def _is_name(device: dict[str, Any], wanted: str) -> bool:
    return bool(device["name"].casefold() == wanted.casefold())


def _holds_name(device: dict[str, Any], wanted: str) -> bool:
    return wanted.casefold() in device["name"].casefold()


def _say_lost(blocks: int) -> None:
    log.warning("%d ms of the microphone were lost: this machine is too busy", blocks * BLOCK * 1000 // RATE)


def _line(error: Exception) -> str:
    return " ".join(str(error).split())
