"""What a rule may know beside the report that it looks at; the caller finds it all out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from reportkit.report import TownReport


@dataclass(frozen=True, kw_only=True, slots=True)
class Context:
    """What the caller knows beside one report. A rule whose part is missing stays silent."""

    previous: TownReport | None = None
    """The same body's report of the year before."""
    history: tuple[TownReport, ...] = ()
    """Its reports of all earlier years that are known, oldest first."""
    others: tuple[str, ...] = ()
    """The names of the other bodies of the county."""
    today: date | None = None
    """The day of the check, for what is overdue; ``None``: such rules stay silent."""
