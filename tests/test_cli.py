"""The command line: output and exit status as others rely on them."""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from audio import write_wav
from voice_coach.cli import run

COUPLE = Path(__file__).parents[1] / "voice_coach" / "couples" / "anna-and-ben"

Run = Callable[..., tuple[int, list[dict[str, Any]], str]]


@pytest.fixture
def coach(capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command; its exit status, its JSON lines, and its standard error."""

    def command(*arguments: object) -> tuple[int, list[dict[str, Any]], str]:
        status = run([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        return status, [json.loads(line) for line in out.splitlines()], err

    return command


def test_recognize_has_the_fields_that_others_rely_on(coach: Run) -> None:
    status, (result,), _ = coach("recognize", "start the nice list please")
    assert status == 0
    assert {*result} == {
        "text", "outcome", "intent", "slots", "score", "candidates", "layer", "reason", "evidence", "seconds",
    }  # fmt: skip
    assert (result["outcome"], result["intent"], result["layer"]) == ("accept", "nice-list", "exact")
    assert result["evidence"] is None


@pytest.mark.parametrize(
    ("arguments", "outcome", "intent", "reason"),
    [
        (("my turn's done", "--expecting", "turn"), "accept", "done", None),
        (("louder", "--expecting", "turn"), "ignore", None, "not-expected"),
        (("nonsense words", "--expecting", "turn"), "ignore", None, "unlikely"),
        (("hey coach", "--expecting", "asleep"), "accept", "wake", None),
        (("nice list", "--expecting", "asleep"), "ignore", None, "no-wake"),
        (("okay coach, nice list", "--expecting", "asleep"), "accept", "nice-list", None),
        (
            ("the second one", "--expecting", "question", "--options", "a walk,a café"),
            "accept",
            "option",
            None,
        ),
        (("", "--expecting", "awake"), "ignore", None, "silence"),
        (("could you pass the salt",), "ignore", None, "unlikely"),
        (("carry on", "--expecting", "paused"), "accept", "resume", None),
    ],
)
def test_recognize_in_each_state(
    coach: Run, arguments: tuple[str, ...], outcome: str, intent: str | None, reason: str | None
) -> None:
    status, (result,), _ = coach("recognize", *arguments)
    assert (status, result["outcome"], result["intent"], result["reason"]) == (0, outcome, intent, reason)


def test_an_option_is_named_in_its_slot(coach: Run) -> None:
    _, (result,), _ = coach(
        "recognize", "a café please", "--expecting", "question", "--options", "a walk,a café"
    )
    assert result["slots"] == {"option": "a café"}


def test_recognize_reads_lines_and_answers_each(coach: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("stop\n\nnice list\n"))
    status, results, _ = coach("recognize", "-")
    assert status == 0
    assert [result["intent"] for result in results] == ["stop", None, "nice-list"]


def test_explain_shows_the_sentence_that_won(coach: Run) -> None:
    _, (result,), _ = coach("recognize", "stop", "--explain")
    exact = result["explain"][0]
    assert exact["layer"] == "exact"
    assert exact["candidates"][0]["phrase"] == "stop"


def test_exercises_are_listed(coach: Run) -> None:
    status, entries, _ = coach("exercises", "list")
    assert status == 0
    assert {entry["id"] for entry in entries} == {"nice-list", "phones-away", "eye-contact"}
    assert all({*entry} == {"id", "title", "minutes", "rating", "setting"} for entry in entries)


def test_a_shown_exercise_has_its_steps(coach: Run) -> None:
    _, (exercise,), _ = coach("exercises", "show", "eye-contact", "--json")
    assert [step["id"] for step in exercise["steps"]][:3] == ["welcome", "look-away", "ready-first"]


def test_our_exercises_pass_their_check(coach: Run) -> None:
    assert coach("exercises", "check", "--json") == (0, [], "")


def test_a_rehearsal_acts_out_every_play(coach: Run) -> None:
    status, performances, _ = coach("exercises", "rehearse", "eye-contact", "--json")
    assert status == 0
    assert len(performances) >= 5
    assert all(performance["passed"] for performance in performances)


# What goes wrong: one line, and what mends it


def _only_line(err: str) -> str:
    (line,) = err.splitlines()
    return line


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("exercises", "show", "nice-lst"), "did you mean 'nice-list'?"),
        (("demo", "--exercise", "phone-away"), "did you mean 'phones-away'?"),
        (("demo", "--interrupt", "pause"), "INTENT@STEP"),
        (("demo", "--interrupt", "puase@welcome"), "did you mean 'pause'?"),
        (("demo", "--interrupt", "pause@did-startr"), "did you mean 'did-starter'?"),
        (("recognize",), "give a text"),
        (("recognize", "stop", "--expecting", "dreaming"), "dreaming"),
        (("nonsense",), "nonsense"),
    ],
)
def test_wrong_usage_is_status_2(coach: Run, arguments: tuple[str, ...], said: str) -> None:
    status, out, err = coach(*arguments)
    assert (status, out) == (2, [])
    assert said in err


def test_a_couple_that_is_not_there(coach: Run, tmp_path: Path) -> None:
    status, _, err = coach("demo", "--couple", tmp_path / "nobody")
    assert status == 1
    assert "couple.yaml" in _only_line(err)


def test_all_mistakes_of_a_couple_are_told_at_once(coach: Run, tmp_path: Path) -> None:
    (tmp_path / "couple.yaml").write_text(
        "names: [Kim]\nwake: [hey.flac]\nrequets: {}\nanswers:\n  yes: [[yes.flac]]\nsnr_db: loud\n"
    )
    status, _, err = coach("demo", "--couple", tmp_path)
    assert status == 1
    for said in (
        "couple.yaml:1: 'names' must be two names",
        "couple.yaml:2: there is no recording 'hey.flac'",
        "couple.yaml:3: unknown key 'requets', did you mean 'requests'?",
        "couple.yaml:5: 'yes' must list two lists",
        "couple.yaml:6: 'snr_db' must be a number",
    ):
        assert said in err


def test_a_control_without_a_recording(coach: Run) -> None:
    status, _, err = coach("demo", "--interrupt", "swap@did-starter")
    assert status == 1
    assert "no recording for the control 'swap'" in _only_line(err)


@pytest.mark.weights
def test_recordings_that_cannot_be_read_do_not_stop_the_others(coach: Run, tmp_path: Path) -> None:
    (tmp_path / "empty.wav").touch()
    (tmp_path / "text.wav").write_text("this is no sound")
    write_wav(tmp_path / "silent.wav", np.zeros(16000, dtype=np.float32))
    files = [tmp_path / name for name in ("missing.wav", "empty.wav", "text.wav", "silent.wav")]
    status, results, err = coach("recognize", "--wav", *files, COUPLE / "control-stop-a.flac")
    assert status == 1
    assert [(result["outcome"], result["reason"]) for result in results] == [
        ("ignore", "silence"),
        ("accept", None),
    ]
    assert len(err.splitlines()) == 3
    assert all(name in err for name in ("missing.wav", "empty.wav", "text.wav"))


@pytest.mark.weights
def test_listening_to_what_is_no_recording(coach: Run, tmp_path: Path) -> None:
    (tmp_path / "notes.flac").write_text("no sound")
    status, out, err = coach("listen", tmp_path / "notes.flac")
    assert (status, out) == (1, [])
    assert "notes.flac" in _only_line(err)


@pytest.mark.weights
def test_a_silent_recording_wakes_nobody(coach: Run, tmp_path: Path) -> None:
    write_wav(tmp_path / "silent.wav", np.zeros(32000, dtype=np.float32))
    status, out, _ = coach("listen", tmp_path / "silent.wav")
    assert status == 0
    assert [(entry["event"], entry["outcome"]) for entry in out] == [("summary", "none")]


def test_packs_with_mistakes_tell_all_of_them(coach: Run, tmp_path: Path) -> None:
    (tmp_path / "exercises").mkdir()
    (tmp_path / "exercises" / "hugs.yaml").write_text(
        "minutes: soon\nrating: C\nsteps:\n  - says: welcome\n  - ask: ready\n    of: frist\n"
        "  - turn: a\n    seconds: {usual: 0}\n"
    )
    status, _, err = coach("exercises", "check", tmp_path)
    assert status == 1
    for said in (
        "hugs.yaml:1: 'minutes' must be a number above 0, not 'soon'",
        "hugs.yaml:2: 'rating' must be one of A, B",
        "hugs.yaml:4: no step begins with 'says', did you mean 'say'?",
        "hugs.yaml:6: 'of' must be one of first, second, starter, other, both, did you mean 'first'?",
        "hugs.yaml:8: 'seconds' must be a number above 0, not '0'",
        "hugs.yaml:7: 'seconds' lacks the variant 'longest'",
        "must close with an 'end' step",
    ):
        assert said in err


def test_an_exercise_of_a_pack_takes_part(coach: Run, tmp_path: Path) -> None:
    ours = Path(__file__).parents[1] / "voice_coach"
    for folder in ("exercises", "lines/en", "plays/en"):
        (tmp_path / folder).mkdir(parents=True)
    shutil.copy(ours / "exercises" / "eye-contact.yaml", tmp_path / "exercises" / "gaze.yaml")
    shutil.copy(ours / "lines" / "en" / "eye-contact.yaml", tmp_path / "lines" / "en" / "gaze.yaml")
    _, entries, _ = coach("exercises", "list", "--packs", tmp_path)
    assert "gaze" in {entry["id"] for entry in entries}
    status, problems, _ = coach("exercises", "check", tmp_path, "--json")
    assert status == 1
    assert any("there is no play" in problem["message"] for problem in problems)
