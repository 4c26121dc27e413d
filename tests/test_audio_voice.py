import os
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from audio import RATE, Pyttsx3Voice, SetupError, pyttsx3_process

LINE = "Anna, look up, and say thank you."


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("voice")


@pytest.fixture
def voice(shared: Path) -> Iterator[Pyttsx3Voice]:
    with Pyttsx3Voice(shared) as voice:
        yield voice


@pytest.fixture
def mute(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing can be rendered any more."""
    monkeypatch.setattr(sys, "executable", "/nowhere/python")


def instead(monkeypatch: pytest.MonkeyPatch, folder: Path, script: str) -> None:
    """Has the voice run another program."""
    path = folder / "instead.py"
    path.write_text(script)
    monkeypatch.setattr(pyttsx3_process, "__file__", str(path))


def assert_no_child_is_left() -> None:
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


def test_a_line_is_sound_at_the_level_of_speech(voice: Pyttsx3Voice) -> None:
    sound = voice.render(LINE)
    assert sound.dtype == np.float32
    assert 1.5 < sound.size / RATE < 4
    assert np.sqrt(np.mean(sound**2)) == pytest.approx(0.1, rel=0.2)
    assert np.abs(sound).max() <= 0.96
    loud = np.flatnonzero(np.abs(sound) > 0.03)
    assert loud[0] < 0.1 * RATE
    assert sound.size - loud[-1] < 0.1 * RATE


def test_the_rate_is_honoured_every_time(voice: Pyttsx3Voice) -> None:
    seconds = {rate: voice.render(LINE, rate=rate).size / RATE for rate in (110, 145, 180, 111)}
    assert seconds[110] / seconds[180] == pytest.approx(180 / 110, rel=0.12)
    assert seconds[180] < seconds[145] < seconds[110]
    assert seconds[111] == pytest.approx(seconds[110], rel=0.03)


def test_the_rate_is_words_a_minute(voice: Pyttsx3Voice) -> None:
    lines = [
        "That's fine. Another time, if you like.",
        "It's Ben's turn.",
        "Are the television and the other screens off?",
        "And Ben, would you like to?",
        "The nice list. You take turns naming good things about each other, small ones count.",
    ]
    minutes = sum(voice.render(line).size for line in lines) / RATE / 60
    assert sum(len(line.split()) for line in lines) / minutes == pytest.approx(145, rel=0.05)


def test_voices_differ(voice: Pyttsx3Voice) -> None:
    sounds = [
        voice.render(LINE, voice=name) for name in ("en-gb", "en-us", "en-us+f3", "de", "gmw/en-GB-x-rp")
    ]
    sizes = {(sound.size, float(sound.sum())) for sound in sounds}
    assert len(sizes) == len(sounds)


def test_a_voice_that_is_not_there_is_named(voice: Pyttsx3Voice) -> None:
    with pytest.raises(SetupError, match="no voice 'nobody'"):
        voice.render(LINE, voice="nobody")


@pytest.mark.parametrize(("second", "pause"), [("Thank you.", 0.35), ("Would you like to?", 0.6)])
def test_pauses_between_sentences_are_exact(voice: Pyttsx3Voice, second: str, pause: float) -> None:
    parts = [voice.render("All right."), voice.render(second)]
    both = voice.render(f"All right. {second}")
    edges = 2 * round(0.02 * RATE)
    assert both.size == pytest.approx(sum(part.size for part in parts) + pause * RATE - edges, abs=1)
    gap = both[parts[0].size : both.size - parts[1].size]
    assert not gap.any()


@pytest.mark.parametrize("text", ["", "   ", "...", "?!"])
def test_no_words_are_no_sound(voice: Pyttsx3Voice, text: str) -> None:
    assert voice.render(text).size == 0


def test_a_line_is_rendered_once(shared: Path, voice: Pyttsx3Voice, mute: None) -> None:
    with Pyttsx3Voice(shared) as another:
        assert np.array_equal(another.render(LINE), voice.render(LINE))
        with pytest.raises(SetupError):
            another.render("Something else.")


def test_the_first_time_sounds_like_every_other(tmp_path: Path) -> None:
    with Pyttsx3Voice(tmp_path) as first, Pyttsx3Voice(tmp_path) as second:
        assert np.array_equal(first.render(LINE), second.render(LINE))


def test_a_damaged_file_in_the_cache_is_made_anew(tmp_path: Path) -> None:
    with Pyttsx3Voice(tmp_path) as first, Pyttsx3Voice(tmp_path) as second:
        sound = first.render(LINE)
        (file,) = tmp_path.iterdir()
        file.write_bytes(file.read_bytes()[:20])
        assert np.array_equal(second.render(LINE), sound)


def test_what_is_private_is_kept_nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    with Pyttsx3Voice(tmp_path / "cache") as voice:
        assert voice.render("She makes me laugh.", private=True).size
        assert not (tmp_path / "cache").exists()
        assert not list((tmp_path / "temporary").iterdir())
        monkeypatch.setattr(sys, "executable", "/nowhere/python")
        with pytest.raises(SetupError):
            voice.render("She makes me laugh.")


def test_lines_are_prepared_in_the_background(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = ["One thing. Two things.", "Two things. Three things?"]
    with Pyttsx3Voice(tmp_path) as voice:
        voice.prepare(lines)
        voice._pool.shutdown()
        monkeypatch.setattr(sys, "executable", "/nowhere/python")
        assert all(voice.render(line).size for line in lines)
    assert len(list(tmp_path.iterdir())) == 3


def test_two_at_once_do_not_disturb_each_other(tmp_path: Path) -> None:
    lines = [f"{count} things, please." for count in ("Two", "Three", "Four")] * 2
    with Pyttsx3Voice(tmp_path) as first, Pyttsx3Voice(tmp_path) as second, ThreadPoolExecutor(4) as pool:
        sounds = [list(pool.map(voice.render, lines)) for voice in (first, second)]
    assert all(np.array_equal(one, other) for one, other in zip(*sounds, strict=True))
    assert sorted(file.suffix for file in tmp_path.iterdir()) == [".wav"] * 3


def test_a_process_that_takes_too_long_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    instead(monkeypatch, tmp_path, "while True: pass")
    with Pyttsx3Voice(tmp_path, timeout=0.2) as voice, pytest.raises(SetupError, match=r"longer than 0\.2 s"):
        voice.render(LINE)
    assert_no_child_is_left()


def test_ctrl_c_leaves_no_process_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    instead(
        monkeypatch, tmp_path, "import os, signal\nos.kill(os.getppid(), signal.SIGINT)\nwhile True: pass"
    )
    with Pyttsx3Voice(tmp_path) as voice, pytest.raises(KeyboardInterrupt):
        voice.render(LINE)
    assert_no_child_is_left()


@pytest.mark.parametrize(
    ("script", "why"),
    [
        ("raise ImportError('No module named pyttsx3')", "No module named pyttsx3"),
        ("import sys; sys.exit(7)", "exit 7"),
        ("", "no such file"),
    ],
)
def test_what_goes_wrong_is_told_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, why: str
) -> None:
    instead(monkeypatch, tmp_path, script)
    with Pyttsx3Voice(tmp_path) as voice, pytest.raises(SetupError, match=why) as caught:
        voice.render(LINE)
    assert "\n" not in str(caught.value)


def test_a_cache_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with Pyttsx3Voice(tmp_path / "file") as voice, pytest.raises(SetupError, match=r"cache folder.*file"):
        voice.render(LINE)


def test_nothing_is_printed(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with Pyttsx3Voice(tmp_path) as voice:
        voice.render(LINE)
    assert capfd.readouterr() == ("", "")
