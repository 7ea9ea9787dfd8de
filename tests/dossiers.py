"""Dossiers made by hand: test data for the notebook's helpers and for the exporter.

The town and all its figures are invented. Nothing here reads a source.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

from reportkit.finding import Finding, Place
from reportkit.form import Cells, CellValue, Edition, edition_for, total
from reportkit.registers.derivation.kept import OutcomeDays, Timeliness
from reportkit.report import Town, TownReport
from reportkit.sources.dossier import Dossier

TOWN = Town(
    id="baishigou",
    name="白石沟镇",
    county="示例县",
    province="示例省",
    kind="town",
    issuer="示例县白石沟镇人民政府",
    illustrative=True,
)

SECTIONS = {
    "s0": "本报告根据《中华人民共和国政府信息公开条例》编制，数据统计期限为2023年1月1日至2023年12月31日。",
    "s1": (
        "（一）主动公开。全年主动公开政府信息186条，其中政府网站132条、微信公众号71条。\n\n"
        "（二）依申请公开。全年收到政府信息公开申请24件，办结23件，结转下年2件。\n\n"
        "（三）政府信息管理。全年制发行政规范性文件1件，清理2件，现行有效5件。\n\n"
        "（四）政府信息公开平台建设。政府网站信息公开专栏按月检查，未发现错链断链。\n\n"
        "（五）监督保障。全年组织培训4次，开展政府开放日1次，工作考核、社会评议结果为良好。"
    ),
    "s5": "一是部分栏目更新不及时；二是答复文书不够规范。\n\n下一步将按月通报更新情况，统一答复文书格式。",
    "s6": "本年度未收取信息处理费。没有其他需要报告的事项。",
}


def filled(edition: Edition, applications: Mapping[str, int]) -> Cells:
    """Return balanced cells: zeros, but for applications by outcome row, all from natural persons."""
    form = edition.tables["t3"]
    values: dict[str, CellValue] = dict.fromkeys(edition.addresses, 0)
    for row, count in applications.items():
        values[f"t3.{row}.natural_person"] = count
    handled = total(applications.values())
    values["t3.handled.natural_person"] = handled
    values["t3.received.natural_person"] = handled
    for line in form.rows:
        values[f"t3.{line.code}.total"] = values[f"t3.{line.code}.natural_person"]
    return Cells(edition, values)


OUTCOMES: Mapping[int, Mapping[str, int]] = {
    2019: {"granted": 6, "unavailable.not_held": 2},
    2020: {"granted": 9, "granted_in_part": 1, "unavailable.not_held": 2, "other": 1},
    2021: {"granted": 8, "refused.third_party": 1, "not_processed.petition": 1},
    2022: {"granted": 12, "granted_in_part": 2, "unavailable.not_held": 3, "other.other": 1},
    2023: {
        "granted": 13,
        "granted_in_part": 3,
        "refused.deliberative": 2,
        "unavailable.not_held": 4,
        "not_processed.repeated": 1,
        "other.other": 1,
    },
}


def past(year: int) -> TownReport:
    """Return the invented town's report of one of the years 2019 to 2023."""
    edition = edition_for(year)
    cells = filled(edition, OUTCOMES[year]).replace({"t2.normative_documents.made": 1})
    if year >= 2021:
        cells = cells.replace(
            {"t2.charges.amount": Decimal("12.35"), "t2.normative_documents.in_force": year - 2018}
        )
    received = cells["t3.received.total"]
    assert isinstance(received, int)
    return TownReport(
        town=TOWN,
        year=year,
        edition=edition.code,
        published_on=date(year + 1, 1, 22),
        cells=cells,
        facts={
            "disclosed_items": 100 + 7 * (year - 2019),
            "portal_items": 90,
            "hotline_replies": 1031,
            "applications_received": received,
            "normative_documents_made": 1,
            "trainings": 4,
            "open_days": year % 2,
        },
        sections={k: v.replace("2023", str(year)) for k, v in SECTIONS.items()},
    )


def timeliness() -> Timeliness:
    """Return how the invented town kept the time limits in 2023."""
    groups = [
        ("granted", "（一）予以公开", 13, 13, 0, "9"),
        ("granted_in_part", "（二）部分公开", 3, 3, 0, "12.5"),
        ("refused", "（三）不予公开", 2, 1, 1, "19"),
        ("unavailable", "（四）无法提供", 4, 4, 0, "7"),
        ("not_processed", "（五）不予处理", 1, 1, 0, "3"),
        ("other", "（六）其他处理", 1, 1, 0, "15"),
    ]
    return Timeliness(
        replied=24,
        on_time=23,
        overdue=1,
        unknown=0,
        extended=2,
        open_overdue=0,
        median_days=Decimal(9),
        longest_days=27,
        by_outcome=tuple(
            OutcomeDays(code, label, count, on_time, overdue, 0, Decimal(days))
            for code, label, count, on_time, overdue, days in groups
        ),
        uncovered_years=(),
    )


def dossier(year: int = 2023) -> Dossier:
    """Return a full dossier: five years, monthly counts, time limits."""
    return Dossier(
        report=past(year),
        previous=past(year - 1) if year > 2019 else None,
        history=tuple(past(y) for y in range(2019, year + 1)),
        monthly={
            "portal": (8, 6, 11, 9, 14, 23, 12, 9, 8, 10, 13, 9),
            "wechat": (4, 3, 6, 5, 7, 11, 8, 6, 5, 5, 6, 5),
            "bulletin_board": (1, 0, 2, 0, 1, 3, 0, 0, 1, 2, 1, 1),
        },
        timeliness=timeliness(),
        set_aside=0,
    )


def bare() -> Dossier:
    """Return a dossier of which only the totals are known, and no last year."""
    edition = edition_for(2021)
    report = TownReport(
        town=TOWN,
        year=2021,
        edition="2021",
        cells=filled(edition, {}),
        facts={"disclosed_items": 24},
        sections=SECTIONS,
    )
    return Dossier(report, None, (report,), None, None, 0)


FOUND = (
    Finding(
        code="REGISTER-ROW",
        level="error",
        message="答复日期早于收到日期，这一行未计入。",
        place=Place(
            register="applications",
            file="applications.csv",
            row=7,
            column="replied_on",
            value="2023-01-02",
        ),
        basis="台账填写说明",
    ),
    Finding(
        code="T3-TOTAL",
        level="error",
        message="“予以公开”一行各列之和不等于总计。",
        cells=("t3.granted.natural_person", "t3.granted.total"),
        left=13,
        right=99,
        basis="国办公开办函〔2021〕30号",
    ),
    Finding(
        code="H-JUMP",
        level="info",
        message="“予以公开”比往年多得多，请核实。",
        cells=("t3.granted.total",),
    ),
    Finding(
        code="L-CONTENT",
        level="warning",
        message="没有写到责任追究。",
        place=Place(section="s1", sentence="工作考核、社会评议结果为良好。"),
    ),
)
"""Findings made by hand: of a row, of cells, of a text."""


def faulty() -> Dossier:
    """Return a dossier whose cells do not balance and whose registers have a bad row."""
    whole = dossier()
    cells = whole.report.cells.replace({"t3.granted.total": 99, "t4.reconsideration.upheld": None})
    return replace(whole, report=whole.report.with_(cells=cells, findings=FOUND), set_aside=1)
