"""What the tidy data say of themselves: the codebook for people, and the data package for programs (Frictionless)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from reportkit.form import EDITIONS, load_edition
from reportkit.form.facts import FACTS
from reportkit.tidy import TABLES, Field

DIGITS: Final = (20, 6)
"""Digits of a value in Parquet, and how many of them are decimals."""


def describe_csv(path: Path, digest: str, fields: Iterable[Field]) -> dict[str, Any]:
    """Describe a CSV file, which may be compressed, as Frictionless has it; the Parquet file beside it holds the same."""
    return {
        "name": path.name.partition(".")[0],
        "type": "table",
        "path": path.name,
        "format": "csv",
        **({"compression": "gz"} if path.suffix == ".gz" else {}),
        "mediatype": "text/csv",
        "encoding": "utf-8-sig",
        "bytes": path.stat().st_size,
        "hash": f"sha256:{digest}",
        "schema": {
            "fields": [
                {"name": f.name, "type": f.type, "title": f.en, "description": f.zh} for f in fields
            ],
            "missingValues": [""],
        },
    }


def data_package(
    resources: list[dict[str, Any]], licence: str | None, citation: str | None
) -> dict[str, Any]:
    """Return the data package of the tables' descriptions, with whose the data are where that is known."""
    package: dict[str, Any] = {
        "name": "annual-reports-on-open-government-information",
        "title": "政府信息公开工作年度报告",
    }
    if licence:
        package["licenses"] = [{"path" if "://" in licence else "name": licence}]
    if citation:
        package["citation"] = citation
    return {**package, "resources": resources}


def codebook(tables: Iterable[str], licence: str | None, citation: str | None) -> str:
    """Return the codebook: every file, column, cell and fact, in Chinese and in English."""
    lines = [
        "# 数据说明 / Codebook",
        "",
        (
            "每张表有CSV和Parquet两份，内容相同。未知为空值，不是零。"
            "行数超过表格软件的上限（1,048,576行）时，各CSV压缩为.csv.gz，数据分析软件可直接读取。"
        ),
        (
            "CSV为UTF-8（带BOM），以 = + - @ 开头的文字前加一个撇号，以免被当作公式；Parquet保持原文。"
            f"Parquet中的数值为decimal128({DIGITS[0]},{DIGITS[1]})，放不下的为空值而状态为known，原数见CSV。"
        ),
        "",
        (
            "Each table is there as CSV and as Parquet, with the same content. Unknown is empty, not zero. "
            "Where there are more rows than a spreadsheet opens (1,048,576), every CSV is compressed (.csv.gz); "
            "programs for data read it as it is."
        ),
        (
            "CSV is UTF-8 with a byte order mark; text that begins with = + - @ has an apostrophe before it there, "
            "so that no spreadsheet takes it for a formula; Parquet is exact. Values in Parquet are "
            f"decimal128({DIGITS[0]},{DIGITS[1]}); one that does not fit is empty with the status known, and stands in the CSV."
        ),
        "",
    ]
    if licence:
        lines += [f"许可 / Licence: {licence}", ""]
    if citation:
        lines += [f"引用 / Citation: {citation}", ""]
    for table in tables:
        rows = [(f"`{f.name}`", f.type, f.zh, f.en) for f in TABLES[table]]
        lines += [
            f"## {table}",
            "",
            *_markdown(("列 / Column", "类型 / Type", "中文", "English"), rows),
        ]
    for code in EDITIONS:
        edition = load_edition(code)
        cells = [
            (f"`{address}`", cell.label, cell.label_en, cell.column.unit, cell.row.refusal or "")
            for address, cell in edition.cells.items()
        ]
        heads = ("地址 / Address", "中文", "English", "单位 / Unit", "类别 / Refusal")
        lines += [
            f"## {code}年版 / Edition {code}（{edition.issued_by}）",
            "",
            *_markdown(heads, cells),
        ]
    facts = [(f"`{f.code}`", f.label, f.unit) for f in FACTS.values()]
    lines += ["## 其他数字 / Facts", "", *_markdown(("代码 / Code", "中文", "单位 / Unit"), facts)]
    return "\n".join(lines)


def _markdown(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    names = list(heads)
    yield f"| {' | '.join(names)} |"
    yield f"|{'---|' * len(names)}"
    for row in rows:
        yield f"| {' | '.join(text.replace('|', chr(92) + '|') for text in row)} |"
    yield ""
