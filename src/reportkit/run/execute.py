"""Executing one notebook, here and now, and wording what went wrong.

papermill does it: it injects the parameters, runs the cells through the engine of a name and keeps the
books. What comes back is a value also where a cell raised: the notebook with the marked cell.
"""

from __future__ import annotations

import contextlib
import re
from typing import Any, Final

import nbformat
import papermill
from papermill.exceptions import PapermillExecutionError
from papermill.execute import raise_for_execution_errors
from papermill.iorw import papermill_io
from papermill.parameterize import parameterize_notebook

from reportkit.masking import mask
from reportkit.run.job import ADDED_CELLS, Executed, Failure, Job

_SCHEME: Final = "reportkit:"
_INPUT: Final = f"{_SCHEME}annual_report.ipynb"
_COLOURS: Final = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_LAST_LINES: Final = 12


class _Memory:
    """papermill's reader and writer for notebooks that stand in no file."""

    def __init__(self) -> None:
        self.texts: dict[str, str] = {}

    def read(self, path: str) -> str:
        return self.texts[path]

    def write(self, text: str, path: str) -> None:
        self.texts[path] = text

    def pretty_path(self, path: str) -> str:
        return path


_MEMORY: Final = _Memory()
papermill_io.register(_SCHEME, _MEMORY)


def execute(job: Job, engine: str | None) -> Executed:
    """Execute a job's notebook by a papermill engine, in the current working folder and environment.

    ``None`` is papermill's own engine: a Jupyter kernel.
    """
    kept = f"{_SCHEME}{job.name('.ipynb')}"
    _MEMORY.texts = {_INPUT: job.notebook.decode()}
    failure = None
    try:
        papermill.execute_notebook(
            _INPUT,
            kept,
            parameters=dict(job.parameters),
            engine_name=engine,
            kernel_name="python3",
            request_save_on_cell_execute=False,
            progress_bar=False,
        )
    except PapermillExecutionError as fault:
        failure = failure_of(fault)
    except Exception as fault:  # noqa: BLE001  # a kernel that died: a value like any other
        failure = Failure(name=type(fault).__name__, message=clean(str(fault)))
    texts, _MEMORY.texts = _MEMORY.texts, {}
    return Executed(notebook=texts.get(kept, texts[_INPUT]).encode(), failure=failure)


def marked(job: Job, failure: Failure) -> bytes:
    """Return the notebook of a process that died: without outputs, the cell that ran marked as papermill does."""
    node = parameterize_notebook(
        nbformat.reads(job.notebook.decode(), as_version=4), dict(job.parameters)
    )
    place = 0 if failure.cell is None else failure.cell - ADDED_CELLS - 1
    fault = nbformat.v4.new_output(
        "error", ename=failure.name, evalue=failure.message, traceback=list(failure.lines)
    )
    node.cells[place].outputs = [fault]
    kept = f"{_SCHEME}{job.name('.ipynb')}"
    with contextlib.suppress(PapermillExecutionError):
        raise_for_execution_errors(node, kept)
    return _MEMORY.texts.pop(kept).encode()


def failure_of(fault: PapermillExecutionError) -> Failure:
    """Word a failed cell. papermill's text lacks the cell's place, its fields have it."""
    lines = "\n".join(fault.traceback).splitlines()
    return Failure(
        name=fault.ename,
        message=clean(fault.evalue),
        cell=fault.cell_index + ADDED_CELLS + 1,
        lines=tuple(clean(line) for line in lines[-_LAST_LINES:]),
    )


def clean(text: Any) -> str:
    """Return an error's text without colours and without personal numbers."""
    return mask(_COLOURS.sub("", str(text)))
