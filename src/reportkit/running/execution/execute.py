"""Executing one notebook, here and now, and wording what went wrong.

papermill does it: it injects the parameters, runs the cells through the engine of a name and keeps the
books. What comes back is a value also where a cell raised: the notebook with the marked cell.
"""

from __future__ import annotations

import contextlib
import json
from typing import Final
from uuid import uuid4

import nbformat
import papermill
from nbformat import NotebookNode
from papermill.engines import papermill_engines
from papermill.exceptions import PapermillExecutionError
from papermill.execute import (
    prepare_notebook_metadata,
    raise_for_execution_errors,
    remove_error_markers,
)
from papermill.iorw import load_notebook_node, papermill_io
from papermill.parameterize import parameterize_notebook
from papermill.translators import translate_parameters
from papermill.utils import find_first_tagged_cell_index

from reportkit.running.job import ADDED_CELLS, Executed, Failure, Job, clean

_SCHEME: Final = "reportkit:"
_INPUT: Final = f"{_SCHEME}annual_report.ipynb"
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


def execute_in_kernel(job: Job) -> Executed:
    """Execute a job's notebook in a Jupyter kernel, as papermill does, in the current working folder."""
    _MEMORY.texts = {_INPUT: job.notebook.decode()}
    failure = None
    try:
        papermill.execute_notebook(
            _INPUT,
            _kept(job),
            parameters=dict(job.parameters),
            kernel_name="python3",
            language="python",  # a notebook that somebody wrote by a program may name none
            request_save_on_cell_execute=False,
            progress_bar=False,
        )
    except PapermillExecutionError as fault:
        failure = failure_of(fault)
    except Exception as fault:  # noqa: BLE001  # a kernel that died: a value like any other
        failure = Failure(name=type(fault).__name__, message=clean(fault))
    texts, _MEMORY.texts = _MEMORY.texts, {}
    return Executed(notebook=texts.get(_kept(job), "").encode(), failure=failure)


def execute_by(engine: str, job: Job) -> Executed:
    """Execute a job's notebook by a papermill engine of ours, in the current folder and environment.

    The steps are those of ``papermill.execute_notebook`` but the last, which words the notebook for people:
    that takes longer than all the others together.
    """
    node = _with_parameters(_loaded(job.notebook), job)
    node = remove_error_markers(prepare_notebook_metadata(node, _INPUT, _kept(job)))
    node = papermill_engines.execute_notebook_with_engine(
        engine, node, kernel_name="python3", progress_bar=False
    )
    try:
        raise_for_execution_errors(node, _kept(job))
    except PapermillExecutionError as fault:
        return Executed(notebook=_MEMORY.texts.pop(_kept(job)).encode(), failure=failure_of(fault))
    # Keys are sorted as nbformat does it: whoever reads the notebook finds the same order after any engine.
    return Executed(notebook=json.dumps(node, ensure_ascii=False, sort_keys=True).encode())


_BEFOREHAND: Final[dict[bytes, NotebookNode]] = {}
"""What :func:`load_beforehand` loaded, and nobody has taken yet."""


def load_beforehand(notebook: bytes) -> None:
    """Load a notebook before a fork: each child may run it once without loading it again."""
    _BEFOREHAND[notebook] = _loaded(notebook)


def _loaded(notebook: bytes) -> NotebookNode:
    """Return a notebook as papermill loads it.

    papermill has it validated for each report, and goes on where it is not valid. Only a notebook of today's format
    is read without that: validating an older one mends it.
    """
    if notebook in _BEFOREHAND:
        return _BEFOREHAND.pop(notebook)
    node = nbformat.v4.reads_json(notebook.decode())
    ids = [cell.get("id") for cell in node.cells]
    today = (node.get("nbformat"), node.get("nbformat_minor")) == (4, nbformat.v4.nbformat_minor)
    if not today or None in ids or len({*ids}) < len(ids):
        _MEMORY.texts = {_INPUT: notebook.decode()}
        return load_notebook_node(_INPUT)  # type: ignore[no-any-return]
    node.metadata.setdefault(
        "papermill",
        {
            "default_parameters": {},
            "parameters": {},
            "environment_variables": {},
            "version": papermill.__version__,
        },
    )
    for cell in node.cells:
        cell.metadata.setdefault("tags", [])
        cell.metadata.setdefault("papermill", {})
    mended: NotebookNode = nbformat.from_dict(node)
    return mended


def _with_parameters(node: NotebookNode, job: Job) -> NotebookNode:
    """Put the cell of parameters in, as papermill's ``parameterize_notebook`` does but for validating its one cell."""
    parameters = dict(job.parameters)
    cell = NotebookNode(
        id=uuid4().hex[:8],
        cell_type="code",
        metadata=NotebookNode(tags=["injected-parameters"]),
        execution_count=None,
        source=translate_parameters("python3", "python", parameters, "Parameters"),
        outputs=[],
    )
    injected = find_first_tagged_cell_index(node, "injected-parameters")
    place = find_first_tagged_cell_index(node, "parameters")
    if injected >= 0:
        node.cells[injected] = cell
    else:
        node.cells.insert(place + 1, cell)
    node.metadata.papermill["parameters"] = parameters
    return node


def execute_cells(engine: str, notebook: bytes) -> bytes:
    """Execute a notebook that papermill has prepared, up to the first cell that fails."""
    node = papermill_engines.execute_notebook_with_engine(
        engine,
        nbformat.from_dict(json.loads(notebook)),
        kernel_name="python3",
        progress_bar=False,
    )
    return json.dumps(node, ensure_ascii=False).encode()


def _kept(job: Job) -> str:
    return f"{_SCHEME}{job.name('.ipynb')}"


def marked(job: Job, failure: Failure) -> bytes:
    """Return the notebook of a process that died: without outputs, the cell that ran marked as papermill does."""
    _MEMORY.texts = {_INPUT: job.notebook.decode()}
    node = parameterize_notebook(
        load_notebook_node(_INPUT),
        dict(job.parameters),
        kernel_name="python3",
        language="python",
    )
    place = -1 if failure.cell is None else failure.cell - ADDED_CELLS - 1
    if not 0 <= place < len(node.cells) or node.cells[place].cell_type != "code":
        place = next(i for i, cell in enumerate(node.cells) if cell.cell_type == "code")
    fault = nbformat.v4.new_output(
        "error", ename=failure.name, evalue=failure.message, traceback=list(failure.lines)
    )
    node.cells[place].outputs = [fault]
    with contextlib.suppress(PapermillExecutionError):
        raise_for_execution_errors(node, _kept(job))
    return _MEMORY.texts.pop(_kept(job)).encode()


def failure_of(fault: PapermillExecutionError) -> Failure:
    """Word a failed cell. papermill's text lacks the cell's place, its fields have it."""
    lines = "\n".join(fault.traceback).splitlines()
    return Failure(
        name=fault.ename,
        message=clean(fault.evalue),
        cell=fault.cell_index + ADDED_CELLS + 1,
        lines=tuple(clean(line) for line in lines[-_LAST_LINES:]),
    )
