"""``rk.open_source``: a source of reports, as an analyst asks it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from reportkit.checks import Context, check_report, in_order
from reportkit.notebook.frames import findings_frame
from reportkit.project import find_project
from reportkit.registers.sample import SAMPLE
from reportkit.report import Town, TownReport
from reportkit.sources import source as sources
from reportkit.sources.dossier import Source
from reportkit.tidy import frame

if TYPE_CHECKING:
    import pandas as pd


class OpenSource:
    """A source of reports: its towns, its years, its reports, and all of them as tidy DataFrames."""

    def __init__(self, source: Source) -> None:
        self._source = source

    @property
    def towns(self) -> Mapping[str, Town]:
        """Every town by its id."""
        return self._source.towns

    @cached_property
    def years(self) -> tuple[int, ...]:
        """The years that any town has something to report for, ascending."""
        return tuple(sorted({y for town in self.towns for y in self._source.years(town)}))

    def years_of(self, town: str) -> tuple[int, ...]:
        """Return the years that one town has something to report for, ascending."""
        return self._source.years(town)

    @property
    def problems(self) -> tuple[str, ...]:
        """What was passed over in reading."""
        return self._source.problems

    def report(self, town: str, year: int) -> TownReport:
        """Return one town's report of one year, with the findings of its data and of the rules.

        Raises :class:`~reportkit.errors.UnknownTown` and :class:`~reportkit.errors.UnknownYear`.
        """
        dossier = self._source.load(town, year)
        past = Context(history=dossier.history[:-1])
        found = check_report(dossier.report, dossier.previous, past)
        return dossier.report.with_(findings=in_order([*dossier.report.findings, *found]))

    def reports(
        self, towns: Collection[str] | None = None, years: Collection[int] | None = None
    ) -> tuple[TownReport, ...]:
        """Return the reports of some towns and years, by town and year; without a choice, all.

        A year that a town has nothing for is passed over; an unknown town raises
        :class:`~reportkit.errors.UnknownTown`.
        """
        return tuple(
            self.report(town, year)
            for town in (self.towns if towns is None else towns)
            for year in self._source.years(town)
            if years is None or year in years
        )

    def cells(
        self, towns: Collection[str] | None = None, years: Collection[int] | None = None
    ) -> pd.DataFrame:
        """Return one row a cell of the form: ``value`` is exact, and ``<NA>`` where it is unknown."""
        return frame(self.reports(towns, years), "cells")

    def facts(
        self, towns: Collection[str] | None = None, years: Collection[int] | None = None
    ) -> pd.DataFrame:
        """Return one row a fact, a figure beside the form's cells; ``<NA>`` where it is unknown."""
        return frame(self.reports(towns, years), "facts")

    def sections(
        self, towns: Collection[str] | None = None, years: Collection[int] | None = None
    ) -> pd.DataFrame:
        """Return one row a section of prose."""
        return frame(self.reports(towns, years), "sections")

    def findings(
        self, towns: Collection[str] | None = None, years: Collection[int] | None = None
    ) -> pd.DataFrame:
        """Return one row a finding; it is for the office alone."""
        return findings_frame(self.reports(towns, years))

    def __repr__(self) -> str:
        return f"{self._source.uri}: {len(self.towns)} towns"


def open_source(uri: str = SAMPLE) -> OpenSource:
    """Open a source by its URI; towns and editions of the project's params/towns.yaml win over its own.

    ``uri`` is ``sample:``, a folder of registers, ``duckdb:///file``, ``postgresql://...`` or
    ``published:DIR``; a relative path in it is relative to the folder of params/batch.yaml as in :func:`load_report`,
    and where there is none to the current folder. Raises
    :class:`~reportkit.errors.SourceError` where it is not there or not a source.

    >>> import reportkit as rk
    >>> source = rk.open_source("sample:")
    >>> source.report("ershilidian", 2021).facts["disclosed_items"]
    24
    >>> cells = source.cells(towns=["ershilidian"], years=[2021])
    >>> len(cells), str(cells.set_index("address").value["t3.received.total"])
    (200, '0')
    """
    project = find_project()
    return OpenSource(sources.open_source(project.resolve(uri), project.towns, project.editions))
