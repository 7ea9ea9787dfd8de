"""Every sample report has the same bytes whichever engine made it, and papermill can use ours."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import papermill
import pytest
from jupyter_client.manager import KernelManager

from reportkit.project import BATCH_VARIABLE, packaged_notebook
from reportkit.running.execution.parcel import SLICE
from reportkit.running.execution.publish import publish
from reportkit.running.job import Executed, Job, Outcome
from reportkit.running.output_folder import Place
from reportkit.running.processes.crew import Crew
from reportkit.sources.source import open_source

YEARS = range(2019, 2025)
"""The sample's. In a kernel they take long: a year is a test of its own, for workers to share."""


def every_sample_job(folder: Path) -> list[Job]:
    source = open_source("sample:")
    slices = {town: source.pack(town) or b"" for town in source.towns}
    return [
        Job(
            notebook=packaged_notebook().read_bytes(),
            parameters={"town": town, "year": year, "source": "sample:", "audience": "public"},
            files={SLICE: slices[town]},
            output=Place.at(folder / "output"),
            internal=Place.at(folder / "output-internal"),
        )
        for town in sorted(source.towns)
        for year in source.years(town)
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
            (names[2 * n % len(names)], y)
            for n, (y, names) in enumerate(zip(YEARS, towns, strict=True))
        }
        return [job for job in every if (job.town, job.year) in chosen]

    ours = some("fork")
    assert len(ours) == len(YEARS)
    assert made_by(crews("fork"), ours) == made_by(crews("stock"), some("stock"))


def test_no_sample_report_is_left_out(tmp_path: Path) -> None:
    assert Counter(job.year for job in every_sample_job(tmp_path)).keys() == set(YEARS)


@pytest.mark.kernel
@pytest.mark.parametrize(("town", "year"), [("ershilidian", "2021"), ("danheng", "2020")])
def test_papermill_and_nbconvert_alone_make_the_same_page(
    crews: Callable[[str], Crew], tmp_path: Path, town: str, year: str
) -> None:
    """Stock papermill, papermill with our engine, and our own run: one page."""
    bin_ = Path(sys.executable).parent
    pages = []
    for engine in ("nbclient", "warm"):
        out = tmp_path / f"{engine}.ipynb"
        parameters = ["-p", "town", town, "-p", "year", year]
        subprocess.run(
            [
                str(bin_ / "papermill"),
                str(packaged_notebook()),
                str(out),
                *("--engine", engine, *parameters),
            ],
            check=True,
            capture_output=True,
        )
        subprocess.run(
            [str(bin_ / "jupyter"), "nbconvert", "--to", "reportkit", str(out)],
            check=True,
            capture_output=True,
        )
        pages.append(out.with_suffix(".html").read_bytes())
    [job] = [job for job in every_sample_job(tmp_path) if (job.town, str(job.year)) == (town, year)]
    assert crews("fork").make(job).status == "ok"
    content = job.output.read(job.name(".html"))
    assert pages == [content, content]


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
