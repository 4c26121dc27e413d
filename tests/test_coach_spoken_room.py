"""The Room of sound: what is heard while the coach speaks, and how long it listens."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from audio import Samples, SimulatedDevice, read_sound
from voice_coach.evening import Evening, open_ear, open_hearing
from voice_coach.library import Library
from voice_coach.stream import Stream

pytestmark = pytest.mark.weights

COUPLE = Path(__file__).parents[1] / "voice_coach" / "couples" / "anna-and-ben"
Entry = Mapping[str, Any]


class Guest(SimulatedDevice):
    """Somebody at the table who does one thing when something happens, and leaves after a while."""

    def __init__(self, when: Callable[[Entry], float | None], say: str, leave: float) -> None:
        super().__init__(mix=True)
        self._when = when
        self._say = read_sound(COUPLE / say)
        self._leave = leave
        self.lay(read_sound(COUPLE / "wake-hey-coach-a.flac"), 0.5)
        self.lay(read_sound(COUPLE / "request-nice-list-0.flac"), 1.7)

    def watch(self, entry: Entry) -> None:
        after = self._when(entry)
        if after is not None:
            self.lay(self._say, self.now + after)

    def read(self) -> Samples | None:
        return super().read() if self.now < self._leave else None


@pytest.fixture(scope="module")
def hold(library: Library) -> Callable[[Guest], list[Entry]]:
    hearing = open_hearing(library, open_ear())

    def held(guest: Guest) -> list[Entry]:
        entries: list[Entry] = []
        evening = Evening(library, ("Anna", "Ben"), hearing, Stream([entries.append, guest.watch]))
        evening.hold(guest, show_text=False)
        return entries

    return held


def at_line(name: str, after: float) -> Callable[[Entry], float | None]:
    return lambda entry: after if entry["event"] == "said" and entry["line"] == name else None


def events(entries: list[Entry], event: str) -> list[Entry]:
    return [entry for entry in entries if entry["event"] == event]


def test_a_stop_over_a_line_silences_it(hold: Callable[[Guest], list[Entry]]) -> None:
    guest = Guest(at_line("welcome", 1.5), "control-stop-a.flac", leave=20)
    entries = hold(guest)
    (welcome, closing) = events(entries, "said")
    assert (welcome["line"], closing["line"]) == ("welcome", "stopped")
    assert closing["at"] < welcome["at"] + welcome["seconds"]
    assert entries[-1]["outcome"] == "stopped"


def test_a_no_over_a_line_is_not_obeyed(hold: Callable[[Guest], list[Entry]]) -> None:
    guest = Guest(at_line("welcome", 1.5), "answer-no-thank-you-a.flac", leave=13)
    entries = hold(guest)
    assert [entry["line"] for entry in events(entries, "said")] == ["welcome", "ready-first"]
    assert not events(entries, "ended")


def test_an_answer_begun_as_the_line_ends_is_heard_whole(hold: Callable[[Guest], list[Entry]]) -> None:
    guest = Guest(at_line("ready-first", 1.7), "answer-yes-please-a.flac", leave=16)
    entries = hold(guest)
    assert [entry["line"] for entry in events(entries, "said")][:3] == [
        "welcome",
        "ready-first",
        "ready-second",
    ]


def test_silence_is_asked_once_more_and_then_left_alone(hold: Callable[[Guest], list[Entry]]) -> None:
    guest = Guest(lambda _: None, "answer-yes-a.flac", leave=50)
    entries = hold(guest)
    asked, again = events(entries, "asks")
    assert (asked["step"], again["step"]) == ("ready-first", "ready-first")
    said = {entry["line"]: entry for entry in events(entries, "said")}
    waited = again["at"] - asked["at"] - said["ready-first"]["seconds"]
    assert 7.9 < waited < 8.5
    assert entries[-1]["outcome"] == "unanswered"


def test_words_are_told_only_where_they_may_be(hold: Callable[[Guest], list[Entry]]) -> None:
    entries = hold(Guest(lambda _: None, "answer-yes-a.flac", leave=8))
    assert events(entries, "heard")
    assert all("text" not in entry for entry in events(entries, "heard"))


def test_a_skip_over_a_line_passes_over_that_line_only(hold: Callable[[Guest], list[Entry]]) -> None:
    guest = Guest(at_line("welcome", 1.5), "control-next-a.flac", leave=12)
    entries = hold(guest)
    welcome, consent = events(entries, "said")
    assert consent["line"] == "ready-first"
    assert consent["at"] < welcome["at"] + welcome["seconds"]
    assert [entry["step"] for entry in events(entries, "asks")] == ["ready-first"]


def test_a_line_is_said_again_on_request_and_then_the_rest(hold: Callable[[Guest], list[Entry]]) -> None:
    asked: list[Entry] = []

    def once(entry: Entry) -> float | None:
        if entry["event"] == "said" and entry["line"] == "welcome" and not asked:
            asked.append(entry)
            return 1.5
        return None

    entries = hold(Guest(once, "control-say-that-again-a.flac", leave=18))
    assert [entry["line"] for entry in events(entries, "said")] == ["welcome", "welcome", "ready-first"]
