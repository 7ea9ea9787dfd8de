"""``rk.county``: a county or a province as the sum of its bodies."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Literal

from reportkit.notebook.county_view import CountyView, county_view, load_county
from reportkit.registers.sample import SAMPLE
from reportkit.sources.against import load_published


def county(
    county: str,
    year: int,
    source: str = SAMPLE,
    audience: Literal["public", "internal"] = "public",
    against: str | Path | None = None,
) -> CountyView:
    """Sum the reports of a county's or a province's bodies.

    ``county`` is an id of params/towns.yaml. What comes back shows itself as a report does and has ``.report``,
    ``.whole`` (every cell with its range and the bodies that do not know it) and ``.lineage``, a DataFrame with a row a
    cell and body. ``against`` is a file with the county's own published report; ``.differences`` then names
    each cell that differs. Raises :class:`~reportkit.errors.CallError` for an unknown county or year, and for a
    source or file that cannot be read.

    >>> import reportkit as rk
    >>> whole = rk.county("xiaoji", 2024)
    >>> whole.report.cells["t3.received.total"], whole.whole.missing
    (35, mappingproxy({}))
    >>> rows = whole.lineage
    >>> rows[rows["address"] == "t3.received.total"][["name", "value"]].values.tolist()
    [['璐翎镇', 19], ['箬翡镇', 8], ['熠琦街道', 8], ['烨楹乡', 0]]
    """
    held = load_county(county, year, source, audience)
    if against is None:
        return held
    gathering = replace(held.gathering, published=load_published(Path(against)))
    return replace(county_view(gathering, audience), source=held.source)
