"""The seam between this program and the world of sound."""

from __future__ import annotations

from typing import Protocol

from .types import Samples


class Device(Protocol):
    """A microphone and a loudspeaker that share one clock.

    The clock is the microphone's: it moves by a block when one is read, while the loudspeaker goes on. Where
    sound was lost, as while a card was unplugged, it moves by more.
    """

    def read(self) -> Samples | None:
        """The next BLOCK samples from the microphone, waiting for them in real life.

        None once there will be no more, as at the end of a recording.
        """
        ...

    def play(self, samples: Samples) -> None:
        """Queues sound behind what is playing, and returns at once."""
        ...

    def hush(self) -> None:
        """Silences what is playing and forgets what is queued, at once."""
        ...

    @property
    def playing(self) -> bool:
        """Whether the loudspeaker still has something to say."""
        ...

    @property
    def now(self) -> float:
        """Seconds of signal since the start."""
        ...
