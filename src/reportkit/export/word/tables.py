"""Tables of the Word file, written as XML at once: one call a cell would take most of a report's time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final
from xml.sax.saxutils import escape

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from reportkit.blocks import FormTable, Table
from reportkit.blocks.printable import printable
from reportkit.export.paper import TYPE_AREA, form_widths, rows_widths
from reportkit.form.layout import Covered, HeadCell, Slot, on_grid

TWIPS: Final = 1440 / 25.4
"""Twentieths of a point in a millimetre."""

_BORDERS = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="auto"/>'
    for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)


def form_table(block: FormTable, styles: dict[str, str]) -> Any:
    """Return a table of the form with its true merged cells; its head stands on every page."""
    plan = block.layout
    widths = form_widths(plan)
    lines = []
    for nth, part in enumerate(plan.parts):
        rows = [(row, True) for row in on_grid(part.head)] + [
            (row, False) for row in on_grid(part.body)
        ]
        for row, head in rows:
            cells = [_slot(slot, block, widths, styles, head=head) for slot in row]
            lines.append(_row(cells, repeated=head and nth == 0 and len(plan.parts) == 1))
    return _table(_together(lines), widths, block.title)


def _together(lines: Sequence[str]) -> list[str]:
    """Keep the rows of a table on one page, as those of the form fit on one: each stays with the next."""
    kept = [line.replace("</w:pPr>", "<w:keepNext/></w:pPr>") for line in lines[:-1]]
    return [*kept, *lines[-1:]]


def plain_table(block: Table, styles: dict[str, str]) -> Any:
    """Return a table of any columns; the first heads the rows."""
    return rows_table(
        [column.label for column in block.columns],
        block.lines,
        block.caption,
        styles,
        numbers=[column.type == "number" for column in block.columns],
        widths=rows_widths([column.label for column in block.columns], block.lines),
    )


def rows_table(
    head: Sequence[str],
    rows: Sequence[Sequence[str]],
    caption: str,
    styles: dict[str, str],
    *,
    numbers: Sequence[bool] = (),
    widths: Sequence[float] = (),
) -> Any:
    """Return a table of texts under one line of heads; without ``widths`` its columns are equal."""
    widths = widths or [TYPE_AREA / len(head)] * len(head)
    lines = [
        _row(
            [_cell(text, width, styles["head"]) for text, width in zip(head, widths, strict=True)],
            repeated=True,
        )
    ]
    for row in rows:
        kinds = [
            styles["number" if place < len(numbers) and numbers[place] else "cell"]
            for place in range(len(row))
        ]
        lines.append(_row([_cell(t, w, k) for t, w, k in zip(row, widths, kinds, strict=False)]))
    return _table(lines, widths, caption)


def _slot(
    slot: Slot | Covered,
    block: FormTable,
    widths: Sequence[float],
    styles: dict[str, str],
    *,
    head: bool,
) -> str:
    width = sum(widths[slot.column : slot.column + slot.colspan])
    if isinstance(slot, Covered):
        return _cell("", width, styles["cell"], slot.colspan, merge="continue")
    if isinstance(slot, HeadCell):
        style = styles["head" if head or slot.scope == "colgroup" else "cell"]
        return _cell(
            slot.text, width, style, slot.colspan, merge="restart" if slot.rowspan > 1 else ""
        )
    return _cell(block.printed(slot.cell.address), width, styles["number"], slot.colspan)


def _cell(text: str, width: float, style: str, colspan: int = 1, merge: str = "") -> str:
    span = f'<w:gridSpan w:val="{colspan}"/>' if colspan > 1 else ""
    merged = f'<w:vMerge w:val="{merge}"/>' if merge else ""
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{round(width * TWIPS)}" w:type="dxa"/>{span}{merged}'
        f'<w:vAlign w:val="center"/></w:tcPr><w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>'
        f'<w:r><w:t xml:space="preserve">{escape(printable(text))}</w:t></w:r></w:p></w:tc>'
    )


def _row(cells: Sequence[str], *, repeated: bool = False) -> str:
    again = "<w:tblHeader/>" if repeated else ""
    return f"<w:tr><w:trPr><w:cantSplit/>{again}</w:trPr>{''.join(cells)}</w:tr>"


def _table(lines: Sequence[str], widths: Sequence[float], caption: str) -> Any:
    grid = "".join(f'<w:gridCol w:w="{round(width * TWIPS)}"/>' for width in widths)
    return parse_xml(
        f"<w:tbl {nsdecls('w')}><w:tblPr>"
        f'<w:tblW w:w="{round(sum(widths) * TWIPS)}" w:type="dxa"/><w:jc w:val="center"/>'
        f'<w:tblBorders>{_BORDERS}</w:tblBorders><w:tblLayout w:type="fixed"/>'
        '<w:tblCellMar><w:left w:w="40" w:type="dxa"/><w:right w:w="40" w:type="dxa"/></w:tblCellMar>'
        f'<w:tblCaption w:val="{escape(printable(caption), {chr(34): "&quot;"})}"/></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{''.join(lines)}</w:tbl>"
    )
