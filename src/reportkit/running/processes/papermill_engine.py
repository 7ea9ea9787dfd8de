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
from reportkit.running.job import Executed
from reportkit.running.processes.bounds import after
from reportkit.running.processes.client import Died, Hung
from reportkit.running.processes.crew import Crew, crew_for
from reportkit.running.processes.ends import failure_of
from reportkit.running.processes.messages import STARTED


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
        executed = execute_cells(crew_for("warm"), content, execution_timeout)
        if executed.failure is not None:
            place = executed.failure.cell
            if place is not None:
                nb_man.cell_exception(nb_man.nb.cells[place], place)
            raise RunError(str(executed.failure))
        nb_man.nb.cells = nbformat.from_dict(json.loads(executed.notebook)).cells
        for cell in nb_man.nb.cells:
            if cell.metadata.papermill.get("exception"):
                nb_man.nb.metadata.papermill["exception"] = True


def execute_cells(crew: Crew, notebook: bytes, timeout: float | None) -> Executed:
    """Execute a notebook that papermill has prepared, in this process's own folder and environment.

    A failure's ``cell`` is the place of the cell that ran when the process died.
    """
    member = crew.members.get("cells", 1)
    deadline: float | None = after(crew.bounds.start)
    cell: int | None = None
    try:
        surroundings = (notebook, str(Path.cwd()), dict(os.environ))
        member.process.ask(surroundings, after(crew.bounds.start))
        while isinstance(message := member.process.answer(deadline), int):
            if message != STARTED:
                cell = message
            else:
                deadline = None if timeout is None else after(timeout)
    except (Died, Hung) as fault:
        return Executed(notebook=b"", failure=failure_of(fault, timeout, cell, None))
    finally:
        crew.members.drop(member, kill=True)
    return Executed(notebook=message)
