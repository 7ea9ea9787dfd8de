"""Tidy data: what a row and a column of a report's long tables are.

The files of ``output/data/`` and the public API's DataFrames have these columns, so that they are defined once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any, Final, Literal

from reportkit.form import EDITIONS, Edition, load_edition, plain
from reportkit.form.facts import FACTS
from reportkit.language import _
from reportkit.report import TownReport

if TYPE_CHECKING:
    import pandas as pd

Type = Literal["string", "integer", "number", "boolean"]
"""A column's type, as Frictionless names it; a number is exact."""


@dataclass(frozen=True, slots=True)
class Field:
    """One column of a tidy table."""

    name: str
    type: Type
    zh: str
    en: str


_TOWN: Final = (
    Field("town", "string", "机关代码", "Id of the body"),
    Field("name", "string", "机关名称", "Name of the body"),
    Field("county", "string", "所属县（市、区）", "County"),
    Field("province", "string", "所属省份", "Province"),
    Field("year", "integer", "报告年度", "Reporting year"),
    Field("edition", "string", "格式版本", "Edition of the statutory form"),
)
_STATUS: Final = (
    "known（已知）或unknown（未知）；未知不是零",
    "known or unknown; unknown is not zero",
)

CELLS: Final = (
    *_TOWN,
    Field("table", "string", "表", "Table of the form"),
    Field("row", "string", "行代码", "Code of the row"),
    Field("column", "string", "列代码", "Code of the column"),
    Field("address", "string", "单元格地址", "Address of the cell: table.row.column"),
    Field("value", "number", "数值", "Value, exact"),
    Field("status", "string", *_STATUS),
    Field("label_zh", "string", "中文名称", "Label in Chinese, as the form prints it"),
    Field("label_en", "string", "英文名称", "Label in English"),
    Field("unit", "string", "单位", "Unit"),
    Field("refusal", "string", "未提供的类别：statutory法定、factual事实、procedural程序", "Why nothing was given: statutory, factual or procedural; empty for other rows"),
    *(
        Field(
            f"address_{code}",
            "string",
            f"在{code}年版格式中对应的单元格；几格对应一格的，相加为该格",
            f"The cell of edition {code} that counts the same; cells that share one add up to it",
        )
        for code in EDITIONS
    ),
    Field("illustrative", "boolean", "是否为示例数据（虚构）", "Whether the figures are invented"),
)  # fmt: skip
"""The table of cells: one row a cell of the form."""

FACT_FIELDS: Final = (
    *_TOWN,
    Field("fact", "string", "数字代码", "Code of the fact"),
    Field("value", "number", "数值", "Value, exact"),
    Field("status", "string", *_STATUS),
    Field("label_zh", "string", "中文名称", "Name in Chinese"),
    Field("unit", "string", "单位", "Unit"),
)
"""The table of facts: one row a figure that the prose states."""

SECTIONS: Final = (
    *_TOWN,
    Field("section", "string", "部分代码", "Code of the section"),
    Field("title", "string", "部分标题", "Title of the section"),
    Field("text", "string", "文字（Markdown）", "Text, as Markdown"),
)
"""The table of prose: one row a section."""

FINDINGS: Final = (
    *_TOWN,
    Field("code", "string", "规则代码", "Code of the rule"),
    Field("level", "string", "级别", "Level: error, warning or info"),
    Field("message", "string", "问题", "What is wrong, in Chinese"),
    Field("cells", "string", "单元格地址，以空格分隔", "Addresses of the cells, with spaces between"),
    Field("left", "number", "左边", "Left side"),
    Field("right", "number", "右边", "Right side"),
    Field("basis", "string", "依据", "Basis in law"),
)  # fmt: skip
"""The table of findings, for the office alone."""

TABLES: Final[Mapping[str, tuple[Field, ...]]] = {
    "cells": CELLS,
    "facts": FACT_FIELDS,
    "sections": SECTIONS,
    "findings": FINDINGS,
}
"""Every tidy table by its name, with its columns."""

Line = tuple[Any, ...]


def lines_of(report: TownReport, table: str) -> Iterator[Line]:
    """Yield a report's rows of a tidy table, in the order of its columns; an unknown value is ``None``.

    >>> from reportkit.form import Cells, load_edition
    >>> from reportkit.report import Town
    >>> edition = load_edition("2021")
    >>> cells = Cells(edition, {"t2.regulations.made": 3})
    >>> town = Town(id="a", name="甲镇")
    >>> report = TownReport(town=town, year=2021, edition="2021", cells=cells)
    >>> next(lines_of(report, "cells"))[6:12]
    ('t2', 'regulations', 'made', 't2.regulations.made', 3, 'known')
    """
    town = report.town
    head = (town.id, town.name, town.county, town.province, report.year, report.edition)
    match table:
        case "cells":
            if report.edition is None:
                return
            for fixed, value in zip(_fixed(report.edition), report.cells.in_order(), strict=True):
                status = "unknown" if value is None else "known"
                yield (*head, *fixed[:4], value, status, *fixed[4:], town.illustrative)
        case "facts":
            for code, fact in FACTS.items():
                known = report.facts.get(code)
                status = "unknown" if known is None else "known"
                yield (*head, code, known, status, fact.label, fact.unit)
        case "sections":
            titles = {s.code: s.title for s in report.cells.edition.sections}
            for code, text in report.sections.items():
                yield (*head, code, titles.get(code), text)
        case "findings":
            for found in report.findings:
                cells = " ".join(found.cells)
                sides = (found.left, found.right)
                yield (*head, found.code, found.level, found.message, cells, *sides, found.basis)
        case _:
            raise ValueError(_("there is no tidy table {table!r}", table=table))


def csv_text(value: object) -> str:
    """Write a value for a CSV that a spreadsheet opens: unknown is empty, and no text is taken for a formula.

    >>> csv_text(None), csv_text(True), csv_text(Decimal("1.50")), csv_text("=1+1")
    ('', 'true', '1.5', "'=1+1")
    """
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case Decimal() | int():
            return plain(value)
    text = str(value)
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


DTYPES: Final[Mapping[Type, str]] = {
    "string": "string",
    "integer": "Int64",
    "number": "object",
    "boolean": "boolean",
}
"""The dtype of each type of column in a DataFrame; a column of numbers holds exact decimals."""


def frame(reports: Iterable[TownReport], table: str) -> pd.DataFrame:
    """Return a tidy table of some reports as a DataFrame: ``cells``, ``facts``, ``sections`` or ``findings``.

    Its columns are those of :data:`TABLES`, their dtypes those of :data:`DTYPES`. A number is a
    :class:`~decimal.Decimal`; what is unknown is ``pd.NA``, never zero.
    """
    import pandas as pd  # noqa: PLC0415  # whoever writes files of a whole run streams without it

    lines = [line for report in reports for line in lines_of(report, table)]
    columns = {}
    for at, field in enumerate(TABLES[table]):
        found = [line[at] for line in lines]
        if field.type == "number":
            found = [None if value is None else Decimal(value) for value in found]
        values = [pd.NA if value is None else value for value in found]
        columns[field.name] = pd.Series(values, dtype=DTYPES[field.type])
    return pd.DataFrame(columns)


@cache
def _fixed(code: str) -> tuple[Line, ...]:
    """Return what the form alone says of each cell of an edition."""
    edition = load_edition(code)
    others = [load_edition(other) for other in EDITIONS]
    return tuple(
        (
            cell.table,
            cell.row.code,
            cell.column.code,
            address,
            cell.label,
            cell.label_en,
            cell.column.unit,
            cell.row.refusal,
            *(_counterpart(edition, address, other) for other in others),
        )
        for address, cell in edition.cells.items()
    )


def _counterpart(edition: Edition, address: str, other: Edition) -> str | None:
    return address if edition.code == other.code else edition.counterpart(address, other)
