"""The words that a Vosk model knows, read from its folder, and how others can be spelt with them."""

from __future__ import annotations

import struct
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from pathlib import Path

from .ear import WordGraph
from .letters import nearest

_SYMBOLS = struct.pack("<i", 0x7EB2FB74)
"""Stands before the table of words in a graph of OpenFst's."""
_SYLLABIC = ("HANGUL", "CJK", "HIRAGANA", "KATAKANA")
"""Scripts, by Unicode's names, in which a letter is a syllable at least, so that a word's pieces sound like
the word. Models for them know morphemes: 끝났 and 어, but not 끝났어."""
_SUGGESTIONS = 3


class Vocabulary:
    """The vocabulary of the model in a folder."""

    def __init__(self, folder: Path, knows: Callable[[str], bool]) -> None:
        self._folder = folder
        self._knows = knows

    @cached_property
    def words(self) -> tuple[str, ...]:
        """All words but the model's own marks; half a second for half a million. Empty if it names none."""
        listed = self._folder / "graph" / "words.txt"
        words: Iterable[str]
        if listed.is_file():
            words = (line.partition(" ")[0] for line in listed.read_text(encoding="utf-8").splitlines())
        else:
            words = _symbols((self._folder / "graph" / "Gr.fst").read_bytes())
        return tuple(word for word in words if word[:1].isalpha())

    def spell(self, word: str) -> tuple[str, ...] | None:
        """The word in as few words as possible that the model knows; None if it cannot be spelt."""
        if self._knows(word):
            return (word,)
        return self._in_pieces(word) if _is_syllabic(word) else None

    def missing(self, graph: WordGraph) -> list[tuple[str, list[str]]]:
        """The words of a graph that cannot be heard, each with the nearest that can, best first."""
        unknown = sorted({word for _, word, _ in graph[2] if self.spell(word) is None})
        return [(word, nearest(word, self.words, _SUGGESTIONS)) for word in unknown]

    def _in_pieces(self, word: str) -> tuple[str, ...] | None:
        best: dict[int, tuple[str, ...]] = {0: ()}
        for end in range(1, len(word) + 1):
            ways = [
                (*best[start], word[start:end])
                for start in range(end)
                if start in best and self._knows(word[start:end])
            ]
            if ways:
                # Of equally few, those with the longest pieces first: 차례 를, not 차 례를.
                best[end] = min(ways, key=lambda way: (len(way), [-len(piece) for piece in way]))
        return best.get(len(word))


def _is_syllabic(word: str) -> bool:
    return all(unicodedata.name(letter, "").startswith(_SYLLABIC) for letter in word)


def _symbols(data: bytes) -> Iterator[str]:
    """The names in the first table: mark, its name, a number, how many; then each name and its number."""
    at = data.find(_SYMBOLS)
    if at < 0:
        return
    (size,) = struct.unpack_from("<i", data, at + 4)
    at += 8 + size
    (count,) = struct.unpack_from("<q", data, at + 8)
    at += 16
    for _ in range(count):
        (size,) = struct.unpack_from("<i", data, at)
        yield data[at + 4 : at + 4 + size].decode(errors="replace")
        at += 12 + size
