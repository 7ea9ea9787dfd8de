"""Every sample report has the same bytes whichever engine made it, and papermill can use ours."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cache
from pathlib import Path

import papermill
import pytest
from jupyter_client.manager import KernelManager

from reportkit.export.formats import names
from reportkit.project import BATCH_VARIABLE, packaged_notebook
from reportkit.running.execution.parcel import SLICE
from reportkit.running.execution.publish import publish
from reportkit.running.job import Executed, Job, Outcome
from reportkit.running.output_folder import OutputFolder
from reportkit.running.processes.crew import Crew
from reportkit.sources.source import open_source

YEARS = range(2019, 2025)
"""The sample's. In a kernel they take long: a year is a test of its own, for workers to share."""

EDITIONS = (2019, 2021)
"""A year of each edition of the form."""


@cache
def sample_slices() -> dict[tuple[str, int], bytes]:
    """Return the slice of each report of the sample."""
    source = open_source("sample:")
    slices = {town: source.pack(town) or b"" for town in source.towns}
    return {
        (town, year): slices[town] for town in sorted(source.towns) for year in source.years(town)
    }


def every_sample_job(folder: Path) -> list[Job]:
    return [
        Job(
            notebook=packaged_notebook().read_bytes(),
            parameters={"town": town, "year": year, "source": "sample:", "audience": "public"},
            files={SLICE: slice_},
            output=OutputFolder.at(folder / "output"),
            internal=OutputFolder.at(folder / "output-internal"),
        )
        for (town, year), slice_ in sample_slices().items()
    ]


def made_by(crew: Crew, jobs: list[Job]) -> dict[str, str]:
    """Make reports and return the digests of what does not hold times."""
    with ThreadPoolExecutor(4) as threads:
        return digests(list(threads.map(crew.make, jobs)))


def digests(outcomes: list[Outcome]) -> dict[str, str]:
    """Return the digests of what does not hold times."""
    assert {outcome.status for outcome in outcomes} == {"ok"}
    return {
        name: digest
        for outcome in outcomes
        for name, digest in outcome.outputs.items()
        if not name.endswith(".ipynb")
    }


def test_every_sample_report_is_the_same_forked_and_in_a_worker(
    crews: Callable[[str], Crew], tmp_path: Path
) -> None:
    forked = made_by(crews("fork"), every_sample_job(tmp_path / "fork"))
    assert len(forked) == 2 * len(every_sample_job(tmp_path))
    assert forked == made_by(crews("spawn"), every_sample_job(tmp_path / "spawn"))


@pytest.fixture(scope="module")
def kernel() -> Iterator[KernelManager]:
    """Start a Jupyter kernel that executes reports in turn: its start takes five times what a report does."""
    manager = KernelManager(kernel_name="python3")
    manager.start_kernel(env={**os.environ, BATCH_VARIABLE: ""})
    yield manager
    manager.shutdown_kernel(now=True)


def executed_in(kernel: KernelManager, job: Job, folder: Path) -> Executed:
    """Execute a job's notebook by stock papermill in a kernel that runs already."""
    given, out = folder / "given.ipynb", folder / "out.ipynb"
    given.write_bytes(job.notebook)
    papermill.execute_notebook(
        str(given), str(out), dict(job.parameters), progress_bar=False, km=kernel
    )
    return Executed(notebook=out.read_bytes())


@pytest.mark.kernel
@pytest.mark.parametrize("year", YEARS)
def test_every_sample_report_is_the_same_in_a_kernel(
    crews: Callable[[str], Crew], kernel: KernelManager, tmp_path: Path, year: int
) -> None:
    ours, theirs = (
        [job for job in every_sample_job(tmp_path / mode) if job.year == year]
        for mode in ("fork", "kernel")
    )
    made = [publish(job, executed_in(kernel, job, tmp_path), 0.0) for job in theirs]
    assert made_by(crews("fork"), ours) == digests(made)


@pytest.mark.kernel
def test_a_report_of_each_year_is_the_same_in_a_kernel_of_its_own(
    crews: Callable[[str], Crew], tmp_path: Path
) -> None:
    """A town a year: what sets a kernel's first report apart does so whichever it is."""

    def some(mode: str) -> list[Job]:
        every = every_sample_job(tmp_path / mode)
        towns = [sorted(job.town for job in every if job.year == year) for year in YEARS]
        chosen = {
            (of_year[2 * n % len(of_year)], y)
            for n, (y, of_year) in enumerate(zip(YEARS, towns, strict=True))
        }
        jobs = [job for job in every if (job.town, job.year) in chosen]
        # One of each edition of the form in every format; the pages alone cost little.
        return [replace(j, formats=names()) if j.year in EDITIONS else j for j in jobs]

    ours = made_by(crews("fork"), some("fork"))
    assert {Path(name).suffix for name in ours} >= {".docx", ".pdf", ".xlsx", ".zip"}
    assert len({Path(name).parent for name in ours}) == len(YEARS)
    assert ours == made_by(crews("stock"), some("stock"))


def test_no_sample_report_is_left_out(tmp_path: Path) -> None:
    assert Counter(job.year for job in every_sample_job(tmp_path)).keys() == set(YEARS)


BY_COMMANDS = (
    ("nbclient", "ershilidian", 2021),
    ("warm", "ershilidian", 2021),
    ("nbclient", "danheng", 2020),
    ("warm", "danheng", 2020),
    ("nbclient", "danheng", 2024),
)
"""Engine, town and year of what is made by the ecosystem's commands: a quiet report, the older edition, all charts."""


@pytest.mark.kernel
def test_papermill_and_nbconvert_alone_make_the_same_page(
    crews: Callable[[str], Crew], tmp_path: Path
) -> None:
    """Stock papermill, papermill with our engine, and our own run: one page."""
    bin_ = Path(sys.executable).parent
    made = {case: tmp_path / "-".join(map(str, case)) for case in BY_COMMANDS}

    def execute(case: tuple[str, str, int]) -> None:
        engine, town, year = case
        papermill: list[str | Path] = [
            bin_ / "papermill",
            packaged_notebook(),
            made[case].with_suffix(".ipynb"),
        ]
        parameters = ["-p", "town", town, "-p", "year", str(year), "--no-progress-bar"]
        command: list[str | Path] = [*papermill, "--engine", engine, *parameters]
        subprocess.run(command, check=True, capture_output=True)

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(execute, made))
    notebooks = [path.with_suffix(".ipynb") for path in made.values()]
    convert: list[str | Path] = [bin_ / "jupyter", "nbconvert", "--to", "reportkit", *notebooks]
    subprocess.run(convert, check=True, capture_output=True)
    for (_, town, year), path in made.items():
        [job] = [j for j in every_sample_job(tmp_path) if (j.town, j.year) == (town, year)]
        if not job.output.has(job.name(".html")):
            assert crews("fork").make(job).status == "ok"
        content = job.output.read(job.name(".html"))
        assert path.with_suffix(".html").read_bytes() == content, path.name
        assert content is not None
        assert year != 2024 or content.count(b"<svg") == 3


def test_papermill_says_what_failed_in_our_engine(tmp_path: Path) -> None:
    import papermill
    from papermill.exceptions import PapermillExecutionError

    from tests.running.conftest import notebook_with

    path = tmp_path / "broken.ipynb"
    path.write_bytes(notebook_with("1 / 0"))
    out = tmp_path / "out.ipynb"
    with pytest.raises(PapermillExecutionError, match="ZeroDivisionError"):
        papermill.execute_notebook(str(path), str(out), engine_name="warm", progress_bar=False)
    assert "papermill-error-cell" in out.read_text("utf-8")
    path.write_bytes(notebook_with("import os\nos._exit(4)"))
    with pytest.raises(Exception, match="exit code 4"):
        papermill.execute_notebook(str(path), str(out), engine_name="warm", progress_bar=False)
