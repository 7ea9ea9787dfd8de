"""Every cell, fact and row set aside, against a slow second reading of the same registers."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from reportkit.form import load_edition
from reportkit.registers.data import TownData
from reportkit.registers.derivation.cases import Cases
from reportkit.registers.derivation.derive import derive_numbers
from reportkit.report import TownReport
from tests.registers.oracle import CASES, Aside, Judged, Row, Truth, dealt, judge
from tests.registers.readers import folder, report_of
from tests.registers.strategies import YEARS, County, counties


def judged(county: County, town: str) -> Judged:
    found = judge(dealt(county.tables, county.towns, town), town)
    return replace(found, present=frozenset(county.tables))


@given(counties(), st.sampled_from(YEARS))
def test_every_cell_fact_and_finding_is_that_of_the_oracle(county: County, year: int) -> None:
    """And no row is lost, and each bad one is one finding. To write and read the county costs the most: once for all."""
    with folder(county) as read:
        for town in county.towns:
            data = read.town(town)
            truth = Truth(judged(county, town), year, county.editions.get(town))
            report = report_of(data, year)
            assert report.edition == truth.edition
            assert dict(report.cells) == truth.cells
            assert dict(report.facts) == truth.facts
            assert_found(report, truth)
            assert_no_row_is_lost(data, report, dealt(county.tables, county.towns, town))


def assert_found(report: TownReport, truth: Truth) -> None:
    """Assert that findings name what the oracle found."""
    found = Counter(finding.code for finding in report.findings)
    assert found["FIGURE-DIFFERS"] == len(truth.clashes)
    assert found["FIGURE-EDITION"] == len(truth.not_in_form)
    assert found["AMOUNT-BLANK"] == len(truth.blank_amounts())
    skipped = set() if truth.edition == "2019" else {"items", "procurement"}
    assert {
        f.place.register for f in report.findings if f.code == "REGISTER-UNKNOWN" and f.place
    } == {name for name in CASES if name not in skipped and not truth.said_to_be_kept(name)}
    assert {
        f.place.register for f in report.findings if f.code == "REGISTER-MISSING" and f.place
    } == {
        name
        for name in CASES
        if name not in skipped and truth.said_to_be_kept(name) and not truth.handed_in(name)
    }


def _same_place(data_place: object, aside: Aside) -> bool:
    return (getattr(data_place, "register", None), getattr(data_place, "row", None)) == (
        aside.register,
        aside.row,
    )


def assert_no_row_is_lost(data: TownData, report: TownReport, mine: dict[str, list[Row]]) -> None:
    """Assert that each row counts or is set aside, and that each bad one is one finding."""
    truth = judge(mine, str(report.town.id))
    year = report.year
    assert year is not None
    for register, rows in mine.items():
        counted = len(data.frame(register))
        faults = [
            f for f in data.set_aside if f.finding.place and f.finding.place.register == register
        ]
        assert counted == len(truth.rows[register])
        assert counted + len(faults) == len(rows)
    errors = [f for f in data.set_aside if f.finding.level == "error"]
    infos = [f for f in data.set_aside if f.finding.level == "info"]
    assert len(errors) == len(truth.aside)
    assert len(infos) == len(truth.repeated)
    assert {f.finding.code for f in infos} <= {"ROW-REPEATED"}
    for aside in truth.aside:
        (error,) = [f for f in errors if _same_place(f.finding.place, aside)]
        place = error.finding.place
        assert place is not None
        assert place.file == f"{aside.register}.csv"
        assert (place.column or "") in aside.columns
        written = str(aside.raw.get(place.column or "") or "").strip() or None
        if place.column not in (None, "town"):
            assert place.value == written
        assert error.dated == aside.begins
    expected = sum(a.begins is None or a.begins.year <= year for a in truth.aside)
    assert sum(f.code.startswith("ROW-") for f in report.errors) == expected


@given(counties(figures=False, covered=True), st.sampled_from([2020, 2021, 2022]))
def test_all_identities_hold_for_any_content(county: County, year: int) -> None:
    with folder(county) as read:
        for town in county.towns:
            cases = Cases(read.town(town))
            now, last = derive_numbers(cases, year), derive_numbers(cases, year - 1)
            for identity in now.edition.arithmetic:
                left, right = (now.cells.sum(s) for s in (identity.left, identity.right))
                assert left == right, identity
                assert left is not None
            if now.edition.code != last.edition.code:
                continue
            for identity in now.edition.cross_year:
                left, right = (
                    now.cells.sum(s, last.cells) for s in (identity.left, identity.right)
                )
                assert left == right, identity
                assert left is not None


@given(counties(bad=False, figures=False, covered=True), st.sampled_from([2020, 2021, 2022]))
def test_what_last_year_carried_forward_comes_in_whatever_the_editions(
    county: County, year: int
) -> None:
    with folder(county) as read:
        for town in county.towns:
            cases = Cases(read.town(town))
            now, last = derive_numbers(cases, year), derive_numbers(cases, year - 1)
            for column in load_edition("2021").tables["t3"].blocks[0].columns:
                carried = last.cells[f"t3.carried_forward.{column.code}"]
                assert now.cells[f"t3.carried_in.{column.code}"] == carried


@given(counties(), st.sampled_from(YEARS))
def test_an_unknown_register_makes_unknown_and_never_nought(county: County, year: int) -> None:
    bare = County(
        county.towns,
        {name: rows for name, rows in county.tables.items() if name not in ("coverage", "figures")}
        | {"coverage": []},
        county.editions,
    )
    with folder(bare) as read:
        for town in bare.towns:
            numbers = derive_numbers(Cases(read.town(town)), year)
            assert set(numbers.cells.values()) == {None}
            assert not numbers.facts
            assert not numbers.known
