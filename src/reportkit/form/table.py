"""What an edition of the form is made of: columns, rows, blocks, cells, tables, sections, equations.

The form's tables: ``t2`` (disclosures, in blocks), ``t3`` (applications), ``t4`` (disputes).
:mod:`reportkit.form.parsing` makes these objects from an edition's file.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

CellType = Literal["count", "signed", "decimal"]

Measure = Literal["count", "distinct", "sum", "stock", "stock_last_year", "stock_change"]
"""How a cell comes from the rows of a register, see :class:`Derivation`."""

Refusal = Literal["statutory", "factual", "procedural"]
"""Why nothing was given: the law forbids it, there is nothing to give, the application is none to answer."""

Corresponds = tuple[tuple[str, str | None], ...]
"""Pairs of an edition and the code that counts the same there, ``None`` for none."""


@dataclass(frozen=True, slots=True)
class Derivation:
    """How a cell is counted from the rows of one register, for a reporting year.

    ``count``: the rows dated in the year. ``distinct``: the different values of a column among them. ``sum``: their
    amounts, in the unit of the cell's column.
    ``stock``: the rows begun by, and not ended by, 31 December. ``stock_last_year``: the same a year
    before. ``stock_change``: the one less the other.
    """

    register: str
    measure: Measure
    date: str
    """The column of the date that decides; for a stock, the day on which a row begins to count."""
    until: str | None = None
    """For a stock: the column of the day on which a row ends to count."""
    of: str | None = None
    """For a sum: the column of the amount, in yuan. For ``distinct``: the column of the values."""
    by: str | None = None
    """The column that must hold the code of the cell's row; ``None``: every row of the register."""
    where: tuple[tuple[str, str], ...] = ()
    """Columns with the codes that they must hold."""


@dataclass(frozen=True, slots=True)
class FormColumn:
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
    label_en: str = ""
    """In English; clear without its heading."""
    derive: Derivation | None = None
    """How the cells of the column are counted; ``t3`` and ``t4`` need none, they have one register each."""
    corresponds: Corresponds = ()
    """The columns of other editions that count the same; of an edition that is not named, the column
    of the same code."""


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
    label_en: str = ""
    """In English; clear without its headings."""
    derive: Derivation | None = None
    """How the row's cells are counted, where it is not as the columns say."""
    corresponds: Corresponds = ()
    """As :attr:`FormColumn.corresponds`."""
    refusal: Refusal | None = None
    """The group of an outcome that gave nothing; ``None`` for every other row."""
    catch_all: bool = False
    """The outcome row for whatever no other row is for (其他)."""

    @property
    def across(self) -> bool:
        """Whether the row is printed as a group of columns: its label is the heading above them."""
        return bool(self.path) and self.path[-1] == self.label


@dataclass(frozen=True, slots=True)
class RowBlock:
    """Rows that share columns: ``t3`` and ``t4`` are one block each, ``t2`` has several."""

    heading: str | None
    rows: tuple[Row, ...]
    columns: tuple[FormColumn, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of the form: its address and what it counts."""

    address: str
    table: str
    row: Row
    column: FormColumn

    @property
    def label(self) -> str:
        """Say in words where the cell stands, for a person: headings, row, column."""
        words = self.row.path if self.row.across else (*self.row.path, self.row.label)
        group = (self.column.group,) if self.column.group else ()
        return " › ".join((*words, *group, self.column.label))

    @property
    def label_en(self) -> str:
        """Say the same in English: row, column.

        >>> from reportkit.form import load_edition
        >>> load_edition("2021").cell("t4.litigation_direct.upheld").label_en
        'Litigation without prior reconsideration › Upheld'
        """
        return f"{self.row.label_en} › {self.column.label_en}"

    @property
    def derive(self) -> Derivation | None:
        """How the cell is counted: as its row says, else as its column says."""
        return self.row.derive or self.column.derive


@dataclass(frozen=True, slots=True)
class StatutoryTable:
    """One of the three tables."""

    code: str
    title: str
    blocks: tuple[RowBlock, ...]
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
class FormSection:
    """One of the form's sections; ``s0`` is the preface, which has no heading."""

    code: str
    title: str | None
    kind: Literal["narrative", "table"]
    table: str | None = None
    variants: tuple[str, ...] = ()
    """The same heading in other words, with its number."""
    met_as: tuple[str, ...] = ()
    """Wordings that published reports use instead; one counts only where it is a whole line."""
    parts: tuple[str, ...] = ()
    """What the notice that issued the edition wants a narrative section to cover."""


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
