"""The Room of the keyboard: the same conversation, typed."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from . import actions
from .actions import Action, Note, Ring, Say
from .decide import Ignored
from .events import Elapsed, Event, Said
from .hearing import Hearing
from .household import Household
from .listening import Listening
from .session import listening
from .speech import line_text
from .state import Session
from .stream import Stream, heard_fields

REPLY = 2.0
"""Seconds that a typed line counts for. There is no clock: an empty line lets the time of the wait pass."""


class TypedRoom:
    """Writes what the coach says, and reads what it is answered."""

    def __init__(
        self,
        household: Household,
        hearing: Hearing,
        stream: Stream,
        ask: Callable[[str], str | None],
    ) -> None:
        """`ask` shows a prompt and gives the line typed, or None at the end of the input."""
        self._household = household
        self._hearing = hearing
        self._stream = stream
        self._ask = ask
        self.now = 0.0

    def perform(self, session: Session, todo: Sequence[Action]) -> Event | None:
        """Carries out actions, and waits for a line."""
        for action in todo:
            self._tell(action)
        wait = actions.wait_of(todo)
        counting = listening(self._household, session)
        began = self.now
        while True:
            typed = self._ask(_prompt(wait, counting))
            if typed is None:
                return None
            if not typed.strip():
                seconds = getattr(wait, "seconds", None)
                if seconds is None:
                    continue
                self.now += seconds
                return Elapsed(self.now, began)
            self.now += REPLY
            event = self._read(typed, counting, began)
            if event:
                return event

    def _read(self, typed: str, counting: Listening, began: float) -> Event | None:
        heard = self._hearing.read(typed, counting)
        if heard.woke:
            self._stream.tell("woke", self.now)
        addressed = heard.woke or counting.state in ("awake", "question")
        if isinstance(heard.decision, Ignored) and not addressed:
            # What is said in a turn, or asleep to nobody in particular, is told to nobody.
            return None
        self._stream.tell("heard", self.now, **heard_fields(heard, text=True, endpoint=None))
        return Said(self.now, began, heard.decision, woke=heard.woke)

    def _tell(self, action: Action) -> None:
        match action:
            case Say():
                text = line_text(self._hearing.lines, action)
                self._stream.tell("said", self.now, step=action.step, line=action.line, text=text)
            case Ring(name=name):
                self._stream.tell("chime", self.now, name=name)
            case Note(event=event, fields=fields):
                self._stream.tell(event, self.now, **fields)
            case actions.Ask() | actions.Turn() | actions.Hush():
                self._stream.tell_wait(action, self.now)


def _prompt(wait: actions.Wait, counting: Listening) -> str:
    match wait:
        case actions.Turn(seconds=seconds):
            return f"({seconds:.0f} s of a turn; Enter ends it) > "
        case actions.Hush(seconds=seconds):
            return f"({seconds:.0f} s of silence; Enter ends it) > "
        case actions.Finish():
            return "(paused; carry on) > " if counting.state == "paused" else "(asleep; hey coach) > "
        case _:
            return "> "
