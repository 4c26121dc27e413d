"""What people say, and what it means: one test a sentence, from `sentences/<language>/*.yaml`.

The files have the shape of Home Assistant's tests: under `tests`, some `sentences` and the one `intent`, with
its `name` and `slots`, that all of them mean. Each must be understood word for word; under `close`, nearly.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from intents import Catalogue, Expecting, Option, languages, load, read_yaml

FOLDER = Path(__file__).parent / "sentences"
OPTIONS = (
    Option("half-hour", ("half an hour", "thirty [minutes]")),
    Option("three-quarters", ("three quarters of an hour", "forty five [minutes]")),
    Option("hour", ("[an|one] hour", "sixty [minutes]")),
)


@cache
def catalogue(language: str) -> Catalogue:
    return load(language)


def cases() -> Iterator[Any]:
    for language in languages():
        for path in sorted((FOLDER / language).glob("*.yaml")):
            content: Any = read_yaml(path)
            for test in content["tests"]:
                slots = {
                    name: int(value) if value.isdigit() else str(value)
                    for name, value in (test["intent"].get("slots") or {}).items()
                }
                for layer in ("exact", "close"):
                    for sentence in test.get("sentences" if layer == "exact" else layer) or ():
                        case = (language, str(sentence), layer, str(test["intent"]["name"]), slots)
                        yield pytest.param(*case, id=f"{language}/{path.name}::{sentence}")


@pytest.mark.parametrize(("language", "sentence", "layer", "intent", "slots"), [*cases()])
def test_sentence(language: str, sentence: str, layer: str, intent: str, slots: dict[str, Any]) -> None:
    options = OPTIONS if intent == "option" else ()
    everything = Expecting(catalogue(language).intents, options)
    understood = catalogue(language).understand(sentence, everything)
    best = understood.candidates[0]
    assert (understood.layer, best.intent, dict(best.slots)) == (layer, intent, slots)
