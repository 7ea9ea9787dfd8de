"""The embedded sample counties: their bodies as county.yaml and ershilidian.yaml describe them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import numpy as np
import pyarrow as pa
import yaml

from reportkit.form import plain
from reportkit.form.facts import FACTS
from reportkit.language import _
from reportkit.registers.data import TownData
from reportkit.registers.derivation.cases import Cases
from reportkit.registers.derivation.derive import derive_numbers
from reportkit.registers.reading.clean import clean
from reportkit.registers.sample.columns import Columns, arrow_table, objects
from reportkit.registers.sample.profile import Profile, draw
from reportkit.registers.sample.town import coverage, town_registers
from reportkit.registers.sample.write import registers_in
from reportkit.registers.schema import CASE_REGISTERS, REGISTERS
from reportkit.report import Town

_TOTALS: Final = "示例数据：当年只报了合计数"


@cache
def _read(name: str) -> Mapping[str, Any]:
    text = files(__package__).joinpath(name).read_text("utf-8")
    body: Mapping[str, Any] = yaml.safe_load(text)
    return body


def invented_years(body: str) -> range:
    """Return the years that an invented body reports on."""
    for county in _read("county.yaml")["counties"]:
        if any(given["id"] == body for given in county["bodies"]):
            first, last = county["years"]
            return range(first, last + 1)
    raise ValueError(_("county.yaml has no body {body!r}", body=body))


def invented_bodies() -> tuple[Profile, ...]:
    """Return the invented bodies: what county.yaml says of them, the rest drawn."""
    sample = _read("county.yaml")
    names = {field.name for field in fields(Profile)}
    bodies = []
    for county in sample["counties"]:
        for given in county["bodies"]:
            drawn = draw(sample["seed"], given["number"])
            said = {
                "county": county["name"],
                "province": sample["province"],
                "steady": False,
                "own_situation": False,
                "quiet_years": (),
                "busy_years": (),
                **given,
            }
            said["means"] = MappingProxyType({**drawn.means, **given.get("means", {})})
            for several in ("quiet_years", "busy_years"):
                said[several] = frozenset(said[several])
            for several in ("delegated", "totals_only"):
                said[several] = tuple(said.get(several, ()))
            if unknown := said.keys() - names:
                raise ValueError(_("county.yaml: a body has no {key!r}", key=min(unknown)))
            bodies.append(replace(drawn, **said))
    return tuple(bodies)


def invented_registers(profile: Profile) -> dict[str, Any]:
    """Return an invented body's registers as Arrow tables, those that it knows in totals as figures."""
    seed, years = _read("county.yaml")["seed"], invented_years(profile.id)
    tables = town_registers(profile, years, seed)
    if not (profile.totals_only or profile.totals_until):
        return tables
    since = (profile.totals_until or years[0] - 1) + 1
    kept = [name for name in CASE_REGISTERS if name not in profile.totals_only]
    figures = _figures(tables, dict.fromkeys(kept, ((since, years[-1]),)), years)
    if profile.totals_until is not None:
        narratives = tables["narratives"]
        tables = town_registers(profile, range(since, years[-1] + 1), seed)
        tables["narratives"] = narratives
    for name in profile.totals_only:
        tables[name] = tables[name].slice(0, 0)
    tables["coverage"] = arrow_table("coverage", profile.id, coverage(since, years[-1], kept))
    tables["figures"] = arrow_table("figures", profile.id, figures)
    return tables


def _figures(
    tables: Mapping[str, Any],
    spans: Mapping[str, tuple[tuple[int, int | None], ...]],
    years: Sequence[int],
) -> Columns:
    """Return the figures that the full registers give and the covered spans of them do not."""
    frames = {
        name: clean(
            name, table.to_pandas().assign(file=name, sheet=None, row=range(table.num_rows))
        )[0]
        for name, table in tables.items()
        if name in CASE_REGISTERS
    }
    town = Town(id="body", name="body")
    full = dict.fromkeys(CASE_REGISTERS, ((years[0], years[-1]),))
    all_known = Cases(TownData(town, frames=frames, coverage=full))
    rest = Cases(TownData(town, frames=frames, coverage=spans))
    found: list[tuple[int, str, str]] = []
    for year in years:
        complete, known = (derive_numbers(cases, year) for cases in (all_known, rest))
        values = {
            **complete.cells,
            **{c: v for c, v in complete.facts.items() if not FACTS[c].cells},
        }
        found += [
            (year, code, str(value) if isinstance(value, int) else plain(value))
            for code, value in values.items()
            if value is not None and known.cells.get(code, known.facts.get(code)) is None
        ]
    return {
        "year": np.array([row[0] for row in found], dtype=np.int64),
        "code": objects(row[1] for row in found),
        "value": objects(row[2] for row in found),
        "source": objects([_TOTALS] * len(found)),
    }


def real_town() -> dict[str, Any]:
    """Return 二十里店镇's registers as Arrow tables: the facts of ershilidian.yaml."""
    body = _read("ershilidian.yaml")
    town, year = dict(body["town"]), body["year"]
    rows: dict[str, list[Mapping[str, Any]]] = {
        "towns": [{**town, "town": town["id"]}],
        "coverage": [
            {"register": register, "from_year": year, "to_year": year}
            for register in body["covered"]
        ],
        "figures": [
            {"year": year, "code": code, "value": value, "source": body["source"]}
            for code, value in body["figures"].items()
        ],
        "activities": body["activities"],
        "narratives": [
            {"year": year, "section": section, "position": position, "text": text}
            for section, paragraphs in body["narratives"].items()
            for position, text in enumerate(paragraphs, start=1)
        ],
    }
    return {name: _listed(name, town["id"], rows.get(name, [])) for name in REGISTERS}


def _listed(register: str, town: str, rows: Sequence[Mapping[str, Any]]) -> Any:
    schema = arrow_table(register, town, {}).schema
    columns = [[{"town": town, **row}.get(name) for row in rows] for name in schema.names]
    return pa.Table.from_arrays(
        [pa.array(values, field.type) for values, field in zip(columns, schema, strict=True)],
        schema=schema,
    )


def county_narratives() -> dict[str, list[Mapping[str, Any]]]:
    """Return the prose of the counties' own reports, as rows of the register of narratives by county."""
    return {
        county["id"]: [
            {"year": year, "section": section, "position": position, "text": text}
            for year, sections in county["narratives"].items()
            for section, paragraphs in sections.items()
            for position, text in enumerate(paragraphs, start=1)
        ]
        for county in _read("county.yaml")["counties"]
        if "narratives" in county
    }


def embedded_registers() -> dict[str, Any]:
    """Return the whole sample as one Arrow table a register, sorted by body, then date."""
    real = _read("ershilidian.yaml")["town"]["id"]
    tables = {body.id: invented_registers(body) for body in invented_bodies()} | {real: real_town()}
    for county, rows in county_narratives().items():
        tables[county] = {"narratives": _listed("narratives", county, rows)}
    return {
        name: pa.concat_tables([tables[id_][name] for id_ in sorted(tables) if name in tables[id_]])
        for name in REGISTERS
    }


def write_embedded(folder: Path) -> None:
    """Write the embedded data: one Parquet file a register."""
    with registers_in(folder) as registers:
        registers.add(embedded_registers())
