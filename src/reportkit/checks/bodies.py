"""What kind of body hands in a report: as said, else as its name shows, else unknown."""

from __future__ import annotations

import re

from reportkit.report import KINDS, Kind, Town

_SUFFIXES: tuple[tuple[str, Kind], ...] = (
    (r"(?:街道|街道办事处|街道办|街办事处|街|街办)", "subdistrict"),
    (r"(?:镇|鎮)", "town"),
    (r"(?:乡|鄉)", "township"),
    (r"(?:局|委员会|委員會|委|办公室|辦公室|中心|总队|支队|大队)", "department"),
    (r"(?:县|縣|旗)", "county"),
)
_NOT_DEPARTMENTS = re.compile(r"(?:管委会|管理委员会|管理委員會|开发区|园区)$")
_GOVERNMENT = re.compile(r"(?:人民政府|政府|人民政府办公室)$")

GOVERNMENTS: frozenset[Kind] = frozenset(("town", "township", "county", "city"))
"""The kinds that are a people's government (各级人民政府); 街道办事处 and departments are not."""


def kind_of(town: Town) -> Kind | None:
    """Return the kind of a body; ``None`` where neither data nor name says.

    >>> kind_of(Town(id=None, name="桃江县松木塘镇人民政府"))
    'town'
    >>> kind_of(Town(id=None, name="桃园开发区管委会")) is None
    True
    """
    if town.kind is not None:
        return town.kind
    name = _GOVERNMENT.sub("", re.sub(r"\s+", "", town.name))
    if not name or _NOT_DEPARTMENTS.search(name):
        return None
    for suffix, kind in _SUFFIXES:
        if re.search(suffix + "$", name):
            return kind
    return None


def kind_name(kind: Kind | None) -> str:
    """Return the kind in Chinese: 镇, 街道, …; 类别不明 where it is unknown."""
    return KINDS[kind] if kind else "类别不明的单位"


def short_name(name: str) -> str:
    """Return a body's name without the words that say that it is a government or an office.

    >>> short_name("云溪镇人民政府"), short_name("南源街道办事处"), short_name("示例县农业农村局")
    ('云溪镇', '南源街道', '示例县农业农村局')
    """
    bare = re.sub(r"\s+", "", name)
    if bare.endswith(("街道办事处", "街道办")):
        return bare.removesuffix("办事处").removesuffix("办")
    short = _GOVERNMENT.sub("", bare)
    return short or bare
