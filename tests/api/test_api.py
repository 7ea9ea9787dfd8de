"""The public API: every example runs, names survive the import of every submodule, and importing it is quick."""

from __future__ import annotations

import doctest
import importlib
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pandas as pd
import pytest

import reportkit as rk
from tests.api_page import api_page

MODULES = [
    f"reportkit.api.{name}" for name in ("sources", "reading", "judging", "batch", "county")
] + [
    "reportkit.notebook.loading",
    "reportkit.notebook.issuer",
    "reportkit.notebook.view",
    "reportkit.project.this_run",
]


@pytest.mark.parametrize("name", MODULES)
def test_examples_run(name: str) -> None:
    result = doctest.testmod(importlib.import_module(name))
    assert result.attempted
    assert not result.failed


def test_every_function_has_an_example() -> None:
    functions = {name for name in rk.__all__ if name.islower()}
    assert functions == {"batch", "check", "county", "load_report", "open_source", "read", "run"}
    for name in functions:
        assert ">>> " in (getattr(rk, name).__doc__ or ""), name


_TWICE = """
import importlib, pkgutil, sys, types
import reportkit as rk

calls = {
    "batch": lambda: rk.batch(),
    "check": lambda: rk.check(rk.open_source().report("ershilidian", 2021)).findings,
    "county": lambda: rk.county("haiyang", 2021).report.town.name,
    "load_report": lambda: rk.load_report("ershilidian", 2021).report,
    "open_source": lambda: sorted(rk.open_source().towns),
    "read": lambda: rk.read(sys.argv[1]).problems,
    "run": lambda: rk.run(
        towns=["ershilidian"], years=[2021], source="sample:", output=sys.argv[2]
    ).failed,
}
if __name__ == "__main__":
    for module in pkgutil.walk_packages(rk.__path__, "reportkit."):
        if "__main__" not in module.name and "migrations" not in module.name:
            importlib.import_module(module.name)
    assert calls.keys() == {name for name in rk.__all__ if name.islower()}
    for name in rk.__all__:
        assert not isinstance(getattr(rk, name), types.ModuleType), name
        assert getattr(rk, name) is getattr(rk, name)
        assert getattr(rk, name).__doc__
    for name, call in calls.items():
        assert call() == call(), name
"""


def test_every_name_works_twice_after_every_submodule_is_imported(tmp_path: Path) -> None:
    script = tmp_path / "twice.py"
    script.write_text(_TWICE, "utf-8")
    arguments = [str(tmp_path / "none.pdf"), str(tmp_path / "output")]
    subprocess.run([sys.executable, str(script), *arguments], check=True, cwd=tmp_path)


def test_a_script_of_three_lines_reads_a_file(tmp_path: Path) -> None:
    """Without a guard of its main part, and from standard input: what reads runs no line of it again."""
    report = tmp_path / "报告.txt"
    report.write_text(
        "某某镇2021年政府信息公开工作年度报告\n一、总体情况\n发布信息12条。\n", "utf-8"
    )
    script = f"import reportkit as rk\nprint(rk.read({str(report)!r}).problems)\n"
    done = subprocess.run(
        [sys.executable, "-"], input=script, capture_output=True, encoding="utf-8", check=True
    )
    assert done.stdout.splitlines() == ["()"], done.stderr


def test_importing_the_package_costs_at_most_a_third_of_pandas() -> None:
    def seconds(what: str) -> float:
        code = (
            f"import time; t = time.process_time(); import {what}; print(time.process_time() - t)"
        )
        out = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True
        )
        return float(out.stdout)

    assert seconds("reportkit") < seconds("pandas") / 3


def test_unknown_is_na_and_values_are_exact() -> None:
    source = rk.open_source("sample:")
    report = source.report("ershilidian", 2021)
    cells = report.cells.replace({"t3.received.total": None, "t2.charges.amount": "12.35"})
    from reportkit.tidy import frame

    table = frame([report.with_(cells=cells)], "cells").set_index("address")
    assert table.value["t3.received.total"] is pd.NA
    assert table.status["t3.received.total"] == "unknown"
    assert str(table.value["t2.charges.amount"]) == "12.35"
    assert str(table.year.dtype) == "Int64"


def test_the_page_of_the_api_is_that_of_the_docstrings(root: Path) -> None:
    assert (root / "docs" / "api.md").read_text("utf-8") == api_page(), "run make docs"


def test_both_readmes_show_the_same_python_and_it_runs(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = [(root / name).read_text("utf-8") for name in ("README.md", "README.zh-CN.md")]
    first, second = (
        re.findall(r"^```python\n(.*?)^```", p, re.MULTILINE | re.DOTALL) for p in pages
    )
    assert [re.sub(r" *#.*", "", block) for block in first] == [
        re.sub(r" *#.*", "", block) for block in second
    ]
    monkeypatch.chdir(tmp_path)
    for block in first:
        exec(compile(block, "README.md", "exec"), {"__name__": "readme"})
    assert (tmp_path / "年报.docx").is_file()
    assert (tmp_path / "reports" / "2021" / "ershilidian.html").is_file()


def test_an_unknown_name_is_an_attribute_error() -> None:
    assert isinstance(rk, ModuleType)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        rk.nothing  # noqa: B018
