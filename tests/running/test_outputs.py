"""The engines agree to the byte, and a report's cells are shown as a kernel shows them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from reportkit.running.processes.crew import Crew
from tests.running.conftest import MakeJob, notebook_with

SHOW = """
import sys
from IPython.display import Image, clear_output, display
print("gone")
clear_output(wait=True)
print("one", end=" ")
print("two")
print("three", file=sys.stderr)
handle = display({"text/plain": "before", "text/html": "<p>before</p>"}, raw=True, display_id=True)
handle.update({"text/plain": "after", "text/html": "<p>after</p>"}, raw=True)
display(Image(data=b"not really a picture", format="png"))
print("four")
7
"""
QUIET = "7;"
MAGIC = "%config InteractiveShell.ast_node_interactivity = 'all'"


CELLS = {"show": SHOW, "quiet": QUIET, "magic": MAGIC}
"""The magic is the last: it holds for what comes after it."""


def shown_by(crew: Crew, make_job: MakeJob) -> dict[str, list[dict[str, Any]]]:
    """Return what a crew's processes show of each cell."""
    body = json.loads(notebook_with(""))
    place = next(n for n, cell in enumerate(body["cells"]) if cell.get("id") == "fault")
    given = body["cells"].pop(place)
    body["cells"][place:place] = [
        {**given, "id": id_, "source": text} for id_, text in CELLS.items()
    ]
    job = make_job(notebook=json.dumps(body).encode())
    outcome = crew.make(job)
    assert outcome.status == "ok", outcome.failure
    content = job.output.read(job.name(".ipynb"))
    assert content is not None
    cells = {cell.get("id"): cell for cell in json.loads(content)["cells"]}
    return {id_: [plain(output) for output in cells[id_]["outputs"]] for id_ in CELLS}


def plain(output: dict[str, Any]) -> dict[str, Any]:
    """Return an output with texts in one piece, as some writers split them into lines."""
    body: dict[str, Any] = {k: "".join(v) if isinstance(v, list) else v for k, v in output.items()}
    if "data" in body:
        body["data"] = {
            k: "".join(v) if isinstance(v, list) else v.strip() for k, v in body["data"].items()
        }
    return body


@pytest.mark.kernel
def test_a_cell_shows_what_it_shows_in_a_kernel(
    crews: Callable[[str], Crew], make_job: MakeJob
) -> None:
    theirs = shown_by(crews("stock"), make_job)
    assert len(theirs["show"]) > 3
    assert theirs["quiet"] == []
    for mode in ("fork", "spawn"):
        assert shown_by(crews(mode), make_job) == theirs, mode


@pytest.mark.kernel
def test_a_kernels_failure_is_worded_alike(crews: Callable[[str], Crew], make_job: MakeJob) -> None:
    job = make_job("1 / 0")
    theirs = crews("stock").make(job).failure
    assert theirs is not None
    for mode in ("fork", "spawn"):
        ours = crews(mode).make(job).failure
        assert ours is not None
        assert (ours.cell, ours.name, ours.message) == (theirs.cell, theirs.name, theirs.message)


@pytest.mark.kernel
def test_a_kernel_that_dies_or_hangs_fails_its_report_alone(
    crews: Callable[[str], Crew], make_job: MakeJob
) -> None:
    crew = crews("stock")
    assert crew.make(make_job("import os\nos._exit(1)")).status == "failed"
    outcome = crew.make(make_job("import time\ntime.sleep(600)", timeout=8.0))
    assert outcome.failure is not None
    assert outcome.failure.name == "Timeout"
    assert crew.make(make_job()).status == "ok"
