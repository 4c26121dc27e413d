"""The whole loop on real sound: a recorded couple, voice activity, the ear, the dialogue, the voice.

Nothing is scripted: what is heard decides what happens, which is what these tests exchange.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml

from audio import Ear, Heard, MoonshineEar, Samples, WordGraph, read_sound
from voice_coach import demo as demos
from voice_coach.couple_file import load_couple
from voice_coach.demo import OURS, Wanted, demo
from voice_coach.evening import open_ear
from voice_coach.library import Library

pytestmark = pytest.mark.weights

CANARY_CLIP = Path(__file__).parent / "recordings" / "canary.flac"
CANARY = "she made that joke about my cooking and everyone laughed"
"""What is said in `canary.flac`."""

Entries = list[Mapping[str, Any]]
Evening = Callable[[Wanted], Entries]


class WatchedEar:
    """The real ear, which remembers what it was asked."""

    def __init__(self, ear: Ear) -> None:
        self.ear = ear
        self.heard: list[tuple[bool, Heard]] = []

    def hear(self, samples: Samples, graph: WordGraph, *, dictate: bool = False) -> Heard:
        heard = self.ear.hear(samples, graph, dictate=dictate)
        self.heard.append((dictate, heard))
        return heard

    def prepare(self, graph: WordGraph) -> None:
        self.ear.prepare(graph)

    def begins_with(self, samples: Samples, graph: WordGraph) -> float:
        return self.ear.begins_with(samples, graph)


@pytest.fixture(scope="module")
def ear() -> WatchedEar:
    return WatchedEar(open_ear())


@pytest.fixture
def evening(library: Library, ear: WatchedEar, monkeypatch: pytest.MonkeyPatch) -> Evening:
    """Holds a demo; all that the stream told."""
    monkeypatch.setattr(demos, "open_ear", lambda _settings: ear)
    ear.heard.clear()

    def hold(wanted: Wanted) -> Entries:
        entries: Entries = []
        demo(library, load_couple(wanted.couple), wanted, [entries.append])
        return entries

    return hold


@pytest.fixture
def couple(tmp_path: Path) -> Callable[..., Path]:
    """Our couple, with some recordings exchanged."""

    def seated(**changes: Any) -> Path:
        folder = tmp_path / "couple"
        shutil.copytree(OURS, folder)
        content = yaml.safe_load((folder / "couple.yaml").read_text())
        for key, value in changes.items():
            content[key] = value(content[key]) if callable(value) else value
        (folder / "couple.yaml").write_text(yaml.safe_dump(content))
        return folder

    return seated


def events(entries: Entries, event: str) -> Entries:
    return [entry for entry in entries if entry["event"] == event]


def test_a_couple_is_led_to_the_end(evening: Evening) -> None:
    entries = evening(Wanted())
    assert [entry["exercise"] for entry in events(entries, "started")] == ["nice-list"]
    assert entries[-1]["event"] == "summary"
    assert entries[-1]["outcome"] == "finished"
    assert {"endpoint", "text", "meaning", "speech"} <= {*entries[-1]["latencies"]}
    order = [
        entry["event"] for entry in entries if entry["event"] in ("woke", "started", "turn", "ended", "slept")
    ]
    assert order[:2] == ["woke", "started"]
    assert order[-2:] == ["ended", "slept"]
    times = [entry["at"] for entry in entries]
    assert times == sorted(times)


def test_the_same_seed_gives_the_same_evening(evening: Evening) -> None:
    def told(entries: Entries) -> list[object]:
        return [(entry["event"], entry["at"]) for entry in entries]

    wanted = Wanted(exercise="eye-contact", seed=5)
    assert told(evening(wanted)) == told(evening(wanted))


def test_another_word_in_a_recording_changes_the_evening(
    evening: Evening, couple: Callable[..., Path]
) -> None:
    """Ben's recordings of a yes are exchanged for a no: the same couple now declines."""
    no = ["answer-no-thank-you-b.flac"]
    yes = ("yes", "yes please", "ready")
    folder = couple(answers=lambda answers: answers | {words: [answers[words][0], no] for words in yes})
    entries = evening(Wanted(folder, "eye-contact"))
    assert entries[-1]["outcome"] == "declined"


def test_table_talk_starts_nothing(evening: Evening, couple: Callable[..., Path]) -> None:
    """The same couple, but nobody ever says the wake phrase."""
    folder = couple(
        wake=["table-00-a.flac", "table-05-b.flac"], requests=lambda _: {"nice-list": ["table-03-b.flac"]}
    )
    entries = evening(Wanted(folder, seed=1))
    assert [entry["event"] for entry in entries] == ["summary"]


@pytest.mark.parametrize("who", ["first", "second"])
def test_a_no_declines_kindly(evening: Evening, who: Any) -> None:
    entries = evening(Wanted(exercise="eye-contact", decline=who))
    assert entries[-1]["outcome"] == "declined"
    assert events(entries, "said")[-1]["text"] == "That's fine. Another time, if you like."
    assert not events(entries, "hush")


@pytest.mark.parametrize("step", ["welcome", "ready-second", "how-many", "did-starter", "are-other"])
def test_a_stop_ends_it_at_every_kind_of_step(evening: Evening, step: str) -> None:
    entries = evening(Wanted(interrupts=(("stop", step),)))
    assert entries[-1]["outcome"] == "stopped"
    assert [entry["intent"] for entry in events(entries, "control")][-1] == "stop"


def test_a_pause_in_a_silence_is_carried_on(evening: Evening) -> None:
    entries = evening(Wanted(exercise="eye-contact", interrupts=(("pause", "look"),)))
    assert [entry["event"] for entry in entries if entry["event"] in ("paused", "resumed", "ended")] == [
        "paused",
        "resumed",
        "ended",
    ]
    first, second = events(entries, "hush")
    # The recorded request asks for ninety seconds.
    assert 0 < second["seconds"] < first["seconds"] == 90
    assert entries[-1]["outcome"] == "finished"


def test_what_is_said_in_a_turn_becomes_no_text(
    evening: Evening,
    couple: Callable[..., Path],
    ear: WatchedEar,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A canary sentence is all that the couple says in turns. It is nowhere afterwards."""
    monkeypatch.setenv("VOICE_COACH_CACHE", str(tmp_path / "cache"))
    folder = couple(talk=["canary.flac"])
    shutil.copy(CANARY_CLIP, folder)
    entries = evening(Wanted(folder, seed=2))
    assert entries[-1]["outcome"] == "finished"
    words = CANARY.split()
    told = json.dumps(entries).lower()
    assert not any(" ".join(pair) in told for pair in pairwise(words))
    kept = [path for path in (tmp_path / "cache").rglob("*") if path.is_file()]
    assert {path.suffix for path in kept} <= {".wav"}
    assert not any(b"cooking" in path.read_bytes() for path in kept)
    # Dictated text is asked for only when awake, which a turn is not.
    dictated = [heard.dictated for asked, heard in ear.heard if asked]
    assert dictated
    assert all("cooking" not in (text or "") for text in dictated)
    assert all(heard.dictated is None for asked, heard in ear.heard if not asked)


def test_the_canary_would_be_understood_if_it_were_dictated(ear: WatchedEar) -> None:
    """So that the test above can fail: the same recording does become text where that is asked for."""
    graph: WordGraph = (0, frozenset({1}), ((0, "stop", 1),))
    heard = ear.hear(read_sound(CANARY_CLIP), graph, dictate=True)
    assert "joke about my cooking" in (heard.dictated or "").lower()


def test_both_sides_are_written(evening: Evening, tmp_path: Path) -> None:
    out = tmp_path / "evening.wav"
    entries = evening(replace(Wanted(exercise="eye-contact", decline="first"), out=out))
    mixed = read_sound(out)
    said = events(entries, "said")[0]
    start = round(said["at"] * 16_000)
    assert abs(mixed[start : start + 32_000]).max() > 0.1
    assert len(mixed) / 16_000 == pytest.approx(entries[-1]["at"], abs=0.1)


def test_the_ear_is_the_real_one(ear: WatchedEar) -> None:
    assert isinstance(ear.ear, MoonshineEar)
