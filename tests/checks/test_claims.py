"""The prose's numbers: right, wrong, or nobody can tell."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import pytest

from reportkit.checks import Context, check_report
from reportkit.checks.rules.claims import judge
from reportkit.checks.rules.recomputed import same_percentage
from reportkit.finding import Finding
from reportkit.form import CellValue
from tests.checks.conftest import Make, prose


def said(
    make: Make, sentence: str, cells: Mapping[str, CellValue | str] | None = None, **fields: object
) -> list[Finding]:
    """Return what the claims' rules find in a section six of one sentence."""
    last = fields.pop("last", None)
    report = make(dict(cells or {}), sections=prose() | {"s6": sentence}, **fields)
    return [f for f in check_report(report, last) if f.code.startswith("C-")]  # type: ignore[arg-type]


def test_handling_fees_are_held_against_the_fact_and_not_the_charges(make: Make) -> None:
    facts = {"fee_collected_yuan": Decimal(200)}
    charges = {"t2.charges.amount": "5.84"}
    sentence = "依法收取信息处理费{}元。"
    assert said(make, sentence.format(200), charges, facts=facts) == []
    (hit,) = said(make, sentence.format(58400), charges, facts=facts)
    assert (hit.left, hit.right, hit.cells) == (58400, 200, ())
    (unknown,) = said(make, sentence.format(58400), charges)
    assert unknown.level == "info"


def test_chinese_numerals_and_every_mention(make: Make) -> None:
    cells = {"t2.normative_documents.made": 12, "t2.normative_documents.in_force": 12}
    assert said(make, "制发行政规范性文件十二件。", cells) == []
    hits = said(make, "制发行政规范性文件十二件。又制发行政规范性文件13件。", cells)
    assert [(h.left, h.right) for h in hits] == [(13, 12)]


def test_a_smaller_number_beside_the_right_one_is_a_part(make: Make) -> None:
    cells = {"t2.normative_documents.made": 12, "t2.normative_documents.in_force": 12}
    assert said(make, "制发行政规范性文件12件，清理后印发规范性文件3件。", cells) == []


def test_last_years_number_is_not_this_years(make: Make) -> None:
    cells = {"t2.normative_documents.made": 2, "t2.normative_documents.in_force": 2}
    assert said(make, "2022年制发行政规范性文件2件，2021年制发行政规范性文件5件。", cells) == []


def test_a_slip_of_the_year_is_held_against_the_tables(make: Make) -> None:
    """Where the prose has nothing on the report's own year, last year's sentence is an old text."""
    cells = {"t2.normative_documents.made": 2, "t2.normative_documents.in_force": 2}
    (hit,) = said(make, "2021年制发行政规范性文件5件。", cells)
    assert (hit.left, hit.right) == (5, 2)


def test_an_unknown_cell_gives_no_wrong_claim(make: Make) -> None:
    cells = {"t2.normative_documents.made": None}
    (hit,) = said(make, "制发行政规范性文件5件。", cells)
    assert (hit.code, hit.level) == ("C-VALUE", "info")
    report = make(dict(cells or {}), sections={"s1": "制发行政规范性文件5件。"})
    assert [each.verdict for each in judge(report, Context())] == ["unknown"]


@pytest.mark.parametrize(
    ("sentence", "wrong"),
    [
        ("制发行政规范性文件9件，比上年增加1件。", False),
        ("制发行政规范性文件9件，比上年增加2件。", True),
        ("制发行政规范性文件9件，比上年减少1件。", True),
        ("制发行政规范性文件9件，同比增长12.5%。", False),
        ("制发行政规范性文件9件，同比增长12%。", False),
        ("制发行政规范性文件9件，同比增长20%。", True),
        ("制发行政规范性文件9件，同比下降12.5%。", True),
        ("制发行政规范性文件9件，与上年持平。", True),
    ],
)
def test_comparisons_are_recomputed(make: Make, sentence: str, wrong: bool) -> None:
    now = {"t2.normative_documents.made": 9, "t2.normative_documents.in_force": 17}
    last = make(
        {"t2.normative_documents.made": 8, "t2.normative_documents.in_force": 8},
        year=2021,
        sections={},
    )
    hits = said(make, sentence, now, last=last)
    assert [h.code for h in hits] == (["C-CHANGE"] if wrong else [])
    assert said(make, sentence, now) == []  # without last year nobody can tell


def test_same_as_last_year_where_it_is(make: Make) -> None:
    cells = {"t2.normative_documents.made": 8, "t2.normative_documents.in_force": 16}
    last = make(
        {"t2.normative_documents.made": 8, "t2.normative_documents.in_force": 8},
        year=2021,
        sections={},
    )
    assert said(make, "制发行政规范性文件8件，与上年持平。", cells, last=last) == []


def test_growth_of_nothing_has_no_percentage(make: Make) -> None:
    now = {"t2.normative_documents.made": 3, "t2.normative_documents.in_force": 3}
    last = make(year=2021, sections={})
    (hit,) = said(make, "制发行政规范性文件3件，同比增长100%。", now, last=last)
    assert "上年为 0" in hit.message


@pytest.mark.parametrize(
    ("sentence", "codes"),
    [
        ("张贴公告86件，其中政策16件，占19%，通知70件，占81%。", []),
        ("张贴公告86件，其中政策16件，占18%，通知70件，占81.4%。", []),  # cut off, not rounded
        ("张贴公告86件，其中政策16件，占17%，通知70件。", ["C-PERCENT"]),
        ("张贴公告86件，其中政策16件，通知80件。", ["C-PARTS"]),
        ("张贴公告86件，其中政策16件，通知60件。", []),
        ("张贴公告86件，其中政策16件，其他60件。", ["C-PARTS"]),
        ("张贴公告约86件，其中政策16件，其他60件。", []),
    ],
)
def test_parts_and_shares(make: Make, sentence: str, codes: list[str]) -> None:
    assert [h.code for h in said(make, sentence)] == codes


@pytest.mark.parametrize(
    ("printed", "exact", "same"),
    [
        (Decimal("12.5"), "12.5", True),
        (Decimal("33.3"), "33.333", True),
        (67, "66.666", True),
        (66, "66.666", True),
        (65, "66.666", False),
        (Decimal("0.1"), "0.03", True),
        (0, "0.03", True),
        (100, "99.4", False),
    ],
)
def test_rounding(printed: Decimal, exact: str, same: bool) -> None:
    assert same_percentage(printed, Decimal(exact)) is same
