"""How like a text is to sentences. The only importer of rapidfuzz.

`fuzz.ratio` on whole utterances, and nothing looser: partial and token ratios call "don't stop" a perfect
"stop".
"""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz import fuzz, process


def closest(text: str, sentences: Sequence[str], floor: float, limit: int) -> list[tuple[float, str]]:
    """The sentences most like the text, best first, after how like they are, 0 to 1; none below the floor."""
    best = process.extract(text, sentences, scorer=fuzz.ratio, score_cutoff=100 * floor, limit=limit)
    return [(score / 100, sentence) for sentence, score, _ in best]
