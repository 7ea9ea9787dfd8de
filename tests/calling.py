"""The command line, called in this very process: a process of its own imports for more than a second each time."""

from __future__ import annotations

import io
from contextlib import chdir, redirect_stderr, redirect_stdout
from pathlib import Path
from subprocess import CompletedProcess

from reportkit.cli.main import main


def called(folder: Path, *arguments: str) -> CompletedProcess[str]:
    """Call ``reportkit`` in a folder; return its exit code and what it said."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
    with chdir(folder), redirect_stdout(out), redirect_stderr(err):
        code = main(arguments)
    said = []
    for stream in (out, err):
        stream.seek(0)
        said.append(stream.read())
    return CompletedProcess(arguments, code, *said)
