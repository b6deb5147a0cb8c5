"""Which of the days that fuzz allows a card gets."""

from __future__ import annotations

from collections import Counter
from statistics import mean, pvariance

from hypothesis import given
from hypothesis import strategies as st

from tutor.memory.schedule import fuzz_chance, fuzzed
from tutor.memory.spread import EVEN, Spread, weekday
from tutor.shares import easy_days

SATURDAY = 20_420 + (5 - weekday(20_420))


def test_weekdays() -> None:
    """1970-01-01 was a Thursday, 2026-11-28 a Saturday."""
    assert weekday(0) == 3
    assert weekday(20_785) == 5


def test_the_lightest_day_for_its_place() -> None:
    loads = {8: 10, 9: 10, 10: 2, 11: 10, 12: 10}
    assert Spread(lambda day: loads.get(day, 0)).choose(0, range(8, 13), 12) == 10


def test_without_anything_waiting_chance_decides() -> None:
    assert all(Spread(lambda _: 0).choose(0, range(5, 15), at) == at for at in range(5, 15))


def test_a_falling_load_is_no_reason_to_wait_longer() -> None:
    falling = Spread(lambda day: 100 - 2 * day)
    assert [falling.choose(0, range(5, 15), at) for at in (5, 9, 14)] == [5, 9, 14]


@given(
    st.lists(st.integers(0, 50), min_size=1, max_size=80),
    st.integers(1, 300),
    st.data(),
    st.sampled_from([EVEN, easy_days("sun 0"), easy_days("sat 50, sun 50")]),
)
def test_only_a_day_that_fuzz_allows_and_always_the_same(
    loads: list[int], start: int, data: st.DataObject, shares: tuple[float, ...]
) -> None:
    days = range(start, start + data.draw(st.integers(1, 80)))
    drawn = data.draw(st.sampled_from(days))
    spread = Spread(lambda day: loads[day % len(loads)], shares)
    chosen = spread.choose(7, days, drawn)
    assert chosen in days
    assert chosen == spread.choose(7, days, drawn)


def test_a_free_day_stays_free_where_another_will_do() -> None:
    spread = Spread(lambda _: 9, easy_days("sat 0"))
    today = SATURDAY - 7
    chosen = [spread.choose(today, range(5, 10), at) for at in range(5, 10)]
    assert chosen == [5, 6, 6, 8, 9]
    assert spread.choose(today, range(7, 8), 7) == 7


def test_the_days_become_even_and_the_intervals_no_longer() -> None:
    """A year of cards, 60 a day, with intervals of 10 to 50 days."""

    def played(shares: tuple[float, ...] | None) -> tuple[Counter[int], list[int]]:
        load, intervals = Counter[int](), []
        spread = Spread(lambda day: load[day], shares or EVEN)
        for day in range(365):
            for card in range(60):
                chance = fuzz_chance(f"{day}/{card}", 1)
                ideal = 10 + 40 * fuzz_chance(f"{card}", day)

                def choose(days: range, drawn: int, day: int = day) -> int:
                    return spread.choose(day, days, drawn)

                got = fuzzed(ideal, chance, choose=None if shares is None else choose)
                load[day + got] += 1
                intervals.append(got)
        return load, intervals

    plain, before = played(None)
    even, after = played(EVEN)
    full = range(60, 350)
    assert pvariance(even[day] for day in full) < pvariance(plain[day] for day in full) / 3
    assert abs(mean(after) / mean(before) - 1) < 0.01
    easy, _ = played(easy_days("sat 50, sun 0"))
    by_day = [mean(easy[day] for day in full if weekday(day) == number) for number in range(7)]
    usual = mean(by_day[:5])
    assert by_day[6] < usual / 20
    assert 0.35 < by_day[5] / usual < 0.7
