"""Executed notebooks made without a kernel: the master's own cells, run here on a hand-made dossier."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any

import nbformat
from nbformat.v4 import new_output

from reportkit import notebook
from reportkit.notebook.view import View

MASTER = Path(__file__).parent.parent / "notebooks" / "annual_report.ipynb"


def helpers() -> dict[str, Any]:
    """Return what a notebook may import, by name; each is imported when it is first asked for."""
    return {name: getattr(notebook, name) for name in notebook.__all__}


def displayed(source: str, names: dict[str, Any]) -> Any:
    """Return what a cell displays: the value of its last expression."""
    last = ast.parse(source).body[-1]
    assert isinstance(last, ast.Expr)
    return eval(compile(ast.Expression(last.value), "<cell>", "eval"), names)


def executed(view: View) -> nbformat.NotebookNode:
    """Return the master notebook with the outputs that it has for a view."""
    nb: nbformat.NotebookNode = nbformat.read(MASTER, as_version=4)
    names = {**helpers(), "report": view}
    for count, cell in enumerate((c for c in nb.cells if c.cell_type == "code"), 1):
        cell.execution_count = count
        if "parameters" in cell.metadata.get("tags", ()):
            continue
        value = displayed(cell.source, names)
        bundle = value._repr_mimebundle_()
        data = {**json.loads(json.dumps(bundle)), "text/plain": repr(value)}
        cell.outputs = [new_output("execute_result", data, execution_count=count)]
    return nb
