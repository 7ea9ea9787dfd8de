"""``reportkit run`` from outside: exit codes, interrupts, two runs at once, a full disk."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import psutil
import pytest

from reportkit.starter import start_project
from tests.calling import called
from tests.hostile.machine import KIB, small_disk
from tests.running.conftest import notebook_with


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "reportkit", "run", *arguments]


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return called(folder, "run", *arguments)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    start_project(tmp_path / "示例", date(2022, 3, 1))
    return tmp_path / "示例"


def misbehave(project: Path, source: str) -> None:
    (project / "notebooks" / "annual_report.ipynb").write_bytes(notebook_with(source))


def behave(project: Path) -> None:
    misbehave(project, "None")


def manifest(project: Path) -> dict[str, Any]:
    body: dict[str, Any] = json.loads((project / "output" / "manifest.json").read_text("utf-8"))
    return body


def test_a_run_from_its_first_report_to_one_that_fails(project: Path) -> None:
    first = run(project, "--json")
    assert first.returncode == 0, first.stderr
    assert json.loads(first.stdout) == manifest(project)
    [entry] = manifest(project)["reports"]
    assert entry["status"] == "ok"
    assert entry["figures"]["disclosed_items"] == 3
    page = project / "output" / "2021" / "shili.html"
    good = page.read_bytes()
    index = (project / "output" / "index.html").read_text("utf-8")
    assert "2021/shili.html" in index

    again = run(project)
    assert again.stdout == (
        f"1 reports, 0 failed, 1 were up to date; index: {project / 'output' / 'index.html'}\n"
    )

    misbehave(project, "raise ValueError('联系13800138000')")
    failed = run(project)
    assert failed.returncode == 1
    assert "1 failed" in failed.stdout
    assert "shili 2021: cell 7: ValueError: 联系［手机号］" in failed.stderr
    assert page.read_bytes() == good
    [entry] = manifest(project)["reports"]
    assert (entry["status"], entry["attempt"]) == ("stale", "failed")
    assert (project / "output-internal" / "2021" / "shili.failed.ipynb").is_file()
    [told] = json.loads((project / "output-internal" / "failures.json").read_text("utf-8"))
    assert (told["town"], told["cell"], told["name"]) == ("shili", 7, "ValueError")
    assert told["lines"]
    shared = b"".join(p.read_bytes() for p in (project / "output").rglob("*") if p.is_file())
    assert b"ValueError" not in shared
    assert b"13800138000" not in shared

    behave(project)
    mended = run(project)
    assert mended.returncode == 0
    [entry] = manifest(project)["reports"]
    assert entry["status"] == "ok"
    assert not (project / "output-internal" / "2021" / "shili.failed.ipynb").exists()
    assert not (project / "output-internal" / "failures.json").exists()


def test_a_draft_is_refused_for_the_public_and_shown_in_house(project: Path) -> None:
    narratives = project / "data" / "narratives.csv"
    lines = narratives.read_text("utf-8-sig").splitlines(keepends=True)
    narratives.write_text("".join(line for line in lines if ",s6," not in line), "utf-8")
    refused = run(project)
    assert refused.returncode == 1
    assert "1 refused as drafts (see --audience internal)" in refused.stdout
    assert not (project / "output" / "2021").exists()
    assert manifest(project)["reports"][0]["status"] == "refused"
    let_through = run(project, "--draft")
    assert let_through.returncode == 0
    assert "草稿" in (project / "output" / "2021" / "shili.html").read_text("utf-8")
    internal = run(project, "--audience", "internal")
    assert internal.returncode == 0
    assert (project / "output-internal" / "2021" / "shili.html").is_file()
    body = json.loads((project / "output-internal" / "manifest.json").read_text("utf-8"))
    assert body["reports"][0]["findings"]["error"] == 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--town", "shilii"), "did you mean 'shili'"),
        (("--year", "2030"), "--year 2030"),
        (("--source", "dat"), "did you mean 'data'"),
        (("--batch", "params/bach.yaml"), "did you mean 'batch.yaml'"),
        (("--notebook", "no.ipynb"), "there is no notebook"),
        (("--output", "params/batch.yaml"), "is a file"),
    ],
)
def test_a_wrong_call_makes_nothing(project: Path, arguments: tuple[str, ...], words: str) -> None:
    result = run(project, *arguments)
    assert result.returncode == 2
    assert words in result.stderr
    assert result.stdout == ""
    assert not (project / "output").exists()


def test_without_any_batch_file(project: Path, tmp_path: Path) -> None:
    away = tmp_path / "away"
    away.mkdir()
    shutil.copytree(project / "data", away / "data")
    (away / "data" / "towns.csv").write_text("town,name,kind\nbeiguan,北关镇,town\n", "utf-8")
    result = run(away, "--town", "beiguan", "--year", "2021", "--source", "data")
    assert result.returncode == 0, result.stderr
    assert "sample counties are built" not in result.stderr
    assert (away / "output" / "2021" / "beiguan.html").is_file()


def wait_for(path: Path, process: subprocess.Popen[str]) -> None:
    deadline = time.monotonic() + 120
    while not path.exists():
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.05)


def ours(scratch: Path) -> list[psutil.Process]:
    """Return the processes that work for the runs of this test: their temporary folder is its, or lies in it."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.status() == psutil.STATUS_ZOMBIE:
                continue
            folder = Path(process.environ().get("TMPDIR", "/"))
            if folder.is_relative_to(scratch) and process.pid != os.getpid():
                found.append(process)
        except psutil.Error:
            continue
    return found


def assert_nothing_is_left(scratch: Path) -> None:
    deadline = time.monotonic() + 20
    while ours(scratch) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert ours(scratch) == []
    assert [path.name for path in scratch.iterdir() if path.name.startswith("reportkit-")] == []


@pytest.fixture
def hanging(project: Path, tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """Yield a run whose second report hangs; the first is made."""
    towns = project / "params" / "towns.yaml"
    text = towns.read_text("utf-8")
    start = text.index("  - id")
    towns.write_text(text + text[start:].replace("shili", "zhonglou"), "utf-8")
    (project / "data" / "coverage.csv").write_text(
        "town,register,from_year\nshili,disclosures,2021\nzhonglou,disclosures,2021\n", "utf-8"
    )
    for name in ("narratives", "disclosures"):
        path = project / "data" / f"{name}.csv"
        head, *rows = path.read_text("utf-8-sig").splitlines()
        both = [f"{town},{row}" for town in ("shili", "zhonglou") for row in rows]
        path.write_text("\n".join([f"town,{head}", *both, ""]), "utf-8")
    for name in ("applications", "documents", "decisions", "charges", "disputes"):
        (project / "data" / f"{name}.csv").unlink()
    pid = tmp_path / "pid"
    misbehave(
        project,
        "import os, time\n"
        f"if town == 'zhonglou':\n    open({str(pid)!r}, 'w').write(str(os.getpid()))\n"
        "    time.sleep(600)",
    )
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    process = subprocess.Popen(
        command("--draft", "--workers", "1"),
        cwd=project,
        text=True,
        stderr=subprocess.PIPE,
        env={**os.environ, "TMPDIR": str(scratch)},
    )
    wait_for(pid, process)
    wait_for(project / "output" / "2021" / "shili.html", process)
    time.sleep(1)  # for the outcome to be noted
    yield process
    process.kill()
    process.wait()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_an_interrupted_run_leaves_whole_files_and_no_process(
    project: Path, tmp_path: Path, hanging: subprocess.Popen[str], number: signal.Signals
) -> None:
    hanging.send_signal(number)
    code = hanging.wait(timeout=60)
    assert code == (-9 if number == signal.SIGKILL else 130)
    assert_nothing_is_left(tmp_path / "scratch")
    files = {path.name for path in (project / "output").rglob("*") if path.is_file()}
    assert {"shili.html", "shili.json", "shili.ipynb"} <= files
    assert not [name for name in files if name.startswith(".part-")]
    behave(project)
    notebook = project / "notebooks" / "annual_report.ipynb"
    forecast = run(project, "--dry-run", "--draft")
    assert "shili 2021: notebook" in forecast.stdout  # so the killed run's work is known
    assert "zhonglou 2021: new" in forecast.stdout
    assert notebook.is_file()


def test_a_second_run_on_the_same_folder_waits(
    project: Path, hanging: subprocess.Popen[str]
) -> None:
    second = subprocess.Popen(
        command("--draft"), cwd=project, text=True, stderr=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert second.stderr is not None
    assert "another run is writing to" in second.stderr.readline()
    behave(project)
    hanging.terminate()
    out, _ = second.communicate(timeout=120)
    assert second.returncode == 0
    assert out.startswith("2 reports, 0 failed")


@contextmanager
def mounted(folder: Path, size: int) -> Iterator[None]:
    """Mount a file system of so many bytes at a folder, where this machine lets us."""
    if shutil.which("mount") is None:
        pytest.skip("mounting a small file system needs a program for it")
    with small_disk(folder, size) as there:
        if not there:
            pytest.skip("mounting is not allowed here")
        yield


def test_a_full_disk_fails_reports_and_leaves_whole_files(project: Path) -> None:
    small = project / "output"
    with mounted(small, 64 * KIB):
        result = run(project)
        assert result.returncode == 1
        assert "No space left" in result.stderr
        assert "Traceback" not in result.stderr
        for path in small.rglob("*.json"):
            json.loads(path.read_text("utf-8"))
        assert not list(small.rglob(".part-*"))


@pytest.mark.parametrize("size", [12 * KIB, 20 * KIB])
def test_a_full_scratch_disk_is_told_by_whatever_it_stops(project: Path, size: int) -> None:
    small = project / "scratch"
    with mounted(small, size):
        result = subprocess.run(
            command("--draft"),
            cwd=project,
            env={**os.environ, "TMPDIR": str(small)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert result.returncode in (0, 1)
        assert (result.returncode == 0) != ("No space left" in result.stderr), result.stderr
        assert "Traceback" not in result.stderr
    assert not list(project.rglob(".part-*"))


def test_fail_fast_starts_nothing_more(project: Path) -> None:
    folder = Path(tempfile.mkdtemp(dir=project))
    towns = [f"town{n}" for n in range(12)]
    (folder / "towns.csv").write_text(
        "town,name,kind\n" + "".join(f"{t},{t}镇,town\n" for t in towns), "utf-8"
    )
    (folder / "narratives.csv").write_text(
        "town,year,section,position,text\n" + "".join(f"{t},2021,s5,1,正文\n" for t in towns),
        "utf-8",
    )
    misbehave(project, "1 / 0")
    result = run(project, "--source", str(folder), "--fail-fast", "--workers", "1")
    assert result.returncode == 1
    assert 1 <= len(manifest(project)["reports"]) < len(towns)
