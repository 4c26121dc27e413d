"""The command line: arguments only. Each command calls one function of `commands`, and imports it only then,
because start-up time is a feature.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from . import keys
from .errors import CoachError, UnknownNameError
from .output import complain
from .settings import KEYS, PLACES, resolve
from .toml_text import toml

if TYPE_CHECKING:
    from .commands import Common
    from .exercise import Person
    from .keys import Key
    from .listening import StateName

F = TypeVar("F", bound=Callable[..., Any])
STATES = ("awake", "asleep", "paused", "question", "turn", "speaking")
FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
FILE = click.Path(dir_okay=False, path_type=Path)
SETTINGS = {"help_option_names": ["-h", "--help"]}
as_json = click.option("--json", "as_json", is_flag=True, help="Write JSON, one object a line.")


def takes(*places: keys.Place) -> Callable[[F], F]:
    """The flags of settings, handed over as one mapping of those that were given."""
    ours = [key for key in KEYS if key.place in places]

    def decorate(command: F) -> F:
        @wraps(command)
        def with_flags(**rest: Any) -> Any:
            flags = {key.parameter: rest.pop(key.parameter) for key in ours}
            # Several folders, each read as a list of folders.
            flags |= {key.parameter: tuple(chain(*flags[key.parameter])) for key in ours if key.kind.several}
            return command(flags=flags, **rest)

        decorated: Any = with_flags
        for key in reversed(ours):
            decorated = _option(key)(decorated)
        return decorated  # type: ignore[no-any-return]

    return decorate


def _option(key: Key) -> Callable[[F], F]:
    kind, default = key.kind, key.default
    known = "" if default in (None, (), False) else f"; default: {toml(default)}"
    help_text = f"{key.doc}  [{key.variable}{known}]"
    if kind is keys.FLAG:
        return click.option(f"{key.flag}/--no-{key.flag[2:]}", key.parameter, default=None, help=help_text)

    def read(text: str) -> Any:
        try:
            return kind.read(kind.parse(text))
        except keys.UNFIT as error:
            raise click.BadParameter(f"it must be {kind.expected}, not '{text}'") from error

    return click.option(
        key.flag, key.parameter, type=read, multiple=kind.several, metavar=kind.metavar, help=help_text
    )


def common(*places: keys.Place) -> Callable[[F], F]:
    """What most commands are told: settings, and whether to write JSON; handed over as one value."""

    def decorate(command: F) -> F:
        @takes("everywhere", *places)
        @as_json
        @wraps(command)
        def with_common(flags: Mapping[str, Any], as_json: bool, **rest: Any) -> Any:
            from .commands import Common

            return command(Common(resolve(flags).settings, as_json), **rest)

        return with_common  # type: ignore[return-value]

    return decorate


class _Coach(click.Group):
    """Without a command it coaches."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """See click."""
        own = {*ctx.help_option_names, "--version"}
        if not args or (args[0].startswith("-") and args[0] not in own):
            args = ["run", *args]
        return super().parse_args(ctx, args)


@click.group(cls=_Coach, context_settings=SETTINGS)
@click.version_option(package_name="voice-coach")
def group() -> None:
    """A calm voice in the room: short exercises for couples, led by ear alone, on this device."""


@group.command("run")
@common("talking", "table")
@click.option("--wait", is_flag=True, help="Wait for devices that are not there yet.")
def listen_and_coach(common: Common, wait: bool) -> int:
    """Listen at the microphone and coach; what happens without a command."""
    from .commands import run as coach

    return coach(common, wait=wait)


@group.command()
@common("talking")
@click.option("--couple", type=click.Path(path_type=Path), help="A folder of recordings with a couple.yaml.")
@click.option("--exercise", default="nice-list", show_default=True, help="What the couple asks for.")
@click.option("--seed", default=0, show_default=True, help="Draws what is left to chance.")
@click.option("--decline", type=click.Choice(["first", "second"]), help="Who says no when asked.")
@click.option("--interrupt", multiple=True, metavar="INTENT@STEP", help="A control that is said at a step.")
@click.option("--out", type=FILE, help="Write both sides as a WAV file.")
def demo(
    common: Common,
    couple: Path | None,
    exercise: str,
    seed: int,
    decline: Person | None,
    interrupt: tuple[str, ...],
    out: Path | None,
) -> int:
    """A recorded couple speaks, is heard by the real ear, and is answered."""
    from .commands import demo as show
    from .demo import OURS, Wanted

    interrupts = tuple(_interrupt(word) for word in interrupt)
    return show(common, Wanted(couple or OURS, exercise, seed, decline, interrupts, out))


@group.command()
@common("talking")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--out", type=FILE, help="Write both sides as a WAV file.")
def listen(common: Common, file: Path, out: Path | None) -> int:
    """The whole loop with a recording (WAV or FLAC) as the microphone, as fast as it can."""
    from .commands import listen as listen_to

    return listen_to(common, file, out)


@group.command()
@common("talking")
def chat(common: Common) -> int:
    """The same conversation, typed. An empty line lets the time pass."""
    from .commands import chat as hold

    return hold(common)


@group.command()
@common("talking")
@click.argument("text", nargs=-1)
@click.option("--wav", is_flag=True, help="The arguments are recordings; each is one utterance.")
@click.option(
    "--expecting", type=click.Choice(STATES), default="awake", show_default=True, help="What counts."
)
@click.option("--options", default="", help="The options of a question, with commas between.")
@click.option("--explain", is_flag=True, help="Show each layer's candidates, scores and thresholds.")
def recognize(
    common: Common, text: tuple[str, ...], wav: bool, expecting: StateName, options: str, explain: bool
) -> int:
    """Text to meaning. `-` reads lines from standard input."""
    from .commands import Question
    from .commands import recognize as answer

    if not text:
        raise click.UsageError("give a text, '-' for lines on standard input, or --wav with recordings")
    named = tuple(word.strip() for word in options.split(",") if word.strip())
    return answer(common, Question(text, wav, expecting, named, explain))


@group.group()
def exercises() -> None:
    """List, show, check and rehearse exercises."""


@exercises.command("list")
@common()
def list_exercises(common: Common) -> int:
    """All exercises."""
    from .commands import list_exercises as name_all

    return name_all(common)


@exercises.command()
@common()
@click.argument("exercise")
def show(common: Common, exercise: str) -> int:
    """One exercise, step by step, with its words."""
    from .commands import show as show_one

    return show_one(common, exercise)


@exercises.command()
@common()
@click.argument("folder", required=False, type=FOLDER)
def check(common: Common, folder: Path | None) -> int:
    """Whether exercises are whole and their plays run; FOLDER is a pack to check besides."""
    from .commands import check as check_all

    return check_all(common, folder)


@exercises.command()
@common()
@click.argument("exercise")
def rehearse(common: Common, exercise: str) -> int:
    """Acts out the plays of an exercise, with the clock speeded up."""
    from .commands import rehearse as act

    return act(common, exercise)


@group.group()
def model() -> None:
    """The recogniser's weights."""


@model.command()
@as_json
def prepare(as_json: bool) -> int:
    """Makes the fast weights of the English ear, once; under a minute."""
    from .commands import prepare as make

    return make(as_json=as_json)


@group.group()
def settings() -> None:
    """The settings file, and what counts."""


@settings.command("init")
@click.option("--force", is_flag=True, help="Replace the file that is there.")
def write_settings(force: bool) -> int:
    """Writes a settings file in which every key is explained."""
    from .commands import write_settings as write_file

    return write_file(force=force)


@settings.command("show")
@takes(*PLACES)
@as_json
def show_settings(flags: Mapping[str, Any], as_json: bool) -> int:
    """Every setting, and where its value comes from."""
    from .commands import show_settings as show_all

    return show_all(flags, as_json=as_json)


@group.command()
@takes(*PLACES)
@as_json
@click.option("--listen", is_flag=True, help="Open the microphone too, and hear whether you are heard.")
def doctor(flags: Mapping[str, Any], as_json: bool, listen: bool) -> int:
    """Checks this machine; each line is fine, or says what mends it."""
    from .commands import doctor as examine

    return examine(flags, as_json=as_json, listen=listen)


def _interrupt(word: str) -> tuple[str, str]:
    intent, _, step = word.partition("@")
    if not intent or not step:
        raise click.UsageError(f"--interrupt takes INTENT@STEP, such as pause@did-starter, not '{word}'")
    return intent, step


def run(arguments: Sequence[str] | None = None) -> int:
    """Runs a command, and turns what goes wrong into one line and an exit status."""
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
        complain(error)
        return 2 if isinstance(error, UnknownNameError) else 1
    return status if isinstance(status, int) else 0


def main() -> None:
    """The command `voice-coach`."""
    sys.exit(run())


def _expected(error: Exception) -> bool:
    """Whether it is one of those that tell people what mends it."""
    from audio import SetupError, SoundFileError
    from intents import PackError

    return isinstance(error, SetupError | SoundFileError | PackError | CoachError)
