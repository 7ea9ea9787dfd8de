"""Check many reports together: each with its own past, its county's other bodies and its towns.

Which report goes with which is told by county, body and year. Two reports of one body and one year
get one warning, and no rule runs between them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from reportkit.checks.bodies import kind_of, short_name
from reportkit.checks.check import check_report
from reportkit.checks.context import Context, Copy
from reportkit.checks.registry import in_order
from reportkit.finding import Finding
from reportkit.report import TownReport

Body = tuple[str, str]
"""A county and a body in it, by id or by short name."""

TWICE = "TWICE"
"""The code of the warning on two reports of one body and year."""


def body_key(report: TownReport) -> Body:
    """Return which body a report is of: by id where it has one, else by its short name."""
    return (report.town.county, report.town.id or short_name(report.town.name))


def check_reports(
    reports: Sequence[TownReport], *, copied: bool = True
) -> tuple[tuple[Finding, ...], ...]:
    """Return the findings of each report, in the order given.

    ``copied`` looks for copied text between bodies, which takes most of the time.
    """
    known = _Known(reports, copied=copied)
    copies: Sequence[tuple[Copy, ...]] = ()
    if copied:
        from reportkit.checks.copied import find_copies  # noqa: PLC0415  (loads numpy)

        copies = find_copies(reports)
    return tuple(
        in_order(
            (
                *check_report(report, context=known.context(report, copies[at] if copies else ())),
                *known.twice(at),
            )
        )
        for at, report in enumerate(reports)
    )


class _Known:
    """The reports by body and year, by county and year, and the names in each county."""

    def __init__(self, reports: Sequence[TownReport], *, copied: bool) -> None:
        self._copied = copied
        self._reports = reports
        self._places: Mapping[Body, Mapping[int, list[int]]] = defaultdict(
            lambda: defaultdict(list)
        )
        self._names: dict[str, dict[str, None]] = defaultdict(dict)
        for at, report in enumerate(reports):
            self._names[report.town.county][report.town.name] = None
            if report.year is not None:
                self._places[body_key(report)][report.year].append(at)
        self._others = {county: tuple(sorted(names)) for county, names in self._names.items()}
        self._counties: dict[str, list[Body]] = defaultdict(list)
        for body in sorted(self._places):
            self._counties[body[0]].append(body)

    def context(self, report: TownReport, copies: tuple[Copy, ...]) -> Context:
        """Return what is known beside a report."""
        county = report.town.county
        past = tuple(self._past(report))
        towns, missing = self._towns(report)
        return Context(
            previous=next((each for each in past if each.year == (report.year or 0) - 1), None),
            history=past,
            others=self._others[county] if county else (),
            towns=towns,
            missing=missing,
            copied=self._copied,
            copies=copies,
        )

    def _one(self, body: Body, year: int) -> TownReport | None:
        """Return a body's report of a year; ``None`` where there is none, or two that differ."""
        places = self._places.get(body, {}).get(year, [])
        found = [self._reports[at] for at in places]
        same = all(each.cells == found[0].cells for each in found[1:])
        return found[0] if found and same else None

    def _past(self, report: TownReport) -> Iterable[TownReport]:
        for year in sorted(self._places.get(body_key(report), {})):
            if report.year is not None and year < report.year:
                one = self._one(body_key(report), year)
                if one is not None:
                    yield one

    def _towns(self, report: TownReport) -> tuple[tuple[TownReport, ...], tuple[str, ...]]:
        """Return a county's own report's towns of the year, and who of other years is missing."""
        if kind_of(report.town) != "county" or report.year is None:
            return (), ()
        mine = body_key(report)
        county = report.town.county or short_name(report.town.name)
        towns: list[TownReport] = []
        missing: list[str] = []
        for body in self._counties.get(county, []):
            if body == mine or body[1] == mine[1]:
                continue
            one = self._one(body, report.year)
            if one is not None:
                towns.append(one)
            else:
                years = self._places[body]
                missing.append(self._reports[years[max(years)][0]].town.name)
        return tuple(towns), tuple(missing)

    def twice(self, at: int) -> Iterable[Finding]:
        """Yield the warning on a report whose body and year another, earlier one has too."""
        report = self._reports[at]
        if report.year is None:
            return
        places = self._places[body_key(report)][report.year]
        if at in places[1:2]:
            yield Finding(
                code=TWICE,
                level="warning",
                message=(
                    f"{report.town.name} {report.year} 年度有 {len(places)} 份报告，相互之间不作比对。"
                    "请只保留一份。"
                ),
                basis="同一单位同一年度只有一份年度报告",
            )
