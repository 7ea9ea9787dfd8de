"""What stands behind a figure, on a few rows and word by word. Nothing is read from files."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from reportkit.form import load_edition
from reportkit.registers.data import TownData
from reportkit.registers.derivation.behind import Trace
from reportkit.registers.derivation.cases import Cases, Year
from reportkit.registers.derivation.derive import derive_numbers
from reportkit.registers.derivation.rules import rows_measured, rows_of_t3, rows_of_t4
from reportkit.registers.derivation.told import SHOWN, Addend, Behind, told_words
from tests.registers.built import built
from tests.registers.test_counting import APPLICATIONS, DOCUMENTS, ITEMS


def trace(data: TownData, year: int) -> Trace:
    cases = Cases(data)
    return Trace(cases, year, derive_numbers(cases, year))


def behind(data: TownData, year: int, code: str) -> Behind:
    return trace(data, year).behind(code)


@pytest.mark.parametrize(
    ("edition", "code", "rule", "numbers"),
    [
        ("2021", "t2.normative_documents.made", "印发日期在2022年，类别为“行政规范性文件”", ["4"]),
        (
            "2021",
            "t2.normative_documents.repealed",
            "废止、失效或宣布无效日期在2022年，类别为“行政规范性文件”",
            ["2", "4"],
        ),
        (
            "2021",
            "t2.normative_documents.in_force",
            "到2022年12月31日已有印发日期、尚无废止、失效或宣布无效日期，类别为“行政规范性文件”",
            ["1"],
        ),
        ("2021", "t2.regulations.made", "印发日期在2022年，类别为“规章”", ["3"]),
    ],
)
def test_documents(edition: str, code: str, rule: str, numbers: list[str]) -> None:
    found = behind(built(edition=edition, documents=DOCUMENTS), 2022, code)
    assert found.rule == f"规章和规范性文件台账：{rule}"
    assert found.register == "documents"
    assert [row[0] for row in found.rows] == numbers
    assert found.count == len(numbers)
    assert found.origins == tuple(("documents.csv", None, int(number) + 1) for number in numbers)
    assert (found.addends, found.parts) == ((), 0)


def test_rows_tell_the_dates_as_of_the_years_end() -> None:
    data = built(documents=DOCUMENTS)
    found = behind(data, 2021, "t2.normative_documents.in_force")
    assert found.columns == ("doc_no", "issued_on", "repealed_on")
    assert found.rows == (
        ("2", date(2020, 12, 31), None),  # repealed in 2022, which 2021 does not know
        ("1", date(2021, 3, 1), None),
    )
    after = behind(data, 2022, "t2.normative_documents.repealed")
    assert after.columns == ("doc_no", "repealed_on")
    assert after.rows == (("2", date(2022, 1, 1)), ("4", date(2022, 12, 31)))


def test_items_of_last_year_and_their_change() -> None:
    data = built(edition="2019", items=ITEMS)
    last = behind(data, 2020, "t2.licensing.items_last_year")
    assert last.rule == "事项目录：到2019年12月31日已有生效日期、尚无取消日期，类别为“行政许可”"
    assert [row[0] for row in last.rows] == ["1", "2", "7"]
    change = behind(data, 2020, "t2.licensing.items_change")
    assert change.rule == "事项目录：2020年内新增的减去2020年内取消的，类别为“行政许可”"
    assert [row[0] for row in change.rows] == ["2", "3"]


def test_amounts_are_told_in_the_unit_of_the_register() -> None:
    rows: list[dict[str, Any]] = [
        {"collected_on": "2022-05-02", "amount_yuan": Decimal("12345.67")},
        {"collected_on": "2022-05-01", "amount_yuan": None},
        {"collected_on": "2021-05-01", "amount_yuan": Decimal(1)},
    ]
    found = behind(built(charges=rows), 2022, "t2.charges.amount")
    assert found.rule == "行政事业性收费台账：收费日期在2022年，金额（元）合计，折合万元"
    assert found.columns == ("receipt_no", "collected_on", "amount_yuan")
    assert found.rows == (
        ("2", date(2022, 5, 1), None),
        ("1", date(2022, 5, 2), Decimal("12345.67")),
    )


DISCLOSURES = [
    {"item_no": "2", "channel": "wechat", "published_on": "2022-12-31"},
    {"item_no": "10", "channel": "wechat", "published_on": "2022-12-31"},
    {"item_no": "1", "channel": "portal", "published_on": "2022-01-01"},
]


def test_facts_tell_the_rule_and_the_rows_by_date_and_number() -> None:
    found = trace(built(disclosures=DISCLOSURES), 2022)
    every = found.behind("disclosed_items")
    assert every.rule == "主动公开台账：公开日期在2022年，编号相同的只计一次"
    assert every.columns == ("item_no", "channel", "published_on")
    assert [row[:2] for row in every.rows] == [
        ("1", "政府网站"),
        ("2", "微信公众号"),
        ("10", "微信公众号"),
    ]
    one = found.behind("wechat_items")
    assert one.rule == "主动公开台账：公开日期在2022年，公开渠道为“微信公众号”，编号相同的只计一次"
    assert one.count == 2
    assert (
        found.behind("hotline_replies").rule
        == "2022年没有登记“12345热线台账”，按未知处理，不作零计"
    )
    assert found.behind("hotline_replies").register is None
    assert (
        found.behind("t2.charges.amount").rule
        == "2022年没有登记“行政事业性收费台账”，按未知处理，不作零计"
    )
    for code, heading in (
        ("t3.granted.total", "依申请公开台账"),
        ("t4.reconsideration.total", "复议诉讼台账"),
    ):
        assert found.behind(code).rule == f"2022年没有登记“{heading}”，按未知处理，不作零计"
    heads = [{"kind": "training", "held_on": "2022-03-01", "participants": 35}]
    people = behind(built(activities=heads), 2022, "training_participants")
    assert people.rule == "工作活动台账：举办日期在2022年，类别为“培训”，参加人数合计"
    assert people.rows == (("1", date(2022, 3, 1), 35),)


def test_no_more_rows_are_told_than_a_page_can_hold() -> None:
    rows = [{"received_on": "2022-01-01", "replied_on": "2022-03-01"}] * (SHOWN + 5)
    found = behind(built(hotline=rows), 2022, "hotline_replies")
    assert (len(found.rows), len(found.origins), found.count) == (SHOWN, SHOWN, SHOWN + 5)
    assert [row[0] for row in found.rows] == [str(n) for n in range(1, SHOWN + 1)]
    assert found.origins[-1] == ("hotline.csv", None, SHOWN + 1)


@pytest.mark.parametrize(
    ("code", "words", "numbers"),
    [
        ("received.natural_person", "收到日期在2022年，申请人类型为“自然人”", ["1", "2"]),
        (
            "carried_in.enterprise",
            "2022年以前收到，到2022年1月1日尚未答复，申请人类型为“商业企业”",
            ["5"],
        ),
        (
            "carried_forward.natural_person",
            "到2022年12月31日已经收到、尚未答复，申请人类型为“自然人”",
            ["2"],
        ),
        (
            "granted.natural_person",
            "答复日期在2022年，办理结果计入“（一）予以公开”，申请人类型为“自然人”",
            ["1"],
        ),
        (
            "other.other.legal_service",
            "答复日期在2022年，办理结果计入“3.其他”，申请人类型为“法律服务机构”",
            ["6"],
        ),
    ],
)
def test_applications(code: str, words: str, numbers: list[str]) -> None:
    found = behind(built(applications=APPLICATIONS), 2022, f"t3.{code}")
    assert found.rule == f"依申请公开台账：{words}"
    assert found.register == "applications"
    assert found.columns == ("application_no", "received_on", "replied_on")
    assert [row[0] for row in found.rows] == numbers


def test_a_label_is_named_without_what_it_explains() -> None:
    rows = [
        {
            "applicant_type": "enterprise",
            "received_on": "2022-01-01",
            "replied_on": "2022-01-05",
            "outcome": "granted_in_part",
        }
    ]
    found = behind(built(applications=rows), 2022, "t3.granted_in_part.enterprise")
    assert "计入“（二）部分公开”" in found.rule


def test_a_total_is_the_sum_of_its_parts_that_are_not_zero() -> None:
    found = trace(built(applications=APPLICATIONS), 2022)
    row = found.behind("t3.received.total")
    assert row.rule == "合计：本行各栏之和，其余为0"
    assert row.addends == (
        Addend(
            "t3.received.natural_person",
            load_edition("2021").cell("t3.received.natural_person").label,
            2,
        ),
        Addend(
            "t3.received.legal_service",
            load_edition("2021").cell("t3.received.legal_service").label,
            2,
        ),
    )
    assert (row.parts, row.register, row.rows) == (2, None, ())
    column = found.behind("t3.handled.legal_service")
    assert column.rule == "合计：各行之和，其余为0"
    assert [each.address.split(".legal")[0] for each in column.addends] == [
        "t3.other.fee_overdue",
        "t3.other.other",
    ]
    nothing = found.behind("t3.handled.enterprise")
    assert nothing.rule == "合计：各行之和，各项均为0"
    assert (nothing.addends, nothing.parts) == ((), 0)


def test_facts_that_are_cells_name_them() -> None:
    suits = [{"route": "litigation_direct", "filed_on": "2022-03-01"}]
    found = trace(built(disputes=suits, applications=APPLICATIONS), 2022)
    both = found.behind("litigations")
    assert both.rule == "合计：这些单元格之和，其余为0"
    assert [(each.address, each.value) for each in both.addends] == [
        ("t4.litigation_direct.total", 1)
    ]
    one = found.behind("applications_received")
    assert one.rule == "合计：即本单元格"
    assert [(each.address, each.value) for each in one.addends] == [("t3.received.total", 4)]
    assert (
        trace(built(disputes=[]), 2022).behind("litigations").rule
        == "合计：这些单元格之和，各项均为0"
    )
    unknown = trace(built(documents=[]), 2022).behind("litigations")
    assert unknown.rule == "合计：这些单元格之和"  # nothing is said to be 0
    assert [each.value for each in unknown.addends] == [None, None]


@pytest.mark.parametrize(
    ("code", "words", "numbers"),
    [
        ("pending", "到2022年12月31日已经受理、尚未审结", ["2"]),
        ("upheld", "审结日期在2022年，结果为“结果维持”", ["1"]),
    ],
)
def test_disputes(code: str, words: str, numbers: list[str]) -> None:
    rows: list[dict[str, Any]] = [
        {"route": "reconsideration", "filed_on": "2021-12-31", "closed_on": "2022-01-01", "result": "upheld"},
        {"route": "reconsideration", "filed_on": "2022-12-31", "closed_on": "2023-01-01", "result": "upheld"},
        {"route": "litigation_direct", "filed_on": "2022-12-31"},
    ]  # fmt: skip
    found = behind(built(disputes=rows), 2022, f"t4.reconsideration.{code}")
    assert found.rule == f"复议诉讼台账：类别为“行政复议”，{words}"
    assert found.columns == ("case_no", "filed_on", "closed_on")
    assert [row[0] for row in found.rows] == numbers


def _declared(code: str, value: int, **registers: Any) -> Trace:
    figures = [
        {"year": 2021, "code": code, "value": 1},
        {"year": 2022, "code": "t2.licensing.decisions", "value": 2},
        {"year": 2022, "code": code, "value": value},
    ]
    return trace(built(figures=figures, **registers), 2022)


def test_a_declared_figure_tells_its_own_row() -> None:
    for code, asked in (
        ("hotline_replies", "hotline_replies"),
        ("t3.received.total", "t3.received.total"),
        ("applications_received", "t3.received.total"),
    ):
        found = _declared(code, 1031).behind(asked)
        assert found == Behind(
            "申报数：没有逐件登记，按单位申报的数填列",
            register="figures",
            columns=("code", "value"),
            rows=((code, 1031),),
            count=1,
        )


def test_a_total_beside_a_declared_part_shows_its_rows() -> None:
    """The declared part of another row leaves the total of the rows: 1 + 0 is what was counted."""
    rows = [{"route": "reconsideration", "filed_on": "2022-03-01"}]
    found = _declared("t4.litigation_direct.upheld", 4, disputes=rows)
    total = found.behind("t4.litigation_direct.total")
    assert total.register == "disputes"
    assert total.count == 0
    assert (
        total.rule
        == "复议诉讼台账：类别为“未经复议直接起诉”，2022年审结的，和到2022年12月31日尚未审结的"
    )
    assert found.behind("t4.reconsideration.total").addends[0].value == 1


def test_what_is_told_is_masked_and_written_plainly() -> None:
    number = "13800138000"
    rows = [{"ticket_no": number, "received_on": "2022-01-01", "replied_on": "2022-01-02"}]
    ((told, *_),) = behind(built(hotline=rows), 2022, "hotline_replies").rows
    assert number not in str(told)
    assert [told_words(v) for v in (None, Decimal("1.50"), 3, "甲", date(2022, 1, 2))] == [
        "",
        "1.5",
        "3",
        "甲",
        "2022-01-02",
    ]


def test_the_rows_behind_a_cell_are_those_that_it_counts() -> None:
    form = load_edition("2021")
    disputes = [
        {
            "route": route,
            "filed_on": day,
            "closed_on": closed,
            "result": closed and "other",
            "role": role,
        }
        for route in ("reconsideration", "litigation_direct")
        for day in ("2021-12-31", "2022-12-31", "2023-01-01")
        for closed in (None, "2023-01-01", "2022-12-31")
        for role in (None, "co_defendant")
        if closed is None or day <= closed
    ]
    cases = Cases(built(applications=APPLICATIONS, disputes=disputes, documents=DOCUMENTS))
    for year in (2021, 2022, 2023):
        cells = derive_numbers(cases, year).cells
        of = Year(cases, year)
        for cell in form.tables["t3"].cells():
            assert np.count_nonzero(rows_of_t3(of, form, cell)) == cells[cell.address], cell.address
        for cell in form.tables["t4"].cells():
            assert np.count_nonzero(rows_of_t4(of, cell)) == cells[cell.address], cell.address
        for cell in form.tables["t2"].cells():
            rule = cell.derive
            if rule is not None and rule.register == "documents":
                counted = np.count_nonzero(rows_measured(of, rule, cell.row.code))
                assert counted == cells[cell.address], cell.address
