"""What a control does inside an exercise. Each leads on from any step; none is ever an error."""

from __future__ import annotations

from dataclasses import dataclass, replace

from . import dialogue, exercise
from .actions import Say
from .dialogue import Position, Walked
from .household import CALM, FASTEST, SLOWEST, Household

MOST_EXTENSIONS = 2
"""After so many "more time" in one turn the other has the floor."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How the coach speaks."""

    rate: int = CALM
    """Words a minute."""
    loudness: int = 0
    """Steps of 4 dB above or below the usual."""

    def changed(self, intent: str) -> Manner:
        """The manner after one of slower, faster, louder, quieter."""
        match intent:
            case "slower":
                return replace(self, rate=max(SLOWEST, self.rate - 15))
            case "faster":
                return replace(self, rate=min(FASTEST, self.rate + 15))
            case "louder":
                return replace(self, loudness=min(3, self.loudness + 1))
            case "quieter":
                return replace(self, loudness=max(-3, self.loudness - 1))
        return self


def obey(household: Household, position: Position, intent: str) -> Walked:
    """Carries out a control at a step that waits."""
    match intent:
        case "stop":
            return dialogue.close_with(position, "stopped", "stopped")
        case "sleep":
            return dialogue.close_with(position, "good-night", "stopped")
        case "next":
            return _skip(household, position)
        case "done" if _timed(household, position):
            return dialogue.on(household, position)
        case "back":
            return dialogue.back(household, position)
        case "more-time":
            return _extend(household, position)
        case "how-long-left":
            return _answer(household, position, _left(household, position))
        case "whose-turn":
            return _answer(household, position, _whose(household, position))
        case "swap":
            return _swap(household, position)
        case "shorter":
            return _shorten(household, position)
        case "what-can-i-say":
            kind = "turn" if _timed(household, position) else "question"
            return _answer(household, position, _common(f"can-say-{kind}"))
    # What is left only has the line said once more: repeat and resume, a change of voice, and a word that
    # answers nothing here.
    return dialogue.again(household, position)


def _skip(household: Household, position: Position) -> Walked:
    match dialogue.current(household, position):
        case exercise.Ask(consent=True):
            # Passing over the question is not a yes.
            return dialogue.close_with(position, "declined", "declined")
        case exercise.Ask(goto=goto):
            return dialogue.on(household, position, next(iter(goto.values())))
        case exercise.Choose() as step:
            return dialogue.choose(household, position, step, None)
    return dialogue.on(household, position)


def _extend(household: Household, position: Position) -> Walked:
    step = dialogue.current(household, position)
    if not isinstance(step, exercise.Timed):
        return _answer(household, replace(position, left=20.0), _common("no-rush"))
    if position.extended >= MOST_EXTENSIONS:
        following, todo = dialogue.on(household, position)
        return following, (_common("enough-time"), *todo)
    half = dialogue.duration(step, position) / 2
    more = min(max(household.times.more, half), household.times.most_more)
    position = replace(position, left=position.left + more, extended=position.extended + 1)
    return _answer(household, position, _common("more-time"))


def _swap(household: Household, position: Position) -> Walked:
    step = dialogue.current(household, position)
    if isinstance(step, exercise.Timed) and step.of != "starter":
        # The one who began has had the floor: to swap now would take the other's turn away.
        return _answer(household, position, _whose(household, position))
    swapped = replace(position, starter=dialogue.other(position.starter))
    return (
        dialogue.walk(household, swapped)
        if _timed(household, swapped)
        else dialogue.again(household, swapped)
    )


def _shorten(household: Household, position: Position) -> Walked:
    short = replace(position, variant="shortest")
    step = dialogue.current(household, position)
    if "shortest" not in step.only:
        following, todo = dialogue.walk(household, short)
        return following, (_common("shorter"), *todo)
    if isinstance(step, exercise.Timed):
        short = replace(short, left=min(position.left, dialogue.duration(step, short) or position.left))
    return _answer(household, short, _common("shorter"))


def _answer(household: Household, position: Position, said: Say) -> Walked:
    """Says a line in between, and goes on waiting; a question is put once more."""
    if _timed(household, position):
        return position, (said, dialogue.wait(household, position))
    again, todo = dialogue.again(household, position)
    return again, (said, *todo)


def _left(household: Household, position: Position) -> Say:
    """What is left of a turn or a silence; at a question, of the whole exercise."""
    seconds = position.left if _timed(household, position) else _ahead(household, position)
    if seconds < 50:
        return _common("left-seconds", count=str(max(5, round(seconds / 5) * 5)))
    minutes = round(seconds / 60)
    return _common("left-minute") if minutes <= 1 else _common("left-minutes", count=str(minutes))


def _ahead(household: Household, position: Position) -> float:
    """Seconds of turns and silences to come, if every question is answered in the usual way."""
    seconds = 0.0
    ahead: Position | None = position
    while ahead is not None:
        step = dialogue.current(household, ahead)
        seconds += ahead.left if isinstance(step, exercise.Timed) else 0.0
        match step:
            case exercise.Ask(goto=goto):
                ahead, _ = dialogue.on(household, ahead, goto.get("yes", next(iter(goto.values()))))
            case exercise.Choose():
                ahead, _ = dialogue.choose(household, ahead, step, None)
            case _:
                ahead, _ = dialogue.on(household, ahead)
    return seconds


def _whose(household: Household, position: Position) -> Say:
    step = dialogue.current(household, position)
    person = dialogue.floor(step.of, position) if isinstance(step, exercise.Waiting) else "both"
    if person == "both":
        return _common("both-turn")
    return _common("your-turn", who=household.name(person))


def _timed(household: Household, position: Position) -> bool:
    return isinstance(dialogue.current(household, position), exercise.Timed)


def _common(line: str, **slots: str) -> Say:
    return Say("between", None, line, slots)
