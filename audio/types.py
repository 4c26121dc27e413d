"""The two things that pass between the parts of this package: sound, and an utterance cut out of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

RATE = 16_000
"""Samples a second, everywhere in this package; what comes at another rate is converted at the edge."""

BLOCK = 512
"""Samples a block, 32 ms: the step in which a microphone is read and voice activity is judged."""

Samples: TypeAlias = NDArray[np.float32]
"""Mono sound at RATE, one dimension, values in [-1, 1]."""


@dataclass(frozen=True, slots=True, eq=False)
class Utterance:
    """What one person said in one go."""

    samples: Samples
    """The speech, with up to 0.3 s of what was around it."""
    start: float
    """Where the speech begins, in seconds on the microphone's clock."""
    end: float
    """Where it ends, likewise."""
    cut: bool
    """Whether it went on for longer than was wanted, so that the rest is missing."""

    def later(self, seconds: float) -> Utterance:
        """The same on a clock that is `seconds` ahead."""
        return replace(self, start=self.start + seconds, end=self.end + seconds)
