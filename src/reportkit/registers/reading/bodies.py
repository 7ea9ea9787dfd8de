"""The register of towns (单位信息): the bodies that it describes, and those that it cannot give a report."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

import pandas as pd

from reportkit.finding import Place
from reportkit.registers.reading.clean import clean
from reportkit.registers.reading.files.tables import RowFault
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
    """Why a body has no report, by its id: its row names a county that is none of the declared ones."""
    problems: tuple[str, ...]
    """What is wrong with rows, in words; those refused among them."""


def describe(
    raw: pd.DataFrame,
    faults: Collection[RowFault],
    wholes: Mapping[str, Town],
    given: Collection[str],
) -> Described:
    """Return the bodies of the raw rows of a register of towns; see :func:`refused_counties`."""
    frame, set_aside = clean("towns", raw, faults)
    refused = refused_counties(frame, wholes, given)
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


def refused_counties(
    frame: pd.DataFrame, wholes: Mapping[str, Town], given: Collection[str]
) -> dict[str, str]:
    """Return by town why it can have no report: its county is none of those that the project declares.

    ``frame`` is the cleaned register of towns, ``wholes`` are the declared counties and provinces by id. A town names
    its county by id, or by a name that is one county's alone. Where no county is declared each name is one, and the
    towns ``given`` in params/towns.yaml have theirs from there.
    """
    counties = {id_: whole.name for id_, whole in wholes.items() if whole.kind == "county"}
    if not counties:
        return {}
    refused: dict[str, str] = {}
    for row in frame.to_dict("records"):
        why = _why_none(row["county"], counties)
        if why is not None and row["town"] not in given:
            refused[row["town"]] = _told(row, why)
    return refused


def _why_none(county: str | None, counties: Mapping[str, str]) -> str | None:
    """Say why what a town gives as its county tells none of them; ``None`` where it tells one, or is blank."""
    if not county or county in counties:
        return None
    ids = [id_ for id_, name in counties.items() if name == county]
    if len(ids) == 1:
        return None
    if ids:
        return f"是{len(ids)}个县的名称，请改填县的编号：{'、'.join(sorted(ids))}"
    near = get_close_matches(county, sorted({*counties, *counties.values()}), 1, cutoff=0.6)
    asked = f"，是否应为“{near[0]}”" if near else ""
    return f"既不是 params/towns.yaml 中县的编号，也不是其名称{asked}"


def _told(row: Mapping[Any, Any], why: str) -> str:
    register = REGISTERS["towns"]
    number = row["row"]
    place = Place(
        register=register.name,
        file=row["file"],
        sheet=row["sheet"],
        row=None if number is pd.NA else int(number),
        column="county",
        value=row["county"],
    )
    heading = register.column("county").heading
    return (
        f"{place_in_words(place, register.heading)} 未计入，该单位没有报告：“{heading}”{why}（“{row['county']}”）。"
        "请改正后重新生成，或在 params/towns.yaml 的 counties 中补上该县。"
    )
