"""Time limits against an oracle that walks day by day, and against cases worked out by hand."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from statistics import median
from typing import Any

import chinese_calendar  # type: ignore[import-untyped]
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportkit.finding import Place
from reportkit.form import load_edition
from reportkit.registers.data import TownData, empty_frame
from reportkit.registers.derivation.calendar import covered_years
from reportkit.registers.derivation.cases import Cases
from reportkit.registers.derivation.clock import clocks
from reportkit.registers.derivation.derive import derive_numbers
from reportkit.registers.derivation.kept import OutcomeDays, Timeliness
from reportkit.registers.derivation.timeliness import (
    Due,
    falls_due,
    overdue_findings,
    time_limits,
)
from reportkit.report import Town

DAY = timedelta(days=1)
LAST = date(covered_years()[-1], 12, 31)
DATES = (
    "received_on",
    "supplement_asked_on",
    "supplement_due_on",
    "supplemented_on",
    "extended_on",
    "replied_on",
    "fee_notified_on",
    "fee_paid_on",
)
OUTCOMES = ("granted", "refused.state_secret", "unavailable.not_held", "other.fee_overdue", "other")
Application = dict[str, Any]


def frame(*applications: Application, numbered: bool = True) -> pd.DataFrame:
    """Return applications as the cleaned register has them, only with the columns that occur."""
    names = dict.fromkeys(itertools.chain.from_iterable(applications))
    columns: dict[str, Any] = {}
    for name in names:
        values = [application.get(name) for application in applications]
        if name in DATES:
            columns[name] = pd.to_datetime(pd.Series(values, dtype=object)).astype("datetime64[s]")
        elif name == "consulting_days":
            columns[name] = pd.array(values, dtype="Int64")
        else:
            columns[name] = pd.Series(values, dtype=object)
    if numbered and "application_no" not in columns:
        columns["application_no"] = [str(i) for i in range(len(applications))]
    return pd.DataFrame(columns)


# -- the oracle ------------------------------------------------------------------------------


@cache
def works(day: date) -> bool:
    return bool(chinese_calendar.is_workday(day))


@dataclass
class Verdict:
    """What the oracle says of one application."""

    start: date | None
    due: date | None
    used: int | None
    extended: bool
    overdue: bool
    is_open: bool
    lapsed_on: date | None = None
    lapse: str | None = None


def walk(start: date, days: int, working: Callable[[date], bool]) -> date:
    """Walk working days; a calendar that never works ends at the end of time."""
    day = start
    while days and day < date(2200, 1, 1):
        day += DAY
        days -= working(day)
    return day


def oracle(
    application: Application,
    as_of: date,
    *,
    day_over: bool,
    working: Callable[[date], bool] = works,
) -> Verdict:
    """Judge one application by walking from day to day."""
    replied: date | None = application.get("replied_on")
    is_open = replied is None or replied > as_of
    end = as_of if replied is None or replied > as_of else replied

    def seen(name: str) -> date | None:
        day: date | None = application.get(name)
        return day if day is not None and day <= end else None

    start = application["received_on"]
    if seen("supplement_asked_on"):
        start = seen("supplemented_on")
    if paid := seen("fee_paid_on"):
        start = paid if start is None else max(start, paid)
    elif seen("fee_notified_on"):
        start = None
    if start is None:
        lapsed_on, lapse = _lapse(application, seen, working)
        if lapsed_on is None or not (
            lapsed_on < end or (is_open and day_over and lapsed_on == end)
        ):
            lapsed_on = lapse = None
        return Verdict(
            None,
            None,
            None,
            extended=False,
            overdue=False,
            is_open=is_open,
            lapsed_on=lapsed_on,
            lapse=lapse,
        )
    consulting = application.get("consulting_days") or 0
    due = walk(start, 20 + consulting, working)
    told = seen("extended_on")
    extended = told is not None and told <= due
    if extended:
        due = walk(due, 20, working)
    used = sum(working(start + (i + 1) * DAY) for i in range((end - start).days))
    overdue = end > due or (is_open and day_over and end == due)
    return Verdict(start, due, max(used - consulting, 0), extended, overdue, is_open)


def _lapse(
    application: Application,
    seen: Callable[[str], date | None],
    working: Callable[[date], bool],
) -> tuple[date | None, str | None]:
    """Return the last day to wait for, and what the application may be closed as after it."""
    asked, limit = seen("supplement_asked_on"), application.get("supplement_due_on")
    missing = asked and not seen("supplemented_on") and not seen("fee_paid_on")
    if missing and limit is not None and limit >= asked:
        if (told := seen("fee_notified_on")) is None:
            return limit, "other.correction_overdue"
        return min(
            (limit, "other.correction_overdue"), (walk(told, 20, working), "other.fee_overdue")
        )
    if (told := seen("fee_notified_on")) is not None and not seen("fee_paid_on"):
        return walk(told, 20, working), "other.fee_overdue"
    return None, None


def _date(stamp: Any) -> date | None:
    day: date | None = None if stamp is pd.NaT else stamp.date()
    return day


@st.composite
def drawn_applications(draw: st.DrawFn, first: date, last: date) -> Application:
    """Draw an application whose dates follow one another or, at times, do not."""
    application: Application = {"received_on": draw(st.dates(first, last))}
    for name in DATES[1:]:
        if draw(st.booleans()):
            base = draw(st.sampled_from([d for n, d in application.items() if n in DATES]))
            application[name] = base + draw(st.integers(-3, 60)) * DAY
    replied = application.get("replied_on")
    if replied is not None:
        application["replied_on"] = max(replied, application["received_on"])
        application["outcome"] = draw(st.sampled_from(OUTCOMES))
    if draw(st.booleans()):
        application["consulting_days"] = draw(st.integers(0, 30))
    return application


registers = st.lists(
    drawn_applications(date(2019, 1, 1), date(2024, 6, 30)), min_size=1, max_size=9
)
days = st.dates(date(2019, 1, 1), date(2025, 6, 30))


# -- clocks ----------------------------------------------------------------------------------


@given(registers, days, st.booleans())
def test_clocks_are_as_by_walking(rows: list[Application], as_of: date, day_over: bool) -> None:
    found = clocks(frame(*rows), as_of, day_over=day_over)
    for row, (_, clock) in zip(rows, found.iterrows(), strict=True):
        if row["received_on"] > as_of:
            continue  # an application that is not there yet
        verdict = oracle(row, as_of, day_over=day_over)
        assert clock["waiting"] == (verdict.start is None and verdict.lapse is None)
        assert clock["lapse"] == verdict.lapse
        assert _date(clock["start"]) == verdict.start
        assert _date(clock["due_on"]) == verdict.due
        assert clock["extended"] == verdict.extended
        assert clock["overdue"] == verdict.overdue
        assert (None if clock["days_used"] is pd.NA else clock["days_used"]) == verdict.used


@pytest.mark.parametrize(
    ("application", "start", "due", "overdue"),
    [
        ({"replied_on": "2024-02-29"}, "2024-01-29", "2024-02-29", False),  # on the very day
        ({"replied_on": "2024-03-01"}, "2024-01-29", "2024-02-29", True),
        # answered on a Saturday, before a due Monday and after a due Friday
        ({"received_on": "2024-02-19", "replied_on": "2024-03-16"}, "2024-02-19", "2024-03-18", 0),
        ({"received_on": "2024-02-18", "replied_on": "2024-03-16"}, "2024-02-18", "2024-03-15", 1),
        # an extension on the due day holds, one a day later does not
        (
            {"extended_on": "2024-02-29", "replied_on": "2024-03-28"},
            "2024-01-29",
            "2024-03-28",
            False,
        ),
        (
            {"extended_on": "2024-03-01", "replied_on": "2024-03-28"},
            "2024-01-29",
            "2024-02-29",
            True,
        ),
        # three days of consulting move the due day by three working days
        ({"consulting_days": 3, "replied_on": "2024-03-05"}, "2024-01-29", "2024-03-05", False),
        ({"consulting_days": 3, "replied_on": "2024-03-06"}, "2024-01-29", "2024-03-05", True),
        # the clock starts with the supplement, and again with the payment
        (
            {
                "supplement_asked_on": "2024-02-01",
                "supplemented_on": "2024-02-20",
                "replied_on": "2024-03-19",
            },
            "2024-02-20",
            "2024-03-19",
            False,
        ),
        (
            {
                "fee_notified_on": "2024-02-01",
                "fee_paid_on": "2024-02-20",
                "replied_on": "2024-03-20",
            },
            "2024-02-20",
            "2024-03-19",
            True,
        ),
        # a payment after the reply changes nothing
        (
            {"fee_paid_on": "2024-03-04", "replied_on": "2024-03-01"},
            "2024-01-29",
            "2024-02-29",
            True,
        ),
        # nobody asked: a supplement handed in unasked does not start the clock again
        (
            {"supplemented_on": "2024-02-20", "replied_on": "2024-03-01"},
            "2024-01-29",
            "2024-02-29",
            True,
        ),
    ],
)
def test_cases_worked_out_by_hand(
    application: dict[str, Any], start: str, due: str, overdue: bool
) -> None:
    received: Application = {"received_on": "2024-01-29"}
    clock = clocks(frame(received | application), date(2024, 12, 31)).iloc[0]
    assert (str(clock["start"].date()), str(clock["due_on"].date())) == (start, due)
    assert clock["overdue"] == overdue


@pytest.mark.parametrize(
    "application",
    [
        {"supplement_asked_on": date(2023, 1, 10)},
        {"fee_notified_on": date(2023, 1, 10)},
        {
            "supplement_asked_on": date(2023, 1, 10),
            "supplemented_on": date(2023, 1, 16),
            "fee_notified_on": date(2023, 2, 1),
        },
    ],
)
def test_a_waiting_case_has_no_running_clock(application: Application) -> None:
    rows = frame({"received_on": date(2023, 1, 5)} | application)
    clock = clocks(rows, date(2023, 2, 3)).iloc[0]
    assert clock["waiting"]
    assert not clock["overdue"]
    assert clock["days_used"] is pd.NA
    assert clock["due_on"] is pd.NaT
    assert falls_due(rows, date(2023, 2, 3), 1000) == ()
    given_up = rows.assign(replied_on=pd.Timestamp("2023-11-01"), outcome="other.other")
    limits = time_limits(given_up, 2023)
    assert (limits.on_time, limits.overdue, limits.median_days) == (1, 0, None)


# -- years without a notice ------------------------------------------------------------------


late_registers = st.lists(
    drawn_applications(LAST - 200 * DAY, LAST + 90 * DAY), min_size=1, max_size=6
)


@given(late_registers, st.integers(0, 120))
def test_what_is_said_of_an_uncovered_year_holds_whatever_the_notice_says(
    rows: list[Application], later: int
) -> None:
    as_of = LAST + later * DAY
    found = clocks(frame(*rows), as_of)
    notices: list[Callable[[date], bool]] = [
        lambda day: works(day) if day <= LAST else True,
        lambda day: works(day) if day <= LAST else False,
        lambda day: works(day) if day <= LAST else day.weekday() < 5,
        lambda day: works(day) if day <= LAST else day.day % 2 == 0,
    ]
    for row, (_, clock) in zip(rows, found.iterrows(), strict=True):
        if row["received_on"] > as_of:
            continue
        verdicts = [oracle(row, as_of, day_over=False, working=notice) for notice in notices]
        if clock["overdue"] is not pd.NA:
            assert {v.overdue for v in verdicts} == {bool(clock["overdue"])}
        elif "extended_on" not in row:
            assert len({v.overdue for v in verdicts}) == 2  # it really is open
        if clock["due_on"] is not pd.NaT:
            assert {v.due for v in verdicts} == {clock["due_on"].date()}
        if clock["days_used"] is not pd.NA:
            assert {v.used for v in verdicts} == {clock["days_used"]}


def test_an_uncovered_year_is_said_plainly() -> None:
    year = LAST.year + 1
    rows = frame(
        {
            "received_on": date(year, 3, 1),
            "replied_on": date(year, 4, 20),
            "outcome": "granted",
            "application_no": "甲-1",
        },
        {"received_on": date(year, 3, 1), "replied_on": date(year, 3, 8), "outcome": "granted"},
        {"received_on": date(year, 10, 1), "application_no": "甲-3"},
    )
    limits = time_limits(rows, year)
    assert (limits.replied, limits.on_time, limits.overdue, limits.unknown) == (2, 1, 0, 1)
    assert (limits.open_overdue, limits.open_unknown) == (0, 1)
    assert limits.uncovered_years == (year,)
    granted = limits.by_outcome[0]
    assert (granted.count, granted.on_time, granted.overdue, granted.unknown) == (2, 1, 0, 1)
    assert granted.median_days is None
    assert limits.on_time_rate is None
    assert limits.median_days is None
    assert limits.longest_days is None
    (finding,) = overdue_findings(rows, year)
    assert (finding.code, finding.level) == ("TIME-CALENDAR", "info")
    assert f"没有{year}年的" in finding.message
    assert "2件申请" in finding.message
    assert "甲-1、甲-3" in finding.message
    assert falls_due(rows, date(year, 11, 30), 3) == (Due(None, "甲-3", None, None, None),)
    certainly_not = Due(None, "甲-3", None, None, overdue=False)
    assert falls_due(rows, date(year, 10, 20), 3) == (certainly_not,)
    assert falls_due(rows, date(year, 10, 10), 3) == ()  # nine days cannot be seventeen


# -- a year ----------------------------------------------------------------------------------


@given(registers, st.integers(2019, 2024))
def test_a_years_counts_are_as_by_walking(rows: list[Application], year: int) -> None:
    limits = time_limits(frame(*rows), year)
    end = date(year, 12, 31)
    seen = [(row, oracle(row, end, day_over=True)) for row in rows if row["received_on"] <= end]
    replied = [(r, v) for r, v in seen if not v.is_open and r["replied_on"].year == year]
    used = [v.used for _, v in replied if v.used is not None]
    assert limits.replied == len(replied)
    assert limits.overdue == sum(v.overdue for _, v in replied)
    assert limits.on_time == limits.replied - limits.overdue
    assert limits.unknown == 0
    assert limits.extended == sum(v.extended for _, v in replied)
    assert limits.open_overdue == sum(v.is_open and v.overdue for _, v in seen)
    assert limits.median_days == (Decimal(str(median(used))) if used else None)
    assert limits.longest_days == max(used, default=None)
    assert limits.uncovered_years == ()
    assert limits.open_unknown == 0
    for line in limits.by_outcome:
        own = [v for r, v in replied if r["outcome"].split(".")[0] == line.code]
        days_used = [v.used for v in own if v.used is not None]
        assert (line.count, line.overdue) == (len(own), sum(v.overdue for v in own))
        assert line.on_time + line.overdue + line.unknown == line.count
        assert line.median_days == (Decimal(str(median(days_used))) if days_used else None)
    assert sum(line.count for line in limits.by_outcome) == limits.replied


@given(registers, st.integers(2019, 2023))
def test_next_years_work_never_changes_last_years_limits(
    rows: list[Application], year: int
) -> None:
    blank = empty_frame("applications")
    whole = frame(*rows).reindex(columns=blank.columns).astype(blank.dtypes.to_dict())
    data = TownData(Town(id="a-town", name="甲镇"), None, {"applications": whole})
    cut = data.as_of(year).frame("applications")
    assert time_limits(cut, year) == time_limits(whole, year)
    assert overdue_findings(cut, year) == overdue_findings(whole, year)


@pytest.mark.parametrize("edition", ["2019", "2021"])
def test_outcomes_are_grouped_as_the_form_has_them(edition: str) -> None:
    form = load_edition(edition)
    rows = [
        {"received_on": date(2022, 3, 1), "replied_on": date(2022, 3, 8), "outcome": row.code}
        for row in load_edition("2021").outcome_rows()
    ]
    limits = time_limits(frame(*rows), 2022, form)
    labels = [line.label for line in limits.by_outcome]
    assert labels[0] == "（一）予以公开"
    assert labels[2:] == ["（三）不予公开", "（四）无法提供", "（五）不予处理", "（六）其他处理"]
    assert [line.count for line in limits.by_outcome] == [1, 1, 8, 3, 5, 3]
    assert {line.median_days for line in limits.by_outcome} == {Decimal(5)}


@pytest.mark.parametrize(
    ("on_time", "replied", "rate"),
    [
        (0, 0, None),
        (0, 9, "0"),
        (9, 9, "100"),
        (1, 3, "33.3"),
        (2, 3, "66.7"),
        (1, 100_000, "0.1"),  # never rounded to what it is not
        (99_999, 100_000, "99.9"),
        (1, 2, "50"),
        (1, 16, "6.3"),  # half up
    ],
)
def test_the_rate_says_0_and_100_only_where_it_is_so(
    on_time: int, replied: int, rate: str | None
) -> None:
    limits = Timeliness(
        replied=replied,
        on_time=on_time,
        overdue=replied - on_time,
        unknown=0,
        extended=0,
        open_overdue=0,
        median_days=None,
        longest_days=None,
        by_outcome=(),
        uncovered_years=(),
    )
    assert limits.on_time_rate == (None if rate is None else Decimal(rate))


def test_the_day_of_the_years_end() -> None:
    """Due on 31 December 2024, a working day: open at its end is overdue, replied on it is not."""
    received = date(2024, 12, 3)
    assert walk(received, 20, works) == date(2024, 12, 31)
    still_open = {"received_on": received}
    replied = {"received_on": received, "replied_on": date(2024, 12, 31), "outcome": "granted"}
    limits = time_limits(frame(still_open, replied), 2024)
    assert (limits.open_overdue, limits.on_time, limits.overdue) == (1, 1, 0)
    (due,) = falls_due(frame(still_open), date(2024, 12, 31), 0)
    assert (due.due_on, due.days_left, due.overdue) == (date(2024, 12, 31), 0, False)


def test_no_applications_at_all() -> None:
    for nothing in (empty_frame("applications"), pd.DataFrame({"application_no": []})):
        limits = time_limits(nothing, 2022)
        assert (limits.replied, limits.on_time_rate, limits.median_days) == (0, None, None)
        assert overdue_findings(nothing, 2022) == ()
        assert falls_due(nothing, date(2022, 5, 1), 99) == ()


A_YEAR: list[Application] = [
    {"received_on": date(2024, 3, 1), "replied_on": date(2024, 3, 8), "outcome": "granted"},
    {
        "received_on": date(2024, 3, 1),
        "extended_on": date(2024, 3, 20),
        "replied_on": date(2024, 4, 10),
        "outcome": "granted",
    },
    {
        "received_on": date(2024, 1, 2),
        "replied_on": date(2024, 3, 1),
        "outcome": "refused.third_party",
    },
    {
        "received_on": date(2024, 6, 3),
        "consulting_days": 2,
        "replied_on": date(2024, 6, 20),
        "outcome": "granted",
    },
    {"received_on": date(2024, 6, 3)},
    {"received_on": date(2023, 1, 3), "replied_on": date(2023, 2, 1), "outcome": "granted"},
    {"received_on": date(2003, 6, 2), "replied_on": date(2003, 7, 1), "outcome": "granted"},
]


def test_a_year_worked_out_by_hand() -> None:
    """5, 27, 40 and 12 less 2 working days; what was answered in other years is not judged."""

    def line(code: str, label: str, on_time: int, overdue: int, days: int | None) -> OutcomeDays:
        median_days = None if days is None else Decimal(days)
        return OutcomeDays(code, label, on_time + overdue, on_time, overdue, 0, median_days)

    rows = load_edition("2021").outcome_rows()
    assert time_limits(frame(*A_YEAR), 2024) == Timeliness(
        replied=4,
        on_time=3,
        overdue=1,
        unknown=0,
        extended=1,
        open_overdue=1,
        median_days=Decimal("18.5"),
        longest_days=40,
        by_outcome=(
            line("granted", rows[0].label, 3, 0, 10),
            line("granted_in_part", rows[1].label, 0, 0, None),
            line("refused", "（三）不予公开", 0, 1, 40),
            line("unavailable", "（四）无法提供", 0, 0, None),
            line("not_processed", "（五）不予处理", 0, 0, None),
            line("other", "（六）其他处理", 0, 0, None),
        ),
        uncovered_years=(),
        open_unknown=0,
    )
    assert time_limits(frame(*A_YEAR), 2024).on_time_rate == Decimal(75)


def test_the_groups_of_an_older_form_may_be_asked_for() -> None:
    limits = time_limits(frame(*A_YEAR), 2024, load_edition("2019"))
    assert [line.code for line in limits.by_outcome] == [
        row.code.split(".")[0]
        for row in load_edition("2019").outcome_rows()
        if row.code.endswith(
            ("granted", "in_part", "state_secret", "not_held", "petition", "other")
        )
    ]


def test_the_findings_of_a_year_word_by_word() -> None:
    late, still_open = overdue_findings(frame(*A_YEAR), 2024)
    assert late.message == (
        "2024年答复的申请中有1件超过法定期限：2。"
        "答复期限为二十个工作日，依法延期的再加二十个工作日，征求意见所需时间不计。"
        "请核对收到、补正、延期、缴费、答复日期和征求意见工作日的登记；"
        "登记无误的，应在存在的主要问题中如实说明。"
    )
    assert still_open.message == (
        "截至2024年12月31日，有1件申请超过法定期限仍未答复：4。"
        "请尽快答复；已经答复、延期或者通知补正的，请补登日期。"
    )
    (lapsed,) = overdue_findings(
        frame({"received_on": date(2024, 2, 26), "fee_notified_on": date(2024, 3, 1)}), 2024
    )
    assert lapsed.message == (
        "截至2024年12月31日，有1件申请逾期未补正或者逾期未缴费：0。"
        "申请人无正当理由逾期不补正的，或者逾期未按收费通知缴费的，可以不再处理，"
        "分别按“其他处理”中的逾期不补正、逾期不缴费办结；已经补正、缴费的，请补登日期。"
    )
    assert lapsed.basis == "政府信息公开条例第三十条；国办函〔2020〕109号"
    year = LAST.year + 1
    (doubtful,) = overdue_findings(frame({"received_on": date(year, 10, 1)}), year)
    assert doubtful.message == (
        f"工作日历只有2004年至{LAST.year}年的放假安排，没有{year}年的，无法判断1件申请是否超期：0。"
        "请更新工作日历（chinesecalendar）后重新生成，或者自行核对。"
    )
    for finding in (late, still_open, lapsed, doubtful):
        assert finding.place == Place(register="applications")


# -- what falls due --------------------------------------------------------------------------


@given(registers, days, st.integers(0, 30))
def test_what_falls_due_is_as_by_walking(rows: list[Application], today: date, within: int) -> None:
    expected = {}
    for i, row in enumerate(rows):
        verdict = oracle(row, today, day_over=False)
        due = verdict.due or verdict.lapsed_on
        if row["received_on"] > today or not verdict.is_open or due is None:
            continue
        low, high = sorted((today, due))
        left = sum(works(low + (i + 1) * DAY) for i in range((high - low).days))
        left = left if today <= due else -left
        if left <= within:
            expected[str(i)] = (due, left, verdict.overdue, verdict.lapse)
    found = falls_due(frame(*rows), today, within)
    assert {
        d.application_no: (d.due_on, d.days_left, d.overdue, d.may_close_as) for d in found
    } == expected
    assert [d.days_left for d in found] == sorted(left for _, left, _, _ in expected.values())


def test_what_falls_due_is_sorted_by_urgency() -> None:
    today = date(2024, 3, 29)
    rows = frame(
        {"received_on": date(2024, 3, 1), "town": "b-town", "application_no": "10"},
        {"received_on": date(2024, 3, 1), "town": "b-town", "application_no": "9"},
        {"received_on": date(2024, 3, 1), "town": "a-town", "application_no": "11"},
        {"received_on": date(2024, 2, 28), "town": "c-town", "application_no": "12"},
        {"received_on": today, "town": "c-town", "application_no": "13"},
        {"received_on": today + DAY, "town": "c-town", "application_no": "14"},
    )
    found = falls_due(rows, today, 20)
    assert [(d.town, d.application_no, d.days_left, d.overdue) for d in found] == [
        ("c-town", "12", -2, True),
        ("a-town", "11", 0, False),
        ("b-town", "9", 0, False),
        ("b-town", "10", 0, False),
        ("c-town", "13", 20, False),
    ]
    assert [d.application_no for d in falls_due(rows, today, 0)] == ["12", "11", "9", "10"]
    assert [d.application_no for d in falls_due(rows, today, -1)] == ["12"]


def test_what_falls_due_names_no_person() -> None:
    rows = frame(
        {
            "received_on": date(2024, 3, 1),
            "town": "a-town",
            "application_no": "〔2024〕7号",
            "applicant_key": "K-CANARY",
            "applicant_name": "CANARY",
            "requested": "CANARY",
        }
    )
    (due,) = falls_due(rows, date(2024, 3, 20), 10)
    assert due == Due("a-town", "〔2024〕7号", date(2024, 3, 29), 7, overdue=False)
    assert [f.name for f in fields(due)] == [
        "town",
        "application_no",
        "due_on",
        "days_left",
        "overdue",
        "may_close_as",
    ]
    assert "CANARY" not in repr(due) + repr(overdue_findings(rows, 2024))


# -- findings --------------------------------------------------------------------------------


def test_late_replies_and_late_open_cases_are_two_findings() -> None:
    rows = frame(
        {
            "received_on": date(2023, 3, 1),
            "replied_on": date(2023, 6, 1),
            "outcome": "granted",
            "application_no": "2023-10",
        },
        {
            "received_on": date(2023, 3, 1),
            "replied_on": date(2023, 6, 1),
            "outcome": "granted",
            "application_no": "2023-9",
        },
        {"received_on": date(2023, 3, 1), "application_no": "联系13800138000"},
        {
            "received_on": date(2023, 3, 1),
            "replied_on": date(2023, 3, 6),
            "outcome": "granted",
            "application_no": "2023-1",
        },
        {
            "received_on": date(2022, 3, 1),
            "replied_on": date(2022, 9, 6),
            "outcome": "granted",
            "application_no": "2022-1",
        },
    )
    late, still_open = overdue_findings(rows, 2023)
    for finding in (late, still_open):
        assert (finding.code, finding.level) == ("TIME-OVERDUE", "warning")
        assert finding.basis == "政府信息公开条例第三十三条"
        assert "2023-1、" not in finding.message
        assert "2022-1" not in finding.message
    assert "有2件超过法定期限：2023-9、2023-10。" in late.message
    assert "1件申请超过法定期限仍未答复：联系［手机号］。" in still_open.message
    assert overdue_findings(rows, 2021) == ()


@settings(max_examples=5)
@given(st.integers(0, 3))
def test_any_index_will_do(shift: int) -> None:
    rows = frame(*({"received_on": date(2023, 3, 1)} for _ in range(4)))
    rows.index = pd.Index([shift] * 4)
    assert clocks(rows, date(2023, 6, 1)).index.equals(rows.index)
    assert len(falls_due(rows, date(2023, 6, 1), 0)) == 4
    assert "4件" in overdue_findings(rows, 2023)[0].message


# -- lapses ----------------------------------------------------------------------------------


def test_a_supplement_that_does_not_come_lapses_on_the_day_after_its_limit() -> None:
    """The limit is a Friday; a blank one is not judged, and a supplement in time starts the clock."""
    asked = {
        "received_on": date(2024, 3, 1),
        "supplement_asked_on": date(2024, 3, 5),
        "supplement_due_on": date(2024, 3, 15),
    }
    rows = frame(
        asked,
        asked | {"supplement_due_on": None},
        asked | {"supplemented_on": date(2024, 3, 15)},
        asked | {"replied_on": date(2024, 3, 18), "outcome": "other.correction_overdue"},
    )
    assert falls_due(rows, date(2024, 3, 15), 5) == ()
    (due,) = falls_due(rows, date(2024, 3, 18), 5)
    assert (due.application_no, due.due_on, due.days_left) == ("0", date(2024, 3, 15), -1)
    assert (due.may_close_as, due.overdue) == ("other.correction_overdue", False)


def test_a_limit_may_end_on_the_day_of_the_question_for_a_supplement() -> None:
    asked = date(2024, 3, 5)
    row = {"received_on": date(2024, 3, 1), "supplement_asked_on": asked}
    rows = frame(
        row | {"supplement_due_on": asked},
        row | {"supplement_due_on": asked - DAY},  # a slip of the pen
    )
    rows.index = pd.Index([7, 3])
    found = clocks(rows, date(2024, 3, 29))
    assert found.index.equals(rows.index)
    assert found["lapse"].tolist() == ["other.correction_overdue", None]
    assert found["waiting"].tolist() == [False, True]


def test_the_due_day_itself_is_late_only_when_it_is_over() -> None:
    rows = frame({"received_on": date(2024, 1, 29)})
    due = date(2024, 2, 29)
    for as_of, day_over, late in ((due, False, False), (due, True, True), (due + DAY, False, True)):
        assert clocks(rows, as_of, day_over=day_over)["overdue"].tolist() == [late]
    assert clocks(rows, due)["overdue"].tolist() == [False]


def test_a_fee_that_is_not_paid_lapses_after_20_working_days() -> None:
    """Notified on 1 March 2024: the twentieth working day after it is 29 March."""
    rows = frame({"received_on": date(2024, 2, 26), "fee_notified_on": date(2024, 3, 1)})
    assert falls_due(rows, date(2024, 3, 29), 5) == ()
    (due,) = falls_due(rows, date(2024, 4, 1), 5)
    assert (due.due_on, due.days_left, due.may_close_as) == (
        date(2024, 3, 29),
        -1,
        "other.fee_overdue",
    )
    (finding,) = overdue_findings(rows, 2024)
    assert (finding.code, finding.level) == ("TIME-LAPSED", "info")
    assert "有1件申请逾期未补正或者逾期未缴费：0" in finding.message
    assert "第三十条" in finding.basis
    assert time_limits(rows, 2024).open_overdue == 0


# -- the turn of the year --------------------------------------------------------------------


@pytest.mark.parametrize(
    "received",
    [
        date(2023, 12, 30),
        date(2023, 12, 31),
        date(2024, 1, 1),
        date(2024, 1, 2),
    ],
)
@pytest.mark.parametrize(
    "replied",
    [date(2023, 12, 31), date(2024, 1, 1), date(2024, 1, 2), date(2024, 1, 29), date(2024, 1, 30)],
)
def test_the_days_around_new_year(received: date, replied: date) -> None:
    """What is received by 31 December and answered after it is carried forward; 20 working days on is late.

    From 30 or 31 December 2023 or 1 January 2024, rest days all, the twentieth working day is 29 January.
    """
    if replied < received:
        return
    row = {
        "received_on": received,
        "replied_on": replied,
        "outcome": "granted",
        "applicant_type": "natural_person",
    }
    data = TownData(
        Town(id="a-town", name="某镇"),
        frames={"applications": frame(row).reindex(columns=[*empty_frame("applications")])},
        coverage={"applications": ((2019, None),)},
    )
    cases = Cases(data)
    for year in (2023, 2024):
        cells = derive_numbers(cases, year).cells
        assert cells["t3.received.total"] == (received.year == year)
        assert cells["t3.handled.total"] == (replied.year == year)
        carried = received.year == 2023 and replied.year == 2024
        assert cells["t3.carried_forward.total"] == (carried and year == 2023)
        assert cells["t3.carried_in.total"] == (carried and year == 2024)
    late = replied > (date(2024, 1, 29) if received <= date(2024, 1, 1) else date(2024, 1, 30))
    limits = time_limits(frame(row), replied.year)
    assert (limits.on_time, limits.overdue) == (int(not late), int(late))
