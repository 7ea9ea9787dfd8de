"""The statutory form: its editions as data, and the cells that fill one."""

from reportkit.form.cells import Cells, CellValue, JsonValue, plain, total
from reportkit.form.edition import EDITIONS, FIRST_YEAR, Edition, edition_for, load_edition
from reportkit.form.table import (
    Block,
    Cell,
    Column,
    Derivation,
    Identity,
    Refusal,
    Row,
    Section,
    Table,
    Term,
)

__all__ = [
    "EDITIONS",
    "FIRST_YEAR",
    "Block",
    "Cell",
    "CellValue",
    "Cells",
    "Column",
    "Derivation",
    "Edition",
    "Identity",
    "JsonValue",
    "Refusal",
    "Row",
    "Section",
    "Table",
    "Term",
    "edition_for",
    "load_edition",
    "plain",
    "total",
]
