"""The county's workbook and the letters: what stands in them, and the same bytes twice."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date

import openpyxl
import pytest
from docx import Document
from docx.shared import Mm

from reportkit.checks import RULES, check_report
from reportkit.checks.deadlines import Deadlines
from reportkit.checks.repair import repairs
from reportkit.form import Cells, load_edition
from reportkit.report import Kind, Town, TownReport
from reportkit.review.checked import Checked, mends, where
from reportkit.review.decisions import decide, review
from reportkit.review.letters import needs_letter, render_letter
from reportkit.review.reminders import render_reminder
from reportkit.review.workbook import render_checks_workbook

DAY = date(2023, 1, 20)


@pytest.fixture
def checked() -> Checked:
    """Return a report with an error, a warning with text like a formula, and an accepted error."""
    form = load_edition("2021")
    cells = Cells(
        form,
        {
            **dict.fromkeys(form.addresses, 0),
            "t4.reconsideration.total": 2,
            "t4.litigation_direct.total": 1,
        },
    )
    report = TownReport(
        town=Town(id="yunxi", name="云溪镇", county="示例县", kind="town"),
        year=2022,
        edition="2021",
        cells=cells,
        sections={
            "s1": "=1+1，，电话13800138000。主动公开、依申请公开、政府信息管理、平台、考核、评议、追究。",
            "s5": "更新慢，将改进。",
            "s6": "没有。",
        },
    )
    findings = check_report(report)
    first = next(f for f in findings if f.code == "T4-TOTAL" and f.right == 1)
    decision = decide(report, first, "accepted", reason="卷宗已核", who="张三", when=DAY)
    return Checked(
        report=report,
        findings=review(report, findings, [decision]),
        repairs=repairs(cells),
        file="yunxi.json",
    )


def test_the_workbook_holds_every_finding_and_rule(checked: Checked) -> None:
    content = render_checks_workbook([checked])
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book.sheetnames == ["汇总", "问题清单", "最少改动", "规则"]
    summary = [[cell.value for cell in row] for row in book["汇总"].iter_rows(min_row=2)]
    counts = checked.counts()
    assert summary == [
        [
            "示例县",
            "云溪镇",
            2022,
            counts["error"],
            counts["warning"],
            counts["info"],
            1,
            "退回修改",
        ]
    ]
    rows = [[cell.value for cell in row] for row in book["问题清单"].iter_rows(min_row=2)]
    assert len(rows) == len(checked.findings)
    assert {row[3] for row in rows} == {each.finding.code for each in checked.findings}
    accepted = next(row for row in rows if row[9])
    assert accepted[9:11] == ["已接受（张三，2023-01-20）", "卷宗已核"]
    assert book["规则"].max_row == len(RULES) + 1
    cells = [c for sheet in book for row in sheet.iter_rows() for c in row]
    assert all(cell.data_type in ("s", "n") for cell in cells)  # nothing is a formula
    assert "13800138000" not in "".join(str(cell.value) for cell in cells)


def test_the_letter_says_what_is_wrong_where_and_how_to_mend_it(checked: Checked) -> None:
    document = Document(
        io.BytesIO(render_letter(checked, issuer="示例县政务公开办", issued_on=DAY))
    )
    lines = [paragraph.text for paragraph in document.paragraphs]
    text = "\n".join(lines)
    assert lines[0] == "关于退回修改《云溪镇2022年政府信息公开工作年度报告》的通知"
    assert "云溪镇人民政府：" in lines
    assert "1．表四“行政复议”行" in text
    assert "相差 2" in text
    assert "所附勾稽关系。" in text
    assert "最少的改法有 5 种" in text
    assert "未经复议直接起诉”行不平" not in text  # accepted: not sent back for
    assert lines[-2:] == ["示例县政务公开办", "2023年1月20日"]
    assert "13800138000" not in text


def test_the_letter_is_laid_out_as_an_official_document(checked: Checked) -> None:
    document = Document(io.BytesIO(render_letter(checked)))
    (section,) = document.sections
    measures = (
        section.page_width,
        section.page_height,
        section.top_margin,
        section.left_margin,
        section.bottom_margin,
        section.right_margin,
    )
    expected = [Mm(each) for each in (210, 297, 37, 28, 35, 26)]
    assert all(abs(int(a or 0) - b) < 1000 for a, b in zip(measures, expected, strict=True))
    assert "PAGE" in section.footer.paragraphs[0]._p.xml
    assert 'w:eastAsia="en-US"' not in document.styles.element.xml
    assert "    年  月  日" in [p.text for p in document.paragraphs]


def test_the_same_findings_give_the_same_bytes(checked: Checked) -> None:
    assert render_letter(checked) == render_letter(checked)
    assert render_checks_workbook([checked]) == render_checks_workbook([checked])


@pytest.mark.parametrize(
    ("kind", "deadlines", "day", "basis"),
    [
        ("town", {}, "2023年1月31日", "第四十九条（镇街参照）"),
        ("department", {}, "2023年1月31日", "《中华人民共和国政府信息公开条例》第四十九条、"),
        ("county", {}, "2023年3月31日", "《中华人民共和国政府信息公开条例》第四十九条、"),
        ("town", {"town": (2, 15)}, "2023年2月15日", "本县（市、区）关于年度报告的通知"),
    ],
)
def test_a_reminder_says_until_when_and_why(
    kind: Kind, deadlines: Deadlines, day: str, basis: str
) -> None:
    town = Town(id="yunxi", name="示例县云溪镇", county="示例县", kind=kind)
    content = render_reminder(town, 2022, deadlines=deadlines)
    lines = [paragraph.text for paragraph in Document(io.BytesIO(content)).paragraphs]
    assert lines[0] == "关于报送《示例县云溪镇2022年政府信息公开工作年度报告》的通知"
    assert f"应当于{day}前报送并向社会公布，目前尚未收到" in lines[3]
    assert lines[4].startswith("依据：")
    assert basis in lines[4]
    assert lines[-2:] == ["示例县政府信息公开工作主管部门", "    年  月  日"]
    assert content == render_reminder(town, 2022, deadlines=deadlines)


def test_whom_to_write_to(checked: Checked) -> None:
    assert needs_letter(checked)
    clean = Checked(report=checked.report, findings=())
    assert not needs_letter(clean)
    assert mends(clean) == []


def test_places_in_words(checked: Checked) -> None:
    places = {each.finding.code: where(checked.report, each.finding) for each in checked.findings}
    assert places["T4-TOTAL"] in ("表四“行政复议”行", "表四“行政诉讼·未经复议直接起诉”行")
    assert places["X-PUNCT"] == "一、总体情况"


def test_a_letter_has_no_sign_that_word_cannot_hold(checked: Checked) -> None:
    town = checked.report.town.model_copy(update={"name": "云\x08溪\u202e镇"})
    letter = render_letter(replace(checked, report=checked.report.with_(town=town)))
    assert any("云溪镇" in p.text for p in Document(io.BytesIO(letter)).paragraphs)
