"""A machine without file locks: the kernel refuses flock and fcntl's locks to a program and to all that it starts.

Network shares that are mounted without their lock service answer so. A filter of system calls (seccomp) gives the same
answer without such a share; Linux alone has it.
"""

from __future__ import annotations

import ctypes
import errno
import platform
import struct
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Final

from tests.hostile.kills import BOUND, command, environment, files_of, reportkit, wait_for
from tests.hostile.table import Row
from tests.registers.store.samples import write_county

ANSWERS: Final = {
    "NFS without its lock service (ENOLCK)": errno.ENOLCK,
    "a share that knows no locks (EOPNOTSUPP)": errno.EOPNOTSUPP,
    "a user-space file system without flock (ENOSYS)": errno.ENOSYS,
}
"""What file systems answer to a program that asks for a lock."""

_FLOCK_FCNTL: Final = {"x86_64": (73, 72), "aarch64": (32, 25)}
"""The numbers of the two system calls."""
_LOCKS: Final = (5, 6, 7, 36, 37, 38)
"""F_GETLK, F_SETLK, F_SETLKW, and the same of open file descriptions."""
_LOAD, _EQUAL, _RETURN = 0x20, 0x15, 0x06
_NUMBER, _SECOND_ARGUMENT = 0, 24
"""Where a filter finds the call's number and its second argument."""
_ALLOW, _ANSWER = 0x7FFF0000, 0x00050000
_NO_NEW_PRIVILEGES, _SECCOMP, _FILTER = 38, 22, 2


def possible() -> bool:
    """Say whether this machine can be made to refuse locks."""
    return platform.system() == "Linux" and platform.machine() in _FLOCK_FCNTL


def without_locks(answer: int) -> Callable[[], None]:
    """Return what a new process calls, before it becomes another program, to be refused every lock from then on."""
    flock, fcntl = _FLOCK_FCNTL[platform.machine()]
    count = len(_LOCKS)
    steps = [
        (_LOAD, 0, 0, _NUMBER),
        (_EQUAL, count + 3, 0, flock),  # to the answer
        (_EQUAL, 0, count + 1, fcntl),  # any other call: allowed
        (_LOAD, 0, 0, _SECOND_ARGUMENT),
        *((_EQUAL, count - place, 0, lock) for place, lock in enumerate(_LOCKS)),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _ANSWER | answer),
    ]
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *step) for step in steps))
    program = struct.pack("HxxxxxxQ", len(steps), ctypes.addressof(code))
    libc = ctypes.CDLL(None, use_errno=True)

    def refuse() -> None:
        kept = code  # the program points into it
        libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
        if libc.prctl(_SECCOMP, _FILTER, ctypes.c_char_p(program), 0, 0):
            raise OSError(ctypes.get_errno(), "no filter of system calls", len(kept))

    return refuse


def lockless(folder: Path, whole: dict[str, bytes], call: tuple[str, ...]) -> Row:
    """Run, twice at once and after a kill, and ingest where no lock can be had."""
    row = Row("machine", "file system without locks: runs, ingest into DuckDB and reading of it")
    if not possible():
        row.tried, row.note = 1, "only Linux lets a filter refuse locks: not tried here"
        return row
    store = folder / "lockless.duckdb"
    uri = f"duckdb:///{store}"
    write_county(folder / "data")
    assert reportkit(folder, "ingest", "data", "--store", uri).returncode == 0
    good = store.read_bytes()
    for what, answer in ANSWERS.items():
        output = f"lockless {answer}"
        runs = [started(folder, answer, *call, "--output", output) for _ in range(2)]
        codes = [run.wait(BOUND) for run in runs]
        row.tried += 2
        if codes != [0, 0] or files_of(folder / output) != whole:
            row.lost.append(f"{what}: two runs at once: exit codes {codes}")
        ingest = started(folder, answer, "ingest", "data", "--store", uri)
        _, said = ingest.communicate(timeout=BOUND)
        row.tried += 1
        if ingest.returncode != 2 or "has no locks" not in " ".join(said.split()):
            row.lost.append(f"{what}: ingest: {ingest.returncode}: {said[-300:]}")
        if store.read_bytes() != good or [*folder.glob(".lockless.duckdb*")]:
            row.through.append(f"{what}: the store was changed, or a copy of it stays")
    killed = started(folder, errno.ENOLCK, *call, "--output", "lockless killed")
    marker = folder / ".lockless killed.state" / "lock.held"
    wait_for(marker.exists, killed)
    killed.kill()
    killed.wait(BOUND)
    again = started(folder, errno.ENOLCK, *call, "--output", "lockless killed")
    row.tried += 1
    if again.wait(BOUND) or files_of(folder / "lockless killed") != whole:
        row.lost.append(f"the run after a killed one: exit code {again.returncode}")
    row.note = "the kernel refuses every lock (seccomp); DuckDB opens no file then, and says so"
    return row


def started(folder: Path, answer: int, *words: str) -> subprocess.Popen[str]:
    """Start the program where no lock can be had."""
    return subprocess.Popen(
        command(*words),
        cwd=folder,
        env=environment(folder / "tmp"),
        preexec_fn=without_locks(answer),  # noqa: PLW1509 - no thread is at work here
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
