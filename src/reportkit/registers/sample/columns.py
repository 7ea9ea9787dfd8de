"""Columns to Arrow: a register's arrays as a table of the types that Parquet keeps.

A maker of rows gives numpy arrays by column name. Blank is ``None`` in an array of objects, ``NaT`` in
dates and :data:`BLANK` in whole numbers. Amounts are whole fen (1 yuan = 100 fen), so no binary float
ever holds money.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from reportkit.registers.schema import REGISTERS

Columns = dict[str, NDArray[Any]]

BLANK = -1
"""A blank whole number or amount."""

_AMOUNT = pa.decimal128(15, 2)
_TYPES: Mapping[str, Any] = {
    "text": pa.string(),
    "date": pa.date32(),
    "year": pa.int32(),
    "count": pa.int32(),
    "days": pa.int32(),
    "amount": _AMOUNT,
    "code": pa.string(),
    "codes": pa.string(),
    "bool": pa.bool_(),
}


@cache
def arrow_schema(register: str) -> Any:
    """Return the Arrow schema of a register. Personal columns are not in it: the sample has no persons."""
    columns = REGISTERS[register].public_columns
    return pa.schema([(column.name, _TYPES[column.type]) for column in columns])


def objects(values: Iterable[object]) -> NDArray[Any]:
    """Return texts, or yes and no, as an array of objects, whatever their number."""
    listed = list(values)
    array = np.empty(len(listed), dtype=object)
    array[:] = listed
    return array


def joined(parts: list[Columns]) -> Columns:
    """Put the rows of several parts, which have the same columns, under one another."""
    if len(parts) == 1:
        return parts[0]
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def taken(columns: Columns, rows: NDArray[Any]) -> Columns:
    """Return some rows of all columns: a mask, or places in the order wanted."""
    return {name: values[rows] for name, values in columns.items()}


def arrow_table(register: str, town: str, columns: Columns) -> Any:
    """Return one town's rows as an Arrow table; a column that nobody made is blank."""
    rows = len(next(iter(columns.values()))) if columns else 0
    schema = arrow_schema(register)
    arrays = []
    for field in schema:
        if field.name == "town":
            arrays.append(pa.repeat(pa.scalar(town, pa.string()), rows))
        elif field.name not in columns:
            arrays.append(pa.nulls(rows, field.type))
        elif field.type == _AMOUNT:
            arrays.append(_amounts(columns[field.name]))
        elif columns[field.name].dtype.kind == "i":
            values = columns[field.name]
            arrays.append(pa.array(values.astype(np.int32), field.type, mask=values == BLANK))
        else:
            arrays.append(pa.array(columns[field.name], field.type))
    return pa.Table.from_arrays(arrays, schema=schema)


def _amounts(fen: NDArray[Any]) -> Any:
    """Return amounts as exact decimals: a 128-bit number of fen with two places behind the point."""
    words = np.zeros((len(fen), 2), dtype=np.int64)
    words[:, 0] = np.maximum(fen, 0)
    array = pa.Array.from_buffers(_AMOUNT, len(fen), [None, pa.py_buffer(words.tobytes())])
    return pa.compute.if_else(pa.array(fen != BLANK), array, pa.scalar(None, _AMOUNT))
