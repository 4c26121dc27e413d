"""What a conversation tells those who watch it: one value an event, with its time.

The names and the fields are fixed by the design; other programs read them as JSON lines.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from . import actions
from .decide import Accepted, Decision, Ignored, Unsure
from .hearing import Heard

Entry: TypeAlias = Mapping[str, Any]
Watcher: TypeAlias = Callable[[Entry], None]


@dataclass(slots=True)
class Stream:
    """Hands every entry to those who watch."""

    watchers: Sequence[Watcher] = ()
    latencies: dict[str, list[float]] = field(default_factory=dict)
    """Seconds by kind: endpoint, text, meaning, speech."""
    outcome: str = "none"
    """How the last exercise ended."""

    def tell(self, event: str, at: float, **fields: Any) -> None:
        """One entry, now."""
        if event == "ended":
            self.outcome = fields["how"]
        latency = fields.get("latency")
        for kind, seconds in (latency if isinstance(latency, Mapping) else {"speech": latency}).items():
            if seconds is not None:
                self.latencies.setdefault(kind, []).append(seconds)
        entry = {"event": event, "at": round(at, 3), **fields}
        for watcher in self.watchers:
            watcher(entry)

    def tell_wait(self, wait: actions.Wait, at: float) -> None:
        """What is waited for from now on; asleep, nothing is told."""
        match wait:
            case actions.Ask(step=step, expecting=expecting, of=of):
                self.tell("asks", at, step=step, expecting=list(expecting), of=of)
            case actions.Turn(step=step, who=who, seconds=seconds):
                self.tell("turn", at, step=step, who=who, seconds=round(seconds, 1))
            case actions.Hush(step=step, seconds=seconds):
                self.tell("hush", at, step=step, seconds=round(seconds, 1))

    def summarise(self, at: float) -> None:
        """The last entry: how it ended, and how long things took."""
        percentiles = {
            kind: {"p50": round(percentile(seconds, 50), 4), "p95": round(percentile(seconds, 95), 4)}
            for kind, seconds in self.latencies.items()
        }
        self.tell("summary", at, outcome=self.outcome, latencies=percentiles)


def percentile(values: Iterable[float], percent: int) -> float:
    """A percentile of at least one value."""
    known = list(values)
    return statistics.quantiles(known, n=100, method="inclusive")[percent - 1] if len(known) > 1 else known[0]


def outcome_of(decision: Decision) -> str:
    """The design's word for a decision."""
    return {Accepted: "accept", Unsure: "confirm", Ignored: "ignore"}[type(decision)]


def heard_fields(heard: Heard, *, text: bool, endpoint: float | None) -> dict[str, Any]:
    """The fields of a `heard` entry.

    Args:
        heard: what was heard.
        text: whether the words may be told.
        endpoint: seconds of signal from the end of the speech to its endpoint; None if it was typed.
    """
    decision = heard.decision
    accepted = decision if isinstance(decision, Accepted) else None
    first = decision.candidates[0] if isinstance(decision, Unsure) else accepted
    return {
        **({"text": heard.text} if text else {}),
        "outcome": outcome_of(decision),
        "intent": first.intent if first else None,
        "slots": dict(first.slots) if first else {},
        "score": round(first.score, 3) if first else 0.0,
        "evidence": None if heard.evidence is None else round(heard.evidence, 3),
        "latency": {
            "endpoint": None if endpoint is None else round(endpoint, 3),
            "text": None if endpoint is None else round(heard.text_seconds, 4),
            "meaning": round(heard.meaning_seconds, 4),
        },
    }
