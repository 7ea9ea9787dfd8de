"""The table of a user's own denominators, population or budget: ``denominator:`` in params/batch.yaml.

A CSV file in UTF-8 with a heading: ``town`` (单位编号 or 单位, an id or a name), ``year`` (年度; blank or left out: every
year), and any further columns of positive numbers, each a denominator under its heading.
"""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from pathlib import Path

from reportkit.errors import ParameterError, nearest
from reportkit.language import _
from reportkit.project.folder import Project
from reportkit.report import Town

_TOWN = ("town", "单位编号", "单位", "单位名称")
_YEAR = ("year", "年度")


def load_denominators(
    project: Project, towns: Mapping[str, Town], years: Collection[int]
) -> Mapping[str, Mapping[tuple[str, int], Decimal]]:
    """Return each denominator's values by body and year; empty where the batch names no table.

    Raises :class:`~reportkit.errors.ParameterError` with the file, the line and the value.
    """
    path = project.denominator
    if path is None:
        return {}
    found: dict[str, dict[tuple[str, int], Decimal]] = {}
    for number, row in _rows(path):
        where = f"{path}: line {number}"
        body = _body(where, _given(row, _TOWN), towns)
        for name, text in row.items():
            if name not in (*_TOWN, *_YEAR) and text.strip():
                value = _value(f"{where}: {name}", text)
                for year in _years(where, _given(row, _YEAR), years):
                    table = found.setdefault(name, {})
                    if table.setdefault((body, year), value) != value:
                        raise ParameterError(
                            _(
                                "{where}: {body} {year} stands in another line too",
                                where=where,
                                body=body,
                                year=year,
                            )
                        )
    if not found:
        raise ParameterError(
            _(
                "{path}: no column of numbers beside {town} and {year}",
                path=path,
                town=_TOWN[0],
                year=_YEAR[0],
            )
        )
    return found


def _rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.DictReader(stream)
            heads = [head.strip() for head in reader.fieldnames or ()]
            reader.fieldnames = heads
            if not set(heads) & set(_TOWN):
                raise ParameterError(
                    _(
                        "{path}: no column {town!r}: it says whose figures they are",
                        path=path,
                        town=_TOWN[0],
                    )
                )
            for row in reader:
                if None in row or None in row.values():
                    raise ParameterError(
                        _(
                            "{path}: line {line}: not as many values as headings",
                            path=path,
                            line=reader.line_num,
                        )
                    )
                yield reader.line_num, {name: str(text) for name, text in row.items()}
    except (OSError, UnicodeDecodeError, csv.Error) as fault:
        raise ParameterError(
            _("{path}: cannot be read as a CSV file in UTF-8: {fault}", path=path, fault=fault)
        ) from None


def _given(row: Mapping[str, str], names: Collection[str]) -> str:
    return next((row[name].strip() for name in names if name in row), "")


def _body(where: str, said: str, towns: Mapping[str, Town]) -> str:
    if said in towns:
        return said
    named = [id_ for id_, town in towns.items() if said in (town.name, town.county + town.name)]
    if len(named) == 1:
        return named[0]
    if named:
        raise ParameterError(
            _(
                "{where}: {count} towns are named {said!r}; write the id",
                where=where,
                count=len(named),
                said=said,
            )
        )
    known = {*towns, *(town.name for town in towns.values())}
    raise ParameterError(
        _(
            "{where}: there is no town {said!r}{near}",
            where=where,
            said=said,
            near=nearest(said, known),
        )
    )


def _years(where: str, said: str, years: Collection[int]) -> Collection[int]:
    if not said:
        return years
    if not (said.isdecimal() and len(said) == len("2021")):
        raise ParameterError(
            _("{where}: {said!r} is no year; write it with four digits", where=where, said=said)
        )
    return (int(said),)


def _value(where: str, text: str) -> Decimal:
    try:
        value = Decimal(text.strip())
    except InvalidOperation:
        value = Decimal(0)
    if not value.is_finite() or value <= 0:
        raise ParameterError(
            _(
                "{where}: {value!r} is no positive number in plain digits",
                where=where,
                value=text.strip(),
            )
        )
    return value
