"""What was false on real pages is silent with its whole kind, and what was missed is found."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportkit.checks import Context, check_report
from reportkit.checks.rules.slips import repeated_numbers
from reportkit.finding import Finding
from reportkit.published import read_file
from reportkit.report import Town
from tests.bench.precision import scores
from tests.checks.conftest import Make, prose

CORPUS = Path(__file__).parents[1] / "published" / "corpus"


def found(make: Make, code: str, s1: str, **fields: object) -> list[Finding]:
    """Return what a rule finds above an information, in section one of a report of 2022."""
    report = make(sections=prose() | {"s1": s1}, **fields)
    return [f for f in check_report(report) if f.code == code and f.level != "info"]


SILENT = {
    "X-OTHER": [
        "现将我镇2022年政府信息公开工作报告如下。",
        "现公布示例县云溪镇2022年度政府信息公开工作年度报告。",
        "现公布云溪镇人民政府2022年政府信息公开年度报告。",
        "现发布《青石镇2022年政府信息公开工作年度报告》的解读。",
    ],
    "C-PARTS": [
        "收到申请14件（其中信件10件，网络4件），已办结12件，结转2件。",
        "收到申请14件，其中信件10件，网络4件，办结12件，结转2件。",
        "公开信息100条，其中政策20条（文件5条，其他15条），动态80条。",
        "公开信息30条（上年为16条，前年为20条）。",
    ],
    "X-YEAR": [
        "按时发布2021年度报告。",
        "发布2021年街道政府信息公开年度报告。",
        "公开2021年部门决算和工作总结。",
    ],
    "X-PARTS": [
        "网站发布政务信息30条，没有人申请公开，信息经审核后发布，公众号按期更新，专人负责。",
        "主動公開信息三十條。依申請公開零件。信息審查從嚴。平臺按期更新。開展考核。",
    ],
    "C-CONFLICT": ["行政复议2件，其中维持1件。培训2次，参加培训3次。"],
    "X-ARTICLE": [
        "按照《条例》第二十条第（五）项公开行政许可。",
        "按照《政府信息公开条例》第二十一条公开惠农政策。",
        "依照《行政处罚法》第二十一条第（一）项处罚。",
    ],
    "X-NUMBER": ["未收到政府信息公开申请件，共同推进，一件 件落实。"],
}
FOUND = {
    "X-OTHER": ["现公布示例县民族宗教事务局2022年度政府信息公开工作年度报告。"],
    "C-PARTS": [
        "公开信息14条，其中政策10条，动态9条。",
        "主动公开4条；其中，政策3条；动态2条。",
    ],
    "X-YEAR": ["现将2021年政府信息公开工作报告如下。"],
    "X-ARTICLE": ["按照《政府信息公开条例》第二十一条第（五）项公开行政许可0件。"],
    "X-NUMBER": ["主动公开信息  条。", "全年收到申请 件，均已办理。", "共计件。"],
    "C-PERCENT": ["主动公开信息224条。全文公开率达100%。其中，规划类1条，占比0.5%。"],
    "X-NUMBERING": ["一是修订指南。一是更新目录。", "1．甲事已经办理。\n1．乙事已经办理。"],
    "X-DOUBLE": ["按时公布年度年度报告。", "进一步进一步完善。"],
    "X-APPLICANT": ["收到村民张大明通过信函提出的申请1件。"],
}


@pytest.mark.parametrize(("code", "text"), [(c, t) for c, each in SILENT.items() for t in each])
def test_silent(make: Make, code: str, text: str) -> None:
    assert found(make, code, text) == []


@pytest.mark.parametrize(("code", "text"), [(c, t) for c, each in FOUND.items() for t in each])
def test_found(make: Make, code: str, text: str) -> None:
    assert found(make, code, text)


def test_a_name_is_covered_in_what_is_shown(make: Make) -> None:
    (hit,) = found(make, "X-APPLICANT", "收到村民张大明通过信函提出的申请1件。")
    assert "大明" not in str(hit)
    assert "张××" in hit.message


def test_lists_may_begin_again() -> None:
    assert not list(repeated_numbers("1、甲。\n2、乙。\n平台建设\n1、丙。\n1．5倍。"))
    assert not list(repeated_numbers("（一）主动公开。\n（二）主动公开政府信息情况"))


def published(make: Make, sections: dict[str, str], **fields: object) -> set[tuple[str, str]]:
    """Check a published page: it has no id, and its text may break off."""
    town = Town(id=None, name="云溪镇", kind="town")
    report = make(sections=sections, **fields).with_(town=town, provenance=None)
    return {(f.code, f.level) for f in check_report(report)}


def test_a_text_that_breaks_off_lacks_nothing(make: Make) -> None:
    form = make().cells.edition
    cut = {"t4.litigation_after_reconsideration.total": None}
    short = {"s1": "全年主动公开信息3条。"}
    assert ("X-SECTION", "info") in published(make, short, cells=cut)
    assert ("X-SECTION", "warning") not in published(make, short, cells=cut)
    assert ("L-CONTENT", "warning") not in published(make, short, cells=cut)
    assert ("X-SECTION", "warning") in published(make, short)
    unread = dict.fromkeys(form.addresses)
    assert ("X-PARTS", "warning") not in published(make, short, cells=unread)


@pytest.mark.parametrize(("code", "said"), [
    ("C-CLAIM", "收到申请3件，均在法定时限内答复。"),
    ("C-CLAIM", "收到申请3件，全部办结。"),
    ("C-CLAIM", "行政诉讼无败诉。"),
    ("C-VALUE", "未收取信息处理费。"),
])  # fmt: skip
def test_claims_without_a_number(make: Make, code: str, said: str) -> None:
    late = Finding(code="TIME-OVERDUE", level="warning", message="有申请超期。")
    cells = {
        "t3.carried_forward.total": 1,
        "t4.litigation_direct.corrected": 1,
        "t4.litigation_direct.total": 1,
    }
    assert found(
        make, code, said, cells=cells, findings=(late,), facts={"fee_collected_yuan": "200"}
    )
    assert not [f for f in found(make, code, said) if f.code == "C-CLAIM"]


def test_headings_without_tables() -> None:
    (read,) = read_file(CORPUS / "second" / "reports" / "H62.txt")
    codes = {f.code for f in check_report(read.report, context=Context(claims=read.claims))}
    assert "X-TABLE" in codes


def test_no_rule_is_false_on_real_pages_and_none_misses_what_is_judged_true() -> None:
    every = scores()
    assert sum(score.true for score in every.values()) >= 15
    assert {code for code, score in every.items() if score.bad()} == set()
    assert {code: score.missed for code, score in every.items() if score.missed} == {}
