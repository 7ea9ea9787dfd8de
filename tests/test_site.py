"""The documentation as a site: built strictly, opened from a disk, searched in Chinese, and asking nobody for anything."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import expect, sync_playwright

from tests.programs import CHROMIUM

TUTORIALS = ("tutorial.md", "tutorial.zh.md")


def blocks(page: Path) -> list[str]:
    """Return the commands of a page."""
    return re.findall(r"^```sh\n(.*?)^```", page.read_text("utf-8"), re.MULTILINE | re.DOTALL)


@pytest.mark.kernel
@pytest.mark.timeout(600)
def test_the_tutorials_commands_do_what_it_says(root: Path, tmp_path: Path) -> None:
    english, chinese = (blocks(root / "docs" / name) for name in TUTORIALS)
    assert english == chinese
    done = subprocess.run(
        ["bash", "-ec", "\n".join(english)],
        check=False,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        env={
            **os.environ,
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        },
    )
    assert done.returncode == 0, f"{done.stdout[-1500:]}\n{done.stderr[-1500:]}"
    assert (tmp_path / "town" / "output" / "index.html").is_file()
    county = tmp_path / "county"
    assert (
        len(list((county / "output" / "2025").glob("*.docx"))) == 4
    )  # three towns and their county
    assert (county / "output-internal" / "2025" / "checks.xlsx").is_file()
    own, again = (
        sorted(p.name for p in (county / f / "2025").glob("*.html")) for f in ("output", "again")
    )
    assert {"county.html", *again} == set(own)


@pytest.mark.browser
@pytest.mark.needs("chromium")
def test_the_site_is_built_strictly_and_works_from_a_disk(root: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(site)],
        check=True,
        cwd=root,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
    )
    api = (site / "api.html").read_text("utf-8")
    for name in ("open_source", "load_report", "check", "read", "run"):
        assert f"rk.{name}" in api
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page()
        page.set_default_timeout(60_000)
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        for name in ("index", "tutorial.zh", "api", "gallery"):
            page.goto((site / f"{name}.html").as_uri())
        query = page.locator("input.md-search__input").first
        query.fill("台账")
        query.press("End")  # the search reads the words when a key is let go
        expect(page.locator(".md-search-result__item").first).to_be_visible(timeout=60_000)
        assert [
            url for url in asked if not url.startswith(("file:", "data:", "blob:", "about:"))
        ] == []
        browser.close()
