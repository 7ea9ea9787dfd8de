"""A user's own project folder to start from: one invented town with the smallest registers that work."""

from __future__ import annotations

import shutil
from datetime import date
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from reportkit.errors import CallError
from reportkit.files import write_whole
from reportkit.project import packaged_notebook


def start_project(folder: Path, today: date) -> list[Path]:
    """Write a project folder and return its files. Its one report is of the year before ``today``.

    Raises :class:`~reportkit.errors.CallError` where the folder holds something already.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise CallError(f"{folder} is there and not empty; name a folder that is new")
    year = today.year - 1
    written = []
    template = files(__package__) / "project"
    for source, target in (("params", "params"), ("registers", "data")):
        for file in sorted(_files(template / source), key=lambda one: one.name):
            text = file.read_text("utf-8")
            if "{year}" in text:
                text = text.format(year=year, next=year + 1)
            # Excel takes a CSV file for UTF-8 only where it begins with the mark.
            encoding = "utf-8-sig" if file.name.endswith(".csv") else "utf-8"
            path = folder / target / file.name
            write_whole(path, text.encode(encoding))
            written.append(path)
    notebook = folder / "notebooks" / "annual_report.ipynb"
    notebook.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(packaged_notebook(), notebook)
    return [*written, notebook]


def _files(folder: Traversable) -> list[Traversable]:
    return [one for one in folder.iterdir() if one.is_file()]
