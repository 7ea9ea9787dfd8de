"""The index of an output folder that holds a country: provinces and counties, and a page for each county.

The first page has a line a county with its totals, and finds any body by its name. A county's page is the index as
it is for one county. With few bodies in all, one list is easier to read than pages to open: then it stays one page.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from reportkit.export.board import BoardYear
from reportkit.export.html import environment
from reportkit.export.index import (
    LABELS,
    NAMED,
    Sum,
    counted,
    hash_of,
    render_index,
    script_of,
    sum_of,
)
from reportkit.manifest import FIGURES, Entry
from reportkit.prose.order import by_sound

INDEX: Final = "index.html"
FOLDER: Final = "counties"
"""Of the counties' pages, beside the index."""

MOST_BODIES: Final = 1_000
"""So many bodies stand in one list, whatever number of counties they are of."""
MOST_YEARS: Final = 3
"""How many years the first page has of each county: the newest."""


@dataclass(frozen=True)
class CountyLine:
    """One county's line."""

    id: str
    """It names the county's page."""
    name: str
    province: str
    bodies: tuple[str, ...]
    """The names of its bodies, in the order of its page."""
    sums: tuple[tuple[Sum, ...], ...]
    """For each year of the first page the sums of the figures shown."""
    entries: tuple[Entry, ...]

    @property
    def file(self) -> str:
        """Its page, relative to the index."""
        return f"{FOLDER}/{self.id}.html"


@dataclass(frozen=True)
class Province:
    """One province: its counties, and their sums."""

    name: str
    counties: tuple[CountyLine, ...]
    bodies: int
    sums: tuple[tuple[Sum, ...], ...]


def render_pages(
    entries: Iterable[Entry], audience: str = "public", board: Sequence[BoardYear] = ()
) -> dict[str, str]:
    """Return the pages of an index by file name; the index itself is ``index.html``, and has the board."""
    every = list(entries)
    towns = [entry for entry in every if entry.level == "town"]
    homes = {(entry.province, entry.county) for entry in towns}
    if len(homes) < 2 or len({entry.town for entry in towns}) <= MOST_BODIES:
        return {INDEX: render_index(every, audience, board)}
    years = tuple(sorted({entry.year for entry in towns}, reverse=True))
    counties = _counties(towns, years[:MOST_YEARS])
    pages = {
        county.file: render_index(
            [*county.entries, *(e for e in every if e.level == "county" and e.town == county.id)],
            audience,
            county=county.name or "未注明县市区",
        )
        for county in counties
    }
    return {INDEX: _first(every, counties, years[:MOST_YEARS], audience, board), **pages}


def _first(
    every: Sequence[Entry],
    counties: Sequence[CountyLine],
    years: Sequence[int],
    audience: str,
    board: Sequence[BoardYear],
) -> str:
    towns = [entry for entry in every if entry.level == "town"]
    names = {county.id: "\n".join(county.bodies) for county in counties}
    script = script_of("country.js")
    provinces = _provinces(counties, years)
    return (
        environment()
        .get_template("country.html.j2")
        .render(
            title="政府信息公开工作年度报告",
            years=years,
            provinces=provinces,
            counties=len(counties),
            bodies=sum(len(county.bodies) for county in counties),
            counted=counted(towns),
            wholes=[e for e in every if e.level == "province" and e.file(".html")],
            compared=next((e for e in every if e.level == "comparison"), None),
            totals={code: [sum_of(towns, year, code) for year in years] for code in FIGURES},
            labels=LABELS,
            board=board,
            named=NAMED,
            internal=audience == "internal",
            # In a script that is data alone: no name can end it.
            names=Markup(  # noqa: S704 - escaped here
                json.dumps(names, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
            ),
            script=script,
            script_hash=hash_of(script),
        )
        .strip()
        + "\n"
    )


def _counties(towns: Sequence[Entry], years: Sequence[int]) -> list[CountyLine]:
    """Return the counties by province and name, in the order of pinyin."""
    of: dict[tuple[str, str], list[Entry]] = {}
    for entry in towns:
        of.setdefault((entry.province, entry.county), []).append(entry)
    taken: set[str] = set()
    made = []
    for province, name in sorted(of, key=lambda home: (by_sound(home[0]), by_sound(home[1]))):
        entries = of[province, name]
        newest = {entry.town: entry.name for entry in sorted(entries, key=lambda e: e.year)}
        declared = {entry.county_id for entry in entries if entry.county_id}
        id_ = min(declared) if len(declared) == 1 else _slug(name, taken)
        taken.add(id_)
        bodies = sorted(newest, key=lambda town: (by_sound(newest[town]), town))
        sums = tuple(tuple(sum_of(entries, year, code) for code in FIGURES[:2]) for year in years)
        made.append(
            CountyLine(id_, name, province, tuple(newest[t] for t in bodies), sums, tuple(entries))
        )
    return made


def _slug(name: str, taken: set[str]) -> str:
    """Return an id for a county that was not declared: its pinyin, with a number where another has it."""
    letters = "".join(
        letter
        for letter in "".join(by_sound(name)[0]).lower()
        if letter.isascii() and letter.isalpha()
    )
    base = f"x{letters}"[1:57] if len(letters) > 1 else f"county-{letters or 'none'}"
    number, id_ = 1, base
    while id_ in taken:
        number += 1
        id_ = f"{base}-{number}"
    return id_


def _provinces(counties: Sequence[CountyLine], years: Sequence[int]) -> list[Province]:
    of: dict[str, list[CountyLine]] = {}
    for county in counties:
        of.setdefault(county.province, []).append(county)
    return [
        Province(
            name,
            tuple(some),
            sum(len(county.bodies) for county in some),
            tuple(
                tuple(_together([county.sums[place][part] for county in some]) for part in range(2))
                for place in range(len(years))
            ),
        )
        for name, some in of.items()
    ]


def _together(sums: Iterable[Sum]) -> Sum:
    several: Mapping[str, list[int]] = {"known": [], "missing": [], "reports": []}
    for one in sums:
        for field, values in several.items():
            values.append(getattr(one, field))
    return Sum(*(sum(values) for values in several.values()))
