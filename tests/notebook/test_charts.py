"""Charts: drawn only where there is something to see, and said in words all the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import altair as alt
import pytest

from reportkit.blocks import VEGA_LITE, Block
from reportkit.form import Cells
from reportkit.notebook import View, charts
from reportkit.notebook.loading import view
from reportkit.sources.dossier import Dossier
from tests import dossiers

NOW = datetime(2026, 3, 1, tzinfo=UTC)
ALL = (charts.disclosures, charts.outcomes, charts.time_limits)


def public(dossier: Dossier) -> View:
    return view(dossier, "public", NOW)


@pytest.mark.parametrize("chart", ALL)
def test_specifications_are_valid_vega_lite_5(chart: Callable[[View], Block]) -> None:
    spec = chart(public(dossiers.dossier())).bundle[VEGA_LITE]
    alt.Chart.from_dict(spec).to_dict(validate=True)
    assert spec["$schema"].split("/")[-1].startswith("v5.20")


@pytest.mark.parametrize("chart", ALL)
def test_every_chart_says_what_it_shows(chart: Callable[[View], Block]) -> None:
    spec = chart(public(dossiers.dossier())).bundle[VEGA_LITE]
    assert spec["title"]["text"]
    assert len(spec["description"]) > 20


@pytest.mark.parametrize("chart", ALL)
def test_without_numbers_there_is_a_sentence(chart: Callable[[View], Block]) -> None:
    bundle = chart(public(dossiers.bare())).bundle
    assert VEGA_LITE not in bundle
    assert bundle["text/html"].startswith('<p class="plain">')


def test_months_of_zeros_are_a_sentence() -> None:
    quiet = replace(dossiers.dossier(), monthly={"portal": (0,) * 12, "wechat": (0,) * 12})
    assert "未主动公开" in charts.disclosures(public(quiet)).words


def test_the_words_hold_every_number_that_is_drawn() -> None:
    whole = dossiers.dossier()
    words = charts.disclosures(public(whole)).words
    assert whole.monthly is not None
    for counts in whole.monthly.values():
        assert "、".join(map(str, counts)) in words
    said = charts.outcomes(public(whole)).words
    assert "2023年24件，予以公开13件，部分公开3件，不予公开2件" in said


def test_titles_follow_the_data() -> None:
    whole = dossiers.dossier()
    title = charts.outcomes(public(whole)).bundle[VEGA_LITE]["title"]["text"]
    assert title == "办结的申请由8件增至24件，历年以予以公开最多"
    even = replace(whole, monthly={"portal": (2,) * 12})
    assert charts.disclosures(public(even)).bundle[VEGA_LITE]["title"]["text"] == "每月各公开2条次"


def test_a_year_that_is_missing_is_a_gap_and_not_a_zero() -> None:
    whole = dossiers.dossier()
    gappy = replace(whole, history=tuple(r for r in whole.history if r.year != 2021))
    words = charts.outcomes(public(gappy)).bundle[VEGA_LITE]["datasets"]["words"]
    assert [word["text"] for word in words].count("—") == 6  # one in each panel


def test_years_of_unknown_applications_are_left_out() -> None:
    whole = dossiers.dossier()
    blank = whole.report.with_(cells=Cells(whole.report.cells.edition))
    unknown = replace(whole, report=blank, history=(blank,))
    assert "未统计" in charts.outcomes(public(unknown)).words


def test_one_or_two_numbers_are_a_sentence() -> None:
    only = dossiers.past(2019)
    shown = replace(dossiers.dossier(2019), report=only, history=(only,))
    assert charts.outcomes(public(shown)).words == (
        "2019年办结的政府信息公开申请：予以公开6件，无法提供2件。"
    )


def test_a_median_over_the_limit_is_in_the_title() -> None:
    kept = dossiers.timeliness()
    late = tuple(
        replace(o, median_days=Decimal(31)) if o.code == "refused" else o for o in kept.by_outcome
    )
    shown = replace(dossiers.dossier(), timeliness=replace(kept, by_outcome=late))
    assert charts.time_limits(public(shown)).bundle[VEGA_LITE]["title"]["text"] == (
        "不予公开多在20个工作日之后答复"
    )


def test_drawing_twice_gives_the_same_specification() -> None:
    for chart in ALL:
        first, second = (chart(public(dossiers.dossier())).bundle for _ in range(2))
        assert first == second
