"""Working days against the library's own answer, day by day, and against days known to everybody."""

from __future__ import annotations

import pickle
import subprocess
import sys
from datetime import date, timedelta
from functools import cache

import chinese_calendar  # type: ignore[import-untyped]
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportkit.errors import YearNotCovered
from reportkit.registers.derivation.calendar import (
    UNBOUNDED,
    count_between,
    covered_years,
    due_date,
    due_dates,
    is_working_day,
    uncovered_years,
    working_days_between,
)

FIRST, LAST = date(covered_years()[0], 1, 1), date(covered_years()[-1], 12, 31)
DAY = timedelta(days=1)
covered = st.dates(FIRST, LAST)
around = st.dates(FIRST - 400 * DAY, LAST + 400 * DAY)


@cache
def works(day: date) -> bool:
    return bool(chinese_calendar.is_workday(day))


@pytest.mark.parametrize(
    ("day", "working"),
    [
        (date(2020, 1, 19), True),  # a Sunday made up for Spring Festival
        (date(2020, 1, 24), False),
        (date(2020, 1, 31), False),  # Spring Festival 2020 was prolonged to 2 February
        (date(2020, 2, 1), False),  # by the first notice a made-up Saturday
        (date(2020, 2, 2), False),
        (date(2020, 2, 3), True),
        (date(2021, 2, 7), True),  # Sunday, made up
        (date(2021, 2, 10), True),
        (date(2021, 2, 11), False),
        (date(2021, 2, 17), False),
        (date(2021, 2, 18), True),
        (date(2021, 2, 20), True),  # Saturday, made up
        (date(2024, 2, 4), True),  # Sunday, made up
        (date(2024, 2, 10), False),
        (date(2024, 2, 16), False),
        (date(2024, 2, 18), True),  # Sunday, made up
        (date(2024, 10, 1), False),
        (date(2024, 10, 12), True),  # Saturday, made up
        (date(2018, 12, 29), True),  # made up by the notice for the year after
        (date(2018, 12, 31), False),
    ],
)
def test_days_of_the_state_councils_notices(day: date, working: bool) -> None:
    assert is_working_day(day) is working


def test_every_covered_day_is_as_the_library_says() -> None:
    days = [FIRST + i * DAY for i in range((LAST - FIRST).days + 1)]
    assert [is_working_day(day) for day in days] == [works(day) for day in days]


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        (date(2021, 1, 25), 20, date(2021, 2, 25)),  # over the holiday, with two made-up days
        (date(2024, 1, 29), 20, date(2024, 2, 29)),
        (date(2024, 3, 1), 1, date(2024, 3, 4)),  # Friday: the next working day is Monday
        (date(2024, 3, 2), 1, date(2024, 3, 4)),  # Saturday
        (date(2024, 3, 4), 0, date(2024, 3, 4)),
        (date(2020, 1, 2), 20, date(2020, 2, 6)),  # over the prolonged holiday
    ],
)
def test_due_dates_counted_by_hand(start: date, days: int, due: date) -> None:
    assert due_date(start, days) == due
    assert works(due)


@given(covered, st.integers(1, 120))
def test_a_due_date_is_found_by_walking(start: date, days: int) -> None:
    day, left = start, days
    while left and day < LAST:
        day += DAY
        left -= works(day)
    if left:
        with pytest.raises(YearNotCovered) as caught:
            due_date(start, days)
        assert caught.value.year == LAST.year + 1
    else:
        assert due_date(start, days) == day
        assert working_days_between(start, day) == days


@given(covered, st.integers(0, 200))
def test_working_days_are_counted_by_walking(start: date, length: int) -> None:
    end = min(start + length * DAY, LAST)
    count = sum(works(start + (i + 1) * DAY) for i in range((end - start).days))
    assert working_days_between(start, end) == count
    assert working_days_between(end, start) == -count


@pytest.mark.parametrize("outside", [FIRST - DAY, LAST + DAY, date(1990, 6, 1), date(2190, 6, 1)])
def test_a_year_without_a_notice_is_said_and_not_guessed(outside: date) -> None:
    inside = date(2022, 6, 1)
    for question in (
        lambda: is_working_day(outside),
        lambda: due_date(outside, 1),
        lambda: working_days_between(outside, inside),
        lambda: working_days_between(inside, outside),
    ):
        with pytest.raises(YearNotCovered, match=str(outside.year)) as caught:
            question()
        assert (caught.value.first, caught.value.last) == (FIRST.year, LAST.year)
        assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


def test_a_due_day_beyond_the_last_notice_is_not_guessed() -> None:
    assert due_date(LAST, 0) == LAST
    with pytest.raises(YearNotCovered, match=f"not {LAST.year + 1}"):
        due_date(LAST - 5 * DAY, 20)
    with pytest.raises(YearNotCovered) as caught:
        due_date(LAST, 1)  # the very next working day
    assert (caught.value.first, caught.value.last) == (FIRST.year, LAST.year)


def test_the_first_and_the_last_covered_day_in_an_array() -> None:
    starts = np.array([FIRST, LAST, LAST], dtype="datetime64[D]")
    first, last, beyond = due_dates(starts, np.array([1, 0, 1]))
    assert first.item() == due_date(FIRST, 1)
    assert last.item() == LAST
    assert np.isnat(beyond)


def test_a_negative_limit_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^a time limit is not negative: -1$"):
        due_date(date(2024, 3, 4), -1)


@given(st.lists(st.tuples(around, st.integers(0, 300)), max_size=8))
def test_arrays_answer_as_single_questions_do(rows: list[tuple[date, int]]) -> None:
    starts = np.array([day for day, _ in rows] + [None], dtype="datetime64[D]")
    found = due_dates(starts, np.array([days for _, days in rows] + [20], dtype=np.int64))
    assert np.isnat(found[-1])
    for (start, days), due in zip(rows, found, strict=False):
        try:
            assert due.item() == due_date(start, days)
        except YearNotCovered:
            assert np.isnat(due)


@given(around, around)
def test_bounds_hold_whatever_the_missing_notices_will_say(start: date, end: date) -> None:
    bounds = count_between(np.array([start], "datetime64[D]"), np.array([end], "datetime64[D]"))
    low, high = sorted((start, end))
    inside_low, inside_high = max(low, FIRST - DAY), min(high, LAST)
    sign = 1 if start <= end else -1
    known = 0
    if inside_low < inside_high:
        known = working_days_between(max(inside_low, FIRST), inside_high)
        known += inside_low < FIRST and is_working_day(FIRST)
    doubtful = (high - low).days - max((inside_high - inside_low).days, 0)
    expected = sorted((sign * known, sign * (known + doubtful)))
    assert [int(bounds.least[0]), int(bounds.most[0])] == expected


def test_nothing_is_known_of_a_missing_date() -> None:
    nat, day = np.array(["NaT"], "datetime64[D]"), np.array(["2024-03-01"], "datetime64[D]")
    for bounds in (count_between(nat, day), count_between(day, nat), count_between(nat, nat)):
        assert (int(bounds.least[0]), int(bounds.most[0])) == (-UNBOUNDED, UNBOUNDED)


def test_uncovered_years_are_those_between() -> None:
    starts = np.array([FIRST - DAY, date(2022, 1, 1), LAST, None], "datetime64[D]")
    ends = np.array([FIRST, date(2022, 5, 1), LAST + 370 * DAY, LAST], "datetime64[D]")
    assert uncovered_years(starts, ends) == (FIRST.year - 1, LAST.year + 1, LAST.year + 2)
    assert uncovered_years(starts[1:2], ends[1:2]) == ()


def test_the_notices_are_loaded_only_when_asked_for() -> None:
    program = (
        "import sys, reportkit.registers.derivation.calendar as c; assert 'chinese_calendar' not in sys.modules; "
        "c.covered_years(); assert 'chinese_calendar' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
