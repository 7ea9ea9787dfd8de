"""What the comparison of bodies is made from: for every body and year the figures that are laid side by side.

A figure is taken from the form's own cells, in whichever edition the report is, and only where the editions count
the same: outcomes that gave nothing are summed by the groups that every edition has.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache, cached_property
from types import MappingProxyType
from typing import Any, Final

from reportkit.checks.deadlines import Deadlines, deadline_of
from reportkit.form import EDITIONS, CellValue, load_edition, total
from reportkit.language import _
from reportkit.report import Town, TownReport

FIGURES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "disclosed": "主动公开政府信息",
        "received": "收到申请",
        "carried_in": "上年结转",
        "handled": "办结申请",
        "opened": "予以公开和部分公开",
        "statutory": "因法定事由不予公开",
        "factual": "因事实原因无法提供",
        "procedural": "因程序事由不予处理",
        "reconsiderations": "行政复议",
        "litigations": "行政诉讼",
    }
)
"""What is compared, by code, with its Chinese name."""

REFUSALS: Final = ("statutory", "factual", "procedural")


@cache
def _places(edition: str) -> Mapping[str, tuple[str, ...]]:
    """Return the cells whose sum each figure is, in an edition."""
    form = load_edition(edition)
    found = {
        "received": ("t3.received.total",),
        "carried_in": ("t3.carried_in.total",),
        "handled": ("t3.handled.total",),
        "opened": ("t3.granted.total", "t3.granted_in_part.total"),
        "reconsiderations": ("t4.reconsideration.total",),
        "litigations": ("t4.litigation_direct.total", "t4.litigation_after_reconsideration.total"),
    }
    for group, rows in form.refusals().items():
        found[group] = tuple(f"t3.{row.code}.total" for row in rows)
    return {code: cells for code, cells in found.items() if code in FIGURES}


@dataclass(frozen=True, slots=True)
class BodyYear:
    """One body's figures of one year."""

    body: str
    year: int
    counts: Mapping[str, int | None]
    """By the codes of :data:`FIGURES`; ``None``: unknown."""
    unknown: int
    """How many cells of its form are not known."""
    cells: int
    """How many the form has."""
    published_on: date | None = None
    months: tuple[int, ...] | None = None
    """The applications received in each month, where its register tells them and they make up the year's; else ``None``."""


def standing(
    body: str,
    year: int,
    *,
    edition: str | None,
    cells: Mapping[str, Any],
    facts: Mapping[str, Any],
    published_on: date | None = None,
    months: Sequence[int] = (),
) -> BodyYear:
    """Return the figures of one report, given as its parts, so that a report's JSON need not be checked again.

    ``months`` are what its register of applications tells of each month: another sum than the report's is left out.
    """
    form = load_edition(edition or EDITIONS[-1])  # without one no cell is known
    counts: dict[str, int | None] = {
        code: _whole(total(cells.get(address) for address in places))
        for code, places in _places(form.code).items()
    }
    counts["disclosed"] = _whole(facts.get("disclosed_items"))
    known = sum(cells.get(address) is not None for address in form.addresses)
    every = len(form.addresses)
    by_month = tuple(months) if months and sum(months) == counts["received"] else None
    return BodyYear(
        body, year, MappingProxyType(counts), every - known, every, published_on, by_month
    )


def standing_of(report: TownReport, months: Sequence[int] = ()) -> BodyYear:
    """Return the figures of a report, and of its register's months; raise :class:`ValueError` for one whose year is not known."""
    if report.year is None:
        raise ValueError(_("a report without a year cannot be compared"))
    cells = report.cells if report.edition is not None else {}
    body = report.town.id or report.town.name
    return standing(
        body,
        report.year,
        edition=report.edition,
        cells=cells,
        facts=report.facts,
        published_on=report.published_on,
        months=months,
    )


def _whole(value: CellValue) -> int | None:
    return None if value is None else int(value)


@dataclass(frozen=True, slots=True)
class Pooled:
    """A share over several years: the years in which both of its figures are known."""

    count: int
    of: int
    years: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """Bodies and years laid side by side."""

    bodies: Mapping[str, Town]
    """By id, in the order in which they are to be listed."""
    years: tuple[int, ...]
    """The reporting years, ascending, without a gap."""
    standings: Mapping[tuple[str, int], BodyYear]
    deadlines: Deadlines = field(default_factory=dict)
    denominators: Mapping[str, Mapping[tuple[str, int], Decimal]] = field(default_factory=dict)
    """Tables that the user gave, population or budget, by the column's name: a value a body and year."""
    table: str = ""
    """The file that the denominators are of."""

    def count(self, body: str, year: int, code: str) -> int | None:
        """Return a figure of a body and year; unknown where it has no report."""
        held = self.standings.get((body, year))
        return None if held is None else held.counts[code]

    def sum(self, year: int, code: str) -> tuple[int, int]:
        """Return a year's figure of all bodies that know it, and how many reports of the year do not."""
        held = [each.counts[code] for each in self.of_year(year)]
        return sum(v for v in held if v is not None), sum(v is None for v in held)

    def of_year(self, year: int) -> list[BodyYear]:
        """Return the figures of every body that has a report of a year."""
        return [each for (_, of), each in self.standings.items() if of == year]

    def pooled(self, body: str, code: str, base: Sequence[str]) -> Pooled:
        """Return a body's share over all years in which the figure and what it is of are known."""
        count, of, years = 0, 0, []
        for year in self.years:
            part = self.count(body, year, code)
            whole = [self.count(body, year, each) for each in base]
            if part is not None and None not in whole:
                count, of = count + part, of + sum(v for v in whole if v is not None)
                years.append(year)
        return Pooled(count, of, tuple(years))

    @cached_property
    def ordered(self) -> tuple[str, ...]:
        """The bodies as they were given, by county and name: no order of merit."""
        return tuple(self.bodies)

    @cached_property
    def counties(self) -> tuple[str, ...]:
        """The counties' names."""
        return tuple(dict.fromkeys(town.county for town in self.bodies.values() if town.county))

    def name(self, body: str) -> str:
        """Return a body's name: without its county's, unless that tells it from another one."""
        town = self.bodies[body]
        short = town.name.removeprefix(town.county) or town.name
        return f"{town.county}{short}" if self._times[short] > 1 else short

    @cached_property
    def _times(self) -> Mapping[str, int]:
        times: dict[str, int] = {}
        for town in self.bodies.values():
            short = town.name.removeprefix(town.county) or town.name
            times[short] = times.get(short, 0) + 1
        return times

    def deadline(self, body: str, year: int) -> date:
        """Return the day by which a body publishes its report of a year: that of params, else article 49's."""
        return deadline_of(self.bodies[body], year, self.deadlines)

    def to_json(self) -> bytes:
        """Return it as JSON."""
        held = {
            "bodies": [town.model_dump(mode="json") for town in self.bodies.values()],
            "standings": [list(_line(each)) for each in self.standings.values()],
            "deadlines": {kind: list(day) for kind, day in self.deadlines.items()},
            "denominators": {
                name: [[body, year, str(value)] for (body, year), value in table.items()]
                for name, table in self.denominators.items()
            },
            "table": self.table,
        }
        return json.dumps(held, ensure_ascii=False).encode()

    @classmethod
    def from_json(cls, content: bytes) -> Comparison:
        """Read what :meth:`to_json` wrote."""
        held = json.loads(content)
        return comparison(
            (Town.model_validate(town) for town in held["bodies"]),
            (_read(line) for line in held["standings"]),
            deadlines={kind: (day[0], day[1]) for kind, day in held["deadlines"].items()},
            denominators={
                name: {(body, year): Decimal(value) for body, year, value in lines}
                for name, lines in held["denominators"].items()
            },
            table=held["table"],
        )


def comparison(bodies: Iterable[Town], standings: Iterable[BodyYear], **others: Any) -> Comparison:
    """Return a comparison of bodies and their figures; ``others`` are its further fields."""
    held = {(each.body, each.year): each for each in standings}
    years = [year for _, year in held]
    return Comparison(
        bodies={str(town.id or town.name): town for town in bodies},
        years=tuple(range(min(years), max(years) + 1)) if years else (),
        standings=dict(sorted(held.items())),
        **others,
    )


def _line(each: BodyYear) -> Iterator[object]:
    yield each.body
    yield each.year
    yield [each.counts[code] for code in FIGURES]
    yield each.unknown
    yield each.cells
    yield each.published_on and each.published_on.isoformat()
    yield each.months


def _read(line: Sequence[Any]) -> BodyYear:
    body, year, counts, unknown, cells, day, months = line
    named = MappingProxyType(dict(zip(FIGURES, counts, strict=True)))
    on = day and date.fromisoformat(day)
    return BodyYear(body, year, named, unknown, cells, on, None if months is None else (*months,))
