"""Handling fees against an oracle that counts item by item and page by page."""

from __future__ import annotations

import itertools
import random
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportkit.errors import CallError
from reportkit.finding import Place
from reportkit.registers.data import TownData, empty_frame
from reportkit.registers.derivation.fee_explained import UNKNOWN
from reportkit.registers.derivation.fees import explain_fee, fee_findings, fees
from reportkit.registers.derivation.tariff import (
    FeeStep,
    item_fee,
    item_steps,
    page_fee,
    page_steps,
    total_yuan,
)
from reportkit.report import Town

DATES = ("received_on", "replied_on", "fee_notified_on", "fee_paid_on")
Application = dict[str, Any]


def frame(*applications: Application) -> pd.DataFrame:
    """Return applications as the cleaned register has them, only with the columns that occur."""
    numbered = [{"application_no": str(i)} | a for i, a in enumerate(applications, start=1)]
    columns: dict[str, Any] = {}
    for name in dict.fromkeys(itertools.chain.from_iterable(numbered)):
        values: list[Any] = [application.get(name) for application in numbered]
        if name in DATES:
            columns[name] = pd.to_datetime(pd.Series(values, dtype=object)).astype("datetime64[s]")
        elif name in ("pages", "row"):
            columns[name] = pd.array(values, dtype="Int64")
        else:
            columns[name] = pd.Series(values, dtype=object)
    return pd.DataFrame(columns)


def month(count: int, **more: Any) -> list[Application]:
    """Return so many applications of one applicant in March 2024."""
    one = {"received_on": date(2024, 3, 5), "applicant_key": "甲", "fee_basis": "per_item"}
    return [one | more for _ in range(count)]


def money(frame: pd.DataFrame) -> list[Decimal | None]:
    return list(frame["due_yuan"])


# -- the tariff ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("nth", "yuan"),
    [(1, 0), (10, 0), (11, 100), (30, 100), (31, 200), (40, 200), (41, 300), (50, 300), (51, 400)],
)
def test_the_laws_steps_per_item(nth: int, yuan: int) -> None:
    assert item_fee(nth) == Decimal(yuan)
    assert isinstance(item_fee(nth), Decimal)


@pytest.mark.parametrize(
    ("pages", "yuan"),
    [
        (0, 0),
        (1, 0),
        (30, 0),
        (31, 10),
        (100, 700),
        (101, 720),
        (200, 2700),
        (201, 2740),
        (1000, 34700),
    ],
)
def test_the_laws_steps_per_page(pages: int, yuan: int) -> None:
    assert page_fee(pages) == Decimal(yuan)


def rate_of_page(page: int) -> int:
    if page <= 30:
        return 0
    if page <= 100:
        return 10
    return 20 if page <= 200 else 40


@given(st.integers(1, 400))
def test_fees_are_as_counted_one_by_one(number: int) -> None:
    assert page_fee(number) == sum(rate_of_page(page) for page in range(1, number + 1))
    rate, step_ends = 0, 10
    for nth in range(1, number + 1):
        if nth > step_ends:
            rate += 100
            step_ends = 30 if step_ends == 10 else step_ends + 10
    assert item_fee(number) == rate


@given(st.integers(0, 10**30))
def test_steps_cover_every_page_once(pages: int) -> None:
    steps = page_steps(pages)
    assert sum(step.units for step in steps) == pages
    for step, after in itertools.pairwise(steps):
        assert step.last is not None
        assert after.first == step.last + 1
        assert step.units == step.last - step.first + 1


@pytest.mark.parametrize("nth", [0, -1])
def test_positions_count_from_one(nth: int) -> None:
    with pytest.raises(ValueError, match=str(nth)) as caught:
        item_steps(nth)
    assert str(caught.value) == f"positions in a month count from 1, not {nth}"


def test_pages_are_not_negative() -> None:
    with pytest.raises(ValueError, match="-1") as caught:
        page_steps(-1)
    assert str(caught.value) == "a number of pages is not negative: -1"


# -- every application -----------------------------------------------------------------------


@st.composite
def drawn_registers(draw: st.DrawFn) -> list[Application]:
    """Draw a register in which a few applicants hand in many applications in few months."""
    shuffled = random.Random(draw(st.integers(0, 1 << 32)))
    size = draw(st.integers(1, 90))
    keys = ["甲", "乙"] + [None] * draw(st.integers(0, 1))
    rows = []
    for number in range(size):
        row: Application = {
            "application_no": f"〔2021〕{number}号",
            "received_on": date(2020, 12, 20) + timedelta(days=shuffled.randrange(60)),
            "applicant_key": shuffled.choices(keys, [60, 30, 3][: len(keys)])[0],
            "fee_basis": shuffled.choices(["per_item", "per_page", None], [8, 2, 1])[0],
            "pages": shuffled.choice([None, 0, 30, 31, 250]),
            "town": shuffled.choices(["a-town", "b-town"], [9, 1])[0],
            "fee_yuan": shuffled.choice([None, Decimal(0), Decimal(100), Decimal("250.50")]),
            "fee_paid_on": shuffled.choice([None, date(2021, 3, 1), date(2022, 3, 1)]),
        }
        rows.append(row)
    shuffled.shuffle(rows)
    return rows


def oracle(rows: list[Application], row: Application) -> Decimal | None:
    """Compute one fee by comparing the application with every other one."""

    def order(other: Application) -> tuple[date, int]:
        return other["received_on"], int(other["application_no"].split("〕")[1][:-1])

    if row["received_on"] < date(2021, 1, 1):
        return None
    if row["fee_basis"] == "per_page":
        return None if row["pages"] is None else page_fee(row["pages"])
    if row["fee_basis"] is None or row["applicant_key"] is None:
        return None
    before = [
        other
        for other in rows
        if other["town"] == row["town"]
        and (other["received_on"].year, other["received_on"].month)
        == (row["received_on"].year, row["received_on"].month)
        and order(other) <= order(row)
    ]
    least = sum(other["applicant_key"] == row["applicant_key"] for other in before)
    most = least + sum(other["applicant_key"] is None for other in before)
    return item_fee(least) if item_fee(least) == item_fee(most) else None


@given(drawn_registers())
def test_every_fee_is_as_by_comparing_each_with_all(rows: list[Application]) -> None:
    found = fees(frame(*rows))
    assert money(found) == [oracle(rows, row) for row in rows]
    assert [u is None for u in found["unknown"]] == [due is not None for due in money(found)]
    assert set(found["unknown"].dropna()) <= set(UNKNOWN)


@given(drawn_registers(), st.sampled_from([2021, 2022]))
def test_what_was_charged_too_much_is_found(rows: list[Application], year: int) -> None:
    rows = [row | {"town": "a-town"} for row in rows]
    over = {}
    unchecked = set()
    for row in rows:
        paid, charged = row["fee_paid_on"], row["fee_yuan"]
        if paid is None or paid.year != year or not charged:
            continue
        due = oracle(rows, row)
        if due is None and row["received_on"] >= date(2021, 1, 1):
            unchecked.add(row["application_no"])
        if due is not None and charged > due:
            over[row["application_no"]] = (charged, due)
    findings = [f for f in fee_findings(frame(*rows), year) if f.code == "FEE-OVERCHARGED"]
    found = {f.message.split("登记")[0].removeprefix("申请"): (f.left, f.right) for f in findings}
    assert found == over
    others = [f for f in fee_findings(frame(*rows), year) if f.code != "FEE-OVERCHARGED"]
    assert [f.code for f in others] == ["FEE-UNCHECKED"] * bool(unchecked)
    for finding in others:
        assert f"有{len(unchecked)}件" in finding.message


@given(drawn_registers())
def test_next_years_work_never_changes_last_years_findings(rows: list[Application]) -> None:
    blank = empty_frame("applications")
    whole = frame(*rows).reindex(columns=blank.columns).astype(blank.dtypes.to_dict())
    data = TownData(Town(id="a-town", name="甲镇"), None, {"applications": whole})
    cut = data.as_of(2021).frame("applications")
    assert fee_findings(cut, 2021) == fee_findings(whole, 2021)


def test_a_months_applications_are_counted_by_day_then_number() -> None:
    rows = month(12)
    rows[11] |= {"received_on": date(2024, 3, 1)}  # number 12 came first
    found = fees(frame(*rows))
    assert list(found["position"]) == [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 1]
    assert money(found) == [*[Decimal(0)] * 9, Decimal(100), Decimal(100), Decimal(0)]


def test_another_month_another_applicant_another_town_count_anew() -> None:
    rows = [row | {"town": "a-town"} for row in month(10)]
    more: list[Application] = [
        {"received_on": date(2024, 4, 1)},
        {"applicant_key": "乙"},
        {"town": "b-town"},
        {},
    ]
    found = fees(frame(*rows, *[rows[0] | change for change in more]))
    assert list(found["position"])[10:] == [1, 1, 1, 11]


def test_earlier_years_get_no_statement() -> None:
    rows = month(12, received_on=date(2020, 12, 31), fee_yuan=Decimal(500))
    paid = [row | {"fee_paid_on": date(2021, 2, 1)} for row in rows]
    found = fees(frame(*paid))
    assert set(found["unknown"]) == {"before_2021"}
    assert money(found) == [None] * 12
    assert fee_findings(frame(*paid), 2021) == ()


def test_unknown_is_said_with_its_reason() -> None:
    rows = [
        *month(1, applicant_key=None),
        *month(1, fee_basis=None),
        *month(1, fee_basis="per_page"),
        *month(1),
    ]
    found = fees(frame(*rows))
    assert list(found["unknown"]) == ["no_applicant", "no_basis", "no_pages", None]
    assert money(found) == [None, None, None, Decimal(0)]
    charged = [row | {"fee_yuan": Decimal(9), "fee_paid_on": date(2024, 4, 1)} for row in rows[:3]]
    (finding,) = fee_findings(frame(*charged), 2024)
    assert (finding.code, finding.level) == ("FEE-UNCHECKED", "info")
    for words, number in (("申请人代码", 1), ("收费方式", 2), ("页数", 3)):
        assert words in finding.message
        assert f"（{number}）" in finding.message


def test_an_application_without_a_key_makes_only_doubtful_places_unknown() -> None:
    rows = [*month(1, applicant_key=None), *month(30)]
    found = fees(frame(*rows))
    unknown = [i for i, why in enumerate(found["unknown"]) if why == "other_applicants"]
    assert unknown == [10, 30]  # the tenth may be the eleventh, the thirtieth the thirty-first
    assert money(found)[9] == Decimal(0)
    assert money(found)[11] == Decimal(100)


@pytest.mark.parametrize("missing", ["applicant_key", "fee_basis", "pages", "fee_yuan"])
def test_a_missing_column_is_a_blank_one(missing: str) -> None:
    paid = date(2024, 4, 1)
    rows = frame(*month(2, fee_basis="per_page", pages=40, fee_yuan=Decimal(1), fee_paid_on=paid))
    blank = rows.assign(**{missing: pd.Series([None, None], dtype=object)})
    rows = rows.drop(columns=missing)
    assert fees(rows).equals(fees(blank))
    assert fee_findings(rows, 2024) == fee_findings(blank, 2024)
    assert bool(fee_findings(rows, 2024)) == (missing in {"fee_basis", "pages"})


def test_no_applications_at_all() -> None:
    for nothing in (empty_frame("applications"), frame(*month(1)).iloc[:0]):
        assert fees(nothing).empty
        assert fee_findings(nothing, 2024) == ()


# -- findings --------------------------------------------------------------------------------


def test_an_overcharge_names_the_place_the_sums_and_the_way_out() -> None:
    rows = month(11, replied_on=date(2024, 4, 1), file="台账.xlsx", sheet="依申请公开台账")
    rows = [row | {"row": i} for i, row in enumerate(rows, start=2)]
    rows[9] |= {"fee_yuan": Decimal("0.01"), "application_no": "10电话13800138000"}
    rows[10] |= {"fee_yuan": Decimal(100)}
    (finding,) = fee_findings(frame(*rows), 2024)
    assert (finding.code, finding.level) == ("FEE-OVERCHARGED", "error")
    assert finding.basis == "国办函〔2020〕109号"
    assert (finding.left, finding.right) == (Decimal("0.01"), Decimal(0))
    assert finding.place is not None
    assert (finding.place.file, finding.place.sheet) == ("台账.xlsx", "依申请公开台账")
    assert (finding.place.row, finding.place.column) == (11, "fee_yuan")
    for words in ("收取信息处理费0.01元", "应收0元", "多收0.01元", "退还", "［手机号］"):
        assert words in finding.message
    assert "13800138000" not in repr(finding)
    assert fee_findings(frame(*rows), 2023) == ()


@pytest.mark.parametrize(
    ("changes", "how"),
    [
        ({}, "按件计收（同一申请人当月第1件）应收0元，多收7.5元"),
        ({"fee_basis": "per_page", "pages": 29}, "按量计收（共29页）应收0元，多收7.5元"),
    ],
)
def test_an_overcharge_says_how_the_fee_comes_about(changes: Application, how: str) -> None:
    charged = {"fee_yuan": Decimal("7.50"), "fee_paid_on": date(2024, 4, 1)}
    (finding,) = fee_findings(frame(*month(1, **charged, **changes)), 2024)
    assert finding.message == (
        f"申请1登记收取信息处理费7.5元，{how}。"
        "请核对收费方式、页数、申请人代码和金额；确属多收的，应当退还并更正登记。"
    )
    assert finding.place == Place(register="applications", column="fee_yuan")


@pytest.mark.parametrize(
    ("dates", "year"),
    [
        ({"fee_paid_on": date(2025, 1, 5), "fee_notified_on": date(2024, 12, 30)}, 2025),
        ({"fee_notified_on": date(2024, 12, 30), "replied_on": date(2025, 1, 9)}, 2024),
        ({"replied_on": date(2025, 1, 9)}, 2025),
    ],
)
def test_a_fee_counts_in_one_year(dates: dict[str, date], year: int) -> None:
    rows = frame(*month(1, fee_yuan=Decimal(5), **dates))
    assert [y for y in (2023, 2024, 2025, 2026) if fee_findings(rows, y)] == [year]


# -- one application explained ---------------------------------------------------------------


def test_the_computation_per_item_line_by_line() -> None:
    rows = month(35, fee_yuan=Decimal("250.5"))
    explained = explain_fee(frame(*rows), "33")
    assert explained.overcharged_yuan == Decimal("50.5")
    assert explained.lines == (
        "申请编号：33（2024年3月5日收到）",
        "收费方式：按件计收（国办函〔2020〕109号）",
        "同一申请人2024年3月第33件申请",
        "第31至40件：1件×200元＝200元",
        "应收：200元",
        "登记收取：250.5元",
        "多收：50.5元",
    )


def test_the_computation_per_page_line_by_line() -> None:
    rows = month(1, fee_basis="per_page", pages=205)
    explained = explain_fee(frame(*rows), "1")
    assert explained.overcharged_yuan is None
    assert explained.lines[2:] == (
        "第1至30页：30页×0元＝0元",
        "第31至100页：70页×10元＝700元",
        "第101至200页：100页×20元＝2000元",
        "第201页起：5页×40元＝200元",
        "应收：2900元",
        "登记收取：无",
    )


def test_a_fee_that_cannot_be_computed_says_why() -> None:
    explained = explain_fee(frame(*month(1, applicant_key=None)), "1")
    assert explained.due_yuan is None
    assert explained.steps == ()
    assert f"应收：无法计算（{UNKNOWN['no_applicant']}）" in explained.lines


def test_a_fee_by_pages_needs_no_day_of_receipt() -> None:
    rows = frame({"received_on": None, "fee_basis": "per_page", "pages": 31})
    assert explain_fee(rows, "1").lines == (
        "申请编号：1",
        "收费方式：按量计收（国办函〔2020〕109号）",
        "第1至30页：30页×0元＝0元",
        "第31至100页：1页×10元＝10元",
        "应收：10元",
        "登记收取：无",
    )


def test_the_frame_of_fees_has_a_line_an_application_and_its_index() -> None:
    rows = frame(
        *month(1, town="b-town", fee_yuan=Decimal("7.50")),
        *month(1, town="b-town", fee_basis=None),
    )
    rows.index = pd.Index([7, 3])
    found = fees(rows)
    assert found.index.equals(rows.index)
    assert found["position"].dtype == "Int64"
    assert found["position"].tolist() == [1, 2]
    assert found.drop(columns="position").to_dict("list") == {
        "town": ["b-town", "b-town"],
        "application_no": ["1", "2"],
        "basis": ["per_item", None],
        "due_yuan": [Decimal(0), None],
        "charged_yuan": [Decimal("7.50"), None],
        "unknown": [None, "no_basis"],
    }
    assert "town" not in fees(frame(*month(1)))
    assert fees(frame(*month(1, applicant_key=None)))["position"].dtype == "Int64"


def test_what_cannot_be_checked_is_one_finding_with_every_reason() -> None:
    rows = [*month(1, applicant_key=None), *month(1, fee_basis=None), *month(1, fee_basis=None)]
    paid = [row | {"fee_yuan": Decimal(9), "fee_paid_on": date(2024, 4, 1)} for row in rows]
    (finding,) = fee_findings(frame(*paid), 2024)
    assert finding.message == (
        "有3件申请登记了信息处理费，但无法核对："
        f"{UNKNOWN['no_applicant']}（1）；{UNKNOWN['no_basis']}（2、3）。请补登后重新核对。"
    )
    assert finding.basis == "国办函〔2020〕109号"
    assert finding.place == Place(register="applications", column="fee_yuan")
    nothing = [row | {"fee_yuan": Decimal(0), "fee_paid_on": date(2024, 4, 1)} for row in rows]
    assert fee_findings(frame(*nothing), 2024) == ()


def test_an_application_is_found_by_number_and_town() -> None:
    rows = frame(
        *month(1, application_no="7", town="a-town", pages=1),
        *month(1, application_no="8", town="b-town"),
        *month(1, application_no="7", town="b-town", pages=2),
    )
    assert explain_fee(rows, "7", "b-town").pages == 2
    assert explain_fee(frame(*month(1, fee_basis=None)), "1").basis is None
    assert explain_fee(rows, "8").position == 2  # behind the other one of b-town
    for number, town, said in (
        ("9", None, "the register holds no application 9"),
        ("9", "a-town", "the register of a-town holds no application 9"),
        ("8", "a-town", "the register of a-town holds no application 8"),
        ("7", None, "2 applications have the number 7: give the town"),
    ):
        with pytest.raises(CallError, match=f"^{said}$"):
            explain_fee(rows, number, town)


def test_an_unknown_application_and_a_doubtful_one_are_refused() -> None:
    two = month(2, application_no="7")
    rows = frame(two[0] | {"town": "a-town"}, two[1] | {"town": "b-town"})
    with pytest.raises(CallError, match="holds no application 8"):
        explain_fee(rows, "8")
    with pytest.raises(CallError, match="give the town"):
        explain_fee(rows, "7")
    assert explain_fee(rows, "7", "b-town").position == 1
    with pytest.raises(CallError, match="［手机号］"):
        explain_fee(rows, "13800138000")


@pytest.mark.parametrize(
    ("nth", "step"),
    [
        (1, FeeStep(1, 10, 1, 0)),
        (10, FeeStep(1, 10, 1, 0)),
        (11, FeeStep(11, 30, 1, 100)),
        (30, FeeStep(11, 30, 1, 100)),
        (31, FeeStep(31, 40, 1, 200)),
        (40, FeeStep(31, 40, 1, 200)),
        (41, FeeStep(41, 50, 1, 300)),
        (55, FeeStep(51, 60, 1, 400)),
    ],
)
def test_a_step_tells_its_whole_range(nth: int, step: FeeStep) -> None:
    assert item_steps(nth) == (step,)


def test_no_steps_are_an_exact_nothing() -> None:
    assert isinstance(total_yuan(()), Decimal)
