"""A user's own project folder to start from: one invented town with the smallest registers that work, or the user's own town."""

from __future__ import annotations

import shutil
from datetime import date
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Final

import yaml

from reportkit.errors import CallError
from reportkit.files import write_whole
from reportkit.language import _
from reportkit.project import packaged_notebook
from reportkit.registers.workbook import write_template
from reportkit.report import Town

WORKBOOK: Final = "台账.xlsx"
"""The empty workbook, with the town filled in."""

EXAMPLE: Final = Town(
    id="shili", name="示例镇", county="示例县", province="示例省", kind="town", illustrative=True
)
"""The invented town; no figure of the example stands under a real name."""

_NOTEBOOKS: Final = ("annual_report.ipynb", "explore.ipynb")


def start_project(folder: Path, today: date, town: Town | None = None) -> list[Path]:
    """Write a project folder and return its files. It is about the year before ``today``.

    Without ``town`` its data are those of an invented one, and the first run makes its report. With one, the town
    is in params and in the workbook, and the data are that workbook, to be filled in: nothing is invented under a
    town's own name. Raises :class:`~reportkit.errors.CallError` where the folder holds something already.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise CallError(
            _("{folder} is there and not empty; name a folder that is new", folder=folder)
        )
    words = _words(today.year - 1, town)
    template = files(__package__) / "project"
    written = []
    for name, target in (("README.md", "README.md"), ("gitignore", ".gitignore")):
        written.append(_write(folder / target, (template / name).read_text("utf-8"), words))
    for source, target in (("params", "params"), ("registers", "data")):
        if town is not None and source == "registers":
            continue
        written += [
            _write(folder / target / file.name, file.read_text("utf-8"), words)
            for file in sorted(_files(template / source), key=lambda one: one.name)
        ]
    if town is not None:
        entry = town.model_dump(mode="json", exclude={"id", "delegated", "illustrative"})
        text = yaml.safe_dump(
            {"towns": [{"id": town.id, **entry}]}, allow_unicode=True, sort_keys=False
        )
        written.append(_write(folder / "params" / "towns.yaml", text, None))
    workbook = folder / ("data" if town is not None else ".") / WORKBOOK
    workbook.parent.mkdir(parents=True, exist_ok=True)
    write_template(workbook, town=town or EXAMPLE)
    # A town of its own is written over the example's params.
    return list(dict.fromkeys([*written, workbook, *_notebooks(folder)]))


def _words(year: int, town: Town | None) -> dict[str, str | int]:
    """Return what stands in for the placeholders of the templates."""
    return {
        "year": year,
        "next": year + 1,
        "town": str((town or EXAMPLE).id),
        "name": (town or EXAMPLE).name,
        "book": WORKBOOK if town is None else f"data/{WORKBOOK}",
        "data": "现在是虚构的示例镇的几行数据，用来看报告的样子"
        if town is None
        else f"`{WORKBOOK}` 填好之后就在这里读取",
        "swap": "，删去示例镇的各个 CSV，并改 `params/towns.yaml` 中的单位"
        if town is None
        else "（它已经在那里）",
    }


def _write(path: Path, text: str, words: dict[str, str | int] | None) -> Path:
    """Write a file of the template, its placeholders filled in."""
    if words is not None and "{" in text:
        text = text.format(**words)
    # Excel takes a CSV file for UTF-8 only where it begins with the mark.
    write_whole(path, text.encode("utf-8-sig" if path.suffix == ".csv" else "utf-8"))
    return path


def _notebooks(folder: Path) -> list[Path]:
    """Copy the notebooks that people work with."""
    copied = []
    for name in _NOTEBOOKS:
        path = folder / "notebooks" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(packaged_notebook(name), path)
        copied.append(path)
    return copied


def _files(folder: Traversable) -> list[Traversable]:
    return [one for one in folder.iterdir() if one.is_file()]
