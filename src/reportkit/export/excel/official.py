"""The form's tables on sheets as they are printed, with the checks beside them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from reportkit.blocks import FormTable
from reportkit.export.excel.sheets import Book, reference
from reportkit.export.paper import form_widths
from reportkit.form import Identity
from reportkit.form.layout import Figure, HeadCell, Layout

_FORBIDDEN: Final = re.compile(r"[\[\]:*?/\\']")
_TOP: Final = 2
"""Rows over a table: its title, its unit."""
_CHECK: Final = "勾稽校验"
_FIGURE: Final = 11
"""The width of a column of figures."""
_MILLIMETRES: Final = 1.9
"""What one unit of a column's width is on paper: Word and PDF give the millimetres of row headings."""


@dataclass(frozen=True)
class SheetPlan:
    """Where everything of one table stands on its sheet."""

    block: FormTable
    sheet: str
    places: Mapping[str, tuple[int, int]]
    """Row and column by address."""
    end: int
    """The first row under the table."""

    @property
    def layout(self) -> Layout:
        """The printed form of the table."""
        return self.block.layout

    def reference(self, address: str) -> str:
        """Return a cell as a formula on any sheet names it."""
        return reference(self.sheet, *self.places[address])


def plan_of(block: FormTable, taken: Sequence[str]) -> SheetPlan:
    """Return the plan of a table; ``taken`` are the names of the other sheets."""
    name = sheet_name(block.layout)
    places, end = places_of(block.layout)
    return SheetPlan(block, name if name not in taken else f"{name[:28]} {len(taken)}", places, end)


def sheet_name(plan: Layout) -> str:
    """Return what the sheet of a printed table is called."""
    return _FORBIDDEN.sub("", plan.table.title)[:31]


def places_of(plan: Layout) -> tuple[Mapping[str, tuple[int, int]], int]:
    """Return row and column of each cell on the sheet by address, and the first row under the table."""
    places: dict[str, tuple[int, int]] = {}
    row = _TOP
    for part in plan.parts:
        row += len(part.head)
        for line in part.body:
            places |= {s.cell.address: (row, s.column) for s in line if isinstance(s, Figure)}
            row += 1
    return places, row


@dataclass(frozen=True)
class Check:
    """One identity: where its result stands in the list, and where beside the table."""

    identity: Identity
    result: str
    """The result's cell as a formula names it."""
    shown: str
    """The result as it is now."""


def write_official(book: Book, plan: SheetPlan, checks: Sequence[Check]) -> None:
    """Write one table with the checks of its identities at its right and under it."""
    block, layout = plan.block, plan.layout
    unit = f"单位：{layout.unit}" if layout.unit else "单位见各列"
    sheet = book.sheet(
        plan.sheet, block.title, [unit + "。右侧和下方为勾稽校验，改动数字后自动重算。"]
    )
    labels = [round(width / _MILLIMETRES) for width in form_widths(layout)[: layout.labels]]
    widths = [*labels, *[_FIGURE] * (layout.width - layout.labels)]
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    row = _TOP
    for part in layout.parts:
        for line in (*part.head, *part.body):
            for slot in line:
                if isinstance(slot, HeadCell):
                    _heading(book, sheet, row, slot, head=line in part.head)
                else:
                    _figure(book, sheet, row, slot, block)
            heads = [s for s in line if isinstance(s, HeadCell) and s.rowspan == 1]
            spans = [widths[s.column : s.column + s.colspan] for s in heads]
            book.fit(sheet, row, [(s.text, sum(w)) for s, w in zip(heads, spans, strict=True)])
            row += 1
    sheet.set_column(layout.width, layout.width, 16)
    rows = _write_checks(book, sheet, plan, checks)
    book.red_when_broken(sheet, _TOP, 0, max(rows, plan.end), layout.width)
    sheet.freeze_panes(
        _TOP + len(layout.parts[0].head) if len(layout.parts) == 1 else _TOP, layout.labels
    )
    if layout.width > 8:
        sheet.set_landscape()


def _heading(book: Book, sheet: Any, row: int, slot: HeadCell, *, head: bool) -> None:
    look = book.looks["head" if head or slot.scope == "colgroup" else "label"]
    if slot.colspan > 1 or slot.rowspan > 1:
        end = (row + slot.rowspan - 1, slot.column + slot.colspan - 1)
        sheet.merge_range(row, slot.column, *end, slot.text, look)
    else:
        sheet.write_string(row, slot.column, slot.text, look)


def _figure(book: Book, sheet: Any, row: int, slot: Figure, block: FormTable) -> None:
    kind = slot.cell.column.type
    if slot.colspan > 1:
        sheet.merge_range(
            row, slot.column, row, slot.column + slot.colspan - 1, "", book.looks[kind]
        )
    book.value(sheet, row, slot.column, block.cells[slot.cell.address], kind)


def _write_checks(book: Book, sheet: Any, plan: SheetPlan, checks: Sequence[Check]) -> int:
    """Write every check in the row that it is about, else under the column; return the last row."""
    beside = dict(_beside(plan, checks))
    if beside:
        book.text(sheet, _TOP, plan.layout.width, _CHECK, "check")
    under: dict[str, int] = {}
    for check in checks:
        code = check.identity.code
        if (row := beside.get(check)) is not None:
            column = plan.layout.width
        else:
            if code not in under:
                under[code] = plan.end + len(under)
                label = f"{_CHECK}（{code}）"
                if plan.layout.labels > 1:
                    last = plan.layout.labels - 1
                    sheet.merge_range(under[code], 0, under[code], last, "", book.looks["check"])
                book.text(sheet, under[code], 0, label, "check")
            row = under[code]
            column = plan.places[check.identity.right[0].address][1]
        book.formula(sheet, row, column, f"={check.result}", result=check.shown, look="check")
    return max(under.values(), default=plan.end)


def _beside(plan: SheetPlan, checks: Sequence[Check]) -> Iterator[tuple[Check, int]]:
    """Yield the checks that are about one row of the sheet alone, each with that row."""
    rows: dict[int, list[Check]] = {}
    for check in checks:
        at = {plan.places[term.address][0] for term in check.identity.terms}
        wide = len({term.address for term in check.identity.terms}) > 1
        if len(at) == 1 and wide:
            rows.setdefault(at.pop(), []).append(check)
    for row, found in rows.items():
        if len(found) == 1:
            yield found[0], row
