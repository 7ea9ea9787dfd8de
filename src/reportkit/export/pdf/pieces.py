"""Blocks to the pieces that the typst template prints: plain data, no markup."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from typing import Any, Final

from reportkit.blocks import (
    Block,
    Chart,
    Findings,
    ForeignHtml,
    FormTable,
    Heading,
    KeyFigures,
    Lineage,
    Note,
    Picture,
    Prose,
    Roster,
    SignOff,
    Table,
)
from reportkit.blocks.rich_text import ProseTable, parse_rich_text
from reportkit.export.paper import TYPE_AREA, form_widths, rows_widths
from reportkit.export.pictures import chart_svg, standing_svg
from reportkit.form import layout as form

Piece = dict[str, Any]

SUFFIXES: Final = {"image/png": ".png", "image/jpeg": ".jpg"}


class Pieces:
    """Turns blocks into pieces; pictures that are no SVG become files beside the template."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        """Bytes by file name."""

    def of(self, block: Block) -> Iterator[Piece]:
        """Yield the pieces of one block; kinds that print nothing have none."""
        writers: dict[type[Block], Callable[[Any], Iterator[Piece]]] = {
            Heading: self._heading,
            Prose: self._prose,
            Note: self._note,
            KeyFigures: self._key_figures,
            FormTable: self._form_table,
            Table: self._table,
            Chart: self._chart,
            Findings: self._findings,
            Lineage: lambda block: self._table(block.on_paper),
            Roster: self._roster,
            SignOff: self._sign_off,
            Picture: self._picture,
            ForeignHtml: self._foreign,
        }
        if (write := writers.get(type(block))) is not None:
            yield from write(block)

    def _heading(self, block: Heading) -> Iterator[Piece]:
        if block.level > 2:  # one of level 2 is the section's own
            yield {"kind": "heading", "level": block.level - 1, "text": block.text}

    def _prose(self, block: Prose) -> Iterator[Piece]:
        for piece in parse_rich_text(block.text):
            if isinstance(piece, ProseTable):
                yield _rows(piece.rows[0], piece.rows[1:], "")
            elif piece.level:
                yield {"kind": "heading", "level": piece.level - 1, "text": piece.text}
            else:
                yield {"kind": "paragraph", **asdict(piece)}

    def _note(self, block: Note) -> Iterator[Piece]:
        span = {"text": block.text, "strong": False, "emphasis": False, "lead": False}
        yield {"kind": "paragraph", "spans": [span], "depth": 0, "marker": ""}

    def _key_figures(self, block: KeyFigures) -> Iterator[Piece]:
        yield _rows(block.head, block.lines, "", [True] * len(block.head))

    def _form_table(self, block: FormTable) -> Iterator[Piece]:
        plan = block.layout
        one = len(plan.parts) == 1
        head = (
            [[_slot(slot, block, head=True) for slot in row] for row in plan.parts[0].head]
            if one
            else []
        )
        body = [
            [_slot(slot, block, head=in_head) for slot in row]
            for part in plan.parts
            for rows, in_head in ((() if one else part.head, True), (part.body, False))
            for row in rows
        ]
        yield _grid(form_widths(plan), head, body, "", block.notes) | {"whole": True}

    def _table(self, block: Table) -> Iterator[Piece]:
        numbers = [column.type == "number" for column in block.columns]
        labels = [column.label for column in block.columns]
        widths = rows_widths(labels, block.lines)
        yield _rows(labels, block.lines, block.title, numbers, block.notes, widths=widths)

    def _chart(self, block: Chart) -> Iterator[Piece]:
        yield _image(chart_svg(block), block.description, block.title, block.note)

    def _picture(self, block: Picture) -> Iterator[Piece]:
        if block.media_type == "image/svg+xml":
            yield _image(standing_svg(block), block.alt)
        else:
            name = f"picture-{len(self.files) + 1}{SUFFIXES[block.media_type]}"
            self.files[name] = block.content
            yield _image(name, block.alt, svg=False)

    def _foreign(self, block: ForeignHtml) -> Iterator[Piece]:
        if block.table is not None:
            yield from self._table(block.table)
        else:
            yield from self._note(Note(block.words))

    def _roster(self, block: Roster) -> Iterator[Piece]:
        yield from self._note(Note(block.summary))
        yield from self._table(block.table)

    def _findings(self, block: Findings) -> Iterator[Piece]:
        yield from self._note(Note(block.words))
        for line in block.lines:
            yield {"kind": "note", "text": line}

    def _sign_off(self, block: SignOff) -> Iterator[Piece]:
        yield {"kind": "sign-off", "lines": list(block.lines)}


def _image(body: str, alt: str, caption: str = "", note: str = "", *, svg: bool = True) -> Piece:
    return {
        "kind": "picture",
        "svg": svg,
        "body": body,
        "alt": alt or "图",
        "caption": caption,
        "note": note,
    }


def _slot(slot: form.Slot, block: FormTable, *, head: bool) -> Piece:
    if isinstance(slot, form.HeadCell):
        heads = head or slot.scope == "colgroup"
        return _cell(slot.text, slot.colspan, slot.rowspan, head=heads, left=not heads)
    return _cell(block.printed(slot.cell.address), slot.colspan)


def _cell(
    text: str, colspan: int = 1, rowspan: int = 1, *, head: bool = False, left: bool = False
) -> Piece:
    return {"text": text, "colspan": colspan, "rowspan": rowspan, "head": head, "left": left}


def _rows(
    head: Sequence[str],
    rows: Sequence[Sequence[str]],
    caption: str,
    numbers: Sequence[bool] = (),
    notes: Sequence[str] = (),
    *,
    widths: Sequence[float] = (),
) -> Piece:
    body = [
        [
            _cell(text, left=not (place < len(numbers) and numbers[place]))
            for place, text in enumerate(row)
        ]
        for row in rows
    ]
    widths = widths or [TYPE_AREA / len(head)] * len(head)
    return _grid(widths, [[_cell(text, head=True) for text in head]], body, caption, notes)


def _grid(
    widths: Sequence[float],
    head: Sequence[Sequence[Piece]],
    body: Sequence[Sequence[Piece]],
    caption: str,
    notes: Sequence[str],
) -> Piece:
    return {
        "kind": "table",
        "widths": list(widths),
        "head": list(head),
        "body": list(body),
        "caption": caption,
        "notes": list(notes),
        "whole": False,  # a long table may go over pages; those of the form fit one
    }
