"""The comparison's page: counts before rates, every rate with its denominator and interval, no league table."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_output

from reportkit.blocks import Chart, Note, Table
from reportkit.errors import ParameterError
from reportkit.export.document import read_document
from reportkit.export.formats import Printer
from reportkit.export.html import render_html
from reportkit.notebook import comparison, keeping, months, shares
from reportkit.notebook.comparison_view import ComparisonView, load_comparison
from reportkit.project import find_project
from reportkit.project.denominator import load_denominators
from reportkit.report import Town
from reportkit.rollup.comparison import FIGURES, BodyYear, Comparison, standing
from reportkit.rollup.comparison import comparison as compared
from reportkit.running.execution.parameters import CompareParams, check_notebook
from tests.notebooks import displayed, helpers

NOTEBOOK = Path(__file__).parents[2] / "notebooks" / "compare.ipynb"


def body(key: str) -> Town:
    return Town(id=key, name=f"{key}镇", county="示例县", kind="town", illustrative=True)


def figures(key: str, year: int, **counts: int | None) -> BodyYear:
    return BodyYear(key, year, {**dict.fromkeys(FIGURES, 0), **counts}, 0, 200)


def seen(*standings: BodyYear, **others: Any) -> ComparisonView:
    keys = dict.fromkeys(each.body for each in standings)
    return ComparisonView(compared([body(key) for key in keys], standings, **others), "public")


def several(**opened: int) -> ComparisonView:
    return seen(
        *(
            figures(k, y, received=50, handled=50, opened=n)
            for k, n in opened.items()
            for y in (2021, 2022)
        )
    )


@pytest.fixture(scope="module")
def sample() -> ComparisonView:
    return load_comparison(2024)


def executed(view: ComparisonView) -> nbformat.NotebookNode:
    nb: nbformat.NotebookNode = nbformat.read(NOTEBOOK, as_version=4)
    names = {**helpers(), "view": view}
    for count, cell in enumerate((c for c in nb.cells if c.cell_type == "code"), 1):
        cell.execution_count = count
        if "parameters" not in cell.metadata.get("tags", ()):
            bundle = displayed(cell.source, names)._repr_mimebundle_()
            data = json.loads(json.dumps(bundle))
            cell.outputs = (
                [new_output("execute_result", data, execution_count=count)] if data else []
            )
    return nb


def test_the_notebook_takes_the_parameters_of_a_comparison() -> None:
    assert check_notebook(NOTEBOOK, CompareParams)["cells"]


def test_the_sample_is_laid_side_by_side_in_every_format(sample: ComparisonView) -> None:
    nb = executed(sample)
    page = render_html(nb)
    said = re.sub(r"<style.*?</style>|<[^>]+>", "", page, flags=re.DOTALL)
    assert page.count("<h1>") == 1
    assert "各单位政府信息公开年度报告比较（2019—2024年）" in said.replace("\n", "")
    assert "<script" not in page
    assert "reportkit-seal" not in page
    assert "示例数据" in said
    assert "2024年1月1日新修订的行政复议法施行" in said
    assert said.count("做法：") >= 6
    printer = Printer(read_document(nb))
    assert printer.print("docx").startswith(b"PK")
    assert printer.print("pdf").startswith(b"%PDF")


def test_months_are_summed_from_registers_alone(sample: ComparisonView) -> None:
    chart, table = months.received_by_month(sample), months.months_table(sample)
    assert isinstance(chart, Chart)
    assert isinstance(table, Table)
    for place, year in enumerate(sample.held.years, 1):
        told = [b for b in sample.held.of_year(year) if b.months is not None]
        assert sum(int(str(row[place])) for row in table.rows) == sum(
            b.counts["received"] or 0 for b in told
        )
    assert len(table.rows) == 12
    assert "按台账的收到日期逐月加总" in chart.note


@pytest.mark.parametrize(("bodies", "folded"), [(40, 0), (41, 6)])
def test_long_tables_are_folded_so_that_the_page_still_reads_well(bodies: int, folded: int) -> None:
    view = seen(*(figures(f"t{n}", 2021, received=5, handled=5, opened=2) for n in range(bodies)))
    page = render_html(executed(view))
    assert page.count('<details class="long">') == folded
    assert page.count(f"{bodies}行（点开查看）") == folded
    assert "点开" not in comparison.received_table(view).words


def test_months_that_do_not_make_up_the_year_are_no_months() -> None:
    cells = {"t3.received.total": 3}
    for given, known in (((1, *[0] * 10, 2), True), ((1, *[0] * 11), False), ((), False)):
        held = standing("a", 2022, edition="2021", cells=cells, facts={}, months=given)
        assert (held.months is not None) == known


def test_where_nobody_has_a_register_there_is_no_chart_of_months() -> None:
    view = seen(figures("a", 2021, received=3), figures("b", 2021, received=4))
    assert "只能由台账加总" in months.received_by_month(view).words
    assert isinstance(months.months_table(view), Note)
    some = [
        replace(figures("a", 2021, received=3), months=(3, *[0] * 11)),
        figures("b", 2021, received=4),
    ]
    chart = months.received_by_month(seen(*some))
    assert isinstance(chart, Chart)
    assert "2021年2个单位中1个" in chart.note
    assert Comparison.from_json(seen(*some).held.to_json()) == seen(*some).held


@pytest.mark.parametrize("code", shares.RATES)
def test_every_rate_has_its_denominator_named_and_its_numbers_below(
    sample: ComparisonView, code: str
) -> None:
    chart, table = shares.share(sample, code), shares.share_table(sample, code)
    assert isinstance(chart, Chart)
    assert chart.table == table
    assert shares.RATES[code].of in table.caption
    assert "Clopper-Pearson" in chart.note
    assert [row[0] for row in table.rows] == [sample.held.name(b) for b in sample.held.ordered]


def test_where_ranks_cannot_be_told_apart_none_is_given() -> None:
    table = shares.share_table(several(a=24, b=26, c=25), "opened")
    assert {row[-1] for row in table.rows} == {"分不出"}
    assert "分不出先后" in table.notes[1]
    settled = shares.share_table(several(a=50, b=25, c=0), "opened")
    assert [row[-1] for row in settled.rows] == ["第1", "第2", "第3"]


def test_the_funnel_names_who_is_outside_its_limits() -> None:
    funnel = shares.funnel_of(several(a=25, b=26, c=24, d=2), "opened")
    assert isinstance(funnel, Chart)
    assert funnel.title.startswith("d镇的比率在界限之外")
    assert funnel.sketch is not None
    assert [word.text for word in funnel.sketch.labels] == ["d镇"]
    inside = shares.funnel_of(several(a=25, b=26, c=24), "opened")
    assert isinstance(inside, Chart)
    assert inside.title.startswith("没有一个单位的比率在界限之外")


def test_a_body_that_differs_from_its_own_past_by_more_than_chance_is_named() -> None:
    past = [figures(k, y, received=10) for k in ("a", "b") for y in (2020, 2021)]
    note = comparison.changed(
        seen(*past, figures("a", 2022, received=40), figures("b", 2022, received=13))
    )
    assert isinstance(note, Note)
    assert "a镇（2022年40件" in note.text
    assert "b镇" not in note.text


def test_the_mark_of_the_law_stands_only_where_its_year_is_crossed() -> None:
    def chart(*years: int) -> Chart:
        block = shares.disputes(seen(*(figures("a", y, reconsiderations=2) for y in years)))
        assert isinstance(block, Chart)
        return block

    crossed, before = chart(2023, 2024), chart(2022, 2023)
    assert crossed.sketch is not None
    assert before.sketch is not None
    assert len(crossed.sketch.dashes) == 2
    assert not before.sketch.dashes


def test_unknown_is_a_dash_and_no_zero() -> None:
    view = seen(
        figures("a", 2021, received=None), figures("b", 2021, received=2), figures("b", 2022)
    )
    table = comparison.counts_table(view, "received")
    assert table.rows == (("a镇", None, None, None), ("b镇", 2, 0, 2))
    assert table.foot == (("合计（只计已知）", 2, 0, 2),)


def test_three_thousand_bodies_are_summed_up_and_said_to_be() -> None:
    view = seen(
        *(figures(f"t{n:04}", 2021, received=n, handled=n, opened=n // 2) for n in range(3000))
    )
    chart = comparison.received(view)
    assert isinstance(chart, Chart)
    assert "其余2970个合并" in chart.note
    table = comparison.counts_table(view, "received")
    assert len(table.rows) == comparison.LISTED
    assert table.foot[0][1] == sum(range(3000))
    assert len(render_html(executed(view)).encode()) < 1_500_000


def test_reports_are_on_time_late_undated_or_absent() -> None:
    from dataclasses import replace
    from datetime import date

    on_time = replace(figures("a", 2021), published_on=date(2022, 1, 31))
    late = replace(figures("a", 2022), published_on=date(2023, 2, 1))
    table = keeping.keeping_table(seen(on_time, late, figures("b", 2021)))
    assert isinstance(table, Table)
    assert table.rows == (
        ("a镇", 2, 1, 1, 0, 0, 0, "0/400，0.0%"),
        ("b镇", 1, 0, 0, 1, 1, 0, "0/200，0.0%"),
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("town,人口\na,120000\n", ""),
        ("单位,年度,人口\na镇,2021,120000\n", ""),
        ("town,人口\naa,1\n", "there is no town 'aa'"),
        ("town,人口\na,很多\n", "line 2: 人口: '很多' is no positive number"),
        ("town,人口\na,0\n", "is no positive number"),
        ("town,year,人口\na,21,5\n", "'21' is no year"),
        ("人口\n5\n", "no column 'town'"),
        ("town,year,人口\na,2021\n", "not as many values as headings"),
        ("town,人口\na,5\na,6\n", "stands in another line too"),
        ("town,year\na,2021\n", "no column of numbers"),
    ],
)
def test_a_table_of_denominators_is_read_or_its_fault_named(
    text: str, said: str, tmp_path: Path
) -> None:
    (tmp_path / "batch.yaml").write_text(
        'source: "sample:"\nyears: [2021]\ndenominator: people.csv\n', "utf-8"
    )
    (tmp_path / "people.csv").write_text(text, "utf-8-sig")
    project = find_project(tmp_path, tmp_path / "batch.yaml")
    if said:
        with pytest.raises(ParameterError, match=re.escape(said)):
            load_denominators(project, {"a": body("a")}, [2021])
        return
    tables = load_denominators(project, {"a": body("a")}, [2021])
    view = seen(figures("a", 2021, received=10), denominators=tables, table="people.csv")
    table = comparison.per_head(view)
    assert isinstance(table, Table)
    assert table.rows == (("a镇", "人口", 10, 120000, "0.83", "0.40—1.53"),)
