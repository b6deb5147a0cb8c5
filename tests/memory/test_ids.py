"""Ids rise with every event, whatever the clock does."""

from __future__ import annotations

from functools import reduce
from operator import xor
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from tutor.memory.ids import Ids, digest_of, digest_of_all, time_of

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


@given(st.lists(st.one_of(st.uuids().map(str), st.text("0123456789abcdef-_ g\u0663", max_size=40))))
def test_the_digest_of_many_is_that_of_each(uids: list[str]) -> None:
    assert digest_of_all(uids) == reduce(xor, map(digest_of, uids), 0)


@given(st.lists(st.uuids().map(str), min_size=1), st.integers(0, 35), st.sampled_from("_ g-\u0663"))
def test_so_it_is_where_one_of_them_is_odd(uids: list[str], at: int, odd: str) -> None:
    uids[-1] = uids[-1][:at] + odd + uids[-1][at + 1 :]
    assert digest_of_all(uids) == reduce(xor, map(digest_of, uids), 0)
