"""The command line: arguments only. Each command calls one function elsewhere, and imports it only then,
because start-up time is a feature.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from .errors import CoachError, UnknownNameError

if TYPE_CHECKING:
    from .exercise import Person
    from .hearing import Hearing
    from .library import Library, Packs
    from .stream import Entry

F = TypeVar("F", bound=Callable[..., Any])
STATES = ("awake", "asleep", "paused", "question", "turn", "speaking")
FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


def common(command: F) -> F:
    """The options that every command has."""

    @click.option("--language", default="en", show_default=True, help="The language to coach in.")
    @click.option(
        "--packs", multiple=True, type=FOLDER, help="A folder of exercises, lines or sentences to add."
    )
    @click.option(
        "--only-packs", multiple=True, type=FOLDER, help="The same, instead of those that come with it."
    )
    @click.option("--json", "as_json", is_flag=True, help="Write JSON, one object a line.")
    @wraps(command)
    def with_packs(packs: tuple[Path, ...], only_packs: tuple[Path, ...], **rest: Any) -> Any:
        from .library import Packs

        return command(packs=Packs((*only_packs, *packs), bool(only_packs)), **rest)

    return with_packs  # type: ignore[return-value]


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="voice-coach")
def group() -> None:
    """A calm voice in the room: short exercises for couples, led by ear alone, on this device."""


@group.command()
@common
@click.option("--couple", type=click.Path(path_type=Path), help="A folder of recordings with a couple.yaml.")
@click.option("--exercise", default="nice-list", show_default=True, help="What the couple asks for.")
@click.option("--seed", default=0, show_default=True, help="Draws what is left to chance.")
@click.option("--decline", type=click.Choice(["first", "second"]), help="Who says no when asked.")
@click.option("--interrupt", multiple=True, metavar="INTENT@STEP", help="A control that is said at a step.")
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), help="Write both sides as a WAV file."
)
def demo(
    language: str,
    packs: Packs,
    as_json: bool,
    couple: Path | None,
    exercise: str,
    seed: int,
    decline: Person | None,
    interrupt: tuple[str, ...],
    out: Path | None,
) -> None:
    """A recorded couple speaks, is heard by the real ear, and is answered."""
    from . import demo as demos
    from .couple_file import load_couple

    library = _library(language, packs)
    _known_exercise(library, exercise)
    folder = couple or demos.OURS
    wanted = demos.Wanted(folder, exercise, seed, decline, tuple(map(_interrupt, interrupt)), out)
    names = load_couple(folder).names
    with _watching(library, names, as_json) as watchers:
        demos.demo(library, wanted, watchers)


@group.command()
@common
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), help="Write both sides as a WAV file."
)
def listen(language: str, packs: Packs, as_json: bool, file: Path, out: Path | None) -> None:
    """The whole loop with a recording (WAV or FLAC) as the microphone, as fast as it can."""
    from .demo import listen as listen_to
    from .evening import UNNAMED

    library = _library(language, packs)
    with _watching(library, UNNAMED, as_json or not sys.stdout.isatty()) as watchers:
        listen_to(library, file, watchers, out)


@group.command()
@common
def chat(language: str, packs: Packs, as_json: bool) -> None:
    """The same conversation, typed. An empty line lets the time pass."""
    from .chat import chat as hold
    from .transcript import typed_line

    library = _library(language, packs)
    hold(library, typed_line, _json_watcher if as_json else None)


@group.command()
@common
@click.argument("text", nargs=-1)
@click.option("--wav", is_flag=True, help="The arguments are recordings; each is one utterance.")
@click.option(
    "--expecting", type=click.Choice(STATES), default="awake", show_default=True, help="What counts."
)
@click.option("--options", default="", help="The options of a question, with commas between.")
@click.option("--explain", is_flag=True, help="Show each layer's candidates, scores and thresholds.")
def recognize(
    language: str,
    packs: Packs,
    as_json: bool,
    text: tuple[str, ...],
    wav: bool,
    expecting: str,
    options: str,
    explain: bool,
) -> int:
    """Text to meaning. `-` reads lines from standard input."""
    from audio import SoundFileError

    from .evening import open_ear
    from .listening import Listening
    from .recognition import explained, options_of, recognize_text, recognize_wav

    if not text:
        raise click.UsageError("give a text, '-' for lines on standard input, or --wav with recordings")
    hearing = _hearing(language, packs, open_ear() if wav else None)
    listening = Listening(expecting)  # type: ignore[arg-type]  # one of STATES
    choices = options_of(options.split(","))
    failed = False
    for item in text if wav else _lines(text):
        try:
            result = (recognize_wav if wav else recognize_text)(hearing, item, listening, choices)
        except SoundFileError as error:
            # One of several: the others are still done.
            failed = True
            _complain(error)
            continue
        if explain:
            result["explain"] = explained(hearing, result, listening, choices)
        _write(result, as_json)
    return 1 if failed else 0


@group.group()
def exercises() -> None:
    """List, show, check and rehearse exercises."""


@exercises.command("list")
@common
def list_exercises(language: str, packs: Packs, as_json: bool) -> None:
    """All exercises."""
    from .show import listed

    entries = listed(_library(language, packs))
    if as_json or not sys.stdout.isatty():
        for entry in entries:
            click.echo(json.dumps(entry, ensure_ascii=False))
        return
    for entry in entries:
        click.echo("{id:24} {title:20} {minutes:3} min  {rating}  {setting}".format(**entry))


@exercises.command()
@common
@click.argument("exercise")
def show(language: str, packs: Packs, as_json: bool, exercise: str) -> None:
    """One exercise, step by step, with its words."""
    from .show import as_data, shown

    library = _library(language, packs)
    _known_exercise(library, exercise)
    click.echo(
        json.dumps(as_data(library, exercise), ensure_ascii=False)
        if as_json
        else "\n".join(shown(library, exercise))
    )


@exercises.command()
@common
@click.argument("folder", required=False, type=FOLDER)
def check(language: str, packs: Packs, as_json: bool, folder: Path | None) -> int:
    """Whether exercises are whole and their plays run; FOLDER is a pack to check besides."""
    from .check import check as find_problems
    from .library import Packs as PacksOf

    problems = find_problems(language, PacksOf((*packs.extra, folder), packs.only) if folder else packs)
    for problem in problems:
        if as_json:
            click.echo(
                json.dumps({"file": str(problem.path), "line": problem.line, "message": problem.message})
            )
        else:
            click.echo(str(problem), err=True)
    if not problems and not as_json:
        click.echo("All exercises are whole, and every play runs.")
    return 1 if problems else 0


@exercises.command()
@common
@click.argument("exercise")
def rehearse(language: str, packs: Packs, as_json: bool, exercise: str) -> int:
    """Acts out the plays of an exercise, with the clock speeded up."""
    from .check import rehearse as act

    library = _library(language, packs)
    _known_exercise(library, exercise)
    performances = act(library, exercise)
    for name, performance in performances.items():
        failed = performance.problem
        if as_json:
            click.echo(json.dumps({"play": name, "passed": not failed, "problem": failed and str(failed)}))
        else:
            click.echo(f"{name}\n{performance.shown()}\n" + (f"{failed}\n" if failed else ""))
    return 1 if any(performance.problem for performance in performances.values()) else 0


@group.group()
def model() -> None:
    """The recogniser's weights."""


@model.command()
@click.option("--json", "as_json", is_flag=True, help="Write JSON.")
def prepare(as_json: bool) -> None:
    """Makes the fast weights of the English ear, once; under a minute."""
    from .weights import prepare_weights

    folder = prepare_weights(show=not as_json)
    click.echo(json.dumps({"weights": str(folder)}) if as_json else f"The fast weights are in {folder}.")


# Helpers


def _library(language: str, packs: Packs) -> Library:
    from .library import load_library

    return load_library(language, packs)


def _hearing(language: str, packs: Packs, ear: Any) -> Hearing:
    from .hearing import Hearing
    from .library import load_sentences
    from .listening import NO_REQUESTS
    from .words import Lines

    # Sentences are enough to understand, so that a pack of another domain needs nothing else.
    catalogue = load_sentences(language, packs)
    return Hearing(catalogue, Lines(language, {}), catalogue.intents - NO_REQUESTS, ear)


def _known_exercise(library: Library, name: str) -> None:
    from intents import nearest

    if name not in library.exercises:
        known = library.exercises
        raise click.UsageError(
            f"no exercise is called '{name}'{nearest(name, known) or '; there are ' + ', '.join(known)}"
        )


def _interrupt(word: str) -> tuple[str, str]:
    intent, found, step = word.partition("@")
    if not found or not intent or not step:
        raise click.UsageError(f"--interrupt takes INTENT@STEP, such as pause@did-starter, not '{word}'")
    return intent, step


def _lines(text: Iterable[str]) -> Iterator[str]:
    for item in text:
        if item == "-":
            yield from (line.rstrip("\n") for line in sys.stdin)
        else:
            yield item


def _watching(library: Library, names: tuple[str, str], as_json: bool) -> Any:
    from contextlib import nullcontext

    if as_json:
        return nullcontext([_json_watcher])
    from .transcript import watching

    return watching(library, names)


def _json_watcher(entry: Entry) -> None:
    click.echo(json.dumps(entry, ensure_ascii=False))


def _write(result: dict[str, Any], as_json: bool) -> None:
    if as_json or not sys.stdout.isatty():
        click.echo(json.dumps(result, ensure_ascii=False))
        return
    from .recognition import readable

    click.echo(readable(result))


def _complain(error: BaseException) -> None:
    click.echo(f"voice-coach: {error}", err=True)


def run(arguments: Sequence[str] | None = None) -> int:
    """Runs a command, and turns what goes wrong into one line and an exit status.

    Args:
        arguments: those of the command line, unless given.
    """
    try:
        status = group.main(arguments, prog_name="voice-coach", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (KeyboardInterrupt, click.Abort):
        return 130
    except BrokenPipeError:
        # Whoever read our output has read enough.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        if not _expected(error):
            raise
        _complain(error)
        return 2 if isinstance(error, UnknownNameError) else 1
    return status if isinstance(status, int) else 0


def main() -> None:
    """The command `voice-coach`."""
    sys.exit(run())


def _expected(error: Exception) -> bool:
    from audio import SetupError, SoundFileError
    from intents import PackError

    return isinstance(error, SetupError | SoundFileError | PackError | CoachError)


if __name__ == "__main__":
    main()
