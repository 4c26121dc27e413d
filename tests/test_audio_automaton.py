import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audio.automaton import Automaton, Script
from audio.ear import WordGraph


def graph_of(*sentences: str) -> WordGraph:
    """A graph that shares nothing but its start."""
    arcs: list[tuple[int, str, int]] = []
    finals = set[int]()
    node = 0
    for sentence in sentences:
        tail = 0
        for word in sentence.split():
            node += 1
            arcs.append((tail, word, node))
            tail = node
        finals.add(tail)
    return 0, frozenset(finals), tuple(arcs)


def letters(text: str) -> tuple[int, ...]:
    """A token is a character; as in the real vocabulary, the first word gets a space too."""
    return tuple(map(ord, f" {text}"))


def automaton(graph: WordGraph) -> Automaton:
    return Automaton(graph, Script(letters))


@pytest.mark.parametrize(
    ("sentence", "written"),
    [
        ("yes please", "yes please"),
        ("yes please", "Yes, please."),
        ("yes please", "Yes, Please!"),
        ("i'd like to", "I'd like to,"),
        ("i'm done", "i'm done"),
        ("okay coach", "OK coach"),
        ("okay coach", "Ok, Coach."),
        ("okay", "okay?"),
        ("an ounce of tea", "an oz of tea"),
        ("a café", "A cafe"),
        ("a café", "A café."),
        ("a catch up", "a catch-up"),
        ("twenty minute rest", "Twenty-minute rest."),
        ("twenty minute rest", "20 minute rest"),
        ("twenty minute rest", "20-minute rest."),
        ("forty five minutes", "forty-five minutes"),
        ("forty five minutes", "Forty five, minutes"),
        ("forty five minutes", "45 minutes"),
        ("forty-five minutes", "45 minutes"),
        ("forty-five minutes", "forty-five minutes"),
        ("two hundred and five", "205"),
        ("a hundred", "100."),
        ("at seven thirty", "At 7:30."),
        ("ten minutes", "10 minutes"),
    ],
)
def test_the_ways_to_write_a_sentence_all_give_back_its_words(sentence: str, written: str) -> None:
    assert automaton(graph_of("stop", sentence, "seven")).spoken(letters(written)) == sentence


@pytest.mark.parametrize(
    "written",
    [
        *("", "ye", "yes", "yes pleases", "yes please please", "yesplease", "YES PLEASE"),
        *("yes,, please", "yes-,please", ", yes please", "yes please..", "yes. please"),
        *("46", "5", "45 minute", "45-"),
    ],
)
def test_anything_else_is_refused(written: str) -> None:
    machine = automaton(graph_of("yes please", "forty five", "forty five minutes"))
    assert machine.spoken(letters(written)) is None


def test_ways_that_share_a_beginning_share_a_place() -> None:
    machine = automaton(graph_of("stop", "stop please", "stop now"))
    assert set(machine.after(machine.start)) == {ord(" ")}
    place = machine.start
    for token in letters("stop"):
        place = machine.after(place)[token]
    assert machine.ends(place)
    assert set(map(chr, machine.after(place))) == set(" -,.!?")


def test_millions_of_sentences_cost_no_more_than_their_words() -> None:
    words = [f"word{chr(97 + at)}" for at in range(20)]
    arcs = tuple((node, word, node + 1) for node in range(20) for word in words)
    graph: WordGraph = (0, frozenset([20]), arcs)
    sentence = " ".join(words[7] for _ in range(20))
    assert automaton(graph).spoken(letters(sentence)) == sentence


WORDS = st.sampled_from(
    ["yes", "please", "a", "hundred", "and", "five", "twenty", "okay", "i'd", "seven", "thirty-one", "café"]
)
SENTENCES = st.lists(st.lists(WORDS, min_size=1, max_size=4).map(" ".join), min_size=1, max_size=5)
SAME = {"ok": "okay", "cafe": "café"}


@given(SENTENCES, st.data())
def test_whatever_is_accepted_spells_the_sentence_that_comes_back(
    sentences: list[str], data: st.DataObject
) -> None:
    machine = automaton(graph_of(*sentences))
    tokens, place = list[int](), machine.start
    while (following := machine.after(place)) and not (machine.ends(place) and data.draw(st.booleans())):
        tokens.append(data.draw(st.sampled_from(sorted(following))))
        place = machine.after(place)[tokens[-1]]
    assert machine.ends(place)
    spoken = machine.spoken(tokens)
    assert spoken in sentences
    if not any(chr(token).isdigit() for token in tokens):
        text = re.sub(r"[,.?!]", "", "".join(map(chr, tokens)).lower()).replace("-", " ")
        assert [SAME.get(word, word) for word in text.split()] == spoken.replace("-", " ").split()
