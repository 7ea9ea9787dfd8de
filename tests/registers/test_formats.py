"""The same rows give the same reports, whatever the format that they are kept in."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from reportkit.finding import Finding
from reportkit.registers.data import TownData
from reportkit.report import TownReport
from tests.registers.readers import folder, report_of
from tests.registers.strategies import YEARS, County, counties


def _placeless(report: TownReport) -> list[tuple[str, object]]:
    """Return a report's findings without the names of file and sheet, which formats differ in."""

    def told(finding: Finding) -> tuple[str, object]:
        place = finding.place
        return finding.code, place and replace(place, file=None, sheet=None)

    return [told(finding) for finding in report.findings]


def _same(one: TownData, other: TownData, year: int) -> None:
    first, second = report_of(one, year), report_of(other, year)
    assert second.with_(findings=()) == first.with_(findings=())
    assert sorted(map(repr, _placeless(second))) == sorted(map(repr, _placeless(first)))


def _without_extra(county: County) -> County:
    """Return the county without cells beyond the heading, which a Parquet file cannot have."""
    tables = {
        name: [{k: v for k, v in row.items() if k != "extra"} for row in rows]
        for name, rows in county.tables.items()
    }
    return replace(county, tables=tables)


@settings(max_examples=25)
@given(counties(), st.sampled_from(YEARS))
def test_a_workbook_is_read_like_csv(county: County, year: int) -> None:
    with folder(county, "csv") as text, folder(county, "xlsx") as book:
        for town in county.towns:
            _same(text.town(town), book.town(town), year)


@settings(max_examples=25)
@given(counties().map(_without_extra), st.sampled_from(YEARS))
def test_parquet_is_read_like_csv(county: County, year: int) -> None:
    with folder(county, "csv") as text, folder(county, "parquet") as parquet:
        for town in county.towns:
            _same(text.town(town), parquet.town(town), year)


@settings(max_examples=25)
@given(st.randoms(use_true_random=False), counties(bad=False), st.sampled_from(YEARS))
def test_the_order_of_good_rows_does_not_matter(random: Random, county: County, year: int) -> None:
    shuffled = {name: random.sample(rows, len(rows)) for name, rows in county.tables.items()}
    # A figure that is declared twice with two values counts by its order.
    shuffled["figures"] = county.tables.get("figures", [])
    with folder(county) as one, folder(replace(county, tables=shuffled)) as two:
        for town in county.towns:
            first, second = (report_of(read.town(town), year) for read in (one, two))
            assert (second.cells, second.facts) == (first.cells, first.facts)
