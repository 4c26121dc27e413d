from pathlib import Path

import numpy as np
import pytest
from graphs import graph_of

from audio.ear import Ear
from audio.fast_weights import prepare
from audio.moonshine import Moonshine
from audio.moonshine_ear import MoonshineEar
from audio.sound_file import read_sound
from audio.types import RATE, Samples

pytestmark = pytest.mark.weights

RECORDINGS = Path(__file__).parent / "recordings"
PHRASES = (
    *("stop", "pause", "carry on", "next", "say that again", "more time", "i'm done", "my turn's done"),
    *("how long is left", "whose turn is it", "yes", "yes please", "no", "no thank you"),
    *("twenty minutes", "forty five minutes", "half an hour"),
)


EXPECTED = graph_of(*PHRASES)
WAKE = graph_of("hey coach", "okay coach")


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Moonshine:
    cache = tmp_path_factory.mktemp("cache")
    prepare(cache, lambda *_: None)
    return Moonshine.load(cache)


@pytest.fixture
def ear(model: Moonshine) -> Ear:
    return MoonshineEar(model)


def recording(name: str) -> Samples:
    return read_sound(RECORDINGS / f"{name}.flac")


@pytest.mark.parametrize("said", ["stop", "yes please", "forty five minutes"])
def test_a_phrase_is_heard_in_the_words_of_the_graph(ear: Ear, said: str) -> None:
    heard = ear.hear(recording("ear-" + said.replace(" ", "-")), EXPECTED)
    assert heard.closed == said
    assert heard.dictated is None
    assert heard.evidence is not None
    assert heard.evidence > -2.0


def test_a_phrase_that_is_not_expected_has_little_evidence(ear: Ear) -> None:
    heard = ear.hear(recording("ear-yes-please"), graph_of("stop", "more time"))
    assert heard.evidence is not None
    assert heard.evidence < -4.0


def test_talk_has_little_evidence_and_is_written_only_where_it_is_asked_for(ear: Ear) -> None:
    talk = recording("ear-talk")
    closed = ear.hear(talk, EXPECTED)
    assert closed.evidence is not None
    assert closed.evidence < -4.0
    assert closed.dictated is None
    dictated = ear.hear(talk, EXPECTED, dictate=True).dictated
    assert dictated is not None
    assert "how much it got to me" in dictated


def test_free_tokens_become_no_words_unless_asked_for(
    model: Moonshine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> str:
        raise AssertionError("words were written")

    monkeypatch.setattr(model.tokenizer, "decode", refuse)
    monkeypatch.setattr(model.tokenizer, "piece", refuse)
    assert MoonshineEar(model).hear(recording("ear-talk"), EXPECTED).closed is not None


def test_noise_has_little_evidence(ear: Ear) -> None:
    noise = np.random.default_rng(1).normal(0.0, 0.05, 2 * RATE).astype(np.float32)
    evidence = ear.hear(noise, EXPECTED).evidence
    assert evidence is not None
    assert evidence < -3.0


def test_the_wake_phrase_begins_what_was_said(ear: Ear) -> None:
    assert ear.begins_with(recording("ear-okay-coach"), WAKE) > -1.0
    asked = np.concatenate([recording("ear-okay-coach"), recording("i-have-good-news")])
    assert ear.begins_with(asked, WAKE) > -3.0


def test_what_sounds_like_the_wake_phrase_begins_it_less(ear: Ear) -> None:
    assert -14.0 < ear.begins_with(recording("ear-near-miss"), WAKE) < -3.0
    assert ear.begins_with(recording("ear-talk"), WAKE) < -9.0


@pytest.mark.parametrize(
    "samples",
    [np.zeros(0), np.zeros(RATE), np.full(100, 0.5), np.full(RATE // 10 - 1, 0.1)],
    ids=["empty", "silent", "very short", "short"],
)
@pytest.mark.parametrize("dictate", [False, True])
def test_no_speech_is_heard_as_nothing(ear: Ear, samples: Samples, dictate: bool) -> None:
    samples = samples.astype(np.float32)
    heard = ear.hear(samples, EXPECTED, dictate=dictate)
    assert (heard.closed, heard.dictated, heard.evidence) == (None, "" if dictate else None, None)
    assert ear.begins_with(samples, WAKE) == -np.inf


def test_no_sentence_to_expect_is_no_closed_reading(ear: Ear) -> None:
    heard = ear.hear(recording("ear-stop"), (0, frozenset(), ()))
    assert (heard.closed, heard.evidence) == (None, None)


def test_very_long_sound_is_cut(ear: Ear) -> None:
    talk = np.tile(recording("ear-talk"), 12)
    heard = ear.hear(talk, EXPECTED, dictate=True)
    assert heard.closed is not None
    assert heard.dictated is not None
    assert len(heard.dictated) < len(talk) / RATE * 20


def test_an_utterance_is_encoded_once(model: Moonshine, monkeypatch: pytest.MonkeyPatch) -> None:
    encoded = list[int]()
    encode = model.encode

    def counted(samples: Samples) -> object:
        encoded.append(len(samples))
        return encode(samples)

    monkeypatch.setattr(model, "encode", counted)
    ear, samples = MoonshineEar(model), recording("ear-okay-coach")
    ear.begins_with(samples, WAKE)
    ear.hear(samples, WAKE)
    ear.hear(samples, EXPECTED, dictate=True)
    assert encoded.count(len(samples)) == 1
    assert ear.hear(samples.copy(), WAKE) == ear.hear(samples, WAKE)
