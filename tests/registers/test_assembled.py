"""A report put together from rows in memory: its prose, findings and provenance, and monthly counts."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from reportkit.finding import Finding, Place
from reportkit.registers.absent import Absent
from reportkit.registers.data import SetAside, TownData
from reportkit.registers.derivation.assemble import (
    assemble,
    known_numbers,
    monthly_disclosures,
    narrative_texts,
    numbers_report,
    set_aside_rows,
)
from reportkit.registers.derivation.cases import Cases
from reportkit.registers.derivation.derive import derive_numbers
from reportkit.registers.derivation.narrative import NOT_FILLED
from reportkit.report import TownReport
from tests.registers.built import YUNXI, built
from tests.registers.readers import report_of


def found(report: TownReport, *codes: str) -> list[Finding]:
    return [finding for finding in report.findings if finding.code in codes]


NARRATIVES = [
    {"year": 2022, "section": "s5", "position": 2, "text": "第二段。"},
    {"year": 2022, "section": "s5", "position": 1, "text": "第一段，{hotline_replies}件。"},
    {"year": 2021, "section": "s5", "position": 3, "text": "上年。"},
    {"year": 2022, "section": "s6", "position": 1, "text": "电话13800138000。"},
]


def test_prose_is_in_order_filled_and_masked() -> None:
    data = built(narratives=NARRATIVES, hotline=[])
    assert narrative_texts(data, 2022) == {
        "s5": "第一段，{hotline_replies}件。\n\n第二段。",
        "s6": "电话13800138000。",
    }
    assert narrative_texts(data, 2020) == {}
    assert narrative_texts(built(hotline=[]), 2022) == {}
    report = report_of(data, 2022)
    assert report.sections["s5"] == "第一段，0件。\n\n第二段。"
    assert "13800138000" not in report.sections["s6"]
    assert "自2022年1月1日起" in report.sections["s0"]
    assert found(report, "SECTION-EMPTY") == []


def test_a_section_without_text_is_an_error() -> None:
    report = report_of(built(narratives=NARRATIVES[:1]), 2022)
    assert report.sections["s6"] == NOT_FILLED
    (finding,) = found(report, "SECTION-EMPTY")
    assert finding.level == "error"
    assert finding.message == "“六、其他需要报告的事项”未填写。请在“文字部分”补写本节。"
    assert finding.place == Place(register="narratives", section="s6")
    assert "〔2021〕30号" in finding.basis
    assert "第五十条" in finding.basis


def test_last_years_figures_are_compared_where_they_are_known() -> None:
    rows = [
        {"received_on": "2021-03-01", "replied_on": "2021-03-02"},
        {"received_on": "2022-03-01", "replied_on": "2022-03-02"},
        {"received_on": "2022-03-01", "replied_on": "2022-03-02"},
    ]
    data = built(hotline=rows)
    cases = Cases(data)
    now, last = derive_numbers(cases, 2022), known_numbers(cases, 2021)
    assert last is not None
    assert last.facts == {"hotline_replies": 1}
    assert "工单2件，比上年增加1件" in assemble(data, 2022, now, last).sections["s1"]
    assert "比上年" not in assemble(data, 2022, now, None).sections["s1"]


def test_a_year_without_a_form_or_a_register_has_no_numbers() -> None:
    cases = Cases(built(hotline=[], kept={"hotline": ((2018, 2020),)}))
    assert known_numbers(cases, 2018) is None
    assert known_numbers(cases, 2021) is None
    known = known_numbers(cases, 2019)
    assert known is not None
    assert known.facts == {"hotline_replies": 0}
    assert known_numbers(cases, 2020) is not None


def test_what_a_report_and_the_figures_alone_say_of_themselves() -> None:
    rows = [
        {"received_on": day, "replied_on": day}
        for day in ("2021-03-01", "2022-03-01", "2023-01-01")
    ]
    data = built(
        hotline=rows, narratives=NARRATIVES, decisions=[], kept={"decisions": ((2019, 2021),)}
    )
    cases = Cases(data)
    numbers = derive_numbers(cases, 2022)
    report = assemble(data, 2022, numbers, None, date(2023, 1, 20))
    assert (report.town, report.year, report.edition) == (YUNXI, 2022, "2021")
    assert report.published_on == date(2023, 1, 20)
    assert report.provenance == {
        "from": "registers",
        "as_of": "2022-12-31",
        "rows": {"hotline": 2},  # the third came later
        "covered": ["hotline"],
    }
    alone = numbers_report(data, 2022, numbers)
    assert (alone.town, alone.year, alone.edition) == (YUNXI, 2022, "2021")
    assert (alone.cells, alone.facts, alone.provenance) == (report.cells, report.facts, None)
    assert dict(alone.facts) == {"hotline_replies": 1}


def _aside(level: Any, dated: date | None) -> SetAside:
    return SetAside(Finding(code="ROW-X", level=level, message=f"{dated}"), dated)


def test_rows_set_aside_are_told_and_counted_from_their_year_on() -> None:
    data = built(
        hotline=[],
        set_aside=(
            _aside("error", date(2022, 12, 31)),
            _aside("error", None),
            _aside("info", date(2021, 1, 1)),
            _aside("error", date(2023, 1, 1)),
        ),
    )
    assert [set_aside_rows(data, year) for year in (2021, 2022, 2023)] == [1, 2, 3]
    report = report_of(data, 2022)
    assert [f.message for f in found(report, "ROW-X")] == ["2022-12-31", "None", "2021-01-01"]


def test_what_is_not_kept_is_unknown_and_said_once() -> None:
    report = report_of(built(hotline=[], items=[]), 2022)
    unknown = found(report, "REGISTER-UNKNOWN")
    names = [finding.place.register for finding in unknown if finding.place]
    assert "hotline" not in names
    assert "decisions" in names
    assert not {"items", "procurement"} & {*names}  # only the older form counts them
    assert len(names) == len({*names})
    for finding in unknown:
        assert finding.level == "info"
        assert finding.basis == "台账填写规则"
    (decisions,) = [f for f in unknown if f.place and f.place.register == "decisions"]
    assert decisions.message == (
        "2022年没有登记“处理决定台账”，由它得出的数据按未知处理，不作零计。"
        "如当年确有登记，请在“登记范围”中注明。"
    )
    older = [
        f.place.register
        for f in found(report_of(built(hotline=[]), 2020), "REGISTER-UNKNOWN")
        if f.place
    ]
    assert {"items", "procurement"} <= {*older}


@pytest.mark.parametrize(
    ("absent", "where"),
    [
        (
            Absent("表是空的", "请补填", "青石.xlsx", "处理决定台账"),
            "青石.xlsx“处理决定台账”表表是空的。",
        ),
        (Absent("没有名为“处理决定台账”的表", "请补填", "青石.xlsx"), "青石.xlsx没有名为"),
        (Absent("没有交来", "请交来"), "但没有交来。"),
    ],
)
def test_what_is_kept_and_nobody_has_seen_is_an_error(absent: Absent, where: str) -> None:
    kept = {"decisions": ((2022, None),)}
    data = built(hotline=[], kept=kept, absent={"decisions": absent, "items": absent})
    report = report_of(data, 2022)
    (finding,) = found(report, "REGISTER-MISSING")
    assert finding.level == "error"
    assert finding.basis == "台账填写规则"
    assert finding.message.startswith("“登记范围”注明2022年登记“处理决定台账”，但")
    assert where in finding.message
    assert finding.message.endswith(f"{absent.how}。")
    assert finding.place == Place(register="decisions", file=absent.file, sheet=absent.sheet)
    assert report.cells["t2.penalties.decisions"] is None
    assert found(report_of(data, 2021), "REGISTER-MISSING") == []
    assert "decisions" not in [
        f.place.register for f in found(report, "REGISTER-UNKNOWN") if f.place
    ]
    assert "decisions" not in (report.provenance or {})["covered"]


def test_a_question_ends_without_a_full_stop() -> None:
    absent = Absent("没有名为“处理决定台账”的表", "是否应为“处理决定台账”？")
    data = built(hotline=[], kept={"decisions": ((2022, None),)}, absent={"decisions": absent})
    (finding,) = found(report_of(data, 2022), "REGISTER-MISSING")
    assert finding.message.endswith("是否应为“处理决定台账”？")


def test_each_register_is_judged_where_it_is_kept() -> None:
    """Time limits, fees, documents and disputes have findings of their own, none in a year not kept."""
    application = {
        "applicant_type": "natural_person",
        "applicant_key": "甲",
        "received_on": "2022-01-04",
        "replied_on": "2022-09-01",
        "outcome": "granted",
        "fee_basis": "per_item",
        "fee_paid_on": "2022-02-01",
        "fee_yuan": Decimal(100),
    }
    registers: dict[str, Any] = {
        "applications": [application],
        "charges": [],
        "documents": [
            {
                "kind": "normative_documents",
                "doc_no": "云政函〔2022〕2号",
                "issued_on": "2022-03-01",
            }
        ],
        "disputes": [
            {"route": "litigation_direct", "role": "co_defendant", "filed_on": "2022-03-01"}
        ],
    }
    codes = {
        "": {"SECTION-EMPTY", "REGISTER-UNKNOWN", "ROW-X"},  # what is told of every year
        "applications": {"TIME-OVERDUE", "FEE-OVERCHARGED"},
        "charges": {"FEE-CHARGES"},
        "documents": {"DOC-NORMATIVE"},
        "disputes": {"SUIT-JOINT"},
    }
    every = {code for some in codes.values() for code in some}

    def told(data: TownData) -> set[str]:
        return {finding.code for finding in report_of(data, 2022).findings} & every

    aside = (_aside("error", date(2022, 1, 1)),)
    assert told(built(**registers, set_aside=aside)) == every
    for name, own in codes.items():
        if not name:
            continue
        without = built(**registers, set_aside=aside, kept={name: ((2019, 2021),)})
        assert told(without) == every - own - ({"FEE-CHARGES"} if name == "applications" else set())


def test_months_of_disclosures_by_channel() -> None:
    rows = [
        {"item_no": "1", "channel": "wechat", "published_on": "2022-01-01"},
        {"item_no": "1", "channel": "wechat", "published_on": "2022-01-31"},
        {"item_no": "2", "channel": "wechat", "published_on": "2022-12-31"},
        {"item_no": "1", "channel": "portal", "published_on": "2022-02-01"},
        {"item_no": "3", "channel": "portal", "published_on": "2022-02-28"},
        {"item_no": "4", "channel": "portal", "published_on": "2021-12-31"},
        {"item_no": "5", "channel": "portal", "published_on": "2023-01-01"},
    ]
    months = monthly_disclosures(built(disclosures=rows), 2022)
    assert months is not None
    assert list(months.items()) == [
        ("portal", (0, 2, *[0] * 10)),
        ("wechat", (1, *[0] * 10, 1)),
    ]
    assert monthly_disclosures(built(disclosures=rows), 2020) is None
    assert monthly_disclosures(built(hotline=[]), 2022) is None
    assert (
        monthly_disclosures(built(disclosures=rows, kept={"disclosures": ((2023, None),)}), 2022)
        is None
    )
