"""Executing one notebook, here and now, and wording what went wrong.

papermill does it: it injects the parameters, runs the cells through the engine of a name and keeps the
books. What comes back is a value also where a cell raised: the notebook with the marked cell.
"""

from __future__ import annotations

import json
import re
import tempfile
from typing import Any, Final

import nbformat
import papermill
from papermill.engines import NBClientEngine, NotebookExecutionManager, papermill_engines
from papermill.exceptions import PapermillExecutionError

from reportkit.masking import mask
from reportkit.run.job import Executed, Failure, Job

_COLOURS: Final = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_LAST_LINES: Final = 12


class KeepingEngine(NBClientEngine):  # type: ignore[misc]  # papermill has no types
    """papermill's own engine, which also keeps hold of the notebook while it runs.

    papermill raises on a failed cell and drops the notebook; without an output path nothing would be left.
    """

    managed: NotebookExecutionManager | None = None

    @classmethod
    def execute_managed_notebook(
        cls, nb_man: NotebookExecutionManager, kernel_name: str, **kwargs: Any
    ) -> None:
        """Remember the notebook, then let papermill execute it in a kernel."""
        cls.managed = nb_man
        super().execute_managed_notebook(nb_man, kernel_name, **kwargs)


papermill_engines.register("reportkit-stock", KeepingEngine)


def execute_stock(job: Job) -> Executed:
    """Execute a job's notebook in a Jupyter kernel of its own, in an empty working folder."""
    node = nbformat.reads(job.notebook.decode(), as_version=4)
    with tempfile.TemporaryDirectory(prefix="reportkit-") as folder:
        try:
            papermill.execute_notebook(
                node,
                None,
                parameters=dict(job.parameters),
                engine_name="reportkit-stock",
                kernel_name="python3",
                progress_bar=False,
                cwd=folder,
            )
            failure = None
        except PapermillExecutionError as fault:
            failure = failure_of(fault)
        except Exception as fault:  # noqa: BLE001  # a kernel that died, a notebook that is none: a value too
            failure = Failure(name=type(fault).__name__, message=clean(str(fault)))
    managed = KeepingEngine.managed
    KeepingEngine.managed = None
    return Executed(notebook=to_bytes(managed.nb if managed else node), failure=failure)


def to_bytes(notebook: nbformat.NotebookNode) -> bytes:
    """Return a notebook as the JSON that nbformat writes: one-space indent, keys sorted."""
    return json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True).encode() + b"\n"


def failure_of(fault: PapermillExecutionError) -> Failure:
    """Word a failed cell. papermill's text lacks the cell's place, its fields have it.

    The place counts the two cells that papermill puts into the kept notebook: a line at the top, and a
    mark before the cell.
    """
    lines = "\n".join(fault.traceback).splitlines()
    return Failure(
        name=fault.ename,
        message=clean(fault.evalue),
        cell=fault.cell_index + 3,
        lines=tuple(clean(line) for line in lines[-_LAST_LINES:]),
    )


def clean(text: str) -> str:
    """Return an error's text without colours and without personal numbers."""
    return mask(_COLOURS.sub("", text))
