"""Ids rise with every event, whatever the clock does."""

from __future__ import annotations

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from tutor.memory.ids import Ids, time_of

MOMENTS = st.integers(0, 2**45)


@given(st.lists(MOMENTS, min_size=2))
def test_ids_rise_whatever_the_clock_does(moments: list[int]) -> None:
    ids = Ids()
    given_out = [ids.next(moment) for moment in moments]
    assert given_out == sorted(set(given_out))


@given(MOMENTS, MOMENTS)
def test_ids_rise_across_a_restart(before: int, after: int) -> None:
    last = Ids().next(before)
    following = Ids(last).next(after)
    assert following > last
    assert time_of(following) == max(after, before + 1)


@given(MOMENTS)
def test_ids_are_uuids_of_version_7(moment: int) -> None:
    uid = UUID(Ids().next(moment))
    assert (uid.version, uid.variant) == (7, UUID(int=2 << 62).variant)
