"""What each command does, with its arguments read. What is heavy is imported only where it is needed."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .errors import UnknownNameError
from .output import complain, hint, piped, write, write_json

if TYPE_CHECKING:
    from .demo import Wanted
    from .library import Library
    from .listening import StateName
    from .settings import Settings
    from .stream import Watcher


@dataclass(frozen=True, slots=True)
class Common:
    """What most commands are told."""

    settings: Settings
    as_json: bool

    def library(self, exercise: str | None = None) -> Library:
        """Everything of the language, with the exercise named in it.

        Raises:
            PackError: the mistakes in its files.
            UnknownNameError: there is no such exercise.
        """
        from intents import nearest

        from .library import load_library

        library = load_library(self.settings.language, self.settings.library_packs)
        known = library.exercises
        if exercise is not None and exercise not in known:
            hint = nearest(exercise, known) or f"; there are {', '.join(sorted(known))}"
            raise UnknownNameError(f"no exercise is called '{exercise}'{hint}")
        return library

    def watching(
        self, library: Library, names: tuple[str, str], *, as_json: bool
    ) -> AbstractContextManager[Sequence[Watcher]]:
        """Shows a conversation as it happens, to people or to programs."""
        if as_json:
            return nullcontext([write_json])
        from .transcript import watching

        return watching(library, names)


def run(common: Common, *, wait: bool) -> int:
    """Listens at the microphone and coaches, until it is interrupted."""
    from . import run as live

    live.end_on_sigterm()
    live.quiet_libraries()
    live.keep_log(common.settings.log)
    library = common.library()
    with common.watching(library, common.settings.names, as_json=common.as_json) as watchers:
        live.run(library, common.settings, watchers, wait=wait)
    return 0


def demo(common: Common, wanted: Wanted) -> int:
    """A recorded couple is coached."""
    from . import demo as demos
    from .couple_file import load_couple

    library = common.library(wanted.exercise)
    recordings = load_couple(wanted.couple)
    with common.watching(library, recordings.names, as_json=common.as_json) as watchers:
        demos.demo(library, recordings, wanted, watchers, common.settings)
    return 0


def listen(common: Common, file: Path, out: Path | None) -> int:
    """A recording is the microphone."""
    from .demo import listen as listen_to

    library = common.library()
    with common.watching(library, common.settings.names, as_json=common.as_json or piped()) as watchers:
        listen_to(library, file, watchers, out, common.settings)
    return 0


def chat(common: Common) -> int:
    """The same conversation, typed."""
    from .chat import chat as hold
    from .transcript import typed_line

    hold(common.library(), typed_line, write_json if common.as_json else None, common.settings)
    return 0


@dataclass(frozen=True, slots=True)
class Question:
    """What `recognize` is asked."""

    items: tuple[str, ...]
    """Texts, `-` for lines of standard input, or recordings."""
    wav: bool
    state: StateName
    options: tuple[str, ...]
    explain: bool


def recognize(common: Common, question: Question) -> int:
    """Texts or recordings to meaning; one that cannot be read does not stop the others."""
    from audio import SoundFileError
    from intents import Option

    from .evening import open_ear
    from .hearing import Hearing
    from .library import load_sentences
    from .listening import NO_REQUESTS, Listening
    from .recognition import explained, readable, recognize_text, recognize_wav
    from .words import Lines

    # Sentences are enough to understand, so that a pack of another domain needs nothing else.
    settings = common.settings
    catalogue = load_sentences(settings.language, settings.library_packs)
    ear = open_ear(settings) if question.wav else None
    exercises = catalogue.intents - NO_REQUESTS
    hearing = Hearing(catalogue, Lines(settings.language, {}), exercises, ear, settings.wake_phrases)
    listening = Listening(question.state)
    options = tuple(Option.plain(words, words, language=settings.language) for words in question.options)
    read = recognize_wav if question.wav else recognize_text
    status = 0
    for item in question.items if question.wav else _lines(question.items):
        try:
            result = read(hearing, item, listening, options)
        except SoundFileError as error:
            complain(error)
            status = 1
            continue
        if question.explain:
            result["explain"] = explained(hearing, result, listening, options)
        if common.as_json or piped():
            write_json(result)
        else:
            write(readable(result))
    return status


def list_exercises(common: Common) -> int:
    """All exercises."""
    from .show import listed

    for entry in listed(common.library()):
        if common.as_json or piped():
            write_json(entry)
        else:
            write("{id:24} {title:20} {minutes:3} min  {rating}  {setting}".format(**entry))
    return 0


def show(common: Common, exercise: str) -> int:
    """One exercise, step by step."""
    from .show import as_data, shown

    library = common.library(exercise)
    if common.as_json:
        write_json(as_data(library, exercise))
    else:
        write("\n".join(shown(library, exercise)))
    return 0


def check(common: Common, folder: Path | None) -> int:
    """Whether exercises are whole, and their plays run; those of one more pack besides."""
    from .check import check as find_problems

    packs = common.settings.library_packs
    packs = replace(packs, extra=(*packs.extra, folder)) if folder else packs
    problems = find_problems(common.settings.language, packs)
    for problem in problems:
        if common.as_json:
            write_json({"file": str(problem.path), "line": problem.line, "message": problem.message})
        else:
            complain(problem)
    if not problems and not common.as_json:
        write("All exercises are whole, and every play runs.")
    return 1 if problems else 0


def rehearse(common: Common, exercise: str) -> int:
    """Acts out the plays of an exercise."""
    from .check import rehearse as act

    performances = act(common.library(exercise), exercise)
    for name, performance in performances.items():
        problem = performance.problem and str(performance.problem)
        if common.as_json:
            write_json({"play": name, "passed": problem is None, "problem": problem})
        else:
            write(f"{name}\n{performance.shown()}\n")
            if problem:
                complain(problem)
    return 1 if any(performance.problem for performance in performances.values()) else 0


def prepare(*, as_json: bool) -> int:
    """Makes the fast weights, once."""
    from .weights import prepare_weights

    folder = prepare_weights(show=not as_json)
    if as_json:
        write_json({"weights": str(folder)})
    else:
        write(f"The fast weights are in {folder}.")
    return 0


def write_settings(*, force: bool) -> int:
    """Writes the default settings file."""
    from .places import settings_path
    from .settings_file import write_default

    path = settings_path()
    write_default(path, force=force)
    write(f"The settings are in {path}.")
    return 0


def show_settings(flags: Mapping[str, Any], *, as_json: bool) -> int:
    """Every setting and where it comes from; also when some are wrong, which is said last."""
    from .settings import resolve
    from .toml_text import plain, toml

    resolved = resolve(flags)
    for name, given in resolved.given.items():
        if as_json:
            write_json({"key": name, "value": plain(given.value), "from": given.origin})
        else:
            shown = "(not set)" if given.value is None else toml(given.value)
            write(f"{name:16} {shown:32} {given.origin}")
    for problem in resolved.problems:
        complain(problem)
    return 1 if resolved.problems else 0


def doctor(flags: Mapping[str, Any], *, as_json: bool, listen: bool) -> int:
    """Checks this machine, finding by finding."""
    from .doctor import examine, readable

    broken = False
    for finding in examine(flags, listen=listen, tell=hint):
        broken |= finding.needed and not finding.ok
        if as_json:
            write_json(asdict(finding))
        else:
            write(readable(finding))
    return 1 if broken else 0


def _lines(items: Sequence[str]) -> Iterator[str]:
    for item in items:
        if item == "-":
            yield from (line.rstrip("\n") for line in sys.stdin)
        else:
            yield item
