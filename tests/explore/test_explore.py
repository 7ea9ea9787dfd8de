"""The explorer without a browser: choosing, comparing, saving, and what a changed cell would break."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pandas as pd
import pytest

import reportkit as rk
from reportkit.cli.main import main
from reportkit.errors import ParameterError
from reportkit.explore import choice as choices
from reportkit.explore.choice import Choice
from reportkit.explore.page import Explorer
from reportkit.explore.whatif import parse_typed, what_if
from reportkit.registers.ingest.ingest import ingest
from reportkit.registers.sample import FOLDER
from reportkit.report import TownReport

TOTAL = "t3.received.total"
NAME = "澹珩镇"


@pytest.fixture(scope="module")
def source() -> rk.OpenSource:
    return rk.open_source("sample:")


@pytest.fixture(scope="module")
def reports(source: rk.OpenSource) -> list[TownReport]:
    own = source.report("ershilidian", 2021)
    return [own, *(source.report("danheng", year) for year in (2019, 2020, 2021))]


def test_towns_are_those_of_a_county_each_name_once(source: rk.OpenSource) -> None:
    (county,) = [name for name in choices.counties(source) if name == "海阳市"]
    assert set(choices.towns_of(source, county).values()) == {
        id_ for id_, town in source.towns.items() if town.county == county
    }
    assert sorted(choices.towns_of(source).values()) == sorted(source.towns)


def test_a_figure_is_a_row_a_town_and_unknown_is_not_zero(reports: list[TownReport]) -> None:
    shown = choices.table(reports, "disclosed_items")
    assert sorted(map(str, shown.columns)) == ["2019", "2020", "2021"]
    assert shown.loc["二十里店镇", 2021] == 24
    assert choices.value_of(reports[0], "wechat_items") is None
    assert choices.table(reports[:1], "wechat_items").isna().to_numpy().all()
    assert choices.table([], "disclosed_items").empty


def test_the_chart_draws_what_is_known(reports: list[TownReport]) -> None:
    drawn = choices.chart(reports, "disclosed_items", "主动公开")
    assert drawn is not None
    (values,) = drawn.to_dict()["datasets"].values()
    assert {"单位": "二十里店镇", "年度": "2021", "主动公开": 24.0} in values
    assert choices.chart(reports[:1], "disclosed_items", "主动公开") is None


def test_what_is_clicked_in_the_charts_is_marked_in_the_table(
    source: rk.OpenSource, reports: list[TownReport]
) -> None:
    shown = choices.table(reports, "disclosed_items")
    marked = choices.marked_table(shown, ["二十里店镇"]).to_html()
    assert marked.count("font-weight: bold") == 1  # one rule of style, for the cells of one row
    assert choices.marked_table(shown, ()) is shown
    page = Explorer(source, "sample:")
    page.towns.value, page.years.value = ("ershilidian", "danheng"), (2021,)
    page.figure.value = "disclosed_items"
    (drawn,) = page.drawn.children
    towns: list[tuple[str, ...]] = []
    page._mark = towns.append  # type: ignore[method-assign, assignment]
    drawn._vl_selections = {
        choices.PICKED: {"value": {"vlPoint": {"or": [{"单位": "二十里店镇"}]}}, "store": []},
    }
    assert towns == [("二十里店镇",)]


def test_two_reports_stand_cell_by_cell(reports: list[TownReport]) -> None:
    one, other = reports[0], reports[3]
    shown = choices.side_by_side(one, other)
    assert len(shown.rows) == len(one.cells.edition.addresses)
    for row in shown.rows:
        if row[1] is not None and row[2] is not None:
            assert row[3] == row[2] - row[1]  # type: ignore[operator]
    fewer = choices.side_by_side(one, other, different=True)
    assert 0 < len(fewer.rows) < len(shown.rows)
    assert choices.side_by_side(reports[1], one).notes  # editions 2019 and 2021


def test_a_changed_cell_breaks_its_identities_and_the_repair_is_the_way_back(
    reports: list[TownReport],
) -> None:
    report = reports[3]
    assert what_if(report, {}).holds
    now = report.cells[TOTAL]
    assert isinstance(now, int)
    judged = what_if(report, {TOTAL: now + 3})
    assert not judged.holds
    assert TOTAL in judged.cells
    assert any(f"由 {now + 3} 改为 {now}" in line for line in judged.mends)
    assert report.cells[TOTAL] == now  # nothing is written back


@pytest.mark.parametrize("text", ["1.5", "十", "-"])
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(ParameterError, match="不是整数"):
        parse_typed(text)


def test_the_choice_is_saved_as_what_a_run_takes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "params" / "explore.yaml"
    choices.save_choice(Choice("sample:", ("ershilidian",), (2021,)), path)
    assert main(["run", "--batch", str(path), "--dry-run"]) == 0
    told = capsys.readouterr().out
    assert "ershilidian" in told
    assert "danheng" not in told
    with pytest.raises(ParameterError, match="已经有"):
        choices.save_choice(Choice("sample:", ("ershilidian",), (2021,)), path)
    with pytest.raises(ParameterError, match="先选"):
        choices.save_choice(Choice("sample:", (), (2021,)), tmp_path / "b.yaml")


def test_what_is_seen_is_exported(tmp_path: Path, reports: list[TownReport]) -> None:
    choices.export(reports[:1], tmp_path / "a.csv")
    read = pd.read_csv(tmp_path / "a.csv")
    assert len(read) == len(reports[0].cells.edition.addresses)
    choices.export(reports[:1], tmp_path / "a.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").active
    assert sheet is not None
    assert sheet.max_row == len(read) + 1
    with pytest.raises(ParameterError):
        choices.export(reports[:1], tmp_path / "a.doc")


def test_the_widgets_follow_one_another(source: rk.OpenSource, tmp_path: Path) -> None:
    page = Explorer(source, "sample:")
    page.county.value = "海阳市"
    assert "danheng" not in dict(page.towns.options).values()
    page.county.value = choices.ALL
    page.towns.value = ("ershilidian", "danheng")
    page.years.value = (2021,)
    assert [r.town.id for r in page.reports] == ["ershilidian", "danheng"]
    page.which.value = ("danheng", 2021)
    now = page.source.report("danheng", 2021).cells[TOTAL]
    assert isinstance(now, int)
    assert page.said.value.startswith("各项勾稽关系都成立")
    page._typed({"address": TOTAL, "value": str(now + 1)})
    assert TOTAL in page.grid.broken
    assert "改为" in page.said.value
    page._typed({"address": TOTAL, "value": "x"})
    assert "不是整数" in page.said.value
    page._begin()
    assert page.grid.broken == []
    page.name.value = str(tmp_path / "some.yaml")
    page._tell(page._save)
    assert "已保存" in page.done.value


@pytest.mark.parametrize("kind", ["store", "published"])
def test_a_store_and_published_reports_are_explored_alike(tmp_path: Path, kind: str) -> None:
    uri = f"duckdb:///{tmp_path / 'own.duckdb'}"
    if kind == "store":
        ingest([FOLDER], uri)
    else:
        for year in (2020, 2021):
            text = rk.load_report("danheng", year).to_html()
            (tmp_path / f"{year}.html").write_bytes(text)
        uri = f"published:{tmp_path}"
    page = Explorer(rk.open_source(uri), uri)
    page.years.value = (2020, 2021)
    page.towns.value = tuple(id_ for name, id_ in page.towns.options if name == NAME)
    assert [(r.town.name, r.year) for r in page.reports] == [(NAME, 2020), (NAME, 2021)]
    page.which.value = page.which.options[1][1]
    now = page.reports[1].cells[TOTAL]
    assert now == rk.open_source("sample:").report("danheng", 2021).cells[TOTAL]
    assert isinstance(now, int)
    page._typed({"address": TOTAL, "value": str(now + 1)})
    assert f"由 {now + 1} 改为 {now}" in page.said.value
    page.out.value = str(tmp_path / "seen.csv")
    page._tell(page._export)
    assert len(pd.read_csv(tmp_path / "seen.csv")) == sum(
        len(r.cells.edition.addresses) for r in page.reports
    )
