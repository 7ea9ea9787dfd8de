"""The register of towns (单位信息): the bodies that it describes, and those that it cannot give a report."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from typing import Any

import pandas as pd

from reportkit.finding import Place
from reportkit.registers.reading.clean import clean
from reportkit.registers.reading.files.raw import RowFault
from reportkit.registers.reading.row_findings import place_in_words
from reportkit.registers.schema import REGISTERS
from reportkit.report import Town


@dataclass(frozen=True)
class Described:
    """The bodies of a register of towns."""

    towns: Mapping[str, Town]
    editions: Mapping[str, str]
    """The editions that the register sets, by town."""
    refused: Mapping[str, str]
    """Why a body has no report, by its id: its row names a county or province that is none of the declared ones."""
    problems: tuple[str, ...]
    """What is wrong with rows, in words; those refused among them."""


def describe(
    raw: pd.DataFrame,
    faults: Collection[RowFault],
    wholes: Mapping[str, Town],
    given: Collection[str],
) -> Described:
    """Return the bodies of the raw rows of a register of towns; see :func:`refused_towns`."""
    frame, set_aside = clean("towns", raw, faults)
    refused = refused_towns(frame, wholes, given)
    told = [fault.finding.message for _, fault in set_aside]
    towns: dict[str, Town] = {}
    editions: dict[str, str] = {}
    for row in frame.to_dict("records"):
        id_ = row["town"]
        if id_ in refused:
            continue
        fields = {key: row[key] for key in Town.model_fields if row.get(key) is not None}
        illustrative = row["illustrative"]
        fields["illustrative"] = illustrative is not pd.NA and bool(illustrative)
        towns[id_] = Town(id=id_, **fields)
        if row["edition"]:
            editions[id_] = row["edition"]
    return Described(towns, editions, refused, (*told, *refused.values()))


def refused_towns(
    frame: pd.DataFrame, wholes: Mapping[str, Town], given: Collection[str]
) -> dict[str, str]:
    """Return by town why it can have no report: its county or province is none of those that the project declares.

    ``frame`` is the cleaned register of towns, ``wholes`` are the declared counties and provinces by id. A town names
    either by id, or by a name that is one's alone. Where no county (no province) is declared each name is one, and
    the towns ``given`` in params/towns.yaml have theirs from there.
    """
    counties = _Level("county", "县", "counties", _only(wholes, counties=True))
    provinces = _Level("province", "省", "provinces", _only(wholes, counties=False))
    refused: dict[str, str] = {}
    for row in frame.to_dict("records"):
        why = [
            _told(row, counties, _why_none(row, counties)),
            _told(
                row, provinces, _why_none(row, provinces) or _why_another(row, counties, provinces)
            ),
        ]
        if any(why) and row["town"] not in given:
            refused[row["town"]] = "".join(why)
    return refused


def _only(wholes: Mapping[str, Town], *, counties: bool) -> Mapping[str, Town]:
    return {id_: whole for id_, whole in wholes.items() if (whole.kind == "county") == counties}


@dataclass(frozen=True)
class _Level:
    """A level above the towns', as a row of their register names one of it."""

    column: str
    what: str
    key: str
    """Where params/towns.yaml declares them."""
    declared: Mapping[str, Town]

    @cached_property
    def ids(self) -> Mapping[str, list[str]]:
        """What each text may mean: the one of that id, else all of that name."""
        by_name: dict[str, list[str]] = {}
        for id_, whole in self.declared.items():
            by_name.setdefault(whole.name, []).append(id_)
        return {**by_name, **{id_: [id_] for id_ in self.declared}}

    def find(self, row: Mapping[Any, Any]) -> Town | None:
        """Return the one that a row names."""
        named = self.ids.get(row[self.column], [])
        return self.declared[named[0]] if len(named) == 1 else None


def _why_none(row: Mapping[Any, Any], level: _Level) -> str:
    """Say why what a row names is none of the declared; empty where it is one, is blank, or none is declared."""
    said = row[level.column]
    if not said or not level.declared or level.find(row) is not None:
        return ""
    if named := level.ids.get(said):
        what = level.what
        return f"是{len(named)}个{what}的名称，请改填{what}的编号：{'、'.join(sorted(named))}"
    near = get_close_matches(said, sorted(level.ids), 1, cutoff=0.6)
    asked = f"，是否应为“{near[0]}”" if near else ""
    return f"既不是 params/towns.yaml 中{level.what}的编号，也不是其名称{asked}"


def _why_another(row: Mapping[Any, Any], counties: _Level, provinces: _Level) -> str:
    """Say that the province of a row is another one than that of its county; empty where it is not."""
    county, province = counties.find(row), provinces.find(row)
    if county is None or province is None or county.province in ("", province.name):
        return ""
    return f"与其所在的“{county.name}”的省份“{county.province}”不一致"


def _told(row: Mapping[Any, Any], level: _Level, why: str) -> str:
    """Return a fault of a row in words, with its place; empty where there is none."""
    if not why:
        return ""
    register = REGISTERS["towns"]
    number, value = row["row"], row[level.column]
    place = Place(
        register=register.name,
        file=row["file"],
        sheet=row["sheet"],
        row=None if number is pd.NA else int(number),
        column=level.column,
        value=value,
    )
    heading = register.column(level.column).heading
    return (
        f"{place_in_words(place, register.heading)} 未计入，该单位没有报告：“{heading}”{why}（“{value}”）。"
        f"请改正后重新生成，或在 params/towns.yaml 的 {level.key} 中补上该{level.what}。"
    )
