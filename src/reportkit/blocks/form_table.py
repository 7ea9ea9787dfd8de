"""A table of the statutory form: edition, table, and the figures in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Final, Literal

from reportkit.blocks.block import STRICT, UNKNOWN_MARK, UNKNOWN_NOTE, Block, Value, render
from reportkit.blocks.tables import exact_frame
from reportkit.errors import FormError
from reportkit.finding import LEVEL_NAMES, Level
from reportkit.form import EDITIONS, Cell, CellValue, StatutoryTable, load_edition, plain
from reportkit.form.cells import check_value
from reportkit.form.layout import Figure, HeadCell, Layout, Slot, layout
from reportkit.language import _

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Remark:
    """A finding that is about cells of the table, as the table tells it."""

    number: int
    """Its number in the list of findings, from 1."""
    level: Level
    message: str
    __pydantic_config__ = STRICT


@dataclass(frozen=True, slots=True)
class Backing:
    """What stands behind one cell, for the office: the page opens the figure to it."""

    rule: str
    """The rule that made the figure."""
    lines: tuple[str, ...] = ()
    """The rows that it counts, or the parts of a total, a line each."""
    more: int = 0
    """How many further ones there are."""
    __pydantic_config__ = STRICT


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a figure goes in the blank form."""

    address: str
    colspan: int
    headers: str
    """The ids of its headings, where a table has several heads."""


@dataclass(frozen=True, slots=True, repr=False, kw_only=True)
class FormTable(Block):
    """A table of the form with its section's heading, exactly as an edition prints it.

    Raises :class:`ValueError` where the cells are not those of the table, or hold what such a cell cannot.
    """

    edition: str
    table: str
    section: str
    """The code of the section that it stands in: ``s3``."""
    title: str
    """The section's heading."""
    town: str
    """The body's id, or its name where it has none."""
    year: int | None
    cells: Mapping[str, Value]
    """The table's cells by address, all of them; ``None``: unknown."""
    previous: Mapping[str, Value] | None = None
    """Last year's cells, where that report is known and has the same edition."""
    marks: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    """The numbers of the findings about a cell; empty for the public."""
    findings: tuple[Remark, ...] = ()
    anchored: bool = False
    """Whether each cell can be linked to, as the list of findings does."""
    behind: Mapping[str, Backing] = field(default_factory=dict)
    """What stands behind a cell; empty for the public, and where nobody knows."""
    kind: Literal["form_table"] = "form_table"
    __pydantic_config__ = STRICT

    def __post_init__(self) -> None:
        if self.edition not in EDITIONS:
            raise ValueError(_("there is no edition {edition!r} of the form", edition=self.edition))
        edition = load_edition(self.edition)
        if self.table not in edition.tables:
            raise ValueError(
                _(
                    "edition {edition} has no table {table!r}",
                    edition=self.edition,
                    table=self.table,
                )
            )
        sections = {s.code: (s.title or "", s.table) for s in edition.sections}
        if sections.get(self.section) != (self.title, self.table):
            raise ValueError(
                _(
                    "edition {edition} has no section {section!r} {title!r}",
                    edition=self.edition,
                    section=self.section,
                    title=self.title,
                )
            )
        for cells in (self.cells, self.previous):
            if cells is not None:
                _check_cells(edition.tables[self.table], cells)
        for name in ("marks", "behind"):
            if not getattr(self, name).keys() <= self.cells.keys():
                raise ValueError(
                    _(
                        "{name} of cells that table {table} does not have",
                        name=name,
                        table=self.table,
                    )
                )

    @property
    def layout(self) -> Layout:
        """Return headings and cells with their spans: what every format walks over."""
        return layout(load_edition(self.edition).tables[self.table])

    @property
    def unknown(self) -> bool:
        """Say whether a cell is unknown, which a note under the table explains."""
        return None in self.cells.values()

    @property
    def notes(self) -> tuple[str, ...]:
        """Return the sentences under the table: on the dash, and what the findings about its cells say."""
        said = tuple(f"{r.number}．{LEVEL_NAMES[r.level]}：{r.message}" for r in self.findings)
        return (UNKNOWN_NOTE, *said) if self.unknown else said

    @property
    def words(self) -> str:
        """Return the heading."""
        return self.title

    @property
    def opens(self) -> tuple[str, str]:
        """Return the section that it opens."""
        return self.section, self.title

    @property
    def data(self) -> pd.DataFrame:
        """Return a row a cell, in the form's order: address, row, column, label, value, previous."""
        rows = [
            (
                cell.address,
                cell.row.code,
                cell.column.code,
                cell.label,
                self.cells[cell.address],
                None if self.previous is None else self.previous[cell.address],
            )
            for cell in self.layout.table.cells()
        ]
        return exact_frame(("address", "row", "column", "label", "value", "previous"), rows)

    def printed(self, address: str) -> str:
        """Return a cell as the form prints it."""
        return print_value(self.cells[address], load_edition(self.edition).cells[address])

    def html(self) -> str:
        """Return the table in a frame that scrolls on small screens, with its notes."""
        places, pieces = _blank_form(self.edition, self.table, anchored=self.anchored)
        html = [pieces[0]]
        for cell, attributes, end in zip(places, pieces[1::2], pieces[2::2], strict=True):
            value, marks = self.cells[cell.address], self.marks.get(cell.address, ())
            kind = "unknown" if value is None else "zero" if not value else ""
            if marks:
                html.append(f' class="{kind} found"')
            elif kind:
                html.append(f' class="{kind}"')
            text, backing = print_value(value, cell), self.behind.get(cell.address)
            html += (attributes, render("opened", text=text, backing=backing) if backing else text)
            if marks:
                html.append(render("marks", marks=marks))
            html.append(end)
        note = UNKNOWN_NOTE if self.unknown else ""
        if note or self.findings:
            html += ("\n", render("beside", note=note, findings=self.findings))
        return "".join(html)


_HOLE: Final = "\ufffc"
"""Stands in the blank form where a figure's class and its text go."""


@cache
def _blank_form(edition: str, table: str, *, anchored: bool) -> tuple[list[Cell], list[str]]:
    """Return the cells of a form's table in the order of print, and its HTML in the pieces between what a report fills in.

    All of it but two hundred short texts is the same in every report, so that it is made once.
    """
    plan = layout(load_edition(edition).tables[table])
    several = len(plan.parts) > 1

    def line(row: tuple[Slot, ...], part: int) -> list[HeadCell | _Place]:
        return [
            slot
            if isinstance(slot, HeadCell)
            else _Place(
                slot.cell.address,
                slot.colspan,
                _headers(table, part, slot) if several else "",
            )
            for slot in row
        ]

    html = render(
        "form",
        plan=plan,
        several=several,
        parts=[
            (part.head, [line(row, nth) for row in part.body])
            for nth, part in enumerate(plan.parts)
        ],
        internal=anchored,
        hole=_HOLE,
    )
    figures = [
        slot.cell
        for part in plan.parts
        for row in part.body
        for slot in row
        if not isinstance(slot, HeadCell)
    ]
    return figures, html.split(_HOLE)


def print_value(value: CellValue, cell: Cell) -> str:
    """Write a cell as the form prints it: exact, a change with its sign, a dash for unknown."""
    if value is None:
        return UNKNOWN_MARK
    text = plain(value)
    return f"+{text}" if cell.column.type == "signed" and value > 0 else text


def _check_cells(table: StatutoryTable, cells: Mapping[str, CellValue]) -> None:
    places = {cell.address: cell for cell in table.cells()}
    if cells.keys() != places.keys():
        strange = min(cells.keys() ^ places.keys())
        raise ValueError(
            _(
                "the cells are not those of table {code}: {strange}",
                code=table.code,
                strange=strange,
            )
        )
    for address, value in cells.items():
        try:
            check_value(value, places[address].column.type)
        except FormError as fault:
            raise ValueError(f"{address}: {fault}") from None


def _headers(table: str, part: int, slot: Figure) -> str:
    """Return the ids of the headings above and beside a cell of a table with several heads."""
    return f"{table}-{part} {table}-{part}-{slot.column} {table}-{slot.cell.row.code}"
