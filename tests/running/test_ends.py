"""A run always ends: whatever way a report's process dies, its neighbours are made, and the run says so.

Each report of a run that dies has its own way to do it. Every death is really caused.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest

from reportkit.errors import RunError
from reportkit.project import packaged_notebook
from reportkit.running import outcomes
from reportkit.running.command import run_request
from reportkit.running.job import Executed, Job
from reportkit.running.output_folder import OutputFolder
from reportkit.running.planning.survey import Survey
from reportkit.running.processes import cluster, forked, spawned
from reportkit.running.processes.bounds import Bounds
from reportkit.running.processes.crew import Crew
from reportkit.running.processes.once import ask_once
from reportkit.running.processes.one_report import execute, try_once
from reportkit.running.request import resolve
from reportkit.running.summary import Summary

pytestmark = pytest.mark.own_processes

ENDS = {
    "os._exit(3)": "ended with exit code 3",
    "os.kill(os.getpid(), signal.SIGKILL)": "was killed by signal 9",
    "ctypes.string_at(0)": "was killed by signal 11",
    "os.closerange(3, 256); time.sleep(600)": "let go of its connection and was killed by signal 9",
    "os.fork() or time.sleep(600); os._exit(4)": "ended with exit code 4",
}
"""How a process can end without a word, or be of no more use: the last leaves a child that holds its connection."""

DEATHS = tuple(ENDS)
SHARES = {1: DEATHS[2:4], 2: DEATHS[:2], 8: DEATHS[4:]}

IMPORTS = "import ctypes, os, signal, time"
REPORTS = 30


def notebook(*sources: str) -> bytes:
    """Return a notebook of the parameters and some cells."""
    tagged = ["town = ''\nyear = 0\nsource = ''\naudience = ''", *sources]
    cells: list[dict[str, Any]] = [
        {
            "cell_type": "code",
            "id": f"cell-{place}",
            "metadata": {} if place else {"tags": ["parameters"]},
            "outputs": [],
            "execution_count": None,
            "source": text,
        }
        for place, text in enumerate(tagged)
    ]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    meta = {"kernelspec": kernel}
    return json.dumps(
        {"cells": cells, "metadata": meta, "nbformat": 4, "nbformat_minor": 5}
    ).encode()


def job(source: str, folder: Path) -> Job:
    """Return the job of a notebook that shows nothing, so that it takes no time."""
    return Job(
        notebook=notebook(f"{IMPORTS}\n{source}"),
        parameters={"town": "gulou", "year": 2021, "source": "sample:", "audience": "public"},
        files={},
        output=OutputFolder.at(folder / "output"),
        internal=OutputFolder.at(folder / "output-internal"),
    )


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a process that still runs but cannot be heard any more have a second to end, not ten."""
    monkeypatch.setattr(forked, "_LAST_SECONDS", 1.0)
    monkeypatch.setattr(spawned, "END_SECONDS", 1.0)


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("workers", [1, 2, 8])
def test_reports_that_die_cost_no_other(crew: Crew, workers: int, tmp_path: Path) -> None:
    # Each new spawned process imports for seconds, so there each number of workers has its share of the ways.
    ways = DEATHS if crew.members.forks else SHARES[workers]
    sources = [*ways, *(["lived = True"] * (REPORTS - len(ways)))]
    sources = [
        sources[place * 7 % REPORTS] for place in range(REPORTS)
    ]  # the dying among the others

    def executed_of(numbered: tuple[int, str]) -> Executed:
        number, source = numbered
        folder = tmp_path / str(number)
        folder.mkdir()
        return execute(crew.members, crew.bounds, job(source, folder), folder)

    with ThreadPoolExecutor(workers) as threads:
        executed = [*threads.map(executed_of, enumerate(sources), timeout=300)]
    for source, each in zip(sources, executed, strict=True):
        if source not in DEATHS:
            assert each.failure is None
            assert b"lived" in each.notebook
            continue
        assert each.failure is not None
        assert each.failure.name == "Died"
    told = {each.failure.message for each in executed if each.failure}
    assert told == {f"the process {ENDS[way]}" for way in ways}


def test_a_child_holds_no_descriptor_of_another(
    crews: Callable[[str], Crew], tmp_path: Path
) -> None:
    crew = crews("fork")
    seen = (
        "held = [os.readlink(f'/proc/self/fd/{fd}') for fd in os.listdir('/proc/self/fd') "
        "if int(fd) > 2 and os.path.exists(f'/proc/self/fd/{fd}')]\n"
        "given = [fd for fd in range(3, 64) if os.path.exists(f'/proc/self/fd/{fd}') and os.get_inheritable(fd)]\n"
        "open('../' + os.path.basename(os.getcwd()) + '.fds', 'w').write(repr((held, given)))\n"
        "time.sleep(0.5)"
    )

    def seen_by(number: int) -> tuple[list[str], list[int]]:
        folder = tmp_path / str(number)
        folder.mkdir()
        assert execute(crew.members, crew.bounds, job(seen, folder), folder).failure is None
        held, given = eval((tmp_path / f"{number}.fds").read_text())
        return held, given

    with ThreadPoolExecutor(4) as threads:
        for held, given in threads.map(seen_by, range(4)):
            assert [name.partition(":")[0] for name in held if "stderr" not in name] == ["socket"]
            assert given == []


def test_a_forkserver_that_stands_still_is_replaced(
    crews: Callable[[str], Crew], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    crew = crews("fork")
    assert (
        execute(crew.members, crew.bounds, job("lived = True", tmp_path), tmp_path).failure is None
    )
    forkserver = crew.members._forkserver
    assert forkserver is not None
    monkeypatch.setattr(crew, "bounds", Bounds(start=1.0))
    monkeypatch.setattr(forked, "_ANSWER_SECONDS", 1.0)
    os.kill(forkserver._process.pid, signal.SIGSTOP)
    started = time.monotonic()
    assert try_once(crew.members, crew.bounds, job("lived = True", tmp_path), tmp_path) is None
    assert time.monotonic() - started < 30
    assert not forkserver.alive
    monkeypatch.setattr(crew, "bounds", Bounds())
    assert (
        execute(crew.members, crew.bounds, job("lived = True", tmp_path), tmp_path).failure is None
    )


def test_a_source_that_stands_still_ends_the_run(
    crews: Callable[[str], Crew], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    crew = crews("fork")
    monkeypatch.setattr(crew, "bounds", Bounds(silence=0.05))
    survey = Survey(
        key="", uri="sample:", towns={}, editions={}, only=None, slices=str(tmp_path), known={}
    )
    with pytest.raises(RunError, match=r"catalogue: gave no sign of life for 0\.05 s"):
        ask_once(crew, "catalogue", survey, crew.bounds.silence)


def test_what_a_report_leaves_running_ends_with_the_run(tmp_path: Path) -> None:
    """A helper with a session of its own escapes the killing of its group, but not the end of the run."""
    file = tmp_path / "pid"
    source = (
        "if os.fork() == 0:\n"
        "    os.setsid()\n"
        "    if os.fork() == 0:\n"
        f"        open({str(file)!r}, 'w').write(str(os.getpid()))\n"
        "        time.sleep(600)\n"
        "    os._exit(0)\n"
        f"while not os.path.exists({str(file)!r}): time.sleep(0.01)\n"
        "time.sleep(0.1)"
    )
    crew = Crew("warm", 1)
    try:
        assert execute(crew.members, crew.bounds, job(source, tmp_path), tmp_path).failure is None
        helper = psutil.Process(int(file.read_text()))
    finally:
        crew.close()
    deadline = time.monotonic() + 30
    while helper.is_running() and helper.status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < deadline
        time.sleep(0.05)


def dying(folder: Path) -> Path:
    """Return a notebook that dies in one of the ways in five years of six, before it loads anything."""
    path = folder / "annual_report.ipynb"
    master = json.loads(packaged_notebook().read_text("utf-8"))
    load = "".join(next(c for c in master["cells"] if "load_report" in str(c["source"]))["source"])
    deaths = "\n".join(
        f"if year == {year}:\n    {source}"
        for year, source in zip((2019, 2020, 2021, 2023, 2024), DEATHS, strict=True)
    )
    path.write_bytes(notebook(f"{IMPORTS}\n{deaths}", load))
    return path


TOWNS = ("danheng", "fangshu", "feicong", "hanling", "jingyi")


def run(folder: Path, **options: Any) -> Summary:
    given: dict[str, Any] = {"source": "sample:", "towns": TOWNS, "notebook": dying(folder)}
    return run_request(resolve(output=str(folder / "output"), levels=("town",), **given, **options))


def assert_ended_well(summary: Summary, folder: Path) -> None:
    assert summary.attempts == {"failed": 25, "ok": 5}
    assert summary.exit_code == 1
    assert "5 reports, 25 failed" in summary.line()
    assert (folder / "output" / "index.html").is_file()
    made = {path.name for path in (folder / "output" / "2022").glob("*.html")}
    assert made == {f"{town}.html" for town in TOWNS}


@contextmanager
def many_descriptors() -> Iterator[None]:
    """Hold more descriptors open than select() can watch, as a server that runs for months may."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(4096, hard), hard))
    held = [os.dup(0) for _ in range(1100)]
    try:
        yield
    finally:
        for each in held:
            os.close(each)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_runs_of_one_program_leave_no_descriptor_and_care_not_how_many_are_open(
    tmp_path: Path,
) -> None:
    opened = []
    with many_descriptors():
        for n in range(2):
            opened.append(sum(1 for _ in Path("/proc/self/fd").iterdir()))
            made = run_request(
                resolve(
                    output=str(tmp_path / f"output{n}"),
                    source="sample:",
                    towns=TOWNS[:1],
                    years=(2021,),
                    levels=("town",),
                    workers=2,
                )
            )
            assert made.attempts == {"ok": 1}
        opened.append(sum(1 for _ in Path("/proc/self/fd").iterdir()))
    # The first run opens what the whole program keeps; a second adds nothing.
    assert opened[1] == opened[2]


def test_a_run_with_reports_that_die_ends(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    summary = run(tmp_path, workers=2)
    assert_ended_well(summary, tmp_path)
    last = capsys.readouterr().err.splitlines()[-1]
    assert last.startswith("30/30 done, 25 failed, ")


@contextmanager
def local_cluster(threads: int) -> Iterator[str]:
    import distributed

    with distributed.LocalCluster(
        n_workers=min(1, threads),
        threads_per_worker=threads or None,
        processes=True,
        dashboard_address=None,
    ) as local:
        yield str(local.scheduler_address)


@pytest.mark.parametrize("workers", [1, 2, 8])
def test_a_run_on_a_cluster_with_reports_that_die_ends(workers: int, tmp_path: Path) -> None:
    with local_cluster(workers) as address:
        summary = run(tmp_path, workers=workers, cluster=address)
    assert_ended_well(summary, tmp_path)


def test_a_cluster_that_lost_every_worker_ends_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "EMPTY_SECONDS", 0.5)
    monkeypatch.setattr(outcomes, "LOOK_SECONDS", 0.2)
    with (
        local_cluster(0) as address,
        pytest.raises(RunError, match=r"no worker has been there for 0\.5 s; start some"),
    ):
        run(tmp_path, workers=1, cluster=address)
