"""What kind of body hands in a report: as said, else as its name shows, else unknown."""

from __future__ import annotations

from reportkit.prose.bodies import kind_of_name, short_name
from reportkit.report import KINDS, Kind, Town

__all__ = ["GOVERNMENTS", "kind_name", "kind_of", "short_name"]

GOVERNMENTS: frozenset[Kind] = frozenset(("town", "township", "county", "city"))
"""The kinds that are a people's government (各级人民政府); 街道办事处 and departments are not."""


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
