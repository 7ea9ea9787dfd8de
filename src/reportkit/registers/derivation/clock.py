"""The clock of an application (答复期限): when it started, when it is due, whether it ran out.

Source: Regulations on Open Government Information (政府信息公开条例), articles 30 and 33, and
docs/registers.md. An application is due 20 working days after its clock started, the start day not
counted, and 20 more where the applicant was told of an extension not after that day; the working
days spent consulting third parties or other bodies are left out.

- The clock starts on ``supplemented_on`` where a supplement was asked, else on ``received_on``; it
  starts again on ``fee_paid_on``. The latest of these counts.
- While a supplement was asked for and is not there (or a fee notified and not paid) no clock
  runs: by article 30 the time runs from the day the supplement comes. Such a case is *waiting*:
  it has no due day and no days used; while open it is not overdue, and a reply to it is in time.
- It does not wait for ever. Where the supplement is not there by ``supplement_due_on`` (blank: nobody can
  tell), or the fee is not paid within 20 working days after ``fee_notified_on``, the day the notice arrives
  (国办函〔2020〕109号), the application has *lapsed*: the body may close it as ``other.correction_overdue`` or
  ``other.fee_overdue``. No time limit is set for that, so it is neither waiting nor overdue.
- A blank ``extended_on`` or ``consulting_days`` says that there was no extension or consultation.
- What happened after the reply cannot change whether the reply was in time, and is not looked at.
- Consulting days may be older than a second start; days used are never less than nought.
- A reply on a rest day after the due day is late, though no further working day was used.

Nothing is guessed where the calendar does not cover a year: overdue is said only where it holds
whatever days will be working days there, and is unknown otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reportkit.registers.derivation.calendar import Counts, DayRange, Days, count_between, due_dates
from reportkit.registers.rows import Rows

LIMIT = 20
"""Working days to reply in (article 33); an extension adds as many again."""

Flags = NDArray[np.bool_]
_DAY = np.timedelta64(1, "D")
_NEVER = np.datetime64("NaT", "D")
_MOST_DAYS = 1_000_000
"""A longer consultation than this makes no difference to any date."""


@dataclass(frozen=True)
class Clocks:
    """What is known of each application, as arrays in the frame's order."""

    is_open: Flags
    """Not replied to by the day of the question."""
    seen: Days
    """The last day looked at: that of the reply, else that of the question."""
    start: Days
    """``NaT`` where no clock runs."""
    waiting: Flags
    """For a supplement or for a fee, and not lapsed."""
    lapsed_on: Days
    """The last day for the supplement or the fee where it is past and neither came; ``NaT``: not lapsed."""
    lapse: NDArray[np.object_]
    """What a lapsed application may be closed as, the outcome's code; ``None`` for the others."""
    allowed: DayRange
    """Working days allowed: the limit, the extension and the consulting days."""
    consulting: Counts
    extended: Flags
    """For certain, and in time."""
    due_on: Days
    """``NaT`` where no clock runs, and where the calendar cannot tell."""
    used: DayRange
    """Working days from the start to the end, nothing left out."""
    overdue: Flags
    in_time: Flags
    """Due day not past; where neither this nor ``overdue`` holds, it is undetermined."""

    @property
    def unknown(self) -> Flags:
        """Those that may or may not be overdue: undetermined."""
        return ~self.overdue & ~self.in_time

    @property
    def days_known(self) -> Flags:
        """Those whose days used are known: the clock ran, and in covered years only."""
        known: Flags = self.used.least == self.used.most
        return known

    @property
    def days_used(self) -> Counts:
        """Working days used, without the consulting days; of meaning where ``days_known``."""
        days: Counts = np.maximum(self.used.least - self.consulting, 0)
        return days


def clocks(applications: pd.DataFrame, as_of: date, *, day_over: bool = False) -> pd.DataFrame:
    """Return :func:`run_clocks` as a frame with the index of ``applications``.

    Columns: ``start`` and ``due_on`` (``datetime64[s]``), ``waiting`` and ``extended`` (``bool``), ``lapse`` (a code or ``None``),
    ``days_used`` (``Int64``: to the reply, or to ``as_of`` while open), ``overdue`` (``boolean``).
    """
    run = run_clocks(applications, as_of, day_over=day_over)
    return pd.DataFrame(
        {
            "start": run.start.astype("datetime64[s]"),
            "waiting": run.waiting,
            "lapse": pd.Series(run.lapse, index=applications.index, dtype=object),
            "due_on": run.due_on.astype("datetime64[s]"),
            "days_used": pd.arrays.IntegerArray(run.days_used, ~run.days_known),
            "extended": run.extended,
            "overdue": pd.arrays.BooleanArray(run.overdue, run.unknown),
        },
        index=applications.index,
    )


def run_clocks(applications: Rows | pd.DataFrame, as_of: date, *, day_over: bool = False) -> Clocks:
    """Run every application's clock to its reply, or to ``as_of`` while it is open.

    ``applications`` holds the register's stored columns, cleaned; a missing column is a blank one.
    An open application due on ``as_of`` itself is overdue only where ``day_over``.
    """
    applications = Rows.of(applications)
    day = np.datetime64(as_of, "D")
    replied = applications.days("replied_on")
    is_open = ~(replied <= day)
    seen = np.where(is_open, day, replied)
    received = applications.days("received_on")
    asked, supplemented, extended_on, notified, paid = (
        _until(applications.days(name), seen)
        for name in (
            "supplement_asked_on",
            "supplemented_on",
            "extended_on",
            "fee_notified_on",
            "fee_paid_on",
        )
    )
    start = np.fmax(np.where(np.isnat(asked), received, supplemented), paid)
    unclear = ~np.isnat(received) & np.isnat(start)
    unpaid = ~np.isnat(received) & ~np.isnat(notified) & np.isnat(paid)
    stopped = unclear | unpaid
    start[stopped] = np.datetime64("NaT")
    ends = np.where(is_open & day_over, day + _DAY, seen)
    lapsed_on, lapse = _lapses(
        np.where(unclear, applications.days("supplement_due_on"), _NEVER),
        np.where(unpaid, due_dates(notified, np.full(len(notified), LIMIT)), _NEVER),
        ends,
        asked,
    )
    waiting = stopped & np.isnat(lapsed_on)

    consulting = _whole(applications, "consulting_days")
    before = count_between(start, _day_before(extended_on))  # due on a rest day there is not
    extended = before.most < LIMIT + consulting
    perhaps = before.least < LIMIT + consulting
    told = ~np.isnat(extended_on)
    extended &= told
    perhaps &= told
    allowed = DayRange(
        LIMIT + consulting + LIMIT * extended,
        LIMIT + consulting + LIMIT * perhaps,
    )
    due_on = due_dates(start, allowed.least)
    due_on[extended != perhaps] = np.datetime64("NaT")

    past = count_between(start, _day_before(ends))  # whole days gone by before the end
    overdue = past.least >= allowed.most
    in_time = stopped | (past.most < allowed.least)
    return Clocks(
        is_open,
        seen,
        start,
        waiting,
        lapsed_on,
        lapse,
        allowed,
        consulting,
        extended,
        due_on,
        count_between(start, seen),
        overdue,
        in_time,
    )


def _lapses(
    supplement: Days, fee: Days, ends: Days, asked: Days
) -> tuple[Days, NDArray[np.object_]]:
    """Return the day of each lapse that lies before ``ends``, and the outcome that it allows.

    A limit before the day on which the supplement was asked for is a slip of the pen and tells nothing.
    """
    fell, late = (supplement < ends) & ~(supplement < asked), fee < ends
    first = fell & ~(late & (fee < supplement))  # of two limits that are past, the earlier decides
    day = np.where(first, supplement, np.where(late, fee, _NEVER)).astype("datetime64[D]")
    code = np.full(len(day), None, dtype=object)
    code[late] = "other.fee_overdue"
    code[first] = "other.correction_overdue"
    return day, code


def _until(days: Days, last: Days) -> Days:
    """Return the days with those after ``last`` blank."""
    return np.where(days > last, np.datetime64("NaT"), days)


def _day_before(days: Days) -> Days:
    return (days - _DAY).astype("datetime64[D]")


def _whole(applications: Rows, name: str) -> Counts:
    """Return a column of whole numbers, 0 where it is blank: what is not recorded was not done."""
    values = applications.values(name)
    return np.array([min(int(value or 0), _MOST_DAYS) for value in values], dtype=np.int64)
