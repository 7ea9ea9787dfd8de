"""Every rule: a report that breaks it alone, and one close to it on which it must stay silent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from reportkit.checks import RULES, Context, check_report
from reportkit.checks.rules.copied import find_copies
from reportkit.form import Cells, CellValue, load_edition
from reportkit.report import TownReport
from tests.checks.conftest import Make, prose


@dataclass(frozen=True)
class Case:
    """What makes a report: cells, prose, everything else; and what stands beside it."""

    cells: Mapping[str, CellValue | str] = field(default_factory=dict)
    say: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[str, Any] = field(default_factory=dict)
    last: Case | None = None
    """Last year's report."""
    past: tuple[Case, ...] = ()
    """Earlier years, the latest first."""
    towns: tuple[Mapping[str, CellValue | str], ...] = ()
    declared: Case | None = None
    beside: Mapping[str, Any] = field(default_factory=dict)
    """Other parts of the context."""
    twin: Case | None = None
    """Another body's report, to be searched for copies."""


S1 = prose()["s1"]


def added(sentence: str) -> dict[str, str]:
    """Return section one with a sentence more."""
    return {"s1": f"{S1}\n\n{sentence}"}


UNKNOWN_T3: dict[str, CellValue] = {
    cell.address: None for cell in load_edition("2021").tables["t3"].cells()
}

OWN_TEXT = (
    "镇里把便民服务大厅的公告屏改成随到随播，老人看不清的就请志愿者念给他们听。"
    "村口的公示栏从前一个季度换一次，现在逢赶集那天更换，群众路过就能看到。"
    "山里几个自然村信号不好，我们请邮递员把政策折页一起带上去，回来时捎回群众想问的事。"
)

TWO_PARTS = "（一）主动公开。全年公开信息。（二）依申请公开。全年未收到申请。"

VIOLATED: dict[str, Case] = {
    "T3-BALANCE": Case({"t3.carried_in.natural_person": 2, "t3.carried_in.total": 2}),
    "T3-HANDLED": Case({"t3.granted.enterprise": 1, "t3.granted.total": 1}),
    "T3-TOTAL": Case(
        {"t3.refused.state_secret.research_institute": 1, "t3.granted.research_institute": -1}
    ),
    "T4-TOTAL": Case({"t4.litigation_direct.other": 1}),
    "T-BLANK": Case(
        {
            "t3.carried_in.natural_person": None,  # 1 by its column, 0 by its row
            "t3.carried_forward.natural_person": 1,
            "t3.carried_forward.enterprise": None,  # the other way round
            "t3.carried_forward.total": 1,
            "t3.received.enterprise": 1,
            "t3.received.total": 1,
        },
        say={"s1": S1.replace("全年未收到政府信息公开申请。", "收到政府信息公开申请1件。")},
    ),
    "C-NEGATIVE": Case({"t2.charges.amount": "-1"}),
    "Y-CARRY": Case(last=Case({"t3.carried_forward.legal_service": 1})),
    "Y-NORMATIVE": Case(
        {"t2.normative_documents.in_force": 4}, last=Case({"t2.normative_documents.in_force": 5})
    ),
    "Y-ITEMS": Case(
        {"t2.charges.items_last_year": 3},
        fields={"edition": "2019"},
        last=Case({"t2.charges.items_last_year": 3, "t2.charges.items_change": -1}),
    ),
    "Y-PENDING": Case(last=Case({"t4.reconsideration.pending": 1, "t4.reconsideration.total": 1})),
    "Y-PUBLIC": Case(
        {"t2.normative_documents.public_total": 9, "t2.normative_documents.newly_public": 1},
        fields={"edition": "2019"},
        last=Case({"t2.normative_documents.public_total": 7}),
    ),
    "H-JUMP": Case(
        {"t2.penalties.decisions": 400},
        past=tuple(Case({"t2.penalties.decisions": n}) for n in (12, 10, 11, 9)),
    ),
    "K-SUM": Case(
        {"t2.penalties.decisions": 5},
        fields={"kind": "county"},
        towns=({"t2.penalties.decisions": 3}, {"t2.penalties.decisions": 4}),
    ),
    "K-MISSING": Case(fields={"kind": "county"}, towns=({},), beside={"missing": ("青石镇",)}),
    "D-DECLARED": Case({"t2.penalties.decisions": 5}, declared=Case({"t2.penalties.decisions": 4})),
    "L-REGULATION": Case({"t2.regulations.made": 1, "t2.regulations.in_force": 1}),
    "L-DELEGATED": Case({"t2.licensing.decisions": 3}, fields={"delegated": ("penalties",)}),
    "L-DECISIONS": Case(
        {
            "t2.licensing.items_last_year": 21,
            "t2.licensing.items_change": 19,
            "t2.licensing.decisions": 40,
        },
        fields={"edition": "2019"},
    ),
    "L-EDITION": Case(fields={"edition": "2019", "year": 2022}),
    "L-AFTER": Case(
        {
            "t4.litigation_after_reconsideration.upheld": 2,
            "t4.litigation_after_reconsideration.total": 2,
        },
        fields={"edition": "2019", "year": 2019},
    ),
    "L-FEE": Case(
        {
            "t2.charges.amount": "0.01",  # at most 150 yuan
            "t3.received.natural_person": 1,
            "t3.received.total": 1,
            "t3.carried_forward.natural_person": 1,
            "t3.carried_forward.total": 1,
        },
        say={"s1": S1.replace("全年未收到政府信息公开申请。", "收到政府信息公开申请1件。")},
        fields={"facts": {"fee_collected_yuan": Decimal(200)}},
    ),
    "L-LATE": Case(fields={"kind": "department", "published_on": date(2023, 2, 1)}),
    "L-STOCK": Case({"t2.normative_documents.made": 4, "t2.normative_documents.in_force": 2}),
    "L-CONTENT": Case(say={"s1": S1.replace("社会评议", "意见征集")}),
    "X-SECTION": Case(fields={"sections": {k: v for k, v in prose().items() if k != "s6"}}),
    "X-PARTS": Case(say={"s1": TWO_PARTS, "s6": "开展工作考核和社会评议，没有发生责任追究。"}),
    "X-NUMBER": Case(say=added("全年开展宣传共 次。")),
    "X-TABLE": Case(fields={"tableless": True}),
    "X-NUMBERING": Case(say=added("1、修订指南。\n1、更新目录。\n2、清理栏目。")),
    "X-DOUBLE": Case(say=added("按时公布年度年度报告。")),
    "X-ARTICLE": Case(say=added("按照《政府信息公开条例》第二十一条第（五）项公开行政许可。")),
    "X-APPLICANT": Case(say=added("村民王小明申请公开补偿方案，已经答复。")),
    "C-CLAIM": Case(
        {"t4.reconsideration.corrected": 1, "t4.reconsideration.total": 1},
        say=added("行政复议无被纠错的情况。"),
    ),
    "X-EMPTY": Case(say={"s5": "无。"}),
    "X-YEAR": Case(say=added("2021年全镇组织学习一遍条例。")),
    "C-VALUE": Case(say=added("全年制发行政规范性文件3件。")),
    "C-CONFLICT": Case(
        {"t2.normative_documents.made": None},
        say={"s6": "制定规范性文件5件。\n制定规范性文件6件。"},
    ),
    "C-BALANCE": Case(
        UNKNOWN_T3,
        say={
            "s1": S1.replace(
                "全年未收到政府信息公开申请。",
                "上年结转申请5件，新收到政府信息公开申请61件，办结57件，结转下年度办理4件。",
            )
        },
    ),
    "C-PARTS": Case(say=added("全年张贴公告117件，其中政策9件，通知23件，其他4件。")),
    "C-PERCENT": Case(say=added("全年张贴公告100件，其中政策20件，占30%，通知80件。")),
    "C-CHANGE": Case(
        {"t2.normative_documents.made": 9, "t2.normative_documents.in_force": 17},
        say=added("全年制发行政规范性文件9件，比上年增加2件。"),
        last=Case({"t2.normative_documents.made": 8, "t2.normative_documents.in_force": 8}),
    ),
    "X-PUNCT": Case(say=added("在全镇开展政府开放日活动，》，群众到场参观。")),
    "X-PLACEHOLDER": Case(say=added("全年走访XX村两次。")),
    "X-TEMPLATE": Case(say=added("全年公开信息{disclosed_itms}条。")),
    "X-PERSONAL": Case(say=added("申请人身份证号为11010519491231002X。")),
    "X-OTHER": Case(say=added("青石镇坚持以公开促落实。"), beside={"others": ("青石镇", "云溪镇")}),
    "COPY-TOWN": Case(
        say={"s6": OWN_TEXT}, twin=Case(say={"s6": OWN_TEXT.replace("念给", "读给")})
    ),
    "COPY-YEAR": Case(
        say={"s6": OWN_TEXT}, last=Case(fields={"sections": {"s6": OWN_TEXT.replace("逢", "到")}})
    ),
}

SILENT: dict[str, Case] = {
    "T3-BALANCE": Case(
        {
            f"t3.{row}.{column}": 2
            for row in ("carried_in", "carried_forward")
            for column in ("natural_person", "total")
        }
    ),
    "T3-HANDLED": Case(
        {
            f"t3.{row}.{column}": 1
            for row in ("received", "granted", "handled")
            for column in ("enterprise", "total")
        },
        say={"s1": S1.replace("全年未收到政府信息公开申请。", "收到政府信息公开申请1件。")},
    ),
    "T3-TOTAL": Case({"t3.received.total": None}),
    "T4-TOTAL": Case({"t4.litigation_direct.other": 1, "t4.litigation_direct.total": 1}),
    "T-BLANK": Case(
        {
            "t3.received.natural_person": None,
            "t3.carried_in.natural_person": None,
            "t3.received.enterprise": None,
            "t3.received.total": 3,
            **{
                f"t3.{row}.{column}": 3
                for row in ("granted", "handled")
                for column in ("natural_person", "total")
            },
        },
        say={"s1": S1.replace("全年未收到政府信息公开申请。", "收到政府信息公开申请3件。")},
    ),
    "C-NEGATIVE": Case({"t2.licensing.items_change": -1}, fields={"edition": "2019"}),
    "Y-CARRY": Case(last=Case({"t3.carried_forward.legal_service": None})),
    "Y-NORMATIVE": Case(
        {"t2.normative_documents.in_force": 4, "t2.normative_documents.repealed": 1},
        last=Case({"t2.normative_documents.in_force": 5}),
    ),
    "Y-ITEMS": Case(
        {"t2.charges.items_last_year": 2},
        fields={"edition": "2019"},
        last=Case({"t2.charges.items_last_year": 3, "t2.charges.items_change": -1}),
    ),
    "Y-PENDING": Case(
        {"t4.reconsideration.upheld": 1, "t4.reconsideration.total": 1},
        last=Case({"t4.reconsideration.pending": 1, "t4.reconsideration.total": 1}),
    ),
    "Y-PUBLIC": Case(
        {"t2.normative_documents.public_total": 6, "t2.normative_documents.newly_public": 1},
        fields={"edition": "2019"},
        last=Case({"t2.normative_documents.public_total": 7}),
    ),
    "H-JUMP": Case(
        {"t2.penalties.decisions": 18},
        past=tuple(Case({"t2.penalties.decisions": n}) for n in (12, 10, 11, 9)),
    ),
    "K-SUM": Case(
        {"t2.penalties.decisions": 7},
        fields={"kind": "county"},
        towns=({"t2.penalties.decisions": 3}, {"t2.penalties.decisions": 4}),
    ),
    "K-MISSING": Case(fields={"kind": "county"}, towns=({}, {})),
    "D-DECLARED": Case(
        {"t2.penalties.decisions": 5}, declared=Case({"t2.penalties.decisions": None})
    ),
    "L-REGULATION": Case(
        {"t2.regulations.made": 1, "t2.regulations.in_force": 1}, fields={"kind": "city"}
    ),
    "L-DELEGATED": Case({"t2.penalties.decisions": 3}, fields={"delegated": ("penalties",)}),
    "L-DECISIONS": Case(
        {
            "t2.licensing.items_last_year": 21,
            "t2.licensing.items_change": 19,
            "t2.licensing.decisions": 41,
        },
        fields={"edition": "2019"},
    ),
    "L-EDITION": Case(fields={"edition": "2021", "year": 2021}),
    "L-AFTER": Case(
        {
            "t4.litigation_after_reconsideration.upheld": 1,
            "t4.litigation_after_reconsideration.total": 1,
            "t4.reconsideration.upheld": 1,
            "t4.reconsideration.total": 1,
        },
        fields={"edition": "2019", "year": 2019},
    ),
    "L-FEE": Case(
        {
            f"t3.{row}.{column}": 1
            for row in ("carried_in", "carried_forward")
            for column in ("natural_person", "total")
        }
        | {"t2.charges.amount": "0.02"},
        fields={"facts": {"fee_collected_yuan": Decimal(250)}},
    ),
    "L-LATE": Case(fields={"kind": "department", "published_on": date(2023, 1, 31)}),
    "L-STOCK": Case({"t2.normative_documents.made": 4, "t2.normative_documents.in_force": 4}),
    "L-CONTENT": Case(
        say={"s1": S1.replace("社会评议", "意见征集")}, fields={"kind": "subdistrict"}
    ),
    "X-SECTION": Case(say={"s6": "无。"}),
    "X-PARTS": Case(
        say={"s1": TWO_PARTS, "s6": "开展工作考核和社会评议，没有发生责任追究。"},
        fields={"edition": "2019"},
    ),
    "X-NUMBER": Case(say=added("全年开展宣传共 3 次，条件具备的共同推进。")),
    "X-TABLE": Case(),
    "X-NUMBERING": Case(say=added("1、修订指南。\n2、更新目录。\n（一）清理。\n1、栏目。")),
    "X-ARTICLE": Case(say=added("依照《行政处罚法》第二十一条第（一）项处罚。")),
    "X-DOUBLE": Case(say=added("县政府政府信息公开栏，工作工作组到位，一件一件研究研究。")),
    "X-APPLICANT": Case(say=added("村民王某申请公开补偿方案，申请人方便，群众于年初提出。")),
    "C-CLAIM": Case(say=added("行政复议无被纠错的情况，行政诉讼无败诉，申请均在法定期限内答复。")),
    "X-EMPTY": Case(say={"s5": "无专职人员，更新不够及时，将尽快配备。"}),
    "X-YEAR": Case(say=added("与2021年相比，公开栏目增加两个；依照《条例》（2019年修订）办理。")),
    "C-VALUE": Case(
        {"t2.normative_documents.made": 3, "t2.normative_documents.in_force": 3},
        say=added("全年制发行政规范性文件3件。"),
    ),
    "C-CONFLICT": Case(
        {"t2.normative_documents.in_force": None},
        say={"s6": "现行有效的规范性文件5件。\n现行有效的规范性文件5件。"},
    ),
    "C-BALANCE": Case(
        UNKNOWN_T3,
        say={
            "s1": S1.replace(
                "全年未收到政府信息公开申请。",
                "上年结转申请5件，新收到政府信息公开申请61件，办结62件，结转下年度办理4件。",
            )
        },
    ),
    "C-PARTS": Case(say=added("全年张贴公告117件，其中政策9件，通知23件。")),
    "C-PERCENT": Case(say=added("全年张贴公告86件，其中政策16件，占19%，通知70件。")),
    "C-CHANGE": Case(
        {"t2.normative_documents.made": 9, "t2.normative_documents.in_force": 17},
        say=added("全年制发行政规范性文件9件，比上年增加1件，增长12.5%。"),
        last=Case({"t2.normative_documents.made": 8, "t2.normative_documents.in_force": 8}),
    ),
    "X-PUNCT": Case(say=added("1）按《条例》（2019年修订）办理；“谁主管、谁负责”。……")),
    "X-PLACEHOLDER": Case(say=added("网址为 www.example.gov.cn/xxgk 的专栏。")),
    "X-TEMPLATE": Case(say=added("集合{甲、乙}照登。")),
    "X-PERSONAL": Case(say=added("联系电话0535-3211234，编号202201010001。")),
    "X-OTHER": Case(
        say=added("云溪镇坚持以公开促落实，我镇群众满意。"), beside={"others": ("溪镇", "云溪镇")}
    ),
    "COPY-TOWN": Case(say={"s6": OWN_TEXT}, twin=Case(fields={"sections": {"s6": prose()["s6"]}})),
    "COPY-YEAR": Case(say={"s6": OWN_TEXT}, last=Case(fields={"sections": {"s6": prose()["s6"]}})),
}

TOGETHER: dict[str, set[str]] = {
    "T-BLANK": {"T3-BALANCE", "T3-TOTAL"},  # infos: what each line by itself makes of the blank
    "T3-TOTAL": {"T3-HANDLED", "C-NEGATIVE"},  # one cell more breaks its row and its column
    "X-TABLE": {"C-VALUE"},
    "C-CONFLICT": {"C-VALUE"},  # cannot tell: an info about the blank
    "C-BALANCE": {"T3-TOTAL", "C-VALUE"},
}
"""Findings that cannot but come with a rule's own, all of them milder or of the same cells."""


def built(make: Make, case: Case, *, back: int = 0) -> TownReport:
    """Build a case's report, so many years back."""
    fields = dict(case.fields)
    edition = str(fields.pop("edition", "2021"))
    year = int(fields.pop("year", {"2019": 2020, "2021": 2022}[edition])) - back
    delegated = fields.pop("delegated", None)
    tableless = fields.pop("tableless", False)
    sections = fields.pop("sections", None)
    if sections is None:
        sections = prose(year, **case.say)
    report = make(dict(case.cells), edition=edition, year=year, sections=sections, **fields)
    if tableless:
        report = report.with_(edition=None, cells={})
    if delegated is not None:
        report = report.with_(town=report.town.model_copy(update={"delegated": delegated}))
    return report


def findings_of(make: Make, case: Case) -> dict[str, set[str]]:
    """Check a case and return the levels found by code."""
    report = built(make, case)
    edition = {"edition": report.edition}
    beside = dict(case.beside)
    context = Context(**beside)
    if case.last is not None:
        last = Case(case.last.cells, case.last.say, {"sections": {}, **case.last.fields, **edition})
        beside["previous"] = built(make, last, back=1)
    beside["history"] = tuple(
        built(make, Case(past.cells, fields={"sections": {}}), back=back)
        for back, past in enumerate(case.past, 2)
    )
    form = load_edition("2021")
    beside["towns"] = tuple(
        make(sections={}).with_(cells=Cells(form, {**dict.fromkeys(form.addresses, 0), **cells}))
        for cells in case.towns
    )
    if case.declared is not None:
        beside["declared"] = built(make, case.declared)
    if case.twin is not None:
        other = built(make, case.twin)
        other = other.with_(town=other.town.model_copy(update={"id": "qingshi", "name": "青石镇"}))
        beside["copies"] = find_copies([report, other])[0]
    context = Context(**beside)
    levels: dict[str, set[str]] = {}
    for finding in check_report(report, context=context):
        levels.setdefault(finding.code, set()).add(finding.level)
    return levels


def test_every_rule_has_both_cases() -> None:
    codes = {each.code for each in RULES}
    assert codes == VIOLATED.keys() == SILENT.keys()


@pytest.mark.parametrize("code", VIOLATED)
def test_violated_alone(make: Make, code: str) -> None:
    found = findings_of(make, VIOLATED[code])
    assert RULES[code].level in found.pop(code)
    assert found.keys() <= TOGETHER.get(code, set())


@pytest.mark.parametrize("code", SILENT)
def test_silent(make: Make, code: str) -> None:
    """The rule gives nothing of its own level, and no other rule an error or a warning."""
    found = findings_of(make, SILENT[code])
    assert RULES[code].level not in found.get(code, set())
    assert not {c for c, levels in found.items() if levels & {"error", "warning"}}


def test_statements_are_whole() -> None:
    for each in RULES:
        assert each.statement.endswith("。"), each.code
        assert each.example.endswith("。"), each.code
        assert each.basis, each.code
        assert each.function.__doc__, each.code
