"""Mistakes in sentence files come all at once, in their author's terms. Broken packs are named by rules."""

from __future__ import annotations

from pathlib import Path

import pytest

from intents import Expecting, PackError, languages, load

BROKEN = Path(__file__).parent / "packs" / "broken"

MISTAKES = {
    "brackets-must-close": [
        "7: 'stop [now' '[' at column 6 is never closed",
        "8: 'stop) it' ')' at column 5 closes nothing that is open",
        "9: 'stop [] it' the brackets at column 6 hold nothing",
    ],
    "keys-must-be-given-once": ["6: 'go' is given twice; keep one"],
    "keys-must-be-known": [
        "2: unknown key 'intent' in the file, did you mean 'intents'?",
        "8: an item of 'data' needs 'sentences'",
        "8: unknown key 'sentence' in an item of 'data', did you mean 'sentences'?",
        "9: unknown key 'slot' in an item of 'data', did you mean 'slots'?",
    ],
    "language-must-be-the-folder": ["1: the language of this folder is 'en'"],
    "lists-must-be-known": ["8: unknown list 'color', did you mean 'colour'?"],
    "lists-must-hold-something": [
        "3: list 'empty' needs either 'values' or 'range'",
        "4: the range of list 'backwards' must go from a number to a higher one",
        "6: the range of list 'words' must go from a number to a higher one",
    ],
    "lists-must-not-nest": ["4: 'a {outer}' names a list inside a list"],
    "rules-must-be-known": ["8: unknown rule 'redy', did you mean 'ready'?"],
    "rules-must-end": ["3: rule 'one' leads back to itself", "4: rule 'two' leads back to itself"],
    "sentences-must-say-something": [
        "8: '' is empty",
        "9: '[stop] <maybe>' can be said with no words at all",
    ],
    "shapes-must-fit": [
        "3: 'lists' must be a table",
        "7: 'sentences' must be a list",
        "9: an item of 'data' must be a table",
    ],
    "words-must-be-as-heard": [
        "6: 'Stop' is never heard like that; write 'stop'",
        "7: 'stop,' is never heard like that; write 'stop'",
        "8: '5' is never heard like that; write 'five'",
        "9: 'time-out' is never heard like that; write 'time out'",
        "10: 'that’s' is never heard like that; write 'that's'",
    ],
}


@pytest.mark.parametrize("rule", sorted(folder.name for folder in BROKEN.iterdir()))
def test_broken_pack_is_refused(rule: str) -> None:
    with pytest.raises(PackError) as refused:
        load("en", [BROKEN / rule], only_packs=True)
    assert [f"{problem.line}: {problem.message}" for problem in refused.value.problems] == MISTAKES[rule]
    assert {problem.path for problem in refused.value.problems} == {
        BROKEN / rule / "sentences" / "en" / "x.yaml"
    }


def test_mistakes_of_all_packs_come_together() -> None:
    with pytest.raises(PackError) as refused:
        load("en", [BROKEN / "rules-must-end", BROKEN / "brackets-must-close"])
    assert len(refused.value.problems) == 5


def pack(folder: Path, text: str, name: str = "x.yaml") -> Path:
    sentences = folder / "sentences" / "en"
    sentences.mkdir(parents=True, exist_ok=True)
    (sentences / name).write_text(f"language: en\n{text}", encoding="utf-8")
    return folder


GO = "intents: {go: {data: [{sentences: ['go <where>']}]}}\nexpansion_rules: {where: '(home|away)'}\n"


def test_pack_adds_to_ours_or_stands_alone(tmp_path: Path) -> None:
    go = pack(tmp_path, GO)
    assert load("en", [go]).intents == load("en").intents | {"go"}
    assert load("en", [go], only_packs=True).intents == {"go"}


def test_files_of_one_intent_are_merged_and_later_packs_replace_rules(tmp_path: Path) -> None:
    first = pack(tmp_path / "first", GO)
    pack(first, "intents:\n  go:\n    data:\n      - sentences: ['be off']\n", "y.yaml")
    second = pack(tmp_path / "second", "expansion_rules:\n  where: there\n")
    catalogue = load("en", [first, second], only_packs=True)
    go = Expecting(frozenset({"go"}))
    exact = {
        text for text in ("go there", "be off", "go home") if catalogue.understand(text, go).layer == "exact"
    }
    assert exact == {"go there", "be off"}


def test_a_rule_in_two_files_of_a_folder_is_a_mistake(tmp_path: Path) -> None:
    go = pack(pack(tmp_path, GO), "expansion_rules:\n  where: there\n", "y.yaml")
    with pytest.raises(PackError, match="rule 'where' is in another file too; keep one"):
        load("en", [go], only_packs=True)


def test_unknown_language_names_those_that_there_are() -> None:
    with pytest.raises(PackError, match=r"no sentences in language 'eng'; there is .*en"):
        load("eng")


def test_languages_that_there_are_are_named(tmp_path: Path) -> None:
    with pytest.raises(PackError) as refused:
        load("en", [tmp_path], only_packs=True)
    assert refused.value.problems[0].message == "no sentences in language 'en'"
    (tmp_path / "sentences" / "de").mkdir(parents=True)
    (tmp_path / "sentences" / "de" / "x.yaml").write_text("language: de", encoding="utf-8")
    with pytest.raises(PackError, match=r"no sentences in language 'en'; there is de$"):
        load("en", [tmp_path], only_packs=True)


def test_in_clause_is_true_or_false(tmp_path: Path) -> None:
    go = pack(tmp_path, "intents: {go: {in_clause: sometimes, data: [{sentences: ['go home now']}]}}\n")
    with pytest.raises(PackError, match="'in_clause' must be true or false, not 'sometimes'"):
        load("en", [go], only_packs=True)


def test_languages_are_folders() -> None:
    assert "en" in languages()
