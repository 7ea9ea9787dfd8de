"""Text to value: dates, whole numbers, amounts and yes or no, as they stand in real registers.

Each ``parse_`` function takes what a cell holds (text, number, date or nothing) and returns the value, ``None``
for a blank, or raises :class:`ValueError` with a Chinese reason for the clerk.
"""

from __future__ import annotations

import math
import re
import unicodedata
from datetime import date, datetime, timedelta
from decimal import Decimal

from reportkit.form import plain

FIRST_YEAR, LAST_YEAR = 1949, 2199
"""Years outside are a slip of the pen: no register of a Chinese town holds them."""

MOST_DECIMALS = 6
"""More decimals than this in an amount are a slip; sums of fewer stay exact in decimal's 28 digits."""

_EXCEL_EPOCH = date(1899, 12, 30)
_DATE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_AMOUNT = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,2})?")
"""Plain digits; an exponent is what a spreadsheet makes of a very small number."""
_TIME = re.compile(r"[T ]\s*\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?$")


def fold(value: object) -> str | None:
    """Return a cell's text without surrounding space and in half width; ``None`` for a blank.

    A whole number that a spreadsheet keeps as a float loses its ``.0``.
    """
    if value is None:
        return None
    if isinstance(value, float):
        if math.isnan(value):
            return None
        if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        return f"{value:.15g}"  # what a spreadsheet shows
    if isinstance(value, Decimal):
        return plain(value) if value.is_finite() else None
    text = unicodedata.normalize("NFKC", str(value)).strip()
    return text or None


def clean_text(value: object) -> str | None:
    """Return a cell's text without surrounding space, its width kept; ``None`` for a blank."""
    if isinstance(value, str):
        return value.strip() or None
    if isinstance(value, datetime):
        value = value.date() if value.time() == datetime.min.time() else value
    return fold(value)


def parse_date(value: object) -> date | None:
    """Read a date: a date, ISO text, 2021/3/5, 2021.3.5, 2021年3月5日, 20210305 or a spreadsheet's number."""
    if isinstance(value, datetime):
        value = value.date() if value == value else None  # NaT does not equal itself  # noqa: PLR0124
    if isinstance(value, date):
        return _plausible(value)
    text = fold(value)
    if text is None:
        return None
    text = _TIME.sub("", text)
    if found := (_DATE.fullmatch(text) or _COMPACT.fullmatch(text)):
        try:
            return _plausible(date(*map(int, found.groups())))
        except ValueError:
            raise ValueError("没有这一天") from None
    if re.fullmatch(r"\d{5}(\.\d+)?", text):
        return _plausible(_EXCEL_EPOCH + timedelta(days=int(float(text))))
    raise ValueError("不是日期，请写成2021-03-05")


def _plausible(day: date) -> date:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError(f"年份不在{FIRST_YEAR}至{LAST_YEAR}之间")
    return day


def parse_amount(value: object) -> Decimal | None:
    """Read an amount that is not negative: digits, thousands separators, full width, a trailing 元."""
    text = fold(value)
    if text is None:
        return None
    text = text.removesuffix("元").strip().removeprefix("¥").replace(" ", "")
    if re.fullmatch(r"[+-]?\d{1,3}(,\d{3})+(\.\d*)?", text):
        text = text.replace(",", "")
    if not _AMOUNT.fullmatch(text):
        raise ValueError("不是金额，请写成12.35")
    amount = Decimal(text)
    if abs(amount) >= Decimal(10) ** 15:
        raise ValueError("不是金额，请写成12.35")
    if -int(amount.as_tuple().exponent) > MOST_DECIMALS:
        raise ValueError(f"小数超过{MOST_DECIMALS}位")
    if amount < 0:
        raise ValueError("金额不能是负数")
    return Decimal(plain(amount))


def parse_signed(value: object) -> int | None:
    """Read a whole number with or without a sign."""
    text = fold(value)
    if text is None:
        return None
    if re.fullmatch(r"[+-]?\d{1,3}(,\d{3})+", text):
        text = text.replace(",", "")
    if not re.fullmatch(r"[+-]?\d{1,15}(\.0+)?", text):
        raise ValueError("不是整数")
    return int(text.split(".")[0])


def parse_count(value: object) -> int | None:
    """Read a whole number that is not negative."""
    number = parse_signed(value)
    if number is not None and number < 0:
        raise ValueError("不能是负数")
    return number


def parse_year(value: object) -> int | None:
    """Read a year, with or without 年."""
    text = fold(value)
    if text is None:
        return None
    if not re.fullmatch(r"\d{4}\s*年?", text) or not FIRST_YEAR <= int(text[:4]) <= LAST_YEAR:
        raise ValueError("不是年份，请写成2021")
    return int(text[:4])


_YES = {"true", "1", "是", "yes", "y", "√", "有", "公开", "已公开"}
_NO = {"false", "0", "否", "no", "n", "×", "x", "无", "不公开", "未公开"}


def parse_bool(value: object) -> bool | None:
    """Read yes or no: 是 or 否, true or false, 1 or 0."""
    text = fold(value)
    if text is None:
        return None
    if text.lower() in _YES:
        return True
    if text.lower() in _NO:
        return False
    raise ValueError("请写“是”或“否”")
