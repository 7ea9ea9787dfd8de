"""Loading a report for its notebook: read from its source, checked, and found a draft or not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, get_args

from reportkit.checks.deadlines import NO_DEADLINES, Deadlines
from reportkit.checks.registry import in_order
from reportkit.errors import ParameterError, nearest
from reportkit.language import _
from reportkit.notebook.altair_charts import show_charts_as_data
from reportkit.notebook.printing import printed_view
from reportkit.notebook.view import Audience, View
from reportkit.project import find_project
from reportkit.registers.sample import SAMPLE
from reportkit.report import TownReport
from reportkit.review.decisions import Decision, review
from reportkit.review.files import FOLDER, load_reviews
from reportkit.sources.dossier import Dossier
from reportkit.sources.prepared import prepared_source
from reportkit.today import today

if TYPE_CHECKING:
    from reportkit.sources.dossier import Source


def load_report(town: str, year: int, source: str = SAMPLE, audience: str = "public") -> View:
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
        raise ParameterError(
            _(
                "audience is {audience!r}{near}",
                audience=audience,
                near=nearest(audience, get_args(Audience)),
            )
        )
    show_charts_as_data()
    parameters = {"town": town, "year": year, "source": source, "audience": audience}
    printed: View | None = printed_view(parameters)
    if printed is not None:
        return printed
    project = find_project()
    uri = project.resolve(source)
    given: Source | None = prepared_source(uri)
    if given is None:
        # What opens and reads sources is heavy, and a run's notebook mostly needs none of it.
        from reportkit.sources.source import open_source  # noqa: PLC0415

        given = open_source(uri, project.towns, project.editions)
    previous, published_on = project.previous(town, year), project.published_on(town, year)
    dossier = given.load(town, year, previous, published_on)
    decisions = load_reviews(project.folder / FOLDER, year)
    shown = view(
        dossier,
        "internal" if audience == "internal" else "public",
        decisions=decisions,
        deadlines=project.deadlines,
    )
    return replace(shown, source=source)


def view(
    dossier: Dossier,
    audience: Audience,
    on: date | None = None,
    decisions: tuple[Decision, ...] = (),
    deadlines: Deadlines = NO_DEADLINES,
) -> View:
    """Return the view of a dossier: the rules are run, and the draft's reasons are found.

    ``on`` stands in for today; ``deadlines`` are those that params set. An error that was accepted makes no draft.
    """
    found = dossier.found
    if found is None:
        from reportkit.checks.check import check_dossier  # noqa: PLC0415  # every rule, and a run has asked them

        found = check_dossier(dossier, deadlines)
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
