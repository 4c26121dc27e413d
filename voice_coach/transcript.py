"""The stream for people to read: what was heard, what was understood, what was said, how long each took."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the transcript."""

    what: str
    text: str = ""
    style: str = "dim"
    seconds: float | None = None
    """How long it took."""


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
        show: Callable[[Entry], Line | None] | None = getattr(self, f"_{entry['event']}", None)
        line = show(entry) if show else None
        if line:
            self._print(entry["at"], line)
        if entry.get("step") in self._steps:
            done = (self._steps.index(entry["step"]) + 1) / len(self._steps)
            self._progress.update(self._bar, completed=done)

    def _print(self, at: float, line: Line) -> None:
        minutes, seconds = divmod(at, 60)
        grid = Table.grid(padding=(0, 2))
        grid.add_column(width=7)
        grid.add_column(width=8)
        grid.add_column(ratio=1)
        grid.add_column(width=7, justify="right")
        took = "" if line.seconds is None else f"{1000 * line.seconds:.0f} ms"
        what = f"[{line.style}]{line.what}[/]"
        grid.add_row(f"[dim]{minutes:02.0f}:{seconds:04.1f}[/]", what, line.text, f"[dim]{took}[/]")
        grid.expand = True
        self._console.print(grid)

    def _woke(self, _: Entry) -> Line:
        self._progress.update(self._bar, description="listening")
        return Line("woke", style="green")

    def _heard(self, entry: Entry) -> Line:
        text = f'"{escape(entry["text"])}"' if entry.get("text") else "(words are not kept)"
        meaning = {"accept": "understood:", "confirm": "perhaps:", "ignore": "not understood"}[
            entry["outcome"]
        ]
        slots = "".join(f", {escape(str(value))}" for value in entry["slots"].values())
        intent = f" [bold]{entry['intent']}[/]{slots}" if entry["intent"] else ""
        latency = entry["latency"]
        return Line(
            "heard", f"{text}  {meaning}{intent}", "cyan", (latency["text"] or 0.0) + latency["meaning"]
        )

    def _started(self, entry: Entry) -> Line:
        exercise = self._library.exercises[entry["exercise"]]
        self._steps = [step.id for step in exercise.steps]
        self._progress.update(self._bar, description=self._library.lines.title(exercise.id), completed=0.0)
        return Line("started", exercise.id, "green")

    def _said(self, entry: Entry) -> Line:
        return Line("coach", escape(entry["text"]), "magenta", entry.get("latency"))

    def _turn(self, entry: Entry) -> Line:
        return Line("turn", f"[dim]{escape(self._names[entry['who']])}, {entry['seconds']:g} s[/]")

    def _hush(self, entry: Entry) -> Line:
        return Line("hush", f"[dim]{entry['seconds']:g} s[/]")

    def _chime(self, entry: Entry) -> Line:
        return Line("chime", f"[dim]{entry['name']}[/]")

    def _paused(self, entry: Entry) -> Line:
        return Line("paused", entry["exercise"], "yellow")

    def _resumed(self, entry: Entry) -> Line:
        return Line("resumed", f"{entry['exercise']} at {entry['step']}", "green")

    def _ended(self, entry: Entry) -> Line:
        self._progress.update(self._bar, completed=1.0)
        return Line("ended", f"{entry['exercise']}: {entry['how']}", "green")

    def _slept(self, _: Entry) -> Line:
        self._progress.update(self._bar, description="asleep")
        return Line("asleep")

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


@contextmanager
def progress_bar() -> Iterator[Callable[[str, float], None]]:
    """A bar for something that takes a while; is told what is being done, and the fraction that is."""
    with Progress(transient=True) as progress:
        bar = progress.add_task("", total=1.0)
        yield lambda doing, fraction: progress.update(bar, description=doing, completed=fraction)


def typed_line(prompt: str) -> str | None:
    """A line from the keyboard, or None at the end of the input."""
    if sys.stdin.isatty():
        try:
            return input(prompt)
        except EOFError:
            return None
    line = sys.stdin.readline()
    return line.rstrip("\n") if line else None
