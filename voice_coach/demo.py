"""`voice-coach demo` and `voice-coach listen`: the whole loop without a microphone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from audio import RecordedDevice, SimulatedDevice, read_sound, write_wav
from intents import nearest

from .couple import Couple, Wishes
from .couple_file import Recordings
from .errors import CoachError, UnknownNameError
from .evening import Evening, open_ear, open_hearing
from .exercise import End, Goto, Person
from .library import Library
from .listening import CONTROLS
from .settings import DEFAULTS, Settings
from .stream import Stream, Watcher

OURS = Path(__file__).parent / "couples" / "anna-and-ben"
"""The couple that comes with the project."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What `demo` was asked for."""

    couple: Path = OURS
    exercise: str = "nice-list"
    seed: int = 0
    decline: Person | None = None
    interrupts: tuple[tuple[str, str], ...] = ()
    out: Path | None = None


def demo(
    library: Library,
    recordings: Recordings,
    wanted: Wanted,
    watchers: Sequence[Watcher],
    settings: Settings = DEFAULTS,
) -> None:
    """A recorded couple speaks, is heard by the real ear, and is answered.

    Raises:
        CoachError: the couple cannot say what was asked for.
        SetupError: the machine lacks something.
    """
    _check(library, wanted, recordings)
    hearing = open_hearing(library, open_ear(settings), settings.wake_phrases)
    stream = Stream()
    evening = Evening(library, recordings.names, hearing, stream, settings)
    couple = Couple(
        recordings,
        Wishes(wanted.exercise, wanted.decline, wanted.interrupts),
        understand=lambda words: hearing.read(words, evening.listening).decision,
        offered=lambda: evening.listening.options,
        seed=wanted.seed,
        mix=wanted.out is not None,
    )
    stream.watchers = (*watchers, couple.watch)
    evening.hold(couple, show_text=True)
    _write(couple, wanted.out)
    for intent, step in couple.unsaid:
        raise CoachError(f"'{intent}' was never obeyed at '{step}', which was not reached or not heard")


def listen(
    library: Library,
    file: Path,
    watchers: Sequence[Watcher],
    out: Path | None = None,
    settings: Settings = DEFAULTS,
) -> None:
    """A recording as the microphone.

    Raises:
        SoundFileError: the recording cannot be read.
        SetupError: the machine lacks something.
    """
    check_out(out)
    device = RecordedDevice(read_sound(file), mix=out is not None)
    hearing = open_hearing(library, open_ear(settings), settings.wake_phrases)
    evening = Evening(library, settings.names, hearing, Stream(watchers), settings)
    evening.hold(device, show_text=True)
    _write(device, out)


def _write(device: SimulatedDevice, out: Path | None) -> None:
    if out is None:
        return
    write_wav(out, device.mixed())


def check_out(out: Path | None) -> None:
    """Before an evening is held, whether it can be written."""
    if out is not None and not out.absolute().parent.is_dir():
        raise CoachError(f"{out} cannot be written: there is no such folder; name another file with --out")


def _check(library: Library, wanted: Wanted, recordings: Recordings) -> None:
    if not recordings.requests.get(wanted.exercise):
        known = sorted(set(recordings.requests) & set(library.exercises))
        raise CoachError(
            f"this couple has no recorded request for '{wanted.exercise}'; it can ask for {', '.join(known)}"
        )
    check_out(wanted.out)
    # After the closing line nobody is listened to any more.
    steps = [step.id for step in library.exercises[wanted.exercise].steps if not isinstance(step, End | Goto)]
    for intent, step in wanted.interrupts:
        if intent not in CONTROLS:
            raise UnknownNameError(f"'{intent}' is no control{nearest(intent, CONTROLS)}")
        if step not in steps:
            raise UnknownNameError(
                f"{wanted.exercise} has no step '{step}' where one can speak{nearest(step, steps)};"
                f" `voice-coach exercises show {wanted.exercise}` lists them"
            )
        if not recordings.controls.get(intent):
            raise CoachError(f"this couple has no recording for the control '{intent}'")
