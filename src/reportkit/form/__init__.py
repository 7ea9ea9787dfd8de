"""The statutory form: its editions as data, and the cells that fill one."""

from reportkit.form.cells import Cells, CellValue, JsonValue, plain, total
from reportkit.form.edition import EDITIONS, FIRST_YEAR, Edition, edition_for, load_edition
from reportkit.form.table import (
    Cell,
    Derivation,
    FormColumn,
    FormSection,
    Identity,
    Refusal,
    Row,
    RowBlock,
    StatutoryTable,
    Term,
)

__all__ = [
    "EDITIONS",
    "FIRST_YEAR",
    "Cell",
    "CellValue",
    "Cells",
    "Derivation",
    "Edition",
    "FormColumn",
    "FormSection",
    "Identity",
    "JsonValue",
    "Refusal",
    "Row",
    "RowBlock",
    "StatutoryTable",
    "Term",
    "edition_for",
    "load_edition",
    "plain",
    "total",
]
