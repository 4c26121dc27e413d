from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audio import BLOCK, RATE, Endpointer, Endpointing, Utterance

SECONDS = BLOCK / RATE
MARGIN = round(0.3 * RATE)
QUIET, MAYBE, SPEECH = 0.1, 0.6, 0.9


def feed(endpointer: Endpointer, *runs: tuple[float, int]) -> list[Utterance]:
    """Feeds runs of (probability, blocks). Each block is filled with its own number, in thousandths."""
    utterances = []
    for probability, count in runs:
        for _ in range(count):
            number = round(endpointer.now / SECONDS)
            block = np.full(BLOCK, number / 1000, dtype=np.float32)
            if utterance := endpointer.feed(block, probability):
                utterances.append(utterance)
    return utterances


def blocks_in(utterance: Utterance) -> list[int]:
    return [round(float(value) * 1000) for value in np.unique(utterance.samples)]


def test_an_utterance_is_the_speech_and_three_tenths_of_a_second_around_it() -> None:
    (utterance,) = feed(Endpointer(), (QUIET, 20), (SPEECH, 10), (QUIET, 40))
    assert utterance.start == pytest.approx(20 * SECONDS)
    assert utterance.end == pytest.approx(30 * SECONDS)
    assert not utterance.cut
    assert utterance.samples.size == 10 * BLOCK + 2 * MARGIN
    assert utterance.samples[MARGIN - 1] == pytest.approx(0.019)
    assert utterance.samples[MARGIN] == pytest.approx(0.020)


@pytest.mark.parametrize(("silence", "blocks"), [(0.5, 16), (1.0, 32), (2.5, 79)])
def test_it_ends_after_the_silence_that_was_asked_for(silence: float, blocks: int) -> None:
    endpointer = Endpointer(Endpointing(silence=silence))
    assert not feed(endpointer, (SPEECH, 10), (QUIET, blocks - 1))
    assert feed(endpointer, (QUIET, 1))


def test_a_shorter_pause_does_not_end_it() -> None:
    (utterance,) = feed(Endpointer(), (SPEECH, 10), (QUIET, 31), (SPEECH, 10), (QUIET, 40))
    assert utterance.end == pytest.approx(51 * SECONDS)


def test_what_only_may_be_speech_starts_nothing_and_keeps_nothing_going() -> None:
    assert not feed(Endpointer(), (MAYBE, 200))
    (utterance,) = feed(Endpointer(), (SPEECH, 10), (MAYBE, 200))
    assert utterance.end == pytest.approx(42 * SECONDS)


def test_but_it_is_not_trimmed_off() -> None:
    (utterance,) = feed(Endpointer(), (QUIET, 20), (MAYBE, 4), (SPEECH, 10), (MAYBE, 3), (QUIET, 40))
    assert utterance.start == pytest.approx(20 * SECONDS)
    assert utterance.end == pytest.approx(37 * SECONDS)


@pytest.mark.parametrize(("blocks", "count"), [(1, 0), (4, 0), (5, 1)])
def test_a_click_is_no_utterance(blocks: int, count: int) -> None:
    endpointer = Endpointer()
    assert len(feed(endpointer, (QUIET, 20), (SPEECH, blocks), (QUIET, 40))) == count


def test_speech_at_the_very_start_has_no_margin_before_it() -> None:
    (utterance,) = feed(Endpointer(), (SPEECH, 10), (QUIET, 40))
    assert utterance.start == 0
    assert utterance.samples.size == 10 * BLOCK + MARGIN


def test_speaking_lasts_from_the_fifth_block_of_speech_to_the_end_of_the_utterance() -> None:
    endpointer = Endpointer()
    seen = [endpointer.speaking]
    for run in [(QUIET, 20), (SPEECH, 4), (SPEECH, 1), (QUIET, 31), (QUIET, 1)]:
        feed(endpointer, run)
        seen.append(endpointer.speaking)
    assert seen == [False, False, False, True, True, False]


def test_longer_speech_is_cut_and_its_rest_dropped() -> None:
    endpointer = Endpointer(Endpointing(longest=3.0))
    (utterance,) = feed(endpointer, (SPEECH, 300), (QUIET, 40))
    assert utterance.cut
    assert utterance.start == 0
    assert utterance.end == pytest.approx(3.0, abs=SECONDS)
    (after,) = feed(endpointer, (SPEECH, 10), (QUIET, 40))
    assert not after.cut


def test_or_nothing_of_it_is_kept_at_all() -> None:
    endpointer = Endpointer(Endpointing(longest=3.0, keep_longer=False))
    assert not feed(endpointer, (SPEECH, 94))
    assert endpointer.so_far() is None
    assert endpointer._kept == []
    assert not feed(endpointer, (SPEECH, 100))
    assert endpointer.speaking
    assert endpointer._kept == []
    assert not feed(endpointer, (QUIET, 40))
    assert not endpointer.speaking
    (after,) = feed(endpointer, (SPEECH, 90), (QUIET, 40))
    assert not after.cut
    assert blocks_in(after)[0] >= 194


def test_silence_is_no_part_of_how_long_speech_is() -> None:
    endpointer = Endpointer(Endpointing(silence=2.5, longest=3.0, keep_longer=False))
    assert len(feed(endpointer, (SPEECH, 90), (QUIET, 100))) == 1


def test_the_next_utterance_holds_nothing_of_the_last_ones_speech() -> None:
    endpointer = Endpointer(Endpointing(silence=0.1))
    first, second = feed(endpointer, (SPEECH, 10), (QUIET, 5), (SPEECH, 10), (QUIET, 5))
    assert blocks_in(first)[:10] == list(range(10))
    assert blocks_in(second)[0] == 10


def test_settings_may_change_between_utterances() -> None:
    endpointer = Endpointer(Endpointing(silence=2.5))
    feed(endpointer, (SPEECH, 10), (QUIET, 80))
    endpointer.settings = Endpointing(silence=0.5)
    assert len(feed(endpointer, (SPEECH, 10), (QUIET, 16))) == 1


def test_what_was_said_so_far_may_be_had_before_the_end() -> None:
    endpointer = Endpointer()
    feed(endpointer, (QUIET, 20), (SPEECH, 2))
    assert endpointer.so_far() is None
    feed(endpointer, (SPEECH, 8))
    so_far = endpointer.so_far()
    assert so_far
    assert so_far.cut
    assert so_far.samples.size == 10 * BLOCK + MARGIN
    (utterance,) = feed(endpointer, (QUIET, 40))
    assert utterance.start == so_far.start


def test_reset_forgets_the_speech_but_not_the_time() -> None:
    endpointer = Endpointer()
    feed(endpointer, (SPEECH, 10))
    endpointer.reset()
    assert not endpointer.speaking
    (utterance,) = feed(endpointer, (QUIET, 40), (SPEECH, 10), (QUIET, 40))
    assert utterance.start == pytest.approx(50 * SECONDS)


@given(
    runs=st.lists(st.tuples(st.sampled_from([QUIET, MAYBE, SPEECH]), st.integers(1, 40)), max_size=8),
    silence=st.sampled_from([0.1, 0.7, 1.0]),
    longest=st.sampled_from([0.5, 1.5]),
    keep_longer=st.booleans(),
)
def test_whatever_comes_utterances_follow_one_another_and_memory_is_bounded(
    runs: list[tuple[float, int]], silence: float, longest: float, keep_longer: bool
) -> None:
    endpointer = Endpointer(Endpointing(silence, longest, keep_longer))
    bound = 0.5 + longest + silence + 3 * SECONDS
    utterances = []
    for probability, count in runs:
        for _ in range(count):
            utterances += feed(endpointer, (probability, 1))
            assert len(endpointer._kept) * SECONDS <= bound
    for utterance in utterances:
        assert 0 <= utterance.start < utterance.end <= endpointer.now
        assert utterance.samples.size <= (bound + 0.6) * RATE
        assert not (utterance.cut and not keep_longer)
    assert all(first.end <= second.start for first, second in pairwise(utterances))
