"""The index: every town and year with its status, totals that hide nothing, fit for three thousand rows."""

from __future__ import annotations

import base64
import hashlib
import re
from datetime import date
from typing import Any

import pytest

from reportkit.blocks import Handed
from reportkit.blocks.lineage import State
from reportkit.export.board import BoardYear, handed, in_order, remarks_of
from reportkit.export.index import render_index
from reportkit.finding import sends_back
from reportkit.manifest import FIGURES, Entry
from reportkit.report import Town
from tests.markup import document


def entry(town: str, year: int, **changes: object) -> Entry:
    """Return an entry of an invented town, with a report."""
    fields: dict[str, object] = {
        "town": town,
        "name": f"{town}镇",
        "county": "示例县",
        "year": year,
        "status": "ok",
        "illustrative": True,
        "figures": dict(zip(FIGURES, (100, 5, 4, 1), strict=True)),
        "outputs": {f"{year}/{town}.html": "0" * 64, f"{year}/{town}.json": "0" * 64},
    }
    return Entry(**{**fields, **changes})  # type: ignore[arg-type]


def cells(page: str, town: str) -> list[str]:
    row = document(page).xpath(f"//tr[@data-id='{town}']")[0]
    return [" ".join(td.text_content().split()) for td in row.xpath("./td")]


def test_towns_down_years_across_newest_first() -> None:
    page = render_index([entry("aa", 2020), entry("bb", 2021), entry("aa", 2021)])
    tree = document(page)
    heads = [th.text_content() for th in tree.xpath("//thead//th")]
    assert [head[:5] for head in heads] == ["单位", "2021年", "2020年"]
    assert tree.xpath("//tbody//a/@href") == ["2021/aa.html", "2020/aa.html", "2021/bb.html"]
    assert cells(page, "bb") == ["100 5", ""]


def test_status_is_words_and_not_colour_alone() -> None:
    nothing: dict[str, object] = {"figures": {}, "outputs": {}}
    page = render_index(
        [
            entry("aa", 2021, status="failed", **nothing),
            entry("bb", 2021, status="refused", **nothing),
            entry("cc", 2021, status="stale", attempt="failed"),
        ]
    )
    assert [cells(page, town) for town in ("aa", "bb", "cc")] == [["失败"], ["草稿"], ["旧 100 5"]]
    assert "沿用旧稿1份，草稿未公布1份，生成失败1份" in page


def test_unknown_is_a_dash_and_the_total_says_how_many_lack() -> None:
    page = render_index(
        [
            entry("aa", 2021),
            entry("bb", 2021, figures={**dict.fromkeys(FIGURES, 7), "disclosed_items": None}),
            entry("cc", 2021, status="failed", figures={}, outputs={}),
        ]
    )
    assert cells(page, "bb") == ["— 7"]
    foot = [" ".join(td.text_content().split()) for td in document(page).xpath("//tfoot//td")]
    assert foot == ["缺1 100", "12", "11", "8"]


def test_findings_are_for_the_office_alone() -> None:
    found = {"error": 2, "warning": 0, "info": 1}
    entries = [entry("aa", 2021, findings=found)]
    assert cells(render_index(entries, "internal"), "aa") == ["100 5错误2 提示1"]
    public = render_index(entries)
    assert cells(public, "aa") == ["100 5"]
    assert "内部" not in public


def test_towns_stand_in_the_order_of_pinyin() -> None:
    """By syllable and tone; a character of two sounds has the one of its word."""
    names = ["乙镇", "重庆路街道", "Ａ镇", "丙镇", "崇明镇", "甲镇", "莒南镇", "虫山镇"]
    page = render_index([entry(f"t{n}", 2021, name=name) for n, name in enumerate(names)])
    found = [th.text.strip() for th in document(page).xpath("//tbody//th")]
    assert found == ["丙镇", "崇明镇", "重庆路街道", "虫山镇", "甲镇", "莒南镇", "乙镇", "Ａ镇"]


def test_names_and_files_are_escaped() -> None:
    page = render_index(
        [entry("aa", 2021, name='<b onclick="x">镇', outputs={"2021/a b&<.html": "0"})]
    )
    tree = document(page)
    assert tree.xpath("//tbody//th")[0].text_content().startswith('<b onclick="x">镇')
    assert tree.xpath("//tbody//a/@href") == ["2021/a%20b%26%3C.html"]


def test_the_policy_allows_the_one_script_and_nothing_else() -> None:
    page = render_index([entry("aa", 2021)])
    script = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    assert len(script) == 1
    digest = base64.b64encode(hashlib.sha256(script[0].encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in page
    assert "default-src 'none'" in page
    assert "http" not in page.replace("http-equiv", "")


def test_counties_are_named_where_there_are_several() -> None:
    one = render_index([entry("aa", 2021)])
    assert document(one).xpath("//h1")[0].text == "示例县政府信息公开工作年度报告"
    two = render_index([entry("aa", 2021), entry("bb", 2021, county="另一县")])
    assert document(two).xpath("//h1")[0].text == "政府信息公开工作年度报告"
    assert [s.text for s in document(two).xpath("//tbody//th/small")] == ["另一县", "示例县"]


def test_an_empty_folder_has_an_index_too() -> None:
    assert "0个单位" in render_index([])


@pytest.mark.parametrize("audience", ["public", "internal"])
def test_same_entries_same_bytes_in_any_order(audience: str) -> None:
    entries = [entry(town, year) for town in ("aa", "bb", "cc") for year in (2019, 2020)]
    assert render_index(entries, audience) == render_index(entries[::-1], audience)


def line(name: str, state: State = "reported", day: date | None = None, **of: Any) -> Handed:
    return Handed(name, "镇", f"{name}.html", state, day, date(2022, 1, 31), **of)


def test_the_board_names_who_is_missing_and_late() -> None:
    lines = in_order([line("a"), line("b", day=date(2022, 2, 3)), line("c", "absent")])
    page = render_index([entry("aa", 2021)], board=(BoardYear(2021, lines),))
    assert (
        "2021年度：3个单位中2个有2021年度报告，按期公布0个，逾期1个，1个公布日期未登记；1个还没有。"
        in page
    )
    assert '还没有报告：<a href="2021/c.html">c</a>' in page
    assert "b</a>（2022-02-03，逾期3天）" in page
    assert "报送情况" not in render_index([entry("aa", 2021)])


def test_the_offices_board_says_what_is_to_be_done_and_the_public_one_nothing_of_it() -> None:
    todo = remarks_of("reported", {"error": 0, "warning": 2}, ("第1次1月20日报送、1月22日退回",))
    assert todo == ("警告2项", "应发退回修改通知", "第1次1月20日报送、1月22日退回")
    board = (
        BoardYear(
            2021, (line("a", remarks=todo), line("b", remarks=remarks_of("reported", {}, ())))
        ),
    )
    page = render_index([entry("aa", 2021)], "internal", board)
    assert "a</a>：警告2项；应发退回修改通知；第1次1月20日报送、1月22日退回" in page
    assert "b</a>：" not in page
    assert "退回" not in render_index([entry("aa", 2021)], "public", board)


def test_the_public_is_not_told_why_a_report_is_not_there() -> None:
    town = Town(id="a", name="甲镇", kind="town")
    for state in ("failed", "absent"):
        public = handed(town, state, page="", published_on=None, deadline=date(2022, 1, 31))
        assert (public.state, public.remarks) == ("absent", ())


def test_a_letter_is_due_by_one_rule_alone() -> None:
    for errors, warnings in ((0, 0), (1, 0), (0, 1)):
        due = sends_back({"error": errors, "warning": warnings, "info": 3})
        assert due == bool(errors or warnings)
        said = remarks_of("reported", {"error": errors, "warning": warnings}, ())
        assert ("应发退回修改通知" in said) == due
