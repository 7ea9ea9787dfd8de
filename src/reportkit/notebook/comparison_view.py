"""The comparison as its notebook sees it: bodies and years, gathered by a run or derived from a source."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from reportkit.blocks import Masthead
from reportkit.errors import UnknownTown
from reportkit.form import EDITIONS, Cells, load_edition
from reportkit.language import _
from reportkit.notebook.altair_charts import show_charts_as_data
from reportkit.notebook.view import REPORT, Audience
from reportkit.project import find_project
from reportkit.project.denominator import load_denominators
from reportkit.prose.order import by_place
from reportkit.registers.sample import SAMPLE
from reportkit.report import Town, TownReport
from reportkit.rollup.comparison import Comparison, comparison, standing_of
from reportkit.sources.source import open_source
from reportkit.today import today

COMPARED_VARIABLE: Final = "REPORTKIT_COMPARED"
"""The environment variable that names the file with the figures that a run has gathered for the notebook."""


@dataclass(frozen=True)
class ComparisonView:
    """Bodies and years, loaded. It displays itself as the masthead."""

    held: Comparison
    audience: Audience

    @property
    def title(self) -> str:
        """The page's title: whose reports, of which years."""
        first, last = self.held.years[0], self.held.years[-1]
        whose = self.held.counties[0] if len(self.held.counties) == 1 else ""
        span = f"{first}年" if first == last else f"{first}—{last}年"
        return f"{whose}各单位政府信息公开年度报告比较（{span}）"

    @property
    def masthead(self) -> Masthead:
        """The title block."""
        return Masthead(
            self._whole.name,
            "",
            self.held.years[-1],
            internal=self.audience == "internal",
            illustrative=self._whole.illustrative,
            title=self.title,
        )

    @property
    def _whole(self) -> Town:
        invented = any(town.illustrative for town in self.held.bodies.values())
        return Town(id="compare", name="各单位比较", illustrative=invented)

    def __repr__(self) -> str:
        return self.title

    def _repr_mimebundle_(
        self,
        include: object = None,  # noqa: ARG002 - IPython passes both
        exclude: object = None,  # noqa: ARG002
    ) -> dict[str, Any]:
        empty = TownReport(
            town=self._whole,
            year=self.held.years[-1],
            edition=None,
            cells=Cells(load_edition(EDITIONS[-1])),
        )
        held: dict[str, Any] = {
            "report": empty.to_dict(),
            "audience": self.audience,
            "draft": [],
            "title": self.title,
        }
        return {**self.masthead.bundle, REPORT: held}


def load_comparison(
    year: int, source: str = SAMPLE, audience: Literal["public", "internal"] = "public"
) -> ComparisonView:
    """Load the figures of every body up to a year.

    In a run they are those of the reports that the run's output holds; elsewhere they are derived from the source,
    those of a year that is not over left out. Raises :class:`~reportkit.errors.CallError` for a source that cannot
    be opened or has nothing to compare.
    """
    show_charts_as_data()
    path = os.environ.get(COMPARED_VARIABLE)
    if path:
        return ComparisonView(Comparison.from_json(Path(path).read_bytes()), audience)
    project = find_project()
    opened = open_source(project.resolve(source), project.towns, project.editions, project.wholes)
    last = min(year, today().year - 1)
    reports = [
        opened.load(town, each, None, project.published_on(town, each)).report
        for town in opened.towns
        for each in opened.years(town)
        if each <= last
    ]
    if not reports:
        raise UnknownTown(
            _("{source}: no town has a report of {last} or earlier", source=source, last=last)
        )
    found = {str(report.town.id): report.town for report in reports}
    years = {report.year for report in reports if report.year is not None}
    months = {town: opened.kept(town).months for town in found}
    held = comparison(
        sorted(found.values(), key=by_place),
        (standing_of(r, months[str(r.town.id)].get(r.year or 0, ())) for r in reports),
        deadlines=project.deadlines,
        denominators=load_denominators(project, opened.towns, years),
        table="" if project.denominator is None else project.denominator.name,
    )
    return ComparisonView(held, audience)
