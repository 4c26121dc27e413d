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


@pytest.mark.parametrize(
    ("refusal", "refused"),
    [
        ("please don't look at me", "eye-contact"),
        ("we don't want eye contact", "eye-contact"),
        ("i don't want to look at you", "eye-contact"),
        ("no more eye contact", "eye-contact"),
        ("stop looking at me", "eye-contact"),
        ("i hate eye contact", "eye-contact"),
        ("let's not look at each other", "eye-contact"),
        ("we don't want to sit here and look at each other", "eye-contact"),
        ("we don't want to put our phones away", "phones-away"),
        ("please don't, put the phones away", "phones-away"),
        ("i'm not putting my phone in the basket", "phones-away"),
        ("we don't need a phone free dinner", "phones-away"),
        ("not the nice list", "nice-list"),
        ("no nice list please", "nice-list"),
        ("the nice list, no thanks", "nice-list"),
        ("i don't want to say anything nice", "nice-list"),
        ("we can't do the nice list tonight", "nice-list"),
        ("cancel the nice list", "nice-list"),
        ("please don't stop", "stop"),
        ("we don't want to stop", "stop"),
        ("don't pause for a moment", "pause"),
        ("we never pause for a moment", "pause"),
        ("do not skip this one", "next"),
        ("i don't want to swap over", "swap"),
        ("please don't turn it up", "louder"),
        ("don't give us more time", "more-time"),
    ],
)
def test_a_refusal_does_not_start_what_it_refuses(refusal: str, refused: str) -> None:
    candidates = OURS.understand(refusal, AWAKE).candidates
    assert [one for one in candidates if one.intent == refused and one.score >= 0.75] == []


def test_a_complaint_is_near_one_that_denies_the_same() -> None:
    assert best("we never look at each other at all nowadays love")[0] == "eye-contact"


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("It's been awful today, let's put the phones away.", "phones-away"),
        ("the kids are driving me mad so put our phones in the basket", "phones-away"),
        ("I can't think straight any more, let's look at each other.", "eye-contact"),
        ("i haven't got the energy for anything let's say something nice", "nice-list"),
    ],
)
def test_a_request_may_be_one_clause(text: str, intent: str) -> None:
    understood = OURS.understand(text, AWAKE)
    assert (understood.layer, understood.candidates[0].intent) == ("close", intent)
    assert understood.candidates[0].score == 0.9


@pytest.mark.parametrize(
    "text",
    [
        "i stopped, and could you repeat that",
        "she said hold on a minute and then we left the house",
        "it was raining, eye contact",
        "i went home, stop the exercise please, and had a bath",
    ],
)
def test_controls_and_short_clauses_are_not_found_in_longer_talk(text: str) -> None:
    assert best(text)[1] < 0.8


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("90 seconds of eye contact", 90),
        ("eye contact for two hours", 7200),
        ("let's do eye gazzing for two minutes", 120),
        ("lets gaze at each othher for two hours", 7200),
        # A number that cannot be read is none.
        ("let's gaze at one another for two minites", None),
        ("seven and a half minutes of eye contact", None),
        ("an hour and ten minutes of eye contact", None),
        ("two hundred and fifty minutes of eye contact", None),
    ],
)
def test_a_number_said_is_that_number_or_none(text: str, seconds: int | None) -> None:
    candidate = OURS.understand(text, AWAKE).candidates[0]
    assert (candidate.intent, candidate.slots.get("seconds")) == ("eye-contact", seconds)


@pytest.mark.parametrize("answer", ["I'd love to.", "go for it", "happy to", "we are", "i don't mind"])
def test_without_options_what_is_no_refusal_is_a_yes(answer: str) -> None:
    asked = Expecting(frozenset({"yes", "no"}))
    assert [one.intent for one in OURS.understand(answer, asked).candidates] == ["yes"]


def test_calling_twice_is_no_answer() -> None:
    assert best("hey coach hey coach") == (None, 0.0)


def test_that_is_it_sends_nobody_to_sleep() -> None:
    assert best("that's it") == ("done", 1.0)


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


def test_plain_options_may_hold_any_character() -> None:
    odd = (
        Option.plain("a(b", "a(b"),
        Option.plain("30?", "30 [minutes", language="en"),
        Option.plain("*", "*"),
    )
    assert option("a b please", *odd) == [("option", "a(b")]
    assert option("thirty minutes", *odd) == [("option", "30?")]
    assert option("the third one", *odd)[0] == ("option", "*")


def test_all_that_is_expected_can_be_prepared() -> None:
    catalogue = load("en")
    catalogue.prepare(Expecting(catalogue.intents, (SHORT,)))
    assert catalogue.graph(Expecting(catalogue.intents, (SHORT,))).arcs


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
