"""Reports and index as a reader's browser shows them: Chromium on a phone, on a desktop, on paper."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import sync_playwright

from reportkit.export.index import render_index
from reportkit.form import load_edition
from tests import dossiers
from tests.export.test_index import entry
from tests.programs import CHROMIUM

pytestmark = [pytest.mark.browser, pytest.mark.needs("chromium")]

PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1280, "height": 900}


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, pages: dict[str, str]) -> Path:
    folder = tmp_path_factory.mktemp("pages")
    for name, page in pages.items():
        (folder / f"{name}.html").write_text(page, "utf-8")
    entries = [entry(f"zhen-{n}", year) for n in range(3000) for year in (2020, 2021)]
    (folder / "index.html").write_text(render_index(entries), "utf-8")
    return folder


def opened(browser: Any, file: Path, size: dict[str, int]) -> tuple[Any, list[str], list[str]]:
    """Open a file; return the page, the requests that it made, and what its console complained of."""
    page = browser.new_page(viewport=size)
    requests: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda fault: complaints.append(str(fault)))
    page.goto(file.as_uri())
    return page, requests, complaints


@pytest.mark.parametrize("name", ["full-public", "edition-2019-public", "faulty-internal"])
@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_a_report_asks_for_nothing_and_does_not_scroll_sideways(
    browser: Any, folder: Path, name: str, size: dict[str, int]
) -> None:
    file = folder / f"{name}.html"
    page, requests, complaints = opened(browser, file, size)
    assert requests == [file.as_uri()]
    assert complaints == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    edition = load_edition("2019" if "2019" in name else "2021")
    headings = page.locator("section > h2").all_inner_texts()
    assert headings == [section.title for section in edition.sections if section.title]
    assert page.locator(".t3 td").count() == 7 * len(edition.tables["t3"].rows)
    assert page.locator(".t4 td").count() == 15
    page.close()


def test_the_figures_stand_where_the_form_has_them(browser: Any, folder: Path) -> None:
    page, _, _ = opened(browser, folder / "full-public.html", DESKTOP)
    cells = dossiers.dossier().report.cells
    shown = page.locator(".t3 tbody td").all_inner_texts()
    wanted = [str(cells[cell.address]) for cell in cells.edition.tables["t3"].cells()]
    assert shown == wanted
    page.close()


def test_on_a_phone_the_labels_stay_while_the_table_scrolls(browser: Any, folder: Path) -> None:
    page, _, _ = opened(browser, folder / "full-public.html", PHONE)
    frame = page.locator(".frame:has(.t3)")
    assert frame.evaluate("e => e.scrollWidth > e.clientWidth")
    label = page.locator(".t3 .l2").first
    cell = page.locator(".t3 tbody td").first
    before, moved = label.bounding_box()["x"], cell.bounding_box()["x"]
    frame.evaluate("e => e.scrollLeft = 120")
    page.wait_for_timeout(50)
    assert abs(label.bounding_box()["x"] - before) <= 17  # the frame's own margin
    assert cell.bounding_box()["x"] < moved - 100
    page.close()


def test_on_a_wide_screen_the_contents_are_a_side_rail(browser: Any, folder: Path) -> None:
    page, _, _ = opened(browser, folder / "full-public.html", DESKTOP)
    rail, text = page.locator("nav").bounding_box(), page.locator("section").first.bounding_box()
    assert rail["x"] + rail["width"] <= text["x"]
    page.mouse.wheel(0, 2500)
    page.wait_for_timeout(100)
    assert page.locator("nav").bounding_box()["y"] >= 0
    page.close()


def test_dark_screens_get_dark_paper(browser: Any, folder: Path) -> None:
    page = browser.new_page(color_scheme="dark")
    page.goto((folder / "full-public.html").as_uri())
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(23, 25, 28)"
    bar = page.locator(".f-granted").first
    assert bar.evaluate("e => getComputedStyle(e).fill") == "rgb(95, 179, 179)"
    page.close()


@pytest.mark.needs("poppler-utils")
def test_on_paper_no_row_breaks_and_every_page_says_what_it_is(
    browser: Any, folder: Path, tmp_path: Path
) -> None:
    page, _, _ = opened(browser, folder / "faulty-public.html", DESKTOP)
    pdf = tmp_path / "报告.pdf"
    page.pdf(path=pdf, prefer_css_page_size=True)
    page.close()
    text = subprocess.run(
        ["pdftotext", "-layout", str(pdf), "-"], capture_output=True, text=True, check=True
    ).stdout
    sheets = text.strip("\f\n").split("\f")
    assert all("草稿" in sheet and "示例数据" in sheet for sheet in sheets)
    for number, sheet in enumerate(sheets, 1):
        assert f"—{number}—" in "".join(sheet.split())
    table = [sheet for sheet in sheets if "勾稽关系" in sheet]
    assert len(table) == 1  # the table of applications stands whole on one page
    assert "四、结转下年度继续办理" in table[0]


def test_the_index_of_three_thousand_towns_is_searched_at_once(browser: Any, folder: Path) -> None:
    started = time.monotonic()
    page, requests, complaints = opened(browser, folder / "index.html", DESKTOP)
    assert time.monotonic() - started < 10
    assert requests == [(folder / "index.html").as_uri()]
    assert complaints == []
    field = page.get_by_label("查找")
    field.fill("zhen-29")
    assert page.locator("tbody tr:visible").count() == 111  # 29, 290 to 299, 2900 to 2999
    assert page.locator("output").inner_text() == "找到111个"
    field.fill("")
    page.get_by_label("排序").select_option(label="2021年收到申请（件）")
    assert page.locator("tbody tr:visible").count() == 3000
    took = page.evaluate(
        """() => {
          const field = document.querySelector("input"), start = performance.now();
          field.value = "zhen-2"; field.dispatchEvent(new Event("input"));
          document.body.getBoundingClientRect();
          return performance.now() - start;
        }"""
    )
    assert took < 1000
    page.close()


def test_the_index_sorts_by_a_year_and_back(browser: Any, tmp_path: Path) -> None:
    figures = {"disclosed_items": 3, "applications_received": 0, "handled": 0, "carried_forward": 0}
    entries = [
        entry("aa", 2021, name="甲镇", figures=figures),
        entry("bb", 2021, name="乙镇", figures={**figures, "disclosed_items": 20}),
        entry("cc", 2021, name="丙镇", figures={**figures, "disclosed_items": None}),
        entry("dd", 2020, name="丁镇", figures=figures),
    ]
    file = tmp_path / "index.html"
    file.write_text(render_index(entries), "utf-8")
    page, _, _ = opened(browser, file, PHONE)

    def order() -> list[str]:
        return [str(text)[:2] for text in page.locator("tbody th").all_text_contents()]

    by_name = order()
    page.get_by_label("排序").select_option(label="2021年主动公开（条）")
    assert order()[:2] == ["乙镇", "甲镇"]
    page.get_by_label("排序").select_option(label="按名称")
    assert order() == by_name
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.close()
