"""Input that a fuzzer finds by watching which branches it reaches (atheris, Linux alone), for the readers of text.

``python -m tests.hostile.guided READER RUNS`` is one fuzzer; it ends with another exit code than 0 where anything but
this package's own errors comes out.
"""

from __future__ import annotations

import contextlib
import importlib.util
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.hostile.table import Row

RUNS = 200_000
"""How many inputs a reader gets at full scale."""
READERS = ("report JSON", "manifest", "params", "reviews", "register CSV", "published text")
SECONDS = 25
"""After so many seconds one input is a hang."""


def guided_rows(scale: float) -> Iterator[Row]:
    """Yield a row a reader of text."""
    if importlib.util.find_spec("atheris") is None:
        return
    for reader in READERS:
        runs = max(20, int(RUNS * scale))
        row = Row("fuzz", f"{reader}: input guided by the branches that it reaches (atheris)", runs)
        done = subprocess.run(
            [sys.executable, "-m", __spec__.name, reader, str(runs)],
            capture_output=True,
            check=False,
            text=True,
            errors="replace",
        )
        if done.returncode:
            row.through.append(f"{reader}: {done.stderr[-600:]}")
        yield row


def main(name: str, runs: str) -> None:
    """Fuzz one reader."""
    import atheris

    with atheris.instrument_imports(include=["reportkit"]):
        from reportkit.errors import ReportkitError
        from tests.hostile.fuzz import readers_of_bytes

    reader, seeds, _ = readers_of_bytes()[name]
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "seeds").mkdir()
        for number, seed in enumerate(seeds):
            (Path(folder) / "seeds" / str(number)).write_bytes(seed)

        def one(content: bytes) -> None:
            with contextlib.suppress(ReportkitError):
                reader(content, Path(folder))

        arguments = [f"-runs={runs}", f"-timeout={SECONDS}", "-rss_limit_mb=2048", "-max_len=65536"]
        atheris.Setup([sys.argv[0], *arguments, f"{folder}/seeds"], one)
        atheris.Fuzz()


if __name__ == "__main__":
    main(*sys.argv[1:])
