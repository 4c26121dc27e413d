"""The sentences of a language, and what a text may mean among those expected."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from .clauses import SHORTEST, clauses
from .matcher import Matcher
from .normalise import normalise
from .pack_files import Content, read
from .problems import PackError, Problem
from .result import Candidate, Expecting, Option, Understanding
from .templates import Block, parse
from .vocabulary import Vocabulary
from .word_graph import WordGraph, united

SENTENCES = Path(__file__).parent / "sentences"
STATES = 64
"""States whose graph is kept; a household rarely goes through more in an evening."""

OPTION = "option"
PLACE = "place"
"""The slot of a sentence of `option` that names an option by its place: 1 is the first, -1 the last."""
FEWEST = 3
"""Words from which a text can be nearly something: "poor thing" is not nearly "good thing"."""
CLAUSE_SCORE = 0.9
"""What a request counts that is one clause of a longer utterance."""
BEFORE_OPTIONS = ("stop", "pause")
"""The controls that an option of the same words does not win over."""


def languages() -> tuple[str, ...]:
    """The languages that have sentences."""
    return _with_sentences(SENTENCES)


def load(language: str, packs: Sequence[Path] = (), *, only_packs: bool = False) -> Catalogue:
    """The sentences of a language: ours, and those in `sentences/<language>/` of each pack.

    Args:
        language: the name of a folder of sentences.
        packs: folders added to ours; rules and lists of a later one replace those of an earlier one.
        only_packs: leave ours out.

    Raises:
        PackError: a sentence file is wrong, with all that is wrong in any; or there is no file at all.
    """
    folders = [pack / "sentences" / language for pack in packs]
    if not only_packs:
        folders.insert(0, SENTENCES / language)
    content = read(folders)
    if not content.blocks:
        there = {name for folder in folders for name in _with_sentences(folder.parent)} - {language}
        hint = f"; there is {', '.join(sorted(there))}" if there else ""
        where = folders[0] if folders else SENTENCES
        raise PackError([Problem(where, 0, f"no sentences in language '{language}'{hint}")])
    return Catalogue(language, content)


def _with_sentences(folder: Path) -> tuple[str, ...]:
    """The languages in a folder of sentences; none if it is missing."""
    return tuple(sorted({file.parent.name for file in folder.glob("*/*.yaml")}))


class Catalogue:
    """All sentences of a language. Made by `load`."""

    def __init__(self, language: str, content: Content) -> None:
        self.language = language
        self.intents = frozenset(content.blocks)
        """Every intent that has sentences."""
        self._vocabulary = Vocabulary(language, content)
        self._places = content.blocks.get(OPTION, [])
        self._matchers = {
            intent: Matcher(intent, blocks, self._vocabulary)
            for intent, blocks in content.blocks.items()
            if intent != OPTION
        }
        self._in_clause = content.in_clause
        self._expected = lru_cache(STATES)(self._find_expected)
        self._graph = lru_cache(STATES)(self._make_graph)

    def understand(self, text: str, expecting: Expecting) -> Understanding:
        """What a text may mean: word for word if it is an expected sentence, else nearly."""
        for understanding in self._layers(text, expecting):
            if understanding.candidates:
                return understanding
        return Understanding(normalise(text, self.language), "none", ())

    def explain(self, text: str, expecting: Expecting) -> tuple[Understanding, ...]:
        """What each layer makes of a text, whether or not an earlier one has an answer."""
        return tuple(self._layers(text, expecting))

    def graph(self, expecting: Expecting) -> WordGraph:
        """Every sentence that is expected, as a machine of words."""
        return self._graph(expecting)

    def prepare(self, expecting: Expecting) -> None:
        """Makes all that the first text or utterance would otherwise wait for."""
        self.graph(expecting)
        for matcher in self._expected(expecting):
            matcher.prepare()

    def _layers(self, text: str, expecting: Expecting) -> Iterator[Understanding]:
        words = normalise(text, self.language).split()
        matchers = self._expected(expecting) if words else ()
        exact = [match for matcher in matchers if (match := matcher.exact(words))]
        yield Understanding(" ".join(words), "exact", _ranked(exact))
        yield Understanding(" ".join(words), "close", _ranked(self._close(text, words, matchers)))

    def _close(self, text: str, words: Sequence[str], matchers: Sequence[Matcher]) -> list[Candidate]:
        """What is nearly said by the whole text, or word for word by one clause of it."""
        if len(words) < FEWEST or self._vocabulary.is_filler(words):
            return []
        texts = (" ".join(words), " ".join(self._vocabulary.without_skip_words(words)))
        clauses_said = [*clauses(text, self._vocabulary)]
        close: list[Candidate] = []
        for matcher in matchers:
            found = [matcher.close(texts)]
            if matcher.intent in self._in_clause:
                found += [self._in(clause, texts[0], matcher) for clause in clauses_said]
            close += sorted(filter(None, found), key=lambda candidate: -candidate.score)[:1]
        return close

    def _in(self, clause: Sequence[str], text: str, matcher: Matcher) -> Candidate | None:
        core = self._vocabulary.without_skip_words(clause)
        match = matcher.in_clause(clause, text)
        if not match and len(core) >= SHORTEST:
            match = matcher.in_clause(core, text)
        return replace(match, score=CLAUSE_SCORE) if match else None

    def _make_graph(self, expecting: Expecting) -> WordGraph:
        return united(*(matcher.graph for matcher in self._expected(expecting)))

    def _find_expected(self, expecting: Expecting) -> tuple[Matcher, ...]:
        intents = sorted(expecting.intents & self._matchers.keys())
        return (*(self._matchers[intent] for intent in intents), *self._options(expecting.options))

    def _options(self, options: Sequence[Option]) -> Iterator[Matcher]:
        """Each option is called by its own phrases and by its place."""
        for index, option in enumerate(options):
            places = {index + 1, index - len(options)}
            templates = [parse(self._vocabulary.framed(phrase)) for phrase in option.phrases]
            templates += [
                template
                for block in self._places
                if block.slots.get(PLACE) in places
                for template in block.templates
            ]
            yield Matcher(OPTION, [Block(tuple(templates), {OPTION: option.name})], self._vocabulary)


def _ranked(candidates: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """Best first. An option wins over a control of the same words, except stop and pause."""
    options = {candidate.phrase for candidate in candidates if candidate.intent == OPTION}
    firm = {candidate.phrase for candidate in candidates if candidate.intent in BEFORE_OPTIONS}
    kept = [
        candidate
        for candidate in candidates
        if candidate.phrase not in (firm if candidate.intent == OPTION else options - firm)
    ]
    return tuple(sorted(kept, key=lambda candidate: -candidate.score))
