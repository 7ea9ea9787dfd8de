"""Each slip of the pen by name: what the finding says, and where it points."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from reportkit.errors import SourceError
from reportkit.finding import Finding
from reportkit.registers.data import TownData
from reportkit.registers.reading.folder import Folder
from tests.registers.readers import report_of

TOWNS = "town,name,county,kind\nyunxi,云溪镇,示例县,镇\n"
GOOD = "申请编号,收到日期,申请人类型,答复日期,办理结果\nA1,2021-02-01,自然人,2021-02-20,予以公开\n"


def read(folder: Path, **files: str) -> Folder:
    for name, text in {"towns": TOWNS, **files}.items():
        (folder / f"{name}.csv").write_text(text, "utf-8")
    return Folder(folder)


def one(folder: Path, **files: str) -> TownData:
    return read(folder, **files).town("yunxi")


def only(data: TownData) -> Finding:
    (fault,) = data.set_aside
    return fault.finding


@pytest.mark.parametrize(
    ("row", "code", "column", "value", "words"),
    [
        ("A2,2021-02-30,自然人,,", "ROW-DATE", "received_on", "2021-02-30", "没有这一天"),
        ("A2,,自然人,,", "ROW-MISSING", "received_on", None, "必填项为空"),
        ("A2,2021-03-01,外国人,,", "ROW-CODE", "applicant_type", "外国人", "申请人类型"),
        ("A2,2021-03-01,自然人,2021-03-05,", "ROW-PAIR", "outcome", None, "答复日期已填"),
        ("A2,2021-03-01,自然人,,予以公开", "ROW-PAIR", "replied_on", None, "办理结果已填"),
        (
            "A2,2021-03-01,自然人,2021-02-28,予以公开",
            "ROW-ORDER",
            "replied_on",
            "2021-02-28",
            "早于收到日期",
        ),
        (",2021-03-01,自然人,,", "ROW-MISSING", "application_no", None, "必填项为空"),
        ("A2,2021-03-01,自然人,,,,错位", "ROW-CELLS", None, None, "单元格比表头多"),
    ],
)
def test_a_bad_row_is_set_aside_with_its_place(  # noqa: PLR0917 - a table of cases
    tmp_path: Path, row: str, code: str, column: str | None, value: str | None, words: str
) -> None:
    data = one(tmp_path, applications=GOOD + row + "\n")
    assert list(data.frame("applications")["application_no"]) == ["A1"]
    finding = only(data)
    assert finding.place is not None
    assert (finding.code, finding.level) == (code, "error")
    assert (finding.place.register, finding.place.file) == ("applications", "applications.csv")
    assert (finding.place.row, finding.place.column, finding.place.value) == (3, column, value)
    assert "依申请公开台账 applications.csv 第3行 未计入" in finding.message
    assert words in finding.message


def test_all_faults_of_a_row_are_one_finding(tmp_path: Path) -> None:
    row = "A2,2021-02-30,外国人,2021-03-05,\n"
    finding = only(one(tmp_path, applications=GOOD + row))
    for words in ("没有这一天", "“申请人类型”", "“办理结果”为空"):
        assert words in finding.message


def test_a_number_with_two_contents_sets_both_aside(tmp_path: Path) -> None:
    data = one(tmp_path, applications=GOOD + "A1,2021-02-01,自然人,,\nA3,2021-05-01,自然人,,\n")
    assert list(data.frame("applications")["application_no"]) == ["A3"]
    codes = [(f.finding.code, f.finding.place and f.finding.place.row) for f in data.set_aside]
    assert codes == [("ROW-KEY", 2), ("ROW-KEY", 3)]
    assert "与第2、3行编号相同而内容不同" in data.set_aside[0].finding.message


def test_a_row_twice_counts_once(tmp_path: Path) -> None:
    again = "A1,2021年2月1日,1.自然人,2021/2/20,（一）予以公开\n"
    data = one(tmp_path, applications=GOOD + again.replace("1.自然人", "natural_person"))
    assert len(data.frame("applications")) == 1
    finding = only(data)
    assert (finding.code, finding.level) == ("ROW-REPEATED", "info")
    assert "与第2行完全相同，只计一次" in finding.message


def test_a_longer_row_is_not_like_the_shorter_one(tmp_path: Path) -> None:
    """Neither counts: nobody can tell which of the two is the case."""
    data = one(
        tmp_path,
        decisions="决定文号,类别,决定日期\nD1,行政处罚,2021-01-05\nD1,行政处罚,2021-01-05,9\n",
    )
    assert data.frame("decisions").empty
    assert [f.finding.level for f in data.set_aside] == ["error", "error"]


def test_a_personal_number_in_a_faulty_cell_is_masked(tmp_path: Path) -> None:
    finding = only(one(tmp_path, applications=GOOD + "A2,13800138000,自然人,,\n"))
    assert finding.place is not None
    assert finding.place.value == "［手机号］"
    assert "13800138000" not in finding.message


def test_personal_columns_are_never_read(tmp_path: Path) -> None:
    text = "申请编号,收到日期,申请人类型,申请人姓名,联系电话\nA1,2021-02-01,自然人,欧阳测试,13800138000\nA1,bad,自然人,欧阳测试,13800138000\n"
    data = one(tmp_path, applications=text)
    assert not {"applicant_name", "applicant_phone"} & {*data.frame("applications").columns}
    shown = repr(data) + report_of(data, 2021).to_json() + data.frame("applications").to_csv()
    assert "欧阳" not in shown
    assert "13800138000" not in shown


@pytest.mark.parametrize(("second", "counted"), [("欧阳测试", 1), ("司马测试", 0), ("", 0)])
@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_one_number_of_two_people_is_two_contents(
    tmp_path: Path, second: str, counted: int, kind: str
) -> None:
    names = ["application_no", "received_on", "applicant_type", "applicant_name"]
    lines = [["A1", "2021-02-01", "自然人", name] for name in ("欧阳测试", second)]
    frame = pd.DataFrame(lines, columns=names)
    if kind == "csv":
        frame.to_csv(tmp_path / "applications.csv", index=False)
    else:
        frame.to_parquet(tmp_path / "applications.parquet")
    data = one(tmp_path)
    assert len(data.frame("applications")) == counted
    assert len(data.set_aside) == 2 - counted
    assert "测试" not in repr(data)


@pytest.mark.parametrize(
    ("code", "value", "column"),
    [
        ("t3.nothing.total", "1", "code"),
        ("trainings", "四次", "value"),
        ("trainings", "-4", "value"),
        ("fee_collected_yuan", "1.1234567", "value"),
        ("t2.licensing.items_change", "1.5", "value"),
    ],
)
def test_a_figure_that_is_none_is_set_aside(
    tmp_path: Path, code: str, value: str, column: str
) -> None:
    data = one(tmp_path, figures=f"year,code,value\n2021,{code},{value}\n")
    finding = only(data)
    assert finding.place is not None
    assert finding.place.column == column
    assert data.frame("figures").empty


def test_a_figure_counts_where_there_are_no_cases(tmp_path: Path) -> None:
    text = "year,code,value,source\n2021,hotline_replies,1031,年报\n2021,applications_received,0,年报\n"
    report = report_of(one(tmp_path, figures=text), 2021)
    assert report.facts["hotline_replies"] == 1031
    assert report.cells["t3.received.total"] == 0
    assert report.facts["applications_received"] == 0
    assert not {"FIGURE-DIFFERS"} & {f.code for f in report.findings}


def test_a_figure_that_differs_from_the_cases_is_an_error_and_the_cases_count(
    tmp_path: Path,
) -> None:
    report = report_of(
        one(
            tmp_path,
            applications=GOOD,
            coverage="register,from_year\n依申请公开台账,2021\n",
            figures="year,code,value\n2021,t3.received.total,3\n",
        ),
        2021,
    )
    assert report.cells["t3.received.total"] == 1
    (finding,) = [f for f in report.findings if f.code == "FIGURE-DIFFERS"]
    assert (finding.left, finding.right, finding.cells) == (1, 3, ("t3.received.total",))


def test_one_thing_declared_twice_is_reported(tmp_path: Path) -> None:
    text = "year,code,value\n2021,reconsiderations,1\n2021,t4.reconsideration.total,2\n"
    report = report_of(one(tmp_path, figures=text), 2021)
    assert (report.facts["reconsiderations"], report.cells["t4.reconsideration.total"]) == (1, 1)
    (finding,) = [f for f in report.findings if f.code == "FIGURE-DIFFERS"]
    assert "而另一行申报为1" in finding.message


def test_without_coverage_one_towns_tables_cover_the_years_of_its_narratives(
    tmp_path: Path,
) -> None:
    data = one(
        tmp_path,
        applications=GOOD,
        narratives="year,section,position,text\n2021,s5,1,问题\n2023,s5,1,问题\n",
    )
    assert dict(data.coverage) == {"applications": ((2021, 2021), (2023, 2023))}
    assert data.years() == (2021, 2023)
    assert not data.covers("applications", 2022)


def test_several_towns_without_coverage_are_unknown_and_said_so(tmp_path: Path) -> None:
    towns = TOWNS + "beishan,北山街道,示例县,街道\n"
    folder = read(
        tmp_path,
        towns=towns,
        hotline="town,ticket_no,received_on\n云溪镇,1,2021-01-05\n北山街道,1,2021-01-05\n",
    )
    assert any("coverage" in problem for problem in folder.problems)
    report = report_of(folder.town("yunxi"), 2021)
    assert not report.facts


def test_rows_of_a_town_that_nobody_named_are_passed_over_and_said_so(tmp_path: Path) -> None:
    folder = read(
        tmp_path,
        hotline="town,ticket_no,received_on\nyunxi,1,2021-01-05\nyunxl,2,2021-01-05\n",
        coverage="town,register,from_year\nyunxi,hotline,2021\n",
    )
    assert len(folder.town("yunxi").frame("hotline")) == 1
    assert any("hotline: 1 rows are of the town 'yunxl'" in p for p in folder.problems)


def test_a_folder_without_registers_is_no_source(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no register in this folder"):
        Folder(tmp_path)
