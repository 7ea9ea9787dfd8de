"""How findings name a place of the form and a number: words taken from the form's own labels."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal

from reportkit.form import Cell, Cells, CellValue, Edition, Identity, plain

_REMARK = re.compile(r"（[^（）]{6,}）$")
_NUMBERING = re.compile(r"^(?:[一二三四五六七八九十]+、|（[一二三四五六七八九十]+）|\d+\.)")


def number_or_blank(value: CellValue) -> str:
    """Write a number as a report prints it; unknown is 空白.

    >>> number_or_blank(12), number_or_blank(Decimal("3.50")), number_or_blank(None)
    ('12', '3.5', '空白')
    """
    if value is None:
        return "空白"
    return plain(value)


def distance(one: int | Decimal, two: int | Decimal) -> int | Decimal:
    """Return how far two numbers are apart, exactly."""
    return one - two if one > two else two - one


def table_name(edition: Edition, table: str) -> str:
    """Return a table's short name, by the number of the section that it stands in: 表三."""
    section = next(s for s in edition.sections if s.table == table and s.title)
    return f"表{(section.title or '')[0]}"


def row_name(cell: Cell) -> str:
    """Return a row's headings in words, without the form's long remarks."""
    words = cell.row.path if cell.row.across else (*cell.row.path, cell.row.label)
    return f"“{'·'.join(_REMARK.sub('', word) for word in words)}”"


def column_name(cell: Cell) -> str:
    """Return a column's heading in words, with the heading that it stands under."""
    group = f"{cell.column.group}·" if cell.column.group else ""
    return f"“{group}{cell.column.label}”"


def cell_name(edition: Edition, address: str) -> str:
    """Return where a cell stands, in words: table, row, column."""
    cell = edition.cell(address)
    return f"{table_name(edition, cell.table)}{row_name(cell)}行{column_name(cell)}列"


def cell_names(edition: Edition, addresses: Iterable[str], most: int = 5) -> str:
    """Return several cells in words, the first few of them by name."""
    names = [cell_name(edition, address) for address in addresses]
    more = f"等 {len(names)} 格" if len(names) > most else ""
    return "、".join(names[:most]) + more


def line_name(edition: Edition, identity: Identity) -> str:
    """Return the row or column that an identity is about, in words."""
    cell = edition.cell(identity.left[0].address)
    table = table_name(edition, cell.table)
    if cell.row.code == identity.key:
        return f"{table}{row_name(cell)}行"
    return f"{table}{column_name(cell)}列"


def term_name(edition: Edition, identity: Identity, address: str) -> str:
    """Return one term of an identity in words: its row in a column, its column in a row."""
    cell = edition.cell(address)
    if cell.row.code == identity.key:
        return cell.column.label
    return _NUMBERING.sub("", _REMARK.sub("", cell.row.label))


def known_count(cells: Cells, address: str) -> int | None:
    """Return a count; ``None`` where it is unknown or the edition has no such cell."""
    value = cells.get(address)
    return value if isinstance(value, int) else None
