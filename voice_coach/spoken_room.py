"""The Room of sound: a microphone and a loudspeaker, voice activity, an ear and a voice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from time import perf_counter

from audio import (
    BLOCK,
    RATE,
    Device,
    Endpointer,
    Endpointing,
    Samples,
    Utterance,
    Voice,
    VoiceActivity,
    chime,
)

from . import actions
from .actions import Action, Note, Ring, Say
from .decide import Accepted
from .events import Elapsed, Event, Said
from .hearing import Heard, Hearing
from .household import Household
from .listening import Listening, StateName
from .session import listening
from .speech import line_text
from .state import Session
from .stream import Stream, heard_fields

ENDPOINTS: Mapping[StateName, Endpointing] = {
    "asleep": Endpointing(silence=1.0, longest=12.0),
    "paused": Endpointing(silence=1.0, longest=12.0),
    "awake": Endpointing(silence=1.0, longest=15.0),
    "question": Endpointing(silence=1.0, longest=8.0),
    # A control is short and stands between silences. Speech that goes on is what a turn is for, and not kept.
    "turn": Endpointing(silence=1.0, longest=3.0, keep_longer=False),
    "speaking": Endpointing(silence=0.5, longest=3.0, keep_longer=False),
}
DEAF = 1.0
"""Seconds at the beginning of a line in which nothing can interrupt it."""
SPEAKING = Listening("speaking")
LEAP = 2 * BLOCK / RATE
"""A clock that moves by more than this with one block has leapt."""
LOUDNESS_STEP = 1.585
"""4 dB."""


class SpokenRoom:
    """Speaks the lines, rings the chimes, and hears what is said back."""

    def __init__(
        self,
        household: Household,
        device: Device,
        hearing: Hearing,
        voice: Voice,
        voice_activity: VoiceActivity,
        stream: Stream,
        *,
        show_text: bool = False,
        voice_name: str | None = None,
    ) -> None:
        """`show_text` lets the stream tell the words of what was heard outside of turns. The voice is the
        language's own unless named.
        """
        self._household = household
        self._device = device
        self._hearing = hearing
        self._voice = voice
        self._activity = voice_activity
        self._stream = stream
        self._show_text = show_text
        self._voice_name = voice_name or hearing.lines.voice
        self._endpointer = Endpointer()
        self._over = False

    def perform(self, session: Session, todo: Sequence[Action]) -> Event | None:
        """Carries out actions one after the other, and waits as the last one says."""
        wait = actions.wait_of(todo)
        counting = listening(self._household, session)
        for action in todo:
            event = self._act(session, action, counting)
            if event is not None and not isinstance(wait, actions.Finish):
                return event
            if self._over:
                return None
        return self._wait(wait, counting)

    def _act(self, session: Session, action: Action, counting: Listening) -> Event | None:
        """Carries out one action; a stop or a pause, if one was said over it."""
        match action:
            case Say():
                return self._say(session, action, counting)
            case Ring(name=name):
                self._stream.tell("chime", self._device.now, name=name)
                self._play(chime(name))
            case Note(event=event, fields=fields):
                self._stream.tell(event, self._device.now, **fields)
        return None

    # Speaking

    def _say(self, session: Session, say: Say, counting: Listening) -> Event | None:
        began = perf_counter()
        text = line_text(self._hearing.lines, say)
        sound = self._voice.render(text, rate=session.manner.rate, voice=self._voice_name)
        sound = (sound * LOUDNESS_STEP**session.manner.loudness).clip(-1.0, 1.0)
        latency = round(perf_counter() - began, 4)
        seconds = round(sound.size / RATE, 2)
        while True:
            now = self._device.now
            self._stream.tell(
                "said", now, step=say.step, line=say.line, text=text, seconds=seconds, latency=latency
            )
            interruption = self._play(sound, counting)
            if interruption is None:
                return None
            intent = interruption.intent
            if intent in ("stop", "pause"):
                return Said(self._device.now, self._device.now, interruption, interrupting=True)
            # Only the line is passed over, or said once more; what it leads to still comes.
            self._stream.tell("control", self._device.now, intent=intent)
            if intent != "repeat":
                return None

    def _play(self, sound: Samples, then: Listening | None = None) -> Accepted | None:
        """Plays to the end. A line can be interrupted after its first second; then it is the control said.

        Meanwhile the hearing gets ready for what counts `then`.
        """
        began = self._device.now
        self._device.play(sound)
        if then:
            self._hearing.expect(then)
        self._endpointer.settings = ENDPOINTS["speaking"]
        while self._device.playing:
            utterance = self._next_utterance()
            if self._over:
                break
            if utterance and then and utterance.start >= began + DEAF:
                heard = self._hearing.hear(utterance.samples, SPEAKING)
                if isinstance(heard.decision, Accepted):
                    self._device.hush()
                    self._tell_heard(heard, utterance, "speaking")
                    return heard.decision
        return None

    # Listening

    def _wait(self, wait: actions.Wait, counting: Listening) -> Event | None:
        began = self._device.now
        self._hearing.expect(counting)
        self._refresh()
        self._stream.tell_wait(wait, began)
        self._endpointer.settings = ENDPOINTS[counting.state]
        chimes = list(wait.chimes) if isinstance(wait, actions.Turn | actions.Hush) else []
        while True:
            utterance = self._next_utterance()
            if self._over:
                return None
            now = self._device.now
            if utterance:
                heard = self._hearing.hear(utterance.samples, counting)
                if self._tell_heard(heard, utterance, counting.state):
                    self._device.hush()
                    return Said(now, began, heard.decision, woke=heard.woke)
            while chimes and now - began >= chimes[0][0]:
                _, name = chimes.pop(0)
                self._stream.tell("chime", now, name=name)
                self._device.play(chime(name))
            over = now - began - _length(wait)
            if over >= 0 and not (isinstance(wait, actions.Ask) and self._finishing(counting, over)):
                return Elapsed(now, began)

    def _finishing(self, counting: Listening, over: float) -> bool:
        """Whether somebody is still answering, `over` seconds after the time for it; a radio never ends."""
        return self._endpointer.speaking and over < ENDPOINTS[counting.state].longest

    def _refresh(self) -> None:
        """Lets voice activity begin anew: after long speech in noise it misses a short word."""
        if not self._endpointer.speaking:
            self._activity.reset()

    def _next_utterance(self) -> Utterance | None:
        before = self._device.now
        block = self._device.read()
        if block is None:
            self._over = True
            return None
        if self._device.now - before > LEAP:
            # Sound was lost in between: what comes now is not the end of what was being said.
            self._endpointer.reset()
            self._activity.reset()
        utterance = self._endpointer.feed(block, self._activity.probability(block))
        if utterance:
            self._refresh()
        # The endpointer knows only what it was fed; the device also knows what was lost.
        return utterance and utterance.later(self._device.now - self._endpointer.now)

    def _tell_heard(self, heard: Heard, utterance: Utterance, state: StateName) -> bool:
        """Tells of what was heard, as far as it may be told; whether the session has to hear of it."""
        accepted = isinstance(heard.decision, Accepted)
        if state in ("asleep", "paused", "turn", "speaking") and not (accepted or heard.woke):
            return False
        now = self._device.now
        if heard.woke:
            self._stream.tell("woke", now)
            if accepted and heard.decision.intent == "wake":  # type: ignore[union-attr]
                return True
        self._stream.tell(
            "heard", now, **heard_fields(heard, text=self._show_text, endpoint=now - utterance.end)
        )
        return True


def _length(wait: actions.Wait) -> float:
    match wait:
        case actions.Turn(seconds=seconds, grace=grace):
            return seconds + grace
        case actions.Ask(seconds=seconds) | actions.Hush(seconds=seconds):
            return seconds
        case actions.Finish(seconds=seconds):
            return float("inf") if seconds is None else seconds
