"""The clerk's way in a real browser: a faulty workbook, the faults, the mended one, the report, the Word file."""

from __future__ import annotations

import io
import os
import queue
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import docx
import pytest
from playwright.sync_api import expect, sync_playwright

from tests.app.conftest import PERSON
from tests.programs import CHROMIUM

pytestmark = [
    pytest.mark.browser,
    pytest.mark.kernel,
    pytest.mark.needs("chromium"),
    pytest.mark.timeout(240),
]

LONG = 90_000
"""Milliseconds that a step may take on a busy machine."""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """Serve the page; return its address and the folder for temporary files."""
    scratch = tmp_path_factory.mktemp("scratch")
    server = subprocess.Popen(
        [sys.executable, "-m", "reportkit", "app", "--no-browser"],
        stdout=subprocess.PIPE,
        cwd=scratch,
        env={**os.environ, "TMPDIR": str(scratch)},
        text=True,
    )
    lines: queue.Queue[str] = queue.Queue()
    assert server.stdout is not None
    out = server.stdout

    def listen() -> None:
        for line in out:
            lines.put(line)

    threading.Thread(target=listen, daemon=True).start()
    yield lines.get(timeout=180).strip(), scratch
    server.terminate()
    server.wait(timeout=60)
    assert not list(scratch.glob("reportkit-app-*"))


def visits(scratch: Path) -> list[Path]:
    return [
        folder for folder in scratch.glob("reportkit-app-*/reportkit-visit-*") if folder.is_dir()
    ]


def served(url: str) -> None:
    """Wait until the server answers."""
    for _ in range(100):
        try:
            urlopen(url.split("?", maxsplit=1)[0] + "login", timeout=5).close()
        except OSError:
            time.sleep(0.1)
        else:
            return


def test_from_a_faulty_workbook_to_the_word_file(
    address: tuple[str, Path], faulty: bytes, filled: bytes
) -> None:
    url, scratch = address
    assert url.startswith("http://127.0.0.1:")
    served(url)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1366, "height": 768})
        page.set_default_timeout(LONG)
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(url.split("?", maxsplit=1)[0])
        assert "/login" in page.url  # without the token there is no page
        page.goto(url)
        upload = page.locator(".rk-drop input")
        upload.wait_for(state="attached")
        assert "open_page" not in page.content()

        drop(upload, faulty)
        page.get_by_text("台账有1处问题").wait_for()
        page.get_by_role("button", name="二、改正问题").click()
        row = page.locator("tr", has_text="予以公示")
        expect(row).to_contain_text("依申请公开台账")
        assert row.locator("td, th").nth(1).inner_text() == "2"
        marked = save(page, page.locator('button[data-file="marked"]'))
        assert marked[0] == "问题清单.xlsx"

        page.get_by_role("button", name="一、放入台账").click()
        drop(upload, filled)
        page.get_by_text("台账没有发现填写问题").wait_for()
        page.get_by_role("button", name="三、写五、六部分").click()
        write_sections(page)
        page.get_by_text("已经写入台账").wait_for()

        page.get_by_role("button", name="四、查看和下载").click()
        page.get_by_role("button", name="生成预览").click()
        page.get_by_text("这就是报告的样子").wait_for()
        report = page.frame_locator("iframe")
        expect(report.locator("h1")).to_contain_text("清禾镇2025年")
        assert "公开栏已经按月检查。" in report.locator("body").inner_text()
        name, word = save(page, page.locator('button[data-file="docx"]'))
        assert name == "清禾镇2025年政府信息公开工作年度报告.docx"
        text = "\n".join(p.text for p in docx.Document(io.BytesIO(word)).paragraphs)
        assert "公开栏已经按月检查。" in text
        assert "收取金额为0元" in text
        assert not any(each in text + page.content() for each in PERSON.values())

        beyond = [u for u in asked if not u.startswith((url.split("?")[0], "data:", "blob:"))]
        assert beyond == []
        assert len(visits(scratch)) == 1
        page.close(run_before_unload=True)
        for _ in range(400):
            if not visits(scratch):
                break
            time.sleep(0.1)
        assert visits(scratch) == []


def write_sections(page: Any) -> None:
    """Take the draft of section six, and write section five by hand."""
    expect(page.get_by_text("按台账数字拟的草稿")).to_be_visible()
    page.get_by_role("button", name="用这份草稿").last.click()
    expect(page.locator("textarea").last).to_have_value(re.compile("收取金额为0元"))
    page.locator("textarea").first.fill("公开栏已经按月检查。")
    page.get_by_role("button", name="采用这些文字").click()


def drop(upload: Any, content: bytes) -> None:
    upload.set_input_files(
        {"name": "台账.xlsx", "mimeType": "application/octet-stream", "buffer": content}
    )


def save(page: Any, button: Any) -> tuple[str, bytes]:
    """Press a button and return the file that it saves."""
    with page.expect_download(timeout=LONG) as waiting:
        button.click()
    return waiting.value.suggested_filename, Path(waiting.value.path()).read_bytes()
