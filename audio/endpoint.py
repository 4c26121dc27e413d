"""From blocks of sound and their probabilities of speech to utterances.

Pure: no model, no device, no clock but the samples'. An utterance starts with the first block that surely is
speech and ends when no such block has come for a while. It is then trimmed to the blocks that probably are
speech and a margin on either side.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .types import BLOCK, RATE, Samples, Utterance

_SURE = 0.7
"""Probability from which a block is speech for sure. Any lower, and in a noisy kitchen nothing ever ends."""
_PROBABLE = 0.5
"""Probability above which a block is not trimmed off."""
_MARGIN = round(0.3 * RATE)
"""Samples kept on either side of the speech, for the soft consonants that no model is sure of."""
_BEFORE = -(-RATE // 2 // BLOCK)
"""Blocks of quiet that are remembered, half a second: speech may have begun in them."""
_CLICK = 5
"""Fewer blocks of speech than this, 160 ms, are a click and not an utterance. The shortest of 590 spoken
answers and controls has seven where voice activity has just begun anew; a clatter in a kitchen had three."""


@dataclass(frozen=True, slots=True)
class Endpointing:
    """How utterances are told apart in some state of a conversation."""

    silence: float = 1.0
    """Seconds without speech that end an utterance: 1.0 suits commands, 2.5 open answers."""
    longest: float = 15.0
    """Seconds of speech that an utterance may hold."""
    keep_longer: bool = True
    """Whether of longer speech the beginning is an utterance; or else nothing. The rest never is."""


class Endpointer:
    """Tells utterances apart.

    Keeps the speech under way, up to the longest that is wanted, and half a second of quiet; nothing else.
    """

    def __init__(self, settings: Endpointing | None = None) -> None:
        self.settings = settings or Endpointing()
        """Counts from the next block on, also for speech under way."""
        self._kept: list[tuple[Samples, float]] = []
        """Blocks and their probabilities: the speech under way and the quiet before, or only quiet."""
        self._fed = 0
        """Blocks so far; also the number of the next."""
        self._started = 0
        """The number of the first block that surely was speech."""
        self._voiced = 0
        """Blocks of speech since then; 0 while nobody speaks."""
        self._quiet = 0
        """Blocks since the last that surely was speech."""
        self._dropped = False
        """Whether the rest of the speech under way is thrown away."""

    def reset(self) -> None:
        """Forgets everything but the time."""
        self._kept.clear()
        self._quiet = 0
        self._forget_speech()

    @property
    def now(self) -> float:
        """Seconds of sound that have been fed."""
        return _seconds(self._fed)

    @property
    def speaking(self) -> bool:
        """Whether an utterance is under way: somebody speaks, or has not been silent for long enough."""
        return self._voiced >= _CLICK

    def feed(self, block: Samples, probability: float) -> Utterance | None:
        """The utterance that ends with this block of BLOCK samples, if one does."""
        self._fed += 1
        self._kept.append((block, probability))
        if probability >= _SURE and not self._voiced:
            self._started = self._fed - 1
        if probability >= _SURE or (self._voiced and probability > _PROBABLE):
            self._voiced += 1
        self._quiet = 0 if probability >= _SURE else self._quiet + 1
        if self._dropped or not self._voiced:
            del self._kept[:-_BEFORE]
        if self._quiet:
            over = self._voiced and _seconds(self._quiet) >= self.settings.silence
            return self._finish() if over else None
        if self._dropped:
            self._kept.clear()
        elif _seconds(self._fed - self._started) > self.settings.longest:
            return self._drop()
        return None

    def so_far(self) -> Utterance | None:
        """The utterance under way, as if it ended now: for recognising while somebody still speaks."""
        return self._utterance(cut=True) if self.speaking and not self._dropped else None

    def _finish(self) -> Utterance | None:
        utterance = self._utterance(cut=False) if self.speaking and not self._dropped else None
        self._forget_speech()
        return utterance

    def _drop(self) -> Utterance | None:
        utterance = self._utterance(cut=True) if self.settings.keep_longer else None
        self._dropped = True
        self._kept.clear()
        return utterance

    def _forget_speech(self) -> None:
        """Leaves only the quiet at the end, in which what comes next may already have begun."""
        del self._kept[: max(self._probable(), default=-1) + 1]
        del self._kept[:-_BEFORE]
        self._voiced = 0
        self._dropped = False

    def _utterance(self, *, cut: bool) -> Utterance:
        probable = self._probable()
        first, last = probable[0], probable[-1] + 1
        samples = np.concatenate([block for block, _ in self._kept])
        origin = self._fed - len(self._kept)
        return Utterance(
            samples=samples[max(0, first * BLOCK - _MARGIN) : last * BLOCK + _MARGIN],
            start=_seconds(origin + first),
            end=_seconds(origin + last),
            cut=cut,
        )

    def _probable(self) -> list[int]:
        """Where among the blocks kept those are that probably are speech."""
        return [index for index, (_, probability) in enumerate(self._kept) if probability > _PROBABLE]


def _seconds(blocks: int) -> float:
    return blocks * BLOCK / RATE
