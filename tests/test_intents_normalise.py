"""One spelling for what sounds the same."""

from __future__ import annotations

import pytest

from intents import normalise, strip_prefix


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        ("   ", ""),
        ("...", ""),
        ("Stop!", "stop"),
        ("  Hey,   Coach. ", "hey coach"),
        ("What’s next?", "what's next"),
        ("'I'd rather not,' he said", "i'd rather not he said"),
        ("the boys' phones", "the boys phones"),
        ("a screen-free dinner", "a screen free dinner"),
        ("30 minutes", "thirty minutes"),
        ("45-minute break", "forty five minute break"),
        ("1,000 thanks", "one thousand thanks"),
        ("at 7pm", "at seven pm"),
        ("wait_for_it", "wait for it"),
        ("Café au lait — deux", "café au lait deux"),
    ],
)
def test_normalise(text: str, expected: str) -> None:
    assert normalise(text, "en") == expected


def test_digits_stay_without_a_language_or_in_one_without_number_words() -> None:
    assert normalise("30 minutes") == normalise("30 minutes", "xx") == "30 minutes"


def test_normalising_twice_changes_nothing() -> None:
    once = normalise("It's 10-to-12, isn’t it?", "en")
    assert normalise(once, "en") == once


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("Hey, coach. Let's do the nice list.", "Let's do the nice list."),
        ("Hey coach...", ""),
        ("Hey coach . . .", ""),
        ("hay couch stop", "stop"),
        ("Ok Coach", ""),
        ("hey coach", ""),
        ("the coach was late", None),
        ("hey", None),
        ("", None),
        ("well hey coach", None),
        ("hey roach stop", None),
    ],
)
def test_strip_prefix(text: str, rest: str | None) -> None:
    assert strip_prefix(text, ["hey coach", "okay coach"]) == rest
