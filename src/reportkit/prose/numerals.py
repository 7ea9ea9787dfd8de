"""Numerals: Arabic with separators, Chinese, and both with 万 and 亿."""

from __future__ import annotations

import re
from decimal import Decimal

_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "两": 2, "O": 0}
_PLACES = {"十": 10, "百": 100, "千": 1000}
_MYRIADS = {"万": 10_000, "亿": 100_000_000}

CHINESE = "[零〇一二三四五六七八九十百千万亿两]+"
ARABIC = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"


def parse_number(text: str) -> Decimal | None:
    """Return the number that a numeral writes, or ``None`` where it is none.

    >>> parse_number("一千二百零三"), parse_number("1.2万"), parse_number("十二"), parse_number("二〇二一")
    (Decimal('1203'), Decimal('12000.0'), Decimal('12'), Decimal('2021'))
    """
    match = re.fullmatch(rf"({ARABIC})([万亿]*)", text)
    if match:
        number = Decimal(match[1].replace(",", ""))
        for unit in match[2]:
            number *= _MYRIADS[unit]
        return number
    if not text or not all(c in _DIGITS or c in _PLACES or c in _MYRIADS for c in text):
        return None
    if all(c in _DIGITS for c in text):
        if len(text) > 1 and text[0] in "零〇":
            return None
        return Decimal("".join(str(_DIGITS[c]) for c in text))
    return _chinese(text)


def _chinese(text: str) -> Decimal | None:
    """Read a numeral with places: 一千二百零三, 三万五."""
    total = section = digit = 0
    last = 0
    for char in text:
        if char in _DIGITS:
            if digit:
                return None
            digit = _DIGITS[char]
            last = 10 if char in "零〇" else last
        elif char in _PLACES:
            section += (digit or 1) * _PLACES[char]
            last, digit = _PLACES[char], 0
        else:
            section += digit
            if not section:
                return None
            total = (
                (total + section) * _MYRIADS[char]
                if char == "亿"
                else total + section * _MYRIADS[char]
            )
            section = digit = 0
            last = _MYRIADS[char]
    if digit:
        section += digit * (last // 10 if last >= 100 else 1)
    return Decimal(total + section)


def parse_year(text: str) -> int | None:
    """Return the year that four digits or Chinese digits write: 2021, 二〇二一.

    >>> parse_year("二○二一"), parse_year("2021"), parse_year("1998")
    (2021, 2021, None)
    """
    if re.fullmatch(r"20\d\d", text):
        return int(text)
    if re.fullmatch("[零〇○O一二三四五六七八九]{4}", text):
        year = int("".join(str(_DIGITS[c]) for c in text))
        return year if 2000 <= year < 2100 else None
    return None
