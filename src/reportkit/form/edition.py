"""The statutory form as data: its editions, read once into frozen objects.

An edition is one YAML file beside this module. Everything that knows a row, a column, a label
or an identity of the form walks over the objects made here; no other module types them again.
The form's tables: ``t2`` (disclosures, in blocks), ``t3`` (applications), ``t4`` (disputes).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Literal

import yaml

from reportkit.errors import FormError, UnknownAddress, nearest

CellType = Literal["count", "signed", "decimal"]

EDITIONS: tuple[str, ...] = ("2019", "2021")
"""The editions of the form, oldest first."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table."""

    code: str
    label: str
    """As the form prints it."""
    unit: str
    """件, 项, 元 or 万元."""
    type: CellType
    """``count``: whole, not negative; ``signed``: whole; ``decimal``: exact amount."""
    group: str | None = None
    """The heading above several columns (法人或其他组织)."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table."""

    code: str
    label: str
    """As the form prints it; for ``t4`` the last heading of its path."""
    path: tuple[str, ...] = ()
    """The headings that the row stands under, outermost first."""
    variants: tuple[str, ...] = ()
    """Other wordings met in published reports."""


@dataclass(frozen=True, slots=True)
class Block:
    """Rows that share columns: ``t3`` and ``t4`` are one block each, ``t2`` has several."""

    heading: str | None
    rows: tuple[Row, ...]
    columns: tuple[Column, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of the form: its address and what it counts."""

    address: str
    table: str
    row: Row
    column: Column

    @property
    def label(self) -> str:
        """Say in words where the cell stands, for a person: headings, row, column."""
        words = [*self.row.path, self.row.label] if self.table != "t4" else [*self.row.path]
        group = [self.column.group] if self.column.group else []
        return " › ".join([*words, *group, self.column.label])


@dataclass(frozen=True, slots=True)
class Table:
    """One of the three tables."""

    code: str
    title: str
    blocks: tuple[Block, ...]
    note: str | None = None
    rows_heading: str | None = None
    """The heading above the row labels (信息内容)."""
    columns_heading: str | None = None
    """The heading above all columns (申请人情况)."""

    @property
    def rows(self) -> tuple[Row, ...]:
        """All rows, in the form's order."""
        return tuple(row for block in self.blocks for row in block.rows)

    def cells(self) -> Iterator[Cell]:
        """Yield the table's cells, row by row, in the form's order."""
        for block in self.blocks:
            for row in block.rows:
                for column in block.columns:
                    yield Cell(f"{self.code}.{row.code}.{column.code}", self.code, row, column)


@dataclass(frozen=True, slots=True)
class Section:
    """One of the form's sections; ``s0`` is the preface, which has no heading."""

    code: str
    title: str | None
    kind: Literal["narrative", "table"]
    table: str | None = None
    variants: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Term:
    """A cell in an identity, with its sign; ``last`` means the same cell a year before."""

    address: str
    sign: int = 1
    last: bool = False


@dataclass(frozen=True, slots=True)
class Identity:
    """One equation of the form: the terms of ``left`` sum to the terms of ``right``."""

    code: str
    """The rule it instantiates, such as ``T3-BALANCE``."""
    key: str
    """The column or row that it is about."""
    left: tuple[Term, ...]
    right: tuple[Term, ...]

    @property
    def terms(self) -> tuple[Term, ...]:
        """Both sides' terms."""
        return self.left + self.right


@dataclass(frozen=True)
class Edition:
    """One edition of the form."""

    code: str
    issued_by: str
    sections: tuple[Section, ...]
    tables: Mapping[str, Table]
    arithmetic: tuple[Identity, ...]
    """Identities within one report."""
    cross_year: tuple[Identity, ...]
    """Identities between a report and the one of the year before."""

    @cached_property
    def cells(self) -> Mapping[str, Cell]:
        """Every cell by its address, in the form's order: 200 in edition 2021, 198 in 2019."""
        return MappingProxyType(
            {cell.address: cell for table in self.tables.values() for cell in table.cells()}
        )

    @cached_property
    def addresses(self) -> tuple[str, ...]:
        """Every cell's address, in the form's order."""
        return tuple(self.cells)

    def cell(self, address: str) -> Cell:
        """Return the cell at an address.

        Raises :class:`UnknownAddress`, naming the nearest address, where there is none.
        """
        try:
            return self.cells[address]
        except KeyError:
            hint = nearest(address, self.addresses)
            raise UnknownAddress(f"edition {self.code} has no cell {address!r}{hint}") from None

    def outcome_rows(self) -> tuple[Row, ...]:
        """Return the rows of ``t3`` that an application's outcome can count in.

        They are the rows that the identity ``T3-HANDLED`` sums up.
        """
        identity = next(i for i in self.arithmetic if i.code == "T3-HANDLED")
        codes = {self.cells[term.address].row.code for term in identity.left}
        return tuple(row for row in self.tables["t3"].rows if row.code in codes)


def _span(spec: Any, codes: list[str]) -> list[str]:
    """Return the codes named by a list or by an inclusive ``{from, to}`` range."""
    if isinstance(spec, dict):
        return codes[codes.index(spec["from"]) : codes.index(spec["to"]) + 1]
    return list(spec)


def _term(word: str, address: str) -> Term:
    """Parse ``code``, ``last code``, ``+code``, ``-code``; ``{}`` in the address is the code."""
    last = word.startswith("last ")
    code = word.removeprefix("last ")
    sign = -1 if code.startswith("-") else 1
    return Term(address.format(code.lstrip("+-")), sign, last)


def _identities(spec: Mapping[str, Any], table: Table) -> Iterator[Identity]:
    """Expand one line of ``arithmetic`` or ``cross_year`` into its equations."""
    block = table.blocks[0]
    rows = [row.code for row in table.rows]
    columns = [column.code for column in block.columns]
    match spec["each"]:
        case "column":
            keys, inner, address = columns, rows, "{table}.{{}}.{key}"
        case "row":
            keys, inner, address = rows, columns, "{table}.{key}.{{}}"
        case list() as named:
            keys, inner, address = named, columns, "{table}.{key}.{{}}"
        case other:
            raise FormError(f"{spec['code']}: 'each' is {other!r}, not column, row or a list")
    for key in keys:
        where = address.format(table=table.code, key=key)
        left, right = (
            tuple(_term(word, where) for word in _span(spec[side], inner))
            for side in ("left", "right")
        )
        yield Identity(spec["code"], key, left, right)


def _column(spec: Mapping[str, Any], table: Mapping[str, Any]) -> Column:
    unit, kind = spec.get("unit", table.get("unit")), spec.get("type", table.get("type"))
    if unit is None or kind not in ("count", "signed", "decimal"):
        raise FormError(f"column {spec['code']!r} has no unit or no known type")
    return Column(spec["code"], spec["label"], unit, kind, spec.get("group"))


def _row(spec: Mapping[str, Any]) -> Row:
    path = tuple(spec.get("path", ()))
    label = spec.get("label") or path[-1]
    return Row(spec["code"], label, path, tuple(spec.get("variants", ())))


def _table(code: str, spec: Mapping[str, Any]) -> Table:
    blocks = tuple(
        Block(
            block.get("heading"),
            tuple(_row(row) for row in block["rows"]),
            tuple(_column(column, spec) for column in block["columns"]),
        )
        for block in spec.get("blocks", [spec])
    )
    return Table(
        code,
        spec["title"],
        blocks,
        spec.get("note"),
        spec.get("rows_heading"),
        spec.get("columns_heading"),
    )


@cache
def load_edition(code: str) -> Edition:
    """Return an edition of the form by its code, ``"2019"`` or ``"2021"``.

    Raises :class:`FormError` for a code that is not in :data:`EDITIONS`.
    """
    if code not in EDITIONS:
        raise FormError(f"there is no edition {code!r} of the form{nearest(code, EDITIONS)}")
    text = files(__package__).joinpath(f"edition_{code}.yaml").read_text("utf-8")
    spec = yaml.safe_load(text)
    tables = {name: _table(name, table) for name, table in spec["tables"].items()}
    sections = tuple(
        Section(s["code"], s["title"], s["kind"], s.get("table"), tuple(s.get("variants", ())))
        for s in spec["sections"]
    )

    def expand(lines: list[dict[str, Any]]) -> tuple[Identity, ...]:
        return tuple(i for line in lines for i in _identities(line, tables[line["table"]]))

    edition = Edition(
        code,
        spec["issued_by"],
        sections,
        MappingProxyType(tables),
        expand(spec["arithmetic"]),
        expand(spec["cross_year"]),
    )
    for identity in edition.arithmetic + edition.cross_year:
        for term in identity.terms:
            edition.cell(term.address)  # an identity over a cell that is not there is a typing slip
    return edition


def edition_for(year: int) -> Edition:
    """Return the edition that a reporting year is due on: 2019 for 2019 and 2020, then 2021.

    Source: 国办公开办函〔2019〕60号 and 国办公开办函〔2021〕30号. Earlier years had no national
    form and raise :class:`FormError`.
    """
    if year < 2019:
        raise FormError(f"no national form for {year}: the first is for reporting year 2019")
    return load_edition("2019" if year < 2021 else "2021")
