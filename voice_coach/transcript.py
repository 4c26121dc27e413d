"""The stream for people to read: what was heard, what was understood, what was said, how long each took."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn
from rich.table import Table

from .library import Library
from .stream import Entry, Watcher

KINDS = {
    "endpoint": "end of speech to endpoint (signal)",
    "text": "sound to words",
    "meaning": "words to meaning",
    "speech": "decision to the first sound of a line",
}


class Transcript:
    """Prints entries as they come, over a bar that shows how far the exercise is."""

    def __init__(self, library: Library, names: tuple[str, str], *, progress: bool = True) -> None:
        self._library = library
        self._names = {"first": names[0], "second": names[1], "both": " and ".join(names)}
        self._console = Console(highlight=False)
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=30),
            TextColumn("{task.percentage:>3.0f} %"),
            console=self._console,
            transient=True,
            disable=not (progress and self._console.is_terminal),
        )
        self._bar = self._progress.add_task("asleep", total=1.0)
        self._steps: list[str] = []

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._progress.stop()

    def watch(self, entry: Entry) -> None:
        """Prints one entry."""
        show: Callable[[Entry], str | None] | None = getattr(self, f"_{entry['event']}", None)
        shown = show(entry) if show else None
        if shown:
            minutes, seconds = divmod(entry["at"], 60)
            self._console.print(f"[dim]{minutes:02.0f}:{seconds:04.1f}[/]  {shown}")
        if "step" in entry and entry["step"] in self._steps:
            done = (self._steps.index(entry["step"]) + 1) / len(self._steps)
            self._progress.update(self._bar, completed=done)

    def _woke(self, _: Entry) -> str:
        self._progress.update(self._bar, description="listening")
        return "[green]woke[/]"

    def _heard(self, entry: Entry) -> str:
        text = f'"{escape(entry["text"])}"' if entry.get("text") else "(words are not kept)"
        latency = entry["latency"]
        took = f"{1000 * (latency['text'] + latency['meaning']):.0f} ms"
        meaning = {"accept": "understood", "confirm": "perhaps", "ignore": "not understood"}[entry["outcome"]]
        slots = "".join(f", {name} {value}" for name, value in entry["slots"].items())
        intent = f" [bold]{entry['intent']}[/]{slots}" if entry["intent"] else ""
        return f"[cyan]heard[/]  {text}  {meaning}{intent}  [dim]{took}[/]"

    def _started(self, entry: Entry) -> str:
        exercise = self._library.exercises[entry["exercise"]]
        self._steps = [step.id for step in exercise.steps]
        self._progress.update(self._bar, description=self._library.lines.title(exercise.id), completed=0.0)
        return f"[green]started[/] {exercise.id}"

    def _said(self, entry: Entry) -> str:
        took = f"  [dim]{1000 * entry['latency']:.0f} ms[/]" if "latency" in entry else ""
        return f"[magenta]coach[/]  {escape(entry['text'])}{took}"

    def _turn(self, entry: Entry) -> str:
        return f"[dim]turn   {self._names[entry['who']]}, {entry['seconds']:g} s[/]"

    def _hush(self, entry: Entry) -> str:
        return f"[dim]hush   {entry['seconds']:g} s[/]"

    def _chime(self, entry: Entry) -> str:
        return f"[dim]chime  {entry['name']}[/]"

    def _paused(self, entry: Entry) -> str:
        return f"[yellow]paused[/] {entry['exercise']}"

    def _resumed(self, entry: Entry) -> str:
        return f"[green]carried on[/] {entry['exercise']} at {entry['step']}"

    def _ended(self, entry: Entry) -> str:
        self._progress.update(self._bar, completed=1.0)
        return f"[green]ended[/]  {entry['exercise']}: {entry['how']}"

    def _slept(self, _: Entry) -> str:
        self._progress.update(self._bar, description="asleep")
        return "[dim]asleep[/]"

    def _summary(self, entry: Entry) -> str | None:
        self._progress.stop()
        latencies: Mapping[str, Mapping[str, float]] = entry["latencies"]
        table = Table(title=f"Outcome: {entry['outcome']}", title_justify="left")
        table.add_column("seconds")
        table.add_column("median", justify="right")
        table.add_column("95th percentile", justify="right")
        for kind, label in KINDS.items():
            if kind in latencies:
                table.add_row(label, f"{latencies[kind]['p50']:.3f}", f"{latencies[kind]['p95']:.3f}")
        self._console.print()
        self._console.print(table)
        return None


@contextmanager
def watching(
    library: Library, names: tuple[str, str], *, progress: bool = True
) -> Iterator[Sequence[Watcher]]:
    """Shows a conversation on the terminal as it happens."""
    with Transcript(library, names, progress=progress) as transcript:
        yield [transcript.watch]


def typed_line(prompt: str) -> str | None:
    """A line from the keyboard, or None at the end of the input."""
    if sys.stdin.isatty():
        try:
            return input(prompt)
        except EOFError:
            return None
    line = sys.stdin.readline()
    return line.rstrip("\n") if line else None
