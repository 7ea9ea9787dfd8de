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
                        raise ParameterError(f"{where}: {body} {year} stands in another line too")
    if not found:
        raise ParameterError(f"{path}: no column of numbers beside {_TOWN[0]} and {_YEAR[0]}")
    return found


def _rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.DictReader(stream)
            heads = [head.strip() for head in reader.fieldnames or ()]
            reader.fieldnames = heads
            if not set(heads) & set(_TOWN):
                raise ParameterError(
                    f"{path}: no column {_TOWN[0]!r}: it says whose figures they are"
                )
            for row in reader:
                if None in row or None in row.values():
                    raise ParameterError(
                        f"{path}: line {reader.line_num}: not as many values as headings"
                    )
                yield reader.line_num, {name: str(text) for name, text in row.items()}
    except (OSError, UnicodeDecodeError, csv.Error) as fault:
        raise ParameterError(f"{path}: cannot be read as a CSV file in UTF-8: {fault}") from None


def _given(row: Mapping[str, str], names: Collection[str]) -> str:
    return next((row[name].strip() for name in names if name in row), "")


def _body(where: str, said: str, towns: Mapping[str, Town]) -> str:
    if said in towns:
        return said
    named = [id_ for id_, town in towns.items() if said in (town.name, town.county + town.name)]
    if len(named) == 1:
        return named[0]
    if named:
        raise ParameterError(f"{where}: {len(named)} towns are named {said!r}; write the id")
    known = {*towns, *(town.name for town in towns.values())}
    raise ParameterError(f"{where}: there is no town {said!r}{nearest(said, known)}")


def _years(where: str, said: str, years: Collection[int]) -> Collection[int]:
    if not said:
        return years
    if not (said.isdecimal() and len(said) == len("2021")):
        raise ParameterError(f"{where}: {said!r} is no year; write it with four digits")
    return (int(said),)


def _value(where: str, text: str) -> Decimal:
    try:
        value = Decimal(text.strip())
    except InvalidOperation:
        value = Decimal(0)
    if not value.is_finite() or value <= 0:
        raise ParameterError(f"{where}: {text.strip()!r} is no positive number in plain digits")
    return value
