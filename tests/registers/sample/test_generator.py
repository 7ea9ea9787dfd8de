"""The generator: the same for the same seed, lawful, and free of bad rows."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest

from reportkit.registers.derivation.calendar import count_between
from reportkit.registers.derivation.tariff import item_fee, page_fee
from reportkit.registers.reading.clean import clean
from reportkit.registers.sample.columns import arrow_table
from reportkit.registers.sample.county import SyntheticCounty
from reportkit.registers.sample.days import new_year, working_days
from reportkit.registers.sample.names import place_name
from reportkit.registers.sample.town import town_registers
from reportkit.registers.schema import CASE_REGISTERS, REGISTERS

COUNTY = SyntheticCounty(
    towns=24, years=range(2020, 2024), seed=11, hotline_rows=40, applications=40
)


def registers(county: SyntheticCounty, number: int) -> dict[str, Any]:
    return town_registers(county.body(number), county.years, county.seed)


@cache
def towns() -> list[dict[str, Any]]:
    return [registers(COUNTY, number) for number in range(1, COUNTY.towns + 1)]


def frame(register: str) -> pd.DataFrame:
    """Return the rows of all towns of the county."""
    parts: list[pd.DataFrame] = [town[register].to_pandas() for town in towns()]
    return pd.concat(parts, ignore_index=True)


def days(column: pd.Series) -> Any:
    return pd.to_datetime(column).to_numpy(dtype="datetime64[D]")


@pytest.fixture(scope="module")
def applications() -> pd.DataFrame:
    return frame("applications")


def test_the_same_seed_gives_the_same_rows_and_another_does_not() -> None:
    one, again = registers(COUNTY, 3), registers(COUNTY, 3)
    other = registers(SyntheticCounty(towns=24, years=COUNTY.years, seed=12), 3)
    assert all(one[name].equals(again[name]) for name in REGISTERS)
    assert [name for name in CASE_REGISTERS if one[name].equals(other[name])] == []


def test_the_number_of_towns_changes_no_town() -> None:
    few = SyntheticCounty(towns=2, years=COUNTY.years, seed=11, hotline_rows=40, applications=40)
    assert few.body(2) == COUNTY.body(2)


def test_the_span_of_years_changes_no_row() -> None:
    longer = SyntheticCounty(
        towns=24, years=range(2019, 2026), seed=11, hotline_rows=40, applications=40
    )
    for number in (1, 5):
        short, long = registers(COUNTY, number), registers(longer, number)
        for name in CASE_REGISTERS:
            key, dated = list(REGISTERS[name].key), str(REGISTERS[name].dated_by)
            here, there = short[name].to_pandas(), long[name].to_pandas().set_index(key, drop=False)
            assert set(map(tuple, here[key].to_numpy())) <= set(there.index)
            if name in ("documents", "items"):  # what a later year repeals is not known yet
                continue
            inside = pd.to_datetime(there[dated]).dt.year.isin(list(COUNTY.years))
            within = pd.to_datetime(here[dated]).dt.year.isin(list(COUNTY.years))
            pd.testing.assert_frame_equal(
                here[within].set_index(key, drop=False).sort_index(), there[inside].sort_index()
            )


@pytest.mark.parametrize("register", REGISTERS)
def test_no_row_is_set_aside(register: str) -> None:
    rows = frame(register).assign(file="x.parquet", sheet=None, row=1)
    kept, set_aside = clean(register, rows)
    assert set_aside == []
    assert len(kept) == len(rows)
    assert not rows.duplicated(list(REGISTERS[register].key)).any()


@pytest.mark.parametrize("register", CASE_REGISTERS)
def test_every_code_comes_up(register: str) -> None:
    rows = frame(register)
    for column in REGISTERS[register].columns:
        if column.type == "code" and (register, column.name) != ("documents", "kind"):
            possible = set(column.codes or ()) - {"other", "co_defendant"}  # no town reconsiders
            assert possible <= set(rows[column.name].dropna()), column.name


def test_steps_of_an_application_are_in_order(applications: pd.DataFrame) -> None:
    order = (
        "received_on",
        "supplement_asked_on",
        "supplemented_on",
        "fee_notified_on",
        "fee_paid_on",
    )
    compared = 0
    for n, earlier in enumerate(order):
        for later in (*order[n + 1 :], "replied_on"):
            first, second = days(applications[earlier]), days(applications[later])
            both = ~np.isnat(first) & ~np.isnat(second)
            compared += both.any()
            assert (first[both] <= second[both]).all(), (earlier, later)
    assert compared >= 10


def test_supplements_are_asked_for_in_seven_working_days(applications: pd.DataFrame) -> None:
    asked = days(applications["supplement_asked_on"])
    known = ~np.isnat(asked)
    used = count_between(days(applications["received_on"])[known], asked[known])
    assert used.most.max() <= 7  # article 30
    unclear = applications["outcome"].isin(
        ["unavailable.still_unclear", "other.correction_overdue"]
    )
    assert known[unclear.to_numpy()].all()


def test_few_replies_are_late(applications: pd.DataFrame) -> None:
    start = days(applications["received_on"])
    for step in ("supplemented_on", "fee_paid_on"):
        later = days(applications[step])
        start = np.where(np.isnat(later), start, later)
    waiting = applications["outcome"].isin(["other.correction_overdue", "other.fee_overdue"])
    used = count_between(start, days(applications["replied_on"])).least
    allowed = (
        20
        + 20 * applications["extended_on"].notna().to_numpy()
        + applications["consulting_days"].fillna(0).to_numpy()
    )
    late = (used > allowed) & ~waiting.to_numpy()
    assert 0 < late.sum() < 0.02 * len(applications)


def test_fees_are_those_of_the_tariff(applications: pd.DataFrame) -> None:
    place: dict[tuple[str, str, str], int] = defaultdict(int)
    by_page = by_item = 0
    for row in applications.to_dict("records"):
        month = (row["town"], row["applicant_key"], str(row["received_on"])[:7])
        place[month] += 1
        if row["fee_yuan"] is None:
            assert row["fee_paid_on"] is None
            continue
        assert row["received_on"].year >= 2021
        if row["fee_basis"] == "per_page":
            by_page += 1
            assert row["fee_yuan"] == page_fee(int(row["pages"])) > 0
        else:
            by_item += 1
            assert row["fee_yuan"] == item_fee(place[month]) > 0
    assert by_page > 20
    assert by_item > 20


def test_cases_are_carried_over_every_new_year(applications: pd.DataFrame) -> None:
    received, replied = days(applications["received_on"]), days(applications["replied_on"])
    for year in (*COUNTY.years, COUNTY.years[-1] + 1):
        assert ((received < new_year(year)) & (replied >= new_year(year))).any()
    first = new_year(COUNTY.years[0])
    assert (replied >= first).all()


def test_no_suit_after_reconsideration_without_one() -> None:
    disputes = frame("disputes")
    for _, rows in disputes.groupby("town"):
        reviewed = days(rows[rows["route"] == "reconsideration"]["closed_on"])
        for filed in days(rows[rows["route"] == "litigation_after_reconsideration"]["filed_on"]):
            assert ((reviewed < filed) & (filed - reviewed <= 40)).any()


def test_money_is_exact() -> None:
    fen = np.array([0, 1, 99, 100, 123_456_789, -1, 10**15 - 1])
    table = arrow_table("charges", "a", {"amount_yuan": fen, "receipt_no": fen.astype(str)})
    assert table["amount_yuan"].to_pylist() == [
        Decimal(text) if text else None
        for text in ("0.00", "0.01", "0.99", "1.00", "1234567.89", "", "9999999999999.99")
    ]


def test_names_are_never_twice() -> None:
    for seed in (0, 5):
        names = [place_name(number, seed) for number in range(12_000)]
        assert len(set(names)) == len(names)
        assert all(len(set(name)) == 2 for name in names[:3000])
    bodies = [COUNTY.body(number) for number in range(1, 200)]
    assert len({(body.county, body.name) for body in bodies}) == len(bodies)


def test_working_days_follow_the_notices_and_then_the_week() -> None:
    known = set(working_days(2031).days.astype(str))
    assert "2024-02-18" in known  # a Sunday, made up for
    assert "2024-02-12" not in known  # a Monday in the Spring Festival
    assert "2031-01-06" in known  # a Monday of a year without a notice
    assert "2031-01-04" not in known
