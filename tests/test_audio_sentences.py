from __future__ import annotations

import pytest
from graphs import graph_of

from audio.ear import WordGraph
from audio.sentences import Sentences


def chain(length: int) -> WordGraph:
    """Two words to choose from at each of some places: too many sentences to list."""
    arcs = [(place, word, place + 1) for place in range(length) for word in ("left", f"right{place}")]
    return 0, frozenset({length}), tuple(arcs)


def known(word: str) -> tuple[str, ...]:
    return (word,)


CONTROLS = Sentences(graph_of("stop", "please stop", "say that again", "more time please"), known)


def spoken(sentences: Sentences, heard: str, limit: int = 1) -> list[str]:
    return [sentence.spoken for sentence in sentences.nearest(heard.split(), limit)]


@pytest.mark.parametrize(
    ("heard", "sentence"),
    [
        ("stop", "stop"),
        ("pleas stop", "please stop"),
        ("stop that again", "say that again"),
        ("more please", "more time please"),
        ("uh more time please stop", "more time please"),
        ("", "stop"),
    ],
)
def test_the_nearest_sentence_has_the_fewest_letters_changed(heard: str, sentence: str) -> None:
    assert spoken(CONTROLS, heard) == [sentence]


def test_the_nearest_sentences_come_in_order_and_once_each() -> None:
    found = spoken(CONTROLS, "please stop", 9)
    assert found[:2] == ["please stop", "stop"]
    assert sorted(found[2:]) == ["more time please", "say that again"]


def test_a_graph_of_a_quintillion_sentences_is_searched() -> None:
    sentences = Sentences(chain(60), known)
    assert len(sentences) == 2**60
    heard = ["left"] * 30 + ["rihgt30"] + ["left"] * 29
    (nearest,) = sentences.nearest(heard, 1)
    assert nearest.words == (*["left"] * 30, "right30", *["left"] * 29)
    assert sentences.alike(heard, 3) == []
    assert "left right1" in sentences.phrases(100)
    assert len(sentences.phrases(100)) < 300


def test_sentences_are_found_by_their_look_wherever_words_end() -> None:
    assert CONTROLS.alike(["mort", "ime", "pleas"], 1)[0].spoken == "more time please"


def test_only_whole_sentences_are_spoken() -> None:
    assert CONTROLS.spoken(("please", "stop")) == "please stop"
    assert CONTROLS.spoken(("please",)) is None
    assert CONTROLS.spoken(()) is None


def test_sentences_with_a_word_that_is_not_known_are_none() -> None:
    sentences = Sentences(
        graph_of("stop", "stop yodelling", "yodelling"), lambda word: None if word[0] == "y" else (word,)
    )
    assert sentences.phrases(10) == ["stop"]
    assert spoken(sentences, "stop yodelling", 3) == ["stop"]


def test_a_word_in_pieces_is_given_back_whole() -> None:
    graph = graph_of("my turn ended", "my turn")
    sentences = Sentences(graph, lambda word: ("end", "ed") if word == "ended" else (word,))
    assert sorted(sentences.phrases(10)) == ["my turn", "my turn end ed"]
    assert sentences.spoken(("my", "turn", "end", "ed")) == "my turn ended"
    assert sentences.spoken(("my", "turn", "end")) is None


def test_a_graph_without_sentences_has_none() -> None:
    sentences = Sentences((0, frozenset(), ()), known)
    assert len(sentences) == 0
    assert sentences.phrases(10) == sentences.nearest(["stop"], 3) == sentences.alike(["stop"], 3) == []
