"""Parquet that is typed already, batch by batch: the quick way into a store.

A batch goes this way where every column has the store's type and every text is trimmed, so that nothing needs to
be read out of it; :mod:`.gate` then judges its rows. Any other batch is cleaned like a sheet.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from reportkit.registers.data import ORIGIN
from reportkit.registers.schema import Column, Register
from reportkit.registers.store.frames import arrow_schema

BATCH = 200_000
"""Rows a batch: enough for the columns' sake, little enough for the memory's."""


def _is_text(values: pa.Array) -> bool:
    if not (pa.types.is_string(values.type) or pa.types.is_large_string(values.type)):
        return False
    trimmed: pa.Array = pc.equal(pc.utf8_trim_whitespace(values), values)
    plain = pc.and_(trimmed, pc.greater(pc.binary_length(values), 0))
    whole: bool = pc.all(plain).as_py() is True
    return whole and not any(
        pc.any(pc.match_substring(values, part)).as_py() is True for part in _READ
    )


_READ = ("\0", "\n", "\r", "_x000", "E+", "#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!")
"""What may stand in a text that has to be read: a line break, a number cut short, an error value."""


def _is_amount(values: pa.Array) -> bool:
    kind = values.type
    fits = pa.types.is_decimal(kind) and kind.scale <= 6 and kind.precision - kind.scale <= 15
    return bool(fits or pa.types.is_integer(kind))


def _is_date(values: pa.Array) -> bool:
    return bool(pa.types.is_date32(values.type))


_IS: Mapping[str, Callable[[pa.Array], bool]] = {
    "text": _is_text,
    "code": _is_text,
    "date": _is_date,
    "amount": _is_amount,
    "year": lambda values: bool(pa.types.is_integer(values.type)),
    "count": lambda values: bool(pa.types.is_integer(values.type)),
    "days": lambda values: bool(pa.types.is_integer(values.type)),
    "bool": lambda values: bool(pa.types.is_boolean(values.type)),
    "codes": lambda values: values.null_count == len(values),
}


def _is_typed(column: Column, values: pa.Array) -> bool:
    return values.null_count == len(values) or _IS[column.type](values)


def as_typed(register: Register, batch: pa.Table, first_row: int) -> pa.Table | None:
    """Return a batch in the store's types, or ``None`` where a value of it needs reading.

    ``batch`` has the stored column names; a column that is absent is blank. ``first_row`` is the row of its first
    case as a spreadsheet counts it.
    """
    if register.name in ("figures", "towns"):  # their values say more than their types
        return None
    schema = arrow_schema(register)
    columns: list[pa.Array] = []
    for column in register.public_columns:
        if column.name not in batch.column_names:
            columns.append(pa.nulls(len(batch), schema.field(column.name).type))
            continue
        values = batch.column(column.name).combine_chunks()
        if pa.types.is_dictionary(values.type):
            values = values.cast(values.type.value_type)
        if not _is_typed(column, values):
            return None
        try:
            columns.append(values.cast(schema.field(column.name).type))
        except pa.ArrowInvalid:  # a number beyond the store's type
            return None
    columns.append(pa.nulls(len(batch), pa.string()))
    columns.append(pa.array(range(first_row, first_row + len(batch)), type=pa.int32()))
    return pa.Table.from_arrays(columns, schema=schema)


def typed_frame(register: Register, table: pa.Table) -> pd.DataFrame:
    """Return a typed batch as the gate sees it: dates, numbers and texts in pandas's own types."""
    columns: dict[str, Any] = {}
    for column in register.public_columns:
        values = table.column(column.name)
        if column.type == "date":
            columns[column.name] = values.cast(pa.timestamp("s")).to_pandas()
        elif column.type in ("year", "count", "days"):
            columns[column.name] = values.to_pandas(
                types_mapper={pa.int32(): pd.Int64Dtype(), pa.int64(): pd.Int64Dtype()}.get
            )
        else:
            columns[column.name] = values.to_pandas()
    return pd.DataFrame(columns)


def raw_frame(batch: pa.Table, file: str, first_row: int) -> pd.DataFrame:
    """Return a batch as cleaning takes it: values as they stand, with their origin."""
    frame: pd.DataFrame = batch.to_pandas(date_as_object=True)
    rows = pd.array(range(first_row, first_row + len(frame)), dtype="Int64")
    origin = dict(zip(ORIGIN, (file, None, rows), strict=True))
    return frame.assign(**origin)
