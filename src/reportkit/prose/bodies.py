"""Bodies: what kind a body is, as said, else by the end of its name; and its name without the words of office."""

from __future__ import annotations

import re

from reportkit.report import KINDS, Kind, Town

GOVERNMENTS: frozenset[Kind] = frozenset(("town", "township", "county", "city"))
"""The kinds that are a people's government (各级人民政府); 街道办事处 and departments are not."""

_OFFICE = re.compile(r"(?:政府|县府|区府|市府)(?:办公室|办)$")
"""A government's office is a department, and no government."""
_GOVERNMENT = re.compile(r"(?:人民政府|政府)$")
_UNKNOWN = re.compile(
    r"(?:管委会|管理委员会|管理委員會|开发区|園區|园区|高新区|示范区|度假区|[村居]民?委员会|社区|农场|林场|集团|公司|医院|学校)$"
)
_ENDINGS: tuple[tuple[str, Kind], ...] = (
    ("街道|街道办事处|街道办|街办事处|街办|街|办事处|辦事處", "subdistrict"),
    ("镇|鎮", "town"),
    ("乡|鄉|苏木", "township"),
    (
        "局|厅|廳|署|委|委员会|委員會|办公室|辦公室|办|中心|总队|支队|大队|总站|站|联合会|协会|服务处|管理处",
        "department",
    ),
    ("县|縣|旗", "county"),
)
_KINDS = tuple((re.compile(f"(?:{ending})$"), kind) for ending, kind in _ENDINGS)


def kind_of(town: Town) -> Kind | None:
    """Return the kind of a body; ``None`` where neither data nor name says.

    >>> kind_of(Town(id=None, name="桃江县松木塘镇人民政府"))
    'town'
    >>> kind_of(Town(id=None, name="桃园开发区管委会")) is None
    True
    """
    return town.kind if town.kind is not None else kind_of_name(town.name)


def kind_name(kind: Kind | None) -> str:
    """Return the kind in Chinese: 镇, 街道, …; 类别不明 where it is unknown."""
    return KINDS[kind] if kind else "类别不明的单位"


def kind_of_name(name: str) -> Kind | None:
    """Return a body's kind where the end of its name leaves no doubt.

    >>> kind_of_name("西柳镇人民政府"), kind_of_name("南源街道办事处"), kind_of_name("发展和改革局")
    ('town', 'subdistrict', 'department')
    >>> kind_of_name("桃园开发区管委会") is None, kind_of_name("海阳市") is None
    (True, True)
    """
    bare = re.sub(r"\s+", "", re.sub(r"[(（][^()（）]*[)）]$", "", name))
    if _OFFICE.search(bare):
        return "department"
    bare = _GOVERNMENT.sub("", bare)
    if not bare or _UNKNOWN.search(bare):
        return None
    return next((kind for ending, kind in _KINDS if ending.search(bare)), None)


def short_name(name: str) -> str:
    """Return a body's name without the words that say that it is a government or an office.

    >>> short_name("云溪镇人民政府"), short_name("南源街道办事处"), short_name("示例县农业农村局")
    ('云溪镇', '南源街道', '示例县农业农村局')
    """
    bare = re.sub(r"\s+", "", name)
    if bare.endswith(("街道办事处", "街道办")):
        return bare.removesuffix("办事处").removesuffix("办")
    short = re.sub(r"(?:人民政府|政府|人民政府办公室)$", "", bare)
    return short or bare
