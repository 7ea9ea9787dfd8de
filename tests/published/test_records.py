"""The real published reports of the shared folder, cell by cell.

The records say what a careful reader finds. Every cell listed must be that value, and no cell may be
certain that the record does not list.
"""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from reportkit.published import read_file

SHARED = Path(__file__).parents[3] / "shared"
RECORDS = SHARED / "published" / "records.jsonl"
SEED = SHARED / "seed" / "ershilidian-2021.txt"


def _records() -> list[Any]:
    if not RECORDS.exists():
        return []
    return [json.loads(line) for line in RECORDS.read_text("utf-8").splitlines()]


@pytest.mark.skipif(not RECORDS.exists(), reason="the shared folder of published reports is absent")
@pytest.mark.parametrize("record", _records(), ids=lambda record: str(record["id"]))
def test_record_is_read_exactly(record: Any) -> None:
    (read,) = read_file(RECORDS.parent / record["file"])
    wanted = {
        address: Decimal(value) if isinstance(value, str) else value
        for address, value in record["cells"].items()
    }
    certain = {a for a, reading in read.readings.items() if reading.confidence == "certain"}
    assert {a: read.report.cells[a] for a in wanted} == wanted
    assert certain <= wanted.keys()
    assert read.report.year == record["year"]
    assert read.report.edition == (record["edition"] if wanted else None)
    assert {code: read.report.facts.get(code) for code in record["facts"]} == record["facts"]
    assert not read.report.town.name or read.report.town.name in record["town"]


@pytest.mark.skipif(not SEED.exists(), reason="the shared seed report is absent")
def test_seed_gives_all_200_cells() -> None:
    (read,) = read_file(SEED)
    assert len(read.readings) == 200
    assert all(reading.confidence == "certain" for reading in read.readings.values())
    assert set(read.report.cells.values()) == {0}
    assert read.report.facts["disclosed_items"] == 24
    assert read.report.facts["hotline_replies"] == 1031
    assert read.report.facts["trainings"] == 4
    assert (read.report.town.name, read.report.year) == ("海阳市二十里店镇", 2021)
