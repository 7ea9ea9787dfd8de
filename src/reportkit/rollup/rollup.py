"""The form filled for a county or a province: every cell is the sum of its bodies' cells.

A sum with an unknown in it is unknown; it names the bodies, and its range where that is bounded.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType

from reportkit.errors import ReportkitError
from reportkit.form import EDITIONS, Cells, CellValue, Edition, edition_for, load_edition, total
from reportkit.form.facts import FACTS
from reportkit.language import _
from reportkit.report import Town, TownReport
from reportkit.rollup.bodies import BodyContributions, Contribution, part_of


@dataclass(frozen=True, slots=True)
class Total:
    """One cell of the whole."""

    value: CellValue
    """The sum; ``None`` where it is unknown in one of the bodies."""
    low: CellValue
    """The least that it can be; ``None``: nothing is known of it."""
    high: CellValue
    """The most that it can be; ``None``: it is open upwards."""
    unknown: tuple[str, ...] = ()
    """The keys of the bodies whose figure is unknown, those without a report included."""

    @property
    def bounded(self) -> bool:
        """Whether it is unknown, and yet between two bounds."""
        return self.value is None and self.low is not None and self.high is not None


def key_of(body: Town) -> str:
    """Return what a body is told from others by: its id; its name for a published report without one."""
    return body.id or body.name


@dataclass(frozen=True)
class RollUp:
    """The sum of the reports of one year."""

    year: int
    edition: Edition
    """The edition of the form that is filled."""
    reports: Mapping[str, TownReport]
    """By the body's key, in its order."""
    missing: Mapping[str, Town]
    """The bodies that are known to belong to it and have no report of the year."""
    open_ended: bool
    """Whether nobody says that these are all the bodies: then the sum is that of those known."""
    totals: Mapping[str, Total]
    """By address, in the form's order."""
    facts: Mapping[str, CellValue]
    """Every fact that one body states; ``None`` where another one does not."""
    shares: Mapping[str, BodyContributions]
    """What each body puts in, by its key."""

    @cached_property
    def cells(self) -> Cells:
        """The form's cells."""
        return Cells(self.edition, {address: each.value for address, each in self.totals.items()})

    @cached_property
    def bodies(self) -> Mapping[str, Town]:
        """Every body by its key, those without a report included, in the keys' order."""
        every = {key: report.town for key, report in self.reports.items()} | dict(self.missing)
        return MappingProxyType({key: every[key] for key in sorted(every)})

    @cached_property
    def not_corresponding(self) -> Mapping[str, tuple[str, ...]]:
        """The cells that one edition of the form cannot fill, by that edition's code.

        Their totals are unknown as soon as one body reports on it.
        """
        found: dict[str, tuple[str, ...]] = {}
        for key, report in self.reports.items():
            share = self.shares[key]
            if share.without and report.edition not in found:
                found[report.edition or ""] = tuple(
                    address for address in self.edition.addresses if address in share.without
                )
        return MappingProxyType(dict(sorted(found.items())))

    @cached_property
    def left_out(self) -> Mapping[str, tuple[str, ...]]:
        """The bodies with figures that no cell of the whole counts: their own edition's addresses, by key."""
        return MappingProxyType({k: s.left_out for k, s in self.shares.items() if s.left_out})

    def parts(self, address: str) -> tuple[tuple[str, Contribution], ...]:
        """Return what each body puts into a cell, by key: largest first, the unknown ones at the end.

        A body without a report is among them, as unknown.
        """
        self.edition.cell(address)
        nothing = Contribution(None, None, None)
        every = [
            (key, self.shares[key].parts[address] if key in self.shares else nothing)
            for key in self.bodies
        ]
        return tuple(
            sorted(every, key=lambda one: (one[1].value is None, -(one[1].value or 0), one[0]))
        )

    def report(self, town: Town, sections: Mapping[str, str] | None = None) -> TownReport:
        """Return the whole as a report of its own, which every check and every format takes."""
        return TownReport(
            town=town,
            year=self.year,
            edition=self.edition.code,
            cells=self.cells,
            facts={code: value for code, value in self.facts.items() if value is not None},
            sections=sections or {},
            provenance={
                "rolled_up": {
                    "bodies": len(self.bodies),
                    "reports": len(self.reports),
                    "missing": [key_of(body) for body in self.missing.values()],
                    "complete": not self.missing and not self.open_ended,
                }
            },
        )


def roll_up(
    reports: Iterable[TownReport],
    *,
    missing: Iterable[Town] = (),
    open_ended: bool = False,
    edition: Edition | None = None,
) -> RollUp:
    """Sum the reports of one year, cell by cell.

    ``missing`` are bodies that belong to it and have no report: they make every cell unknown.
    ``edition`` is the form to fill; by default the one that the year is due on, or the newest of the
    reports' where that is newer. Raises :class:`~reportkit.errors.ReportkitError` where there is no
    report, for reports of several years, and for a body that comes twice.
    """
    ordered = sorted(reports, key=lambda report: key_of(report.town))
    year = _year(ordered)
    by_key = {key_of(report.town): report for report in ordered}
    absent = {key_of(body): body for body in sorted(missing, key=key_of)}
    if len(by_key) < len(ordered) or by_key.keys() & absent.keys():
        keys = [*map(key_of, (report.town for report in ordered)), *absent]
        raise ReportkitError(
            _("{key!r} comes twice in the year {year}", key=max(keys, key=keys.count), year=year)
        )
    form = edition or _edition(ordered, year)
    shares = {key: part_of(report, form) for key, report in by_key.items()}
    return RollUp(
        year,
        form,
        MappingProxyType(by_key),
        MappingProxyType(absent),
        open_ended,
        MappingProxyType({a: _total(a, shares, tuple(absent)) for a in form.addresses}),
        MappingProxyType(_facts(ordered, known=not absent)),
        MappingProxyType(shares),
    )


def _year(reports: Sequence[TownReport]) -> int:
    years = {report.year for report in reports}
    if not years:
        raise ReportkitError(_("there is no report to sum"))
    year = years.pop()
    if years or year is None:
        raise ReportkitError(_("reports of one known year are summed, not of several"))
    return year


def _edition(reports: Sequence[TownReport], year: int) -> Edition:
    used = {report.edition for report in reports if report.edition is not None}
    due = edition_for(year).code
    return load_edition(max((*used, due), key=EDITIONS.index))


def _total(address: str, shares: Mapping[str, BodyContributions], absent: tuple[str, ...]) -> Total:
    parts = {key: share.parts[address] for key, share in shares.items()}
    unknown = tuple(sorted([*(k for k, part in parts.items() if part.value is None), *absent]))
    if not unknown:
        value = total(part.value for part in parts.values())
        return Total(value, value, value)
    high = None if absent else total(part.high for part in parts.values())
    return Total(None, total(part.low for part in parts.values()), high, unknown)


def _facts(reports: Sequence[TownReport], *, known: bool) -> dict[str, CellValue]:
    """Sum the facts; unknown where a body does not state one that another states."""
    return {
        code: total(report.facts.get(code) for report in reports) if known else None
        for code in FACTS
        if any(code in report.facts for report in reports)
    }


def name_of(body: Town) -> str:
    """Return a body's name without that of its county in front.

    >>> name_of(Town(id="a", name="示例县甲镇", county="示例县"))
    '甲镇'
    """
    name = body.name.removeprefix(body.county) if body.county else body.name
    return name or body.name
