"""DataFrames that a view gives: a table of the form as printed, the findings in colour, what stands behind a figure.

Findings and what stands behind figures are for the office. Their outputs are marked so, and a public document
leaves them out; in a run for the public they show nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from html import escape
from typing import Any, Final

import pandas as pd

from reportkit.blocks.block import FOR_OFFICE, HTML
from reportkit.finding import LEVEL_NAMES
from reportkit.form import Cells, CellValue, StatutoryTable
from reportkit.project.this_run import this_run
from reportkit.registers.derivation.told import Behind
from reportkit.registers.schema import REGISTERS
from reportkit.report import TownReport
from reportkit.tidy import DTYPES, frame

_INK: Final = {"error": "#a61b1b", "warning": "#8a5a00", "info": "#1f5a8a"}
"""The colour of each level, legible on white and on black alike beside its word."""
_MOST_ROWS: Final = 60
_SHOWN: Final = ("level", "code", "message", "cells", "left", "right", "basis")


class OfficeFrame(pd.DataFrame):
    """A DataFrame for the office alone; what is cut out of it is one too."""

    @property
    def _constructor(self) -> type[OfficeFrame]:
        return type(self)

    def _repr_mimebundle_(
        self,
        include: object = None,  # noqa: ARG002 - IPython passes both
        exclude: object = None,  # noqa: ARG002
    ) -> dict[str, Any]:
        run = this_run()
        if run is not None and run.audience == "public":
            return {"text/plain": "（公开稿不显示）"}
        return {HTML: self.shown(), "text/plain": repr(self), FOR_OFFICE: {}}

    def shown(self) -> str:
        """Return it as JupyterLab shows it."""
        return str(pd.DataFrame(self).to_html(max_rows=_MOST_ROWS, notebook=True))


class FindingsFrame(OfficeFrame):
    """Findings, one a row, the level in colour where it is shown."""

    def shown(self) -> str:
        """Return what says the most of each finding, the level in colour."""
        names = [name for name in _SHOWN if name in self.columns]
        if "level" not in names:
            return super().shown()
        shown = pd.DataFrame(self)[names].assign(level=[LEVEL_NAMES.get(x, x) for x in self.level])
        ink = [f"color:{_INK.get(level, 'inherit')};font-weight:600" for level in self.level]
        style = (
            shown.style.set_uuid("findings").hide(axis="index").format(na_rep="—", escape="html")
        )
        return str(style.apply(lambda _: ink, subset=["level"]).to_html())


class WhyFrame(OfficeFrame):
    """What stands behind a figure; ``attrs`` has the rule in words, the value, and how many rows there are in all."""

    def shown(self) -> str:
        """Return the rule, the rows, and how many there are besides."""
        more = int(self.attrs.get("rows", 0)) - len(self)
        rest = f"<p>另有{more}项</p>" if more > 0 else ""
        rule = f"<p>{escape(str(self.attrs.get('rule', '')))}</p>"
        return rule + (super().shown() if len(self) else "") + rest


def findings_frame(reports: Iterable[TownReport]) -> FindingsFrame:
    """Return the findings of some reports, one a row; see :data:`reportkit.tidy.FINDINGS`."""
    return FindingsFrame(frame(reports, "findings"))


def why_frame(behind: Behind, value: CellValue) -> WhyFrame:
    """Return what stands behind a figure as a DataFrame; see :meth:`reportkit.notebook.view.View.why`."""
    if behind.register is None:
        parts = [(each.address, each.label, _number(each.value)) for each in behind.addends]
        made = WhyFrame(
            {
                "address": pd.Series([part[0] for part in parts], dtype="string"),
                "label": pd.Series([part[1] for part in parts], dtype="string"),
                "value": pd.Series([part[2] for part in parts], dtype="object"),
            }
        )
    else:
        schema = REGISTERS[behind.register]
        columns = {
            name: _column([row[at] for row in behind.rows], schema.column(name).type)
            for at, name in enumerate(behind.columns)
        }
        for at, name in enumerate(("file", "sheet", "row")):
            told = [origin[at] for origin in behind.origins] or [None] * len(behind.rows)
            columns[name] = _column(told, "count" if name == "row" else "text")
        made = WhyFrame(columns)
    made.attrs = {
        "rule": behind.rule,
        "value": value,
        "rows": behind.parts if behind.register is None else behind.count,
    }
    return made


def _number(value: object) -> object:
    return pd.NA if value is None else Decimal(str(value))


def _column(values: list[Any], kind: str) -> pd.Series[Any]:
    """Return a register's column: dates, whole numbers, exact amounts, texts; blank is ``<NA>`` or ``NaT``."""
    if kind == "date":
        return pd.Series(pd.to_datetime(pd.Series(values, dtype="object"))).astype("datetime64[s]")
    if kind in ("count", "year", "days"):
        return pd.Series([pd.NA if x is None else int(x) for x in values], dtype="Int64")
    if kind == "amount":
        return pd.Series([_number(x) for x in values], dtype="object")
    return pd.Series([None if x is None else str(x) for x in values], dtype=DTYPES["string"])


def printed_frame(table: StatutoryTable, cells: Cells) -> pd.DataFrame:
    """Return a table of the form shaped as it is printed; see :meth:`reportkit.notebook.view.View.table`."""
    block = table.blocks[0]
    if len(table.blocks) == 1 and all(row.across for row in block.rows):
        heads = [(*row.path, column.label) for row in block.rows for column in block.columns]
        values = [_number(cells[cell.address]) for cell in table.cells()]
        columns = pd.MultiIndex.from_tuples(_level(heads))
        return pd.DataFrame([values], columns=columns, index=[""], dtype=object)
    index = [
        (each.heading or "", *row.path, row.label) for each in table.blocks for row in each.rows
    ]
    names = list(
        dict.fromkeys((c.group or "", c.label) for each in table.blocks for c in each.columns)
    )
    rows = [
        [
            _number(cells[f"{table.code}.{row.code}.{columns[name]}"]) if name in columns else ""
            for name in names
        ]
        for each in table.blocks
        for columns in [{(c.group or "", c.label): c.code for c in each.columns}]
        for row in each.rows
    ]
    return pd.DataFrame(rows, index=_index(index), columns=_index(names), dtype=object)


def _level(heads: Sequence[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Make headings equally long: a shorter one stands over empty ones, above its last."""
    most = max(map(len, heads))
    return [(*head[:-1], *[""] * (most - len(head)), head[-1]) for head in heads]


def _index(heads: Sequence[tuple[str, ...]]) -> pd.Index[Any]:
    """Return headings as an index, without the levels that are empty in all of them."""
    rows = _level(heads)
    kept = [at for at in range(len(rows[0])) if any(row[at] for row in rows)]
    if len(kept) == 1:
        return pd.Index([row[kept[0]] for row in rows])
    return pd.MultiIndex.from_tuples([tuple(row[at] for at in kept) for row in rows])
