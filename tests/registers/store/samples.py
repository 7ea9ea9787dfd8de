"""Small registers for the store's tests, and short ways to write and ingest them."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import text

from reportkit.registers.ingest.files import FileResult
from reportkit.registers.ingest.ingest import ingest
from reportkit.registers.store.address import parse_address

TOWNS = [
    {"town": "shili-zhen", "name": "示例镇", "county": "示例县", "kind": "town"},
    {"town": "qinghe", "name": "清河街道", "county": "示例县", "kind": "subdistrict"},
]
APPLICATIONS = [
    {
        "town": "shili-zhen",
        "application_no": "2021-001",
        "received_on": "2021-03-01",
        "applicant_type": "natural_person",
        "replied_on": "2021-03-15",
        "outcome": "granted",
        "applicant_name": "欧阳测试",
        "applicant_id_no": "11010519491231002X",
        "applicant_phone": "13800138000",
        "requested": "征地补偿方案",
    },
    {
        "town": "shili-zhen",
        "application_no": "2021-002",
        "received_on": "2021-12-20",
        "applicant_type": "enterprise",
        "applicant_name": "测试公司联系人",
    },
    {
        "town": "qinghe",
        "application_no": "2021-001",
        "received_on": "2021-05-06",
        "applicant_type": "natural_person",
        "fee_yuan": "100.5",
    },
]
COVERAGE = [
    {"town": town["town"], "register": "applications", "from_year": "2021"} for town in TOWNS
]
NARRATIVES = [
    {"town": "shili-zhen", "year": "2021", "section": section, "position": "1", "text": "无。"}
    for section in ("s5", "s6")
]


def write_csv(path: Path, rows: Sequence[Mapping[str, Any]]) -> Path:
    """Write rows as CSV, columns by stored name in the order in which rows name them."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names)
        writer.writeheader()
        writer.writerows(rows)
    return path


def write_county(folder: Path) -> Path:
    """Write two towns' registers."""
    write_csv(folder / "towns.csv", TOWNS)
    write_csv(folder / "coverage.csv", COVERAGE)
    write_csv(folder / "applications.csv", APPLICATIONS)
    write_csv(folder / "narratives.csv", NARRATIVES)
    return folder


def load(uri: str, *paths: Path, **options: Any) -> dict[str, FileResult]:
    """Ingest files and return the results by name."""
    return {result.name: result for result in ingest(list(paths), uri, **options)}


def rows(uri: str, table: str) -> list[tuple[Any, ...]]:
    """Return all rows of a table or a view, sorted."""
    with parse_address(uri).read() as connection:
        found = connection.execute(text(f"SELECT * FROM {table}"))
        return sorted((tuple(row) for row in found), key=repr)


def records(uri: str, table: str) -> list[dict[str, Any]]:
    """Return all rows of a table by column."""
    with parse_address(uri).read() as connection:
        found = connection.execute(text(f"SELECT * FROM {table}"))
        return [dict(row) for row in found.mappings()]


def everything(uri: str) -> dict[str, list[tuple[Any, ...]]]:
    """Return all that a store holds, table by table."""
    with parse_address(uri).read() as connection:
        tables = connection.scalars(
            text(
                "SELECT table_name FROM information_schema.tables "
                "WHERE table_schema = current_schema() AND table_type = 'BASE TABLE'"
            )
        )
        names = sorted(tables)
    return {name: rows(uri, name) for name in names}
