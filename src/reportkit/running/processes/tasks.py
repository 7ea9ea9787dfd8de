"""What a process of ours can be: one that executes notebooks, or one that turns them into files.

A task reads jobs from a stream and answers each on another, until the stream ends. Forked from the forkserver
or spawned, it is the same. An executing task tells or writes down the place of each cell that it starts, so that a
process which dies or hangs leaves word of where it was.

A task imports what it alone needs when it is done: the process that makes one report of the master notebook is to
hold as little as can be (:mod:`reportkit.running.processes.forkserver`).
"""

from __future__ import annotations

import contextlib
import gc
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from reportkit.project import packaged_notebook
from reportkit.running.execution.parcel import unpack
from reportkit.running.job import Executed, Failure, Job
from reportkit.running.processes import messages as wire
from reportkit.running.processes.ends import CELL, LOG
from reportkit.running.processes.kill import be_the_first_to_go

if TYPE_CHECKING:
    from reportkit.export.board import BoardYear
    from reportkit.manifest import Entry
    from reportkit.running.planning.survey import Survey

MEMORY: Final = 4 << 30
"""Bytes that one report may take before it fails with MemoryError, where the system can say so."""


def prepare() -> None:
    """Do before a fork what every child would do after it."""
    from reportkit.running.execution import in_process as cells  # noqa: PLC0415  # see above
    from reportkit.running.execution.execute import load_beforehand  # noqa: PLC0415
    from reportkit.running.execution.learnt import learn  # noqa: PLC0415

    notebook = packaged_notebook().read_bytes()
    cells.register()
    shell = cells.InProcessEngine.prepared = cells.prepare_shell()
    learn(shell, notebook)
    load_beforehand(notebook)


def rehearse(job: Job, folder: str, *, libraries: bool) -> None:
    """Execute a report in this process before any is forked from it, and put everything back."""
    from reportkit.running.execution.isolation import kept_surroundings  # noqa: PLC0415  # see above

    with kept_surroundings(Path(folder), libraries=libraries):
        os.environ.update(unpack(job.files, Path(folder)))
        _execute_here(job, lambda _: None, lambda _: None)


def serve(task: str, jobs: BinaryIO, answers: BinaryIO) -> None:
    """Do a task for each job until none comes any more."""
    with contextlib.suppress(EOFError, BrokenPipeError):
        while True:
            TASKS[task](wire.receive(jobs), lambda message: wire.send(answers, message))
            if task in _ONCE:
                return


Answer = Callable[[object], None]


def _report(message: tuple[Job, str], answer: Answer) -> None:
    """Execute one report in a process that is thrown away after it."""
    job, folder = message
    be_the_first_to_go()
    _limit_memory()
    os.chdir(folder)
    log = os.open(LOG, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for stream in (1, 2):
        os.dup2(log, stream)
    if not (executed := _unpacked(job, folder)):
        executed = _execute_here(job, answer, lambda cell: _write_down(cell, folder))
    answer(executed)


def _plain(message: tuple[Job, str], answer: Answer) -> None:
    """Execute a report of the master notebook: it is over before collecting garbage would be worth its time."""
    gc.disable()
    _report(message, answer)


def _worker(message: tuple[Job, str], answer: Answer) -> None:
    """Execute a report in a process that has executed others, as if it had not."""
    from reportkit.running.execution.isolation import kept_surroundings  # noqa: PLC0415  # see above

    job, folder = message
    with kept_surroundings(Path(folder)):
        if not (executed := _unpacked(job, folder)):
            executed = _execute_here(job, answer, answer)
    answer(executed)


def _stock(message: tuple[Job, str], answer: Answer) -> None:
    """Execute a report in a Jupyter kernel of its own, as papermill does."""
    from reportkit.running.execution.execute import execute_in_kernel  # noqa: PLC0415  # see above
    from reportkit.running.execution.isolation import kept_surroundings  # noqa: PLC0415  # see above

    job, folder = message
    with kept_surroundings(Path(folder)):
        if not (executed := _unpacked(job, folder)):
            answer(wire.STARTED)
            executed = execute_in_kernel(job)
    answer(executed)


def _unpacked(job: Job, folder: str) -> Executed | None:
    """Write a job's parcel into its folder; return a failure where the disk is full, say, for no second try would end better."""
    try:
        os.environ.update(unpack(job.files, Path(folder)))
    except OSError as fault:
        failure = Failure(name=type(fault).__name__, message=str(fault))
        return Executed(notebook=b"", failure=failure)
    return None


def _export(message: Job | tuple[Job, Executed, float], answer: Answer) -> None:
    """Derive a report before its notebook runs, or turn an executed notebook into files."""
    if isinstance(message, Job):
        from reportkit.running.execution.prepare import prepare_report  # noqa: PLC0415  # see above

        answer(prepare_report(message))
    else:
        from reportkit.running.execution.publish import publish  # noqa: PLC0415  # see above

        answer(publish(*message))


def _cells(message: tuple[bytes, str, dict[str, str]], answer: Answer) -> None:
    """Execute the cells of a notebook that papermill has prepared, and leave the rest to papermill."""
    from reportkit.running.execution import in_process as cells  # noqa: PLC0415  # see above
    from reportkit.running.execution.execute import execute_cells  # noqa: PLC0415

    notebook, folder, variables = message
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(variables)
    cells.register()
    answer(wire.STARTED)
    cells.InProcessEngine.on_cell = staticmethod(answer)
    answer(execute_cells(cells.IN_PROCESS, notebook))


def _catalogue(survey: Survey, answer: Answer) -> None:
    """Take the inventory of a source."""
    from reportkit.running.planning.survey import take  # noqa: PLC0415  # see above

    answer(take(survey, lambda: answer(wire.STARTED)))


def _index(message: tuple[list[Entry], str, tuple[BoardYear, ...]], answer: Answer) -> None:
    """Render the pages of an output folder's index."""
    from reportkit.export.country import render_pages  # noqa: PLC0415  # see above

    answer(render_pages(*message))


def _execute_here(job: Job, answer: Answer, on_cell: Callable[[int], None]) -> Executed:
    from reportkit.running.execution import in_process as cells  # noqa: PLC0415  # see above
    from reportkit.running.execution.execute import execute_by  # noqa: PLC0415

    cells.register()
    answer(wire.STARTED)
    cells.InProcessEngine.on_cell = staticmethod(on_cell)
    return execute_by(cells.IN_PROCESS, job)


def _write_down(cell: int, folder: str) -> None:
    """Write down in the working folder which cell starts, for the parent to find where this process dies or hangs.

    A message for each cell would wake the parent as often, mostly for nothing.
    """
    with contextlib.suppress(OSError):  # the notebook may have removed the folder
        file = os.open(f"{folder}/{CELL}", os.O_WRONLY | os.O_CREAT, 0o600)
        try:
            os.write(file, wire.NUMBER.pack(cell))
        finally:
            os.close(file)


TASKS: Final[dict[str, Callable[[Any, Answer], None]]] = {
    "report": _report,
    "plain": _plain,
    "worker": _worker,
    "stock": _stock,
    "cells": _cells,
    "export": _export,
    "catalogue": _catalogue,
    "index": _index,
}


LIGHT: Final = "plain"
"""The task that executes a report of which it is known that it needs no more than the master notebook: :attr:`Job.plain`."""

_ONCE: Final = ("report", LIGHT, "catalogue", "index")
"""The tasks of which a forked process does each once."""


def _limit_memory() -> None:
    if sys.platform == "linux":
        import resource  # noqa: PLC0415  # not on every platform

        _, most = resource.getrlimit(resource.RLIMIT_DATA)
        resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, most))
