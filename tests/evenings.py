"""Evenings at a virtual sound card, each of which takes its real time."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

import numpy as np
from virtual_card import Coach, Entry, Recorder, Table, VirtualCard

from audio import RATE, Pyttsx3Voice, Samples, chime, read_sound, write_wav
from voice_coach.couple import Couple, Wishes
from voice_coach.couple_file import load_couple
from voice_coach.demo import OURS
from voice_coach.hearing import Hearing
from voice_coach.listening import Listening
from voice_coach.places import voice_folder

REQUESTS = {
    "phones-away": ("short phones away please", "en-us"),
    "eye-contact": ("the short eyes up please", "en-gb"),
    "nice-list": ("something quick please", "en-us"),
}
"""Requests for the shortest variants, which nobody has recorded, and the voices that say them."""
RECORDINGS = load_couple(OURS)
PATIENCE = 170.0
"""Seconds in which every exercise must be over."""


@cache
def spoken(text: str, voice: str = "en-gb") -> Samples:
    """A line, exactly as the coach says it."""
    with Pyttsx3Voice(voice_folder()) as synthetic:
        return synthetic.render(text, voice=voice)


def silence(seconds: float) -> Samples:
    return np.zeros(round(seconds * RATE), dtype=np.float32)


def woken(exercise: str) -> Samples:
    """The wake phrase and a request, in one breath."""
    return np.concatenate([read_sound(RECORDINGS.wake[0]), silence(0.3), spoken(*REQUESTS[exercise])])


@dataclass(frozen=True)
class Evening:
    """What the stream told, and when; what was heard."""

    told: list[tuple[float, Entry]]
    recorder: Recorder
    status: int

    def entries(self, event: str) -> list[Entry]:
        return [entry for _, entry in self.told if entry["event"] == event]


def seated(card: VirtualCard, exercise: str, hearing: Hearing, seed: int = 0) -> Couple:
    """A couple out for the shortest variant of an exercise. It answers questions that have a yes or a no."""
    request = card.folder / f"{exercise}.wav"
    write_wav(request, spoken(*REQUESTS[exercise]))
    return Couple(
        replace(RECORDINGS, requests={exercise: (request,)}, table=()),
        Wishes(exercise),
        understand=lambda words: hearing.read(words, Listening("question")).decision,
        offered=lambda: (exercise,),
        seed=seed,
    )


def held(card: VirtualCard, number: int, exercise: str, hearing: Hearing) -> Evening:
    """An exercise from the first word to the last."""
    with Recorder(card, number) as recorder, Coach(card, table=number) as coach:
        coach.logged("listening to")
        with Table(card, number, seated(card, exercise, hearing)) as table:
            coach.watch = table.watch
            assert table.left.wait(PATIENCE), coach.told[-3:]
        status, _ = coach.end()
    return Evening(coach.told, recorder, status)


@dataclass(frozen=True)
class Stopped:
    """A stop that was said while something sounded."""

    over_sound: bool
    """Whether what sounded then would have gone on."""
    silenced_after: float
    """Seconds from the decision until, in its place, the closing line was heard."""


def stopped_in_a_line(card: VirtualCard, number: int) -> Stopped:
    with (
        Recorder(card, number) as recorder,
        Coach(card, "--headphones", table=number) as coach,
        Table(card, number) as table,
    ):
        coach.logged("listening to")
        table.say(woken("eye-contact"))
        said = coach.tells(event="said", step="look-away")
        table.say(np.concatenate([silence(1.2), read_sound(RECORDINGS.controls["stop"][0])]))
        decided = coach.tells(event="control", intent="stop")
        (line,) = (entry for entry in coach.entries("said") if entry["step"] == "look-away")
        return _stopped(coach, recorder, decided, goes_on_until=said + line["seconds"])


def stopped_in_a_turn(card: VirtualCard, number: int) -> Stopped:
    """The stop is said so that it is understood while the bell rings that ends the turn."""
    stop = read_sound(RECORDINGS.controls["stop"][0])
    with (
        Recorder(card, number) as recorder,
        Coach(card, table=number) as coach,
        Table(card, number) as table,
    ):
        coach.logged("listening to")
        table.say(woken("nice-list"))
        for step in ("offer", "ready-first", "ready-second"):
            coach.tells(event="asks", step=step)
            table.say(np.concatenate([silence(0.5), read_sound(RECORDINGS.answers["yes"][0][0])]))
        coach.tells(event="turn")
        (turn,) = coach.entries("turn")
        # An utterance ends a second after its last word.
        table.say(np.concatenate([silence(turn["seconds"] + 0.3 - 1.0 - stop.size / RATE), stop]))
        bell = coach.tells(event="chime", name="turn-over", timeout=30)
        decided = coach.tells(event="control", intent="stop")
        return _stopped(coach, recorder, decided, goes_on_until=bell + chime("turn-over").size / RATE)


def _stopped(coach: Coach, recorder: Recorder, decided: float, goes_on_until: float) -> Stopped:
    coach.tells(event="slept")
    heard = recorder.found(spoken("We'll leave it there.")[: RATE // 2])
    assert len(heard) == 1
    return Stopped(decided + 0.2 < goes_on_until, heard[0] - decided)
