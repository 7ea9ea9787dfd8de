"""What an analyst picks of a source, and the tables and charts of it: plain functions, no widget."""

from __future__ import annotations

import io
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pandas as pd
import yaml

from reportkit.api.sources import OpenSource
from reportkit.blocks import Table, TableColumn
from reportkit.checks.wording import cell_name
from reportkit.errors import ParameterError
from reportkit.files import write_whole
from reportkit.form import CellValue
from reportkit.form.facts import FACTS
from reportkit.report import TownReport
from reportkit.tidy import frame

if TYPE_CHECKING:
    import altair as alt

ALL: Final = ""
"""Stands for every county."""


@dataclass(frozen=True)
class Choice:
    """Some towns and years of a source."""

    source: str
    towns: tuple[str, ...]
    years: tuple[int, ...]


def counties(source: OpenSource) -> tuple[str, ...]:
    """Return the names of the counties of a source's towns, in order."""
    return tuple(sorted({town.county for town in source.towns.values() if town.county}))


def towns_of(source: OpenSource, county: str = ALL) -> dict[str, str]:
    """Return the towns of a county, of all counties for :data:`ALL`: their ids by name, each name once.

    A name that two towns have is told apart by its county, then by its id.
    """
    found = {i: t for i, t in source.towns.items() if county in (ALL, t.county)}
    names: dict[str, str] = {}
    for id_, town in found.items():
        for name in (town.name, f"{town.county}{town.name}", f"{town.name}（{id_}）"):
            if name not in names:
                names[name] = id_
                break
    return names


def figures(reports: Iterable[TownReport]) -> dict[str, str]:
    """Return what can be looked at, by label: facts, then the form's cells; each as its code or address."""
    found = {f"{fact.label}（{fact.unit}）": code for code, fact in FACTS.items()}
    for report in reports:
        edition = report.cells.edition
        for address in edition.addresses:
            found.setdefault(cell_name(edition, address), address)
    return found


def value_of(report: TownReport, figure: str) -> CellValue:
    """Return a fact or a cell of a report; ``None`` where it is unknown or the edition does not have it."""
    return report.facts.get(figure) if figure in FACTS else report.cells.get(figure)


def table(reports: Sequence[TownReport], figure: str) -> pd.DataFrame:
    """Return a figure: a row a town, a column a year; ``<NA>`` where it is unknown, never 0."""
    rows = [
        {
            "town": r.town.name,
            "year": r.year,
            "value": pd.NA if (v := value_of(r, figure)) is None else v,
        }
        for r in reports
    ]
    if not rows:
        return pd.DataFrame()
    shown = pd.DataFrame(rows).pivot_table(
        index="town", columns="year", values="value", aggfunc="first", dropna=False, sort=False
    )
    return shown.rename_axis(index="单位", columns="年度")


PICKED: Final = "picked"
"""The name of the selection that both charts share: the towns that were clicked."""


def chart(reports: Sequence[TownReport], figure: str, label: str) -> alt.HConcatChart | None:
    """Return the figure by year, a line a town, beside its last year, a bar a town; a click in one marks the town in both.

    ``None`` where fewer than two values are known.
    """
    import altair as alt  # noqa: PLC0415  # heavy

    rows = [
        {"单位": r.town.name, "年度": str(r.year), label: float(value)}
        for r in reports
        if (value := value_of(r, figure)) is not None
    ]
    if len(rows) < 2:
        return None
    picked = alt.selection_point(name=PICKED, fields=["单位"])
    last = max(str(row["年度"]) for row in rows)
    whole = alt.Chart(pd.DataFrame(rows)).encode(
        color=alt.Color("单位:N", title=None),
        opacity=alt.when(picked).then(alt.value(1)).otherwise(alt.value(0.2)),
        tooltip=["单位:N", "年度:N", f"{label}:Q"],
    )
    whole = whole.add_params(picked)
    lines = whole.mark_line(point=True).encode(
        x=alt.X("年度:N", title=None), y=alt.Y(f"{label}:Q", title=None)
    )
    bars = (
        whole.mark_bar()
        .encode(x=alt.X(f"{label}:Q", title=None), y=alt.Y("单位:N", title=None, sort="-x"))
        .transform_filter(alt.datum["年度"] == last)
    )
    made: alt.HConcatChart = alt.hconcat(
        lines.properties(width=420, height=260, title=label),
        bars.properties(width=260, height=260, title=f"{last}年"),
    )
    return made


def marked_table(shown: pd.DataFrame, towns: Collection[str]) -> Any:
    """Return a table with the rows of some towns marked; the table itself where none is."""
    if shown.empty or not towns:
        return shown

    def marked(row: pd.Series[Any]) -> list[str]:
        said = "background-color: #fbf3f2; color: #9c1c14; font-weight: bold"
        return [said if row.name in towns else ""] * len(row)

    return shown.style.apply(marked, axis="columns").format(na_rep="—", precision=2)


def side_by_side(one: TownReport, other: TownReport, *, different: bool = False) -> Table:
    """Return two reports cell by cell, with the difference where both know the cell; ``different``: only unlike cells.

    Cells that one edition alone has are left out; a note says how many.
    """
    edition = one.cells.edition
    shared = [address for address in edition.addresses if address in other.cells.edition.cells]
    rows = []
    for address in shared:
        left, right = one.cells.get(address), other.cells.get(address)
        if different and left == right:
            continue
        gap = None if left is None or right is None else Decimal(right) - Decimal(left)
        rows.append((cell_name(edition, address), left, right, gap))
    alone = len(edition.addresses) + len(other.cells.edition.addresses) - 2 * len(shared)
    notes = (f"两份报告的格式版本不同，有{alone}格只在一种格式里，没有列出。",) if alone else ()
    heads = [f"{each.town.name}{each.year}" for each in (one, other)]
    if heads[0] == heads[1]:
        heads[1] += "（二）"
    names = (
        TableColumn("单元格", "text"),
        *(TableColumn(head) for head in heads),
        TableColumn("相差"),
    )
    return Table("并排比较", names, tuple(rows), notes=notes)


def save_choice(choice: Choice, path: Path) -> None:
    """Write a batch file by which ``reportkit run --batch`` makes the chosen reports.

    Raises :class:`~reportkit.errors.ParameterError` where something stands there already, or nothing is chosen.
    """
    if not choice.towns or not choice.years:
        raise ParameterError("先选单位和年度，再保存。")
    if path.suffix not in (".yaml", ".yml"):
        raise ParameterError(f"{path.name}：文件名要以 .yaml 结尾。")
    if path.exists():
        raise ParameterError(f"{path}：已经有这个文件，请换一个名字。")
    body: dict[str, Any] = {
        "source": choice.source,
        "years": list(choice.years),
        "only": list(choice.towns),
    }
    write_whole(path, yaml.safe_dump(body, allow_unicode=True, sort_keys=False))


def export(reports: Sequence[TownReport], path: Path) -> None:
    """Write the cells of the reports as tidy rows: ``.csv`` or ``.xlsx``, by the file's name."""
    cells = frame(reports, "cells")
    if path.suffix == ".csv":
        write_whole(path, cells.to_csv(index=False).encode("utf-8-sig"))
    elif path.suffix == ".xlsx":
        body = io.BytesIO()
        shown = cells.assign(value=pd.to_numeric(cells.value.astype("Float64")))
        shown.to_excel(body, index=False, engine="xlsxwriter")
        write_whole(path, body.getvalue())
    else:
        raise ParameterError(f"{path.name}：文件名要以 .csv 或 .xlsx 结尾。")
