"""Whatever a notebook does to its process, only its own report fails. Every fault is really caused."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import psutil
import pytest

from reportkit.running.job import Job, Outcome
from reportkit.running.processes.client import Process
from reportkit.running.processes.crew import Crew
from reportkit.running.processes.forked import Forked
from reportkit.running.processes.spawned import Spawned
from tests.running.conftest import MakeJob


def failed_notebook(job: Job) -> list[dict[str, object]]:
    content = job.internal.read(job.name(".failed.ipynb"))
    assert content is not None
    return list(json.loads(content)["cells"])


def written(job: Job) -> list[str]:
    folder = job.output.path
    assert folder is not None
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def assert_next_report_is_well(crew: Crew, job: Job) -> None:
    outcome = crew.make(job)
    assert outcome.status == "ok", outcome.failure
    assert set(outcome.outputs) == {job.name(s) for s in (".html", ".json", ".ipynb")}
    assert job.output.holds(outcome.outputs)


def assert_failed(job: Job, outcome: Outcome) -> None:
    """Nothing in the folder to share; the notebook with its marked cell in the internal one."""
    assert outcome.status == "failed"
    assert outcome.failure is not None
    assert not outcome.outputs
    assert written(job) == []
    cells = failed_notebook(job)
    tags = [cell["metadata"].get("tags", []) for cell in cells]  # type: ignore[attr-defined]
    marks = [place for place, named in enumerate(tags, 1) if "papermill-error-cell-tag" in named]
    assert marks[0] == 1
    if outcome.failure.cell is not None:
        assert marks[1] == outcome.failure.cell - 1


@pytest.mark.parametrize(
    ("source", "name", "message"),
    [
        ("1 / 0", "ZeroDivisionError", "division by zero"),
        ("raise ValueError('电话13800138000')", "ValueError", "电话［手机号］"),
        ("def broken(:", "SyntaxError", "invalid"),
        ("import sys\nsys.exit(3)", "SystemExit", "3"),
        ("import os\nos._exit(3)", "Died", "exit code 3"),
        ("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)", "Died", "signal 9"),
        ("import ctypes\nctypes.string_at(0)", "Died", "signal 11"),
    ],
)
def test_a_cell_that_fails_fails_its_report_alone(
    crew: Crew, make_job: MakeJob, source: str, name: str, message: str
) -> None:
    if not crew.members.forks and name not in ("ValueError", "Died"):
        pytest.skip("what the notebook does to itself is the same in either way")
    if not crew.members.forks and "signal" in message:
        pytest.skip("test_ends.py kills spawned processes in every way")
    job = make_job(source)
    outcome = crew.make(job)
    assert_failed(job, outcome)
    assert outcome.failure is not None
    assert outcome.failure.name == name
    assert message in outcome.failure.message
    assert outcome.failure.cell is not None
    cell = failed_notebook(job)[outcome.failure.cell - 1]
    assert "".join(cell["source"]) == source  # type: ignore[arg-type]
    kinds = [output["output_type"] for output in cell["outputs"]]  # type: ignore[attr-defined]
    assert "error" in kinds
    assert_next_report_is_well(crew, make_job())


def test_a_report_that_eats_memory_fails_alone(crew: Crew, make_job: MakeJob) -> None:
    if not crew.members.forks:
        pytest.skip("the limit is set in a process of one report")
    outcome = crew.make(make_job("hoard = bytearray(8 << 30)"))
    assert outcome.failure is not None
    assert outcome.failure.name == "MemoryError"
    assert_next_report_is_well(crew, make_job())


def test_half_a_report_is_none(crew: Crew, make_job: MakeJob) -> None:
    job = make_job("import sys\nsys.exit(0)")
    outcome = crew.make(job)
    assert outcome.status == "failed"
    assert outcome.failure is not None
    assert "ended before its cell" in outcome.failure.message
    assert written(job) == []


def gone(pid: int) -> bool:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        if not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
            return True
        time.sleep(0.05)
    return False


HANG = """
import os, signal, subprocess, sys
signal.signal(signal.SIGTERM, signal.SIG_IGN)
helper = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
with open({file!r}, "w") as file:
    file.write(f"{{os.getpid()}} {{helper.pid}}")
while True:
    pass
"""


def test_a_report_that_hangs_is_killed_with_all_that_it_started(
    crew: Crew, make_job: MakeJob, tmp_path: Path
) -> None:
    file = tmp_path / "pids"
    job = make_job(HANG.format(file=str(file)), timeout=4.0)
    started = time.monotonic()
    outcome = crew.make(job)
    assert time.monotonic() - started < 30
    assert_failed(job, outcome)
    assert outcome.failure is not None
    assert outcome.failure.name == "Timeout"
    assert "4 s" in outcome.failure.message
    for pid in map(int, file.read_text().split()):
        assert gone(pid)
    assert_next_report_is_well(crew, make_job())


def test_a_helper_that_a_report_left_running_does_not_outlive_it(
    crew: Crew, make_job: MakeJob, tmp_path: Path
) -> None:
    if not crew.members.forks:
        pytest.skip("a spawned worker lives on, and what it started with it")
    file = tmp_path / "pid"
    source = (
        "import subprocess, sys\n"
        "helper = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
        f"open({str(file)!r}, 'w').write(str(helper.pid))"
    )
    assert crew.make(make_job(source)).status == "ok"
    assert gone(int(file.read_text()))


LEAVE = """
import decimal, os, random, sys, warnings
import altair, pandas
kept = "a value"
os.environ["REPORTKIT_LEFT"] = "here"
open("left.txt", "w").write("here")
open("leftover.py", "w").write("value = 1")
sys.path.insert(0, os.getcwd())
import leftover
decimal.getcontext().prec = 5
pandas.set_option("display.max_rows", 7)
random.seed(1)
warnings.simplefilter("error")
altair.renderers.enable("json")
os.chdir("/")
"""
FIND = """
import decimal, os, sys
import altair, pandas
found = [
    name
    for name, there in {
        "variable": "kept" in globals(),
        "environment": "REPORTKIT_LEFT" in os.environ,
        "file": os.path.exists("left.txt") or os.getcwd() == "/",
        "module": "leftover" in sys.modules,
        "precision": decimal.getcontext().prec == 5,
        "option": pandas.get_option("display.max_rows") == 7,
        "renderer": altair.renderers.active == "json",
    }.items()
    if there
]
assert not found, found
"""


def test_nothing_leaks_from_one_report_to_the_next(crew: Crew, make_job: MakeJob) -> None:
    assert crew.make(make_job(LEAVE)).status == "ok"
    for _ in range(2):
        outcome = crew.make(make_job(FIND))
        assert outcome.status == "ok", outcome.failure


def test_a_crew_survives_the_loss_of_its_forkserver(crew: Crew, make_job: MakeJob) -> None:
    if not crew.members.forks:
        pytest.skip("there is no forkserver")
    crew.make(make_job())
    assert crew.members._forkserver is not None
    os.kill(crew.members._forkserver._process.pid, 9)
    crew.members._forkserver._process.wait(timeout=30)  # the kernel may take its time to end it
    assert_next_report_is_well(crew, make_job())


def pid_of(process: Process) -> int:
    assert isinstance(process, Spawned | Forked)
    assert process.pid is not None
    return process.pid


def test_exports_survive_the_loss_of_all_their_processes(crew: Crew, make_job: MakeJob) -> None:
    members = [crew.members.get("export", 1000) for _ in range(3)]
    for member in members:
        member.process.ask(make_job(), time.monotonic() + 60)
        assert member.process.answer(time.monotonic() + 60)  # its report, derived beforehand
        crew.members.give_back(member)
    for member in members:
        os.kill(pid_of(member.process), 9)
    assert_next_report_is_well(crew, make_job())


def test_retries_stop_at_the_first_success(
    crew: Crew, make_job: MakeJob, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from reportkit.running.processes import crew as pool

    monkeypatch.setitem(pool._CREWS, "warm", crew)
    file = tmp_path / "tries"
    source = f"file = open({str(file)!r}, 'a'); file.write('x'); file.close()\nassert open({str(file)!r}).read() == 'xx'"
    assert pool.make(make_job(source)).status == "failed"
    file.unlink()
    assert pool.make(make_job(source, retries=3)).status == "ok"
    assert file.read_text() == "xx"
