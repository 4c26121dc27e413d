"""How like a text is to sentences. The only importer of rapidfuzz.

`fuzz.ratio` on whole utterances, and nothing looser: partial and token ratios call "don't stop" a perfect
"stop".
"""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz import fuzz, process


def closest(text: str, sentences: Sequence[str], floor: float) -> tuple[str, float] | None:
    """The sentence most like the text and how like it is, 0 to 1; None if that is below the floor."""
    best = process.extractOne(text, sentences, scorer=fuzz.ratio, score_cutoff=100 * floor)
    return None if best is None else (best[0], best[1] / 100)
