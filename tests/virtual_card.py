"""A sound card made of PulseAudio null sinks, and those who use it: somebody in front of its microphone, an
ear in front of its loudspeaker, and `voice-coach run` in between. All in real time.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from ctypes.util import find_library
from pathlib import Path
from threading import Condition, Event, Lock, Thread
from time import monotonic
from typing import IO, Any, Self

import numpy as np
import pytest

from audio import BLOCK, RATE, Samples
from voice_coach.couple import Couple
from voice_coach.places import cache_folder

Entry = Mapping[str, Any]

PULSEAUDIO = shutil.which("pulseaudio") or ""
PACTL = shutil.which("pactl") or ""
PACKAGES = {
    "pulseaudio": PULSEAUDIO,
    "pulseaudio-utils": PACTL,
    "libportaudio2": find_library("portaudio"),
    "libasound2-plugins": [
        *Path("/usr").glob("lib*/alsa-lib/*pcm_pulse.so"),
        *Path("/usr/lib").glob("*/alsa-lib/*pcm_pulse.so"),
    ],
}
MISSING = [package for package, found in PACKAGES.items() if not found]
needs_virtual_card = pytest.mark.skipif(
    bool(MISSING), reason=f"needs a virtual sound card: apt install {' '.join(MISSING)}"
)
RAW = ("--raw", "--format=s16le", f"--rate={RATE}", "--channels=1")


class VirtualCard:
    """A private PulseAudio with a loudspeaker and a microphone for each table."""

    def __init__(self, folder: Path, tables: int = 1) -> None:
        folder.chmod(0o700)
        self.folder = folder
        self._script = folder / "default.pa"
        sinks = "".join(
            # Without norewinds, a monitor now and then records silence.
            f"load-module module-null-sink sink_name={name}-{table} rate={RATE} channels=1 norewinds=1\n"
            for table in range(tables)
            for name in ("speaker", "microphone")
        )
        socket = f"load-module module-native-protocol-unix auth-anonymous=1 socket={folder}/socket\n"
        self._script.write_text(sinks + socket)
        self._daemon: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    def environment(self, table: int = 0) -> dict[str, str]:
        """For programs whose default devices are those of a table."""
        return {
            **os.environ,
            "HOME": str(self.folder),
            "XDG_RUNTIME_DIR": str(self.folder),
            "PULSE_SERVER": f"unix:{self.folder}/socket",
            "PULSE_SINK": f"speaker-{table}",
            "PULSE_SOURCE": f"microphone-{table}.monitor",
        }

    def start(self) -> float:
        """When the devices were there."""
        options = ("--exit-idle-time=-1", "--disable-shm=yes", "--use-pid-file=no", "--daemonize=no")
        self._daemon = subprocess.Popen(
            [PULSEAUDIO, "-n", "-F", str(self._script), *options],
            env=self.environment(),
            stderr=subprocess.DEVNULL,
        )
        until = monotonic() + 10
        while subprocess.run([PACTL, "info"], env=self.environment(), capture_output=True).returncode:
            assert monotonic() < until, "PulseAudio does not start"
        return monotonic()

    def kill(self) -> float:
        """As if all devices were unplugged at once; when that was."""
        daemon, self._daemon = self._daemon, None
        at = monotonic()
        if daemon:
            daemon.kill()
            daemon.wait()
        return at

    def freeze(self) -> None:
        """The sound server hangs, until it is killed."""
        assert self._daemon
        self._daemon.send_signal(signal.SIGSTOP)

    @property
    def alive(self) -> bool:
        return self._daemon is not None

    def open(self, program: str, device: str, table: int, **pipes: Any) -> subprocess.Popen[bytes]:
        command = [program, *RAW, "--latency-msec=20", f"--device={device}"]
        return subprocess.Popen(command, env=self.environment(table), stderr=subprocess.DEVNULL, **pipes)


class Recorder:
    """What comes out of a loudspeaker, and when."""

    def __init__(self, card: VirtualCard, table: int = 0) -> None:
        self._process = card.open("parec", f"speaker-{table}.monitor", table, stdout=subprocess.PIPE)
        self._sound = bytearray()
        self._began = float("inf")
        self._news = Condition()
        self._thread = Thread(target=self._record, daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()
        self._thread.join()

    def _record(self) -> None:
        stream = self._process.stdout
        assert stream
        while data := os.read(stream.fileno(), 4096):
            with self._news:
                self._sound += data
                # Nothing can be recorded before it sounds: the earliest of all estimates is the best.
                self._began = min(self._began, monotonic() - len(self._sound) / 2 / RATE)
                self._news.notify_all()
        stream.close()

    def wait_for(self, at: float, patience: float = 10) -> None:
        """Returns when everything up to a time of `monotonic` has been recorded."""
        with self._news:
            came = self._news.wait_for(lambda: self._began + len(self._sound) / 2 / RATE >= at, patience)
            assert came, "nothing is recorded"

    def whole(self) -> Samples:
        """All that was heard so far."""
        sound = bytes(self._sound)
        return np.frombuffer(sound[: len(sound) // 2 * 2], dtype=np.int16).astype(np.float32) / 32768

    def sound(self, since: float, until: float) -> Samples:
        """What was heard between two times of `monotonic`."""
        first, last = (max(0, round((at - self._began) * RATE)) for at in (since, until))
        return self.whole()[first:last]

    def onset(self, since: float, until: float) -> float | None:
        """Seconds after `since` at which something is heard first."""
        loud = np.flatnonzero(np.abs(self.sound(since, until)) > 0.005)
        return float(loud[0]) / RATE if loud.size else None

    def found(self, part: Samples) -> list[float]:
        """The times of `monotonic` at which this very sound was heard; it should be short, and no tone."""
        whole = self.whole()
        if whole.size < part.size:
            return []
        size = 1 << (whole.size + part.size).bit_length()
        fit = np.fft.irfft(np.fft.rfft(whole, size) * np.conj(np.fft.rfft(part, size)), size)
        fit = fit[: whole.size - part.size + 1]
        energy = np.concatenate([[0.0], np.cumsum(np.square(whole, dtype=np.float64))])
        around = np.sqrt(np.maximum(energy[part.size :] - energy[: -part.size], 1e-9))
        hits = np.flatnonzero(fit / (around * np.linalg.norm(part)) > 0.8)
        firsts = hits[np.diff(hits, prepend=-RATE) > RATE // 10]
        return [self._began + int(first) / RATE for first in firsts]


class Coach:
    """`voice-coach run` in a process of its own."""

    def __init__(self, card: VirtualCard, *arguments: str, table: int = 0) -> None:
        environment = {**card.environment(table), "VOICE_COACH_CACHE": str(cache_folder())}
        self.started = monotonic()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "voice_coach", "run", "--json", *arguments],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.told: list[tuple[float, Entry]] = []
        """What the stream told, and when it did."""
        self.log: list[tuple[float, str]] = []
        self.watch: Callable[[Entry], None] = lambda _: None
        self._news = Condition()
        self._threads = [
            Thread(target=self._follow, args=(stream, keep), daemon=True)
            for stream, keep in ((self.process.stdout, self._tell), (self.process.stderr, self._note))
        ]
        for thread in self._threads:
            thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()
        for thread in self._threads:
            thread.join()

    def entries(self, event: str) -> list[Entry]:
        return [entry for _, entry in self.told if entry["event"] == event]

    def logged(self, text: str, count: int = 1, timeout: float = 20) -> float:
        """When the log held `text` for the `count`th time, which is waited for."""
        return self._wait(lambda: [at for at, line in self.log if text in line], count, timeout, text)

    def tells(self, timeout: float = 20, count: int = 1, **fields: Any) -> float:
        """When an entry with these fields was told for the `count`th time, which is waited for."""
        return self._wait(
            lambda: [at for at, entry in self.told if fields.items() <= entry.items()],
            count, timeout, str(fields),
        )  # fmt: skip

    def end(self, with_signal: int = signal.SIGTERM) -> tuple[int, float]:
        """The exit status, and the seconds until it came."""
        began = monotonic()
        self.process.send_signal(with_signal)
        status = self.process.wait(10)
        took = monotonic() - began
        for thread in self._threads:
            thread.join()
        return status, took

    def _wait(self, find: Callable[[], list[float]], count: int, timeout: float, what: str) -> float:
        with self._news:
            came = self._news.wait_for(lambda: len(find()) >= count, timeout)
            assert came, f"'{what}' did not come {count} times; {self.told[-3:]}, {self.log[-5:]}"
            return find()[count - 1]

    def _follow(self, stream: IO[str], keep: Callable[[str], None]) -> None:
        for line in stream:
            with self._news:
                keep(line)
                self._news.notify_all()
        stream.close()

    def _tell(self, line: str) -> None:
        entry = json.loads(line)
        self.told.append((monotonic(), entry))
        self.watch(entry)

    def _note(self, line: str) -> None:
        self.log.append((monotonic(), line.rstrip()))


class Table:
    """Plays sound into a microphone, block by block, in real time: a couple's, or clips."""

    def __init__(self, card: VirtualCard, table: int = 0, couple: Couple | None = None) -> None:
        self._card, self._table, self._couple = card, table, couple
        self._clips = np.zeros(0, dtype=np.float32)
        self._lock = Lock()
        self.left = Event()
        """The couple has risen from the table."""
        self.finished = Event()
        """All clips have been said."""
        self._closed = Event()
        self._thread = Thread(target=self._play, daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._closed.set()
        self._thread.join()

    def watch(self, entry: Entry) -> None:
        """Lets the couple hear an entry of the stream."""
        if self._couple:
            with self._lock:
                self._couple.watch(entry)

    def say(self, sound: Samples) -> None:
        """Has a clip said, from now on."""
        with self._lock:
            self._clips = np.concatenate([self._clips, sound])
            self.finished.clear()

    def _play(self) -> None:
        began = monotonic()
        blocks = 0
        pipe: subprocess.Popen[bytes] | None = None
        while not self._closed.wait(max(0.0, began + blocks * BLOCK / RATE - monotonic())):
            with self._lock:
                block = self._next()
            blocks += 1
            if not self._card.alive:
                continue
            if pipe is None or pipe.poll() is not None:
                pipe = self._card.open(
                    "pacat", f"microphone-{self._table}", self._table, stdin=subprocess.PIPE, bufsize=0
                )
            try:
                assert pipe.stdin
                pipe.stdin.write((block * 32767).astype(np.int16).tobytes())
            except BrokenPipeError:
                pass  # the card was unplugged
        if pipe:
            pipe.kill()
            pipe.wait()

    def _next(self) -> Samples:
        if self._couple:
            block = self._couple.read()
            if block is not None:
                return block
            self._couple = None
            self.left.set()
        block, self._clips = self._clips[:BLOCK], self._clips[BLOCK:]
        if not self._clips.size:
            self.finished.set()
        return np.pad(block, (0, BLOCK - block.size))
