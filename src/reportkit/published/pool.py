"""Published reports of many files, each read apart: see :mod:`.apart`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from reportkit.errors import ReadError
from reportkit.files import is_hidden
from reportkit.ids import RESERVED
from reportkit.published.apart import PROCESSOR, SECONDS, FileLimits, each_apart
from reportkit.published.reading import NAMED, SUFFIXES, PublishedReport, read_file

MEMORY = 192 * 1024**2
"""How much address space a report may take beside the child's own, in bytes, where the system can bound it."""


@dataclass(frozen=True)
class FileRead:
    """What became of one file: its reports, or why there are none."""

    path: Path
    reports: tuple[PublishedReport, ...] = ()
    error: ReadError | None = None


def published_files(paths: Iterable[Path]) -> list[Path]:
    """Return the files meant: a folder stands for all files in it that can hold a report, sorted."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            found += sorted(
                each
                for each in path.rglob("*")
                if each.suffix.lower() in SUFFIXES.keys() | NAMED
                and each.is_file()
                and not is_hidden(each.relative_to(path))
                and not beside_reports(each)
            )
        else:
            found.append(path)
    return list(dict.fromkeys(found))


_SECONDS: Final = {".pdf": 0.25, ".ofd": 0.25, ".docx": 0.05}
"""About how long a file takes to read, by its suffix."""
_SHORT: Final = 0.008
"""The same for text and HTML."""
_START: Final = 1.0
"""About how long a child takes to start: with less to read than that, one more costs more than it gives."""


def workers_for(paths: Iterable[Path], most: int) -> int:
    """Return how many children are worth their start for some files, at most so many and at least one.

    >>> workers_for([Path("a.txt")] * 40, 2), workers_for([Path("a.pdf")] * 40, 2)
    (1, 2)
    """
    seconds = sum(_SECONDS.get(path.suffix.lower(), _SHORT) for path in paths)
    return max(1, min(most, int(seconds / _START)))


def beside_reports(path: Path) -> bool:
    """Say whether a file of an output folder is no report: its manifest, indexes, pages of comparison, tidy data, letters.

    Elsewhere ``index.html`` may be a report that somebody saved. What the names of an output folder are that no
    report has: see :data:`~reportkit.ids.RESERVED`.
    """
    if path.name == "manifest.json":
        return True
    of_page = path.stem in RESERVED and path.suffix.lower() != ".json"
    if not of_page and path.parent.name not in ("data", "counties", "letters"):
        return False
    return any((folder / "manifest.json").is_file() for folder in [*path.parents][:3])


def read_files(
    paths: Iterable[Path],
    workers: int = 1,
    *,
    seconds: float = SECONDS,
    memory: int = MEMORY,
    start: str = "spawn",
) -> Iterator[FileRead]:
    """Yield what became of each file, in the order given.

    ``workers`` children read at once. ``seconds`` and ``memory`` bound one file. ``start`` is how
    :mod:`multiprocessing` starts a child.
    """
    bounds = FileLimits(memory, PROCESSOR, start)
    for done in each_apart(_reports, paths, workers, seconds=seconds, bounds=bounds):
        yield FileRead(done.path, done.value or (), done.error)


def _reports(path: Path) -> tuple[PublishedReport, ...]:
    return read_file(path)
