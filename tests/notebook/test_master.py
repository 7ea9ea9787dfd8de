"""The master notebook is thin, clean, and takes the four parameters: no kernel is needed to see that."""

from __future__ import annotations

import ast
from typing import Any

import nbformat
import pytest
from papermill import inspect_notebook

from reportkit import notebook
from reportkit.form import EDITIONS, load_edition
from reportkit.running.execution.parameters import RunParams
from tests.notebooks import MASTER


@pytest.fixture(scope="module")
def master() -> nbformat.NotebookNode:
    nb: nbformat.NotebookNode = nbformat.read(MASTER, as_version=4)
    return nb


def code(master: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    return [cell for cell in master.cells if cell.cell_type == "code"]


def test_it_is_valid_and_every_cell_has_its_own_id(master: nbformat.NotebookNode) -> None:
    nbformat.validate(master)
    ids = [cell.id for cell in master.cells]
    assert len(set(ids)) == len(ids)


def test_no_output_and_no_count_is_committed(master: nbformat.NotebookNode) -> None:
    assert all(not cell.outputs and cell.execution_count is None for cell in code(master))
    assert master.metadata.kernelspec.name == "python3"


def test_one_cell_holds_literal_parameters(master: nbformat.NotebookNode) -> None:
    tagged = [c for c in code(master) if "parameters" in c.metadata.get("tags", [])]
    assert len(tagged) == 1
    for statement in ast.parse(tagged[0].source).body:
        assert isinstance(statement, ast.AnnAssign)
        assert isinstance(statement.value, ast.Constant)


def test_parameters_are_those_of_a_run_both_ways() -> None:
    found: dict[str, dict[str, Any]] = inspect_notebook(str(MASTER))
    fields = RunParams.model_fields
    assert found.keys() == fields.keys()
    for name, parameter in found.items():
        assert ast.literal_eval(parameter["default"]) == fields[name].default
        assert parameter["inferred_type_name"] == type(fields[name].default).__name__


def test_cells_are_thin(master: nbformat.NotebookNode) -> None:
    """After the parameters: imports from reportkit.notebook alone, calls of one helper, one display."""
    for cell in code(master):
        if "parameters" in cell.metadata.get("tags", []):
            continue
        *before, last = ast.parse(cell.source).body
        assert isinstance(last, ast.Expr), cell.id
        assert isinstance(last.value, ast.Name | ast.Call), cell.id
        for statement in before:
            assert isinstance(statement, ast.ImportFrom | ast.Assign), cell.id
            if isinstance(statement, ast.ImportFrom):
                assert statement.module == "reportkit.notebook"
                assert {name.name for name in statement.names} <= set(notebook.__all__)
        calls = [node for node in ast.walk(ast.parse(cell.source)) if isinstance(node, ast.Call)]
        assert len(calls) == 1, cell.id
        assert not any(isinstance(argument, ast.Call) for argument in calls[0].args)


def test_every_section_of_every_edition_has_its_cell(master: nbformat.NotebookNode) -> None:
    for edition in EDITIONS:
        for section in load_edition(edition).sections:
            helper = "tables.form" if section.table else "narrative.section"
            call = f'{helper}(report, "{section.code}")'
            assert [c.source for c in code(master)].count(call) == 1


def test_sections_stand_in_the_forms_order(master: nbformat.NotebookNode) -> None:
    shown = [c.source.split('"')[1] for c in code(master) if '(report, "' in c.source]
    assert shown == [section.code for section in load_edition("2021").sections]
