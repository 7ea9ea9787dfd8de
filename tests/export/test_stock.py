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
    run(tmp_path, "jupyter", "nbconvert", "--to", "reportkit", "out.ipynb")
    run(tmp_path, "reportkit", "run", "--town", "danheng", "--year", "2024", "--output", "made")
    page = (tmp_path / "out.html").read_bytes()
    assert page.count(b"<svg") == 3
    assert page == (tmp_path / "made" / "2024" / "danheng.html").read_bytes()
