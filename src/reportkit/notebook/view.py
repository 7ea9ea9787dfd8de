"""The report as its notebook sees it: the data, the findings, for whom it is, whether it is a draft."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from types import MappingProxyType
from typing import Any, Final, Literal, get_args

from reportkit.blocks import Masthead
from reportkit.checks import Context, check_report, in_order
from reportkit.errors import ParameterError, nearest
from reportkit.finding import Finding
from reportkit.form import Edition
from reportkit.notebook.altair_charts import show_charts_as_data
from reportkit.project import find_project
from reportkit.report import Town, TownReport
from reportkit.review.decisions import Decision, Reviewed, review
from reportkit.review.files import FOLDER, load_reviews
from reportkit.sources.dossier import Dossier
from reportkit.sources.source import open_source
from reportkit.today import today

REPORT: Final = "application/vnd.reportkit.report+json"
"""The MIME type under which the executed notebook holds the report that it shows."""

Audience = Literal["public", "internal"]


def issuer(town: Town) -> str:
    """Return who signs a town's report: the issuer named in the data, else by the kind of body.

    >>> issuer(Town(id="a", name="二十里店镇", county="海阳市", kind="town"))
    '海阳市二十里店镇人民政府'
    """
    if town.issuer:
        return town.issuer
    full = full_name(town)
    if town.kind == "subdistrict" and not full.endswith("办事处"):
        return f"{full}办事处"
    if town.kind in ("town", "township", "county", "city") and not full.endswith("人民政府"):
        return f"{full}人民政府"
    return full


def full_name(town: Town) -> str:
    """Return county and name; the county once only."""
    if not town.county or town.name.startswith(town.county):
        return town.name
    return f"{town.county}{town.name}"


@dataclass(frozen=True)
class View:
    """One report, loaded. It displays itself as the masthead."""

    dossier: Dossier
    report: TownReport
    """With the findings of the data and of the checks."""
    audience: Audience
    draft: tuple[str, ...] = ()
    """Why this is a draft, in Chinese; empty where it is none."""
    decisions: tuple[Decision, ...] = ()
    """What people decided on findings of that year."""

    @property
    def internal(self) -> bool:
        """Whether the report is for the office alone."""
        return self.audience == "internal"

    @property
    def previous(self) -> TownReport | None:
        """Last year's report, where last year is known."""
        return self.dossier.previous

    @cached_property
    def edition(self) -> Edition:
        """The edition of the form that the report is on."""
        return self.report.cells.edition

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """What may be shown of the findings: all for the office, none for the public."""
        return self.report.findings if self.internal else ()

    @cached_property
    def reviewed(self) -> tuple[Reviewed, ...]:
        """The findings that may be shown, each with the decision that holds for it."""
        return review(self.report, self.findings, self.decisions)

    @cached_property
    def marks(self) -> Mapping[str, tuple[int, ...]]:
        """For each cell the numbers, from 1, of the findings about it."""
        marks: dict[str, list[int]] = {}
        for number, finding in enumerate(self.findings, 1):
            for address in dict.fromkeys(finding.cells):
                marks.setdefault(address, []).append(number)
        return MappingProxyType({address: tuple(numbers) for address, numbers in marks.items()})

    @property
    def masthead(self) -> Masthead:
        """The title block, which a cell that displays the view shows."""
        town = self.report.town
        return Masthead(
            town.name,
            town.county,
            self.report.year,
            internal=self.internal,
            draft=self.draft,
            illustrative=town.illustrative,
        )

    def __repr__(self) -> str:
        return self.masthead.words

    def _repr_mimebundle_(
        self,
        include: object = None,  # noqa: ARG002 - IPython passes both
        exclude: object = None,  # noqa: ARG002
    ) -> dict[str, Any]:
        shown = self.report if self.internal else self.report.public()
        return {
            **self.masthead.bundle,
            REPORT: {
                "report": shown.to_dict(),
                "audience": self.audience,
                "draft": list(self.draft),
            },
        }


def load_report(town: str, year: int, source: str = "sample:", audience: str = "public") -> View:
    """Load one town's report of one year, with all that its notebook shows beside it.

    ``source`` is a source URI. A relative path in it is relative to the folder of the batch file, as ``source`` in
    that file is: ``../data`` is the folder ``data`` beside ``params``, wherever the notebook stands. Where there is
    no params folder it is relative to the current folder. Raises
    :class:`~reportkit.errors.CallError` for a wrong parameter, an unknown town or year, or a
    source that cannot be opened.

    >>> import reportkit as rk
    >>> rk.load_report("ershilidian", 2021)
    海阳市二十里店镇2021年政府信息公开工作年度报告
    """
    if audience not in get_args(Audience):
        raise ParameterError(f"audience is {audience!r}{nearest(audience, get_args(Audience))}")
    show_charts_as_data()
    project = find_project()
    dossier = open_source(project.resolve(source), project.towns, project.editions).load(
        town, year, project.previous(town, year), project.published_on(town, year)
    )
    decisions = load_reviews(project.folder / FOLDER, year)
    return view(dossier, "internal" if audience == "internal" else "public", decisions=decisions)


def view(
    dossier: Dossier,
    audience: Audience,
    on: date | None = None,
    decisions: tuple[Decision, ...] = (),
) -> View:
    """Return the view of a dossier: the rules are run, and the draft's reasons are found.

    ``on`` stands in for today. An error that was accepted makes no draft.
    """
    found = check_report(dossier.report, dossier.previous, Context(history=dossier.history[:-1]))
    report = dossier.report.with_(findings=in_order([*dossier.report.findings, *found]))
    errors = review(report, report.errors, decisions)
    open_ = not all(each.accepted for each in errors)
    return View(dossier, report, audience, _draft(report, on or today(), open_=open_), decisions)


def _draft(report: TownReport, day: date, *, open_: bool) -> tuple[str, ...]:
    reasons = []
    if report.year is not None and day.year <= report.year:
        reasons.append(f"{report.year}年度尚未结束")
    if open_:
        reasons.append("有尚未处理的错误")
    return tuple(reasons)
