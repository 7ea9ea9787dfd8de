"""The figures of a comparison: the same groups in both editions, and what is unknown stays unknown."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings

from reportkit.form import Cells, load_edition
from reportkit.report import TownReport
from reportkit.rollup.comparison import (
    REFUSALS,
    Comparison,
    comparison,
    standing,
    standing_of,
)
from tests.rollup.strategies import counties, report

NEW, OLD = load_edition("2021"), load_edition("2019")


@pytest.mark.parametrize("form", [OLD, NEW])
def test_outcomes_that_gave_nothing_are_counted_in_the_groups_of_every_edition(
    form: object,
) -> None:
    assert form in (OLD, NEW)
    edition = OLD if form is OLD else NEW
    cells = dict.fromkeys(edition.addresses, 0)
    cells |= {"t3.refused.third_party.total": 2, "t3.unavailable.not_held.total": 3}
    cells |= {"t3.not_processed.petition.total": 4, "t3.not_processed.repeated.total": 1}
    counts = standing_of(
        report("a", Cells(edition, cells), 2020 if edition is OLD else 2021)
    ).counts
    assert [counts[group] for group in REFUSALS] == [2, 3, 5]


def test_one_unknown_row_makes_its_group_unknown_and_is_counted_as_missing() -> None:
    cells = dict.fromkeys(NEW.addresses, 0) | {"t3.refused.third_party.total": None}
    held = standing_of(report("a", Cells(NEW, cells)))
    assert held.counts["statutory"] is None
    assert held.counts["factual"] == 0
    assert (held.unknown, held.cells) == (1, 200)


def test_a_share_is_pooled_over_the_years_that_know_both() -> None:
    def year(of: int, opened: int | None, handled: int | None) -> TownReport:
        cells: dict[str, int | None] = dict.fromkeys(NEW.addresses, 0)
        cells |= {"t3.granted.total": opened, "t3.handled.total": handled}
        return report("a", Cells(NEW, cells), of)

    reports = [year(2021, 2, 3), year(2022, None, 9), year(2023, 0, 4)]
    held = comparison([reports[0].town], map(standing_of, reports))
    pooled = held.pooled("a", "opened", ("handled",))
    assert (pooled.count, pooled.of, pooled.years) == (2, 7, (2021, 2023))
    assert held.sum(2022, "opened") == (0, 1)


@settings(deadline=None, max_examples=20)
@given(counties(blanks=True))
def test_it_survives_json(reports: list[TownReport]) -> None:
    held = comparison(
        [each.town for each in reports],
        map(standing_of, reports),
        deadlines={"town": (2, 15)},
        denominators={"人口": {("town-0", 2021): Decimal("12.5")}},
        table="人口.csv",
    )
    assert Comparison.from_json(held.to_json()) == held


def test_a_report_without_a_table_has_no_known_figure() -> None:
    held = standing("a", 2018, edition=None, cells={}, facts={})
    assert set(held.counts.values()) == {None}
    assert held.unknown == held.cells


def test_bodies_of_one_name_are_told_apart_by_their_county() -> None:
    towns = [
        report(key, Cells(NEW)).town.model_copy(update={"name": "城关镇", "county": county})
        for key, county in (("a", "甲县"), ("b", "乙县"))
    ]
    held = comparison(towns, [])
    assert [held.name(body) for body in held.ordered] == ["甲县城关镇", "乙县城关镇"]
    assert held.counties == ("甲县", "乙县")
