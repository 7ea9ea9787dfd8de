"""Input that a fuzzer finds by watching which branches it reaches (atheris, Linux alone).

``python -m tests.hostile.guided READER RUNS SEED`` is one fuzzer; it ends with another exit code than 0 where anything but
this package's own errors comes out.
"""

from __future__ import annotations

import contextlib
import importlib.util
import sys
import tempfile
from pathlib import Path

from tests.hostile.beside import beside
from tests.hostile.table import Row

SECONDS = 25
"""After so many seconds one input is a hang."""


def guided_row(name: str, count: int) -> Row:
    """Fuzz one reader."""
    row = Row("fuzz", f"{name}: input guided by the branches that it reaches (atheris)")
    if importlib.util.find_spec("atheris") is None:
        row.tried, row.note = 1, "no atheris on this machine: not tried here"
        return row
    for share, seed, done in beside(__spec__.name, name, count):
        row.tried += share
        if done.returncode:
            row.through.append(f"seed {seed}: {done.returncode}: {done.stderr[-600:]}")
    return row


def main(name: str, runs: str, seed: str) -> None:
    """Fuzz one reader."""
    import atheris

    with atheris.instrument_imports(include=["reportkit"]):
        from reportkit.errors import ReportkitError
        from tests.hostile.fuzz import readers_of_bytes

    reader, seeds = readers_of_bytes()[name]
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "seeds").mkdir()
        for number, content in enumerate(seeds):
            (Path(folder) / "seeds" / str(number)).write_bytes(content)

        def one(content: bytes) -> None:
            with contextlib.suppress(ReportkitError):
                reader(content, Path(folder))

        arguments = [f"-runs={runs}", f"-seed={seed}", f"-timeout={SECONDS}"]
        longest = 2 * max(65_536, *map(len, seeds))  # a seed that is cut is no archive any more
        arguments += ["-rss_limit_mb=2048", f"-max_len={longest}"]
        atheris.Setup([sys.argv[0], *arguments, f"{folder}/seeds"], one)
        atheris.Fuzz()


if __name__ == "__main__":
    main(*sys.argv[1:])
