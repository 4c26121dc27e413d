"""Which texts mean what among the sentences expected, and which must mean nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from intents import Catalogue, Expecting, Option, load

OURS = load("en")
AWAKE = Expecting(OURS.intents)
TURN = Expecting(
    frozenset(
        {"stop", "pause", "done", "more-time", "next", "how-long-left", "whose-turn", "swap", "repeat"},
    )
)


def best(text: str, expecting: Expecting = AWAKE) -> tuple[str | None, float]:
    candidates = OURS.understand(text, expecting).candidates
    return (candidates[0].intent, candidates[0].score) if candidates else (None, 0.0)


@pytest.mark.parametrize("text", ["", "   ", "...", "?!", "'", "—"])
def test_empty_text_means_nothing(text: str) -> None:
    understood = OURS.understand(text, AWAKE)
    assert (understood.text, understood.layer, understood.candidates) == ("", "none", ())
    assert OURS.graph(AWAKE).start not in OURS.graph(AWAKE).finals


@pytest.mark.parametrize("text", ["top", "text", "paws", "nest", "bag", "mower", "down", "yet", "know"])
def test_one_word_is_that_word_or_nothing(text: str) -> None:
    assert best(text) == (None, 0.0)


@pytest.mark.parametrize(
    "text",
    [
        "could you pass the salt",
        "don't stop",
        "please don't stop",
        "i can't stop laughing",
        "he passed the next turn",
        "no more time",
        "don't go back",
        "we don't want a pause",
        "what is the weather",
        "set a timer for five minutes",
        "do not put the phones away",
        "let's not do the nice list",
    ],
)
def test_distractors_stay_below_acceptance(text: str) -> None:
    assert best(text)[1] < 0.8


@pytest.mark.parametrize(
    ("denial", "positive"),
    [
        ("don't stop", "stop"),
        ("never pause", "pause"),
        ("no more time", "more-time"),
        ("not the nice list", "nice-list"),
    ],
)
def test_a_denial_is_not_what_it_denies(denial: str, positive: str) -> None:
    assert best(denial)[0] != positive


def test_only_what_is_expected_counts() -> None:
    assert best("the nice list", TURN)[1] < 0.8
    assert best("stop", TURN) == ("stop", 1.0)
    assert best("stop", Expecting(frozenset({"yes", "no"}))) == (None, 0.0)
    assert best("stop", Expecting(frozenset({"stop", "no-such-intent"}))) == ("stop", 1.0)


def option(
    text: str, *options: Option, intents: frozenset[str] = OURS.intents
) -> list[tuple[str, str | int | None]]:
    understood = OURS.understand(text, Expecting(intents, options))
    return [(candidate.intent, candidate.slots.get("option")) for candidate in understood.candidates]


SHORT = Option("short", ("[the] short one", "shorter"))
STOP = Option("halt", ("stop", "[take a] pause"))


def test_an_option_wins_over_a_control_but_not_over_stop_and_pause() -> None:
    assert option("shorter", SHORT) == [("option", "short")]
    assert option("the short one", SHORT) == [("option", "short")]
    assert option("stop", STOP) == [("stop", None)]
    assert option("pause", STOP) == [("pause", None)]


def test_places_count_only_as_far_as_there_are_options() -> None:
    two = (Option("a", ("apples",)), Option("b", ("pears",)))
    assert option("the second one", *two)[0] == ("option", "b")
    assert option("the last one", *two)[0] == ("option", "b")
    assert OURS.understand("the third one", Expecting(frozenset(), two)).layer != "exact"
    assert OURS.understand("the second one", Expecting(frozenset(), two[:1])).layer != "exact"


def test_options_have_templates_of_their_own() -> None:
    assert option("pears please", Option("b", ("pears [<please>]",))) == [("option", "b")]


@pytest.fixture(scope="module")
def lamp(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    folder = tmp_path_factory.mktemp("pack") / "sentences" / "en"
    folder.mkdir(parents=True)
    (folder / "lamp.yaml").write_text(
        """
language: en
skip_words: ["(could you|please)"]
lists:
  colour: {values: [red, {in: "(green|lime)", out: green}, {in: "navy blue", out: blue}]}
  minutes: {range: {from: 1, to: 99}}
intents:
  lamp:
    data:
      - sentences: ["turn the lamp {colour} [for {minutes} minutes]"]
      - sentences: ["turn the lamp on"]
        slots: {brightness: 100}
""",
        encoding="utf-8",
    )
    return load("en", [folder.parent.parent], only_packs=True)


@pytest.mark.parametrize(
    ("text", "layer", "slots"),
    [
        ("turn the lamp lime", "exact", {"colour": "green"}),
        ("turn the lamp red for 25 minutes", "exact", {"colour": "red", "minutes": 25}),
        ("turn the lamp on", "exact", {"brightness": 100}),
        ("could you turn the lump navy blue please", "close", {"colour": "blue"}),
        ("turn the lamb green for twenty five minutes", "close", {"colour": "green", "minutes": 25}),
        # A misheard word is corrected, but a number is never made up.
        ("turn the lamp naval blue", "close", {"colour": "blue"}),
        ("turn the lamp red for fife minutes", "close", {"colour": "red"}),
    ],
)
def test_slots(lamp: Catalogue, text: str, layer: str, slots: dict[str, str | int]) -> None:
    understood = lamp.understand(text, Expecting(frozenset({"lamp"})))
    assert understood.layer == layer
    assert dict(understood.candidates[0].slots) == slots


def test_explain_shows_every_layer() -> None:
    exact, close = OURS.explain("say that again", AWAKE)
    assert (exact.layer, close.layer) == ("exact", "close")
    assert exact.candidates[0].intent == close.candidates[0].intent == "repeat"
    scores = [candidate.score for candidate in close.candidates]
    assert scores == sorted(scores, reverse=True)


def test_the_graph_of_a_state_is_made_once() -> None:
    assert OURS.graph(TURN) is OURS.graph(TURN)


def test_the_graph_says_what_is_understood_word_for_word() -> None:
    from intents.word_graph import sentences

    for sentence in sentences(OURS.graph(AWAKE), 300):
        assert OURS.understand(sentence, AWAKE).layer == "exact"


def test_no_python_file_names_a_language() -> None:
    for path in Path(load.__code__.co_filename).parent.glob("*.py"):
        assert '"en"' not in path.read_text(encoding="utf-8")
