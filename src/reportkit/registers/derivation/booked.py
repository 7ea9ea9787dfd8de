"""The handling fee (信息处理费) as the administrative charge (行政事业性收费) that it is.

Source: 国办函〔2020〕109号 and the provincial finance notices of 2021: the fee is booked as an
administrative charge under a budget line of its own. So each fee paid stands in the register of charges
too, beside its place in the register of applications, and is part of table two's amount of charges.
"""

from __future__ import annotations

from decimal import Decimal

import numpy as np

from reportkit.finding import Finding, Place
from reportkit.form import plain, total
from reportkit.registers.data import TownData
from reportkit.registers.derivation.tariff import BASIS
from reportkit.registers.rows import Rows

NAME = "信息处理费"
"""What a charge's item holds where it is a handling fee."""


def booked_findings(data: TownData, year: int) -> tuple[Finding, ...]:
    """Warn where the handling fees among the charges of a year are less than the fees paid in it.

    Silent where one of the two registers is not known in the year, or an amount is blank.
    """
    if not (data.covers("applications", year) and data.covers("charges", year)):
        return ()
    charges = data.rows("charges", year)
    named = [item is not None and NAME in str(item) for item in charges.values("item")]
    booked = _sum(charges.where(np.array(named, dtype=bool)), "amount_yuan", "collected_on", year)
    paid = _sum(data.rows("applications", year), "fee_yuan", "fee_paid_on", year)
    if paid is None or booked is None or booked >= paid:
        return ()
    return (
        Finding(
            code="FEE-CHARGES",
            level="warning",
            message=(
                f"依申请公开台账{year}年收到信息处理费{plain(paid)}元，行政事业性收费台账中收费项目为“{NAME}”的"
                f"只有{plain(booked)}元。信息处理费是行政事业性收费，请在行政事业性收费台账补登，"
                "收费日期填缴费日期；已经退还的，请在依申请公开台账更正。"
            ),
            left=booked,
            right=paid,
            basis=f"{BASIS}（信息处理费按行政事业性收费管理）",
            place=Place(register="charges"),
        ),
    )


def _sum(rows: Rows, amount: str, dated: str, year: int) -> Decimal | None:
    """Return what a year's rows come to, ``None`` where an amount is blank."""
    years = rows.days(dated).astype("datetime64[Y]")
    value = total(rows.values(amount)[years == np.datetime64(f"{year}", "Y")])
    return None if value is None else Decimal(value)
