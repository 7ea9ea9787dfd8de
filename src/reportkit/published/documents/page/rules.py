"""Rules: the cells between a page's ruled lines, and the tables that they make.

Edges that nearly coincide are one rule. A cell is the least rectangle that rules close on all four
sides; cells that share a corner are one table.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby, pairwise

from reportkit.published.documents.page.glyphs import Edge, Glyph
from reportkit.published.documents.page.lines import page_lines
from reportkit.published.tables.values import is_value

SNAP = 3.0
"""Edges so few points apart are one rule, and rules that end so near to one another meet."""
MOST_RULES = 400
"""A page with more rules one way is a drawing."""


@dataclass(slots=True)
class RuledCell:
    """A cell's place among the rules, and the glyphs in it."""

    left: int
    right: int
    top: int
    bottom: int
    glyphs: list[Glyph] = field(default_factory=list)
    room: float = 0.0
    """How wide a line of it may be, in points; 0 where that is not known."""

    @property
    def text(self) -> str:
        """Its lines; a number that had to be broken, for want of room, is one again."""
        lines = page_lines(self.glyphs)
        whole = "".join(line.text for line in lines)
        wide = sum(g.right - g.left for g in self.glyphs if not g.text.isspace())
        if len(lines) > 1 and wide > self.room > 0 and is_value(whole):
            return whole
        return "\n".join(line.text for line in lines)


@dataclass(frozen=True, slots=True)
class Ruled:
    """A ruled table: its rows from top to bottom, each with the points where it begins."""

    rows: tuple[tuple[float, tuple[RuledCell, ...]], ...]


def ruled_tables(edges: Sequence[Edge], glyphs: Iterable[Glyph]) -> tuple[list[Ruled], list[Glyph]]:
    """Return a page's ruled tables, and the glyphs that stand in none of them.

    A frame with one cell in every row is no table.
    """
    columns, rows = _rules(edges, upright=True), _rules(edges, upright=False)
    if not 1 < len(columns) <= MOST_RULES or not 1 < len(rows) <= MOST_RULES:
        return [], list(glyphs)
    xs, ys = list(columns), list(rows)
    level = [[_covers(rows[y], a, b) for a, b in pairwise(xs)] for y in ys]
    upright = [[_covers(columns[x], a, b) for a, b in pairwise(ys)] for x in xs]
    cells = [
        cell
        for j in range(len(ys) - 1)
        for i in range(len(xs) - 1)
        if (cell := _cell(i, j, level, upright)) is not None
    ]
    tables = [t for t in (_table(group, ys) for group in _together(cells)) if t is not None]
    inside = {
        (i, j): cell
        for table in tables
        for _, row in table.rows
        for cell in row
        for i in range(cell.left, cell.right)
        for j in range(cell.top, cell.bottom)
    }
    outside: list[Glyph] = []
    for glyph in glyphs:
        i = bisect_right(xs, (glyph.left + glyph.right) / 2) - 1
        j = bisect_right(ys, (glyph.top + glyph.bottom) / 2) - 1
        cell = inside.get((i, j))
        (outside if cell is None else cell.glyphs).append(glyph)
    for table in tables:
        _give_room(table, xs)
    return tables, outside


def _give_room(table: Ruled, xs: Sequence[float]) -> None:
    """Note how wide the cells' lines may be: the text that comes nearest to a rule shows the margin."""
    cells = [cell for _, row in table.rows for cell in row]
    margin = min((g.left - xs[cell.left] for cell in cells for g in cell.glyphs), default=0.0)
    for cell in cells:
        cell.room = xs[cell.right] - xs[cell.left] - 2 * max(0.0, margin)


def _rules(edges: Iterable[Edge], *, upright: bool) -> dict[float, list[tuple[float, float]]]:
    """Return the rules of one direction: where each lies, and its stretches in order."""
    chosen = sorted((e for e in edges if e.upright is upright), key=lambda e: e.at)
    found: dict[float, list[tuple[float, float]]] = {}
    group: list[Edge] = []
    for edge in chosen:
        if group and edge.at - group[-1].at > SNAP:
            _add(found, group)
            group = []
        group.append(edge)
    if group:
        _add(found, group)
    return found


def _add(found: dict[float, list[tuple[float, float]]], group: Sequence[Edge]) -> None:
    """Add a rule, if any of its stretches is longer than a rule is thick."""
    stretches: list[tuple[float, float]] = []
    for start, end in sorted((e.start, e.end) for e in group):
        if stretches and start <= stretches[-1][1] + SNAP:
            stretches[-1] = (stretches[-1][0], max(end, stretches[-1][1]))
        else:
            stretches.append((start, end))
    long = [each for each in stretches if each[1] - each[0] > SNAP]
    if long:
        found[sum(e.at for e in group) / len(group)] = long


def _covers(stretches: Sequence[tuple[float, float]], start: float, end: float) -> bool:
    return any(a - SNAP <= start and end <= b + SNAP for a, b in stretches)


def _cell(
    i: int, j: int, level: Sequence[Sequence[bool]], upright: Sequence[Sequence[bool]]
) -> RuledCell | None:
    """Return the least cell whose upper left corner is where rules ``i`` and ``j`` meet."""
    bottom = j
    while bottom < len(upright[i]) and upright[i][bottom]:
        bottom += 1
        right = i
        while right < len(level[j]) and level[j][right]:
            right += 1
            if all(level[bottom][i:right]) and all(upright[right][j:bottom]):
                return RuledCell(i, right, j, bottom)
    return None


def _together(cells: Sequence[RuledCell]) -> list[list[RuledCell]]:
    """Return the cells by table."""
    parent = list(range(len(cells)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    corners: dict[tuple[int, int], int] = {}
    for n, cell in enumerate(cells):
        for x in (cell.left, cell.right):
            for y in (cell.top, cell.bottom):
                parent[root(n)] = root(corners.setdefault((x, y), n))
    groups: dict[int, list[RuledCell]] = {}
    for n, cell in enumerate(cells):
        groups.setdefault(root(n), []).append(cell)
    return list(groups.values())


def _table(cells: list[RuledCell], ys: Sequence[float]) -> Ruled | None:
    cells.sort(key=lambda cell: (cell.top, cell.left))
    rows = [(ys[top], tuple(row)) for top, row in groupby(cells, key=lambda cell: cell.top)]
    return Ruled(tuple(rows)) if max(len(row) for _, row in rows) > 1 else None
