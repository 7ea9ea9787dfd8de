"""Handling fees stand among the charges, too: what is told where they do not."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from reportkit.finding import Place
from reportkit.form import plain
from reportkit.registers.derivation.booked import booked_findings
from reportkit.registers.reading.folder import Folder
from reportkit.registers.sample import FOLDER
from tests.registers.built import built
from tests.registers.readers import report_of

TOWNS = "town,name,county,kind\nyunxi,云溪镇,示例县,镇\n"
COVERAGE = "town,register,from_year\n"
APPLICATIONS = (
    "application_no,received_on,applicant_type,fee_paid_on,fee_yuan\n"
    "A1,2023-01-05,自然人,2023-02-01,100.5\nA2,2022-12-05,自然人,2023-01-04,{}\n"
    "A3,2022-11-05,自然人,2022-12-30,900\n"
)


@pytest.mark.parametrize(
    ("second", "charges", "kept", "found"),
    [
        ("40", "P1,政府信息公开信息处理费,2023-02-01,140.5\n", "charges", False),
        ("40", "P1,信息处理费,2023-02-01,100.5\nP2,公墓管理费,2023-03-01,900\n", "charges", True),
        ("40", "P1,信息处理费,2023-02-01,140.4\n", "charges", True),
        ("40", "P1,信息处理费,2022-02-01,140.5\n", "charges", True),
        ("40", "", "charges", True),
        ("40", "P1,,2023-02-01,140.5\n", "charges", True),
        ("40", "P1,信息处理费,2023-02-01,\n", "charges", False),  # an amount is unknown
        ("", "P1,信息处理费,2023-02-01,1\n", "charges", False),
        ("40", "P1,信息处理费,2023-02-01,1\n", "decisions", False),  # charges are not kept
    ],
)
def test_fees_paid_are_held_against_the_charges_of_that_name(
    tmp_path: Path, second: str, charges: str, kept: str, *, found: bool
) -> None:
    texts = {
        "towns": TOWNS,
        "coverage": f"{COVERAGE}yunxi,applications,2019\nyunxi,{kept},2019\n",
        "applications": APPLICATIONS.format(second),
        "charges": f"receipt_no,item,collected_on,amount_yuan\n{charges}",
        "decisions": "decision_no,kind,decided_on\n",
    }
    for name, text in texts.items():
        (tmp_path / f"{name}.csv").write_text(text, "utf-8")
    report = report_of(Folder(tmp_path).town("yunxi"), 2023)
    hits = [f for f in report.findings if f.code == "FEE-CHARGES"]
    assert [f.level for f in hits] == ["warning"] * found
    for finding in hits:
        assert "140.5元" in finding.message
        assert "109号" in finding.basis


def test_every_fee_of_the_sample_county_is_charged() -> None:
    fees = pq.read_table(FOLDER / "applications.parquet")
    paid = {
        (town, number): yuan
        for town, number, day, yuan in zip(
            *(fees[c].to_pylist() for c in ("town", "application_no", "fee_paid_on", "fee_yuan")),
            strict=True,
        )
        if day is not None and 2021 <= day.year <= 2024
    }
    charges = pq.read_table(FOLDER / "charges.parquet")
    charges = charges.filter(pc.equal(charges["item"], "信息处理费"))
    booked = {
        (town, number.removeprefix("信")): yuan
        for town, number, yuan in zip(
            *(charges[c].to_pylist() for c in ("town", "receipt_no", "amount_yuan")), strict=True
        )
    }
    known = {key: yuan for key, yuan in paid.items() if key in booked}
    assert len(booked) >= 20
    assert booked == known


def _fee(day: str, yuan: str | None) -> dict[str, object]:
    amount = None if yuan is None else Decimal(yuan)
    kind = "natural_person"
    return {
        "received_on": "2022-01-04",
        "applicant_type": kind,
        "fee_paid_on": day,
        "fee_yuan": amount,
    }


def _charge(item: str | None, day: str, yuan: str | None) -> dict[str, object]:
    return {
        "item": item,
        "collected_on": day,
        "amount_yuan": None if yuan is None else Decimal(yuan),
    }


@pytest.mark.parametrize(
    ("booked", "left"),
    [
        ((), 0),
        ((("信息处理费", "2023-01-01", "100.25"),), Decimal("100.25")),
        ((("信息处理费", "2023-12-31", "140.5"),), None),  # as much as was paid
        ((("信息处理费", "2023-12-31", "140.51"),), None),
        ((("收信息处理费二", "2023-12-31", "140"), (None, "2023-12-31", "9")), 140),
        ((("信息处理费", "2023-12-31", "9"), ("信息处理费", "2023-12-31", None)), None),
    ],
)
def test_the_years_sums_stand_side_by_side(
    booked: tuple[tuple[str | None, str, str | None], ...], left: int | Decimal | None
) -> None:
    paid = [_fee("2023-01-01", "100"), _fee("2023-12-31", "40.50"), _fee("2022-12-31", "900")]
    charges = [_charge(*row) for row in booked]
    findings = booked_findings(built(applications=paid, charges=charges), 2023)
    assert [(f.left, f.right) for f in findings] == [(left, Decimal("140.5"))] * (left is not None)
    for finding in findings:
        assert (finding.code, finding.level) == ("FEE-CHARGES", "warning")
        assert finding.message.startswith("依申请公开台账2023年收到信息处理费140.5元，")
        assert f"只有{plain(left or 0)}元。" in finding.message
        assert "在行政事业性收费台账补登，收费日期填缴费日期" in finding.message
        assert finding.place == Place(register="charges")


@pytest.mark.parametrize("kept", ["applications", "charges"])
def test_nothing_is_said_where_one_of_the_registers_is_not_kept(kept: str) -> None:
    paid = [_fee("2023-01-01", "100")]
    assert booked_findings(built(applications=paid, charges=[]), 2023)
    data = built(applications=paid, charges=[], kept={kept: ((2019, 2022),)})
    assert booked_findings(data, 2023) == ()
    blank = built(applications=[*paid, _fee("2023-01-02", None)], charges=[])
    assert booked_findings(blank, 2023) == ()


def test_what_came_after_the_year_is_not_seen() -> None:
    """A day of receipt after the fee's is a slip of the pen; that year's report does not know the row."""
    late = _fee("2023-12-31", "100") | {"received_on": "2024-01-04"}
    assert booked_findings(built(applications=[late], charges=[]), 2023) == ()
