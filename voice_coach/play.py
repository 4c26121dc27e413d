"""Plays: a conversation written down, and acted out against the real dialogue, word for word.

A play reads as the conversation. Its lines:

    names: Anna, Ben            the couple; these two unless it says otherwise
    you: hey coach, nice list   somebody says something; `(silence)` lets the time of the wait pass,
                                `(mumbling)` is no answer
    wait: 10                    seconds that pass before the next `you`
    coach: Anna, ready?         what the coach says then
    bell: turn-over             a chime
    turn: Anna, 20 seconds      somebody has the floor
    hush: 120 seconds           both are silent
    end: finished               the exercise is over
    # ...                       a remark
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from intents import PackError, Problem, nearest

from . import actions
from .actions import Action, Note, Ring, Say
from .decide import Ignored
from .events import Elapsed, Event, Said
from .hearing import Hearing
from .household import Household
from .library import Library
from .room import converse
from .session import listening
from .speech import line_text
from .state import Session

SPEAKERS = ("names", "you", "wait", "coach", "bell", "turn", "hush", "end")
SILENCE, MUMBLING = "(silence)", "(mumbling)"
REPLY = 2.0
"""Seconds that an answer takes."""


@dataclass(frozen=True, slots=True)
class Cue:
    """One line of a play."""

    line: int
    """Counted from 1."""
    who: str
    text: str

    def __str__(self) -> str:
        return f"{self.who}: {self.text}"


@dataclass(frozen=True, slots=True)
class Play:
    """A play as it is written."""

    path: Path
    names: tuple[str, str]
    cues: tuple[Cue, ...]


@dataclass(slots=True)
class Performance:
    """What became of a play."""

    play: Play
    problem: Problem | None = None
    """Where it and the coach part; None if they never do."""
    steps: set[tuple[str, str]] = field(default_factory=set)
    """The exercises and steps that were reached."""

    def shown(self) -> str:
        """The play, with a mark at the line where it fails."""
        lines = self.play.path.read_text(encoding="utf-8").splitlines()
        mark = self.problem.line if self.problem else 0
        return "\n".join(
            f"{'>' if number == mark else ' '} {line}" for number, line in enumerate(lines, start=1)
        )


def load_play(path: Path) -> Play:
    """The play in a file.

    Raises:
        PackError: its lines that are none of a play.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise PackError([Problem(path, 0, f"cannot be read: {error}")]) from error
    cues: list[Cue] = []
    for number, line in enumerate(lines, start=1):
        if line.strip() and not line.startswith("#"):
            who, _, text = line.partition(":")
            cues.append(Cue(number, who, " ".join(text.split())))
    problems = [Problem(path, cue.line, problem) for cue in cues if (problem := _problem(cue))]
    said = tuple(cue for cue in cues if cue.who != "names")
    if not said:
        problems.append(Problem(path, 0, "the play is empty"))
    for cue, following in zip(said, [*said[1:], None], strict=True):
        if cue.who == "wait" and (following is None or following.who not in ("wait", "you")):
            problems.append(Problem(path, cue.line, "after 'wait' somebody says something: 'you: ...'"))
    if problems:
        raise PackError(problems)
    named = [cue.text for cue in cues if cue.who == "names"]
    first, _, second = (named or ["Anna, Ben"])[-1].partition(",")
    return Play(path, (first.strip(), second.strip()), said)


def _problem(cue: Cue) -> str | None:
    """What is wrong with one line by itself."""
    if cue.who not in SPEAKERS:
        return f"a line begins with {', '.join(SPEAKERS)}{nearest(cue.who, SPEAKERS)}"
    if cue.who == "wait" and not cue.text.replace(".", "", 1).isdigit():
        return f"'wait' takes a number of seconds, not '{cue.text}'"
    if cue.who == "names" and not all(part.strip() for part in cue.text.partition(",")):
        return "'names' takes two names, such as 'names: Anna, Ben'"
    return None


def perform(play: Play, library: Library, hearing: Hearing) -> Performance:
    """Acts a play out."""
    household = Household(play.names, library.exercises)
    room = PlayRoom(play, household, hearing)
    converse(household, room, Session(), (actions.Finish(),))
    return room.performance


class PlayRoom:
    """The Room of a play: everything that the coach does must be the next thing written."""

    def __init__(self, play: Play, household: Household, hearing: Hearing) -> None:
        self.performance = Performance(play)
        self._household = household
        self._hearing = hearing
        self._cues = list(play.cues)
        self._now = 0.0

    def perform(self, session: Session, todo: Sequence[Action]) -> Event | None:
        """Compares what is done with what is written, then takes the next line of the couple."""
        for action in todo:
            self._reach(action)
            done = self._written(action)
            if done is not None and not self._matches(done):
                return None
        wait = actions.wait_of(todo)
        return self._event(session, wait)

    def _matches(self, done: str) -> bool:
        cue = self._cues.pop(0) if self._cues else None
        if cue is not None and str(cue) == done:
            return True
        line = cue.line if cue else self.performance.play.cues[-1].line
        written = f"'{cue}'" if cue else "nothing more"
        self._fail(line, f"written is {written}, but what happens is '{done}'")
        return False

    def _event(self, session: Session, wait: actions.Wait) -> Event | None:
        if not self._cues:
            return None
        cue = self._cues.pop(0)
        began = self._now
        while cue.who == "wait":
            self._now += float(cue.text)
            cue = self._cues.pop(0)
        if cue.who != "you":
            self._fail(cue.line, f"written is '{cue}', but the coach waits")
            return None
        if cue.text == SILENCE:
            seconds = getattr(wait, "seconds", None)
            if seconds is None:
                self._fail(cue.line, "asleep the coach waits for ever; nothing follows from silence")
                return None
            self._now = began + seconds
            return Elapsed(self._now, began)
        self._now += REPLY
        if cue.text == MUMBLING:
            return Said(self._now, began, Ignored("unlikely"))
        heard = self._hearing.read(cue.text, listening(self._household, session))
        return Said(self._now, began, heard.decision, woke=heard.woke)

    def _reach(self, action: Action) -> None:
        match action:
            case Say(exercise=str(exercise), step=step):
                self._exercise = exercise
                self.performance.steps.add((exercise, step))
            case actions.Ask(step=step) | actions.Turn(step=step) | actions.Hush(step=step):
                self.performance.steps.add((getattr(self, "_exercise", ""), step))

    def _written(self, action: Action) -> str | None:
        """An action as the line that it is in a play; None for what nobody hears."""
        match action:
            case Say():
                return f"coach: {line_text(self._hearing.lines, action)}"
            case Ring(name=name):
                return f"bell: {name}"
            case Note(event="ended", fields=fields):
                return f"end: {fields['how']}"
            case actions.Turn(who=who, seconds=seconds):
                name = "both" if who == "both" else self._household.name(who)
                return f"turn: {name}, {seconds:g} seconds"
            case actions.Hush(seconds=seconds):
                return f"hush: {seconds:g} seconds"
        return None

    def _fail(self, line: int, message: str) -> None:
        self.performance.problem = Problem(self.performance.play.path, line, message)


def write_down(cues: Sequence[str], library: Library, hearing: Hearing, names: tuple[str, str]) -> list[str]:
    """The play that follows from what a couple says, for an author to read aloud and keep."""
    scribe = _Scribe(cues, Household(names, library.exercises), hearing)
    converse(scribe.household, scribe, Session(), (actions.Finish(),))
    return scribe.lines


class _Scribe(PlayRoom):
    def __init__(self, cues: Sequence[str], household: Household, hearing: Hearing) -> None:
        said = tuple(Cue(0, *_parted(cue)) for cue in cues)
        super().__init__(Play(Path(), household.names, said), household, hearing)
        self.household = household
        self.lines: list[str] = []

    def _matches(self, done: str) -> bool:
        self.lines.append(done)
        return True

    def _event(self, session: Session, wait: actions.Wait) -> Event | None:
        before = list(self._cues)
        event = super()._event(session, wait)
        self.lines += [str(cue) for cue in before[: len(before) - len(self._cues)]]
        return event


def _parted(cue: str) -> tuple[str, str]:
    return ("wait", cue.removeprefix("wait:").strip()) if cue.startswith("wait:") else ("you", cue)
