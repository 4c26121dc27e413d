"""A spoken conversation put together: ear, voice, voice activity, and a device that the caller gives."""

from __future__ import annotations

from audio import Device, Ear, Pyttsx3Voice, VoiceActivity

from .actions import Finish
from .controls import Manner
from .ears import ear_in_use, open_it
from .hearing import Hearing
from .household import WAKE_PHRASES, Household
from .library import Library
from .listening import Listening
from .places import voice_folder
from .room import converse
from .session import listening
from .settings import DEFAULTS, Settings
from .spoken_room import SpokenRoom
from .state import Session
from .stream import Stream


def open_ear(settings: Settings = DEFAULTS) -> Ear:
    """The ear that the settings lead to.

    Raises:
        SetupError: the language has no ear here, or this machine lacks what it needs.
    """
    return open_it(ear_in_use(settings), settings.language)


def open_hearing(
    library: Library, ear: Ear | None = None, wake_phrases: tuple[str, ...] = WAKE_PHRASES
) -> Hearing:
    """Understands a language; with an ear also from sound."""
    return Hearing(library.catalogue, library.lines, frozenset(library.exercises), ear, wake_phrases)


class Evening:
    """One conversation from the first word to the last."""

    def __init__(
        self,
        library: Library,
        names: tuple[str, str],
        hearing: Hearing,
        stream: Stream,
        settings: Settings = DEFAULTS,
    ) -> None:
        """Of the settings the times, the voice and its rate count here."""
        self.household = Household(names, library.exercises, settings.times)
        self.session = Session(manner=Manner(settings.rate))
        self._voice_name = settings.voice
        self._hearing = hearing
        self._stream = stream

    @property
    def listening(self) -> Listening:
        """What counts just now."""
        return listening(self.household, self.session)

    def hold(self, device: Device, *, show_text: bool) -> None:
        """Listens and coaches until the device has no more sound."""
        self._hearing.prepare()
        with Pyttsx3Voice(voice_folder()) as voice:
            room = SpokenRoom(
                self.household,
                device,
                self._hearing,
                voice,
                VoiceActivity(),
                self._stream,
                show_text=show_text,
                voice_name=self._voice_name,
            )
            converse(self.household, room, self.session, (Finish(),), self._keep)
        self._stream.summarise(device.now)

    def _keep(self, session: Session) -> None:
        self.session = session
