"""Text to tokens and back: the vocabulary that Moonshine shares with Llama 2.

A vocabulary is a list of pieces; a token is a piece's place in it. The first three are not text (unknown,
begin, end), the next 256 are the single bytes, the others are text. Pieces that begin a word begin with a
space, which the file writes as U+2581.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path

BEGIN = 1
END = 2
_FIRST_BYTE = 3
_FIRST_TEXT = _FIRST_BYTE + 256
_SPACE = "\u2581"


class Tokenizer:
    """Encodes and decodes with one vocabulary. Immutable."""

    def __init__(self, pieces: Sequence[bytes]) -> None:
        self._bytes = tuple(piece.replace(_SPACE.encode(), b" ") for piece in pieces)
        texts = (piece.decode() for piece in self._bytes[_FIRST_TEXT:])
        self._tokens = {text: token for token, text in enumerate(texts, _FIRST_TEXT)}

    @classmethod
    def load(cls, path: Path) -> Tokenizer:
        """Read a `tokenizer.bin`. Raises OSError if that fails, ValueError if it ends within a piece."""
        return cls(tuple(_pieces(path.read_bytes())))

    def __len__(self) -> int:
        return len(self._bytes)

    def encode(self, text: str) -> tuple[int, ...]:
        """The tokens of `text` taken as the beginning of an utterance, without BEGIN and END.

        As in Llama 2, the first word gets a space before it; neighbours are merged, always the two whose
        union has the lowest token; and what has no piece of its own is spelt in bytes.
        """
        symbols = list(f" {text}") if text else []
        while (best := self._best_merge(symbols)) is not None:
            symbols[best : best + 2] = [symbols[best] + symbols[best + 1]]
        return tuple(token for symbol in symbols for token in self._spell(symbol))

    def decode(self, tokens: Iterable[int]) -> str:
        """The text of `tokens`, without the space before the first word.

        BEGIN, END and unknown are nothing; bytes that are not UTF-8 become U+FFFD. Raises IndexError for what
        is no token.
        """
        written = b"".join(self._bytes[token] for token in tokens if token >= _FIRST_BYTE)
        return written.decode(errors="replace").removeprefix(" ")

    def piece(self, token: int) -> str:
        """What one token writes, with its space: " coach". A byte shows as "<0x0A>", BEGIN as "<s>"."""
        if _FIRST_BYTE <= token < _FIRST_TEXT:
            return f"<0x{token - _FIRST_BYTE:02X}>"
        return self._bytes[token].decode()

    def _best_merge(self, symbols: Sequence[str]) -> int | None:
        """Where the pair stands whose union has the lowest token; the first of equals."""
        unions = [(self._tokens.get(left + right), at) for at, (left, right) in enumerate(pairwise(symbols))]
        known = [(token, at) for token, at in unions if token is not None]
        return min(known)[1] if known else None

    def _spell(self, symbol: str) -> tuple[int, ...]:
        token = self._tokens.get(symbol)
        return (token,) if token is not None else tuple(_FIRST_BYTE + byte for byte in symbol.encode())


def _pieces(data: bytes) -> Iterator[bytes]:
    """Each piece follows its length: one byte, or from 128 on two, the first with the low seven bits."""
    at = 0
    while at < len(data):
        length, at = data[at], at + 1
        if length >= 128 and at < len(data):
            length, at = length - 128 + 128 * data[at], at + 1
        if at + length > len(data):
            raise ValueError(f"the vocabulary ends within a piece, at byte {at}")
        yield data[at : at + length]
        at += length
