"""The papermill engine ``warm``, registered at the entry point ``papermill.engine``.

``papermill in.ipynb out.ipynb --engine warm`` executes a notebook in a fork of a warm process instead of a
new kernel. ``reportkit run`` uses the same processes, but lets them do papermill's own work too.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import nbformat
from papermill.engines import Engine, NotebookExecutionManager

from reportkit.errors import RunError
from reportkit.running.processes.crew import crew_for


class WarmEngine(Engine):  # type: ignore[misc]  # papermill has no types
    """Executes a notebook in a process of its own that starts warm."""

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: NotebookExecutionManager,
        _kernel_name: str,
        execution_timeout: float | None = None,
        **_: Any,
    ) -> None:
        """Execute the cells and lay their outputs into the notebook.

        Raises :class:`~reportkit.errors.RunError` where the process died or did not end in time.
        """
        content = json.dumps(nb_man.nb, ensure_ascii=False).encode()
        executed = crew_for("warm").cells(content, Path.cwd(), dict(os.environ), execution_timeout)
        if executed.failure is not None:
            place = executed.failure.cell
            if place is not None:
                nb_man.cell_exception(nb_man.nb.cells[place], place)
            raise RunError(str(executed.failure))
        nb_man.nb.cells = nbformat.from_dict(json.loads(executed.notebook)).cells
        for cell in nb_man.nb.cells:
            if cell.metadata.papermill.get("exception"):
                nb_man.nb.metadata.papermill["exception"] = True
