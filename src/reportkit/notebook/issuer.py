"""Who signs a town's report, and its full name."""

from __future__ import annotations

from reportkit.report import Town


def issuer(town: Town) -> str:
    """Return who signs a town's report: the issuer named in the data, else by the kind of body.

    >>> issuer(Town(id="a", name="二十里店镇", county="海阳市", kind="town"))
    '海阳市二十里店镇人民政府'
    """
    if town.issuer:
        return town.issuer
    full = full_name(town)
    if town.kind == "subdistrict" and not full.endswith("办事处"):
        return f"{full}办事处"
    if town.kind in ("town", "township", "county", "city") and not full.endswith("人民政府"):
        return f"{full}人民政府"
    return full


def full_name(town: Town) -> str:
    """Return county and name; the county once only."""
    if not town.county or town.name.startswith(town.county):
        return town.name
    return f"{town.county}{town.name}"
