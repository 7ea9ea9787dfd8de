"""The engines agree to the byte, and a report's cells are shown as a kernel shows them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from reportkit.running.processes.crew import Crew
from tests.running.conftest import MakeJob

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


def outputs(job: Any) -> list[dict[str, Any]]:
    content = job.output.read(job.name(".ipynb"))
    assert content is not None
    [cell] = [cell for cell in json.loads(content)["cells"] if cell.get("id") == "fault"]
    return [plain(output) for output in cell["outputs"]]


def plain(output: dict[str, Any]) -> dict[str, Any]:
    """Return an output with texts in one piece, as some writers split them into lines."""
    body: dict[str, Any] = {k: "".join(v) if isinstance(v, list) else v for k, v in output.items()}
    if "data" in body:
        body["data"] = {
            k: "".join(v) if isinstance(v, list) else v.strip() for k, v in body["data"].items()
        }
    return body


@pytest.mark.kernel
@pytest.mark.parametrize("source", [SHOW, QUIET, MAGIC])
def test_a_cell_shows_what_it_shows_in_a_kernel(
    crew: Crew, crews: Callable[[str], Crew], make_job: MakeJob, source: str
) -> None:
    job = make_job(source)
    assert crew.make(job).status == "ok"
    ours = outputs(job)
    outcome = crews("stock").make(job)
    assert outcome.status == "ok", outcome.failure
    assert ours == outputs(job)


@pytest.mark.kernel
def test_a_kernels_failure_is_worded_alike(
    crew: Crew, crews: Callable[[str], Crew], make_job: MakeJob
) -> None:
    job = make_job("1 / 0")
    ours, theirs = crew.make(job).failure, crews("stock").make(job).failure
    assert ours is not None
    assert theirs is not None
    assert (ours.cell, ours.name, ours.message) == (theirs.cell, theirs.name, theirs.message)


@pytest.mark.kernel
def test_a_kernel_that_dies_or_hangs_fails_its_report_alone(
    crews: Callable[[str], Crew], make_job: MakeJob
) -> None:
    crew = crews("stock")
    assert crew.make(make_job("import os\nos._exit(1)")).status == "failed"
    outcome = crew.make(make_job("while True: pass", timeout=15.0))
    assert outcome.failure is not None
    assert outcome.failure.name == "Timeout"
    assert crew.make(make_job()).status == "ok"
