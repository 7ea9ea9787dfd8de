"""Notebooks that misbehave, and crews that make reports of them."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Protocol

import pytest

from reportkit.project import packaged_notebook
from reportkit.running.execution.parcel import SLICE
from reportkit.running.job import EngineName, Job
from reportkit.running.output_folder import OutputFolder
from reportkit.running.processes.crew import Crew
from reportkit.sources.source import open_source

TOWN = "danheng"


def notebook_with(source: str, place: int = 3) -> bytes:
    """Return the master notebook with one more cell, by default after the report is loaded."""
    body = json.loads(packaged_notebook().read_text("utf-8"))
    cell: dict[str, Any] = {
        "cell_type": "code",
        "id": "fault",
        "metadata": {},
        "outputs": [],
        "execution_count": None,
        "source": source,
    }
    body["cells"].insert(place, cell)
    return json.dumps(body).encode()


class MakeJob(Protocol):
    """Builds a job whose notebook has one more cell."""

    def __call__(self, source: str = "None", **changes: Any) -> Job: ...


@pytest.fixture(scope="session")
def slice_() -> bytes:
    """Return the slice of one body of the sample county."""
    content = open_source("sample:").pack(TOWN)
    assert content is not None
    return content


@pytest.fixture
def make_job(tmp_path: Path, slice_: bytes) -> MakeJob:
    """Return a function that builds jobs with an output folder of this test."""

    def build(source: str = "None", **changes: Any) -> Job:
        fields: dict[str, Any] = {
            "notebook": notebook_with(source),
            "parameters": {
                "town": TOWN,
                "year": 2021,
                "source": "sample:",
                "audience": "public",
            },
            "files": {SLICE: slice_},
            "output": OutputFolder.at(tmp_path / "output"),
            "internal": OutputFolder.at(tmp_path / "output-internal"),
        }
        return Job(**{**fields, **changes})

    return build


def _crew(engine: EngineName, *, forks: bool) -> Crew:
    before = os.environ.get("REPORTKIT_FORK")
    os.environ["REPORTKIT_FORK"] = "1" if forks else "0"
    try:
        return Crew(engine, 2)
    finally:
        if before is None:
            del os.environ["REPORTKIT_FORK"]
        else:
            os.environ["REPORTKIT_FORK"] = before


@pytest.fixture(scope="session")
def crews() -> Iterator[Callable[[str], Crew]]:
    """Return a function that gives the crew of a mode: fork, spawn or stock."""
    made: dict[str, Crew] = {}

    def crew(mode: str) -> Crew:
        if mode not in made:
            made[mode] = _crew("stock" if mode == "stock" else "warm", forks=mode == "fork")
        return made[mode]

    yield crew
    for one in made.values():
        one.close()


@pytest.fixture(params=["fork", "spawn"])
def crew(request: pytest.FixtureRequest, crews: Callable[[str], Crew]) -> Crew:
    """Return the crew of each way that the engine «warm» works."""
    return crews(request.param)
