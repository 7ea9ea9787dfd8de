"""How the time limits of a year were kept, as plain data: whoever only shows it needs none of what judges them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal


@dataclass(frozen=True, slots=True)
class OutcomeDays:
    """How the time limits were kept for one group of outcomes of the form."""

    code: str
    """The group's code, such as ``refused``."""
    label: str
    """As the form prints it, such as （三）不予公开."""
    count: int
    """Applications replied to in the year."""
    on_time: int
    overdue: int
    unknown: int
    """Those that the calendar cannot judge."""
    median_days: Decimal | None
    """Working days used; ``None`` where there are none or not all are known."""


@dataclass(frozen=True, slots=True)
class Timeliness:
    """How the time limits were kept in one year. Only counts are stored; rates are properties."""

    replied: int
    """Applications replied to in the year: on_time + overdue + unknown."""
    on_time: int
    overdue: int
    unknown: int
    """Those that the calendar cannot judge."""
    extended: int
    """Of those replied to, how many were extended in time (``extended_on`` not after the due day)."""
    open_overdue: int
    """Open at the year's end (31 December over), their due day past."""
    median_days: Decimal | None
    """Working days used by the replies of the year; ``None`` where there are none, or where those
    of one are unknown. Replies to waiting cases have no days and do not count."""
    longest_days: int | None
    by_outcome: tuple[OutcomeDays, ...]
    """In the form's order, a line a group, also where nothing counts in it."""
    uncovered_years: tuple[int, ...]
    """Years that a clock ran through and that the calendar does not cover."""
    open_unknown: int = 0
    """Open at the year's end, and the calendar cannot tell whether their due day is past."""

    @property
    def on_time_rate(self) -> Decimal | None:
        """Per cent answered in time, one decimal place.

        ``None`` where there is no reply, or one cannot be judged. Says 0 or 100 only where it is
        exactly so.
        """
        return None if self.unknown else _percent(self.on_time, self.replied)


def _percent(part: int, whole: int) -> Decimal | None:
    """Return a rate in per cent with one place, 0 and 100 only where it is exactly that."""
    if whole == 0:
        return None
    tenth = Decimal("0.1")
    rate = (Decimal(100 * part) / whole).quantize(tenth, ROUND_HALF_UP)
    if 0 < part < whole:
        rate = min(max(rate, tenth), 100 - tenth)
    return rate
