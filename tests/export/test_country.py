"""The index of a country: a line a county, a page a county, every body found by its name."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from reportkit.export import country
from reportkit.export.country import render_pages
from reportkit.export.index import render_index
from reportkit.manifest import Entry
from tests.export.test_index import entry
from tests.markup import document


def several() -> list[Entry]:
    """Return entries of five bodies in three counties of two provinces, one of them declared."""
    places = [
        ("aa", "甲省", "丙县", "bing"),
        ("bb", "甲省", "丙县", "bing"),
        ("cc", "甲省", "丁县", ""),
        ("dd", "乙省", "丁县", ""),
        ("ee", "", "", ""),
    ]
    return [
        replace(entry(town, year), province=province, county=county, county_id=id_)
        for town, province, county, id_ in places
        for year in (2020, 2021)
    ]


def test_few_bodies_are_one_list(monkeypatch: pytest.MonkeyPatch) -> None:
    assert render_pages(several()) == {"index.html": render_index(several())}
    monkeypatch.setattr(country, "MOST_BODIES", 1)
    one = [replace(each, county="丙县", province="甲省") for each in several()]
    assert render_pages(one) == {"index.html": render_index(one)}


def test_a_page_a_county_and_a_line_a_county(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(country, "MOST_BODIES", 1)
    pages = render_pages(several())
    assert sorted(pages) == [
        "counties/bing.html",
        "counties/county-none.html",
        "counties/dingxian-2.html",
        "counties/dingxian.html",
        "index.html",
    ]
    first = document(pages["index.html"])
    links = first.xpath("//tbody//th/a/@href")
    assert sorted(links) == sorted(set(pages) - {"index.html"})
    row = first.xpath("//tr[@data-id='bing']")[0]
    assert [" ".join(td.text_content().split()) for td in row.xpath("./td")] == ["200 10", "200 10"]
    heads = [
        " ".join(th.text_content().split()) for th in first.xpath("//tr[@class='province']/th")
    ]
    assert "甲省 2个县市区，3个单位" in heads
    assert "未注明省份 1个县市区，1个单位" in heads
    foot = [" ".join(td.text_content().split()) for td in first.xpath("//tfoot//tr[1]/td")]
    assert foot == ["500", "500"]
    county = document(pages["counties/bing.html"])
    assert county.xpath("//tbody//tr/@id") == ["n1", "n2"]
    assert county.xpath("//tbody//a/@href")[0] == "../2021/aa.html"
    assert county.xpath("//header//a/@href") == ["../index.html"]
    names = json.loads(first.xpath("//script[@id='names']")[0].text)
    assert names["bing"].split("\n") == [
        th.text.strip() for th in county.xpath("//tbody//th[@scope='row']")
    ]


def test_no_name_ends_the_data(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(country, "MOST_BODIES", 1)
    entries = [replace(each, name="</script><b>镇") for each in several()]
    page = render_pages(entries)["index.html"]
    assert "</script><b>" not in page
    assert render_pages(entries[::-1]) == render_pages(entries)
