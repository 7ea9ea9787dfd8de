"""What a notebook cell shows is data: a report is a sequence of blocks, and every format prints them.

A helper of :mod:`reportkit.notebook` gives back a block; :mod:`reportkit.export.document` reads them from
the executed notebook; a format prints them. :func:`parse_block` checks what stands in a notebook.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Annotated, Any, get_args

from pydantic import Field, TypeAdapter, ValidationError

from reportkit.blocks.block import (
    BLOCK,
    HTML,
    MARKDOWN,
    SCHEMA,
    UNKNOWN_MARK,
    UNKNOWN_NOTE,
    VEGA_LITE,
    Block,
    print_amount,
)
from reportkit.blocks.chart import Chart
from reportkit.blocks.findings import Findings, Item
from reportkit.blocks.foreign import ForeignHtml, Picture
from reportkit.blocks.form_table import Backing, FormTable, Remark, print_value
from reportkit.blocks.lineage import STATES, Handed, Lineage, Origin, Portion, Roster, State
from reportkit.blocks.sketch import Board, Sketch
from reportkit.blocks.tables import (
    KeyFigure,
    KeyFigures,
    Table,
    TableColumn,
    print_cell,
    unknown_note,
)
from reportkit.blocks.text import Heading, Masthead, Note, Nothing, Prose, SignOff
from reportkit.errors import BlockRefused
from reportkit.language import _

__all__ = [
    "BLOCK",
    "HTML",
    "KINDS",
    "MARKDOWN",
    "SCHEMA",
    "STATES",
    "UNKNOWN_MARK",
    "UNKNOWN_NOTE",
    "VEGA_LITE",
    "AnyBlock",
    "Backing",
    "Block",
    "Board",
    "Chart",
    "Findings",
    "ForeignHtml",
    "FormTable",
    "Handed",
    "Heading",
    "Item",
    "KeyFigure",
    "KeyFigures",
    "Lineage",
    "Masthead",
    "Note",
    "Nothing",
    "Origin",
    "Picture",
    "Portion",
    "Prose",
    "Remark",
    "Roster",
    "SignOff",
    "Sketch",
    "State",
    "Table",
    "TableColumn",
    "parse_block",
    "print_amount",
    "print_cell",
    "print_value",
    "unknown_note",
]

AnyBlock = (
    Heading
    | Prose
    | Note
    | SignOff
    | Masthead
    | KeyFigures
    | Table
    | FormTable
    | Chart
    | Findings
    | Lineage
    | Roster
    | Picture
    | ForeignHtml
)

KINDS: tuple[type[Block], ...] = get_args(AnyBlock)
"""Every kind of block."""

_ADAPTER: TypeAdapter[Any] = TypeAdapter(Annotated[AnyBlock, Field(discriminator="kind")])


def _dump(block: Block) -> dict[str, Any]:
    return dict(_ADAPTER.dump_python(block, mode="json"))


Block.dump = staticmethod(_dump)


def parse_block(body: object) -> Block:
    """Return the block whose data these are; raise :class:`~reportkit.errors.BlockRefused` for any fault.

    Data of another version, with a key too many or missing, with a value of another type or one that such
    a block cannot hold are no block.

    >>> parse_block({"schema": "reportkit.block/1", "kind": "note", "text": "无"})
    无
    """
    if not isinstance(body, Mapping) or body.get("schema") != SCHEMA:
        raise BlockRefused(_("its data are not {schema}: run the notebook again", schema=SCHEMA))
    bare = {key: value for key, value in body.items() if key != "schema"}
    try:
        block: Block = _ADAPTER.validate_json(json.dumps(bare, ensure_ascii=False, allow_nan=False))
    except ValidationError as fault:
        first = fault.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise BlockRefused(f"{where}: {first['msg'].removeprefix('Value error, ')}") from None
    except (TypeError, ValueError, RecursionError) as fault:
        raise BlockRefused(str(fault)) from None
    return block
