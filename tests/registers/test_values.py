"""What cells of real registers hold, and what is made of it."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportkit.registers.reading.values import (
    folded_text,
    parse_amount,
    parse_bool,
    parse_count,
    parse_date,
    parse_signed,
    parse_year_cell,
)
from reportkit.registers.schema import REGISTERS, codes_of
from reportkit.registers.spelling import find_register, parse_code

DAY = date(2021, 3, 5)


@pytest.mark.parametrize(
    "written",
    [
        "2021-03-05",
        "2021-3-5",
        "2021/3/5",
        "2021.3.5",
        "2021年3月5日",
        "２０２１年３月５日",
        "20210305",
        20210305,
        44260,
        44260.0,
        "44260",
        " 2021-03-05 ",
        "2021-03-05 00:00:00",
        "2021-03-05T13:45:00+08:00",
        DAY,
        datetime(2021, 3, 5, 13, 45),  # noqa: DTZ001 - as spreadsheets have it
        pd.Timestamp("2021-03-05"),
    ],
)
def test_a_date_is_read_as_people_write_it(written: object) -> None:
    assert parse_date(written) == DAY


@pytest.mark.parametrize(
    "written",
    [
        "2021-02-30",
        "2021-13-01",
        "三月五日",
        "2021",
        "12.5",
        "20211301",
        "0001-01-01",
        "2999-01-01",
    ],
)
def test_an_impossible_date_is_refused_with_the_reason(written: str) -> None:
    with pytest.raises(ValueError, match=r"没有这一天|不是日期|年份不在"):
        parse_date(written)


@pytest.mark.parametrize("blank", [None, "", "  ", "\u3000", float("nan"), pd.NaT])
def test_a_blank_is_nothing(blank: object) -> None:
    assert parse_date(blank) is None
    assert parse_amount(blank) is None if blank is not pd.NaT else True
    assert folded_text(None if blank is pd.NaT else blank) is None


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        ("12.35", "12.35"),
        (12.35, "12.35"),
        (0.1 + 0.2, "0.3"),
        ("1,234,567.80", "1234567.8"),
        ("１２．３５元", "12.35"),
        ("¥ 100", "100"),
        ("0.000001", "0.000001"),
        (Decimal("3.10"), "3.1"),
        (7, "7"),
        ("-0", "0"),
        ("1e3", "1000"),
    ],
)
def test_an_amount_is_exact(written: object, amount: str) -> None:
    assert str(parse_amount(written)) == amount


@pytest.mark.parametrize(
    "written",
    [
        "-1",
        "abc",
        "1.1234567",
        "NaN",
        "inf",
        "1e15",
        "1,23",
        "12_35",
        "1e999999999",
        "1e-999999999",
        "10元5角",
    ],
)
def test_no_amount_is_made_of_what_is_none(written: str) -> None:
    with pytest.raises(ValueError, match=r"金额|小数"):
        parse_amount(written)


@given(st.decimals(0, 10**14, places=6))
def test_any_amount_survives(amount: Decimal) -> None:
    assert parse_amount(str(amount)) == amount
    assert parse_amount(f"{amount:,}元") == amount


@pytest.mark.parametrize(
    ("parse", "written", "value"),
    [
        (parse_count, "1,031", 1031),
        (parse_count, 24.0, 24),
        (parse_count, "２４", 24),
        (parse_signed, "-3", -3),
        (parse_signed, "+3", 3),
        (parse_year_cell, "2021年", 2021),
        (parse_year_cell, 2021.0, 2021),
        (parse_bool, "是", True),
        (parse_bool, "否", False),
        (parse_bool, True, True),
        (parse_bool, 0, False),
        (parse_bool, np.False_, False),
    ],
)
def test_numbers_years_and_yes_or_no(parse: Any, written: object, value: object) -> None:
    assert parse(written) == value


@pytest.mark.parametrize(
    ("parse", "written"),
    [
        (parse_count, "-1"),
        (parse_count, "1.5"),
        (parse_count, "两次"),
        (parse_count, "9" * 16),
        (parse_signed, "1.5"),
        (parse_year_cell, "21"),
        (parse_year_cell, "3021"),
        (parse_bool, "也许"),
    ],
)
def test_what_is_none_is_refused(parse: Any, written: object) -> None:
    with pytest.raises(ValueError, match=r"不|请"):
        parse(written)


CODED = [
    (register.name, column.name)
    for register in REGISTERS.values()
    for column in register.columns
    if column.type in ("code", "codes")
]


@pytest.mark.parametrize(("register", "column"), CODED)
def test_every_code_and_its_label_are_accepted(register: str, column: str) -> None:
    for code, label in codes_of(register, column).items():
        assert parse_code(register, column, code) == code
        assert parse_code(register, column, f" {label} ") == code
        assert parse_code(register, column, "没有这一项") is None


@pytest.mark.parametrize(
    ("register", "column", "written", "code"),
    [
        ("applications", "outcome", "予以公开", "granted"),
        ("applications", "outcome", "（一）予以公开", "granted"),
        ("applications", "outcome", "(一) 予以公开", "granted"),
        ("applications", "outcome", "部分公开", "granted_in_part"),
        ("applications", "outcome", "1.属于国家秘密", "refused.state_secret"),
        ("applications", "outcome", "属于国家秘密", "refused.state_secret"),
        ("applications", "outcome", '危及"三安全一稳定"', "refused.public_safety"),
        ("applications", "outcome", "其他处理", "other"),
        # 其他 means what its column means by it.
        ("applications", "outcome", "其他", "other.other"),
        ("applications", "applicant_type", "其他", "other_organisation"),
        ("applications", "channel", "其他", "other"),
        ("disclosures", "channel", "其他", "other"),
        ("documents", "kind", "规范性文件", "normative_documents"),
        ("disputes", "result", "其他结果", "other"),
        ("proposals", "kind", "政协提案", "cppcc"),
    ],
)
def test_labels_with_and_without_numbers(
    register: str, column: str, written: str, code: str
) -> None:
    assert parse_code(register, column, written) == code


def test_registers_are_found_by_either_name() -> None:
    for register in REGISTERS.values():
        assert find_register(register.name) is register
        assert find_register(register.heading) is register
    assert find_register("别的表") is None
