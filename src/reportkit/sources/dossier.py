"""What one report's notebook works with, and what a source of data must offer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Protocol

from reportkit.errors import UnknownTown, nearest
from reportkit.finding import Finding
from reportkit.language import _
from reportkit.registers.derivation.kept import Timeliness
from reportkit.report import Town, TownReport
from reportkit.sources.kept import Kept

if TYPE_CHECKING:
    from reportkit.registers.derivation.behind import Trace

HISTORY = 5
"""How many years a report looks back on, its own included."""


@dataclass(frozen=True)
class Dossier:
    """All that one report's notebook works with.

    The report's findings are those of its data alone: the rules of :mod:`reportkit.checks` are run by who shows or
    judges the report, or beforehand into ``found``.
    """

    report: TownReport
    previous: TownReport | None
    """Last year's report, where last year is known: figures at least."""
    history: tuple[TownReport, ...]
    """At most five years, oldest first, this report last; unknown years are left out."""
    monthly: Mapping[str, tuple[int, ...]] | None
    """Disclosures a month (twelve counts) by channel, in the register's order of channels; ``None`` where
    only a total, or nothing, is known."""
    timeliness: Timeliness | None
    """How the time limits were kept; ``None`` where the register of applications is not known."""
    set_aside: int
    """How many rows stand in no figure (未计入)."""
    found: tuple[Finding, ...] | None = None
    """What the rules find, where a run has asked them before the notebook does; ``None``: not asked yet."""
    trace: Callable[[], Trace] | None = None
    """Gives what stands behind each figure; ``None`` where the registers are not seen."""


class Source(Protocol):
    """Where reports come from."""

    uri: str
    """Its URI, with paths absolute."""

    @property
    def towns(self) -> Mapping[str, Town]:
        """Every town by its id."""
        ...

    @property
    def problems(self) -> tuple[str, ...]:
        """What was passed over in reading: a file that is no register, rows of an unknown town."""
        ...

    @property
    def marks(self) -> Mapping[str, str]:
        """What changes by town whenever its data may have, where that can be told without reading them."""
        ...

    @property
    def placed(self) -> frozenset[str]:
        """The towns of whose rows a finding tells the place: a mark's second word is of the places of rows."""
        ...

    def years(self, town: str) -> tuple[int, ...]:
        """Return the years that a town has something to report for, ascending."""
        ...

    def load(
        self,
        town: str,
        year: int,
        previous: TownReport | None = None,
        published_on: date | None = None,
    ) -> Dossier:
        """Return all for one report.

        ``previous`` stands in for last year where the source does not know it. Raises
        :class:`~reportkit.errors.UnknownTown` and :class:`~reportkit.errors.UnknownYear`.
        """
        ...

    def digest(self, town: str, year: int) -> str:
        """Return the SHA-256 of the slice of data that the report depends on, as of the year's end."""
        ...

    def kept(self, body: str) -> Kept:
        """Return what the office keeps of a town, a county or a province; empty for one that nothing is kept of."""
        ...

    def pack(self, town: str) -> bytes | None:
        """Return all of one town's data for :mod:`reportkit.registers.slices`, if it can be had apart."""
        ...


def require_town(source: Source, town: str) -> None:
    """Raise :class:`~reportkit.errors.UnknownTown`, with the nearest id, where a source has no such town."""
    if town not in source.towns:
        raise UnknownTown(
            _(
                "{uri} has no town {town!r}{near}",
                uri=source.uri,
                town=town,
                near=nearest(town, source.towns),
            )
        )
