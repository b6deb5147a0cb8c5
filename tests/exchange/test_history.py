"""The quick way to read a card's log says what the thorough one says; what Anki is told of one."""

from __future__ import annotations

from unittest import mock

from hypothesis import given
from hypothesis import strategies as st

from tutor.exchange.anki import history as told
from tutor.exchange.anki.collection import Card, Collection, Log
from tutor.exchange.anki.package_writer import Answer
from tutor.session.anki_schedule import not_ahead

NOW_MS = 1_790_000_000_000
CARD = Card(7, 1, 0, 1, 2, 2, 9, 8, 2500, 3, 0, 0, 1_700_000_000, "")
ROW = st.tuples(
    st.sampled_from([1_000, 60_000, 86_400_000]),  # after the row before
    st.sampled_from([3, 3, 3, 1, 2, 4, 0, 5]),
    st.sampled_from([1, 8, -600, 0]),
    st.sampled_from([550, 0]),
    st.integers(-5, 90_000),
    st.sampled_from([0, 0, 1, 1, 1, 2, 3, 4, 5]),
)


@given(st.lists(ROW, max_size=8), st.booleans(), st.sampled_from([0, 1_700_000_000_000, NOW_MS]))
def test_both_ways_say_the_same(
    rows: list[tuple[int, int, int, int, int, int]], old: bool, start: int
) -> None:
    log, at = Log(), start
    for after, *row in rows:
        at += after
        log.rows.extend([at, *row])
    log.places[CARD.id] = (0, len(rows))
    collection = Collection(20_000, old, {}, [CARD], {}, log)
    quick = told.history(collection, CARD, NOW_MS)
    with mock.patch.object(told, "_plain", return_value=[]):
        thorough = told.history(collection, CARD, NOW_MS)
    assert not thorough.plain
    assert (quick.rows, quick.answers, quick.skipped, quick.estimated) == (
        thorough.rows, thorough.answers, thorough.skipped, thorough.estimated
    )  # fmt: skip


def test_a_plain_life_is_read_the_quick_way() -> None:
    log = Log()
    for place, (kind, ease) in enumerate([(0, 3), (0, 3), (1, 3), (1, 1), (2, 3), (1, 4)]):
        log.rows.extend([1_700_000_000_000 + place * 86_400_000, ease, 8, 550, 4_000, kind])
    log.places[CARD.id] = (0, 6)
    collection = Collection(20_000, False, {}, [CARD], {}, log)
    assert len(told.history(collection, CARD, NOW_MS).plain) == 6
    log.rows[-1] = 0
    assert not told.history(collection, CARD, NOW_MS).plain, "a second life began"


@given(st.lists(st.integers(0, 20), min_size=1, max_size=6), st.integers(5, 15))
def test_no_answer_goes_to_anki_from_the_future(times: list[int], now: int) -> None:
    told_of = [Answer(at, 3, 1, 0, 500, 0, 1) for at in sorted(times)]
    sent = [answer.at_utc_ms for answer in not_ahead(told_of, now)]
    assert max(sent) <= now
    assert sent == sorted(sent)
    if max(times) <= now:
        assert sent == sorted(times)
