"""``rk.read``: published reports, read into cells, facts and sections."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import overload

from reportkit.errors import ReadError
from reportkit.published.pool import FileRead, published_files, read_files, workers_for
from reportkit.published.reading import PublishedReport


class Read(Sequence[PublishedReport]):
    """The reports that were read, in the order of the files."""

    def __init__(self, files: Sequence[FileRead]) -> None:
        self._reports = tuple(report for file in files for report in file.reports)
        self.unread = tuple((file.path, file.error) for file in files if file.error is not None)
        """The files that could not be read, each with the reason."""

    @property
    def problems(self) -> tuple[str, ...]:
        """What could not be read for certain, and which files not at all, in Chinese."""
        uncertain = [
            f"{each.file}：{problem.place}：{problem.message}"
            for each in self
            for problem in each.problems
        ]
        return (*uncertain, *(str(fault) for _, fault in self.unread))

    @overload
    def __getitem__(self, at: int) -> PublishedReport: ...

    @overload
    def __getitem__(self, at: slice) -> tuple[PublishedReport, ...]: ...

    def __getitem__(self, at: int | slice) -> PublishedReport | tuple[PublishedReport, ...]:
        return self._reports[at]

    def __len__(self) -> int:
        return len(self._reports)

    def __iter__(self) -> Iterator[PublishedReport]:
        return iter(self._reports)


def read(*files: str | Path) -> Read:
    """Read published reports (txt, html, docx, pdf), or folders of them.

    Each has ``.report``, the :class:`~reportkit.report.TownReport`, and ``.problems``: a cell that is not certain is
    unknown and named there. A file that cannot be read is in ``.unread``, and the others go on; where no
    file is found at all, :class:`~reportkit.errors.ReadError` is raised. Files are read in processes of their own: a
    script calls this under ``if __name__ == "__main__":``.

    >>> import reportkit as rk
    >>> rk.read("没有这个文件.pdf").problems
    ('没有这个文件.pdf：打不开（No such file or directory）',)
    """
    paths = published_files(Path(file) for file in files)
    if not paths:
        raise ReadError("没有找到年度报告：文件夹里要有 .txt、.html、.docx 或 .pdf")
    return Read(list(read_files(paths, workers_for(paths, os.cpu_count() or 1))))
