"""Settings: where they come from, the file that explains them, and what is said when they are wrong."""

from __future__ import annotations

import io
import json
import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from audio import RATE, RecordedDevice, Samples, SetupError, read_sound
from voice_coach import evening
from voice_coach.cli import run
from voice_coach.ears import EarInUse
from voice_coach.evening import Evening, open_ear, open_hearing
from voice_coach.library import Library
from voice_coach.settings import DEFAULTS, KEYS, Settings, SettingsError, resolve
from voice_coach.settings_file import default_text
from voice_coach.stream import Stream
from voice_coach.toml_text import plain, toml

ROOT = Path(__file__).parents[1]
COUPLE = ROOT / "voice_coach" / "couples" / "anna-and-ben"
NAMES = [key.name for key in KEYS]

# A value for the file, for the variable and for the flag, each as text.
SAMPLES: dict[str, tuple[str, str, str]] = {
    "language": ("de", "fr", "nl"),
    "names": ("Kim,Lee", "Mo,Jo", "Ada,Bo"),
    "wake_phrases": ("hello", "hello kitchen,dear coach", "computer"),
    "packs": ("docs", "tests", "intents"),
    "only_packs": ("docs", "tests", "intents"),
    "data_dir": ("a", "b", "c"),
    "model": ("a", "b", "c"),
    "ear": ("vosk", "moonshine", "vosk"),
    "voice": ("en-us", "de", "en-gb+f3"),
    "rate": ("120", "130", "160"),
    "input": ("USB", "3", "pulse"),
    "output": ("USB", "3", "pulse"),
    "headphones": ("true", "no", "on"),
    "show_text": ("true", "no", "on"),
    "log": ("a.log", "b.log", "c.log"),
}
TIMES = ("7", "6.5", "9")


def sample(name: str) -> tuple[str, str, str]:
    return TIMES if name.startswith("times.") else SAMPLES[name]


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the settings file is, or will be."""
    path = tmp_path / "folder" / "coach.toml"
    path.parent.mkdir()
    monkeypatch.setenv("VOICE_COACH_CONFIG", str(path))
    return path


@pytest.fixture
def shown(capsys: pytest.CaptureFixture[str]) -> Callable[..., dict[str, tuple[Any, str]]]:
    """What `settings show` says: value and origin by key."""

    def show(*arguments: str) -> dict[str, tuple[Any, str]]:
        assert run(["settings", "show", "--json", *arguments]) == 0
        entries = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
        return {entry["key"]: (entry["value"], entry["from"]) for entry in entries}

    return show


@pytest.mark.parametrize("name", NAMES)
def test_a_flag_counts_before_the_variable_before_the_file_before_the_default(
    name: str,
    file: Path,
    shown: Callable[..., dict[str, tuple[Any, str]]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(ROOT)
    (key,) = (key for key in KEYS if key.name == name)
    in_file, in_variable, in_flag = sample(name)

    def read(text: str) -> Any:
        return plain(key.kind.read(key.kind.parse(text)))

    assert shown()[name] == (plain(key.default), "default")
    file.write_text(f"\n{name} = {toml(key.kind.parse(in_file))}\n")
    assert shown()[name] == (read(in_file), "coach.toml:2")
    monkeypatch.setenv(key.variable, in_variable)
    assert shown()[name] == (read(in_variable), key.variable)
    flag = [key.flag] if isinstance(key.default, bool) else [key.flag, in_flag]
    assert shown(*flag)[name] == (read(in_flag), key.flag)
    assert read(in_file) != read(in_variable) != read(in_flag)
    assert {other for other, (_, origin) in shown(*flag).items() if origin != "default"} == {name}


def test_a_flag_can_also_switch_off(file: Path, shown: Callable[..., dict[str, tuple[Any, str]]]) -> None:
    file.write_text("headphones = true\n")
    assert shown("--no-headphones")["headphones"] == (False, "--headphones")


def test_several_packs_are_all_taken(
    shown: Callable[..., dict[str, tuple[Any, str]]], tmp_path: Path
) -> None:
    here = [str(ROOT / "docs"), str(ROOT / "tests")]
    assert shown("--packs", here[0], "--packs", here[1])["packs"] == (here, "--packs")


# The written default


def test_the_written_default_parses_to_the_defaults(file: Path) -> None:
    assert run(["settings", "init"]) == 0
    resolved = resolve()
    assert resolved.settings == DEFAULTS
    with_default = {key.name for key in KEYS if key.default is not None}
    assert {name for name, given in resolved.given.items() if given.origin != "default"} == with_default


def test_what_has_no_default_stands_there_as_an_example_that_is_right(file: Path) -> None:
    file.write_text(re.sub(r"^# (\w+ = )", r"\1", default_text(), flags=re.MULTILINE))
    resolved = resolve()
    assert resolved.problems == ()
    assert {name for name, given in resolved.given.items() if given.origin == "default"} == set()


@pytest.mark.parametrize("key", KEYS, ids=NAMES)
def test_every_key_is_explained_above_it(key: Any) -> None:
    lines = default_text().splitlines()
    table, _, name = key.name.rpartition(".")
    first = lines.index(f"[{table}]") if table else 0
    at = next(
        number for number, line in enumerate(lines) if number >= first and re.match(rf"(# )?{name} = ", line)
    )
    start = max(number for number in range(at) if not lines[number])
    comment = " ".join(line.removeprefix("# ") for line in lines[start + 1 : at])
    assert comment.startswith(key.doc)
    assert {key.flag, key.variable} <= set(re.split(r"[ ,;]+", comment))
    assert key.doc.endswith(".")


def test_a_file_that_is_there_is_replaced_only_by_force(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_text("rate = 120\n")
    assert run(["settings", "init"]) == 1
    assert "--force" in capsys.readouterr().err
    assert file.read_text() == "rate = 120\n"
    assert run(["settings", "init", "--force"]) == 0
    assert file.read_text() == default_text()
    assert list(file.parent.iterdir()) == [file]


def test_a_place_that_cannot_be_written(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file.write_text("")
    monkeypatch.setenv("VOICE_COACH_CONFIG", str(file / "below" / "a-file.toml"))
    assert run(["settings", "init"]) == 1


# What is wrong


def test_all_problems_are_told_at_once_with_their_lines(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file.write_text(
        'langauge = "en"\nrate = 999\nnames = [\n  "Kim",\n]\npacks = ["/nowhere"]\nheadphones = 1\n'
        'ear = "left"\nwake_phrases = ["..."]\n[times]\nawke = 3\ngrace = "long"\nmore = 0\nrate = 150\n'
        "[colour]\nsky = 1\n"
    )
    monkeypatch.setenv("VOICE_COACH_TIMES_MORE", "soon")
    with pytest.raises(SettingsError) as raised:
        _ = resolve().settings
    assert raised.value.problems == tuple(
        f"{file}:{said}" if said[0].isdigit() else said
        for said in (
            "1: unknown key 'langauge', did you mean 'language'?",
            "2: 'rate' must be a whole number from 110 to 180, not 999",
            "3: 'names' must be two different names, not [\"Kim\"]",
            "6: 'packs' must be folders that exist, not [\"/nowhere\"]",
            "7: 'headphones' must be true or false, not 1",
            "8: 'ear' must be one of vosk, moonshine, not \"left\"",
            "9: 'wake_phrases' must be one phrase or more, not [\"...\"]",
            "11: unknown key 'times.awke', did you mean 'times.awake'?",
            "12: 'times.grace' must be seconds: above 0, a day at most, not \"long\"",
            "13: 'times.more' must be seconds: above 0, a day at most, not 0",
            "14: unknown key 'times.rate': 'rate' must stand above the line [times]",
            "15: unknown key 'colour'",
            "VOICE_COACH_TIMES_MORE: it must be seconds: above 0, a day at most, not 'soon'",
        )
    )


def test_one_mistake_does_not_spoil_the_rest(file: Path) -> None:
    file.write_text("rate = 999\n[times]\nawake = 4\n")
    usable = resolve().usable
    assert (usable.rate, usable.times.awake) == (DEFAULTS.rate, 4.0)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"rate = 120\nnames = [\n", ":2: this is no TOML"),
        (b"rate = 120\nrate 150\n", ":2: this is no TOML"),
        (b"\xff\xfe", "no text in UTF-8"),
        (b"times = 5\n", ":1: unknown key 'times'"),
    ],
)
def test_a_file_that_is_no_settings(file: Path, text: bytes, said: str, capsys: Any) -> None:
    file.write_bytes(text)
    assert run(["chat"]) == 1
    err = capsys.readouterr().err
    assert said in err
    assert "Traceback" not in err


def test_a_wrong_flag_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["chat", "--rate", "fast"]) == 2
    assert "'--rate': it must be a whole number from 110 to 180, not 'fast'" in capsys.readouterr().err


def test_a_value_as_text_is_read_back() -> None:
    for value in ('a"b\\c\n', 'café "+f3"', ["x", "y"], 8, 6.5, True, []):
        assert tomllib.loads(f"x = {toml(value)}")["x"] == value


# Where they count


def test_names_and_times_count_in_a_conversation(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("the nice list\n"))
    assert run(["chat", "--json", "--names", "Kim,Lee"]) == 0
    said = [
        entry
        for line in capsys.readouterr().out.splitlines()
        if (entry := json.loads(line))["event"] == "said"
    ]
    assert any("Kim" in entry["text"] for entry in said)

    monkeypatch.setattr("sys.stdin", io.StringIO("\n"))
    assert run(["chat", "--json", "--times-awake", "3.5"]) == 0
    last = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert last["at"] == 3.5


def test_a_wake_phrase_of_ones_own(capsys: pytest.CaptureFixture[str]) -> None:
    def asked(text: str) -> tuple[str, str | None]:
        assert run(["recognize", text, "--expecting", "asleep", "--wake-phrases", "Dear Kitchen!"]) == 0
        result = json.loads(capsys.readouterr().out)
        return result["outcome"], result["intent"]

    assert asked("dear kitchen, nice list") == ("accept", "nice-list")
    assert asked("hey coach, nice list") == ("ignore", None)


@pytest.mark.weights
def test_a_recording_is_woken_by_the_phrase_that_is_set(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def events(phrases: str) -> list[str]:
        monkeypatch.setenv("VOICE_COACH_WAKE_PHRASES", phrases)
        assert run(["listen", str(COUPLE / "wake-hey-coach-a.flac")]) == 0
        return [json.loads(line)["event"] for line in capsys.readouterr().out.splitlines()]

    assert "woke" in events("hey coach")
    assert "woke" not in events("good evening kitchen")


@pytest.mark.weights
def test_voice_and_rate_are_those_of_the_settings(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: set[tuple[int, str]] = set()

    class Noted(evening.Pyttsx3Voice):
        def render(self, text: str, *, rate: int = 0, voice: str = "", private: bool = False) -> Samples:
            asked.add((rate, voice))
            return super().render(text, rate=rate, voice=voice, private=private)

    monkeypatch.setattr(evening, "Pyttsx3Voice", Noted)
    clips = [read_sound(COUPLE / name) for name in ("wake-hey-coach-a.flac", "request-nice-list-0.flac")]
    pause = np.zeros(RATE, dtype=np.float32)
    device = RecordedDevice(np.concatenate([clips[0], pause, clips[1], pause, pause]))
    settings = Settings(rate=170, voice="en-us")
    hearing = open_hearing(library, open_ear())
    Evening(library, settings.names, hearing, Stream(), settings).hold(device, show_text=False)
    assert asked == {(170, "en-us")}


@pytest.mark.parametrize("command", [["demo"], ["listen", "x.wav"], ["recognize", "--wav", "x.wav"]])
def test_the_ear_and_model_that_are_set_are_opened(
    command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[EarInUse] = []

    def open_it(ear: EarInUse, _language: str) -> Any:
        opened.append(ear)
        raise SetupError("that is enough")

    monkeypatch.setattr(evening, "open_it", open_it)
    (tmp_path / "x.wav").write_bytes((COUPLE / "control-stop-a.flac").read_bytes())
    monkeypatch.chdir(tmp_path)
    assert run([*command, "--model", "folder"]) == 1
    assert run([*command, "--model", "folder", "--ear", "moonshine"]) == 1
    assert [(ear.name, ear.model) for ear in opened] == [("vosk", Path("folder")), ("moonshine", None)]


# Documentation


def test_the_documentation_lists_every_key() -> None:
    rows = re.findall(
        r"^\| `([\w.]+)` \| (.*?) \| (.*?) \|$", (ROOT / "docs" / "settings.md").read_text(), re.MULTILINE
    )
    expected = [(key.name, "" if key.default is None else f"`{toml(key.default)}`", key.doc) for key in KEYS]
    assert rows == expected
