"""Blocks of figures: the key figures, and a table of any columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BeforeValidator, PlainSerializer

from reportkit.blocks.block import STRICT, UNKNOWN_NOTE, Block, Value, print_amount, render
from reportkit.errors import FormError
from reportkit.form import CellValue, plain
from reportkit.form.cells import check_value
from reportkit.language import _

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """One figure with its change on last year."""

    label: str
    unit: str
    now: Value
    before: Value
    phrase: str
    """The change in words; empty where last year's report is not known at all."""
    __pydantic_config__ = STRICT

    @property
    def shown(self) -> str:
        """This year's figure, a dash for unknown."""
        return print_amount(self.now)


@dataclass(frozen=True, slots=True, repr=False)
class KeyFigures(Block):
    """The strip of figures under the title."""

    figures: tuple[KeyFigure, ...]
    kind: Literal["key_figures"] = "key_figures"
    __pydantic_config__ = STRICT

    @property
    def head(self) -> tuple[str, ...]:
        """Return the labels, for a format that prints the strip as a table."""
        return tuple(figure.label for figure in self.figures)

    @property
    def lines(self) -> tuple[tuple[str, ...], ...]:
        """Return what stands under the labels: the figures, and their changes where one is known."""
        rows = (
            tuple(f"{figure.shown}{figure.unit}" for figure in self.figures),
            tuple(figure.phrase for figure in self.figures),
        )
        return tuple(row for row in rows if any(row))

    @property
    def words(self) -> str:
        """Return the figures in a sentence."""
        return "，".join(f"{f.label}{f.shown}{f.unit}" for f in self.figures)

    @property
    def data(self) -> pd.DataFrame:
        """Return a row a figure: label, unit, now, before, phrase."""
        names = ("label", "unit", "now", "before", "phrase")
        return exact_frame(names, [[getattr(f, name) for name in names] for f in self.figures])

    def html(self) -> str:
        """Return the strip."""
        return render("key_figures", figures=self.figures)


@dataclass(frozen=True, slots=True)
class TableColumn:
    """A column of a table."""

    label: str
    type: Literal["number", "text"] = "number"
    """Numbers stand at the right, and a zero and an unknown look different from the others."""
    __pydantic_config__ = STRICT


def _no_float(value: object) -> object:
    if isinstance(value, bool | float):
        raise ValueError(
            _("{value!r} is no exact figure: give a whole number or a decimal string", value=value)
        )
    return value


TableCell = Annotated[
    int | str | Decimal | None,
    BeforeValidator(_no_float),
    PlainSerializer(lambda value: plain(value) if isinstance(value, Decimal) else value),
]
"""A cell: a figure in a column of numbers (``None``: unknown), a text in another."""

Line = tuple[TableCell, ...]


@dataclass(frozen=True, slots=True, repr=False)
class Table(Block):
    """A table. Its first column heads the rows.

    Raises :class:`ValueError` where a row does not fit the columns.

    >>> Table("平台", (TableColumn("名称", "text"), TableColumn("数")), (("网站", 3), ("微信", None))).words
    '平台：网站 3；微信 —'
    """

    caption: str
    columns: tuple[TableColumn, ...]
    rows: tuple[Line, ...]
    foot: tuple[Line, ...] = ()
    """Rows of sums, at the foot."""
    unit: str = ""
    notes: tuple[str, ...] = ()
    """Sentences under the table."""
    folds: bool = False
    """Whether a page shows it folded, to be opened by whoever looks for a row; paper shows it whole."""
    kind: Literal["table"] = "table"
    __pydantic_config__ = STRICT

    def __post_init__(self) -> None:
        if not self.columns:
            raise ValueError(_("a table has at least one column"))
        for name in ("rows", "foot"):
            lines = tuple(self._line(row) for row in getattr(self, name))
            object.__setattr__(self, name, lines)

    def _line(self, row: Sequence[object]) -> tuple[int | str | Decimal | None, ...]:
        if len(row) != len(self.columns):
            raise ValueError(
                _(
                    "a row has {cells} cells, and the table {columns} columns",
                    cells=len(row),
                    columns=len(self.columns),
                )
            )
        return tuple(_cell(value, column) for value, column in zip(row, self.columns, strict=True))

    @property
    def title(self) -> str:
        """Return the caption with the unit of the figures, as formats print it over the table."""
        return f"{self.caption}（单位：{self.unit}）" if self.unit else self.caption

    @property
    def lines(self) -> tuple[tuple[str, ...], ...]:
        """Return the rows as printed, those of the foot last."""
        return tuple(tuple(print_cell(value) for value in row) for row in (*self.rows, *self.foot))

    @property
    def words(self) -> str:
        """Return caption and rows in a sentence."""
        return f"{self.caption}：" + "；".join(" ".join(line) for line in self.lines)

    @property
    def data(self) -> pd.DataFrame:
        """Return the rows without those of the foot."""
        return exact_frame([column.label for column in self.columns], self.rows)

    def html(self) -> str:
        """Return the table in a frame that scrolls on small screens."""
        return render("table", block=self, show=print_cell)


def _cell(value: object, column: TableColumn) -> int | str | Decimal | None:
    if column.type == "text":
        if value is None or isinstance(value, str):
            return value
        raise ValueError(
            _("{value!r} in the column of texts {label!r}", value=value, label=column.label)
        )
    try:
        return check_value(value, "decimal" if isinstance(value, str | Decimal) else "count")
    except FormError as fault:
        raise ValueError(_("{fault} (column {label!r})", fault=fault, label=column.label)) from None


def print_cell(value: TableCell) -> str:
    """Write a cell as it is printed."""
    return value if isinstance(value, str) else print_amount(value)


def unknown_note(values: Sequence[CellValue]) -> tuple[str, ...]:
    """Return the note on the dash, where one of some figures is unknown."""
    return (UNKNOWN_NOTE,) if None in values else ()


def exact_frame(names: Sequence[str], rows: Sequence[Sequence[object]]) -> pd.DataFrame:
    """Return rows as a DataFrame of exact values: unknown is ``None``, never a binary float."""
    import pandas as pd  # noqa: PLC0415  # heavy; most blocks are never looked at this way

    return pd.DataFrame([list(row) for row in rows], columns=list(names), dtype=object)
