"""What one printed cell says: a number, its unit, a blank, a damaged number, or none of them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from reportkit.form import FormColumn, load_edition
from reportkit.form.table import CellType
from reportkit.published.tables.values import (
    BROKEN,
    OUTSIDE,
    Printed,
    is_blank,
    is_damaged,
    is_open,
    is_value,
    parse_printed,
    value_for,
)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0", 0),
        ("12", 12),
        (" 1 2 ", 12),
        ("１２", 12),
        ("1,234", 1234),
        ("1,234,567件", 1234567),
        ("12件", 12),
        ("12(件)", 12),
        ("3项", 3),
        ("4人次", 4),
        ("零", 0),
        ("〇", 0),
        ("零件", 0),
        ("?7", 7),
        ("123456789012345", 123456789012345),
        ("1234567890123456", None),  # longer than any cell's number: several run together
        ("01", None),
        ("00", None),
        ("0.5", Decimal("0.5")),
        ("12,34", None),
        ("1234,567", None),
        ("①", None),
        ("3②", None),
        ("约30", None),
        ("", None),
        ("无", None),
        ("规章", None),
        ("1 2 件 3", None),
    ],
)
def test_a_count(text: str, number: int | Decimal | None) -> None:
    found = parse_printed(text)
    assert found == (None if number is None else Printed(Decimal(number)))
    assert is_value(text) is (number is not None)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("5元", Printed(Decimal(5), money=True)),
        ("¥5", Printed(Decimal(5))),
        ("5千元", Printed(Decimal(5000), money=True)),
        ("189万元", Printed(Decimal(1_890_000), money=True)),
        ("1.5亿元", Printed(Decimal(150_000_000), money=True)),
        ("3万", Printed(Decimal(30_000), scaled=True)),
        ("2亿", Printed(Decimal(200_000_000), scaled=True)),
        ("零万元", Printed(Decimal(0))),
        ("-3", Printed(Decimal(-3), signed=True)),
        ("—3", Printed(Decimal(-3), signed=True)),
        ("+3", Printed(Decimal(3), signed=True)),
        ("增3", Printed(Decimal(3), signed=True)),
        ("净增加3", Printed(Decimal(3), signed=True)),
        ("减少3", Printed(Decimal(-3), signed=True)),
        ("净减3", Printed(Decimal(-3), signed=True)),
        ("-减3", None),
        ("+增3", None),
    ],
)
def test_an_amount_or_a_change(text: str, found: Printed | None) -> None:
    assert parse_printed(text) == found


@pytest.mark.parametrize(
    ("text", "blank"),
    [
        ("", True),
        ("  ", True),
        ("/", True),
        ("—", True),
        ("－－", True),
        ("无", True),
        ("不适用", True),
        ("N/A", True),
        ("NaN", True),
        ("0", False),
        ("无申请", False),
        ("a", False),
        (OUTSIDE, False),
        ("_", True),
    ],
)
def test_a_blank(text: str, blank: bool) -> None:
    assert is_blank(text) is blank


@pytest.mark.parametrize(
    ("text", "damaged"),
    [
        ("--253", True),
        ("约3", True),
        ("增加", True),
        ("持平", True),
        ("3余件", True),
        ("3%", True),
        ("01", True),
        (".5", True),
        (f"1{BROKEN}2", True),
        (f"{OUTSIDE}5", True),
        ("——253", True),
        ("12", False),
        ("-3", False),
        ("规章", False),
        ("", False),
        ("无", False),
    ],
)
def test_a_damaged_number(text: str, damaged: bool) -> None:
    assert is_damaged(text) is damaged


def column(kind: CellType, unit: str, label: str = "") -> FormColumn:
    return FormColumn("a", label, unit, kind)


COUNT, SIGNED = column("count", "件"), column("signed", "项")
WAN, YUAN = column("decimal", "万元", "金额（单位：万元）"), column("decimal", "元", "总金额")


@pytest.mark.parametrize(
    ("where", "text", "header", "value"),
    [
        (COUNT, "12", None, 12),
        (COUNT, "0", None, 0),
        (COUNT, "1.5", None, None),
        (COUNT, "2.0", None, 2),
        (COUNT, "-3", None, None),
        (COUNT, "+3", None, None),
        (COUNT, "3元", None, None),
        (COUNT, "3万", None, 30_000),
        (SIGNED, "-3", None, -3),
        (SIGNED, "+3", None, 3),
        (SIGNED, "3元", None, None),
        (SIGNED, "0.5", None, None),
        (WAN, "1.50", None, Decimal("1.5")),
        (WAN, "15000元", None, Decimal("1.5")),
        (WAN, "3万", None, Decimal(3)),
        (WAN, "15000", "元", Decimal("1.5")),
        (WAN, "1.5", "万元", Decimal("1.5")),
        (WAN, "-1", None, None),
        (WAN, "+1", None, None),
        (YUAN, "15000", None, Decimal(15000)),
        (YUAN, "1.5万元", None, Decimal(15000)),
        (YUAN, "1.5", "万元", Decimal(15000)),
        (YUAN, "0", "万元", Decimal(0)),
    ],
)
def test_the_value_in_the_unit_of_the_column(
    where: FormColumn, text: str, header: str | None, value: int | Decimal | None
) -> None:
    printed = parse_printed(text)
    assert printed is not None
    found = value_for(where, printed, header)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("where", "text", "header", "open_"),
    [
        (WAN, "99.99", None, False),
        (WAN, "100", None, True),
        (WAN, "100", "万元", False),
        (WAN, "100元", None, False),
        (WAN, "100万", None, False),
        (WAN, "0", None, False),
        (column("decimal", "万元", "金额"), "100", None, False),  # the page has lost no unit
        (YUAN, "12.34", None, False),
        (YUAN, "12.345", None, True),  # yuan have two decimals
        (YUAN, "1000", None, False),
        (YUAN, "12.345", "元", False),
        (COUNT, "1000", None, False),
    ],
)
def test_an_amount_whose_unit_nobody_tells(
    where: FormColumn, text: str, header: str | None, open_: bool
) -> None:
    printed = parse_printed(text)
    assert printed is not None
    assert is_open(where, printed, header) is open_


def test_the_forms_own_column_of_charges() -> None:
    charges = load_edition("2021").cell("t2.charges.amount").column
    printed = parse_printed("12345.67元")
    assert printed is not None
    assert value_for(charges, printed, None) == Decimal("1.234567")
