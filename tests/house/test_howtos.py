"""The how-tos of docs/howto, followed from outside of the package: what they say is all that is to be done."""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

from reportkit import cli
from reportkit.checks.check import FAMILIES
from reportkit.checks.context import Context
from reportkit.checks.registry import Hit, Registry, Rule, rule
from reportkit.checks.wording import cell_name
from reportkit.cli.main import main
from reportkit.form import Cells, load_edition
from reportkit.registers.page import render_registers
from reportkit.registers.reading.folder import Folder
from reportkit.registers.schema import REGISTERS, Column
from reportkit.registers.workbook import write_template
from reportkit.report import Town, TownReport
from reportkit.sources.dossier import Source
from tests.conftest import ROOT

HOWTOS = sorted((ROOT / "docs" / "howto").glob("add-a*.md"))


@pytest.mark.parametrize("page", HOWTOS, ids=lambda page: page.stem)
def test_each_names_a_test_that_is_there(page: Path) -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)`", page.read_text("utf-8"))
    assert named, "a how-to names the test that follows it"
    assert [name for name in named if not (ROOT / name).is_file()] == []


def test_a_file_in_the_folder_of_commands_is_a_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "greet.py").write_text(
        '''import typer

def greet(name: str) -> None:
    """Greet somebody."""
    typer.echo(f"你好，{name}")
''',
        "utf-8",
    )
    monkeypatch.setattr(cli, "__path__", [*cli.__path__, str(tmp_path)])
    try:
        assert main(["greet", "青石镇"]) == 0
        assert capsys.readouterr().out == "你好，青石镇\n"
        assert main(["--help"]) == 0
        assert "Greet somebody." in capsys.readouterr().out
    finally:
        sys.modules.pop("reportkit.cli.greet", None)


def test_the_rule_of_the_page_is_one() -> None:
    page = (ROOT / "docs" / "howto" / "add-a-rule.md").read_text("utf-8")
    (block,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    names: dict[str, object] = {
        "rule": rule,
        "Hit": Hit,
        "Context": Context,
        "Iterator": Iterator,
        "TownReport": TownReport,
        "cell_name": cell_name,
    }
    exec(inspect.cleandoc(block), names)  # the page's own lines
    forecast = names["forecast"]
    assert isinstance(forecast, Rule)
    rules = Registry((*(family.RULES for family in FAMILIES), (forecast,)))
    assert forecast.code in rules
    report = TownReport(
        town=Town(id="aa", name="甲镇"),
        year=2021,
        edition="2021",
        cells=Cells(load_edition("2021")),
    )
    assert list(forecast.findings(report, Context())) == []


def test_the_page_on_sources_names_what_a_source_has() -> None:
    page = (ROOT / "docs" / "howto" / "add-a-source.md").read_text("utf-8")
    asked = {name for name in vars(Source) if not name.startswith("_")} | {*Source.__annotations__}
    (listed,) = re.findall(r"asks for: (.*?)\.\n", page)
    assert set(re.findall(r"`(\w+)`", listed)) == asked


@pytest.fixture
def remark() -> Iterator[Column]:
    """Give the register of hotline calls a column more, as a line in the schema does."""
    register, column = REGISTERS["hotline"], Column("remark", "备注")
    before = register.columns
    object.__setattr__(register, "columns", (*before, column))
    _forget()
    yield column
    object.__setattr__(register, "columns", before)
    _forget()


def _forget() -> None:
    """Forget what was worked out from the schema and kept: another process would not have it."""
    for name, module in list(sys.modules.items()):
        if name.startswith("reportkit.registers."):
            for each in vars(module).values():
                if callable(getattr(each, "cache_clear", None)):
                    each.cache_clear()


def test_a_column_of_the_schema_is_read_written_and_described(
    tmp_path: Path, remark: Column
) -> None:
    (tmp_path / "hotline.csv").write_text(
        f"单位编号,工单号,收到日期,{remark.heading}\naa,1,2021-03-01,已转办\n", "utf-8"
    )
    (row,) = Folder(tmp_path).town("aa").frames["hotline"].to_dict("records")
    assert row[remark.name] == "已转办"
    assert remark.heading in render_registers()
    write_template(tmp_path / "a.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx")[REGISTERS["hotline"].heading]
    assert remark.heading in [cell.value for row in sheet.iter_rows(max_row=5) for cell in row]
