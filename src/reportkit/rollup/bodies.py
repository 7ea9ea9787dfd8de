"""What one body puts into every cell of a total: its figure, or the range that its other figures leave.

A body on another edition of the form is read over: a cell counts what the other edition's cells that
correspond to it count together (:meth:`reportkit.form.Edition.sources`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from math import isinf
from types import MappingProxyType

from reportkit.checks.rules.blanks import MOST_EXACT, ValueRange, narrow
from reportkit.form import Cells, CellValue, Edition, load_edition, total
from reportkit.report import TownReport


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one body puts into one cell of a total."""

    value: CellValue
    """``None``: unknown."""
    low: CellValue
    """The least that it can be; ``None``: nothing is known of it."""
    high: CellValue
    """The most that it can be; ``None``: it is open upwards."""


@dataclass(frozen=True, slots=True)
class BodyContributions:
    """What one body puts into all cells."""

    parts: Mapping[str, Contribution]
    without: frozenset[str]
    """The cells that nothing on the body's own edition of the form corresponds to."""
    left_out: tuple[str, ...]
    """The cells of its own edition with a figure in them that no cell of the total counts."""


def part_of(report: TownReport, edition: Edition) -> BodyContributions:
    """Return what a body's report puts into every cell of an edition.

    An unknown count lies between the bounds that the form's identities leave it; an unknown amount is
    not negative. Where the identities contradict each other, nothing is known of the blanks.

    >>> from reportkit.form import load_edition
    >>> from reportkit.report import Town
    >>> form = load_edition("2021")
    >>> cells = Cells(form, {"t4.reconsideration.total": 5, "t4.reconsideration.upheld": 3})
    >>> town = Town(id="a", name="甲镇")
    >>> share = part_of(TownReport(town=town, year=2021, edition="2021", cells=cells), form)
    >>> share.parts["t4.reconsideration.corrected"]
    Contribution(value=None, low=0, high=2)
    """
    own = report.edition
    cells, without = report.cells, frozenset[str]()
    left_out: tuple[str, ...] = ()
    if own is None:
        cells, without = Cells(edition), frozenset(edition.addresses)
    elif own != edition.code:
        cells = _read_over(report.cells, edition)
        without = frozenset(a for a, from_ in _sources(edition.code, own).items() if not from_)
        left_out = tuple(
            a
            for a in _lost(own, edition.code)
            if report.cells[a] is not None and report.cells[a] != 0
        )
    bounds = _bounds(cells)
    parts = {address: _part(edition, address, cells, bounds) for address in edition.addresses}
    return BodyContributions(MappingProxyType(parts), without, left_out)


def _part(
    edition: Edition, address: str, cells: Cells, bounds: Mapping[str, ValueRange] | None
) -> Contribution:
    value = cells[address]
    if value is not None:
        return Contribution(value, value, value)
    if edition.cells[address].column.type == "signed":
        return Contribution(None, None, None)
    own = (bounds or {}).get(address)
    if own is None:
        return Contribution(None, 0, None)
    return Contribution(None, int(own.low), None if isinf(own.high) else int(own.high))


def _bounds(cells: Cells) -> Mapping[str, ValueRange] | None:
    values = cells.in_order()
    if None not in values or any(v is not None and v >= MOST_EXACT for v in values):
        return None
    bounds, impossible = narrow(cells.edition, values)
    return bounds if impossible is None else None


def _read_over(cells: Cells, edition: Edition) -> Cells:
    sources = _sources(edition.code, cells.edition.code)
    return Cells(
        edition,
        {
            address: total(cells[each] for each in from_)
            for address, from_ in sources.items()
            if from_
        },
    )


@cache
def _sources(edition: str, other: str) -> Mapping[str, tuple[str, ...]]:
    return load_edition(edition).sources(load_edition(other))


@cache
def _lost(own: str, edition: str) -> tuple[str, ...]:
    """Return the cells of an edition that no cell of another one counts."""
    mine, other = load_edition(own), load_edition(edition)
    return tuple(a for a in mine.addresses if mine.counterpart(a, other) is None)
