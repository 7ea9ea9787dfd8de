"""``reportkit read``: JSON, CSV, summaries and exit codes."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from reportkit.cli.main import build_app
from reportkit.form import load_edition
from reportkit.report import TownReport
from tests.published import rendering as r

VALUES = dict.fromkeys(load_edition("2021").addresses, 3)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "年报"
    folder.mkdir()
    printed = r.printed("2021", VALUES)
    (folder / "甲.html").write_text(r.page(printed), encoding="utf-8")
    (folder / "乙.txt").write_text(r.lines(printed)[:900], encoding="utf-8")
    (folder / "坏.pdf").write_bytes(b"%PDF-1.4 nothing")
    (folder / "说明.csv").write_text("不是年报", encoding="utf-8")
    return folder


def run(*call: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(build_app(), ["read", *call])
    return result.exit_code, result.stdout, result.stderr


def test_json_is_the_contract(folder: Path) -> None:
    code, out, err = run(str(folder), "--json", "--workers", "1")
    assert code == 0
    assert "坏.pdf" in err
    reports = json.loads(out)
    assert [report["file"] for report in reports] == ["乙.txt", "甲.html"]
    cut, whole = reports
    for report in reports:
        assert report["town"]["id"] is None
        assert "provenance" not in report
        named = {address for problem in report["problems"] for address in problem["cells"]}
        assert {a for a, value in report["cells"].items() if value is None} <= named
        body = {key: report[key] for key in report if key not in ("file", "problems")}
        assert TownReport.from_dict({**body, "provenance": None}).year == 2023
    assert set(whole["cells"].values()) == {3, "3"}
    assert None in cut["cells"].values()
    assert whole["problems"] == []


def test_csv_is_one_tidy_table(folder: Path) -> None:
    code, out, _ = run(str(folder), "--csv", "--workers", "1")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert code == 0
    assert list(rows[0]) == ["town", "year", "table", "row", "column", "value", "place"]
    whole = [row for row in rows if row["place"].startswith("甲.html")]
    assert len(whole) == 200
    assert {row["value"] for row in whole} == {"3"}
    assert all(bool(row["value"]) == bool(row["place"]) for row in rows)


def test_the_summary_names_what_could_not_be_read(folder: Path) -> None:
    code, out, err = run(str(folder), "--workers", "1")
    assert code == 0
    assert "200 of 200 cells certain" in out
    assert "3 files, 2 reports, 1 not read" in err


def test_nothing_read_is_exit_code_2(folder: Path) -> None:
    code, out, err = run(str(folder / "坏.pdf"), "--json")
    assert code == 2
    assert json.loads(out) == []
    assert "PDF" in err
    empty = folder / "空"
    empty.mkdir()
    assert CliRunner().invoke(build_app(), ["read", str(empty)]).exit_code != 0
