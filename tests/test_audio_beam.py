import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
import pytest
from graphs import graph_of
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from audio.automaton import Automaton, Script
from audio.beam import Listening, Reading, beginning, closed, forced, free
from audio.tokens import END

# A token is a character; as in the real vocabulary, the first word gets a space too.
VOCABULARY = 256


def letters(text: str) -> tuple[int, ...]:
    return tuple(map(ord, f" {text}"))


@dataclass(frozen=True)
class Imagined:
    """A state of a model that would write each of some texts with a probability that is known."""

    texts: Mapping[tuple[int, ...], float]
    written: tuple[int, ...] = ()

    @property
    def log_probs(self) -> NDArray[np.float32]:
        masses = np.zeros(VOCABULARY)
        at = len(self.written)
        for text, probability in self.texts.items():
            if text[:at] == self.written:
                masses[text[at]] += probability
        with np.errstate(divide="ignore"):
            log_probs = np.log(masses / max(masses.sum(), 1e-30)).astype(np.float32)
        # What was never imagined is very unlikely, as in a real model, not impossible.
        possible: NDArray[np.float32] = np.maximum(log_probs, np.float32(-30.0))
        return possible


def listening(texts: Mapping[str, float]) -> Listening[Imagined]:
    def step(states: Sequence[Imagined], tokens: Sequence[int]) -> list[Imagined]:
        assert len({len(state.written) for state in states}) == 1, "a batch is of equal length"
        return [
            Imagined(state.texts, (*state.written, token))
            for state, token in zip(states, tokens, strict=True)
        ]

    return Listening(Imagined({(*letters(text), END): weight for text, weight in texts.items()}), step)


def automaton(*sentences: str) -> Automaton:
    return Automaton(graph_of(*sentences), Script(letters))


def text_of(reading: Reading | None) -> str | None:
    return None if reading is None else "".join(map(chr, reading.tokens)).removeprefix(" ")


def test_the_free_reading_is_what_the_model_writes() -> None:
    reading = free(listening({"Guess, please.": 0.6, "Yes, please.": 0.4}), limit=40)
    assert text_of(reading) == "Guess, please."
    assert reading.total == pytest.approx(math.log(0.6), abs=1e-5)
    assert reading.mean == pytest.approx(math.log(0.6) / (len(" Guess, please.") + 1), abs=1e-5)


def test_a_free_reading_without_end_is_broken_off() -> None:
    reading = free(listening({"yes friends " * 20: 1.0}), limit=12)
    assert text_of(reading) == "yes friends"
    assert not reading.ended
    assert reading.mean == pytest.approx(0.0, abs=1e-5)


def test_no_text_at_all_is_a_free_reading_too() -> None:
    silent = Listening(Imagined({(END,): 1.0}), lambda states, _: list(states))
    assert free(silent, limit=9) == Reading((), 0.0)


@pytest.mark.parametrize(
    ("texts", "sentences", "expected"),
    [
        ({"Guess, please.": 0.6, "Yes, please.": 0.3, "Yes.": 0.1}, ["yes", "yes please"], "Yes, please."),
        ({"Stop": 0.1, "stop.": 0.2, "Stop it.": 0.7}, ["stop", "pause"], "stop."),
        ({"45 minutes.": 0.9, "For live": 0.1}, ["five minutes", "forty five minutes"], "45 minutes."),
        ({"We can not agree": 1.0}, [], None),
    ],
)
def test_the_closed_reading_is_the_likeliest_that_is_accepted(
    texts: dict[str, float], sentences: list[str], expected: str | None
) -> None:
    reading = closed(listening(texts), automaton(*sentences))
    assert text_of(reading) == expected
    if reading is not None:
        assert reading.total == pytest.approx(math.log(texts[str(expected)]), abs=1e-4)


@pytest.mark.parametrize(("tokens", "probability"), [("No.", 0.25), ("Yes.", 0.75)])
def test_a_forced_reading_is_as_likely_as_it_is(tokens: str, probability: float) -> None:
    reading = forced(listening({"Yes.": 0.75, "No.": 0.25}), letters(tokens))
    assert reading.total == pytest.approx(math.log(probability), abs=1e-5)


def test_a_little_likelier_does_not_let_the_end_of_a_sentence_be_dropped() -> None:
    heard = {"a latte": 0.52, "a latte with milk": 0.48}
    assert text_of(closed(listening(heard), automaton("a latte", "a latte with milk"))) == "a latte with milk"


def test_many_ways_to_write_one_sentence_do_not_crowd_out_another() -> None:
    ways = [" ".join(words) for words in product(("Big", "big"), ("Old", "old"), ("Red", "red"))]
    heard = {f"{way} bats": 0.115 for way in ways} | {"bit our leg now": 0.08}
    reading = closed(listening(heard), automaton("big old red cat", "bit our leg now"))
    assert text_of(reading) == "bit our leg now"


def test_much_likelier_does() -> None:
    heard = {"stop": 0.9999, "stop please": 0.0001}
    assert text_of(closed(listening(heard), automaton("stop", "stop please"))) == "stop"


def test_sound_like_nothing_in_the_graph_still_gets_a_reading_but_a_poor_one() -> None:
    heard = listening({"we ought to leave": 1.0})
    reading = closed(heard, automaton("stop", "pause"))
    assert reading is not None
    assert reading.mean - free(heard, 60).mean < -10


WAKE = {"Hey, Coach.": 0.3, "hey coach we would like to talk": 0.2, "Hey, couch.": 0.4, "Okay": 0.1}


@pytest.mark.parametrize(
    ("sentences", "probability"),
    [(["hey coach"], 0.5), (["hey coach", "okay"], 0.6), (["okay coach"], 0.0), (["hey"], 0.9)],
)
def test_the_beginning_is_summed_over_the_ways_to_write_it(sentences: list[str], probability: float) -> None:
    assert beginning(listening(WAKE), automaton(*sentences)) == pytest.approx(
        math.log(probability) if probability else -math.inf, abs=1e-4
    )


SENTENCES = st.lists(st.sampled_from(["yes", "yes please", "no", "no thanks", "go on"]), min_size=1)
TEXTS = st.dictionaries(
    st.sampled_from(["Yes.", "yes, please", "No.", "no thanks!", "Go on.", "Guess", "knows", "Going"]),
    st.floats(0.01, 1.0),
    min_size=1,
)


@given(TEXTS, SENTENCES)
def test_a_closed_reading_is_a_sentence_of_the_graph(texts: dict[str, float], sentences: list[str]) -> None:
    machine = automaton(*sentences)
    reading = closed(listening(texts), machine)
    assert reading is not None
    assert machine.spoken(reading.tokens) in sentences
