"""Check many reports together: each with its own past, its county's other bodies and its towns.

Which report goes with which is told by county, body and year. Two reports of one body and one year
get one warning, and no rule runs between them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from reportkit.checks.check import check_report
from reportkit.checks.context import Context
from reportkit.checks.deadlines import NO_DEADLINES, Deadlines
from reportkit.checks.registry import in_order
from reportkit.checks.rules.copied import find_copies
from reportkit.finding import Finding
from reportkit.prose.bodies import kind_of, short_name
from reportkit.prose.claim import Claim
from reportkit.report import Town, TownReport

_PLACED = re.compile(r"[县縣市区區旗州盟].+")
"""A name that says which county its body lies in."""

TWICE = "TWICE"
"""The code of the warning on two reports of one body and year."""


def bodies_of(reports: Sequence[TownReport]) -> list[str]:
    """Return for each report which body it is of.

    By the id where there is one. A published report has none: it is told by its full name, county
    included, and goes with a report that has an id and that name. A name without its county is
    nobody's for certain (many counties have a 城关镇): such a report stands alone.
    """
    ids: dict[str, str] = {}
    for report in reports:
        if report.town.id:
            ids.setdefault(_full_name(report.town), f"{report.town.county}/{report.town.id}")
    found = []
    for at, report in enumerate(reports):
        name = _full_name(report.town)
        if report.town.id:
            found.append(f"{report.town.county}/{report.town.id}")
        elif name in ids:
            found.append(ids[name])
        else:
            found.append(name if _PLACED.search(name) else f"{name}#{at}")
    return found


def _full_name(town: Town) -> str:
    name = short_name(town.name)
    return name if name.startswith(town.county) else town.county + name


def check_reports(
    reports: Sequence[TownReport],
    *,
    copied: bool = True,
    claims: Sequence[tuple[Claim, ...] | None] | None = None,
    deadlines: Deadlines = NO_DEADLINES,
) -> tuple[tuple[Finding, ...], ...]:
    """Return the findings of each report, in the order given.

    ``copied`` looks for copied text, which takes most of the time. ``claims`` are those of each
    report's prose, where a reader has them already. ``deadlines`` are those that params set.
    """
    return tuple(each_checked(reports, copied=copied, claims=claims, deadlines=deadlines))


def each_checked(
    reports: Sequence[TownReport],
    *,
    copied: bool = True,
    claims: Sequence[tuple[Claim, ...] | None] | None = None,
    deadlines: Deadlines = NO_DEADLINES,
) -> Iterator[tuple[Finding, ...]]:
    """Yield what :func:`check_reports` returns, report by report."""
    together = Together(reports, copied=copied, claims=claims, deadlines=deadlines)
    yield from map(together.findings, range(len(reports)))


class Together:
    """Reports that are checked together: what is known of all of them is found out once, then each is checked by itself."""

    def __init__(
        self,
        reports: Sequence[TownReport],
        *,
        copied: bool = True,
        claims: Sequence[tuple[Claim, ...] | None] | None = None,
        deadlines: Deadlines = NO_DEADLINES,
    ) -> None:
        """Take over the reports; the options are those of :func:`check_reports`."""
        self._reports, self._claims, self._deadlines = reports, claims, deadlines
        self._known = _Known(reports, copied=copied)

    def findings(self, at: int) -> tuple[Finding, ...]:
        """Return the findings of the report at a place."""
        claims = self._claims[at] if self._claims else None
        context = replace(self._known.context(at), claims=claims, deadlines=self._deadlines)
        found = check_report(self._reports[at], context=context)
        return in_order((*found, *self._known.twice(at)))


def previous_of(reports: Sequence[TownReport]) -> list[TownReport | None]:
    """Return for each report the same body's report of the year before, where it is among them."""
    known = _Known(reports, copied=False)
    return [known.context(at).previous for at in range(len(reports))]


class _Known:
    """The reports by body and year, by county and year, and the names in each county."""

    def __init__(self, reports: Sequence[TownReport], *, copied: bool) -> None:
        self._copied = copied
        self._copies = find_copies(reports) if copied else [()] * len(reports)
        self._reports = reports
        self._bodies = bodies_of(reports)
        self._places: dict[str, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
        names: dict[str, set[str]] = defaultdict(set)
        counties: dict[str, set[str]] = defaultdict(set)
        for at, (report, body) in enumerate(zip(reports, self._bodies, strict=True)):
            names[report.town.county].add(report.town.name)
            if report.year is not None:
                self._places[body][report.year].append(at)
                counties[report.town.county].add(body)
        self._others = {county: tuple(sorted(each)) for county, each in names.items()}
        self._counties = {county: sorted(each) for county, each in counties.items()}

    def context(self, at: int) -> Context:
        """Return what is known beside a report."""
        report = self._reports[at]
        county = report.town.county
        past = tuple(self._past(at))
        towns, missing = self._towns(at)
        return Context(
            previous=next((each for each in past if each.year == (report.year or 0) - 1), None),
            history=past,
            others=self._others[county] if county else (),
            towns=towns,
            missing=missing,
            copied=self._copied,
            copies=self._copies[at],
        )

    def _one(self, body: str, year: int) -> TownReport | None:
        """Return a body's report of a year; ``None`` where there is none, or two that differ."""
        found = [self._reports[at] for at in self._places[body].get(year, [])]
        same = all(each.cells == found[0].cells for each in found[1:])
        return found[0] if found and same else None

    def _past(self, at: int) -> Iterable[TownReport]:
        """Yield a body's reports of the years before, oldest first."""
        year, body = self._reports[at].year, self._bodies[at]
        if year is None:
            return
        for past in sorted(self._places[body]):
            if past < year and (one := self._one(body, past)) is not None:
                yield one

    def _towns(self, at: int) -> tuple[tuple[TownReport, ...], tuple[str, ...]]:
        """Return a county's own report's towns of the year, and who of other years is missing."""
        report = self._reports[at]
        if kind_of(report.town) != "county" or report.year is None:
            return (), ()
        county = report.town.county or short_name(report.town.name)
        towns: list[TownReport] = []
        missing: list[str] = []
        for body in self._counties.get(county, []):
            if body == self._bodies[at]:
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
        places = self._places[self._bodies[at]][report.year]
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
