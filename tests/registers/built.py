"""A town's registers made from rows in memory, for tests that read no file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

import pandas as pd

from reportkit.registers.absent import Absent
from reportkit.registers.data import DTYPES, ORIGIN, SetAside, TownData
from reportkit.registers.schema import REGISTERS
from reportkit.report import Town

Values = Mapping[str, Any]
YUNXI = Town(id="yunxi", name="云溪镇", county="示例县", kind="town")


def frame(register: str, rows: Iterable[Values]) -> pd.DataFrame:
    """Return rows as cleaning leaves them: what is not given is blank, dates may be ISO texts."""
    rows = list(rows)
    number = REGISTERS[register].key[-1]
    types = {column.name: column.type for column in REGISTERS[register].public_columns}
    given = {"town": YUNXI.id, "file": f"{register}.csv"}
    lines: list[dict[str, Any]] = [
        {**given, "row": place + 2, number: str(place + 1), **row} for place, row in enumerate(rows)
    ]
    assert {name for line in lines for name in line} <= {*types, *ORIGIN}
    columns = {}
    for name in (*types, *ORIGIN):
        values = [line.get(name) for line in lines]
        dtype: Any = "Int64" if name == "row" else DTYPES.get(types.get(name, "text"), "object")
        series = pd.Series(values, dtype=object)
        columns[name] = (
            pd.to_datetime(series).astype(dtype)
            if dtype == "datetime64[s]"
            else series.astype(dtype)
        )
    return pd.DataFrame(columns)


def built(
    *,
    edition: str | None = None,
    kept: Mapping[str, tuple[tuple[int, int | None], ...]] | None = None,
    absent: Mapping[str, Absent] | None = None,
    set_aside: tuple[SetAside, ...] = (),
    **registers: Iterable[Values],
) -> TownData:
    """Return a town whose registers hold these rows, each kept from 2019 on where ``kept`` says nothing."""
    return TownData(
        YUNXI,
        edition,
        MappingProxyType({name: frame(name, rows) for name, rows in registers.items()}),
        MappingProxyType({**dict.fromkeys(registers, ((2019, None),)), **(kept or {})}),
        set_aside,
        MappingProxyType({**(absent or {})}),
    )
