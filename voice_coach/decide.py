"""Whether to obey. The only place with thresholds.

Three outcomes: accept, be unsure and ask, or ignore for a reason. An utterance comes in as two readings: the
closed one (which expected sentence is it most like, with the evidence of the sound) and the dictated one
(what was said, where that may become text). Typed text has no sound and is one reading.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from intents import Candidate, Understanding

from .listening import ANSWERS, CONTROLS, OF_OPTIONS, REQUESTS, StateName

Reason: TypeAlias = Literal["silence", "noise", "not-expected", "unlikely", "no-wake"]
Layer: TypeAlias = Literal["exact", "close", "meant", "none"]

WAKE_EVIDENCE = -7.0
"""Log-probability from which a transcript begins with the wake phrase. At -7, 0 of 36 were missed at 12 dB of
kitchen noise, and of 520 lines of table talk none woke."""

BARE_CALL_WORDS = 3
"""A wake phrase that was written down wrongly, such as "take hold", has at most so many words."""

HEARD_EVIDENCE = -2.0
"""Evidence from which a closed reading is obeyed. There, a question obeys 97, 98 and 94 % of controls and
answers (clean, at 12 and at 6 dB of kitchen noise; 355 clips), a turn 97, 100 and 95 % (102 clips), and
neither any of 271 lines of talk. At -2.5 it is 99 % at 12 dB, but a clatter was taken for "stop it"."""

SHORT_ANSWER_EVIDENCE = -1.5
"""The same for answers of one word: most false accepts go to "no" and "yes"."""
ONLY_CALLED_EVIDENCE = -1.5
"""The same for the wake phrase alone: what it explains less well holds a request that was not understood."""

UNSURE_EVIDENCE = -4.5
"""Evidence from which a closed reading is worth a question."""

CLOSE_SCORE = 0.80
"""Similarity from which a request that no template matches is taken for its nearest sentence ..."""
CLOSE_CONTROL_SCORE = 0.90
"""... and a control, of which table talk holds many near ones ..."""
CLOSE_MARGIN = 0.05
"""... if no other intent comes as near as this. Of 433 lines of table and turn talk 4 pass (0.9 %), two of
them commands word for word; of 35 requests and commands written by somebody else 23 pass, all rightly."""
UNSURE_SCORE = 0.75
"""Similarity from which the nearest sentences are offered as a question."""
OFFERS = 3
"""At most so many are offered."""
ANSWERING = ANSWERS | OF_OPTIONS
ASKING: frozenset[StateName] = frozenset({"awake", "question"})
"""States in which nearly is good enough, or worth a question. Elsewhere only the very words count."""
NEVER = 2.0
NEVER_OFFERED = CONTROLS | ANSWERS | REQUESTS | {"wake", "either"}
"""These are obeyed or they are not: nobody is asked "did you mean yes?"."""


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
    near: bool = False
    """It came near something expected: worth asking the same question again, not worth a guess."""


Decision: TypeAlias = Accepted | Unsure | Ignored


def needed_score(intent: str, state: StateName) -> float:
    """The similarity from which nearly is taken for meant; above 1 where only the very words count."""
    if state not in ASKING:
        return NEVER
    return CLOSE_CONTROL_SCORE if intent in CONTROLS else CLOSE_SCORE


def decide_text(understood: Understanding, state: StateName = "awake") -> Decision:
    """What to make of typed or dictated text, given what was being listened for."""
    best = understood.candidates[:OFFERS]
    if not understood.text:
        return Ignored("silence")
    if understood.layer == "exact":
        # "Go on" is a yes to a question, and elsewhere a control.
        first = next((one for one in best if one.intent in ANSWERING), best[0])
        return Accepted(first.intent, first.slots, first.score, "exact")
    if not best or state not in ASKING:
        return Ignored("unlikely", best)
    first = best[0]
    rival = next((one.score for one in best[1:] if one.intent != first.intent), 0.0)
    if first.score >= needed_score(first.intent, state) and first.score - rival >= CLOSE_MARGIN:
        return Accepted(first.intent, first.slots, first.score, "close")
    near = tuple(one for one in best if one.score >= UNSURE_SCORE)
    offers = tuple(one for one in near if one.intent not in NEVER_OFFERED)
    return Unsure(offers) if offers else Ignored("unlikely", best, near=bool(near))


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
    written = decide_text(dictated, state) if dictated else Ignored("unlikely")
    if isinstance(written, Accepted) and written.layer == "exact":
        return written
    read = decide_text(closed, state)
    if isinstance(read, Accepted) and evidence >= _needed(closed):
        return read
    if isinstance(written, Accepted | Unsure):
        return written
    may_ask = state in ASKING and evidence >= UNSURE_EVIDENCE
    if may_ask and isinstance(read, Accepted):
        offered = read.intent not in NEVER_OFFERED
        best = closed.candidates[:1]
        return Unsure(best, "exact") if offered else Ignored("unlikely", best, near=True)
    return Ignored("unlikely", closed.candidates[:OFFERS])


def wakes(evidence: float) -> bool:
    """Whether an utterance began with the wake phrase."""
    return evidence >= WAKE_EVIDENCE


def only_called(closed: Understanding, dictated: str) -> bool:
    """Whether an utterance that woke was the wake phrase alone, although it was written down otherwise."""
    called = any(candidate.intent == "wake" for candidate in closed.candidates)
    return called and len(dictated.split()) <= BARE_CALL_WORDS


def _needed(closed: Understanding) -> float:
    intent = closed.candidates[0].intent
    if intent == "wake":
        return ONLY_CALLED_EVIDENCE
    one_word = " " not in closed.text
    return SHORT_ANSWER_EVIDENCE if one_word and intent in ANSWERS else HEARD_EVIDENCE
