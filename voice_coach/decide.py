"""Whether to obey. The only place with thresholds.

Three outcomes: accept, be unsure and ask, or ignore for a reason. What is heard comes in as two readings of
one utterance: the closed one (which expected sentence is it most like, with the evidence of the sound) and the
dictated one (what was said, only where the state allows it). Typed text has no sound and is one reading.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from intents import Candidate, Understanding

from .listening import StateName

Reason: TypeAlias = Literal["silence", "noise", "not-expected", "unlikely", "no-wake"]
Layer: TypeAlias = Literal["exact", "close", "meant", "none"]

WAKE_EVIDENCE = -7.0
"""Log-probability from which a transcript begins with the wake phrase. At -7, 0 of 36 were missed at 12 dB of
kitchen noise, and of 520 lines of table talk none woke."""

HEARD_EVIDENCE: Mapping[StateName, float] = {
    "paused": -2.0,
    "awake": -2.0,
    "question": -2.0,
    "turn": -2.0,
    "speaking": -1.5,
}
"""Evidence from which a closed reading is obeyed. Above -2, none of 451 lines of table talk was."""

SHORT_ANSWER_EVIDENCE = -1.5
"""The same for answers of one syllable: most false accepts go to "no" and "yes"."""
SHORT_ANSWERS = frozenset({"yes", "no"})

UNSURE_EVIDENCE = -3.0
"""Evidence from which a closed reading is worth a question."""

CLOSE_SCORE = 0.88
"""Similarity from which text that no template matches is taken for its nearest sentence ..."""
CLOSE_MARGIN = 0.04
"""... if no other intent comes as near as this."""
UNSURE_SCORE = 0.75
"""Similarity from which the nearest sentences are offered as a question."""
OFFERS = 3
"""At most so many are offered."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """To be obeyed."""

    intent: str
    slots: Mapping[str, str | int] = field(default_factory=dict)
    score: float = 1.0
    layer: Layer = "exact"


@dataclass(frozen=True, slots=True)
class Unsure:
    """Worth a question: one guess, or two or three to choose from, in spoken order."""

    candidates: tuple[Candidate, ...]
    layer: Layer = "close"


@dataclass(frozen=True, slots=True)
class Ignored:
    """Not to be acted on."""

    reason: Reason
    candidates: tuple[Candidate, ...] = ()


Decision: TypeAlias = Accepted | Unsure | Ignored


def decide_text(understood: Understanding) -> Decision:
    """What to make of typed or dictated text."""
    best = understood.candidates[:OFFERS]
    if not understood.text:
        return Ignored("silence")
    if not best:
        return Ignored("unlikely")
    first = best[0]
    if understood.layer == "exact":
        return Accepted(first.intent, first.slots, first.score, "exact")
    rival = next((candidate.score for candidate in best[1:] if candidate.intent != first.intent), 0.0)
    if first.score >= CLOSE_SCORE and first.score - rival >= CLOSE_MARGIN:
        return Accepted(first.intent, first.slots, first.score, "close")
    near = tuple(candidate for candidate in best if candidate.score >= UNSURE_SCORE)
    return Unsure(near) if near else Ignored("unlikely", best)


def decide_heard(
    state: StateName, closed: Understanding, evidence: float, dictated: Understanding | None
) -> Decision:
    """What to make of an utterance.

    Args:
        state: what was being listened for.
        closed: the meaning of the closed reading.
        evidence: how much better it explains the sound than what was freely heard; 0 or below.
        dictated: the meaning of what was freely heard, where that may become text.
    """
    written = decide_text(dictated) if dictated else Ignored("unlikely")
    if isinstance(written, Accepted) and written.layer == "exact":
        return written
    read = decide_text(closed)
    if isinstance(read, Accepted) and evidence >= _needed(state, closed):
        return read
    if isinstance(written, Accepted | Unsure):
        return written
    if isinstance(read, Accepted) and evidence >= UNSURE_EVIDENCE and state in ("awake", "question"):
        return Unsure(closed.candidates[:1], "exact")
    return Ignored("unlikely", closed.candidates[:OFFERS])


def wakes(evidence: float) -> bool:
    """Whether an utterance began with the wake phrase."""
    return evidence >= WAKE_EVIDENCE


def _needed(state: StateName, closed: Understanding) -> float:
    short = closed.text in SHORT_ANSWERS
    return max(HEARD_EVIDENCE.get(state, 0.0), SHORT_ANSWER_EVIDENCE if short else -99.0)
