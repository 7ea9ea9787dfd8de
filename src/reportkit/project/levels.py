"""Which bodies a county or a province is the sum of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from reportkit.errors import ParameterError
from reportkit.language import _
from reportkit.project.counties import named_county, undeclared_county
from reportkit.project.folder import Project
from reportkit.project.params import Level, ProvinceEntry
from reportkit.report import Town


@dataclass(frozen=True)
class Whole:
    """A county or a province with the bodies under it."""

    town: Town
    """Itself, as the body that its report is of."""
    level: Level
    members: tuple[str, ...]
    """The ids of its bodies, sorted. A county's or city's own government is none: its figures are a sum already."""


def find_wholes(project: Project, towns: Mapping[str, Town], level: Level) -> Mapping[str, Whole]:
    """Return the counties or provinces of some towns by id, those that have at least one body.

    Raises :class:`~reportkit.errors.ParameterError` where none has an id: params/towns.yaml declares them.
    """
    parts = {id_: town for id_, town in towns.items() if town.kind not in ("county", "city")}
    found = _provinces(project, parts) if level == "province" else _counties(project, parts)
    if not found:
        key = "provinces" if level == "province" else "counties"
        names = sorted({getattr(town, level) for town in parts.values()} - {""}) or [_("none")]
        raise ParameterError(
            _(
                "{file}: {key}: the level {level} needs ids of its own; declare one for each of: "
                "{names}",
                file=project.file or "params/towns.yaml",
                key=key,
                level=level,
                names=", ".join(names[:12]),
            )
        )
    return dict(sorted(found.items()))


def _counties(project: Project, towns: Mapping[str, Town]) -> dict[str, Whole]:
    if project.bodies.counties:
        members: dict[str, list[str]] = {}
        listed = set(project.bodies.county_of.values())
        for id_, town in towns.items():
            county = project.bodies.county_of.get(id_)
            if county is None and id_ not in project.towns:
                # Of a register beside the data, which decides where params/towns.yaml lists no body of the county.
                county = named_county(town.county, project.bodies.counties)
                county = None if county in listed else county
            if county is not None:
                members.setdefault(county, []).append(id_)
        declared = project.bodies.counties
    else:
        only = undeclared_county(towns)
        declared = {} if only is None else {only.id: only}
        members = {id_: [t for t, town in towns.items() if town.county] for id_ in declared}
    return {
        id_: _whole(
            Town(id=id_, name=declared[id_].name, province=declared[id_].province, kind="county"),
            "county",
            ids,
            towns,
        )
        for id_, ids in members.items()
    }


def _provinces(project: Project, towns: Mapping[str, Town]) -> dict[str, Whole]:
    found = {}
    for id_, province in project.provinces.items():
        ids = [each for each, town in towns.items() if _is_in(project, town, province)]
        if ids:
            town = Town(id=id_, name=province.name)
            found[id_] = _whole(town, "province", ids, towns)
    return found


def _is_in(project: Project, town: Town, province: ProvinceEntry) -> bool:
    """Say whether a town is in a province: by its name or id, and where a register leaves it out, by its county's."""
    named = town.province
    if not named:
        county = named_county(town.county, project.bodies.counties)
        named = "" if county is None else project.bodies.counties[county].province
    return named in (province.name, province.id)


def _whole(town: Town, level: Level, ids: list[str], towns: Mapping[str, Town]) -> Whole:
    """Return a whole; with one invented body in it, it is invented too, and says so."""
    invented = any(towns[each].illustrative for each in ids)
    return Whole(town.model_copy(update={"illustrative": invented}), level, tuple(sorted(ids)))
