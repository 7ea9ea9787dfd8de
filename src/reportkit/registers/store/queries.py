"""The rows of one town or of some, as a query a register gives them: nothing personal, and in the order of the files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import Connection, TextClause, text

from reportkit.registers.schema import CASE_REGISTERS, REGISTERS
from reportkit.registers.store.frames import PLACE, from_arrow, from_rows

END = date(2199, 12, 31)
"""The last day that any register holds (:data:`~reportkit.registers.reading.values.LAST_YEAR`)."""


@cache
def _slice(register: str, towns: int, mark: str) -> str:
    """Return the query of so many towns' rows that had come by a day, ``mark`` for each value."""
    dated = REGISTERS[register].dated_by
    which = f"IN ({', '.join([mark] * towns)})" if towns > 1 else f"= {mark}"
    until = "" if dated is None else f" AND {dated} <= {mark}"
    return (
        f"SELECT {columns_of(register)} FROM {register} WHERE town {which} AND aside IS NULL{until}"
    )


def columns_of(register: str) -> str:
    """Return what is asked for of a register: its columns but the personal ones, and each row's place."""
    names = [column.name for column in REGISTERS[register].public_columns]
    return ", ".join([*names, "file_id", *PLACE])


@cache
def case_years() -> TextClause:
    """Return the query of the years in which a town's case registers have rows."""
    return text(
        " UNION ALL ".join(
            f"SELECT DISTINCT '{name}' AS register, EXTRACT(year FROM {REGISTERS[name].dated_by}) AS year "
            f"FROM {name} WHERE town = :town AND aside IS NULL"
            for name in CASE_REGISTERS
        )
    )


@dataclass(frozen=True)
class Queries:
    """Asks a store for rows."""

    embedded: bool
    """Whether the database is a file that this process has open (DuckDB), so that it gives whole columns."""
    files: Mapping[int, str]
    """The name of each file that was ingested, by its id."""
    places: Mapping[int, int]
    """The place of each file among all, by its id: reports follow the files, not the order in which they came."""

    def rows(
        self, connection: Connection, register: str, towns: list[str], until: date
    ) -> list[Any]:
        """Return the rows of some towns, by town: each as files, sheets and rows have them."""
        query = _slice(register, len(towns), "?" if self.embedded else "%s")
        bound = (*towns, *([] if REGISTERS[register].dated_by is None else [until]))
        # The driver's own query and rows: SQLAlchemy's cost as much again, and nothing here uses their names.
        rows = list(connection.exec_driver_sql(query, bound).cursor.fetchall())
        places = self.places

        def place(row: Any) -> tuple[Any, ...]:
            file_id, sheet, number = row[-3:]
            return row[0], places.get(file_id, -1), sheet is None, sheet or "", number or 0

        rows.sort(key=place)  # databases sort texts by rules of their own, and no quicker
        return rows

    def frame(
        self, connection: Connection, name: str, towns: list[str], until: date
    ) -> pd.DataFrame:
        """Return the rows of some towns by town, as whole columns where the database gives them so."""
        register = REGISTERS[name]
        if not self.embedded:
            return from_rows(register, self.rows(connection, name, towns, until), self.files)
        raw: Any = connection.connection.driver_connection
        query = f"{_slice(name, len(towns), '?')} ORDER BY town, file_id, sheet, row_no"
        bound = [*towns, *([] if register.dated_by is None else [until])]
        rows = raw.sql(query, params=bound).to_arrow_table()
        places = np.array([self.places.get(id_, -1) for id_ in rows["file_id"].to_pylist()], int)
        if (places[1:] < places[:-1]).any():
            codes, _ = pd.factorize(rows["town"].to_pandas())
            rows = rows.take(np.lexsort((places, codes)))
        return from_arrow(register, rows, self.files)
