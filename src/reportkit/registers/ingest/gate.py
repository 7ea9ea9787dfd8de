"""The gate: a pandera schema a register, made by walking the schema. Only rows that pass it enter a store.

:mod:`reportkit.registers.reading.clean` turns what people write into typed rows and says in words what is wrong with the
others; the gate holds, column by column at once, what a typed row must be. Parquet that is typed already passes by
the gate alone, which is what makes a province's registers quick to load.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import pandas as pd
import pandera.pandas as pa
from pandera.errors import SchemaErrors

from reportkit.errors import StoreError
from reportkit.language import _
from reportkit.registers.reading.values import FIRST_YEAR, LAST_YEAR
from reportkit.registers.schema import REGISTERS, Column, Register, codes_of

_FIRST, _LAST = (pd.Timestamp(f"{FIRST_YEAR}-01-01"), pd.Timestamp(f"{LAST_YEAR}-12-31"))


def _checks(register: Register, column: Column) -> list[pa.Check]:
    if column.type == "code":
        return [pa.Check.isin(list(codes_of(register.name, column.name)))]
    if column.type == "date":
        return [pa.Check.in_range(_FIRST, _LAST)]
    if column.type == "year":
        return [pa.Check.in_range(FIRST_YEAR, LAST_YEAR)]
    if column.type in ("count", "days", "amount"):
        return [pa.Check.ge(0)]
    return []


def _ordered(earlier: str, later: str) -> pa.Check:
    def holds(frame: pd.DataFrame) -> Any:
        return ~(frame[later] < frame[earlier]).fillna(value=False).astype(bool)

    return pa.Check(holds, name=f"{later} not before {earlier}")


def _filled_with(column: str, other: str) -> pa.Check:
    def holds(frame: pd.DataFrame) -> Any:
        return frame[column].isna() | frame[other].notna()

    return pa.Check(holds, name=f"{column} with {other}")


@cache
def gate(name: str) -> pa.DataFrameSchema:
    """Return what the typed rows of a register must be."""
    register = REGISTERS[name]
    pairs = [*register.together, *((b, a) for a, b in register.together), *register.requires]
    return pa.DataFrameSchema(
        {
            column.name: pa.Column(
                checks=_checks(register, column), nullable=not (column.key or column.needed)
            )
            for column in register.public_columns
        },
        checks=[
            *(_ordered(*pair) for pair in register.order),
            *(_filled_with(*pair) for pair in pairs),
        ],
        name=register.name,
    )


def passes(register: Register, frame: pd.DataFrame) -> bool:
    """Say whether every row of a typed frame may enter a store."""
    try:
        gate(register.name).validate(frame, lazy=True)
    except SchemaErrors:
        return False
    return True


def require(register: Register, frame: pd.DataFrame) -> None:
    """Raise :class:`~reportkit.errors.StoreError` where rows that were cleaned do not pass: a fault of ours.

    The message names columns and rules; values stay out of it.
    """
    try:
        gate(register.name).validate(frame, lazy=True)
    except SchemaErrors as fault:
        cases = fault.failure_cases[["column", "check"]].drop_duplicates()
        told = "; ".join(f"{c}: {k}" for c, k in cases.itertuples(index=False))
    else:
        return
    raise StoreError(
        _(
            "register {name}: rows that were checked do not pass: {told}",
            name=register.name,
            told=told,
        )
    )
