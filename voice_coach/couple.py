"""A recorded couple at a simulated microphone.

Nothing is scripted. The couple hears what everybody at the table could hear (the entries of the stream), and
answers from its recordings the way people do: after a moment, in turns with pauses, sometimes once more.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeVar

import numpy as np

from audio import RATE, Samples, SimulatedDevice, loudest_frame_power, read_sound

from .couple_file import Recordings
from .decide import Accepted, Decision
from .exercise import Person
from .stream import Entry

T = TypeVar("T")

PATIENCE = 3.0
"""Seconds after which somebody says once more what was not heard."""
ATTEMPTS = 4
"""Times that the same thing is said before the couple gives up."""
BEFORE_CONTROL = (1.3, 2.0)
"""A control stands between silences: seconds of quiet before it in a turn."""
LONG_HUSH = 600.0
"""In a silence longer than this, such as a meal without phones, the two talk to each other."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the couple is out for."""

    exercise: str
    decline: Person | None = None
    """Who says no when asked for a consent."""
    interrupts: tuple[tuple[str, str], ...] = ()
    """Controls to say, each at a step."""


@dataclass(slots=True)
class _Plan:
    at: float
    sound: Samples | None
    """None: only the time is kept."""
    then: Callable[[], None] | None = None
    """Follows when the sound has ended."""


class Couple(SimulatedDevice):
    """The microphone in front of two people, of whom everything is recorded."""

    def __init__(
        self,
        recordings: Recordings,
        wishes: Wishes,
        understand: Callable[[str], Decision],
        offered: Callable[[], Sequence[str]],
        *,
        seed: int = 0,
        mix: bool = False,
    ) -> None:
        """Seats them.

        Args:
            recordings: all that they can say.
            wishes: what they want.
            understand: what words would mean to the coach just now.
            offered: the exercises or options that it has just named.
            seed: draws what is left to chance.
            mix: keep both sides for `mixed`.
        """
        super().__init__(*_noise(recordings), mix=mix)
        self._recordings = recordings
        self._wishes = wishes
        self._understand = understand
        self._offered = offered
        self._random = random.Random(seed)  # noqa: S311 (chance, not secrecy)
        self._plans: list[_Plan] = []
        self._interrupts = list(wishes.interrupts)
        self._attempts = 0
        self._over_at: float | None = None
        self._heard_step: str | None = None
        self._begin()

    # The device

    def read(self) -> Samples | None:
        """The next block, until the couple has risen from the table."""
        now = self.now
        if self._over_at is not None and now >= self._over_at:
            return None
        for plan in [plan for plan in self._plans if plan.at <= now]:
            self._plans.remove(plan)
            if plan.sound is not None:
                self.lay(plan.sound, now)
            if plan.then:
                plan.then()
        return super().read()

    @property
    def unsaid(self) -> list[tuple[str, str]]:
        """The controls, with their steps, that never came to be obeyed."""
        return list(self._interrupts)

    # What they hear

    def watch(self, entry: Entry) -> None:
        """Hears one entry of the stream."""
        match entry["event"]:
            case "said":
                self._heard_step = entry["step"] if self._interrupt_at(entry["step"]) else self._heard_step
            case "woke":
                self._drop_plans()
            case "asks":
                self._drop_plans()
                if not self._interrupted(entry["step"], after=self._moment()):
                    self._answer(entry)
            case "turn":
                self._drop_plans()
                until = self._random.uniform(0.2, 0.5) * entry["seconds"]
                if not self._interrupted(entry["step"], after=until, talking=True):
                    self._talk(entry["seconds"])
            case "hush":
                self._drop_plans()
                after = min(0.4 * entry["seconds"], self._random.uniform(5, 20))
                if not self._interrupted(entry["step"], after=after) and entry["seconds"] > LONG_HUSH:
                    self._chat_until(self.now + entry["seconds"] - 20)
            case "control":
                self._obeyed(entry["intent"])
            case "paused":
                self._drop_plans()
                self._attempts = 0
                self._say_until_heard("resume", self._random.uniform(3, 6))
            case "ended":
                self._drop_plans()
                self._leave()
            case "slept" if self._over_at is None:
                self._drop_plans()
                self._wake_again()

    # Before the exercise

    def _begin(self) -> None:
        at = self._chat(self._random.uniform(0.5, 1.5), count=3)
        self._plan(at + self._random.uniform(1.0, 2.0), None, self._wake)

    def _wake(self) -> None:
        wake = self._sound(self._pick(self._recordings.wake))
        request = self._request() if self._random.random() < 0.5 else None
        if request is not None:
            # In one breath.
            gap = np.zeros(round(self._random.uniform(0.2, 0.6) * RATE), dtype=np.float32)
            wake = np.concatenate([wake, gap, request])
        self._plan(self.now, wake)
        self._plan(self.now + wake.size / RATE + PATIENCE, None, self._wake_again)

    def _wake_again(self) -> None:
        self._attempts += 1
        if self._attempts >= ATTEMPTS:
            self._leave()
        else:
            self._plan(self.now + self._random.uniform(0.5, 1.5), None, self._wake)

    def _request(self) -> Samples:
        return self._sound(self._pick(self._recordings.requests[self._wishes.exercise]))

    # Answers

    def _answer(self, entry: Entry) -> None:
        if entry["step"] == "awake":
            self._plan(self.now + self._moment(), self._request())
            return
        wanted = self._wanted(entry)
        choices: dict[str, list[str]] = {}
        for words in self._recordings.answers:
            meaning = self._meaning(words)
            if meaning is not None and meaning in wanted:
                choices.setdefault(meaning, []).append(words)
        if not choices:
            return
        words = self._pick(choices[self._pick(sorted(choices))])
        of = entry["of"] if entry["of"] != "both" else self._pick(("first", "second"))
        files = self._recordings.answers[words][0 if of == "first" else 1]
        self._plan(self.now + self._moment(), self._sound(self._pick(files)))

    def _wanted(self, entry: Entry) -> Sequence[str]:
        expecting: list[str] = entry["expecting"]
        if entry["step"] == "offer":
            offered = self._offered()
            if self._wishes.exercise not in offered:
                return ("no",)
            return ("yes",) if len(offered) == 1 else (self._wishes.exercise,)
        if expecting == ["yes", "no"]:
            return ("no",) if entry["of"] == self._wishes.decline else ("yes",)
        if "yes" in expecting:
            return ("yes",)
        return expecting

    def _meaning(self, words: str) -> str | None:
        decision = self._understand(words)
        if not isinstance(decision, Accepted):
            return None
        return str(decision.slots.get("option")) if decision.intent == "option" else decision.intent

    # Turns

    def _talk(self, seconds: float) -> None:
        done = self._random.random() < 0.5 and "done" in self._recordings.controls and seconds > 8
        limit = self.now + (self._random.uniform(0.4, 0.8) * seconds if done else seconds - 1)
        at = self._talk_until(limit)
        if done:
            self._attempts = 0
            self._plan(
                at + self._random.uniform(*BEFORE_CONTROL), None, lambda: self._say_until_heard("done", 0)
            )

    def _talk_until(self, limit: float) -> float:
        at = self.now + self._random.uniform(0.4, 1.2)
        for file in self._random.sample(self._recordings.talk, len(self._recordings.talk)):
            sound = self._sound(file)
            if at + sound.size / RATE > limit:
                break
            self._plan(at, sound)
            at += sound.size / RATE + self._random.uniform(0.3, 1.8)
        return at

    def _chat(self, at: float, count: int) -> float:
        for file in self._random.sample(self._recordings.table, min(count, len(self._recordings.table))):
            sound = self._sound(file)
            self._plan(at, sound)
            at += sound.size / RATE + self._random.uniform(0.4, 2.0)
        return at

    def _chat_until(self, limit: float) -> None:
        at = self._chat(self.now + self._random.uniform(5, 40), count=2)
        if at < limit:
            self._plan(at, None, lambda: self._chat_until(limit))

    # Controls

    def _interrupt_at(self, step: str | None) -> str | None:
        return next((intent for intent, place in self._interrupts if place == step), None)

    def _interrupted(self, step: str, *, after: float, talking: bool = False) -> bool:
        """Whether this is a place at which the couple wants to say a control."""
        intent = self._interrupt_at(step) or self._interrupt_at(self._heard_step)
        if intent is None:
            return False
        if talking:
            after = self._talk_until(self.now + after) - self.now + self._random.uniform(*BEFORE_CONTROL)
        self._attempts = 0
        self._plan(self.now + after, None, lambda: self._say_until_heard(intent, 0))
        return True

    def _say_until_heard(self, intent: str, after: float) -> None:
        files = self._recordings.controls.get(intent, ())
        if not files or self._attempts >= ATTEMPTS:
            return
        self._attempts += 1
        sound = self._sound(self._pick(files))
        self._plan(self.now + after, sound)
        patience = after + sound.size / RATE + PATIENCE
        self._plan(self.now + patience, None, lambda: self._say_until_heard(intent, 0))

    def _obeyed(self, intent: str) -> None:
        self._drop_plans()
        reached = [entry for entry in self._interrupts if entry[0] == intent]
        if reached:
            self._interrupts.remove(reached[0])
        self._heard_step = None

    # The end

    def _leave(self) -> None:
        at = self._chat(self.now + 1.0, count=2)
        self._over_at = at + 1.5

    def _plan(self, at: float, sound: Samples | None, then: Callable[[], None] | None = None) -> None:
        self._plans.append(_Plan(at, sound, then))

    def _drop_plans(self) -> None:
        self._plans.clear()

    def _moment(self) -> float:
        return self._random.uniform(0.3, 1.5)

    def _pick(self, choices: Sequence[T]) -> T:
        return self._random.choice(choices)

    def _sound(self, file: Path) -> Samples:
        return _read(file)


@cache
def _read(file: Path) -> Samples:
    return read_sound(file)


def _noise(recordings: Recordings) -> tuple[Samples | None, float]:
    """The noise at the table, and the gain that puts it at its distance below the speech."""
    if recordings.noise is None or recordings.snr_db is None:
        return None, 1.0
    noise = _read(recordings.noise)
    spoken = [
        *recordings.wake,
        *recordings.talk,
        *(file for files in recordings.controls.values() for file in files),
    ]
    power = float(np.median([loudest_frame_power(_read(file)) for file in spoken]))
    below = power / 10 ** (recordings.snr_db / 10)
    return noise, float(np.sqrt(below / max(loudest_frame_power(noise), 1e-12)))
