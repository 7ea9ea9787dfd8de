"""The index of an output folder: towns down, years across, the totals at the foot.

It is the one page with a script, a small one for search and sorting, allowed by its hash alone; without
it the page is complete. It asks nothing of any network.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from importlib.resources import files
from types import MappingProxyType
from typing import Final

from markupsafe import Markup

from reportkit.errors import ParameterError
from reportkit.export.board import BoardYear
from reportkit.export.formats import ALWAYS, NOTEBOOK, OWN, find_format, names
from reportkit.export.html import environment
from reportkit.form.key_figures import KEY_FIGURES
from reportkit.manifest import FIGURES, Entry
from reportkit.prose.order import by_sound

LABELS: Final[Mapping[str, str]] = MappingProxyType(
    {code: f"{figure.short}（{figure.unit}）" for code, figure in KEY_FIGURES.items()}
)
"""The key figures with their names and units."""

NAMED: Final = 40
"""So many bodies of a year the board names in each of its lists."""

STATUS: Final[Mapping[str, str]] = MappingProxyType(
    {"ok": "已生成", "stale": "沿用旧稿", "refused": "草稿未公布", "failed": "生成失败"}
)
"""What the index calls each status."""


@dataclass(frozen=True)
class IndexRow:
    """One town's line."""

    id: str
    name: str
    county: str
    illustrative: bool
    cells: tuple[Entry | None, ...]
    """One a year; ``None`` where the town has no report."""


@dataclass(frozen=True)
class Sum:
    """One key figure of all towns in one year."""

    known: int
    missing: int
    """How many reports do not know it: a sum without them is not the whole."""
    reports: int


def render_index(
    entries: Iterable[Entry],
    audience: str = "public",
    board: Sequence[BoardYear] = (),
    county: str | None = None,
) -> str:
    """Return the index of some reports; findings are counted for the internal audience alone.

    ``board`` says who has handed in what, the newest year first; its lines hold remarks for the office alone.
    ``county``: it is the page of that county below an index of many, in a folder of its own.
    """
    every = list(entries)
    known = [entry for entry in every if entry.level == "town"]
    years = tuple(sorted({entry.year for entry in known}, reverse=True))
    rows = _rows(known, years)
    counties = sorted({row.county for row in rows if row.county})
    script = script_of("towns.js")
    return (
        environment()
        .get_template("towns.html.j2")
        .render(
            county=county,
            root="" if county is None else "../",
            title=f"{county or ''}政府信息公开工作年度报告"
            if county is not None
            else f"{counties[0] if len(counties) == 1 else ''}政府信息公开工作年度报告",
            years=years,
            rows=rows,
            wholes=_rows([e for e in every if e.level in ("county", "province")], years),
            compared=next((e for e in every if e.level == "comparison"), None),
            counties=counties,
            totals={code: [sum_of(known, year, code) for year in years] for code in FIGURES},
            labels=LABELS,
            board=board,
            named=NAMED,
            shown=FIGURES[:2],
            status=STATUS,
            others=partial(_other_files, titles=_titles(every)),
            counted=counted(known),
            internal=audience == "internal",
            script=script,
            script_hash=hash_of(script),
        )
        .strip()
        + "\n"
    )


def _other_files(entry: Entry, titles: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return what a report was made in beside the page that its figures link to: label and file."""
    order = {suffix: place for place, suffix in enumerate(titles)}
    made = _by_suffix(entry)
    return [
        (titles.get(suffix) or suffix.strip("-.").upper(), made[suffix])
        for suffix in sorted(made, key=lambda suffix: (order.get(suffix, len(order)), suffix))
        if suffix not in _ALWAYS
    ]


def _by_suffix(entry: Entry) -> dict[str, str]:
    """Return a report's files by what stands in their names behind year and town."""
    stem = f"{entry.year}/{entry.town}"
    return {name.removeprefix(stem): name for name in entry.outputs if name.startswith(stem)}


def _titles(entries: Iterable[Entry]) -> Mapping[str, str]:
    """Return what each format is called, by its suffix. One that cannot be loaded goes by its suffix.

    Formats of others are looked for only where a file of one is there: a country has thousands of these pages.
    """
    titles = {form.suffix: form.title for form in OWN}
    if not {suffix for entry in entries for suffix in _by_suffix(entry)} <= {*titles, *_ALWAYS}:
        for name in names():
            with contextlib.suppress(ParameterError):
                form = find_format(name)
                titles[form.suffix] = form.title
    return titles


_ALWAYS: Final = frozenset({f".{NOTEBOOK}", *(find_format(name).suffix for name in ALWAYS)})


def _rows(entries: Sequence[Entry], years: Sequence[int]) -> list[IndexRow]:
    """Return the towns by county and name, in the order of pinyin; a town's newest entry says how it is called."""
    of: dict[str, dict[int, Entry]] = {}
    for entry in entries:
        of.setdefault(entry.town, {})[entry.year] = entry
    rows = []
    for town, reports in of.items():
        newest = reports[max(reports)]
        cells = tuple(reports.get(year) for year in years)
        rows.append(IndexRow(town, newest.name, newest.county, newest.illustrative, cells))
    return sorted(rows, key=lambda row: (by_sound(row.county), by_sound(row.name), row.id))


def sum_of(entries: Sequence[Entry], year: int, code: str) -> Sum:
    """Return what a key figure of a year comes to."""
    values = [entry.figures.get(code) for entry in entries if entry.year == year and entry.figures]
    return Sum(
        sum(value for value in values if value is not None),
        sum(value is None for value in values),
        len(values),
    )


def counted(entries: Sequence[Entry]) -> list[tuple[str, int]]:
    """Return how many reports have each status, by what it is called."""
    counts = Counter[str](entry.status for entry in entries)
    return [(STATUS[status], counts[status]) for status in STATUS if counts[status]]


@cache
def script_of(name: str) -> Markup:
    """Return a script of this package."""
    text = files("reportkit.export").joinpath("templates", "reportkit", name)
    return Markup(text.read_text("utf-8").strip())  # noqa: S704 - ours


def hash_of(script: str) -> str:
    """Return what the page's security policy names the script by."""
    digest = hashlib.sha256(script.encode("utf-8")).digest()
    return f"sha256-{base64.b64encode(digest).decode('ascii')}"
