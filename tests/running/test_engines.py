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
"""The sample's."""

EDITIONS = (2019, 2021)
"""A year of each edition of the form: its first."""


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


@pytest.fixture(scope="module")
def forked(
    crews: Callable[[str], Crew], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, str]:
    """Return the digests of every sample report as forks make them."""
    folder = tmp_path_factory.mktemp("forked")
    made = made_by(crews("fork"), every_sample_job(folder))
    assert len(made) == 2 * len(every_sample_job(folder))
    return made


def test_every_sample_report_is_the_same_forked_and_in_a_worker(
    forked: dict[str, str], crews: Callable[[str], Crew], tmp_path: Path
) -> None:
    assert forked == made_by(crews("spawn"), every_sample_job(tmp_path))


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


def every_town_and_year_and_kind(jobs: list[Job]) -> list[Job]:
    """Return fewer jobs in which every town is, and a body of every kind in every year.

    Which data a report has is no concern of the engine's: it runs the same cells for a town as for another of its
    kind and year. Every report of every town is made above, forked and in a worker.
    """
    towns = open_source("sample:").towns
    ways = [{job.town, job.year, (towns[job.town].kind, job.year >= EDITIONS[1])} for job in jobs]
    left: set[object] = set().union(*ways)
    chosen = []
    while left:
        place = max(range(len(jobs)), key=lambda place: len(ways[place] & left))
        chosen.append(jobs[place])
        left -= ways[place]
    return chosen


@pytest.mark.kernel
@pytest.mark.parametrize("edition", EDITIONS)
def test_reports_of_every_town_and_year_are_the_same_in_a_kernel(
    forked: dict[str, str], kernel: KernelManager, tmp_path: Path, edition: int
) -> None:
    jobs = every_town_and_year_and_kind(every_sample_job(tmp_path))
    assert {job.town for job in jobs} == {job.town for job in every_sample_job(tmp_path)}
    assert {job.year for job in jobs} == set(YEARS)
    mine = [job for job in jobs if (job.year >= EDITIONS[1]) == (edition == EDITIONS[1])]
    made = digests([publish(job, executed_in(kernel, job, tmp_path), 0.0) for job in mine])
    assert len(made) == 2 * len(mine)
    assert {name: forked[name] for name in made} == made


@pytest.mark.kernel
def test_a_report_of_each_edition_is_the_same_in_every_format_in_a_kernel_of_its_own(
    crews: Callable[[str], Crew], tmp_path: Path
) -> None:
    """What sets a kernel's first report apart does so whichever it is."""

    def some(mode: str) -> list[Job]:
        every = {(job.town, job.year): job for job in every_sample_job(tmp_path / mode)}
        chosen = zip(("danheng", "minsheng"), EDITIONS, strict=True)
        return [replace(every[each], formats=names()) for each in chosen]

    ours = made_by(crews("fork"), some("fork"))
    assert {Path(name).suffix for name in ours} >= {".docx", ".pdf", ".xlsx", ".zip"}
    assert len({Path(name).parent for name in ours}) == len(EDITIONS)
    assert ours == made_by(crews("stock"), some("stock"))


def test_no_sample_report_is_left_out(tmp_path: Path) -> None:
    assert Counter(job.year for job in every_sample_job(tmp_path)).keys() == set(YEARS)


BY_COMMANDS = (
    ("warm", "ershilidian", 2021),
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
