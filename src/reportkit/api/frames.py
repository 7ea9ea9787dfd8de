"""Reports as tidy DataFrames, with the columns of :mod:`reportkit.tidy`."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

import pandas as pd

from reportkit.report import TownReport
from reportkit.tidy import TABLES, lines_of

_DTYPES = {"string": "string", "integer": "Int64", "number": "object", "boolean": "boolean"}


def frame(reports: Iterable[TownReport], table: str) -> pd.DataFrame:
    """Return a tidy table of some reports: ``cells``, ``facts``, ``sections`` or ``findings``.

    A number is a :class:`~decimal.Decimal`; what is unknown is ``pd.NA``, never zero.
    """
    fields = TABLES[table]
    lines = [line for report in reports for line in lines_of(report, table)]
    columns = {}
    for at, field in enumerate(fields):
        found = [line[at] for line in lines]
        if field.type == "number":
            found = [None if value is None else Decimal(value) for value in found]
        values = [pd.NA if value is None else value for value in found]
        columns[field.name] = pd.Series(values, dtype=_DTYPES[field.type])
    return pd.DataFrame(columns)
