"""Direct suits over refusals since 2024, and joint suits that count nowhere here."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportkit.finding import Finding, Place
from reportkit.registers.derivation.suits import suit_findings
from reportkit.registers.reading.folder import Folder
from tests.registers.built import built
from tests.registers.readers import report_of

TOWNS = "town,name,county,kind\nyunxi,云溪镇,示例县,镇\n"
COVERAGE = "town,register,from_year\nyunxi,disputes,2019\nyunxi,applications,2019\n"
APPLICATION = (
    "application_no,received_on,applicant_type,replied_on,outcome\nA1,2023-12-05,自然人,{},{}\n"
)
DISPUTE = "case_no,route,role,application_no,filed_on,closed_on,result\n"


def found(folder: Path, year: int = 2024, **registers: str) -> list[Finding]:
    for name, text in {"towns": TOWNS, "coverage": COVERAGE, **registers}.items():
        (folder / f"{name}.csv").write_text(text, "utf-8")
    findings = report_of(Folder(folder).town("yunxi"), year).findings
    return [f for f in findings if f.code.startswith("SUIT-")]


@pytest.mark.parametrize(
    ("replied", "outcome", "linked", "route", "level"),
    [
        ("2024-01-01", "refused.state_secret", "A1", "litigation_direct", "warning"),
        ("2024-01-02", "refused.deliberative", "A1", "litigation_direct", "warning"),
        ("2023-12-31", "refused.state_secret", "A1", "litigation_direct", None),
        ("2024-01-02", "granted_in_part", "A1", "litigation_direct", "info"),
        ("2024-01-02", "unavailable.not_held", "A1", "litigation_direct", "info"),
        ("2024-01-02", "refused.state_secret", "", "litigation_direct", None),
        ("2024-01-02", "refused.state_secret", "B7", "litigation_direct", None),
        ("2024-01-02", "refused.state_secret", "A1", "litigation_after_reconsideration", None),
        ("2024-01-02", "refused.state_secret", "A1", "reconsideration", None),
    ],
)
def test_a_direct_suit_by_the_answer_it_is_about(  # noqa: PLR0917 - a table of cases
    tmp_path: Path, replied: str, outcome: str, linked: str, route: str, level: str | None
) -> None:
    findings = found(
        tmp_path,
        applications=APPLICATION.format(replied, outcome),
        disputes=DISPUTE + f"（2024）云行初1号,{route},,{linked},2024-03-04,,\n",
    )
    assert [(f.code, f.level) for f in findings] == ([("SUIT-DIRECT", level)] if level else [])
    for finding in findings:
        assert "（2024）云行初1号" in finding.message
        assert "第二十三条" in finding.basis
        assert ("请核对" in finding.message) == (level == "warning")


def test_a_suit_closed_before_the_year_is_told_no_more(tmp_path: Path) -> None:
    rows = DISPUTE + "（2024）云行初1号,litigation_direct,,A1,2024-03-04,2024-08-01,结果维持\n"
    application = APPLICATION.format("2024-01-02", "refused.state_secret")
    assert len(found(tmp_path, 2024, applications=application, disputes=rows)) == 1
    assert found(tmp_path, 2025, applications=application, disputes=rows) == []
    assert found(tmp_path, 2023, applications=application, disputes=rows) == []


def test_joint_suits_are_named_and_count_nowhere(tmp_path: Path) -> None:
    rows = DISPUTE + (
        "（2024）云行终1号,litigation_after_reconsideration,作为共同被告的复议机关,,2024-03-04,,\n"
        "（2024）云行终2号,litigation_direct,co_defendant,A1,2024-03-05,2024-06-01,结果纠正\n"
    )
    application = APPLICATION.format("2024-01-02", "refused.state_secret")
    (joint,) = found(tmp_path, 2024, applications=application, disputes=rows)
    assert (joint.code, joint.level) == ("SUIT-JOINT", "info")
    assert "有2件" in joint.message
    assert "不计入任何数字" in joint.message
    assert joint.basis == "国办公开办函〔2016〕201号"
    report = report_of(Folder(tmp_path).town("yunxi"), 2024)
    assert {v for a, v in report.cells.items() if a.startswith("t4.")} == {0}
    (still,) = found(tmp_path, 2025, applications=application, disputes=rows)
    assert "有1件" in still.message


def _suit(case: str, linked: str | None, **more: str) -> dict[str, str | None]:
    route = "litigation_direct"
    return {
        "case_no": case,
        "route": route,
        "application_no": linked,
        "filed_on": "2024-03-04",
        **more,
    }


def _answer(number: str, replied: str, outcome: str) -> dict[str, str]:
    kind = {"applicant_type": "natural_person", "received_on": "2023-12-05"}
    return {"application_no": number, "replied_on": replied, "outcome": outcome, **kind}


ANSWERS = [
    _answer("A1", "2024-01-01", "refused.state_secret"),
    _answer("A2", "2024-01-02", "granted"),
    _answer("A3", "2023-12-31", "refused.state_secret"),
    _answer("A4", "2024-01-02", "refused.third_party"),
    _answer("A5", "2025-01-02", "refused.third_party"),  # in 2024 nobody has answered yet
]
SUITS = [
    _suit("1号", "A1"),
    _suit("2号", "A2"),
    _suit("3号", "A3"),
    _suit("4号", "A4", closed_on="2024-01-01", result="upheld"),
    _suit("5号", "A5"),
    _suit("6号", None),
    _suit("7号", "没有"),
    _suit("8号", "A1", closed_on="2023-12-31", result="upheld"),
    _suit("9号", "A1", role="co_defendant"),
    _suit("10号", "A1", role="defendant"),
    _suit("11号", "A1") | {"route": "litigation_after_reconsideration"},
    _suit("12号", "A1") | {"filed_on": "2025-01-01"},
]


def test_the_direct_suits_of_a_year_are_named_by_the_answer() -> None:
    refused, others, joint = suit_findings(built(disputes=SUITS, applications=ANSWERS), 2024)
    assert (refused.code, refused.level) == ("SUIT-DIRECT", "warning")
    assert refused.message.startswith("有3件登记为未经复议直接起诉，")
    assert refused.message.endswith(
        "不予公开：1号、4号、10号。对不予公开不服的，依法应当先申请行政复议。"
        "请核对类别（是否为复议后起诉）、申请编号和答复日期的登记；法院确已直接受理的，如实登记。"
    )
    assert (others.code, others.level) == ("SUIT-DIRECT", "info")
    assert others.message.startswith("有1件登记为未经复议直接起诉，")
    assert others.message.endswith(
        "以外的答复：2号。这类答复是否须先申请行政复议没有定论，仅供核对。"
    )
    assert (joint.code, joint.level) == ("SUIT-JOINT", "info")
    assert "有1件，本机关是作为共同被告的复议机关：9号。" in joint.message
    for finding in (refused, others):
        assert finding.basis == "参见行政复议法（2023年修订，2024年1月1日起施行）第二十三条"
    assert joint.basis == "国办公开办函〔2016〕201号"
    assert {f.place for f in (refused, others, joint)} == {Place(register="disputes")}


def test_without_a_direct_suit_nothing_is_said() -> None:
    assert suit_findings(built(disputes=[SUITS[10]], applications=ANSWERS), 2024) == ()
    assert suit_findings(built(disputes=[SUITS[5]], applications=ANSWERS), 2024) == ()
    assert suit_findings(built(disputes=[], applications=ANSWERS), 2024) == ()
    (alone,) = suit_findings(built(disputes=[SUITS[8]], applications=ANSWERS), 2024)
    assert alone.code == "SUIT-JOINT"
