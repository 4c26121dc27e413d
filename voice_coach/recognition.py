"""`voice-coach recognize`: text, or a recording, to meaning."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from time import perf_counter
from typing import Any

from audio import BLOCK, Endpointer, Endpointing, Samples, VoiceActivity, read_sound
from intents import Candidate, Option

from . import decide
from .decide import Accepted, Ignored, Unsure
from .hearing import Heard, Hearing, after_wake
from .listening import Listening
from .stream import outcome_of


def recognize_text(
    hearing: Hearing, text: str, listening: Listening, options: tuple[Option, ...]
) -> dict[str, Any]:
    """The result for one line of text, with the fields that the design fixes."""
    began = perf_counter()
    heard = hearing.read(text, listening, options)
    return {"text": text, **_fields(heard), "evidence": None, "seconds": _since(began)}


def recognize_wav(
    hearing: Hearing, file: str, listening: Listening, options: tuple[Option, ...]
) -> dict[str, Any]:
    """The result for a recording, which is one utterance.

    Raises:
        SoundFileError: it cannot be read.
    """
    samples = read_sound(Path(file))
    began = perf_counter()
    speech = trimmed(samples, VoiceActivity())
    heard = Heard(Ignored("silence")) if speech is None else hearing.hear(speech, listening, options)
    evidence = None if heard.evidence is None else round(heard.evidence, 3)
    return {
        "file": file,
        "text": heard.text,
        **_fields(heard),
        "evidence": evidence,
        "heard": heard.closed,
        # Asleep nothing becomes text for others to read, not even the request behind the wake phrase.
        "dictated": None if listening.state == "asleep" else heard.dictated,
        "seconds": _since(began),
    }


def explained(
    hearing: Hearing, result: Mapping[str, Any], listening: Listening, options: tuple[Option, ...]
) -> list[dict[str, Any]]:
    """What each layer makes of a result's text: candidates, the sentences that won, the scores needed."""
    expecting = hearing.expecting(
        after_wake(listening) if listening.state == "asleep" else listening, options
    )
    state = "awake" if listening.state == "asleep" else listening.state
    return [
        {
            "layer": understood.layer,
            "margin": decide.CLOSE_MARGIN,
            "confirm": decide.UNSURE_SCORE,
            "candidates": [
                {
                    **_candidate(one),
                    "phrase": one.phrase,
                    "accept": 1.0 if understood.layer == "exact" else decide.needed_score(one.intent, state),
                }
                for one in understood.candidates[:5]
            ],
        }
        for understood in hearing.catalogue.explain(hearing.addressed(result["text"]), expecting)
    ]


def trimmed(samples: Samples, activity: VoiceActivity) -> Samples | None:
    """From the first speech of a recording to the last, as one utterance; None without speech."""
    blocks = len(samples) // BLOCK + 1
    padded = samples.copy()
    padded.resize(blocks * BLOCK, refcheck=False)
    endpointer = Endpointer(Endpointing(silence=1e9, longest=60.0))
    for block in padded.reshape(-1, BLOCK):
        utterance = endpointer.feed(block, activity.probability(block))
        if utterance:
            return utterance.samples
    utterance = endpointer.so_far()
    return utterance.samples if utterance else None


def _fields(heard: Heard) -> dict[str, Any]:
    decision = heard.decision
    fields: dict[str, Any] = {
        "outcome": outcome_of(decision),
        "intent": None,
        "slots": {},
        "score": 0.0,
        "candidates": [_candidate(one) for one in heard.understood.candidates[:3]],
        "layer": "none",
        "reason": None,
    }
    match decision:
        case Accepted():
            fields |= {
                "intent": decision.intent,
                "slots": dict(decision.slots),
                "score": round(decision.score, 3),
                "layer": decision.layer,
            }
        case Unsure():
            first = decision.candidates[0]
            fields |= {
                "intent": first.intent,
                "slots": dict(first.slots),
                "score": round(first.score, 3),
                "layer": decision.layer,
                "candidates": [_candidate(one) for one in decision.candidates],
            }
        case Ignored():
            fields |= {"reason": decision.reason}
            if decision.candidates:
                fields["score"] = round(decision.candidates[0].score, 3)
    return fields


def _candidate(candidate: Candidate) -> dict[str, Any]:
    return {"intent": candidate.intent, "slots": dict(candidate.slots), "score": round(candidate.score, 3)}


def _since(began: float) -> float:
    return round(perf_counter() - began, 4)


def readable(result: Mapping[str, Any]) -> str:
    """A result for people."""
    said = result["text"] or result.get("file", "")
    meaning = " ".join(
        [result["intent"] or "-", *(f"{name}={value}" for name, value in result["slots"].items())]
    )
    why = result["reason"] or result["layer"]
    lines = [f"{said}\n  {result['outcome']}: {meaning}  ({why}, score {result['score']:.2f})"]
    if result.get("evidence") is not None:
        lines.append("  heard: {heard!r}  dictated: {dictated!r}  evidence {evidence:.2f}".format(**result))
    if result["outcome"] == "confirm":
        lines += [f"  offered: {one['intent']} {one['score']:.2f}" for one in result["candidates"]]
    for layer in result.get("explain", ()):
        lines.append("  {layer}: asked from {confirm:.2f}, margin {margin:.2f}".format(**layer))
        for one in layer["candidates"]:
            lines.append("    {score:.3f} of {accept:.2f}  {intent} {slots}  {phrase!r}".format(**one))
    return "\n".join(lines)
