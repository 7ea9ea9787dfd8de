"""A Dask cluster of real processes makes the same files as this machine does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import distributed
import pytest

from reportkit.errors import ParameterError
from reportkit.running.batch import Summary
from reportkit.running.command import run_request
from reportkit.running.request import resolve

TOWNS = ("danheng", "fangshu")


@pytest.fixture(scope="module")
def cluster() -> Iterator[str]:
    """Start two worker processes of two threads and yield their scheduler's address."""
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
    ) as local:
        yield str(local.scheduler_address)


def run(output: str, cluster: str | None = None, **options: object) -> Summary:
    return run_request(
        resolve(
            output=output,
            source="sample:",
            towns=TOWNS,
            levels=("town",),
            workers=2,
            cluster=cluster,
            **options,  # type: ignore[arg-type]
        )
    )


def outputs(summary: Summary) -> dict[str, str]:
    return {
        name: digest
        for entry in summary.manifest.entries.values()
        for name, digest in entry.outputs.items()
        if not name.endswith(".ipynb")  # these hold times
    }


def test_a_cluster_makes_the_same_bytes(cluster: str, tmp_path: Path) -> None:
    here = run(str(tmp_path / "here"))
    there = run(str(tmp_path / "there"), cluster)
    assert here.attempts["ok"] == there.attempts["ok"] == 12
    assert outputs(here) == outputs(there)
    assert (tmp_path / "there" / "index.html").is_file()


def test_a_worker_that_is_killed_costs_no_report(cluster: str, tmp_path: Path) -> None:
    marker = tmp_path / "killed"
    notebook = tmp_path / "annual_report.ipynb"
    from tests.running.conftest import notebook_with

    # The first report to come here kills the whole Dask worker, its zygote and so itself.
    notebook.write_bytes(
        notebook_with(
            "import os, psutil\n"
            f"if not os.path.exists({str(marker)!r}):\n"
            f"    open({str(marker)!r}, 'w').write('x')\n"
            "    zygote = psutil.Process(os.getppid())\n"
            "    zygote.parent().kill()\n"
        )
    )
    summary = run(str(tmp_path / "out"), cluster, notebook=notebook, years=(2021, 2022))
    assert marker.exists()
    assert summary.attempts == {"ok": 4}


def test_a_url_is_an_output_folder(tmp_path: Path) -> None:
    local = run(f"file://{tmp_path}/by url", years=(2021,))
    assert local.attempts["ok"] == 2
    assert (tmp_path / "by url" / "2021" / "danheng.html").is_file()


def test_a_cluster_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ParameterError, match="no Dask scheduler answers"):
        run(str(tmp_path / "out"), "tcp://127.0.0.1:1", years=(2021,))
