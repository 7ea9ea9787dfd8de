"""The walk of test_new_edition.py, in a process whose package has an edition 2023 more."""

from __future__ import annotations

import os
import random
from collections.abc import Mapping
from pathlib import Path

import openpyxl
import pytest

import reportkit
from reportkit.checks import check_report
from reportkit.checks.catalogue import render_rules
from reportkit.form import EDITIONS, CellValue, edition_for, load_edition
from reportkit.published import read_file
from reportkit.registers.page import render_registers
from reportkit.registers.sample.county import SyntheticCounty, write_county
from reportkit.registers.schema import REGISTERS
from reportkit.registers.spelling import parse_code
from reportkit.registers.workbook import write_template
from reportkit.report import TownReport, json_schema
from reportkit.sources.source import open_source
from tests.published import rendering
from tests.published.strategies import balanced

NEW_ROW = "not_processed.machine_made"
NEW_CELL = "t2.open_days.held"
LABELS = ("机器批量生成的申请", "政府开放日", "转入下一年度办理")


KEPT = (
    *("disclosures", "documents", "decisions", "charges"),
    *("applications", "disputes", "hotline", "activities"),
)


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A town of 2022 and 2023: three applications of the new outcome, two open days."""
    folder = tmp_path_factory.mktemp("town")
    tables: dict[str, tuple[str, list[str]]] = {
        "towns": ("town,name,county,kind", ["shili-zhen,十里镇,示例县,town"]),
        "coverage": (
            "town,register,from_year,to_year",
            [f"shili-zhen,{name},2019,2023" for name in KEPT],
        ),
        "applications": (
            "town,application_no,received_on,applicant_type,replied_on,outcome",
            [
                "shili-zhen,1,2022-03-01,自然人,2022-03-10,机器批量生成的申请",
                f"shili-zhen,2,2023-03-01,natural_person,2023-03-10,{NEW_ROW}",
                "shili-zhen,3,2023-05-04,enterprise,2023-05-10,6.机器批量生成的申请",
                "shili-zhen,4,2023-05-05,enterprise,2023-05-12,予以公开",
            ],
        ),
        "activities": (
            "town,activity_no,kind,held_on,title",
            [
                "shili-zhen,1,政府开放日,2023-06-01,开放日",
                "shili-zhen,2,open_day,2023-09-01,开放日",
                "shili-zhen,3,training,2023-09-02,培训",
            ],
        ),
        "narratives": (
            "town,year,section,position,text",
            [
                f"shili-zhen,{year},{section},1,{text}"
                for year in (2022, 2023)
                for section, text in (("s5", "公开内容不够丰富，下一步加强培训。"), ("s6", "无。"))
            ],
        ),
    }
    for name in set(KEPT) - tables.keys():  # kept, and nothing happened
        tables[name] = (",".join(column.name for column in REGISTERS[name].public_columns), [])
    for name, (heading, rows) in tables.items():
        (folder / f"{name}.csv").write_text("\n".join([heading, *rows]) + "\n", "utf-8")
    return folder


def derived(folder: Path, year: int, edition: str | None = None) -> TownReport:
    editions = {"shili-zhen": edition} if edition else {}
    return open_source(str(folder), None, editions).load("shili-zhen", year).report


def test_the_file_alone_makes_the_edition() -> None:
    assert Path(reportkit.__file__).parent == Path(os.environ["REPORTKIT_COPY"])
    assert EDITIONS == ("2019", "2021", "2023")
    assert [edition_for(year).code for year in (2020, 2022, 2023, 2026)] == [
        *("2019", "2021", "2023", "2023")
    ]
    assert len(load_edition("2023").addresses) == 200 + 7 + 1


def test_registers_accept_the_new_outcome(tmp_path: Path) -> None:
    assert parse_code("applications", "outcome", "机器批量生成的申请") == NEW_ROW
    assert f"`{NEW_ROW}` 6.机器批量生成的申请" in render_registers()
    write_template(tmp_path / "台账.xlsx")
    book = openpyxl.load_workbook(tmp_path / "台账.xlsx")
    offered = {cell.value for sheet in book for row in sheet.iter_rows() for cell in row}
    assert {"6.机器批量生成的申请", NEW_CELL, f"t3.{NEW_ROW}.total"} <= offered


def test_derivation_fills_the_new_cells(town: Path) -> None:
    report = derived(town, 2023)
    assert (report.edition, report.cells[NEW_CELL]) == ("2023", 2)
    assert report.cells[f"t3.{NEW_ROW}.natural_person"] == 1
    assert report.cells[f"t3.{NEW_ROW}.total"] == 2
    assert report.cells["t3.handled.total"] == 3
    assert None not in report.cells.values()


@pytest.mark.parametrize("edition", ["2021", "2019"])
def test_the_new_outcome_counts_on_older_editions(town: Path, edition: str) -> None:
    report = derived(town, 2022, edition)
    assert report.edition == edition
    assert report.cells["t3.not_processed.excessive.total"] == 1
    assert report.cells["t3.handled.total"] == 1


def test_checks_know_the_new_row(town: Path) -> None:
    report = derived(town, 2023)
    assert not [f for f in check_report(report) if f.level == "error"]
    wrong = report.with_(cells=report.cells.replace({f"t3.{NEW_ROW}.total": 7}))
    codes = {f.code for f in check_report(wrong) if f"t3.{NEW_ROW}.total" in f.cells}
    assert {"T3-HANDLED", "T3-TOTAL"} <= codes
    assert "T3-HANDLED" in render_rules()
    schema = str(json_schema())
    assert NEW_CELL in schema


def test_a_made_county_has_the_edition(tmp_path: Path) -> None:
    write_county(tmp_path / "county", SyntheticCounty(towns=2, years=range(2022, 2024), seed=1))
    source = open_source(str(tmp_path / "county" / "data"))
    reports = [source.load(name, year).report for name in source.towns for year in (2022, 2023)]
    assert {report.edition for report in reports} == {"2021", "2023"}
    assert not [f for report in reports for f in check_report(report) if f.level == "error"]


def test_a_run_prints_the_new_rows_and_reading_gives_them_back(
    town: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from typer.testing import CliRunner

    from reportkit.cli.main import build_app

    monkeypatch.chdir(tmp_path)
    call = [
        "run",
        "--source",
        str(town),
        "--town",
        "shili-zhen",
        "--year",
        "2023",
        "--draft",
    ]
    done = CliRunner().invoke(
        build_app(), [*call, "--output", str(tmp_path / "out"), "--workers", "1"]
    )
    assert done.exit_code == 0, done.output
    page = tmp_path / "out" / "2023" / "shili-zhen.html"
    text = page.read_text("utf-8")
    assert all(label in text for label in LABELS)
    made = TownReport.from_json(page.with_suffix(".json").read_text("utf-8"))
    (read,) = read_file(page)
    assert (read.report.edition, read.report.year) == ("2023", 2023)
    assert read.report.cells == made.cells == derived(town, 2023).cells


def figures(code: str) -> Mapping[str, CellValue]:
    rng = random.Random(code)
    edition = load_edition(code)
    values: dict[str, CellValue] = {a: rng.choice([0, 0, 3, 12, 148]) for a in edition.addresses}
    return balanced(edition, values)


def test_pages_of_every_edition_are_told_apart(tmp_path: Path) -> None:
    for code in EDITIONS:
        values = figures(code)
        page = rendering.page(rendering.printed(code, dict(values)))
        (tmp_path / f"{code}.html").write_text(page, encoding="utf-8")
        (read,) = read_file(tmp_path / f"{code}.html")
        assert read.report.edition == code
        assert dict(read.report.cells) == dict(values)
