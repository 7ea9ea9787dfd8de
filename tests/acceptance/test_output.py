"""A finished output folder, looked at as a reader does: `pytest tests/acceptance --output output`.

Without the option the tests build one town's reports themselves.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from reportkit.form import load_edition
from reportkit.report import TownReport
from tests.calling import called
from tests.programs import CHROMIUM, require


@pytest.fixture(scope="session")
def output(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    given: Path | None = request.config.getoption("--output")
    if given is not None:
        return given.resolve()
    folder = tmp_path_factory.mktemp("acceptance") / "output"
    done = called(folder.parent, "run", "--town", "ershilidian", "--output", str(folder))
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="session")
def manifest(output: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((output / "manifest.json").read_text("utf-8"))
    return found


@pytest.fixture
def browser() -> Iterator[tuple[Any, list[str]]]:
    """Yield a page of a real browser, and the addresses that it asks for."""
    require("chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        opened = chromium.new_page()
        asked: list[str] = []
        opened.on("request", lambda request: asked.append(request.url))
        yield opened, asked
        chromium.close()


def test_every_report_of_the_manifest_is_there_with_its_hash(
    output: Path, manifest: dict[str, Any]
) -> None:
    assert manifest["reports"]
    for entry in manifest["reports"]:
        assert entry["status"] == "ok", entry
        assert entry["outputs"]
        for name, digest in entry["outputs"].items():
            if not name.endswith(".ipynb"):  # holds times
                found = hashlib.sha256((output / name).read_bytes()).hexdigest()
                assert found == digest, name


def test_the_seed_report_has_200_cells_and_its_facts(output: Path) -> None:
    report = TownReport.from_json((output / "2021" / "ershilidian.json").read_bytes())
    assert len(report.cells) == len(load_edition("2021").addresses) == 200
    assert all(value == 0 for value in report.cells.values())
    assert {
        "disclosed_items": 24,
        "portal_items": 24,
        "hotline_replies": 1031,
        "applications_received": 0,
        "fee_collected_yuan": 0,
        "trainings": 4,
        "open_days": 1,
        "npc_proposals": 0,
        "cppcc_proposals": 0,
        "reconsiderations": 0,
        "litigations": 0,
    }.items() <= dict(report.facts).items()
    assert report.findings == ()


@pytest.mark.browser
def test_a_report_opens_without_a_request(output: Path, browser: tuple[Any, list[str]]) -> None:
    page, asked = browser
    address = (output / "2021" / "ershilidian.html").as_uri()
    page.goto(address)
    assert "二十里店镇" in page.title()
    headings = page.locator("h2").all_inner_texts()
    for section in load_edition("2021").sections:
        if section.title:
            assert any(section.title.split("、")[1] in heading for heading in headings), section
    text = page.locator("main").inner_text()
    for fact in ("24", "1031", "11月10日", "海阳市", "信函"):
        assert fact in text, fact
    cells = page.locator("table td")
    assert cells.count() >= 200
    assert asked == [address]
    assert page.locator("script").count() == 0


@pytest.mark.browser
def test_the_index_lists_every_report_and_searches(
    output: Path, manifest: dict[str, Any], browser: tuple[Any, list[str]]
) -> None:
    page, asked = browser
    address = (output / "index.html").as_uri()
    page.goto(address)
    links = {link.get_attribute("href") for link in page.locator("a[href$='.html']").all()}
    for entry in manifest["reports"]:
        assert next(name for name in entry["outputs"] if name.endswith(".html")) in links
    towns = page.locator("tbody tr:visible")
    before = towns.count()
    page.locator("input[type=search]").fill("二十里店")
    page.wait_for_timeout(300)
    assert 1 <= towns.count() <= before
    assert "二十里店镇" in towns.first.inner_text()
    assert asked == [address]
