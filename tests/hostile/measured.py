"""What reading one hostile file costs: each is read in a process of its own, with its seconds and its memory counted.

``python -m tests.hostile.measured`` imports the readers once, and forks for every file that it is asked for.
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from reportkit.errors import ReportkitError

SECONDS: Final = 3.0
"""How much of the processor's time a refusal may take."""
MEMORY: Final = 400
"""How much memory it may take, in MB, with all that the program itself needs."""
_LONGEST: Final = 30
"""After so many seconds of the processor a reader is taken to hang."""


@dataclass(frozen=True)
class Cost:
    """What became of one file."""

    error: str
    """The message of the refusal; blank where it was read."""
    wrong: str
    """The exception where it is none of this package's, or how the process died."""
    seconds: float
    megabytes: float

    def faults(self, name: str) -> Iterator[str]:
        """Yield what is wrong with the answer: no error, another's error, no file in it, too dear."""
        if self.wrong:
            yield f"{name}: {self.wrong}"
        elif not self.error:
            yield f"{name}: was not refused"
        elif name not in self.error:
            yield f"{name}: the message does not name the file: {self.error}"
        if self.seconds > SECONDS or self.megabytes > MEMORY:
            yield f"{name}: {self.seconds:.1f} s of processor, {self.megabytes:.0f} MB"


class Measurer:
    """The process that reads and measures."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", __spec__.name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )

    def read(self, reader: str, path: Path) -> Cost:
        """Return what reading a file with a reader costs."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps([reader, str(path)]) + "\n")
        self._process.stdin.flush()
        return Cost(**json.loads(self._process.stdout.readline()))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(60)


def readers() -> dict[str, Callable[[Path], object]]:
    """Return every reader of files from outside, by name."""
    from reportkit.export.document import read_document
    from reportkit.export.formats import Printer
    from reportkit.manifest import Manifest
    from reportkit.project import find_project
    from reportkit.published import read_files
    from reportkit.registers.ingest.prepare import Names, prepare
    from reportkit.registers.reading.files.tables import read_tables
    from reportkit.report import TownReport
    from reportkit.review.files import load_reviews

    def export(path: Path) -> None:
        import nbformat

        printer = Printer(read_document(nbformat.read(path, as_version=4)))
        for form in ("html", "docx", "pdf"):
            printer.print(form)

    def named(read: Callable[[Path], object]) -> Callable[[Path], None]:
        """Return a reader of content as its callers use it: they say the file's name."""

        def call(path: Path) -> None:
            try:
                read(path)
            except ReportkitError as fault:
                raise ReportkitError(f"{path.name}: {fault}") from None

        return call

    def published(path: Path) -> None:
        (read,) = read_files([path], start="fork")
        if read.error:
            raise read.error

    return {
        "published": published,
        "register": read_tables,
        "ingest": lambda path: list(prepare(path, Names({}), [])),
        "params": lambda path: find_project(batch=path),
        "reviews": lambda path: load_reviews(path.parent, int(path.stem)),
        "report": named(lambda path: TownReport.from_json(path.read_bytes())),
        "manifest": named(lambda path: Manifest.from_json(path.read_bytes())),
        "export": named(export),
    }


def _measure(read: Callable[[Path], object], path: Path, to: int) -> None:
    error = wrong = ""
    resource.setrlimit(resource.RLIMIT_CPU, (_LONGEST, _LONGEST))
    try:
        read(path)
    except ReportkitError as fault:
        error = str(fault)
    except BaseException as fault:  # noqa: BLE001  # whatever gets through is what is counted
        wrong = f"{type(fault).__name__}: {fault}"[:300]
    own, others = (
        resource.getrusage(whose) for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    seconds = own.ru_utime + own.ru_stime + others.ru_utime + others.ru_stime
    megabytes = max(own.ru_maxrss, others.ru_maxrss) / 1024
    os.write(to, json.dumps([error[:2000], wrong, seconds, megabytes]).encode())


def main() -> None:
    """Answer requests, one a line: the reader's name and the path."""
    known = readers()
    for line in sys.stdin:
        name, path = json.loads(line)
        back, to = os.pipe()
        pid = os.fork()
        if not pid:
            os.close(back)
            with contextlib.suppress(BaseException):
                _measure(known[name], Path(path), to)
            os._exit(0)
        os.close(to)
        with os.fdopen(back, "rb") as answer:
            told = answer.read()
        _, status, used = os.wait4(pid, 0)
        if told:
            error, wrong, seconds, megabytes = json.loads(told)
        else:
            error, wrong = "", f"the process died: {os.waitstatus_to_exitcode(status)}"
            seconds, megabytes = used.ru_utime + used.ru_stime, used.ru_maxrss / 1024
        said = {"error": error, "wrong": wrong, "seconds": seconds, "megabytes": megabytes}
        print(json.dumps(said), flush=True)


if __name__ == "__main__":
    main()
