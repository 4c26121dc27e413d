"""Every play, word for word; and every step of every exercise is reached by one."""

from __future__ import annotations

from pathlib import Path

import pytest

from voice_coach.check import check
from voice_coach.hearing import Hearing
from voice_coach.library import Library, Packs
from voice_coach.play import load_play, perform

PLAYS = Path(__file__).parents[1] / "voice_coach" / "plays"


@pytest.mark.parametrize("path", sorted(PLAYS.glob("en/*.play")), ids=lambda path: path.stem)
def test_a_play_runs_word_for_word(path: Path, library: Library, hearing: Hearing) -> None:
    performance = perform(load_play(path), library, hearing)
    assert performance.problem is None, f"{performance.problem}\n{performance.shown()}"


def test_the_exercises_are_whole() -> None:
    assert check("en", Packs()) == []


def test_a_play_that_differs_fails_at_its_line(tmp_path: Path, library: Library, hearing: Hearing) -> None:
    play = tmp_path / "nice-list-wrong.play"
    play.write_text("you: hey coach, nice list\nbell: listening\ncoach: Something else.\n")
    performance = perform(load_play(play), library, hearing)
    assert performance.problem is not None
    assert performance.problem.line == 3
    assert "'coach: Something else.'" in performance.problem.message
    assert performance.shown().splitlines()[2].startswith("> ")


def test_a_play_that_goes_on_after_the_end_fails(tmp_path: Path, library: Library, hearing: Hearing) -> None:
    play = tmp_path / "nice-list-too-long.play"
    play.write_text(
        "you: hey coach, nice list\nbell: listening\n"
        "coach: The nice list. You take turns naming good things about each other, small ones count.\n"
        "coach: Anna, are you happy to start?\nyou: no\ncoach: That's fine. Another time, if you like.\n"
        "bell: closed\nend: declined\ncoach: One more thing.\n"
    )
    performance = perform(load_play(play), library, hearing)
    assert performance.problem is not None
    assert performance.problem.line == 9
