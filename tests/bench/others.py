"""Other ways of making the same reports: ``others.py WAY PROJECT REPORTS WORKERS OUT``."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from itertools import islice
from multiprocessing import get_context
from pathlib import Path

from reportkit.project import find_project, packaged_notebook

Task = tuple[str, int, str, str, Path]
"""Town, year, source, slice, output folder."""


def notebook_path() -> str:
    """Return the notebook that all ways run."""
    return str(packaged_notebook())


def export(notebook: object, path: Path) -> None:
    """Write the page with the exporter that nbconvert finds by its name."""
    from nbconvert.exporters import get_exporter

    exporter = get_exporter("reportkit")()  # type: ignore[no-untyped-call]
    body, _ = exporter.from_notebook_node(notebook)
    path.with_suffix(".html").write_text(body, "utf-8")


def with_papermill(task: Task) -> None:
    """papermill's API and nbconvert: a kernel a report."""
    import nbformat
    import papermill

    town, year, source, slice_, out = task
    os.environ["REPORTKIT_SLICE"] = slice_
    path = out / f"{town}-{year}.ipynb"
    papermill.execute_notebook(
        notebook_path(),
        str(path),
        parameters={"town": town, "year": year, "source": source},
        progress_bar=False,
    )
    export(nbformat.read(str(path), as_version=4), path)


def with_ploomber(task: Task) -> None:
    """ploomber-engine and nbconvert: no kernel, and no wall between two reports."""
    from ploomber_engine import execute_notebook  # type: ignore[import-not-found]  # the bench's own

    town, year, source, slice_, out = task
    os.environ["REPORTKIT_SLICE"] = slice_
    path = out / f"{town}-{year}.ipynb"
    notebook = execute_notebook(
        notebook_path(),
        str(path),
        parameters={"town": town, "year": year, "source": source},
        progress_bar=False,
    )
    export(notebook, path)


def with_shell(task: Task) -> None:
    """The two command lines that everybody writes first."""
    town, year, source, slice_, out = task
    path = out / f"{town}-{year}.ipynb"
    python = Path(sys.executable).parent
    variables = {**os.environ, "REPORTKIT_SLICE": slice_}
    parameters = ["-p", "town", town, "-p", "year", str(year), "-p", "source", source]
    subprocess.run(
        [str(python / "papermill"), notebook_path(), str(path), *parameters],
        check=True,
        env=variables,
        stderr=subprocess.DEVNULL,
    )
    subprocess.run(
        [str(python / "jupyter"), "nbconvert", "--to", "reportkit", str(path)],
        check=True,
        env=variables,
        stderr=subprocess.DEVNULL,
    )


WAYS: dict[str, Callable[[Task], None]] = {
    "shell": with_shell,
    "papermill": with_papermill,
    "ploomber": with_ploomber,
}


def slices(project: Path) -> tuple[str, list[tuple[str, int, str]]]:
    """Return the source's URI, and town, year and slice of every report; made once, beside the county."""
    folder = project / "slices"
    found = find_project(batch=project / "params" / "batch.yaml")
    if not folder.is_dir():
        from reportkit.sources.source import open_source

        source = open_source(found.source, found.towns, found.editions)
        folder.mkdir()
        for town in source.towns:
            (folder / town).write_bytes(source.pack(town) or b"")
    assert found.batch is not None
    years = found.batch.years
    return found.source, [
        (town, year, str(folder / town)) for town in sorted(found.towns) for year in years
    ]


def main() -> None:
    """Make so many reports one of the ways."""
    way, project, reports, workers, out = sys.argv[1:]
    source, every = slices(Path(project))
    folder = Path(out)
    folder.mkdir(parents=True)
    os.environ["REPORTKIT_BATCH"] = str(Path(project) / "params" / "batch.yaml")
    tasks = [
        (town, year, source, slice_, folder) for town, year, slice_ in islice(every, int(reports))
    ]
    if int(workers) == 1:
        for task in tasks:
            WAYS[way](task)
        return
    with ProcessPoolExecutor(int(workers), mp_context=get_context("spawn")) as pool:
        list(pool.map(WAYS[way], tasks))
