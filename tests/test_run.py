"""`voice-coach run` on a virtual sound card: a recorded couple speaks into its microphone in real time, and
its voice is recorded from its loudspeaker and transcribed back by the ear.
"""

from __future__ import annotations

import re
import signal
import statistics
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

import pytest
from evenings import REQUESTS, Evening, Stopped, held, spoken, stopped_in_a_line, stopped_in_a_turn, woken
from virtual_card import Coach, Recorder, Table, VirtualCard, needs_virtual_card

from audio import RATE, Ear, Samples, WordGraph
from voice_coach.evening import open_ear
from voice_coach.hearing import Hearing

pytestmark = [pytest.mark.weights, needs_virtual_card]

Running = Mapping[str, Future[Any]]


@pytest.fixture(scope="module", autouse=True)
def running(hearing: Hearing, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """What takes a minute or two goes on beside all other tests, each at a table of its own."""
    folder = tmp_path_factory.mktemp("card")
    jobs = [*REQUESTS, "line", "turn"]
    with VirtualCard(folder, tables=len(jobs)) as card, ThreadPoolExecutor() as pool:
        running: dict[str, Future[Any]] = {
            exercise: pool.submit(held, card, jobs.index(exercise), exercise, hearing)
            for exercise in REQUESTS
        }
        running["line"] = pool.submit(stopped_in_a_line, card, jobs.index("line"))
        running["turn"] = pool.submit(stopped_in_a_turn, card, jobs.index("turn"))
        yield running


@pytest.fixture
def card(tmp_path: Path) -> Iterator[VirtualCard]:
    """Off until it is started."""
    card = VirtualCard(tmp_path)
    yield card
    card.kill()


@pytest.fixture(scope="module")
def ear() -> Ear:
    return open_ear()


def transcribed(ear: Ear, sound: Samples) -> str:
    nothing: WordGraph = (0, frozenset({1}), ((0, "stop", 1),))
    return ear.hear(sound, nothing, dictate=True).dictated or ""


def likeness(one: str, other: str) -> float:
    words = (" ".join(re.findall(r"[a-z']+", text.lower())) for text in (one, other))
    return SequenceMatcher(None, *words).ratio()


# The card goes away and comes back


def test_a_line_that_was_cut_off_begins_again(card: VirtualCard) -> None:
    card.start()
    with Coach(card) as coach, Table(card) as table:
        coach.logged("listening to")
        table.say(woken("eye-contact"))
        with Recorder(card) as recorder:
            said = coach.tells(event="said", step="look-away")
            line = spoken(coach.entries("said")[-1]["text"])
            recorder.wait_for(said + 2.5)
            killed = card.kill()
            assert recorder.found(line[RATE : 2 * RATE])
        assert coach.logged("the sound card is gone") - killed < 1.0
        returned = card.start()
        with Recorder(card) as recorder:
            assert coach.logged("listening to", 2) - returned < 3.0
            coach.tells(event="said", step="ready-first")
            # It is heard from its start, to its end, and once.
            assert len(recorder.found(line[RATE : 2 * RATE])) == 1
            assert len(recorder.found(line[-RATE:])) == 1
        coach.tells(event="asks", step="ready-first")
        assert [entry["step"] for entry in coach.entries("said")] == ["welcome", "look-away", "ready-first"]


def test_a_card_that_is_not_there_yet_is_waited_for(card: VirtualCard) -> None:
    with Coach(card, "--wait") as coach:
        coach.logged("waiting, because there is no")
        returned = card.start()
        assert coach.logged("listening to") - returned < 3.0
        assert coach.end()[0] == 0


def test_without_a_card_it_says_so_in_one_line(card: VirtualCard) -> None:
    with Coach(card) as coach:
        assert coach.process.wait(20) == 1
        coach.logged("voice-coach: there is no")
        assert [line for _, line in coach.log] == [
            "voice-coach: there is no microphone; plug one in, or start with `voice-coach run --wait`"
        ]


# The end


@pytest.mark.parametrize(("number", "status"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)])
def test_a_signal_ends_it_within_a_second(card: VirtualCard, number: int, status: int) -> None:
    card.start()
    with Coach(card) as coach, Table(card) as table:
        coach.logged("listening to")
        table.say(woken("eye-contact"))
        coach.tells(event="said", step="welcome")
        ended, took = coach.end(number)
        assert (ended, coach.told[-1][1]["event"]) == (status, "summary")
        assert took < 1.0
        assert not [line for _, line in coach.log if "Traceback" in line]


def test_a_sound_server_that_hangs_does_not_hold_it_up(card: VirtualCard) -> None:
    card.start()
    with Coach(card) as coach:
        coach.logged("listening to")
        card.freeze()
        coach.logged("the sound card is gone")
        status, took = coach.end()
        assert status == 0
        assert took < 1.0


# A whole evening


@pytest.mark.parametrize("exercise", REQUESTS)
def test_an_exercise_is_led_to_its_end(running: Running, exercise: str) -> None:
    evening: Evening = running[exercise].result()
    assert [entry["exercise"] for entry in evening.entries("started")] == [exercise]
    assert evening.told[-1][1]["event"] == "summary"
    assert evening.told[-1][1]["outcome"] == "finished"
    assert evening.status == 0


@pytest.mark.parametrize("exercise", REQUESTS)
def test_what_is_said_is_what_is_heard(running: Running, exercise: str, ear: Ear) -> None:
    evening: Evening = running[exercise].result()
    pairs = [
        (transcribed(ear, evening.recorder.sound(at, at + entry["seconds"] + 0.3)), entry["text"])
        for at, entry in evening.told
        if entry["event"] == "said"
    ]
    assert len(pairs) >= 6
    # One line may be lost on the ear: short ones with a name in them are hard for it.
    assert statistics.median(likeness(*pair) for pair in pairs) > 0.85, pairs
    assert sum(likeness(*pair) > 0.7 for pair in pairs) >= 0.75 * len(pairs), pairs


def test_lines_start_at_once(running: Running) -> None:
    """Lines that have been said before, that is: to make a new one takes a tenth of a second more."""
    delays = []
    for exercise in REQUESTS:
        evening: Evening = running[exercise].result()
        for at, entry in evening.told:
            if entry["event"] == "said":
                onset = evening.recorder.onset(at, at + 1.0)
                assert onset is not None, entry
                delays.append(onset + (entry["latency"] if entry["latency"] < 0.03 else 0.0))
    assert statistics.median(delays) < 0.1


def test_what_was_heard_is_told_without_its_words(running: Running) -> None:
    heard = [entry for exercise in REQUESTS for entry in running[exercise].result().entries("heard")]
    assert heard
    assert not any("text" in entry for entry in heard)


@pytest.mark.parametrize("during", ["line", "turn"])
def test_a_stop_silences_everything(running: Running, during: str) -> None:
    """A line, or the bell at the end of a turn: the closing line is heard at once in its place."""
    stopped: Stopped = running[during].result()
    assert stopped.over_sound
    assert stopped.silenced_after < 0.2
