"""A Dask cluster of real processes makes the same files as this machine does."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import distributed
import pytest

from reportkit.errors import ParameterError, RunError
from reportkit.running import outcomes
from reportkit.running.command import run_request
from reportkit.running.processes import cluster as processes
from reportkit.running.request import resolve
from reportkit.running.results.record import locked
from reportkit.running.summary import Summary
from tests.running.test_tidy_data import request

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

    # The first report to come here kills the whole Dask worker, its two forkservers and so itself.
    notebook.write_bytes(
        notebook_with(
            "import os, psutil\n"
            f"if not os.path.exists({str(marker)!r}):\n"
            f"    open({str(marker)!r}, 'w').write('x')\n"
            "    forkservers = psutil.Process(os.getppid()).parent()\n"
            "    forkservers.parent().kill()\n"
        )
    )
    summary = run(str(tmp_path / "out"), cluster, notebook=notebook, years=(2021, 2022))
    assert marker.exists()
    assert summary.attempts == {"ok": 4}


def test_a_scheduler_that_is_killed_ends_the_run_and_the_next_one_completes_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outcomes, "LOOK_SECONDS", 0.2)
    marker = tmp_path / "killed"
    notebook = tmp_path / "annual_report.ipynb"
    from tests.hostile.servers import dask
    from tests.running.conftest import notebook_with

    with dask(tmp_path, workers=1, nanny=False) as programs:
        notebook.write_bytes(
            notebook_with(
                "import os\n"
                f"if not os.path.exists({str(marker)!r}):\n"
                f"    open({str(marker)!r}, 'w').write('x')\n"
                f"    os.kill({programs.scheduler.pid}, 9)\n"
            )
        )
        with pytest.raises(RunError, match="the scheduler does not answer any more"):
            run(str(tmp_path / "out"), programs.address, notebook=notebook, years=(2021, 2022))
        assert marker.exists()
        programs.stop()
        programs.start()
        again = run(str(tmp_path / "out"), programs.address, notebook=notebook, years=(2021, 2022))
    assert again.attempts["failed"] == 0
    assert {entry.status for entry in again.manifest.entries.values()} == {"ok"}
    assert len(again.manifest.entries) == 4


def test_a_url_is_an_output_folder(tmp_path: Path) -> None:
    local = run(f"file://{tmp_path}/by url", years=(2021,))
    assert local.attempts["ok"] == 2
    assert (tmp_path / "by url" / "2021" / "danheng.html").is_file()


def test_a_cluster_that_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "_ANSWER_SECONDS", 1)
    with pytest.raises(ParameterError, match="no Dask scheduler answers"):
        run(str(tmp_path / "out"), "tcp://127.0.0.1:1", years=(2021,))


def test_what_a_killed_worker_left_is_gone_when_the_run_ends(tmp_path: Path) -> None:
    asked = replace(request(tmp_path), cluster="tcp://127.0.0.1:1")
    killed = (
        "import os, signal, sys; from pathlib import Path; from reportkit.files import whole_file\n"
        "with whole_file(Path(sys.argv[1])): os.kill(os.getpid(), signal.SIGKILL)"
    )
    page = Path(asked.output.where("2021/甲镇.html"))
    with locked(asked, print):
        subprocess.run([sys.executable, "-c", killed, str(page)], check=False)
        assert len([*page.parent.iterdir()]) == 1
    assert not [*page.parent.iterdir()]
