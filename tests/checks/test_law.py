"""Law and sense where the case is milder, unknown or on the day."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from reportkit.checks import Context, check_report
from reportkit.checks.rules.history import is_jump
from reportkit.checks.rules.text import NOT_FILLED
from reportkit.finding import Finding
from reportkit.registers.derivation import narrative
from reportkit.report import Kind, Town
from tests.checks.conftest import Make, prose


def one(make: Make, code: str, *args: object, **fields: object) -> list[Finding]:
    context = fields.pop("context", None)
    assert context is None or isinstance(context, Context)
    report = make(*args, **fields)
    return [f for f in check_report(report, context=context) if f.code == code]


RULE = {"t2.regulations.made": 1, "t2.regulations.in_force": 1}


@pytest.mark.parametrize(
    ("kind", "level"),
    [
        ("town", "error"),
        ("subdistrict", "error"),
        ("department", "error"),
        ("county", "error"),
        ("city", None),
    ],
)
def test_who_may_make_rules(make: Make, kind: Kind, level: str | None) -> None:
    hits = one(make, "L-REGULATION", RULE, kind=kind)
    assert [h.level for h in hits] == ([level] if level else [])


def test_a_body_of_unknown_kind_gets_a_warning_on_rules(make: Make) -> None:
    report = make(RULE).with_(town=Town(id=None, name="高新区管委会"))
    (hit,) = [f for f in check_report(report) if f.code == "L-REGULATION"]
    assert hit.level == "warning"
    assert "类别不明" in hit.message
    named = report.with_(town=Town(id=None, name="桃李县云溪镇人民政府"))
    (hit,) = [f for f in check_report(named) if f.code == "L-REGULATION"]
    assert hit.level == "error"


@pytest.mark.parametrize(("year", "article"), [(2022, "第八十二条"), (2023, "第九十三条")])
def test_the_article_in_force_is_cited(make: Make, year: int, article: str) -> None:
    (hit,) = one(make, "L-REGULATION", RULE, year=year)
    assert article in hit.basis


@pytest.mark.parametrize(
    ("kind", "day", "level"),
    [
        ("department", date(2023, 1, 31), None),
        ("department", date(2023, 2, 1), "error"),
        ("county", date(2023, 3, 31), None),
        ("county", date(2023, 4, 1), "error"),
        ("town", date(2023, 1, 31), None),
        ("town", date(2023, 2, 1), "warning"),
        ("subdistrict", date(2023, 12, 8), "warning"),
    ],
)
def test_published_in_time(make: Make, kind: Kind, day: date, level: str | None) -> None:
    hits = one(make, "L-LATE", kind=kind, published_on=day)
    assert [h.level for h in hits] == ([level] if level else [])


@pytest.mark.parametrize(
    ("kind", "due", "day", "level"),
    [
        ("town", (2, 15), date(2023, 2, 10), None),
        ("town", (2, 15), date(2023, 2, 16), "warning"),
        ("department", (1, 20), date(2023, 1, 25), "warning"),
        ("department", (1, 20), date(2023, 2, 1), "error"),
    ],
)
def test_published_by_the_day_that_the_county_set(
    make: Make, kind: Kind, due: tuple[int, int], day: date, level: str | None
) -> None:
    """Its board tells the same day; what is late by the law as well is an error."""
    context = Context(deadlines={kind: due})
    hits = one(make, "L-LATE", kind=kind, published_on=day, context=context)
    assert [h.level for h in hits] == ([level] if level else [])


def test_nobody_says_what_is_delegated(make: Make) -> None:
    assert one(make, "L-DELEGATED", {"t2.licensing.decisions": 3}) == []


def test_suits_after_reconsideration_of_years_not_seen(make: Make) -> None:
    """With the years since 2019 it is a warning; with a gap nobody can tell."""
    suits = {
        "t4.litigation_after_reconsideration.upheld": 1,
        "t4.litigation_after_reconsideration.total": 1,
    }
    (hit,) = one(make, "L-AFTER", suits)
    assert hit.level == "info"
    past = tuple(
        make(edition="2019" if year < 2021 else "2021", year=year, sections={})
        for year in (2019, 2020, 2021)
    )
    (hit,) = one(make, "L-AFTER", suits, context=Context(history=past))
    assert hit.level == "warning"
    closed = past[0].with_(
        cells=past[0].cells.replace({"t4.reconsideration.upheld": 1, "t4.reconsideration.total": 1})
    )
    context = Context(history=(closed, *past[1:]))
    assert one(make, "L-AFTER", suits, context=context) == []


def test_decisions_that_the_prose_counts_as_items(make: Make) -> None:
    cells = dict.fromkeys(
        f"t2.penalties.{column}" for column in ("items_last_year", "items_change", "decisions")
    )
    said = "上年度行政处罚227项，本年减少27项，处理决定{}件。"
    hits = one(
        make, "L-DECISIONS", cells, edition="2019", sections=prose() | {"s6": said.format(200)}
    )
    assert [(h.left, h.right, h.place is not None) for h in hits] == [(200, 200, True)]
    other = one(
        make, "L-DECISIONS", cells, edition="2019", sections=prose() | {"s6": said.format(199)}
    )
    assert other == []


def test_what_the_registers_print_for_an_empty_section_is_no_text(make: Make) -> None:
    assert NOT_FILLED == narrative.NOT_FILLED
    report = make(sections=prose() | {"s5": NOT_FILLED, "s6": NOT_FILLED})
    assert {f.code for f in check_report(report)} == {"X-EMPTY", "X-SECTION"}


@pytest.mark.parametrize(
    ("now", "past", "jump"),
    [
        (140, [9, 12, 10, 11], True),
        (0, [200, 210, 190], True),
        (19, [9, 12, 10, 11], False),
        (30, [9, 12, 10, 11], True),
        (900, [3, 250, 700, 1200], False),
        (5, [0, 0, 0, 0], False),
    ],
)
def test_jumps(now: int, past: list[int], jump: bool) -> None:
    assert is_jump(now, past) is jump


def test_a_short_history_makes_no_jump(make: Make) -> None:
    past = tuple(
        make({"t2.penalties.decisions": 1}, year=year, edition="2021", sections={})
        for year in (2020, 2021)
    )
    context = Context(history=past)
    assert one(make, "H-JUMP", {"t2.penalties.decisions": 900}, context=context) == []


@pytest.mark.parametrize(
    ("charges", "fee", "found"),
    [
        ("0", "200", True),  # none at all is exact
        ("0.02", "250", False),  # 0.02 万元 may be as much as 250 yuan
        ("0.02", "250.01", True),
        ("3", "35000", False),
        ("3", "35000.5", True),
        ("5.84", "0", False),
        (None, "99999", False),
    ],
)
def test_handling_fees_are_part_of_the_charges(
    make: Make, charges: str | None, fee: str, found: bool
) -> None:
    cells: dict[str, object] = {
        "t2.charges.amount": charges,
        "t3.received.enterprise": 1,
        "t3.received.total": 1,
    }
    hits = one(make, "L-FEE", cells, facts={"fee_collected_yuan": Decimal(fee)})
    assert [(h.level, h.cells) for h in hits] == ([("warning", ("t2.charges.amount",))] * found)
    assert all("信息处理费是行政事业性收费" in h.message for h in hits)
    said = prose() | {"s6": f"本年度收取信息处理费{fee}元。"}
    assert bool(one(make, "L-FEE", cells, sections=said)) is found  # where the prose alone has it
