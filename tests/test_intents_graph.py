"""Templates compile to small word graphs that say what hassil samples, no more and no less."""

from __future__ import annotations

import hassil
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intents.compiler import Compiler
from intents.templates import parse, parse_list
from intents.word_graph import Walker, WordGraph, concatenated, graph_of, sentences, shortest, united

LISTS = {
    "colour": parse_list("colour", {"values": ["red", {"in": "(green|lime)", "out": "green"}]}),
    "count": parse_list("count", {"range": {"from": "20", "to": "22"}}),
}
RULES = {"please": parse("(please|kindly)"), "thing": parse("[the] {colour} one")}
COMPILER = Compiler("en", LISTS, RULES)


def graph(*templates: str) -> WordGraph:
    return COMPILER.graph([parse(template) for template in templates])


def linear(*words: str) -> WordGraph:
    """One sentence."""
    return WordGraph(0, frozenset({len(words)}), tuple((i, word, i + 1) for i, word in enumerate(words)))


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("stop", linear("stop")),
        ("stop it now", linear("stop", "it", "now")),
        ("(stop|halt)", WordGraph(0, frozenset({1}), ((0, "halt", 1), (0, "stop", 1)))),
        ("stop [now]", WordGraph(0, frozenset({1, 2}), ((0, "stop", 1), (1, "now", 2)))),
        ("[please] stop", WordGraph(0, frozenset({2}), ((0, "please", 1), (0, "stop", 2), (1, "stop", 2)))),
        ("phone[s]", WordGraph(0, frozenset({1}), ((0, "phone", 1), (0, "phones", 1)))),
        (
            "(a;b)",
            WordGraph(0, frozenset({3}), ((0, "a", 1), (0, "b", 2), (1, "b", 3), (2, "a", 3))),
        ),
        ("{colour}", WordGraph(0, frozenset({1}), ((0, "green", 1), (0, "lime", 1), (0, "red", 1)))),
        (
            "{count}",
            WordGraph(0, frozenset({1, 2}), ((0, "twenty", 1), (1, "one", 2), (1, "two", 2))),
        ),
        ("{1..2:n} minutes", WordGraph(0, frozenset({2}), ((0, "one", 1), (0, "two", 1), (1, "minutes", 2)))),
        ("<please>", WordGraph(0, frozenset({1}), ((0, "kindly", 1), (0, "please", 1)))),
    ],
)
def test_template_becomes_graph(template: str, expected: WordGraph) -> None:
    assert graph(template) == expected


def test_sentences_in_common_are_said_once() -> None:
    assert graph("[please] stop", "please stop", "stop [now]") == graph("(stop|please stop)", "stop now")


def test_slots_are_masked_and_skipped_rules_left_out() -> None:
    masked = COMPILER.masked([parse("[<please> ]take {count:number} of <thing>")], frozenset({"please"}))
    assert list(sentences(masked)) == [
        "take _number:count of _colour:colour one",
        "take _number:count of the _colour:colour one",
    ]


words = st.sampled_from(["a", "b", "c", "{colour}", "{count}", "<please>", "<thing>"])
templates = st.recursive(
    words,
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=3).map(" ".join),
        st.lists(inner, min_size=2, max_size=3).map(lambda items: f"({'|'.join(items)})"),
        st.lists(inner, min_size=2, max_size=2).map(lambda items: f"({';'.join(items)})"),
        inner.map(lambda item: f"[{item}]"),
        st.tuples(st.sampled_from(["x", "y"]), words).map(lambda pair: f"{pair[0]}[{pair[1]}]"),
    ),
    max_leaves=5,
)


def is_word(text: str) -> bool:
    return text != "" and not any(character.isdigit() for character in text)


@settings(max_examples=200, deadline=None)
@given(templates)
def test_graph_says_what_hassil_samples(template: str) -> None:
    sampled = hassil.sample_expression(parse(template).expression, LISTS, RULES, language="en")
    normal = {" ".join(text.replace("-", " ").split()) for text in sampled}
    assert set(sentences(graph(template))) - {""} == {text for text in normal if is_word(text)}


@settings(max_examples=100, deadline=None)
@given(templates)
def test_shortest_come_first_and_none_is_missing(template: str) -> None:
    all_sentences = list(shortest(graph(template)))
    assert sorted(all_sentences) == sorted(sentences(graph(template)))
    assert [len(text.split()) for text in all_sentences] == sorted(
        len(text.split()) for text in all_sentences
    )


def test_few_sentences_are_spread_over_all() -> None:
    many = graph("(a|b|c|d) [x]")
    assert list(sentences(many, 4)) == ["a", "b", "c", "d"]


def test_millions_of_sentences_stay_small() -> None:
    ten = "(a|b|c|d|e|f|g|h|i|j)"
    large = graph(" ".join([ten] * 7))
    assert len(large.arcs) == 70
    assert len(list(sentences(large, 100))) == 100


def test_united_and_concatenated() -> None:
    wake = graph_of(["hey coach", "okay coach"])
    controls = graph("stop", "[please] pause")
    both = united(wake, concatenated(wake, controls))
    assert set(sentences(both)) == {
        f"{call}{rest}"
        for call in ("hey coach", "okay coach")
        for rest in ("", " stop", " pause", " please pause")
    }


def test_nothing_is_a_graph_without_sentences() -> None:
    assert graph_of([]) == united() == WordGraph(0, frozenset(), ())
    assert list(sentences(graph_of([]))) == list(shortest(graph_of([]))) == []


def test_walker_finds_every_end() -> None:
    walker = Walker(graph("please [stop [now]]"))
    assert walker.ends(["please", "stop", "now", "then"]) == [1, 2, 3]
    assert walker.accepts(["please"])
    assert not walker.accepts(["stop"])
