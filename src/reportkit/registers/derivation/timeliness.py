"""Time limits (答复期限) of a year: how they were kept, and what falls due next.

Source: Regulations on Open Government Information (政府信息公开条例), articles 30 and 33. How the
clock of one application runs is told in :mod:`reportkit.registers.derivation.clock`.
"""

from __future__ import annotations

import statistics
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reportkit.finding import Finding, Place
from reportkit.form import Edition, edition_for
from reportkit.registers.derivation.calendar import (
    Counts,
    count_between,
    covered_years,
    uncovered_years,
)
from reportkit.registers.derivation.clock import Clocks, Flags, run_clocks
from reportkit.registers.derivation.kept import OutcomeDays, Timeliness
from reportkit.registers.derivation.numbering import NumberOrder, list_numbers, number_order
from reportkit.registers.rows import Rows

BASIS = "政府信息公开条例第三十三条"
LAPSE_BASIS = "政府信息公开条例第三十条；国办函〔2020〕109号"


@dataclass(frozen=True, slots=True)
class Due:
    """One open application and when it falls due. Holds nothing personal."""

    town: str | None
    application_no: str
    due_on: date | None
    """``None`` where the due day lies in a year that the calendar does not cover."""
    days_left: int | None
    """Working days left after today, negative where that many are past; ``None``: not known."""
    overdue: bool | None
    """The due day is past; ``None``: not known."""
    may_close_as: str | None = None
    """The outcome's code where the supplement or the fee did not come by ``due_on`` (see
    :mod:`reportkit.registers.derivation.clock`): there is no reply to wait for."""


def time_limits(
    applications: Rows | pd.DataFrame, year: int, edition: Edition | None = None
) -> Timeliness:
    """Judge the replies of a year, and what was open at its end.

    ``applications`` holds the register's stored columns, cleaned; a missing column is a blank
    one. Rows and dates after the year's end are passed over. ``edition`` gives the groups of
    outcomes, by default that of the year; raises :class:`~reportkit.errors.FormError` for a year
    without one.
    """
    applications = Rows.of(applications)
    form = edition or edition_for(year)
    replied, is_open, run = _of_year(applications, year)
    outcomes = _outcome_groups(applications, form)
    by_outcome = []
    for code, label in _groups(form).items():
        rows = replied & (outcomes == code)
        by_outcome.append(
            OutcomeDays(
                code=code,
                label=label,
                count=_count(rows),
                on_time=_count(rows & run.in_time),
                overdue=_count(rows & run.overdue),
                unknown=_count(rows & run.unknown),
                median_days=_median(_days(run, rows)),
            )
        )
    days = _days(run, replied)
    judged = replied | is_open
    return Timeliness(
        replied=_count(replied),
        on_time=_count(replied & run.in_time),
        overdue=_count(replied & run.overdue),
        unknown=_count(replied & run.unknown),
        extended=_count(replied & run.extended),
        open_overdue=_count(is_open & run.overdue),
        median_days=_median(days),
        longest_days=int(days.max()) if days.size else None,
        by_outcome=tuple(by_outcome),
        uncovered_years=uncovered_years(run.start[judged], run.seen[judged]),
        open_unknown=_count(is_open & run.unknown),
    )


def falls_due(applications: pd.DataFrame, today: date, within_days: int) -> tuple[Due, ...]:
    """Return the open applications that fall due within so many working days, the gravest first.

    Those whose due day is past are among them, and those that have lapsed and may be closed, with the last
    day for the supplement or the fee as their due day. Waiting cases have no due day and are left out.
    Where the calendar does not cover the days, an application that may fall due is listed last, its
    days unknown.
    """
    run = run_clocks(applications, today)
    received = Rows.of(applications).days("received_on") <= np.datetime64(today, "D")
    lapsed = ~np.isnat(run.lapsed_on)
    since = count_between(run.lapsed_on, run.seen)
    due_on = np.where(lapsed, run.lapsed_on, run.due_on)
    # Where it is not known, the fewest it can be
    left = np.where(lapsed, -since.most, run.allowed.least - run.used.most)
    known = np.where(
        lapsed,
        since.least == since.most,
        run.days_known & (run.allowed.least == run.allowed.most),
    )
    listed = received & run.is_open & ~run.waiting & (left <= within_days)
    towns = applications.get("town")
    rows = [
        Due(
            None if towns is None else str(towns.iloc[i]),
            str(applications["application_no"].iloc[i]),
            None if np.isnat(due_on[i]) else due_on[i].item(),
            int(left[i]) if known[i] else None,
            None if run.unknown[i] else bool(run.overdue[i]),
            run.lapse[i],
        )
        for i in np.flatnonzero(listed)
    ]
    return tuple(sorted(rows, key=_urgency))


def overdue_findings(applications: Rows | pd.DataFrame, year: int) -> tuple[Finding, ...]:
    """Return the findings on the time limits of a year.

    They name replies after the due day, open cases past it, and what the calendar cannot judge.
    Frame and cut-off are those of :func:`time_limits`.
    """
    applications = Rows.of(applications)
    replied, is_open, run = _of_year(applications, year)
    doubtful = (replied | is_open) & run.unknown
    findings = []
    if (late := replied & run.overdue).any():
        findings.append(
            _finding(
                "TIME-OVERDUE",
                "warning",
                f"{year}年答复的申请中有{late.sum()}件超过法定期限：{_numbers(applications, late)}。"
                "答复期限为二十个工作日，依法延期的再加二十个工作日，征求意见所需时间不计。"
                "请核对收到、补正、延期、缴费、答复日期和征求意见工作日的登记；登记无误的，应在存在的主要问题中如实说明。",
            )
        )
    if (late := is_open & run.overdue).any():
        findings.append(
            _finding(
                "TIME-OVERDUE",
                "warning",
                f"截至{year}年12月31日，有{late.sum()}件申请超过法定期限仍未答复：{_numbers(applications, late)}。"
                "请尽快答复；已经答复、延期或者通知补正的，请补登日期。",
            )
        )
    if (lapsed := is_open & ~np.isnat(run.lapsed_on)).any():
        findings.append(
            _finding(
                "TIME-LAPSED",
                "info",
                f"截至{year}年12月31日，有{lapsed.sum()}件申请逾期未补正或者逾期未缴费：{_numbers(applications, lapsed)}。"
                "申请人无正当理由逾期不补正的，或者逾期未按收费通知缴费的，可以不再处理，"
                "分别按“其他处理”中的逾期不补正、逾期不缴费办结；已经补正、缴费的，请补登日期。",
                LAPSE_BASIS,
            )
        )
    if doubtful.any():
        covered = covered_years()
        missing = "、".join(map(str, uncovered_years(run.start[doubtful], run.seen[doubtful])))
        findings.append(
            _finding(
                "TIME-CALENDAR",
                "info",
                f"工作日历只有{covered[0]}年至{covered[-1]}年的放假安排，没有{missing}年的，"
                f"无法判断{doubtful.sum()}件申请是否超期：{_numbers(applications, doubtful)}。"
                "请更新工作日历（chinesecalendar）后重新生成，或者自行核对。",
            )
        )
    return tuple(findings)


def _of_year(applications: Rows, year: int) -> tuple[Flags, Flags, Clocks]:
    """Return which were replied to in a year, which were open at its end, and their clocks."""
    first, end = np.datetime64(date(year, 1, 1), "D"), np.datetime64(date(year, 12, 31), "D")
    received, replied = (applications.days(name) for name in ("received_on", "replied_on"))
    run = run_clocks(applications, date(year, 12, 31), day_over=True)
    return (replied >= first) & (replied <= end), (received <= end) & run.is_open, run


def _groups(form: Edition) -> dict[str, str]:
    """Return the form's groups of outcomes: code and label, in the form's order.

    A row under a heading of its own belongs to that heading's group, any other row is its own.
    """
    groups: dict[str, str] = {}
    for row in form.outcome_rows():
        groups.setdefault(row.code.split(".")[0], row.path[-1] if len(row.path) > 1 else row.label)
    return groups


def _outcome_groups(applications: Rows, form: Edition) -> NDArray[np.object_]:
    """Return each application's group by its outcome; ``None`` for one that the form has not."""
    groups = _groups(form)
    outcomes = applications.values("outcome")
    of = {code: group for code in {*outcomes} if (group := str(code).split(".")[0]) in groups}
    found = np.full(len(outcomes), None, dtype=object)
    found[:] = [of.get(code) for code in outcomes]
    return found


def _count(rows: Flags) -> int:
    return int(np.count_nonzero(rows))


def _days(run: Clocks, rows: Flags) -> Counts:
    """Return the days used by some cases; none at all where those of one that ran are unknown."""
    ran = rows & ~np.isnat(run.start)
    return run.days_used[ran & run.days_known.all(where=ran)]


def _median(days: Counts) -> Decimal | None:
    return statistics.median([Decimal(day) for day in days.tolist()]) if days.size else None


def _urgency(due: Due) -> tuple[bool, int, bool, str, NumberOrder]:
    left, number = due.days_left, number_order(due.application_no)
    return (left is None, left or 0, not due.overdue, due.town or "", number)


def _numbers(applications: Rows, rows: Flags) -> str:
    return list_numbers(str(number) for number in applications.values("application_no")[rows])


def _finding(code: str, level: str, message: str, basis: str = BASIS) -> Finding:
    return Finding.model_validate(
        {
            "code": code,
            "level": level,
            "message": message,
            "basis": basis,
            "place": Place(register="applications"),
        }
    )
