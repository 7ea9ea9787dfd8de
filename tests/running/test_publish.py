"""What a published report leaves in the manifest."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import nbformat
from pydantic import TypeAdapter

from reportkit.notebook.view import View
from reportkit.review.decisions import Decision, decide
from reportkit.running.execution.publish import publish
from reportkit.running.job import Executed, Job
from reportkit.running.output_folder import OutputFolder
from tests import dossiers
from tests.notebooks import executed


def test_a_finding_that_was_accepted_is_not_counted_as_open(tmp_path: Path) -> None:
    """The board and the index tell of open findings; the letter of ``check`` follows the same count."""
    shown = View(dossiers.faulty(), dossiers.faulty().report, "internal")
    place = OutputFolder.at(tmp_path)
    job = Job(
        notebook=b"",
        parameters={"town": "baishigou", "year": 2023},
        files={},
        output=place,
        internal=place,
    )
    executed_ = Executed(notebook=nbformat.writes(executed(shown)).encode())
    open_ = publish(job, executed_).findings
    assert open_ is not None
    assert open_["error"] == len(shown.report.errors) > 0
    decisions = [
        decide(shown.report, each, "accepted", reason="属实", who="甲", when=date(2024, 1, 5))
        for each in shown.report.errors
    ]
    held = json.dumps(
        {"decisions": TypeAdapter(list[Decision]).dump_python(decisions, mode="json")}
    )
    reviewed = replace(job, files={"reviews/2023.yaml": held.encode()})
    assert publish(reviewed, executed_).findings == {**open_, "error": 0}
