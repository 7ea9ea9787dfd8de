"""JupyterLab itself, driven in a browser: the notebooks opened, run, a parameter edited and run again."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from playwright.sync_api import expect, sync_playwright

from tests.programs import CHROMIUM

pytestmark = [
    pytest.mark.browser,
    pytest.mark.kernel,
    pytest.mark.needs("chromium"),
    pytest.mark.timeout(300),
]

TOKEN = "for-this-test"
LONG = 120_000
"""Milliseconds that a step may take on a busy machine."""


@contextmanager
def serving(root: Path, folder: Path) -> Iterator[str]:
    """Serve JupyterLab over copies of the notebooks in a folder, and give its address."""
    for name in ("annual_report.ipynb", "explore.ipynb"):
        shutil.copyfile(root / "notebooks" / name, folder / name)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [
            *(
                sys.executable,
                "-m",
                "jupyter",
                "lab",
                "--no-browser",
                "--ip=127.0.0.1",
                "--allow-root",
            ),
            *(
                f"--port={port}",
                f"--IdentityProvider.token={TOKEN}",
                f"--ServerApp.root_dir={folder}",
            ),
            "--LabApp.news_url=",
        ],
        cwd=folder,
        env={**os.environ, "JUPYTER_CONFIG_DIR": str(folder / ".jupyter")},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    for _ in range(600):
        try:
            urlopen(f"{address}/api", timeout=5).close()
            break
        except OSError:
            time.sleep(0.2)
    yield address
    server.terminate()
    server.wait(timeout=60)


@pytest.fixture(scope="module")
def lab(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve JupyterLab, and return its address."""
    with serving(root, tmp_path_factory.mktemp("lab")) as address:
        yield address


@pytest.fixture(scope="module")
def page() -> Iterator[Any]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1366, "height": 900})
        page.set_default_timeout(LONG)
        yield page
        browser.close()


def opened(page: Any, lab: str, name: str) -> Any:
    """Open a notebook and return its panel."""
    page.goto(f"{lab}/lab/tree/{name}?token={TOKEN}&reset")
    panel = page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)")
    panel.locator(".jp-Cell").first.wait_for()
    # What is run before the kernel is there is lost without a word.
    page.locator("#jp-main-statusbar").get_by_text("| Idle").wait_for()
    return panel


def run_all(page: Any) -> None:
    page.locator(".lm-MenuBar-itemLabel", has_text=re.compile("^Run$")).click()
    page.locator(".lm-Menu-itemLabel", has_text=re.compile("^Run All Cells$")).click()


def test_the_master_is_run_and_run_again_with_another_year(page: Any, lab: str) -> None:
    panel = opened(page, lab, "annual_report.ipynb")
    run_all(page)
    outputs = panel.locator(".jp-OutputArea-output")
    expect(outputs.locator("h1").first).to_contain_text("二十里店镇", timeout=LONG)
    expect(outputs.filter(has_text="海阳市二十里店镇人民政府").first).to_be_attached(timeout=LONG)
    assert (
        panel.locator(
            ".jp-OutputArea-output[data-mime-type='application/vnd.jupyter.stderr']"
        ).count()
        == 0
    )
    editor = panel.locator(".jp-CodeCell .cm-content").first
    editor.click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(
        'town: str = "danheng"\nyear: int = 2020\nsource: str = "sample:"\naudience: str = "public"'
    )
    run_all(page)
    expect(outputs.locator("h1").first).to_contain_text("2020年", timeout=LONG)


def test_the_explorer_shows_a_table_and_says_what_a_changed_cell_breaks(
    page: Any, lab: str
) -> None:
    panel = opened(page, lab, "explore.ipynb")
    run_all(page)
    panel.locator(".lm-TabBar-tabLabel", has_text="两份并排").wait_for()
    expect(panel.locator(".jp-OutputArea-output table.dataframe").first).to_be_visible(timeout=LONG)
    panel.locator(".mark-rect path").first.click()  # a bar of the chart: its town's row is marked
    page.wait_for_function(
        "[...document.querySelectorAll('td')].some(td => getComputedStyle(td).fontWeight === '700')"
    )
    panel.locator(".lm-TabBar-tabLabel", has_text="假如改一格").click()
    field = panel.locator('input[data-address="t3.received.total"]')
    field.fill("99999")
    field.press("Tab")
    panel.get_by_text("不平").first.wait_for()
    expect(panel.locator("input.broken").first).to_be_visible()
