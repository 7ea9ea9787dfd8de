"""Ingest, the same on DuckDB and PostgreSQL."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

from reportkit.errors import SourceError
from reportkit.registers.derivation.cases import Cases
from reportkit.registers.derivation.derive import derive_numbers
from reportkit.registers.digest import Digests
from reportkit.registers.sample import FOLDER
from reportkit.registers.store.rollup import ROLLED_UP
from reportkit.sources.registers import StoreSource
from reportkit.sources.source import open_source
from tests.registers.store.samples import (
    APPLICATIONS,
    everything,
    load,
    records,
    rows,
    write_county,
    write_csv,
)


def test_a_store_gives_the_reports_that_its_files_give(uri: str) -> None:
    load(uri, FOLDER)
    folder, store = open_source("sample:"), open_source(uri)
    assert dict(store.towns) == dict(folder.towns)
    for town in list(folder.towns)[::4]:
        assert store.years(town) == folder.years(town)
        for year in folder.years(town)[::2]:
            ours, theirs = store.load(town, year), folder.load(town, year)
            assert ours.report.to_json() == theirs.report.to_json()
            assert ours.timeliness == theirs.timeliness
            assert ours.monthly == theirs.monthly
            assert [r.to_json() for r in ours.history] == [r.to_json() for r in theirs.history]
            assert store.digest(town, year) == folder.digest(town, year)


def test_many_towns_at_once_are_each_what_they_are_alone(
    uri: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(uri, FOLDER)
    monkeypatch.setattr("reportkit.registers.store.read.TOGETHER", 3)
    store = StoreSource(uri).store
    until = date(2022, 12, 31)
    towns = sorted(store.towns, reverse=True)
    for town, together in zip(towns, store.several(towns, until), strict=True):
        alone = store.town(town, until)
        assert (together.town, together.coverage) == (alone.town, alone.coverage)
        assert together.set_aside == alone.set_aside
        assert together.frames.keys() == alone.frames.keys()
        for name, frame in alone.frames.items():
            pd.testing.assert_frame_equal(together.frames[name], frame)
        assert Digests(together).of(2022) == Digests(alone).of(2022)


def test_a_county_s_roll_up_is_what_its_reports_say(uri: str) -> None:
    load(uri, FOLDER)
    source = StoreSource(uri)
    for year in (2020, 2023):
        rolled = source.store.roll_up(year)
        assert len(rolled) > 10
        for town, figures in rolled.items():
            numbers = derive_numbers(Cases(source.data(town)), year)
            known = {
                code: numbers.cells[code] if code in numbers.cells else numbers.facts.get(code)
                for code in ROLLED_UP
            }
            assert figures == known, town


def test_more_rows_than_a_row_group_arrive(tmp_path: Path) -> None:
    # DuckDB reads no row of a temporary table that it took for empty: 122,880 rows and more.
    count = 130_000
    frame = pd.DataFrame(
        {
            "town": ["shili-zhen"] * count,
            "ticket_no": [f"{number:06d}" for number in range(count)],
            "received_on": [date(2021, 3, 1)] * count,
            "replied_on": [date(2021, 3, 2)] * count,
        }
    )
    frame.to_parquet(tmp_path / "hotline.parquet")
    store = f"duckdb:///{tmp_path / 'store.duckdb'}"
    assert load(store, tmp_path / "hotline.parquet")["hotline.parquet"].rows == {"hotline": count}
    assert len(rows(store, "hotline")) == count
    frame.iloc[[*range(count), 5]].to_parquet(tmp_path / "hotline.parquet")
    result = load(store, tmp_path / "hotline.parquet")["hotline.parquet"]
    assert (result.status, result.repeated) == ("replaced", 1)


def test_the_same_files_again_change_nothing(uri: str, tmp_path: Path) -> None:
    county = write_county(tmp_path / "data")
    assert {r.status for r in load(uri, county).values()} == {"loaded"}
    before = everything(uri)
    assert {r.status for r in load(uri, county).values()} == {"unchanged"}
    copied = write_csv(tmp_path / "again" / "applications.csv", APPLICATIONS)
    assert load(uri, copied)["applications.csv"].status == "unchanged"
    assert everything(uri) == before


def test_a_corrected_file_replaces_its_own_rows(uri: str, tmp_path: Path) -> None:
    county = write_county(tmp_path / "data")
    other = {**APPLICATIONS[0], "application_no": "2020-777", "received_on": "2020-01-02"}
    load(uri, county, write_csv(tmp_path / "applications_2020.csv", [other]))
    corrected = [{**APPLICATIONS[0], "replied_on": "2021-03-16"}, APPLICATIONS[2]]
    write_csv(county / "applications.csv", corrected)
    result = load(uri, county)["applications.csv"]
    assert (result.status, result.rows) == ("replaced", {"applications": 2})
    found = {
        (r["town"], r["application_no"]): r["replied_on"] for r in records(uri, "applications")
    }
    assert found == {
        ("shili-zhen", "2021-001"): date(2021, 3, 16),
        ("qinghe", "2021-001"): None,
        ("shili-zhen", "2020-777"): date(2021, 3, 15),
    }
    names = {r[2] for r in rows(uri, "applications_personal")}
    assert names == {"欧阳测试"}  # those of the row that is gone are gone with it


def test_a_file_of_the_same_name_and_other_towns_is_another_file(uri: str, tmp_path: Path) -> None:
    one = write_csv(tmp_path / "a" / "applications.csv", APPLICATIONS[:2])
    two = write_csv(tmp_path / "b" / "applications.csv", APPLICATIONS[2:])
    load(uri, one)
    assert load(uri, two)["applications.csv"].status == "loaded"
    assert len(rows(uri, "applications")) == 3


def test_every_row_keeps_where_it_came_from(uri: str, tmp_path: Path) -> None:
    county = write_county(tmp_path / "data")
    load(uri, county)
    files = {row["id"]: row for row in records(uri, "files")}
    kept = {(r["town"], r["application_no"]): r for r in records(uri, "applications")}
    row = kept["qinghe", "2021-001"]
    assert files[row["file_id"]]["name"] == "applications.csv"
    assert (row["sheet"], row["row_no"], row["aside"]) == (None, 4, None)
    assert row["fee_yuan"] == Decimal("100.5")
    assert all(len(file["sha256"]) == 64 for file in files.values())


BAD = [
    {**APPLICATIONS[0], "received_on": "2021年2月30日", "outcome": "不存在的结果"},
    APPLICATIONS[1],
    {**APPLICATIONS[2], "application_no": ""},
]


def test_all_faults_are_told_and_nothing_is_loaded(uri: str, tmp_path: Path) -> None:
    county = write_county(tmp_path / "data")
    write_csv(county / "applications.csv", BAD)
    write_csv(county / "hotline.csv", [{"town": "qinghe", "ticket_no": "1", "received_on": "x"}])
    results = load(uri, county)
    assert {n for n, r in results.items() if r.status == "refused"} == {
        "applications.csv",
        "hotline.csv",
    }
    told = {(f.row, f.column, f.code) for f in results["applications.csv"].faults}
    assert told == {
        (2, "received_on", "ROW-DATE"),
        (2, "outcome", "ROW-CODE"),
        (4, "application_no", "ROW-MISSING"),
    }
    [fault] = results["hotline.csv"].faults
    assert (fault.file, fault.row, fault.value) == ("hotline.csv", 2, "x")
    assert fault.what
    assert fault.how
    assert rows(uri, "applications") == []
    assert len(rows(uri, "towns")) == 2  # the good files of the same call are in


def test_partial_loads_the_good_rows_and_reports_say_what_is_missing(
    uri: str, tmp_path: Path
) -> None:
    county = write_county(tmp_path / "data")
    write_csv(county / "applications.csv", BAD)
    result = load(uri, county, partial=True)["applications.csv"]
    assert (result.status, result.rows) == ("loaded", {"applications": 1})
    dossier = open_source(uri).load("shili-zhen", 2021)
    assert dossier.set_aside == 1
    assert [f.code for f in dossier.report.findings if f.place and f.place.file] == ["ROW-DATE"]
    folder = open_source(str(county)).load("shili-zhen", 2021)
    assert folder.report.cells == dossier.report.cells
    # Whole at last: what was set aside is forgotten.
    write_csv(county / "applications.csv", APPLICATIONS)
    assert load(uri, county)["applications.csv"].status == "replaced"
    assert open_source(uri).load("shili-zhen", 2021).set_aside == 0


def test_a_key_that_stands_elsewhere(uri: str, tmp_path: Path) -> None:
    load(uri, write_county(tmp_path / "data"))
    new = {**APPLICATIONS[0], "application_no": "2021-003"}
    like = write_csv(tmp_path / "applications_补.csv", [APPLICATIONS[0], new])
    result = load(uri, like)["applications_补.csv"]
    assert (result.status, result.repeated, result.rows) == ("loaded", 1, {"applications": 2})
    received = open_source(uri).load("shili-zhen", 2021).report.facts["applications_received"]
    assert received == 3
    unlike = write_csv(
        tmp_path / "applications_改.csv", [{**APPLICATIONS[1], "requested": "另一份"}]
    )
    result = load(uri, unlike)["applications_改.csv"]
    assert (result.status, result.conflicts) == ("loaded", 1)
    [fault] = result.faults
    assert (fault.code, fault.row) == ("ROW-KEY", 2)
    assert "applications.csv" in fault.what
    dossier = open_source(uri).load("shili-zhen", 2021)
    assert dossier.set_aside == 2
    assert dossier.report.facts["applications_received"] == 2


def test_towns_are_told_by_name_by_the_workbook_or_by_the_call(uri: str, tmp_path: Path) -> None:
    write_county(tmp_path / "data")
    load(uri, tmp_path / "data" / "towns.csv")
    by_name = write_csv(tmp_path / "applications.csv", [{**APPLICATIONS[0], "town": "示例镇"}])
    load(uri, by_name)
    unnamed = {k: v for k, v in APPLICATIONS[1].items() if k != "town"}
    path = write_csv(tmp_path / "applications_2.csv", [unnamed])
    [fault] = load(uri, path)["applications_2.csv"].faults
    assert (fault.column, fault.code) == ("town", "ROW-MISSING")
    load(uri, path, town="qinghe")
    assert {r[0] for r in rows(uri, "applications")} == {"shili-zhen", "qinghe"}
    strange = write_csv(tmp_path / "applications_3.csv", [{**APPLICATIONS[0], "town": "无此镇"}])
    [fault] = load(uri, strange)["applications_3.csv"].faults
    assert (fault.code, fault.value) == ("ROW-TOWN", "无此镇")


def test_files_that_are_no_registers(uri: str, tmp_path: Path) -> None:
    (tmp_path / "hotline.xlsx").write_bytes(b"not a workbook")
    (tmp_path / "notes.txt").write_text("x")
    write_csv(tmp_path / "applications.csv", [{"town": "qinghe", "received_on": "2021-01-01"}])
    results = load(uri, *(tmp_path / n for n in ("hotline.xlsx", "notes.txt", "applications.csv")))
    assert {r.status for r in results.values()} == {"refused"}
    assert all(len(r.faults) == 1 for r in results.values())
    assert "application_no" in results["applications.csv"].faults[0].what
    with pytest.raises(SourceError, match="no such file"):
        load(uri, tmp_path / "没有")
