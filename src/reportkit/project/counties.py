"""Which county and which province a town belongs to: by id, or by a name that matches exactly one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from reportkit.errors import nearest
from reportkit.ids import is_id
from reportkit.language import _
from reportkit.project.params import (
    THE_COUNTY,
    CountyEntry,
    ProvinceEntry,
    TownEntry,
    TownsFile,
)
from reportkit.report import Town


@dataclass(frozen=True)
class Bodies:
    """The bodies of a towns file: every town with its county and its province found."""

    towns: Mapping[str, Town] = field(default_factory=lambda: MappingProxyType({}))
    """The towns by id, with the names of county and province in the place of their ids."""
    counties: Mapping[str, CountyEntry] = field(default_factory=lambda: MappingProxyType({}))
    """The declared counties by id, with the province's name."""
    provinces: Mapping[str, ProvinceEntry] = field(default_factory=lambda: MappingProxyType({}))
    """The provinces that have an id, by id."""
    editions: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """The editions that the file sets, by town."""
    county_of: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """The id of each town's county where counties are declared and the town is of one."""


class Unresolved(ValueError):
    """What is wrong with the bodies of a towns file: one line a fault."""


def resolve_bodies(file: TownsFile) -> Bodies:
    """Find every town's county and province; raise :class:`Unresolved` with every fault."""
    faults = list(_repeated(file))
    provinces = _provinces(file)
    known = provinces if file.provinces else None
    counties: dict[str, CountyEntry] = {}
    for place, declared in enumerate(file.counties, 1):
        try:
            province = _province(declared.province, provinces, known)
        except ValueError as fault:
            faults.append(f"counties[{place}].province: {fault}")
            province = declared.province
        counties[declared.id] = declared.model_copy(update={"province": province})
    towns: dict[str, Town] = {}
    county_of: dict[str, str] = {}
    for place, entry in enumerate(file.towns, 1):
        key = "county"
        try:
            county = _county(entry.county, counties)
            key = "province"
            province = _province(entry.province, provinces, known)
            if county is not None:
                _same_province(entry, province, county)
        except ValueError as fault:
            faults.append(f"towns[{place}].{key}: {fault}")
            continue
        found: dict[str, str] = {"province": province}
        if county is not None:
            found = {"county": county.name, "province": province or county.province}
            county_of[entry.id] = county.id
        towns[entry.id] = entry.town().model_copy(update=found)
    if faults:
        raise Unresolved("; ".join(faults))
    return Bodies(
        MappingProxyType(towns),
        MappingProxyType(counties),
        MappingProxyType(provinces),
        MappingProxyType({entry.id: entry.edition for entry in file.towns if entry.edition}),
        MappingProxyType(county_of),
    )


def _same_province(entry: TownEntry, province: str, county: CountyEntry) -> None:
    """Refuse a town that names another province than its county does."""
    if province and county.province and province != county.province:
        raise ValueError(
            _(
                "{province!r}, but its county {id!r} is in {other!r}; correct one of the two",
                province=entry.province,
                id=county.id,
                other=county.province,
            )
        )


def _repeated(file: TownsFile) -> Iterator[str]:
    """Name each id that stands for two bodies: both would be written to the same files."""
    where = [
        (each.id, f"{key}[{place}].id")
        for key in ("towns", "counties", "provinces")
        for place, each in enumerate(getattr(file, key), 1)
    ]
    declared = {id_ for id_, _ in where}
    if not file.provinces:
        named = {c.province: place for place, c in reversed([*enumerate(file.counties, 1)])}
        for name, place in named.items():
            if is_id(name) and name in declared:
                where.append((name, f"counties[{place}].province"))
    times = Counter(id_ for id_, _ in where)
    for id_, count in times.items():
        if count > 1:
            places = _(" and ").join(place for other, place in where if other == id_)
            yield _(
                "the id {id!r} stands there more than once: {places}; an id is one body's alone",
                id=id_,
                places=places,
            )


def _provinces(file: TownsFile) -> dict[str, ProvinceEntry]:
    """Return the declared provinces; without any, those that counties name by an id."""
    if file.provinces:
        return {each.id: each for each in file.provinces}
    ids = dict.fromkeys(county.province for county in file.counties if is_id(county.province))
    return {id_: ProvinceEntry(id=id_, name=id_) for id_ in ids}


def _province(
    value: str, provinces: Mapping[str, ProvinceEntry], declared: Mapping[str, ProvinceEntry] | None
) -> str:
    """Return the name of a province that is named by id or by name; where some are declared, by one of theirs."""
    if value in provinces:
        return provinces[value].name
    if not value or declared is None or any(each.name == value for each in declared.values()):
        return value
    known = {*declared, *(each.name for each in declared.values())}
    raise ValueError(
        _("there is no province {value!r}{near}", value=value, near=nearest(value, known))
    )


def _county(value: str, counties: Mapping[str, CountyEntry]) -> CountyEntry | None:
    """Return the county that a town names; ``None`` where it names none, or none is declared."""
    if not value or not counties:
        return None
    if value in counties:
        return counties[value]
    named = [county for county in counties.values() if county.name == value]
    if len(named) == 1:
        return named[0]
    if named:
        ids = ", ".join(county.id for county in named)
        raise ValueError(
            _(
                "{count} counties are named {value!r}; write the id: {ids}",
                count=len(named),
                value=value,
                ids=ids,
            )
        )
    known = {*counties, *(county.name for county in counties.values())}
    raise ValueError(
        _("there is no county {value!r}{near}", value=value, near=nearest(value, known))
    )


def named_county(value: str, counties: Mapping[str, CountyEntry]) -> str | None:
    """Return the id of the declared county that data name by its id, or by a name that is one county's alone."""
    if value in counties:
        return value
    named = [id_ for id_, county in counties.items() if county.name == value]
    return named[0] if len(named) == 1 else None


def undeclared_county(towns: Mapping[str, Town]) -> CountyEntry | None:
    """Return the county of towns whose county is not declared: one, where they name one.

    ``None`` where they name none, or several: counties are declared then, so that each has an id.
    """
    names = dict.fromkeys(town.county for town in towns.values() if town.county)
    if len(names) != 1:
        return None
    (name,) = names
    provinces = {town.province for town in towns.values() if town.county == name}
    province = provinces.pop() if len(provinces) == 1 else ""
    return CountyEntry.model_construct(id=THE_COUNTY, name=name, city="", province=province)
