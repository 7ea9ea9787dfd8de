"""The tables of several files that hold one register: joined, or the rows of some towns alone."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from reportkit.registers.reading.files.raw import RawTable, RowFault


def with_own_town(tables: list[RawTable]) -> list[RawTable]:
    """Return a file's tables, where it describes one town alone with that town in the rows that name none."""
    own = {
        str(town).strip()
        for table in tables
        if table.register.name == "towns" and "town" in table.frame
        for town in table.frame["town"]
        if isinstance(town, str) and town.strip()
    }
    if len(own) != 1:
        return tables
    town = next(iter(own))
    for table in tables:
        given = table.frame.get("town")
        if given is None:
            table.frame["town"] = pd.Series([town] * len(table.frame), dtype=object)
        else:
            blank = given.isna() | (given.astype(str).str.strip() == "")
            table.frame["town"] = given.astype(object).where(~blank, town)
    return tables


def rows_at(table: RawTable, kept: np.ndarray[Any, Any]) -> RawTable:
    """Return some of a table's rows."""
    if kept.all():
        return table
    places = kept.cumsum() - 1  # where each row that stays stands now
    faults = tuple(
        replace(fault, position=int(places[fault.position]))
        for fault in table.faults
        if kept[fault.position]
    )
    return replace(table, frame=table.frame[kept].reset_index(drop=True), faults=faults)


def joined(tables: list[RawTable]) -> pd.DataFrame:
    """Return the rows of some tables of one register as one frame."""
    if len(tables) == 1:
        return tables[0].frame
    return pd.concat([table.frame.astype(object) for table in tables], ignore_index=True)


def faults_of(tables: list[RawTable]) -> list[RowFault]:
    """Return the faults that reading has seen, with the rows' positions in the joined frame."""
    faults: list[RowFault] = []
    start = 0
    for table in tables:
        faults.extend(replace(f, position=start + f.position) for f in table.faults)
        start += len(table.frame)
    return faults
