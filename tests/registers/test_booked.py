"""Handling fees stand among the charges, too: what is told where they do not."""

from __future__ import annotations

from pathlib import Path

import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from reportkit.registers.reading.folder import Folder
from reportkit.registers.sample import FOLDER
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
