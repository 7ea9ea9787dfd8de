"""Reports of the master notebook need no library of data, and are told from all others."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from reportkit.project import packaged_notebook
from reportkit.running.job import PREPARED, Job
from reportkit.running.output_folder import OutputFolder
from reportkit.running.processes.crew import Crew
from reportkit.running.processes.one_report import derive, execute
from tests.running.conftest import MakeJob, notebook_with

MASTER = packaged_notebook().read_bytes()


def job(notebook: bytes = MASTER, **changes: Any) -> Job:
    nowhere = OutputFolder.at("nowhere")
    parameters = {"town": "gulou", "year": 2021, "source": "sample:", "audience": "public"}
    made = Job(
        notebook=notebook,
        parameters=parameters,
        files={PREPARED: b""},
        output=nowhere,
        internal=nowhere,
    )
    return replace(made, **changes)


def with_parameters(source: str) -> bytes:
    body = json.loads(MASTER)
    body["cells"][1]["source"] = source
    return json.dumps(body).encode()


def test_a_public_report_of_the_master_that_is_derived_is_plain() -> None:
    assert job().plain
    assert job(
        with_parameters("town: str = 'a'\nyear = 2024\nsource = ''\naudience = 'public'")
    ).plain


@pytest.mark.parametrize(
    "other",
    [
        job(notebook_with("import pandas")),
        job(notebook_with("report.cells")),
        job(with_parameters("town = __import__('os').environ['TOWN']")),
        job(with_parameters("town = (")),
        job(b"no notebook"),
        job(b"[]"),
        job(files={}),
        job(
            parameters={"town": "gulou", "year": 2021, "source": "sample:", "audience": "internal"}
        ),
    ],
)
def test_any_other_report_is_not(other: Job) -> None:
    assert not other.plain


def test_the_masters_helpers_import_no_library_of_data() -> None:
    code = (
        "import sys\n"
        "from reportkit.notebook import charts, compare, load_report, narrative, tables\n"
        "import reportkit.sources.prepared\n"
        "print({'numpy', 'pandas', 'pyarrow', 'scipy', 'lxml', 'reportkit.checks.check'} & set(sys.modules))"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "set()"


@pytest.mark.kernel
def test_a_plain_report_is_executed_without_them_and_says_the_same(
    crew: Crew, make_job: MakeJob, tmp_path: Path
) -> None:
    if not crew.members.forks:
        pytest.skip("there is no forkserver")
    ready = derive(crew.members, crew.bounds, make_job(notebook=MASTER))
    assert ready.plain
    assert crew.members.executing(ready) == "plain"
    known = {"a": execute(crew.members, crew.bounds, ready, _folder(tmp_path, "a"))}
    # A cell that shows nothing makes it a report like any other.
    other = replace(ready, notebook=notebook_with("import pandas", 18))
    known["b"] = execute(crew.members, crew.bounds, other, _folder(tmp_path, "b"))
    outputs = {
        name: [cell["outputs"] for cell in json.loads(each.notebook)["cells"] if "outputs" in cell]
        for name, each in known.items()
    }
    assert [*filter(None, outputs["a"])] == [*filter(None, outputs["b"])]
    assert outputs["a"]


def _folder(parent: Path, name: str) -> Path:
    folder = parent / name
    folder.mkdir()
    return folder
