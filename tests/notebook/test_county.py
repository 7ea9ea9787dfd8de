"""The county's page: what it says of the sum, the bodies behind it, and the board."""

from __future__ import annotations

import ast
import json
import re
import time
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_output

from reportkit.blocks import Chart, Lineage, Nothing, Roster, Table
from reportkit.errors import BlockRefused, UnknownTown
from reportkit.export.document import read_document
from reportkit.export.formats import Printer
from reportkit.export.html import render_html
from reportkit.form import Cells, load_edition
from reportkit.notebook import against, county_prose
from reportkit.notebook import county as whole
from reportkit.notebook.county_view import NAMED, CountyView, county_view, load_county
from reportkit.notebook.gather import gather
from reportkit.notebook.loading import load_report
from reportkit.notebook.view import View
from reportkit.registers.ingest.ingest import ingest
from reportkit.report import Town, TownReport
from reportkit.review.decisions import decide
from reportkit.review.files import save_decisions
from reportkit.rollup.gathering import Body, Gathering
from reportkit.running.execution.parameters import CountyParams, check_notebook
from reportkit.sources.dossier import Dossier
from tests.notebooks import displayed, helpers
from tests.notebooks import executed as of_town

NOTEBOOK = Path(__file__).parents[2] / "notebooks" / "county.ipynb"
FORM = load_edition("2021")
COUNTY = Town(id="shili", name="示例县", kind="county", illustrative=True)


def town(key: str) -> Town:
    return Town(id=key, name=f"{key}镇", county="示例县", kind="town", illustrative=True)


def body(key: str, received: int = 0, **changes: Any) -> Body:
    values = dict.fromkeys(FORM.addresses, 0)
    for row in ("received", "granted", "handled"):
        values |= {f"t3.{row}.natural_person": received, f"t3.{row}.total": received}
    report = TownReport(
        town=town(key),
        year=2021,
        edition="2021",
        cells=Cells(FORM, values),
        facts={"disclosed_items": received, "applications_received": received},
        published_on=changes.pop("published_on", None),
    )
    fields = {"town": town(key), "state": "reported", "report": report, "page": f"{key}.html"}
    return Body(**{**fields, **changes})


def absent(key: str, state: str = "absent", **changes: Any) -> Body:
    return Body(town=town(key), state=state, **changes)  # type: ignore[arg-type]


def gathered(*bodies: Body, **changes: Any) -> Gathering:
    return Gathering(whole=COUNTY, year=2021, bodies=bodies, **changes)


def executed(view: CountyView) -> nbformat.NotebookNode:
    """Return the county's notebook with the outputs that it has for a view."""
    nb: nbformat.NotebookNode = nbformat.read(NOTEBOOK, as_version=4)
    names = {**helpers(), "report": view, "whole": whole}
    for count, cell in enumerate((c for c in nb.cells if c.cell_type == "code"), 1):
        cell.execution_count = count
        if "parameters" in cell.metadata.get("tags", ()):
            continue
        bundle = displayed(cell.source, names)._repr_mimebundle_()
        if bundle:
            data = json.loads(json.dumps(bundle))
            cell.outputs = [new_output("execute_result", data, execution_count=count)]
    return nb


def text_of(page: str) -> str:
    return re.sub(r"<style.*?</style>|<[^>]+>", "", page, flags=re.DOTALL)


def test_the_notebook_takes_the_parameters_of_a_county_and_its_cells_are_thin() -> None:
    cells = check_notebook(NOTEBOOK, CountyParams)["cells"]
    for cell in cells:
        if cell["cell_type"] == "code":
            nodes = ast.walk(ast.parse("".join(cell["source"])))
            assert not any(isinstance(n, ast.FunctionDef | ast.For | ast.If) for n in nodes)
            assert not cell["outputs"]


def test_a_page_shows_the_sums_and_each_opens_to_its_bodies() -> None:
    page = render_html(executed(county_view(gathered(body("a", 3), body("b", 4)))))
    assert "示例县2021年政府信息公开工作年度报告" in text_of(page).replace("\n", "")
    assert "本页由2个单位的年度报告逐格汇总而成" in page
    assert '<li><a href="b.html">b镇</a> <b>4</b></li>' in page
    assert page.index('"b.html">b镇</a> <b>4</b>') < page.index('"a.html">a镇</a> <b>3</b>')
    assert "<script" not in page


def test_a_body_without_a_report_is_named_and_its_draft_is_not_told_to_the_public() -> None:
    page = render_html(
        executed(county_view(gathered(body("a", 3), absent("b", "failed"), absent("c", "draft"))))
    )
    said = text_of(page)
    assert "b镇、c镇没有可汇总的报告" in said
    assert "不能确定（至少3）" in said
    for word in ("错误", "退回", "应催报", "未能生成"):
        assert word not in said


def test_the_office_sees_what_is_open() -> None:
    view = county_view(
        gathered(
            body("a", 3, findings={"error": 2, "warning": 0, "info": 1}),
            absent("b", submitted=("第1次1月20日报送、1月22日退回",)),
        ),
        "internal",
    )
    board = whole.board(view)
    assert isinstance(board, Roster)
    assert [each.name for each in board.bodies] == ["b镇", "a镇"]
    assert board.bodies[0].remarks == ("应催报", "第1次1月20日报送、1月22日退回")
    assert board.bodies[1].remarks == ("错误2项", "提示1项", "应发退回修改通知")


def test_the_office_reads_the_day_that_it_noted_where_params_tell_none() -> None:
    noted = replace(body("a", 3), published_on=date(2022, 2, 3))
    held = gathered(noted, body("b", published_on=date(2022, 1, 20)))
    assert Gathering.from_json(held.to_json()) == held
    board = _board(held)
    assert [(each.name, each.published_on, each.late) for each in board.bodies] == [
        ("a镇", date(2022, 2, 3), True),
        ("b镇", date(2022, 1, 20), False),
    ]


def test_a_public_page_with_the_offices_board_is_refused() -> None:
    nb = executed(county_view(gathered(body("a", 3), body("b", 1))))
    inner = county_view(gathered(body("a", 3), body("b", 1)), "internal")
    nb.cells[-1].outputs[0].data = json.loads(json.dumps(whole.board(inner).bundle))
    with pytest.raises(BlockRefused, match="tells of findings"):
        read_document(nb)


def test_the_deadline_is_that_of_the_law_or_of_params() -> None:
    late = body("a", published_on=date(2022, 2, 1))
    assert "1个" in _board(gathered(late, body("b"))).summary
    assert _board(gathered(late, body("b"))).bodies[0].late
    board = _board(gathered(late, body("b"), deadlines={"town": (2, 15)}))
    assert not any(each.late for each in board.bodies)
    assert board.notes == ("公布期限：镇2022年2月15日。",)


def _board(gathering: Gathering) -> Roster:
    board = whole.board(county_view(gathering))
    assert isinstance(board, Roster)
    return board


def test_on_paper_nothing_is_said_to_open() -> None:
    view = county_view(gathered(body("a", 3), body("b", 4)))
    nb = executed(view)
    assert "（点开查看各单位）" in render_html(nb)
    assert "点开" not in whole.lineage(view, "s3").words


def test_paper_has_the_totals_of_rows_alone_and_says_so() -> None:
    """Every cell of table three would fill five pages of an official document."""
    block = _lineage(county_view(gathered(body("a", 3), body("b", 4))))
    assert {each.address.rpartition(".")[2] for each in block.origins} == {
        "natural_person",
        "total",
    }
    assert len(block.table.rows) == 6
    assert len(block.on_paper.rows) == 3
    assert all(str(row[0]).endswith("总计") for row in block.on_paper.rows)
    assert "各栏的构成见网页" in block.on_paper.notes[-1]


def test_a_county_with_one_body_alone_is_not_called_the_county() -> None:
    view = county_view(gathered(body("a", 3)))
    said = text_of(render_html(executed(view)))
    assert view.report.town.name == "示例县（已知1个单位）"
    assert "所辖单位总数不详，已知1个单位，本页只是a镇的数字" in said
    assert "示例县人民政府" not in said


def test_what_was_gathered_survives_json_and_every_format_prints_it() -> None:
    held = gathered(
        body("a", 3, last=body("a", 2).report),
        absent("b", "draft"),
        deadlines={"town": (2, 15)},
        narratives={"s5": "汇总{t3.received.total}件"},
        published_on=date(2022, 3, 1),
    )
    again = Gathering.from_json(held.to_json())
    assert again == held
    printer = Printer(read_document(executed(county_view(again))))
    assert printer.print("docx").startswith(b"PK")
    assert printer.print("pdf").startswith(b"%PDF")
    assert json.loads(printer.print("json"))["cells"]["t3.received.total"] is None


def test_the_lineage_as_a_frame_holds_every_body() -> None:
    frame = county_view(gathered(body("a", 3), body("b", 4), absent("c"))).lineage
    rows = frame[frame["address"] == "t3.received.total"]
    assert list(rows["body"]) == ["b", "a", "c"]
    assert list(rows["value"].notna()) == [True, True, False]
    assert len(frame) == 3 * len(FORM.addresses)


FILES = {
    "params/towns.yaml": """
towns:
  - {id: aa, name: 乙镇, county: jia, province: 甲省, kind: town, issuer: ""}
  - {id: bb, name: 甲镇, county: jia, province: 甲省, kind: town, issuer: ""}
  - {id: cc, name: 重庆路街道, county: jia, province: 甲省, kind: subdistrict, issuer: ""}
counties: [{id: jia, name: 甲县, province: 甲省}]
""",
    "params/batch.yaml": "source: ../data\ntowns: towns.yaml\nyears: [2021]\nlevels: [town, county]\n",
    "data/coverage.csv": "town,register,from_year\n"
    + "".join(f"{town},applications,2021\n" for town in ("aa", "bb", "cc")),
    "data/narratives.csv": "town,year,section,position,text\n"
    + "".join(f"{town},2021,s6,1,无。\n" for town in ("aa", "bb", "cc")),
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_bodies_are_listed_in_the_order_of_pinyin(folder: Path) -> None:
    found = gather("jia", 2021, str(folder / "data"), "internal")
    assert [each.town.name for each in found.bodies] == ["重庆路街道", "甲镇", "乙镇"]
    board = _board(found)
    assert [each.name for each in board.bodies] == ["重庆路街道", "甲镇", "乙镇"]


def test_published_reports_are_summed_and_who_published_nothing_is_missing(folder: Path) -> None:
    """The office lays the pages of its bodies into a folder: one of three is not there."""
    pages = folder / "pages"
    pages.mkdir()
    for key, name, received in (("aa", "乙镇", 3), ("bb", "甲镇", 4)):
        town_ = Town(id=key, name=name, county="甲县", kind="town")
        held = body(key, received).report
        assert held is not None
        held = held.with_(town=town_, sections={"s5": "无。", "s6": "无。"})
        seen = View(Dossier(held, None, (held,), None, None, 0), held, "public")
        (pages / f"{name}.html").write_text(render_html(of_town(seen)), "utf-8")
    view = load_county("jia", 2021, f"published:{pages}")
    assert {key: r.cells["t3.received.total"] for key, r in view.whole.reports.items()} == {
        "aa": 3,
        "bb": 4,
    }
    assert list(view.whole.missing) == ["cc"]
    cell = view.whole.totals["t3.received.total"]
    assert (cell.value, cell.low, cell.unknown) == (None, 7, ("cc",))
    assert [each.state for each in _board(view.gathering).bodies] == [
        "absent",
        "reported",
        "reported",
    ]


def test_a_store_gives_the_same_sum_as_its_files(folder: Path) -> None:
    uri = f"duckdb:///{folder / 'county.duckdb'}"
    files = [folder / "data" / name for name in ("coverage.csv", "narratives.csv")]
    list(ingest(files, uri))
    assert gather("jia", 2021, uri, "internal") == gather(
        "jia", 2021, str(folder / "data"), "internal"
    )


def test_a_relative_source_is_relative_to_params_as_everywhere(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = folder / "notebooks" / "own"
    elsewhere.mkdir(parents=True)
    monkeypatch.chdir(elsewhere)
    assert gather("jia", 2021, "../data", "internal").bodies[0].report is not None


def test_what_was_accepted_is_not_open_and_makes_no_draft(folder: Path) -> None:
    source = str(folder / "data")
    before = {each.town.id: each for each in gather("jia", 2021, source, "internal").bodies}
    assert before["aa"].findings == before["bb"].findings
    assert before["aa"].findings is not None
    assert before["aa"].findings["error"] == 2  # sections one and five are not there
    shown = load_report("aa", 2021, source, "internal")
    accepted = [
        decide(shown.report, found, "accepted", reason="属实", who="甲", when=date(2022, 1, 5))
        for found in shown.report.findings
    ]
    save_decisions(folder / "reviews", 2021, accepted)
    after = {each.town.id: each for each in gather("jia", 2021, source, "internal").bodies}
    assert after["aa"].findings == {"error": 0, "warning": 0, "info": 0}
    assert after["bb"].findings == before["bb"].findings
    states = {each.town.id: each.state for each in gather("jia", 2021, source, "public").bodies}
    assert states == {"aa": "reported", "bb": "draft", "cc": "draft"}


def test_three_thousand_bodies_fit_on_a_page_that_is_soon_made() -> None:
    gathering = gathered(*(body(f"t{n:04}", 1 + n % 50) for n in range(3000)))
    started = time.process_time()
    view = county_view(gathering)
    nb = executed(view)
    page = render_html(nb)
    assert time.process_time() - started < 20
    assert len(page.encode()) < 1_500_000
    origin = next(each for each in _lineage(view).origins if each.address == "t3.received.total")
    assert len(origin.largest) == NAMED
    named = sum(int(each.value or 0) for each in origin.largest)
    assert named + int(origin.rest or 0) == origin.value


def _lineage(view: CountyView) -> Lineage:
    block = whole.lineage(view, "s3")
    assert isinstance(block, Lineage)
    return block


def test_the_sample_county_sums_its_bodies_and_a_wrong_id_is_named() -> None:
    view = load_county("haiyang", 2021)
    assert view.report.cells["t3.received.total"] == 0
    assert view.report.facts["disclosed_items"] == 24
    with pytest.raises(UnknownTown, match="did you mean 'haiyang'"):
        load_county("haiyan", 2021)


def test_the_countys_own_report_is_laid_against_the_sum() -> None:
    own = body("own", 4).report
    assert own is not None
    held = gathered(body("a", 3), body("b", 4), published=own)
    assert Gathering.from_json(held.to_json()) == held
    view = county_view(held)
    table = against.differences(view)
    assert isinstance(table, Table)
    assert len(view.differences) == len(table.rows) == 6
    assert table.rows[0][1:] == (4, "7", "少3", "a镇的数恰为差额")
    chart = against.waterfall(view)
    assert isinstance(chart, Chart)
    assert chart.title.endswith("县里公布4，比各单位汇总少3")
    assert "县里公布的报告与各单位汇总：6格不一致" in render_html(executed(view))
    assert isinstance(against.differences(county_view(gathered(body("a"), body("b")))), Nothing)


def test_the_prose_says_what_the_figures_show_and_to_the_office_what_is_open() -> None:
    held = gathered(
        body("a", 9, last=body("a", 2).report, findings={"error": 0, "warning": 2}, overdue=1),
        body("b", 4, last=body("b", 5).report, findings={"error": 0, "warning": 0}, overdue=0),
        *(body(key, 1, last=body(key, 1).report) for key in ("c", "d")),
        body("e", 0, last=body("e", 0).report),
    )
    public = county_prose.changes(county_view(held)).words
    assert public.startswith(
        "全县收到的申请15件中，a镇9件、b镇4件、c镇1件，三个单位合计14件。全年没有收到申请的单位1个。"
    )
    assert "收到申请较上年变化最大的是a镇增加7件、b镇减少1件。" in public
    assert "校验问题" not in public
    assert "因为" not in public
    inner = county_prose.changes(county_view(held, "internal")).words
    assert inner.startswith(public)
    assert inner.endswith("未答复申请的单位：a镇1项。尚未处理的校验问题：警告2项（1个单位）。")
    alone = county_prose.changes(county_view(gathered(body("a", 3))))
    assert isinstance(alone, Nothing)
