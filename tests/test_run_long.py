"""Measurements of `voice-coach run` that take ten minutes and more: `make bench`."""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import cycle, pairwise
from pathlib import Path
from time import monotonic

import pytest
from evenings import RECORDINGS, REQUESTS, seated, silence, spoken
from virtual_card import Coach, Recorder, Table, VirtualCard, needs_virtual_card

from audio import RATE, read_sound
from voice_coach.hearing import Hearing

pytestmark = [pytest.mark.slow, pytest.mark.weights, needs_virtual_card]

KILLS = 20
MINUTES = 10


@pytest.fixture
def card(tmp_path: Path) -> Iterator[VirtualCard]:
    with VirtualCard(tmp_path) as card:
        yield card


def test_the_card_is_taken_away_twenty_times(
    card: VirtualCard, hearing: Hearing, capsys: pytest.CaptureFixture[str]
) -> None:
    """Couple after couple asks for an exercise, while every few seconds all devices go away for a while."""
    chance = random.Random(4)  # noqa: S311 (chance, not secrecy)
    noticed, back, recorders = [], [], []
    exercises = cycle(REQUESTS)
    with ExitStack() as stack, Coach(card) as coach:
        coach.logged("listening to")
        recorders.append(stack.enter_context(Recorder(card)))
        table = stack.enter_context(ExitStack())
        seat: Table | None = None
        for kill in range(1, KILLS + 1):
            if seat is None or seat.left.is_set():
                table.close()
                seat = table.enter_context(Table(card, 0, seated(card, next(exercises), hearing, seed=kill)))
                coach.watch = seat.watch
            recorders[-1].wait_for(monotonic() + chance.uniform(3, 9), patience=20)
            killed = card.kill()
            noticed.append(coach.logged("the sound card is gone", kill) - killed)
            seat.left.wait(chance.uniform(0, 4))  # how long they are away
            returned = card.start()
            recorders.append(stack.enter_context(Recorder(card)))
            back.append(coach.logged("listening to", kill + 1) - returned)
        assert seat.left.wait(170)
        status, _ = coach.end()
    with capsys.disabled():
        print(f"\nnoticed after {max(noticed):.2f} s, back after {max(back):.2f} s at most; ", end="")  # noqa: T201
    assert status == 0
    assert max(noticed) < 1.0
    assert max(back) < 3.0
    said = [(at, entry) for at, entry in coach.told if entry["event"] == "said"]
    assert [entry["how"] for entry in coach.entries("ended")].count("finished") >= 1
    ends = [at for at, _ in said[1:]] + [float("inf")]
    for (at, entry), until in zip(said, ends, strict=True):
        end = spoken(entry["text"])[-RATE // 2 :]
        heard = [time for recorder in recorders for time in recorder.found(end) if at <= time < until]
        assert len(heard) <= 1, entry
    for (_, one), (_, other) in pairwise(said):
        assert one["text"] != other["text"]


def test_ten_minutes_beside_two_busy_processes(card: VirtualCard, capsys: pytest.CaptureFixture[str]) -> None:
    """Table talk without end over kitchen noise, while the machine has other things to do."""
    busy = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(2)]
    try:
        with Coach(card) as coach, Table(card) as table:
            began = coach.logged("listening to", timeout=60)
            talk = cycle(RECORDINGS.table)
            while monotonic() < began + MINUTES * 60:
                clip = read_sound(next(talk))
                table.say(clip)
                table.say(silence(1.5))
                table.finished.wait(60)
                assert coach.process.poll() is None
            status, _ = coach.end()
    finally:
        for process in busy:
            process.kill()
            process.wait()
    lines = [line for _, line in coach.log]
    said = sum(int(line.split()[4]) for line in lines if "ms of the microphone were lost" in line)
    (lost,) = (int(line.split()[-7]) for line in lines if "blocks of the microphone were lost" in line)
    with capsys.disabled():
        print(f"\n{lost} blocks lost in {MINUTES} minutes; ", end="")  # noqa: T201
    assert status == 0
    assert said == lost * 32
    assert lost * 32 / 1000 < 0.01 * MINUTES * 60


def test_it_listens_within_four_seconds(card: VirtualCard, capsys: pytest.CaptureFixture[str]) -> None:
    took = []
    for _ in range(5):
        with Coach(card) as coach:
            took.append(coach.logged("listening to") - coach.started)
            coach.end()
    with capsys.disabled():
        print(f"\nlistens after {min(took):.2f} to {max(took):.2f} s; ", end="")  # noqa: T201
    assert sorted(took)[2] < 4.0


def test_help_comes_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    took = []
    for _ in range(10):
        began = monotonic()
        subprocess.run([sys.executable, "-m", "voice_coach", "--help"], check=True, capture_output=True)
        took.append(monotonic() - began)
    with capsys.disabled():
        print(f"\n--help after {sorted(took)[5]:.3f} s; ", end="")  # noqa: T201
    assert sorted(took)[5] < 0.15
