"""The statutory form: its editions as data, and the cells that fill one."""

from reportkit.form.cells import Cells, CellValue, JsonValue, plain, total
from reportkit.form.edition import (
    EDITIONS,
    Block,
    Cell,
    Column,
    Edition,
    Identity,
    Row,
    Section,
    Table,
    Term,
    edition_for,
    load_edition,
)

__all__ = [
    "EDITIONS",
    "Block",
    "Cell",
    "CellValue",
    "Cells",
    "Column",
    "Edition",
    "Identity",
    "JsonValue",
    "Row",
    "Section",
    "Table",
    "Term",
    "edition_for",
    "load_edition",
    "plain",
    "total",
]
