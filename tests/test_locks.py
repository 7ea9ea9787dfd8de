"""One at a time, also where the file system has no locks."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from reportkit.locks import alone
from reportkit.registers.store.held import held
from tests.hostile.lockless import ANSWERS, possible, without_locks

_HOLDER = """
import sys, time
from pathlib import Path
from reportkit.locks import alone
with alone(Path(sys.argv[1]), lambda: print("waiting", flush=True)):
    print("held", flush=True)
    sys.stdin.readline()
"""


def _holder(lock: Path, answer: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", _HOLDER, str(lock)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=without_locks(answer) if answer else None,  # noqa: PLW1509 - no thread is at work here
    )


def _line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


@pytest.mark.skipif(not possible(), reason="only Linux refuses locks to a process")
@pytest.mark.parametrize("answer", [0, *ANSWERS.values()])
def test_a_second_process_waits_and_a_killed_one_keeps_nobody_out(
    answer: int, tmp_path: Path
) -> None:
    lock = tmp_path / "lock"
    first = _holder(lock, answer)
    assert _line(first) == "held"
    second = _holder(lock, answer)
    assert _line(second) == "waiting"
    first.kill()
    first.communicate()  # else its number is still taken
    assert _line(second) == "held"
    second.communicate("\n", timeout=30)
    assert second.returncode == 0
    assert {path.name for path in tmp_path.iterdir()} <= {"lock"}


def test_any_other_fault_of_a_lock_is_raised(tmp_path: Path) -> None:
    with pytest.raises(OSError, match=str(tmp_path)), alone(tmp_path):  # a folder
        pass


@pytest.mark.parametrize(
    "said", ["No locks available", "File locks are not supported", "Function not implemented"]
)
def test_duckdb_s_words_for_no_locks_blame_no_other_program(said: str) -> None:
    told = held(Exception(f'IO Error: Could not set lock on file "x": {said}'), "x.duckdb")
    assert told is not None
    assert "has no locks" in told
    assert "another program" not in told
