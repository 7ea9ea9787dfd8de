"""Values: what a printed cell says, read exactly or not at all."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from reportkit.form import FormColumn, plain
from reportkit.prose.fold import fold

LONGEST = 15
"""No cell holds a number of more digits: they are several numbers run together."""
_SCALE = {"亿": 100_000_000, "万": 10_000, "千": 1000, "": 1}
_COUNT_UNITS = "件|项|条|次|个|起|宗|份|例|人次|人|篇|户"
_VALUE = re.compile(
    r"(?P<sign>[+-])?(?P<word>净?增加?|净?减少?)?[¥$]?"
    r"(?P<whole>\d{1,3}(?:,\d{3})+|\d+)(?P<part>\.\d+)?"
    rf"(?:(?P<scale>亿|万|千)?(?P<money>元)|(?P<bare>亿|万)|\(?(?P<unit>{_COUNT_UNITS})\)?)?"
)
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−─━", "-"))
_LEFT_OVER = re.compile(r"^[?\ufffd]+|[?\ufffd]+$")
_WORDS_FOR_BLANK = frozenset(
    {"无", "不适用", "未统计", "无数据", "暂无", "空", "n/a", "na", "nan", "null", "none", "nil"}
)
_WORDS_FOR_ZERO = frozenset({"零", "〇", "零件", "零项", "零条", "零元", "零万元"})


@dataclass(frozen=True, slots=True)
class Printed:
    """A number as a cell prints it, with the unit that it carries."""

    number: Decimal
    money: bool = False
    """Printed with 元, 万元 or the like, and ``number`` is in yuan."""
    scaled: bool = False
    """Printed with 万 or 亿 and no 元."""
    signed: bool = False


_MARKED = re.compile("[\u00b2\u00b3\u00b9\u2070-\u209f\u2460-\u24ff\u2776-\u2793]")
"""Circled and raised digits: footnotes and numbering, which folding would turn into plain digits."""


def _compact(text: str) -> str:
    return _LEFT_OVER.sub("", re.sub(r"[^\S\n]+", "", fold(text).strip())).strip()


@lru_cache(maxsize=1 << 12)
def is_blank(text: str) -> bool:
    """Say whether a cell is blank or holds a mark for «unknown»: /, —, -, 无, 不适用."""
    compact = _compact(text).lower()
    return compact in _WORDS_FOR_BLANK or not re.search(rf"[^\W_]|{OUTSIDE}", compact)


@lru_cache(maxsize=1 << 12)
def parse_printed(text: str) -> Printed | None:
    """Return the number that a whole cell prints, or ``None`` where it is not exactly one number.

    >>> parse_printed("１,２３４ 件").number, parse_printed("189万元").number, parse_printed("约30")
    (Decimal('1234'), Decimal('1890000'), None)
    """
    compact = _compact(text).translate(_DASHES)
    if compact in _WORDS_FOR_ZERO:
        return Printed(Decimal(0))
    match = _VALUE.fullmatch(compact)
    if match is None or _MARKED.search(text):
        return None
    whole = match["whole"].replace(",", "")
    if len(whole) > LONGEST or (len(whole) > 1 and whole.startswith("0")):
        return None  # 01 is no number: two cells run together, or a code
    if match["sign"] and match["word"]:
        return None
    number = Decimal(whole + (match["part"] or ""))
    scale = match["scale"] or match["bare"] or ""
    number *= _SCALE[scale]
    if match["sign"] == "-" or (match["word"] and "减" in match["word"]):
        number = -number
    return Printed(
        number,
        money=bool(match["money"]),
        scaled=bool(match["bare"]),
        signed=bool(match["sign"] or match["word"]),
    )


def is_value(text: str) -> bool:
    """Say whether a piece of text can be a cell's number."""
    return parse_printed(text) is not None


_ABOUT = r"[-+±~<>≥≤≈=*]{1,3}|大?约|大概|将?近|超过?|逾|不足|至少|最多|净?增加?了?|净?减少?了?|增至|减至|共计?"
BROKEN = "↵"
"""Between the pieces of a number that stand in two lines."""
OUTSIDE = "⇥"
"""In place of a figure that stands outside the page."""
_DAMAGED = re.compile(
    rf"(?:{_ABOUT})+\d[\d.,]*(?:余|多|左右|以上|以下)?[%‰]?(?:{_COUNT_UNITS}|[亿万千]?元)?"
    rf"|\d[\d.,]*(?:(?:余|多|左右|以上|以下)(?:{_COUNT_UNITS}|[亿万千]?元)?|[%‰])"
    rf"|[\d.,]*{OUTSIDE}[\d.,{OUTSIDE}]*|\d[\d.,]*(?:[\n{BROKEN}][\d.,]+)+|0\d+|[.,]\d+"
    r"|净?增加?|净?减少?|持平|不变|若干|未知|不详|待定|略|有"
)


@lru_cache(maxsize=1 << 12)
def is_damaged(text: str) -> bool:
    """Say whether a number was meant, and cannot be read: --253, 约3, 增加.

    In a cell that is a value which costs its own cell, where a word would begin another row.
    """
    return parse_printed(text) is None and bool(
        _DAMAGED.fullmatch(_compact(text).translate(_DASHES))
    )


def value_for(
    column: FormColumn, printed: Printed, header_unit: str | None
) -> int | Decimal | None:
    """Return the number in the unit of the form's column, or ``None`` where it cannot stand there.

    ``header_unit`` is the unit that the page's own header names, 元 or 万元, if it does.
    """
    number = printed.number
    if column.type != "decimal":
        if printed.money or number != number.to_integral_value():
            return None
        if column.type == "count" and (number < 0 or printed.signed):
            return None
        return int(number)
    if number < 0 or printed.signed:
        return None
    yuan = {"元": 1, "万元": 10_000}
    if printed.money or printed.scaled:
        return Decimal(plain(number / yuan[column.unit]))
    return Decimal(plain(number * yuan[header_unit or column.unit] / yuan[column.unit]))


def is_open(column: FormColumn, printed: Printed, header_unit: str | None) -> bool:
    """Say whether an amount may as well be in another unit: neither cell nor header names one.

    Yuan have two decimals: more are 万元. Where the form's label names 万元 and the page lost it,
    hundreds and more are likely yuan, which a careless hand enters.
    """
    if column.type != "decimal" or not printed.number:
        return False
    if printed.money or printed.scaled or header_unit is not None:
        return False
    if column.unit == "元":
        return int(printed.number.as_tuple().exponent) < -2
    return printed.number >= MOST_PLAIN and column.unit in column.label


MOST_PLAIN = 100
"""In 万元. So much and more, without a unit, may be yuan."""
