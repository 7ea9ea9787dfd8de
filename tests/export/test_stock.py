"""The ecosystem's own commands give the report that ours gives, byte for byte."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.notebooks import MASTER

BIN = Path(sys.executable).parent


def run(folder: Path, *command: str) -> None:
    done = subprocess.run(
        [str(BIN / command[0]), *command[1:]],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.kernel
def test_papermill_and_nbconvert_give_the_same_page_as_reportkit_run(tmp_path: Path) -> None:
    parameters = ("-p", "town", "danheng", "-p", "year", "2024")
    run(tmp_path, "papermill", str(MASTER), "out.ipynb", *parameters, "--no-progress-bar")
    beside = "--ReportkitExporter.formats=docx,xlsx"
    run(tmp_path, "jupyter", "nbconvert", "--to", "reportkit", "out.ipynb", beside)
    asked = ("--town", "danheng", "--year", "2024", "--format", "docx,xlsx")
    run(tmp_path, "reportkit", "run", *asked, "--output", "made")
    page = (tmp_path / "out.html").read_bytes()
    assert page.count(b"<svg") == 3
    links = (
        '下载：<a href="danheng.docx" download>Word</a>、<a href="danheng.xlsx" download>Excel</a>'
    )
    assert links.encode() in page
    assert page == (tmp_path / "made" / "2024" / "danheng.html").read_bytes()
