"""A sheet as people keep it to a table: where its heading stands, and which rows are no case.

Real sheets carry a title above the heading, headings of two rows with merged cells, blank lines, totals,
the heading again on every printed page, and who filled them in. None of that is a case, and none of it is
guessed at: a row is passed over only for what stands in it, and what was passed over is counted.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache
from types import MappingProxyType
from typing import Any, Final

from reportkit.registers.schema import REGISTERS, Column, Register
from reportkit.registers.spelling import find_register, normal

MOST_COLUMNS: Final = 200
"""More columns than this are no register."""

_SEARCHED = 30
"""How many rows that are not blank may stand above the heading."""

_TOTAL = re.compile(r"(?:本[页月季年]|全年|年度)?(?:合计|总计|小计|共计|累计)(?:[:：(（\d].*)?")
_FOOT = re.compile(
    r"(?:填表|填报|制表|经办|审核|复核|负责|联系|备注|说明|注)(?:人|单位|日期|时间|电话)?[:：].*",
    re.DOTALL,
)
_DEFAULT_SHEET = re.compile(r"(?:sheet|工作表|表|台账)\d*", re.IGNORECASE)


@dataclass(frozen=True)
class SheetTable:
    """The table that stands in a sheet: headings, and the rows below them with their row numbers."""

    names: tuple[str, ...]
    """The headings as written; of two rows the words that name a column."""
    rows: list[Sequence[Any]]
    numbers: list[int]
    """The row of each as a spreadsheet counts it."""
    too_long: tuple[int, ...] = ()
    """Positions of rows that have more cells than the heading."""
    passed: Mapping[str, list[int]] = field(default_factory=lambda: MappingProxyType({}))
    """Which rows of which kind were passed over."""


def filled(cell: object) -> bool:
    """Say whether a cell holds anything but space."""
    return cell is not None and cell != "" and (not isinstance(cell, str) or bool(cell.strip()))


@cache
def _spellings(register: str) -> Mapping[str, Column]:
    """Map every accepted spelling of a register's headings to its column.

    Accepted are the stored name, the heading, and the heading without its unit in brackets where that
    names one column alone.
    """
    columns = REGISTERS[register].columns
    names = {normal(spelling): c for c in columns for spelling in (c.name, c.heading)}
    bare = Counter(_bare(column.heading) for column in columns)
    for column in columns:
        if bare[_bare(column.heading)] == 1:
            names.setdefault(_bare(column.heading), column)
    return MappingProxyType(names)


def _bare(heading: str) -> str:
    return normal(re.sub(r"[（(][^（）()]*[）)]\s*$", "", heading))


def column_of(register: Register, heading: str) -> Column | None:
    """Return the column that a heading names, or ``None``.

    A remark in brackets behind the heading (必填, a unit) does not count.
    """
    known = _spellings(register.name)
    return known.get(normal(heading)) or known.get(_bare(heading))


def _words(cell: object) -> str:
    return str(cell).strip() if filled(cell) else ""


def _joined(upper: Sequence[Any], lower: Sequence[Any], register: Register) -> tuple[str, ...]:
    """Return the headings of two rows: a merged group above and the columns below.

    Of a column's two cells the one that names a column counts, else both read together.
    """
    names: list[str] = []
    group = ""
    for place in range(max(len(upper), len(lower))):
        above = _words(upper[place]) if place < len(upper) else ""
        below = _words(lower[place]) if place < len(lower) else ""
        group = above or group
        over = above or (group if below else "")
        choices = [below, above, over + below, below or over]
        names.append(
            next((w for w in choices if w and column_of(register, w)), below or above or "")
        )
    return tuple(names)


def _named(names: Sequence[str], register: Register) -> int:
    """Return how many columns of the register a row of headings names."""
    return len({c.name for name in names if name and (c := column_of(register, name)) is not None})


def _heading(
    lines: Sequence[tuple[int, Sequence[Any]]], register: Register
) -> tuple[int, int, tuple[str, ...]]:
    """Return where the heading stands (position, rows) and its names: the row that names most columns."""
    best = (0, 1, tuple(map(_words, lines[0][1])))
    most = _named(best[2], register)
    for position, (number, line) in enumerate(lines[:_SEARCHED]):
        single = tuple(map(_words, line))
        if (count := _named(single, register)) > most:
            best, most = (position, 1, single), count
        if position + 1 < len(lines) and lines[position + 1][0] == number + 1:
            below = lines[position + 1][1]
            double = _joined(line, below, register)
            held = sum(map(filled, below))
            told = sum(
                1 for p, cell in enumerate(below) if filled(cell) and column_of(register, double[p])
            )
            if (count := _named(double, register)) > most and 2 * told >= held:
                best, most = (position, 2, double), count
    return best


def named_columns(lines: Sequence[Sequence[Any]], register: Register) -> int:
    """Return how many columns of a register the heading among some rows names."""
    numbered = [(n, line) for n, line in enumerate(lines, 1) if any(map(filled, line))]
    return _named(_heading(numbered, register)[2], register) if numbered else 0


def find_grid(lines: Sequence[Sequence[Any]], register: Register) -> SheetTable:
    """Find the register's table in the rows of a sheet."""
    numbered = [(n, line) for n, line in enumerate(lines, 1) if any(map(filled, line))]
    if not numbered:
        return SheetTable((), [], [])
    position, height, names = _heading(numbered, register)
    width = max((place + 1 for place, name in enumerate(names) if name), default=0)
    names = names[:width]
    telling = [place for place, name in enumerate(names) if _is_key(register, name)]
    heads = [
        names,
        *(tuple(map(_words, line)) for _, line in numbered[position : position + height]),
    ]
    rows: list[Sequence[Any]] = []
    numbers: list[int] = []
    too_long: list[int] = []
    passed: dict[str, list[int]] = {}
    for number, line in numbered[position + height :]:
        kind = _no_case(line, telling, heads)
        if kind is not None:
            passed.setdefault(kind, []).append(number)
            continue
        if len(line) > width and any(map(filled, line[width:])):
            too_long.append(len(rows))
        rows.append(line)
        numbers.append(number)
    return SheetTable(names, rows, numbers, tuple(too_long), MappingProxyType(passed))


def _is_key(register: Register, name: str) -> bool:
    column = column_of(register, name) if name else None
    return column is not None and column.key


def _no_case(
    line: Sequence[Any], telling: Sequence[int], heads: Sequence[tuple[str, ...]]
) -> str | None:
    """Return what a row is that is no case: a total, a foot line or the heading again; else ``None``."""
    first = next((cell for cell in line if filled(cell)), None)
    keys = [line[place] for place in telling if place < len(line)]
    for cell in (first, *keys):
        if isinstance(cell, str) and _TOTAL.fullmatch(re.sub(r"\s", "", cell)):
            return "合计"
    if not isinstance(first, str):
        return None
    if _FOOT.match(first.strip()):
        told = [cell for cell in line if filled(cell)]
        alone = sum(map(filled, keys)) <= 1
        if alone or all(isinstance(c, str) and _FOOT.match(c.strip()) for c in told):
            return "表尾"
    words = tuple(map(_words, line))
    if any(first.strip() in head and _same(words, head) for head in heads):
        return "表头"
    return None


def _same(words: tuple[str, ...], head: tuple[str, ...]) -> bool:
    """Say whether a row repeats a heading: the same words in the same places, three at least."""
    width = max(len(words), len(head))
    one, other = (row + ("",) * (width - len(row)) for row in (words, head))
    return one == other and sum(map(bool, one)) >= min(3, sum(map(bool, other)))


def register_named(name: str) -> Register | None:
    """Return the register that a file or sheet is named after, or ``None``.

    Accepted are the stored name and the heading, also with a year, a number or a remark beside it
    (依申请公开台账2021, hotline_2, 二里店镇-12345热线台账), where that points to one register alone.
    """
    if (register := find_register(name)) is not None:
        return register
    trimmed = re.sub(r"[（(\[【][^）)\]】]*[）)\]】]", "", name)
    trimmed = re.sub(r"(?<!\d)(?:19|20|21)\d{2}(?!\d)\s*(?:年度|年)?", "", trimmed)
    trimmed = re.sub(r"[\s_-]*\d{0,3}$", "", trimmed.strip(" _-"))
    if trimmed and (register := find_register(trimmed)) is not None:
        return register
    words = {word.name for part in re.split(r"[\s_\-—.·]+", name) if (word := find_register(part))}
    held = words or {r.name for r in REGISTERS.values() if normal(r.heading) in normal(name)}
    return REGISTERS[held.pop()] if len(held) == 1 else None


def register_of_rows(name: str, lines: Sequence[Sequence[Any]]) -> Register | None:
    """Return the register that a sheet without a name of its own holds, or ``None``.

    Only a default name (Sheet1, 台账) is looked behind; see :func:`register_by_columns`.
    """
    return register_by_columns(lines) if _DEFAULT_SHEET.fullmatch(name.strip()) else None


def near_register(name: str) -> Register | None:
    """Return the register that a name is nearly that of, or ``None``: 处理决定 for 处理决定台账.

    What all registers are called (台账) makes no two names near.
    """
    word = _stem(name)
    stems = {_stem(spelling): r for r in REGISTERS.values() for spelling in (r.name, r.heading)}
    close = get_close_matches(word, stems, 1, cutoff=0.7) if word else []
    return stems[close[0]] if close else None


def _stem(name: str) -> str:
    return re.sub(r"(?:登记)?(?:台账|清单|登记表|表|情况|记录)+$", "", normal(name))


def register_by_columns(lines: Sequence[Sequence[Any]]) -> Register | None:
    """Return the register whose heading stands in some rows, or ``None``.

    The one register counts of which every needed column is named and which names more columns than any other.
    """
    numbered = [(n, line) for n, line in enumerate(lines, 1) if any(map(filled, line))]
    if not numbered:
        return None
    counts: Counter[str] = Counter()
    for register in REGISTERS.values():
        _, _, names = _heading(numbered[: _SEARCHED + 1], register)
        columns = {c.name for w in names if w and (c := column_of(register, w)) is not None}
        if all(c.name in columns for c in register.columns if is_needed(c)):
            counts[register.name] = len(columns)
    ranked = counts.most_common(2)
    if not ranked or (len(ranked) == 2 and ranked[0][1] == ranked[1][1]):
        return None
    return REGISTERS[ranked[0][0]]


def is_needed(column: Column) -> bool:
    """Say whether a table without this column is not the register. A town may be understood."""
    return column.needed or (column.key and column.name != "town")
