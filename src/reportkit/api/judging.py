"""``rk.check``: the rules over reports, as objects and as a DataFrame."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reportkit.checks.several import check_reports
from reportkit.finding import Finding
from reportkit.notebook.frames import findings_frame
from reportkit.notebook.view import View
from reportkit.published.reading import PublishedReport
from reportkit.report import TownReport

if TYPE_CHECKING:
    import pandas as pd

Report = TownReport | PublishedReport | View
"""Whatever holds a report: the report itself, a published one as read, a view of one."""


@dataclass(frozen=True)
class Judged:
    """Reports with the findings of the rules, computed afresh."""

    reports: tuple[TownReport, ...]
    """Each with its findings."""

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All findings, report after report."""
        return tuple(finding for report in self.reports for finding in report.findings)

    @property
    def frame(self) -> pd.DataFrame:
        """One row a finding."""
        return findings_frame(self.reports)


def check(
    reports: Report | Iterable[Report],
    *,
    previous: Report | Iterable[Report] = (),
    county: Report | Iterable[Report] = (),
) -> Judged:
    """Run the rules over reports, and return what a county office would send them back for.

    ``previous`` are reports of earlier years, and ``county`` the county's own report or reports of its other
    bodies: the rules compare with them, and they get no findings themselves. Which goes with which
    is told by county, body and year.

    >>> import reportkit as rk
    >>> report = rk.open_source("sample:").report("ershilidian", 2021)
    >>> wrong = report.with_(cells=report.cells.replace({"t3.received.total": 99}))
    >>> "T3-TOTAL" in set(rk.check(wrong).frame.code)
    True
    """
    asked = _reports(reports)
    found = check_reports([*asked, *_reports(previous), *_reports(county)])
    return Judged(
        tuple(report.with_(findings=each) for report, each in zip(asked, found, strict=False))
    )


def _reports(given: Report | Iterable[Report]) -> Sequence[TownReport]:
    if isinstance(given, Report):
        return [given if isinstance(given, TownReport) else given.report]
    return [each if isinstance(each, TownReport) else each.report for each in given]
