"""Papers in the register of documents that are no normative documents: by number, by title."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportkit.finding import Place
from reportkit.registers.derivation.normative import document_findings, subject, why_not
from reportkit.registers.reading.folder import Folder
from tests.registers.built import built
from tests.registers.readers import report_of

TOWNS = "town,name,county,kind\nyunxi,云溪镇,示例县,镇\n"
COVERAGE = "town,register,from_year\nyunxi,documents,2019\n"


@pytest.mark.parametrize(
    ("number", "title", "sort"),
    [
        ("云委发〔2023〕4号", None, "党的文件"),
        ("云党发[2023]4号", None, "党的文件"),
        ("中共云溪镇委员会文件2023-4", None, "党的文件"),
        ("云政发〔2023〕5号", "中共云溪镇委员会 云溪镇人民政府关于防汛的通知", "党的文件"),
        ("云政发〔2023〕6号", "云溪镇国土空间总体规划（2021—2035年）", "规划、计划"),
        ("云政发〔2023〕7号", "关于印发《云溪镇2023年消防工作计划》的通知", "规划、计划"),
        ("云政发〔2023〕8号", "云溪镇人民政府关于印发2023年政务公开工作要点的通知", "工作要点"),
        ("云政纪要〔2023〕3号", "第三次镇长办公会", "会议纪要"),
        ("云政发〔2023〕9号", "镇长办公会议纪要", "会议纪要"),
        ("云政发〔2023〕10号", "关于王某同志任职的通知", "人事任免"),
        ("云政任〔2023〕1号", None, "人事任免"),
        ("云政发〔2023〕11号", "关于修缮办公楼的请示", "请示"),
        ("云政函〔2023〕2号", "关于商请支援防汛物资", "函"),
        ("云政发〔2023〕12号", "关于支持道路建设的复函", "函"),
        ("云政发〔2023〕13号", "云溪镇机关考勤制度", "内部管理制度"),
        ("云政发〔2023〕14号", "关于印发《公务用车管理办法（试行）》的通知", "内部管理制度"),
    ],
)
def test_what_shows_another_sort_of_paper(number: str, title: str | None, sort: str) -> None:
    assert why_not(number, title) == sort


@pytest.mark.parametrize(
    ("number", "title"),
    [
        ("云政规〔2023〕1号", "云溪镇公共停车管理办法"),
        ("云政规〔2023〕2号", "云溪镇村庄规划管理办法"),
        ("云政规〔2023〕3号", "云溪镇计划生育奖励办法"),
        ("云政发〔2023〕3号", "关于废止《云溪镇2015年消防工作计划》的通知"),
        ("云发改委〔2023〕3号", "关于调整停车收费标准的通知"),
        ("云管委规〔2023〕3号", "关于禁止燃放烟花爆竹的通告"),
        ("云政规〔2023〕4号", "关于党组织活动场所公共用水价格的通知"),
        ("云政规〔2023〕5号", "关于函授教育补助的办法"),
        ("云政规〔2023〕6号", "云溪镇会议活动噪声管理规定"),
        ("云政规〔2023〕7号", None),
    ],
)
def test_what_shows_none(number: str, title: str | None) -> None:
    assert why_not(number, title) is None


def test_the_warning_names_them_by_number_and_says_what_one_is(tmp_path: Path) -> None:
    rows = (
        "town,doc_no,title,kind,issued_on,repealed_on\n"
        "yunxi,云政发〔2023〕10号,关于王某同志任职的通知,行政规范性文件,2023-03-01,\n"
        "yunxi,云政发〔2022〕1号,云溪镇养犬管理办法,行政规范性文件,2022-03-01,\n"
        "yunxi,云政发〔2021〕2号,云溪镇2021年工作要点,行政规范性文件,2021-03-01,2022-05-01\n"
        "yunxi,云政发〔2024〕2号,云溪镇2024年工作要点,行政规范性文件,2024-03-01,\n"
    )
    for name, text in {"towns": TOWNS, "coverage": COVERAGE, "documents": rows}.items():
        (tmp_path / f"{name}.csv").write_text(text, "utf-8")
    report = report_of(Folder(tmp_path).town("yunxi"), 2023)
    (finding,) = [f for f in report.findings if f.code == "DOC-NORMATIVE"]
    assert finding.level == "warning"
    assert "有1件" in finding.message
    assert "人事任免：云政发〔2023〕10号）" in finding.message
    assert "王某" not in finding.message
    assert "普遍约束力" in finding.message
    assert "37号" in finding.basis


def _paper(
    number: str, title: str | None, issued: str, repealed: str | None = None
) -> dict[str, str | None]:
    return {
        "doc_no": number,
        "title": title,
        "kind": "normative_documents",
        "issued_on": issued,
        "repealed_on": repealed,
    }


PAPERS = [
    _paper("云政函〔2023〕2号", None, "2023-12-31"),
    _paper("云政函〔2022〕1号", None, "2022-03-01", "2023-01-01"),
    _paper("云政函〔2021〕1号", None, "2021-03-01", "2022-12-31"),  # ended before the year
    _paper("云政函〔2024〕1号", None, "2024-01-01"),  # not issued yet
    _paper("云政发〔2023〕1号", "云溪镇2023年工作要点", "2023-03-01"),
    _paper("云政规〔2023〕1号", "云溪镇养犬管理办法", "2023-03-01"),
    _paper("云政函〔2023〕9号", None, "2023-03-01") | {"kind": "regulations"},
]


def test_the_papers_that_count_in_a_year_are_named_by_sort() -> None:
    (finding,) = document_findings(built(documents=PAPERS), 2023)
    assert (finding.code, finding.level) == ("DOC-NORMATIVE", "warning")
    assert "有3件计入行政规范性文件" in finding.message
    named = "（函：云政函〔2022〕1号、云政函〔2023〕2号；工作要点：云政发〔2023〕1号）"
    assert named in finding.message
    assert finding.message.startswith("规章和规范性文件台账中，")
    assert finding.message.endswith(
        "并公开发布，涉及公民、法人和其他组织权利义务，具有普遍约束力，在一定期限内反复适用的公文。"
        "请逐件核对，不是的从台账中删去。"
    )
    assert finding.place == Place(register="documents")
    assert "西宁市令第137号" in finding.basis
    assert document_findings(built(documents=PAPERS[5:]), 2023) == ()


@pytest.mark.parametrize(
    ("title", "core"),
    [
        ("关于印发《云溪镇2023年工作要点（试行）》的通知", "云溪镇2023年工作要点"),
        ("云溪镇关于转发2023年计划的公告", "2023年计划"),
        ("关于废止《旧规划》的决定", "关于废止旧规划的决定"),
        (" 云溪镇养犬管理办法 （试行）（2023年修订） ", "云溪镇养犬管理办法"),
        ("关于工作要点", "关于工作要点"),
        ("云溪镇防汛的通知", "云溪镇防汛"),
        ("", ""),
    ],
)
def test_what_a_title_ends_in(title: str, core: str) -> None:
    assert subject(title) == core


@pytest.mark.parametrize(
    ("title", "sort"),
    [
        ("关于废止云溪镇党委文件的决定", None),  # what it is about has ended
        ("云溪镇党委关于防汛的通知", "党的文件"),
        ("", None),
    ],
)
def test_a_title_of_the_party_and_none_at_all(title: str, sort: str | None) -> None:
    assert why_not("云政规〔2023〕7号", title) == sort
