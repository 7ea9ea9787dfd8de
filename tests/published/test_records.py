"""The corpus of real published reports, record by record.

The records say what a careful reader finds. Every cell listed must be that value, and no cell may be
certain that the record does not list; no number may be given for a fact that it is not.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from reportkit.published import read_file
from tests.published.records import CORPUS, FOLDERS, Record, judge, load_records

RECORDS = [record for folder in FOLDERS for record in load_records(folder)]
SEED = Path(__file__).parents[3] / "shared" / "seed" / "ershilidian-2021.txt"


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.id)
def test_cells_are_read_exactly(record: Record) -> None:
    verdict = judge(record)
    assert (verdict.fault, verdict.wrong, verdict.unproven, verdict.unread) == ("", [], [], [])


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.id)
def test_facts_are_read_and_none_besides(record: Record) -> None:
    verdict = judge(record)
    assert (verdict.facts_missing, verdict.facts_wrong) == ([], [])


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.id)
def test_name_and_year(record: Record) -> None:
    verdict = judge(record)
    assert (verdict.name, verdict.year) in {("right", "right"), ("", "right")}


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.id)
def test_edition(record: Record) -> None:
    (read,) = read_file(record.path)
    assert read.report.edition == (record.edition if record.cells else None)


@pytest.mark.skipif(not SEED.exists(), reason="the shared seed report is absent")
def test_seed_gives_all_200_cells() -> None:
    (read,) = read_file(SEED)
    assert len(read.readings) == 200
    assert all(reading.confidence == "certain" for reading in read.readings.values())
    assert set(read.report.cells.values()) == {0}
    assert read.report.facts["disclosed_items"] == 24
    assert read.report.facts["hotline_replies"] == 1031
    assert read.report.facts["trainings"] == 4
    assert (read.report.town.name, read.report.year) == ("二十里店镇", 2021)


def test_the_corpus_is_whole() -> None:
    assert len(RECORDS) == 48
    listed = {record.path for record in RECORDS}
    assert listed == {path for path in CORPUS.glob("*/reports/*") if path.is_file()}
