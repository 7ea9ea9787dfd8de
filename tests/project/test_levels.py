"""Which bodies a declared county is the sum of: those of params/towns.yaml, and those that data name."""

from __future__ import annotations

from pathlib import Path
from types import MappingProxyType

from reportkit.project.counties import Bodies
from reportkit.project.folder import Project
from reportkit.project.levels import find_wholes
from reportkit.project.params import CountyEntry, ProvinceEntry
from reportkit.report import Town

COUNTIES = MappingProxyType(
    {
        id_: CountyEntry(id=id_, name=name, province="示例省")
        for id_, name in (("shili", "示例县"), ("jia", "同名县"), ("yi", "同名县"))
    }
)


def members(**counties: str) -> dict[str, tuple[str, ...]]:
    """Return the members of each county, of towns that only a register names, with the county that it gives."""
    project = Project(Path(), bodies=Bodies(counties=COUNTIES))
    towns = {id_: Town(id=id_, name=f"{id_}镇", county=c) for id_, c in counties.items()}
    return {id_: whole.members for id_, whole in find_wholes(project, towns, "county").items()}


def test_a_register_names_a_declared_county_by_id_or_by_its_name() -> None:
    assert members(a="shili", b="示例县", c="别处") == {"shili": ("a", "b")}


def test_a_name_of_two_counties_is_nobodys() -> None:
    assert members(a="shili", b="同名县", c="jia") == {"jia": ("c",), "shili": ("a",)}


def test_a_county_whose_bodies_the_towns_file_lists_has_no_others() -> None:
    listed = Town(id="aa", name="甲镇", county="示例县")
    bodies = Bodies(
        counties=COUNTIES,
        towns=MappingProxyType({"aa": listed}),
        county_of=MappingProxyType({"aa": "shili"}),
    )
    towns = {"aa": listed, "bb": Town(id="bb", name="乙镇", county="示例县")}
    found = find_wholes(Project(Path(), bodies=bodies), towns, "county")
    assert {id_: whole.members for id_, whole in found.items()} == {"shili": ("aa",)}


def test_a_register_names_a_province_by_id_or_name_or_by_its_county() -> None:
    provinces = MappingProxyType({"shifan": ProvinceEntry(id="shifan", name="示例省")})
    project = Project(Path(), bodies=Bodies(counties=COUNTIES, provinces=provinces))
    places = {"a": "示例省", "b": "shifan", "c": "", "d": "别省"}
    towns = {
        id_: Town(id=id_, name=f"{id_}镇", county="示例县", province=province)
        for id_, province in places.items()
    }
    towns["e"] = Town(id="e", name="戊镇")
    found = find_wholes(project, towns, "province")
    assert {id_: whole.members for id_, whole in found.items()} == {"shifan": ("a", "b", "c")}
