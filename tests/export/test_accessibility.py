"""What axe finds in the pages that we make, on light and on dark screens, on a phone and on a desktop."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

from reportkit.export.index import render_index
from tests.export.test_index import entry
from tests.programs import CHROMIUM

pytestmark = [pytest.mark.browser, pytest.mark.needs("chromium")]

REPORTS = ("full-public", "faulty-public", "faulty-internal", "edition-2019-internal")
LONG = "示例县经济技术开发区管理委员会"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, pages: dict[str, str]) -> Path:
    folder = tmp_path_factory.mktemp("pages")
    for name in REPORTS:
        (folder / f"{name}.html").write_text(pages[name], "utf-8")
    nothing: dict[str, object] = {"figures": {}, "outputs": {}}
    entries = [
        entry("aa", 2021, findings={"error": 12, "warning": 3, "info": 1}),
        entry("aa", 2020, status="stale"),
        entry("bb", 2021, name=LONG, status="failed", **nothing),
        entry("cc", 2021, status="refused", county="另一县", **nothing),
    ]
    for audience in ("public", "internal"):
        (folder / f"index-{audience}.html").write_text(render_index(entries, audience), "utf-8")
    return folder


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", [*REPORTS, "index-public", "index-internal"])
def test_axe_has_nothing_to_say(browser: Any, folder: Path, name: str, scheme: str) -> None:
    """Every rule of axe, good practice included, on a phone: what is wider there than the screen scrolls."""
    page = browser.new_page(
        viewport={"width": 390, "height": 844}, color_scheme=scheme, bypass_csp=True
    )
    page.goto((folder / f"{name}.html").as_uri())
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    page.close()


@pytest.mark.parametrize("width", [390, 1280])
def test_no_badge_of_the_index_is_cut(browser: Any, folder: Path, width: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": 844})
    page.goto((folder / "index-internal.html").as_uri())
    heads = page.locator("tbody th")
    assert heads.count() == 3
    for head in heads.all():
        badge, cell = head.locator("i").bounding_box(), head.bounding_box()
        assert badge["x"] + badge["width"] <= cell["x"] + cell["width"]
        assert badge["y"] + badge["height"] <= cell["y"] + cell["height"]
    marks = page.locator("td span").first
    assert marks.evaluate("e => e.scrollWidth <= e.clientWidth")
    page.close()


def test_axe_sees_what_is_wrong(browser: Any, tmp_path: Path) -> None:
    file = tmp_path / "wrong.html"
    file.write_text("<!doctype html><title>x</title><img src=x.png>", "utf-8")
    page = browser.new_page()
    page.goto(file.as_uri())
    assert "image-alt" in Axe().run(page).generate_snapshot()
    page.close()
